#include "out/table.h"

#include "base/text.h"

#include <string.h>

void table_escape(struct buf *out, struct slice text)
{
    while (text.len > 0) {
        unsigned code = 0;
        size_t len = text_utf8_decode(text, &code);

        if (len == 0) {
            len = 1;
            buf_printf(out, "\\x%02x", (unsigned char)text.data[0]);
        } else if (text_is_hidden(code)) {
            buf_printf(out, code > 0xffff ? "\\U%08x" : "\\u%04x", code);
        } else {
            buf_append(out, text.data, len);
        }
        text.data += len;
        text.len -= len;
    }
}

struct range {
    unsigned from, to;
};

/* Characters that combine with the one in front. */
static const struct range combining[] = {
    {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
/* East Asian wide ones, and signs that many terminals show as wide pictures. */
static const struct range wide[] = {
    {0x1100, 0x115f}, {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23f3},  {0x25fd, 0x25fe},
    {0x2600, 0x27bf}, {0x2b1b, 0x2b1c},   {0x2b50, 0x2b55},   {0x2e80, 0xa4cf},  {0xa960, 0xa97f},
    {0xac00, 0xd7a3}, {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},  {0xff00, 0xff60},
    {0xffe0, 0xffe6}, {0x16fe0, 0x1b2ff}, {0x1f000, 0x1faff}, {0x20000, 0x3fffd}};

#define IN(ranges, code) in_ranges(ranges, sizeof(ranges) / sizeof((ranges)[0]), code)

static int in_ranges(const struct range *ranges, size_t n, unsigned code)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (code >= ranges[i].from && code <= ranges[i].to)
            return 1;
    }
    return 0;
}

/* Bytes of the character at the start of text, which is not empty, and its columns. */
static size_t next_char(struct slice text, size_t *columns)
{
    unsigned code = 0;
    size_t len = text_utf8_decode(text, &code);

    *columns = code < 0x300 ? 1 : IN(combining, code) ? 0 : IN(wide, code) ? 2 : 1;
    return len == 0 ? 1 : len;
}

/* Columns that a terminal needs for text. */
static size_t width_of(struct slice text)
{
    size_t width = 0, columns;

    while (text.len > 0) {
        size_t len = next_char(text, &columns);

        width += columns;
        text.data += len;
        text.len -= len;
    }
    return width;
}

/* Bytes of text, from its beginning, that fit in so many columns. */
static size_t fitting(struct slice text, size_t room)
{
    size_t n = 0, columns;

    while (n < text.len) {
        size_t len = next_char((struct slice){text.data + n, text.len - n}, &columns);

        if (columns > room)
            break;
        room -= columns;
        n += len;
    }
    return n;
}

size_t table_fitting(const char *text, size_t columns)
{
    return fitting(slice_of(text), columns);
}

void table_put_short(struct buf *out, struct slice text, size_t columns)
{
    size_t width = width_of(text), room = columns - strlen(TABLE_CUT), one, len;

    if (width <= columns) {
        buf_append(out, text.data, text.len);
        return;
    }
    buf_append(out, text.data, fitting(text, room - room / 2));
    buf_puts(out, TABLE_CUT);
    /* Its end, which does not begin with a character that combines with one left out. */
    while (text.len > 0) {
        len = next_char(text, &one);
        if (width <= room / 2 && one > 0)
            break;
        width -= one;
        text.data += len;
        text.len -= len;
    }
    buf_append(out, text.data, text.len);
}

void table_wrap(struct buf *out, const char *text, size_t column, size_t indent, size_t width)
{
    size_t n, first = 1;

    for (; *text != '\0'; text += n + strspn(text + n, " "), first = 0) {
        size_t word;

        n = strcspn(text, " ");
        word = width_of((struct slice){text, n});
        if (!first && column + 1 + word > width) {
            buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            buf_putc(out, ' ');
            column++;
        }
        buf_append(out, text, n);
        column += word;
    }
    buf_putc(out, '\n');
}
