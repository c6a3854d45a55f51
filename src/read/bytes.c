#include "read/bytes.h"

#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Bytes read at a time: large enough that the system call does not count. */
#define RAW_CHUNK (128U << 10)

/* A file that has what standard input held, or -1. Set once, before threads read. */
static int spooled = -1;

void bytes_spooled(int fd)
{
    spooled = fd;
}

/* An input that is not open. */
static int begin(struct bytes *r, const char *path, struct err *e)
{
    memset(r, 0, sizeof(*r));
    r->fd = -1;
    r->left = UINT64_MAX;
    r->path = slice_dup(slice_of(path));
    return r->path == NULL ? err_memory(e, path) : 0;
}

int bytes_open(struct bytes *r, const char *path, int inside, struct err *e)
{
    if (begin(r, path, e) != 0)
        return -1;
    if (strcmp(path, "-") == 0 && !inside)
        r->fd = spooled < 0 ? 0 : sys_seek(spooled, 0, path, e) == 0 ? spooled : -1;
    else
        r->fd = inside ? sys_open_inside(path, e) : sys_open(path, SYS_READ, e);
    if (r->fd < 0)
        return -1;
    r->data = malloc(RAW_CHUNK);
    r->owned = 1;
    return r->data == NULL ? err_memory(e, path) : 0;
}

int bytes_open_memory(struct bytes *r, struct slice bytes, struct err *e)
{
    if (begin(r, "memory", e) != 0)
        return -1;
    /* Never written through: what is not owned is only read. */
    r->data = (unsigned char *)(uintptr_t)bytes.data;
    r->len = bytes.len;
    r->total = bytes.len;
    r->ended = 1;
    return 0;
}

int bytes_limit(struct bytes *r, uint64_t offset, uint64_t left, struct err *e)
{
    r->left = left;
    return sys_seek(r->fd, offset, r->path, e);
}

int bytes_member(struct bytes *r, const struct zip_member *m, struct err *e)
{
    r->member = zip_reader_new(r->fd, r->path, m, e);
    return r->member == NULL ? -1 : 0;
}

/* Read from where the bytes come from. */
static long pull(struct bytes *r, void *dst, size_t cap, struct err *e)
{
    long n;

    if (r->member != NULL)
        return zip_reader_read(r->member, dst, cap, e);
    if (cap > r->left)
        cap = (size_t)r->left;
    n = cap == 0 ? 0 : sys_read(r->fd, dst, cap, r->path, e);
    if (n > 0)
        r->left -= (uint64_t)n;
    return n;
}

void bytes_close(struct bytes *r)
{
    struct err ignored;

    zip_reader_free(r->member);
    if (r->fd > 0 && r->fd != spooled)
        (void)sys_close(r->fd, r->path, &ignored);
    if (r->owned)
        free(r->data);
    free(r->path);
    memset(r, 0, sizeof(*r));
    r->fd = -1;
}

int bytes_fill(struct bytes *r, size_t need, struct err *e)
{
    if (r->ended || r->len - r->at >= need)
        return 0;
    memmove(r->data, r->data + r->at, r->len - r->at);
    r->len -= r->at;
    r->at = 0;
    while (!r->ended && r->len < need) {
        long n = pull(r, r->data + r->len, RAW_CHUNK - r->len, e);

        r->ended = n <= 0;
        if (n < 0)
            return -1;
        r->len += (size_t)n;
        r->total += (uint64_t)n;
    }
    return 0;
}

long bytes_read(struct bytes *r, char *dst, size_t cap, struct err *e)
{
    long n;

    if (r->at < r->len) {
        size_t some = r->len - r->at < cap ? r->len - r->at : cap;

        memcpy(dst, r->data + r->at, some);
        r->at += some;
        return (long)some;
    }
    if (r->ended)
        return 0;
    n = pull(r, dst, cap, e);
    r->ended = n <= 0;
    return n;
}
