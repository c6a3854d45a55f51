/*
 * ranges: which stretches of time of a scope have to be asked for.
 */
#ifndef AZDAL_ACQUIRE_RANGES_H
#define AZDAL_ACQUIRE_RANGES_H

#include "acquire/plan.h"
#include "base/err.h"
#include "store/journal.h"

#include <stdint.h>

/* What they are worked out from, and where they go. */
struct ranges {
    struct journal *journal;
    struct plan *plan;
    int64_t total; /* ticks that were let wait so far */
};

/* Let wait what no window in force of the scope covers, newest first; without trust in the order of
 * pages cut at UTC midnight. */
int ranges_add_missing(struct ranges *r, unsigned scope, struct err *e);

/* Mark for fetching again what was asked for too early to be final. */
int ranges_redo_unsettled(struct ranges *r, unsigned scope, struct err *e);

/* Mark for fetching again what was closed by an order that does not hold. */
int ranges_redo_ordered(struct ranges *r, unsigned scope, struct err *e);

#endif
