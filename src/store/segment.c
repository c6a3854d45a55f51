#include "store/segment.h"

#include "base/fault.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Bytes read from disk at a time by a run or a fragment. */
#define SEGMENT_READ_CHUNK (64U << 10)
/* Plain bytes handed to deflate at a time: its own window is 32 KiB. */
#define SEGMENT_DEFLATE_CHUNK (256U << 10)
/* Result bytes kept in memory; a larger one (many events at one time) goes to a file. */
#define SEGMENT_MEMORY_MAX (8U << 20)
/* Bytes of one line: no page is larger than this, so no line is. */
#define SEGMENT_LINE_MAX (64U << 20)

/* ---- sources ---- */

/* What a source reads from. */
struct segment_source {
    int (*next)(struct segment_source *s, struct line *l, struct err *e);
    struct line *lines; /* memory: the caller's */
    size_t nlines, at;
    int fd; /* run or fragment: the caller's */
    const char *path;
    uint64_t offset, end; /* of the file, bytes */
    struct buf raw;       /* bytes read; a run's from `used` on are not consumed */
    size_t used;
    struct buf text; /* a fragment's plain bytes; from `used` on not consumed */
    z_stream z;
    int inflating;
    uint64_t plain, plain_expected;
    uint32_t crc, crc_expected;
};

/* For qsort. */
static int compare_lines(const void *a, const void *b)
{
    return line_compare(a, b);
}

/* Sort lines that mostly come newest first: turn them round, and sort only what is still wrong. */
static void sort_lines(struct line *lines, size_t n)
{
    size_t i;

    for (i = 0; i < n / 2; i++) {
        struct line t = lines[i];

        lines[i] = lines[n - 1 - i];
        lines[n - 1 - i] = t;
    }
    for (i = 1; i < n; i++) {
        if (line_compare(&lines[i - 1], &lines[i]) > 0) {
            qsort(lines, n, sizeof(*lines), compare_lines);
            return;
        }
    }
}

static int next_in_memory(struct segment_source *s, struct line *l, struct err *e)
{
    (void)e;
    if (s->at == s->nlines)
        return 0;
    *l = s->lines[s->at++];
    return 1;
}

struct segment_source *segment_from_memory(struct line *lines, size_t n)
{
    struct segment_source *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    sort_lines(lines, n);
    s->next = next_in_memory;
    s->lines = lines;
    s->nlines = n;
    return s;
}

/* What stands in front of each line of a run; the file never leaves the machine that wrote it. */
struct run_head {
    int64_t ticks;
    uint32_t len, id_at, id_len, unused;
};

/* Make sure that a run's buffer holds `need` unconsumed bytes. Returns 1, 0 at the end, -1. */
static int fill_run(struct segment_source *s, size_t need, struct err *e)
{
    while (s->raw.len - s->used < need) {
        long n;

        if (s->used > 0) {
            memmove(s->raw.data, s->raw.data + s->used, s->raw.len - s->used);
            s->raw.len -= s->used;
            s->used = 0;
        }
        if (buf_reserve(&s->raw, need > SEGMENT_READ_CHUNK ? need : SEGMENT_READ_CHUNK) != 0)
            return err_memory(e, "run");
        n = sys_read_at(s->fd, s->offset, s->raw.data + s->raw.len, s->raw.cap - s->raw.len,
                        "temporary file", e);
        if (n < 0)
            return -1;
        if (n == 0)
            return s->raw.len == 0 ? 0 : err_set(e, ERR_LOCAL, "temporary file: cut short");
        s->offset += (uint64_t)n;
        s->raw.len += (size_t)n;
    }
    return 1;
}

