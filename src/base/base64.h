/*
 * base64: decoding of both alphabets, as in tokens, claims and wrapped events. Pure.
 */
#ifndef AZDAL_BASE_BASE64_H
#define AZDAL_BASE_BASE64_H

#include "base/buf.h"

/* Append the decoded bytes of text, plain or URL-safe, with or without '=' at its end. Returns -1
 * when it is not base64 or empty; *out may then hold a part of it. */
int base64_decode(struct slice text, struct buf *out);

#endif
