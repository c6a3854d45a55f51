/* delimited: rows of text as other tools and people leave them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "scanning.h"

#define HEADER "TimeGenerated,Caller,OperationNameValue,ActivityStatusValue\n"
#define ELEVATE "Microsoft.Authorization/elevateAccess/action"
#define ROW(day) "2026-01-" day "T09:41:00Z,alice," ELEVATE ",Success\n"
#define NBSP "\xc2\xa0"

struct row {
    const char *text;
    unsigned findings, events, damage;
    const char *told; /* a part of it, or "" */
};

static void expect(struct scanning *s, const struct row *rows, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        const struct row *r = &rows[i];

        scanning_run_text(s, r->text);
        if (s->set.nreported != r->findings || s->events != r->events || s->damage != r->damage ||
            !scanning_told(s, r->told))
            fail_msg("%s gives %zu findings in %llu events, damage %u: %s", r->text,
                     s->set.nreported, (unsigned long long)s->events, s->damage, s->told.data);
    }
}

#define EXPECT(s, rows) expect(s, rows, sizeof(rows) / sizeof((rows)[0]))

static void blanks_around_cells_do_not_count(void **state)
{
    static const struct row rows[] = {
        {HEADER "2026-01-09T09:41:00Z, alice, " ELEVATE ", Success\n", 1, 1, 0, ""},
        {HEADER "\"2026-01-09T09:41:00Z\", \"alice\", \"" ELEVATE "\" ,\t\"Success\"\n", 1, 1, 0,
         ""},
        {HEADER "2026-01-09T09:41:00Z,alice," NBSP ELEVATE NBSP ",Success\n", 1, 1, 0, ""},
        {HEADER "2026-01-09T09:41:00Z,alice,Elevate (" ELEVATE "),Success\n", 1, 1, 0, ""},
        {HEADER "2026-01-09T09:41:00Z,alice," ELEVATE "/ ,Success\n", 1, 1, 0, ""},
        {"{\"eventTimestamp\":\"2026-01-09T09:43:00Z\",\"operationName\":\"\\u00a0" ELEVATE
         "\\u00a0\"}",
         1, 1, 0, ""},
        {HEADER "2026-01-09T09:41:00Z,alice,\" " ELEVATE " \",Success\n", 1, 1, 0, ""},
    };

    EXPECT(*state, rows);
    scanning_run_text(*state, HEADER "2026-01-09T09:41:00Z,alice," ELEVATE ", Failed \n");
    assert_int_equal(((struct scanning *)*state)->set.all[0].outcome, OUTCOME_FAILED);
}

static void rows_of_another_width_are_damage(void **state)
{
    static const struct row rows[] = {
        {HEADER "2026-01-09T09:41:00Z,Doe, Jane," ELEVATE ",Success\n" ROW("11"), 1, 2, 1,
         "text.ndjson:2: the row has 5 cells, the header 4"},
        {HEADER ROW("12") "2026-01-09T09:41:00Z,alice," ELEVATE "\n" ROW("13"), 3, 3, 1,
         "text.ndjson:3: the row has 3 cells, the header 4"},
        /* separators at the end alone say nothing */
        {HEADER "2026-01-09T09:41:00Z,alice," ELEVATE ",Success,,\n", 1, 1, 0, ""},
    };

    EXPECT(*state, rows);
}

static void a_lost_quote_costs_its_line(void **state)
{
    static const struct row rows[] = {
        {HEADER "2026-01-09T09:40:00Z,\"bob,x,Success\n" ROW(
             "14") "2026-01-09T09:42:00Z,\"c,x,y\n" ROW("15"),
         2, 2, 2, "text.ndjson:2: cell 2 of this row (column 22 of the line) has text after"},
        {HEADER "2026-01-09T09:40:00Z,\"bob,x,Success\n" ROW("16"), 1, 1, 1,
         "text.ndjson:2: cell 2"},
        {HEADER "2026-01-09T09:40:00Z,x,\"y\nx\",\"y\nx\",\"y\nx\",\"y\nx\",\"y\n" ROW("17"), 1, 1,
         5,
         "text.ndjson:2: cell 5 of this row (column 36 of the line) is more than the header has"},
    };

    EXPECT(*state, rows);
}

static void files_put_one_behind_the_other_are_read(void **state)
{
    static const struct row rows[] = {
        {HEADER ROW("18") HEADER ROW("19"), 2, 2, 0, ""},
        {HEADER ROW("20") "\xef\xbb\xbf" HEADER ROW("21"), 2, 2, 0, ""},
        {HEADER ROW("22") "Status,EventTimestamp,OperationName,Caller\n"
                          "Failed,2026-01-10T09:41:01Z," ELEVATE ",bob\n",
         2, 2, 0, ""},
        {HEADER ROW(
             "23") "{\"eventTimestamp\":\"2026-01-09T09:43:00Z\",\"operationName\":\"" ELEVATE
                   "\"}\n" ROW("24"),
         3, 3, 0, ""},
        {HEADER ROW("25") "{\"eventTimestamp\":\"2026-01-09T09:43:00Z\",\"operationN\n" ROW("26"),
         2, 2, 1, "text.ndjson:3: a line that begins as JSON does"},
    };

    EXPECT(*state, rows);
}

#define EVENT(day)                                                                                 \
    "{\"eventTimestamp\":\"2026-01-" day "T09:43:00Z\",\"operationName\":\"" ELEVATE "\"}"

