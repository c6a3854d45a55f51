/*
 * spool: standard input kept, so that it can be read twice: compressed, in a temporary file without
 * a name, which is gone when the process ends.
 */
#ifndef AZDAL_READ_SPOOL_H
#define AZDAL_READ_SPOOL_H

#include "base/err.h"

/* Read all of standard input into such a file, from which "-" is read from then on. Returns the
 * file, which spool_close closes, or -1 with ERR_LOCAL. */
int spool_open(struct err *e);
/* fd -1 is accepted. */
void spool_close(int fd);

#endif
