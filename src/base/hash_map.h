/*
 * hash_map: from a text (any bytes) to a number, such as the index of an item. Open addressing; the
 * hash is seeded anew in each run, so that names that somebody chose cannot make it slow.
 */
#ifndef AZDAL_BASE_HASH_MAP_H
#define AZDAL_BASE_HASH_MAP_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

#define HASH_MAP_NONE SIZE_MAX

struct hash_map_slot;

/* Zeroed is empty. */
struct hash_map {
    struct hash_map_slot *slots;
    size_t n, cap;
    uint64_t seed;
};

/* The number stored under key, or HASH_MAP_NONE. */
size_t hash_map_get(const struct hash_map *m, struct slice key);
/* Store a number under key, which is copied; one that is there is replaced. */
void hash_map_put(struct hash_map *m, struct slice key, size_t value);
void hash_map_free(struct hash_map *m);

#endif
