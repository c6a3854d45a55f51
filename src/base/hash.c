#include "base/hash.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>

/* Bytes read at a time: large enough that the system call does not count. */
#define HASH_CHUNK (256U << 10)

/* The state belongs to sys_sha256_*; the name keeps callers from passing something else. */
struct hash {
    void *state;
};

struct hash *hash_new(void)
{
    struct hash *h = mem_zalloc(1, sizeof(*h));

    h->state = sys_sha256_new();
    return h;
}

void hash_free(struct hash *h)
{
    if (h == NULL)
        return;
    sys_sha256_free(h->state);
    free(h);
}

void hash_update(struct hash *h, const void *data, size_t len)
{
    sys_sha256_update(h->state, data, len);
}

void hash_final(struct hash *h, char hex[HASH_HEX_MAX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[32];
    size_t i;

    sys_sha256_final(h->state, digest);
    for (i = 0; i < sizeof(digest); i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
}

void hash_bytes(const void *data, size_t len, char hex[HASH_HEX_MAX])
{
    struct hash *h = hash_new();

    hash_update(h, data, len);
    hash_final(h, hex);
    hash_free(h);
}

int hash_part(int fd, uint64_t at, uint64_t len, const char *path, char hex[HASH_HEX_MAX],
              struct err *e)
{
    struct hash *h = hash_new();
    char *chunk = mem_alloc(HASH_CHUNK);
    long n;

    do {
        n = sys_read_at(fd, at, chunk, len < HASH_CHUNK ? (size_t)len : HASH_CHUNK, path, e);
        hash_update(h, chunk, n > 0 ? (size_t)n : 0);
        at += n > 0 ? (uint64_t)n : 0;
        len -= n > 0 ? (uint64_t)n : 0;
    } while (n > 0 && len > 0);
    if (n >= 0)
        hash_final(h, hex);
    free(chunk);
    hash_free(h);
    return n < 0 ? -1 : 0;
}

int hash_fd(int fd, const char *path, char hex[HASH_HEX_MAX], struct err *e)
{
    return hash_part(fd, 0, UINT64_MAX, path, hex, e);
}

int hash_below(const struct sys_dir *d, const char *name, char hex[HASH_HEX_MAX], struct err *e)
{
    int fd = sys_dir_file(d, name, SYS_READ, e), ret;
    struct err ignored;

    if (fd < 0)
        return -1;
    ret = hash_fd(fd, name, hex, e);
    (void)sys_close(fd, name, &ignored);
    return ret;
}
