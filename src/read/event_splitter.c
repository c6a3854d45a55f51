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
    z->json.holds = 0;
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

static int is_json(struct slice text)
{
    return text.data[0] == '{' || text.data[0] == '[';
}

/* Whether the quotes of a text that begins as JSON does are escaped, as in a text that was copied
 * out of another. */
static int is_escaped(struct slice text)
{
    const char *p = text.data, *end = p + text.len;

    if (!is_json(text))
        return 0;
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

/* Whether it begins as a text of JSON does that holds JSON. */
static int is_json_text(struct slice text)
{
    return text.data[0] == '"' && text.len > 3 && strchr("{[\\", text.data[1]) != NULL &&
           memcmp(text.data + 2, "\"\"", 2) != 0;
}

static int is_table(struct slice text)
{
    struct table_header head;

    return table_header_find(text, &head);
}

static void take_escapes(struct splitter *z, struct slice text)
{
    (void)text;
    window_take_escapes(&z->w);
}

/* Go to the header, over what stands above it. */
static void begin_table(struct splitter *z, struct slice text)
{
    (void)table_header_find(text, &z->rows.head);
    window_advance(&z->w, (size_t)(text.data - z->w.buf.data) + z->rows.head.above);
}

static const char *refuse_literal(struct slice text, struct buf *hold)
{
    (void)hold;
    return file_kind_of_literal(text);
}

static const char *refuse_lines(struct slice text, struct buf *hold)
{
    return file_kind_of_text(text, 1, hold);
}

/* The shapes that an input can have; the first one that fits counts. */
static const struct shape {
    int (*fits)(struct slice text); /* by the first bytes, at least one, without blanks in front */
    /* These may be NULL: what the text is in truth, where it is not read; get ready to cut it. */
    const char *(*refuses)(struct slice text, struct buf *hold);
    void (*begin)(struct splitter *z, struct slice text);
    enum splitter_found (*next)(struct splitter *z, struct event *ev, struct splitter_damage *d);
} shapes[] = {
    {is_escaped, NULL, take_escapes, json_records_next},
    {is_json, refuse_literal, NULL, json_records_next},
    {is_json_text, NULL, NULL, json_records_next},
    {is_table, NULL, begin_table, delimited_next},
    {leef_begins, NULL, NULL, leef_next},
    {has_json, refuse_lines, NULL, json_records_next},
};

/* The shape of a text, or NULL. */
static const struct shape *shape_of(struct slice text)
{
    size_t i;

    for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        if (shapes[i].fits(text))
            return &shapes[i];
    }
    return NULL;
}

/* What the start of a file says, without blanks and marks in front. */
static struct slice skip_start(struct slice text)
{
    text = slice_without_bom(text);
    while (text.len > 0 && strchr(" \t\r\n\x1e", text.data[0]) != NULL) {
        text.data++;
        text.len--;
    }
    return text;
}

/* Look at the first bytes, and decide how the input is cut. */
static enum splitter_found look(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct window *w = &z->w;
    const struct shape *s;
    struct slice text;
    const char *what;

    while (w->buf.len < FILE_KIND_BYTES && !w->ended && !w->is_damaged)
        window_more(w);
    what = file_kind_of_bytes(buf_slice(&w->buf));
    if (what != NULL)
        return refuse(z, d, what);
    z->next = json_records_next;
    text = skip_start(buf_slice(&w->buf));
    if (text.len == 0)
        return z->next(z, ev, d);
    if (!is_json(text) && !is_json_text(text) && has_cr_lines(text))
        window_end_lines_with_cr(w);
    s = shape_of(text);
    what = s == NULL            ? file_kind_of_text(text, 0, &z->row)
           : s->refuses != NULL ? s->refuses(text, &z->row)
                                : NULL;
    if (what != NULL)
        return refuse(z, d, what);
    if (s != NULL)
        z->next = s->next;
    if (s != NULL && s->begin != NULL)
        s->begin(z, text);
    return z->next(z, ev, d);
}

int splitter_may_read(struct slice start)
{
    struct slice text = skip_start(start);

    return text.len == 0 || shape_of(text) != NULL;
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
