/*
 * resume: what the command line asks for, and how that fits what is in DIR.
 */
#ifndef AZDAL_ACQUIRE_RESUME_H
#define AZDAL_ACQUIRE_RESUME_H

#include "acquire/context.h"
#include "base/err.h"

/* Read r->w into endpoint, times and wishes. Errors: ERR_USAGE, ERR_INTERNAL. */
int resume_read(struct context *r, struct err *e);
/* Open DIR and decide whether to begin, to go on, or to bring up to date; r->token has given its
 * first token. Errors: those of journal_open and journal_begin; ERR_FOREIGN for another query. */
int resume_open_state(struct context *r, struct err *e);
/* Tell that the start was moved, if it was. */
void resume_warn_clamped(const struct context *r, const struct journal_query *q);

#endif
