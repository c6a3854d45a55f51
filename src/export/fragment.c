#include "export/fragment.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Bytes of a file that are read at a time. */
#define READ_CHUNK (64U << 10)

/* In z_stream's data_type: inflate has stopped right behind the end of a block. */
#define BLOCK_ENDED 128
/* Empty blocks at the end of a fragment: the mark of a full flush, which zlib repeats where it has
 * filled the room that there was. */
#define FLUSHES_MAX 2

struct fragment {
    int fd;
    const char *path;
    const struct manifest_window *w;
    uint64_t offset, left; /* of the bytes not yet read */
    uint64_t plain;        /* inflated so far */
    uint64_t block;        /* inflated when the last block ended */
    unsigned empty;        /* blocks without text since then */
    int hollow;            /* there was one, and text behind it */
    uint32_t crc;
    z_stream z;
    unsigned char tail[4]; /* the last bytes read */
    unsigned char in[READ_CHUNK];
};

struct fragment *fragment_open(int fd, const char *path, const struct manifest_window *w)
{
    struct fragment *f = mem_zalloc(1, sizeof(*f));

    f->fd = fd;
    f->path = path;
    f->w = w;
    f->offset = w->offset;
    f->left = w->deflated;
    f->crc = (uint32_t)crc32_z(0, NULL, 0);
    if (inflateInit2(&f->z, -15) != Z_OK)
        mem_fail();
    return f;
}

void fragment_close(struct fragment *f)
{
    if (f == NULL)
        return;
    (void)inflateEnd(&f->z);
    free(f);
}

/* It is not what the ledger says. */
static int damaged(const char *why, struct err *e)
{
    return err_set(e, ERR_FOREIGN, "%s", why);
}

/* Remember the last four bytes. */
static void note_tail(struct fragment *f, size_t n)
{
    size_t i;

    for (i = n < 4 ? 0 : n - 4; i < n; i++) {
        memmove(f->tail, f->tail + 1, 3);
        f->tail[3] = f->in[i];
    }
}

/* Make the next bytes of the fragment available. */
static int refill(struct fragment *f, struct err *e)
{
    size_t want = f->left < READ_CHUNK ? (size_t)f->left : READ_CHUNK;
    long n = sys_read_at(f->fd, f->offset, f->in, want, f->path, e);

    if (n < 0)
        return -1;
    if ((size_t)n < want)
        return damaged("the file ends inside the window", e);
    f->z.next_in = f->in;
    f->z.avail_in = (unsigned)n;
    f->offset += want;
    f->left -= want;
    note_tail(f, want);
    return 0;
}

/* A block has ended, with f->plain bytes so far. */
static void note_block(struct fragment *f)
{
    if (f->plain == f->block) {
        f->empty++;
        return;
    }
    f->hollow |= f->empty > 0;
    f->empty = 0;
    f->block = f->plain;
}

int fragment_inflate(struct fragment *f, char *dst, size_t cap, size_t *got, struct err *e)
{
    int ret;

    *got = 0;
    if (f->z.avail_in == 0 && f->left > 0 && refill(f, e) != 0)
        return -1;
    f->z.next_out = (unsigned char *)dst;
    f->z.avail_out = (unsigned)cap;
    do {
        size_t room = f->z.avail_out;

        ret = inflate(&f->z, Z_BLOCK);
        f->plain += room - f->z.avail_out;
        if (ret == Z_OK && (f->z.data_type & BLOCK_ENDED) != 0)
            note_block(f);
    } while (ret == Z_OK && f->z.avail_in > 0 && f->z.avail_out > 0);
    *got = cap - f->z.avail_out;
    f->crc = (uint32_t)crc32_z(f->crc, (unsigned char *)dst, *got);
    if (ret == Z_MEM_ERROR)
        mem_fail();
    if (ret == Z_STREAM_END)
        return damaged("the compressed stream ends inside the window", e);
    if (ret != Z_OK && ret != Z_BUF_ERROR)
        return damaged(f->z.msg != NULL ? f->z.msg : "it cannot be inflated", e);
    if (f->plain > f->w->plain)
        return damaged("more bytes than the ledger says", e);
    return f->z.avail_in > 0 || f->left > 0 || *got > 0;
}

int fragment_read(struct fragment *f, struct buf *out, struct err *e)
{
    size_t got;
    int more;

    buf_reserve(out, FRAGMENT_CHUNK);
    more = fragment_inflate(f, out->data + out->len, FRAGMENT_CHUNK, &got, e);
    out->len += got;
    return more;
}

/* A fragment ends in the mark of a full flush, on a whole byte: whatever comes next begins a new
 * block. */
static int ends_in_flush(struct fragment *f)
{
    static const unsigned char mark[4] = {0, 0, 0xff, 0xff};
    unsigned char end[2] = {3, 0}, none[1];

    f->z.next_in = end;
    f->z.avail_in = sizeof(end);
    f->z.next_out = none;
    f->z.avail_out = sizeof(none);
    return memcmp(f->tail, mark, sizeof(mark)) == 0 && inflate(&f->z, Z_FINISH) == Z_STREAM_END &&
           f->z.avail_in == 0 && f->z.avail_out == sizeof(none);
}

int fragment_check(struct fragment *f, struct err *e)
{
    if (f->plain != f->w->plain)
        return damaged("fewer bytes than the ledger says", e);
    if (f->crc != f->w->crc)
        return damaged("its CRC-32 is not the one in the ledger", e);
    if (!ends_in_flush(f))
        return damaged("the fragment does not end in a full flush", e);
    if (f->hollow || f->empty > FLUSHES_MAX)
        return damaged("the fragment has empty blocks that azdal does not write", e);
    return 0;
}

uint64_t fragment_plain(const struct fragment *f)
{
    return f->plain;
}

uint32_t fragment_crc(const struct fragment *f)
{
    return f->crc;
}
