/*
 * header: the few fields of an answer's header that matter here. Pure; times stay text.
 */
#ifndef AZDAL_NET_HEADER_H
#define AZDAL_NET_HEADER_H

#include "base/buf.h"
#include "net/challenge.h"
#include "net/retry_after.h"

struct header {
    int complete; /* the empty line was seen: what follows are trailers, which are ignored */
    int framed;   /* Content-Length or chunked: the end of the body is known */
    long remaining_reads; /* least of x-ms-ratelimit-remaining-*-reads, or -1 */
    char date[64];        /* Date, or "" */
    char encoding[32];    /* Content-Encoding, or "" */
    struct retry_after retry_after;
    char request_id[80];        /* x-ms-request-id, cleaned */
    char content_type[80];      /* Content-Type, cleaned */
    char *location;             /* Location, or NULL; owned */
    int pages_on;               /* a Link field names a next page */
    struct challenge challenge; /* WWW-Authenticate; of several the one with claims */
};

/* Forget everything. A zeroed struct is not ready: call this first. */
void header_clear(struct header *h);
/* Take one line as it came; a status line begins a new header (the one before was interim). */
void header_line(struct header *h, struct slice line);
/* Whether the content type names JSON. */
int header_is_json(const struct header *h);

#endif
