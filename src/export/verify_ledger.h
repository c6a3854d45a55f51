/*
 * verify_ledger: what a manifest must say to be right in itself, before any file is opened. Pure
 * but for the report.
 */
#ifndef AZDAL_EXPORT_VERIFY_LEDGER_H
#define AZDAL_EXPORT_VERIFY_LEDGER_H

#include "export/manifest.h"
#include "export/verify_report.h"

/* The form of the text, and the texts in it; for verify_ledger. */
void verify_form(const struct manifest *m, struct verify_report *r);
/* What was asked for, times, verdict and role assignments; for verify_ledger. */
void verify_query(const struct manifest *m, struct verify_report *r);
int verify_is_complete(const struct manifest_scope *s);
/* Whether a scope can be in that state. */
int verify_is_status(const char *status);
/* Whether an error code can be that of a scope that the service does not serve: not one for a
 * missing right, nor azdal's own for what could not be read. code may be NULL. */
int verify_is_unserved(const char *code);

/* Check verdict, states, windows, offsets and sums of the whole manifest. */
void verify_ledger(const struct manifest *m, struct verify_report *r);

#endif
