/*
 * trace_operation: the operations that a trace counts, each once, in the row of its first record,
 * whatever the order in which its records are read.
 */
#ifndef AZDAL_DETECT_TRACE_OPERATION_H
#define AZDAL_DETECT_TRACE_OPERATION_H

#include "detect/trace.h"

/* Count the event at hand, which a principal caused under a power. Returns its row's number. */
size_t trace_operation_count(struct trace *t, size_t principal, size_t power);
/* The row that counts the operation of the event at hand, or SIZE_MAX. */
size_t trace_operation_row(struct trace *t, size_t principal);
/* Take a record under no power that was asked for: of an operation that is counted it may tell the
 * end, and its first record may be read later. */
void trace_operation_end(struct trace *t, size_t principal);
/* Once all were read: outcomes and times of operations, no rows that count none. */
void trace_operations_finish(struct trace *t);
void trace_operations_free(struct trace *t);

#endif
