#include "read/unpack.h"

#include "base/mem.h"
#include "export/fragment.h"
#include "read/bytes.h"
#include "read/wide.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* What inflateInit2 is to expect. */
#define WINDOW_GZIP (15 + 16)
#define WINDOW_RAW (-15)

/* Bytes of a gzip member's end: CRC-32 and length. */
#define GZIP_TRAILER 8U

enum packing {
    PACKING_UNKNOWN, /* nothing was read yet */
    PACKING_PLAIN,
    PACKING_WIDE,
    PACKING_GZIP,     /* inside a member */
    PACKING_BETWEEN,  /* behind a member */
    PACKING_FRAGMENT, /* as the ledger describes it */
    PACKING_SALVAGE,  /* raw deflate, found again behind damage */
    PACKING_END
};

struct unpack {
    struct bytes raw;
    uint64_t plain_total;
    enum packing packing;
    z_stream z;
    int z_open;
    struct fragment *fragment; /* of the window, or NULL */
    const struct manifest_window *window;
    struct wide units;
    int looked;               /* gzip: at its first bytes */
    int wide;                 /* UTF-16 or UTF-32 */
    unsigned char text[4096]; /* gzip: unpacked bytes that were not handed out yet */
    size_t text_at, text_len; /* which of them */
    int gap;                  /* a newline is due */
    int damaged;
    char damage[ERR_MSG_MAX + 64];
};

/* Tell damage; the first since the last unpack_damage stands. */
static void tell(struct unpack *s, const char *why)
{
    if (!s->damaged)
        (void)snprintf(s->damage, sizeof(s->damage), "%s", why);
    s->damaged = 1;
}

/* A source whose input is still to be opened. */
static struct unpack *unpack_new(void)
{
    struct unpack *s = mem_zalloc(1, sizeof(*s));

    s->raw.fd = -1;
    return s;
}

struct unpack *unpack_open(const char *path, int inside, struct err *e)
{
    struct unpack *s = unpack_new();

    if (bytes_open(&s->raw, path, inside, e) != 0) {
        unpack_close(s);
        return NULL;
    }
    return s;
}

struct unpack *unpack_open_fd(int fd, const char *path)
{
    struct unpack *s = unpack_new();

    bytes_open_fd(&s->raw, fd, path);
    return s;
}

struct unpack *unpack_open_fragment(int fd, const char *path, const struct manifest_window *w)
{
    struct unpack *s = unpack_open_fd(fd, path);

    s->window = w;
    s->fragment = fragment_open(fd, s->raw.path, w);
    s->packing = PACKING_FRAGMENT;
    return s;
}

struct unpack *unpack_open_member(const char *path, int inside, const struct zip_member *m,
                                  struct err *e)
{
    struct unpack *s = unpack_open(path, inside, e);

    if (s != NULL && bytes_member(&s->raw, m, e) != 0) {
        unpack_close(s);
        return NULL;
    }
    return s;
}

void unpack_close(struct unpack *s)
{
    if (s == NULL)
        return;
    if (s->z_open)
        (void)inflateEnd(&s->z);
    fragment_close(s->fragment);
    bytes_close(&s->raw);
    free(s);
}

const char *unpack_damage(struct unpack *s)
{
    int damaged = s->damaged;

    s->damaged = 0;
    return damaged ? s->damage : NULL;
}

/* Have at least `need` unused packed bytes (few: at most 16) unless the input ends. */
static void fill(struct unpack *s, size_t need)
{
    struct err e = {0};

    if (bytes_fill(&s->raw, need, &e) != 0)
        tell(s, e.msg);
}

/* Whether the unused bytes begin with a gzip member: magic, deflate, no reserved flag. */
static int is_gzip(const unsigned char *p, size_t n)
{
    return n >= 4 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 && (p[3] & 0xe0) == 0;
}

/* Make zlib ready for a new stream. */
static void restart(struct unpack *s, int window, enum packing packing)
{
    int status = s->z_open ? inflateReset2(&s->z, window) : inflateInit2(&s->z, window);

    if (status != Z_OK)
        mem_fail();
    s->z_open = 1;
    s->packing = packing;
}

/* Look at the first bytes. */
static void recognise(struct unpack *s)
{
    const unsigned char *p;
    size_t n, skip;

    fill(s, 4);
    p = s->raw.data + s->raw.at;
    n = s->raw.len - s->raw.at;
    if (is_gzip(p, n)) {
        restart(s, WINDOW_GZIP, PACKING_GZIP);
    } else if (wide_begins(&s->units, p, n, &skip)) {
        s->packing = PACKING_WIDE;
        s->raw.at += skip;
    } else {
        s->packing = PACKING_PLAIN;
    }
}

