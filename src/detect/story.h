/*
 * story: which findings belong together, and what else there is to say about them.
 */
#ifndef AZDAL_DETECT_STORY_H
#define AZDAL_DETECT_STORY_H

#include "detect/finding.h"

/* The application behind Privileged Identity Management (MS-PIM). */
#define STORY_PIM_APP_ID "01fc33a7-78ba-4d2f-a4b7-768e336e890e"
/* The notes about requests to it that give no role, or may give none: the module knows them by
 * these words. */
#define STORY_NOTE_PIM_END "The request ends this role: it gives nothing."
#define STORY_NOTE_PIM_UNKNOWN "No record says what was asked for: it may be the end of a role."
#define STORY_NOTE_PIM_OTHER "The request was withdrawn or denied: it gave nothing."

/* Name the stories: elevation, assignments and removal by one caller. */
void story_link(struct finding_set *s);
/* Note benign causes, and what is unusual about records. */
void story_notes(struct finding_set *s);

/* The id of the story that begins with a finding, which the caller frees: the same for the same
 * log, whatever else is read with it. */
char *story_name(const struct finding *leader);

#endif
