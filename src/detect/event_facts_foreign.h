/*
 * event_facts_foreign: acts on Azure's access that other services tell in words of their own: Entra
 * ID's audit log about elevation, and Privileged Identity Management about its roles.
 */
#ifndef AZDAL_DETECT_EVENT_FACTS_FOREIGN_H
#define AZDAL_DETECT_EVENT_FACTS_FOREIGN_H

#include "read/event.h"

/* The operation of Azure that an event with such a title is about, or NULL. o holds the event's
 * opened objects. */
const char *facts_foreign_operation(const struct event_objects *o, const struct event *ev,
                                    struct slice title);

#endif