/* Behind a member: another one, zeros up to the end (tapes pad with them), the end, or rubbish. */
static void between_members(struct unpack *s)
{
    int zeros = 0;

    for (;;) {
        fill(s, 4);
        if (s->raw.at == s->raw.len) {
            s->packing = PACKING_END;
            return;
        }
        if (is_gzip(s->raw.data + s->raw.at, s->raw.len - s->raw.at) && !zeros) {
            restart(s, WINDOW_GZIP, PACKING_GZIP);
            return;
        }
        if (s->raw.data[s->raw.at] != 0)
            break;
        zeros = 1;
        s->raw.at++;
    }
    tell(s, "there is other data after the end of the gzip data");
    s->packing = PACKING_END;
}

/*
 * Find a place behind damage where unpacking can go on: the marker 00 00 FF FF that a full flush
 * leaves on a byte border (our own fragments end with it), or the start of a gzip member.
 */
static void resynchronise(struct unpack *s)
{
    s->gap = 1;
    for (;;) {
        const unsigned char *p;

        fill(s, 4);
        if (s->raw.len - s->raw.at < 4) {
            s->packing = PACKING_END;
            return;
        }
        p = s->raw.data + s->raw.at;
        if (is_gzip(p, s->raw.len - s->raw.at)) {
            restart(s, WINDOW_GZIP, PACKING_GZIP);
            return;
        }
        s->raw.at++;
        if (p[0] == 0 && p[1] == 0 && p[2] == 0xff && p[3] == 0xff) {
            s->raw.at += 3;
            restart(s, WINDOW_RAW, PACKING_SALVAGE);
            return;
        }
    }
}

/* The stream of deflate ended where its format says. */
static void stream_ended(struct unpack *s)
{
    if (s->packing == PACKING_SALVAGE) {
        fill(s, GZIP_TRAILER);
        s->raw.at += s->raw.len - s->raw.at < GZIP_TRAILER ? s->raw.len - s->raw.at : GZIP_TRAILER;
    }
    s->packing = PACKING_BETWEEN;
}

/* zlib met something that is not deflate, or a checksum that does not fit. */
static void data_failed(struct unpack *s)
{
    char why[128];

    (void)snprintf(why, sizeof(why), "damaged gzip data (%s)",
                   s->z.msg == NULL ? "no reason given" : s->z.msg);
    /* A place that was only guessed is no news. */
    if (s->packing != PACKING_SALVAGE)
        tell(s, why);
    resynchronise(s);
}

/* Whether the output so far is more than logs expand to. */
static int is_bomb(const struct unpack *s)
{
    uint64_t used =
        s->fragment != NULL ? s->window->deflated : s->raw.total - (s->raw.len - s->raw.at);

    return s->plain_total > UNPACK_RATIO_FREE_BYTES && s->plain_total / UNPACK_RATIO_MAX > used;
}

/* Do not read what expands like a bomb any further. */
static void stop_bomb(struct unpack *s)
{
    if (!is_bomb(s))
        return;
    tell(s, "expands more than 250-fold: not read any further");
    s->packing = PACKING_END;
}

/* Inflate up to cap bytes. */
static size_t read_deflate(struct unpack *s, char *dst, size_t cap)
{
    size_t got;
    int status;

    if (cap > UINT32_MAX / 2)
        cap = UINT32_MAX / 2;
    fill(s, 1);
    s->z.next_in = s->raw.data + s->raw.at;
    s->z.avail_in = (uInt)(s->raw.len - s->raw.at);
    s->z.next_out = (Bytef *)dst;
    s->z.avail_out = (uInt)cap;
    status = inflate(&s->z, Z_NO_FLUSH);
    s->raw.at = s->raw.len - s->z.avail_in;
    got = cap - s->z.avail_out;
    s->plain_total += got;
    if (status == Z_STREAM_END) {
        stream_ended(s);
    } else if (status == Z_MEM_ERROR) {
        mem_fail();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
        data_failed(s);
    } else if (got == 0 && s->raw.at == s->raw.len && s->raw.ended) {
        tell(s, "gzip data cut short");
        s->packing = PACKING_END;
    }
    stop_bomb(s);
    return got;
}

