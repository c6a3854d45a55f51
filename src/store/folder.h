/*
 * folder: what may stand in DIR. An acquisition never writes beside files that azdal did not write,
 * and never into what others could change.
 */
#ifndef AZDAL_STORE_FOLDER_H
#define AZDAL_STORE_FOLDER_H

#include "base/err.h"
#include "base/sys.h"
#include "export/manifest.h"

/*
 * Check DIR and all that is below it: plain files with one name and folders, which belong to the
 * user and to which nobody else can write. Where the file system has no owners of its own, that is
 * passed over and *ownerless is set. Nothing is touched. Errors: ERR_FOREIGN naming the first that
 * is not ours, ERR_LOCAL.
 */
int folder_check_ours(struct sys_dir *dir, int *ownerless, struct err *e);

/*
 * Check that .partial, if it is there, holds nothing but a lock, a journal, segments and new files
 * of an export under `out`. *state tells whether there is anything besides lock and journal: what
 * an earlier run has fetched. Errors: ERR_FOREIGN naming the first other entry, ERR_LOCAL.
 */
int folder_check_partial(struct sys_dir *dir, int *state, struct err *e);

/*
 * Check that DIR holds nothing but .partial and, where `m` is not NULL, the files that it names,
 * the manifest, SHA256SUMS, and DirectoryActivityLogs.csv, .json or .jsonl, which the PowerShell
 * module writes beside an export; no folder has a name that is a file's. Errors: ERR_FOREIGN naming
 * the first other entry, ERR_LOCAL.
 */
int folder_check_names(struct sys_dir *dir, const struct manifest *m, struct err *e);

/* Whether SHA256SUMS names a plain file with the digest that it has, which hex gets. */
int folder_sums_name(const struct sys_dir *dir, const char *name, char hex[HASH_HEX_MAX]);

/* Delete what is in .partial but the lock. The journal goes last: without it, what is there would
 * be a damaged state. */
int folder_empty_partial(const struct sys_dir *dir, struct err *e);
/* Delete the folder DIR/name with all that is in it; a missing one is fine. */
int folder_delete(const struct sys_dir *dir, const char *name, struct err *e);
/* Create the folders between DIR and DIR/name. */
int folder_make_above(const struct sys_dir *dir, const char *name, struct err *e);

/* "dir/name" in new memory that the caller frees. */
char *folder_join(const char *dir, const char *name);

#endif
