#define _GNU_SOURCE
/* sys_dir: below a folder nothing goes through a link, and nothing that is no file is opened. */
#include "storing.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* "FOLDER/name" of this test. */
static char *below(void **state, const char *name)
{
    static char path[2][400];
    static int turn;

    turn = !turn;
    (void)snprintf(path[turn], sizeof(path[turn]), "%s/%s", (char *)*state, name);
    return path[turn];
}

/* A folder `dir` with a file and a folder, and another one beside it. */
static struct sys_dir *make(void **state)
{
    struct err e;
    struct sys_dir *d;
    int fd;

    assert_int_equal(sys_mkdir_all(below(state, "dir"), &e), 0);
    assert_int_equal(sys_mkdir_all(below(state, "dir/folder"), &e), 0);
    assert_int_equal(sys_mkdir_all(below(state, "beside"), &e), 0);
    fd = sys_open(below(state, "beside/file"), SYS_CREATE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_close(fd, "file", &e), 0);
    d = sys_dir_open(below(state, "dir"), 0, &e);
    assert_non_null(d);
    fd = sys_dir_file(d, "folder/file", SYS_CREATE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, "text", 4, "file", &e), 0);
    assert_int_equal(sys_close(fd, "file", &e), 0);
    return d;
}

/* Each call that takes a name fails with the code; the last one is of a path through the name. */
static void refused(const struct sys_dir *d, const char *name, int code)
{
    static const enum sys_open_mode modes[] = {SYS_READ, SYS_REPLACE, SYS_APPEND_OPEN};
    struct buf inner = {0}, text = {0};
    struct err e = {0};
    size_t i;

    for (i = 0; i < 3; i++) {
        assert_int_equal(sys_dir_file(d, name, modes[i], &e), -1);
        assert_int_equal(e.code, code);
    }
    assert_int_equal(sys_dir_read(d, name, 10, &text, &e), -1);
    buf_printf(&inner, "%s/file", name);
    assert_int_equal(sys_dir_file(d, inner.data, SYS_READ, &e), -1);
    assert_int_equal(sys_dir_file(d, inner.data, SYS_APPEND_OPEN, &e), -1);
    assert_int_equal(sys_dir_make(d, inner.data, &e), -1);
    assert_int_equal(sys_dir_rename(d, "folder/file", inner.data, &e), -1);
    buf_free(&inner);
    buf_free(&text);
}

