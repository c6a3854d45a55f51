/* What is the same on every system, once there is sys_open and the like. */
#include "base/sys.h"

#include <string.h>

/* Read all of an open file, which is closed. */
static int read_all(int fd, const char *path, size_t max_bytes, struct buf *out, struct err *e)
{
    struct err ignored;
    uint64_t size = 0;
    int ret = -1;
    long n = 0;

    if (fd < 0)
        return -1;
    buf_clear(out);
    if (sys_file_size(fd, &size, path, e) != 0)
        goto out;
    do {
        out->len += (size_t)n;
        /* What is too large is not read before that is said; a pipe has no size. */
        if (out->len > max_bytes || size > max_bytes) {
            (void)err_set(e, ERR_UNTRUSTED, "%s: larger than %zu bytes", path, max_bytes);
            goto out;
        }
        buf_reserve(out, 65536);
        n = sys_read(fd, out->data + out->len, out->cap - out->len, path, e);
    } while (n > 0);
    ret = n < 0 ? -1 : 0;
out:
    (void)sys_close(fd, path, &ignored);
    return ret;
}

int sys_read_file(const char *path, size_t max_bytes, struct buf *out, struct err *e)
{
    return read_all(sys_open(path, SYS_READ, e), path, max_bytes, out, e);
}

int sys_dir_read(const struct sys_dir *d, const char *name, size_t max_bytes, struct buf *out,
                 struct err *e)
{
    struct buf path = {0};
    int ret;

    buf_printf(&path, "%s/%s", sys_dir_path(d), name);
    ret = read_all(sys_dir_file(d, name, SYS_READ, e), path.data, max_bytes, out, e);
    buf_free(&path);
    return ret;
}

int sys_dir_remove_open(const struct sys_dir *d, int fd, const char *name, struct err *e)
{
    struct err ignored;
    int ret = sys_dir_remove(d, name, e);

    (void)sys_close(fd, name, &ignored);
    return ret;
}

int sys_dir_name_is_safe(const char *name)
{
    if (*name == '\0')
        return 1;
    for (;;) {
        size_t n = strcspn(name, "/");

        if (n == 0 || (name[0] == '.' && (n == 1 || (n == 2 && name[1] == '.'))) ||
            memchr(name, '\\', n) != NULL)
            return 0;
        if (name[n] == '\0')
            return 1;
        name += n + 1;
    }
}
