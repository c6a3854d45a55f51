#include "out/csv.h"

#include <string.h>

int csv_begin(struct buf *out)
{
    return buf_puts(out, "\xef\xbb\xbf");
}

/* Whether a spreadsheet would calculate a cell that begins so. */
static int is_formula(struct slice text)
{
    return text.len > 0 && strchr("=+-@\t\r", text.data[0]) != NULL && text.data[0] != '\0';
}

int csv_cell(struct buf *out, struct slice text, int first)
{
    int quote = 0;
    size_t i;

    if (!first && buf_putc(out, ',') != 0)
        return -1;
    for (i = 0; i < text.len && !quote; i++)
        quote = text.data[i] == '"' || text.data[i] == ',' || text.data[i] == '\n' ||
                text.data[i] == '\r';
    if (quote && buf_putc(out, '"') != 0)
        return -1;
    if (is_formula(text) && buf_putc(out, '\'') != 0)
        return -1;
    for (i = 0; i < text.len;) {
        const char *at = quote ? memchr(text.data + i, '"', text.len - i) : NULL;
        size_t n = at == NULL ? text.len - i : (size_t)(at - text.data) - i + 1;

        if (buf_append(out, text.data + i, n) != 0 || (at != NULL && buf_putc(out, '"') != 0))
            return -1;
        i += n;
    }
    return quote ? buf_putc(out, '"') : 0;
}

int csv_end_row(struct buf *out)
{
    return buf_puts(out, "\r\n");
}
