/*
 * Stitching. A file is a gzip header, the fragments of its windows in the order of time, an end
 * marker and the CRC-32 and length of the whole, which are put together from those of the windows.
 * Fragments are copied as they are, from the segment or from the export before. Only where a window
 * is in force in part, or where known lines are to be merged into it, its lines are decoded, merged
 * and encoded again.
 */
#include "store/export.h"

#include "base/fault.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "store/folder.h"
#include "store/pieces.h"
#include "store/readback.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Bytes copied or read at a time. */
#define EXPORT_CHUNK (256U << 10)

/* ---- writing one file ---- */

/* A gzip file that is being written. */
struct member {
    int fd;
    char *path;    /* below .partial/out; owned */
    char *full;    /* owned */
    uint64_t size; /* bytes written */
    uint64_t plain;
    uint32_t crc;
};

/* The state of one export_publish. */
struct exporter {
    struct journal *j;
    struct manifest *m;
    const struct export_params *params;
    char *out;                     /* DIR/.partial/out */
    struct journal_publish *files; /* what is to be published, data first */
    size_t nfiles;
    /* the published file that bytes are copied from, kept open between windows */
    int old_fd;
    const char *old_path;
    char *old_full;
};

static int member_open(struct exporter *x, struct member *f, const char *path, struct err *e)
{
    memset(f, 0, sizeof(*f));
    f->fd = -1;
    f->crc = (uint32_t)crc32(0, NULL, 0);
    f->path = slice_dup(slice_of(path));
    f->full = folder_join(x->out, path, e);
    if (f->path == NULL || f->full == NULL)
        return err_memory(e, path);
    if (folder_make_above(x->out, path, e) != 0)
        return -1;
    f->fd = sys_open(f->full, SYS_REPLACE, e);
    if (f->fd < 0 || sys_write(f->fd, segment_header, SEGMENT_HEADER, f->full, e) != 0)
        return -1;
    f->size = SEGMENT_HEADER;
    return 0;
}

/* End the member and close the file, which is synced here or when it is read back. */
static int member_finish(struct member *f, int sync, struct err *e)
{
    unsigned char t[SEGMENT_TRAILER];
    int fd = f->fd;

    segment_trailer(f->crc, f->plain, t);
    if (sys_write(fd, t, sizeof(t), f->full, e) != 0 || (sync && sys_sync(fd, f->full, e) != 0))
        return -1;
    f->size += sizeof(t);
    f->fd = -1;
    return sys_close(fd, f->full, e);
}

static void member_free(struct member *f)
{
    struct err ignored;

    if (f->fd >= 0)
        (void)sys_close(f->fd, f->full, &ignored);
    free(f->path);
    free(f->full);
    memset(f, 0, sizeof(*f));
    f->fd = -1;
}

/* Copy `len` bytes at `offset` of fd (or of memory) behind the file. */
static int member_copy(struct member *f, int fd, const char *name, uint64_t offset, uint64_t len,
                       struct err *e)
{
    char *chunk = malloc(EXPORT_CHUNK);
    uint64_t end = offset + len;

    if (chunk == NULL)
        return err_memory(e, name);
    while (offset < end) {
        size_t want = end - offset > EXPORT_CHUNK ? EXPORT_CHUNK : (size_t)(end - offset);
        long n = sys_read_at(fd, offset, chunk, want, name, e);

        if (n >= 0 && (size_t)n != want)
            n = err_set(e, ERR_FOREIGN, "%s: shorter than the ledger says", name);
        if (n < 0 || sys_write(f->fd, chunk, want, f->full, e) != 0) {
            free(chunk);
            return -1;
        }
        offset += want;
    }
    free(chunk);
    f->size += len;
    return 0;
}

/* Close the published file that was copied from last. */
static void close_old(struct exporter *x)
{
    struct err ignored;

    if (x->old_fd >= 0)
        (void)sys_close(x->old_fd, x->old_full, &ignored);
    x->old_fd = -1;
    free(x->old_full);
    x->old_full = NULL;
}

