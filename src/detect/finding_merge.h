/*
 * finding_merge: what one more record of an operation adds to its finding; for finding.c alone.
 */
#ifndef AZDAL_DETECT_FINDING_MERGE_H
#define AZDAL_DETECT_FINDING_MERGE_H

#include "detect/event_facts.h"
#include "detect/finding.h"
#include "read/reader.h"

/* Add what a record says to its finding. What *r owns may move to it. */
void finding_merge(struct finding *f, struct event_facts *r, const struct reader_event *ev);

#endif
