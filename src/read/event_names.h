/*
 * event_names: which field of an event a member or a column is, by its name. One table for every
 * producer: names compare without letter case, '_', '-' and blanks. A new spelling is a row. Pure.
 */
#ifndef AZDAL_READ_EVENT_NAMES_H
#define AZDAL_READ_EVENT_NAMES_H

#include "base/buf.h"
#include "read/event.h"

/* What a name means. Where several names mean one field, the lower rank wins; an odd rank is that
 * of a name with '_', '-' or blanks in it. */
struct event_name {
    enum event_field field;
    unsigned char rank;
    struct slice rest; /* name inside the field's object, data NULL: the field itself */
    int nested;        /* the name says where in the event its value belongs */
};

/* The rank of the name TimeGenerated, by which rows of Log Analytics' tables are known. */
#define EVENT_NAMES_TABLE_RANK 4

/* The rank of what a query has taken out of the properties, with the names that it has there. */
#define EVENT_NAMES_PART 16

/* The rank of names that people give in queries: what they hold has to be a text. */
#define EVENT_NAMES_CHOSEN 20

/* The rank of an operation that is known by its text, under a name of somebody's own. */
#define EVENT_NAMES_TOLD 24

/* The rank of a time that is none of its own, but when the event was submitted. */
#define EVENT_NAMES_SUBMITTED 24

/* Added to the rank of an empty value: AzureActivity has both names of a field, and one is empty.
 */
#define EVENT_NAMES_EMPTY 32

/* Longest name that is looked up: a claim's is a URL. */
#define EVENT_NAMES_MAX 256

/*
 * Look a member's name up. Besides the plain names: a dotted one ("operationName.value",
 * "properties.requestbody", "_source.caller", "azure.activitylogs.identity.claims.name"), one that
 * a table flattened ("http_request_client_ip_address"), and one with the type behind it
 * ("caller_s", "TimeGenerated [UTC]"). Returns 1 and fills *n, or 0.
 */
int event_names_find(struct slice key, struct event_name *n);

/* Whether a value can be what its name means: beside an event, an id without dashes is that of who
 * called, or of the role that let them, which the service writes so. */
int event_names_fits(const struct event_name *n, struct slice value);

/* Whether the parts of a field have names of their own: it is an object in the service's events. */
int event_names_has_parts(enum event_field f);

/* The name of a field as the service writes it. */
const char *event_names_of(enum event_field f);

#endif
