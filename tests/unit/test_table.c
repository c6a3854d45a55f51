/* table: what a terminal shows, whatever a log holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "out/table.h"

#include <stdio.h>
#include <string.h>

static void what_could_fool_a_terminal_is_escaped(void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"plain \xc3\xa4 \xf0\x9f\x98\x80", "plain \xc3\xa4 \xf0\x9f\x98\x80"},
        {"\x1b[31mred", "\\u001b[31mred"},
        {"a\nb\tc\rd", "a\\u000ab\\u0009c\\u000dd"},
        {"\x07\x08\x7f", "\\u0007\\u0008\\u007f"},
        {"\xc2\x9b"
         "31m",
         "\\u009b31m"}, /* CSI in one byte */
        {"\xe2\x80\xae"
         "exe.txt",
         "\\u202eexe.txt"},                               /* right-to-left override */
        {"\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069"}, /* isolates */
        {"\xe2\x80\x8b\xe2\x80\x8f\xd8\x9c", "\\u200b\\u200f\\u061c"},
        {"\xef\xbb\xbf", "\\ufeff"},
        {"\xf3\xa0\x81\x81", "\\U000e0041"}, /* tag characters */
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xc0\x9b", "\\xc0\\x9b"},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_clear(&b);
        table_escape(&b, slice_of(rows[i].text));
        assert_true(slice_equals(buf_slice(&b), rows[i].shown));
    }
    buf_clear(&b);
    table_escape(&b, (struct slice){"a\0b", 3});
    assert_true(slice_equals(buf_slice(&b), "a\\u0000b"));
    buf_free(&b);
}

static void widths_count_columns_of_a_terminal(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"\xc3\xa4", 1},
        {"a\xcc\x88", 1},                /* combining */
        {"\xe6\xbc\xa2\xe5\xad\x97", 4}, /* wide */
        {"\xf0\x9f\x98\x80", 2},
        {"\xe2\x9a\xa1\xe2\x9c\x85", 4}, /* pictures */
        {"\xff\xff", 2},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t n = strlen(rows[i].text);

        assert_int_equal(table_fitting(rows[i].text, rows[i].columns), n);
        if (n > 0)
            assert_true(table_fitting(rows[i].text, rows[i].columns - 1) < n);
    }
    assert_int_equal(table_fitting("a\xe6\xbc\xa2", 2), 1);
    assert_int_equal(table_fitting("a\xe6\xbc\xa2", 3), 4);
}

static void a_long_text_loses_its_middle(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *shown;
    } rows[] = {
        {"", 4, ""},
        {"abcd", 4, "abcd"},
        {"abcde", 4, "a..."},
        {"abcdefghij", 8, "abc...ij"},
        {"abcdefghij", SIZE_MAX, "abcdefghij"},
        {"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 6, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"},
        {"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 5, "..."}, /* no half of one */
        {"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2z", 6, "\xe6\xbc\xa2...z"},
        {"abcdefgh\xcc\x88i", 5, "a...i"}, /* no mark without its letter */
        {"abcdefgh\xcc\x88", 5, "a...h\xcc\x88"},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_clear(&b);
        table_put_short(&b, slice_of(rows[i].text), rows[i].columns);
        assert_string_equal(buf_text(&b), rows[i].shown);
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_fool_a_terminal_is_escaped),
        cmocka_unit_test(widths_count_columns_of_a_terminal),
        cmocka_unit_test(a_long_text_loses_its_middle),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
