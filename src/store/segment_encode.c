/* How lines become fragments. */
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "store/segment_impl.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Result bytes kept in memory; a larger one (many events at one time) goes to a file. */
#define SEGMENT_MEMORY_MAX (8U << 20)

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
    int count_repeats; /* as in segment_encode */
};

/* Open a window that starts at `from`. */
static void open_window(struct encoder *c, int64_t from)
{
    c->r->windows = mem_grow(c->r->windows, c->r->nwindows, &c->cap, sizeof(*c->r->windows));
    c->now = &c->r->windows[c->r->nwindows++];
    memset(c->now, 0, sizeof(*c->now));
    c->now->w.from = from;
    c->now->w.file = -1;
    c->now->w.offset = c->r->bytes;
    c->now->w.crc = (uint32_t)crc32(0, NULL, 0);
}

/* Move the result into a file once it is too large for memory. */
static int spill_result(struct encoder *c, struct err *e)
{
    struct segment_result *r = c->r;

    if (r->fd < 0 && r->memory.len <= SEGMENT_MEMORY_MAX)
        return 0;
    if (r->fd < 0) {
        r->fd = segment_open_unnamed(c->params->dir, e);
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
            mem_fail();
        c->deflating = 1;
    }
    c->now->w.crc = (uint32_t)crc32_z(c->now->w.crc, (Bytef *)c->plain.data, c->plain.len);
    c->now->w.plain += c->plain.len;
    c->z.next_in = (Bytef *)c->plain.data;
    c->z.avail_in = (uInt)c->plain.len;
    do {
        buf_reserve(out, SEGMENT_DEFLATE_CHUNK);
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
        if (close_window(c, midnight, e) != 0)
            return -1;
        open_window(c, midnight);
    }
    return 0;
}

/* Begin a new window where the line at `ticks` must not, or need not, share the open one. */
static int cut_before(struct encoder *c, int64_t ticks, struct err *e)
{
    if (cut_days(c, ticks, e) != 0)
        return -1;
    if (c->now->w.plain + c->plain.len < c->params->target_plain ||
        (c->now->w.events > 0 && ticks <= c->last_line.ticks))
        return 0;
    if (close_window(c, ticks, e) != 0)
        return -1;
    open_window(c, ticks);
    return 0;
}

/* Take one line, which is not before the last one. */
static int take_line(void *arg, const struct line *l, struct err *e)
{
    struct encoder *c = arg;

    if (l->ticks < c->params->from || l->ticks >= c->params->to)
        return 0;
    if (c->last_line.bytes.data != NULL && line_compare(l, &c->last_line) == 0) {
        c->now->duplicates += c->count_repeats ? 1 : 0;
        return 0;
    }
    if (cut_before(c, l->ticks, e) != 0)
        return -1;
    c->now->w.events++;
    buf_clear(&c->last);
    buf_append(&c->last, l->bytes.data, l->bytes.len);
    buf_append(&c->plain, l->bytes.data, l->bytes.len);
    buf_putc(&c->plain, '\n');
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

    memset(r, 0, sizeof(*r));
    r->fd = -1;
    open_window(&c, params->from);
    if (segment_merge(sources, n, take_line, &c, e) == 0 && finish(&c, e) == 0)
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
