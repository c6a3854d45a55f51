/*
 * spool: standard input kept, so that it can be read twice: compressed, in a temporary file without
 * a name, which is gone when the process ends.
 */
#ifndef AZDAL_READ_SPOOL_H
#define AZDAL_READ_SPOOL_H

#include "base/err.h"

/* Read all of standard input into such a file, from which "-" is read from then on; archives: only
 * where it is a zip archive, whose directory stands at its end. 0, and *fd is the file, which
 * spool_close closes, or -1 where none was made; -1 with ERR_LOCAL. */
int spool_open(int archives, int *fd, struct err *e);
/* fd -1 is accepted. */
void spool_close(int fd);

#endif
