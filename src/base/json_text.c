#include "base/json.h"

#include "base/text.h"

#include <string.h>

enum json_kind json_kind(struct slice s)
{
    if (s.data == NULL || s.len == 0)
        return JSON_NONE;
    switch (s.data[0]) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
    case 'f':
        return JSON_BOOL;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_NUMBER;
    }
}

/* Append one code point as UTF-8. */
static void put_code(struct buf *out, unsigned code)
{
    char bytes[TEXT_UTF8_MAX];

    buf_append(out, bytes, text_utf8_encode(code, bytes));
}

/* Four hexadecimal digits at p, which the slicer has checked, or 0x110000 when they are not there.
 */
static unsigned hex4(const char *p, const char *end)
{
    unsigned v = 0;
    int i;

    if (end - p < 4)
        return 0x110000;
    for (i = 0; i < 4; i++) {
        char c = text_lower(p[i]);

        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return 0x110000;
        v = v << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return v;
}

/* Append what the \\u escape at *p (behind its backslash) stands for; moves *p. -1 for others. */
static int decode_escape(const char **p, const char *end, struct buf *out)
{
    unsigned c = **p == 'u' ? hex4(*p + 1, end) : 0x110000, low;

    if (c > 0xffff)
        return -1;
    *p += 5;
    if (c >= 0xd800 && c <= 0xdbff && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
        low = hex4(*p + 2, end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *p += 6;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    put_code(out, c >= 0xd800 && c <= 0xdfff ? TEXT_REPLACEMENT : c);
    return 0;
}

/* What a letter behind a backslash stands for, or 0 for those that need a closer look. */
static char short_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return 0;
    }
}

int json_string_decode(struct slice s, struct buf *out)
{
    const char *p, *end;
    char *q;

    if (json_kind(s) != JSON_STRING || s.len < 2 || s.data[s.len - 1] != '"')
        return -1;
    p = s.data + 1;
    end = s.data + s.len - 1;
    /* No escape is shorter than what it stands for, so one reservation is enough. */
    buf_reserve(out, s.len);
    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        size_t n = (size_t)((slash == NULL ? end : slash) - p);

        memcpy(out->data + out->len, p, n);
        out->len += n;
        p += n;
        /* texts inside texts have several in a row */
        for (q = out->data + out->len; p < end && *p == '\\'; p += 2) {
            *q = p + 1 < end ? short_escape(p[1]) : 0;
            if (*q == 0)
                break;
            q++;
        }
        out->len = (size_t)(q - out->data);
        if (p >= end || *p != '\\')
            continue;
        if (++p >= end || decode_escape(&p, end, out) != 0)
            return -1;
    }
    return 0;
}

char *json_string_dup(struct slice s)
{
    struct buf b = {0};

    if (json_string_decode(s, &b) != 0) {
        buf_free(&b);
        return NULL;
    }
    return buf_text(&b);
}

/* Behind the string whose first byte is at p, or end: a quote with an odd number of backslashes in
 * front is part of it. */
static const char *string_end(const char *p, const char *end)
{
    for (;;) {
        const char *quote = memchr(p, '"', (size_t)(end - p)), *slash;

        if (quote == NULL)
            return end;
        for (slash = quote; slash > p && slash[-1] == '\\'; slash--)
            ;
        p = quote + 1;
        if ((quote - slash) % 2 == 0)
            return p;
    }
}

int json_whole(struct slice s, int64_t *value)
{
    int negative = s.len > 0 && s.data[0] == '-';
    int64_t n = 0;
    size_t i;

    if (json_kind(s) != JSON_NUMBER)
        return -1;
    for (i = (size_t)negative; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9' || n > (INT64_MAX - 9) / 10)
            return -1;
        n = n * 10 + (s.data[i] - '0');
    }
    *value = negative ? -n : n;
    return 0;
}

void json_minify(struct slice s, struct buf *out)
{
    const char *p = s.data, *end = s.data + s.len;
    char *q;

    buf_reserve(out, s.len);
    q = out->data + out->len;
    while (p < end) {
        if (*p == '"') {
            const char *start = p;

            p = string_end(p + 1, end);
            memcpy(q, start, (size_t)(p - start));
            q += p - start;
        } else if (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') {
            p++;
        } else {
            *q++ = *p++;
        }
    }
    out->len = (size_t)(q - out->data);
}

int json_same(struct slice a, struct slice b)
{
    struct buf bare_a = {0}, bare_b = {0};
    int same = slice_compare(a, b) == 0;

    if (!same) {
        json_minify(a, &bare_a);
        json_minify(b, &bare_b);
        same = slice_compare(buf_slice(&bare_a), buf_slice(&bare_b)) == 0;
    }
    buf_free(&bare_a);
    buf_free(&bare_b);
    return same;
}

int json_is_bad_utf8(const char *why)
{
    return strncmp(why, JSON_BAD_UTF8, sizeof(JSON_BAD_UTF8) - 1) == 0;
}

int json_has_object(struct slice line)
{
    const char *p = line.data, *end = p + line.len;

    while (p < end && (p = memchr(p, '{', (size_t)(end - p))) != NULL && ++p < end) {
        if (*p == '"')
            return 1;
    }
    return 0;
}

/* Append one ASCII character of a JSON string. */
static void put_ascii(struct buf *out, char c)
{
    static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
    const char *at = c == '\0' ? NULL : strchr(from, c);

    if (at != NULL)
        buf_printf(out, "\\%c", to[at - from]);
    else if ((unsigned char)c < 0x20 || c == 0x7f)
        buf_printf(out, "\\u%04x", (unsigned char)c);
    else
        buf_putc(out, c);
}

void json_put_slice(struct buf *out, struct slice text)
{
    if (text.data == NULL) {
        buf_puts(out, "null");
        return;
    }
    buf_putc(out, '"');
    while (text.len > 0) {
        unsigned code = 0;
        size_t n = text_utf8_decode(text, &code);

        if (n == 1)
            put_ascii(out, *text.data);
        else if (n == 0)
            put_code(out, TEXT_REPLACEMENT);
        else
            buf_append(out, text.data, n);
        text.data += n == 0 ? 1 : n;
        text.len -= n == 0 ? 1 : n;
    }
    buf_putc(out, '"');
}

void json_put_string(struct buf *out, const char *text)
{
    struct slice none = {NULL, 0};

    json_put_slice(out, text == NULL ? none : slice_of(text));
}
