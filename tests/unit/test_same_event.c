/*
 * same_event: different events stay two findings, whatever ids and times they share; equal ones are
 * one wherever they are seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanning.h"

#define EVENT(time, operation, name, caller, more)                                                 \
    "{\"eventTimestamp\":\"" time "\",\"operationName\":\"Microsoft.Authorization/" operation      \
    "\",\"status\":\"Succeeded\",\"resourceId\":\"/providers/Microsoft.Authorization" name         \
    "\",\"caller\":\"" caller "\"" more "}\n"
#define ELEVATE(time, caller, more) EVENT(time, "elevateAccess/action", "", caller, more)
#define NAME "/roleAssignments/00000009-0000-4000-8000-000000000009"
#define WRITE(time, more)                                                                          \
    EVENT(time, "roleAssignments/write", NAME, "ada@contoso.example",                              \
          ",\"correlationId\":\"c1\"" more)
#define DELETE(time, more)                                                                         \
    EVENT(time, "roleAssignments/delete", NAME, "ada@contoso.example",                             \
          ",\"correlationId\":\"c1\"" more)
#define OWNER_FOR(principal)                                                                       \
    ",\"properties\":{\"requestbody\":{\"properties\":{\"principalId\":\"" principal               \
    "\",\"scope\":\"/\",\"roleDefinitionId\":\"/providers/Microsoft.Authorization/"                \
    "roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\"}}}"
#define NINE "2026-01-09T09:00:00Z"
#define TEN "2026-01-09T10:00:00Z"
#define ELEVEN "2026-01-09T11:00:00Z"
#define A "dddddddd-0000-4000-8000-000000000004"
#define B "00000063-0000-4000-8000-000000000063"

/* Scan a text, which gives so many findings. */
static void expect(struct scanning *s, const char *text, size_t n)
{
    scanning_run_text(s, text);
    if (s->set.nreported != n)
        fail_msg("%zu findings, not %zu, in %s", s->set.nreported, n, text);
}

static void different_events_of_one_time_are_two(void **state)
{
    struct scanning *s = *state;

    expect(s, ELEVATE(NINE, "ada", "") ELEVATE(NINE, "mallory", ""), 2);
    expect(s, ELEVATE(NINE, "ada", "") ELEVATE(NINE, "ada", ""), 1);
    expect(s,
           ELEVATE(NINE, "ada", ",\"eventDataId\":\"e1\"") WRITE(NINE, ",\"eventDataId\":\"e1\""),
           2);
    expect(s,
           ELEVATE(NINE, "ada", ",\"eventDataId\":\"e1\"")
               ELEVATE(NINE, "mallory", ",\"eventDataId\":\"e1\"")
                   ELEVATE(NINE, "Ada", ",\"eventDataId\":\"E1\""),
           2);
    expect(s, WRITE(NINE, OWNER_FOR(A)) WRITE(NINE, OWNER_FOR(B)), 2);
}

static void a_table_without_ids_adds_no_finding(void **state)
{
    struct scanning *s = *state;

    expect(s, ELEVATE(NINE, "ada", "") ELEVATE(NINE, "ada", ",\"correlationId\":\"c1\""), 1);
    expect(s,
           ELEVATE(NINE, "ada", ",\"correlationId\":\"c1\",\"eventDataId\":\"e1\"")
               ELEVATE(NINE, "ada", ""),
           1);
    expect(s,
           ELEVATE(NINE, "ada", "") ELEVATE(NINE, "ada", ",\"correlationId\":\"c1\"")
               ELEVATE(NINE, "ada", ",\"correlationId\":\"c2\""),
           2);
    expect(s, ELEVATE(NINE, "ada", "") ELEVATE(NINE, "mallory", ",\"correlationId\":\"c1\""), 2);
    expect(s, ELEVATE(NINE, "ada", "") ELEVATE(TEN, "ada", ",\"correlationId\":\"c1\""), 2);
}

static void placeholders_are_no_ids(void **state)
{
    struct scanning *s = *state;

    expect(s,
           ELEVATE(NINE, "ada", ",\"eventDataId\":\"-\",\"correlationId\":\"N/A\"")
               ELEVATE(NINE, "mallory", ",\"eventDataId\":\"-\",\"correlationId\":\"N/A\""),
           2);
    expect(s,
           ELEVATE(NINE, "ada", ",\"correlationId\":\"00000000-0000-0000-0000-000000000000\"")
               ELEVATE(TEN, "ada", ",\"correlationId\":\"00000000-0000-0000-0000-000000000000\""),
           2);
}

static void times_that_cannot_be_read_are_not_equal(void **state)
{
    struct scanning *s = *state;

    expect(s, ELEVATE("x", "ada", "") ELEVATE("y", "ada", ""), 2);
    expect(s, ELEVATE("x", "ada", "") ELEVATE("x", "ada", ""), 1);
}

static void one_correlation_id_does_not_make_two_calls_one(void **state)
{
    struct scanning *s = *state;

    expect(s,
           ELEVATE(NINE, "ada", ",\"correlationId\":\"c1\"")
               ELEVATE(TEN, "mallory", ",\"correlationId\":\"c1\""),
           2);
    expect(s, WRITE(NINE, OWNER_FOR(A)) WRITE(TEN, OWNER_FOR(B)), 2);
    expect(s,
           WRITE(NINE, ",\"operationId\":\"c1\"" OWNER_FOR(A))
               DELETE(TEN, ",\"operationId\":\"c1\"")
                   WRITE(ELEVEN, ",\"operationId\":\"c1\"" OWNER_FOR(B)),
           3);
    /* Nothing but the removal between them tells the two writes apart. */
    expect(s, WRITE(NINE, "") DELETE(TEN, "") WRITE(ELEVEN, ""), 3);
    expect(s, WRITE(ELEVEN, "") DELETE(TEN, "") WRITE(NINE, ""), 3);
    expect(s, DELETE(NINE, "") WRITE(TEN, "") DELETE(ELEVEN, ""), 3);
}

static void records_with_event_ids_alone_are_paired_by_time(void **state)
{
#define HALF(time, id, status)                                                                     \
    "{\"eventTimestamp\":\"2026-01-09T" time "Z\",\"eventDataId\":\"" id                           \
    "\",\"operationName\":\"Microsoft.Authorization/elevateAccess/action\",\"status\":\"" status   \
    "\",\"caller\":\"ada@contoso.example\",\"resourceId\":\"/providers/"                           \
    "Microsoft.Authorization\"}\n"
    struct scanning *s = *state;

    expect(s, HALF("09:00:00", "1", "Started") HALF("09:00:02", "2", "Succeeded"), 1);
    expect(s, HALF("09:00:02", "2", "Succeeded") HALF("09:00:00", "1", "Started"), 1);
    expect(s, HALF("09:00:00", "1", "Succeeded") HALF("09:00:02", "2", "Succeeded"), 2);
    expect(s, HALF("09:00:00", "1", "Started") HALF("09:09:02", "2", "Succeeded"), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scanning_setup, scanning_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(different_events_of_one_time_are_two),
        CASE(a_table_without_ids_adds_no_finding),
        CASE(placeholders_are_no_ids),
        CASE(records_with_event_ids_alone_are_paired_by_time),
        CASE(times_that_cannot_be_read_are_not_equal),
        CASE(one_correlation_id_does_not_make_two_calls_one),
    };

    return cmocka_run_group_tests_name("same_event", tests, NULL, NULL);
}
