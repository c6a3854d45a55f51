/*
 * readback: files that were just written are made durable and read again. Digests in the manifest
 * come from here: from what the disk's files hold, not from what was meant to be written.
 */
#ifndef AZDAL_STORE_READBACK_H
#define AZDAL_STORE_READBACK_H

#include "base/err.h"
#include "base/sys.h"
#include "export/manifest.h"

/* Plain bytes of a window that wait for their turn in the digest of the content: twice what
 * acquisition puts into one. Each thread holds as many at most. */
#define READBACK_HOLD_BYTES (4U << 20)

/*
 * For every file of every scope of *m, below dir/folder: sync it, compare it with the ledger
 * (header, length, CRC-32, and lines of every window, trailer) and fill in sha256, content_sha256
 * and content_lines. `threads` work on windows at the same time, while one more waits for the disk.
 * Errors: ERR_LOCAL; ERR_FOREIGN when a file is not what the ledger says; ERR_INTERRUPTED;
 * ERR_INTERNAL.
 */
int readback_files(const struct sys_dir *dir, const char *folder, struct manifest *m,
                   unsigned threads, struct err *e);

#endif
