/*
 * line: the sort key of an event: its time, its eventDataId and its bytes, in this order. Pure.
 */
#ifndef AZDAL_BASE_LINE_H
#define AZDAL_BASE_LINE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

struct json_iter;

/* One event and what it is sorted by. The slices point into somebody else's bytes. */
struct line {
    int64_t ticks;      /* eventTimestamp */
    struct slice id;    /* eventDataId between its quotes, as it stands; empty if there is none */
    struct slice bytes; /* the whole event, without a newline */
};

/*
 * Read the event (a JSON object) at it->p and move behind it. Member names are matched exactly,
 * then ignoring case. Errors: ERR_UNTRUSTED for text that is not JSON, is not an object, has no
 * readable eventTimestamp, or more than one, in whatever letter case and with whatever escapes.
 */
int line_read(struct line *l, struct json_iter *it, struct err *e);

/* The same for a text that holds one event and nothing else. */
int line_parse(struct line *l, struct slice text, struct err *e);

/* Whether a member's name, between its quotes, means eventTimestamp: in whatever letter case and
 * with whatever escapes. */
int line_means_time(struct slice key);

/* Order of two events: negative, 0 (byte-equal) or positive. */
int line_compare(const struct line *a, const struct line *b);

#endif
