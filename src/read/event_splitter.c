#include "read/splitter_part.h"

#include "base/mem.h"
#include "read/file_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum splitter_found splitter_tell(struct splitter *z, struct splitter_damage *d, const char *why)
{
    d->line = z->w.line;
    (void)snprintf(d->why, sizeof(d->why), "%s", why);
    return SPLITTER_DAMAGE;
}

void splitter_restart(struct splitter *z, uint64_t line)
{
    struct window *w = &z->w;

    buf_clear(&w->buf);
    w->at = 0;
    w->line = line;
    w->base = w->line_start = 0;
    w->ended = w->is_damaged = 0;
    w->cut_len = 0;
    z->json.depth = 0;
    z->json.comma = z->json.after_bad = z->json.prefixed = z->json.in_text = 0;
    z->json.text_hash = 0;
    z->json.linked = -1;
    z->json.refused = 0;
    buf_clear(&z->json.times);
    columns_clear(&z->columns);
}

/* A file that is not read: say what it is, once. */
static enum splitter_found refuse(struct splitter *z, struct splitter_damage *d, const char *what)
{
    z->done = 1;
    d->line = 0;
    (void)snprintf(d->why, sizeof(d->why), "%s", what);
    return SPLITTER_DAMAGE;
}

/* Whether some line of the text begins as JSON does, or has an object in it. */
static int has_json(struct slice text)
{
    const char *p = text.data, *end = text.data + text.len;

    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        const char *open;

        if (stop == NULL)
            stop = end;
        if (*p == '{' || *p == '[')
            return 1;
        open = memchr(p, '{', (size_t)(stop - p));
        if (open != NULL && open + 1 < stop && open[1] == '"')
            return 1;
        p = stop + 1;
    }
    return 0;
}

/* Whether the quotes of a text that begins as JSON does are escaped, as in a text that was copied
 * out of another. */
static int is_escaped(struct slice text)
{
    const char *p = text.data, *end = p + text.len;

    while (p < end && (strchr("{[ \t\r\n", *p) != NULL ||
                       (end - p > 1 && *p == '\\' && strchr("nrt", p[1]) != NULL)))
        p += *p == '\\' ? 2 : 1;
    return end - p > 6 && *p == '\\' && (p[1] == '"' || memcmp(p + 1, "u0022", 5) == 0);
}

/* Whether lines end with CR alone, as spreadsheets save them for old Macintoshes. */
static int has_cr_lines(struct slice text)
{
    const char *cr = memchr(text.data, '\r', text.len);

    return cr != NULL && cr + 1 < text.data + text.len && memchr(text.data, '\n', text.len) == NULL;
}

/* Look at the first bytes, and decide how the input is cut. */
static enum splitter_found look(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct window *w = &z->w;
    struct slice text;
    const char *what;
    size_t i = 0;
    char c;

    while (w->buf.len < FILE_KIND_BYTES && !w->ended && !w->is_damaged)
        window_more(w);
    text = buf_slice(&w->buf);
    z->next = json_records_next;
    what = file_kind_of_bytes(text);
    if (what != NULL)
        return refuse(z, d, what);
    text = slice_without_bom(text);
    while (i < text.len && strchr(" \t\r\n\x1e", text.data[i]) != NULL)
        i++;
    if (i == text.len)
        return z->next(z, ev, d);
    text.data += i;
    text.len -= i;
    c = text.data[0];
    if ((c == '{' || c == '[') && is_escaped(text)) {
        window_take_escapes(w);
        return z->next(z, ev, d);
    }
    if (c == '{' || c == '[') {
        what = file_kind_of_literal(text);
        return what != NULL ? refuse(z, d, what) : z->next(z, ev, d);
    }
    if (c == '"' && text.len > 3 && strchr("{[\\", text.data[1]) != NULL &&
        memcmp(text.data + 2, "\"\"", 2) != 0)
        return z->next(z, ev, d);
    if (has_cr_lines(text))
        window_end_lines_with_cr(w);
    if (table_header_find(text, &z->rows.head)) {
        window_advance(w, (size_t)(text.data - w->buf.data) + z->rows.head.above);
        z->next = delimited_next;
        return z->next(z, ev, d);
    }
    if (leef_begins(text)) {
        z->next = leef_next;
        return z->next(z, ev, d);
    }
    what = file_kind_of_text(text, has_json(text), &z->row);
    if (what != NULL)
        return refuse(z, d, what);
    return z->next(z, ev, d);
}

int splitter_may_read(struct slice start)
{
    struct slice text = slice_without_bom(start);
    struct table_header head;

    while (text.len > 0 && strchr(" \t\r\n\x1e", text.data[0]) != NULL) {
        text.data++;
        text.len--;
    }
    return text.len == 0 || strchr("{[", text.data[0]) != NULL || has_json(text) ||
           leef_begins(text) || table_header_find(text, &head);
}

struct splitter *splitter_new(struct unpack *s, uint64_t first_line, int strict)
{
    struct splitter *z = mem_zalloc(1, sizeof(*z));

    z->w.source = s;
    z->w.line = first_line;
    z->w.strict = strict;
    z->next = strict ? json_records_next : look;
    return z;
}

void splitter_on_move(struct splitter *z, void (*fn)(void *arg), void *arg)
{
    z->w.moves = fn;
    z->w.moves_arg = arg;
}

void splitter_free(struct splitter *z)
{
    if (z == NULL)
        return;
    splitter_free(z->json.text);
    buf_free(&z->w.buf);
    buf_free(&z->row);
    buf_free(&z->rows.cell);
    buf_free(&z->json.times);
    buf_free(&z->json.hold);
    buf_free(&z->json.whole);
    columns_free(&z->columns);
    free(z);
}

enum splitter_found splitter_next(struct splitter *z, struct event *ev, uint64_t *line,
                                  struct splitter_damage *d)
{
    enum splitter_found got = z->done ? SPLITTER_END : z->next(z, ev, d);

    *line = z->event_line;
    return got;
}

const char *splitter_note(const struct splitter *z, size_t i)
{
    const struct {
        int holds;
        const char *text;
    } notes[] = {
        {z->w.not_utf8, "some of its bytes are not UTF-8: read as Windows-1252"},
        {z->w.escaped, "its quotes are escaped: read as the text that they stand for"},
        {z->columns.local, "its times are said to be in a local time zone: read as UTC"},
        {z->rows.head.portal,
         "its columns are known by their order, which is that of the portal's download"},
        {z->rows.head.above > 0, "lines above the names of its columns: skipped"},
        {z->json.bare > 0, "some of its lines hold no JSON: skipped"},
        {z->json.linked == 1, "it ends with a link to a next page: what is there is missing unless "
                              "another input has it"},
    };
    size_t k, n = 0;

    for (k = 0; k < sizeof(notes) / sizeof(notes[0]); k++) {
        if (notes[k].holds && n++ == i)
            return notes[k].text;
    }
    return NULL;
}
