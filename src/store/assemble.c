/*
 * Assembling. A file is a gzip header, the fragments of its windows in the order of time, an end
 * marker and the CRC-32 and length of the whole, which are put together from those of the windows.
 * Fragments are copied as they are, from the segment or from the export before. Only where a window
 * is in force in part, or where known lines are to be merged into it, its lines are decoded, merged
 * and encoded again.
 */
#include "store/assemble.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/folder.h"
#include "store/member.h"

#include <stdlib.h>
#include <string.h>

void assemble_close(struct assemble_room *x)
{
    struct err ignored;

    if (x->old_fd >= 0)
        (void)sys_close(x->old_fd, x->old_full, &ignored);
    x->old_fd = -1;
    free(x->old_full);
    x->old_full = NULL;
}

/* The file that holds a window's bytes, open; *name is for messages. */
static int open_bytes(struct assemble_room *x, struct journal_scope *s,
                      const struct journal_window *w, const char **name, struct err *e)
{
    if (!w->published) {
        if (s->segment.path == NULL && journal_open_segment(x->j, s, e) != 0)
            return -1;
        *name = s->segment.path;
        return s->segment.fd;
    }
    if (x->old_fd < 0 || x->old_path != s->base.files[w->w.file].path) {
        assemble_close(x);
        x->old_path = s->base.files[w->w.file].path;
        x->old_full = folder_join(x->j->dir, x->old_path);
        x->old_fd = sys_dir_file(x->j->root, x->old_path, SYS_READ, e);
    }
    *name = x->old_full;
    return x->old_fd;
}

/* ---- one scope ---- */

/* What a scope gathers. */
struct assembly {
    struct assemble_room *x;
    struct journal_scope *s;
    struct manifest_scope *out;
    struct member file; /* the open one; path NULL while there is none */
    int64_t day;        /* of the open file, with a split by day */
    size_t windows_cap, files_cap;
};

/* Close the open file and note it in the manifest. */
static int close_file(struct assembly *t, struct err *e)
{
    struct manifest_scope *out = t->out;
    struct manifest_file *f;

    if (t->file.path == NULL)
        return 0;
    if (member_finish(&t->file, 0, e) != 0)
        return -1;
    out->files = mem_grow(out->files, out->nfiles, &t->files_cap, sizeof(*out->files));
    f = &out->files[out->nfiles];
    memset(f, 0, sizeof(*f));
    f->bytes = t->file.size;
    f->content_bytes = t->file.plain;
    f->path = t->file.path;
    t->file.path = NULL;
    out->nfiles++;
    member_free(&t->file);
    return 0;
}

/* Make sure that the file for events at `ticks` is open. */
static int open_file(struct assembly *t, int64_t ticks, struct err *e)
{
    int split = t->x->j->query.split_day;
    char date[TIMESTAMP_TEXT_MAX];
    struct buf path = {0};
    int ret;

    if (t->file.path != NULL && (!split || t->day == timestamp_floor_day(ticks)))
        return 0;
    if (close_file(t, e) != 0)
        return -1;
    t->day = timestamp_floor_day(ticks);
    if (split)
        buf_printf(&path, "%s/date=%s/events.ndjson.gz", t->s->folder,
                   timestamp_format_date(ticks, date));
    else
        buf_printf(&path, "%s.ndjson.gz", t->s->file);
    ret = member_open(&t->file, t->x->j->root, t->x->out, path.data, e);
    buf_free(&path);
    return ret;
}

/* Note one window whose bytes were, or are about to be, put at the end of the open file. */
static struct manifest_window *note_window(struct assembly *t, const struct manifest_window *w,
                                           int64_t from, int64_t to,
                                           const struct manifest_window *asked)
{
    struct manifest_scope *out = t->out;
    struct manifest_window *n;
    size_t i;

    out->windows = mem_grow(out->windows, out->nwindows, &t->windows_cap, sizeof(*out->windows));
    n = &out->windows[out->nwindows++];
    *n = *w;
    n->from = from;
    n->to = to;
    n->file = w->events > 0 ? (int)out->nfiles : -1;
    n->offset = w->events > 0 ? t->file.size : 0;
    n->asked_at = asked->asked_at;
    n->closed = asked->closed;
    n->resumed_from = asked->resumed_from;
    n->nrequest_ids = asked->nrequest_ids;
    n->request_ids = mem_zalloc(asked->nrequest_ids + 1, sizeof(char *));
    for (i = 0; i < asked->nrequest_ids; i++)
        n->request_ids[i] = mem_strdup(asked->request_ids[i]);
    out->events += w->events;
    member_note(&t->file, w->crc, w->plain);
    return n;
}

