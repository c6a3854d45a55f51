/*
 * publish: the second half of publishing, also after a crash in the middle of it. See journal.c.
 */
#ifndef AZDAL_STORE_PUBLISH_H
#define AZDAL_STORE_PUBLISH_H

#include "base/err.h"
#include "store/journal.h"

/* Rename what j->publish names into place, the last one last, and remove what j->stale names. */
int publish_roll_forward(struct journal *j, struct err *e);

#endif
