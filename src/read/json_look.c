/* Objects, members and rows of a stream of JSON: events, or looked into for events. */
#include "read/json_walk.h"

#include "base/text.h"
#include "read/event_names.h"

#include <stdio.h>
#include <string.h>

/* Look into the object at the place, as much of which as was seen is in *ev. */
static enum splitter_found look_into(struct splitter *z, const struct event *ev, uint64_t line,
                                     struct splitter_damage *d)
{
    struct level l = {.kind = LEVEL_OBJECT, .quiet = 1, .line = line};
    int i;
    enum splitter_found entered;

    l.record = ev->field[EVENT_FRAME].data == NULL;
    l.found = z->json.refused == z->w.base + z->w.at + 1; /* it was told what it is */
    for (i = 0; i < z->json.depth; i++)
        l.record &= !z->json.level[i].record;
    if (l.record)
        z->json.text_hash = 0;
    if (ev->raw.len > 0 && json_kind(ev->field[EVENT_COLUMNS]) == JSON_ARRAY) {
        columns_clear(&z->columns);
        (void)columns_read(&z->columns, ev->field[EVENT_COLUMNS]);
    }
    entered = json_walk_enter(z, l, d);
    if (entered == SPLITTER_END && ev->raw.len > 0)
        json_walk_keep_time(z, ev->field[EVENT_TIME]);
    window_advance(&z->w, z->w.at + 1);
    return entered;
}

/* Tell that the object at the place is an error answer of the service, once. Returns whether it
 * was. */
static int tell_error(struct splitter *z, const struct event *ev, struct splitter_damage *d)
{
    uint64_t place = z->w.base + z->w.at + 1;
    struct slice code = json_get_nocase(ev->field[EVENT_ERROR], "code");
    char name[64], why[160];

    if (json_kind(code) != JSON_STRING || z->json.refused == place)
        return 0;
    text_clean(name, sizeof(name), (struct slice){code.data + 1, code.len - 2});
    (void)snprintf(why, sizeof(why), "an error answer of the service, saved in place of a log: %s",
                   name);
    z->json.refused = place;
    (void)splitter_tell(z, d, why);
    return 1;
}

/* A whole object, which ends at `end`. */
static enum splitter_found whole_object(struct splitter *z, struct event *ev, size_t end,
                                        struct splitter_damage *d)
{
    struct json_state *j = &z->json;
    uint64_t line = json_walk_line(z);
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
    if (c == EVENT_OTHER && ev->field[EVENT_ERROR].data != NULL && tell_error(z, ev, d))
        return SPLITTER_DAMAGE;
    replaced = ev->raw.data != z->w.buf.data + z->w.at;
    if (c == EVENT_OTHER && !z->w.strict && j->depth < SPLITTER_NEST_MAX && ev->deep)
        return look_into(z, ev, line, d);
    if (replaced || ev->whitespace)
        window_advance(&z->w, end);
    else
        z->w.at = end;
    j->comma = 1;
    if (c == EVENT_LIKELY)
        return json_walk_found(z, ev);
    if (c == EVENT_OTHER && (json_walk_is_quiet(z) || ev->field[EVENT_FRAME].data != NULL))
        return SPLITTER_END;
    return SPLITTER_OTHER;
}

/* Names of an event that are too many for chance. */
#define NAMES_OF_EVENT 4

/* Whether what was seen of a damaged object has the names of an event. */
static int was_event(const struct event *ev)
{
    int i, n = 0;

    for (i = 0; i < EVENT_FIELDS; i++)
        n += ev->field[i].data != NULL;
    return n >= NAMES_OF_EVENT || event_classify(ev) == EVENT_LIKELY;
}

