/*
 * scope_request: from what was written for --scope to the scopes of the journal.
 */
#ifndef AZDAL_ACQUIRE_SCOPE_REQUEST_H
#define AZDAL_ACQUIRE_SCOPE_REQUEST_H

#include "acquire/context.h"
#include "base/err.h"

/* Scopes that the published export has stay in it, even if they are not listed any more. */
int scope_request_add_published(struct context *r, struct err *e);
/* Add what every wish stands for; lists are read. A list that cannot be read becomes a scope "mg:*"
 * or "sub:*" that has failed. Errors: what stops the run. */
int scope_request_add_wished(struct context *r, struct err *e);
/* Make r->scopes, one for each scope of the journal; lists that failed are left without an id. */
int scope_request_order(struct context *r, struct err *e);

#endif
