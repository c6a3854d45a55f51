#include "read/zip.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/sys.h"
#include "read/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Sizes of the records, without what may follow them. */
#define END_SIZE 22U
#define END64_SIZE 56U
#define LOCATOR_SIZE 20U
#define ENTRY_SIZE 46U
#define HEADER_SIZE 30U
/* Longest comment at the end of an archive. */
#define COMMENT_MAX 65535U
/* Bytes of a member that are read at a time. */
#define CHUNK ((size_t)64 << 10)

static unsigned get16(const unsigned char *p)
{
    return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static uint32_t get32(const unsigned char *p)
{
    return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t get64(const unsigned char *p)
{
    return (uint64_t)get32(p) | (uint64_t)get32(p + 4) << 32;
}

int zip_begins(const unsigned char *p, size_t n)
{
    return n >= 4 && p[0] == 'P' && p[1] == 'K' &&
           ((p[2] == 3 && p[3] == 4) || (p[2] == 5 && p[3] == 6));
}

/* Read n bytes at an offset. */
static int read_at(int fd, const char *path, uint64_t offset, unsigned char *dst, size_t n,
                   struct err *e)
{
    size_t done = 0;

    while (done < n) {
        long got = sys_read_at(fd, offset + done, dst + done, n - done, path, e);

        if (got < 0)
            return -1;
        if (got == 0)
            return err_set(e, ERR_UNTRUSTED, "the zip archive is cut short");
        done += (size_t)got;
    }
    return 0;
}

/* Where the directory is and how large. */
static int find_directory(int fd, const char *path, uint64_t *offset, uint64_t *bytes,
                          struct err *e)
{
    unsigned char *tail, end64[END64_SIZE];
    uint64_t size = 0, n;
    size_t i;
    int ret = -1;

    if (sys_file_size(fd, &size, path, e) != 0)
        return -1;
    n = size < END_SIZE + COMMENT_MAX ? size : END_SIZE + COMMENT_MAX;
    tail = mem_alloc((size_t)n);
    if (read_at(fd, path, size - n, tail, (size_t)n, e) != 0)
        goto out;
    for (i = n < END_SIZE ? 0 : (size_t)n - END_SIZE + 1; i-- > 0;) {
        if (get32(tail + i) == 0x06054b50U)
            break;
    }
    if (n < END_SIZE || i == (size_t)-1) {
        (void)err_set(e, ERR_UNTRUSTED, "the zip archive has no directory: it is cut short");
        goto out;
    }
    *bytes = get32(tail + i + 12);
    *offset = get32(tail + i + 16);
    if (i >= LOCATOR_SIZE && get32(tail + i - LOCATOR_SIZE) == 0x07064b50U) {
        if (read_at(fd, path, get64(tail + i - LOCATOR_SIZE + 8), end64, sizeof(end64), e) != 0)
            goto out;
        if (get32(end64) == 0x06064b50U) {
            *bytes = get64(end64 + 40);
            *offset = get64(end64 + 48);
        }
    }
    if (*bytes > ZIP_DIRECTORY_MAX || *offset > size || *bytes > size - *offset)
        (void)err_set(e, ERR_UNTRUSTED, "the zip archive's directory is damaged or too large");
    else
        ret = 0;
out:
    free(tail);
    return ret;
}

/* Sizes and offset that do not fit into 32 bits stand behind the name. */
static void read_zip64(struct zip_member *m, const unsigned char *p, size_t n)
{
    uint64_t *const wide[] = {&m->plain, &m->packed, &m->offset};
    size_t i;

    while (n >= 4) {
        size_t len = get16(p + 2), at = 4;

        if (len + 4 > n)
            return;
        for (i = 0; get16(p) == 1 && i < 3; i++) {
            if (*wide[i] == UINT32_MAX && at + 8 <= len + 4) {
                *wide[i] = get64(p + at);
                at += 8;
            }
        }
        p += len + 4;
        n -= len + 4;
    }
}

/* Read the entries of the directory. */
static int read_entries(const unsigned char *p, size_t left, struct zip_member **members, size_t *n,
                        struct err *e)
{
    size_t cap = 0;

    while (left >= ENTRY_SIZE && get32(p) == 0x02014b50U) {
        size_t name = get16(p + 28), extra = get16(p + 30), comment = get16(p + 32);
        size_t whole = ENTRY_SIZE + name + extra + comment;
        struct zip_member *m;

        if (whole > left || *n == ZIP_MEMBERS_MAX)
            return err_set(e, ERR_UNTRUSTED, "the zip archive's directory is damaged or too large");
        if (name > 0 && p[ENTRY_SIZE + name - 1] != '/') {
            *members = mem_grow(*members, *n, &cap, sizeof(**members));
            m = &(*members)[(*n)++];
            memset(m, 0, sizeof(*m));
            m->name = slice_dup((struct slice){(const char *)(const void *)(p + ENTRY_SIZE), name});
            m->encrypted = (get16(p + 8) & 1) != 0;
            m->method = get16(p + 10);
            m->crc = get32(p + 16);
            m->packed = get32(p + 20);
            m->plain = get32(p + 24);
            m->offset = get32(p + 42);
            read_zip64(m, p + ENTRY_SIZE + name, extra);
        }
        p += whole;
        left -= whole;
    }
    return 0;
}

int zip_list(int fd, const char *path, struct zip_member **members, size_t *n, struct err *e)
{
    uint64_t offset = 0, bytes = 0;
    unsigned char *directory;
    int ret = -1;

    *members = NULL;
    *n = 0;
    if (find_directory(fd, path, &offset, &bytes, e) != 0)
        return -1;
    directory = mem_alloc((size_t)bytes);
    if (read_at(fd, path, offset, directory, (size_t)bytes, e) == 0)
        ret = read_entries(directory, (size_t)bytes, members, n, e);
    free(directory);
    return ret;
}

void zip_free(struct zip_member *members, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        free(members[i].name);
    free(members);
}

struct zip_reader {
    int fd;
    const char *path;
    struct zip_member m;        /* its name is not used */
    uint64_t offset, left, out; /* of packed bytes to be read, their number, bytes handed out */
    z_stream z;
    uLong crc;
    int done;
    unsigned char in[CHUNK];
};

struct zip_reader *zip_reader_new(int fd, const char *path, const struct zip_member *m,
                                  struct err *e)
{
    unsigned char header[HEADER_SIZE];
    struct zip_reader *r;

    if (read_at(fd, path, m->offset, header, sizeof(header), e) != 0)
        return NULL;
    if (get32(header) != 0x04034b50U) {
        (void)err_set(e, ERR_UNTRUSTED, "the zip archive's directory points at no member");
        return NULL;
    }
    r = mem_zalloc(1, sizeof(*r));
    r->fd = fd;
    r->path = path;
    r->m = *m;
    r->offset = m->offset + HEADER_SIZE + get16(header + 26) + get16(header + 28);
    r->left = m->packed;
    r->crc = crc32(0, Z_NULL, 0);
    if (m->method != 0 && inflateInit2(&r->z, -15) != Z_OK)
        mem_fail();
    return r;
}

void zip_reader_free(struct zip_reader *r)
{
    if (r == NULL)
        return;
    if (r->m.method != 0)
        (void)inflateEnd(&r->z);
    free(r);
}

/* The member came to its end: check it. */
static long finish(struct zip_reader *r, struct err *e)
{
    r->done = 1;
    if (r->out != r->m.plain)
        return err_set(e, ERR_UNTRUSTED,
                       "the zip member holds a different number of bytes than its directory says");
    if (r->crc != r->m.crc)
        return err_set(e, ERR_UNTRUSTED, "the zip member's CRC-32 is not the one in its directory");
    return 0;
}

/* Packed bytes of the member, as many as there are at once. */
static long more(struct zip_reader *r, void *dst, size_t cap, struct err *e)
{
    long n;

    if (cap > r->left)
        cap = (size_t)r->left;
    n = cap == 0 ? 0 : sys_read_at(r->fd, r->offset, dst, cap, r->path, e);
    if (n > 0) {
        r->left -= (uint64_t)n;
        r->offset += (uint64_t)n;
    }
    return n;
}

/* Whether the member grows more than logs do. */
static int is_bomb(const struct zip_reader *r)
{
    uint64_t used = r->m.packed - r->left;

    return r->out > UNPACK_RATIO_FREE_BYTES && r->out / UNPACK_RATIO_MAX > used;
}

/* Read of a member that is deflated. */
static long inflate_some(struct zip_reader *r, void *dst, size_t cap, struct err *e)
{
    size_t got = 0;

    while (got == 0) {
        int status;

        if (r->z.avail_in == 0) {
            long n = more(r, r->in, sizeof(r->in), e);

            if (n < 0)
                return -1;
            r->z.next_in = r->in;
            r->z.avail_in = (uInt)n;
        }
        r->z.next_out = dst;
        r->z.avail_out = (uInt)(cap > UINT32_MAX / 2 ? UINT32_MAX / 2 : cap);
        status = inflate(&r->z, Z_NO_FLUSH);
        got = (size_t)((unsigned char *)r->z.next_out - (unsigned char *)dst);
        if (status == Z_STREAM_END && got == 0)
            return finish(r, e);
        if (got == 0 && status != Z_OK) {
            r->done = 1;
            return status == Z_BUF_ERROR ? err_set(e, ERR_UNTRUSTED, "the zip member is cut short")
                                         : err_set(e, ERR_UNTRUSTED, "damaged zip member (%s)",
                                                   r->z.msg == NULL ? "no reason given" : r->z.msg);
        }
    }
    return (long)got;
}

long zip_reader_read(struct zip_reader *r, void *dst, size_t cap, struct err *e)
{
    long n;

    if (r->done)
        return 0;
    n = r->m.method == 0 ? more(r, dst, cap, e) : inflate_some(r, dst, cap, e);
    if (n > 0) {
        r->out += (uint64_t)n;
        r->crc = crc32(r->crc, dst, (uInt)n);
        if (is_bomb(r)) {
            r->done = 1;
            return err_set(e, ERR_UNTRUSTED, "expands more than 250-fold: not read any further");
        }
    }
    return n == 0 && !r->done ? finish(r, e) : n;
}
