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

/* Columns of one code point. */
static size_t width_of(unsigned c)
{
    if ((c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
        (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe00 && c <= 0xfe0f) ||
        (c >= 0xfe20 && c <= 0xfe2f))
        return 0;
    if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
        (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
        (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
        (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
        (c >= 0x20000 && c <= 0x3fffd))
        return 2;
    return 1;
}

size_t table_width(struct slice text)
{
    size_t width = 0;

    while (text.len > 0) {
        unsigned code = 0;
        size_t len = text_utf8_decode(text, &code);

        if (len == 0)
            len = 1;
        width += width_of(code);
        text.data += len;
        text.len -= len;
    }
    return width;
}

void table_wrap(struct buf *out, const char *text, size_t column, size_t indent, size_t width)
{
    size_t n, first = 1;

    for (; *text != '\0'; text += n + strspn(text + n, " "), first = 0) {
        size_t wide;

        n = strcspn(text, " ");
        wide = table_width((struct slice){text, n});
        if (!first && column + 1 + wide > width) {
            buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            buf_putc(out, ' ');
            column++;
        }
        buf_append(out, text, n);
        column += wide;
    }
    buf_putc(out, '\n');
}
