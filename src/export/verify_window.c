#include "export/verify_run.h"

#include "base/line.h"
#include "base/mem.h"
#include "export/fragment.h"
#include "export/gzip_file.h"
#include "export/line_order.h"
#include "export/verify.h"

#include <inttypes.h>
#include <string.h>

void verify_job_problem(struct verify_job *j, const char *why)
{
    struct verify_place at = j->t->at;

    j->bad = 1;
    at.window = j->w;
    verify_report_problem(j->t->run->report, &at, "%s", why);
}

/* A window that is being inflated and looked at. */
struct reading {
    struct verify_job *j;
    struct fragment *fragment;
    struct buf text; /* inflated and still needed */
    size_t parsed;   /* bytes of text that were looked at */
    size_t hashed;   /* bytes of text in the digest of the content */
    int has_turn;
    struct line_order order;
    uint64_t events;
    int bad_event; /* one was reported */
};

/* What reading a fragment found wrong: reported where it is the data, the job's error else. */
static int failed(struct reading *d, struct err *e)
{
    if (e->code == ERR_FOREIGN)
        verify_job_problem(d->j, e->msg);
    else
        d->j->e = *e;
    return -1;
}

/* Wait until all windows before this one are in the digest of the content. */
static void take_turn(struct reading *d)
{
    if (!d->has_turn)
        pool_turns_wait(d->j->t->run->turns, &d->j->t->turn, d->j->index);
    d->has_turn = 1;
}

/* Add what was inflated to the digest of the content. */
static void hash_content(struct reading *d)
{
    take_turn(d);
    hash_update(d->j->t->content, d->text.data + d->hashed, d->text.len - d->hashed);
    d->hashed = d->text.len;
}

/* Let the next window have its turn. */
static void pass_turn(struct reading *d, int spoiled)
{
    struct verify_target *t = d->j->t;
    uint64_t plain = fragment_plain(d->fragment);

    take_turn(d);
    t->spoiled |= spoiled;
    t->crc = gzip_file_crc_append(t->crc, fragment_crc(d->fragment), plain);
    t->plain += plain;
    t->lines += d->events;
    pool_turns_pass(t->run->turns, &t->turn);
}

/* Report the first event of the window that is wrong. */
static void bad_event(struct reading *d, const char *why)
{
    struct verify_place at = d->j->t->at;

    if (d->bad_event)
        return;
    d->bad_event = d->j->bad = 1;
    at.window = d->j->w;
    verify_report_problem(d->j->t->run->report, &at, "event %" PRIu64 ": %s", d->events, why);
}

/* One event: readable, inside the window, behind the one before. */
static void check_event(struct reading *d, struct slice text)
{
    struct line line;
    struct err e = {0};
    const char *why;

    d->events++;
    if (d->bad_event)
        return;
    why = line_parse(&line, text, &e) != 0 ? e.msg : line_order_next(&d->order, line.ticks, text);
    if (why != NULL)
        bad_event(d, why);
}

/* Look at the whole lines in d->text. */
static void check_events(struct reading *d)
{
    const char *end;

    while ((end = memchr(d->text.data + d->parsed, '\n', d->text.len - d->parsed)) != NULL) {
        struct slice text = {d->text.data + d->parsed, 0};

        text.len = (size_t)(end - text.data);
        check_event(d, text);
        d->parsed += text.len + 1;
    }
}

/* Drop from d->text what was hashed and looked at. */
static void compact(struct reading *d)
{
    line_order_keep(&d->order);
    memmove(d->text.data, d->text.data + d->parsed, d->text.len - d->parsed);
    d->text.len -= d->parsed;
    d->hashed -= d->parsed;
    d->parsed = 0;
}

/* Inflate VERIFY_HOLD_BYTES more. Returns 1, 0 at the end, -1. */
static int inflate_piece(struct reading *d)
{
    size_t full = d->text.len + VERIFY_HOLD_BYTES;
    struct err e = {0};
    int more = 1;

    line_order_keep(&d->order);
    while (d->text.len < full && (more = fragment_read(d->fragment, &d->text, &e)) > 0)
        ;
    return more < 0 ? failed(d, &e) : more;
}

/* Inflate and look at the window, a bounded piece at a time. */
static int read_window(struct reading *d)
{
    uint64_t plain = d->j->w->plain;
    int more = 1;

    /* At once: a buffer that grows is copied. */
    buf_reserve(&d->text,
                (plain < VERIFY_HOLD_BYTES ? (size_t)plain : VERIFY_HOLD_BYTES) + FRAGMENT_CHUNK);
    while (more) {
        more = inflate_piece(d);
        if (more < 0)
            return -1;
        check_events(d);
        if (d->text.len - d->parsed > FRAGMENT_LINE_MAX) {
            verify_job_problem(d->j, "a line is longer than an event can be");
            return -1;
        }
        if (more) {
            hash_content(d);
            compact(d);
        }
    }
    return 0;
}

/* What the ledger says of the window against what was found. */
static void compare_window(struct reading *d)
{
    struct err e = {0};

    if (fragment_check(d->fragment, &e) != 0)
        (void)failed(d, &e);
    if (d->parsed != d->text.len)
        verify_job_problem(d->j, "its last event has no newline");
    if (d->events != d->j->w->events)
        verify_job_problem(d->j, "it has a different number of events than the ledger says");
    /* What the service sends is kept, whatever it is. */
    if (line_order_wrong(&d->order) != NULL && d->j->t->run->depth != VERIFY_WRITTEN)
        verify_job_problem(d->j, line_order_wrong(&d->order));
}

void verify_job_window(struct pool_job *base)
{
    struct verify_job *j = container_of(base, struct verify_job, base);
    struct reading d = {.j = j, .fragment = fragment_open(j->t->fd, j->t->path, j->w)};
    int ret;

    line_order_begin(&d.order, j->w, j->t->s->scope);
    ret = read_window(&d);
    j->first = d.order.first;
    j->last = d.order.last;
    j->conflicts = d.order.conflicts;
    if (ret == 0) {
        hash_content(&d);
        compare_window(&d);
    }
    pass_turn(&d, ret != 0);
    fragment_close(d.fragment);
    line_order_end(&d.order);
    buf_free(&d.text);
}
