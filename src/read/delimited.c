/* Rows of text with a header: CSV and its kind, with ',', ';', tab or '|' between the cells. */
#include "read/splitter_part.h"

#include "base/text.h"
#include "read/event_names.h"

#include <stdio.h>
#include <string.h>

/* Bytes of a cell: no field of an event is longer. */
#define CELL_MAX ((size_t)16 << 20)

/* A cell as it stands in the window: between quotes perhaps. */
struct cell {
    struct slice text; /* without the quotes around it */
    int quoted;        /* quotes inside are doubled */
    int last;          /* a line ends behind it */
    size_t next;       /* where the next one begins, from the start of the row */
};

/* Find the cell at p. Returns 1; 0 when its end was not seen; -1 when its quote is never closed. */
static int find_cell(const char *row, const char *p, const char *end, char separator, int ended,
                     struct cell *c)
{
    const char *q = p;

    c->quoted = p < end && *p == '"';
    if (c->quoted) {
        for (q = p + 1;; q += 2) {
            q = memchr(q, '"', (size_t)(end - q));
            if (q == NULL || (q + 1 == end && !ended))
                return ended ? -1 : 0;
            if (q + 1 == end || q[1] != '"')
                break;
            if (q + 2 > end)
                return ended ? -1 : 0;
        }
        c->text = (struct slice){p + 1, (size_t)(q - p - 1)};
        q++;
        while (q < end && *q == ' ' && separator != ' ')
            q++;
    }
    if (!c->quoted || (q < end && *q != separator && *q != '\n' && *q != '\r')) {
        /* a quote that closes too early is part of the text */
        c->quoted = 0;
        while (q < end && *q != separator && *q != '\n')
            q++;
        c->text = (struct slice){p, (size_t)(q - p)};
        if (q < end && *q == '\n' && c->text.len > 0 && q[-1] == '\r')
            c->text.len--;
    }
    if (q == end && !ended)
        return 0;
    if (q < end && *q == '\r') {
        if (q + 1 == end && !ended)
            return 0;
        if (q + 1 < end && q[1] == '\n')
            q++;
    }
    c->last = q == end || *q == '\n' || *q == '\r';
    c->next = (size_t)(q - row) + (q < end);
    return 1;
}

/* The text of a cell with its doubled quotes made single; in *hold where that changes it. */
static struct slice cell_text(const struct cell *c, struct buf *hold)
{
    const char *p = c->text.data, *end = p + c->text.len, *q;

    if (!c->quoted || memchr(p, '"', c->text.len) == NULL)
        return c->text;
    buf_clear(hold);
    while (p < end && (q = memchr(p, '"', (size_t)(end - p))) != NULL) {
        (void)buf_append(hold, p, (size_t)(q - p) + 1);
        p = q + 2;
    }
    if (p < end)
        (void)buf_append(hold, p, (size_t)(end - p));
    return buf_slice(hold);
}

/* Step over the bytes that stand in a JSON string as they are: eight at a time while none of them
 * is a quote, a backslash or a control character. */
static const char *skip_plain(const char *p, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);

    while (end - p >= 8) {
        uint64_t w, quote, slash;

        memcpy(&w, p, 8);
        quote = w ^ (ones * '"');
        slash = w ^ (ones * '\\');
        if (((w - ones * 0x20) | (quote - ones) | (slash - ones)) & tops & ~w)
            break;
        p += 8;
    }
    while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* Append text as a JSON string. */
static void put_text(struct buf *out, struct slice text)
{
    const char *p = text.data, *end = p + text.len;

    (void)buf_putc(out, '"');
    while (p < end) {
        const char *q = skip_plain(p, end);

        (void)buf_append(out, p, (size_t)(q - p));
        if (q == end)
            break;
        if (*q == '"' || *q == '\\') {
            const char escape[2] = {'\\', *q};

            (void)buf_append(out, escape, 2);
        } else if (*q == '\n') {
            (void)buf_append(out, "\\n", 2);
        } else {
            (void)buf_printf(out, "\\u%04x", (unsigned char)*q);
        }
        p = q + 1;
    }
    (void)buf_putc(out, '"');
}

