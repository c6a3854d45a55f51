/*
 * list: pages of the lists of subscriptions, management groups and role assignments.
 */
#ifndef SIM_LIST_H
#define SIM_LIST_H

#include "query.h"
#include "reply.h"

/* Fill *r with the page of at most `page` items that q asks for. Returns 0. */
int list_build(const struct tenant *t, const struct query *q, const char *url, long page,
               struct reply *r);
/* Write a time as HTTP headers have it: "Sun, 22 Nov 2026 10:00:00 GMT". */
void list_http_date(int64_t ticks, char *out, size_t cap);

#endif
