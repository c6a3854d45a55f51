/*
 * answer: what the simulator says to one request: the checks of the gateway, the lists, the pages,
 * and the faults. It knows nothing of sockets.
 */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include "page.h"

#include "base/sys.h"

/* What is remembered about one scope. */
struct answer_count {
    unsigned requests;
    long links; /* that came with link-4xx on */
};

/* A bucket of requests. */
struct answer_bucket {
    double capacity, rate, level;
    int64_t filled_ms;
};

struct answer_state {
    const struct sim_options *options;
    const struct tenant *tenant;
    struct prebuilt **prebuilt; /* one for each scope, or NULL */
    char url[64], other_url[64];
    struct sys_mutex *lock;      /* for what follows */
    struct answer_count *counts; /* one for each scope, then subs, groups, assignments, unknown */
    struct answer_bucket bucket, storm;
    uint64_t requests;
    int64_t started_ms;
    int released; /* /.sim/release was asked for: late events have come */
    int seen_token;
    long token_serial, refused_serial;
    unsigned token_uses;
};

/* One request as it came. */
struct answer_request {
    const char *method, *target;
    const char *authorization; /* NULL: absent */
    int gzip;                  /* Accept-Encoding names gzip */
};

/* Set the state up; strings url and other_url are filled by the caller. Returns -1 when memory
 * runs out. */
int answer_init(struct answer_state *a, const struct sim_options *o, const struct tenant *t);
void answer_free(struct answer_state *a);
/* The server's clock in ticks. */
int64_t answer_now(const struct answer_state *a);
/* Requests that the bucket would still take; a large number without throttling. */
long answer_remaining(struct answer_state *a);
/* The counters of a request's scope. */
struct answer_count *answer_count_of(struct answer_state *a, const struct query *q);
/* Fill *r and *q (which the caller frees with query_free). Returns -1 when no answer can be made.
 */
int answer_request(struct answer_state *a, const struct answer_request *req, struct query *q,
                   struct reply *r);

#endif
