/*
 * state: what a journal knows, in memory.
 */
#ifndef AZDAL_STORE_STATE_H
#define AZDAL_STORE_STATE_H

#include "base/err.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

/* Forget scopes, query and records; the lock and the published manifest stay. */
void state_forget(struct journal *j);
/* Whether anything was fetched that is not published. */
int state_has_windows(const struct journal *j);

/* A new scope; while updating it gets the windows that the published manifest has of it. NULL: *e.
 */
struct journal_scope *state_add_scope(struct journal *j, const char *scope, const char *file,
                                      const char *folder, struct err *e);
/* The scope of that name, or NULL. Ids that differ only in case are one. */
struct journal_scope *state_find_scope(struct journal *j, const char *scope);
/* A zeroed window behind the scope's others. NULL: *e. */
struct journal_window *state_new_window(struct journal_scope *s, struct err *e);

/* Mark windows in [from, to) as kept; split those that reach over a border. */
int state_redo(struct journal_scope *s, int64_t from, int64_t to, struct err *e);
/* Windows that lie in [from, to) are drained. */
void state_drain(struct journal_scope *s, int64_t from, int64_t to);

/* Put a copy of a text in place of an old one; NULL stays NULL. */
int state_set_text(char **to, const char *text, struct err *e);
/* Copy a list of n texts; *nto counts what was copied, also on failure. */
int state_copy_texts(char ***to, size_t *nto, char *const *from, size_t n, struct err *e);

#endif
