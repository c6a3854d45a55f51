/*
 * trace_table: a trace for people: story by story, who had which power, and what was done with it.
 */
#ifndef AZDAL_CLI_TRACE_TABLE_H
#define AZDAL_CLI_TRACE_TABLE_H

#include "detect/trace.h"

/* Append the holders of one story's rows [from, to), at most `width` characters wide. */
void trace_table_story(const struct trace *t, size_t from, size_t to, size_t width,
                       struct buf *out);

#endif
