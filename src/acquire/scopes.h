/*
 * scopes: from what was written for --scope to the scopes of the journal.
 */
#ifndef AZDAL_ACQUIRE_SCOPES_H
#define AZDAL_ACQUIRE_SCOPES_H

#include "acquire/run.h"
#include "base/err.h"

/* Scopes that the published export has stay in it, even if they are not listed any more. */
int scopes_add_published(struct run *r, struct err *e);
/* Add what every wish stands for; lists are read. A list that cannot be read becomes a scope "mg:*"
 * or "sub:*" that has failed. Errors: what stops the run. */
int scopes_add_wished(struct run *r, struct err *e);
/* Make r->scopes, one for each scope of the journal; lists that failed are left without an id. */
int scopes_order(struct run *r, struct err *e);

#endif
