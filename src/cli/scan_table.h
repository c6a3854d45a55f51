/*
 * scan_table: findings for people: time, severity and a sentence, at most two lines each.
 */
#ifndef AZDAL_CLI_SCAN_TABLE_H
#define AZDAL_CLI_SCAN_TABLE_H

#include "detect/finding.h"

/* How wide, and whether severities are coloured. */
struct scan_table {
    size_t width;
    int colours;
};

/* By what standard output is, and by NO_COLOR and TERM. */
void scan_table_init(struct scan_table *t);
/* Append one finding; at most two lines of t->width characters. */
void scan_table_row(const struct scan_table *t, const struct finding *f, struct buf *out);

#endif
