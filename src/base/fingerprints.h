/*
 * fingerprints: a set of texts that keeps 64 bits of each, with two bits and, if wanted, a number
 * of its own for each. For telling whether something was met before, where the texts themselves
 * would take too much memory; the hash is seeded anew in each run.
 */
#ifndef AZDAL_BASE_FINGERPRINTS_H
#define AZDAL_BASE_FINGERPRINTS_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty. */
struct fingerprints {
    uint64_t *slots;  /* 0 is free; the lowest two bits are the mark */
    uint32_t *values; /* the number of each slot; NULL unless `valued` */
    size_t n, cap;
    uint64_t seed;
    int valued; /* to be set before the first text */
};

/* What stands for a text in this set; or for a text and a number. */
uint64_t fingerprints_of(struct fingerprints *f, struct slice text);
uint64_t fingerprints_with(struct fingerprints *f, struct slice text, uint64_t number);
/* The place of one, until the next is added; SIZE_MAX when it is not there. */
size_t fingerprints_find(const struct fingerprints *f, uint64_t print);
/* The same, added when it is new, with mark and value 0; *added tells. */
size_t fingerprints_add(struct fingerprints *f, uint64_t print, int *added);
/* The mark at a place, and another one (0 to 3) instead. */
unsigned fingerprints_mark(const struct fingerprints *f, size_t at);
void fingerprints_set(struct fingerprints *f, size_t at, unsigned mark);
/* Forget all of them; a small table stays allocated. */
void fingerprints_forget(struct fingerprints *f);
void fingerprints_free(struct fingerprints *f);

#endif