static int next_in_run(struct segment_source *s, struct line *l, struct err *e)
{
    struct run_head head;
    int more = fill_run(s, sizeof(head), e);

    if (more <= 0)
        return more;
    memcpy(&head, s->raw.data + s->used, sizeof(head));
    if (head.len > SEGMENT_LINE_MAX || fill_run(s, sizeof(head) + head.len, e) <= 0)
        return err_set(e, ERR_LOCAL, "temporary file: cut short");
    l->ticks = head.ticks;
    l->bytes.data = s->raw.data + s->used + sizeof(head);
    l->bytes.len = head.len;
    l->id.data = l->bytes.data + head.id_at;
    l->id.len = head.id_len;
    s->used += sizeof(head) + head.len;
    return 1;
}

struct segment_source *segment_from_run(int fd)
{
    struct segment_source *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->next = next_in_run;
    s->fd = fd;
    return s;
}

/* A fragment does not hold what the ledger says. */
static int damaged(const struct segment_source *s, const char *why, struct err *e)
{
    return err_set(e, ERR_FOREIGN, "%s: fragment up to byte %llu: %s", s->path,
                   (unsigned long long)s->end, why);
}

/* Inflate some more of a fragment behind s->text. Returns 1, 0 at the end, -1. */
static int inflate_more(struct segment_source *s, struct err *e)
{
    size_t before;
    int z;

    if (s->z.avail_in == 0 && s->offset < s->end) {
        size_t want = s->end - s->offset > SEGMENT_READ_CHUNK ? SEGMENT_READ_CHUNK
                                                              : (size_t)(s->end - s->offset);
        long n = sys_read_at(s->fd, s->offset, s->raw.data, want, s->path, e);

        if (n < 0)
            return -1;
        if ((size_t)n != want)
            return damaged(s, "the file is cut short", e);
        s->offset += want;
        s->z.next_in = (Bytef *)s->raw.data;
        s->z.avail_in = (uInt)want;
    }
    if (buf_reserve(&s->text, SEGMENT_DEFLATE_CHUNK) != 0)
        return err_memory(e, s->path);
    before = s->text.len;
    s->z.next_out = (Bytef *)s->text.data + before;
    s->z.avail_out = SEGMENT_DEFLATE_CHUNK;
    z = inflate(&s->z, Z_SYNC_FLUSH);
    if (z != Z_OK && z != Z_BUF_ERROR)
        return damaged(s, "not deflate", e);
    s->text.len = before + SEGMENT_DEFLATE_CHUNK - s->z.avail_out;
    s->plain += s->text.len - before;
    s->crc = (uint32_t)crc32(s->crc, (Bytef *)s->text.data + before, (uInt)(s->text.len - before));
    if (s->plain > s->plain_expected)
        return damaged(s, "more plain bytes than the ledger says", e);
    return s->text.len > before || s->z.avail_in > 0 || s->offset < s->end;
}

/* All of a fragment was read: is it what the ledger says? */
static int check_end(const struct segment_source *s, struct err *e)
{
    if (s->plain != s->plain_expected || s->crc != s->crc_expected)
        return damaged(s, "length or CRC-32 differs from the ledger", e);
    return 0;
}

static int next_in_fragment(struct segment_source *s, struct line *l, struct err *e)
{
    size_t searched = s->used;
    char *end;

    while (s->text.len == searched ||
           (end = memchr(s->text.data + searched, '\n', s->text.len - searched)) == NULL) {
        int more;

        searched = s->text.len - s->used;
        if (s->used > 0) {
            memmove(s->text.data, s->text.data + s->used, searched);
            s->text.len = searched;
            s->used = 0;
        }
        if (s->text.len > SEGMENT_LINE_MAX)
            return damaged(s, "a line without end", e);
        more = inflate_more(s, e);
        if (more < 0)
            return -1;
        if (more == 0) {
            if (check_end(s, e) != 0)
                return -1;
            return s->text.len > 0 ? damaged(s, "its last line has no end", e) : 0;
        }
    }
    {
        struct slice text = {s->text.data + s->used, (size_t)(end - s->text.data) - s->used};

        s->used = (size_t)(end - s->text.data) + 1;
        return line_parse(l, text, e) != 0 ? damaged(s, "a line that is no event", e) : 1;
    }
}