/* The file that holds a window's bytes, open; *name is for messages. */
static int open_bytes(struct exporter *x, struct journal_scope *s, const struct journal_window *w,
                      const char **name, struct err *e)
{
    const char *path;

    if (!w->published) {
        if (s->segment.path == NULL && journal_open_segment(x->j, s, e) != 0)
            return -1;
        *name = s->segment.path;
        return s->segment.fd;
    }
    path = s->base.files[w->w.file].path;
    if (x->old_fd >= 0 && x->old_path == path) {
        *name = x->old_full;
        return x->old_fd;
    }
    close_old(x);
    x->old_full = folder_join(x->j->dir, path, e);
    if (x->old_full == NULL)
        return -1;
    x->old_path = path;
    x->old_fd = sys_open_inside(x->old_full, e);
    *name = x->old_full;
    return x->old_fd;
}

/* ---- one scope ---- */

/* What a scope's stitching gathers. */
struct stitch {
    struct exporter *x;
    struct journal_scope *s;
    struct manifest_scope *out;
    struct member file; /* the open one; path NULL while there is none */
    int64_t day;        /* of the open file, with a split by day */
    size_t wcap;
};

/* Note a file that is ready under .partial/out. */
static int add_file(struct exporter *x, const char *path, struct err *e)
{
    struct journal_publish *list = realloc(x->files, (x->nfiles + 1) * sizeof(*list));

    if (list == NULL)
        return err_memory(e, path);
    x->files = list;
    memset(&list[x->nfiles], 0, sizeof(*list));
    list[x->nfiles].path = slice_dup(slice_of(path));
    if (list[x->nfiles].path == NULL)
        return err_memory(e, path);
    x->nfiles++;
    return 0;
}

/* Close the open file and note it in the manifest. */
static int close_file(struct stitch *t, struct err *e)
{
    struct manifest_scope *out = t->out;
    struct manifest_file *files;

    if (t->file.path == NULL)
        return 0;
    if (member_finish(&t->file, 0, e) != 0 || add_file(t->x, t->file.path, e) != 0)
        return -1;
    files = realloc(out->files, (out->nfiles + 1) * sizeof(*files));
    if (files == NULL)
        return err_memory(e, t->s->scope);
    out->files = files;
    memset(&files[out->nfiles], 0, sizeof(*files));
    files[out->nfiles].bytes = t->file.size;
    files[out->nfiles].content_bytes = t->file.plain;
    files[out->nfiles].path = t->file.path;
    t->file.path = NULL;
    out->nfiles++;
    member_free(&t->file);
    return 0;
}

/* Make sure that the file for events at `ticks` is open. */
static int open_file(struct stitch *t, int64_t ticks, struct err *e)
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
    ret = split ? buf_printf(&path, "%s/date=%s/events.ndjson.gz", t->s->folder,
                             timestamp_format_date(ticks, date))
                : buf_printf(&path, "%s.ndjson.gz", t->s->file);
    ret = ret != 0 ? err_memory(e, t->s->scope) : member_open(t->x, &t->file, path.data, e);
    buf_free(&path);
    return ret;
}

/* A zeroed window at the end of the manifest's. */
static struct manifest_window *add_window(struct stitch *t, struct err *e)
{
    struct manifest_scope *out = t->out;

    if (out->nwindows == t->wcap) {
        size_t cap = t->wcap ? t->wcap * 2 : 64;
        struct manifest_window *w = realloc(out->windows, cap * sizeof(*w));

        if (w == NULL) {
            (void)err_memory(e, t->s->scope);
            return NULL;
        }
        out->windows = w;
        t->wcap = cap;
    }
    memset(&out->windows[out->nwindows], 0, sizeof(*out->windows));
    return &out->windows[out->nwindows++];
}

