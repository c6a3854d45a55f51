/*
 * rows: what scan and trace print, property by property, as JSON objects or as rows of CSV.
 */
#ifndef AZDAL_CLI_ROWS_H
#define AZDAL_CLI_ROWS_H

#include "detect/finding.h"

/* A kind of rows: its properties in order, and how to get at those of one row. */
struct rows_kind {
    size_t (*properties)(void);
    const char *(*name)(size_t i);
    void (*value)(const void *set, const void *row, size_t i, struct finding_value *v);
    struct slice (*item)(const void *row, size_t i, size_t k);
};

/* Append one row as a JSON object on a line, names in camelCase. */
void rows_put_ndjson(const struct rows_kind *kind, const void *set, const void *row,
                     struct buf *out);
/* Append one as a row of CSV; the elements of a list stand in one cell with "; " between them. */
void rows_put_csv(const struct rows_kind *kind, const void *set, const void *row, struct buf *out);
/* Append the first row of the CSV. */
void rows_put_csv_head(const struct rows_kind *kind, struct buf *out);

/* Write and forget what is in *out. Errors: ERR_LOCAL. */
int rows_flush(struct buf *out, struct err *e);

#endif
