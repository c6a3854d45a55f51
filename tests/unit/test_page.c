/* Pages of the service: what is sliced, and what is refused. */
#include "acquire/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EVENT "{\"eventDataId\":\"e1\",\"eventTimestamp\":\"2026-06-06T08:00:45.456107Z\"}"

/* Read a text as a page. */
static int read_page(struct page *p, const char *text, struct err *e)
{
    struct buf body = {0};
    int ret;

    buf_puts(&body, text);
    ret = page_parse(p, &body, e);
    assert_null(body.data);
    return ret;
}

static void pages_are_sliced(void **state)
{
    static const struct {
        const char *text, *link;
        size_t lines;
    } rows[] = {
        {"{\"value\":[]}", NULL, 0},
        {"{\"value\":[" EVENT "]}", NULL, 1},
        {"{\"nextLink\":\"https://x/?$skipToken=US1:06:1;EU1:-1:F\",\"value\":[" EVENT "," EVENT
         "]}",
         "https://x/?$skipToken=US1:06:1;EU1:-1:F", 2},
        {"{\"value\":[" EVENT "],\"nextLink\":\"a\\u002fb\"}", "a/b", 1},
        {"{\"value\":[],\"nextLink\":null}", NULL, 0},
        {"{\"value\":[],\"nextLink\":\"\"}", NULL, 0},
        {"{\"NextLink\":\"a\",\"value\":[]}", "a", 0},
        {"{\"value\":[],\"@odata.nextLink\":\"a\"}", "a", 0},
        {"{\"value\":[],\"@nextLink\":\"a\"}", "a", 0},
        {"{\"value\":[],\"@nextLink\":\"a\",\"nextLink\":null}", "a", 0},
        {"{\"value\":[],\"@nextLink\":\"a\",\"nextLink\":\"a\"}", "a", 0},
        {"{\"value\":[],\"notNextLink\":\"a\"}", NULL, 0},
        {"{\"value\":[],\"error\":null,\"errors\":[ ],\"message\":\"\"}", NULL, 0},
        {"{\"value\":[],\"previousNextLink\":\"a\",\"link\":\"b\"}", NULL, 0},
        {"{\"error\":null,\"value\":[]}", NULL, 0},
        {"{\"partial\":false,\"failures\":0,\"value\":[],\"statusCode\":200,\"status\":\"ok\"}",
         NULL, 0},
        {"{\"value\":[],\"exception\":null,\"innererror\":{ },\"InnerError\":\"\"}", NULL, 0},
        /* Where there is a next link, or nothing behind the name, other names do not matter. */
        {"{\"value\":[],\"nextLink\":\"a\",\"skipToken\":\"b\",\"next\":\"c\"}", "a", 0},
        {"{\"value\":[],\"next\":null,\"skipToken\":\"\",\"hasMore\":false,\"paging\":{\"next\":"
         "null}}",
         NULL, 0},
        {"{\"value\":[],\"count\":{\"type\":\"Total\",\"value\":3},\"nextOfKin\":\"a\"}", NULL, 0},
        {"\xef\xbb\xbf{\"value\":[" EVENT "]}", NULL, 1},
        {"\xef\xbb\xbf { \"value\":[" EVENT " ], \"nextLink\" : \"a\" }", "a", 1},
        {" {\r\n \"value\" : [ " EVENT " ,\n" EVENT " ] , \"other\" : { } }\n", NULL, 2},
        {"{\"value\":[{\"EVENTTIMESTAMP\":\"2026-06-06T08:00:45.456107Z\",\"EventDataId\":\"e1\"}]"
         "}",
         NULL, 1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct page p;
        struct err e;

        assert_int_equal(read_page(&p, rows[i].text, &e), 0);
        assert_int_equal(p.nlines, rows[i].lines);
        if (rows[i].link == NULL)
            assert_null(p.next_link);
        else
            assert_string_equal(p.next_link, rows[i].link);
        if (p.nlines > 0) {
            assert_true(p.lines[0].ticks == INT64_C(639163296454561070));
            assert_true(slice_equals(p.lines[0].id, "e1"));
            assert_null(memchr(p.lines[0].bytes.data, ' ', p.lines[0].bytes.len));
        }
        page_free(&p);
    }
}

static void whitespace_goes_and_nothing_else(void **state)
{
    struct page p;
    struct err e;

    (void)state;
    assert_int_equal(read_page(&p,
                               "{\"value\":[ { \"eventTimestamp\" : \"2026-06-06T08:00:45Z\" ,\n"
                               "\"a b\":\" c\\u00e9\\\" \\/ \", \"n\": 1.50 , \"n\":-0 } ]}",
                               &e),
                     0);
    assert_true(slice_equals(p.lines[0].bytes,
                             "{\"eventTimestamp\":\"2026-06-06T08:00:45Z\","
                             "\"a b\":\" c\\u00e9\\\" \\/ \",\"n\":1.50,\"n\":-0}"));
    page_free(&p);
}

static void bad_pages_are_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "empty"},
        {"<html>busy</html>", "an HTML page instead of an answer"},
        {"busy", "not JSON"},
        {"[]", "object expected"},
        {"{}", "no member named value"},
        {"{\"value\":null}", "array expected"},
        {"{\"value\":[],\"value\":[]}", "two members named value"},
        {"{\"value\":[7]}", "object expected"},
        {"{\"value\":[{}]}", "without an eventTimestamp"},
        {"{\"value\":[{\"eventTimestamp\":\"soon\"}]}", "eventTimestamp soon cannot be read"},
        {"{\"value\":[{\"eventTimestamp\":7}]}", "without an eventTimestamp"},
        {"{\"value\":[" EVENT "", "cut short"},
        {"{\"value\":[" EVENT "]} x", "text after the answer"},
        {"{\"value\":[],\"nextLink\":7}", "nextLink is not a string"},
        {"{\"value\":[],\"nextLink\":\"a\\u0000b\"}", "nextLink is blank or holds a NUL"},
        {"{\"value\":[],\"nextLink\":\" \"}", "nextLink is blank or holds a NUL"},
        {"{\"nextLink\":\"a\",\"value\":[],\"nextLink\":\"b\"}", "two next links that differ"},
        {"{\"nextLink\":\"a\",\"value\":[],\"@nextLink\":\"b\"}", "two next links that differ"},
        {"{\"value\":[],\"Value\":[]}", "another letter case"},
        {"{\"Value\":[]}", "another letter case"},
        {"{\"value\":[],\"Error\":{\"Code\":\"Busy\"}}", "an error instead of an answer: Busy"},
        {"{\"ERROR\":\"busy\",\"value\":[]}", "a member \"ERROR\""},
        {"{\"odata.error\":{\"code\":\"Busy\"},\"value\":[]}", "answer: Busy"},
        {"{\"value\":[],\"errorDetails\":\"boom\"}", "a member \"errorDetails\""},
        {"{\"failures\":[{\"a\":1}],\"value\":[]}", "a member \"failures\""},
        {"{\"value\":[],\"isPartial\":true}", "a member \"isPartial\""},
        {"{\"value\":[],\"statusCode\":500}", "a member \"statusCode\""},
        {"{\"value\":[],\"title\":\"t\",\"detail\":\"d\",\"status\":503}", "a member \"title\""},
        {"{\"value\":[],\"status\":\"403\"}", "a member \"status\""},
        {"{\"errors\":[{\"code\":\"Busy\"}],\"value\":[]}", "a member \"errors\""},
        {"{\"code\":\"Busy\",\"message\":\"x\",\"value\":[]}", "a member \"code\""},
        {"{\"value\":[],\"Message\":\"An error has occurred.\"}", "a member \"Message\""},
        {"{\"value\":[],\"next\\u004cink\":\"a\"}", "written with escapes"},
        {"{\"error\":{\"code\":\"Boom\",\"message\":\"it broke\"}}", "instead of an answer: Boom"},
        {"{\"value\":[" EVENT "],\"error\":{\"code\":\"Partial\"}}", "an error instead of"},
        {"{\"value\":[],\"v\\u0061lue\":[]}", "written with escapes"},
        {"{\"v\\u0061lue\":[]}", "written with escapes"},
        {"{\"value\":[],\"\\u0065rror\":{}}", "written with escapes"},
        {"{\"value\":[],\"exception\":\"x\"}", "a member \"exception\""},
        {"{\"value\":[],\"Exception\":{\"a\":1}}", "a member \"Exception\""},
        {"{\"innererror\":{\"a\":1},\"value\":[]}", "a member \"innererror\""},
        {"{\"innerError\":{\"code\":\"Busy\"},\"value\":[]}", "an error instead of an answer"},
        {"{\"value\":[],\"INNERERROR\":\"x\"}", "a member \"INNERERROR\""},
        {"{\"value\":[],\"error_description\":\"x\"}", "a member \"error_description\""},
        {"{\"value\":[],\"next\":\"a\"}",
         "goes on, but without a nextLink: it has a member \"next\""},
        {"{\"value\":[],\"Next_Link\":\"a\"}", "a member \"Next_Link\""},
        {"{\"next-link\":\"a\",\"value\":[]}", "a member \"next-link\""},
        {"{\"value\":[],\"@odata_nextLink\":\"a\"}", "a member \"@odata_nextLink\""},
        {"{\"value\":[],\"continuationToken\":\"a\"}", "a member \"continuationToken\""},
        {"{\"value\":[],\"odata.continuation\":\"a\"}", "a member \"odata.continuation\""},
        {"{\"value\":[],\"x.y@skip_token\":7}", "a member \"x.y@skip_token\""},
        {"{\"value\":[],\"skipToken\":\"a\",\"nextLink\":\"\"}", "a member \"skipToken\""},
        {"{\"value\":[],\"$skipToken\":\"a\",\"nextLink\":null}", "a member \"$skipToken\""},
        {"{\"value\":[],\"PageToken\":\"a\"}", "a member \"PageToken\""},
        {"{\"value\":[],\"hasMore\":true}", "a member \"hasMore\""},
        {"{\"value\":[],\"_links\":{\"self\":1,\"next\":{\"href\":\"a\"}}}", "a member \"next\""},
        {"{\"value\":[],\"error\":\"text\"}", "an error instead of an answer"},
        {"{\"value\":[{\"a\":\"\x01\"}]}", "raw control character"},
        {"{\"value\":[{\"a\":\"\xff\"}]}", "invalid UTF-8"},
    };
    struct buf deep = {0}, link = {0};
    struct page p;
    struct err e;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(read_page(&p, rows[i].text, &e), -1);
        assert_int_equal(e.code, ERR_UNTRUSTED);
        if (strstr(e.msg, rows[i].why) == NULL)
            fail_msg("%s: %s", rows[i].text, e.msg);
        assert_null(p.body.data);
    }
    buf_puts(&deep, "{\"value\":[{\"a\":");
    for (i = 0; i < 200; i++)
        buf_putc(&deep, '[');
    assert_int_equal(read_page(&p, buf_text(&deep), &e), -1);
    assert_non_null(strstr(e.msg, "128 levels"));
    buf_free(&deep);
    buf_puts(&link, "{\"value\":[],\"nextLink\":\"");
    for (i = 0; i < 17000; i++)
        buf_putc(&link, 'x');
    buf_puts(&link, "\"}");
    assert_int_equal(read_page(&p, buf_text(&link), &e), -1);
    assert_non_null(strstr(e.msg, "nextLink is longer"));
    buf_free(&link);
}

