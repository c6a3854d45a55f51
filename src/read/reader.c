#include "read/reader.h"

#include "base/mem.h"
#include "base/sys.h"
#include "read/reader_part.h"

#include <stdlib.h>
#include <string.h>

/* Threads: inflating is bound by the processor; past 8 the one that hands out is the limit. */
#define READER_THREADS_MAX 8U
/* Parts that may be begun before the one that is handed out, for each thread. */
#define READER_AHEAD 4U
/* Bytes that one part may have waiting: together with READER_AHEAD and READER_BATCH this keeps two
 * threads under 12 MiB. */
#define READER_WAITING_MAX ((size_t)1 << 20)

/* One part on its way. */
struct job {
    struct batch *first, *last; /* waiting to be handed out */
    size_t waiting;             /* their bytes */
    int done;
    struct reader_file counts;
};

/* One part being read by a thread. */
struct turn {
    struct reader *reader;
    struct job *job;
};

struct reader {
    const struct input *in;
    const struct reader_calls *calls;
    const struct reader_parts *parts;
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

/* For reader_part_read. */
static int push_batch(void *arg, struct batch **b)
{
    const struct turn *t = arg;

    return push(t->reader, t->job, b);
}

/* Whether a part is not read again. */
static int is_skipped(const struct reader *r, size_t index)
{
    return r->parts->skip != NULL &&
           (r->in->parts[index].kind == INPUT_DIGEST || r->parts->skip(index, r->calls->arg));
}

/* A thread: parts in order, as far ahead as allowed. */
static void work(void *arg)
{
    struct reader *r = arg;
    struct turn turn = {r, NULL};
    struct reader_sink sink = {push_batch, &turn, r->parts->note, 0};

    sys_mutex_lock(r->lock);
    for (;;) {
        size_t index;

        while (!r->stop && r->next < r->in->nparts && r->next > r->head + r->ahead)
            sys_cond_wait(r->space, r->lock);
        if (r->stop || r->next >= r->in->nparts)
            break;
        index = r->next++;
        sys_mutex_unlock(r->lock);
        turn.job = &r->jobs[index];
        sink.part = index;
        if (!is_skipped(r, index))
            reader_part_read(r->in, &r->in->parts[index], r->calls, &turn.job->counts, &sink);
        sys_mutex_lock(r->lock);
        r->jobs[index].done = 1;
        sys_cond_signal(r->data);
    }
    sys_mutex_unlock(r->lock);
}

/* Tell damage or a warning. */
static void tell(const struct reader *r, const struct input_file *f, int is_damage, uint64_t line,
                 const char *text)
{
    if (r->calls->damage == NULL)
        return;
    if (is_damage)
        r->calls->damage(f, line, text, r->calls->arg);
    else
        r->calls->warning(f, text, r->calls->arg);
}

/* Hand out what a batch holds. */
static int deliver(const struct reader *r, const struct input_part *p, const struct batch *b,
                   struct err *e)
{
    const struct input_file *f = &r->in->files[p->file];
    size_t i;

    for (i = 0; i < b->n; i++) {
        const struct batch_item *it = &b->items[i];
        const char *bytes = b->bytes.data;
        struct reader_event ev = {
            {bytes + it->at, it->len}, {bytes + it->raw_at, it->raw_len}, f, p->file, it->line};

        if (it->kind == BATCH_DAMAGE || it->kind == BATCH_WARNING)
            tell(r, f, it->kind == BATCH_DAMAGE, it->line, bytes + it->at);
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

/* Move the records of other logs of one part to those of its file. */
static void add_foreign(struct reader_file *to, struct reader_file *from)
{
    size_t i, k;

    for (i = 0; to->foreign != NULL && from->foreign != NULL && from->foreign[i].n > 0; i++) {
        for (k = 0; k + 1 < READER_FOREIGN_MAX && to->foreign[k].n > 0; k++) {
            if (strcmp(to->foreign[k].category, from->foreign[i].category) == 0)
                break;
        }
        if (to->foreign[k].n == 0)
            memcpy(to->foreign[k].category, from->foreign[i].category, READER_CATEGORY_MAX);
        to->foreign[k].n += from->foreign[i].n;
        timestamp_widen(&to->foreign[k].first, &to->foreign[k].last, from->foreign[i].first);
        timestamp_widen(&to->foreign[k].first, &to->foreign[k].last, from->foreign[i].last);
    }
    if (to->foreign == NULL)
        to->foreign = from->foreign;
    else
        free(from->foreign);
    from->foreign = NULL;
}

/* Add a part's counts to those of its file, and tell them behind its last part. */
static void count(const struct reader *r, size_t index, struct reader_file *file)
{
    const struct input_part *p = &r->in->parts[index];
    struct reader_file *c = &r->jobs[index].counts;

    file->file = &r->in->files[p->file];
    file->events += c->events;
    file->damage += c->damage;
    file->unread += c->unread;
    file->no_operation += c->no_operation;
    file->no_time += c->no_time;
    add_foreign(file, c);
    if (file->others == 0)
        file->first_other = c->first_other;
    file->others += c->others;
    if (index + 1 < r->in->nparts && r->in->parts[index + 1].file == p->file)
        return;
    if (p->kind == INPUT_UNREAD) {
        file->damage++;
        file->unread++;
    }
    if (r->calls->file_end != NULL && (p->kind == INPUT_WHOLE || p->kind == INPUT_FRAGMENT ||
                                       p->kind == INPUT_DIGEST || p->kind == INPUT_UNREAD))
        r->calls->file_end(file, r->calls->arg);
    free(file->foreign);
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

        if (p->kind == INPUT_WARNING || p->kind == INPUT_DAMAGE || p->kind == INPUT_UNREAD)
            tell(r, &r->in->files[p->file], p->kind != INPUT_WARNING, 0, p->text);
        while ((b = pop(r, j)) != NULL) {
            int failed = deliver(r, p, b, e);

            batch_free(b);
            if (failed) {
                free(file.foreign);
                return -1;
            }
        }
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
    static const struct reader_parts none;

    return reader_run_parts(in, calls, &none, e);
}

int reader_run_parts(const struct input *in, const struct reader_calls *calls,
                     const struct reader_parts *parts, struct err *e)
{
    struct reader r = {0};
    size_t i;
    int ret;

    r.in = in;
    r.calls = calls;
    r.parts = parts;
    r.jobs = mem_zalloc(in->nparts + 1, sizeof(*r.jobs));
    r.lock = sys_mutex_new();
    r.space = sys_cond_new();
    r.data = sys_cond_new();
    ret = run(&r, e);
    for (i = 0; i < in->nparts; i++) {
        free(r.jobs[i].counts.foreign);
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