/* Lines that were to be fetched again and were not are kept, but the next run must ask for them. */
static void unsettle(struct manifest_window *n, const struct coverage_piece *p)
{
    if (p->w->kept && n->asked_at > n->from)
        n->asked_at = n->from;
}

/* Lines that are merged in may come from an earlier run, too. */
static void note_resumed(struct manifest_window *n, const struct coverage_piece *p)
{
    size_t i;

    for (i = 0; i < p->nkept; i++) {
        int64_t from = p->kept[i]->w.resumed_from;

        if (from != 0 && (n->resumed_from == 0 || from < n->resumed_from))
            n->resumed_from = from;
    }
}

/* Copy a window as it is. */
static int copy_piece(struct assembly *t, const struct coverage_piece *p, struct err *e)
{
    const struct manifest_window *w = &p->w->w;
    struct manifest_window *n;
    const char *name;
    int fd;

    if (w->events > 0 && open_file(t, p->from, e) != 0)
        return -1;
    n = note_window(t, w, p->from, p->to, w);
    unsettle(n, p);
    if (w->events == 0)
        return 0;
    fd = open_bytes(t->x, t->s, p->w, &name, e);
    return fd < 0 ? -1 : member_copy(&t->file, fd, name, w->offset, w->deflated, e);
}

/* Put `len` bytes of an encoded piece behind the open file: they begin in the result's file, if it
 * has one, and go on in memory. */
static int put_bytes(struct assembly *t, const struct segment_result *r, uint64_t offset,
                     uint64_t len, struct err *e)
{
    uint64_t in_file = r->fd >= 0 ? r->bytes - r->memory.len : 0, part = 0;

    if (offset < in_file) {
        part = offset + len > in_file ? in_file - offset : len;
        if (member_copy(&t->file, r->fd, "temporary file", offset, part, e) != 0)
            return -1;
    }
    return part == len
               ? 0
               : member_write(&t->file, r->memory.data + (offset + part - in_file), len - part, e);
}

/* Put the windows of an encoded piece into files. */
static int put_result(struct assembly *t, const struct segment_result *r,
                      const struct coverage_piece *p, struct err *e)
{
    size_t i;

    for (i = 0; i < r->nwindows; i++) {
        const struct segment_window *w = &r->windows[i];
        struct manifest_window *n;

        if (w->w.events > 0 && open_file(t, w->w.from, e) != 0)
            return -1;
        n = note_window(t, &w->w, w->w.from, w->w.to, &p->w->w);
        note_resumed(n, p);
        unsettle(n, p);
        if (put_bytes(t, r, w->w.offset, w->w.deflated, e) != 0)
            return -1;
    }
    return 0;
}

/* Open the bytes of one window as a source of lines. A published file is opened for itself, since
 * several may be needed at a time; *fd and *name are then the caller's to close and to free. */
static struct segment_source *open_source(struct assembly *t, const struct journal_window *w,
                                          int *fd, char **name, struct err *e)
{
    const char *path;

    *fd = -1;
    if (!w->published) {
        if (t->s->segment.path == NULL && journal_open_segment(t->x->j, t->s, e) != 0)
            return NULL;
        return segment_from_fragment(t->s->segment.fd, t->s->segment.path, &w->w);
    }
    path = t->s->base.files[w->w.file].path;
    *fd = sys_dir_file(t->x->j->root, path, SYS_READ, e);
    if (*fd < 0)
        return NULL;
    *name = folder_join(t->x->j->dir, path);
    return segment_from_fragment(*fd, *name, &w->w);
}

/* Decode a piece and what is merged into it, and encode it again. *r is the caller's to free. */
static int encode_piece(struct assembly *t, const struct coverage_piece *p,
                        struct segment_result *r, struct err *e)
{
    const struct segment_params params = {
        p->from,         p->to, t->x->level, t->x->target_plain, t->x->j->query.split_day,
        t->x->j->partial};
    size_t max = p->nkept + 1, n = 0, i;
    struct segment_source **sources = mem_zalloc(max, sizeof(struct segment_source *));
    int *fds = mem_zalloc(max, sizeof(int));
    char **names = mem_zalloc(max, sizeof(char *));
    struct err ignored;
    int ret = -1;

