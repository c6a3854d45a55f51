#include "read/reader.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "read/batch.h"
#include "read/dates.h"
#include "read/event_operation.h"
#include "read/event_rewrite.h"
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
    if (f->member != NULL)
        return unpack_open_member(f->archive, f->archive_found, f->member, e);
    return unpack_open(f->path, f->found, e);
}

/* One part being read. */
struct reading {
    struct reader *reader;
    struct job *job;
    const struct input_part *part;
    struct batch *batch;
    struct dates dates;
    struct buf rewritten;
};

/* For dates_check: the part anew, from its beginning. */
static struct unpack *open_again(void *arg)
{
    const struct reading *x = arg;
    struct err ignored = {0};

    if (strcmp(x->reader->in->files[x->part->file].path, "-") == 0)
        return NULL;
    return open_part(x->reader->in, x->part, &ignored);
}

/* Take an event that the splitter found. */
static void take_event(struct reading *x, const struct event *ev, uint64_t line)
{
    const struct reader_calls *c = x->reader->calls;
    struct event plain;
    const struct event *use = ev;
    enum dates_found time = dates_check(&x->dates, ev);
    const char *note = x->dates.mixed ? DATES_MIXED_NOTE : DATES_EITHER_NOTE;
    struct err e;

    x->job->counts.events++;
    x->job->counts.no_time += time == DATES_NONE;
    if (time == DATES_SWAPPED || time == DATES_EITHER || event_is_odd(ev)) {
        buf_clear(&x->rewritten);
        event_rewrite(ev, x->dates.order, time == DATES_EITHER ? note : NULL, &x->rewritten);
        if (event_parse(&plain, buf_slice(&x->rewritten), &e) == 0)
            use = &plain;
    }
    if (!event_operation_is_known(use))
        x->job->counts.no_operation++;
    if (c->pick(use, c->arg))
        batch_event(&x->batch, use, ev, line);
}

/* Count an object that is not an event, by the log that it comes from where it says so. */
static void count_other(struct reader_file *c, const struct event *ev, uint64_t line)
{
    struct slice category = event_category(ev);
    size_t i;

    if (event_classify(ev) != EVENT_FOREIGN || category.data == NULL) {
        if (c->others++ == 0)
            c->first_other = line;
        return;
    }
    if (c->foreign == NULL)
        c->foreign = mem_zalloc(READER_FOREIGN_MAX + 1, sizeof(*c->foreign));
    for (i = 0; i + 1 < READER_FOREIGN_MAX && c->foreign[i].n > 0; i++) {
        if (slice_equals_nocase(category, c->foreign[i].category))
            break;
    }
    if (c->foreign[i].n++ == 0)
        text_clean(c->foreign[i].category, sizeof(c->foreign[i].category), category);
}

/* Cut a source into events and put what is picked into batches. Returns -1 when all stops. */
static int read_events(struct reading *x, struct splitter *z)
{
    struct reader_file *c = &x->job->counts;
    struct splitter_damage d;
    struct event ev;
    uint64_t line = 0;

    for (;;) {
        switch (splitter_next(z, &ev, &line, &d)) {
        case SPLITTER_END:
            return 0;
        case SPLITTER_EVENT:
            take_event(x, &ev, line);
            break;
        case SPLITTER_OTHER:
            count_other(c, &ev, line);
            break;
        default:
            c->damage++;
            batch_words(&x->batch, BATCH_DAMAGE, d.line, d.why);
            break;
        }
        if (x->batch != NULL && x->batch->bytes.len >= READER_BATCH &&
            push(x->reader, x->job, &x->batch) != 0)
            return -1;
    }
}

/* Whether the ledger's number of lines was found. */
static void check_lines(struct reading *x)
{
    const struct reader_file *c = &x->job->counts;
    uint64_t found = c->events + c->others;
    char why[128];
    size_t i;

    for (i = 0; c->foreign != NULL && c->foreign[i].n > 0; i++)
        found += c->foreign[i].n;
    if (x->part->kind != INPUT_FRAGMENT || c->damage > 0 || found == x->part->lines)
        return;
    (void)snprintf(why, sizeof(why), "the window holds %llu events, the ledger says %llu",
                   (unsigned long long)found, (unsigned long long)x->part->lines);
    x->job->counts.damage++;
    batch_words(&x->batch, BATCH_DAMAGE, x->part->first_line, why);
}

