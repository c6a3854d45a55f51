/* Lines of LEEF (QRadar) and CEF (ArcSight and others): a header between bars, and name=value. */
#include "base/text.h"
#include "read/splitter_part.h"

#include <string.h>

/* Bytes of a line. */
#define LINE_MAX_BYTES ((size_t)1 << 20)
/* Parts of the header that are kept: the name of what happened is the fifth of CEF, the fourth of
 * LEEF, behind the version. */
#define PARTS 7

/* One line, cut. */
struct line {
    int leef;
    struct slice part[PARTS];
    struct slice pairs;
    struct slice labels[10]; /* what "cs1" to "cs9" mean; absent: it is not said */
    char separator;          /* between the pairs; ' ': a name and '=' must follow */
};

/* Names of the formats, and what they mean in the log. */
static const struct {
    const char *name, *means;
} names[] = {
    {"rt", "eventTimestamp"}, {"start", "eventTimestamp"},   {"devTime", "eventTimestamp"},
    {"suser", "caller"},      {"usrName", "caller"},         {"src", "callerIpAddress"},
    {"outcome", "status"},    {"externalId", "eventDataId"}, {"deviceCustomDate1", "time"},
};

/* The place of "CEF:0|" or "LEEF:2.0|" in a line, or NULL. */
static const char *find_start(struct slice line, int *leef)
{
    const char *p = line.data, *end = p + line.len;

    *leef = 0;
    while (p != NULL && end - p > 6 && (p = memchr(p, 'E', (size_t)(end - p))) != NULL) {
        const char *q = p;

        *leef = p > line.data && p[-1] == 'L';
        q += *leef && end - p > 6 ? 2 : 1;
        if (p > line.data && (*leef ? p[1] == 'E' : p[-1] == 'C') && end - q > 4 && q[0] == 'F' &&
            q[1] == ':' && q[2] >= '0' && q[2] <= '9' &&
            (q[3] == '|' || (q[3] == '.' && end - q > 5 && q[5] == '|')))
            return q + 2;
        p++;
    }
    return NULL;
}

/* Cut a line. Returns whether it is one of the two. */
static int cut(struct slice line, struct line *l)
{
    const char *p = find_start(line, &l->leef), *end = line.data + line.len, *bar;
    int wanted = l->leef ? 5 : PARTS, i;

    for (i = 0; p != NULL && i < wanted; i++) {
        for (bar = p; bar < end && *bar != '|'; bar++)
            bar += *bar == '\\' && bar + 1 < end;
        if (bar >= end)
            return 0;
        l->part[i] = (struct slice){p, (size_t)(bar - p)};
        p = bar + 1;
    }
    if (p == NULL)
        return 0;
    l->separator = l->leef && memchr(p, '\t', (size_t)(end - p)) != NULL ? '\t' : ' ';
    /* LEEF 2 may say what stands between the pairs: a byte, or its number */
    bar = l->leef && l->part[0].data[0] == '2' ? memchr(p, '|', end - p < 6 ? (size_t)(end - p) : 6)
                                               : NULL;
    if (bar == p + 1)
        l->separator = *p;
    if (bar != NULL)
        p = bar + 1;
    l->pairs = (struct slice){p, (size_t)(end - p)};
    return 1;
}

/* Whether a name and '=' stand at p. */
static const char *equals_of(const char *p, const char *end)
{
    const char *q = p;

    while (q < end && ((text_lower(*q) >= 'a' && text_lower(*q) <= 'z') ||
                       (*q >= '0' && *q <= '9') || *q == '_' || *q == '.'))
        q++;
    return q > p && q < end && *q == '=' ? q : NULL;
}

/* The next pair; moves *rest behind it. Returns whether there is one. */
static int next_pair(const struct line *l, struct slice *rest, struct slice *name,
                     struct slice *value)
{
    const char *p = rest->data, *end = p + rest->len, *equals, *q;

    while (p < end && (*p == l->separator || *p == ' '))
        p++;
    equals = equals_of(p, end);
    if (equals == NULL)
        return 0;
    for (q = equals + 1; q < end; q++) {
        if (*q == '\\' && q + 1 < end)
            q++;
        else if (*q == l->separator && (l->separator != ' ' || equals_of(q + 1, end) != NULL))
            break;
    }
    *name = (struct slice){p, (size_t)(equals - p)};
    *value = text_trim((struct slice){equals + 1, (size_t)(q - equals - 1)});
    *rest = (struct slice){q, (size_t)(end - q)};
    return 1;
}

