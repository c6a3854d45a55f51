/*
 * token_text: the bearer token in what a command prints, a file holds or a person pastes. Pure.
 *
 * Understood are the bare token, one in quotes or behind "Bearer", the JSON of `az account
 * get-access-token` and of the instance metadata endpoint, PowerShell's list view, a token that was
 * wrapped into lines, and any of these in UTF-8 or UTF-16 with warnings in front of it.
 */
#ifndef AZDAL_NET_TOKEN_TEXT_H
#define AZDAL_NET_TOKEN_TEXT_H

#include "base/buf.h"
#include "base/err.h"

/* Bytes of a token: Azure's have 2 to 4 KiB, with many groups up to 16. */
#define TOKEN_MAX_BYTES (64U << 10)
/* Bytes of a text around it: twice a token for UTF-16, and some for warnings and JSON. */
#define TOKEN_TEXT_MAX_BYTES (2 * TOKEN_MAX_BYTES + (16U << 10))

/* Remove from n bytes, in place, what only UTF-16 has: NULs and the bytes of its byte order mark.
 * A token is ASCII, so that nothing else has to be decoded. Returns the bytes left. */
size_t token_text_narrow(char *text, size_t n);

/*
 * Replace *token by the token in text, terminated; the caller wipes it. Errors, in the name of
 * `source`: ERR_AUTH, with what stands there instead (nothing, an error, HTML, the name of a .NET
 * type, a refresh token ...) and a hint; no part of the text that may be secret is repeated.
 */
int token_text_find(struct buf *token, struct slice text, const char *source, struct err *e);

/* Whether text, the lines read so far, wants more of them: it is JSON whose end is missing, a token
 * that was wrapped, or a warning. */
int token_text_goes_on(struct slice text);

#endif
