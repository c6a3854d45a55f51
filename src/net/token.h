/*
 * token: where bearer tokens come from, and when a new one is asked for.
 *
 * A token comes from a command's output, from a file, or from standard input, one a line. It is
 * asked for at the start, four minutes before expiry, again one minute before, and when the server
 * has answered 401. The text of a token leaves this module only through token_value.
 *
 * Commands run and standard input is read in threads of the module, so that token_poll never
 * blocks; `wake` is called from there when something has changed.
 */
#ifndef AZDAL_NET_TOKEN_H
#define AZDAL_NET_TOKEN_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

#define TOKEN_COMMAND_TIMEOUT_MS 60000
/* Bytes of a token: Azure's have 2 to 4 KiB, with many groups up to 16. */
#define TOKEN_MAX_BYTES (64U << 10)
/* Seconds before expiry at which a new token is asked for. */
#define TOKEN_RENEW_FIRST_S 240
#define TOKEN_RENEW_AGAIN_S 60

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

struct token_config {
    const char *command, *file; /* exactly one of the three sources */
    int from_stdin;
    const char *const *audiences; /* accepted, without the slash at the end, NULL last */
    const char *endpoint;         /* accepted as an audience too */
    void *arg;
    void (*needed)(void *arg, const char *reason); /* from_stdin: ask for the next line, because of
                                                      "start", "expiring", "expired", "rejected";
                                                      may be NULL. From token_poll's thread */
    void (*warning)(void *arg, const char *text);  /* may be NULL. From token_poll's thread */
    void (*wake)(void *arg); /* may be NULL. From any thread; calls nothing of this module */
};

struct token;

/* Begin to ask for the first token. Errors: ERR_INTERNAL. Strings of *c must outlive the token. */
struct token *token_open(const struct token_config *c, struct err *e);
/* Waits for a command that is running, at most its time-out, so that no child is left behind; a
 * blocked read of standard input or of a pipe in place of the file is left to itself. */
void token_close(struct token *t);

/*
 * Look after renewal at UTC time `now` (ticks). Returns 1 when token_value is usable, 0 when the
 * caller has to wait for a first or new token, -1 for good: ERR_AUTH (no token, wrong audience,
 * expired without renewal, refused after renewal, end of input), ERR_LOCAL (file), ERR_INTERRUPTED
 * (the line `cancel`). A renewal that fails while the token in use is still good is a warning.
 */
int token_poll(struct token *t, int64_t now, struct err *e);

/* The token in use; valid until the next token_poll. NULL before token_poll has returned 1. */
const char *token_value(const struct token *t);
/* Counts tokens: tells a rejected one from its successor. */
unsigned token_serial(const struct token *t);
/* The server answered 401 to a request that carried the token of that serial, and said `words`
 * (cleaned, may be ""). A 401 for an older one than the one in use is forgotten. */
void token_rejected(struct token *t, unsigned serial, const char *words);
/* The server accepted the token of that serial: it, and those before it, were not refused from the
 * start, whatever came before or comes after. */
void token_accepted(struct token *t, unsigned serial);
/* Whether it has accepted the token in use. */
int token_is_proven(const struct token *t);
/* Claims of the first token; all empty when it could not be decoded. */
const struct token_claims *token_identity(const struct token *t);

#endif
