#include "read/spool.h"

#include "base/mem.h"
#include "base/sys.h"
#include "read/bytes.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Bytes read and written at a time. */
#define CHUNK (128U << 10)
/* Level of compression: reading it again must not wait for it. */
#define LEVEL 1
/* zlib's number for a gzip header around the largest window. */
#define GZIP_WINDOW (15 + 16)

static const char spool_name[] = "standard input", temporary[] = "temporary file";

/* Whether the first bytes are those of gzip or zip: packed once more they would not be known. */
static int is_packed(const unsigned char *data, size_t len)
{
    return len >= 2 && ((data[0] == 0x1f && data[1] == 0x8b) || (data[0] == 'P' && data[1] == 'K'));
}

/* Compress what is in z and write it; finish: it is the last. */
static int pack(z_stream *z, int fd, unsigned char *out, int finish, struct err *e)
{
    do {
        z->next_out = out;
        z->avail_out = CHUNK;
        if (deflate(z, finish ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
            return err_set(e, ERR_INTERNAL, "%s: zlib", spool_name);
        if (sys_write(fd, out, CHUNK - z->avail_out, temporary, e) != 0)
            return -1;
    } while (z->avail_out == 0);
    return 0;
}

/* Copy standard input, n bytes of whose start stand in head, to fd. */
static int copy(int fd, const unsigned char *head, size_t n, struct err *e)
{
    unsigned char *in = mem_alloc(CHUNK), *out = mem_alloc(CHUNK);
    z_stream z = {0};
    int ret = 0, raw = is_packed(head, n), any = n > 0;
    long more = (long)n;

    memcpy(in, head, n);
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        mem_fail();
    while (ret == 0 && more > 0) {
        z.next_in = in;
        z.avail_in = (uInt)more;
        ret = raw ? sys_write(fd, in, (size_t)more, temporary, e) : pack(&z, fd, out, 0, e);
        more = ret != 0 ? 0 : sys_read(0, in, CHUNK, spool_name, e);
    }
    if (more < 0)
        ret = -1;
    if (ret == 0 && !raw && any)
        ret = pack(&z, fd, out, 1, e);
    (void)deflateEnd(&z);
    free(in);
    free(out);
    return ret;
}

/* Read the first bytes of standard input, fewer where it ends. Returns their number, or -1. */
static long read_head(unsigned char head[BYTES_HEAD], struct err *e)
{
    size_t n = 0;

    while (n < BYTES_HEAD) {
        long more = sys_read(0, head + n, BYTES_HEAD - n, spool_name, e);

        if (more < 0)
            return -1;
        if (more == 0)
            break;
        n += (size_t)more;
    }
    return (long)n;
}

int spool_open(int archives, int *fd, struct err *e)
{
    unsigned char head[BYTES_HEAD];
    long n = read_head(head, e);

    *fd = -1;
    if (n < 0)
        return -1;
    if (archives && !zip_begins(head, (size_t)n)) {
        bytes_began(head, (size_t)n);
        return 0;
    }
    *fd = sys_open_temporary(NULL, e);
    if (*fd < 0)
        return -1;
    if (copy(*fd, head, (size_t)n, e) != 0) {
        spool_close(*fd);
        *fd = -1;
        return -1;
    }
    bytes_spooled(*fd);
    return 0;
}

void spool_close(int fd)
{
    struct err ignored = {0};

    if (fd < 0)
        return;
    bytes_spooled(-1);
    (void)sys_close(fd, temporary, &ignored);
}
