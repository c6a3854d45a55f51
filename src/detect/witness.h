/*
 * witness: elevation is told by two logs, the tenant's activity log and Entra ID's audit log. The
 * same act in both is one finding; what one of them lacks is said.
 */
#ifndef AZDAL_DETECT_WITNESS_H
#define AZDAL_DETECT_WITNESS_H

#include "detect/finding.h"

/* Match the findings of both logs: same act, same object id, at most five minutes apart. Among
 * several tenants, entries that do not say theirs get it from others about the same people. */
void witness_match(struct finding_set *s);

#endif
