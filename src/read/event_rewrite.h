/*
 * event_rewrite: an event as the service would have written it, for those that a tool keeps in
 * another way: parts under names with dots or underscores, parts as PowerShell's words, entries of
 * Entra ID's audit log, times that only the rest of the file explains.
 */
#ifndef AZDAL_READ_EVENT_REWRITE_H
#define AZDAL_READ_EVENT_REWRITE_H

#include "read/event.h"

/* Append the event on one line to *out: the names of the REST answer, parts as objects, unknown
 * members as they are. order reads its times; note (may be NULL) is kept as azdalNote. */
void event_rewrite(const struct event *ev, enum event_time_order order, const char *note,
                   struct buf *out);

#endif