/* Lines with something in front of their JSON, as syslog writes them. */
static void prefixes_may_hold_braces_and_lines_may_be_cut(void **state)
{
    static const struct row rows[] = {
        {"<13>host {azure}[1]: " EVENT("01") "\n", 1, 1, 0, ""},
        {"x " EVENT("01") "\nx {tag} " EVENT("02") "\nx {\"a\" b} " EVENT("03") "\n", 3, 3, 0, ""},
        {"x {\"a\":1} y " EVENT("01") "\n", 1, 1, 0, ""},
        {"x {\"a\":\"1\nx " EVENT("02") "\nx " EVENT("03") "\n", 2, 2, 1, "text.ndjson:1: raw"},
        {"x " EVENT("01") "\nx {\"a\":{\"b\":1},\"c\":\"d\nx " EVENT("03") "\n", 2, 2, 1,
         "text.ndjson:2: raw control"},
        {"x " EVENT("01") "\n" EVENT("02") "\n{\"a\":\nx " EVENT("03") "\n", 3, 3, 1,
         "text.ndjson:3: "},
    };

    EXPECT(*state, rows);
}

static void tables_of_other_tools_are_read_or_named(void **state)
{
    static const struct row rows[] = {
        {"TimeGenerated,Caller,OperationNameValue\r2026-01-09T09:41:00Z,a," ELEVATE
         "\r2026-01-10T09:41:00Z,a," ELEVATE "\r",
         2, 2, 0, ""},
        /* the event itself in one cell */
        {"Date,Host,Message\nx,y,\"{\"\"eventTimestamp\"\":\"\"2026-01-09T09:43:00Z\"\","
         "\"\"operationName\"\":\"\"" ELEVATE "\"\"}\"\n",
         1, 1, 0, ""},
        {"Made by Bob\n" HEADER ROW("01"), 1, 1, 0, ""},
        /* the rule under a header, of Markdown and of psql, is no row */
        {"| Time | OperationName |\n| --- | :---: |\n| 2026-01-09T09:41:00Z | " ELEVATE " |\n", 1,
         1, 0, ""},
        {" time | operation \n------+-----------\n 2026-01-09T09:41:00Z | " ELEVATE " \n", 1, 1, 0,
         ""},
        /* nor is what psql counts below */
        {" time | operation \n------+-----------\n 2026-01-09T09:41:00Z | " ELEVATE
         " \n(1 row)\n\n",
         1, 1, 0, ""},
    };

    EXPECT(*state, rows);
}

static void times_are_read_in_the_zone_of_their_column(void **state)
{
    static const struct {
        const char *text, *time;
    } rows[] = {
        {"TimeGenerated [UTC+08:00],Caller,OperationNameValue\n\"1/19/2026, 9:41:00 "
         "AM\",a," ELEVATE,
         "2026-01-19T01:41:00Z"},
        {"TimeGenerated [UTC-5],Caller,OperationNameValue\n2026-01-19T09:41:00,a," ELEVATE,
         "2026-01-19T14:41:00Z"},
        {"TimeGenerated [UTC+08:00],Caller,OperationNameValue\n2026-01-19T09:41:00Z,a," ELEVATE,
         "2026-01-19T09:41:00Z"},
        {"TimeGenerated [UTC],Caller,OperationNameValue\n2026-01-19T09:41:00,a," ELEVATE,
         "2026-01-19T09:41:00Z"},
    };
    struct scanning *s = *state;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char time[TIMESTAMP_TEXT_MAX];

        scanning_run_text(s, rows[i].text);
        assert_int_equal(s->set.nreported, 1);
        assert_string_equal(timestamp_format(s->set.all[0].time, time), rows[i].time);
        assert_int_equal(s->warnings, 0);
    }
}

static void days_and_months_that_contradict_each_other_are_told(void **state)
{
    static const struct row rows[] = {
        {HEADER "13/9/2026 10:00:00,a," ELEVATE ",Success\n2/14/2026 10:00:00,a," ELEVATE
                ",Success\n2/3/2026 10:00,a," ELEVATE ",Success\n",
         3, 3, 0, "the file has times of both kinds"},
    };

    EXPECT(*state, rows);
}

/* Each line is read a few times at most, whatever its quotes do. */
static void lost_quotes_on_every_line_take_no_longer(void **state)
{
    static const char *const lines[] = {"a\"b,a,\"c\n", "x\",\"y\n", "\"\n", "a,\"b\n"};
    struct scanning *s = *state;
    size_t i, k;

    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct buf b = {0};

        buf_puts(&b, HEADER "x,\"y\n");
        for (k = 0; k < 50000; k++)
            buf_puts(&b, lines[i]);
        scanning_run_text(s, buf_text(&b));
        assert_true(s->damage > 0);
        assert_int_equal(s->set.nreported, 0);
        buf_free(&b);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scanning_setup, scanning_teardown)
    const struct CMUnitTest tests[] = {
        TEST(blanks_around_cells_do_not_count),
        TEST(rows_of_another_width_are_damage),
        TEST(a_lost_quote_costs_its_line),
        TEST(files_put_one_behind_the_other_are_read),
        TEST(prefixes_may_hold_braces_and_lines_may_be_cut),
        TEST(tables_of_other_tools_are_read_or_named),
        TEST(times_are_read_in_the_zone_of_their_column),
        TEST(days_and_months_that_contradict_each_other_are_told),
        TEST(lost_quotes_on_every_line_take_no_longer),
    };

    return cmocka_run_group_tests_name("delimited", tests, NULL, NULL);
}
