#include "out/csv.h"

#include "base/text.h"

#include <string.h>

void csv_begin(struct buf *out)
{
    buf_puts(out, "\xef\xbb\xbf");
}

/* Whether a code point is passed over in front of a formula. */
static int is_passed_over(unsigned c)
{
    return c == ' ' || c == '"' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x205f || c == 0x3000 || text_is_hidden(c);
}

/* Whether a spreadsheet would calculate what begins with this code point, in full width too. */
static int begins_formula(unsigned c)
{
    return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xff1d || c == 0xff0b ||
           c == 0xff0d || c == 0xff20;
}

/* Where behind `at` a formula begins that nothing visible stands in front of, or text.len. */
static size_t find_formula(struct slice text, size_t at)
{
    while (at < text.len) {
        struct slice rest = {text.data + at, text.len - at};
        unsigned code = 0;
        size_t n = text_utf8_decode(rest, &code);

        if (n != 0 && begins_formula(code))
            return at;
        if (n == 0 || !is_passed_over(code))
            break;
        at += n;
    }
    return text.len;
}

/* Whether a byte ends a cell under some list separator but the comma, which quotes take care of. */
static int is_separator(char c)
{
    return c == ';' || c == '\t' || c == '\n' || c == '\r';
}

/* Append the bytes of a quoted or plain cell. */
static void put_bytes(struct buf *out, const char *data, size_t len, int quote)
{
    while (len > 0) {
        const char *at = quote ? memchr(data, '"', len) : NULL;
        size_t n = at == NULL ? len : (size_t)(at - data) + 1;

        buf_append(out, data, n);
        if (at != NULL)
            buf_putc(out, '"');
        data += n;
        len -= n;
    }
}

void csv_cell(struct buf *out, struct slice text, int first)
{
    size_t i, done = 0;
    int quote = 0;

    if (!first)
        buf_putc(out, ',');
    for (i = 0; i < text.len && !quote; i++)
        quote = text.data[i] == '"' || text.data[i] == ',' || is_separator(text.data[i]);
    if (quote)
        buf_putc(out, '"');
    if (text.len > 0 && (find_formula(text, 0) < text.len || strchr("\t\r", text.data[0]) != NULL))
        buf_putc(out, '\'');
    for (i = 0; quote && i < text.len; i++) {
        if (!is_separator(text.data[i]) || find_formula(text, i + 1) == text.len)
            continue;
        put_bytes(out, text.data + done, i + 1 - done, quote);
        buf_putc(out, '\'');
        done = i + 1;
    }
    put_bytes(out, text.data == NULL ? "" : text.data + done, text.len - done, quote);
    if (quote)
        buf_putc(out, '"');
}

void csv_json_cell(struct buf *out, struct slice json, int first)
{
    size_t i, done = 0;

    if (!first)
        buf_putc(out, ',');
    buf_putc(out, '"');
    for (i = 0; i < json.len; i++) {
        struct slice rest;
        unsigned code = 0;
        size_t at, n;

        if (json.data[i] != ';' || (at = find_formula(json, i + 1)) == json.len)
            continue;
        rest = (struct slice){json.data + at, json.len - at};
        n = text_utf8_decode(rest, &code);
        put_bytes(out, json.data + done, at - done, 1);
        buf_printf(out, "\\u%04x", code);
        done = at + n;
        i = done - 1;
    }
    put_bytes(out, json.data == NULL ? "" : json.data + done, json.len - done, 1);
    buf_putc(out, '"');
}

void csv_end_row(struct buf *out)
{
    buf_puts(out, "\r\n");
}
