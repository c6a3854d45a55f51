/*
 * table_header: which line of a text names the columns of a table of events. Pure.
 */
#ifndef AZDAL_READ_TABLE_HEADER_H
#define AZDAL_READ_TABLE_HEADER_H

#include "base/buf.h"

/* What may stand between cells; loaders of data warehouses write the last four. */
#define TABLE_SEPARATORS ",;\t|^~\x01\x1f"

/* How a table begins. */
struct table_header {
    char separator;
    size_t above; /* bytes of the lines above it */
    size_t columns;
    int headless; /* the first row has JSON in a cell: there is no header */
    int portal;   /* the columns are those of the portal's download, their names in any language */
};

/* Whether the text begins with a header that names fields of an event, or over rows that hold
 * events; fills *h. */
int table_header_find(struct slice text, struct table_header *h);

/* The name of column i where the header is the portal's, else NULL. */
const char *table_header_portal(const struct table_header *h, size_t i);

/* Whether a line says how a table was made and is not part of it: "sep=;", "#TYPE ...". */
int table_header_is_prelude(struct slice line);

/* How many names of the line are known, with this separator; *n is how many there are. */
size_t table_header_known(struct slice line, char separator, size_t *n);

/* Whether the first cell of the line is a name that is known: hardly any row begins so. */
int table_header_may_begin(struct slice line, char separator);

#endif
