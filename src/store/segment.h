/*
 * segment: sorted events as fragments of deflate.
 *
 * A fragment holds the lines of one window: raw deflate that starts with a reset state and ends
 * with Z_FULL_FLUSH, so that it inflates by itself and that fragments put one behind the other,
 * with a header and `03 00` around them, are one gzip member. A segment file is fragments of one
 * scope in the order in which they were committed; only the journal says what is where.
 *
 * Lines come from sources: memory, runs on disk (when a stretch does not fit into memory) and
 * fragments that were written before. All are merged in line_compare order.
 */
#ifndef AZDAL_STORE_SEGMENT_H
#define AZDAL_STORE_SEGMENT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/line.h"
#include "export/manifest.h"

#include <stddef.h>
#include <stdint.h>

/* ---- sources of sorted lines ---- */

struct sys_dir;
struct segment_source;

/* n lines that stay where they are; sorts the array. */
struct segment_source *segment_from_memory(struct line *lines, size_t n);
/* A run written by segment_write_run; fd stays the caller's. */
struct segment_source *segment_from_run(int fd);
/*
 * The fragment of window w in the open file fd (the caller's), named `path` in messages. Reading it
 * checks length and CRC: a mismatch is ERR_FOREIGN.
 */
struct segment_source *segment_from_fragment(int fd, const char *path,
                                             const struct manifest_window *w);
void segment_source_free(struct segment_source *s);
/* Next line, valid until the next call for this source: 1, 0 at the end, -1. For --stdout. */
int segment_source_next(struct segment_source *s, struct line *l, struct err *e);

/* Merge n sources into a new unnamed file in `dir`, or where it is NULL in the system's folder for
 * such; *fd is the caller's to close. */
int segment_write_run(struct segment_source **sources, size_t n, const struct sys_dir *dir, int *fd,
                      struct err *e);

/* ---- fragments ---- */

struct segment_params {
    int64_t from, to;    /* the stretch; lines outside it are passed over */
    int level;           /* of deflate, 1 to 9 */
    size_t target_plain; /* a window is closed at the first change of time after so many bytes */
    int split_day;       /* windows also end at UTC midnight */
    const struct sys_dir *dir; /* for a file when the result is too large for memory, or NULL */
};

/* One window of the result. In `w` the offset counts from the start of the result; asked_at, closed
 * and request ids are for the caller to set. */
struct segment_window {
    struct manifest_window w;
    uint64_t duplicates;       /* byte-equal repeats dropped */
    char sha256[HASH_HEX_MAX]; /* of the fragment; "" without events */
};

/* Windows that cover [from, to) without gap, and their fragments. */
struct segment_result {
    struct segment_window *windows;
    size_t nwindows;
    struct buf memory; /* the fragments, or, where fd is not -1, */
    int fd;            /* an unnamed file that holds them */
    uint64_t bytes;    /* of all fragments */
};

/*
 * Merge n sources into windows. Byte-equal repeats are dropped; they are counted where
 * count_repeats is set (not when known lines are merged with the same lines fetched again). Errors:
 * those of the sources, ERR_LOCAL, ERR_INTERNAL. On failure *r is empty.
 */
int segment_encode(struct segment_result *r, const struct segment_params *params,
                   struct segment_source **sources, size_t n, int count_repeats, struct err *e);
void segment_result_free(struct segment_result *r);

/* ---- the file ---- */

struct segment {
    int fd;
    char *path;    /* owned */
    uint64_t size; /* bytes written */
    int dirty;     /* something is not synced */
};

/* Open or create the segment dir/name and cut it to `size`, the bytes that the journal knows. A
 * shorter file is ERR_FOREIGN. */
int segment_open(struct segment *s, const struct sys_dir *dir, const char *name, uint64_t size,
                 struct err *e);
/* The same without a name or a journal, for --stdout. */
int segment_open_temporary(struct segment *s, struct err *e);
void segment_close(struct segment *s);
/* Append the fragments of r; *offset is where they start. */
int segment_append(struct segment *s, const struct segment_result *r, uint64_t *offset,
                   struct err *e);
int segment_sync(struct segment *s, struct err *e);

#endif