static void a_header_that_pages_on_needs_a_next_link(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(page_check_header(0, NULL, &e), 0);
    assert_int_equal(page_check_header(1, "a", &e), 0);
    assert_int_equal(page_check_header(1, NULL, &e), -1);
    assert_int_equal(e.code, ERR_UNTRUSTED);
    assert_non_null(strstr(e.msg, "a header Link with rel=next"));
}

/* Count the elements of a list; the third is refused. */
static int count(struct slice element, void *arg, struct err *e)
{
    int *n = arg;

    assert_true(element.len > 0);
    return ++*n == 3 ? err_set(e, ERR_UNTRUSTED, "enough") : 0;
}

static void lists_are_walked(void **state)
{
    char *link;
    struct err e;
    int n = 0;

    (void)state;
    assert_int_equal(
        page_list(slice_of("{\"value\":[{\"id\":1},2],\"nextLink\":\"n\"}"), count, &n, &link, &e),
        0);
    assert_int_equal(n, 2);
    assert_string_equal(link, "n");
    free(link);
    assert_int_equal(page_list(slice_of("{\"value\":[1]}"), count, &n, &link, &e), -1);
    assert_string_equal(e.msg, "enough");
    assert_null(link);
}

static void an_answer_has_what_it_counts(void **state)
{
    static const struct {
        const char *text;
        int whole;
    } rows[] = {{"{\"value\":[" EVENT "],\"@odata.count\":999}", 0},
                {"{\"count\":2,\"value\":[" EVENT "]}", 0},
                {"{\"count\":1,\"value\":[" EVENT "]}", 1},
                {"{\"count\":{\"value\":9},\"value\":[" EVENT "]}", 1},
                {"{\"count\":9,\"value\":[" EVENT "],\"nextLink\":\"http://127.0.0.1/2\"}", 1}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf body = {0};
        struct page p;
        struct err e;

        buf_puts(&body, rows[i].text);
        assert_int_equal(page_parse(&p, &body, &e), 0);
        assert_int_equal(page_check_count(&p, &e) == 0, rows[i].whole);
        page_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_what_it_counts),
        cmocka_unit_test(pages_are_sliced),
        cmocka_unit_test(whitespace_goes_and_nothing_else),
        cmocka_unit_test(bad_pages_are_refused),
        cmocka_unit_test(a_header_that_pages_on_needs_a_next_link),
        cmocka_unit_test(lists_are_walked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
