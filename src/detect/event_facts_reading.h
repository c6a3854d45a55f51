/*
 * event_facts_reading: reading one event into its facts; for event_facts*.c alone.
 */
#ifndef AZDAL_DETECT_EVENT_FACTS_READING_H
#define AZDAL_DETECT_EVENT_FACTS_READING_H

#include "detect/event_facts.h"

/* An event opened for reading, with room for what has to be decoded. */
struct facts_reading {
    const struct event *ev;
    struct event_objects objects;
    struct slice request, response; /* bodies of the call; absent ones have data NULL */
    struct buf hold_request, hold_response, hold, hold_text[2];
};

/* Copy a text into *to unless something is there. */
void facts_keep(char **to, struct slice text);
/* Keep the text of a JSON value, of a field. */
void facts_keep_value(struct facts_reading *x, char **to, struct slice value);
void facts_keep_field(struct facts_reading *x, char **to, enum event_field f);
/* Keep the last part of an id in a JSON value, as a GUID with dashes if it is one. */
void facts_keep_guid(struct facts_reading *x, char **to, struct slice value);

/* Text of a member of the authorization, whichever way it was printed. Returns 1 or 0. */
int facts_authorization(struct facts_reading *x, const char *name, struct slice *text);

/* Read how it went: the status, else (translated, or absent) the status code of the call, else the
 * substatus. */
void facts_outcome(struct event_facts *r, struct facts_reading *x);
/* The outcome that a word of a status or an HTTP status stands for. */
enum outcome facts_outcome_of(struct slice status);

/* Read what belongs to one kind of operation alone: role, principal, definition, delegation. */
void facts_details(struct event_facts *r, struct facts_reading *x);

/* Where the change applies, and the name of an assignment. */
void facts_scope(struct event_facts *r, struct facts_reading *x);

/* Read what Entra ID or Privileged Identity Management say in words of their own. 1 when the event
 * is one of theirs, or 0. */
int facts_foreign(struct event_facts *r, struct facts_reading *x);

#endif
