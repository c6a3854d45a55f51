#include "out/table.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Blanks between columns. */
#define TABLE_GAP 2

struct table {
    const struct table_column *columns;
    size_t n;
    struct buf *cells; /* escaped text, lines separated by \n */
    size_t ncells, cap;
};

int table_escape(struct buf *out, struct slice text)
{
    while (text.len > 0) {
        unsigned code = 0;
        size_t len = text_utf8_decode(text, &code);

        if (len == 0) {
            len = 1;
            (void)buf_printf(out, "\\x%02x", (unsigned char)text.data[0]);
        } else if (text_is_hidden(code)) {
            (void)buf_printf(out, code > 0xffff ? "\\U%08x" : "\\u%04x", code);
        } else {
            (void)buf_append(out, text.data, len);
        }
        text.data += len;
        text.len -= len;
    }
    return 0;
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

struct table *table_new(const struct table_column *columns, size_t n)
{
    struct table *t = mem_zalloc(1, sizeof(*t));

    t->columns = columns;
    t->n = n;
    return t;
}

void table_free(struct table *t)
{
    size_t i;

    if (t == NULL)
        return;
    for (i = 0; i < t->ncells; i++)
        buf_free(&t->cells[i]);
    free(t->cells);
    free(t);
}

int table_cell(struct table *t, struct slice text)
{
    struct buf *b;

    t->cells = mem_grow(t->cells, t->ncells, &t->cap, sizeof(*t->cells));
    b = &t->cells[t->ncells++];
    memset(b, 0, sizeof(*b));
    while (text.len > 0) {
        const char *end = memchr(text.data, '\n', text.len);
        struct slice line = {text.data, end == NULL ? text.len : (size_t)(end - text.data)};

        (void)table_escape(b, line);
        if (end != NULL)
            (void)buf_putc(b, '\n');
        text.data += line.len + (end != NULL);
        text.len -= line.len + (end != NULL);
    }
    return 0;
}

/* The next line of a cell: at most `width` columns of *rest, which moves behind it. */
static struct slice take_line(struct slice *rest, size_t width)
{
    struct slice line = {rest->data, 0};
    size_t used = 0, i = 0, good = 0, blank = 0, skip = 0;

    if (rest->len == 0)
        return line;
    while (i < rest->len && rest->data[i] != '\n') {
        struct slice left = {rest->data + i, rest->len - i};
        unsigned code = 0;
        size_t len = text_utf8_decode(left, &code), w = width_of(code);

        if (used + w > width && i > 0) {
            /* Best at a blank, else behind a slash, dash or @, unless the line gets very short. */
            line.len = blank > width / 2 ? blank : good >= width / 4 && good > 0 ? good : i;
            skip = line.len < rest->len && rest->data[line.len] == ' ';
            rest->data += line.len + skip;
            rest->len -= line.len + skip;
            while (line.len > 0 && line.data[line.len - 1] == ' ')
                line.len--;
            return line;
        }
        used += w;
        i += len == 0 ? 1 : len;
        if (code == ' ')
            blank = i;
        if (code == ' ' || code == '/' || code == '-' || code == '@')
            good = i;
    }
    line.len = i;
    skip = i < rest->len;
    rest->data += i + skip;
    rest->len -= i + skip;
    return line;
}

/* Width that a column would like: its longest line. */
static size_t natural_width(const struct table *t, size_t column)
{
    size_t want = strlen(t->columns[column].title), i;

    for (i = column; i < t->ncells; i += t->n) {
        struct slice rest = buf_slice(&t->cells[i]);

        while (rest.len > 0) {
            size_t w = table_width(take_line(&rest, (size_t)-1));

            if (w > want)
                want = w;
        }
    }
    return want;
}

/* Share the width out: every column as wide as it likes, or the widest ones made narrower. */
static void fit(const struct table *t, size_t width, size_t *widths)
{
    size_t total = TABLE_GAP * (t->n - 1), i;

    for (i = 0; i < t->n; i++) {
        widths[i] = natural_width(t, i);
        total += widths[i];
    }
    while (total > width) {
        size_t widest = t->n;

        for (i = 0; i < t->n; i++) {
            if (widths[i] > t->columns[i].min && (widest == t->n || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest == t->n)
            break;
        widths[widest]--;
        total--;
    }
}

/* Append one row of cells, as many lines as the longest of them needs. */
static int print_row(const struct table *t, const struct slice *cells, const size_t *widths,
                     struct buf *out)
{
    struct slice rest[TABLE_COLUMNS_MAX];
    int more = 1;
    size_t i;

    memcpy(rest, cells, t->n * sizeof(*rest));
    while (more) {
        size_t pad = 0;

        more = 0;
        for (i = 0; i < t->n; i++) {
            struct slice line = take_line(&rest[i], widths[i]);

            if (line.len > 0) {
                (void)buf_printf(out, "%*s", (int)pad, "");
                (void)buf_append(out, line.data, line.len);
                pad = 0;
            }
            pad += widths[i] - (line.len > 0 ? table_width(line) : 0) + TABLE_GAP;
            more |= rest[i].len > 0;
        }
        if (buf_putc(out, '\n') != 0)
            return -1;
    }
    return 0;
}

int table_print(const struct table *t, size_t width, struct buf *out)
{
    struct slice cells[TABLE_COLUMNS_MAX] = {{NULL, 0}};
    size_t widths[TABLE_COLUMNS_MAX] = {0}, i, row;

    fit(t, width, widths);
    for (i = 0; i < t->n; i++)
        cells[i] = slice_of(t->columns[i].title);
    if (print_row(t, cells, widths, out) != 0)
        return -1;
    for (row = 0; row + t->n <= t->ncells; row += t->n) {
        for (i = 0; i < t->n; i++)
            cells[i] = buf_slice(&t->cells[row + i]);
        if (buf_putc(out, '\n') != 0 || print_row(t, cells, widths, out) != 0)
            return -1;
    }
    return 0;
}
