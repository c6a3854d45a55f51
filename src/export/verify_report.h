/*
 * verify_report: what verify finds, collected from several threads and put in order.
 */
#ifndef AZDAL_EXPORT_VERIFY_REPORT_H
#define AZDAL_EXPORT_VERIFY_REPORT_H

#include "export/manifest.h"
#include "export/verify.h"

struct verify_report;

/* Which part of the export a line is about; lines are ordered by it. */
struct verify_place {
    size_t file;                          /* ordinal of the file */
    const char *name;                     /* of the file */
    const struct manifest_window *window; /* or NULL */
    const char *scope;                    /* or NULL: none, or the file's own */
};

struct verify_report *verify_report_new(void);
void verify_report_free(struct verify_report *r);

/* Something is not as it should be. From any thread. */
void verify_report_problem(struct verify_report *r, const struct verify_place *at, const char *fmt,
                           ...) __attribute__((format(__printf__, 3, 4)));
/* Something worth knowing. */
void verify_report_note(struct verify_report *r, const struct verify_place *at, const char *fmt,
                        ...) __attribute__((format(__printf__, 3, 4)));

/* Move the lines in order, and the number of problems, into *out. */
void verify_report_finish(struct verify_report *r, struct verify_result *out);

/* 0 where the report has no problem; else -1 with the worst of them in *e: ERR_FOREIGN with the
 * file and, where one is known, the window. When no thread adds to it any more. */
int verify_report_judge(const struct verify_report *r, const char *folder, struct err *e);

#endif
