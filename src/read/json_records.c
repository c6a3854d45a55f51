/* Records that stand as JSON: cut from the stream, and looked into where they are no events. */
#include "read/splitter_part.h"

#include "read/event_names.h"

#include <string.h>

/* A failure this close to the end of what was read may only mean that a word, an escape or a UTF-8
 * sequence is not there as a whole yet: the longest of them has 6 bytes. */
#define EDGE 8

/* Whether a failure at p may vanish when more is read. */
static int may_continue(const struct splitter *z, const char *p)
{
    return (size_t)(z->w.buf.data + z->w.buf.len - p) < EDGE && window_can_grow(&z->w);
}

/* An iterator over what was read and not used. */
static struct json_iter iterate(const struct splitter *z)
{
    struct json_iter it = {0};

    it.start = z->w.buf.data + z->w.at;
    it.p = it.start;
    it.end = z->w.buf.data + z->w.buf.len;
    return it;
}

/* Where a walk failed at p on bytes that are no UTF-8: read them as Windows-1252. Returns whether
 * the walk is worth another try. */
static int recode(struct splitter *z, const char *p, const struct err *e)
{
    return strncmp(e->msg, "invalid UTF-8", 13) == 0 &&
           window_from_ansi(&z->w, (size_t)(p - z->w.buf.data));
}

/* Step over what may stand between values: whitespace, and outside lists byte order marks and the
 * separators of JSON text sequences. Returns 1, or 0 at the end. */
static int skip_between(struct splitter *z)
{
    struct window *w = &z->w;

    for (;;) {
        while (w->at < w->buf.len) {
            const char *p = w->buf.data + w->at;

            if (*p == '\n')
                window_advance(w, w->at + 1);
            else if (*p == '\xef' && z->json.depth == 0 && w->buf.len - w->at >= 3 &&
                     memcmp(p, "\xef\xbb\xbf", 3) == 0)
                w->at += 3;
            else if (*p == '\xef' && w->buf.len - w->at < 3 && !w->ended)
                break;
            else if (*p == ' ' || *p == '\t' || *p == '\r' ||
                     (z->json.depth == 0 && (*p == '\x1e' || *p == '\0')))
                w->at++;
            else
                return 1;
        }
        if (w->ended)
            return 0;
        window_more(w);
    }
}

/* Whether the '{' at the place begins an event, an answer or, in a list, something that may hold
 * one. *again: more has to be read to tell. */
static int is_candidate(const struct splitter *z, int *again)
{
    const struct json_state *j = &z->json;
    struct json_iter it = iterate(z);
    struct event ev;
    struct err ignored = {0};
    enum event_walked w = event_walk(&ev, &it, &ignored);

    *again = w == EVENT_WALK_BAD && may_continue(z, it.p);
    return w == EVENT_WALK_LIST ||
           (w == EVENT_WALK_WHOLE &&
            (event_classify(&ev) != EVENT_OTHER ||
             (ev.deep && j->depth > 0 && j->level[j->depth - 1].kind == LEVEL_LIST)));
}

/*
 * Leave a damaged value: go to the next line that begins with a bracket (outside lists), or to the
 * next object that is an event.
 */
static void recover(struct splitter *z)
{
    struct window *w = &z->w;
    char before = w->buf.data[w->at];
    size_t p = w->at + 1;

    for (;;) {
        char c;
        int again = 0, line_start;

        if (p >= w->buf.len) {
            window_advance(w, w->buf.len);
            if (w->ended)
                break;
            window_more(w);
            p = w->at;
            continue;
        }
        c = w->buf.data[p];
        line_start = before == '\n';
        if ((c == '{' || c == '[') && line_start && z->json.depth == 0) {
            window_advance(w, p);
            break;
        }
        if (c == '{' && (line_start || before == ',' || before == '[' || before == '}')) {
            window_advance(w, p);
            if (is_candidate(z, &again))
                break;
            if (again) {
                window_more(w);
                p = w->at;
                continue;
            }
        }
        if (c == '\n' || (c != ' ' && c != '\t' && c != '\r'))
            before = c;
        p++;
    }
    z->json.comma = 0;
    z->json.after_bad = 1;
}

/* Tell what is wrong with the value at hand, and leave it. */
static enum splitter_found give_up(struct splitter *z, struct splitter_damage *d, const char *why)
{
    (void)splitter_tell(z, d, why);
    recover(z);
    return SPLITTER_DAMAGE;
}