/* Note one window whose bytes were, or are about to be, put at the end of the open file. */
static struct manifest_window *note_window(struct stitch *t, const struct manifest_window *w,
                                           int64_t from, int64_t to,
                                           const struct manifest_window *asked, struct err *e)
{
    struct manifest_window *n = add_window(t, e);
    size_t i;

    if (n == NULL)
        return NULL;
    *n = *w;
    n->from = from;
    n->to = to;
    n->file = w->events > 0 ? (int)t->out->nfiles : -1;
    n->offset = w->events > 0 ? t->file.size : 0;
    n->asked_at = asked->asked_at;
    n->closed = asked->closed;
    n->nrequest_ids = 0;
    n->request_ids = calloc(asked->nrequest_ids + 1, sizeof(char *));
    if (n->request_ids == NULL) {
        (void)err_memory(e, t->s->scope);
        return NULL;
    }
    for (i = 0; i < asked->nrequest_ids; i++) {
        n->request_ids[i] = slice_dup(slice_of(asked->request_ids[i]));
        if (n->request_ids[i] == NULL) {
            (void)err_memory(e, t->s->scope);
            return NULL;
        }
        n->nrequest_ids++;
    }
    t->out->events += w->events;
    t->file.crc = segment_crc_append(t->file.crc, w->crc, w->plain);
    t->file.plain += w->plain;
    return n;
}

/* Widen the scope's first and last event. */
static void note_events(struct stitch *t, int64_t first, int64_t last)
{
    if (first != 0 && (t->out->first_event == 0 || first < t->out->first_event))
        t->out->first_event = first;
    if (last > t->out->last_event)
        t->out->last_event = last;
}

/* Lines that were to be fetched again and were not are kept, but the next run must ask for them. */
static void unsettle(struct manifest_window *n, const struct piece *p)
{
    if (p->w->kept && n->asked_at > n->from)
        n->asked_at = n->from;
}

/* Whether any line of a piece comes from the export before. */
static int from_published(const struct piece *p)
{
    int published = p->w->published;
    size_t i;

    for (i = 0; i < p->nkept; i++)
        published |= p->kept[i]->published;
    return published;
}

/* Copy a window as it is. */
static int copy_piece(struct stitch *t, const struct piece *p, struct err *e)
{
    const struct manifest_window *w = &p->w->w;
    struct manifest_window *n;
    const char *name;
    int fd;

    if (w->events > 0 && open_file(t, p->from, e) != 0)
        return -1;
    n = note_window(t, w, p->from, p->to, w, e);
    if (n == NULL)
        return -1;
    unsettle(n, p);
    note_events(t, p->w->first, p->w->last);
    if (w->events == 0)
        return 0;
    fd = open_bytes(t->x, t->s, p->w, &name, e);
    return fd < 0 ? -1 : member_copy(&t->file, fd, name, w->offset, w->deflated, e);
}

/* Put the windows of an encoded piece into files. */
static int put_result(struct stitch *t, const struct segment_result *r, const struct piece *p,
                      struct err *e)
{
    uint64_t in_file = r->fd >= 0 ? r->bytes - r->memory.len : 0;
    size_t i;

    for (i = 0; i < r->nwindows; i++) {
        const struct segment_window *w = &r->windows[i];
        struct manifest_window *n;

        if (w->w.events > 0 && open_file(t, w->w.from, e) != 0)
            return -1;
        n = note_window(t, &w->w, w->w.from, w->w.to, &p->w->w, e);
        if (n == NULL)
            return -1;
        unsettle(n, p);
        note_events(t, w->first, w->last);
        /* Those of published lines are in the scope's count already. */
        t->out->conflicting_ids += from_published(p) ? 0 : w->conflicts;
        if (w->w.offset < in_file) {
            uint64_t part =
                w->w.offset + w->w.deflated > in_file ? in_file - w->w.offset : w->w.deflated;

            if (member_copy(&t->file, r->fd, "temporary file", w->w.offset, part, e) != 0)
                return -1;
            if (part < w->w.deflated) {
                if (sys_write(t->file.fd, r->memory.data, w->w.deflated - part, t->file.full, e) !=
                    0)
                    return -1;
                t->file.size += w->w.deflated - part;
            }
        } else if (w->w.deflated > 0) {
            if (sys_write(t->file.fd, r->memory.data + (w->w.offset - in_file), w->w.deflated,
                          t->file.full, e) != 0)
                return -1;
            t->file.size += w->w.deflated;
        }
    }
    return 0;
}

