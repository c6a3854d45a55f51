/*
 * sys_posix_dir: what the files sys_posix_dir.c and sys_posix_owner.c share. Nothing else includes
 * this.
 */
#ifndef AZDAL_BASE_SYS_POSIX_DIR_H
#define AZDAL_BASE_SYS_POSIX_DIR_H

#include "base/sys.h"

/* Bytes of a random name. */
#define SYS_POSIX_RANDOM_MAX 48

struct sys_dir {
    int fd;
    int ownerless; /* the file system has no owners and modes of its own */
    char *path;
};

/* Create a file of a random name in an open folder. A descriptor, or -1 with errno. */
int sys_posix_create_random(int folder, char name[SYS_POSIX_RANDOM_MAX]);

#endif
