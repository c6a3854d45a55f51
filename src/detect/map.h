/*
 * map: from text to a number, for the names that findings are looked up by. Hash table with open
 * addressing; the hash is seeded anew in each run, so that a hostile log cannot make it slow.
 */
#ifndef AZDAL_DETECT_MAP_H
#define AZDAL_DETECT_MAP_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

#define MAP_NONE SIZE_MAX

struct map_slot;

/* Zeroed is empty. */
struct map {
    struct map_slot *slots;
    size_t n, cap;
    uint64_t seed;
};

/* The number stored under key, or MAP_NONE. */
size_t map_get(const struct map *m, struct slice key);
/* Store a number under key, which is copied; one that is there is replaced. 0, or -1 (memory). */
int map_put(struct map *m, struct slice key, size_t value);
void map_free(struct map *m);

#endif
