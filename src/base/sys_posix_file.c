#define _GNU_SOURCE
#include "base/sys.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file operation failed: "<verb> <path>: <reason>". */
static int fail(struct err *e, const char *verb, const char *path)
{
    return err_set_os(e, ERR_LOCAL, errno, "%s %s", verb, path);
}

int sys_open(const char *path, enum sys_open_mode mode, struct err *e)
{
    static const int flags[] = {O_RDONLY, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
                                O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW,
                                O_RDWR | O_CREAT | O_NOFOLLOW};
    int fd;

    do
        fd = open(path, flags[mode] | O_CLOEXEC, 0600);
    while (fd < 0 && errno == EINTR && !sys_interrupted());
    return fd < 0 ? fail(e, mode == SYS_READ ? "open" : "create", path) : fd;
}

int sys_open_inside(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    return fd < 0 ? fail(e, "open", path) : fd;
}

long sys_read(int fd, void *data, size_t len, const char *path, struct err *e)
{
    ssize_t n;

    do
        n = read(fd, data, len);
    while (n < 0 && errno == EINTR && !sys_interrupted());
    return n < 0 ? fail(e, "read", path) : n;
}

long sys_read_at(int fd, uint64_t offset, void *data, size_t len, const char *path, struct err *e)
{
    size_t got = 0;

    while (got < len) {
        ssize_t n = pread(fd, (char *)data + got, len - got, (off_t)(offset + got));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(e, "read", path);
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (long)got;
}

int sys_write(int fd, const void *data, size_t len, const char *path, struct err *e)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(e, "write", path);
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int sys_seek(int fd, uint64_t offset, const char *path, struct err *e)
{
    return lseek(fd, (off_t)offset, SEEK_SET) < 0 ? fail(e, "seek in", path) : 0;
}

int sys_truncate(int fd, uint64_t size, const char *path, struct err *e)
{
    return ftruncate(fd, (off_t)size) != 0 ? fail(e, "cut", path) : 0;
}

int sys_file_size(int fd, uint64_t *size, const char *path, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fail(e, "read", path);
    *size = (uint64_t)st.st_size;
    return 0;
}

int sys_sync(int fd, const char *path, struct err *e)
{
    return fdatasync(fd) != 0 && errno != EINVAL ? fail(e, "sync", path) : 0;
}

int sys_close(int fd, const char *path, struct err *e)
{
    if (fd < 0)
        return 0;
    return close(fd) != 0 && errno != EINTR ? fail(e, "close", path) : 0;
}

enum sys_kind sys_kind(const char *path)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? SYS_MISSING : SYS_OTHER;
    if (S_ISREG(st.st_mode))
        return SYS_FILE;
    if (S_ISDIR(st.st_mode))
        return SYS_FOLDER;
    return S_ISLNK(st.st_mode) ? SYS_LINK : SYS_OTHER;
}

char *sys_real_path(const char *path)
{
    return realpath(path, NULL);
}

char sys_separator(const char *path)
{
    (void)path;
    return '/';
}

/* Make the name of a new folder durable, where the folder above may be read. */
static int sync_above(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *above = slash == NULL ? mem_strdup(".")
                                : slice_dup((struct slice){path, (size_t)(slash - path) + 1});
    int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = 0;

    if (fd >= 0) {
        ret = fsync(fd) != 0 && errno != EINVAL ? fail(e, "sync", above) : 0;
        (void)close(fd);
    }
    free(above);
    return ret;
}

/* Create one folder, or find it. A link to a folder is the user's own choice. */
static int make_or_find(const char *path, struct err *e)
{
    struct stat st;
    int why;

    if (mkdir(path, 0700) == 0)
        return sync_above(path, e);
    why = errno;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return 0;
        why = ENOTDIR;
    }
    errno = why;
    return fail(e, "create folder", path);
}

int sys_mkdir_all(const char *path, struct err *e)
{
    char *copy = mem_strdup(path), *p;
    int ret = 0;

    for (p = copy + 1; *p != '\0' && ret == 0; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        ret = make_or_find(copy, e);
        *p = '/';
    }
    if (ret == 0)
        ret = make_or_find(copy, e);
    free(copy);
    return ret;
}

int sys_remove_folder(const char *path, struct err *e)
{
    return rmdir(path) != 0 && errno != ENOENT ? fail(e, "remove folder", path) : 0;
}

int sys_list(const char *path, int (*fn)(const char *name, enum sys_kind kind, void *arg),
             void *arg, struct err *e)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort), i, ret = 0;

    if (n < 0)
        return fail(e, "read folder", path);
    for (i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        struct buf full = {0};

        if (ret == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            buf_printf(&full, "%s/%s", path, name);
            ret = fn(name, sys_kind(full.data), arg);
        }
        buf_free(&full);
        free(entries[i]);
    }
    free(entries);
    return ret;
}

int sys_lock(int fd, const char *path, struct err *e)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    return errno == EWOULDBLOCK ? 1 : fail(e, "lock", path);
}

int sys_same_file(int fd, const char *path)
{
    struct stat a, b;

    return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

int sys_open_temporary(const char *folder, struct err *e)
{
    struct buf path = {0};
    int fd;

    if (folder == NULL)
        folder = getenv("TMPDIR");
    if (folder == NULL || *folder == '\0')
        folder = "/tmp";
    buf_printf(&path, "%s/azdal.XXXXXX", folder);
    fd = mkostemp(path.data, O_CLOEXEC);
    if (fd < 0)
        (void)fail(e, "create a temporary file in", folder);
    else
        (void)unlink(path.data);
    buf_free(&path);
    return fd;
}
