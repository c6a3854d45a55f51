/*
 * export_path: the one rule for names of files that a manifest, SHA256SUMS or a journal gives.
 */
#ifndef AZDAL_EXPORT_EXPORT_PATH_H
#define AZDAL_EXPORT_EXPORT_PATH_H

/* Whether a name stays below the export and is one that azdal gives: at most 512 bytes, parts of
 * [A-Za-z0-9_.()%=-] with '/' between, none empty, none with a dot at an edge. */
int export_path_is_safe(const char *path);
/* Whether it is also one of an export's files: only such are ever renamed to or removed. */
int export_path_is_file(const char *path);

/* Whether a name is, or begins with, that of a folder in which azdal keeps data, in any letter
 * case.
 */
int export_path_is_folder(const char *path);

/* Whether a name ends as those of data do, in any letter case. */
int export_path_is_data(const char *path);

#endif
