/* Rows of text with a header: CSV and its kind, with one of TABLE_SEPARATORS between the cells. */
#include "base/text.h"
#include "read/cells.h"
#include "read/event_names.h"
#include "read/json_walk.h"

#include <stdio.h>
#include <string.h>

/* Bytes of a cell: no field of an event is longer. */
#define CELL_MAX ((size_t)16 << 20)
/* Bytes of a line that may be a header. */
#define HEADER_MAX ((size_t)64 << 10)

/* Whether a cell that is not JSON should be: a part of an event, in braces. One that ends without a
 * brace is cut short, which is told of the event. */
static int is_broken(const struct splitter *z, size_t i, struct slice text)
{
    struct event_name n;

    return text.len > 2 && text.data[1] == '"' && text.data[text.len - 1] == '}' &&
           event_names_find(columns_name(&z->columns, i), &n) && n.rest.data == NULL &&
           (n.field == EVENT_PROPERTIES || n.field == EVENT_CLAIMS ||
            n.field == EVENT_AUTHORIZATION);
}

/* Append a cell as JSON: as the object or list that it is, else as a text. */
static void put_cell(struct splitter *z, size_t i, struct slice text)
{
    struct slice value;
    struct err e;
    int whitespace = 0;

    if (i >= z->columns.n)
        return;
    if (text.len == 0) {
        columns_put(&z->columns, i, (struct slice){NULL, 0}, &z->row);
        return;
    }
    columns_put(&z->columns, i, slice_of(""), &z->row);
    if (text.data[0] == '{' || text.data[0] == '[') {
        if (json_check(text, &value, &whitespace, &e) == 0) {
            /* Line breaks between members must not end the line. */
            if (whitespace)
                json_minify(value, &z->row);
            else
                buf_append(&z->row, value.data, value.len);
            return;
        }
        if (!json_is_bad_utf8(e.msg) && is_broken(z, i, text))
            z->rows.broken = i + 1;
    }
    cell_put(&z->row, text, columns_zone(&z->columns, i, text));
}

/* One try to read the row at the place out of what stands in the window. */
struct row_try {
    size_t at;   /* behind the last cell that was read */
    size_t read; /* bytes up to the end of the last cell that was found */
    size_t n;    /* cells; empty ones behind those of the header do not count */
    enum cell_found found;
};

/* Whether a row has so many cells, over several lines, that some quote is missing. */
static int runs_on(const struct splitter *z, const struct row_try *t)
{
    size_t most = z->rows.header < COLUMNS_MAX ? z->rows.header : COLUMNS_MAX;

    return z->rows.header > 0 && t->n > most &&
           memchr(z->w.buf.data + z->w.at, '\n', t->read) != NULL;
}

/* Read cells up to the end of the row, or to the one that is wrong. */
static struct row_try try_row(struct splitter *z,
                              void (*each)(struct splitter *, size_t, struct slice))
{
    const struct window *w = &z->w;
    const char *row = w->buf.data + w->at, *end = w->buf.data + w->buf.len;
    struct row_try t = {0, 0, 0, CELL_WHOLE};
    struct cell c = {.hold = &z->rows.cell};
    size_t i;

    if (each != NULL)
        columns_begin_row(&z->row);
    for (i = 0; !c.last; i++) {
        struct slice text;

        t.found = cell_find(row, row + t.at, end, z->rows.head.separator, w->ended, &c);
        if (t.found != CELL_WHOLE || c.text.len > CELL_MAX)
            break;
        text = text_trim(c.text);
        if (each != NULL)
            each(z, i, text);
        if (i < z->rows.header || z->rows.header == 0 || text.len > 0)
            t.n = i + 1;
        t.read = c.next - (c.next > 0); /* its separator or line's end left out */
        if (runs_on(z, &t))
            break;
        t.at = c.next;
    }
    if (t.found == CELL_WHOLE && c.text.len > CELL_MAX)
        t.found = CELL_OPEN;
    if (t.found != CELL_WHOLE)
        t.n = i;
    return t;
}

