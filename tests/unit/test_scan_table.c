/* scan_table: each finding is one sentence on at most two lines, whatever the log says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanning.h"

#include "cli/scan_table.h"
#include "out/table.h"

#define GUID "a5588d51-1111-4111-8111-111111111111"
#define ASSIGNMENT "/providers/Microsoft.Authorization/roleAssignments/n"

/* A role assignment at a scope. */
#define GIVE(caller, scope, more)                                                                  \
    GIVE_TO(caller, scope, "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", GUID, more)
#define GIVE_TO(caller, scope, role, whom, more)                                                   \
    "{\"eventTimestamp\":\"2026-10-09T08:12:33.5Z\",\"correlationId\":\"c\",\"operationName\":"    \
    "\"Microsoft.Authorization/roleAssignments/write\",\"caller\":\"" caller                       \
    "\",\"callerIpAddress\":\"198.51.100.114\",\"resourceId\":\"" scope ASSIGNMENT                 \
    "\",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{\\\"roleDefinitionId\\\":"          \
    "\\\"x/" role "\\\",\\\"principalId\\\":\\\"" whom                                             \
    "\\\",\\\"principalType\\\":\\\"User\\\"}}\"}" more "}\n"
#define DONE ",\"status\":\"Succeeded\""

/* The rows of all findings in a log, at a width. */
static char *rows_of(struct scanning *s, const char *log, size_t width, int colours)
{
    struct scan_table t = {width, colours};
    struct buf out = {0};
    size_t i;

    scanning_run_text(s, log);
    for (i = 0; i < s->set.nreported; i++)
        scan_table_row(&t, &s->set.all[s->set.reported[i]], &out);
    return buf_text(&out);
}

static void expect(struct scanning *s, const char *log, size_t width, const char *rows)
{
    char *got = rows_of(s, log, width, 0);

    assert_string_equal(got, rows);
    free(got);
}

static void a_finding_is_a_sentence(void **state)
{
    struct scanning *s = *state;

    expect(s,
           GIVE("dana@contoso.example", "", DONE) "{\"eventTimestamp\":\"2026-10-10T00:00:00Z\","
                                                  "\"correlationId\":\"d\",\"operationName\":"
                                                  "\"Microsoft.Authorization/roleAssignments/"
                                                  "delete\",\"caller\":\"ines@contoso.example\","
                                                  "\"resourceId\":\"" ASSIGNMENT "\"" DONE "}\n",
           200,
           "2026-10-09 08:12:33Z critical dana@contoso.example (198.51.100.114) gave Owner at / to "
           "User " GUID "; removed 2026-10-10 by ines@contoso.example\n"
           "2026-10-10 00:00:00Z medium   ines@contoso.example removed Owner at / from User " GUID
           "\n");
    expect(
        s,
        GIVE("dana.whitfield@contoso.example", "/subscriptions/" GUID "/resourceGroups/rg", DONE),
        80,
        "2026-10-09 08:12:33Z medium   dana.whitfield@contoso.example (198.51.100.114)\n"
        "      gave Owner at resource group rg in a5588d51-... to User a5588d51-...\n");
    expect(s, GIVE("dana@contoso.example", "/subscriptions/" GUID, ""), 80,
           "2026-10-09 08:12:33Z medium   dana@contoso.example (198.51.100.114) gave Owner\n"
           "      at subscription a5588d51-... to User a5588d51-...; outcome not known\n");
    expect(s,
           GIVE("dana@contoso.example", "/providers/Microsoft.Management/managementGroups/m",
                ",\"status\":\"Failed\",\"claims\":{\"oid\":\"" GUID "\"}"),
           80,
           "2026-10-09 08:12:33Z high     dana@contoso.example (198.51.100.114) gave Owner\n"
           "      at management group m to themselves; failed\n");
    expect(
        s,
        "{\"eventTimestamp\":\"2026-10-10T00:00:00Z\",\"correlationId\":\"d\",\"operationName\":"
        "\"Microsoft.Authorization/roleAssignments/delete\",\"caller\":\"ines@contoso.example\","
        "\"subStatus\":\"NoContent\",\"resourceId\":\"" ASSIGNMENT "\"" DONE "}\n",
        200,
        "2026-10-10 00:00:00Z info     ines@contoso.example removed an unknown role at / from an "
        "unknown principal; there was nothing to delete\n");
}

static void no_log_takes_more_than_two_lines_or_moves_the_cursor(void **state)
{
    static const size_t widths[] = {80, 81, 120, 160};
    struct scanning *s = *state;
    size_t i, k;

    for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
        char *got =
            rows_of(s,
                    GIVE("x\\u001b[2J\\nazdal: "
                         "COMPLETE\\r\\u202e\\u5927\\u5927\\u5927\\u5927\\u5927\\u5927\\u5927"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaa",
                         "/subscriptions/" GUID, DONE),
                    widths[i], 0);
        const char *line = got;

        for (k = 0; *line != '\0'; k++) {
            size_t n = strcspn(line, "\n");

            assert_true(table_fitting(line, widths[i]) >= n);
            line += n + 1;
        }
        assert_true(k <= 2);
        assert_null(strchr(got, '\033'));
        assert_null(strchr(got, '\r'));
        free(got);
    }
}

