#include "export/verify_job.h"

#include "base/json.h"
#include "base/line.h"
#include "base/sys.h"
#include "export/gzip_file.h"
#include "export/verify_ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/*
 * How the work is shared. For each file there is one job that hashes its bytes from end to end,
 * and one job for each window that inflates the window and looks at its events. The digest of the
 * content needs the windows in their order: a job that has inflated its window (or
 * VERIFY_HOLD_BYTES of it) waits for its turn and then adds its text. The pool starts jobs in the
 * order they came, so the job whose turn it is always runs.
 */

/* Bytes of a file that are read at a time. */
#define CHUNK (64U << 10)

/* Report what is wrong with the job's window or file. */
static void problem(const struct verify_job *j, const char *why)
{
    struct verify_place at = j->t->at;

    at.window = j->w;
    verify_report_problem(j->t->c->r, &at, "%s", why);
}

/* ---- one window ---- */

/* A window that is being inflated and looked at. */
struct reading {
    struct verify_job *j;
    z_stream z;
    unsigned char in[CHUNK];
    uint64_t offset, left; /* of the fragment's bytes not yet read */
    uint64_t plain;        /* inflated so far */
    uint32_t crc;
    struct buf text; /* inflated and still needed */
    size_t parsed;   /* bytes of text that were looked at */
    size_t hashed;   /* bytes of text in the digest of the content */
    int has_turn;
    int has_last;
    size_t last_at, last_len; /* where in text the last event is */
    uint64_t events;
    int bad_event;   /* one was reported */
    uint64_t stop;   /* bytes of the fragment read up to the last end of a block but one, */
    int stop_unused; /* and the unused bits in the last of them */
    uint64_t stop_next;
    int stop_next_unused;
};

/* Why a fragment is not what the ledger says. Returns -1, as nothing was wrong with reading. */
static int damaged(struct reading *d, const char *why)
{
    problem(d->j, why);
    return -1;
}

/* Remember the last two ends of blocks: the last but one is where the flush marker begins. */
static void note_block(struct reading *d)
{
    uint64_t at = d->j->w->deflated - d->left - d->z.avail_in;
    int unused = d->z.data_type & 7;

    if (!(d->z.data_type & 128) || (at == d->stop_next && unused == d->stop_next_unused))
        return;
    d->stop = d->stop_next;
    d->stop_unused = d->stop_next_unused;
    d->stop_next = at;
    d->stop_next_unused = unused;
}

/* Make the next bytes of the fragment available. */
static int refill(struct reading *d)
{
    struct verify_target *t = d->j->t;
    size_t want = d->left < CHUNK ? (size_t)d->left : CHUNK;
    long n = sys_read_at(t->fd, d->offset, d->in, want, t->path, &d->j->e);

    if (n < 0)
        return -1;
    if ((size_t)n < want)
        return damaged(d, "the file ends inside the window");
    d->z.next_in = d->in;
    d->z.avail_in = (unsigned)n;
    d->offset += (uint64_t)n;
    d->left -= (uint64_t)n;
    return 0;
}

/* Inflate more into d->text. Returns 1, or 0 at the end of the fragment, or -1. */
static int inflate_some(struct reading *d)
{
    size_t before, got;
    int ret;

    if (d->z.avail_in == 0 && d->left > 0 && refill(d) != 0)
        return -1;
    if (buf_reserve(&d->text, CHUNK) != 0)
        return err_memory(&d->j->e, d->j->t->path);
    before = d->text.cap - d->text.len;
    if (before > UINT32_MAX)
        before = UINT32_MAX;
    d->z.next_out = (unsigned char *)d->text.data + d->text.len;
    d->z.avail_out = (unsigned)before;
    ret = inflate(&d->z, Z_BLOCK);
    got = before - d->z.avail_out;
    d->crc = (uint32_t)crc32_z(d->crc, (unsigned char *)d->text.data + d->text.len, got);
    d->text.len += got;
    d->plain += got;
    if (ret == Z_STREAM_END)
        return damaged(d, "the compressed stream ends inside the window");
    if (ret != Z_OK && ret != Z_BUF_ERROR)
        return damaged(d, d->z.msg != NULL ? d->z.msg : "it cannot be inflated");
    if (d->plain > d->j->w->plain)
        return damaged(d, "more bytes than the ledger says");
    note_block(d);
    return d->z.avail_in > 0 || d->left > 0 || got > 0;
}

/* A fragment ends in a full flush: `000`, zero bits up to a whole byte, 00 00 ff ff; whatever
 * comes next begins a new block. The padding is outside every other check but the file's digest. */
