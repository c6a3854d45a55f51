/*
 * batch: events and words about damage on their way from a thread that reads to the one that hands
 * out.
 */
#ifndef AZDAL_READ_BATCH_H
#define AZDAL_READ_BATCH_H

#include "read/event.h"

#include <stdint.h>

enum batch_kind { BATCH_EVENT, BATCH_DAMAGE, BATCH_WARNING };

/* One thing in a batch: an event, or words about damage. */
struct batch_item {
    enum batch_kind kind;
    size_t at, len;         /* in the batch's bytes */
    size_t raw_at, raw_len; /* of the event as the input has it */
    uint64_t line;
};

struct batch {
    struct buf bytes;
    struct batch_item *items;
    size_t n, cap;
    struct batch *next;
};

void batch_free(struct batch *b);
/*
 * Add an event without the whitespace outside its strings, and a newline behind it; raw is the same
 * event as the input has it, where that differs. *b is made when it is NULL.
 */
void batch_event(struct batch **b, const struct event *ev, const struct event *raw, uint64_t line);
/* Add words about damage, or a warning. */
void batch_words(struct batch **b, enum batch_kind kind, uint64_t line, const char *why);

#endif
