/*
 * rights: whether the account may read a scope's events at all. A subscription without events gives
 * the same answer as one that the account has no right to, or no longer, so for every scope of
 * which an answer came empty, and no event by a later request, the account's permissions there are
 * looked up.
 */
#ifndef AZDAL_ACQUIRE_RIGHTS_H
#define AZDAL_ACQUIRE_RIGHTS_H

#include "acquire/fetch.h"
#include "base/buf.h"
#include "base/err.h"
#include "export/manifest.h"
#include "net/arm.h"

/*
 * Read one page of the list of permissions. Returns what it says of the right to read events:
 * MANIFEST_RIGHT_SHOWN, MANIFEST_RIGHT_MISSING (not on this page), or MANIFEST_RIGHT_UNKNOWN where
 * it cannot be read. *next_link is the caller's, NULL on the last page.
 */
enum manifest_right rights_read(struct slice body, char **next_link);

/* A look-up under way. */
struct rights_lookup;
/* Who wants to know: done(arg, id, ...) is called once, from fetch_run. */
struct rights_asker {
    void (*done)(void *arg, unsigned id, enum manifest_right right, unsigned requests);
    void *arg;
    unsigned id;
};
/* Begin one for a scope. It frees nothing: rights_free does. */
struct rights_lookup *rights_start(struct fetch *f, const char *endpoint,
                                   const struct arm_scope *scope, unsigned bucket,
                                   const struct rights_asker *asker);
/* NULL is accepted. Not while its request is under way, unless the fetch runs no more. */
void rights_free(struct rights_lookup *l);

/* Look a right up and wait for the answer. Returns 0, or -1 with *e for what stops the run. */
int rights_wait(struct fetch *f, const char *endpoint, const struct arm_scope *scope,
                enum manifest_right *right, struct err *e);

/* Whether what a look-up gave leaves it open whether the scope may be read. The tenant's log can
 * also be read by a role at /providers/Microsoft.Insights, which the permissions at `/` do not
 * show; without any it would have been refused. */
int rights_is_open(const struct arm_scope *scope, enum manifest_right right);

/* Append why it is open: the permissions lack the right (of the tenant), or could not be read.
 * `partly`: only a part of the time came without events. */
void rights_print_unknown(struct buf *out, int partly, int lacking);

/* The failure of a scope that has no event, or `partly` none, and no right: code, message, hint. */
void rights_explain(struct err *e, const struct arm_scope *scope, int partly,
                    struct arm_error *words);

#endif
