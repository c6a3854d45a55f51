/*
 * token: bearer tokens shaped like those of Microsoft Entra ID, made and checked.
 */
#ifndef SIM_TOKEN_H
#define SIM_TOKEN_H

#include "options.h"

/* This word stands in the signature of every token; tests look for it in what a run leaves. */
#define TOKEN_CANARY "CANARY"

/* What is wrong with a token, as the gateway would say it. */
struct token_verdict {
    const char *code;  /* NULL: it is accepted */
    char message[700]; /* JSON string contents */
    int missing;       /* no Authorization header at all */
    long serial;       /* of an accepted one */
};

/* Append the token that the options describe, and a newline. */
void token_print(struct buf *out, const struct sim_options *o);
/* Judge the value of an Authorization header (NULL: absent). `now` is the real time in ticks; `url`
 * the simulator's own, an audience too. */
void token_check(struct token_verdict *v, const struct sim_options *o, const char *header,
                 const char *url, int64_t now);

#endif
