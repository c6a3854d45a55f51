/*
 * stand: StateAtExport, what the list of role assignments of an export says of its findings.
 */
#ifndef AZDAL_DETECT_STAND_H
#define AZDAL_DETECT_STAND_H

#include "detect/finding.h"

/*
 * Load the lists of all exports, and set the state of each assignment and elevation from the list
 * of its own export; role and principal that the log does not say come from there as well. warn as
 * in finding_set_finish. 0, or -1 (ERR_INTERNAL).
 */
int stand_set(struct finding_set *s, void (*warn)(const char *path, const char *why, void *),
              void *arg, struct err *e);

#endif
