/* json: the slicer, strict and without a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* Whether json_check takes a text. */
static int accepts(const char *text, size_t len)
{
    struct slice s = {text, len}, value;
    struct err e = {0};
    int ret = json_check(s, &value, NULL, &e);

    if (ret != 0) {
        assert_int_equal(e.code, ERR_UNTRUSTED);
        assert_non_null(strstr(e.msg, " at byte "));
    }
    return ret == 0;
}

static void valid_texts_are_accepted(void **state)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        " { } ",
        "\t[\r\n]\n",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "12",
        "-1.5e+10",
        "1E5",
        "0.0",
        "\"\"",
        "\"a\"",
        "{\"a\":1,\"a\":2}",
        "{\"\":{\"\":[]}}",
        "[1,[2,[3]],{\"a\":[{}]}]",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\"",
        "\"\\ud800\"", /* a lone surrogate is no error of grammar */
        "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"",
        "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"",
        "\"\x7f\"",
        "{\"a\" : 1 , \"b\" : [ 1 , 2 ] }",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_true(accepts(rows[i], strlen(rows[i])));
}

static void invalid_texts_are_refused(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "{",
        "[",
        "}",
        "]",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "{1:2}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1",
        "{\"a\":1",
        "{\"a\":1}}",
        "[]]",
        "1 2",
        "{}{}",
        "nul",
        "nulL",
        "True",
        "NaN",
        "Infinity",
        "+1",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x10",
        "\"",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u123",
        "\"\n\"",
        "\"\t\"",
        "\"\x01\"",
        "\"\x80\"",             /* continuation alone */
        "\"\xc0\x80\"",         /* overlong NUL */
        "\"\xc1\xbf\"",         /* overlong */
        "\"\xe0\x80\x80\"",     /* overlong */
        "\"\xf0\x80\x80\x80\"", /* overlong */
        "\"\xed\xa0\x80\"",     /* surrogate */
        "\"\xf4\x90\x80\x80\"", /* past U+10FFFF */
        "\"\xf8\x88\x80\x80\x80\"",
        "\"\xc3\"",
        "\"\xe2\x82\"",
        "\"\xf0\x9f\x98\"",
        "\xef\xbb\xbf{}", /* a byte order mark is the reader's business */
        "/* */{}",
        "{}//",
        "\v{}",
        "\xc2\xa0{}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_false(accepts(rows[i], strlen(rows[i])));
    assert_false(accepts("{\"a\":\"\0\"}", 9));
    assert_false(accepts("{}\0", 3));
    assert_false(accepts("\"\\\0\"", 4));
}

/* A text cut anywhere is an error, and reading stays inside it (under ASan the copy is exact). */
static void every_cut_is_refused(void **state)
{
    static const char whole[] =
        "{\"a\":[1.5e3,true,null,\"x\\u00e4\\n\xe2\x82\xac\"],\"b\":{\"c\":false}}";
    size_t n;

    (void)state;
    for (n = 0; n < sizeof(whole) - 1; n++) {
        char *copy = malloc(n + 1);

        memcpy(copy, whole, n);
        copy = realloc(copy, n == 0 ? 1 : n);
        assert_non_null(copy);
        assert_false(accepts(copy, n));
        free(copy);
    }
    assert_true(accepts(whole, sizeof(whole) - 1));
}

/* Every byte at every place in a long string: the fast way and the slow way agree. */
static void bytes_in_strings_are_checked_at_every_alignment(void **state)
{
    char text[64];
    size_t at;
    int c;

    (void)state;
    for (at = 1; at < 34; at++) {
        for (c = 0; c < 256; c++) {
            int fine = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';

            memset(text, 'x', sizeof(text));
            text[0] = '"';
            text[40] = '"';
            text[at] = (char)c;
            assert_int_equal(accepts(text, 41), fine);
        }
    }
}

static void depth_ends_at_the_limit(void **state)
{
    char text[2 * JSON_DEPTH_MAX + 8];
    int depth;

    (void)state;
    for (depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        assert_int_equal(accepts(text, (size_t)depth * 2), depth <= JSON_DEPTH_MAX);
    }
}

