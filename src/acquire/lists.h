/*
 * lists: what is asked for beside events: subscriptions, management groups, role assignments.
 */
#ifndef AZDAL_ACQUIRE_LISTS_H
#define AZDAL_ACQUIRE_LISTS_H

#include "acquire/fetch.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash_map.h"
#include "export/manifest.h"
#include "net/arm.h"

#include <stddef.h>

/* A growing list of scopes. */
struct lists_scopes {
    struct arm_scope *scopes; /* owned, with their ids */
    char **states; /* owned, one for each: "Enabled", "Disabled" ... of subscriptions; NULL if the
                      list does not say */
    size_t n, cap, states_cap;
    struct hash_map ids; /* numbers, by id in lower case */
};
void lists_scopes_free(struct lists_scopes *l);

/* How reading a list has failed. */
struct lists_failure {
    int own;                /* only this list cannot be read; else the run has to stop */
    int status;             /* HTTP status, or 0 */
    struct arm_error words; /* the server's own words, or "" */
};

/*
 * Append every management group, or subscription, that the account can see. Errors: those of
 * fetch_wait, ERR_UNTRUSTED; *why tells more. What was appended before stays.
 */
int lists_scopes(struct fetch *f, const char *endpoint, enum arm_scope_kind kind,
                 struct lists_scopes *l, struct lists_failure *why, struct err *e);

/*
 * Read the role assignments at `/` and at every management group. *lines gets one assignment a
 * line, unique by id and sorted by it; m->assignment_scopes says for each scope whether it could be
 * read. A scope that cannot be read does not fail the call: only what stops the run does.
 */
int lists_assignments(struct fetch *f, const char *endpoint, struct buf *lines, struct manifest *m,
                      struct err *e);

#endif
