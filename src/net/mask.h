/*
 * mask: a server or a proxy that repeats the request in its error, in a header or in a link must
 * not bring the token into messages, the manifest or a terminal.
 */
#ifndef AZDAL_NET_MASK_H
#define AZDAL_NET_MASK_H

#include <stddef.h>

/* Bytes of the token that must come together to be masked: fewer are found in any text, and tell
 * nobody anything. */
#define MASK_PIECE 8
/* Tokens that are remembered: a run that renews one every hour needs a few at a time. */
#define MASK_TOKENS_MAX 8

/* Overwrite with '*' what the text has of the token, whole or in pieces, as it stands or with any
 * of its characters as %XX, once or more often. Pure. */
void mask_token(char *text, size_t len, const char *token);

/* A token is in use from now on. Before threads that mask are started, and from one thread. */
void mask_remember(const char *token);
/* The same as mask_token with all tokens that are remembered, in a terminated text. From any
 * thread. A text is masked when it is as it will be shown: cleaning may bring pieces together. */
void mask_text(char *text);
/* Wipe what is remembered. */
void mask_forget(void);

#endif
