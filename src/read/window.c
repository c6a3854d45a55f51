#include "read/window.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Bytes read at a time. */
#define WINDOW_CHUNK ((size_t)256 << 10)

void window_advance(struct window *w, size_t to)
{
    const char *p = w->buf.data + w->at, *end = w->buf.data + to;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        w->line++;
        p++;
        w->line_start = w->base + (uint64_t)(p - w->buf.data);
    }
    w->at = to;
}

int window_can_grow(const struct window *w)
{
    return !w->ended && w->buf.len - w->at < WINDOW_MAX;
}

uint64_t window_column(const struct window *w, const char *p)
{
    return w->base + (uint64_t)(p - w->buf.data) - w->line_start + 1;
}

/* CR as LF, in the last n bytes of buf. */
static void cr_to_lf(struct window *w, size_t n)
{
    char *p = w->buf.data + w->buf.len - n;

    while (n > 0 && (p = memchr(p, '\r', (size_t)(w->buf.data + w->buf.len - p))) != NULL)
        *p++ = '\n';
}

void window_end_lines_with_cr(struct window *w)
{
    w->cr = 1;
    cr_to_lf(w, w->buf.len);
}

/* What an escape at p stands for; *n is its length, 0 when it goes on behind `end`. */
static char plain_of(const char *p, const char *end, size_t *n)
{
    int is_quote;

    *n = end - p < 2 ? 0 : p[1] == 'u' ? 6 : 2;
    if ((size_t)(end - p) < *n)
        *n = 0;
    if (*n == 0)
        return '\\';
    if (*n == 2)
        return p[1] == 'n' || p[1] == 'r' || p[1] == 't' ? ' ' : p[1];
    is_quote = memcmp(p + 2, "0022", 4) == 0;
    if (is_quote || slice_equals_nocase((struct slice){p + 2, 4}, "005c"))
        return is_quote ? '"' : '\\';
    *n = 1; /* it means the same one level down */
    return '\\';
}

/* Take the escapes off what stands in buf from `from` on. */
static void take_escapes(struct window *w, size_t from)
{
    char *p = w->buf.data + from, *to = p, *end = w->buf.data + w->buf.len;

    while (p < end) {
        char *slash = memchr(p, '\\', (size_t)(end - p));
        size_t n = (size_t)((slash == NULL ? end : slash) - p);

        memmove(to, p, n);
        to += n;
        p += n;
        if (p == end)
            break;
        *to = plain_of(p, end, &n);
        if (n == 0) {
            w->cut_len = (size_t)(end - p);
            memmove(w->cut, p, w->cut_len);
            break;
        }
        to++;
        p += n;
    }
    w->buf.len = (size_t)(to - w->buf.data);
}

void window_take_escapes(struct window *w)
{
    w->escaped = 1;
    take_escapes(w, 0);
}

/* Read up to `want` bytes behind those in buf; returns how many came. */
static size_t read_behind(struct window *w, size_t want)
{
    size_t from = w->buf.len, got;

    buf_append(&w->buf, w->cut, w->cut_len);
    w->cut_len = 0;
    got = unpack_read(w->source, w->buf.data + w->buf.len, want);
    w->buf.len += got;
    if (w->cr)
        cr_to_lf(w, got);
    if (w->escaped && got > 0)
        take_escapes(w, from);
    return got;
}

void window_more(struct window *w)
{
    size_t kept = w->buf.len - w->at, want = kept > WINDOW_CHUNK ? kept : WINDOW_CHUNK, got;
    const char *damage;

    if (w->source == NULL) {
        w->ended = 1;
        return;
    }
    if (w->moves != NULL)
        w->moves(w->moves_arg);
    if (want > WINDOW_CHUNK && kept + want > WINDOW_MAX + WINDOW_CHUNK)
        want = WINDOW_MAX + WINDOW_CHUNK - kept;
    if (w->at > 0) {
        memmove(w->buf.data, w->buf.data + w->at, kept);
        w->buf.len = kept;
        w->base += w->at;
        w->at = 0;
    }
    buf_reserve(&w->buf, want + sizeof(w->cut));
    /* As much again as is there: what has to be walked anew then at most doubles the work. */
    do {
        got = read_behind(w, want);
        want -= got;
        damage = unpack_damage(w->source);
        if (damage != NULL && !w->is_damaged) {
            (void)snprintf(w->damage, sizeof(w->damage), "%s", damage);
            w->damaged_at = w->base + w->buf.len;
            w->is_damaged = 1;
        }
    } while (got > 0 && want >= WINDOW_CHUNK / 2 && !w->is_damaged);
    if (got == 0)
        w->ended = 1;
}

/* What the bytes 0x80 to 0x9f are in Windows-1252; those without a meaning stay controls. */
static unsigned from_ansi(unsigned char c)
{
    static const unsigned short high[32] = {
        0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

    return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

int window_from_ansi(struct window *w, size_t at)
{
    const char *start = w->buf.data + at, *end = w->buf.data + w->buf.len, *p;
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    struct buf line = {0};
    int changed = 0;

    if (w->strict)
        return 0;
    if (stop == NULL)
        stop = end;
    for (p = start; p < stop;) {
        struct slice rest = {p, (size_t)(stop - p)};
        char utf8[TEXT_UTF8_MAX];
        unsigned code;
        size_t n = (unsigned char)*p < 0x80 ? 1 : text_utf8_decode(rest, &code);

        /* a sequence that goes on behind what was read is left alone */
        if (n == 0 && stop == end && !w->ended && end - p < TEXT_UTF8_MAX)
            break;
        if (n > 0) {
            buf_append(&line, p, n);
            p += n;
            continue;
        }
        n = text_utf8_encode(from_ansi((unsigned char)*p), utf8);
        buf_append(&line, utf8, n);
        changed = 1;
        p++;
    }
    if (changed) {
        size_t used = (size_t)(p - start), tail = (size_t)(end - p);
        size_t more = line.len - used;

        buf_reserve(&w->buf, more);
        memmove(w->buf.data + at + line.len, w->buf.data + at + used, tail);
        memcpy(w->buf.data + at, line.data, line.len);
        w->buf.len += more;
        w->not_utf8 = 1;
    }
    buf_free(&line);
    return changed;
}
