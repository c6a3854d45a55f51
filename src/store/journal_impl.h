/*
 * journal_impl: what the files of the journal share. journal.c has the public functions for a run,
 * journal_open.c looks at what is in DIR, journal_record.c writes lines and journal_replay.c reads
 * them, journal_state.c is what they say in memory, journal_publish.c renames files into place,
 * and journal_places.c looks at what is there before. Nothing else in src/ includes this.
 */
#ifndef AZDAL_STORE_JOURNAL_IMPL_H
#define AZDAL_STORE_JOURNAL_IMPL_H

#include "base/err.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

/* Names below DIR. */
#define JOURNAL_FILE JOURNAL_FOLDER "/journal"
#define JOURNAL_LOCK JOURNAL_FOLDER "/lock"

/* Version of the records. */
#define JOURNAL_SCHEMA 2
/* Digits of the checksum in front of a line: it has to tell a torn line, not an attacker. */
#define JOURNAL_SUM_DIGITS 8

/* Name below DIR of a scope's segment; the caller frees it. */
char *journal_segment_name(const struct journal_scope *s);

/* ---- lines: each appends one about what the state in memory already says to j->pending ---- */

void journal_record_open(struct journal *j);
/* A run begins to continue what one before it has left. */
void journal_record_run(struct journal *j);
void journal_record_asked_again(struct journal *j);
void journal_record_scope(struct journal *j, const struct journal_scope *s);
void journal_record_window(struct journal *j, const struct journal_scope *s,
                           const struct journal_window *w);
/* k is "redo", "drained", "distrust" (no range), "expired" (to) or "count" (requests, retries). */
void journal_record_range(struct journal *j, const char *k, const struct journal_scope *s,
                          int64_t from, int64_t to);
void journal_record_end(struct journal *j, const struct journal_scope *s);
/* The new files, and the stale ones that j names. */
void journal_record_publish(struct journal *j, const struct journal_publish *files, size_t n);

/* ---- state ---- */

/* Forget scopes, query and records; the lock and the published manifest stay. */
void journal_state_forget(struct journal *j);
/* Whether anything was fetched that is not published. */
int journal_state_has_windows(const struct journal *j);
/* A new scope; while updating it gets the windows that the published manifest has of it. */
struct journal_scope *journal_state_add_scope(struct journal *j, const char *scope,
                                              const char *file, const char *folder);
/* The scope of that name, or NULL. Ids that differ only in case are one. */
struct journal_scope *journal_state_find_scope(struct journal *j, const char *scope);
/* A zeroed window behind the scope's others. */
struct journal_window *journal_state_new_window(struct journal_scope *s);
/* Mark windows in [from, to) as kept; split those that reach over a border. */
void journal_state_redo(struct journal_scope *s, int64_t from, int64_t to);
/* Windows that lie in [from, to) are drained. */
void journal_state_drain(struct journal_scope *s, int64_t from, int64_t to);
/* Put a copy of a text in place of an old one; NULL stays NULL. */
void journal_state_set_text(char **to, const char *text);
/* Copy a list of n texts. */
void journal_state_copy_texts(char ***to, size_t *nto, char *const *from, size_t n);

/* ---- publishing ---- */

/* Whether a publish record can be one: data, then SHA256SUMS, then the manifest, none of them
 * twice, and none of them stale as well. ERR_FOREIGN. */
int journal_check_publish(const struct journal *j, struct err *e);
/* The second half of publishing after a crash in the middle of it: check that each file named by
 * j->publish is in place or ready with its digest, that they are the files of their manifest, which
 * answers the journal's query, and that stale ones are gone or have theirs (ERR_FOREIGN otherwise,
 * and nothing is touched), that nothing of others is in their places (the same), rename what is
 * ready, the last one last, and remove what is stale. */
int journal_roll_forward(struct journal *j, struct err *e);
/* Check that where new files will be there is nothing, or a file of the export before; `prove`: one
 * that still has its digest, or the new file's. ERR_FOREIGN otherwise. */
int journal_check_places(struct journal *j, const struct journal_publish *files, size_t n,
                         int prove, struct err *e);
/* Whether a file that the publish record names was renamed to its place already. */
int journal_publish_begun(struct journal *j);

#endif
