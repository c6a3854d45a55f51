/*
 * verify_names: SHA256SUMS, and what else lies in the folder of an export.
 */
#ifndef AZDAL_EXPORT_VERIFY_NAMES_H
#define AZDAL_EXPORT_VERIFY_NAMES_H

#include "export/manifest.h"
#include "export/verify_report.h"

/* Bytes of SHA256SUMS: a tenant of 300 subscriptions split by day has 27,000 lines of 130 bytes. */
#define VERIFY_SUMS_MAX (64U << 20)

struct sys_dir;

/* One line of SHA256SUMS. */
struct verify_sum {
    char *name; /* below the export, with '/' */
    char sha256[HASH_HEX_MAX];
    int claimed; /* the manifest names it too */
};

struct verify_sums {
    struct verify_sum *items; /* in the order of their names */
    size_t n;
    int present; /* there is a file SHA256SUMS */
};

/* Read SHA256SUMS. What is wrong in it, or that it is missing, is reported. */
int verify_sums_load(struct verify_sums *s, const struct sys_dir *dir, struct verify_report *r,
                     struct err *e);
void verify_sums_free(struct verify_sums *s);
/* The line of that name, or NULL. */
struct verify_sum *verify_sums_find(const struct verify_sums *s, const char *name);

/* Report what lies in the folder and is not in SHA256SUMS: as a problem where it is neither a file
 * nor a folder, or where the name is one that data has, else as a note. A view is a problem where
 * `views` is set. */
int verify_folder(const struct verify_sums *s, const struct sys_dir *dir, int views,
                  struct verify_report *r, struct err *e);

#endif
