/* pool: jobs, threads, and an end at any time. */
#include "base/pool.h"
#include "base/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* What jobs and tests share. A gate that is shut holds the jobs that wait for it. */
struct shared {
    struct sys_mutex *lock;
    struct sys_cond *changed;
    int open;
    unsigned running, most; /* jobs inside, now and at most */
    unsigned started, finished;
    int order[64]; /* numbers of the jobs as they started */
};

struct job {
    struct pool_job job; /* first */
    struct shared *shared;
    int number;
    int gated; /* waits for the gate */
};

static int setup(void **state)
{
    struct shared *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return -1;
    s->lock = sys_mutex_new();
    s->changed = sys_cond_new();
    *state = s;
    return s->lock != NULL && s->changed != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    struct shared *s = *state;

    sys_mutex_free(s->lock);
    sys_cond_free(s->changed);
    free(s);
    return 0;
}

static void run(struct pool_job *job)
{
    struct job *j = (struct job *)(void *)job;
    struct shared *s = j->shared;

    sys_mutex_lock(s->lock);
    s->order[s->started++] = j->number;
    if (++s->running > s->most)
        s->most = s->running;
    sys_cond_broadcast(s->changed);
    while (j->gated && !s->open)
        sys_cond_wait(s->changed, s->lock);
    s->running--;
    sys_mutex_unlock(s->lock);
}

static void count(void *arg)
{
    struct shared *s = arg;

    sys_mutex_lock(s->lock);
    s->finished++;
    sys_cond_broadcast(s->changed);
    sys_mutex_unlock(s->lock);
}

/* Fill in n jobs and add them. */
static void add(struct pool *p, struct shared *s, struct job *jobs, int n, int gated)
{
    int i;

    for (i = 0; i < n; i++) {
        jobs[i] = (struct job){.job = {.run = run}, .shared = s, .number = i, .gated = gated};
        pool_add(p, &jobs[i].job);
    }
}

/* Wait until so many jobs have started. */
static void wait_started(struct shared *s, unsigned n)
{
    sys_mutex_lock(s->lock);
    while (s->started < n)
        sys_cond_wait(s->changed, s->lock);
    sys_mutex_unlock(s->lock);
}

static void open_gate(struct shared *s)
{
    sys_mutex_lock(s->lock);
    s->open = 1;
    sys_cond_broadcast(s->changed);
    sys_mutex_unlock(s->lock);
}

static void jobs_start_in_the_order_they_came(void **state)
{
    struct shared *s = *state;
    struct job jobs[50];
    struct pool *p = pool_new(1, NULL, NULL);
    int i;

    assert_non_null(p);
    add(p, s, jobs, 50, 0);
    for (i = 0; i < 50; i++) {
        struct pool_job *done = pool_wait(p);

        assert_ptr_equal(done, &jobs[i].job);
        assert_null(done->next);
        assert_int_equal(pool_pending(p), 50 - 1 - (unsigned)i);
    }
    for (i = 0; i < 50; i++)
        assert_int_equal(s->order[i], i);
    assert_null(pool_wait(p));
    assert_null(pool_done(p));
    assert_null(pool_free(p));
}

/* As many at a time as there are threads, and each handed back once. */
static void every_job_comes_back_once(void **state)
{
    struct shared *s = *state;
    struct job jobs[40];
    int seen[40] = {0}, i;
    struct pool *p = pool_new(4, NULL, NULL);
    struct pool_job *done;

    assert_non_null(p);
    add(p, s, jobs, 40, 1);
    wait_started(s, 4);
    assert_null(pool_done(p));
    assert_int_equal(pool_pending(p), 40);
    open_gate(s);
    while ((done = pool_wait(p)) != NULL)
        seen[((struct job *)(void *)done)->number]++;
    for (i = 0; i < 40; i++)
        assert_int_equal(seen[i], 1);
    assert_int_equal(s->most, 4);
    assert_int_equal(pool_pending(p), 0);
    assert_null(pool_free(p));
}

static void each_end_is_told(void **state)
{
    struct shared *s = *state;
    struct job jobs[30];
    struct pool *p = pool_new(3, count, s);

    assert_non_null(p);
    add(p, s, jobs, 30, 0);
    sys_mutex_lock(s->lock);
    while (s->finished < 30)
        sys_cond_wait(s->changed, s->lock);
    sys_mutex_unlock(s->lock);
    /* What was told of is there to be taken. */
    assert_non_null(pool_done(p));
    assert_int_equal(pool_pending(p), 29);
    (void)pool_free(p);
    assert_int_equal(s->finished, 30);
}

