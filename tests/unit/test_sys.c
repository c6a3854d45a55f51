/* sys: what children and files may take, and what a lock holds. */
#include "storing.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- commands ---- */

static void what_a_command_may_do(void **state)
{
    static const struct {
        const char *command;
        int timeout_ms;
        size_t max_bytes;
        const char *out, *why; /* one of them */
    } rows[] = {
        {"echo token", 60000, 100, "token\n", NULL},
        {"printf 0123456789", 60000, 10, "0123456789", NULL},
        {"printf 0123456789x", 60000, 10, NULL, "10"},
        {"while :; do echo yes; done", 60000, 1000, NULL, "1000"},
        {"exit 3", 60000, 100, NULL, "exited with status 3"},
        {"kill -TERM $$", 60000, 100, NULL, "ended by signal 15"},
        {"cat", 60000, 100, "", NULL}, /* there is no standard input */
        {"echo token; sleep 600 &", 60000, 100, "token\n", NULL},
        {"(sleep 1; echo token) &", 60000, 100, "token\n", NULL},
        {"sleep 600", 60, 100, NULL, "timed out"},
        {"sleep 600 & sleep 600", 60, 100, NULL, "timed out"},
        {"exec >&-; sleep 600", 60, 100, NULL, "timed out"},
        {"trap '' TERM INT HUP; while :; do sleep 600; done", 60, 100, NULL, "timed out"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t begin = sys_monotonic_ms();
        struct buf out = {0};
        struct err e = {0};
        int ret = sys_run_command(rows[i].command, rows[i].timeout_ms, rows[i].max_bytes, &out, &e);

        if (rows[i].out != NULL
                ? ret != 0 || !slice_equals(buf_slice(&out), rows[i].out)
                : ret != -1 || e.code != ERR_AUTH || strstr(e.msg, rows[i].why) == NULL ||
                      strstr(e.msg, rows[i].command) != NULL)
            fail_msg("%s: %d, %.*s, %s", rows[i].command, ret, (int)out.len, out.data, e.msg);
        assert_true(sys_monotonic_ms() - begin < 30000);
        buf_free(&out);
    }
}

/* All of a command that is too slow is ended, what it started too: they hold the other end of this
 * pipe as long as they live. */
static void the_whole_group_is_ended(void **state)
{
    struct pollfd p = {.events = POLLIN};
    struct buf out = {0};
    struct err e;
    int ends[2];
    char c;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(sys_run_command("(trap '' TERM; sleep 600) & sleep 600", 60, 100, &out, &e),
                     -1);
    assert_non_null(strstr(e.msg, "timed out"));
    assert_int_equal(close(ends[1]), 0);
    p.fd = ends[0];
    assert_int_equal(poll(&p, 1, 30000), 1);
    assert_int_equal(read(ends[0], &c, 1), 0);
    assert_int_equal(close(ends[0]), 0);
    buf_free(&out);
}

/* ---- files ---- */

static void files_up_to_a_size(void **state)
{
    static const struct {
        size_t size, most;
        int fine;
    } rows[] = {{0, 0, 1},         {1, 0, 0},         {1000, 1000, 1},    {1001, 1000, 0},
                {65536, 65536, 1}, {65537, 65536, 0}, {200000, 65536, 0}, {200000, 200000, 1}};
    struct err e;
    char *path = folder_join(*state, "file");
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = {0};
        int fd = sys_open(path, SYS_REPLACE, &e), ret;

        assert_int_equal(sys_truncate(fd, rows[i].size, path, &e), 0);
        assert_int_equal(sys_close(fd, path, &e), 0);
        buf_puts(&out, "what was there before");
        ret = sys_read_file(path, rows[i].most, &out, &e);
        if (rows[i].fine ? ret != 0 || out.len != rows[i].size
                         : ret != -1 || e.code != ERR_UNTRUSTED ||
                               strstr(e.msg, "larger than") == NULL || out.len > 0)
            fail_msg("%zu of %zu: %d, %zu bytes, %s", rows[i].size, rows[i].most, ret, out.len,
                     e.msg);
        buf_free(&out);
    }
    free(path);
}

/* A lock is one descriptor's, and goes with it. */
static void a_lock_is_held_once(void **state)
{
    struct err e;
    char *path = folder_join(*state, "lock");
    int first = sys_open(path, SYS_APPEND_OPEN, &e), second = sys_open(path, SYS_APPEND_OPEN, &e);

    assert_int_equal(sys_lock(first, path, &e), 0);
    assert_int_equal(sys_lock(second, path, &e), 1);
    assert_int_equal(sys_same_file(second, path), 1);
    assert_int_equal(remove(path), 0);
    assert_int_equal(sys_close(first, path, &e), 0);
    assert_int_equal(sys_lock(second, path, &e), 0);
    /* It is the lock of a file that has no name any more. */
    assert_int_equal(sys_same_file(second, path), 0);
    assert_int_equal(sys_close(second, path, &e), 0);
    free(path);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, storing_setup, storing_teardown)

/* Whoever makes the process crash must not find the token in a core file. */
static void no_core_file_is_written(void **state)
{
    struct rlimit core;

    (void)state;
    sys_start();
    assert_int_equal(getrlimit(RLIMIT_CORE, &core), 0);
    assert_int_equal(core.rlim_cur, 0);
    assert_int_equal(core.rlim_max, 0);
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_command_may_do),
        cmocka_unit_test(the_whole_group_is_ended),
        IN_FOLDER(files_up_to_a_size),
        IN_FOLDER(a_lock_is_held_once),
        cmocka_unit_test(no_core_file_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
