/*
 * challenge: what an answer 401 says about the token, and what to do about it. Pure.
 *
 * Sources: RFC 9110, section 11 (WWW-Authenticate); learn.microsoft.com, "Claims challenges, claims
 * requests and client capabilities"; azure-cli and Azure PowerShell, whose options take the claims
 * as they stand in the header, in base64.
 */
#ifndef AZDAL_NET_CHALLENGE_H
#define AZDAL_NET_CHALLENGE_H

#include "base/buf.h"
#include "base/err.h"

/* Bytes of claims: the service's have 80 to 200. Longer ones do not fit into a hint. */
#define CHALLENGE_CLAIMS_MAX 384

struct challenge {
    char claims[CHALLENGE_CLAIMS_MAX]; /* base64 of JSON, checked; "" where none are demanded */
    char reason[304];                  /* error_description, cleaned, or "" */
};

/* Read the value of WWW-Authenticate. */
void challenge_parse(struct challenge *c, struct slice value);
/* Append what is demanded to a message's end: ": <reason>; claims demanded: {...}", if anything. */
void challenge_print(const struct challenge *c, struct buf *out);
/* Set the hint for a 401 with the service's error code ("" if none). Returns -1. */
int challenge_hint(struct err *e, const char *code, const struct challenge *c);

#endif
