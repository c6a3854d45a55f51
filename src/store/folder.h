/*
 * folder: what may stand in DIR. An acquisition never writes beside files that azdal did not write.
 */
#ifndef AZDAL_STORE_FOLDER_H
#define AZDAL_STORE_FOLDER_H

#include "base/err.h"
#include "export/manifest.h"

/*
 * Check that DIR holds nothing but the files that `m` names (NULL: none), the manifest, SHA256SUMS,
 * .partial, and DirectoryActivityLogs.csv, .json or .jsonl, which the PowerShell module writes
 * beside an export. A missing DIR is fine. Errors: ERR_FOREIGN naming the first other file,
 * ERR_LOCAL.
 */
int folder_check(const char *dir, const struct manifest *m, struct err *e);

/* Whether a path from a file stays below the folder that it is put behind: parts with '/' between,
 * none empty, none that begins with a dot, no backslash. */
int folder_is_inside(const char *path);

/* Delete a folder with all that is in it, links themselves and not what they point at. */
int folder_delete(const char *path, struct err *e);

/* Delete what is in a folder, but not the entry `keep` nor the folder. */
int folder_delete_but(const char *path, const char *keep, struct err *e);

/* Create the folders above DIR/path. */
int folder_make_above(const char *dir, const char *path, struct err *e);

/* "DIR/name" in new memory that the caller frees, or NULL with *e. */
char *folder_join(const char *dir, const char *name, struct err *e);

#endif
