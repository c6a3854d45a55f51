/*
 * coverage: which bytes hold what is known of a scope, in the order of time.
 */
#ifndef AZDAL_STORE_COVERAGE_H
#define AZDAL_STORE_COVERAGE_H

#include "base/err.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

/* A window or a part of one. */
struct coverage_piece {
    int64_t from, to;
    const struct journal_window *w;     /* its bytes, where nothing has to be merged */
    const struct journal_window **kept; /* owned; windows whose lines are merged in */
    size_t nkept;
};

/*
 * Pieces of a scope's windows, oldest first, that together hold every line known in [since, until).
 * What was to be fetched again and was not is still known; of several answers the latest counts. Of
 * n windows it takes n log n steps. Errors: ERR_FOREIGN where two windows in force overlap.
 */
int coverage_find(const struct journal_scope *s, int64_t since, int64_t until,
                  struct coverage_piece **pieces, size_t *n, struct err *e);
void coverage_free(struct coverage_piece *pieces, size_t n);

#endif
