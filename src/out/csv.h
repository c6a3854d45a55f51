/*
 * csv: rows by RFC 4180, for Excel and Timeline Explorer: UTF-8 with a byte order mark, CRLF, and
 * an apostrophe in front of a cell that a spreadsheet would take for a formula.
 */
#ifndef AZDAL_OUT_CSV_H
#define AZDAL_OUT_CSV_H

#include "base/buf.h"

/* Append the byte order mark that stands at the start of a file. */
int csv_begin(struct buf *out);
/* Append one cell; first: it is the first of its row. data NULL is an empty cell. */
int csv_cell(struct buf *out, struct slice text, int first);
/* End a row. All return 0, or -1 when memory runs out. */
int csv_end_row(struct buf *out);

#endif
