/*
 * secret: what holds a token is overwritten before its memory is given back or used again.
 */
#ifndef AZDAL_NET_SECRET_H
#define AZDAL_NET_SECRET_H

#include "base/buf.h"

/* Overwrite all that b has room for and empty it; the memory stays. */
void secret_wipe(struct buf *b);
/* The same, and free the memory. */
void secret_free(struct buf *b);
/* Overwrite a terminated text and free it; NULL is accepted. */
void secret_text_free(char *text);

#endif
