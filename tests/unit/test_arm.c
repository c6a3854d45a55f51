/* arm: scopes, URLs, error bodies and what is made of them, as tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "net/arm.h"

#include <stdio.h>
#include <string.h>

#define GUID "11111111-2222-3333-4444-55555555AAaa"

static void wishes_are_read(void **state)
{
    static const struct {
        const char *text;
        enum arm_wish_kind wish;
        enum arm_scope_kind kind;
        const char *id;
    } rows[] = {
        {"tenant", ARM_WISH_ONE, ARM_TENANT, NULL},
        {"all", ARM_WISH_ALL, ARM_TENANT, NULL},
        {"mg:*", ARM_WISH_ALL_GROUPS, ARM_TENANT, NULL},
        {"sub:*", ARM_WISH_ALL_SUBSCRIPTIONS, ARM_TENANT, NULL},
        {"mg:a", ARM_WISH_ONE, ARM_MANAGEMENT_GROUP, "a"},
        {"mg:" GUID, ARM_WISH_ONE, ARM_MANAGEMENT_GROUP, GUID},
        {"mg:Corp-(1)_x.y", ARM_WISH_ONE, ARM_MANAGEMENT_GROUP, "Corp-(1)_x.y"},
        {"mg:J\xc3\xb6rg", ARM_WISH_ONE, ARM_MANAGEMENT_GROUP, "J\xc3\xb6rg"},
        {"mg:mg:x", ARM_WISH_ONE, ARM_MANAGEMENT_GROUP, "mg:x"},
        {"sub:" GUID, ARM_WISH_ONE, ARM_SUBSCRIPTION, GUID},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arm_wish w;
        struct buf out = {0};
        struct err e = {0};

        assert_int_equal(arm_wish_parse(&w, rows[i].text, &e), 0);
        assert_int_equal(w.kind, rows[i].wish);
        assert_int_equal(w.scope.kind, rows[i].kind);
        if (rows[i].id == NULL)
            assert_null(w.scope.id);
        else
            assert_string_equal(w.scope.id, rows[i].id);
        if (w.kind == ARM_WISH_ONE) {
            arm_scope_print(&w.scope, &out);
            assert_true(slice_equals(buf_slice(&out), rows[i].text));
        }
        arm_scope_free(&w.scope);
        arm_scope_free(&w.scope);
        buf_free(&out);
    }
}

static void wishes_that_are_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "Tenant",
        "tenant ",
        "mg",
        "mg:",
        "mg:.",
        "mg:..",
        "mg:a/b",
        "mg:a?b",
        "mg:a#b",
        "mg:a%2fb",
        "mg:a b",
        "mg:a\\b",
        "mg:a\tb",
        "mg:a\nb",
        "mg:a\x7f",
        "sub:",
        "sub:x",
        "sub:11111111-2222-3333-4444-55555555555",
        "sub:11111111-2222-3333-4444-5555555555555",
        "sub:11111111-2222-3333-4444_555555555555",
        "sub:11111111-2222-3333-4444-55555555555g",
        "sub:{11111111-2222-3333-4444-5555555555}",
        "subscription:x",
        "ALL",
        "*",
    };
    char longest[3 + 91 + 1] = "mg:";
    struct arm_wish w;
    struct err e = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(&e, 0, sizeof(e));
        if (arm_wish_parse(&w, rows[i], &e) != -1)
            fail_msg("%s", rows[i]);
        assert_int_equal(e.code, ERR_USAGE);
        assert_null(strchr(e.msg, '\n'));
    }
    memset(longest + 3, 'a', 90);
    assert_int_equal(arm_wish_parse(&w, longest, &e), 0);
    arm_scope_free(&w.scope);
    longest[3 + 90] = 'a';
    assert_int_equal(arm_wish_parse(&w, longest, &e), -1);
}

static void names_of_files(void **state)
{
    static const struct {
        const char *id, *name;
    } rows[] = {
        {"Corp-(1)_x.y", "Corp-(1)_x.y"},
        {"a:b", "a%3Ab"},
        {"a\\b", "a%5Cb"},
        {"a~'*", "a%7E%27%2A"},
        {"J\xc3\xb6rg", "J%C3%B6rg"},
        {".hidden", "%2Ehidden"},
        {"end.", "end%2E"},
        {"...", "%2E.%2E"},
        {"a..b", "a..b"},
        {"con", "%63on"},
        {"CON", "%43ON"},
        {"Nul.txt", "%4Eul.txt"},
        {"prn", "%70rn"},
        {"aux.", "%61ux%2E"},
        {"com1", "%63om1"},
        {"LPT9.x", "%4CPT9.x"},
        {"com0", "%63om0"},
        {"com", "com"},
        {"com10", "com10"},
        {"comx", "comx"},
        {"console", "console"},
        {"conin$", "conin%24"},
        {"xcon", "xcon"},
    };
    struct buf out = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arm_scope s = {ARM_MANAGEMENT_GROUP, (char *)(uintptr_t)rows[i].id};
        char file[128], partition[128];

        (void)snprintf(file, sizeof(file), "managementGroups/%s", rows[i].name);
        (void)snprintf(partition, sizeof(partition), "scope=mg-%s", rows[i].name);
        buf_clear(&out);
        arm_scope_file(&s, &out);
        if (!slice_equals(buf_slice(&out), file))
            fail_msg("%s", rows[i].id);
        buf_clear(&out);
        arm_scope_partition(&s, &out);
        assert_true(slice_equals(buf_slice(&out), partition));
    }
    {
        char id[] = GUID;
        struct arm_scope tenant = {ARM_TENANT, NULL}, subscription = {ARM_SUBSCRIPTION, id};

        buf_clear(&out);
        arm_scope_file(&tenant, &out);
        buf_putc(&out, '|');
        arm_scope_partition(&tenant, &out);
        buf_putc(&out, '|');
        arm_scope_file(&subscription, &out);
        buf_putc(&out, '|');
        arm_scope_partition(&subscription, &out);
        assert_true(slice_equals(buf_slice(&out),
                                 "tenant|scope=tenant|subscriptions/" GUID "|scope=sub-" GUID));
    }
    buf_free(&out);
}

#define FILTER                                                                                     \
    "&$filter=eventTimestamp%20ge%20%272026-08-25T10%3A00%3A00Z%27%20and%20"                       \
    "eventTimestamp%20le%20%272026-11-22T10%3A00%3A01Z%27"

static void urls_of_events(void **state)
{
    static const struct {
        enum arm_scope_kind kind;
        const char *id, *url;
    } rows[] = {
        {ARM_TENANT, NULL,
         "https://management.azure.com/providers/Microsoft.Insights/eventtypes/management/values"
         "?api-version=2015-04-01" FILTER},
        {ARM_SUBSCRIPTION, GUID,
         "https://management.azure.com/subscriptions/" GUID
         "/providers/Microsoft.Insights/eventtypes/management/"
         "values?api-version=2015-04-01" FILTER},
        {ARM_MANAGEMENT_GROUP, "a(b)&\"\xc3\xb6;",
         "https://management.azure.com/providers/Microsoft.Management/managementGroups/"
         "a(b)%26%22%C3%B6%3B/providers/Microsoft.Insights/eventtypes/management/values"
         "?api-version=2017-03-01-preview" FILTER},
    };
    int64_t from, to;
    size_t i;

    (void)state;
    assert_int_equal(timestamp_parse(slice_of("2026-08-25T10:00:00Z"), &from), 0);
    assert_int_equal(timestamp_parse(slice_of("2026-11-22T10:00:01Z"), &to), 0);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arm_scope s = {rows[i].kind, (char *)(uintptr_t)rows[i].id};
        struct buf out = {0};

        arm_events_url(&out, "https://management.azure.com", &s, from, to);
        assert_string_equal(out.data, rows[i].url);
        buf_clear(&out);
        arm_events_url(&out, "https://management.azure.com//", &s, from, to);
        assert_string_equal(out.data, rows[i].url);
        buf_free(&out);
    }
}

static void urls_of_lists(void **state)
{
    struct buf out = {0};

    (void)state;
    arm_subscriptions_url(&out, "https://e.example/");
    assert_string_equal(out.data, "https://e.example/subscriptions?api-version=2022-12-01");
    buf_clear(&out);
    arm_groups_url(&out, "https://e.example");
    assert_string_equal(out.data, "https://e.example/providers/Microsoft.Management/"
                                  "managementGroups?api-version=2020-05-01");
    buf_clear(&out);
    arm_assignments_url(&out, "https://e.example", NULL);
    assert_string_equal(out.data, "https://e.example/providers/Microsoft.Authorization/"
                                  "roleAssignments?api-version=2022-04-01&$filter=atScope()");
    buf_clear(&out);
    arm_assignments_url(&out, "https://e.example", "a b");
    assert_string_equal(out.data,
                        "https://e.example/providers/Microsoft.Management/managementGroups/a%20b/"
                        "providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&"
                        "$filter=atScope()");
    buf_free(&out);
}

static void clouds_are_found(void **state)
{
    static const char *const names[] = {"public", "usgov", "china", "bleu", "delos"};
    size_t i;

    (void)state;
    assert_ptr_equal(arm_cloud_find(NULL), arm_cloud_find("public"));
    assert_null(arm_cloud_find("Public"));
    assert_null(arm_cloud_find(""));
    assert_null(arm_cloud_at(sizeof(names) / sizeof(names[0])));
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct arm_cloud *c = arm_cloud_find(names[i]);
        size_t n = 0;

        assert_non_null(c);
        assert_ptr_equal(c, arm_cloud_at(i));
        assert_string_equal(c->name, names[i]);
        assert_memory_equal(c->endpoint, "https://management.", 19);
        for (; c->audiences[n] != NULL; n++)
            assert_true(c->audiences[n][strlen(c->audiences[n]) - 1] != '/');
        assert_int_equal(n, 2);
    }
}

/* ---- error bodies ---- */

