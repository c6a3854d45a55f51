/*
 * query: what a request asks for, read from its target (path and query as they came). Pure.
 */
#ifndef SIM_QUERY_H
#define SIM_QUERY_H

#include "tenant.h"

enum query_kind {
    QUERY_UNKNOWN,
    QUERY_EVENTS,
    QUERY_SUBSCRIPTIONS,
    QUERY_GROUPS,
    QUERY_ASSIGNMENTS,
    QUERY_PERMISSIONS,
    QUERY_CONTROL /* /.sim/NAME, for tests */
};

/* What a skipToken says: a position in time, and the place in a longer story for some faults. */
struct query_position {
    int present;
    int64_t ticks;
    uint32_t id8;
    uint32_t extra;
};

struct query {
    enum query_kind kind;
    const struct log_scope *scope; /* of events; NULL when the path names none that exists */
    char scope_text[112];          /* "tenant", "mg:ID" ... as asked, for the log and for faults */
    char path[256];                /* decoded, of a control request: the name */
    char *api_version, *filter, *skip_token; /* decoded, owned; NULL when absent */
    int has_from, has_to;
    int64_t from, to; /* inclusive, ticks */
    struct query_position at;
    long offset; /* of a list's page */
};

/* Room for a link's longest form. */
#define QUERY_LINK_MAX 4096

/* Read a target. What the service would refuse is left to query_check. */
void query_parse(struct query *q, const struct tenant *t, const char *target);
void query_free(struct query *q);

/*
 * What the service would refuse: returns NULL, or the whole body of a 400 answer (static text, or
 * in `body`). `now` is the server's clock.
 */
const char *query_check(struct query *q, int64_t now, char *body, size_t cap);

/* Append the next link of a request for events, exactly as the service writes it. */
void query_link(struct buf *out, const char *url, const struct query *q,
                const struct query_position *at);
/* The same for a page of a list that begins at `offset`. */
void query_list_link(struct buf *out, const char *url, const struct query *q, long offset);
/* Whether the target of a request that carries a skipToken is byte for byte a link of ours. */
int query_is_verbatim(const struct query *q, const char *target);

#endif
