/*
 * fragment: reading the bytes of one window of a ledger. A fragment is raw deflate that starts
 * with a reset state and ends with a full flush, so that it inflates by itself.
 *
 * Errors: ERR_FOREIGN when it is not what the ledger says, with the reason alone (the caller knows
 * the file and the window); ERR_LOCAL when it cannot be read.
 */
#ifndef AZDAL_EXPORT_FRAGMENT_H
#define AZDAL_EXPORT_FRAGMENT_H

#include "base/buf.h"
#include "base/err.h"
#include "export/manifest.h"

/* Bytes of one line: no answer of the service that is accepted is larger, so no line is. */
#define FRAGMENT_LINE_MAX (32U << 20)
/* Plain bytes that one call of fragment_read adds at most. */
#define FRAGMENT_CHUNK (256U << 10)

struct fragment;

/* The fragment of window w in the open file fd, which stays the caller's and is named `path`. The
 * window and the path must stay. */
struct fragment *fragment_open(int fd, const char *path, const struct manifest_window *w);
/* NULL is accepted. */
void fragment_close(struct fragment *f);
/* Inflate up to cap bytes (at least 1, less than 4 GiB) to dst; *got, set also on failure, are
 * there. Returns as fragment_read. */
int fragment_inflate(struct fragment *f, char *dst, size_t cap, size_t *got, struct err *e);
/* Inflate some more behind *out. Returns 1, 0 at the end, -1. More plain bytes than the ledger says
 * are an error at once. */
int fragment_read(struct fragment *f, struct buf *out, struct err *e);
/* All was read: are length, CRC-32 and the full flush at its end right, and is no block empty but
 * that? */
int fragment_check(struct fragment *f, struct err *e);
/* What was inflated so far. */
uint64_t fragment_plain(const struct fragment *f);
uint32_t fragment_crc(const struct fragment *f);

#endif
