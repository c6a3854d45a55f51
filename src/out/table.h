/*
 * table: text for a terminal. Control characters, bidirectional controls and invalid UTF-8 are
 * shown as escapes, so that a name in a log cannot rewrite the screen.
 */
#ifndef AZDAL_OUT_TABLE_H
#define AZDAL_OUT_TABLE_H

#include "base/buf.h"

/* Append words and a line break, broken at `width` columns: the first word stands at `column`,
 * where *out is; the lines behind begin at `indent`. */
void table_wrap(struct buf *out, const char *text, size_t column, size_t indent, size_t width);

/* Append text fit for a terminal; newlines and tabs become escapes too. */
void table_escape(struct buf *out, struct slice text);
/* Bytes of text, from its beginning, that fit in so many columns of a terminal: wide characters
 * count twice, combining ones not at all. */
size_t table_fitting(const char *text, size_t columns);

/* What stands for the part of a text that is left out. */
#define TABLE_CUT "..."
/* Append text (of table_escape) in so many columns at most, of which there are four or more: a
 * longer one loses its middle. */
void table_put_short(struct buf *out, struct slice text, size_t columns);

#endif
