#include "read/event_splitter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes read at a time. */
#define SPLITTER_CHUNK ((size_t)256 << 10)

/* A failure this close to the end of what was read may only mean that a word, an escape or a UTF-8
 * sequence is not there as a whole yet: the longest of them has 6 bytes. */
#define SPLITTER_EDGE 8

/* What encloses the place that is read. */
enum level { LEVEL_LIST, LEVEL_ANSWER };

struct splitter {
    struct unpack *source;
    struct buf buf;
    size_t at;     /* next byte in buf */
    uint64_t line; /* its line */
    int ended;     /* the source has no more */
    enum level level[SPLITTER_NEST_MAX];
    int depth;
    int comma;     /* a value was read: a comma or the end has to come */
    int after_bad; /* inside a damaged stretch: objects that are no events are part of it */
    uint64_t base; /* bytes before buf */
    struct splitter_damage pending;
    int is_pending;
    uint64_t pending_at; /* told behind this many bytes */
};

struct splitter *splitter_new(struct unpack *s, uint64_t first_line)
{
    struct splitter *z = calloc(1, sizeof(*z));

    if (z == NULL)
        return NULL;
    z->source = s;
    z->line = first_line;
    return z;
}

void splitter_free(struct splitter *z)
{
    if (z == NULL)
        return;
    buf_free(&z->buf);
    free(z);
}

uint64_t splitter_line(const struct splitter *z)
{
    return z->line;
}

/* Move over the bytes up to `to`, counting lines. */
static void advance(struct splitter *z, size_t to)
{
    const char *p = z->buf.data + z->at, *end = z->buf.data + to;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        z->line++;
        p++;
    }
    z->at = to;
}

/* Read at least one more byte behind those in buf; sets ended when there are none. */
static int more(struct splitter *z, struct err *e)
{
    size_t kept = z->buf.len - z->at, want = kept > SPLITTER_CHUNK ? kept : SPLITTER_CHUNK, got;
    const char *damage;

    if (want > SPLITTER_CHUNK && kept + want > SPLITTER_EVENT_MAX + SPLITTER_CHUNK)
        want = SPLITTER_EVENT_MAX + SPLITTER_CHUNK - kept;

    if (z->at > 0) {
        memmove(z->buf.data, z->buf.data + z->at, kept);
        z->buf.len = kept;
        z->base += z->at;
        z->at = 0;
    }
    if (buf_reserve(&z->buf, want) != 0)
        return err_memory(e, "events");
    /* As much again as is there: what has to be walked anew then at most doubles the work. */
    do {
        got = unpack_read(z->source, z->buf.data + z->buf.len, want);
        z->buf.len += got;
        want -= got;
        damage = unpack_damage(z->source);
        if (damage != NULL && !z->is_pending) {
            (void)snprintf(z->pending.why, sizeof(z->pending.why), "%s", damage);
            z->pending_at = z->base + z->buf.len;
            z->is_pending = 1;
        }
    } while (got > 0 && want >= SPLITTER_CHUNK / 2 && !z->is_pending);
    if (got == 0)
        z->ended = 1;
    return 0;
}

/* Whether a failure at p may vanish when more is read. */
static int may_continue(const struct splitter *z, const char *p)
{
    return !z->ended && (size_t)(z->buf.data + z->buf.len - p) < SPLITTER_EDGE &&
           z->buf.len - z->at < SPLITTER_EVENT_MAX;
}

/* Step over whitespace and byte order marks between values. Returns 1, 0 at the end, -1. */
static int skip_between(struct splitter *z, struct err *e)
{
    for (;;) {
        while (z->at < z->buf.len) {
            const char *p = z->buf.data + z->at;

            if (*p == '\n')
                z->line++;
            else if (*p == '\xef' && z->depth == 0 && z->buf.len - z->at >= 3 &&
                     memcmp(p, "\xef\xbb\xbf", 3) == 0)
                z->at += 2;
            else if (*p == '\xef' && z->buf.len - z->at < 3 && !z->ended)
                break;
            else if (*p != ' ' && *p != '\t' && *p != '\r')
                return 1;
            z->at++;
        }
        if (z->ended)
            return 0;
        if (more(z, e) != 0)
            return -1;
    }
}

/* An iterator over what was read and not used. */
static struct json_iter iterate(const struct splitter *z)
{
    struct json_iter it = {0};

    it.start = z->buf.data + z->at;
    it.p = it.start;
    it.end = z->buf.data + z->buf.len;
    return it;
}

