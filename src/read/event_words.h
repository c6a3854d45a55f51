/*
 * event_words: objects that PowerShell printed for people: "@{name=value; name=value}" where JSON
 * was nested too deep, and "name : value" lines in the cells of Export-Csv. Pure.
 */
#ifndef AZDAL_READ_EVENT_WORDS_H
#define AZDAL_READ_EVENT_WORDS_H

#include "base/buf.h"

/* Call put for each name and value of the text. Returns how many there were; 0: it is no such text.
 */
size_t event_words_each(struct slice text,
                        void (*put)(struct slice name, struct slice value, void *arg), void *arg);

#endif
