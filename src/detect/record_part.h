/*
 * record_part: reading one event into a record; for record*.c alone.
 */
#ifndef AZDAL_DETECT_RECORD_PART_H
#define AZDAL_DETECT_RECORD_PART_H

#include "detect/record.h"

/* An event opened for reading, with room for what has to be decoded. */
struct record_reading {
    const struct event *ev;
    struct event_objects objects;
    struct slice request, response; /* bodies of the call; absent ones have data NULL */
    struct buf hold_request, hold_response, hold;
};

/* Copy a text into *to unless something is there. All return 0, or -1 when memory runs out. */
int record_keep(char **to, struct slice text);
/* Keep the text of a JSON value, of a field. */
int record_keep_value(struct record_reading *x, char **to, struct slice value);
int record_keep_field(struct record_reading *x, char **to, enum event_field f);
/* Keep the last part of an id in a JSON value, as a GUID with dashes if it is one. */
int record_keep_guid(struct record_reading *x, char **to, struct slice value);

/* Read how it went: the status, else (translated, or absent) the status code of the call, else the
 * substatus. */
int record_outcome(struct record *r, struct record_reading *x);

/* Read what belongs to one kind of operation alone: role, principal, definition, delegation. */
int record_details(struct record *r, struct record_reading *x);

#endif
