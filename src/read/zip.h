/*
 * zip: the members of a zip archive, found by its directory (zip64 as well) and unpacked one at a
 * time. Stored and deflated members are read; the directory knows sizes and checksums, so that data
 * descriptors do not matter.
 */
#ifndef AZDAL_READ_ZIP_H
#define AZDAL_READ_ZIP_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of a directory that are read: 100,000 members with long names. */
#define ZIP_DIRECTORY_MAX ((uint64_t)32 << 20)
/* Members that are listed; an archive by hour has 8,784 a year. */
#define ZIP_MEMBERS_MAX 200000

struct zip_member {
    char *name;
    uint64_t offset, packed, plain; /* of its header; sizes in bytes */
    uint32_t crc;
    unsigned method; /* 0 stored, 8 deflated */
    int encrypted;
};

/* Whether the bytes begin as a zip archive does. */
int zip_begins(const unsigned char *p, size_t n);

/* List the members of the open archive fd, folders left out. The caller frees with zip_free, also
 * after a failure. Errors: ERR_LOCAL, ERR_UNTRUSTED. */
int zip_list(int fd, const char *path, struct zip_member **members, size_t *n, struct err *e);
void zip_free(struct zip_member *members, size_t n);

struct zip_reader; /* one member being unpacked */

/* Begin to read a member from the open archive fd (borrowed). NULL with what is wrong. */
struct zip_reader *zip_reader_new(int fd, const char *path, const struct zip_member *m,
                                  struct err *e);
void zip_reader_free(struct zip_reader *r);
/* Read up to cap bytes. Returns their number, 0 at the end, -1 with what is damaged. */
long zip_reader_read(struct zip_reader *r, void *dst, size_t cap, struct err *e);

#endif
