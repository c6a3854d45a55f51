/* The way from the handle of a folder down to the folder that a name is in. The folders of the last
 * two ways stay open: most names are in the same folder as a name just before, or in one beside it,
 * and what is moved has two. */
#define _GNU_SOURCE
#include "base/mem.h"
#include "base/sys_posix_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders on the way to a file: .partial, out, scope=, date= are four. */
#define STEPS_MAX 16
#define WAYS 2

/* Folders that are open, each in the one before it. */
struct way {
    struct {
        char name[NAME_MAX + 1];
        int fd;
        dev_t dev; /* which folder it was */
        ino_t ino;
    } step[STEPS_MAX];
    size_t n;
};

struct sys_posix_steps {
    struct sys_mutex *lock; /* held from step_down to step_up */
    struct way ways[WAYS];
    size_t last; /* the way that was taken last */
};

struct sys_posix_steps *sys_posix_steps_new(void)
{
    struct sys_posix_steps *s = mem_zalloc(1, sizeof(*s));

    s->lock = sys_mutex_new();
    return s;
}

/* Close what is below the first n steps. */
static void keep(struct way *w, size_t n)
{
    while (w->n > n)
        (void)close(w->step[--w->n].fd);
}

void sys_posix_steps_free(struct sys_posix_steps *s)
{
    size_t i;

    for (i = 0; s != NULL && i < WAYS; i++)
        keep(&s->ways[i], 0);
    if (s != NULL)
        sys_mutex_free(s->lock);
    free(s);
}

/* How many folders of a name are the first ones of a way; *rest is what comes behind them. */
static size_t count_common(const struct way *w, const char *name, const char **rest)
{
    const char *slash;
    size_t i;

    for (i = 0; i < w->n && (slash = strchr(name, '/')) != NULL; i++, name = slash + 1) {
        if (!slice_equals((struct slice){name, (size_t)(slash - name)}, w->step[i].name))
            break;
    }
    *rest = name;
    return i;
}

/* How many of the first n steps still have their names: a folder may have been removed, or moved
 * away, and another one be in its place. */
static size_t count_standing(const struct way *w, int top, size_t n)
{
    struct stat st;
    size_t i;

    for (i = 0; i < n; i++) {
        int above = i == 0 ? top : w->step[i - 1].fd;

        if (fstatat(above, w->step[i].name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            st.st_ino != w->step[i].ino || st.st_dev != w->step[i].dev)
            break;
    }
    return i;
}

/* The way that has most of a name's folders, cut to them; or the one that was not taken last. */
static struct way *choose(const struct sys_dir *d, const char *name, const char **rest)
{
    struct sys_posix_steps *s = d->steps;
    size_t best = s->last, most = count_common(&s->ways[s->last], name, rest), i, standing;
    struct way *w;

    for (i = 0; i < WAYS; i++) {
        const char *other;
        size_t n = count_common(&s->ways[i], name, &other);

        if (n > most || (most == 0 && i != s->last)) {
            best = i;
            most = n;
            *rest = other;
        }
    }
    w = &s->ways[best];
    standing = count_standing(w, d->fd, most);
    keep(w, standing);
    if (standing < most)
        (void)count_common(w, name, rest);
    s->last = best;
    return w;
}

/* Go on into the folder `name` of the folder `above`. -1 with errno. */
static int take_step(struct way *w, int above, struct slice name)
{
    struct stat st;
    char *copy;
    int fd;

    if (w->n == STEPS_MAX || name.len > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    copy = w->step[w->n].name;
    memcpy(copy, name.data, name.len);
    copy[name.len] = '\0';
    fd = openat(above, copy, SYS_POSIX_STEP);
    if (fd < 0) {
        if (errno == ENOTDIR && fstatat(above, copy, &st, AT_SYMLINK_NOFOLLOW) == 0)
            errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
        return -1;
    }
    if (fstat(fd, &st) != 0) {
        int number = errno;

        (void)close(fd);
        errno = number;
        return -1;
    }
    w->step[w->n].dev = st.st_dev;
    w->step[w->n].ino = st.st_ino;
    w->step[w->n++].fd = fd;
    return fd;
}

int sys_posix_step_down(const struct sys_dir *d, const char *name, const char **last)
{
    const char *slash;
    struct way *w;
    int fd;

    if (!sys_dir_name_is_safe(name)) {
        errno = EINVAL;
        return -1;
    }
    sys_mutex_lock(d->steps->lock);
    if (strchr(name, '/') == NULL) {
        *last = *name == '\0' ? "." : name;
        return d->fd;
    }
    w = choose(d, name, &name);
    fd = w->n == 0 ? d->fd : w->step[w->n - 1].fd;
    for (; fd >= 0 && (slash = strchr(name, '/')) != NULL; name = slash + 1)
        fd = take_step(w, fd, (struct slice){name, (size_t)(slash - name)});
    *last = name;
    if (fd < 0) {
        int number = errno;

        sys_mutex_unlock(d->steps->lock);
        errno = number;
    }
    return fd;
}

void sys_posix_step_up(const struct sys_dir *d, int fd)
{
    int number = errno;

    if (fd >= 0)
        sys_mutex_unlock(d->steps->lock);
    errno = number;
}
