/* What tests do with files that the program does not: digest one by its path, delete a folder. */
#ifndef AZDAL_TESTS_UNIT_FILES_H
#define AZDAL_TESTS_UNIT_FILES_H

#include "base/hash.h"
#include "base/sys.h"

#include <stdint.h>
#include <stdio.h>

/* Digest of a whole file. */
static inline int files_hash(const char *path, char hex[HASH_HEX_MAX], struct err *e)
{
    int fd = sys_open(path, SYS_READ, e), ret;
    struct err ignored;

    if (fd < 0)
        return -1;
    ret = hash_fd(fd, path, hex, e);
    (void)sys_close(fd, path, &ignored);
    return ret;
}

/* Delete a folder with all that is in it, links themselves; a missing one is fine. */
static inline int files_delete_entry(const char *name, enum sys_kind kind, void *arg);

static inline int files_delete(const char *folder)
{
    struct err e;

    if (sys_kind(folder) == SYS_MISSING)
        return 0;
    return sys_list(folder, files_delete_entry, (void *)(uintptr_t)folder, &e) != 0
               ? -1
               : sys_remove_folder(folder, &e);
}

static inline int files_delete_entry(const char *name, enum sys_kind kind, void *arg)
{
    struct buf path = {0};
    int ret;

    buf_printf(&path, "%s/%s", (const char *)arg, name);
    ret = kind == SYS_FOLDER ? files_delete(path.data) : remove(path.data);
    buf_free(&path);
    return ret;
}

#endif
