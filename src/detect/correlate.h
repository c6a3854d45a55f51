/*
 * correlate: what findings say about each other and about the role assignments of their export.
 */
#ifndef AZDAL_DETECT_CORRELATE_H
#define AZDAL_DETECT_CORRELATE_H

#include "detect/finding.h"

/*
 * Complete all findings of *s: tenant and kind of scope, role and principal that another record of
 * the same assignment knows, end, state at export, severity, stories, notes; put those that a rule
 * reports into s->reported in order of time. warn as in finding_set_finish.
 */
void correlate_findings(struct finding_set *s,
                        void (*warn)(const char *path, const char *why, void *), void *arg);

#endif