static void depth_counts_through_walks(void **state)
{
    char text[2 * JSON_DEPTH_MAX + 16];
    struct json_iter it;
    struct slice key, value, s;
    struct err e = {0};

    (void)state;
    memcpy(text, "{\"a\":", 5);
    memset(text + 5, '[', JSON_DEPTH_MAX);
    memset(text + 5 + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    text[5 + 2 * JSON_DEPTH_MAX] = '}';
    s.data = text;
    s.len = 6 + 2 * JSON_DEPTH_MAX;
    assert_int_equal(json_object_begin(&it, s, &e), 0);
    assert_int_equal(json_object_next(&it, &key, &value, &e), -1);
    assert_non_null(strstr(e.msg, "nested deeper than 128 levels"));
}

static void whitespace_is_told_only_inside(void **state)
{
    static const struct {
        const char *text;
        int inside;
    } rows[] = {
        {"{\"a\":1}", 0},       {" {\"a\":1}\n", 0}, {"{ \"a\":1}", 1}, {"{\"a\" :1}", 1},
        {"{\"a\": 1}", 1},      {"{\"a\":1 }", 1},   {"[1, 2]", 1},     {"\" \"", 0},
        {"{\"a b\":\" \"}", 0}, {"[\n]", 1},         {"[[ ]]", 1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice value;
        struct err e = {0};
        int inside = -1;

        assert_int_equal(json_check(slice_of(rows[i].text), &value, &inside, &e), 0);
        assert_int_equal(inside, rows[i].inside);
        assert_int_not_equal(value.data[0], ' ');
    }
}

static void minify_removes_whitespace_and_nothing_else(void **state)
{
    static const char *const rows[][2] = {
        {"{ \"a b\" : [ 1 ,\t\"x \\\" y\" ,\r\n null ] }", "{\"a b\":[1,\"x \\\" y\",null]}"},
        {"\"\\\\\" ", "\"\\\\\""},
        {"[ \"\\\\\" , \" \" ]", "[\"\\\\\",\" \"]"},
        {"[ 1.0 , 1e5 , \"\\u0041\" ]", "[1.0,1e5,\"\\u0041\"]"},
        {"{}", "{}"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf b = {0};

        json_minify(slice_of(rows[i][0]), &b);
        assert_true(slice_equals(buf_slice(&b), rows[i][1]));
        buf_free(&b);
    }
}

static void walks_hand_out_members_and_elements_as_they_stand(void **state)
{
    struct slice text = slice_of(" {\"a\\u0062\": [1, {\"x\":2}] , \"b\":\"q\",\"\":null} "), key,
                 value;
    struct json_iter it, list;
    struct err e = {0};

    (void)state;
    assert_int_equal(json_object_begin(&it, text, &e), 0);
    assert_int_equal(json_object_next(&it, &key, &value, &e), 1);
    assert_true(slice_equals(key, "a\\u0062"));
    assert_true(slice_equals(value, "[1, {\"x\":2}]"));
    assert_int_equal(json_kind(value), JSON_ARRAY);
    assert_int_equal(json_array_begin(&list, value, &e), 0);
    assert_int_equal(json_array_next(&list, &value, &e), 1);
    assert_int_equal(json_kind(value), JSON_NUMBER);
    assert_int_equal(json_array_next(&list, &value, &e), 1);
    assert_int_equal(json_kind(value), JSON_OBJECT);
    assert_int_equal(json_array_next(&list, &value, &e), 0);
    assert_int_equal(json_object_next(&it, &key, &value, &e), 1);
    assert_true(slice_equals(value, "\"q\""));
    assert_int_equal(json_object_next(&it, &key, &value, &e), 1);
    assert_int_equal(key.len, 0);
    assert_int_equal(json_kind(value), JSON_NULL);
    assert_int_equal(json_object_next(&it, &key, &value, &e), 0);
    assert_int_equal(*it.p, ' ');
}

static void nested_containers_can_be_walked_in_one_pass(void **state)
{
    struct slice text = slice_of("{\"n\":1,\"value\":[{\"id\":\"x\"},{\"id\":\"y\"}],\"after\":2}");
    struct slice key, value;
    struct json_iter it, list, item;
    struct err e = {0};
    int more, items = 0;

    (void)state;
    assert_int_equal(json_object_begin(&it, text, &e), 0);
    assert_int_equal(json_object_next(&it, &key, &value, &e), 1);
    assert_int_equal(json_object_key(&it, &key, &e), 1);
    assert_true(slice_equals(key, "value"));
    assert_int_equal(json_enter_object(&it, &item, &e), -1);
    assert_int_equal(json_enter_array(&it, &list, &e), 0);
    while ((more = json_array_element(&list, &e)) == 1) {
        assert_int_equal(json_enter_object(&list, &item, &e), 0);
        while (json_object_next(&item, &key, &value, &e) == 1)
            items++;
        json_leave(&list, &item);
    }
    assert_int_equal(more, 0);
    assert_int_equal(items, 2);
    json_leave(&it, &list);
    assert_int_equal(json_object_next(&it, &key, &value, &e), 1);
    assert_true(slice_equals(key, "after"));
    assert_int_equal(json_object_next(&it, &key, &value, &e), 0);
}

static void members_are_found_by_name(void **state)
{
    struct slice object = slice_of("{\"a\":1,\"A\":2,\"b\":{\"a\":3},\"a\":4}");
    struct slice none = {NULL, 0};

    (void)state;
    assert_true(slice_equals(json_get(object, "a"), "4"));
    assert_true(slice_equals(json_get(object, "A"), "2"));
    assert_true(slice_equals(json_get_nocase(object, "a"), "4"));
    assert_true(slice_equals(json_get(json_get(object, "b"), "a"), "3"));
    /* a name in another writing, where none is equal */
    object = slice_of("{\"Role-Definition_ID\":1,\"_id\":2,\"id\":3,\"i d\":4,\"identity\":5}");
    assert_true(slice_equals(json_get_nocase(object, "roleDefinitionId"), "1"));
    assert_true(slice_equals(json_get_nocase(object, "ID"), "3"));
    assert_true(slice_equals(json_get_nocase(object, "role definition_id"), "1"));
    assert_null(json_get_nocase(object, "roleDefinition").data);
    assert_null(json_get_nocase(object, "roleDefinitionIds").data);
    assert_null(json_get(object, "roleDefinitionId").data);
    assert_null(json_get(object, "c").data);
    assert_null(json_get(slice_of("[1]"), "a").data);
    assert_null(json_get(none, "a").data);
}

static void strings_are_decoded(void **state)
{
    static const char *const rows[][2] = {
        {"\"\"", ""},
        {"\"abc\"", "abc"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0041\\u00e4\\u20ac\"", "A\xc3\xa4\xe2\x82\xac"},
        {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
        {"\"\\uD83D\\uDE00\"", "\xf0\x9f\x98\x80"},
        {"\"\\ud83d\"", "\xef\xbf\xbd"},
        {"\"\\ude00x\"", "\xef\xbf\xbdx"},
        {"\"\\ud83d\\u0041\"", "\xef\xbf\xbd"
                               "A"},
        {"\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *copy = json_string_dup(slice_of(rows[i][0]));

        assert_non_null(copy);
        assert_string_equal(copy, rows[i][1]);
        free(copy);
    }
    assert_null(json_string_dup(slice_of("1")));
    assert_null(json_string_dup(slice_of("\"")));
    assert_int_equal(json_string_decode(slice_of("\"\\u0000\""), &b), 0);
    assert_int_equal(b.len, 1);
    buf_free(&b);
}

static void strings_are_printed_so_that_they_read_back(void **state)
{
    static const char *const rows[][2] = {
        {"", "\"\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\r\t\x01\x1f\x7f", "\"\\n\\r\\t\\u0001\\u001f\\u007f\""},
        {"\xc3\xa4\xf0\x9f\x98\x80", "\"\xc3\xa4\xf0\x9f\x98\x80\""},
        {"a\xff"
         "b\xc3",
         "\"a\xef\xbf\xbd"
         "b\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_clear(&b);
        json_put_string(&b, rows[i][0]);
        assert_true(slice_equals(buf_slice(&b), rows[i][1]));
        assert_true(accepts(b.data, b.len));
    }
    buf_clear(&b);
    json_put_string(&b, NULL);
    assert_true(slice_equals(buf_slice(&b), "null"));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_texts_are_accepted),
        cmocka_unit_test(invalid_texts_are_refused),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(bytes_in_strings_are_checked_at_every_alignment),
        cmocka_unit_test(depth_ends_at_the_limit),
        cmocka_unit_test(depth_counts_through_walks),
        cmocka_unit_test(whitespace_is_told_only_inside),
        cmocka_unit_test(minify_removes_whitespace_and_nothing_else),
        cmocka_unit_test(walks_hand_out_members_and_elements_as_they_stand),
        cmocka_unit_test(nested_containers_can_be_walked_in_one_pass),
        cmocka_unit_test(members_are_found_by_name),
        cmocka_unit_test(strings_are_decoded),
        cmocka_unit_test(strings_are_printed_so_that_they_read_back),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
