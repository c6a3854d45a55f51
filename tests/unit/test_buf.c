/* buf: buffers that grow, slices that compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void zeroed_buffer_is_empty_and_can_be_freed(void **state)
{
    struct buf b = {0};

    (void)state;
    buf_clear(&b);
    assert_int_equal(b.len, 0);
    buf_append(&b, NULL, 0);
    assert_null(b.data);
    buf_free(&b);
    buf_free(&b);
}

static void contents_survive_growth(void **state)
{
    struct buf b = {0};
    int i;

    (void)state;
    for (i = 0; i < 5000; i++)
        buf_putc(&b, (char)('a' + i % 26));
    assert_int_equal(b.len, 5000);
    for (i = 0; i < 5000; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    assert_true(b.cap >= b.len);
    buf_free(&b);
    assert_null(b.data);
    assert_int_equal(b.cap, 0);
}

static jmp_buf ended;

/* In place of the end of the process. */
static void end(void)
{
    longjmp(ended, 1);
}

static void a_size_that_cannot_be_had_ends_the_process(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 2, SIZE_MAX / 2};
    struct buf b = {0};
    size_t i;

    (void)state;
    mem_on_failure(end);
    buf_putc(&b, 'x');
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (setjmp(ended) == 0) {
            buf_reserve(&b, sizes[i]);
            fail_msg("%zu bytes were reserved", sizes[i]);
        }
    }
    if (setjmp(ended) == 0) {
        (void)mem_realloc(NULL, SIZE_MAX / 2, 4);
        fail_msg("an overflowing array was made");
    }
    mem_on_failure(NULL);
    buf_free(&b);
}

static void printf_appends_and_terminate_is_not_counted(void **state)
{
    struct buf b = {0};
    char long_text[700];

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    buf_printf(&b, "%d-%s", 42, "y");
    buf_printf(&b, "%s", "");
    assert_int_equal(b.len, 4);
    buf_printf(&b, "%s", long_text);
    assert_int_equal(b.len, 4 + sizeof(long_text) - 1);
    (void)buf_text(&b);
    assert_int_equal(b.len, 4 + sizeof(long_text) - 1);
    assert_int_equal(strlen(b.data), b.len);
    assert_memory_equal(b.data, "42-yxxx", 7);
    buf_free(&b);
}

static void buffers_hold_any_byte(void **state)
{
    static const char bytes[] = {'a', '\0', '\n', (char)0xff};
    struct buf b = {0};

    (void)state;
    buf_append(&b, bytes, sizeof(bytes));
    assert_int_equal(b.len, 4);
    assert_memory_equal(b.data, bytes, 4);
    buf_free(&b);
}

static void slices_compare(void **state)
{
    static const struct {
        const char *a, *b;
        int same, same_nocase, order;
    } rows[] = {
        {"", "", 1, 1, 0},
        {"a", "", 0, 0, 1},
        {"", "a", 0, 0, -1},
        {"abc", "abc", 1, 1, 0},
        {"ABC", "abc", 0, 1, -1},
        {"abc", "abd", 0, 0, -1},
        {"abc", "ab", 0, 0, 1},
        {"ab", "abc", 0, 0, -1},
        {"[", "{", 0, 0, -1},              /* differ by 0x20 but are no letters */
        {"@", "`", 0, 0, -1},              /* the same */
        {"\xc3\xa4", "\xc3\x84", 0, 0, 1}, /* only ASCII letters are folded */
        {"\xff", "a", 0, 0, 1},            /* bytes are unsigned */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int order = slice_compare(slice_of(rows[i].a), slice_of(rows[i].b));

        assert_int_equal(slice_equals(slice_of(rows[i].a), rows[i].b), rows[i].same);
        assert_int_equal(slice_equals_nocase(slice_of(rows[i].a), rows[i].b), rows[i].same_nocase);
        assert_int_equal(order < 0 ? -1 : order > 0, rows[i].order);
    }
}

static void a_nul_inside_a_slice_ends_no_comparison(void **state)
{
    struct slice s = {"ab\0cd", 5};

    (void)state;
    assert_false(slice_equals(s, "ab"));
    assert_false(slice_equals_nocase(s, "ab"));
    assert_false(slice_equals_nocase(s, "AB"));
}

static void duplicates_are_terminated_copies(void **state)
{
    struct slice none = {NULL, 0}, part = {"abcdef", 3};
    char *copy = slice_dup(part);

    (void)state;
    assert_string_equal(copy, "abc");
    free(copy);
    copy = slice_dup(none);
    assert_string_equal(copy, "");
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_buffer_is_empty_and_can_be_freed),
        cmocka_unit_test(contents_survive_growth),
        cmocka_unit_test(a_size_that_cannot_be_had_ends_the_process),
        cmocka_unit_test(printf_appends_and_terminate_is_not_counted),
        cmocka_unit_test(buffers_hold_any_byte),
        cmocka_unit_test(slices_compare),
        cmocka_unit_test(a_nul_inside_a_slice_ends_no_comparison),
        cmocka_unit_test(duplicates_are_terminated_copies),
    };

    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
