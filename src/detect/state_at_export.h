/*
 * state_at_export: StateAtExport, what the list of role assignments of an export says of its
 * findings.
 */
#ifndef AZDAL_DETECT_STATE_AT_EXPORT_H
#define AZDAL_DETECT_STATE_AT_EXPORT_H

#include "detect/finding.h"

/*
 * Load the lists of all exports, and set the state of each assignment and elevation from the list
 * of its own export; role and principal that the log does not say come from there as well. warn as
 * in finding_set_finish.
 */
void state_at_export_set(struct finding_set *s,
                         void (*warn)(const char *path, const char *why, void *), void *arg);

#endif