static int check_flush(struct reading *d)
{
    static const unsigned char mark[4] = {0, 0, 0xff, 0xff};
    unsigned char tail[6] = {0}, end[2] = {3, 0}, none[1];
    const struct manifest_window *w = d->j->w;
    struct verify_target *t = d->j->t;
    size_t n = w->deflated < sizeof(tail) ? (size_t)w->deflated : sizeof(tail);
    unsigned char *p = tail + sizeof(tail) - n;
    uint64_t begun = w->deflated - d->stop; /* bytes behind the block before the mark */

    if (sys_read_at(t->fd, w->offset + w->deflated - n, p, n, t->path, &d->j->e) != (long)n)
        return d->j->e.code != 0 ? -1 : damaged(d, "the file ends inside the window");
    d->z.next_in = end;
    d->z.avail_in = sizeof(end);
    d->z.next_out = none;
    d->z.avail_out = sizeof(none);
    if (memcmp(tail + 2, mark, sizeof(mark)) != 0 || (begun != 4 && begun != 5) ||
        d->stop_next != w->deflated || inflate(&d->z, Z_FINISH) != Z_STREAM_END ||
        d->z.avail_in != 0 || d->z.avail_out != sizeof(none))
        return damaged(d, "the fragment does not end in a full flush");
    if (((begun == 5 ? tail[0] : tail[1]) >> (8 - d->stop_unused)) != 0 ||
        (begun == 5 && tail[1] != 0))
        return damaged(d, "the padding before its flush mark is not zero");
    return 0;
}

/* Wait until all windows before this one are in the digest of the content. */
static void take_turn(struct reading *d)
{
    if (!d->has_turn)
        pool_turns_wait(d->j->t->c->turns, &d->j->t->turn, d->j->index);
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

    take_turn(d);
    t->spoiled |= spoiled;
    t->crc = gzip_file_crc_append(t->crc, d->crc, d->plain);
    t->plain += d->plain;
    pool_turns_pass(t->c->turns, &t->turn);
}

/* Report the first event of the window that is wrong. */
static void bad_event(struct reading *d, const char *why)
{
    struct verify_place at = d->j->t->at;

    if (d->bad_event)
        return;
    d->bad_event = 1;
    at.window = d->j->w;
    verify_report_problem(d->j->t->c->r, &at, "event %" PRIu64 ": %s", d->events, why);
}

/* One event: readable, inside the window, behind the one before. */
static void check_event(struct reading *d, struct slice text, struct line *last)
{
    struct line line;
    struct err why = {0};
    int order;

    d->events++;
    if (d->bad_event)
        return;
    if (line_parse(&line, text, &why) != 0) {
        bad_event(d, why.msg);
        return;
    }
    if (line.ticks < d->j->w->from || line.ticks >= d->j->w->to)
        bad_event(d, "its time is outside the window");
    order = d->has_last ? line_compare(last, &line) : -1;
    if (order >= 0)
        bad_event(d, order == 0 ? "the same as the one before" : "out of order");
    if (!d->has_last)
        d->j->first = line.ticks;
    d->j->last = line.ticks;
    d->has_last = 1;
    *last = line;
}

/* Look at the whole lines in d->text. */
static int check_events(struct reading *d)
{
    struct line last = {0};
    const char *end;

    if (d->has_last) {
        struct slice again = {d->text.data + d->last_at, d->last_len};
        struct err ignored;

        if (line_parse(&last, again, &ignored) != 0)
            return err_set(&d->j->e, ERR_INTERNAL, "an event cannot be read twice");
    }
    while ((end = memchr(d->text.data + d->parsed, '\n', d->text.len - d->parsed)) != NULL) {
        struct slice text = {d->text.data + d->parsed, 0};

        text.len = (size_t)(end - text.data);
        check_event(d, text, &last);
        d->parsed += text.len + 1;
    }
    if (d->has_last) {
        d->last_at = (size_t)(last.bytes.data - d->text.data);
        d->last_len = last.bytes.len;
    }
    return 0;
}

/* Drop from d->text what was hashed and looked at, but the last event. */
static void compact(struct reading *d)
{
    size_t keep = d->has_last && d->last_at < d->parsed ? d->last_at : d->parsed;

    memmove(d->text.data, d->text.data + keep, d->text.len - keep);
    d->text.len -= keep;
    d->parsed -= keep;
    d->hashed -= keep;
    d->last_at -= d->has_last ? keep : 0;
}

