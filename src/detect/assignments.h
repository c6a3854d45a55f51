/*
 * assignments: the role assignments that an export holds beside its logs: what stood when it was
 * made.
 */
#ifndef AZDAL_DETECT_ASSIGNMENTS_H
#define AZDAL_DETECT_ASSIGNMENTS_H

#include "base/hash_map.h"
#include "read/input.h"

/* One role assignment; texts are owned, NULL is unknown. */
struct assignment_row {
    char *role, *principal, *principal_type;
};

/* The list of one export. Zeroed is empty: nothing is known. */
struct assignments {
    const struct manifest *manifest; /* NULL: this export has no list */
    struct assignment_row *rows;
    size_t n, cap;
    struct hash_map by_name;  /* "<scope>|<name>" in lower case: row */
    struct hash_map by_grant; /* "<scope>|<role>|<principal>": row */
    struct hash_map filled;   /* scopes that have rows */
    struct hash_map read;     /* scopes whose list was read whole */
};

/* What a list says about an assignment that is not in it. */
enum assignments_absent {
    ASSIGNMENTS_UNKNOWN, /* the scope was not read whole, or before the time in question */
    ASSIGNMENTS_EMPTY,   /* the list of the scope is empty, as for an account without the right */
    ASSIGNMENTS_REMOVED  /* it does not stand */
};

/* Read the list of an export, if it has one. *damage (a buffer, may stay empty) gets what is wrong
 * with it. */
void assignments_load(struct assignments *s, const struct input_export *x, struct buf *damage);
void assignments_free(struct assignments *s);

/* The row of an assignment, or NULL. */
const struct assignment_row *assignments_find(const struct assignments *s, const char *scope,
                                              const char *name);
/* Whether somebody holds a role at a scope by an assignment of his own there. */
int assignments_holds(const struct assignments *s, const char *scope, const char *role,
                      const char *principal);
/* When the list of a scope was read: before the export's others where it is kept from an earlier
 * run
 * (*kept). */
int64_t assignments_read_at(const struct assignments *s, const char *scope, int *kept);
/* What it means that the list has no row for something that stood at `time`. */
enum assignments_absent assignments_absent(const struct assignments *s, const char *scope,
                                           int64_t time);

#endif
