/*
 * event: the text of one event of an activity log, in the key order of the wire.
 */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include "tenant.h"

/* What an event says; strings are the caller's, NULL or "" where it says nothing. */
struct event_spec {
    int64_t ticks;
    uint64_t seed; /* of its operation: correlation, claims */
    const struct principal *caller;
    char event_id[GUID_TEXT_MAX];
    const char *ip;
    const char *operation, *title; /* operationName */
    const char *action;            /* authorization.action when it is another */
    const char *auth_scope;        /* authorization.scope when it is not resource_id */
    const char *resource_id, *resource_type, *provider, *resource_group;
    const char *subscription, *hierarchy;
    const char *status, *substatus, *level, *method;
    int http_status;
    int end;        /* EndRequest, else BeginRequest */
    int background; /* no httpRequest: the service acted by itself */
    /* JSON texts that go into properties as strings */
    const char *request_body, *response_body, *status_message;
    const char *more; /* further members of properties, each `,"name":value` */
    const char *description;
    size_t pad_to; /* bytes that the event shall have at least */
};

/* Fill the constant parts of a principal's claims. */
void event_prepare_claims(struct principal *p, const char *tenant_id);
/* Append the event as one compact JSON object. */
void event_print(struct buf *out, const struct tenant *t, const struct event_spec *e);
/* Append event `i` of a scope's index. */
void event_render(struct buf *out, const struct tenant *t, const struct log_scope *s, size_t i);
/* The same with other bytes under the same id: the second version of a conflict. */
void event_render_conflict(struct buf *out, const struct tenant *t, const struct log_scope *s,
                           size_t i);
/* Whether the event of that number has a second version under the fault `conflict`. */
int event_conflicts(uint32_t seq);
/* Write the full eventDataId of an entry. */
void event_id(const struct log_scope *s, const struct entry *entry, char out[GUID_TEXT_MAX]);

#endif
