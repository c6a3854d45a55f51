/* timestamp: ISO 8601 and ages to ticks and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"

#include <string.h>

static void times_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ticks;
    } rows[] = {
        {"0001-01-01T00:00:00Z", 0},
        {"0001-01-01", 0},
        {"1970-01-01T00:00:00Z", TICKS_UNIX_EPOCH},
        /* The pair of the published event: its time and the ticks in its id. */
        {"2024-06-06T08:00:45.456107Z", INT64_C(638532576454561070)},
        {"2024-06-06t08:00:45.456107z", INT64_C(638532576454561070)},
        {"2024-06-06 08:00:45.456107", INT64_C(638532576454561070)},
        {"2015-01-21T22:14:26.9792776Z", INT64_C(635574752669792776)},
        {"2015-01-21T22:14:26.97927769999Z", INT64_C(635574752669792776)},
        {"2015-01-22T00:14:26.9792776+02:00", INT64_C(635574752669792776)},
        {"2015-01-21T15:14:26.9792776-0700", INT64_C(635574752669792776)},
        {"2015-01-21T22:14:26.9792776+00:00", INT64_C(635574752669792776)},
        {"2024-02-29T00:00:00Z", INT64_C(638447616000000000)},
        {"2000-02-29", INT64_C(630873792000000000)},
        {"2026-11-22T10:00", INT64_C(639309384000000000)},
        {"9999-12-31T23:59:59.9999999Z", INT64_C(3155378975999999999)},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t ticks = -1;

        assert_int_equal(timestamp_parse(slice_of(rows[i].text), &ticks), 0);
        assert_true(ticks == rows[i].ticks);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2026",
        "2026-11",
        "2026-11-1",
        "26-11-01",
        "2026-13-01",
        "2026-00-01",
        "2026-11-00",
        "2026-11-31",
        "2023-02-29",
        "1900-02-29",
        "0000-01-01",
        "2026-11-01T",
        "2026-11-01T1",
        "2026-11-01T10",
        "2026-11-01T10:",
        "2026-11-01T24:00:00Z",
        "2026-11-01T10:60:00Z",
        "2026-11-01T10:00:60Z",
        "2026-11-01T10:00:00.Z",
        "2026-11-01T10:00:00,5Z",
        "2026-11-01T10:00:00ZZ",
        "2026-11-01T10:00:00Z ",
        " 2026-11-01T10:00:00Z",
        "2026-11-01T10:00:00+2",
        "2026-11-01T10:00:00+02",
        "2026-11-01T10:00:00+02:60",
        "2026-11-01T10:00:00+15:00",
        "2026-11-01T10:00:00 Z",
        "2026-11-01X10:00:00Z",
        "2026/11/01",
        "01-11-2026",
        "-026-11-01",
        "0001-01-01T00:00:00+01:00", /* before the first tick */
    };
    struct slice none = {NULL, 0};
    int64_t ticks;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(timestamp_parse(slice_of(rows[i]), &ticks), -1);
    assert_int_equal(timestamp_parse(none, &ticks), -1);
}

static void printed_times_are_read_back(void **state)
{
    static const struct {
        int64_t ticks;
        const char *text, *date;
    } rows[] = {
        {0, "0001-01-01T00:00:00Z", "0001-01-01"},
        {1, "0001-01-01T00:00:00.0000001Z", "0001-01-01"},
        {INT64_C(638532576454561070), "2024-06-06T08:00:45.456107Z", "2024-06-06"},
        {INT64_C(638447616000000000) + TICKS_PER_DAY - 1, "2024-02-29T23:59:59.9999999Z",
         "2024-02-29"},
        {INT64_C(3155378975999999999), "9999-12-31T23:59:59.9999999Z", "9999-12-31"},
    };
    char text[TIMESTAMP_TEXT_MAX];
    int64_t day, ticks;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(timestamp_format(rows[i].ticks, text), rows[i].text);
        assert_int_equal(timestamp_parse(slice_of(text), &ticks), 0);
        assert_true(ticks == rows[i].ticks);
        assert_string_equal(timestamp_format_date(rows[i].ticks, text), rows[i].date);
    }
    /* Every day of the calendar, in steps that meet all months and leap rules. */
    for (day = 0; day < INT64_C(3652059); day += 13) {
        assert_int_equal(
            timestamp_parse(slice_of(timestamp_format_date(day * TICKS_PER_DAY, text)), &ticks), 0);
        assert_true(ticks == day * TICKS_PER_DAY);
    }
}

static void ages_and_times_of_users_are_read(void **state)
{
    const int64_t now = INT64_C(638532576454561070);
    static const struct {
        const char *text;
        int64_t ago;
        int relative;
    } rows[] = {
        {"7d", 7 * TICKS_PER_DAY, 1},        {"12h", TICKS_PER_DAY / 2, 1},
        {"30m", TICKS_PER_DAY / 48, 1},      {"0d", 0, 1},
        {"0000089d", 89 * TICKS_PER_DAY, 1},
    };
    int64_t ticks;
    int relative;
    struct err e;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(timestamp_parse_when(rows[i].text, now, &ticks, &relative, &e), 0);
        assert_true(ticks == now - rows[i].ago);
        assert_int_equal(relative, rows[i].relative);
    }
    assert_int_equal(timestamp_parse_when("2026-11-01", now, &ticks, &relative, &e), 0);
    assert_int_equal(relative, 0);
    assert_int_equal(timestamp_parse_when("2026-11-01", now, &ticks, NULL, &e), 0);
}

static void other_words_are_usage_errors_that_repeat_them(void **state)
{
    static const char *const rows[] = {
        "",     "d",    "7",       "7w",        "-7d",
        "7dd",  "7.5d", "7 d",     "yesterday", "99999999999999999999d",
        "1e9d", "+7d",  "800000d",
    };
    const int64_t now = INT64_C(638532576454561070);
    int64_t ticks;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = {0};

        assert_int_equal(timestamp_parse_when(rows[i], now, &ticks, NULL, &e), -1);
        assert_int_equal(e.code, ERR_USAGE);
        assert_ptr_equal(strstr(e.msg, rows[i]), e.msg);
    }
}

static void rounding_goes_to_seconds_and_days(void **state)
{
    const int64_t second = INT64_C(638532576450000000);

    (void)state;
    assert_true(timestamp_floor_second(second) == second);
    assert_true(timestamp_ceil_second(second) == second);
    assert_true(timestamp_floor_second(second + 1) == second);
    assert_true(timestamp_ceil_second(second + 1) == second + TICKS_PER_SECOND);
    assert_true(timestamp_floor_second(second + TICKS_PER_SECOND - 1) == second);
    assert_true(timestamp_floor_day(second) % TICKS_PER_DAY == 0);
    assert_true(second - timestamp_floor_day(second) < TICKS_PER_DAY);
    assert_true(timestamp_floor_day(timestamp_floor_day(second)) == timestamp_floor_day(second));
    assert_true(timestamp_from_unix(0) == TICKS_UNIX_EPOCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(printed_times_are_read_back),
        cmocka_unit_test(ages_and_times_of_users_are_read),
        cmocka_unit_test(other_words_are_usage_errors_that_repeat_them),
        cmocka_unit_test(rounding_goes_to_seconds_and_days),
    };

    return cmocka_run_group_tests_name("timestamp", tests, NULL, NULL);
}
