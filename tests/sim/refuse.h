/*
 * refuse: answers that are no data: what the service itself refuses, and the faults that take the
 * place of an answer.
 */
#ifndef SIM_REFUSE_H
#define SIM_REFUSE_H

#include "answer.h"

/* The name by which faults mean this request. */
const char *refuse_scope(const struct query *q);
/* 403 for the action that a request needs. */
int refuse_forbidden(const struct answer_state *a, const struct query *q, struct reply *r);
/* 404 for a scope that is not there. */
int refuse_not_found(const struct query *q, struct reply *r);

/* Each of these returns 1 when *r is now the answer to the n-th request of its scope, else 0. */

/* Faults that come before anything is looked at: throttling, statuses, redirects. */
int refuse_early(struct answer_state *a, const struct answer_request *req, const struct query *q,
                 unsigned n, struct reply *r);
/* The faults link-400, link-404 and link-410. */
int refuse_link(struct answer_state *a, const struct query *q, struct reply *r);
/* Faults that replace a good body by something else. */
int refuse_body(const struct answer_state *a, const struct query *q, unsigned n, struct reply *r);

#endif