struct segment_source *segment_from_fragment(int fd, const char *path,
                                             const struct manifest_window *w)
{
    struct segment_source *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->next = next_in_fragment;
    s->fd = fd;
    s->path = path;
    s->offset = w->offset;
    s->end = w->offset + w->deflated;
    s->plain_expected = w->plain;
    s->crc_expected = w->crc;
    if (buf_reserve(&s->raw, SEGMENT_READ_CHUNK) != 0 || inflateInit2(&s->z, -15) != Z_OK) {
        buf_free(&s->raw);
        free(s);
        return NULL;
    }
    s->inflating = 1;
    return s;
}

void segment_source_free(struct segment_source *s)
{
    if (s == NULL)
        return;
    if (s->inflating)
        (void)inflateEnd(&s->z);
    buf_free(&s->raw);
    buf_free(&s->text);
    free(s);
}

int segment_source_next(struct segment_source *s, struct line *l, struct err *e)
{
    return s->next(s, l, e);
}

int segment_source_bytes(struct segment_source *s, size_t most, struct slice *bytes, struct err *e)
{
    uint64_t left = s->plain_expected - s->plain;
    int more = 1;

    buf_clear(&s->text);
    /* At once: a buffer that grows is copied. */
    if (buf_reserve(&s->text, (left < most ? (size_t)left : most) + SEGMENT_DEFLATE_CHUNK) != 0)
        return err_memory(e, s->path);
    while (s->text.len < most && (more = inflate_more(s, e)) > 0)
        ;
    *bytes = buf_slice(&s->text);
    return more == 0 ? check_end(s, e) : more;
}

/* ---- merging ---- */

/* Merge all sources: every line, in order, goes to take(). */
static int merge(struct segment_source **sources, size_t n,
                 int (*take)(void *arg, const struct line *l, struct err *e), void *arg,
                 struct err *e)
{
    struct line *heads = calloc(n + 1, sizeof(*heads));
    char *alive = calloc(n + 1, 1);
    int ret = -1;
    size_t i;

    if (heads == NULL || alive == NULL) {
        (void)err_memory(e, "merge");
        goto out;
    }
    for (i = 0; i < n; i++) {
        int more = sources[i]->next(sources[i], &heads[i], e);

        if (more < 0)
            goto out;
        alive[i] = more == 1;
    }
    for (;;) {
        size_t least = n;
        int more;

        for (i = 0; i < n; i++) {
            if (alive[i] && (least == n || line_compare(&heads[i], &heads[least]) < 0))
                least = i;
        }
        if (least == n)
            break;
        if (take(arg, &heads[least], e) != 0)
            goto out;
        more = sources[least]->next(sources[least], &heads[least], e);
        if (more < 0)
            goto out;
        alive[least] = more == 1;
    }
    ret = 0;
out:
    free(heads);
    free(alive);
    return ret;
}

/* A run that is being written. */
struct run_writer {
    int fd;
    struct buf chunk;
};

/* Write what has gathered. */
static int flush_run(struct run_writer *w, struct err *e)
{
    int ret = sys_write(w->fd, w->chunk.data, w->chunk.len, "temporary file", e);

    buf_clear(&w->chunk);
    return ret;
}

/* Append one line to a run. */
static int write_line(void *arg, const struct line *l, struct err *e)
{
    struct run_writer *w = arg;
    const struct run_head head = {l->ticks, (uint32_t)l->bytes.len,
                                  l->id.len == 0 ? 0 : (uint32_t)(l->id.data - l->bytes.data),
                                  (uint32_t)l->id.len, 0};

    if (buf_append(&w->chunk, &head, sizeof(head)) != 0 ||
        buf_append(&w->chunk, l->bytes.data, l->bytes.len) != 0)
        return err_memory(e, "run");
    return w->chunk.len >= SEGMENT_DEFLATE_CHUNK ? flush_run(w, e) : 0;
}

