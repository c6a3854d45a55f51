/* event: fields in every shape; duplicate names, nulls and odd types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "read/event.h"

#include <stdio.h>
#include <string.h>

#define UPN "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
#define OID "http://schemas.microsoft.com/identity/claims/objectidentifier"

static void parse(struct event *ev, const char *text)
{
    struct err e = {0};

    if (event_parse(ev, slice_of(text), &e) != 0)
        fail_msg("%s: %s", text, e.msg);
}

static void fields_are_found_under_all_their_names(void **state)
{
    static const struct {
        const char *text;
        enum event_field field;
        const char *value; /* NULL: absent */
    } rows[] = {
        {"{\"operationName\":{\"value\":\"a/b\",\"localizedValue\":\"x\"}}", EVENT_OPERATION,
         "a/b"},
        {"{\"operationName\":{\"localizedValue\":\"x\"}}", EVENT_OPERATION, "x"},
        {"{\"operationName\":{\"value\":\"\",\"localizedValue\":\"x\"}}", EVENT_OPERATION, "x"},
        {"{\"operationName\":\"A/B\"}", EVENT_OPERATION, "A/B"},
        {"{\"OperationName\":\"A/B\"}", EVENT_OPERATION, "A/B"},
        {"{\"OPERATIONNAME\":{\"VALUE\":\"A/B\"}}", EVENT_OPERATION, "A/B"},
        {"{\"OperationName\":\"Create x\",\"OperationNameValue\":\"A/B\"}", EVENT_OPERATION, "A/B"},
        {"{\"OperationNameValue\":\"A/B\",\"OperationName\":\"Create x\"}", EVENT_OPERATION, "A/B"},
        {"{\"operationName\":\"@{value=a/b; localizedValue=x}\"}", EVENT_OPERATION, "a/b"},
        {"{\"operationName\":\"@{value=a/b}\"}", EVENT_OPERATION, "a/b"},
        {"{\"operationName\":\"@{value=}\"}", EVENT_OPERATION, NULL},
        {"{\"status\":{\"value\":\"Started\"}}", EVENT_STATUS, "Started"},
        {"{\"resultType\":\"Start\"}", EVENT_STATUS, "Start"},
        {"{\"ActivityStatusValue\":\"Success\",\"ActivityStatus\":\"Succeeded\"}", EVENT_STATUS,
         "Success"},
        {"{\"resultSignature\":\"Succeeded.Created\"}", EVENT_SUB_STATUS, "Succeeded.Created"},
        {"{\"subStatus\":{\"value\":\"\"}}", EVENT_SUB_STATUS, NULL},
        {"{\"subStatus\":{\"value\":null}}", EVENT_SUB_STATUS, NULL},
        {"{\"resourceUri\":\"/a\"}", EVENT_RESOURCE_ID, "/a"},
        {"{\"_ResourceId\":\"/b\",\"resourceId\":\"/a\"}", EVENT_RESOURCE_ID, "/a"},
        {"{\"eventSource\":{\"value\":\"p\"}}", EVENT_PROVIDER, "p"},
        {"{\"caller\":null}", EVENT_CALLER, NULL},
        {"{\"caller\":\"a\",\"caller\":null}", EVENT_CALLER, "a"},
        {"{\"caller\":\"a\",\"caller\":\"b\"}", EVENT_CALLER, "b"},
        {"{\"caller\":\"a\",\"Caller\":\"b\"}", EVENT_CALLER, "b"},
        {"{\"caller\":[\"a\"]}", EVENT_CALLER, "a"},
        {"{\"caller\":[\"a\",\"b\"]}", EVENT_CALLER, NULL},
        {"{\"caller\":[[\"a\"]]}", EVENT_CALLER, NULL},
        {"{\"correlation_identifier\":\"x\"}", EVENT_CORRELATION_ID, "x"},
        {"{\"caller\":{\"a\":1}}", EVENT_CALLER, NULL},
        {"{\"caller\":\"\\u00e4\\\"x\"}", EVENT_CALLER, "\xc3\xa4\"x"},
        {"{\"level\":4}", EVENT_LEVEL, "4"},
        {"{\"callers\":\"x\",\"alle\":\"y\"}", EVENT_CALLER, NULL},
        {"{\"\":\"x\"}", EVENT_CALLER, NULL},
    };
    struct buf hold = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice text;
        struct event ev;
        int found;

        parse(&ev, rows[i].text);
        found = event_text(&ev, rows[i].field, &hold, &text);
        assert_int_equal(found, rows[i].value != NULL);
        if (rows[i].value != NULL)
            assert_true(slice_equals(text, rows[i].value));
        else
            assert_null(text.data);
    }
    buf_free(&hold);
}

