/*
 * trace_list: the lists of a trace's rows, and when its operations were.
 */
#ifndef AZDAL_DETECT_TRACE_LIST_H
#define AZDAL_DETECT_TRACE_LIST_H

#include "detect/trace.h"

/* Note a text met at a time; an empty one is nothing. */
void trace_list_add(struct trace_list *l, size_t max, struct slice text, int64_t time);
void trace_list_free(struct trace_list *l);

/* Count an operation at a time. *b is zeroed before the first. */
void trace_bins_add(struct trace_bins *b, int64_t time);
/* The stretches with operations as texts, oldest first. */
void trace_bins_list(const struct trace_bins *b, struct trace_list *l);

#endif
