/*
 * decode: the body of an answer without its Content-Encoding, piece by piece. libcurl's own decoder
 * takes neither several gzip members nor notices a stream that stops early.
 */
#ifndef AZDAL_NET_DECODE_H
#define AZDAL_NET_DECODE_H

#include "base/buf.h"

enum decode_result {
    DECODE_OK,
    DECODE_LARGE,  /* more than was allowed came out */
    DECODE_DAMAGED /* no gzip or deflate, or an encoding that was not asked for */
};

struct decode; /* kept from answer to answer: its window is 32 KiB */

struct decode *decode_new(void);
void decode_free(struct decode *d);
/* A body begins. `encoding` is its Content-Encoding: empty, identity, gzip, x-gzip or deflate in
 * any letter case (zlib's format or a bare one). A body without any that begins as gzip does is
 * taken for gzip: no JSON does. */
void decode_begin(struct decode *d, struct slice encoding);
/* Append what `bytes` decode to; *out may grow to max_bytes. */
enum decode_result decode_add(struct decode *d, struct slice bytes, struct buf *out,
                              size_t max_bytes);
/* The body has ended: append what was held back. */
void decode_end(struct decode *d, struct buf *out);
/* Whether the body is encoded, so that decode_is_whole has something to say. */
int decode_is_encoded(const struct decode *d);
/* Whether what came so far ends where an encoded body may end. */
int decode_is_whole(const struct decode *d);

#endif
