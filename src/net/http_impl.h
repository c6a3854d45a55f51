/*
 * http_impl: what the files of http share, and nobody else: a slot is one of the connections.
 */
#ifndef AZDAL_NET_HTTP_IMPL_H
#define AZDAL_NET_HTTP_IMPL_H

#include "base/sys.h"
#include "net/decode.h"
#include "net/header.h"
#include "net/http.h"
#include "net/proxy.h"
#include "net/url.h"

#include <curl/curl.h>
#include <stdatomic.h>

/* One GET that has not ended. */
struct request {
    struct request *next; /* in line */
    char *url;
    char *token;
    void *user;
    int plain; /* gzip is not offered */
    unsigned redirects;
};

enum phase { CONNECTING, WAITING, RECEIVING };

struct slot {
    struct http *http;
    CURL *easy;
    curl_socket_t socket;       /* the last one opened for it; another slot may have it by now */
    struct request *request;    /* NULL: free */
    struct curl_slist *headers; /* hold the token */
    struct http_answer answer;  /* its error is set when a callback has refused to go on */
    struct header header;
    enum phase phase;
    int paused;
    int decoding; /* the body has begun */
    int skipping; /* it is not kept */
    struct decode *decode;
    int64_t since_ms;    /* of the last sign of life */
    curl_off_t received; /* bytes seen by then */
    char reason[CURL_ERROR_SIZE];
};

struct http {
    struct http_config config;
    char *endpoint, *cacert, *authority;
    struct buf authorities;          /* contents of the file cacert */
    struct url origin;               /* of endpoint */
    struct sys_trust trust;          /* in place of cacert */
    char *proxy;                     /* that the system names, not the environment, or NULL */
    char proxy_name[PROXY_NAME_MAX]; /* of either, for messages, or "" */
    int proxy_is_sure;               /* it is used: nothing in the environment makes exceptions */
    char *proxy_user;                /* "user:" where its URL holds credentials, or NULL */
    CURLM *multi;
    struct slot *slots; /* config.connections of them */
    struct request *first, **last;
    unsigned pending;
    int ended;           /* callbacks made by this http_run */
    int resume;          /* http_resume was called */
    atomic_int awakened; /* http_wake was called */
};

/* http_slot.c: what happens until an answer has come */

/* Hand the slot's request to curl. Returns -1 with the answer's error set. */
int http_slot_start(struct slot *s);
/* Free what the slot keeps, its request too. Nothing may be under way. */
void http_slot_free(struct slot *s);
/* Free the header lines of a slot, which hold the token. */
void http_slot_forget(struct slot *s);
/* Free a request that is in no slot. */
void http_request_free(struct request *r);

/* http_proxy.c: who stands between */

/* Look for the proxy on the way to the endpoint. */
void http_proxy_find(struct http *h);
/* Set the answer's error where it is the proxy that has failed; 0 where it is not. */
int http_proxy_explain(struct slot *s, CURLcode result, const char *reason);

/* http_answer.c: what came */

/* curl is done with the slot's transfer, or we are (result CURLE_ABORTED_BY_CALLBACK): follow a
 * redirect, or free the slot and tell the request's owner. */
void http_slot_finish(struct slot *s, CURLcode result);
/* Free the slot and tell its owner. */
void http_slot_end(struct slot *s);

#endif