/* Note damage at the current place. */
static enum splitter_found damage(struct splitter *z, struct splitter_damage *d, const char *why)
{
    d->line = z->line;
    (void)snprintf(d->why, sizeof(d->why), "%s", why);
    return SPLITTER_DAMAGE;
}

/* Whether the '{' at z->at begins an event or an answer. *again: more has to be read to tell. */
static int is_candidate(const struct splitter *z, int *again)
{
    struct json_iter it = iterate(z);
    struct event ev;
    struct err ignored = {0};
    enum event_walked w = event_walk(&ev, &it, &ignored);

    *again = w == EVENT_WALK_BAD && may_continue(z, it.p);
    return w == EVENT_WALK_LIST || (w == EVENT_WALK_WHOLE && event_is_likely(&ev));
}

/*
 * Leave a damaged value that begins at z->at: go to the next line that begins with a bracket
 * (outside lists), or to the next object that is an event.
 */
static int recover(struct splitter *z, struct err *e)
{
    char before = z->buf.data[z->at];
    size_t p = z->at + 1;

    for (;;) {
        char c;
        int again = 0, line_start;

        if (p >= z->buf.len) {
            advance(z, z->buf.len);
            if (z->ended)
                break;
            if (more(z, e) != 0)
                return -1;
            p = z->at;
            continue;
        }
        c = z->buf.data[p];
        line_start = before == '\n';
        if ((c == '{' || c == '[') && line_start && z->depth == 0) {
            advance(z, p);
            break;
        }
        if (c == '{' && (line_start || before == ',' || before == '[' || before == '}')) {
            advance(z, p);
            if (is_candidate(z, &again))
                break;
            if (again) {
                if (more(z, e) != 0)
                    return -1;
                p = z->at;
                continue;
            }
        }
        if (c == '\n' || (c != ' ' && c != '\t' && c != '\r'))
            before = c;
        p++;
    }
    z->comma = 0;
    z->after_bad = 1;
    return 0;
}

/* Tell what is wrong with the value at z->at, and leave it. */
static enum splitter_found give_up(struct splitter *z, struct splitter_damage *d, const char *why,
                                   struct err *e)
{
    (void)damage(z, d, why);
    return recover(z, e) != 0 ? SPLITTER_FATAL : SPLITTER_DAMAGE;
}

/* Enter a list or an answer; z->at is already inside. */
static enum splitter_found enter(struct splitter *z, enum level level, struct splitter_damage *d)
{
    if (z->depth == SPLITTER_NEST_MAX) {
        z->depth = 0;
        return damage(z, d, "lists nested deeper than 8 levels");
    }
    z->level[z->depth++] = level;
    z->comma = 0;
    return SPLITTER_END;
}

/* The object at z->at: an event, something else, or an answer to enter (then SPLITTER_END). */
static enum splitter_found read_object(struct splitter *z, struct event *ev,
                                       struct splitter_damage *d, struct err *e)
{
    for (;;) {
        struct json_iter it = iterate(z);
        enum event_walked w = event_walk(ev, &it, e);
        enum splitter_found found;

        switch (w) {
        case EVENT_WALK_WHOLE:
            if (ev->raw.len > SPLITTER_EVENT_MAX) {
                found = damage(z, d, "event larger than 32 MiB");
                advance(z, (size_t)(it.p - z->buf.data));
                z->comma = 1;
                return found;
            }
            if (ev->whitespace)
                advance(z, (size_t)(it.p - z->buf.data));
            else
                z->at = (size_t)(it.p - z->buf.data);
            z->comma = 1;
            return event_is_likely(ev) ? SPLITTER_EVENT : SPLITTER_OTHER;
        case EVENT_WALK_LIST:
            advance(z, (size_t)(it.p - z->buf.data) + 1);
            if (z->after_bad)
                z->depth = 0;
            z->after_bad = 0;
            found = enter(z, LEVEL_ANSWER, d);
            return found == SPLITTER_END ? enter(z, LEVEL_LIST, d) : found;
        default:
            if (!may_continue(z, it.p)) {
                if (z->buf.len - z->at >= SPLITTER_EVENT_MAX)
                    return give_up(z, d, "event larger than 32 MiB", e);
                return give_up(z, d, e->msg, e);
            }
            if (more(z, e) != 0)
                return SPLITTER_FATAL;
        }
    }
}

