/* The file of a scope's fragments while a run is unfinished. */
#include "base/fault.h"
#include "base/mem.h"
#include "base/sys.h"
#include "store/segment_impl.h"

#include <stdlib.h>
#include <string.h>

int segment_open(struct segment *s, const struct sys_dir *dir, const char *name, uint64_t size,
                 struct err *e)
{
    struct buf full = {0};
    uint64_t found = 0;
    const char *path;

    memset(s, 0, sizeof(*s));
    buf_printf(&full, "%s/%s", sys_dir_path(dir), name);
    s->path = full.data;
    path = s->path;
    s->fd = sys_dir_file(dir, name, SYS_APPEND_OPEN, e);
    if (s->fd < 0 || sys_file_size(s->fd, &found, path, e) != 0)
        goto fail;
    if (found < size) {
        (void)err_set(e, ERR_FOREIGN, "%s: has %llu bytes, the journal names %llu", path,
                      (unsigned long long)found, (unsigned long long)size);
        goto fail;
    }
    if ((found > size && sys_truncate(s->fd, size, path, e) != 0) ||
        sys_seek(s->fd, size, path, e) != 0)
        goto fail;
    s->size = size;
    return 0;
fail:
    segment_close(s);
    return -1;
}

int segment_open_temporary(struct segment *s, struct err *e)
{
    memset(s, 0, sizeof(*s));
    s->path = mem_strdup("temporary file");
    s->fd = sys_open_temporary(NULL, e);
    if (s->fd >= 0)
        return 0;
    segment_close(s);
    return -1;
}

void segment_close(struct segment *s)
{
    struct err ignored;

    if (s->path != NULL)
        (void)sys_close(s->fd, s->path, &ignored);
    free(s->path);
    memset(s, 0, sizeof(*s));
    s->fd = -1;
}

int segment_append(struct segment *s, const struct segment_result *r, uint64_t *offset,
                   struct err *e)
{
    uint64_t done = 0, in_file = r->fd >= 0 ? r->bytes - r->memory.len : 0;
    char *chunk = in_file > 0 ? mem_alloc(SEGMENT_DEFLATE_CHUNK) : NULL;
    struct err ignored;

    *offset = s->size;
    s->dirty |= r->bytes > 0;
    /* One that failed before has left the place behind what it had written. */
    if (sys_seek(s->fd, s->size, s->path, e) != 0)
        goto fail;
    while (done < in_file) {
        long n = sys_read_at(r->fd, done, chunk, SEGMENT_DEFLATE_CHUNK, "temporary file", e);

        if (n == 0)
            (void)err_set(e, ERR_LOCAL, "temporary file: cut short");
        if (n <= 0 || sys_write(s->fd, chunk, (size_t)n, s->path, e) != 0)
            goto fail;
        done += (uint64_t)n;
    }
    if (r->memory.len > 0 && sys_write(s->fd, r->memory.data, r->memory.len, s->path, e) != 0)
        goto fail;
    free(chunk);
    s->size += r->bytes;
    FAULT("segment-appended");
    return 0;
fail:
    /* On a full disk the journal needs the room. */
    (void)sys_truncate(s->fd, s->size, s->path, &ignored);
    free(chunk);
    return -1;
}

int segment_sync(struct segment *s, struct err *e)
{
    if (!s->dirty)
        return 0;
    if (sys_sync(s->fd, s->path, e) != 0)
        return -1;
    s->dirty = 0;
    FAULT("segment-synced");
    return 0;
}
