/*
 * verify_ledger: what a manifest must say to be right in itself, before any file is opened. Pure
 * but for the report.
 */
#ifndef AZDAL_EXPORT_VERIFY_LEDGER_H
#define AZDAL_EXPORT_VERIFY_LEDGER_H

#include "export/manifest.h"
#include "export/verify_report.h"

/* Check verdict, states, windows, offsets and sums of the whole manifest. */
void verify_ledger(const struct manifest *m, struct verify_report *r);

#endif
