#include "read/reader.h"

#include "base/sys.h"
#include "read/batch.h"
#include "read/event_splitter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Threads: inflating is bound by the processor; past 8 the one that hands out is the limit. */
#define READER_THREADS_MAX 8U
/* Parts that may be begun before the one that is handed out, for each thread. */
#define READER_AHEAD 4U
/* Bytes in a batch, and bytes that one part may have waiting: together with READER_AHEAD this keeps
 * two threads under 12 MiB. */
#define READER_BATCH ((size_t)256 << 10)
#define READER_WAITING_MAX ((size_t)1 << 20)

/* One part on its way. */
struct job {
    struct batch *first, *last; /* waiting to be handed out */
    size_t waiting;             /* their bytes */
    int done;
    struct reader_file counts;
    int failed; /* out of memory */
};

struct reader {
    const struct input *in;
    const struct reader_calls *calls;
    struct job *jobs; /* one for each part */
    size_t next;      /* to be begun */
    size_t head;      /* being handed out */
    size_t ahead;
    int stop;
    struct sys_mutex *lock;
    struct sys_cond *space, *data;
};

/* Hand a batch to the main thread; waits while too much is waiting. Returns -1 when all stops. */
static int push(struct reader *r, struct job *j, struct batch **b)
{
    int stop;

    if (*b == NULL)
        return 0;
    sys_mutex_lock(r->lock);
    while (j->waiting > READER_WAITING_MAX && !r->stop)
        sys_cond_wait(r->space, r->lock);
    stop = r->stop;
    if (!stop) {
        j->waiting += (*b)->bytes.len;
        if (j->last == NULL)
            j->first = *b;
        else
            j->last->next = *b;
        j->last = *b;
        *b = NULL;
        sys_cond_signal(r->data);
    }
    sys_mutex_unlock(r->lock);
    return stop ? -1 : 0;
}

/* Open what a part names. */
static struct unpack *open_part(const struct input *in, const struct input_part *p, struct err *e)
{
    const struct input_file *f = &in->files[p->file];

    if (p->kind == INPUT_FRAGMENT)
        return unpack_open_fragment(f->path, &p->fragment, e);
    return unpack_open(f->path, f->found, e);
}

/* Cut a source into events and put what is picked into batches. */
static int read_events(struct reader *r, struct job *j, struct splitter *z, struct batch **b)
{
    const struct reader_calls *c = r->calls;
    struct splitter_damage d;
    struct event ev;
    struct err e = {0};
    uint64_t line = 0;

    for (;;) {
        int ret = 0;

        switch (splitter_next(z, &ev, &line, &d, &e)) {
        case SPLITTER_END:
            return 0;
        case SPLITTER_EVENT:
            j->counts.events++;
            if (c->pick(&ev, c->arg))
                ret = batch_event(b, &ev, line);
            break;
        case SPLITTER_OTHER:
            if (j->counts.others++ == 0)
                j->counts.first_other = line;
            break;
        case SPLITTER_DAMAGE:
            j->counts.damage++;
            ret = batch_damage(b, d.line, d.why);
            break;
        default:
            ret = -1;
            break;
        }
        if (ret != 0) {
            j->failed = 1;
            return -1;
        }
        if (*b != NULL && (*b)->bytes.len >= READER_BATCH && push(r, j, b) != 0)
            return 0;
    }
}

/* Whether the ledger's number of lines was found. */
static int check_lines(struct job *j, const struct input_part *p, struct batch **b)
{
    uint64_t found = j->counts.events + j->counts.others;
    char why[128];

    if (p->kind != INPUT_FRAGMENT || j->counts.damage > 0 || found == p->lines)
        return 0;
    (void)snprintf(why, sizeof(why), "the window holds %llu events, the ledger says %llu",
                   (unsigned long long)found, (unsigned long long)p->lines);
    j->counts.damage++;
    return batch_damage(b, p->first_line, why);
}

/* Read one part. */
static void run_job(struct reader *r, size_t index)
{
    const struct input_part *p = &r->in->parts[index];
    struct job *j = &r->jobs[index];
    struct batch *b = NULL;
    struct unpack *s = NULL;
    struct splitter *z = NULL;
    struct err e = {0};

    if (p->kind != INPUT_WHOLE && p->kind != INPUT_FRAGMENT)
        return;
    s = open_part(r->in, p, &e);
    if (s == NULL) {
        j->counts.damage++;
        j->counts.unread++;
        if (batch_damage(&b, 0, e.msg) != 0)
            j->failed = 1;
        goto out;
    }
    z = splitter_new(s, p->first_line);
    if (z == NULL)
        j->failed = 1;
    else if (read_events(r, j, z, &b) == 0 && check_lines(j, p, &b) != 0)
        j->failed = 1;
out:
    (void)push(r, j, &b);
    batch_free(b);
    splitter_free(z);
    unpack_close(s);
}

/* A thread: parts in order, as far ahead as allowed. */
static void work(void *arg)
{
    struct reader *r = arg;

    sys_mutex_lock(r->lock);
    for (;;) {
        size_t index;

        while (!r->stop && r->next < r->in->nparts && r->next > r->head + r->ahead)
            sys_cond_wait(r->space, r->lock);
        if (r->stop || r->next >= r->in->nparts)
            break;
        index = r->next++;
        sys_mutex_unlock(r->lock);
        run_job(r, index);
        sys_mutex_lock(r->lock);
        r->jobs[index].done = 1;
        sys_cond_signal(r->data);
    }
    sys_mutex_unlock(r->lock);
}

