/*
 * event: the fields of one activity log event, in whichever shape it was saved.
 *
 * Shapes: the REST answer (camelCase, {"value","localizedValue"} objects), the same as PowerShell
 * printed it (PascalCase, plain strings, claims under "Content"), Azure Monitor's stream (time,
 * operationName in upper case, resultType, identity.claims), the AzureActivity table, and what
 * other tools make of these (event_names.h). Nothing here copies the event: slices point into it.
 *
 * An event that keeps its parts under names or in texts that only some producer uses is "odd":
 * event_rewrite.h writes it as the service would.
 */
#ifndef AZDAL_READ_EVENT_H
#define AZDAL_READ_EVENT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "read/event_time.h"

#include <stdint.h>

enum event_field {
    EVENT_TIME,
    EVENT_OPERATION,
    EVENT_AUTHORIZATION,
    EVENT_CALLER,
    EVENT_CHANNELS,
    EVENT_CLAIMS,
    EVENT_CORRELATION_ID,
    EVENT_DESCRIPTION,
    EVENT_DATA_ID,
    EVENT_NAME,
    EVENT_CATEGORY,
    EVENT_HTTP_REQUEST,
    EVENT_ID,
    EVENT_LEVEL,
    EVENT_RESOURCE_GROUP,
    EVENT_PROVIDER,
    EVENT_RESOURCE_ID,
    EVENT_RESOURCE_TYPE,
    EVENT_OPERATION_ID,
    EVENT_PROPERTIES,
    EVENT_STATUS,
    EVENT_SUB_STATUS,
    EVENT_SUBMISSION,
    EVENT_SUBSCRIPTION_ID,
    EVENT_TENANT_ID,
    EVENT_IDENTITY,  /* stream: authorization and claims stand in here */
    EVENT_CALLER_IP, /* stream and AzureActivity */
    EVENT_HIERARCHY, /* AzureActivity */
    EVENT_NOTE,      /* what reading it had to assume, in words */
    EVENT_LOG_SCOPE, /* of an event that comes from a log of another kind */
    EVENT_ENTRA_SERVICE,
    EVENT_ENTRA_ACTIVITY,
    EVENT_WHOLE,   /* the event itself, as text beside what a tool made of it */
    EVENT_COLUMNS, /* names of the columns of a table */
    EVENT_FRAME,   /* part of an answer of Kusto: it need not hold events */
    EVENT_ERROR,   /* what an answer says went wrong */
    EVENT_ECS,     /* what Elastic keeps of an event */
    EVENT_FOUND,   /* what this program adds to what it found in events */
    EVENT_FIELDS
};

/* One event as slices of its text; an absent or null field has data NULL. */
struct event {
    struct slice raw;                 /* the object itself, whitespace inside included */
    struct slice field[EVENT_FIELDS]; /* JSON values */
    unsigned char rank[EVENT_FIELDS]; /* which of several names the value came from; 0 is best */
    int whitespace;                   /* raw has whitespace outside strings */
    int odd;                          /* to be rewritten before its parts are read */
    int cut;                          /* one of its parts is a text of JSON that does not end */
    int deep;                         /* a member is an object, a list or a long text */
    int linked;                       /* a member is the link to the next page of an answer */
    int holds;                        /* one that is no field of an event is an object or a list */
    int times;                        /* members that mean eventTimestamp */
    const char *member;               /* value that the walk stopped in, or NULL */
};

/* What event_walk met. */
enum event_walked {
    EVENT_WALK_BAD = -1, /* not JSON; it->p is where */
    EVENT_WALK_WHOLE,    /* the whole object; it->p is just behind it */
    EVENT_WALK_LIST      /* a member named value or records holds a list; it->p is at its '[' */
};

/*
 * Walk the object at it->p, check all of it and note its fields in *ev. The last of several equal
 * names wins; null never replaces a value, nor does an empty text or object one that is not.
 * Errors: ERR_UNTRUSTED "<why> at byte N".
 */
enum event_walked event_walk(struct event *ev, struct json_iter *it, struct err *e);

/* Whether a member is the link to the next page of an answer: "nextLink", "@odata.nextLink". */
int event_is_next_link(struct slice key, struct slice value);

/* Where somebody kept no other time, give the event the one at which it was submitted. */
void event_time_of_submission(struct event *ev);

/* Walk one object that text holds as a whole; a list is not followed. 0 or -1. */
int event_parse(struct event *ev, struct slice text, struct err *e);

/* What an object is. */
enum event_class {
    EVENT_OTHER,   /* nothing that is known */
    EVENT_FOREIGN, /* a record of another log of Azure or Entra ID */
    EVENT_LIKELY   /* an activity log event */
};

enum event_class event_classify(const struct event *ev);

/* Whether event_rewrite has to put the event into the service's shape before it is read. */
int event_is_odd(const struct event *ev);

/* Whether a text is an operation's name: a translated one ("Create role assignment") has words. */
int event_is_operation_name(struct slice text);

/* The category of the log that a foreign record comes from, its quotes left out; data NULL when it
 * does not say so. */
struct slice event_category(const struct event *ev);

/* Whether the event is a row of Log Analytics' table, whose TenantId is the workspace's. */
int event_is_table_row(const struct event *ev);

/*
 * Text of a field: a string, the "value" of an object (where that is empty its "localizedValue"),
 * or a number as it stands. *text points into
 * the event or, when something had to be decoded, into *hold, which is replaced. Returns 1, or 0
 * when there is no text or an empty one.
 */
int event_text(const struct event *ev, enum event_field f, struct buf *hold, struct slice *text);

/* The same for any JSON value. */
int event_value_text(struct slice value, struct buf *hold, struct slice *text);

/* The text or number of a list that holds nothing else, as some tools keep every field; else the
 * value itself. */
struct slice event_value_alone(struct slice value);

/* Time of the event in ticks, or 0 when it is missing or unreadable. */
int64_t event_time(const struct event *ev);
/* Ticks of a JSON value in any form of event_time.h, {"$date": ...} around it perhaps; else 0. */
int64_t event_value_time(struct slice value);
/* The same in full. 0, or -1 when it is no time. */
int event_value_time_read(struct slice value, enum event_time_order order, struct event_time *t);

/*
 * The object that a value stands for: itself, the object inside its "Content" or
 * "AdditionalProperties" (as PowerShell prints a dictionary), or the object printed as JSON inside
 * a string (or that once more), which is decoded into *hold and checked. Returns 1, or 0 when there
 * is none. *object is safe for json_get.
 */
int event_object(struct slice value, struct buf *hold, struct slice *object);

/* The places where an event keeps its objects, opened. Zeroed is empty; event_objects_free. */
struct event_objects {
    struct slice authorization, claims, http_request, properties;
    struct buf hold[5]; /* decoded text behind them */
};

/* Open the objects of ev; absent ones have data NULL. *o is reused. */
void event_objects_open(struct event_objects *o, const struct event *ev);
void event_objects_free(struct event_objects *o);

/*
 * Who called: the caller, else (app-only tokens of 2017, stream) the claims upn, name, e-mail
 * address, object id, application id. Returns as event_text.
 */
int event_caller(const struct event *ev, const struct event_objects *o, struct buf *hold,
                 struct slice *text);

/* The subscription: as the event says, else as its resource's id begins. 1 or 0. */
int event_subscription(const struct event *ev, struct buf *hold, struct slice *text);

/* The tenant: as the event says, else the first part of its hierarchy. A row of Log Analytics'
 * table has its workspace's id in that place, which does not count. 1 or 0. */
int event_tenant(const struct event *ev, const struct event_objects *o, struct buf *hold,
                 struct slice *text);

#endif
