/* Records that stand as JSON: cut from the stream one by one. */
#include "read/json_walk.h"

#include <stdio.h>
#include <string.h>

/* Whether more than one byte of zero stands at the place: one may be between two records. */
static int is_hole(const struct window *w)
{
    return w->buf.len - w->at > 1 && memcmp(w->buf.data + w->at, "\0", 2) == 0;
}

/* Move behind the bytes of zero at the place, where a disk or a copy lost a part of the file. */
static enum splitter_found skip_hole(struct splitter *z, struct splitter_damage *d)
{
    struct window *w = &z->w;
    uint64_t from = w->base + w->at;

    d->line = w->line;
    for (;;) {
        while (w->at < w->buf.len && w->buf.data[w->at] == '\0')
            w->at++;
        if (w->at < w->buf.len || w->ended || w->is_damaged)
            break;
        window_more(w);
    }
    (void)snprintf(d->why, sizeof(d->why), "%llu bytes of zero: a part of the file is missing here",
                   (unsigned long long)(w->base + w->at - from));
    return SPLITTER_DAMAGE;
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
            else if (*p == '\0' && w->buf.len - w->at < 2 && !w->ended)
                break;
            else if (*p == ' ' || *p == '\t' || *p == '\r' ||
                     (z->json.depth == 0 && (*p == '\x1e' || (*p == '\0' && !is_hole(w)))))
                w->at++;
            else
                return 1;
        }
        if (w->ended)
            return 0;
        window_more(w);
    }
}

/* Close the list or object that encloses the place. */
static enum splitter_found leave(struct splitter *z, struct event *ev)
{
    struct json_state *j = &z->json;
    struct level *l = json_walk_top(z);

    j->depth--;
    j->comma = 1;
    j->times.len = l->times_at;
    if (!l->record || l->found || j->after_bad)
        return SPLITTER_END;
    memset(ev, 0, sizeof(*ev));
    z->event_line = l->line;
    return SPLITTER_OTHER;
}

/* Braces of a line that are tried: a prefix may hold some of its own. */
#define PREFIX_BRACES_MAX 16

/* Where the line at the place ends, as far as that was read. */
static const char *line_end(const struct splitter *z)
{
    const char *p = z->w.buf.data + z->w.at, *end = z->w.buf.data + z->w.buf.len;
    const char *stop = memchr(p, '\n', (size_t)(end - p));

    return stop == NULL ? end : stop;
}

/* Text in front of the JSON of a line, as in syslog: step over it, to the first brace that begins
 * an object; to the first that may begin one when none does. Returns -1 when there is no JSON, 1
 * when it is whole or goes on behind what was read, 0 when it is damaged; then *why says how, and
 * *bad where behind the brace. */
static int skip_prefix(struct splitter *z, struct err *why, size_t *bad)
{
    struct window *w = &z->w;
    const char *start, *end, *stop, *p;
    size_t first = 0;
    int tries = 0;

    while (line_end(z) == w->buf.data + w->buf.len && !w->ended &&
           w->buf.len - w->at < SPLITTER_WRAPPER_MIN)
        window_more(w);
    start = w->buf.data + w->at;
    end = w->buf.data + w->buf.len;
    stop = line_end(z);
    for (p = start; tries < PREFIX_BRACES_MAX && p < stop; p++) {
        struct json_iter it = {0};
        struct event ev;
        struct err e = {0};
        enum event_walked walked;

        p = memchr(p, '{', (size_t)(stop - p));
        if (p == NULL)
            break;
        if (stop - p < 2 || (p[1] != '"' && p[1] != ' '))
            continue;
        it.start = it.p = p;
        it.end = end;
        walked = event_walk(&ev, &it, &e);
        /* behind a brace that is damaged stand the parts of its object, too */
        if (walked == EVENT_WALK_BAD
                ? json_walk_may_continue(z, it.p)
                : tries == 0 || walked == EVENT_WALK_LIST || event_classify(&ev) != EVENT_OTHER) {
            w->at += (size_t)(p - start);
            return 1;
        }
        if (tries++ == 0) {
            first = (size_t)(p - start);
            *why = e;
            *bad = (size_t)(it.p - p);
        }
    }
    w->at += first;
    return tries > 0 ? 0 : -1;
}