/* Hand out what a batch holds. */
static int deliver(const struct reader *r, const struct input_part *p, const struct batch *b,
                   struct err *e)
{
    const struct input_file *f = &r->in->files[p->file];
    size_t i;

    for (i = 0; i < b->n; i++) {
        const struct batch_item *it = &b->items[i];
        struct reader_event ev = {{b->bytes.data + it->at, it->len}, f, p->file, it->line};

        if (it->kind == BATCH_DAMAGE)
            r->calls->damage(f, it->line, b->bytes.data + it->at, r->calls->arg);
        else if (r->calls->event(&ev, r->calls->arg, e) != 0)
            return -1;
    }
    return 0;
}

/* The next batch of a job, or NULL when it is done. */
static struct batch *pop(struct reader *r, struct job *j)
{
    struct batch *b;

    sys_mutex_lock(r->lock);
    while (j->first == NULL && !j->done)
        sys_cond_wait(r->data, r->lock);
    b = j->first;
    if (b != NULL) {
        j->first = b->next;
        if (j->first == NULL)
            j->last = NULL;
        j->waiting -= b->bytes.len;
        sys_cond_broadcast(r->space);
    }
    sys_mutex_unlock(r->lock);
    return b;
}

/* Add a part's counts to those of its file, and tell them behind its last part. */
static void count(const struct reader *r, size_t index, struct reader_file *file)
{
    const struct input_part *p = &r->in->parts[index];
    const struct reader_file *c = &r->jobs[index].counts;

    file->file = &r->in->files[p->file];
    file->events += c->events;
    file->damage += c->damage;
    file->unread += c->unread;
    if (file->others == 0)
        file->first_other = c->first_other;
    file->others += c->others;
    if (index + 1 < r->in->nparts && r->in->parts[index + 1].file == p->file)
        return;
    if (p->kind == INPUT_UNREAD) {
        file->damage++;
        file->unread++;
    }
    if (p->kind == INPUT_WHOLE || p->kind == INPUT_FRAGMENT || p->kind == INPUT_UNREAD)
        r->calls->file_end(file, r->calls->arg);
    memset(file, 0, sizeof(*file));
}

/* Hand out all parts in order. */
static int deliver_all(struct reader *r, struct err *e)
{
    struct reader_file file = {0};
    size_t i;

    for (i = 0; i < r->in->nparts; i++) {
        const struct input_part *p = &r->in->parts[i];
        struct job *j = &r->jobs[i];
        struct batch *b;

        if (p->kind == INPUT_WARNING)
            r->calls->warning(&r->in->files[p->file], p->text, r->calls->arg);
        else if (p->kind == INPUT_DAMAGE || p->kind == INPUT_UNREAD)
            r->calls->damage(&r->in->files[p->file], 0, p->text, r->calls->arg);
        while ((b = pop(r, j)) != NULL) {
            int failed = deliver(r, p, b, e);

            batch_free(b);
            if (failed)
                return -1;
        }
        if (j->failed)
            return err_memory(e, "events");
        count(r, i, &file);
        sys_mutex_lock(r->lock);
        r->head = i + 1;
        sys_cond_broadcast(r->space);
        sys_mutex_unlock(r->lock);
    }
    return 0;
}

/* Start threads, hand out, stop and join them. */
static int run(struct reader *r, struct err *e)
{
    struct sys_thread *threads[READER_THREADS_MAX] = {NULL};
    unsigned n = sys_cpu_count(), started = 0, i;
    int ret = -1;

    if (n > READER_THREADS_MAX)
        n = READER_THREADS_MAX;
    if (n > r->in->nparts)
        n = (unsigned)r->in->nparts;
    r->ahead = (size_t)n * READER_AHEAD;
    for (i = 0; i < n; i++) {
        threads[started] = sys_thread_start(work, r);
        if (threads[started] != NULL)
            started++;
    }
    if (started == 0 && n > 0)
        (void)err_set(e, ERR_INTERNAL, "no thread could be started");
    else
        ret = deliver_all(r, e);
    sys_mutex_lock(r->lock);
    r->stop = 1;
    sys_cond_broadcast(r->space);
    sys_mutex_unlock(r->lock);
    for (i = 0; i < started; i++)
        sys_thread_join(threads[i]);
    return ret;
}

int reader_run(const struct input *in, const struct reader_calls *calls, struct err *e)
{
    struct reader r = {0};
    size_t i;
    int ret = -1;

    r.in = in;
    r.calls = calls;
    r.jobs = calloc(in->nparts + 1, sizeof(*r.jobs));
    r.lock = sys_mutex_new();
    r.space = sys_cond_new();
    r.data = sys_cond_new();
    if (r.jobs == NULL || r.lock == NULL || r.space == NULL || r.data == NULL) {
        (void)err_memory(e, "inputs");
        goto out;
    }
    ret = run(&r, e);
out:
    for (i = 0; r.jobs != NULL && i < in->nparts; i++) {
        while (r.jobs[i].first != NULL) {
            struct batch *b = r.jobs[i].first;

            r.jobs[i].first = b->next;
            batch_free(b);
        }
    }
    free(r.jobs);
    sys_cond_free(r.space);
    sys_cond_free(r.data);
    sys_mutex_free(r.lock);
    return ret;
}
