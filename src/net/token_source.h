/*
 * token_source: the text that a command, a file or standard input gives, without ever blocking the
 * caller. What the text means is token.c's business.
 *
 * Commands and files are read by a thread for each question; standard input by one thread for as
 * long as it lasts. All calls come from one thread.
 */
#ifndef AZDAL_NET_TOKEN_SOURCE_H
#define AZDAL_NET_TOKEN_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

#define TOKEN_COMMAND_TIMEOUT_MS 60000

/* Texts of standard input that are read ahead, so that `cancel` behind them is seen at once. */
#define TOKEN_TEXTS_MAX 64

struct token_source;

struct token_source_config {
    const char *command, *file; /* exactly one of the three */
    int from_stdin;
    void *arg;
    void (*wake)(void *arg); /* may be NULL. From any thread, when there is something to take; calls
                                nothing of this module */
};

/* Errors: ERR_INTERNAL. The strings of *c are copied. */
struct token_source *token_source_open(const struct token_source_config *c, struct err *e);
/* Waits for a command that is running, at most its time-out, so that no child is left behind; a
 * blocked read of standard input or of a pipe in place of the file is left to itself. */
void token_source_close(struct token_source *s);

/* Begin to get the next text, unless that is under way already. Errors: ERR_INTERNAL. */
int token_source_ask(struct token_source *s, struct err *e);
/* After token_source_ask: 1 with the text in *out (replaced; the caller wipes it; of standard input
 * one line, or those that belong together as token_text_goes_on says), 0 when it is not there yet,
 * -1 when there is none: ERR_AUTH (no more lines, command failed, too long), ERR_LOCAL (file).
 * After 1 and -1 the question is answered. */
int token_source_take(struct token_source *s, struct buf *out, struct err *e);
/* Whether standard input has brought a text that nobody has taken. */
int token_source_waiting(struct token_source *s);
/* Whether standard input has brought the line `cancel`. */
int token_source_cancelled(struct token_source *s);

#endif
