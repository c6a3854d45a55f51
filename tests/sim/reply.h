/*
 * reply: an answer before it goes onto the wire.
 */
#ifndef SIM_REPLY_H
#define SIM_REPLY_H

#include "base/buf.h"

#include <stddef.h>

/* How a body is sent. */
enum reply_way { REPLY_WHOLE, REPLY_CHUNKED, REPLY_CUT, REPLY_SLOW, REPLY_STALL };

struct reply {
    unsigned status;
    struct buf body;     /* the body, or what stands before `middle` */
    struct slice middle; /* memory of the prebuilt pages, may be empty */
    struct buf tail;     /* behind `middle` */
    int gzipped;
    const char *type;      /* Content-Type; NULL: JSON */
    struct buf location;   /* of a redirect */
    struct buf next;       /* the next link, for a Link header; usually it is in the body */
    char retry_after[48];  /* header value, or "" */
    int gateway;           /* an error of the gateway: it closes the connection */
    const char *challenge; /* WWW-Authenticate error, or NULL */
    enum reply_way way;
    size_t events;    /* in the page */
    const char *note; /* for the log, or NULL */
    long serial;      /* of the token that came, for the log */
};

/* Replace the body by a text and set the status. */
int reply_text(struct reply *r, unsigned status, const char *body);
/* Replace the body by {"error":{"code","message"}}. */
int reply_error(struct reply *r, unsigned status, const char *code, const char *message);
/* Compress the body (middle and tail must be empty). */
int reply_gzip(struct reply *r);
/* Add whitespace between the tokens of the body. */
void reply_pretty(struct reply *r);
void reply_free(struct reply *r);

#endif
