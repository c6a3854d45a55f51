/*
 * file_kind: what a file is that cannot be read, by its first bytes, and the way out. A new kind is
 * a row. Pure.
 */
#ifndef AZDAL_READ_FILE_KIND_H
#define AZDAL_READ_FILE_KIND_H

#include "base/buf.h"

/* Bytes of a file's start that are looked at. */
#define FILE_KIND_BYTES ((size_t)4096)

/* What the file is, as "a bzip2 file: unpack it first (bunzip2)"; NULL: perhaps a log. */
const char *file_kind_of_bytes(struct slice start);

/* The same for a text that begins as JSON does, and is what some language prints for an object. */
const char *file_kind_of_literal(struct slice start);

/* The same for a text that does not begin as JSON does and is no table with a known header;
 * has_json: some of its lines hold JSON all the same. hold is where the answer may be put together.
 */
const char *file_kind_of_text(struct slice start, int has_json, struct buf *hold);

#endif