/* Open the bytes of one window as a source of lines. A published file is opened for itself, since
 * several may be needed at a time; *fd is then the caller's to close. */
static struct segment_source *open_source(struct stitch *t, const struct journal_window *w, int *fd,
                                          char **name, struct err *e)
{
    struct segment_source *s;

    *fd = -1;
    *name = NULL;
    if (w->published) {
        *name = folder_join(t->x->j->dir, t->s->base.files[w->w.file].path, e);
        if (*name == NULL)
            return NULL;
        *fd = sys_open_inside(*name, e);
        if (*fd < 0)
            return NULL;
        s = segment_from_fragment(*fd, *name, &w->w);
    } else {
        if (t->s->segment.path == NULL && journal_open_segment(t->x->j, t->s, e) != 0)
            return NULL;
        s = segment_from_fragment(t->s->segment.fd, t->s->segment.path, &w->w);
    }
    if (s == NULL)
        (void)err_memory(e, t->s->scope);
    return s;
}

/* Decode a piece and what is merged into it, and encode it again. */
static int merge_piece(struct stitch *t, const struct piece *p, struct err *e)
{
    const struct segment_params params = {p->from,
                                          p->to,
                                          t->x->params->level,
                                          t->x->params->target_plain,
                                          t->x->j->query.split_day,
                                          t->x->j->folder};
    size_t max = p->nkept + 1, n = 0, i;
    struct segment_source **sources = calloc(max, sizeof(struct segment_source *));
    int *fds = calloc(max, sizeof(int));
    char **names = calloc(max, sizeof(char *));
    struct segment_result r = {.fd = -1};
    struct err ignored;
    int ret = -1;

    if (sources == NULL || fds == NULL || names == NULL) {
        (void)err_memory(e, t->s->scope);
        goto out;
    }
    for (i = 0; i < max; i++) {
        const struct journal_window *w = i == 0 ? p->w : p->kept[i - 1];

        if (w->w.events == 0)
            continue;
        sources[n] = open_source(t, w, &fds[n], &names[n], e);
        if (sources[n++] == NULL)
            goto out;
    }
    if (segment_encode(&r, &params, sources, n, 0, e) != 0)
        goto out;
    ret = put_result(t, &r, p, e);
out:
    segment_result_free(&r);
    for (i = 0; i < n; i++) {
        segment_source_free(sources[i]);
        if (names[i] != NULL && fds[i] >= 0)
            (void)sys_close(fds[i], names[i], &ignored);
        free(names[i]);
    }
    free(sources);
    free(fds);
    free(names);
    return ret;
}

/* Copy a text of the journal into the manifest. */
static int copy_text(char **to, const char *from, struct err *e)
{
    if (from == NULL)
        return 0;
    *to = slice_dup(slice_of(from));
    return *to == NULL ? err_memory(e, "manifest") : 0;
}

/* Up to where nothing can come late any more: what is beyond retention cannot, if it was followed
 * by anything. */
static int64_t settled_until(const struct journal_scope *s, const struct journal_query *q)
{
    int64_t behind = 0;

    if (s->nwindows == 0)
        return 0;
    if (s->expired > q->since)
        behind = journal_settled_until(s, s->expired, q->until);
    return behind > s->expired ? behind : journal_settled_until(s, q->since, q->until);
}

/* What the manifest says of a scope besides files and windows. */
static int describe_scope(struct stitch *t, struct err *e)
{
    const struct journal_query *q = &t->x->j->query;
    struct manifest_scope *out = t->out;
    struct journal_scope *s = t->s;
    size_t i;

    if (copy_text(&out->scope, s->scope, e) != 0 || copy_text(&out->status, s->status, e) != 0 ||
        copy_text(&out->error_code, s->error_code, e) != 0 ||
        copy_text(&out->error_message, s->error_message, e) != 0)
        return -1;
    out->settled_until = settled_until(s, q);
    out->duplicates_dropped = s->base.duplicates_dropped;
    out->conflicting_ids = s->base.conflicting_ids;
    out->outside_range = s->base.outside_range;
    out->requests = s->requests;
    out->retries = s->retries;
    note_events(t, s->base.first_event, s->base.last_event);
    for (i = 0; i < s->nwindows; i++) {
        const struct journal_window *w = &s->windows[i];

        if (w->kept || w->published)
            continue;
        out->duplicates_dropped += w->duplicates;
        out->outside_range += w->outside;
    }
    return 0;
}

