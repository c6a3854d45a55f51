/*
 * batch: events and words about damage on their way from a thread that reads to the one that hands
 * out.
 */
#ifndef AZDAL_READ_BATCH_H
#define AZDAL_READ_BATCH_H

#include "read/event.h"

#include <stdint.h>

enum batch_kind { BATCH_EVENT, BATCH_DAMAGE };

/* One thing in a batch: an event, or words about damage. */
struct batch_item {
    enum batch_kind kind;
    size_t at, len; /* in the batch's bytes */
    uint64_t line;
};

struct batch {
    struct buf bytes;
    struct batch_item *items;
    size_t n, cap;
    struct batch *next;
};

void batch_free(struct batch *b);
/* Add an event without the whitespace outside its strings, and a newline behind it. *b is made when
 * it is NULL. Returns 0, or -1 when memory runs out. */
int batch_event(struct batch **b, const struct event *ev, uint64_t line);
/* Add words about damage, terminated. */
int batch_damage(struct batch **b, uint64_t line, const char *why);

#endif
