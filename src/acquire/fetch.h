/*
 * fetch: requests that end. On top of net/: waiting for tokens, retries, throttling by bucket, and
 * the count of bytes under way. One thread.
 */
#ifndef AZDAL_ACQUIRE_FETCH_H
#define AZDAL_ACQUIRE_FETCH_H

#include "base/err.h"
#include "net/arm.h"
#include "net/http.h"
#include "net/retry.h"
#include "net/token.h"

#include <stddef.h>
#include <stdint.h>

struct fetch;

/* How a request ended. */
struct fetch_result {
    struct http_answer *answer; /* 2xx: its body may be taken over; NULL otherwise */
    int slow;                   /* without an answer: the service was too slow, twice */
    int status;                 /* HTTP status of the last answer, or 0 */
    struct err err;             /* without an answer: why, and the exit status it means */
    struct arm_error words;     /* the server's own words, or "" */
};

/* One request, embedded by its owner, who keeps it until done was called (or fetch_free). */
struct fetch_request {
    const char *url; /* the owner's, unchanged while under way */
    unsigned bucket; /* which limit of the service it counts against */
    void (*done)(struct fetch_request *r, struct fetch_result *result);
    void *arg; /* the owner's */
    int wide;  /* the owner's: when the service is too slow (504, no answer in time), it can ask
                  for less; then the request ends after two such answers */
    unsigned tries_max; /* the owner's: tries before it has failed; 0: RETRY_TRIES_MAX */
    unsigned attempts;  /* how often it was sent */
    /* private */
    struct fetch_request *next;
    struct retry_state retry;
    int64_t not_before_ms, sent_ms;
    unsigned slow;  /* answers that were too slow */
    uint64_t order; /* counts up: the least one under way is never paused */
    uint64_t received;
    unsigned token_serial;
    int unwanted, plain;
};

struct fetch_config {
    const char *endpoint, *cacert;
    unsigned connections;
    size_t max_bytes; /* bodies that arrive or are held by the caller (fetch_hold), together */
    void *arg;
    /* A request is sent, or NULL. */
    void (*sent)(void *arg, const char *url);
    /* A request is sent again: why ("HTTP 503", "connection refused") and after how long. */
    void (*again)(void *arg, const char *why, int64_t wait_ms);
};

/* Tell how to count the jobs of threads on what came: while there are more than `most`, or any and
 * max_bytes is exceeded, no request is sent. NULL: none ever. */
void fetch_watch_work(struct fetch *f, unsigned (*jobs)(void *arg), void *arg, unsigned most);

/* Errors as http_new. */
struct fetch *fetch_new(const struct fetch_config *c, struct err *e);
/* The token that requests carry, the caller's; before the first fetch_run. */
void fetch_use_token(struct fetch *f, struct token *token);
/* Abort what is under way, without calls of done. */
void fetch_free(struct fetch *f);

/* Put a request into the queue. */
void fetch_start(struct fetch *f, struct fetch_request *r);
/* Its end is of no interest any more. Returns 1 when it waited and was taken out, without a call of
 * done. If it is under way it ends with its next answer, whatever that is. */
int fetch_give_up(struct fetch *f, struct fetch_request *r);
/* Whether requests of that bucket may be sent now (it is not throttled) and bytes are to spare. */
int fetch_may_start(struct fetch *f, unsigned bucket);

/*
 * Send what is due and let transfers go on for up to timeout_ms. Errors that stop everything: those
 * of token_poll, ERR_INTERRUPTED, ERR_INTERNAL.
 */
int fetch_run(struct fetch *f, int timeout_ms, struct err *e);

/* The caller holds so many bytes of bodies more (or less, negative). */
void fetch_hold(struct fetch *f, int64_t bytes);
/* End the wait in fetch_run, from any thread. */
void fetch_wake(void *f);
/* Server's time now in ticks, by the last Date header; the local clock until there was one. */
int64_t fetch_server_now(const struct fetch *f);
/* Whether an answer 2xx came without a Date that can be read. */
int fetch_is_undated(const struct fetch *f);
/* Milliseconds in which nothing was under way, because all that was to be sent had to wait. */
int64_t fetch_waited_ms(const struct fetch *f);
/* Server's time less ours, whole seconds. */
int64_t fetch_skew_s(const struct fetch *f);

/* Take memory over, to be freed at the end: a request of it may be under way until then. */
void fetch_adopt(struct fetch *f, void *memory);

/* Send one GET, which counts against bucket 0, and wait for its end. *r->answer, if any, is the
 * caller's (its body to be freed). Returns 0, or -1 with *e for what stops everything or for the
 * request's own failure (then r->err is *e too). */
int fetch_wait(struct fetch *f, const char *url, int wide, struct fetch_result *r,
               struct http_answer *answer, struct err *e);

#endif
