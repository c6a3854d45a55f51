/*
 * ndjson: one JSON object a line, member by member, names in camelCase.
 */
#ifndef AZDAL_OUT_NDJSON_H
#define AZDAL_OUT_NDJSON_H

#include "base/buf.h"

#include <stdint.h>

/* All append to *out. */
int ndjson_begin(struct buf *out);
/* Append a member's name, given in PascalCase, with what separates it from the one before. */
int ndjson_name(struct buf *out, const char *name);
/* Values; text with data NULL is null. */
int ndjson_text(struct buf *out, struct slice text);
int ndjson_number(struct buf *out, uint64_t number);
int ndjson_bool(struct buf *out, int yes);
int ndjson_begin_list(struct buf *out);
/* Append an element of a list; first: it is the first. */
int ndjson_element(struct buf *out, struct slice text, int first);
int ndjson_end_list(struct buf *out);
/* Close the object and the line. */
int ndjson_end(struct buf *out);

#endif
