#include "read/utf16.h"

/* Write a code point as UTF-8 at dst. Returns its bytes. */
static size_t put_utf8(char *dst, unsigned c)
{
    if (c < 0x80) {
        dst[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        dst[0] = (char)(0xc0 | c >> 6);
        dst[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        dst[0] = (char)(0xe0 | c >> 12);
        dst[1] = (char)(0x80 | (c >> 6 & 0x3f));
        dst[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    dst[0] = (char)(0xf0 | c >> 18);
    dst[1] = (char)(0x80 | (c >> 12 & 0x3f));
    dst[2] = (char)(0x80 | (c >> 6 & 0x3f));
    dst[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

size_t utf16_unit(struct utf16 *u, const unsigned char *unit, char *dst)
{
    unsigned code = u->big ? (unsigned)unit[1] | (unsigned)unit[0] << 8
                           : (unsigned)unit[0] | (unsigned)unit[1] << 8;
    size_t n = 0;

    if (u->high != 0 && code >= 0xdc00 && code <= 0xdfff) {
        n = put_utf8(dst, 0x10000 + ((u->high - 0xd800) << 10) + (code - 0xdc00));
        u->high = 0;
        return n;
    }
    if (u->high != 0)
        n = put_utf8(dst, 0xfffd);
    u->high = code >= 0xd800 && code <= 0xdbff ? code : 0;
    if (u->high == 0)
        n += put_utf8(dst + n, code >= 0xdc00 && code <= 0xdfff ? 0xfffd : code);
    return n;
}

/* Whether a byte may begin a text: a bracket of JSON, a quote, a letter of a header. */
static int begins_text(unsigned char c)
{
    return c == '{' || c == '[' || c == '"' || c == '#' || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

int utf16_begins(struct utf16 *u, const unsigned char *p, size_t n, size_t *skip)
{
    if (n < 2)
        return 0;
    *skip = (p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ? 2 : 0;
    u->big = p[0] == 0xfe || p[0] == 0;
    return *skip > 0 || (begins_text(p[0]) && p[1] == 0) || (p[0] == 0 && begins_text(p[1]));
}

size_t utf16_text(struct utf16 *u, const unsigned char *p, size_t n, size_t *used, char *dst,
                  size_t cap)
{
    size_t out = 0;

    for (*used = 0; n - *used >= 2 && cap - out >= UTF16_ROOM; *used += 2)
        out += utf16_unit(u, p + *used, dst + out);
    return out;
}
