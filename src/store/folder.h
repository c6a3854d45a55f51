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
 * Check that DIR holds nothing but the files that `m` names (NULL: none), the manifest, SHA256SUMS,
 * .partial, and DirectoryActivityLogs.csv, .json or .jsonl, which the PowerShell module writes
 * beside an export. Errors: ERR_FOREIGN naming the first other file, ERR_LOCAL.
 */
int folder_check_names(struct sys_dir *dir, const struct manifest *m, struct err *e);

/* Whether a path from a file stays below the folder that it is put behind: parts with '/' between,
 * none empty, none that begins with a dot, no backslash. */
int folder_is_inside(const char *path);
/* Whether a path is also one of an export's files: only such are ever renamed to or removed. */
int folder_is_export_file(const char *path);

/* Delete the folder DIR/name with all that is in it; a missing one is fine. */
int folder_delete(const struct sys_dir *dir, const char *name, struct err *e);
/* Delete what is in the folder DIR/name, but not the entry `keep` nor the folder. */
int folder_delete_but(const struct sys_dir *dir, const char *name, const char *keep, struct err *e);
/* Create the folders between DIR and DIR/name. */
int folder_make_above(const struct sys_dir *dir, const char *name, struct err *e);

/* "dir/name" in new memory that the caller frees. */
char *folder_join(const char *dir, const char *name);

#endif
