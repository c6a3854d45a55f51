/*
 * assemble: the windows of one scope, put together into files under .partial/out.
 */
#ifndef AZDAL_STORE_STITCH_H
#define AZDAL_STORE_STITCH_H

#include "base/err.h"
#include "export/manifest.h"
#include "store/journal.h"

/* What the scopes of one export share. The caller sets the first four and old_fd (-1). */
struct assemble_room {
    struct journal *j;
    const char *out;     /* below DIR: .partial/out */
    int level;           /* of deflate, for what has to be encoded again */
    size_t target_plain; /* bytes of a window that is encoded again */
    /* the published file that bytes are copied from, kept open between windows */
    int old_fd;
    const char *old_path; /* below DIR; the manifest's */
    char *old_full;       /* for messages */
};

/*
 * Write the files of scope s, and fill *out (zeroed before) but for what comes from reading the
 * files back: digests, times of the events, conflicting ids; what was filled on failure is the
 * caller's to free. The files are closed and not yet synced. Errors: ERR_LOCAL, ERR_FOREIGN (a
 * segment or a published file that does not hold what it should), ERR_INTERRUPTED, ERR_INTERNAL.
 */
int assemble_scope(struct assemble_room *x, struct journal_scope *s, struct manifest_scope *out,
                   struct err *e);
/* Close the published file that was copied from last. */
void assemble_close(struct assemble_room *x);

#endif