int segment_write_run(struct segment_source **sources, size_t n, const char *folder, int *fd,
                      struct err *e)
{
    struct run_writer w = {.fd = sys_open_temporary(folder, e)};
    struct err ignored;
    int ret = -1;

    if (w.fd < 0)
        return -1;
    if (merge(sources, n, write_line, &w, e) == 0 && flush_run(&w, e) == 0)
        ret = 0;
    FAULT("run-written");
    buf_free(&w.chunk);
    if (ret == 0)
        *fd = w.fd;
    else
        (void)sys_close(w.fd, "temporary file", &ignored);
    return ret;
}

/* ---- encoding ---- */

/* The state of one segment_encode. */
struct encoder {
    const struct segment_params *params;
    struct segment_result *r;
    size_t cap;                 /* of r->windows */
    struct segment_window *now; /* the window that is open */
    z_stream z;
    int deflating;
    struct hash *hash; /* of the open window's fragment */
    struct buf plain;  /* of the open window, not yet deflated */
    struct buf last;   /* bytes of the last line kept */
    struct line last_line;
    int conflicting;   /* the last line's id is counted as conflicting already */
    int count_repeats; /* as in segment_encode */
};

/* Open a window that starts at `from`. */
static int open_window(struct encoder *c, int64_t from, struct err *e)
{
    if (c->r->nwindows == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 4;
        struct segment_window *w = realloc(c->r->windows, cap * sizeof(*w));

        if (w == NULL)
            return err_memory(e, "windows");
        c->r->windows = w;
        c->cap = cap;
    }
    c->now = &c->r->windows[c->r->nwindows++];
    memset(c->now, 0, sizeof(*c->now));
    c->now->w.from = from;
    c->now->w.file = -1;
    c->now->w.offset = c->r->bytes;
    c->now->w.crc = (uint32_t)crc32(0, NULL, 0);
    return 0;
}

/* Move the result into a file once it is too large for memory. */
static int spill_result(struct encoder *c, struct err *e)
{
    struct segment_result *r = c->r;

    if (r->fd < 0 && r->memory.len <= SEGMENT_MEMORY_MAX)
        return 0;
    if (r->fd < 0) {
        r->fd = sys_open_temporary(c->params->folder, e);
        if (r->fd < 0)
            return -1;
    }
    if (sys_write(r->fd, r->memory.data, r->memory.len, "temporary file", e) != 0)
        return -1;
    buf_clear(&r->memory);
    return 0;
}

