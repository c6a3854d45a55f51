/*
 * event_operation: whether it can be told what an event did. Pure.
 */
#ifndef AZDAL_READ_EVENT_OPERATION_H
#define AZDAL_READ_EVENT_OPERATION_H

#include "read/event.h"

/*
 * Whether the operation can be told. It cannot where there is no text, where a type's name stands
 * in its place, or where a title that is not known is about a resource of access control.
 */
int event_operation_is_known(const struct event *ev);

/* Whether a text is an operation's name as Azure writes them: "Microsoft.X/y/write". */
int event_operation_is_full(struct slice text);

/* Whether a name is one that people give to an operation, and programs to other things. */
int event_operation_is_own_name(struct slice name);

/* The operation of an entry of `az role assignment list-changelogs`, by the text of its "action":
 * "Granted", "Revoked". NULL when it is neither. */
const char *event_operation_of_change(struct slice value);

/*
 * Whether a member under a name that no producer has is the operation, as its text tells: a name in
 * full, or one of the titles that are known under "operation" or "action". So name it those who
 * choose fields for themselves: az ... --query "[].{Operation:operationName.value}", Select-Object.
 */
int event_operation_is_told(struct slice key, struct slice value);

/* The operation that a text names, without what people's tools put around it: a '/' at its end, or
 * its title as in "Create role assignment (Microsoft.Authorization/roleAssignments/write)". */
struct slice event_operation_plain(struct slice text);

#endif
