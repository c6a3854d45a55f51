/*
 * manifest_members: no two members of one object of a manifest have one name.
 */
#ifndef AZDAL_EXPORT_MANIFEST_MEMBERS_H
#define AZDAL_EXPORT_MANIFEST_MEMBERS_H

#include "base/buf.h"
#include "base/err.h"

/* Look at all objects in a text that json_check has accepted, and add the number of their members
 * to *members. ERR_FOREIGN names the member. */
int manifest_check_members(struct slice text, size_t *members, struct err *e);

#endif
