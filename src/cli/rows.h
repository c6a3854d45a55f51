/*
 * rows: what scan, cat and trace print, in each of the formats of --format. A new format is a row
 * of rows_formats[], and a function there that writes one row.
 */
#ifndef AZDAL_CLI_ROWS_H
#define AZDAL_CLI_ROWS_H

#include "cli/options.h"
#include "detect/finding.h"

/* A kind of rows: its properties in order, and how to get at those of one row. */
struct rows_kind {
    size_t (*properties)(void);
    const char *(*name)(size_t i);
    void (*value)(const void *set, const void *row, size_t i, struct finding_value *v);
    struct slice (*item)(const void *row, size_t i, size_t k);
    /* The row as an object of JSON where it is one already; or NULL. */
    struct slice (*whole)(const void *row);
};

/* A format. The last of rows_formats has no name. */
struct rows_format {
    const char *name;
    int commands; /* that print it; the first of a command's is what it prints unasked */
    void (*head)(const struct rows_kind *kind, struct buf *out);
    /* Append a row. NULL: text for people, which each command has of its own. */
    void (*row)(const struct rows_kind *kind, const void *set, const void *row, struct buf *out);
    int whole; /* rows that are objects of JSON already are printed as they are */
    const char *first, *between, *behind; /* in front of the first row, of others; behind each */
    const char *end, *none;               /* behind the last; in place of all */
    int each; /* scan: a row for each event, with what its finding says */
};

extern const struct rows_format rows_formats[];

/* Rows being printed. Zeroed, then rows_begin; rows_free. */
struct rows {
    const struct rows_format *format;
    const struct rows_kind *kind;
    const void *set; /* for the kind's value */
    uint64_t n;
    struct buf out;
};

void rows_begin(struct rows *r, const struct rows_format *format, const struct rows_kind *kind,
                const void *set);
/* Print a row, and what stands behind the last. Errors: ERR_LOCAL. */
int rows_put(struct rows *r, const void *row, struct err *e);
int rows_end(struct rows *r, struct err *e);
void rows_free(struct rows *r);

/* Write and forget what is in *out. Errors: ERR_LOCAL. */
int rows_flush(struct buf *out, struct err *e);

#endif