    for (i = 0; i < max; i++) {
        const struct journal_window *w = i == 0 ? p->w : p->kept[i - 1];

        if (w->w.events == 0)
            continue;
        sources[n] = open_source(t, w, &fds[n], &names[n], e);
        if (sources[n] == NULL)
            goto out;
        n++;
    }
    ret = segment_encode(r, &params, sources, n, 0, e);
out:
    for (i = 0; i < n; i++) {
        segment_source_free(sources[i]);
        (void)sys_close(fds[i], names[i], &ignored);
        free(names[i]);
    }
    free(names);
    free(sources);
    free(fds);
    return ret;
}

/* Merge a piece into the files. */
static int merge_piece(struct assembly *t, const struct coverage_piece *p, struct err *e)
{
    struct segment_result r = {.fd = -1};
    int ret = encode_piece(t, p, &r, e);

    if (ret == 0)
        ret = put_result(t, &r, p, e);
    segment_result_free(&r);
    return ret;
}

/* Copy a text of the journal into the manifest. */
static char *copy_text(const char *text)
{
    return text == NULL ? NULL : mem_strdup(text);
}

/* Up to where nothing can come late any more: what is beyond retention cannot, if it was followed
 * by anything, and if what was asked for before it was asked for late enough. */
static int64_t settled_until(const struct journal_scope *s, const struct journal_query *q)
{
    int64_t from_start, behind;
    size_t i;

    if (s->nwindows == 0)
        return 0;
    from_start = journal_settled_until(s, q->since, q->until);
    if (s->expired <= q->since)
        return from_start;
    for (i = 0; i < s->nwindows; i++) {
        const struct journal_window *w = &s->windows[i];

        if (w->from < s->expired && w->w.asked_at - MANIFEST_SETTLE_TICKS < w->to)
            return from_start;
    }
    behind = journal_settled_until(s, s->expired, q->until);
    return behind > s->expired ? behind : from_start;
}

/* What the manifest says of a scope besides files and windows. */
static void describe_scope(struct assembly *t)
{
    const struct journal_query *q = &t->x->j->query;
    struct manifest_scope *out = t->out;
    struct journal_scope *s = t->s;
    size_t i;

    out->scope = copy_text(s->scope);
    out->status = copy_text(s->status);
    out->right = s->right;
    out->error_code = copy_text(s->error_code);
    out->error_message = copy_text(s->error_message);
    out->settled_until = settled_until(s, q);
    out->duplicates_dropped = s->base.duplicates_dropped;
    out->outside_range = s->base.outside_range;
    out->requests = s->requests;
    out->retries = s->retries;
    for (i = 0; i < s->nwindows; i++) {
        const struct journal_window *w = &s->windows[i];

        if (w->kept || w->published)
            continue;
        out->duplicates_dropped += w->duplicates;
        out->outside_range += w->outside;
    }
}

/* Until the files are renamed, nothing is lost by stopping. */
static int check_interrupt(struct err *e)
{
    return sys_interrupted() ? err_set(e, ERR_INTERRUPTED, "interrupted") : 0;
}

int assemble_scope(struct assemble_room *x, struct journal_scope *s, struct manifest_scope *out,
                   struct err *e)
{
    const struct journal_query *q = &x->j->query;
    struct assembly t = {.x = x, .s = s, .out = out, .file = {.fd = -1}};
    struct coverage_piece *pieces = NULL;
    size_t n = 0, i;
    int ret = -1;

    describe_scope(&t);
    if (coverage_find(s, q->since, q->until, &pieces, &n, e) != 0)
        goto out;
    /* A scope that was read and is empty is an empty file; one that was not read is none. */
    if (!q->split_day && n > 0 && open_file(&t, q->since, e) != 0)
        goto out;
    for (i = 0; i < n; i++) {
        const struct journal_window *w = pieces[i].w;
        int whole = pieces[i].nkept == 0 &&
                    (w->w.events == 0 || (pieces[i].from == w->w.from && pieces[i].to == w->w.to));

        if (check_interrupt(e) != 0 ||
            (whole ? copy_piece(&t, &pieces[i], e) : merge_piece(&t, &pieces[i], e)) != 0)
            goto out;
    }
    ret = close_file(&t, e);
out:
    if (ret != 0)
        (void)err_wrap(e, "%s", s->scope);
    segment_close(&s->segment);
    coverage_free(pieces, n);
    member_free(&t.file);
    return ret;
}