/* Find the whole row at the place. Returns its cells, 0 at the end, -1 when one of them is wrong.
 * each (may be NULL) is called for every cell. */
static long read_row(struct splitter *z, void (*each)(struct splitter *, size_t, struct slice))
{
    struct window *w = &z->w;

    for (;;) {
        struct row_try t;
        int on;

        if (w->at == w->buf.len) {
            if (w->ended)
                return 0;
            window_more(w);
            continue;
        }
        t = try_row(z, each);
        on = runs_on(z, &t);
        if (t.found == CELL_WHOLE && !on) {
            if (each != NULL)
                columns_end_row(&z->row);
            z->rows.length = t.at;
            window_advance(w, w->at + t.at);
            return (long)t.n;
        }
        if (t.found != CELL_CUT || w->buf.len - w->at > 2 * CELL_MAX - 1 || !window_can_grow(w)) {
            z->rows.bad_cell = t.n + !on;
            z->rows.bad_at = t.at;
            z->rows.bad_why = on ? "is more than the header has: quotes may be missing"
                              : t.found == CELL_BEHIND
                                  ? "has text after its closing quote"
                                  : "is longer than 16 MiB, or its quotes are not closed";
            return -1;
        }
        window_more(w);
    }
}

/* Add a column of the header. */
static void add_column(struct splitter *z, size_t i, struct slice text)
{
    const char *name = table_header_portal(&z->rows.head, i);

    columns_add(&z->columns, name != NULL ? slice_of(name) : slice_without_bom(text));
}

/* Leave the row at the place: go behind its line, whose quotes do not close. */
static void leave_row(struct splitter *z)
{
    struct window *w = &z->w;

    for (;;) {
        const char *p = w->buf.data + w->at;
        const char *stop = memchr(p, '\n', w->buf.len - w->at);

        window_advance(w, stop == NULL ? w->buf.len : (size_t)(stop - w->buf.data) + 1);
        if (stop != NULL || w->ended)
            return;
        window_more(w);
    }
}

/* The line at the place, or as much of it as was read. */
static struct slice line_at(const struct splitter *z)
{
    const struct window *w = &z->w;
    struct slice line = {w->buf.data + w->at, w->buf.len - w->at};
    const char *stop = line.len == 0 ? NULL : memchr(line.data, '\n', line.len);

    if (stop != NULL)
        line.len = (size_t)(stop - line.data);
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* Read the header that stands at the place. */
static enum splitter_found read_header(struct splitter *z, struct splitter_damage *d)
{
    long cells;

    columns_clear(&z->columns);
    z->rows.header = 0;
    cells = read_row(z, add_column);
    if (cells < 0) {
        (void)splitter_tell(z, d, "the header's quotes are not closed");
        leave_row(z);
        return SPLITTER_DAMAGE;
    }
    z->rows.header = (size_t)cells;
    return SPLITTER_END;
}

/* Step over a byte order mark, and over lines in front of a header. */
static void skip_prelude(struct splitter *z)
{
    struct window *w = &z->w;

    while (w->at < w->buf.len) {
        const char *p = w->buf.data + w->at, *stop;

        if (w->buf.len - w->at >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
            w->at += 3;
            continue;
        }
        stop = memchr(p, '\n', w->buf.len - w->at);
        if (stop == NULL || !table_header_is_prelude((struct slice){p, (size_t)(stop - p)}))
            break;
        window_advance(w, (size_t)(stop - w->buf.data) + 1);
    }
}

/* Read the header at the beginning. */
static enum splitter_found begin(struct splitter *z, struct splitter_damage *d)
{
    struct slice line;
    size_t n;

