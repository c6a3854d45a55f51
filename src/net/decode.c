#include "net/decode.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Room that is made for decoded bytes at a time: JSON of this kind shrinks to a tenth. */
#define DECODE_STEP (64U << 10)
/* zlib's names for what is expected: the largest window; with a gzip header; with no header. */
#define WINDOW_ZLIB 15
#define WINDOW_GZIP (15 + 16)
#define WINDOW_RAW (-15)

enum kind { IDENTITY, GZIP, DEFLATE, UNKNOWN };

struct decode {
    z_stream z;
    int window; /* what z is set up for; 0: not set up */
    enum kind kind;
    size_t seen;            /* encoded bytes */
    unsigned char first[2]; /* the first of them, held back until it is clear what they begin */
    int in_member;          /* a stream was begun and has not ended */
};

struct decode *decode_new(void)
{
    return mem_zalloc(1, sizeof(struct decode));
}

void decode_free(struct decode *d)
{
    if (d != NULL && d->window != 0)
        (void)inflateEnd(&d->z);
    free(d);
}

void decode_begin(struct decode *d, struct slice encoding)
{
    d->seen = 0;
    d->in_member = 0;
    if (encoding.len == 0 || slice_equals_nocase(encoding, "identity"))
        d->kind = IDENTITY;
    else if (slice_equals_nocase(encoding, "gzip") || slice_equals_nocase(encoding, "x-gzip"))
        d->kind = GZIP;
    else
        d->kind = slice_equals_nocase(encoding, "deflate") ? DEFLATE : UNKNOWN;
}

/* Set zlib up for a stream. */
static void begin_member(struct decode *d, int window)
{
    if (d->window == 0 ? inflateInit2(&d->z, window) != Z_OK : inflateReset2(&d->z, window) != Z_OK)
        mem_fail();
    d->window = window;
    d->in_member = 1;
}

/* The stream that begins with these two bytes. */
static int window_of(const struct decode *d)
{
    unsigned a = d->first[0], b = d->first[1];

    if (d->kind == GZIP)
        return WINDOW_GZIP;
    return (a & 15) == 8 && (a << 8 | b) % 31 == 0 ? WINDOW_ZLIB : WINDOW_RAW;
}

/* Decode bytes of one or more streams. */
static enum decode_result inflate_all(struct decode *d, struct slice bytes, struct buf *out,
                                      size_t max_bytes)
{
    union {
        const char *from;
        unsigned char *to;
    } in = {.from = bytes.data}; /* zlib's input is not const, and not changed */
    int result = Z_OK;

    d->z.next_in = in.to;
    d->z.avail_in = (unsigned)bytes.len;
    do {
        size_t room;

        if (!d->in_member && d->z.avail_in > 0) {
            /* Only gzip has members; some writers pad the last one with zeros. */
            if (*d->z.next_in == 0) {
                d->z.next_in++;
                d->z.avail_in--;
                continue;
            }
            if (d->kind != GZIP)
                return DECODE_DAMAGED;
            begin_member(d, WINDOW_GZIP);
        }
        if (out->len >= max_bytes + 1)
            return DECODE_LARGE;
        room = max_bytes + 1 - out->len;
        room = room < DECODE_STEP ? room : DECODE_STEP;
        buf_reserve(out, room);
        d->z.next_out = (unsigned char *)out->data + out->len;
        d->z.avail_out = (unsigned)room;
        result = d->in_member ? inflate(&d->z, Z_NO_FLUSH) : Z_BUF_ERROR;
        out->len += room - d->z.avail_out;
        if (result == Z_STREAM_END)
            d->in_member = 0;
        else if (result == Z_MEM_ERROR)
            mem_fail();
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return DECODE_DAMAGED;
    } while (d->z.avail_in > 0 || (d->in_member && d->z.avail_out == 0));
    return out->len > max_bytes ? DECODE_LARGE : DECODE_OK;
}

/* Look at the first two bytes of a body, and begin the stream that they tell. Returns how many of
 * the bytes were taken into d->first. */
static size_t look_at_start(struct decode *d, struct slice bytes)
{
    size_t n = 0;

    while (d->seen < sizeof(d->first) && n < bytes.len)
        d->first[d->seen++] = (unsigned char)bytes.data[n++];
    if (d->seen < sizeof(d->first))
        return n;
    if (d->kind == IDENTITY && d->first[0] == 0x1f && d->first[1] == 0x8b)
        d->kind = GZIP;
    if (d->kind != IDENTITY)
        begin_member(d, window_of(d));
    return n;
}

/* Take bytes of which it is clear what they are. */
static enum decode_result add_known(struct decode *d, struct slice bytes, struct buf *out,
                                    size_t max_bytes)
{
    if (bytes.len == 0)
        return DECODE_OK;
    if (d->kind != IDENTITY)
        return inflate_all(d, bytes, out, max_bytes);
    if (bytes.len > max_bytes - out->len)
        return DECODE_LARGE;
    buf_append(out, bytes.data, bytes.len);
    return DECODE_OK;
}

enum decode_result decode_add(struct decode *d, struct slice bytes, struct buf *out,
                              size_t max_bytes)
{
    enum decode_result result = DECODE_OK;

    if (d->kind == UNKNOWN)
        return DECODE_DAMAGED;
    if (d->seen < sizeof(d->first)) {
        size_t n = look_at_start(d, bytes);

        bytes.data += n;
        bytes.len -= n;
        if (d->seen == sizeof(d->first))
            result = add_known(d, (struct slice){(const char *)d->first, sizeof(d->first)}, out,
                               max_bytes);
    }
    if (result != DECODE_OK || d->seen < sizeof(d->first))
        return result;
    d->seen += bytes.len;
    return add_known(d, bytes, out, max_bytes);
}

void decode_end(struct decode *d, struct buf *out)
{
    if (d->kind == IDENTITY && d->seen == 1)
        buf_putc(out, (char)d->first[0]);
}

int decode_is_encoded(const struct decode *d)
{
    return d->kind != IDENTITY;
}

int decode_is_whole(const struct decode *d)
{
    return !d->in_member && d->seen >= sizeof(d->first);
}
