/*
 * record: what one event says about the operation it belongs to. Pure.
 */
#ifndef AZDAL_DETECT_RECORD_H
#define AZDAL_DETECT_RECORD_H

#include "detect/finding.h"
#include "read/event.h"

struct record {
    const struct rules_operation *operation;
    char *text[FINDING_TEXTS]; /* owned; NULL is unknown */
    char *data_id;
    char *hierarchy_tenant; /* first part of properties.hierarchy */
    char *claim_tenant;     /* tenant that issued the caller's token */
    char *note;             /* something that only the event says, or NULL */
    int64_t time;           /* 0: unknown */
    enum outcome outcome;
    int exists, nothing, cascade, grants_all;
};

/*
 * The name of an event's operation as Azure gives it. Where the event has a translated one or none
 * it is its message, else the action that was authorised. *name points into the event or *hold,
 * which is replaced. Returns 1, 0 when there is none, -1 when memory runs out.
 */
int record_operation_name(const struct event *ev, struct buf *hold, struct slice *name);

/* The operation of an event that a rule looks at, or NULL. */
const struct rules_operation *record_operation(const struct event *ev);

/*
 * Read an event for which record_operation gave op. Fields of odd types are unknown. Returns 0, or
 * -1 when memory runs out. record_free releases what *r owns, also after a failure.
 */
int record_read(struct record *r, const struct event *ev, const struct rules_operation *op);
void record_free(struct record *r);

#endif
