/* csv and ndjson: what a spreadsheet and a JSON reader get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "out/csv.h"
#include "out/ndjson.h"

#include <string.h>

static void cells_are_quoted_and_guarded(void **state)
{
    static const struct {
        const char *text, *cell;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"with blank", "with blank"},
        {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \"\"x\"\"\""},
        {"\"", "\"\"\"\""},
        {"a\nb", "\"a\nb\""},
        {"a\r\nb", "\"a\r\nb\""},
        {"=1+1", "'=1+1"},
        {"+49", "'+49"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\tx", "\"'\tx\""},
        {" =1", "' =1"},
        {"\xc2\xa0\xe2\x80\x8b=1", "'\xc2\xa0\xe2\x80\x8b=1"},
        {"\xef\xbc\x9d"
         "1",
         "'\xef\xbc\x9d"
         "1"},
        {"\n=1", "\"'\n'=1\""},
        {"a;b", "\"a;b\""},
        {"a;=1;b", "\"a;'=1;b\""},
        {"a; \"@x", "\"a;' \"\"@x\""},
        {"a\t+1", "\"a\t'+1\""},
        {"a\n\xef\xbc\x8b", "\"a\n'\xef\xbc\x8b\""},
        {";;-1", "\";;'-1\""},
        {"\"=1\"", "\"'\"\"=1\"\"\""},
        {"\rx", "\"'\rx\""},
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {"a=1", "a=1"},
        {"'=1", "'=1"},
        {"\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac"},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_clear(&b);
        csv_cell(&b, slice_of(rows[i].text), 1);
        assert_true(slice_equals(buf_slice(&b), rows[i].cell));
    }
    buf_free(&b);
}

static void json_keeps_its_value(void **state)
{
    static const struct {
        const char *json, *cell;
    } rows[] = {
        {"{}", "\"{}\""},
        {"{\"a\":\"x;y\"}", "\"{\"\"a\"\":\"\"x;y\"\"}\""},
        {"{\"a\":\"x;=y; @\"}", "\"{\"\"a\"\":\"\"x;\\u003dy; \\u0040\"\"}\""},
        {"{\"a\":\"x;\xef\xbc\x8b\"}", "\"{\"\"a\"\":\"\"x;\\uff0b\"\"}\""},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_clear(&b);
        csv_json_cell(&b, slice_of(rows[i].json), 1);
        assert_true(slice_equals(buf_slice(&b), rows[i].cell));
    }
    buf_free(&b);
}

static void rows_have_commas_between_and_crlf_behind(void **state)
{
    struct slice none = {NULL, 0};
    struct buf b = {0};

    (void)state;
    csv_begin(&b);
    csv_cell(&b, slice_of("a"), 1);
    csv_cell(&b, none, 0);
    csv_cell(&b, slice_of("c"), 0);
    csv_end_row(&b);
    assert_true(slice_equals(buf_slice(&b), "\xef\xbb\xbf"
                                            "a,,c\r\n"));
    buf_free(&b);
}

static void objects_are_json_in_camel_case(void **state)
{
    struct slice none = {NULL, 0}, value;
    struct buf b = {0};
    struct err e = {0};

    (void)state;
    ndjson_begin(&b);
    ndjson_name(&b, "CallerIpAddress");
    ndjson_text(&b, slice_of("a\"\n{\xff"));
    ndjson_name(&b, "X");
    ndjson_text(&b, none);
    ndjson_name(&b, "Line");
    ndjson_number(&b, UINT64_MAX);
    ndjson_name(&b, "Self");
    ndjson_bool(&b, 1);
    ndjson_name(&b, "List");
    ndjson_begin_list(&b);
    ndjson_element(&b, slice_of("a"), 1);
    ndjson_element(&b, slice_of("b"), 0);
    ndjson_end_list(&b);
    ndjson_name(&b, "Empty");
    ndjson_begin_list(&b);
    ndjson_end_list(&b);
    ndjson_end(&b);
    assert_true(slice_equals(buf_slice(&b),
                             "{\"callerIpAddress\":\"a\\\"\\n{\xef\xbf\xbd\",\"x\":null,\"line\":"
                             "18446744073709551615,\"self\":true,\"list\":[\"a\",\"b\"],"
                             "\"empty\":[]}\n"));
    assert_int_equal(json_check(buf_slice(&b), &value, NULL, &e), 0);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_and_guarded),
        cmocka_unit_test(json_keeps_its_value),
        cmocka_unit_test(rows_have_commas_between_and_crlf_behind),
        cmocka_unit_test(objects_are_json_in_camel_case),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