/* The level that encloses the place, or NULL. */
static struct level *top(struct splitter *z)
{
    return z->json.depth == 0 ? NULL : &z->json.level[z->json.depth - 1];
}

/* Line of the record that a value at the place belongs to: members belong to their object's. */
static uint64_t record_line(struct splitter *z)
{
    const struct level *l = top(z);

    return l == NULL || l->kind == LEVEL_LIST ? z->w.line : l->line;
}

/* Enter a list or an object; the place is already inside. */
static enum splitter_found enter(struct splitter *z, struct level l, struct splitter_damage *d)
{
    struct json_state *j = &z->json;

    if (j->depth == SPLITTER_NEST_MAX) {
        j->depth = 0;
        buf_clear(&j->times);
        return splitter_tell(z, d, "lists nested deeper than 16 levels");
    }
    l.times_at = j->times.len;
    j->level[j->depth++] = l;
    j->comma = 0;
    return SPLITTER_END;
}

/* Whether the place is inside something that is looked into. */
static int is_quiet(struct splitter *z)
{
    const struct level *l = top(z);

    return l != NULL && l->quiet;
}

/* What is around the place holds events. */
static void mark_found(struct splitter *z)
{
    int i;

    for (i = 0; i < z->json.depth; i++)
        z->json.level[i].found = 1;
}

/* Hand out an event. */
static enum splitter_found found(struct splitter *z, struct event *ev)
{
    json_inside_time(z, ev);
    mark_found(z);
    return SPLITTER_EVENT;
}

/* Remember the time of the object that was entered. */
static void keep_time(struct splitter *z, struct slice value)
{
    struct level *l = top(z);

    if (l == NULL || value.data == NULL || value.len > 64)
        return;
    l->time_at = z->json.times.len;
    l->time_len = value.len;
    (void)buf_append(&z->json.times, value.data, value.len);
}

/* Look into the object at the place, as much of which as was seen is in *ev. */
static enum splitter_found look_into(struct splitter *z, const struct event *ev, uint64_t line,
                                     struct splitter_damage *d)
{
    struct level l = {LEVEL_OBJECT, 1, 0, 0, 0, line, 0, 0, 0};
    int i;
    enum splitter_found entered;

    l.record = ev->field[EVENT_FRAME].data == NULL;
    for (i = 0; i < z->json.depth; i++)
        l.record &= !z->json.level[i].record;
    if (l.record)
        z->json.text_hash = 0;
    if (ev->raw.len > 0 && json_kind(ev->field[EVENT_COLUMNS]) == JSON_ARRAY) {
        columns_clear(&z->columns);
        (void)columns_read(&z->columns, ev->field[EVENT_COLUMNS]);
    }
    entered = enter(z, l, d);
    if (entered == SPLITTER_END && ev->raw.len > 0)
        keep_time(z, ev->field[EVENT_TIME]);
    window_advance(&z->w, z->w.at + 1);
    return entered;
}

/* A whole object, which ends at `end`. */
static enum splitter_found whole_object(struct splitter *z, struct event *ev, size_t end,
                                        struct splitter_damage *d)
{
    struct json_state *j = &z->json;
    uint64_t line = record_line(z);
    enum event_class c = event_classify(ev);
    int replaced;

    z->event_line = line;
    if (ev->raw.len > SPLITTER_EVENT_MAX) {
        enum splitter_found told = splitter_tell(z, d, "event larger than 32 MiB");

        window_advance(&z->w, end);
        j->comma = 1;
        return told;
    }
    if (z->w.strict)
        ; /* an export's own file holds events and nothing else */
    else if (c != EVENT_FOREIGN && ev->field[EVENT_WHOLE].data != NULL && json_inside_whole(z, ev))
        c = EVENT_LIKELY;
    else if (c == EVENT_OTHER && ev->field[EVENT_ECS].data != NULL && json_inside_ecs(z, ev))
        c = EVENT_LIKELY;
    replaced = ev->raw.data != z->w.buf.data + z->w.at;
    if (c == EVENT_OTHER && !z->w.strict && j->depth < SPLITTER_NEST_MAX && ev->deep)
        return look_into(z, ev, line, d);
    if (replaced || ev->whitespace)
        window_advance(&z->w, end);
    else
        z->w.at = end;
    j->comma = 1;
    if (c == EVENT_LIKELY)
        return found(z, ev);
    if (c == EVENT_OTHER && (is_quiet(z) || ev->field[EVENT_FRAME].data != NULL))
        return SPLITTER_END;
    return SPLITTER_OTHER;
}

