#include "base/pool.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>

/* A queue of jobs. */
struct queue {
    struct pool_job *first, *last;
};

struct pool {
    struct sys_mutex *lock; /* guards everything below */
    struct sys_cond *work;  /* a job waits, or the end has come */
    struct sys_cond *ready; /* a job is finished */
    struct queue waiting, finished;
    unsigned pending;
    int ending;
    void (*on_finished)(void *arg);
    void *arg;
    struct sys_thread **threads;
    unsigned nthreads;
};

static void push(struct queue *q, struct pool_job *job)
{
    job->next = NULL;
    if (q->last != NULL)
        q->last->next = job;
    else
        q->first = job;
    q->last = job;
}

static struct pool_job *pop(struct queue *q)
{
    struct pool_job *job = q->first;

    if (job != NULL) {
        q->first = job->next;
        if (q->first == NULL)
            q->last = NULL;
        job->next = NULL;
    }
    return job;
}

/* What each thread does until the pool ends. */
static void work(void *arg)
{
    struct pool *p = arg;

    sys_mutex_lock(p->lock);
    for (;;) {
        struct pool_job *job;

        while (p->waiting.first == NULL && !p->ending)
            sys_cond_wait(p->work, p->lock);
        if (p->ending)
            break;
        job = pop(&p->waiting);
        sys_mutex_unlock(p->lock);
        job->run(job);
        sys_mutex_lock(p->lock);
        push(&p->finished, job);
        sys_cond_signal(p->ready);
        if (p->on_finished != NULL)
            p->on_finished(p->arg);
    }
    sys_mutex_unlock(p->lock);
}

struct pool *pool_new(unsigned n, void (*finished)(void *arg), void *arg)
{
    struct pool *p = mem_zalloc(1, sizeof(*p));

    p->on_finished = finished;
    p->arg = arg;
    p->lock = sys_mutex_new();
    p->work = sys_cond_new();
    p->ready = sys_cond_new();
    p->threads = mem_zalloc(n, sizeof(struct sys_thread *));
    for (; p->nthreads < n; p->nthreads++) {
        p->threads[p->nthreads] = sys_thread_start(work, p);
        if (p->threads[p->nthreads] == NULL) {
            (void)pool_free(p);
            return NULL;
        }
    }
    return p;
}

struct pool_job *pool_free(struct pool *p)
{
    struct pool_job *rest = NULL, *job;
    unsigned i;

    if (p == NULL)
        return NULL;
    sys_mutex_lock(p->lock);
    p->ending = 1;
    sys_cond_broadcast(p->work);
    sys_mutex_unlock(p->lock);
    for (i = 0; i < p->nthreads; i++)
        sys_thread_join(p->threads[i]);
    while ((job = pop(&p->finished)) != NULL || (job = pop(&p->waiting)) != NULL) {
        job->next = rest;
        rest = job;
    }
    sys_mutex_free(p->lock);
    sys_cond_free(p->work);
    sys_cond_free(p->ready);
    free(p->threads);
    free(p);
    return rest;
}

void pool_add(struct pool *p, struct pool_job *job)
{
    sys_mutex_lock(p->lock);
    push(&p->waiting, job);
    p->pending++;
    sys_cond_signal(p->work);
    sys_mutex_unlock(p->lock);
}

struct pool_job *pool_done(struct pool *p)
{
    struct pool_job *job;

    sys_mutex_lock(p->lock);
    job = pop(&p->finished);
    if (job != NULL)
        p->pending--;
    sys_mutex_unlock(p->lock);
    return job;
}

struct pool_job *pool_wait(struct pool *p)
{
    struct pool_job *job;

    sys_mutex_lock(p->lock);
    while ((job = pop(&p->finished)) == NULL && p->pending > 0)
        sys_cond_wait(p->ready, p->lock);
    if (job != NULL)
        p->pending--;
    sys_mutex_unlock(p->lock);
    return job;
}

unsigned pool_pending(struct pool *p)
{
    unsigned n;

    sys_mutex_lock(p->lock);
    n = p->pending;
    sys_mutex_unlock(p->lock);
    return n;
}

struct pool_turns {
    struct sys_mutex *lock; /* guards the counters */
    struct sys_cond *turned;
};

struct pool_turns *pool_turns_new(void)
{
    struct pool_turns *t = mem_zalloc(1, sizeof(*t));

    t->lock = sys_mutex_new();
    t->turned = sys_cond_new();
    return t;
}

void pool_turns_free(struct pool_turns *t)
{
    if (t == NULL)
        return;
    sys_mutex_free(t->lock);
    sys_cond_free(t->turned);
    free(t);
}

void pool_turns_wait(struct pool_turns *t, const size_t *turn, size_t index)
{
    sys_mutex_lock(t->lock);
    while (*turn != index)
        sys_cond_wait(t->turned, t->lock);
    sys_mutex_unlock(t->lock);
}

void pool_turns_pass(struct pool_turns *t, size_t *turn)
{
    sys_mutex_lock(t->lock);
    (*turn)++;
    sys_cond_broadcast(t->turned);
    sys_mutex_unlock(t->lock);
}
