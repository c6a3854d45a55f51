/*
 * kept_assignments: an update drops no list of role assignments that it could not read again.
 */
#ifndef AZDAL_STORE_KEPT_ASSIGNMENTS_H
#define AZDAL_STORE_KEPT_ASSIGNMENTS_H

#include "base/buf.h"
#include "base/err.h"
#include "export/manifest.h"
#include "store/journal.h"

/*
 * Of the export that is brought up to date, add to *lines (one assignment a line, sorted by id) the
 * assignments at scopes whose list *m does not have, each id once, and say in *m where that is:
 * such a scope gets kept_from, and one that is no longer among the scopes comes back as
 * "unavailable". Returns how many scopes are kept, or -1. Errors: ERR_LOCAL, ERR_FOREIGN.
 */
int kept_assignments_add(const struct journal *j, struct manifest *m, struct buf *lines,
                         struct err *e);

#endif