/* Append a cell as JSON: as the object or list that it is, else as a text. */
static void put_cell(struct splitter *z, size_t i, struct slice text)
{
    struct slice value;
    struct err ignored;
    size_t at;

    if (i >= z->columns.n)
        return;
    if (text.len == 0) {
        columns_put(&z->columns, i, (struct slice){NULL, 0}, &z->row);
        return;
    }
    columns_put(&z->columns, i, slice_of(""), &z->row);
    at = z->row.len;
    if ((text.data[0] == '{' || text.data[0] == '[') &&
        json_check(text, &value, NULL, &ignored) == 0) {
        (void)buf_append(&z->row, value.data, value.len);
        /* a line break between members must not end the line */
        for (; at < z->row.len; at++) {
            if (z->row.data[at] == '\n' || z->row.data[at] == '\r')
                z->row.data[at] = ' ';
        }
        return;
    }
    put_text(&z->row, text);
}

/* Find the whole row at the place. Returns its cells, 0 at the end, -1 when one is never closed or
 * too long. each (may be NULL) is called for every cell. */
static long read_row(struct splitter *z, void (*each)(struct splitter *, size_t, struct slice))
{
    struct window *w = &z->w;

    for (;;) {
        const char *row = w->buf.data + w->at, *end = w->buf.data + w->buf.len;
        struct cell c = {{NULL, 0}, 0, 0, 0};
        size_t at = 0, n = 0;
        int got = 0;

        if (w->at == w->buf.len) {
            if (w->ended)
                return 0;
            window_more(w);
            continue;
        }
        if (each != NULL)
            columns_begin_row(&z->row);
        do {
            got = find_cell(row, row + at, end, z->rows.separator, w->ended, &c);
            if (got != 1 || c.text.len > CELL_MAX)
                break;
            if (each != NULL)
                each(z, n, cell_text(&c, &z->rows.cell));
            n++;
            at = c.next;
        } while (!c.last);
        if (got == 1 && c.text.len <= CELL_MAX) {
            if (each != NULL)
                columns_end_row(&z->row);
            z->rows.length = at;
            window_advance(w, w->at + at);
            return (long)n;
        }
        if (got != 0 || w->buf.len - w->at > 2 * CELL_MAX - 1 || !window_can_grow(w)) {
            z->rows.bad_cell = n;
            z->rows.bad_at = at;
            return -1;
        }
        window_more(w);
    }
}

/* Add a column of the header. */
static void add_column(struct splitter *z, size_t i, struct slice text)
{
    (void)i;
    columns_add(&z->columns, slice_without_bom(text));
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

/* Whether a line says how a table was made and is not part of it: "sep=;", "#TYPE ...". */
static int is_prelude(struct slice line)
{
    line = slice_without_bom(line);
    return text_starts_nocase(line, "sep=") || text_starts_nocase(line, "\"sep=") ||
           text_starts_nocase(line, "#TYPE");
}

/* Read the header. */
static enum splitter_found begin(struct splitter *z, struct splitter_damage *d)
{
    struct window *w = &z->w;
    const char *p, *stop;

    z->rows.began = 1;
    if (w->buf.len - w->at >= 3 && memcmp(w->buf.data + w->at, "\xef\xbb\xbf", 3) == 0)
        w->at += 3;
    while (w->at < w->buf.len) {
        p = w->buf.data + w->at;
        stop = memchr(p, '\n', w->buf.len - w->at);
        if (stop == NULL || !is_prelude((struct slice){p, (size_t)(stop - p)}))
            break;
        window_advance(w, (size_t)(stop - w->buf.data) + 1);
    }
    columns_clear(&z->columns);
    z->columns.useful = 0;
    if (read_row(z, add_column) < 0)
        return splitter_tell(z, d, "the header's quotes are not closed");
    return SPLITTER_END;
}

/* Tell that a row is shorter than the header. */
static enum splitter_found tell_short(struct splitter *z, long cells, struct splitter_damage *d)
{
    struct slice name = columns_name(&z->columns, (size_t)cells);
    char why[256];

    (void)snprintf(why, sizeof(why),
                   "the row has %ld cell%s, the header %zu: from column %ld (%.*s) on it is empty",
                   cells, cells == 1 ? "" : "s", z->columns.n, cells + 1,
                   (int)(name.len < 64 ? name.len : 64), name.data);
    d->line = z->event_line;
    (void)snprintf(d->why, sizeof(d->why), "%s", why);
    return SPLITTER_DAMAGE;
}

/* The event of the row at hand. */
static enum splitter_found row_event(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct json_iter it = {z->row.data, z->row.data, z->row.data + z->row.len, 0, 0, 0};
    struct err e = {0};

    if (event_walk(ev, &it, &e) != EVENT_WALK_WHOLE)
        return splitter_tell(z, d, e.msg);
    if (ev->field[EVENT_WHOLE].data != NULL && json_inside_whole(z, ev))
        return SPLITTER_EVENT;
    return event_classify(ev) == EVENT_LIKELY ? SPLITTER_EVENT : SPLITTER_OTHER;
}

/* Tell that the row at the place has no end, and leave its line. */
static enum splitter_found bad_row(struct splitter *z, struct splitter_damage *d)
{
    char why[160];

    (void)snprintf(why, sizeof(why),
                   "cell %zu of this row (column %llu of the line) is longer than 16 MiB, or its "
                   "quotes are not closed",
                   z->rows.bad_cell + 1, (unsigned long long)z->rows.bad_at + 1);
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
        cells = read_row(z, put_cell);
        if (cells < 0)
            return bad_row(z, d);
        if (cells == 0)
            return SPLITTER_END;
        got = row_event(z, ev, d);
        if (got == SPLITTER_DAMAGE && strncmp(d->why, "invalid UTF-8", 13) == 0) {
            /* the row lies whole in front of the place */
            size_t start = z->w.at - z->rows.length;

            if (window_from_ansi(&z->w, start)) {
                z->w.at = start;
                z->w.line = z->event_line;
                continue;
            }
        }
        if ((size_t)cells >= z->columns.n || got == SPLITTER_DAMAGE)
            return got;
        z->rows.held = 1;
        return tell_short(z, cells, d);
    }
}

