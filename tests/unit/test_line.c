/* line: what an event is sorted by. */
#include "storing.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void time_and_id_are_found(void **state)
{
    static const struct {
        const char *text;
        long long second; /* after START; -1: ERR_UNTRUSTED */
        const char *id;   /* or a part of the message */
    } rows[] = {
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\",\"eventDataId\":\"a\"}", 7, "a"},
        {"{\"eventDataId\":\"a\",\"eventTimestamp\":\"2025-11-01T02:00:07+02:00\"}", 7, "a"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\"}", 7, ""},
        /* Another letter case counts only where nothing is spelled exactly. */
        {"{\"EVENTTIMESTAMP\":\"2025-11-01T00:00:07Z\",\"eventdataid\":\"b\"}", 7, "b"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\",\"eventDataId\":\"b\",\"EventDataId\":"
         "\"c\"}",
         7, "b"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\",\"EventDataId\":\"c\",\"eventDataId\":"
         "\"b\"}",
         7, "b"},
        /* A name that only resembles it is another. */
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\",\"event\\u0074imestamps\":1,\"\\u0065\":2}",
         7, ""},
        /* Members of the same name further down are another thing's. */
        {"{\"x\":{\"eventTimestamp\":\"2025-11-01T00:00:09Z\",\"eventDataId\":\"no\"},"
         "\"eventTimestamp\":\"2025-11-01T00:00:07Z\"}",
         7, ""},
        /* An id that is no string is none; escapes stay as they are. */
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\",\"eventDataId\":12}", 7, ""},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\",\"eventDataId\":\"\\u0061\\\"\"}", 7,
         "\\u0061\\\""},
        /* Two times: which of them is meant nobody can tell. */
        {"{\"eventTimestamp\":7,\"eventTimestamp\":\"2025-11-01T00:00:07Z\"}", -1,
         "two members eventTimestamp"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\","
         "\"eventTimestamp\":\"2025-11-01T00:00:07Z\"}",
         -1, "two members eventTimestamp"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\","
         "\"EventTimestamp\":\"2025-11-01T00:00:09Z\"}",
         -1, "two members eventTimestamp"},
        {"{\"EVENTTIMESTAMP\":\"2025-11-01T00:00:07Z\","
         "\"eventtimestamp\":\"2025-11-01T00:00:07Z\"}",
         -1, "two members eventTimestamp"},
        {"{\"event\\u0054imestamp\":\"2025-11-01T00:00:07Z\","
         "\"eventTimestamp\":\"2025-11-01T00:00:09Z\"}",
         -1, "two members eventTimestamp"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:09Z\",\"\\u0065VENT\\u0074imestamp\":null}", -1,
         "two members eventTimestamp"},
        {"{\"event\\u0054imestamp\":\"2025-11-01T00:00:07Z\"}", -1, "without an eventTimestamp"},
        {"{}", -1, "without an eventTimestamp"},
        {"{\"eventTimestamp\":null}", -1, "without an eventTimestamp"},
        {"{\"eventTimestamp\":\"yesterday\"}", -1, "yesterday cannot be read"},
        {"{\"eventTimestamp\":\"\"}", -1, "cannot be read"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\"} ", -1, "text after the event"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\"}{}", -1, "text after the event"},
        {"{\"eventTimestamp\":\"2025-11-01T00:00:07Z\"", -1, ""},
        {"[]", -1, ""},
        {"\"eventTimestamp\"", -1, ""},
        {"", -1, ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct line l;
        struct err e = {0};
        int ret = line_parse(&l, slice_of(rows[i].text), &e);

        if (rows[i].second < 0) {
            if (ret != -1 || e.code != ERR_UNTRUSTED || strstr(e.msg, rows[i].id) == NULL)
                fail_msg("%s: code %d, %s", rows[i].text, e.code, e.msg);
        } else if (ret != 0 || l.ticks != AT(rows[i].second) || !slice_equals(l.id, rows[i].id) ||
                   !slice_equals(l.bytes, rows[i].text)) {
            fail_msg("%s: %lld, id %.*s, %s", rows[i].text, (long long)l.ticks, (int)l.id.len,
                     l.id.data, e.msg);
        }
    }
}

static void events_are_read_one_after_the_other(void **state)
{
    static const char text[] = "{\"eventTimestamp\":\"2025-11-01T00:00:01Z\"}"
                               "{\"eventTimestamp\":\"2025-11-01T00:00:02Z\"}{\"x\":1}";
    struct json_iter it = {.start = text, .p = text, .end = text + sizeof(text) - 1};
    struct line l;
    struct err e;

    (void)state;
    assert_int_equal(line_read(&l, &it, &e), 0);
    assert_true(l.ticks == AT(1));
    assert_int_equal(line_read(&l, &it, &e), 0);
    assert_true(l.ticks == AT(2));
    assert_int_equal(line_read(&l, &it, &e), -1);
    /* Where it is counts from the start of the text. */
    assert_non_null(strstr(e.msg, "at byte 82"));
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

/* Each row's events ascend; the same ones from the other side descend. */
static void order_is_time_then_id_then_bytes(void **state)
{
    static const char *const rows[] = {
        "10a 11a",  "9z 10a",   "10a 10b",  "10-9 10a",   "10-1 10-2", "10a1 10a2",
        "10a 10a1", "10a2 10b", "10A 10a1", "10a11 10a2", "-1z 0a",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct events x;

        events_make(&x, rows[i]);
        assert_int_equal(x.n, 2);
        if (sign(line_compare(&x.lines[0], &x.lines[1])) != -1 ||
            sign(line_compare(&x.lines[1], &x.lines[0])) != 1 ||
            line_compare(&x.lines[0], &x.lines[0]) != 0)
            fail_msg("%s: not in this order", rows[i]);
        events_free(&x);
    }
}

static void only_equal_bytes_are_equal(void **state)
{
    struct events x, y;

    (void)state;
    events_make(&x, "10a1 10a1 10a2 10a");
    events_make(&y, "10a1");
    assert_int_equal(line_compare(&x.lines[0], &x.lines[1]), 0);
    assert_int_equal(line_compare(&x.lines[0], &y.lines[0]), 0);
    assert_int_not_equal(line_compare(&x.lines[1], &x.lines[2]), 0);
    assert_int_not_equal(line_compare(&x.lines[1], &x.lines[3]), 0);
    events_free(&x);
    events_free(&y);
}

/* Ids compare as unsigned bytes, whatever char is. */
static void ids_beyond_ascii_come_last(void **state)
{
    static const char text[] =
        "{\"eventTimestamp\":\"2025-11-01T00:00:01Z\",\"eventDataId\":\"\xc3\xa9\"}";
    struct events x;
    struct line l;
    struct err e;

    (void)state;
    events_make(&x, "1z");
    assert_int_equal(line_parse(&l, slice_of(text), &e), 0);
    assert_int_equal(sign(line_compare(&x.lines[0], &l)), -1);
    events_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_and_id_are_found),
        cmocka_unit_test(events_are_read_one_after_the_other),
        cmocka_unit_test(order_is_time_then_id_then_bytes),
        cmocka_unit_test(only_equal_bytes_are_equal),
        cmocka_unit_test(ids_beyond_ascii_come_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
