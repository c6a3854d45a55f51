#include "respond.h"

#include "list.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Pieces of a slow body and the wait between them. */
#define SLOW_PIECES 64
#define SLOW_WAIT_MS 25
/* How often a stalled body looks whether the server stops. */
#define LOOK_MS 50

/* A body that is not sent in one go. */
struct body {
    const atomic_int *stopping;
    struct MHD_Connection *connection;
    struct reply reply; /* owns the text */
    size_t piece;
};

/* Whether the client has hung up. */
static int gone(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char c;

    return info == NULL || recv(info->connect_fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Hand out a piece of a body that is sent in pieces. */
static ssize_t read_body(void *cls, uint64_t pos, char *out, size_t max)
{
    struct body *b = cls;
    size_t len = b->reply.body.len, piece = len / SLOW_PIECES + 1, n;

    if (b->reply.way == REPLY_CUT && pos >= len / 2)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (b->reply.way == REPLY_STALL && pos >= len / 2) {
        while (!atomic_load(b->stopping) && !gone(b->connection))
            sys_sleep_ms(LOOK_MS);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (pos >= len)
        return MHD_CONTENT_READER_END_OF_STREAM;
    n = len - (size_t)pos;
    if (b->reply.way == REPLY_SLOW) {
        sys_sleep_ms(SLOW_WAIT_MS);
        n = n < piece ? n : piece;
    }
    if ((b->reply.way == REPLY_CUT || b->reply.way == REPLY_STALL) && n > len / 2 - (size_t)pos)
        n = len / 2 - (size_t)pos;
    n = n < max ? n : max;
    memcpy(out, b->reply.body.data + pos, n);
    return (ssize_t)n;
}

static void free_body(void *cls)
{
    struct body *b = cls;

    reply_free(&b->reply);
    free(b);
}

struct MHD_Response *respond_make(const atomic_int *stopping, struct MHD_Connection *connection,
                                  struct reply *r)
{
    struct body *b = mem_zalloc(1, sizeof(*b));
    struct MHD_Response *response;

    b->stopping = stopping;
    b->connection = connection;
    b->reply = *r;
    memset(&r->body, 0, sizeof(r->body));
    memset(&r->tail, 0, sizeof(r->tail));
    /* These stay with *r for the header. */
    memset(&b->reply.location, 0, sizeof(b->reply.location));
    memset(&b->reply.next, 0, sizeof(b->reply.next));
    if (b->reply.middle.len > 0 || b->reply.tail.len > 0) {
        struct MHD_IoVec parts[3] = {{b->reply.body.data, b->reply.body.len},
                                     {b->reply.middle.data, b->reply.middle.len},
                                     {b->reply.tail.data, b->reply.tail.len}};

        if (b->reply.middle.len == 0)
            parts[1] = parts[2];
        response =
            MHD_create_response_from_iovec(parts, b->reply.middle.len == 0 ? 2 : 3, free_body, b);
    } else if (b->reply.way == REPLY_WHOLE) {
        struct MHD_IoVec whole = {b->reply.body.data, b->reply.body.len};

        response = MHD_create_response_from_iovec(&whole, 1, free_body, b);
    } else {
        response = MHD_create_response_from_callback(
            b->reply.way == REPLY_CHUNKED ? MHD_SIZE_UNKNOWN : b->reply.body.len, 1U << 16,
            read_body, b, free_body);
    }
    if (response == NULL)
        free_body(b);
    return response;
}

static void header(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

void respond_headers(struct answer_state *a, struct MHD_Response *response, const struct query *q,
                     const struct reply *r)
{
    struct rng rng = {sys_random()};
    char id[GUID_TEXT_MAX], text[160], date[40], iso[TIMESTAMP_TEXT_MAX];
    int sub = strncmp(q->scope_text, "sub:", 4) == 0;

    list_http_date(answer_now(a), date, sizeof(date));
    if (fault_on(&a->options->faults, FAULT_NO_DATE, "tenant") == NULL)
        header(response, "Date",
               fault_on(&a->options->faults, FAULT_BAD_DATE, "tenant") == NULL ? date : "today");
    header(response, "Content-Type", r->type == NULL ? "application/json; charset=utf-8" : r->type);
    header(response, "Cache-Control", "no-cache");
    header(response, "Vary", "Accept-Encoding");
    if (r->gzipped)
        header(response, "Content-Encoding", "gzip");
    (void)rng_guid(&rng, id);
    header(response, "x-ms-request-id", id);
    header(response, "x-ms-correlation-request-id", id);
    (void)timestamp_format(timestamp_floor_second(answer_now(a)), iso);
    (void)snprintf(text, sizeof(text), "WESTEUROPE:%.4s%.2s%.2sT%.2s%.2s%.2sZ:%s", iso, iso + 5,
                   iso + 8, iso + 11, iso + 14, iso + 17, id);
    header(response, "x-ms-routing-request-id", text);
    (void)snprintf(text, sizeof(text), "%ld", answer_remaining(a));
    header(response,
           sub ? "x-ms-ratelimit-remaining-subscription-reads"
               : "x-ms-ratelimit-remaining-tenant-reads",
           text);
    if (r->retry_after[0] != '\0')
        header(response, "Retry-After", r->retry_after);
    if (r->location.len > 0)
        header(response, "Location", r->location.data);
    if (r->next.len > 0)
        header(response, "Link", r->next.data);
    if (r->challenge != NULL) {
        (void)snprintf(text, sizeof(text),
                       "Bearer authorization_uri=\"https://login.microsoftonline.com/%s\"%s%s%s",
                       a->options->tenant, *r->challenge ? ", error=\"" : "", r->challenge,
                       *r->challenge ? "\"" : "");
        header(response, "WWW-Authenticate", text);
    }
    if (r->gateway) {
        header(response, "x-ms-failure-cause", "gateway");
        header(response, "Connection", "close");
    }
}
