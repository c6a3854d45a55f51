#include "read/bytes.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Bytes read at a time: large enough that the system call does not count. */
#define RAW_CHUNK (128U << 10)

/* What is known of standard input. Set once, before threads read. */
static struct {
    int fd; /* a file that has what it held, or -1 */
    unsigned char head[BYTES_HEAD];
    size_t n; /* bytes in head, which were read from it already */
} standard = {-1, {0}, 0};

void bytes_spooled(int fd)
{
    standard.fd = fd;
}

int bytes_spool(void)
{
    return standard.fd;
}

void bytes_began(const unsigned char *head, size_t n)
{
    memcpy(standard.head, head, n);
    standard.n = n;
}

/* An input that is not open. */
static void begin(struct bytes *r, const char *path)
{
    memset(r, 0, sizeof(*r));
    r->fd = -1;
    r->offset = UINT64_MAX;
    r->path = mem_strdup(path);
}

int bytes_open(struct bytes *r, const char *path, int inside, struct err *e)
{
    begin(r, path);
    r->standard = strcmp(path, "-") == 0;
    if (!r->standard)
        r->fd = inside ? sys_open_inside(path, e) : sys_open(path, SYS_READ, e);
    else
        r->fd = standard.fd < 0 ? 0 : standard.fd;
    if (r->fd < 0)
        return -1;
    r->data = mem_alloc(RAW_CHUNK);
    if (r->standard && standard.fd >= 0) {
        r->offset = 0;
    } else if (r->standard) {
        memcpy(r->data, standard.head, standard.n);
        r->len = standard.n;
        r->total = standard.n;
        standard.n = 0;
    }
    return 0;
}

void bytes_open_fd(struct bytes *r, int fd, const char *path)
{
    begin(r, path);
    r->fd = fd;
    r->data = mem_alloc(RAW_CHUNK);
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
    if (cap == 0)
        return 0;
    n = r->offset == UINT64_MAX ? sys_read(r->fd, dst, cap, r->path, e)
                                : sys_read_at(r->fd, r->offset, dst, cap, r->path, e);
    if (n > 0 && r->offset != UINT64_MAX)
        r->offset += (uint64_t)n;
    return n;
}

void bytes_close(struct bytes *r)
{
    struct err ignored;

    zip_reader_free(r->member);
    if (r->fd > 0 && !r->standard)
        (void)sys_close(r->fd, r->path, &ignored);
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