#define AM INT64_C(638986817330000000)
#define PM INT64_C(638987249330000000)

static void times_of_all_spellings_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ticks;
    } rows[] = {
        {"{\"eventTimestamp\":\"2024-06-06T08:00:45.456107Z\"}", INT64_C(638532576454561070)},
        {"{\"time\":\"2024-06-06T08:00:45.4561070Z\"}", INT64_C(638532576454561070)},
        {"{\"TimeGenerated\":\"2024-06-06T08:00:45.456107Z\"}", INT64_C(638532576454561070)},
        {"{\"time\":\"2020-01-01\",\"eventTimestamp\":\"2024-06-06T08:00:45.456107Z\"}",
         INT64_C(638532576454561070)},
        {"{\"EventTimestamp\":\"\\/Date(1717660845456)\\/\"}", INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":\"/Date(1717660845456+0200)/\"}", INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":{\"value\":\"\\/Date(1717660845456)\\/\",\"DisplayHint\":2,"
         "\"DateTime\":\"Thursday\"}}",
         INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":\"Date(1717660845456)\"}", INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":\"\\\\/Date(1717660845456)\\\\/\"}", INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":\"Date(12\"}", 0},
        /* as Windows PowerShell and browsers write times in Korean, Chinese, Japanese, Arabic,
         * Greek, Spanish, Vietnamese, Turkish */
        {"{\"EventTimestamp\":\"2025-11-14 \xec\x98\xa4\xec\xa0\x84 1:48:53\"}", AM},
        {"{\"EventTimestamp\":\"2025. 11. 14. \xec\x98\xa4\xed\x9b\x84 1:48:53\"}", PM},
        {"{\"EventTimestamp\":\"2025/11/14 \xe4\xb8\x8a\xe5\x8d\x88 01:48:53\"}", AM},
        {"{\"EventTimestamp\":\"2025/11/14 \xe4\xb8\x8b\xe5\x8d\x88 01:48:53\"}", PM},
        {"{\"EventTimestamp\":\"2025/11/14 \xe5\x8d\x88\xe5\x89\x8d 1:48:53\"}", AM},
        {"{\"EventTimestamp\":\"2025/11/14 \xe5\x8d\x88\xe5\xbe\x8c"
         "1:48:53\"}",
         PM},
        {"{\"EventTimestamp\":\"14/11/2025 01:48:53 \xd8\xb5\"}", AM},
        {"{\"EventTimestamp\":\"14\xe2\x80\x8f/11\xe2\x80\x8f/2025 1:48:53 \xd9\x85\"}", PM},
        {"{\"EventTimestamp\":\"14/11/2025 1:48:53 \xcf\x80.\xce\xbc.\"}", AM},
        {"{\"EventTimestamp\":\"14/11/2025 1:48:53 \xce\xbc\xce\xbc\"}", PM},
        {"{\"EventTimestamp\":\"14/11/2025 01:48:53 a. m.\"}", AM},
        {"{\"EventTimestamp\":\"14/11/2025 01:48:53 p.\xc2\xa0m.\"}", PM},
        {"{\"EventTimestamp\":\"14/11/2025 1:48:53 SA\"}", AM},
        {"{\"EventTimestamp\":\"14/11/2025 1:48:53 CH\"}", PM},
        {"{\"EventTimestamp\":\"14.11.2025 1:48:53 \xc3\x96S\"}", PM},
        {"{\"EventTimestamp\":\"14/11/2025 1:48:53 m\"}", 0},
        {"{\"EventTimestamp\":\"14/11/2025 1:48:53 SA CH\"}", 0},
        {"{\"EventTimestamp\":\"\xe2\x80\x8e\xe2\x80\x8f\"}", 0}, /* marks of direction alone */
        {"{\"EventTimestamp\":\"2025-11-14T01:48:53Z[UTC]\"}", INT64_C(638986817330000000)},
        {"{\"EventTimestamp\":\"2025-11-14T02:48:53+01:00[Europe/Paris]\"}",
         INT64_C(638986817330000000)},
        {"{\"EventTimestamp\":\"20251114T014853Z\"}", INT64_C(638986817330000000)},
        {"{\"EventTimestamp\":\"20251114T024853.0+0100\"}", INT64_C(638986817330000000)},
        {"{\"EventTimestamp\":\"2025. 11. 14. 1:48:53\"}", INT64_C(638986817330000000)},
        {"{\"EventTimestamp\":\"14. 11. 2025 1:48:53\"}", INT64_C(638986817330000000)},
        {"{\"EventTimestamp\":\"2025-11-14T02:48:53[Europe/Paris]\"}", 0},
        {"{\"EventTimestamp\":\"20251114T0148\"}", 0},
        {"{\"EventTimestamp\":\"2025. 11.\"}", 0},
        {"{\"EventTimestamp\":\"/Date()/\"}", 0},
        {"{\"EventTimestamp\":\"/Date(12\"}", 0},
        {"{\"EventTimestamp\":\"/Date(99999999999999999999)/\"}", 0},
        {"{\"EventTimestamp\":\"/Date(900227912831960)/\"}", 0},
        {"{\"EventTimestamp\":\"/Date(253402300799999)/\"}", INT64_C(3155378975999990000)},
        {"{\"EventTimestamp\":\"06/06/2024 08:00:45\"}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"6/6/2024 8:00:45 AM\"}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"6/6/2024 8:00:45\xe2\x80\xaf"
         "AM\"}",
         INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"6/6/2024, 10:00:45.5 AM +02:00\"}", INT64_C(638532576455000000)},
        {"{\"EventTimestamp\":\"6/6/2024 12:00:00 AM\"}", INT64_C(638532288000000000)},
        {"{\"EventTimestamp\":\"6/6/2024 12:00:00 PM\"}", INT64_C(638532720000000000)},
        {"{\"EventTimestamp\":\"06.06.2024 08:00:45\"}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"2024/06/06 08:00:45.5\"}", INT64_C(638532576455000000)},
        {"{\"EventTimestamp\":\"2024-06-06 08:00:45 UTC\"}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"Thu, 06 Jun 2024 08:00:45 GMT\"}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"Jun 6, 2024 @ 08:00:45.500\"}", INT64_C(638532576455000000)},
        {"{\"EventTimestamp\":\"Thu Jun 6 08:00:45 UTC 2024\"}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":1717660845}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":\"1717660845.5\"}", INT64_C(638532576455000000)},
        {"{\"EventTimestamp\":1717660845456}", INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":638532576450000000}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":{\"$date\":\"2024-06-06T08:00:45Z\"}}", INT64_C(638532576450000000)},
        {"{\"EventTimestamp\":{\"$date\":{\"$numberLong\":\"1717660845456\"}}}",
         INT64_C(638532576454560000)},
        {"{\"EventTimestamp\":\"2024-06-06T23:59:60Z\"}", INT64_C(638533151990000000)},
        {"{\"EventTimestamp\":\"2024-06-05T24:00:00Z\"}", INT64_C(638532288000000000)},
        {"{\"EventTimestamp\":\"2024-06-05T24:00:01Z\"}", 0},
        {"{\"EventTimestamp\":\"2026-02-30T00:00:00Z\"}", 0},
        {"{\"EventTimestamp\":\"0001-01-01T00:00:00Z\"}", 0},
        {"{\"EventTimestamp\":\"9999-12-31T23:00:00-02:00\"}", 0},
        {"{\"EventTimestamp\":\"6/6/2024 13:00:45 AM\"}", 0},
        {"{\"EventTimestamp\":\"13/13/2024 08:00:45\"}", 0},
        {"{\"EventTimestamp\":\"6/31/2024\"}", 0},
        {"{\"EventTimestamp\":\"yesterday\"}", 0},
        {"{\"EventTimestamp\":\"\"}", 0},
        {"{\"EventTimestamp\":17}", 0},
        {"{}", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event ev;

        parse(&ev, rows[i].text);
        assert_true(event_time(&ev) == rows[i].ticks);
    }
}

