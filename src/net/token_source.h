/*
 * token_source: the text that a command, a file or standard input gives, without ever blocking the
 * caller. What the text means is token.c's business.
 *
 * Commands and files are read by a thread for each question; standard input by one thread for as
 * long as it lasts. All calls come from one thread.
 */
#ifndef AZDAL_NET_TOKEN_SOURCE_H
#define AZDAL_NET_TOKEN_SOURCE_H

#include "net/token.h"

/* Lines of standard input that are read ahead, so that `cancel` behind them is seen at once. */
#define TOKEN_LINES_MAX 64

struct token_source;

/* Errors: ERR_INTERNAL. command, file, from_stdin, wake and arg of *c are used; strings are
 * copied. */
struct token_source *token_source_open(const struct token_config *c, struct err *e);
/* As token_close says. */
void token_source_close(struct token_source *s);

/* Begin to get the next text, unless that is under way already. Errors: ERR_INTERNAL. */
int token_source_ask(struct token_source *s, struct err *e);
/* After token_source_ask: 1 with the text in *out (replaced; at most TOKEN_MAX_BYTES and a line
 * end; the caller wipes it), 0 when it is not there yet, -1 when there is none: ERR_AUTH (no more
 * lines, command failed, too long), ERR_LOCAL (file). After 1 and -1 the question is answered. */
int token_source_take(struct token_source *s, struct buf *out, struct err *e);
/* Whether standard input has brought a line that nobody has taken. */
int token_source_waiting(struct token_source *s);
/* Whether standard input has brought the line `cancel`. */
int token_source_cancelled(struct token_source *s);

/* Overwrite what b holds and empty it; the memory stays. */
void token_source_wipe(struct buf *b);

#endif