/* Inflate and look at the window, a bounded piece at a time. */
static int read_window(struct reading *d)
{
    int more = 1;

    while (more) {
        size_t full = d->text.len + VERIFY_HOLD_BYTES;

        while (d->text.len < full && (more = inflate_some(d)) > 0)
            ;
        if (more < 0 || check_events(d) != 0)
            return -1;
        if (d->text.len - d->parsed > VERIFY_LINE_MAX)
            return damaged(d, "a line is longer than an event can be");
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
    const struct manifest_window *w = d->j->w;

    if (d->plain != w->plain)
        problem(d->j, "fewer bytes than the ledger says");
    else if (d->crc != w->crc)
        problem(d->j, "its CRC-32 is not the one in the ledger");
    if (d->parsed != d->text.len)
        problem(d->j, "its last event has no newline");
    if (d->events != w->events)
        problem(d->j, "it has another number of events than the ledger says");
}

void verify_run_window(struct pool_job *base)
{
    struct verify_job *j = (struct verify_job *)base;
    struct reading *d = calloc(1, sizeof(*d));
    struct reading none = {.j = j};
    int ret = -1, ready = 0;

    if (d == NULL) {
        (void)err_memory(&j->e, j->t->path);
        pass_turn(&none, 1);
        return;
    }
    d->j = j;
    d->offset = j->w->offset;
    d->left = j->w->deflated;
    ready = inflateInit2(&d->z, -15) == Z_OK;
    if (!ready)
        (void)err_memory(&j->e, j->t->path);
    else
        ret = read_window(d);
    if (ret == 0) {
        hash_content(d);
        compare_window(d);
        (void)check_flush(d);
    }
    pass_turn(d, ret != 0);
    if (ready)
        (void)inflateEnd(&d->z);
    buf_free(&d->text);
    free(d);
}

/* ---- a file without a ledger ---- */

/* A file of lines that is being inflated from end to end. */
struct lines {
    struct verify_job *j;
    z_stream z;
    unsigned char in[CHUNK];
    struct buf text; /* the line that is not yet whole */
    uint64_t number; /* of lines so far */
    int bad;         /* one was reported */
};

/* Look at the whole lines inflated so far: each is one JSON object. */
static int check_lines(struct lines *l)
{
    struct verify_target *t = l->j->t;
    size_t done = 0;
    const char *end;

    while ((end = memchr(l->text.data + done, '\n', l->text.len - done)) != NULL) {
        struct slice text = {l->text.data + done, (size_t)(end - l->text.data) - done};
        struct err why = {0};

        l->number++;
        done += text.len + 1;
        if (l->bad || (json_check(text, NULL, NULL, &why) == 0 && json_kind(text) == JSON_OBJECT))
            continue;
        l->bad = 1;
        verify_report_problem(t->c->r, &t->at, "line %" PRIu64 ": %s", l->number,
                              why.code != 0 ? why.msg : "not a JSON object");
    }
    memmove(l->text.data, l->text.data + done, l->text.len - done);
    l->text.len -= done;
    if (l->text.len > VERIFY_LINE_MAX)
        return err_set(&l->j->e, ERR_UNTRUSTED, "%s: line %" PRIu64 " is too long", t->at.name,
                       l->number + 1);
    return 0;
}

/* Inflate one chunk. Returns 1, or 0 at the end of the stream, or -1. */
static int inflate_lines(struct lines *l)
{
    struct verify_target *t = l->j->t;
    size_t room;
    int ret;

    if (buf_reserve(&l->text, CHUNK) != 0)
        return err_memory(&l->j->e, t->path);
    room = CHUNK;
    l->z.next_out = (unsigned char *)l->text.data + l->text.len;
    l->z.avail_out = (unsigned)room;
    ret = inflate(&l->z, Z_NO_FLUSH);
    room -= l->z.avail_out;
    t->crc = (uint32_t)crc32_z(t->crc, (unsigned char *)l->text.data + l->text.len, room);
    t->plain += room;
    l->text.len += room;
    if (ret != Z_OK && ret != Z_STREAM_END && ret != Z_BUF_ERROR) {
        problem(l->j, l->z.msg != NULL ? l->z.msg : "it cannot be inflated");
        return -1;
    }
    if (check_lines(l) != 0)
        return -1;
    return ret == Z_STREAM_END ? 0 : 1;
}

/* Inflate from behind the header to the end of the stream. */
static int read_lines(struct lines *l)
{
    struct verify_target *t = l->j->t;
    uint64_t offset = GZIP_FILE_HEADER;
    int more = 1;

    while (more > 0) {
        if (l->z.avail_in == 0) {
            long n = sys_read_at(t->fd, offset, l->in, CHUNK, t->path, &l->j->e);

            if (n < 0)
                return -1;
            if (n == 0) {
                problem(l->j, "it ends before its compressed stream does");
                return -1;
            }
            l->z.next_in = l->in;
            l->z.avail_in = (unsigned)n;
            offset += (uint64_t)n;
        }
        more = inflate_lines(l);
    }
    if (more == 0 && offset - l->z.avail_in + 8 != t->size)
        problem(l->j, "it is not exactly one gzip member");
    if (more == 0 && l->text.len > 0)
        problem(l->j, "its last line has no newline");
    return more;
}

void verify_run_lines(struct pool_job *base)
{
    struct verify_job *j = (struct verify_job *)base;
    struct verify_target *t = j->t;
    struct lines *l = calloc(1, sizeof(*l));

    if (l == NULL || inflateInit2(&l->z, -15) != Z_OK) {
        (void)err_memory(&j->e, t->path);
        free(l);
        return;
    }
    l->j = j;
    t->spoiled = read_lines(l) != 0;
    if (j->e.code == 0)
        (void)verify_frame(t, &j->e);
    (void)inflateEnd(&l->z);
    buf_free(&l->text);
    free(l);
}
