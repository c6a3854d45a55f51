/*
 * trace_event: what a trace needs of one event. Reading one again keeps the memory of the one
 * before.
 */
#ifndef AZDAL_DETECT_TRACE_EVENT_H
#define AZDAL_DETECT_TRACE_EVENT_H

#include "detect/rules.h"
#include "read/event.h"

#include <stdint.h>

enum trace_text {
    TRACE_CALLER,    /* as written */
    TRACE_OBJECT_ID, /* claim, lower case */
    TRACE_APP_ID,    /* lower case */
    TRACE_ADDRESS,
    TRACE_TOKEN_ID, /* claim uti */
    TRACE_OPERATION,
    TRACE_TITLE,
    TRACE_RESOURCE,       /* as written */
    TRACE_RESOURCE_LOWER, /* no slash at its end */
    TRACE_SUBSCRIPTION,   /* lower case */
    TRACE_HIERARCHY,      /* lower case */
    TRACE_TENANT,
    TRACE_DATA_ID,
    TRACE_CORRELATION_ID,
    TRACE_OPERATION_ID,
    TRACE_TEXTS
};

/* Zeroed is empty. Texts of length 0 are unknown. */
struct trace_event {
    struct buf text[TRACE_TEXTS];
    struct buf hold;
    int64_t time;
    enum outcome outcome;
    int has_user; /* the token is a person's */
};

void trace_event_read(struct trace_event *x, const struct event *ev);
void trace_event_free(struct trace_event *x);

#endif
