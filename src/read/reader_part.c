/* Reading one part of the inputs, in a thread: its events and what is to be told, in batches. */
#include "read/reader_part.h"

#include "base/line.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "export/line_order.h"
#include "read/dates.h"
#include "read/event_operation.h"
#include "read/event_rewrite.h"
#include "read/event_splitter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Open what a part names. */
static struct unpack *open_part(const struct input *in, const struct input_part *p, struct err *e)
{
    const struct input_file *f = &in->files[p->file];
    int fd;

    if (f->name != NULL) {
        fd = input_open_inside(in, p->file, e);
        return fd < 0                      ? NULL
               : p->kind == INPUT_FRAGMENT ? unpack_open_fragment(fd, f->path, p->window)
                                           : unpack_open_fd(fd, f->path);
    }
    if (f->member != NULL)
        return unpack_open_member(f->archive, f->archive_found, f->member, e);
    return unpack_open(f->path, f->found, e);
}

/* One part being read. */
struct reading {
    const struct input *in;
    const struct input_part *part;
    const struct reader_calls *calls;
    struct reader_file *counts;
    const struct reader_sink *sink;
    struct batch *batch;
    struct line_order order; /* of the lines of a window */
    uint64_t lines, bytes;   /* of it that are one object each */
    int strange;             /* one that is not what an export has was told */
    struct dates dates;
    struct buf rewritten;
};

/* For dates_check: the part anew, from its beginning. */
static struct unpack *open_again(void *arg)
{
    const struct reading *x = arg;
    struct err ignored = {0};

    if (strcmp(x->in->files[x->part->file].path, "-") == 0)
        return NULL;
    return open_part(x->in, x->part, &ignored);
}

/* Take an event that the splitter found. */
static void take_event(struct reading *x, const struct event *ev, uint64_t line)
{
    const struct reader_calls *c = x->calls;
    struct event plain;
    const struct event *use = ev;
    enum dates_found time = dates_check(&x->dates, ev);
    const char *note = x->dates.mixed ? DATES_MIXED_NOTE : DATES_EITHER_NOTE;
    struct err e;

    x->counts->events++;
    x->counts->no_time += time == DATES_NONE;
    if (ev->cut) {
        x->counts->damage++;
        batch_words(&x->batch, BATCH_DAMAGE, line,
                    "a part of the event is cut short: its JSON does not end");
    }
    if (time == DATES_SWAPPED || time == DATES_EITHER || event_is_odd(ev)) {
        buf_clear(&x->rewritten);
        event_rewrite(ev, x->dates.order, time == DATES_EITHER ? note : NULL, &x->rewritten);
        if (event_parse(&plain, buf_slice(&x->rewritten), &e) == 0)
            use = &plain;
    }
    if (!event_operation_is_known(use))
        x->counts->no_operation++;
    if (x->sink->note != NULL)
        x->sink->note(use, x->sink->part, c->arg);
    if (c->pick(use, c->arg))
        batch_event(&x->batch, use, ev, line);
}

/* Count an object that is not an event, by the log that it comes from where it says so. */
static void count_other(struct reader_file *c, const struct event *ev, uint64_t line)
{
    struct slice category = event_category(ev);
    struct reader_foreign *f;
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
    f = &c->foreign[i];
    if (f->n++ == 0)
        text_clean(f->category, sizeof(f->category), category);
    timestamp_widen(&f->first, &f->last, event_time(ev));
}

/* ---- the lines of a window, as verify looks at them ---- */

/* Tell what is wrong with the window, the first of it only. */
static void tell_window(struct reading *x, uint64_t line, const char *why)
{
    if (x->strange)
        return;
    x->strange = 1;
    x->counts->damage++;
    batch_words(&x->batch, BATCH_DAMAGE, line, why);
}

/* Time of an event of an export. The walk that found its fields has found all that line_parse looks
 * for where there is one eventTimestamp, right behind its name. 0 or -1. */
static int line_time(const struct event *ev, int64_t *ticks, struct err *e)
{
    struct slice time = ev->field[EVENT_TIME];
    struct line line;

    if (ev->times == 1 && ev->rank[EVENT_TIME] == 0 && json_kind(time) == JSON_STRING &&
        time.data[-1] == ':' &&
        timestamp_parse((struct slice){time.data + 1, time.len - 2}, ticks) == 0)
        return 0;
    if (line_parse(&line, ev->raw, e) != 0)
        return -1;
    *ticks = line.ticks;
    return 0;
}

/* Check an object of a window: a line of its own, in its place. */
static void check_line(struct reading *x, const struct event *ev, uint64_t line)
{
    const char *why = NULL;
    struct err e = {0};
    int64_t ticks;

    if (x->part->kind != INPUT_FRAGMENT || x->strange)
        return;
    if (line != x->part->first_line + x->lines)
        why = "not one event in each line";
    else if (ev->raw.data == NULL || line_time(ev, &ticks, &e) != 0)
        why = e.code != ERR_NONE ? e.msg : "not an event";
    else
        why = line_order_next(&x->order, ticks, ev->raw);
    x->lines++;
    x->bytes += ev->raw.len + 1;
    if (why != NULL)
        tell_window(x, line, why);
}

