/* Below a folder that is held open, on POSIX systems: openat and the like, a step at a time. */
#define _GNU_SOURCE
#include "base/sys_posix_dir.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of the longest message's path. */
#define SYS_PATH_SHOWN 1024

/* "DIR/name" for a message. */
static const char *shown(const struct sys_dir *d, const char *name, char text[SYS_PATH_SHOWN])
{
    (void)snprintf(text, SYS_PATH_SHOWN, "%s%s%s", d->path, *name == '\0' ? "" : "/", name);
    return text;
}

/* "<verb> <path>: <reason>". */
static int fail(struct err *e, const char *verb, const struct sys_dir *d, const char *name)
{
    char text[SYS_PATH_SHOWN];
    int number = errno;

    return err_set_os(e, ERR_LOCAL, number, "%s %s", verb, shown(d, name, text));
}

/* Something stands there that we never put there. */
static int foreign(struct err *e, const struct sys_dir *d, const char *name, const char *what)
{
    char text[SYS_PATH_SHOWN];

    return err_set(e, ERR_FOREIGN, "%s: %s", shown(d, name, text), what);
}

/* ---- steps ---- */

/* A step failed: as fail(), but a link is foreign. */
static int fail_step(struct err *e, const char *verb, const struct sys_dir *d, const char *name)
{
    if (errno == ELOOP)
        return foreign(e, d, name, "leads through a link, which azdal never creates");
    if (errno == ENOTDIR)
        return foreign(e, d, name,
                       "is not a folder, or its path leads through something that is not");
    return fail(e, verb, d, name);
}

/* ---- the folder ---- */

struct sys_dir *sys_dir_open(const char *path, int follow, struct err *e)
{
    struct sys_dir *d = mem_zalloc(1, sizeof(*d));
    struct stat st;
    size_t n;
    int number;

    d->path = mem_strdup(path);
    d->steps = sys_posix_steps_new();
    /* A slash at the end, or "/.", would follow a link. */
    for (n = strlen(d->path); n > 1; n--) {
        if (d->path[n - 1] == '.' && d->path[n - 2] == '/')
            continue;
        if (d->path[n - 1] != '/')
            break;
    }
    d->path[n] = '\0';
    d->fd = open(d->path, (SYS_POSIX_STEP & ~O_NOFOLLOW) | (follow ? 0 : O_NOFOLLOW));
    if (d->fd >= 0)
        return d;
    number = errno;
    if (!follow && lstat(d->path, &st) == 0 && S_ISLNK(st.st_mode)) {
        (void)err_set(e, ERR_FOREIGN, "%s: is a link", d->path);
    } else {
        errno = number;
        (void)fail(e, "open", d, "");
    }
    sys_dir_close(d);
    return NULL;
}

void sys_dir_close(struct sys_dir *d)
{
    if (d == NULL)
        return;
    if (d->fd >= 0)
        (void)close(d->fd);
    sys_posix_steps_free(d->steps);
    free(d->path);
    free(d);
}

const char *sys_dir_path(const struct sys_dir *d)
{
    return d->path;
}

/* ---- what is there ---- */

