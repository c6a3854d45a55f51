/*
 * same_event: which records tell the same event, and which tell one operation. Pure.
 */
#ifndef AZDAL_DETECT_SAME_EVENT_H
#define AZDAL_DETECT_SAME_EVENT_H

#include "base/buf.h"
#include "detect/event_facts.h"
#include "detect/finding.h"

/* Append a text in lower case and a bar; NULL is nothing. */
void same_event_put_part(struct buf *key, const char *text);

/* Keys, each replacing *key. What makes an event the same event wherever it is seen: its id and
 * time. An event whose time cannot be read is the same only as one that is equal byte by byte. */
void same_event_id_key(const struct event_facts *r, struct buf *key);
/* The same where there is no id, as in Azure Monitor's stream. kind tells the keys of events that
 * have one ("with") from those that have none ("bare"). */
void same_event_bare_key(const struct event_facts *r, const char *kind, struct buf *key);
/* The same without any id, for tables that keep none. Returns 0 where that says too little: without
 * a time or a resource. */
int same_event_untied_key(const struct event_facts *r, struct buf *key);
/* The same without its resource, for tables that do not say it, as the portal's. Returns 0 where
 * that says too little: without a time or a correlation. */
int same_event_nameless_key(const struct event_facts *r, struct buf *key);
/* What the records of one operation share; operationId is compared apart, for it may be missing.
 * Without an id it is the caller. What Entra ID says is matched later. */
void same_event_operation_key(const struct event_facts *r, struct buf *key);

/* The id that ties the records of one operation together, or NULL: fields were selected when the
 * log was saved, and no id was among them. */
const char *same_event_tie(const struct event_facts *r);
/* The operation id when it tells more than the tie does, or NULL. */
const char *same_event_operation_id(const struct event_facts *r);

/* Whether the texts of a record or a finding have the id of a resource, not its name alone. */
int same_event_has_resource(char *const *text);

/* Whether a record of an equal key cannot be an event of a finding again: both have another
 * operation, caller, principal, role, resource or id. */
int same_event_contradicts(const struct finding *f, const struct event_facts *r);

/* Whether a record may belong to a finding of the same operation_key: no two different operation
 * ids; without one of their own, no different callers, principals or roles. Without any id one that
 * began and one that ended belong together, when they are close in time. */
int same_event_operation(const struct finding *f, const struct event_facts *r);

#endif
