/*
 * pool: a few threads that work off jobs in the order they came.
 */
#ifndef AZDAL_BASE_POOL_H
#define AZDAL_BASE_POOL_H

#include <stddef.h>

struct pool;

/* Embedded as the first member of a job. The job belongs to the pool from pool_add until pool_done
 * hands it back. */
struct pool_job {
    void (*run)(struct pool_job *job); /* in a thread of the pool; puts its error into the job */
    struct pool_job *next;             /* the pool's own */
};

/* A pool of n threads (at least 1). finished(arg) (may be NULL) is called from a thread of the pool
 * after each job. NULL when a thread cannot be started. */
struct pool *pool_new(unsigned n, void (*finished)(void *arg), void *arg);
/* Wait for the jobs that run, forget those that wait, join all threads. Jobs not yet handed back
 * are returned as a list (linked by next), for the caller to free. p may be NULL. */
struct pool_job *pool_free(struct pool *p);

void pool_add(struct pool *p, struct pool_job *job);
/* A finished job, or NULL when there is none now. */
struct pool_job *pool_done(struct pool *p);
/* The same, but wait until one is finished; NULL when no job is left at all. */
struct pool_job *pool_wait(struct pool *p);
/* Jobs added and not yet handed back. */
unsigned pool_pending(struct pool *p);

/*
 * Turns: jobs that work at the same time and hand on what they made one after the other. `turn`
 * counts those that have passed. As the pool starts jobs in the order they came, the one whose turn
 * it is always runs, if they were added in the order of their indices.
 */
struct pool_turns;

/* One serves any number of counters. */
struct pool_turns *pool_turns_new(void);
void pool_turns_free(struct pool_turns *t);
/* Wait until *turn is `index`; what the others did before they passed can be seen then. */
void pool_turns_wait(struct pool_turns *t, const size_t *turn, size_t index);
/* Let the next one have its turn. */
void pool_turns_pass(struct pool_turns *t, size_t *turn);

#endif
