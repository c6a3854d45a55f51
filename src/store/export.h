/*
 * export: from the journal's windows to published files.
 */
#ifndef AZDAL_STORE_EXPORT_H
#define AZDAL_STORE_EXPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "export/manifest.h"
#include "store/journal.h"

struct export_params {
    int level;           /* of deflate, for what has to be encoded again */
    unsigned threads;    /* for reading back */
    size_t target_plain; /* bytes of a window that is encoded again */
    const struct buf
        *assignments; /* lines of roleAssignments.ndjson.gz, or NULL for no such file */
};

/*
 * Assemble every scope's windows into files under .partial/out, read them back for their digests,
 * add SHA256SUMS and the manifest, and publish all. The caller has filled *m but for `scopes`,
 * `finished` and `complete` (which may only become 0 here); every scope of the journal has its
 * status. manifest_sha256 gets the digest of the manifest. Errors: ERR_LOCAL, ERR_FOREIGN (a
 * segment or a published file that does not hold what it should), ERR_INTERNAL; nothing is
 * published then.
 */
int export_publish(struct journal *j, struct manifest *m, const struct export_params *p,
                   char manifest_sha256[HASH_HEX_MAX], struct err *e);

#endif