    z->rows.began = 1;
    skip_prelude(z);
    if (z->rows.head.headless) {
        columns_clear(&z->columns);
        for (n = 0; n < z->rows.head.columns; n++)
            columns_add(&z->columns, slice_of("column"));
        z->rows.header = n;
        return SPLITTER_END;
    }
    line = line_at(z);
    z->rows.known = table_header_known(line, z->rows.head.separator, &n);
    return read_header(z, d);
}

/* Whether the line at the place is a header once more: files were put one behind the other. */
static int is_header(struct splitter *z)
{
    struct window *w = &z->w;
    const char *start = w->buf.data + w->at;
    size_t left = w->buf.len - w->at, quote = left > 1 && *start == '"', known, n;
    struct slice line;

    /* most rows begin with a time */
    if (left > quote && start[quote] >= '0' && start[quote] <= '9')
        return 0;
    line = line_at(z);
    if (line.len == 0 || line.len > HEADER_MAX)
        return 0;
    if (!w->ended && line.data + line.len == w->buf.data + w->buf.len) {
        window_more(w);
        line = line_at(z);
    }
    if (!table_header_may_begin(line, z->rows.head.separator))
        return 0;
    known = table_header_known(line, z->rows.head.separator, &n);
    return known >= 2 && (known == z->rows.known || known > 3);
}

/* Whether the line at the place is the rule under the header of a table of Markdown or psql, or
 * what psql prints below one, in any language: "(12 rows)". */
static int is_rule(const struct splitter *z)
{
    static const char marks[] = "-+|: (";
    struct slice line;
    size_t i = 0;

    if (z->w.at == z->w.buf.len || memchr(marks, z->w.buf.data[z->w.at], sizeof(marks) - 1) == NULL)
        return 0;
    line = line_at(z);
    if (line.len >= 3 && line.data[0] == '(')
        return line.data[1] >= '0' && line.data[1] <= '9' && line.data[line.len - 1] == ')' &&
               z->rows.head.separator == '|' && memchr(line.data, '|', line.len) == NULL;
    while (i < line.len && memchr(marks, line.data[i], sizeof(marks) - 2) != NULL)
        i++;
    return i == line.len && line.len >= 3 && memchr(line.data, '-', line.len) != NULL;
}

/* Tell that a row has fewer cells than the header, or more. */
static enum splitter_found tell_cells(struct splitter *z, long cells, struct splitter_damage *d)
{
    const char *s = cells == 1 ? "" : "s";
    struct slice name;

    d->line = z->event_line;
    if ((size_t)cells > z->rows.header) {
        (void)snprintf(
            d->why, sizeof(d->why),
            "the row has %ld cells, the header %zu: a cell that is not quoted contains a separator",
            cells, z->rows.header);
        return SPLITTER_DAMAGE;
    }
    name = columns_name(&z->columns, (size_t)cells);
    (void)snprintf(d->why, sizeof(d->why),
                   "the row has %ld cell%s, the header %zu: from column %ld (%.*s) on it is empty",
                   cells, s, z->rows.header, cells + 1, (int)(name.len < 64 ? name.len : 64),
                   name.data);
    return SPLITTER_DAMAGE;
}

/* Tell that a cell begins and ends as JSON does, and is none. */
static enum splitter_found tell_broken(const struct splitter *z, struct splitter_damage *d)
{
    struct slice name = columns_name(&z->columns, z->rows.broken - 1);

    d->line = z->event_line;
    (void)snprintf(d->why, sizeof(d->why),
                   "cell %zu of this row (%.*s) is damaged JSON: some of its quotes or separators "
                   "were changed",
                   z->rows.broken, (int)(name.len < 64 ? name.len : 64), name.data);
    return SPLITTER_DAMAGE;
}

/* Tell that the row at the place has no end, and leave its line. */
static enum splitter_found bad_row(struct splitter *z, struct splitter_damage *d)
{
    char why[160];