enum splitter_found json_look_object(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct err e = {0};

    for (;;) {
        struct json_iter it = json_walk_iterate(z);
        size_t seen = z->w.buf.len - z->w.at;

        switch (event_walk(ev, &it, &e)) {
        case EVENT_WALK_WHOLE:
            return whole_object(z, ev, (size_t)(it.p - z->w.buf.data), d);
        case EVENT_WALK_LIST: {
            struct level l = {
                .kind = LEVEL_OBJECT, .quiet = json_walk_is_quiet(z), .line = json_walk_line(z)};
            enum splitter_found entered;

            z->json.linked = ev->linked;
            z->json.holds = 1;
            window_advance(&z->w, (size_t)(it.p - z->w.buf.data) + 1);
            if (z->json.after_bad) {
                z->json.depth = 0;
                buf_clear(&z->json.times);
            }
            z->json.after_bad = 0;
            entered = json_walk_enter(z, l, d);
            l.kind = LEVEL_LIST;
            return entered == SPLITTER_END ? json_walk_enter(z, l, d) : entered;
        }
        default:
            break;
        }
        if (json_walk_recode(z, it.p, &e))
            continue;
        if (!json_walk_may_continue(z, it.p)) {
            z->json.holds |= was_event(ev);
            if (seen >= SPLITTER_EVENT_MAX)
                return json_walk_give_up(z, d, it.p, "event larger than 32 MiB");
            return json_walk_give_up(z, d, it.p, e.msg);
        }
        if (!z->w.strict && seen > SPLITTER_WRAPPER_MIN && ev->member != NULL &&
            (*ev->member == '{' || *ev->member == '[') && event_classify(ev) == EVENT_OTHER &&
            z->json.depth < SPLITTER_NEST_MAX)
            return look_into(z, ev, json_walk_line(z), d);
        window_more(&z->w);
    }
}

enum splitter_found json_look_value(struct splitter *z, struct splitter_damage *d, size_t *from)
{
    struct err e = {0};

    for (;;) {
        struct json_iter it = json_walk_iterate(z);
        struct slice value;
        int bad;

        it.p += *from;
        bad = json_value(&it, &value, &e);
        if (bad && json_walk_recode(z, it.p, &e))
            continue;
        if (json_walk_may_continue(z, it.p)) {
            window_more(&z->w);
            continue;
        }
        if (bad)
            return json_walk_give_up(z, d, it.p, e.msg);
        if (json_kind(value) == JSON_STRING) {
            z->event_line = json_walk_line(z);
            *from = (size_t)json_inside_text(z, value);
        } else {
            *from = json_kind(value) == JSON_NULL || json_walk_is_quiet(z);
        }
        if (*from == 0 && !json_walk_is_quiet(z))
            return json_walk_give_up(z, d, it.p, "not an event");
        window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
        z->json.comma = 1;
        return SPLITTER_END;
    }
}

/* Whether a list under this name holds the rows of a table. */
static int is_rows(struct slice key)
{
    return text_same_name(key, "rows") || text_same_name(key, "values") ||
           text_same_name(key, "data");
}

/* What the list at p begins with: a bracket or another byte; 0 where that was not read yet. */
static char first_inside(const char *p, const char *end)
{
    for (p++; p < end && strchr(" \t\r\n", *p) != NULL;)
        p++;
    return p < end ? *p : '\0';
}

/* Whether the name of an empty list says that it holds what was found: an answer without events. */
static int is_answer(struct slice key)
{
    static const char *const names[] = {"hits", "results", "events", "messages", "items", "data"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (text_same_name(key, names[i]))
            return 1;
    }
    return 0;
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
    struct level *l = json_walk_top(z);
    char c = z->w.buf.data[z->w.at + from];
    struct event_name n;

    if (c == '[') {
        struct level list = {.kind = LEVEL_LIST, .quiet = l->quiet, .line = l->line};
        int answer = slice_equals_nocase(key, "value") || slice_equals_nocase(key, "records");
        char first = first_inside(z->w.buf.data + z->w.at + from, z->w.buf.data + z->w.buf.len);

        list.quiet |= !answer;
        list.rows = l->quiet && z->columns.useful && is_rows(key);
        /* rows that are objects are looked into like others */
        if ((list.rows && first != '{') || (first == ']' && is_answer(key)))
            json_walk_mark_found(z);
        window_advance(&z->w, z->w.at + from + 1);
        if (z->json.depth < SPLITTER_NEST_MAX)
            return json_walk_enter(z, list, d);
        window_advance(&z->w, z->w.at - 1);
        return SPLITTER_END;
    }
    /* Kibana shows a document's fields once more */
    if (c == '{' && l->quiet && !(l->found && slice_equals_nocase(key, "fields"))) {
        window_advance(&z->w, z->w.at + from);
        return json_look_object(z, ev, d);
    }
    if (l->time_len == 0 && event_names_find(key, &n) && n.field == EVENT_TIME && !n.nested) {
        struct json_iter it = json_walk_iterate(z);
        struct slice value;
        struct err ignored;

        it.p += from;
        if (json_value(&it, &value, &ignored) == 0)
            json_walk_keep_time(z, value);
    }
    if (l->quiet)
        return json_look_value(z, d, &from);
    return SPLITTER_OTHER;
}

