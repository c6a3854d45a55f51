#include "detect/trace_use.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Number of a use, or HASH_MAP_NONE. */
static size_t find(const struct trace *t, int held, size_t owner, enum trace_use_kind kind,
                   struct slice value, struct buf *key)
{
    buf_clear(key);
    buf_printf(key, "%d|%zu|%d|", held, owner, (int)kind);
    buf_append(key, value.data, value.len);
    return hash_map_get(&t->by_use, buf_slice(key));
}

static void note(struct trace *t, int held, size_t owner, enum trace_use_kind kind)
{
    static const enum trace_text texts[USE_KINDS] = {TRACE_ADDRESS, TRACE_APP_ID, TRACE_TOKEN_ID};
    struct slice value = buf_slice(&t->event.text[texts[kind]]);
    struct trace_use *u;
    struct buf key = {0};
    size_t i;

    if (value.len == 0)
        return;
    i = find(t, held, owner, kind, value, &key);
    if (i == HASH_MAP_NONE) {
        i = t->nuses++;
        t->uses = mem_grow(t->uses, i, &t->cap_uses, sizeof(*t->uses));
        u = &t->uses[i];
        u->owner = owner;
        u->held = held;
        u->kind = kind;
        u->value = slice_dup(value);
        u->earliest = t->event.time;
        hash_map_put(&t->by_use, buf_slice(&key), i);
    }
    if (t->event.time < t->uses[i].earliest)
        t->uses[i].earliest = t->event.time;
    buf_free(&key);
}

void trace_use_note(struct trace *t, size_t principal, size_t power)
{
    struct principal *p = &t->holders.principals[principal];
    int kind;

    if (p->first_seen == 0 || t->event.time < p->first_seen)
        p->first_seen = t->event.time;
    for (kind = 0; kind < USE_KINDS; kind++) {
        note(t, 0, principal, (enum trace_use_kind)kind);
        if (power != HASH_MAP_NONE)
            note(t, 1, t->holders.powers[power].holder, (enum trace_use_kind)kind);
    }
}

int trace_use_is_new(const struct trace *t, const struct trace_use *u)
{
    const struct holder *h = &t->holders.all[u->owner];
    struct buf key = {0};
    size_t i = find(t, 0, h->principal, u->kind, slice_of(u->value), &key);

    buf_free(&key);
    return i != HASH_MAP_NONE && t->uses[i].earliest >= t->holders.powers[h->first].finding->time;
}

int trace_use_any_before(const struct trace *t, const struct holder *h)
{
    int64_t first = t->holders.principals[h->principal].first_seen;

    return first != 0 && first < t->holders.powers[h->first].finding->time;
}

void trace_use_free(struct trace *t)
{
    size_t i;

    for (i = 0; i < t->nuses; i++)
        free(t->uses[i].value);
    free(t->uses);
    hash_map_free(&t->by_use);
}
