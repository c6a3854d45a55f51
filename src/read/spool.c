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

static const char spool_name[] = "standard input";

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
        if (sys_write(fd, out, CHUNK - z->avail_out, "temporary file", e) != 0)
            return -1;
    } while (z->avail_out == 0);
    return 0;
}

/* Copy standard input to fd. */
static int copy(int fd, struct err *e)
{
    unsigned char *in = mem_alloc(CHUNK), *out = mem_alloc(CHUNK);
    z_stream z = {0};
    int ret = 0, first = 1, raw = 0;
    long n = 0;

    if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        mem_fail();
    while (ret == 0 && (n = sys_read(0, in, CHUNK, spool_name, e)) > 0) {
        if (first)
            raw = is_packed(in, (size_t)n);
        first = 0;
        z.next_in = in;
        z.avail_in = (uInt)n;
        ret = raw ? sys_write(fd, in, (size_t)n, "temporary file", e) : pack(&z, fd, out, 0, e);
    }
    if (n < 0)
        ret = -1;
    if (ret == 0 && !raw && !first)
        ret = pack(&z, fd, out, 1, e);
    (void)deflateEnd(&z);
    free(in);
    free(out);
    return ret;
}

int spool_open(struct err *e)
{
    int fd = sys_open_temporary(NULL, e);

    if (fd < 0)
        return -1;
    if (copy(fd, e) != 0) {
        spool_close(fd);
        return -1;
    }
    bytes_spooled(fd);
    return fd;
}

void spool_close(int fd)
{
    struct err ignored = {0};

    bytes_spooled(-1);
    (void)sys_close(fd, "temporary file", &ignored);
}
