/*
 * segment_impl: what the files of segment.h share. Nothing else includes this.
 */
#ifndef AZDAL_STORE_SEGMENT_IMPL_H
#define AZDAL_STORE_SEGMENT_IMPL_H

#include "store/segment.h"

/* Plain bytes handed to deflate at a time: its own window is 32 KiB. */
#define SEGMENT_DEFLATE_CHUNK (256U << 10)

/* An open file without a name in `dir`, or where it is NULL in the system's folder for such. */
int segment_open_unnamed(const struct sys_dir *dir, struct err *e);
/* Merge all sources: every line, in order, goes to take(). */
int segment_merge(struct segment_source **sources, size_t n,
                  int (*take)(void *arg, const struct line *l, struct err *e), void *arg,
                  struct err *e);

#endif
