/* New files of random names; whether a file system keeps owners and modes; closing a folder. */
#define _GNU_SOURCE
#include "base/sys_posix_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Random names tried for a temporary file. */
#define SYS_NAME_TRIES 16

int sys_posix_create_random(int folder, char name[SYS_POSIX_RANDOM_MAX])
{
    int fd = -1, tries;

    for (tries = 0; fd < 0 && tries < SYS_NAME_TRIES; tries++) {
        (void)snprintf(name, SYS_POSIX_RANDOM_MAX, ".azdal-%016llx",
                       (unsigned long long)sys_random());
        fd = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

/* Kinds of file systems whose owners and modes may be made up: FAT, exFAT, NTFS, CIFS, SMB, NFS
 * (which may give a folder to "nobody"), 9p and drvfs (WSL), FUSE, and the shares of virtual
 * machines. */
static int may_lack_owners(int fd)
{
    static const unsigned long kinds[] = {
        0x4d44, 0x2011bab0, 0x5346544e, 0x7366746e, 0xff534d42, 0xfe534d42, 0x517b,
        0x6969, 0x01021997, 0x53464846, 0x65735546, 0x786f4256, 0xbacbacbc};
    struct statfs fs;
    size_t i;

    if (fstatfs(fd, &fs) != 0)
        return 0;
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (((unsigned long)fs.f_type & 0xffffffffUL) == kinds[i])
            return 1;
    }
    return 0;
}

int sys_dir_has_owners(struct sys_dir *d)
{
    char name[SYS_POSIX_RANDOM_MAX];
    struct stat st;
    int fd;

    if (!may_lack_owners(d->fd))
        return 1;
    fd = sys_posix_create_random(d->fd, name);
    if (fd < 0)
        return 1;
    d->ownerless = fstat(fd, &st) == 0 && (st.st_uid != geteuid() || (st.st_mode & 0777) != 0600);
    (void)unlinkat(d->fd, name, 0);
    (void)close(fd);
    return !d->ownerless;
}

int sys_dir_restrict(struct sys_dir *d, struct err *e)
{
    struct stat st;

    if (d->ownerless || (fstat(d->fd, &st) == 0 && (st.st_mode & 07777) == 0700))
        return 0;
    return fchmod(d->fd, 0700) != 0
               ? err_set_os(e, ERR_LOCAL, errno, "restrict access to %s", d->path)
               : 0;
}
