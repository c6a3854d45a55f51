/*
 * entra: the second witness of elevated access. Entra ID's audit log has an entry of its own when
 * somebody elevates, and when the role is taken away again (category
 * AzureRBACRoleManagementElevateAccess). These entries, in the shapes of Microsoft Graph, of
 * diagnostic settings, of Log Analytics' table AuditLogs and of the portal's CSV, are read as
 * events of the log scope "entra"; all other entries belong to another log.
 */
#ifndef AZDAL_READ_ENTRA_H
#define AZDAL_READ_ENTRA_H

#include "base/buf.h"

struct event;

/* Whether a text is the title of such an entry. */
int entra_is_title(struct slice text);

/* Whether the record is an entry about elevated access. */
int entra_is_elevation(const struct event *ev);

/* Write such an entry in the one shape that is read: that of diagnostic settings, on one line. */
void entra_write(const struct event *ev, struct buf *out);

#endif
