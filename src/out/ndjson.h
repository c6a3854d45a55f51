/*
 * ndjson: one JSON object a line, member by member, names in camelCase.
 */
#ifndef AZDAL_OUT_NDJSON_H
#define AZDAL_OUT_NDJSON_H

#include "base/buf.h"

#include <stdint.h>

/* All append to *out. */
void ndjson_begin(struct buf *out);
/* Append a member's name, given in PascalCase, with what separates it from the one before. */
void ndjson_name(struct buf *out, const char *name);
/* Values; text with data NULL is null. */
void ndjson_text(struct buf *out, struct slice text);
void ndjson_number(struct buf *out, uint64_t number);
void ndjson_bool(struct buf *out, int yes);
void ndjson_begin_list(struct buf *out);
/* Append an element of a list; first: it is the first. */
void ndjson_element(struct buf *out, struct slice text, int first);
void ndjson_end_list(struct buf *out);
/* Close the object and the line. */
void ndjson_end(struct buf *out);

#endif
