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
        assert_int_equal(table_escape(&b, slice_of(rows[i].text)), 0);
        assert_true(slice_equals(buf_slice(&b), rows[i].shown));
    }
    buf_clear(&b);
    assert_int_equal(table_escape(&b, (struct slice){"a\0b", 3}), 0);
    assert_true(slice_equals(buf_slice(&b), "a\\u0000b"));
    buf_free(&b);
}

static void widths_count_columns_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(table_width(slice_of("")), 0);
    assert_int_equal(table_width(slice_of("abc")), 3);
    assert_int_equal(table_width(slice_of("\xc3\xa4")), 1);
    assert_int_equal(table_width(slice_of("a\xcc\x88")), 1);                /* combining */
    assert_int_equal(table_width(slice_of("\xe6\xbc\xa2\xe5\xad\x97")), 4); /* wide */
    assert_int_equal(table_width(slice_of("\xf0\x9f\x98\x80")), 2);
}

static void a_table_that_fits_is_as_wide_as_its_text(void **state)
{
    static const struct table_column columns[] = {{"A", 1}, {"LONG TITLE", 4}, {"C", 1}};
    struct table *t = table_new(columns, 3);
    struct buf b = {0};

    (void)state;
    assert_int_equal(table_cell(t, slice_of("one")), 0);
    assert_int_equal(table_cell(t, slice_of("x\ny")), 0);
    assert_int_equal(table_cell(t, slice_of("")), 0);
    assert_int_equal(table_cell(t, slice_of("\xc3\xa4")), 0);
    assert_int_equal(table_cell(t, slice_of("")), 0);
    assert_int_equal(table_cell(t, slice_of("end")), 0);
    assert_int_equal(table_print(t, 80, &b), 0);
    assert_true(slice_equals(buf_slice(&b), "A    LONG TITLE  C\n"
                                            "\n"
                                            "one  x\n"
                                            "     y\n"
                                            "\n"
                                            "\xc3\xa4                end\n"));
    buf_free(&b);
    table_free(t);
}

static void nothing_is_wider_than_asked_and_nothing_is_lost(void **state)
{
    static const struct table_column columns[] = {{"TIME", 10}, {"WHAT", 12}, {"WHO", 10}};
    static const char text[] =
        "/providers/Microsoft.Management/managementGroups/0f6e2c51-7a1b-4c3d-9e8f-1a2b3c4d5e6f";
    size_t width;

    (void)state;
    for (width = 36; width <= 200; width++) {
        struct table *t = table_new(columns, 3);
        struct buf b = {0}, whole = {0};
        const char *line, *end;
        size_t i, letters = 0, want = 0;

        assert_int_equal(table_cell(t, slice_of("2026-11-01T10:00:00Z")), 0);
        assert_int_equal(table_cell(t, slice_of(text)), 0);
        assert_int_equal(table_cell(t, slice_of("somebody.with.a.long.name@contoso.example")), 0);
        assert_int_equal(table_print(t, width, &b), 0);
        assert_int_equal(buf_terminate(&b), 0);
        for (line = b.data; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            assert_true((size_t)(end - line) <= width);
            assert_true(end == line || end[-1] != ' ');
        }
        for (i = 0; i < b.len; i++)
            letters += b.data[i] != ' ' && b.data[i] != '\n';
        assert_int_equal(buf_printf(&whole,
                                    "TIMEWHATWHO2026-11-01T10:00:00Z%ssomebody.with.a.long."
                                    "name@contoso.example",
                                    text),
                         0);
        want = whole.len;
        assert_int_equal(letters, want);
        buf_free(&b);
        buf_free(&whole);
        table_free(t);
    }
}

static void empty_tables_have_a_head(void **state)
{
    static const struct table_column columns[] = {{"A", 1}, {"B", 1}};
    struct table *t = table_new(columns, 2);
    struct buf b = {0};

    (void)state;
    assert_int_equal(table_print(t, 80, &b), 0);
    assert_true(slice_equals(buf_slice(&b), "A  B\n"));
    buf_free(&b);
    table_free(t);
    table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_fool_a_terminal_is_escaped),
        cmocka_unit_test(widths_count_columns_of_a_terminal),
        cmocka_unit_test(a_table_that_fits_is_as_wide_as_its_text),
        cmocka_unit_test(nothing_is_wider_than_asked_and_nothing_is_lost),
        cmocka_unit_test(empty_tables_have_a_head),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