/* A line that begins as no JSON does, outside lists. */
static enum splitter_found read_line(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct json_state *j = &z->json;
    char c = z->w.buf.data[z->w.at];
    struct err e = {0};
    size_t from = 0;
    int there = -1;

    if ((j->prefixed || window_column(&z->w, z->w.buf.data + z->w.at) == 1) && c != '"')
        there = skip_prefix(z, &e, &from);
    if (there == 1) {
        j->prefixed = 1;
        return json_look_object(z, ev, d);
    }
    if (there == 0) {
        (void)json_walk_tell(z, d, z->w.buf.data + z->w.at + from, e.msg);
        window_advance(&z->w, (size_t)(line_end(z) - z->w.buf.data));
        j->comma = 0;
        j->after_bad = 1;
        return SPLITTER_DAMAGE;
    }
    if (j->prefixed && c != '"') {
        j->bare += window_column(&z->w, z->w.buf.data + z->w.at) == 1;
        window_advance(&z->w, (size_t)(line_end(z) - z->w.buf.data));
        return SPLITTER_END;
    }
    return json_look_value(z, d, &from);
}

/* A bracket or comma at the place. Returns 1 when it was one that fits, and is behind us. */
static int read_punctuation(struct splitter *z, char c, struct event *ev, enum splitter_found *out)
{
    struct level *l = json_walk_top(z);

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

/* Whether the list at the place is none, but a word in brackets with more behind it on its line, as
 * many logs begin theirs: "[0] azure: [[..., {...}]", "[INFO] {...}". */
static int is_bracketed_word(const struct splitter *z)
{
    const char *p = z->w.buf.data + z->w.at + 1, *stop = line_end(z);

    while (p < stop && *p != '\0' && strchr("]{}[\",", *p) == NULL)
        p++;
    return stop - p > 2 && *p == ']' && (p[1] == ' ' || p[1] == ':' || p[1] == '\t') &&
           memchr(p, '{', (size_t)(stop - p)) != NULL;
}

/* Read the value, member or bracket at the place. SPLITTER_END: nothing to hand out yet. */
static enum splitter_found read_one(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    char c = z->w.buf.data[z->w.at];
    struct level *l = json_walk_top(z);
    enum splitter_found out;
    size_t from = 0;

    if (read_punctuation(z, c, ev, &out))
        return out;
    if (l != NULL && z->json.comma) {
        z->json.comma = 0;
        z->json.after_bad = 1;
        return json_walk_tell(z, d, z->w.buf.data + z->w.at, "',' or closing bracket expected");
    }
    if (l != NULL && l->kind == LEVEL_OBJECT) {
        if (c == '"')
            return json_look_member(z, ev, d);
        return json_walk_give_up(z, d, z->w.buf.data + z->w.at, "member name expected");
    }
    if (c == '{')
        return json_look_object(z, ev, d);
    if (c == '[' && l != NULL && l->rows)
        return json_look_row(z, ev, d);
    if (c == '[' && z->json.depth == SPLITTER_NEST_MAX && json_walk_is_quiet(z))
        return json_look_value(z, d, &from);
    if (c == '[' && !(l == NULL && is_bracketed_word(z))) {
        struct level list = {
            .kind = LEVEL_LIST, .quiet = json_walk_is_quiet(z), .line = json_walk_line(z)};

        z->w.at++;
        return json_walk_enter(z, list, d);
    }
    return l == NULL ? read_line(z, ev, d) : json_look_value(z, d, &from);
}

/* The end of the input: right outside lists only. */
static enum splitter_found at_end(struct splitter *z, struct splitter_damage *d)
{
    if (z->json.depth == 0)
        return SPLITTER_END;
    z->json.depth = 0;
    /* behind what was damaged the brackets are not known */
    return z->json.after_bad ? SPLITTER_END
                             : splitter_tell(z, d, "the list of events is cut short");
}

enum splitter_found json_records_next(struct splitter *z, struct event *ev,
                                      struct splitter_damage *d)
{
    for (;;) {
        enum splitter_found got;
        int there;

        if (z->json.in_text) {
            got = json_inside_next(z, ev, d);
            if (got == SPLITTER_END)
                continue;
            json_walk_mark_found(z);
            return got;
        }
        there = skip_between(z);
        if (z->w.is_damaged && (there == 0 || z->w.base + z->w.at >= z->w.damaged_at)) {
            z->w.is_damaged = 0;
            return splitter_tell(z, d, z->w.damage);
        }
        if (there == 0)
            return at_end(z, d);
        if (z->json.depth == 0 && is_hole(&z->w))
            return skip_hole(z, d);
        got = read_one(z, ev, d);
        if (got == SPLITTER_EVENT)
            z->json.after_bad = 0;
        if (got == SPLITTER_OTHER && z->json.after_bad)
            continue;
        if (got != SPLITTER_END)
            return got;
    }
}