enum splitter_found json_look_member(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct err e = {0};

    for (;;) {
        /* The member alone, as if its object began here. */
        struct json_iter it = json_walk_iterate(z), start;
        struct slice key, list = {NULL, 0};
        int got, named;

        it.first = 1;
        got = json_object_key(&it, &key, &e);
        start = it;
        named = got == 1 && json_walk_top(z)->quiet && *it.p == '[' && is_columns(key) &&
                first_inside(it.p, it.end) != '['; /* the columns themselves */
        if (named && json_value(&it, &list, &e) == 0) {
            columns_clear(&z->columns);
            (void)columns_read(&z->columns, list);
            window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
            z->json.comma = 1;
            return SPLITTER_END;
        }
        it = start;
        if (got == 1 && !named) {
            enum splitter_found v =
                member_value(z, key, (size_t)(it.p - (z->w.buf.data + z->w.at)), ev, d);

            if (v != SPLITTER_OTHER || json_walk_top(z)->quiet)
                return v;
        }
        if (got == 1 && json_value(&it, &list, &e) == 0 && !json_walk_may_continue(z, it.p)) {
            if (event_is_next_link(key, list))
                z->json.linked = 1;
            window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
            z->json.comma = 1;
            return SPLITTER_END;
        }
        if (json_walk_recode(z, it.p, &e))
            continue;
        if (!json_walk_may_continue(z, it.p))
            return json_walk_give_up(z, d, it.p, got == 0 ? "member name expected" : e.msg);
        window_more(&z->w);
    }
}

/* Tell that a row is none of its table: short, or a column, where each has a list of its own. */
static enum splitter_found tell_row(const struct splitter *z, size_t cells,
                                    struct splitter_damage *d)
{
    d->line = z->event_line;
    (void)snprintf(d->why, sizeof(d->why),
                   "a row of %zu cells in a table of %zu columns: not read; a table that is saved "
                   "column by column has to be saved row by row",
                   cells, z->columns.n);
    return SPLITTER_DAMAGE;
}

enum splitter_found json_look_row(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct err e = {0};

    for (;;) {
        struct json_iter it = json_walk_iterate(z), cells;
        struct slice row, cell;
        enum splitter_found got;
        size_t i = 0;

        if (json_value(&it, &row, &e) != 0) {
            if (json_walk_recode(z, it.p, &e))
                continue;
            if (!json_walk_may_continue(z, it.p))
                return json_walk_give_up(z, d, it.p, e.msg);
            window_more(&z->w);
            continue;
        }
        columns_begin_row(&z->row);
        if (json_array_begin(&cells, row, &e) == 0) {
            while (json_array_next(&cells, &cell, &e) == 1)
                columns_put(&z->columns, i++, cell, &z->row);
        }
        columns_end_row(&z->row);
        z->event_line = json_walk_line(z);
        window_advance(&z->w, (size_t)(it.p - z->w.buf.data));
        z->json.comma = 1;
        if (i != z->columns.n && z->columns.n < COLUMNS_MAX)
            return tell_row(z, i, d);
        got = json_inside_row(z, ev, d);
        return got == SPLITTER_EVENT ? json_walk_found(z, ev) : got;
    }
}
