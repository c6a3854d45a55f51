#include "base/hash_map.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Slots of a first table; it doubles when three quarters are taken. */
#define HASH_MAP_FIRST 64

struct hash_map_slot {
    char *key; /* NULL: free */
    size_t len;
    uint64_t hash;
    size_t value;
};

/* FNV-1a from a secret start, mixed once more so that the low bits depend on all. */
static uint64_t hash_of(const struct hash_map *m, struct slice key)
{
    uint64_t h = m->seed ^ UINT64_C(0xcbf29ce484222325);
    size_t i;

    for (i = 0; i < key.len; i++) {
        h ^= (unsigned char)key.data[i];
        h *= UINT64_C(0x100000001b3);
        h ^= h >> 29;
    }
    return h ^ h >> 32;
}

/* The slot where key stands or would be put. */
static struct hash_map_slot *find(const struct hash_map *m, struct slice key, uint64_t hash)
{
    size_t i = (size_t)hash & (m->cap - 1);

    while (m->slots[i].key != NULL && (m->slots[i].hash != hash || m->slots[i].len != key.len ||
                                       memcmp(m->slots[i].key, key.data, key.len) != 0))
        i = (i + 1) & (m->cap - 1);
    return &m->slots[i];
}

size_t hash_map_get(const struct hash_map *m, struct slice key)
{
    const struct hash_map_slot *s;

    if (m->cap == 0)
        return HASH_MAP_NONE;
    s = find(m, key, hash_of(m, key));
    return s->key == NULL ? HASH_MAP_NONE : s->value;
}

/* Move everything into a table twice as large. */
static void widen(struct hash_map *m)
{
    struct hash_map wider = {NULL, m->n, m->cap == 0 ? HASH_MAP_FIRST : m->cap * 2, m->seed};
    size_t i;

    if (m->cap == 0)
        wider.seed = sys_random();
    wider.slots = mem_zalloc(wider.cap, sizeof(*wider.slots));
    for (i = 0; i < m->cap; i++) {
        struct slice key = {m->slots[i].key, m->slots[i].len};

        if (key.data != NULL)
            *find(&wider, key, m->slots[i].hash) = m->slots[i];
    }
    free(m->slots);
    *m = wider;
}

void hash_map_put(struct hash_map *m, struct slice key, size_t value)
{
    struct hash_map_slot *s;
    uint64_t hash;

    if (m->n >= m->cap - m->cap / 4)
        widen(m);
    hash = hash_of(m, key);
    s = find(m, key, hash);
    if (s->key == NULL) {
        s->key = slice_dup(key);
        s->len = key.len;
        s->hash = hash;
        m->n++;
    }
    s->value = value;
}

void hash_map_free(struct hash_map *m)
{
    size_t i;

    for (i = 0; i < m->cap; i++)
        free(m->slots[i].key);
    free(m->slots);
    memset(m, 0, sizeof(*m));
}
