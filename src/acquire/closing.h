/*
 * closing: what is said of a run when it has ended: which scopes are missing, why, and what is not
 * known.
 */
#ifndef AZDAL_ACQUIRE_CLOSING_H
#define AZDAL_ACQUIRE_CLOSING_H

#include "acquire/context.h"

/* Warn where this machine's clock is wrong, on which relative times and the default end depend, and
 * where the server's is not known. */
void closing_warn_clock(const struct context *r);
/* Say which scopes came empty, wholly or partly, and have a right that is not known. */
void closing_warn_rights(const struct context *r);
/* Say that an empty list of role assignments proves nothing. */
void closing_warn_assignments(const struct context *r);
/* Count the scopes that the service does not serve into r->out, by their codes, and warn with the
 * hint for the first of them. */
void closing_sum_unavailable(struct context *r);
/* ERR_INCOMPLETE: which scopes are not complete. Returns -1. */
int closing_explain_incomplete(const struct context *r, struct err *e);

#endif
