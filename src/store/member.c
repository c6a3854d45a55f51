#include "store/member.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/gzip_file.h"
#include "store/folder.h"
#include "store/segment.h"

#include <stdlib.h>
#include <string.h>

/* Bytes copied at a time. */
#define MEMBER_CHUNK (256U << 10)

int member_open(struct member *f, const struct sys_dir *dir, const char *out, const char *path,
                struct err *e)
{
    char *name = folder_join(out, path);

    memset(f, 0, sizeof(*f));
    f->path = mem_strdup(path);
    f->full = folder_join(sys_dir_path(dir), name);
    f->fd = folder_make_above(dir, name, e) != 0 ? -1 : sys_dir_file(dir, name, SYS_REPLACE, e);
    free(name);
    if (f->fd < 0 || sys_write(f->fd, gzip_file_header, GZIP_FILE_HEADER, f->full, e) != 0)
        return -1;
    f->size = GZIP_FILE_HEADER;
    return 0;
}

int member_finish(struct member *f, int sync, struct err *e)
{
    unsigned char t[GZIP_FILE_TRAILER];
    int fd = f->fd;

    gzip_file_trailer(f->crc, f->plain, t);
    if (sys_write(fd, t, sizeof(t), f->full, e) != 0 || (sync && sys_sync(fd, f->full, e) != 0))
        return -1;
    f->size += sizeof(t);
    f->fd = -1;
    return sys_close(fd, f->full, e);
}

void member_free(struct member *f)
{
    struct err ignored;

    if (f->fd >= 0)
        (void)sys_close(f->fd, f->full, &ignored);
    free(f->path);
    free(f->full);
    memset(f, 0, sizeof(*f));
    f->fd = -1;
}

int member_copy(struct member *f, int fd, const char *name, uint64_t offset, uint64_t len,
                struct err *e)
{
    char *chunk = mem_alloc(MEMBER_CHUNK);
    uint64_t end = offset + len;

    while (offset < end) {
        size_t want = end - offset > MEMBER_CHUNK ? MEMBER_CHUNK : (size_t)(end - offset);
        long n = sys_read_at(fd, offset, chunk, want, name, e);

        if (n >= 0 && (size_t)n != want)
            n = err_set(e, ERR_FOREIGN, "%s: shorter than the ledger says", name);
        if (n < 0 || sys_write(f->fd, chunk, want, f->full, e) != 0) {
            free(chunk);
            return -1;
        }
        offset += want;
    }
    free(chunk);
    f->size += len;
    return 0;
}

int member_write(struct member *f, const void *data, size_t len, struct err *e)
{
    if (sys_write(f->fd, data, len, f->full, e) != 0)
        return -1;
    f->size += len;
    return 0;
}

void member_note(struct member *f, uint32_t crc, uint64_t plain)
{
    f->crc = gzip_file_crc_append(f->crc, crc, plain);
    f->plain += plain;
}
