/*
 * record: the lines of a journal, written and read. See journal.c for what they mean together.
 */
#ifndef AZDAL_STORE_RECORD_H
#define AZDAL_STORE_RECORD_H

#include "base/err.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

/* Each appends one line about what the state in memory already says to j->pending. Errors:
 * ERR_INTERNAL. */
int record_put_open(struct journal *j, struct err *e);
int record_put_scope(struct journal *j, const struct journal_scope *s, struct err *e);
int record_put_window(struct journal *j, const struct journal_scope *s,
                      const struct journal_window *w, struct err *e);
/* k is "redo", "drained", "distrust" (no range), "expired" (to) or "count" (requests, retries). */
int record_put_range(struct journal *j, const char *k, const struct journal_scope *s, int64_t from,
                     int64_t to, struct err *e);
int record_put_end(struct journal *j, const struct journal_scope *s, struct err *e);
/* The new files, and the stale ones that j names. */
int record_put_publish(struct journal *j, const struct journal_publish *files, size_t n,
                       struct err *e);

#endif
