/*
 * story: findings that belong together, and what an investigator should know about each.
 */
#ifndef AZDAL_DETECT_STORY_H
#define AZDAL_DETECT_STORY_H

#include "detect/finding.h"

/*
 * Give a StoryId to findings that are one caller's elevation with the assignments and removals
 * made while it stood, or one caller's assignment and its removal. 0, or -1 without memory.
 */
int story_link(struct finding_set *s);

/* Add notes: benign causes, and what is unusual about the records. 0, or -1 without memory. */
int story_notes(struct finding_set *s);

#endif