/* The object at the place: an event, something else, or an answer to enter (then SPLITTER_END). */
static enum splitter_found read_object(struct splitter *z, struct event *ev,
                                       struct splitter_damage *d)
{
    struct err e = {0};

    for (;;) {
        struct json_iter it = iterate(z);
        size_t seen = z->w.buf.len - z->w.at;

        switch (event_walk(ev, &it, &e)) {
        case EVENT_WALK_WHOLE:
            return whole_object(z, ev, (size_t)(it.p - z->w.buf.data), d);
        case EVENT_WALK_LIST: {
            struct level l = {LEVEL_OBJECT, is_quiet(z), 0, 0, 0, record_line(z), 0, 0, 0};
            enum splitter_found entered;

            window_advance(&z->w, (size_t)(it.p - z->w.buf.data) + 1);
            if (z->json.after_bad) {
                z->json.depth = 0;
                buf_clear(&z->json.times);
            }
            z->json.after_bad = 0;
            entered = enter(z, l, d);
            l.kind = LEVEL_LIST;
            return entered == SPLITTER_END ? enter(z, l, d) : entered;
        }
        default:
            break;
        }
        if (recode(z, it.p, &e))
            continue;
        if (!may_continue(z, it.p)) {
            if (seen >= SPLITTER_EVENT_MAX)
                return give_up(z, d, "event larger than 32 MiB");
            return give_up(z, d, e.msg);
        }
        if (!z->w.strict && seen > SPLITTER_WRAPPER_MIN && ev->member != NULL &&
            (*ev->member == '{' || *ev->member == '[') && event_classify(ev) == EVENT_OTHER &&
            z->json.depth < SPLITTER_NEST_MAX)
            return look_into(z, ev, record_line(z), d);
        window_more(&z->w);
    }
}

/* The value at the place, which begins no event: step over it, or into the text that it is. */
static enum splitter_found pass_over(struct splitter *z, struct splitter_damage *d, size_t *from)
{
    struct err e = {0};

    for (;;) {
        struct json_iter it = iterate(z);
        struct slice value;
        int bad;

        it.p += *from;
        bad = json_value(&it, &value, &e);
        if (bad && recode(z, it.p, &e))
            continue;
        if (may_continue(z, it.p)) {
            window_more(&z->w);
            continue;
        }
        if (bad)
            return give_up(z, d, e.msg);
        if (json_kind(value) == JSON_STRING) {
            z->event_line = record_line(z);
            *from = (size_t)json_inside_text(z, value);
        } else {
            *from = json_kind(value) == JSON_NULL || is_quiet(z);
        }
        if (*from == 0 && !is_quiet(z))
            return give_up(z, d, "not an event");
        window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
        z->json.comma = 1;
        return SPLITTER_END;
    }
}

/* Whether a list under this name holds the rows of a table. */
static int is_rows(struct slice key)
{
    return event_names_same(key, "rows") || event_names_same(key, "values") ||
           event_names_same(key, "data");
}

/* Whether a list under this name holds the names of a table's columns. */
static int is_columns(struct slice key)
{
    struct event_name n;

    return event_names_find(key, &n) && n.field == EVENT_COLUMNS && !n.nested;
}

/* The value of a member, `from` bytes behind the place. */
static enum splitter_found member_value(struct splitter *z, struct slice key, size_t from,
                                        struct event *ev, struct splitter_damage *d)
{
    struct level *l = top(z);
    char c = z->w.buf.data[z->w.at + from];
    struct event_name n;

    if (c == '[') {
        struct level list = {LEVEL_LIST, l->quiet, 0, 0, 0, l->line, 0, 0, 0};
        int answer = slice_equals_nocase(key, "value") || slice_equals_nocase(key, "records");

        list.quiet |= !answer;
        list.rows = l->quiet && z->columns.useful && is_rows(key);
        if (list.rows)
            mark_found(z);
        window_advance(&z->w, z->w.at + from + 1);
        if (z->json.depth < SPLITTER_NEST_MAX)
            return enter(z, list, d);
        window_advance(&z->w, z->w.at - 1);
        return SPLITTER_END;
    }
    if (c == '{' && l->quiet) {
        window_advance(&z->w, z->w.at + from);
        return read_object(z, ev, d);
    }
    if (l->time_len == 0 && event_names_find(key, &n) && n.field == EVENT_TIME && !n.nested) {
        struct json_iter it = iterate(z);
        struct slice value;
        struct err ignored;

        it.p += from;
        if (json_value(&it, &value, &ignored) == 0)
            keep_time(z, value);
    }
    if (l->quiet)
        return pass_over(z, d, &from);
    return SPLITTER_OTHER;
}

