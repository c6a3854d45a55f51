/*
 * hash: SHA-256, the digest of every file and content in an export. The work is done by the
 * system's library (sys_sha256_* in sys.h): libcrypto, or CNG on Windows.
 */
#ifndef AZDAL_BASE_HASH_H
#define AZDAL_BASE_HASH_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Room for 64 hexadecimal digits and '\0'. */
#define HASH_HEX_MAX 65

struct sys_dir;
struct hash; /* a running SHA-256 */

/* A new running digest. */
struct hash *hash_new(void);
void hash_free(struct hash *h);
/* Add bytes. */
void hash_update(struct hash *h, const void *data, size_t len);
/* Write the digest in lower-case hexadecimal; *h is then as new. */
void hash_final(struct hash *h, char hex[HASH_HEX_MAX]);

/* Digest of one piece of memory. */
void hash_bytes(const void *data, size_t len, char hex[HASH_HEX_MAX]);
/* Digest of `len` bytes at a place of an open file or up to its end, of a whole open file (its
 * place stays), and of a file below a folder (sys_dir). Errors: ERR_LOCAL naming the path. */
int hash_part(int fd, uint64_t at, uint64_t len, const char *path, char hex[HASH_HEX_MAX],
              struct err *e);
int hash_fd(int fd, const char *path, char hex[HASH_HEX_MAX], struct err *e);
int hash_below(const struct sys_dir *d, const char *name, char hex[HASH_HEX_MAX], struct err *e);

#endif
