/*
 * verify: is an export what its manifest says?
 *
 * What is checked: the manifest in itself (the ledger); SHA256SUMS names every other published file
 * and none besides; bytes and SHA-256 of each file; that it is one gzip member made of the ledger's
 * fragments; CRC-32, length, number, order and time of the events of each window; digests and
 * counts of the content; that the windows of a scope cover the range asked for without gap or
 * overlap; sums, first and last event; what else lies in the folder. Everything is reached through
 * a handle of the folder and never through a link; nothing but a plain file is opened.
 *
 * Windows inflate by themselves, so they are checked on all processors. Memory is bounded by
 * VERIFY_THREADS_MAX times VERIFY_HOLD_BYTES and the longest line.
 */
#ifndef AZDAL_EXPORT_VERIFY_H
#define AZDAL_EXPORT_VERIFY_H

#include "base/err.h"
#include "base/hash.h"
#include "export/manifest.h"

#include <stddef.h>
#include <stdint.h>

struct sys_dir;

/* Threads at most: reading one disk does not get faster beyond that. */
#define VERIFY_THREADS_MAX 16
/* Plain bytes of a window that wait for their turn in the digest of the content: twice what
 * acquisition puts into one. */
#define VERIFY_HOLD_BYTES (4U << 20)
/* Lines of findings that are kept; the rest is only counted. */
#define VERIFY_LINES_MAX 1000

/* What verify_export found. */
struct verify_result {
    int complete;                       /* the verdict that the manifest states */
    size_t files;                       /* published files, SHA256SUMS and the manifest included */
    uint64_t events, windows;           /* of all scopes */
    char manifest_sha256[HASH_HEX_MAX]; /* of the very bytes that were read */
    size_t problems;                    /* 0: the export is what its manifest says */
    char **lines; /* owned: "problem: FILE: SCOPE: FROM..TO: why", "note: ...", in order */
    size_t nlines;
};

/*
 * Check the export in `folder`. Returns 0 when it could be checked, whatever was found. Errors:
 * ERR_FOREIGN when it is no export of ours; ERR_LOCAL when something in it cannot be read;
 * ERR_INTERNAL. *r is filled on success and empty otherwise.
 */
int verify_export(const char *folder, struct verify_result *r, struct err *e);
void verify_result_free(struct verify_result *r);

/*
 * Before an export is carried on: is what `dir` holds what its manifest *m, whose text has the
 * digest `sha256`, says? All that verify_export looks at, but for what else lies in the folder and
 * the views beside the data. Errors: ERR_FOREIGN with the file and
 * the window; ERR_LOCAL; ERR_INTERRUPTED; ERR_INTERNAL.
 */
int verify_published(const struct sys_dir *dir, struct manifest *m, const char *sha256,
                     struct err *e);

/* The same, and what else lies in the folder, without opening any file but SHA256SUMS and the role
 * assignments: before an export is read. Its problems are lines of *r, as verify_export gives them.
 * Errors: ERR_LOCAL; then *r is empty. */
int verify_manifest(const struct sys_dir *dir, const struct manifest *m, const char *sha256,
                    struct verify_result *r, struct err *e);

/*
 * Read back what was just written and is not published yet: every file of every scope of *m, in the
 * folder `below` of `dir`, is made durable and read as verify does, and gets its sha256,
 * content_sha256 and content_lines, and each scope its first_event, last_event and
 * conflicting_ids: they come from what the disk's files hold, not from what was
 * meant to be written. `threads` work on it, while one more waits for the disk. Errors: as above.
 */
int verify_written(const struct sys_dir *dir, const char *below, struct manifest *m,
                   unsigned threads, struct err *e);

#endif
