/*
 * columns: the names of a table's columns, and its rows as objects with these names.
 */
#ifndef AZDAL_READ_COLUMNS_H
#define AZDAL_READ_COLUMNS_H

#include "base/buf.h"

/* Columns of one table: Log Analytics' widest have 300. */
#define COLUMNS_MAX 1024

/* Zeroed is none. */
struct columns {
    struct buf names;        /* JSON strings, one behind the other */
    size_t end[COLUMNS_MAX]; /* where each ends in names */
    size_t n;
    int useful;   /* one of them is an operation, an event's id or a whole event */
    int local;    /* times are said to be in some local time */
    char zone[8]; /* "+08:00": of the columns whose names tell it */
    unsigned char zoned[COLUMNS_MAX];
};

void columns_clear(struct columns *c);
void columns_free(struct columns *c);

/* Add a column by its name as plain text; those past COLUMNS_MAX are left out. */
void columns_add(struct columns *c, struct slice name);

/* Take the names from a list: of texts, or of objects with a name. Returns how many. */
size_t columns_read(struct columns *c, struct slice list);

/* Name of a column as plain text, for messages: JSON without its quotes. */
struct slice columns_name(const struct columns *c, size_t i);

/* What has to be put behind the text of a cell: " +08:00" where the name of its column tells the
 * zone and the text is a time without one; else it is empty. */
struct slice columns_zone(const struct columns *c, size_t i, struct slice text);

/* Begin an object, add the cell of column i to it (JSON; data NULL is null), end it. */
void columns_begin_row(struct buf *row);
void columns_put(const struct columns *c, size_t i, struct slice json, struct buf *row);
void columns_end_row(struct buf *row);

#endif
