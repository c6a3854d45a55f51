/*
 * http: many GET requests at a time over kept HTTP/1.1 connections; only http*.c know curl.
 *
 * All calls but http_wake come from one thread. A request is sent with http_send and ends with one
 * call of the `done` callback from inside http_run; there is no retrying here.
 *
 * TLS 1.2 or later, except to a loopback address (127.0.0.0/8, ::1, localhost), where plain http is
 * accepted. Proxy variables are honoured, and without them the proxy of Windows, never for
 * loopback; no netrc, no cookies. The bearer token goes to the configured origin alone: http_send
 * refuses any other, and redirects are followed only within it (at most HTTP_REDIRECTS_MAX).
 */
#ifndef AZDAL_NET_HTTP_H
#define AZDAL_NET_HTTP_H

#include "base/buf.h"
#include "base/err.h"
#include "net/challenge.h"

#include <stdint.h>

/* Bytes of one decoded answer: a page of 200 events has about 1 MiB; more than 32 is an attack. */
#define HTTP_BODY_MAX (32U << 20)
/* Redirects in a row: ARM sends none; a proxy that canonicalises a URL sends one. */
#define HTTP_REDIRECTS_MAX 3
#define HTTP_CONNECT_TIMEOUT_MS 30000     /* as design: connect 30 s */
#define HTTP_FIRST_BYTE_TIMEOUT_MS 100000 /* the service is asked to wait up to 75 s itself */
#define HTTP_SILENCE_TIMEOUT_MS 30000     /* between two bytes of a body */

/* How to give a proxy what it asks for. */
#define HTTP_HINT_PROXY                                                                            \
    "the proxy requires credentials: set https_proxy=http://USER:PASSWORD@HOST:PORT, "             \
    "with special characters of the password as %XX"

struct http;

struct http_answer {
    int status;             /* HTTP status, or 0: no (whole) answer, and *error says why */
    struct err error;       /* ERR_NETWORK (may be retried), ERR_UNTRUSTED or ERR_LOCAL (may not) */
    struct buf body;        /* decoded; whole if status is 200, else without the token and empty
                               where it is too long. The callback may take it over by copying the
                               struct and zeroing this one */
    int64_t date;           /* server's Date in ticks, or 0 */
    int64_t retry_after_ms; /* Retry-After, seconds or date (relative to Date), or -1 */
    long remaining_reads;   /* least of the x-ms-ratelimit-remaining-*-reads headers, or -1 */
    char request_id[80];    /* x-ms-request-id, cleaned, or "" */
    char content_type[80];  /* or "" */
    struct challenge challenge; /* what a 401 demands */
    int pages_on;               /* a Link header names a next page */
    int timed_out;              /* with status 0: no connection, or no answer, in time */
    int final;                  /* an ERR_NETWORK that no repetition mends: the proxy refuses */
    int cut_inside; /* with status 0: the body came to its end, but decoded it seems cut short.
                       Asked for by http_send_plain its length will tell */
};

/* Seconds that the server's clock and ours may be apart: the service keeps 90 days, so with more
 * there is nothing to ask for. */
#define HTTP_CLOCKS_APART_MAX_S (INT64_C(90) * 86400)
/* The time of the server's clock, or 0 where Date does not say it or cannot be that of a clock. */
int64_t http_answer_date(const struct http_answer *a);

struct http_config {
    const char *endpoint; /* URL whose origin (scheme, host, port) is the only one spoken to */
    const char *cacert;   /* PEM file in place of the system's store, or NULL */
    unsigned connections; /* at the same time; more requests wait in line */
    size_t max_body;      /* HTTP_BODY_MAX, or less in tests */
    /* timeouts; 0 means the constants above */
    int connect_timeout_ms, first_byte_timeout_ms, silence_timeout_ms;
    void *arg; /* for the callbacks */
    /* A request has ended. `user` is what http_send was given. */
    void (*done)(void *arg, void *user, struct http_answer *a);
    /* May `bytes` more of this request's body be kept now? 0 pauses the transfer until http_resume.
     * NULL: always. */
    int (*may_receive)(void *arg, void *user, size_t bytes);
};

/* Errors: ERR_USAGE for an endpoint that is no URL or not https (loopback may be http); ERR_LOCAL
 * for an unreadable cacert; ERR_INTERNAL. *c is copied, its strings too. */
struct http *http_new(const struct http_config *c, struct err *e);
/* Abort what runs (no callbacks) and release everything. */
void http_free(struct http *h);

/*
 * Send GET `url`, byte for byte as given, with `Authorization: Bearer token`. Errors: ERR_UNTRUSTED
 * when url is not of the endpoint's origin, holds user information, whitespace or control
 * characters, or is no URL at all (nothing was sent then); ERR_INTERNAL.
 */
int http_send(struct http *h, const char *url, const char *token, void *user, struct err *e);

/* The same without offering gzip. */
int http_send_plain(struct http *h, const char *url, const char *token, void *user, struct err *e);

/* Let transfers go on for up to timeout_ms, returning early after any callback or http_wake. */
int http_run(struct http *h, int timeout_ms, struct err *e);
/* End the wait in http_run; from any thread. */
void http_wake(struct http *h);
/* Let every paused transfer ask may_receive again. */
void http_resume(struct http *h);

/* Append the names and versions of libcurl and its TLS library, for --version. */
void http_features(struct buf *out);

#endif
