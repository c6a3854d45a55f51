/*
 * gaps: which stretches of time of a scope have to be asked for.
 */
#ifndef AZDAL_ACQUIRE_GAPS_H
#define AZDAL_ACQUIRE_GAPS_H

#include "acquire/plan.h"
#include "store/journal.h"

#include <stdint.h>

/* What they are worked out from, and where they go. */
struct gaps {
    struct journal *journal;
    struct plan *plan;
    int64_t total; /* ticks that were let wait so far */
};

/* Events a tick that the windows in force of a scope had in the week up to the newest end of them;
 * 0 where there are none. No event at all counts as one: to know that a scope is quiet is to know
 * something. */
double gaps_usual(const struct journal_scope *s);

/* Let wait what no window in force of the scope covers, newest first; without trust in the order of
 * pages cut at UTC midnight. */
void gaps_add_missing(struct gaps *r, unsigned scope);

/* Mark for fetching again what was asked for too early to be final. */
void gaps_redo_unsettled(struct gaps *r, unsigned scope);

/* Mark for fetching again what was closed by an order that does not hold. */
void gaps_redo_ordered(struct gaps *r, unsigned scope);

#endif