/* A member of an answer besides its list, or the list itself. z->at is at the member's name. */
static enum splitter_found read_member(struct splitter *z, struct splitter_damage *d, struct err *e)
{
    for (;;) {
        /* The member alone, as if its object began here. */
        struct json_iter it = iterate(z);
        struct slice key;
        int got;

        it.first = 1;
        got = json_object_key(&it, &key, e);
        if (got == 1 && it.p < it.end && *it.p == '[' &&
            (slice_equals_nocase(key, "value") || slice_equals_nocase(key, "records"))) {
            advance(z, (size_t)(it.p - z->buf.data) + 1);
            return enter(z, LEVEL_LIST, d);
        }
        if (got == 1 && json_value(&it, NULL, e) == 0 && !may_continue(z, it.p)) {
            advance(z, (size_t)(it.p - z->buf.data));
            z->comma = 1;
            return SPLITTER_END;
        }
        if (!may_continue(z, it.p))
            return give_up(z, d, got == 0 ? "member name expected" : e->msg, e);
        if (more(z, e) != 0)
            return SPLITTER_FATAL;
    }
}

/* A value that is neither object nor list where events should stand; null is passed over. */
static enum splitter_found read_scalar(struct splitter *z, struct splitter_damage *d, struct err *e)
{
    for (;;) {
        struct json_iter it = iterate(z);
        int bad = json_value(&it, NULL, e);

        if (may_continue(z, it.p)) {
            if (more(z, e) != 0)
                return SPLITTER_FATAL;
            continue;
        }
        if (bad)
            return give_up(z, d, e->msg, e);
        if (z->buf.data[z->at] == 'n') {
            advance(z, (size_t)(it.p - z->buf.data));
            z->comma = 1;
            return SPLITTER_END;
        }
        return give_up(z, d, "not an event", e);
    }
}

/* A bracket or comma at z->at. Returns 1 when it was one that fits, and is behind us. */
static int read_punctuation(struct splitter *z, char c)
{
    if (z->depth == 0) {
        /* Lines that end with a comma are common in files put together by hand. */
        if (c != ',' || !z->comma)
            return 0;
        z->comma = 0;
    } else if (c == ',' && z->comma) {
        z->comma = 0;
    } else if (c == (z->level[z->depth - 1] == LEVEL_LIST ? ']' : '}')) {
        z->depth--;
        z->comma = 1;
    } else {
        return 0;
    }
    z->at++;
    return 1;
}

/* Read the value, member or bracket at z->at. SPLITTER_END: nothing to hand out yet, go on. */
static enum splitter_found read_one(struct splitter *z, struct event *ev, struct splitter_damage *d,
                                    struct err *e)
{
    char c = z->buf.data[z->at];

    if (read_punctuation(z, c))
        return SPLITTER_END;
    if (z->depth > 0 && z->comma) {
        z->comma = 0;
        z->after_bad = 1;
        return damage(z, d, "',' or closing bracket expected");
    }
    if (z->depth > 0 && z->level[z->depth - 1] == LEVEL_ANSWER) {
        if (c == '"')
            return read_member(z, d, e);
        return give_up(z, d, "member name expected", e);
    }
    if (c == '{')
        return read_object(z, ev, d, e);
    if (c == '[') {
        z->at++;
        return enter(z, LEVEL_LIST, d);
    }
    return read_scalar(z, d, e);
}

/* The end of the source: right outside lists only. */
static enum splitter_found at_end(struct splitter *z, struct splitter_damage *d)
{
    if (z->depth == 0)
        return SPLITTER_END;
    z->depth = 0;
    return damage(z, d, "the list of events is cut short");
}

enum splitter_found splitter_next(struct splitter *z, struct event *ev, uint64_t *line,
                                  struct splitter_damage *d, struct err *e)
{
    for (;;) {
        enum splitter_found found;
        int there = skip_between(z, e);

        if (there < 0)
            return SPLITTER_FATAL;
        if (z->is_pending && (there == 0 || z->base + z->at >= z->pending_at)) {
            z->is_pending = 0;
            z->pending.line = z->line;
            *d = z->pending;
            return SPLITTER_DAMAGE;
        }
        if (there == 0)
            return at_end(z, d);
        *line = z->line;
        found = read_one(z, ev, d, e);
        if (found == SPLITTER_EVENT)
            z->after_bad = 0;
        if (found == SPLITTER_OTHER && z->after_bad)
            continue;
        if (found != SPLITTER_END)
            return found;
    }
}