/* What is at a name of an open folder; at -1: a step to it has failed, errno says why. */
static void look_at(const struct sys_dir *d, int at, const char *last, struct sys_facts *f)
{
    struct stat st;

    memset(f, 0, sizeof(*f));
    if (at < 0 || fstatat(at, last, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        f->kind = errno == ELOOP                        ? SYS_LINK
                  : errno == ENOENT || errno == ENOTDIR ? SYS_MISSING
                                                        : SYS_FILE;
        f->unseen = f->kind == SYS_FILE ? errno : 0;
        return;
    }
    f->kind = S_ISREG(st.st_mode)   ? SYS_FILE
              : S_ISDIR(st.st_mode) ? SYS_FOLDER
              : S_ISLNK(st.st_mode) ? SYS_LINK
                                    : SYS_OTHER;
    f->ours = d->ownerless || st.st_uid == geteuid();
    f->shared = !d->ownerless && (st.st_mode & 022) != 0;
    f->links = (uint64_t)st.st_nlink;
}

void sys_dir_look(const struct sys_dir *d, const char *name, struct sys_facts *f)
{
    const char *last = NULL;
    int at = sys_posix_step_down(d, name, &last);

    look_at(d, at, last, f);
    sys_posix_step_up(d, at);
}

enum sys_kind sys_dir_kind(const struct sys_dir *d, const char *name)
{
    struct sys_facts f;

    sys_dir_look(d, name, &f);
    return f.kind;
}

int sys_dir_same_file(const struct sys_dir *d, int fd, const char *name)
{
    struct stat a, b;
    const char *last;
    int at = sys_posix_step_down(d, name, &last);
    int same = at >= 0 && fstat(fd, &a) == 0 && fstatat(at, last, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
               a.st_ino == b.st_ino && a.st_dev == b.st_dev;

    sys_posix_step_up(d, at);
    return same;
}

/* ---- files ---- */

/* Whether an open of the last part has failed for what stands there. */
static const char *wrong_kind(int at, const char *last)
{
    struct stat st;
    int number = errno;
    int failed = fstatat(at, last, &st, AT_SYMLINK_NOFOLLOW) != 0;

    errno = number;
    if (failed || S_ISREG(st.st_mode))
        return NULL;
    return S_ISLNK(st.st_mode)   ? "is a link, which azdal never creates"
           : S_ISDIR(st.st_mode) ? "is a folder, not a file"
                                 : "is a pipe, socket or device, not a file";
}

int sys_dir_file(const struct sys_dir *d, const char *name, enum sys_open_mode mode, struct err *e)
{
    static const int flags[] = {O_RDONLY, O_RDWR | O_CREAT | O_EXCL, O_RDWR | O_CREAT,
                                O_RDWR | O_CREAT};
    const char *last, *verb = mode == SYS_READ ? "open" : "create", *wrong;
    struct stat st;
    int at = sys_posix_step_down(d, name, &last), fd;

    if (at < 0)
        return fail_step(e, verb, d, name);
    wrong = wrong_kind(at, last);
    fd = wrong != NULL ? -1
                       : openat(at, last, flags[mode] | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0 && wrong == NULL)
        wrong = wrong_kind(at, last);
    sys_posix_step_up(d, at);
    if (wrong != NULL)
        return foreign(e, d, name, wrong);
    if (fd < 0)
        return fail(e, verb, d, name);
    if (fstat(fd, &st) != 0)
        (void)fail(e, verb, d, name);
    else if (!S_ISREG(st.st_mode))
        (void)foreign(e, d, name, "is neither a file nor a folder");
    else if (mode != SYS_READ && st.st_nlink > 1)
        (void)foreign(e, d, name, "has another name elsewhere (a hard link)");
    else if (mode == SYS_REPLACE && ftruncate(fd, 0) != 0)
        (void)fail(e, verb, d, name);
    else
        return fd;
    (void)close(fd);
    return -1;
}

/* ---- names ---- */

int sys_dir_make(const struct sys_dir *d, const char *name, struct err *e)
{
    const char *last;
    struct stat st;
    int at = sys_posix_step_down(d, name, &last), ret = 0;

    if (at < 0)
        return fail_step(e, "create folder", d, name);
    if (mkdirat(at, last, 0700) != 0) {
        int number = errno, found = fstatat(at, last, &st, AT_SYMLINK_NOFOLLOW) == 0;

        errno = number;
        if (found && S_ISLNK(st.st_mode))
            ret = foreign(e, d, name, "is a link, which azdal never creates");
        else if (found && !S_ISDIR(st.st_mode))
            ret = foreign(e, d, name, "is not a folder");
        else if (number != EEXIST || !found)
            ret = fail(e, "create folder", d, name);
    }
    sys_posix_step_up(d, at);
    return ret;
}

int sys_dir_rename(const struct sys_dir *d, const char *from, const char *to, struct err *e)
{
    const char *last_from, *last_to = NULL;
    int at = sys_posix_step_down(d, from, &last_from), to_at;
    int from_at = at < 0 ? -1 : fcntl(at, F_DUPFD_CLOEXEC, 0), ret = 0;

    sys_posix_step_up(d, at);
    to_at = from_at < 0 ? -1 : sys_posix_step_down(d, to, &last_to);
    if (to_at < 0)
        ret = fail_step(e, "rename to", d, to);
    else if (renameat(from_at, last_from, to_at, last_to) != 0)
        ret = fail(e, "rename to", d, to);
    sys_posix_step_up(d, to_at);
    if (from_at >= 0)
        (void)close(from_at);
    return ret;
}

/* Remove a file or a folder; a missing one is fine. */
static int remove_name(const struct sys_dir *d, const char *name, int flags, const char *verb,
                       struct err *e)
{
    const char *last;
    int at = sys_posix_step_down(d, name, &last), ret = 0;

    if (at < 0)
        ret = errno == ENOENT ? 0 : fail_step(e, verb, d, name);
    else if (unlinkat(at, last, flags) != 0 && errno != ENOENT)
        ret = fail(e, verb, d, name);
    sys_posix_step_up(d, at);
    return ret;
}

int sys_dir_remove(const struct sys_dir *d, const char *name, struct err *e)
{
    return remove_name(d, name, 0, "remove", e);
}

int sys_dir_remove_folder(const struct sys_dir *d, const char *name, struct err *e)
{
    return remove_name(d, name, AT_REMOVEDIR, "remove folder", e);
}

/* The folder of that name, open; -1 with *e. */
static int open_folder(const struct sys_dir *d, const char *name, const char *verb, struct err *e)
{
    const char *last;
    struct stat st;
    int at = sys_posix_step_down(d, name, &last), fd;

    if (at < 0)
        return fail_step(e, verb, d, name);
    fd = openat(at, last, SYS_POSIX_STEP);
    if (fd < 0 && errno == ENOTDIR && fstatat(at, last, &st, AT_SYMLINK_NOFOLLOW) == 0)
        errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    sys_posix_step_up(d, at);
    return fd < 0 ? fail_step(e, verb, d, name) : fd;
}

int sys_dir_temporary(const struct sys_dir *d, const char *name, struct err *e)
{
    char random[SYS_POSIX_RANDOM_MAX];
    int at = open_folder(d, name, "create a temporary file in", e), fd;

    if (at < 0)
        return -1;
    fd = sys_posix_create_random(at, random);
    if (fd < 0)
        (void)fail(e, "create a temporary file in", d, name);
    else
        (void)unlinkat(at, random, 0);
    (void)close(at);
    return fd;
}

struct sys_dir *sys_dir_open_below(const struct sys_dir *d, const char *name, struct err *e)
{
    int fd = open_folder(d, name, "open", e);
    struct sys_dir *below;
    struct buf path = {0};

    if (fd < 0)
        return NULL;
    below = mem_zalloc(1, sizeof(*below));
    buf_printf(&path, "%s/%s", d->path, name);
    below->fd = fd;
    below->ownerless = d->ownerless;
    below->path = path.data;
    below->steps = sys_posix_steps_new();
    return below;
}

int sys_dir_sync(const struct sys_dir *d, const char *name, struct err *e)
{
    int fd = open_folder(d, name, "open", e), ret;

    if (fd < 0)
        return -1;
    ret = fsync(fd) != 0 && errno != EINVAL ? fail(e, "sync", d, name) : 0;
    (void)close(fd);
    return ret;
}

/* For qsort: names as bytes. */
static int compare_names(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* All names of an open folder, sorted; the caller frees them. -1 with errno. */
static int read_names(DIR *folder, struct buf *names)
{
    struct dirent *entry;

    while (errno = 0, (entry = readdir(folder)) != NULL) {
        char *copy;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        copy = mem_strdup(entry->d_name);
        buf_append(names, &copy, sizeof(copy));
    }
    if (names->len > 0)
        qsort(names->data, names->len / sizeof(char *), sizeof(char *), compare_names);
    return errno == 0 ? 0 : -1;
}

int sys_dir_list(const struct sys_dir *d, const char *name,
                 int (*fn)(const char *entry, enum sys_kind kind, void *arg), void *arg,
                 struct err *e)
{
    int fd = open_folder(d, name, "read folder", e), ret;
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    struct buf names = {0};
    struct sys_facts facts;
    char **list;
    size_t i;

    if (folder == NULL) {
        if (fd >= 0) {
            (void)fail(e, "read folder", d, name);
            (void)close(fd);
        }
        return -1;
    }
    ret = read_names(folder, &names) != 0 ? fail(e, "read folder", d, name) : 0;
    list = (char **)(void *)names.data;
    for (i = 0; i < names.len / sizeof(char *); i++) {
        if (ret == 0) {
            look_at(d, dirfd(folder), list[i], &facts);
            errno = facts.unseen;
            ret = facts.unseen != 0 ? fail(e, "look into", d, name) : fn(list[i], facts.kind, arg);
        }
        free(list[i]);
    }
    buf_free(&names);
    (void)closedir(folder);
    return ret;
}