static void links_are_not_followed(void **state)
{
    struct sys_dir *d = make(state);
    struct sys_facts f;
    struct err e = {0};

    assert_int_equal(symlink("../beside", below(state, "dir/out")), 0);
    assert_int_equal(symlink("../beside/file", below(state, "dir/plain")), 0);
    refused(d, "out", ERR_FOREIGN);
    refused(d, "plain", ERR_FOREIGN);
    assert_int_equal(sys_dir_kind(d, "out"), SYS_LINK);
    sys_dir_look(d, "out/file", &f);
    assert_int_equal(f.kind, SYS_LINK);
    assert_int_equal(sys_dir_remove(d, "out/file", &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_int_equal(sys_dir_sync(d, "out", &e), -1);
    assert_int_equal(sys_dir_temporary(d, "out", &e), -1);
    assert_int_equal(sys_dir_list(d, "out", NULL, NULL, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_int_equal(sys_kind(below(state, "beside/file")), SYS_FILE);
    sys_dir_close(d);
}

static void the_folder_itself_is_no_link(void **state)
{
    struct sys_dir *d = make(state);
    static const char *const names[] = {"link", "link/", "link//", "link/."};
    struct err e = {0};
    size_t i;

    sys_dir_close(d);
    assert_int_equal(symlink("dir", below(state, "link")), 0);
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_null(sys_dir_open(below(state, names[i]), 0, &e));
        assert_int_equal(e.code, ERR_FOREIGN);
    }
    d = sys_dir_open(below(state, "link"), 1, &e);
    assert_non_null(d);
    assert_int_equal(sys_dir_kind(d, "folder/file"), SYS_FILE);
    sys_dir_close(d);
    assert_null(sys_dir_open(below(state, "dir/folder/file"), 0, &e));
    assert_int_equal(e.code, ERR_LOCAL);
}

/* Nothing of these is waited for. */
static void what_is_no_file_is_refused(void **state)
{
    struct sys_dir *d = make(state);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    assert_int_equal(mkfifo(below(state, "dir/pipe"), 0600), 0);
    refused(d, "pipe", ERR_FOREIGN);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", below(state, "dir/socket"));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    refused(d, "socket", ERR_FOREIGN);
    (void)close(fd);
    sys_dir_close(d);
}

static void names_lead_down_alone(void **state)
{
    static const char *const names[] = {
        ".",           "..",           "../beside/file", "folder/../folder/file",
        "/etc/passwd", "folder//file", "folder/",        "a\\b"};
    struct sys_dir *d = make(state);
    struct err e = {0};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_false(sys_dir_name_is_safe(names[i]));
        assert_int_equal(sys_dir_file(d, names[i], SYS_READ, &e), -1);
        assert_int_equal(sys_dir_remove(d, names[i], &e), -1);
    }
    assert_true(sys_dir_name_is_safe("folder/.file"));
    sys_dir_close(d);
}

/* The folder may be renamed and another put in its place: work goes on in the one that was opened.
 */
static void the_handle_stays_with_its_folder(void **state)
{
    struct sys_dir *d = make(state);
    struct err e;
    int fd;

    assert_int_equal(rename(below(state, "dir"), below(state, "away")), 0);
    assert_int_equal(symlink("beside", below(state, "dir")), 0);
    fd = sys_dir_file(d, "new", SYS_CREATE, &e);
    assert_true(fd >= 0);
    assert_true(sys_dir_same_file(d, fd, "new"));
    assert_int_equal(sys_dir_remove_open(d, fd, "new", &e), 0);
    assert_int_equal(sys_dir_rename(d, "folder/file", "file", &e), 0);
    assert_int_equal(sys_kind(below(state, "away/file")), SYS_FILE);
    assert_int_equal(sys_dir_remove(d, "file", &e), 0);
    assert_int_equal(sys_dir_remove(d, "file", &e), 0);
    assert_int_equal(sys_dir_remove_folder(d, "folder", &e), 0);
    assert_int_equal(sys_kind(below(state, "beside/file")), SYS_FILE);
    sys_dir_close(d);
}

/* A folder below may be moved away too: what is below it by name is what counts. */
static void a_folder_that_was_moved_is_left(void **state)
{
    struct sys_dir *d = make(state);
    struct err e;
    int fd;

    assert_int_equal(rename(below(state, "dir/folder"), below(state, "away")), 0);
    assert_int_equal(sys_dir_file(d, "folder/new", SYS_CREATE, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_int_equal(mkdir(below(state, "dir/folder"), 0700), 0);
    fd = sys_dir_file(d, "folder/new", SYS_CREATE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_close(fd, "new", &e), 0);
    assert_int_equal(sys_kind(below(state, "dir/folder/new")), SYS_FILE);
    assert_int_equal(sys_kind(below(state, "away/new")), SYS_MISSING);
    assert_int_equal(sys_dir_remove(d, "folder/new", &e), 0);
    assert_int_equal(rmdir(below(state, "dir/folder")), 0);
    assert_int_equal(symlink("../away", below(state, "dir/folder")), 0);
    refused(d, "folder/file", ERR_FOREIGN);
    sys_dir_close(d);
}

static void files_with_another_name_are_not_written(void **state)
{
    static const enum sys_open_mode modes[] = {SYS_REPLACE, SYS_APPEND_OPEN};
    struct sys_dir *d = make(state);
    struct buf text = {0};
    struct err e;
    size_t i;

    assert_int_equal(link(below(state, "dir/folder/file"), below(state, "other")), 0);
    for (i = 0; i < 2; i++) {
        assert_int_equal(sys_dir_file(d, "folder/file", modes[i], &e), -1);
        assert_int_equal(e.code, ERR_FOREIGN);
    }
    assert_int_equal(sys_dir_read(d, "folder/file", 10, &text, &e), 0);
    assert_string_equal(buf_text(&text), "text");
    buf_free(&text);
    sys_dir_close(d);
}

/* A name that no file system takes stands for any reason why nothing is said about it. */
static void what_cannot_be_looked_at_is_not_missing(void **state)
{
    struct sys_dir *d = make(state);
    struct sys_facts f;
    char name[400];
    struct err e;

    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    sys_dir_look(d, name, &f);
    assert_int_equal(f.kind, SYS_FILE);
    assert_int_equal(f.unseen, ENAMETOOLONG);
    assert_int_equal(sys_dir_file(d, name, SYS_READ, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    sys_dir_look(d, "folder/file", &f);
    assert_int_equal(f.unseen, 0);
    sys_dir_close(d);
}

static void facts_say_who_can_write(void **state)
{
    struct sys_dir *d = make(state);
    struct sys_facts f;
    struct err e;

    sys_dir_look(d, "folder/file", &f);
    assert_true(f.kind == SYS_FILE && f.ours && !f.shared && f.links == 1);
    assert_int_equal(link(below(state, "dir/folder/file"), below(state, "other")), 0);
    assert_int_equal(chmod(below(state, "dir/folder/file"), 0620), 0);
    sys_dir_look(d, "folder/file", &f);
    assert_true(f.shared && f.links == 2);
    assert_int_equal(chmod(below(state, "dir"), 0755), 0);
    sys_dir_look(d, "", &f);
    assert_true(f.kind == SYS_FOLDER && f.ours && !f.shared);
    assert_int_equal(chmod(below(state, "dir"), 0777), 0);
    sys_dir_look(d, "", &f);
    assert_true(f.shared);
    assert_int_equal(sys_dir_restrict(d, &e), 0);
    sys_dir_look(d, "", &f);
    assert_false(f.shared);
    sys_dir_close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(links_are_not_followed, storing_setup, storing_teardown),
        cmocka_unit_test_setup_teardown(the_folder_itself_is_no_link, storing_setup,
                                        storing_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, storing_setup,
                                        storing_teardown),
        cmocka_unit_test_setup_teardown(names_lead_down_alone, storing_setup, storing_teardown),
        cmocka_unit_test_setup_teardown(the_handle_stays_with_its_folder, storing_setup,
                                        storing_teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_was_moved_is_left, storing_setup,
                                        storing_teardown),
        cmocka_unit_test_setup_teardown(files_with_another_name_are_not_written, storing_setup,
                                        storing_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_looked_at_is_not_missing, storing_setup,
                                        storing_teardown),
        cmocka_unit_test_setup_teardown(facts_say_who_can_write, storing_setup, storing_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
