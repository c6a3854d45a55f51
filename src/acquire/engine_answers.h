/*
 * engine_answers: what comes back in one run, from the server and from threads, and what it
 * means for walks and scopes.
 */
#ifndef AZDAL_ACQUIRE_ENGINE_ANSWERS_H
#define AZDAL_ACQUIRE_ENGINE_ANSWERS_H

#include "acquire/engine_walks.h"

/* The callback of fetch, for the request of a walk. */
void engine_take(struct fetch_request *r, struct fetch_result *result);
/* Take back one thing that the threads of a pool have finished. Returns 0 when there is none now
 * or, with `wait`, when nothing is left. */
int engine_take_job(struct engine *k, struct pool *pool, int wait);

#endif