enum splitter_found delimited_next(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct window *w = &z->w;

    if (!z->rows.began && begin(z, d) == SPLITTER_DAMAGE)
        return SPLITTER_DAMAGE;
    if (z->rows.held) {
        z->rows.held = 0;
        return row_event(z, ev, d);
    }
    for (;;) {
        if (w->is_damaged && (w->at == w->buf.len || w->base + w->at >= w->damaged_at)) {
            w->is_damaged = 0;
            return splitter_tell(z, d, w->damage);
        }
        while (w->at < w->buf.len && (w->buf.data[w->at] == '\n' || w->buf.data[w->at] == '\r'))
            window_advance(w, w->at + 1);
        if (w->at == w->buf.len && !w->ended) {
            window_more(w);
            continue;
        }
        return next_row(z, ev, d);
    }
}

/* How many names of the line are known, with this separator. */
static size_t known_names(struct slice line, char separator, size_t *n)
{
    const char *end = line.data + line.len;
    size_t known = 0, at = 0;
    struct cell c = {{NULL, 0}, 0, 0, 0};

    *n = 0;
    do {
        struct event_name name;
        struct columns one = {0};

        if (find_cell(line.data, line.data + at, end, separator, 1, &c) != 1)
            break;
        columns_add(&one, slice_without_bom(c.text));
        known += one.n == 1 && event_names_find(columns_name(&one, 0), &name);
        columns_free(&one);
        (*n)++;
        at = c.next;
    } while (!c.last && at < line.len);
    return known;
}

int delimited_begins(struct slice text, char *separator)
{
    static const char separators[] = ",;\t|";
    struct slice line = slice_without_bom(text);
    const char *stop;
    size_t i, n, best = 0, columns = 0;

    for (;;) {
        stop = line.len == 0 ? NULL : memchr(line.data, '\n', line.len);
        if (stop == NULL || !is_prelude((struct slice){line.data, (size_t)(stop - line.data)}))
            break;
        line.len -= (size_t)(stop + 1 - line.data);
        line.data = stop + 1;
    }
    if (stop != NULL)
        line.len = (size_t)(stop - line.data);
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    for (i = 0; line.len > 0 && separators[i] != '\0'; i++) {
        size_t known = known_names(line, separators[i], &n);

        if (known > best || (known == best && known > 0 && n > columns)) {
            best = known;
            columns = n;
            *separator = separators[i];
        }
    }
    return best >= 2 || (best == 1 && columns == 1);
}