/* Inflate up to cap bytes of the window. */
static size_t read_fragment(struct unpack *s, char *dst, size_t cap)
{
    struct err e = {0};
    size_t got;
    int more = fragment_inflate(s->fragment, dst, cap, &got, &e);

    s->plain_total += got;
    if (more == 0 && fragment_check(s->fragment, &e) != 0)
        more = -1;
    if (more < 0) {
        (void)err_wrap(&e, "the window at byte %" PRIu64, s->window->offset);
        tell(s, e.msg);
    }
    if (more != 1)
        s->packing = PACKING_END;
    stop_bomb(s);
    return got;
}

/* Copy plain bytes. */
static size_t read_plain(struct unpack *s, char *dst, size_t cap)
{
    struct err e = {0};
    long n = bytes_read(&s->raw, dst, cap, &e);

    if (n < 0)
        tell(s, e.msg);
    return n < 0 ? 0 : (size_t)n;
}

/* Turn UTF-16 or UTF-32 into UTF-8. Half a unit at the end goes to text, where the end finds it. */
static size_t read_wide(struct unpack *s, char *dst, size_t cap)
{
    size_t n, used;

    s->wide = 1;
    fill(s, s->units.unit);
    n = wide_text(&s->units, s->raw.data + s->raw.at, s->raw.len - s->raw.at, &used, dst, cap);
    s->raw.at += used;
    if (used == 0) {
        s->text_len = s->raw.len - s->raw.at;
        s->raw.at = s->raw.len;
        s->packing = PACKING_END;
    }
    return n;
}

/* Inflate into text, behind what stands there. */
static void unpack_text(struct unpack *s, size_t room)
{
    size_t left = s->text_len - s->text_at;

    memmove(s->text, s->text + s->text_at, left);
    s->text_at = 0;
    s->text_len = left + read_deflate(s, (char *)s->text + left, room - left);
}

/* Look whether gzip holds UTF-16 or UTF-32; behind a member of a few bytes the next one tells. */
static void look_inside(struct unpack *s)
{
    size_t skip = 0;

    while (s->packing == PACKING_GZIP && !s->gap && s->text_len < WIDE_LOOK)
        unpack_text(s, WIDE_LOOK);
    if (s->packing == PACKING_BETWEEN && s->text_len < WIDE_LOOK)
        return;
    s->wide = wide_begins(&s->units, s->text, s->text_len, &skip);
    s->text_at = skip;
    s->looked = 1;
}

/* Hand out what stands in text, as UTF-8. */
static size_t read_text(struct unpack *s, char *dst, size_t cap)
{
    size_t used = s->text_len - s->text_at, n;

    if (s->wide) {
        n = wide_text(&s->units, s->text + s->text_at, used, &used, dst, cap);
    } else {
        n = used < cap ? used : cap;
        memcpy(dst, s->text + s->text_at, n);
        used = n;
    }
    s->text_at += used;
    return n;
}

/* Forget half a unit in front of a gap or the end. Returns whether there was one. */
static int drop_half(struct unpack *s)
{
    int half = s->wide && (s->units.high != 0 || s->text_at < s->text_len);

    s->units.high = 0;
    s->text_at = s->text_len;
    return half;
}

size_t unpack_read(struct unpack *s, char *dst, size_t cap)
{
    for (;;) {
        size_t n = 0;

        if ((s->looked || s->packing == PACKING_END) &&
            s->text_len - s->text_at >= (s->wide ? s->units.unit : 1U)) {
            n = read_text(s, dst, cap);
            if (n > 0)
                return n;
            continue;
        }
        if (s->gap) {
            s->gap = 0;
            (void)drop_half(s);
            *dst = '\n';
            return 1;
        }
        switch (s->packing) {
        case PACKING_UNKNOWN:
            recognise(s);
            break;
        case PACKING_BETWEEN:
            between_members(s);
            break;
        case PACKING_PLAIN:
            return read_plain(s, dst, cap);
        case PACKING_WIDE:
            n = read_wide(s, dst, cap);
            break;
        case PACKING_FRAGMENT:
            n = read_fragment(s, dst, cap);
            break;
        case PACKING_END:
            if (drop_half(s))
                tell(s, s->units.unit == 4 ? "UTF-32 text cut short" : "UTF-16 text cut short");
            return 0;
        default:
            if (s->packing == PACKING_GZIP && !s->looked)
                look_inside(s);
            else if (s->wide)
                unpack_text(s, sizeof(s->text));
            else
                n = read_deflate(s, dst, cap);
            break;
        }
        if (n > 0)
            return n;
    }
}