static void events_are_told_from_other_objects(void **state)
{
    static const struct {
        const char *text;
        int likely;
    } rows[] = {
        {"{}", 0},
        {"{\"operationName\":\"a\"}", 0},
        {"{\"operationName\":\"a\",\"eventTimestamp\":\"t\"}", 1},
        {"{\"operationName\":\"a\",\"correlationId\":\"c\"}", 1},
        {"{\"eventName\":{},\"submissionTimestamp\":\"t\"}", 1},
        {"{\"time\":\"t\",\"operationName\":\"A\"}", 1},
        {"{\"time\":null,\"operationName\":\"A\"}", 0},
        /* a table by its columns; a role assignment, a finding of our own, a manifest */
        {"{\"eventTimestamp\":{\"0\":\"t\"},\"operationName\":{\"0\":\"A\"},"
         "\"eventName\":{\"0\":\"b\"},\"correlationId\":{\"0\":\"c\"}}",
         0},
        {"{\"properties\":{},\"id\":\"i\",\"type\":\"t\",\"name\":\"n\"}", 0},
        {"{\"time\":\"t\",\"rule\":\"r\",\"operation\":\"o\"}", 0},
        {"{\"schema\":1,\"tool\":\"t\",\"scopes\":[]}", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event ev;

        parse(&ev, rows[i].text);
        assert_int_equal((event_classify(&ev) == EVENT_LIKELY), rows[i].likely);
    }
}

static void what_is_no_single_object_is_refused(void **state)
{
    static const char *const rows[] = {"",
                                       "[]",
                                       "1",
                                       "{",
                                       "{}{}",
                                       "{} x",
                                       "{\"a\"}",
                                       "{\"a\":1,}",
                                       "{\"value\":[]}",
                                       "{\"a\":\"\n\"}"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event ev;
        struct err e = {0};

        assert_int_equal(event_parse(&ev, slice_of(rows[i]), &e), -1);
        assert_int_equal(e.code, ERR_UNTRUSTED);
    }
}

static void objects_are_opened_wherever_they_are(void **state)
{
    static const struct {
        const char *text;
        const char *action, *oid, *ip, *message;
    } rows[] = {
        {"{\"authorization\":{\"action\":\"A\"},\"claims\":{\"" OID "\":\"O\"},\"httpRequest\":"
         "{\"clientIpAddress\":\"I\"},\"properties\":{\"message\":\"M\"}}",
         "A", "O", "I", "M"},
        {"{\"Authorization\":{\"Action\":\"A\"},\"Claims\":{\"Content\":{\"" OID
         "\":\"O\"}},\"HttpRequest\":{\"ClientIpAddress\":\"I\"},\"Properties\":{\"Content\":"
         "{\"message\":\"M\"}}}",
         "A", "O", "I", "M"},
        {"{\"Authorization\":\"{\\\"action\\\":\\\"A\\\"}\",\"Claims\":\"{\\r\\n  \\\"" OID
         "\\\": \\\"O\\\"}\",\"Properties\":\"{\\\"message\\\":\\\"M\\\"}\"}",
         "A", "O", NULL, "M"},
        {"{\"identity\":{\"authorization\":{\"action\":\"A\"},\"claims\":{\"" OID
         "\":\"O\"}},\"properties\":\"{\\\"message\\\":\\\"M\\\"}\"}",
         "A", "O", NULL, "M"},
        {"{\"identity\":\"{\\\"claims\\\":\\\"{\\\\\\\"" OID "\\\\\\\":\\\\\\\"O\\\\\\\"}\\\"}\"}",
         NULL, "O", NULL, NULL},
        {"{\"authorization\":null,\"claims\":\"none\",\"httpRequest\":[],\"properties\":7}", NULL,
         NULL, NULL, NULL},
        {"{\"claims\":\"{\",\"properties\":\"[1]\",\"identity\":\"\"}", NULL, NULL, NULL, NULL},
        {"{\"claims\":\"{\\\"a\\\":1} x\",\"identity\":{\"claims\":3}}", NULL, NULL, NULL, NULL},
    };
    struct event_objects o = {0};
    struct buf hold = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *want[4];
        struct slice value[4], text;
        struct event ev;
        size_t k;

        parse(&ev, rows[i].text);
        event_objects_open(&o, &ev);
        want[0] = rows[i].action;
        want[1] = rows[i].oid;
        want[2] = rows[i].ip;
        want[3] = rows[i].message;
        value[0] = json_get_nocase(o.authorization, "action");
        value[1] = json_get_nocase(o.claims, OID);
        value[2] = json_get_nocase(o.http_request, "clientIpAddress");
        value[3] = json_get_nocase(o.properties, "message");
        for (k = 0; k < 4; k++) {
            assert_int_equal(event_value_text(value[k], &hold, &text), want[k] != NULL);
            if (want[k] != NULL)
                assert_true(slice_equals(text, want[k]));
        }
    }
    event_objects_free(&o);
    event_objects_free(&o);
    buf_free(&hold);
}