/* A member of an object that was entered. The place is at its name. */
static enum splitter_found read_member(struct splitter *z, struct event *ev,
                                       struct splitter_damage *d)
{
    struct err e = {0};

    for (;;) {
        /* The member alone, as if its object began here. */
        struct json_iter it = iterate(z);
        struct slice key;
        int got;

        it.first = 1;
        got = json_object_key(&it, &key, &e);
        if (got == 1 && top(z)->quiet && *it.p == '[' && is_columns(key)) {
            struct slice list;

            if (json_value(&it, &list, &e) == 0) {
                columns_clear(&z->columns);
                (void)columns_read(&z->columns, list);
                window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
                z->json.comma = 1;
                return SPLITTER_END;
            }
        } else if (got == 1) {
            enum splitter_found v =
                member_value(z, key, (size_t)(it.p - (z->w.buf.data + z->w.at)), ev, d);

            if (v != SPLITTER_OTHER || top(z)->quiet)
                return v;
        }
        if (got == 1 && json_value(&it, NULL, &e) == 0 && !may_continue(z, it.p)) {
            window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
            z->json.comma = 1;
            return SPLITTER_END;
        }
        if (recode(z, it.p, &e))
            continue;
        if (!may_continue(z, it.p))
            return give_up(z, d, got == 0 ? "member name expected" : e.msg);
        window_more(&z->w);
    }
}

/* A row of a table at the place, as an object. */
static enum splitter_found read_row(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct err e = {0};

    for (;;) {
        struct json_iter it = iterate(z), cells, whole;
        struct slice row, cell;
        size_t i = 0;

        if (json_value(&it, &row, &e) != 0) {
            if (recode(z, it.p, &e))
                continue;
            if (!may_continue(z, it.p))
                return give_up(z, d, e.msg);
            window_more(&z->w);
            continue;
        }
        columns_begin_row(&z->row);
        if (json_array_begin(&cells, row, &e) == 0) {
            while (json_array_next(&cells, &cell, &e) == 1)
                columns_put(&z->columns, i++, cell, &z->row);
        }
        columns_end_row(&z->row);
        z->event_line = record_line(z);
        window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
        z->json.comma = 1;
        whole = (struct json_iter){z->row.data, z->row.data, z->row.data + z->row.len, 0, 0, 0};
        if (event_walk(ev, &whole, &e) != EVENT_WALK_WHOLE)
            return splitter_tell(z, d, e.msg);
        if (ev->field[EVENT_WHOLE].data != NULL && json_inside_whole(z, ev))
            return found(z, ev);
        if (event_classify(ev) != EVENT_LIKELY)
            return SPLITTER_OTHER;
        return found(z, ev);
    }
}

/* Close the list or object that encloses the place. */
static enum splitter_found leave(struct splitter *z, struct event *ev)
{
    struct json_state *j = &z->json;
    struct level *l = top(z);

    j->depth--;
    j->comma = 1;
    j->times.len = l->times_at;
    if (!l->record || l->found || j->after_bad)
        return SPLITTER_END;
    memset(ev, 0, sizeof(*ev));
    z->event_line = l->line;
    return SPLITTER_OTHER;
}

/* Text in front of the JSON of a line, as in syslog: step over it. Returns 1 when there is JSON. */
static int skip_prefix(struct splitter *z)
{
    struct window *w = &z->w;

    for (;;) {
        const char *start = w->buf.data + w->at, *end = w->buf.data + w->buf.len, *p;
        const char *stop = memchr(start, '\n', (size_t)(end - start));

        if (stop == NULL && !w->ended && (size_t)(end - start) < SPLITTER_WRAPPER_MIN) {
            window_more(w);
            continue;
        }
        if (stop == NULL)
            stop = end;
        p = memchr(start, '{', (size_t)(stop - start));
        if (p == NULL || stop - p < 2 || strchr("\"} ", p[1]) == NULL)
            return 0;
        w->at += (size_t)(p - start);
        return 1;
    }
}

