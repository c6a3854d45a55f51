/*
 * pieces: which bytes hold what is known of a scope, in the order of time.
 */
#ifndef AZDAL_STORE_PIECES_H
#define AZDAL_STORE_PIECES_H

#include "base/err.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

/* Windows or parts of windows of a scope, oldest first, that together hold every line
 * known in [since, until); for export_publish. */
struct piece {
    int64_t from, to;
    const struct journal_window *w;     /* its bytes, where nothing has to be merged */
    const struct journal_window **kept; /* owned; windows whose lines are merged in */
    size_t nkept;
};
int pieces_find(const struct journal_scope *s, int64_t since, int64_t until, struct piece **pieces,
                size_t *n, struct err *e);
void pieces_free(struct piece *pieces, size_t n);

#endif