/* Until the files are renamed, nothing is lost by stopping. */
static int check_interrupt(struct err *e)
{
    return sys_interrupted() ? err_set(e, ERR_INTERRUPTED, "interrupted") : 0;
}

/* Write the files of one scope. */
static int stitch_scope(struct exporter *x, struct journal_scope *s, struct manifest_scope *out,
                        struct err *e)
{
    const struct journal_query *q = &x->j->query;
    struct stitch t = {.x = x, .s = s, .out = out, .file = {.fd = -1}};
    struct piece *pieces = NULL;
    size_t n = 0, i;
    int ret = -1;

    if (pieces_find(s, q->since, q->until, &pieces, &n, e) != 0 || describe_scope(&t, e) != 0)
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
        if (whole && !w->published)
            out->conflicting_ids += w->conflicts;
    }
    ret = close_file(&t, e);
out:
    if (ret != 0)
        (void)err_wrap(e, "%s", s->scope);
    segment_close(&s->segment);
    pieces_free(pieces, n);
    member_free(&t.file);
    return ret;
}

/* ---- all of it ---- */

/* Read back every file of every scope; the digests go to the list of files to publish as well. */
static int read_all_back(struct exporter *x, struct err *e)
{
    size_t i, k, n = 0;

    if (readback_files(x->out, x->m, x->params->threads, e) != 0)
        return -1;
    for (i = 0; i < x->m->nscopes; i++) {
        for (k = 0; k < x->m->scopes[i].nfiles; k++)
            memcpy(x->files[n++].sha256, x->m->scopes[i].files[k].sha256, HASH_HEX_MAX);
    }
    return 0;
}

/* Write one whole small file under .partial/out and note it for publishing. */
static int put_small(struct exporter *x, const char *name, struct slice text, struct err *e)
{
    char *full = folder_join(x->out, name, e);
    int fd = full == NULL ? -1 : sys_open(full, SYS_REPLACE, e), ret = -1;
    struct err ignored;

    if (fd < 0)
        goto out;
    if (sys_write(fd, text.data, text.len, full, e) != 0 || sys_sync(fd, full, e) != 0)
        (void)sys_close(fd, full, &ignored);
    else
        ret = sys_close(fd, full, e);
    if (ret == 0)
        ret = add_file(x, name, e);
    if (ret == 0)
        ret = hash_file(full, x->files[x->nfiles - 1].sha256, e);
out:
    free(full);
    return ret;
}

