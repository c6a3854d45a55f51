/*
 * scope: taking resource ids apart. Pure; letter case is ignored everywhere.
 */
#ifndef AZDAL_DETECT_SCOPE_H
#define AZDAL_DETECT_SCOPE_H

#include "base/buf.h"
#include "detect/rules.h"

/* Room for a GUID with dashes and '\0'. */
#define SCOPE_GUID_MAX 37

/*
 * Cut an id "<scope>/providers/<type>/<name>" where type is like
 * "Microsoft.Authorization/roleAssignments": *scope is what stands before it ("/" when nothing
 * does), *name the last part. The last such place counts. Returns 1, or 0 when there is none.
 */
int scope_split(struct slice id, const char *type, struct slice *scope, struct slice *name);

/* What kind of scope an id is. tenant (may be absent) is the id of the tenant, hence of its root
 * group. */
enum scope_kind scope_kind(struct slice scope, struct slice tenant);

/* The id without slashes at its end; "/" stays, and an empty one is absent. */
struct slice scope_trim(struct slice id);

/* The last part of an id. */
struct slice scope_last(struct slice id);

/* The id of the subscription or management group that an id is in, or an absent slice. */
struct slice scope_container(struct slice id);

/* Write a GUID, given with or without dashes, in lower case with dashes. Returns 1, or 0. */
int scope_guid(struct slice text, char out[SCOPE_GUID_MAX]);

/* Whether two ids are the same but for letter case and slashes at the end. */
int scope_same(struct slice a, struct slice b);

#endif
