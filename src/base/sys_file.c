/* What is the same on every system, once there is sys_open and the like. */
#include "base/sys.h"

int sys_read_file(const char *path, size_t max_bytes, struct buf *out, struct err *e)
{
    int fd = sys_open(path, SYS_READ, e), ret = -1;
    struct err ignored;
    long n = 0;

    if (fd < 0)
        return -1;
    buf_clear(out);
    do {
        out->len += (size_t)n;
        if (out->len > max_bytes) {
            (void)err_set(e, ERR_UNTRUSTED, "%s: larger than %zu bytes", path, max_bytes);
            goto out;
        }
        if (buf_reserve(out, 65536) != 0) {
            (void)err_memory(e, path);
            goto out;
        }
        n = sys_read(fd, out->data + out->len, out->cap - out->len, path, e);
    } while (n > 0);
    ret = n < 0 ? -1 : 0;
out:
    (void)sys_close(fd, path, &ignored);
    return ret;
}
