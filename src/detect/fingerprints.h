/*
 * fingerprints: a set of texts that keeps 64 bits of each, and two bits of its own for each. For
 * telling whether something was met before, where the texts themselves would take too much memory;
 * the hash is seeded anew in each run.
 */
#ifndef AZDAL_DETECT_FINGERPRINTS_H
#define AZDAL_DETECT_FINGERPRINTS_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty. */
struct fingerprints {
    uint64_t *slots; /* 0 is free; the lowest two bits are the mark */
    size_t n, cap;
    uint64_t seed;
};

/* The mark of a text (0 to 3), where it can be changed until the next call; *added tells whether
 * the text is new, and its mark 0. */
uint64_t *fingerprints_add(struct fingerprints *f, struct slice text, int *added);
/* The mark in a slot, and another one in its place. */
unsigned fingerprints_mark(const uint64_t *slot);
void fingerprints_set(uint64_t *slot, unsigned mark);
void fingerprints_free(struct fingerprints *f);

#endif
