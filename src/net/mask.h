/*
 * mask: a server or a proxy that repeats the request in its error must not bring the token into
 * messages and manifests. Pure.
 */
#ifndef AZDAL_NET_MASK_H
#define AZDAL_NET_MASK_H

#include <stddef.h>

/* Bytes of the token that must come together to be masked: fewer are found in any text, and tell
 * nobody anything. */
#define MASK_PIECE 16

/* Overwrite with '*' what the text has of the token, whole or in pieces. */
void mask_token(char *text, size_t len, const char *token);

#endif
