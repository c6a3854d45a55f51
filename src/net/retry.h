/*
 * retry: what to do after an answer. Pure: the caller supplies status, waits and random bits.
 *
 * 408, 429, 5xx and transport errors are tried again. Retry-After is obeyed in full; above
 * RETRY_AFTER_MAX_MS it is a failure that names the wait. Otherwise exponential backoff with full
 * jitter. 429 takes nothing from the budget of tries. Answers with status 0 whose error must not be
 * retried (ERR_UNTRUSTED, ERR_LOCAL) are not brought here.
 */
#ifndef AZDAL_NET_RETRY_H
#define AZDAL_NET_RETRY_H

#include "base/err.h"

#include <stdint.h>

/* Tries of one request, the first included: the waits between add up to a minute at most. */
#define RETRY_TRIES_MAX 8
/* First and longest ceiling of a wait, milliseconds. */
#define RETRY_BACKOFF_FIRST_MS 500
#define RETRY_BACKOFF_MAX_MS 60000
/* A longer Retry-After is told to the user instead of waited for: 15 minutes. */
#define RETRY_AFTER_MAX_MS INT64_C(900000)
/* Answers 429 in a row for one request before it counts as a failure: hours of obeying. */
#define RETRY_THROTTLED_MAX 100

enum retry_action {
    RETRY_ACCEPT,    /* 200: use the answer */
    RETRY_AGAIN,     /* wait, then send the same request */
    RETRY_NEW_TOKEN, /* 401: renew the token, then send the same request */
    RETRY_GIVE_UP    /* *e says why: ERR_AUTH, ERR_REFUSED, ERR_NETWORK or, below 400,
                        ERR_UNTRUSTED */
};

/* How often one request was tried; zeroed before the first try. */
struct retry_state {
    unsigned tries;     /* answers that counted against the budget */
    unsigned throttled; /* answers 429 */
    unsigned refused;   /* answers 401, each to another token */
};

struct retry_input {
    int status;             /* 0: transport error */
    int64_t retry_after_ms; /* -1: none */
    uint64_t random;        /* for the jitter */
    unsigned tries_max;     /* 0: RETRY_TRIES_MAX */
};

/* Decide; *wait_ms is set for RETRY_AGAIN. For RETRY_GIVE_UP *e gets code, http and a message such
 * as "HTTP 503 after 8 tries"; the caller adds the server's words and the name of the scope. */
enum retry_action retry_decide(struct retry_state *s, const struct retry_input *in,
                               int64_t *wait_ms, struct err *e);

#endif
