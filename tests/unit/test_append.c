/* What a write that fails half-way leaves behind in segments and journal. */
#define _GNU_SOURCE
#include "storing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sys.h"
#include "store/folder.h"
#include "store/journal.h"
#include "store/segment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Bytes that may still be written before the disk is full. */
static size_t room = SIZE_MAX;

/* This stands in front of the system's own. */
ssize_t write(int fd, const void *data, size_t len)
{
    if (len > room)
        len = room;
    if (len == 0) {
        errno = ENOSPC;
        return -1;
    }
    room -= room == SIZE_MAX ? 0 : len;
    return syscall(SYS_write, fd, data, len);
}

/* Append a text as if it were fragments; `spilled` of its bytes lie in a file. */
static int append(struct segment *s, const char *text, size_t spilled, uint64_t *offset,
                  struct err *e)
{
    struct segment_result r = {.fd = -1, .bytes = strlen(text)};
    size_t before = room;
    int ret;

    if (spilled > 0) {
        room = SIZE_MAX;
        r.fd = sys_open_temporary(NULL, e);
        assert_true(r.fd >= 0);
        assert_int_equal(sys_write(r.fd, text, spilled, "temporary file", e), 0);
        room = before;
    }
    buf_puts(&r.memory, text + spilled);
    ret = segment_append(s, &r, offset, e);
    segment_result_free(&r);
    return ret;
}

static void assert_holds(const struct segment *s, uint64_t offset, const char *text)
{
    char data[64] = {0};
    struct err e;

    assert_int_equal(sys_read_at(s->fd, offset, data, strlen(text), s->path, &e), strlen(text));
    assert_string_equal(data, text);
}

static void an_append_after_a_failed_one_is_where_it_says(void **state)
{
    static const size_t spilled[] = {0, 3, 6};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(spilled) / sizeof(spilled[0]); i++) {
        struct segment s = {.fd = -1};
        uint64_t offset, size;
        struct err e;

        assert_int_equal(segment_open_temporary(&s, &e), 0);
        assert_int_equal(append(&s, "first", 0, &offset, &e), 0);
        room = 4;
        assert_int_equal(append(&s, "second", spilled[i], &offset, &e), -1);
        assert_int_equal(e.code, ERR_LOCAL);
        room = SIZE_MAX;
        assert_int_equal(s.size, 5);
        assert_int_equal(sys_file_size(s.fd, &size, s.path, &e), 0);
        assert_int_equal(size, 5);
        assert_int_equal(append(&s, "third", 0, &offset, &e), 0);
        assert_int_equal(offset, 5);
        assert_holds(&s, 0, "firstthird");
        assert_int_equal(s.size, 10);
        segment_close(&s);
    }
}

static void a_journal_whose_write_failed_goes_on_with_whole_lines(void **state)
{
    struct segment_window w = {.w = {.from = 10000000, .to = 20000000, .file = -1}};
    struct segment_result r = {.windows = &w, .nwindows = 1, .fd = -1};
    struct journal_query q = {.since = 10000000, .until = 20000000};
    char dir[] = "/tmp/azdal-append-XXXXXX";
    enum journal_found found;
    struct journal_scope *s;
    struct journal j;
    struct err e;

    (void)state;
    assert_non_null(mkdtemp(dir));
    q.endpoint = strdup("https://management.azure.com");
    q.scopes = calloc(1, sizeof(char *));
    q.scopes[q.nscopes++] = strdup("tenant");
    assert_int_equal(journal_open(&j, dir, 0, &found, &e), 0);
    assert_int_equal(journal_begin(&j, &q, 0, &e), 0);
    s = journal_add_scope(&j, "tenant", "tenant", "scope=tenant");
    assert_non_null(s);
    assert_int_equal(journal_add_windows(&j, s, &r, &(struct journal_answer){.asked_at = 1}, &e),
                     0);
    room = 70;
    assert_int_equal(journal_commit(&j, &e), -1);
    room = SIZE_MAX;
    assert_int_equal(journal_commit(&j, &e), 0);
    journal_close(&j);
    assert_int_equal(journal_open(&j, dir, 0, &found, &e), 0);
    assert_int_equal(found, JOURNAL_UNFINISHED);
    assert_int_equal(j.nscopes, 1);
    assert_int_equal(j.scopes[0].nwindows, 1);
    journal_close(&j);
    assert_int_equal(files_delete(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_append_after_a_failed_one_is_where_it_says),
        cmocka_unit_test(a_journal_whose_write_failed_goes_on_with_whole_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
