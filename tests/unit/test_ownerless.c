/* folder: a file system without owners and modes of its own, which is made up here: what the system
 * says about files is changed before the program sees it. */
#define _GNU_SOURCE
#include "storing.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cmocka.h>

/* Linux's numbers for 9p and ext4. */
#define KIND_9P 0x01021997
#define KIND_EXT4 0xef53

static long kind;         /* of the file system; 0: as it is */
static int made_up;       /* all files belong to somebody else and are open to all */
static int new_are_right; /* but a file that was just created does not */

/* A function of the C library, by the name that it has with large files. */
static void *real(const char *large, const char *plain)
{
    void *f = dlsym(RTLD_NEXT, large);

    return f != NULL ? f : dlsym(RTLD_NEXT, plain);
}

static void make_up(struct stat *st)
{
    if (!made_up)
        return;
    st->st_uid = 12345;
    st->st_mode |= 0777;
}

/* These stand in front of the system's own. */
int fstatfs(int fd, struct statfs *fs)
{
    int (*f)(int, struct statfs *);

    *(void **)&f = real("fstatfs64", "fstatfs");
    if (f(fd, fs) != 0)
        return -1;
    if (kind != 0)
        fs->f_type = kind;
    return 0;
}

int fstatat(int folder, const char *name, struct stat *st, int flags)
{
    int (*f)(int, const char *, struct stat *, int);
    int ret;

    *(void **)&f = real("fstatat64", "fstatat");
    ret = f(folder, name, st, flags);
    make_up(st);
    return ret;
}

int fstat(int fd, struct stat *st)
{
    int (*f)(int, struct stat *);
    int ret;

    *(void **)&f = real("fstat64", "fstat");
    ret = f(fd, st);
    if (!new_are_right)
        make_up(st);
    return ret;
}

static void what_has_no_owners_is_nobodys(void **state)
{
    static const struct {
        const char *name;
        long kind;
        int made_up, new_are_right;
        const char *why; /* NULL: fine */
        int ownerless;
    } rows[] = {
        {"as it is", 0, 0, 0, NULL, 0},
        {"9p that keeps owners and modes", KIND_9P, 0, 0, NULL, 0},
        {"9p where all belongs to one user", KIND_9P, 1, 0, NULL, 1},
        {"9p that keeps them, in another's folder", KIND_9P, 1, 1, "belongs to another user", 0},
        {"another's folder on a disk", KIND_EXT4, 1, 0, "belongs to another user", 0},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sys_dir *d = storing_dir(*state);
        struct err e = {0};
        int ownerless, ret;

        kind = rows[i].kind;
        made_up = rows[i].made_up;
        new_are_right = rows[i].new_are_right;
        ret = folder_check_ours(d, &ownerless, &e);
        if (rows[i].why == NULL
                ? ret != 0 || ownerless != rows[i].ownerless
                : ret != -1 || e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL)
            fail_msg("%s: %d, ownerless %d, %s", rows[i].name, ret, ownerless, e.msg);
        /* What was made to find out is gone. */
        assert_int_equal(folder_check_names(d, NULL, &e), 0);
        if (ret == 0)
            assert_int_equal(sys_dir_restrict(d, &e), 0);
        kind = made_up = new_are_right = 0;
        sys_dir_close(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_has_no_owners_is_nobodys, storing_setup,
                                        storing_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
