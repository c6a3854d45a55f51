#define _GNU_SOURCE
#include "base/sys.h"

#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct sys_thread {
    pthread_t id;
};

/* What a new thread is told; it frees this itself. */
struct thread_order {
    void (*fn)(void *arg);
    void *arg;
};

struct sys_mutex {
    pthread_mutex_t m;
};

struct sys_cond {
    pthread_cond_t c;
};

/* What a new thread runs: the caller's function, with signals left to the main thread. */
static void *thread_main(void *arg)
{
    struct thread_order order = *(struct thread_order *)arg;

    free(arg);
    order.fn(order.arg);
    return NULL;
}

struct sys_thread *sys_thread_start(void (*fn)(void *arg), void *arg)
{
    struct sys_thread *t = mem_zalloc(1, sizeof(*t));
    struct thread_order *order = mem_zalloc(1, sizeof(*order));
    sigset_t all, old;
    int failed;

    order->fn = fn;
    order->arg = arg;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    failed = pthread_create(&t->id, NULL, thread_main, order);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed) {
        free(t);
        free(order);
        return NULL;
    }
    return t;
}

void sys_thread_join(struct sys_thread *t)
{
    (void)pthread_join(t->id, NULL);
    free(t);
}

void sys_thread_detach(struct sys_thread *t)
{
    (void)pthread_detach(t->id);
    free(t);
}

struct sys_mutex *sys_mutex_new(void)
{
    struct sys_mutex *m = mem_zalloc(1, sizeof(*m));

    if (pthread_mutex_init(&m->m, NULL) != 0)
        mem_fail();
    return m;
}

void sys_mutex_free(struct sys_mutex *m)
{
    if (m == NULL)
        return;
    (void)pthread_mutex_destroy(&m->m);
    free(m);
}

void sys_mutex_lock(struct sys_mutex *m)
{
    (void)pthread_mutex_lock(&m->m);
}

void sys_mutex_unlock(struct sys_mutex *m)
{
    (void)pthread_mutex_unlock(&m->m);
}

struct sys_cond *sys_cond_new(void)
{
    struct sys_cond *c = mem_zalloc(1, sizeof(*c));

    if (pthread_cond_init(&c->c, NULL) != 0)
        mem_fail();
    return c;
}

void sys_cond_free(struct sys_cond *c)
{
    if (c == NULL)
        return;
    (void)pthread_cond_destroy(&c->c);
    free(c);
}

void sys_cond_wait(struct sys_cond *c, struct sys_mutex *m)
{
    (void)pthread_cond_wait(&c->c, &m->m);
}

void sys_cond_signal(struct sys_cond *c)
{
    (void)pthread_cond_signal(&c->c);
}

void sys_cond_broadcast(struct sys_cond *c)
{
    (void)pthread_cond_broadcast(&c->c);
}
