/*
 * sys_posix_dir: what sys_posix_dir.c, sys_posix_step.c and sys_posix_owner.c share. Nothing else
 * includes this.
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
    struct sys_posix_steps *steps;
};

/* How a step down is taken. */
#define SYS_POSIX_STEP (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct sys_posix_steps *sys_posix_steps_new(void);
/* NULL is accepted. */
void sys_posix_steps_free(struct sys_posix_steps *s);
/* The folder that a name is in, as a descriptor, which is kept until sys_posix_step_up and only
 * then lets other threads take theirs. -1 with errno (ELOOP where a step is a link, ENOTDIR where
 * it is no folder). *last is the last part of the name, "." for the folder itself. */
int sys_posix_step_down(const struct sys_dir *d, const char *name, const char **last);
/* Give it back; -1 is accepted, errno stays. */
void sys_posix_step_up(const struct sys_dir *d, int fd);

/* Create a file of a random name in an open folder. A descriptor, or -1 with errno. */
int sys_posix_create_random(int folder, char name[SYS_POSIX_RANDOM_MAX]);

#endif
