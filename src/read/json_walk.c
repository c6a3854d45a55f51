/* Moving through a stream of JSON: what encloses the place, and how to go on behind damage. */
#include "read/json_walk.h"

#include <stdio.h>
#include <string.h>

/* A failure this close to the end of what was read may only mean that a word, an escape or a UTF-8
 * sequence is not there as a whole yet: the longest of them has 6 bytes. */
#define EDGE 8

int json_walk_may_continue(const struct splitter *z, const char *p)
{
    return (size_t)(z->w.buf.data + z->w.buf.len - p) < EDGE && window_can_grow(&z->w);
}

struct json_iter json_walk_iterate(const struct splitter *z)
{
    struct json_iter it = {0};

    it.start = z->w.buf.data + z->w.at;
    it.p = it.start;
    it.end = z->w.buf.data + z->w.buf.len;
    return it;
}

int json_walk_recode(struct splitter *z, const char *p, const struct err *e)
{
    return json_is_bad_utf8(e->msg) && window_from_ansi(&z->w, (size_t)(p - z->w.buf.data));
}

/* Whether the '{' at the place begins an event, an answer or, in a list, something that may hold
 * one. *again: more has to be read to tell. */
static int is_candidate(const struct splitter *z, int *again)
{
    const struct json_state *j = &z->json;
    struct json_iter it = json_walk_iterate(z);
    struct event ev;
    struct err ignored = {0};
    enum event_walked w = event_walk(&ev, &it, &ignored);

    *again = w == EVENT_WALK_BAD && json_walk_may_continue(z, it.p);
    return w == EVENT_WALK_LIST ||
           (w == EVENT_WALK_WHOLE &&
            (event_classify(&ev) != EVENT_OTHER ||
             (ev.deep && j->depth > 0 && j->level[j->depth - 1].kind == LEVEL_LIST)));
}

/* Whether the line that begins at `at` begins with text, and records may begin behind that: lines
 * before had it so, or an object comes in this one. */
static int is_prefixed_line(const struct splitter *z, size_t at)
{
    const char *p = z->w.buf.data + at, *end = z->w.buf.data + z->w.buf.len, *stop;

    if (strchr(" \t\r\n\"}]", *p) != NULL)
        return 0;
    stop = memchr(p, '\n', (size_t)(end - p));
    return z->json.prefixed ||
           json_has_object((struct slice){p, (size_t)((stop == NULL ? end : stop) - p)});
}

/*
 * Leave a damaged value: outside lists go to the next line that begins with a bracket or has text
 * and then an object (or to any line, where others had), else to the next object that is an event.
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
        if (line_start && z->json.depth == 0 && (c == '{' || c == '[' || is_prefixed_line(z, p))) {
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

enum splitter_found json_walk_tell(struct splitter *z, struct splitter_damage *d, const char *p,
                                   const char *why)
{
    const struct window *w = &z->w;
    const char *q = w->buf.data + w->at, *begin = NULL, *byte = strstr(why, " at byte ");
    int n = (int)(byte == NULL ? strlen(why) : (size_t)(byte - why));
    uint64_t line = w->line;

    while ((q = memchr(q, '\n', (size_t)(p - q))) != NULL) {
        begin = ++q;
        line++;
    }
    d->line = w->line;
    if (begin == NULL)
        (void)snprintf(d->why, sizeof(d->why), "%.*s (column %llu)", n, why,
                       (unsigned long long)window_column(w, p));
    else
        (void)snprintf(d->why, sizeof(d->why), "%.*s (line %llu, column %llu)", n, why,
                       (unsigned long long)line, (unsigned long long)(p - begin) + 1);
    return SPLITTER_DAMAGE;
}

enum splitter_found json_walk_give_up(struct splitter *z, struct splitter_damage *d, const char *p,
                                      const char *why)
{
    (void)json_walk_tell(z, d, p, why);
    recover(z);
    return SPLITTER_DAMAGE;
}

struct level *json_walk_top(struct splitter *z)
{
    return z->json.depth == 0 ? NULL : &z->json.level[z->json.depth - 1];
}

uint64_t json_walk_line(struct splitter *z)
{
    const struct level *l = json_walk_top(z);

    return l == NULL || l->kind == LEVEL_LIST ? z->w.line : l->line;
}

enum splitter_found json_walk_enter(struct splitter *z, struct level l, struct splitter_damage *d)
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

int json_walk_is_quiet(struct splitter *z)
{
    const struct level *l = json_walk_top(z);

    return l != NULL && l->quiet;
}

void json_walk_mark_found(struct splitter *z)
{
    int i;

    for (i = 0; i < z->json.depth; i++)
        z->json.level[i].found = 1;
}

enum splitter_found json_walk_found(struct splitter *z, struct event *ev)
{
    json_inside_time(z, ev);
    json_walk_mark_found(z);
    return SPLITTER_EVENT;
}

void json_walk_keep_time(struct splitter *z, struct slice value)
{
    struct level *l = json_walk_top(z);

    if (l == NULL || value.data == NULL || value.len > 64)
        return;
    l->time_at = z->json.times.len;
    l->time_len = value.len;
    buf_append(&z->json.times, value.data, value.len);
}