static void the_caller_is_named_by_the_best_claim(void **state)
{
    static const struct {
        const char *text, *caller;
    } rows[] = {
        {"{\"caller\":\"c\",\"claims\":{\"" UPN "\":\"u\"}}", "c"},
        {"{\"caller\":\"\",\"claims\":{\"" UPN "\":\"u\",\"appid\":\"a\"}}", "u"},
        {"{\"claims\":{\"appid\":\"a\",\"" OID "\":\"o\"}}", "o"},
        {"{\"claims\":{\"appid\":\"a\"}}", "a"},
        {"{\"identity\":{\"claims\":{\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
         "name\":"
         "\"n\",\"" OID "\":\"o\"}}}",
         "n"},
        {"{\"claims\":{\"" UPN "\":null}}", NULL},
        {"{}", NULL},
    };
    struct event_objects o = {0};
    struct buf hold = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice text;
        struct event ev;

        parse(&ev, rows[i].text);
        event_objects_open(&o, &ev);
        assert_int_equal(event_caller(&ev, &o, &hold, &text), rows[i].caller != NULL);
        if (rows[i].caller != NULL)
            assert_true(slice_equals(text, rows[i].caller));
    }
    event_objects_free(&o);
    buf_free(&hold);
}

static void json_inside_strings_has_a_depth_limit_too(void **state)
{
    char text[1024] = "{\"properties\":\"";
    struct event_objects o = {0};
    struct event ev;
    size_t n = strlen(text);

    (void)state;
    memset(text + n, '[', 300);
    memset(text + n + 300, ']', 300);
    memcpy(text + n + 600, "\"}", 3);
    parse(&ev, text);
    event_objects_open(&o, &ev);
    assert_null(o.properties.data);
    event_objects_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_under_all_their_names),
        cmocka_unit_test(times_of_all_spellings_are_read),
        cmocka_unit_test(events_are_told_from_other_objects),
        cmocka_unit_test(what_is_no_single_object_is_refused),
        cmocka_unit_test(objects_are_opened_wherever_they_are),
        cmocka_unit_test(the_caller_is_named_by_the_best_claim),
        cmocka_unit_test(json_inside_strings_has_a_depth_limit_too),
    };

    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
