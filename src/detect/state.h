/*
 * state: the role assignments that stood when an export was made, from its own list.
 */
#ifndef AZDAL_DETECT_STATE_H
#define AZDAL_DETECT_STATE_H

#include "detect/map.h"
#include "read/input.h"

#include <stdint.h>

/* One assignment of the list. Ids in lower case. */
struct state_row {
    char *role, *principal, *principal_type;
};

/* The list of one export. Zeroed is empty: nothing is known. */
struct state {
    const struct manifest *manifest; /* NULL: this export has no list */
    struct state_row *rows;
    size_t n, cap;
    struct map by_name; /* "<scope>|<name>" in lower case: row */
    struct map by_gift; /* "<scope>|<role>|<principal>": row */
};

/* Read the list of an export, if it has one. *damage (a buffer, may stay empty) gets what is wrong
 * with it. Errors: ERR_INTERNAL. */
int state_load(struct state *s, const struct input_export *x, struct buf *damage, struct err *e);
void state_free(struct state *s);

/* The row of an assignment, or NULL. */
const struct state_row *state_find(const struct state *s, const char *scope, const char *name);
/* Whether somebody holds a role at a scope by an assignment of his own there. */
int state_holds(const struct state *s, const char *scope, const char *role, const char *principal);
/* Whether all assignments at the scope are in the list, and it was read at or after `time`. */
int state_covers(const struct state *s, const char *scope, int64_t time);

#endif
