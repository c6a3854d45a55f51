/*
 * cells: the cells of a row of text, with a separator between them and quotes around some. Pure.
 */
#ifndef AZDAL_READ_CELLS_H
#define AZDAL_READ_CELLS_H

#include "base/buf.h"

/* A cell: between quotes perhaps. */
struct cell {
    struct buf *hold;  /* where doubled quotes are made single; NULL: they stay as they are */
    struct slice text; /* without the quotes around it; in the row, or in *hold */
    int last;          /* a line ends behind it */
    size_t next;       /* where the next one begins, from the start of the row */
};

/* What cell_find saw. */
enum cell_found {
    CELL_WHOLE,
    CELL_CUT,   /* its end does not stand in front of `end`: more may follow */
    CELL_OPEN,  /* its quote is never closed */
    CELL_BEHIND /* text stands behind its closing quote */
};

/* Find the cell at p, of the row that begins at `row`; ended: nothing comes behind `end`. */
enum cell_found cell_find(const char *row, const char *p, const char *end, char separator,
                          int ended, struct cell *c);

/* Append text, and behind it a tail that needs no escapes, as a JSON string. */
void cell_put(struct buf *out, struct slice text, struct slice tail);

#endif
