#include "acquire/seen.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, finished so that close texts are far apart. */
uint64_t seen_hash(const char *data, size_t len, uint64_t h)
{
    size_t i;

    h ^= UINT64_C(0xcbf29ce484222325);
    for (i = 0; i < len; i++)
        h = (h ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 32;
    return h == 0 ? 1 : h;
}

/* Double the table. */
static void grow_seen(struct seen *s)
{
    struct seen larger = {.cap = s->cap ? s->cap * 2 : 256, .n = s->n};
    size_t i, at;

    larger.slots = mem_zalloc(larger.cap, sizeof(*larger.slots));
    for (i = 0; i < s->cap; i++) {
        if (s->slots[i] == 0)
            continue;
        for (at = (size_t)s->slots[i] & (larger.cap - 1); larger.slots[at] != 0;)
            at = (at + 1) & (larger.cap - 1);
        larger.slots[at] = s->slots[i];
    }
    free(s->slots);
    *s = larger;
}

int seen_note(struct seen *s, uint64_t h)
{
    size_t at;

    if (s->n * 2 >= s->cap)
        grow_seen(s);
    for (at = (size_t)h & (s->cap - 1); s->slots[at] != 0; at = (at + 1) & (s->cap - 1)) {
        if (s->slots[at] == h)
            return 0;
    }
    s->slots[at] = h;
    s->n++;
    return 1;
}

int seen_has(const struct seen *s, uint64_t h)
{
    size_t at;

    if (s->n == 0)
        return 0;
    for (at = (size_t)h & (s->cap - 1); s->slots[at] != 0; at = (at + 1) & (s->cap - 1)) {
        if (s->slots[at] == h)
            return 1;
    }
    return 0;
}

/* Hashes kept allocated between uses: forgetting a large table over and over would cost more. */
#define SEEN_KEEP 1024

void seen_forget(struct seen *s)
{
    if (s->cap > SEEN_KEEP) {
        free(s->slots);
        s->slots = NULL;
        s->cap = 0;
    } else if (s->n > 0)
        memset(s->slots, 0, s->cap * sizeof(*s->slots));
    s->n = 0;
}