/* A line that begins as no JSON does, outside lists. */
static enum splitter_found read_line(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct json_state *j = &z->json;
    char c = z->w.buf.data[z->w.at];
    size_t from = 0;

    if (window_column(&z->w, z->w.buf.data + z->w.at) == 1 && c != '"' && skip_prefix(z)) {
        struct json_iter it = iterate(z);
        struct err e = {0};

        if (event_walk(ev, &it, &e) != EVENT_WALK_BAD || may_continue(z, it.p)) {
            j->prefixed = 1;
            return read_object(z, ev, d);
        }
        return give_up(z, d, e.msg);
    }
    if (j->prefixed && c != '"') {
        const char *p = z->w.buf.data + z->w.at, *end = z->w.buf.data + z->w.buf.len;
        const char *stop = memchr(p, '\n', (size_t)(end - p));

        j->bare++;
        window_advance(&z->w, stop == NULL ? z->w.buf.len : (size_t)(stop - z->w.buf.data));
        return SPLITTER_END;
    }
    return pass_over(z, d, &from);
}

/* A bracket or comma at the place. Returns 1 when it was one that fits, and is behind us. */
static int read_punctuation(struct splitter *z, char c, struct event *ev, enum splitter_found *out)
{
    struct level *l = top(z);

    *out = SPLITTER_END;
    if (l == NULL) {
        /* Lines that end with a comma are common in files put together by hand. */
        if (c != ',' || !z->json.comma)
            return 0;
        z->json.comma = 0;
    } else if (c == ',' && z->json.comma) {
        z->json.comma = 0;
    } else if (c == (l->kind == LEVEL_LIST ? ']' : '}')) {
        *out = leave(z, ev);
    } else {
        return 0;
    }
    z->w.at++;
    return 1;
}

/* Read the value, member or bracket at the place. SPLITTER_END: nothing to hand out yet. */
static enum splitter_found read_one(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    char c = z->w.buf.data[z->w.at];
    struct level *l = top(z);
    enum splitter_found out;
    size_t from = 0;

    if (read_punctuation(z, c, ev, &out))
        return out;
    if (l != NULL && z->json.comma) {
        z->json.comma = 0;
        z->json.after_bad = 1;
        return splitter_tell(z, d, "',' or closing bracket expected");
    }
    if (l != NULL && l->kind == LEVEL_OBJECT) {
        if (c == '"')
            return read_member(z, ev, d);
        return give_up(z, d, "member name expected");
    }
    if (c == '{')
        return read_object(z, ev, d);
    if (c == '[' && l != NULL && l->rows)
        return read_row(z, ev, d);
    if (c == '[' && z->json.depth == SPLITTER_NEST_MAX && is_quiet(z))
        return pass_over(z, d, &from);
    if (c == '[') {
        struct level list = {LEVEL_LIST, is_quiet(z), 0, 0, 0, record_line(z), 0, 0, 0};

        z->w.at++;
        return enter(z, list, d);
    }
    return l == NULL ? read_line(z, ev, d) : pass_over(z, d, &from);
}

/* The end of the input: right outside lists only. */
static enum splitter_found at_end(struct splitter *z, struct splitter_damage *d)
{
    if (z->json.depth == 0)
        return SPLITTER_END;
    z->json.depth = 0;
    return splitter_tell(z, d, "the list of events is cut short");
}

/* What comes next of the text that is being read. */
static enum splitter_found from_text(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    enum splitter_found got;

    do {
        got = json_records_next(z->json.text, ev, d);
    } while (got == SPLITTER_OTHER || got == SPLITTER_DAMAGE);
    if (got == SPLITTER_EVENT) {
        mark_found(z);
        return got;
    }
    z->json.in_text = 0;
    return SPLITTER_END;
}

enum splitter_found json_records_next(struct splitter *z, struct event *ev,
                                      struct splitter_damage *d)
{
    for (;;) {
        enum splitter_found got;
        int there;

        if (z->json.in_text) {
            if (from_text(z, ev, d) == SPLITTER_EVENT)
                return SPLITTER_EVENT;
            continue;
        }
        there = skip_between(z);
        if (z->w.is_damaged && (there == 0 || z->w.base + z->w.at >= z->w.damaged_at)) {
            z->w.is_damaged = 0;
            return splitter_tell(z, d, z->w.damage);
        }
        if (there == 0)
            return at_end(z, d);
        got = read_one(z, ev, d);
        if (got == SPLITTER_EVENT)
            z->json.after_bad = 0;
        if (got == SPLITTER_OTHER && z->json.after_bad)
            continue;
        if (got != SPLITTER_END)
            return got;
    }
}
