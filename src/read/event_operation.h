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

/* The operation that a text names, without what people's tools put around it: a '/' at its end, or
 * its title as in "Create role assignment (Microsoft.Authorization/roleAssignments/write)". */
struct slice event_operation_plain(struct slice text);

#endif