static void error_bodies_are_read(void **state)
{
    static const struct {
        const char *body, *code, *message;
    } rows[] = {
        {"{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client 'x' may not.\"}}",
         "AuthorizationFailed", "The client 'x' may not."},
        {" {\r\n \"error\" : {\n\"code\": \"A\",\n \"message\" : \"m\\u0020n\" } }\n", "A", "m n"},
        {"\xef\xbb\xbf{ \"code\" : \"BadRequest\", \"message\" : \"The start time\"}", "BadRequest",
         "The start time"},
        {"{\"Code\":\"BadRequest\",\"Message\":\"$filter\"}", "BadRequest", "$filter"},
        {"{\"Error\":{\"CODE\":\"A\",\"MESSAGE\":\"b\"}}", "A", "b"},
        {"{\"error\":{\"message\":\"only\"}}", "", "only"},
        {"{\"error\":{\"code\":\"only\"},\"message\":\"outer\"}", "only", ""},
        {"{\"error\":null,\"code\":\"A\"}", "A", ""},
        {"{\"error\":\"invalid_request\"}", "", ""},
        {"{\"error\":{\"code\":7,\"message\":[\"x\"]}}", "", ""},
        {"{\"error\":{\"code\":\"A\\nB\\u0007\",\"message\":\"x\\u202ey\\tz\"}}", "A B", "xy z"},
        {"{\"error\":{}}", "", ""},
        {"{}", "", ""},
        {"[]", "", ""},
        {"", "", ""},
        {"null", "", ""},
        {"<html>403</html>", "", ""},
        {"{\"code\":\"A\",\"message\":\"cut", "", ""},
        {"{\"code\":\"A\"} trailing", "", ""},
        {"{\"code\":\"\xff\"}", "", ""},
    };
    struct buf big = {0};
    struct arm_error words;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(&words, 'x', sizeof(words));
        arm_error_parse(&words, slice_of(rows[i].body));
        assert_string_equal(words.code, rows[i].code);
        assert_string_equal(words.message, rows[i].message);
    }
    arm_error_parse(&words, (struct slice){NULL, 0});
    assert_string_equal(words.code, "");
    /* Longer than what is kept. */
    buf_puts(&big, "{\"code\":\"");
    for (i = 0; i < 1000; i++)
        buf_puts(&big, "\xc3\xb6");
    buf_puts(&big, "\",\"message\":\"");
    for (i = 0; i < 1000; i++)
        buf_puts(&big, "abc");
    buf_puts(&big, "\"}");
    arm_error_parse(&words, buf_slice(&big));
    assert_int_equal(strlen(words.code), 127);
    assert_int_equal(strlen(words.message), 400);
    assert_string_equal(words.message + 396, "a...");
    assert_int_equal(strlen(words.whole), sizeof(words.whole) - 1);
    /* Deeper than the slicer goes. */
    buf_clear(&big);
    for (i = 0; i < 100000; i++)
        buf_puts(&big, "{\"error\":");
    arm_error_parse(&words, buf_slice(&big));
    assert_string_equal(words.code, "");
    buf_free(&big);
}

