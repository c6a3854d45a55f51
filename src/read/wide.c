#include "read/wide.h"

#include "base/text.h"

#include <string.h>

/* The unit at p. */
static unsigned code_at(const struct wide *u, const unsigned char *p)
{
    unsigned code = 0;
    size_t i;

    for (i = 0; i < u->unit; i++)
        code = code << 8 | p[u->big ? i : u->unit - 1 - i];
    return code;
}

/* Write a unit, and what waits for it. */
static size_t put_unit(struct wide *u, unsigned code, char *dst)
{
    int low = code >= 0xdc00 && code <= 0xdfff;
    size_t n = 0;

    if (u->high != 0 && low) {
        n = text_utf8_encode(0x10000 + ((u->high - 0xd800) << 10) + (code - 0xdc00), dst);
        u->high = 0;
        return n;
    }
    if (u->high != 0)
        n = text_utf8_encode(TEXT_REPLACEMENT, dst);
    u->high = code >= 0xd800 && code <= 0xdbff ? code : 0;
    if (u->high == 0)
        n += text_utf8_encode(low || code > 0x10ffff ? TEXT_REPLACEMENT : code, dst + n);
    return n;
}

/* Whether a code may begin a text: a bracket of JSON, a quote, a letter of a header. */
static int begins_text(unsigned c)
{
    return c == '{' || c == '[' || c == '"' || c == '#' || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

int wide_begins(struct wide *u, const unsigned char *p, size_t n, size_t *skip)
{
    size_t unit;
    int big;

    /* UTF-32 first: its mark begins with the one of UTF-16 */
    for (unit = 4; unit >= 2; unit -= 2) {
        for (big = 0; big < 2 && n >= unit; big++) {
            unsigned code;

            *u = (struct wide){unit, big, 0};
            code = code_at(u, p);
            *skip = code == 0xfeff ? unit : 0;
            if (*skip > 0 || begins_text(code))
                return 1;
        }
    }
    return 0;
}

size_t wide_text(struct wide *u, const unsigned char *p, size_t n, size_t *used, char *dst,
                 size_t cap)
{
    size_t out = 0;

    for (*used = 0; n - *used >= u->unit && cap - out >= WIDE_ROOM; *used += u->unit)
        out += put_unit(u, code_at(u, p + *used), dst + out);
    return out;
}
