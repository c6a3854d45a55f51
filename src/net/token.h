/*
 * token: where bearer tokens come from, and when a new one is asked for.
 *
 * A token comes from a command's output, from a file, or from standard input, in any of the forms
 * that token_text.h names. It is
 * asked for at the start, four minutes before expiry, again one minute before, and when the server
 * has answered 401. The text of a token leaves this module only through token_value.
 *
 * Commands run and standard input is read in threads of the module, so that token_poll never
 * blocks; `wake` is called from there when something has changed.
 */
#ifndef AZDAL_NET_TOKEN_H
#define AZDAL_NET_TOKEN_H

#include "base/err.h"
#include "net/challenge.h"
#include "net/token_claims.h"

#include <stdint.h>

/* Seconds before expiry at which a new token is asked for. */
#define TOKEN_RENEW_FIRST_S 240
#define TOKEN_RENEW_AGAIN_S 60

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
/* The server answered 401 to a request that carried the token of that serial, with its error code
 * `words` (cleaned, may be "") and what it demands (NULL: nothing). A 401 for an older one than the
 * one in use is forgotten. */
void token_rejected(struct token *t, unsigned serial, const char *words,
                    const struct challenge *challenge);
/* The server accepted the token of that serial: it, and those before it, were not refused from the
 * start, whatever came before or comes after. */
void token_accepted(struct token *t, unsigned serial);
/* Whether it has accepted the token in use. */
int token_is_proven(const struct token *t);
/* Claims of the first token; all empty when it could not be decoded. */
const struct token_claims *token_identity(const struct token *t);

#endif