/* The number in "cs1" or, behind it, in "cs1Label"; 0: it is another name. */
static size_t custom_of(struct slice name, const char *behind)
{
    if (name.len < 3 || !text_starts_nocase(name, "cs") || name.data[2] < '1' ||
        name.data[2] > '9' || !slice_equals((struct slice){name.data + 3, name.len - 3}, behind))
        return 0;
    return (size_t)(name.data[2] - '0');
}

/* Find out what the line's own names mean: the first label of each counts. */
static void read_labels(struct line *l)
{
    struct slice rest = l->pairs, name, value;

    memset(l->labels, 0, sizeof(l->labels));
    while (next_pair(l, &rest, &name, &value)) {
        size_t i = custom_of(name, "Label");

        if (i > 0 && l->labels[i].data == NULL)
            l->labels[i] = value;
    }
}

/* What a name means: "cs1" is what "cs1Label" says. */
static struct slice meaning_of(const struct line *l, struct slice name)
{
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equals(name, names[i].name))
            return slice_of(names[i].means);
    }
    i = custom_of(name, "");
    return i > 0 && l->labels[i].data != NULL ? l->labels[i] : name;
}

/* A member of the object; what is escaped is not any more. */
static void put(struct buf *row, struct slice name, struct slice value)
{
    struct buf plain = {0};
    size_t i;

    for (i = 0; i < value.len; i++) {
        i +=
            value.data[i] == '\\' && i + 1 < value.len && strchr("\\=|", value.data[i + 1]) != NULL;
        buf_putc(&plain, value.data[i]);
    }
    if (row->len > 1)
        buf_putc(row, ',');
    json_put_slice(row, name);
    buf_putc(row, ':');
    json_put_slice(row, buf_slice(&plain));
    buf_free(&plain);
}

/* The line as an object. */
static void put_line(const struct line *l, struct buf *row)
{
    struct slice rest = l->pairs, name, value, what = l->part[4];

    /* some write the operation where its title belongs */
    if (!l->leef && memchr(l->part[5].data, '/', l->part[5].len) != NULL)
        what = l->part[5];
    columns_begin_row(row);
    put(row, slice_of("operationName"), what);
    while (next_pair(l, &rest, &name, &value)) {
        if (value.len > 0)
            put(row, meaning_of(l, name), value);
    }
    columns_end_row(row);
}

int leef_begins(struct slice text)
{
    const char *stop = text.len == 0 ? NULL : memchr(text.data, '\n', text.len);
    struct line l;

    if (stop != NULL)
        text.len = (size_t)(stop - text.data);
    return text.len > 0 && cut(text, &l) && memchr(text.data, '{', text.len) == NULL;
}

enum splitter_found leef_next(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct window *w = &z->w;

    for (;;) {
        const char *p = w->buf.data + w->at, *stop;
        struct slice line;
        struct line l;

        if (w->is_damaged && (w->at == w->buf.len || w->base + w->at >= w->damaged_at)) {
            w->is_damaged = 0;
            return splitter_tell(z, d, w->damage);
        }
        stop = w->at == w->buf.len ? NULL : memchr(p, '\n', w->buf.len - w->at);
        if (stop == NULL && !w->ended && w->buf.len - w->at < LINE_MAX_BYTES) {
            window_more(w);
            continue;
        }
        if (w->at == w->buf.len)
            return SPLITTER_END;
        line =
            (struct slice){p, (stop == NULL ? w->buf.len : (size_t)(stop - w->buf.data)) - w->at};
        line = text_trim(line);
        z->event_line = w->line;
        window_advance(w, stop == NULL ? w->buf.len : (size_t)(stop - w->buf.data) + 1);
        if (line.len == 0)
            continue;
        if (!cut(line, &l)) {
            z->json.bare++;
            continue;
        }
        read_labels(&l);
        put_line(&l, &z->row);
        return json_inside_row(z, ev, d);
    }
}