/* Deflate what the open window has gathered; `flush` ends the fragment. */
static int deflate_plain(struct encoder *c, int flush, struct err *e)
{
    struct buf *out = &c->r->memory;

    if (!c->deflating) {
        if (deflateInit2(&c->z, c->params->level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            return err_memory(e, "deflate");
        c->deflating = 1;
    }
    c->now->w.crc = (uint32_t)crc32_z(c->now->w.crc, (Bytef *)c->plain.data, c->plain.len);
    c->now->w.plain += c->plain.len;
    c->z.next_in = (Bytef *)c->plain.data;
    c->z.avail_in = (uInt)c->plain.len;
    do {
        if (buf_reserve(out, SEGMENT_DEFLATE_CHUNK) != 0)
            return err_memory(e, "deflate");
        c->z.next_out = (Bytef *)out->data + out->len;
        c->z.avail_out = SEGMENT_DEFLATE_CHUNK;
        if (deflate(&c->z, flush) == Z_STREAM_ERROR)
            return err_set(e, ERR_INTERNAL, "deflate failed");
        hash_update(c->hash, out->data + out->len, SEGMENT_DEFLATE_CHUNK - c->z.avail_out);
        out->len += SEGMENT_DEFLATE_CHUNK - c->z.avail_out;
        c->now->w.deflated += SEGMENT_DEFLATE_CHUNK - c->z.avail_out;
        c->r->bytes += SEGMENT_DEFLATE_CHUNK - c->z.avail_out;
    } while (c->z.avail_out == 0);
    buf_clear(&c->plain);
    return spill_result(c, e);
}

/* Close the open window at `to`. */
static int close_window(struct encoder *c, int64_t to, struct err *e)
{
    c->now->w.to = to;
    if (c->now->w.events > 0) {
        if (deflate_plain(c, Z_FULL_FLUSH, e) != 0)
            return -1;
        hash_final(c->hash, c->now->sha256);
        if (deflateReset(&c->z) != Z_OK)
            return err_set(e, ERR_INTERNAL, "deflate cannot be reset");
    }
    return 0;
}

/* In a split by day, begin a new window at each midnight up to the day of `ticks`. */
static int cut_days(struct encoder *c, int64_t ticks, struct err *e)
{
    int64_t day = timestamp_floor_day(ticks), midnight;

    if (!c->params->split_day)
        return 0;
    while (day > c->now->w.from) {
        midnight = timestamp_floor_day(c->now->w.from) + TICKS_PER_DAY;
        if (close_window(c, midnight, e) != 0 || open_window(c, midnight, e) != 0)
            return -1;
    }
    return 0;
}

/* Begin a new window where the line at `ticks` must not, or need not, share the open one. */
static int cut_before(struct encoder *c, int64_t ticks, struct err *e)
{
    if (cut_days(c, ticks, e) != 0)
        return -1;
    if (c->now->w.plain + c->plain.len >= c->params->target_plain && ticks > c->now->last &&
        (close_window(c, ticks, e) != 0 || open_window(c, ticks, e) != 0))
        return -1;
    return 0;
}

/* Take one line, which is not before the last one. */
static int take_line(void *arg, const struct line *l, struct err *e)
{
    struct encoder *c = arg;
    int same_id;

    if (l->ticks < c->params->from || l->ticks >= c->params->to)
        return 0;
    same_id = c->last_line.bytes.data != NULL && l->ticks == c->last_line.ticks && l->id.len > 0 &&
              slice_compare(l->id, c->last_line.id) == 0;
    if (c->last_line.bytes.data != NULL && line_compare(l, &c->last_line) == 0) {
        c->now->duplicates += c->count_repeats ? 1 : 0;
        return 0;
    }
    if (cut_before(c, l->ticks, e) != 0)
        return -1;
    if (same_id && !c->conflicting)
        c->now->conflicts++;
    c->conflicting = same_id;
    if (c->now->w.events++ == 0)
        c->now->first = l->ticks;
    c->now->last = l->ticks;
    buf_clear(&c->last);
    if (buf_append(&c->last, l->bytes.data, l->bytes.len) != 0 ||
        buf_append(&c->plain, l->bytes.data, l->bytes.len) != 0 || buf_putc(&c->plain, '\n') != 0)
        return err_memory(e, "window");
    c->last_line = *l;
    c->last_line.bytes.data = c->last.data;
    if (l->id.len > 0)
        c->last_line.id.data = c->last.data + (l->id.data - l->bytes.data);
    return c->plain.len >= SEGMENT_DEFLATE_CHUNK ? deflate_plain(c, Z_NO_FLUSH, e) : 0;
}

/* Close the last window, at midnights too. */
static int finish(struct encoder *c, struct err *e)
{
    if (cut_days(c, c->params->to - 1, e) != 0)
        return -1;
    return close_window(c, c->params->to, e);
}

int segment_encode(struct segment_result *r, const struct segment_params *params,
                   struct segment_source **sources, size_t n, int count_repeats, struct err *e)
{
    struct encoder c = {
        .params = params, .r = r, .count_repeats = count_repeats, .hash = hash_new()};
    int ret = -1;

    if (c.hash == NULL)
        mem_fail();
    memset(r, 0, sizeof(*r));
    r->fd = -1;
    if (open_window(&c, params->from, e) == 0 && merge(sources, n, take_line, &c, e) == 0 &&
        finish(&c, e) == 0)
        ret = 0;
    if (c.deflating)
        (void)deflateEnd(&c.z);
    hash_free(c.hash);
    buf_free(&c.plain);
    buf_free(&c.last);
    if (ret != 0)
        segment_result_free(r);
    return ret;
}

void segment_result_free(struct segment_result *r)
{
    struct err ignored;

    free(r->windows);
    buf_free(&r->memory);
    if (r->fd >= 0)
        (void)sys_close(r->fd, "temporary file", &ignored);
    memset(r, 0, sizeof(*r));
    r->fd = -1;
}

/* ---- the file ---- */

int segment_open(struct segment *s, const struct sys_dir *dir, const char *name, uint64_t size,
                 struct err *e)
{
    struct buf full = {0};
    uint64_t found = 0;
    const char *path;

    memset(s, 0, sizeof(*s));
    (void)buf_printf(&full, "%s/%s", sys_dir_path(dir), name);
    s->path = full.data;
    path = s->path;
    s->fd = sys_dir_file(dir, name, SYS_APPEND_OPEN, e);
    if (s->fd < 0 || sys_file_size(s->fd, &found, path, e) != 0)
        goto fail;
    if (found < size) {
        (void)err_set(e, ERR_FOREIGN, "%s: has %llu bytes, the journal names %llu", path,
                      (unsigned long long)found, (unsigned long long)size);
        goto fail;
    }
    if ((found > size && sys_truncate(s->fd, size, path, e) != 0) ||
        sys_seek(s->fd, size, path, e) != 0)
        goto fail;
    s->size = size;
    return 0;
fail:
    segment_close(s);
    return -1;
}

int segment_open_temporary(struct segment *s, struct err *e)
{
    memset(s, 0, sizeof(*s));
    s->path = slice_dup(slice_of("temporary file"));
    if (s->path == NULL) {
        s->fd = -1;
        return err_memory(e, "temporary file");
    }
    s->fd = sys_open_temporary(NULL, e);
    if (s->fd >= 0)
        return 0;
    segment_close(s);
    return -1;
}

void segment_close(struct segment *s)
{
    struct err ignored;

    if (s->path != NULL)
        (void)sys_close(s->fd, s->path, &ignored);
    free(s->path);
    memset(s, 0, sizeof(*s));
    s->fd = -1;
}

int segment_append(struct segment *s, const struct segment_result *r, uint64_t *offset,
                   struct err *e)
{
    uint64_t done = 0, in_file = r->fd >= 0 ? r->bytes - r->memory.len : 0;
    char *chunk = in_file > 0 ? malloc(SEGMENT_DEFLATE_CHUNK) : NULL;
    struct err ignored;

    *offset = s->size;
    if (in_file > 0 && chunk == NULL)
        return err_memory(e, s->path);
    s->dirty |= r->bytes > 0;
    /* One that failed before has left the place behind what it had written. */
    if (sys_seek(s->fd, s->size, s->path, e) != 0)
        goto fail;
    while (done < in_file) {
        long n = sys_read_at(r->fd, done, chunk, SEGMENT_DEFLATE_CHUNK, "temporary file", e);

        if (n == 0)
            (void)err_set(e, ERR_LOCAL, "temporary file: cut short");
        if (n <= 0 || sys_write(s->fd, chunk, (size_t)n, s->path, e) != 0)
            goto fail;
        done += (uint64_t)n;
    }
    if (r->memory.len > 0 && sys_write(s->fd, r->memory.data, r->memory.len, s->path, e) != 0)
        goto fail;
    free(chunk);
    s->size += r->bytes;
    FAULT("segment-appended");
    return 0;
fail:
    /* On a full disk the journal needs the room. */
    (void)sys_truncate(s->fd, s->size, s->path, &ignored);
    free(chunk);
    return -1;
}

int segment_sync(struct segment *s, struct err *e)
{
    if (!s->dirty)
        return 0;
    if (sys_sync(s->fd, s->path, e) != 0)
        return -1;
    s->dirty = 0;
    FAULT("segment-synced");
    return 0;
}
