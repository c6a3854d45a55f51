/*
 * csv: rows by RFC 4180, for Excel and Timeline Explorer: UTF-8 with a byte order mark and CRLF.
 *
 * A spreadsheet splits a file at the list separator of its locale (comma, semicolon or tab), and
 * takes quotes for quotes only where a cell begins under that separator. So an apostrophe stands in
 * front of whatever it could take for a formula: at the start of a cell, and behind every
 * semicolon, tab and line break inside one, blanks, invisible characters and quotes passed over.
 */
#ifndef AZDAL_OUT_CSV_H
#define AZDAL_OUT_CSV_H

#include "base/buf.h"

/* Append the byte order mark that stands at the start of a file. */
void csv_begin(struct buf *out);
/* Append one cell; first: it is the first of its row. data NULL is an empty cell. */
void csv_cell(struct buf *out, struct slice text, int first);
/* The same for one JSON text, which keeps its value: behind a semicolon the first character of a
 * formula becomes a \u escape in place of being marked. */
void csv_json_cell(struct buf *out, struct slice json, int first);
/* End a row. */
void csv_end_row(struct buf *out);

#endif
