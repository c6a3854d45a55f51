#include "base/text.h"

#include <stdint.h>
#include <string.h>

char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void text_to_lower(char *text)
{
    for (; *text != '\0'; text++)
        *text = text_lower(*text);
}

void text_put_lower(struct buf *b, struct slice text)
{
    size_t i;

    buf_reserve(b, text.len);
    for (i = 0; i < text.len; i++)
        b->data[b->len++] = text_lower(text.data[i]);
}

char *text_lower_dup(struct slice text)
{
    char *copy = slice_dup(text);

    text_to_lower(copy);
    return copy;
}

int text_starts_nocase(struct slice s, const char *prefix)
{
    size_t i;

    for (i = 0; prefix[i] != '\0'; i++) {
        if (i == s.len || text_lower(s.data[i]) != text_lower(prefix[i]))
            return 0;
    }
    return 1;
}

int text_same(struct slice a, struct slice b)
{
    size_t i;

    if (a.len != b.len)
        return 0;
    for (i = 0; i < a.len && text_lower(a.data[i]) == text_lower(b.data[i]); i++)
        ;
    return i == a.len;
}

int text_matches(struct slice pattern, struct slice text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

    while (t < text.len) {
        if (p < pattern.len && pattern.data[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.len && text_lower(pattern.data[p]) == text_lower(text.data[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return 0;
        }
    }
    while (p < pattern.len && pattern.data[p] == '*')
        p++;
    return p == pattern.len;
}

int text_is_guid(struct slice s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        char c = text_lower(s.data[i]);

        if (i == 8 || i == 13 || i == 18 || i == 23 ? c != '-'
                                                    : (c < '0' || c > '9') && (c < 'a' || c > 'f'))
            return 0;
    }
    return s.len == 36;
}

int text_is_hex(struct slice s, size_t n)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (!(s.data[i] >= '0' && s.data[i] <= '9') && !(s.data[i] >= 'a' && s.data[i] <= 'f'))
            return 0;
    }
    return s.len == n;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice text_trim(struct slice s)
{
    for (;;) {
        if (s.len >= 1 && is_blank(s.data[0])) {
            s.data++;
            s.len--;
        } else if (s.len >= 2 && memcmp(s.data, "\xc2\xa0", 2) == 0) {
            s.data += 2;
            s.len -= 2;
        } else {
            break;
        }
    }
    for (;;) {
        if (s.len >= 1 && is_blank(s.data[s.len - 1]))
            s.len--;
        else if (s.len >= 2 && memcmp(s.data + s.len - 2, "\xc2\xa0", 2) == 0)
            s.len -= 2;
        else
            return s;
    }
}

size_t text_utf8_decode(struct slice s, unsigned *code)
{
    const unsigned char *p = (const unsigned char *)s.data;
    size_t len, i;
    unsigned c;

    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || s.len < len)
        return 0;
    c = p[0] & (0xffU >> (len + 1));
    for (i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3fU);
    }
    if ((len == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) ||
        (len == 4 && (c < 0x10000 || c > 0x10ffff)))
        return 0;
    *code = c;
    return len;
}

size_t text_utf8_encode(unsigned code, char dst[TEXT_UTF8_MAX])
{
    if (code < 0x80) {
        dst[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        dst[0] = (char)(0xc0 | code >> 6);
        dst[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        dst[0] = (char)(0xe0 | code >> 12);
        dst[1] = (char)(0x80 | (code >> 6 & 0x3f));
        dst[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    dst[0] = (char)(0xf0 | code >> 18);
    dst[1] = (char)(0x80 | (code >> 12 & 0x3f));
    dst[2] = (char)(0x80 | (code >> 6 & 0x3f));
    dst[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

int text_is_hidden(unsigned c)
{
    /* First and last of each range, in order. Unicode's Default_Ignorable_Code_Point and Cc, and
     * what draws as nothing or as a line break. */
    static const unsigned ranges[][2] = {
        {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
        {0x61c, 0x61c},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
        {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},   {0x2800, 0x2800},
        {0x3164, 0x3164}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    size_t i;

    for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && c >= ranges[i][0]; i++) {
        if (c <= ranges[i][1])
            return 1;
    }
    return 0;
}

int text_clean(char *dst, size_t cap, struct slice text)
{
    size_t used = 0;

    while (text.len > 0) {
        unsigned c = 0;
        size_t len = text_utf8_decode(text, &c);
        char first = *text.data;

        if (len == 0) {
            c = '?';
            first = '?';
            len = 1;
        } else if (c == '\n' || c == '\r' || c == '\t') {
            c = ' ';
            first = ' ';
        }
        if (!text_is_hidden(c)) {
            if (used + len >= cap)
                break;
            memmove(dst + used, text.data, len);
            dst[used] = first;
            used += len;
        }
        text.data += len;
        text.len -= len;
    }
    dst[used] = '\0';
    return text.len > 0 ? -1 : 0;
}

int text_is_alnum(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

int text_is_gap(char c)
{
    return c == '_' || c == '-' || c == ' ';
}

int text_same_name(struct slice a, const char *b)
{
    size_t i;

    for (i = 0; i < a.len; i++) {
        char c = text_lower(a.data[i]);

        if (text_lower(*b) != c && text_is_gap(c))
            continue;
        while (text_lower(*b) != c && text_is_gap(*b))
            b++;
        if (*b == '\0' || text_lower(*b) != c)
            return 0;
        b++;
    }
    while (text_is_gap(*b))
        b++;
    return *b == '\0';
}