/* Add what is to be known about how the part was read. */
static void add_notes(struct reading *x, const struct splitter *z)
{
    const char *note;
    size_t i;

    for (i = 0; (note = splitter_note(z, i)) != NULL; i++)
        batch_words(&x->batch, BATCH_WARNING, 0, note);
    if (x->dates.noted)
        batch_words(&x->batch, BATCH_WARNING, 0,
                    x->dates.mixed ? "day and month of some times may be the other way round: the "
                                     "file has times of both kinds; read as month/day"
                                   : "day and month of some times may be the other way round: "
                                     "nothing in the file shows which; read as month/day");
}

/* Whether a file has its digest. */
static void check_digest(struct reading *x)
{
    const char *path = x->reader->in->files[x->part->file].path;
    char hex[HASH_HEX_MAX];
    struct err e = {0}, ignored;
    int fd = sys_open_inside(path, &e);

    if (fd >= 0 && hash_fd(fd, path, hex, &e) == 0 && strcmp(hex, x->part->text) != 0)
        (void)err_set(&e, ERR_UNTRUSTED, "its SHA-256 is not the one in " MANIFEST_NAME);
    (void)sys_close(fd, path, &ignored);
    if (e.code == ERR_NONE)
        return;
    x->job->counts.damage++;
    batch_words(&x->batch, BATCH_DAMAGE, 0, e.msg);
}

/* Read one part. */
static void run_job(struct reader *r, size_t index)
{
    const struct input_part *p = &r->in->parts[index];
    struct reading x = {
        r, &r->jobs[index], p, NULL, {EVENT_TIME_UNKNOWN, 0, 0, 0, open_again, NULL}, {NULL, 0, 0}};
    struct unpack *s = NULL;
    struct splitter *z = NULL;
    struct err e = {0};

    if (p->kind != INPUT_WHOLE && p->kind != INPUT_FRAGMENT && p->kind != INPUT_DIGEST)
        return;
    x.dates.arg = &x;
    s = p->kind == INPUT_DIGEST ? NULL : open_part(r->in, p, &e);
    if (p->kind == INPUT_DIGEST) {
        check_digest(&x);
    } else if (s == NULL) {
        x.job->counts.damage++;
        x.job->counts.unread++;
        batch_words(&x.batch, BATCH_DAMAGE, 0, e.msg);
    } else {
        z = splitter_new(s, p->first_line, p->kind == INPUT_FRAGMENT);
        if (read_events(&x, z) == 0) {
            check_lines(&x);
            add_notes(&x, z);
        }
    }
    (void)push(r, x.job, &x.batch);
    batch_free(x.batch);
    buf_free(&x.rewritten);
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
        const char *bytes = b->bytes.data;
        struct reader_event ev = {
            {bytes + it->at, it->len}, {bytes + it->raw_at, it->raw_len}, f, p->file, it->line};

        if (it->kind == BATCH_DAMAGE)
            r->calls->damage(f, it->line, bytes + it->at, r->calls->arg);
        else if (it->kind == BATCH_WARNING)
            r->calls->warning(f, bytes + it->at, r->calls->arg);
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
    if (p->kind == INPUT_WHOLE || p->kind == INPUT_FRAGMENT || p->kind == INPUT_DIGEST ||
        p->kind == INPUT_UNREAD)
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

        if (p->kind == INPUT_WARNING)
            r->calls->warning(&r->in->files[p->file], p->text, r->calls->arg);
        else if (p->kind == INPUT_DAMAGE || p->kind == INPUT_UNREAD)
            r->calls->damage(&r->in->files[p->file], 0, p->text, r->calls->arg);
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
    struct reader r = {0};
    size_t i;
    int ret;

    r.in = in;
    r.calls = calls;
    r.jobs = mem_zalloc(in->nparts + 1, sizeof(*r.jobs));
    r.lock = sys_mutex_new();
    r.space = sys_cond_new();
    r.data = sys_cond_new();
    if (r.lock == NULL || r.space == NULL || r.data == NULL)
        mem_fail();
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
