/*
 * table: rows of cells for a terminal. A cell may have several lines; what is wider than its column
 * is broken, at blanks, slashes and dashes if it can be. Control characters, bidirectional controls
 * and invalid UTF-8 are shown as escapes, so that a name in a log cannot rewrite the screen.
 */
#ifndef AZDAL_OUT_TABLE_H
#define AZDAL_OUT_TABLE_H

#include "base/buf.h"

#include <stddef.h>

/* Columns of a table; the widest one here has 5. */
#define TABLE_COLUMNS_MAX 8

struct table; /* rows so far */

/* One column. */
struct table_column {
    const char *title;
    size_t min; /* characters that it keeps even when room is short */
};

/* A table of n columns (at most TABLE_COLUMNS_MAX), or NULL without memory. columns outlives it. */
struct table *table_new(const struct table_column *columns, size_t n);
void table_free(struct table *t);
/* Add a cell to the current row, left to right; "\n" in text begins a new line in it. 0 or -1. */
int table_cell(struct table *t, struct slice text);
/* Append the table, at most `width` characters wide if its columns' minimum allows. 0 or -1. */
int table_print(const struct table *t, size_t width, struct buf *out);

/* Append text fit for a terminal; newlines and tabs become escapes too. 0 or -1. */
int table_escape(struct buf *out, struct slice text);
/* Characters that a terminal needs for text: wide ones count twice, combining ones not at all. */
size_t table_width(struct slice text);

#endif
