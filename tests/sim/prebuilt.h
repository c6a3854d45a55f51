/*
 * prebuilt: all events of a log rendered and compressed beforehand, so that a page costs next to
 * nothing and a measurement measures the client. Pages may begin and end anywhere: events lie in
 * memory newest first, each behind a comma; runs of PREBUILT_RUN events are also kept as pieces of
 * deflate that stand by themselves, and only the events at a page's ends are compressed on demand.
 */
#ifndef SIM_PREBUILT_H
#define SIM_PREBUILT_H

#include "reply.h"
#include "tenant.h"

#define PREBUILT_RUN 10

struct prebuilt;

/* Render a log. NULL when it cannot be compressed. */
struct prebuilt *prebuilt_new(const struct tenant *t, const struct log_scope *s);
void prebuilt_free(struct prebuilt *p);

/* Fill the reply with head, the `count` events whose newest is number `top` - 1 of the index, and
 * "]}". The reply points into *p. Returns -1 when it cannot be compressed. */
int prebuilt_page(const struct prebuilt *p, size_t top, size_t count, const char *head, int gzip,
                  struct reply *r);

#endif
