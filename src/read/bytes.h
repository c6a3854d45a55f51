/*
 * bytes: the bytes of a file or of standard input as they are, a piece at a time: for
 * unpack.c, which unpacks them, and for what looks at them before: spool.c and input_file.c.
 */
#ifndef AZDAL_READ_BYTES_H
#define AZDAL_READ_BYTES_H

#include "base/err.h"

#include "read/zip.h"

#include <stdint.h>

/* Bytes of standard input that may be looked at before it is read. */
#define BYTES_HEAD 4

/* Where bytes come from, and those that were read and not used yet: data[at] up to data[len]. */
struct bytes {
    char *path;
    int fd;
    unsigned char *data;
    size_t at, len;
    int ended;                 /* there is no more to read */
    int standard;              /* standard input, or what keeps it: not closed */
    uint64_t offset;           /* of the next byte in the file; UINT64_MAX: one behind the other */
    uint64_t total;            /* bytes that were read */
    struct zip_reader *member; /* a member of the archive is read, not the file; or NULL */
};

/* Open a file, or standard input (path "-"). inside: a link in the last part of path is refused.
 * 0, or -1 with ERR_LOCAL. bytes_close releases, also after failure. */
int bytes_open(struct bytes *r, const char *path, int inside, struct err *e);
/* The same of a file that is open; it becomes r's. */
void bytes_open_fd(struct bytes *r, int fd, const char *path);
/* From now on read standard input from this file, from its start each time; -1: no longer. */
void bytes_spooled(int fd);
/* That file, or -1. */
int bytes_spool(void);
/* These n bytes (at most BYTES_HEAD) were read from standard input: it begins with them. */
void bytes_began(const unsigned char *head, size_t n);
/* Read a member of the archive that was opened. Right behind bytes_open. */
int bytes_member(struct bytes *r, const struct zip_member *m, struct err *e);
void bytes_close(struct bytes *r);

/* Have at least `need` unused bytes (few: at most 16) unless the input ends. 0, or -1 when reading
 * fails, which ends the input. */
int bytes_fill(struct bytes *r, size_t need, struct err *e);

/* Copy or read up to cap bytes to dst. Returns their number, 0 at the end, -1 as bytes_fill. */
long bytes_read(struct bytes *r, char *dst, size_t cap, struct err *e);

#endif