    (void)snprintf(why, sizeof(why), "cell %zu of this row (column %llu of the line) %s",
                   z->rows.bad_cell, (unsigned long long)z->rows.bad_at + 1, z->rows.bad_why);
    (void)splitter_tell(z, d, why);
    leave_row(z);
    return SPLITTER_DAMAGE;
}

/* Read the row at the place. */
static enum splitter_found next_row(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    for (;;) {
        enum splitter_found got;
        long cells;

        z->event_line = z->w.line;
        z->rows.broken = 0;
        cells = read_row(z, put_cell);
        if (cells < 0)
            return bad_row(z, d);
        if (cells == 0)
            return SPLITTER_END;
        got = json_inside_row(z, ev, d);
        if (got == SPLITTER_DAMAGE && json_is_bad_utf8(d->why)) {
            /* the row lies whole in front of the place */
            size_t start = z->w.at - z->rows.length;

            if (window_from_ansi(&z->w, start)) {
                z->w.at = start;
                z->w.line = z->event_line;
                continue;
            }
        }
        if (got == SPLITTER_EVENT && z->rows.broken > 0) {
            z->rows.held = 1;
            return tell_broken(z, d);
        }
        if ((size_t)cells == z->rows.header || got == SPLITTER_DAMAGE ||
            ((size_t)cells < z->rows.header && (size_t)cells >= z->columns.n))
            return got;
        z->rows.held = 1;
        return tell_cells(z, cells, d);
    }
}

/* A line of JSON among the rows: files of two kinds were put one behind the other. SPLITTER_END:
 * it is a row. */
static enum splitter_found json_line(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct window *w = &z->w;
    struct err e = {0};

    for (;;) {
        struct json_iter it = json_walk_iterate(z);
        enum event_walked walked = event_walk(ev, &it, &e);
        const char *p = it.p;

        if (walked == EVENT_WALK_BAD && json_walk_may_continue(z, it.p)) {
            window_more(w);
            continue;
        }
        while (p < it.end && (*p == ' ' || *p == '\r'))
            p++;
        if (walked == EVENT_WALK_WHOLE && (p < it.end ? *p == '\n' : w->ended)) {
            z->event_line = w->line;
            window_advance(w, (size_t)(it.p - w->buf.data));
            if (ev->field[EVENT_WHOLE].data != NULL && json_inside_whole(z, ev))
                return SPLITTER_EVENT;
            return event_classify(ev) == EVENT_LIKELY ? SPLITTER_EVENT : SPLITTER_OTHER;
        }
        if (walked == EVENT_WALK_WHOLE)
            return SPLITTER_END;
        (void)splitter_tell(z, d, "a line that begins as JSON does, between the rows of a table");
        leave_row(z);
        return SPLITTER_DAMAGE;
    }
}

enum splitter_found delimited_next(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct window *w = &z->w;

    if (!z->rows.began && begin(z, d) == SPLITTER_DAMAGE)
        return SPLITTER_DAMAGE;
    if (z->json.in_text) {
        enum splitter_found got = json_inside_next(z, ev, d);

        if (got != SPLITTER_END)
            return got;
    }
    if (z->rows.held) {
        z->rows.held = 0;
        return json_inside_row(z, ev, d);
    }
    for (;;) {
        if (w->is_damaged && (w->at == w->buf.len || w->base + w->at >= w->damaged_at)) {
            w->is_damaged = 0;
            return splitter_tell(z, d, w->damage);
        }
        while (w->at < w->buf.len && (w->buf.data[w->at] == '\n' || w->buf.data[w->at] == '\r' ||
                                      w->buf.data[w->at] == '\0'))
            window_advance(w, w->at + 1);
        if (w->at == w->buf.len && !w->ended) {
            window_more(w);
            continue;
        }
        skip_prelude(z);
        if (w->buf.len - w->at >= 2 && memcmp(w->buf.data + w->at, "{\"", 2) == 0) {
            enum splitter_found got = json_line(z, ev, d);

            if (got != SPLITTER_END)
                return got;
        } else if (is_header(z)) {
            if (read_header(z, d) == SPLITTER_DAMAGE)
                return SPLITTER_DAMAGE;
            continue;
        }
        if (is_rule(z)) {
            leave_row(z);
            continue;
        }
        return next_row(z, ev, d);
    }
}
