/*
 * trace_list: the lists of a trace's rows.
 */
#ifndef AZDAL_DETECT_TRACE_LIST_H
#define AZDAL_DETECT_TRACE_LIST_H

#include "detect/trace.h"

/* Note a text met at a time; an empty one is nothing. */
void trace_list_add(struct trace_list *l, size_t max, struct slice text, int64_t time);
void trace_list_free(struct trace_list *l);

#endif