/* Check at the end of a window that nothing was in it but these lines, as many as the ledger
 * says. */
static void check_window(struct reading *x)
{
    const struct manifest_window *w = x->part->window;
    char why[128];

    if (x->part->kind != INPUT_FRAGMENT || x->counts->damage > 0)
        return;
    (void)snprintf(why, sizeof(why),
                   "the window holds %" PRIu64 " events, the ledger says %" PRIu64, x->lines,
                   w->events);
    if (x->lines != w->events)
        tell_window(x, x->part->first_line, why);
    else if (x->bytes != w->plain)
        tell_window(x, x->part->first_line, "the window has bytes that belong to no event");
    else if (x->part->first_event != 0 && x->part->first_event != x->order.first)
        tell_window(x, x->part->first_line, "firstEvent is not the time of its first event");
    else if (x->part->last_event != 0 && x->part->last_event != x->order.last)
        tell_window(x, 0, "lastEvent is not the time of its last event");
    else if (line_order_wrong(&x->order) != NULL)
        tell_window(x, x->part->first_line, line_order_wrong(&x->order));
}

/* For splitter_on_move: the next event may have the time of the last one. */
static void keep_last(void *arg)
{
    struct reading *x = arg;

    line_order_keep(&x->order);
}

/* Cut a source into events and put what is picked into batches. Returns -1 when all stops. */
static int read_events(struct reading *x, struct splitter *z)
{
    struct reader_file *c = x->counts;
    struct splitter_damage d;
    struct event ev;
    uint64_t line = 0;

    for (;;) {
        switch (splitter_next(z, &ev, &line, &d)) {
        case SPLITTER_END:
            return 0;
        case SPLITTER_EVENT:
            check_line(x, &ev, line);
            take_event(x, &ev, line);
            break;
        case SPLITTER_OTHER:
            check_line(x, &ev, line);
            count_other(c, &ev, line);
            break;
        default:
            c->damage++;
            batch_words(&x->batch, BATCH_DAMAGE, d.line, d.why);
            break;
        }
        if (x->batch != NULL && x->batch->bytes.len >= READER_BATCH &&
            x->sink->push(x->sink->arg, &x->batch) != 0)
            return -1;
    }
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
    const char *path = x->in->files[x->part->file].path;
    char hex[HASH_HEX_MAX];
    struct err e = {0}, ignored;
    int fd = input_open_inside(x->in, x->part->file, &e);

    if (fd >= 0 && hash_fd(fd, path, hex, &e) == 0 && strcmp(hex, x->part->text) != 0)
        (void)err_set(&e, ERR_UNTRUSTED, "its SHA-256 is not the one in " MANIFEST_NAME);
    (void)sys_close(fd, path, &ignored);
    if (e.code == ERR_NONE)
        return;
    x->counts->damage++;
    x->counts->unread += e.code == ERR_LOCAL;
    batch_words(&x->batch, BATCH_DAMAGE, 0, e.msg);
}

void reader_part_read(const struct input *in, const struct input_part *p,
                      const struct reader_calls *calls, struct reader_file *counts,
                      const struct reader_sink *sink)
{
    struct reading x = {.in = in, .part = p, .calls = calls, .counts = counts, .sink = sink};
    struct unpack *s = NULL;
    struct splitter *z = NULL;
    struct err e = {0};

    if (p->kind != INPUT_WHOLE && p->kind != INPUT_FRAGMENT && p->kind != INPUT_DIGEST)
        return;
    if (p->kind == INPUT_FRAGMENT)
        line_order_begin(&x.order, p->window, in->files[p->file].scope);
    x.dates.order = EVENT_TIME_UNKNOWN;
    x.dates.open = open_again;
    x.dates.arg = &x;
    s = p->kind == INPUT_DIGEST ? NULL : open_part(in, p, &e);
    if (p->kind == INPUT_DIGEST) {
        check_digest(&x);
    } else if (s == NULL) {
        x.counts->damage++;
        x.counts->unread++;
        batch_words(&x.batch, BATCH_DAMAGE, 0, e.msg);
    } else {
        z = splitter_new(s, p->first_line, p->kind == INPUT_FRAGMENT);
        if (p->kind == INPUT_FRAGMENT)
            splitter_on_move(z, keep_last, &x);
        if (read_events(&x, z) == 0) {
            check_window(&x);
            add_notes(&x, z);
        }
    }
    (void)sink->push(sink->arg, &x.batch);
    batch_free(x.batch);
    buf_free(&x.rewritten);
    line_order_end(&x.order);
    splitter_free(z);
    unpack_close(s);
}
