/*
 * token_claims: what the payload of a token says. Pure.
 */
#ifndef AZDAL_NET_TOKEN_CLAIMS_H
#define AZDAL_NET_TOKEN_CLAIMS_H

#include "base/buf.h"

#include <stdint.h>

/* What the payload of a token says; NULL or 0 for what it does not. */
struct token_claims {
    int64_t expires; /* ticks */
    char *audience;  /* aud; the members of an array with a blank between them */
    char *tenant_id; /* tid */
    char *object_id; /* oid */
    char *name;      /* upn, else unique_name, else name */
    char *app_id;    /* appid, else azp */
};

/* Decode the payload of a JWT without checking its signature. Returns -1 with *c empty when it
 * cannot be decoded (no message: an opaque token may still work). Texts are cleaned as by
 * err_clean_text. Pure. */
int token_claims_parse(struct token_claims *c, struct slice token);
void token_claims_free(struct token_claims *c);

#endif
