/*
 * member: one file of an export while it is written, a gzip member made of fragments.
 */
#ifndef AZDAL_STORE_MEMBER_H
#define AZDAL_STORE_MEMBER_H

#include "base/err.h"
#include "base/sys.h"

#include <stddef.h>
#include <stdint.h>

struct member {
    int fd;
    char *path;     /* below the folder; owned */
    char *full;     /* for messages; owned */
    uint64_t size;  /* bytes written */
    uint64_t plain; /* bytes of content noted */
    uint32_t crc;   /* of them */
};

/* Begin the file dir/out/path, with the folders above it. On failure *f is still for member_free.
 * Errors of all: ERR_LOCAL, ERR_FOREIGN (a link). */
int member_open(struct member *f, const struct sys_dir *dir, const char *out, const char *path,
                struct err *e);
/* Put fragments behind what is there: from memory, or `len` bytes at `offset` of the open file fd,
 * which is named `name` in messages; ERR_FOREIGN when it is shorter. */
int member_write(struct member *f, const void *data, size_t len, struct err *e);
int member_copy(struct member *f, int fd, const char *name, uint64_t offset, uint64_t len,
                struct err *e);
/* Note what the fragments hold. */
void member_note(struct member *f, uint32_t crc, uint64_t plain);
/* End the member and close the file; it is synced here where `sync` is set. */
int member_finish(struct member *f, int sync, struct err *e);
/* Release what is left; closes a file that was not finished. */
void member_free(struct member *f);

#endif