/* Deflate a whole text as one fragment behind the open file. */
static int member_deflate(struct member *f, struct slice plain, int level, struct err *e)
{
    struct buf packed = {0};
    z_stream z = {0};
    int ret = -1;

    if (plain.len > UINT32_MAX)
        return err_set(e, ERR_INTERNAL, "%s: larger than 4 GiB", f->path);
    if (deflateInit2(&z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return err_memory(e, f->path);
    if (buf_reserve(&packed, deflateBound(&z, (uLong)plain.len) + 64) != 0) {
        (void)err_memory(e, f->path);
        goto out;
    }
    z.next_in = (Bytef *)(uintptr_t)plain.data;
    z.avail_in = (uInt)plain.len;
    z.next_out = (Bytef *)packed.data;
    z.avail_out = (uInt)packed.cap;
    if (deflate(&z, Z_FULL_FLUSH) != Z_OK || z.avail_out == 0) {
        (void)err_set(e, ERR_INTERNAL, "deflate failed");
        goto out;
    }
    packed.len = packed.cap - z.avail_out;
    f->crc = (uint32_t)crc32_z(f->crc, (const Bytef *)plain.data, plain.len);
    f->plain += plain.len;
    f->size += packed.len;
    ret = sys_write(f->fd, packed.data, packed.len, f->full, e);
out:
    (void)deflateEnd(&z);
    buf_free(&packed);
    return ret;
}

/* The role assignments as one gzip member. */
static int put_assignments(struct exporter *x, struct err *e)
{
    struct member f;
    int ret = member_open(x, &f, EXPORT_ASSIGNMENTS, e);

    if (ret == 0 && x->params->assignments->len > 0)
        ret = member_deflate(&f, buf_slice(x->params->assignments), x->params->level, e);
    if (ret == 0)
        ret = member_finish(&f, 1, e);
    if (ret == 0)
        ret = add_file(x, EXPORT_ASSIGNMENTS, e);
    if (ret == 0)
        ret = hash_file(f.full, x->files[x->nfiles - 1].sha256, e);
    member_free(&f);
    return ret;
}

/* The manifest, and SHA256SUMS in the form of sha256sum; the manifest is published last. */
static int put_proof(struct exporter *x, char manifest_sha256[HASH_HEX_MAX], struct err *e)
{
    struct buf text = {0};
    struct journal_publish manifest;
    int ret = -1;
    size_t i;

    x->m->finished = timestamp_floor_second(sys_now());
    if (manifest_print(x->m, &text, e) != 0 ||
        put_small(x, MANIFEST_NAME, buf_slice(&text), e) != 0)
        goto out;
    memcpy(manifest_sha256, x->files[x->nfiles - 1].sha256, HASH_HEX_MAX);
    buf_clear(&text);
    for (i = 0; i < x->nfiles; i++) {
        if (buf_printf(&text, "%s  %s\n", x->files[i].sha256, x->files[i].path) != 0) {
            (void)err_memory(e, MANIFEST_SUMS_NAME);
            goto out;
        }
    }
    if (put_small(x, MANIFEST_SUMS_NAME, buf_slice(&text), e) != 0)
        goto out;
    manifest = x->files[x->nfiles - 2];
    x->files[x->nfiles - 2] = x->files[x->nfiles - 1];
    x->files[x->nfiles - 1] = manifest;
    ret = 0;
out:
    buf_free(&text);
    return ret;
}

/* Stitch every scope into x->m. */
static int stitch_all(struct exporter *x, struct err *e)
{
    struct journal *j = x->j;
    size_t i;

    x->m->scopes = calloc(j->nscopes + 1, sizeof(*x->m->scopes));
    if (x->m->scopes == NULL)
        return err_memory(e, "manifest");
    for (i = 0; i < j->nscopes; i++) {
        if (j->scopes[i].absent)
            continue;
        x->m->nscopes++;
        if (stitch_scope(x, &j->scopes[i], &x->m->scopes[x->m->nscopes - 1], e) != 0)
            return -1;
        if (strcmp(j->scopes[i].status, "complete") != 0)
            x->m->complete = 0;
    }
    return 0;
}

int export_publish(struct journal *j, struct manifest *m, const struct export_params *p,
                   char manifest_sha256[HASH_HEX_MAX], struct err *e)
{
    struct exporter x = {.j = j, .m = m, .params = p, .old_fd = -1};
    int ret = -1;
    size_t i;

    x.out = folder_join(j->folder, "out", e);
    if (x.out == NULL || folder_delete(x.out, e) != 0 || sys_mkdir(x.out, e) != 0)
        goto out;
    if (stitch_all(&x, e) != 0)
        goto out;
    FAULT("stitched");
    if (read_all_back(&x, e) != 0)
        goto out;
    FAULT("read-back");
    if ((p->assignments != NULL && put_assignments(&x, e) != 0) ||
        put_proof(&x, manifest_sha256, e) != 0 || sys_sync_folder(x.out, e) != 0)
        goto out;
    FAULT("proof-written");
    /* Not every system replaces a file that is open. */
    close_old(&x);
    ret = journal_publish(j, x.files, x.nfiles, e);
out:
    close_old(&x);
    for (i = 0; i < x.nfiles; i++)
        free(x.files[i].path);
    free(x.files);
    free(x.out);
    return ret;
}
