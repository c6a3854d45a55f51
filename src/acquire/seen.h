/*
 * seen: a set of hashes, for noticing paging that goes in circles. Pure.
 */
#ifndef AZDAL_ACQUIRE_SEEN_H
#define AZDAL_ACQUIRE_SEEN_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty; free(slots) releases it. */
struct seen {
    uint64_t *slots; /* open addressing; 0 is free */
    size_t cap, n;
};

/* The hash of a text and of h; never 0. */
uint64_t seen_hash(const char *data, size_t len, uint64_t h);
/* Note a hash. Returns 1 when it is new, 0 when it was there. */
int seen_note(struct seen *s, uint64_t h);
/* Whether it was noted. */
int seen_has(const struct seen *s, uint64_t h);
/* Forget all of them. */
void seen_forget(struct seen *s);

#endif