#define TEN(x) x x x x x x x x x x
#define LONG TEN("abcdefghij")
#define WIDE TEN("\xe5\xa4\xa7\xe5\xb0\x8f\xe6\xbc\xa2\xe5\xad\x97")
#define SUBSCRIPTION "/subscriptions/" GUID
#define REMOVED(by)                                                                                \
    "{\"eventTimestamp\":\"2026-10-10T00:00:00Z\",\"correlationId\":\"d\",\"operationName\":"      \
    "\"Microsoft.Authorization/roleAssignments/delete\",\"caller\":\"" by "\",\"resourceId\":\""

/* Whoever chooses names, however long, hides no part of a sentence behind them. */
static void no_name_pushes_another_part_out(void **state)
{
    static const size_t widths[] = {80, 100, 120, 160, 200};
    static const struct {
        const char *log, *parts[6];
    } rows[] = {
        {GIVE(LONG, "", DONE),
         {" abcd", "j (198.51.100.114) gave ", " gave Owner at / to ", " to User a5588d51-"}},
        {GIVE(WIDE, "", DONE),
         {" \xe5\xa4\xa7", "\xe5\xad\x97 (198.51.100.114) gave Owner at / to User a5588d51-"}},
        {GIVE("a b" LONG, SUBSCRIPTION "/resourceGroups/" LONG, DONE),
         {" a b", " gave Owner at resource group abcd", "j in a5588d51-", " to User a5588d51-"}},
        {GIVE(WIDE, SUBSCRIPTION "/resourceGroups/" WIDE, ""),
         {" gave Owner at resource group \xe5\xa4\xa7", "\xe5\xad\x97 in a5588d51-",
          " to User a5588d51-", "; outcome not known"}},
        {GIVE_TO(LONG, "/providers/Microsoft.Management/managementGroups/" LONG, LONG, LONG,
                 ",\"status\":\"Failed\""),
         {" gave abcd", "j at management group abcd", "j to User abcd", "j; failed"}},
        {GIVE_TO(WIDE, SUBSCRIPTION "/resourceGroups/" LONG, WIDE, WIDE, DONE) REMOVED(LONG)
             SUBSCRIPTION "/resourceGroups/" LONG ASSIGNMENT "\"" DONE "}\n",
         {" gave \xe5\xa4\xa7", "\xe5\xad\x97 at resource group abcd", " to ",
          "\xe5\xad\x97; removed 2026-10-10"}},
        {GIVE_TO(TEN(LONG) TEN(LONG), "", WIDE LONG, TEN(LONG), ""),
         {" abcd", " gave \xe5\xa4\xa7", "j at / to User abcd", "j; outcome not known"}},
    };
    size_t i, k, p;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (k = 0; k < sizeof(widths) / sizeof(widths[0]); k++) {
            char *got = rows_of(*state, rows[i].log, widths[k], 0), *line = got, *end;
            struct buf sentence = {0};

            /* The first finding's lines, as one. */
            for (p = 0; p == 0 || *line == ' '; p++, line = end + 1) {
                end = strchr(line, '\n');
                assert_non_null(end);
                assert_true(table_fitting(line, widths[k]) >= (size_t)(end - line));
                buf_append(&sentence, line + (p == 0 ? 0 : 5),
                           (size_t)(end - line) - (p == 0 ? 0 : 5));
            }
            assert_true(p <= 2);
            for (p = 0; p < 6 && rows[i].parts[p] != NULL; p++) {
                if (strstr(buf_text(&sentence), rows[i].parts[p]) == NULL)
                    fail_msg("row %zu, %zu columns: no \"%s\" in: %s", i, widths[k],
                             rows[i].parts[p], sentence.data);
            }
            buf_free(&sentence);
            free(got);
        }
    }
}

static void a_severity_is_coloured_where_that_is_wanted(void **state)
{
    struct scanning *s = *state;
    char *got = rows_of(s, GIVE("dana@contoso.example", "", DONE), 120, 1);

    assert_non_null(strstr(got, " \033[1;31mcritical\033[0m dana@contoso.example"));
    free(got);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scanning_setup, scanning_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_finding_is_a_sentence),
        CASE(no_log_takes_more_than_two_lines_or_moves_the_cursor),
        CASE(no_name_pushes_another_part_out),
        CASE(a_severity_is_coloured_where_that_is_wanted),
    };

    return cmocka_run_group_tests_name("scan_table", tests, NULL, NULL);
}