/* A job that leaves another one behind it, so that the pool is never without work. */
struct link {
    struct pool_job job; /* first */
    struct shared *shared;
    struct pool *pool;
    int ran;
};

static void run_link(struct pool_job *job)
{
    struct link *l = (struct link *)(void *)job, *next = malloc(sizeof(*next));
    struct shared *s = l->shared;

    l->ran = 1;
    if (next == NULL)
        abort();
    *next = (struct link){.job = {.run = run_link}, .shared = s, .pool = l->pool};
    pool_add(l->pool, &next->job);
    sys_mutex_lock(s->lock);
    s->started++;
    sys_cond_broadcast(s->changed);
    sys_mutex_unlock(s->lock);
}

/* Those that run are waited for, those that wait never start, and all are handed back. */
static void an_end_with_waiting_jobs(void **state)
{
    struct shared *s = *state;
    struct pool *p = pool_new(2, count, s);
    struct pool_job *rest, *next;
    unsigned ran = 0, waited = 0;
    int i;

    assert_non_null(p);
    for (i = 0; i < 3; i++) {
        struct link *l = malloc(sizeof(*l));

        assert_non_null(l);
        *l = (struct link){.job = {.run = run_link}, .shared = s, .pool = p};
        pool_add(p, &l->job);
    }
    wait_started(s, 5);
    for (rest = pool_free(p); rest != NULL; rest = next) {
        next = rest->next;
        ran += ((struct link *)(void *)rest)->ran == 1;
        waited += ((struct link *)(void *)rest)->ran == 0;
        free(rest);
    }
    /* Each that ran left one, so that there are always three. */
    assert_int_equal(ran, s->started);
    assert_int_equal(ran, s->finished);
    assert_int_equal(waited, 3);
}

/* A job that waits for its turn in one of two rows. */
struct turn {
    struct pool_job job; /* first */
    struct pool_turns *turns;
    size_t *row, index;
    size_t *passed; /* indices in the order in which they had their turn */
};

static void take_turn(struct pool_job *job)
{
    struct turn *t = (struct turn *)(void *)job;

    pool_turns_wait(t->turns, t->row, t->index);
    t->passed[*t->row] = t->index; /* alone: it is this job's turn */
    pool_turns_pass(t->turns, t->row);
}

static void turns_are_in_order(void **state)
{
    size_t rows[2] = {0}, passed[2][100] = {{0}}, i;
    struct pool_turns *turns = pool_turns_new();
    struct pool *p = pool_new(4, NULL, NULL);
    struct turn jobs[200];

    (void)state;
    assert_non_null(turns);
    assert_non_null(p);
    for (i = 0; i < 200; i++) {
        jobs[i] = (struct turn){.job = {.run = take_turn},
                                .turns = turns,
                                .row = &rows[i % 2],
                                .index = i / 2,
                                .passed = passed[i % 2]};
        pool_add(p, &jobs[i].job);
    }
    for (i = 0; i < 200; i++)
        assert_non_null(pool_wait(p));
    assert_null(pool_free(p));
    assert_int_equal(rows[0], 100);
    assert_int_equal(rows[1], 100);
    for (i = 0; i < 100; i++)
        assert_true(passed[0][i] == i && passed[1][i] == i);
    pool_turns_free(turns);
    pool_turns_free(NULL);
}

static void an_end_without_work(void **state)
{
    struct shared *s = *state;
    struct job jobs[3];
    struct pool *p = pool_new(4, NULL, NULL);
    struct pool_job *rest;
    int n = 0;

    assert_null(pool_free(NULL));
    assert_non_null(p);
    assert_null(pool_wait(p));
    assert_int_equal(pool_pending(p), 0);
    assert_null(pool_free(p));
    /* Jobs that are finished and were not fetched come back as well. */
    p = pool_new(1, NULL, NULL);
    assert_non_null(p);
    add(p, s, jobs, 3, 0);
    wait_started(s, 3);
    for (rest = pool_free(p); rest != NULL; rest = rest->next)
        n++;
    assert_int_equal(n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(jobs_start_in_the_order_they_came, setup, teardown),
        cmocka_unit_test_setup_teardown(every_job_comes_back_once, setup, teardown),
        cmocka_unit_test_setup_teardown(each_end_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(an_end_with_waiting_jobs, setup, teardown),
        cmocka_unit_test(turns_are_in_order),
        cmocka_unit_test_setup_teardown(an_end_without_work, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