static void failures_are_explained(void **state)
{
    static const struct {
        const char *scope; /* NULL: a list */
        int status;
        const char *code, *message; /* the server's */
        int exit;
        const char *msg, *hint; /* hint: a part of it, or "" for none */
    } rows[] = {
        {"tenant", 403, "AuthorizationFailed", "The client may not.", ERR_AUTH,
         "tenant: HTTP 403 AuthorizationFailed: The client may not.",
         "missing: microsoft.insights/eventtypes/values/read over "
         "/providers/microsoft.insights/eventtypes/management; least role: Reader at "
         "/providers/Microsoft.Insights,"},
        {"tenant", 403, "", "", ERR_AUTH, "tenant: HTTP 403 (no reason given)",
         "-RoleDefinitionName Reader -Scope /providers/Microsoft.Insights"},
        {"tenant", 403, "AuthorizationFailed", "", ERR_AUTH, "tenant: HTTP 403 AuthorizationFailed",
         "az role assignment create --assignee OBJECT-ID --role Reader --scope "
         "/providers/Microsoft.Insights,"},
        {"mg:Corp", 403, "AuthorizationFailed", "m", ERR_AUTH,
         "mg:Corp: HTTP 403 AuthorizationFailed: m",
         "Reader or Monitoring Reader at "
         "/providers/Microsoft.Management/managementGroups/Corp, such as"},
        {"mg:$(x)", 403, "", "m", ERR_AUTH, "mg:$(x): HTTP 403: m",
         "--scope /providers/Microsoft.Management/managementGroups/<id>"},
        {"sub:" GUID, 403, "Forbidden", "m", ERR_AUTH, "sub:" GUID ": HTTP 403 Forbidden: m",
         "--scope /subscriptions/" GUID},
        {"sub:" GUID, 403, "A", "m", ERR_AUTH, "sub:" GUID ": HTTP 403 A: m", ""},
        {"tenant", 403, "privatelinkaccessrestricted", "m", ERR_AUTH,
         "tenant: HTTP 403 privatelinkaccessrestricted: m", "private endpoint"},
        {NULL, 403, "PublicNetworkAccessDisabled", "m", ERR_AUTH,
         "HTTP 403 PublicNetworkAccessDisabled: m", "private endpoint"},
        {"mg:Corp", 403, "RequestDisallowedByPolicy", "m", ERR_AUTH,
         "mg:Corp: HTTP 403 RequestDisallowedByPolicy: m", "a policy of the organisation"},
        {"mg:Corp", 403, "DenyAssignmentAuthorizationFailed", "m", ERR_AUTH,
         "mg:Corp: HTTP 403 DenyAssignmentAuthorizationFailed: m", "Get-AzDenyAssignment"},
        {"tenant", 403, "InvalidAuthenticationTokenTenant", "m", ERR_AUTH,
         "tenant: HTTP 403 InvalidAuthenticationTokenTenant: m", "another tenant"},
        {"sub:" GUID, 403, "ReadOnlyDisabledSubscription", "m", ERR_AUTH,
         "sub:" GUID ": HTTP 403 ReadOnlyDisabledSubscription: m", "is disabled"},
        {"sub:" GUID, 409, "MissingSubscriptionRegistration", "m", ERR_REFUSED,
         "sub:" GUID ": HTTP 409 MissingSubscriptionRegistration: m", "az provider register"},
        {"sub:" GUID, 409, "Conflict", "is not registered to use microsoft.insights.", ERR_REFUSED,
         "sub:" GUID ": HTTP 409 Conflict: is not registered to use microsoft.insights.",
         "az provider register"},
        {NULL, 403, "A", "m", ERR_AUTH, "HTTP 403 A: m", ""},
        {"tenant", 401, "ExpiredAuthenticationToken", "m", ERR_AUTH,
         "tenant: HTTP 401 ExpiredAuthenticationToken: m", "has expired"},
        {"tenant", 401, "invalidauthenticationtokentenant", "m", ERR_AUTH,
         "tenant: HTTP 401 invalidauthenticationtokentenant: m", "another tenant"},
        {"tenant", 401, "InvalidAuthenticationTokenAudience", "m", ERR_AUTH,
         "tenant: HTTP 401 InvalidAuthenticationTokenAudience: m", "--resource"},
        {"tenant", 401, "AuthenticationFailed", "m", ERR_AUTH,
         "tenant: HTTP 401 AuthenticationFailed: m", "Authorization header"},
        {NULL, 401, "InvalidAuthenticationToken", "", ERR_AUTH,
         "HTTP 401 InvalidAuthenticationToken", "new token"},
        {"tenant", 400, "BadRequest", "The start time cannot be more than 90 days in the past.",
         ERR_REFUSED,
         "tenant: HTTP 400 BadRequest: The start time cannot be more than 90 days in the past.",
         "--since 89d"},
        {"tenant", 400, "BadRequest", "$filter invalid", ERR_REFUSED,
         "tenant: HTTP 400 BadRequest: $filter invalid", ""},
        {"sub:" GUID, 404, "SubscriptionNotFound", "m", ERR_REFUSED,
         "sub:" GUID ": HTTP 404 SubscriptionNotFound: m", "subscription's id"},
        {"mg:Corp", 404, "NotFound", "", ERR_REFUSED, "mg:Corp: HTTP 404 NotFound",
         "not its display name"},
        {"tenant", 404, "", "", ERR_REFUSED, "tenant: HTTP 404 (no reason given)", ""},
        {"tenant", 407, "", "", ERR_REFUSED, "tenant: HTTP 407 (no reason given)", "proxy"},
        {"tenant", 408, "", "", ERR_NETWORK, "tenant: HTTP 408 (no reason given)", ""},
        {"tenant", 429, "TooManyRequests", "", ERR_NETWORK, "tenant: HTTP 429 TooManyRequests", ""},
        {"tenant", 503, "", "busy", ERR_NETWORK, "tenant: HTTP 503: busy", ""},
        {"tenant", 302, "", "", ERR_NETWORK, "tenant: HTTP 302", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arm_wish w = {0};
        struct arm_error words = {0};
        struct err e = {0};

        if (rows[i].scope != NULL)
            assert_int_equal(arm_wish_parse(&w, rows[i].scope, &e), 0);
        (void)snprintf(words.code, sizeof(words.code), "%s", rows[i].code);
        (void)snprintf(words.message, sizeof(words.message), "%s", rows[i].message);
        assert_int_equal(
            arm_explain(&e, rows[i].scope != NULL ? &w.scope : NULL, rows[i].status, &words), -1);
        assert_int_equal(e.code, rows[i].exit);
        assert_int_equal(e.http, rows[i].status);
        assert_string_equal(e.msg, rows[i].msg);
        if (rows[i].hint[0] == '\0')
            assert_string_equal(e.hint, "");
        else if (strstr(e.hint, rows[i].hint) == NULL)
            fail_msg("%s: %s", rows[i].msg, e.hint);
        assert_true(strlen(e.hint) < ERR_HINT_MAX - 1);
        arm_scope_free(&w.scope);
    }
}

static void web_pages_are_not_the_services_words(void **state)
{
    struct arm_error words;
    struct err e = {0};

    (void)state;
    arm_error_parse(&words, slice_of("\xef\xbb\xbf<html><title>Access Denied</title>"));
    assert_true(words.is_page);
    assert_string_equal(words.code, "");
    assert_int_equal(arm_explain(&e, NULL, 403, &words), -1);
    assert_int_equal(e.code, ERR_NETWORK);
    assert_string_equal(e.msg, "HTTP 403: an HTML page instead of an answer: Access Denied");
    assert_non_null(strstr(e.hint, "proxy"));
    assert_null(strstr(e.hint, "role"));
    assert_int_equal(arm_explain_page(&e, 200, ""), -1);
    assert_int_equal(e.code, ERR_UNTRUSTED);
    assert_string_equal(e.msg, "an HTML page instead of an answer");
}

static void scopes_that_nobody_is_served_are_told_apart(void **state)
{
    static const struct {
        int status;
        const char *code;
        int unavailable;
    } rows[] = {
        {409, "Conflict", 1},
        {409, "", 1},
        {410, "", 1},
        {404, "SubscriptionNotFound", 1},
        {404, "subscriptionnotfound", 1},
        {403, "ReadOnlyDisabledSubscription", 1},
        {400, "SubscriptionNotRegistered", 1},
        {404, "NotFound", 0},
        {404, "", 0},
        {403, "AuthorizationFailed", 0},
        {401, "SubscriptionNotFound", 0},
        {429, "SubscriptionRequestsThrottled", 0},
        {503, "SubscriptionNotFound", 0},
        {400, "BadRequest", 0},
        {0, "", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arm_error words = {0};

        (void)snprintf(words.code, sizeof(words.code), "%s", rows[i].code);
        if (arm_error_unavailable(rows[i].status, &words) != rows[i].unavailable)
            fail_msg("%d %s", rows[i].status, rows[i].code);
        words.is_page = 1;
        assert_false(arm_error_unavailable(rows[i].status, &words));
    }
}

static void longest_id_fits_into_message_and_hint(void **state)
{
    char id[91];
    struct arm_scope s = {ARM_MANAGEMENT_GROUP, id};
    struct arm_error words = {0};
    struct err e = {0};

    (void)state;
    memset(id, 'a', 90);
    id[90] = '\0';
    assert_int_equal(arm_explain(&e, &s, 403, &words), -1);
    assert_non_null(strstr(e.msg, id));
    /* Whole at the end of the hint: nothing was cut. */
    assert_string_equal(e.hint + strlen(e.hint) - 90, id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wishes_are_read),
        cmocka_unit_test(wishes_that_are_refused),
        cmocka_unit_test(names_of_files),
        cmocka_unit_test(urls_of_events),
        cmocka_unit_test(urls_of_lists),
        cmocka_unit_test(clouds_are_found),
        cmocka_unit_test(error_bodies_are_read),
        cmocka_unit_test(failures_are_explained),
        cmocka_unit_test(web_pages_are_not_the_services_words),
        cmocka_unit_test(scopes_that_nobody_is_served_are_told_apart),
        cmocka_unit_test(longest_id_fits_into_message_and_hint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
