/*
 * event_facts: what one event says about the operation it belongs to. Pure.
 */
#ifndef AZDAL_DETECT_EVENT_FACTS_H
#define AZDAL_DETECT_EVENT_FACTS_H

#include "base/hash.h"
#include "detect/finding.h"
#include "read/event.h"

struct event_facts {
    const struct rules_operation *operation;
    char *text[FINDING_TEXTS]; /* owned; NULL is unknown */
    char *data_id;
    char *hierarchy_tenant;    /* first part of properties.hierarchy */
    char *claim_tenant;        /* tenant that issued the caller's token */
    char *status_word;         /* a status that is no outcome known here, or NULL */
    char *note;                /* something that only the event says, or NULL */
    char *assumed;             /* what reading the input had to assume, or NULL */
    char digest[HASH_HEX_MAX]; /* of the whole event when its time is unknown, else empty */
    int64_t time;              /* 0: unknown */
    int64_t starts;            /* of an active PIM assignment that begins later; 0: unknown */
    int64_t expires;           /* end of an active PIM assignment; 0: unknown or none */
    enum outcome outcome;
    enum role_class defined; /* what a role definition gives, or 0 */
    enum pim_kind pim;
    int exists, nothing, cascade;
    int typed;    /* says what a request to PIM is for */
    int asks;     /* a request to PIM that an administrator has to approve */
    int of_call;  /* its address is that of the call, not of the token */
    int entra;    /* an entry of Entra ID's audit log */
    int by_scope; /* the records of its operation share the scope, and no other id of a resource */
};

/*
 * The name of an event's operation as Azure gives it. Where the event has a translated one or none
 * it is its message, else the action that was authorised. *name points into the event or *hold,
 * which is replaced. Returns 1, or 0 when there is none.
 */
int event_facts_operation_name(const struct event *ev, struct buf *hold, struct slice *name);

/* The operation of an event that a rule looks at, or NULL. */
const struct rules_operation *event_facts_operation(const struct event *ev);

/* How an event says that its operation went: by its status, else the status code of the call, else
 * the substatus. hold is room for what has to be decoded. */
enum outcome event_facts_outcome(const struct event *ev, const struct event_objects *o,
                                 struct buf *hold);

/* Read an event for which event_facts_operation gave op. Fields of odd types are unknown.
 * event_facts_free releases what *r owns. */
void event_facts_read(struct event_facts *r, const struct event *ev,
                      const struct rules_operation *op);
void event_facts_free(struct event_facts *r);

#endif
