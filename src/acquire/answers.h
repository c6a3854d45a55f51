/*
 * answers: what comes back in one run of collect.c, from the server and from threads, and what it
 * means for walks and scopes.
 */
#ifndef AZDAL_ACQUIRE_ANSWERS_H
#define AZDAL_ACQUIRE_ANSWERS_H

#include "acquire/walks.h"

/* The callback of fetch, for the request of a walk. */
void answers_take(struct fetch_request *r, struct fetch_result *result);
/* Take back what the threads of a pool have finished. `wait`: until nothing is left. */
void answers_take_jobs(struct collect *k, struct pool *pool, int wait);

#endif
