/*
 * rng: numbers that look random and are the same for one seed on every machine. Pure.
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

/* Room for a GUID in text and its '\0'. */
#define GUID_TEXT_MAX 37

/* A stream of numbers; any state is a good start. */
struct rng {
    uint64_t state;
};

/* One number made of two: seeds of things that belong to a thing. */
uint64_t rng_hash(uint64_t a, uint64_t b);
/* The next number. */
uint64_t rng_next(struct rng *r);
/* The next number below n (n > 0). */
uint32_t rng_below(struct rng *r, uint32_t n);
/* The next number in [0, 1). */
double rng_unit(struct rng *r);
/* Write a random GUID in lower case. Returns out. */
const char *rng_guid(struct rng *r, char out[GUID_TEXT_MAX]);
/* A permutation of all 32-bit numbers, another for each key: distinct x give distinct results. */
uint32_t rng_permute(uint32_t x, uint64_t key);

#endif
