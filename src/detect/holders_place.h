/*
 * holders_place: what one principal holds at one place, in order of time; for holders.c and
 * holders_build.c alone.
 */
#ifndef AZDAL_DETECT_HOLDERS_PLACE_H
#define AZDAL_DETECT_HOLDERS_PLACE_H

#include "detect/holders.h"

/* Add a power; they come in order of time. */
void holders_place_add(struct place *x, size_t power);
/* The latest power that is held at a time, while powers are still being added: times that are asked
 * for never fall, so what has ended is forgotten. HASH_MAP_NONE: none. */
size_t holders_place_now(const struct holders *h, struct place *x, int64_t time);
/* Once all are there: work out which power is the latest one held, for all time. */
void holders_place_order(const struct holders *h, struct place *x);
/* The latest power held at any time, after that. */
size_t holders_place_at(const struct place *x, int64_t time);
void holders_place_free(struct place *x);

#endif
