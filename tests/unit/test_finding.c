/*
 * finding: records of every shape become the findings that they should. The fixtures are events
 * with the fields of real ones and invented names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "export/gzip_file.h"
#include "scanning.h"

#define FIXTURES "tests/unit/fixtures/"
#define TENANT "0f6e2c51-7a1b-4c3d-9e8f-1a2b3c4d5e6f"
#define SUB "7b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c"
#define ADA "a1111111-1111-4111-8111-111111111111"
#define BEN "b2222222-2222-4222-8222-222222222222"
#define SPN "c3333333-3333-4333-8333-333333333333"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define GROUPS "/providers/Microsoft.Management/managementGroups/"
#define ASSIGNMENTS "/providers/Microsoft.Authorization/roleAssignments/"

/* Text of a property of finding i: null, text, number, true or false, or elements with "; ". */
static const char *text_of(struct scanning *s, size_t i, const char *name, struct buf *out)
{
    const struct finding *f = &s->set.all[s->set.reported[i]];
    struct finding_value v;
    size_t p = 0, k;

    while (strcmp(finding_property_name(p), name) != 0)
        assert_true(++p < finding_properties());
    finding_property(&s->set, f, p, &v);
    buf_clear(out);
    if (v.kind == FINDING_STRING)
        buf_append(out, v.text.data, v.text.len);
    else if (v.kind == FINDING_NUMBER)
        buf_printf(out, "%llu", (unsigned long long)v.number);
    else if (v.kind == FINDING_BOOL)
        buf_puts(out, v.number ? "true" : "false");
    else if (v.kind == FINDING_NULL)
        buf_puts(out, "null");
    for (k = 0; v.kind == FINDING_LIST && k < v.n; k++) {
        struct slice item = finding_list_item(f, p, k);

        buf_printf(out, "%s%.*s", k > 0 ? "; " : "", (int)item.len, item.data);
    }
    return buf_text(out);
}

/* What a property has to be. */
struct expectation {
    size_t finding;
    const char *property, *value;
};

static void expect(struct scanning *s, const struct expectation *x, size_t n)
{
    struct buf b = {0};
    size_t i;

    for (i = 0; i < n; i++) {
        assert_true(x[i].finding < s->set.nreported);
        if (strcmp(text_of(s, x[i].finding, x[i].property, &b), x[i].value) != 0)
            fail_msg("finding %zu: %s is %s, not %s", x[i].finding, x[i].property, b.data,
                     x[i].value);
    }
    buf_free(&b);
}

#define EXPECT(s, rows) expect(s, rows, sizeof(rows) / sizeof((rows)[0]))

/* Rules of all findings with their severities, in order. */
static void expect_rules(struct scanning *s, const char *rules)
{
    struct buf all = {0}, b = {0};
    size_t i;

    for (i = 0; i < s->set.nreported; i++) {
        buf_printf(&all, "%s", text_of(s, i, "Rule", &b));
        buf_printf(&all, " %s\n", text_of(s, i, "Severity", &b));
    }
    assert_string_equal(buf_text(&all), rules);
    buf_free(&all);
    buf_free(&b);
}

static void scan_fixture(struct scanning *s, const char *name)
{
    struct buf path = {0};
    const char *p;

    buf_printf(&path, FIXTURES "%s", name);
    p = path.data;
    scanning_run(s, &p, 1);
    assert_int_equal(s->damage, 0);
    buf_free(&path);
}

static void elevation_assignment_and_removal_are_one_story(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T10:00:00.1234567Z"},
        {0, "Operation", "Microsoft.Authorization/elevateAccess/action"},
        {0, "Outcome", "Succeeded"},
        {0, "Caller", "ada@contoso.example"},
        {0, "CallerObjectId", ADA},
        {0, "CallerAppId", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"},
        {0, "CallerIpAddress", "203.0.113.7"},
        {0, "TenantId", TENANT},
        {0, "Scope", "/"},
        {0, "ScopeKind", "root"},
        {0, "ResourceId", "/providers/Microsoft.Authorization"},
        {0, "RoleAssignmentName", "null"},
        {0, "RoleAssignmentId", "null"},
        {0, "PrincipalId", ADA},
        {0, "RoleDefinitionId", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"},
        {0, "RoleDefinitionName", "User Access Administrator"},
        {0, "EndedTime", "2026-11-01T11:00:01.25Z"},
        {0, "EndedBy", "ada@contoso.example"},
        {0, "StateAtExport", "null"},
        {0, "EventDataIds",
         "00000001-0000-4000-8000-000000000000; 00000002-0000-4000-8000-000000000000"},
        {0, "Techniques", "T1098.003; T1548.005; T1078.004"},
        {0, "LogScope", "null"},
        {0, "SourcePath", FIXTURES "story.ndjson"},
        {0, "SourceLine", "1"},
        {1, "PrincipalId", BEN},
        {1, "PrincipalType", "User"},
        {1, "RoleDefinitionId", OWNER},
        {1, "RoleAssignmentName", "90000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"},
        {1, "RoleAssignmentId", ASSIGNMENTS "90000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"},
        {1, "Scope", "/"},
        {1, "SelfAssigned", "false"},
        {1, "EndedTime", "2026-11-02T09:00:01Z"},
        {1, "EndedBy", "ben@contoso.example"},
        {1, "SourceLine", "3"},
        {2, "Scope", GROUPS TENANT},
        {2, "ScopeKind", "tenantRootGroup"},
        {2, "RoleDefinitionName", "Contributor"},
        {2, "PrincipalId", BEN},
        {2, "EndedTime", "null"},
        {3, "PrincipalId", ADA},
        {3, "RoleDefinitionName", "User Access Administrator"},
        {3, "SelfAssigned", "null"},
        {4, "Caller", "ben@contoso.example"},
        {4, "StoryId", "null"},
        {5, "ScopeKind", "managementGroup"},
        {5, "Caller", SPN},
        {5, "CallerObjectId", SPN},
        {5, "PrincipalType", "ServicePrincipal"},
        {5, "StoryId", "null"},
    };
    struct scanning *s = *state;
    struct buf a = {0}, b = {0};
    size_t i;

    scan_fixture(s, "story.ndjson");
    expect_rules(s, "elevate-access high\n"
                    "role-assignment-root critical\n"
                    "role-assignment-root high\n"
                    "role-assignment-removed medium\n"
                    "role-assignment-removed medium\n"
                    "role-assignment-mg high\n");
    EXPECT(s, rows);
    assert_int_not_equal(strcmp(text_of(s, 0, "StoryId", &a), "null"), 0);
    for (i = 1; i < 4; i++)
        assert_string_equal(text_of(s, i, "StoryId", &b), a.data);
    buf_free(&a);
    buf_free(&b);
}

static void old_events_keep_their_meaning(void **state)
{
    static const struct expectation rows[] = {
        /* 2017: a service principal has no caller; its End record has no properties. */
        {0, "Caller", SPN},
        {0, "CallerObjectId", SPN},
        {0, "CallerAppId", "d7777777-7777-4777-8777-777777777777"},
        {0, "PrincipalId", BEN},
        {0, "RoleDefinitionName", "Owner"},
        {0, "TenantId", TENANT}, /* from hierarchy */
        {0, "Scope", "/subscriptions/" SUB},
        {0, "EndedTime", "2026-11-01T11:00:02Z"},
        {0, "EndedBy", "ada@contoso.example"},
        /* 2015: resourceUri and eventSource; no httpRequest. */
        {1, "CallerIpAddress", "198.51.100.4"},
        {1, "ScopeKind", "resourceGroup"},
        {1, "RoleAssignmentName", "90000011-aaaa-4aaa-8aaa-aaaaaaaaaaaa"},
    };
    struct scanning *s = *state;

    scan_fixture(s, "old.ndjson");
    expect_rules(s, "role-assignment-privileged medium\nrole-assignment-privileged medium\n");
    EXPECT(s, rows);
}

static void cascade_deletions_end_assignments(void **state)
{
    static const struct expectation rows[] = {
        {0, "EndedTime", "2026-11-02T10:00:00Z"},
        {1, "EndedTime", "2026-11-02T10:00:01Z"},
        {2, "Scope", GROUPS "contoso-old"},
        {2, "RoleAssignmentName", "90000021-aaaa-4aaa-8aaa-aaaaaaaaaaaa"},
        {2, "RoleAssignmentId",
         GROUPS "contoso-old" ASSIGNMENTS "90000021-aaaa-4aaa-8aaa-aaaaaaaaaaaa"},
        {2, "PrincipalId", BEN},
        {2, "RoleDefinitionId", OWNER},
        {2, "CallerIpAddress", "203.0.113.20"},
    };
    struct scanning *s = *state;

    scan_fixture(s, "cascade.ndjson");
    expect_rules(s, "role-assignment-privileged medium\n"
                    "role-assignment-mg high\n"
                    "role-assignment-removed informational\n");
    EXPECT(s, rows);
}

static void outcomes_and_severities(void **state)
{
    static const struct expectation rows[] = {
        {0, "Outcome", "Failed"},
        {1, "Outcome", "Failed"},
        {2, "Outcome", "Succeeded"},
        {2, "PrincipalId", "null"},
        {3, "Outcome", "Started"},
        {4, "SelfAssigned", "true"},
        {5, "PrincipalId", "null"},
        {5, "RoleDefinitionId", "null"},
        {5, "SelfAssigned", "null"},
        {5, "Time", "2026-11-01T10:05:02Z"},
        {7, "Outcome", "Started"},
        {1, "Notes", "The same assignment already existed (RoleAssignmentExists)."},
        {2, "Notes", "There was nothing to delete."},
    };
    struct scanning *s = *state;

    scan_fixture(s, "outcomes.ndjson");
    expect_rules(s, "role-assignment-root high\n"
                    "role-assignment-root informational\n"
                    "role-assignment-removed informational\n"
                    "role-assignment-root critical\n"
                    "role-assignment-mg critical\n"
                    "role-assignment-root high\n"
                    "role-assignment-mg medium\n"
                    "role-assignment-root critical\n");
    EXPECT(s, rows);
}

static void stream_events_are_the_same_findings(void **state)
{
    static const struct expectation rows[] = {
        {0, "Operation", "Microsoft.Authorization/elevateAccess/action"},
        {0, "Caller", "ada@contoso.example"},
        {0, "CallerObjectId", ADA},
        {0, "CallerIpAddress", "203.0.113.44"},
        {0, "ResourceId", "/providers/Microsoft.Authorization"},
        {0, "EventDataIds", ""},
        {1, "PrincipalId", BEN}, /* not the principal of the caller's own right */
        {1, "RoleDefinitionName", "Contributor"},
        {1, "Scope", GROUPS TENANT},
        {1, "ScopeKind", "tenantRootGroup"},
        {1, "OperationId", "null"},
        {1, "EndedTime", "2026-11-01T10:09:02Z"},
        {2, "Operation", "Microsoft.Authorization/roleAssignments/delete"},
        {2, "PrincipalId", BEN},
    };
    struct scanning *s = *state;

    scan_fixture(s, "stream.ndjson");
    expect_rules(s, "elevate-access high\n"
                    "role-assignment-root high\n"
                    "role-assignment-removed medium\n");
    EXPECT(s, rows);
}

static void what_powershell_printed_is_understood(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T10:05:00Z"},
        {0, "Outcome", "Succeeded"},
        {0, "Caller", "ada@contoso.example"},
        {0, "CallerObjectId", ADA},
        {0, "CallerIpAddress", "203.0.113.7"},
        {0, "TenantId", TENANT},
        {0, "Scope", "/providers/Microsoft.Insights"},
        {0, "ScopeKind", "tenantProvider"},
        {0, "PrincipalId", BEN},
        {0, "RoleDefinitionName", "Reader"},
        {0, "SourceLine", "2"},
    };
    struct scanning *s = *state;

    scan_fixture(s, "powershell.json");
    assert_int_equal(s->events, 2);
    expect_rules(s, "role-assignment-provider medium\n");
    EXPECT(s, rows);
}

static void a_saved_answer_is_read_and_benign_causes_are_notes(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T10:00:00Z"},
        {1, "Notes",
         "Microsoft Defender for Cloud asks for this role here when tenant-wide "
         "visibility is turned on."},
        {1, "RoleDefinitionName", "Security Admin"},
    };
    struct scanning *s = *state;

    scan_fixture(s, "answer.json");
    expect_rules(s, "elevate-access high\nrole-assignment-root medium\n");
    EXPECT(s, rows);
}

static void every_rule_is_found_and_near_misses_are_not(void **state)
{
    static const struct expectation rows[] = {
        {0, "RoleDefinitionName", "Helper"},
        {0, "RoleDefinitionId", "90000060-aaaa-4aaa-8aaa-aaaaaaaaaaaa"},
        {0, "Scope", "/subscriptions/" SUB},
        {3, "PrincipalId", ADA},
        {3, "RoleDefinitionName", "Owner"},
        {7, "Scope", "/subscriptions/" SUB},
        {9, "Scope", "/"},
        {11, "ScopeKind", "managementGroup"},
        {14, "Scope", GROUPS "contoso-new"},
        {15, "Scope", GROUPS "contoso-new"},
        {16, "ScopeKind", "tenantRootGroup"},
        {17, "ScopeKind", "subscription"},
        {17, "Operation", "Microsoft.Subscription/updateTenant/action"},
        {19, "Scope", "/"},
        {19, "Notes",
         "Delegation /subscriptions/" SUB "/providers/Microsoft.ManagedServices/"
         "registrationAssignments/90000066-aaaa-4aaa-8aaa-aaaaaaaaaaaa of subscription " SUB
         " in tenant " TENANT
         ".; Expected when a service provider is onboarded through Azure Lighthouse."},
    };
    struct scanning *s = *state;

    scan_fixture(s, "rules.ndjson");
    expect_rules(s, "role-definition high\n"
                    "role-definition medium\n"
                    "role-definition high\n"
                    "pim-schedule medium\n"
                    "pim-schedule medium\n"
                    "pim-schedule medium\n"
                    "lighthouse high\n"
                    "logging-changed medium\n"
                    "logging-changed high\n"
                    "logging-changed high\n"
                    "policy-guard medium\n"
                    "policy-guard medium\n"
                    "policy-guard medium\n"
                    "policy-guard medium\n"
                    "hierarchy medium\n"
                    "hierarchy medium\n"
                    "hierarchy medium\n"
                    "hierarchy critical\n"
                    "hierarchy medium\n"
                    "lighthouse high\n"
                    "lock-removed medium\n"
                    "role-assignment-privileged low\n");
    EXPECT(s, rows);
}

/* The same events in another order, and in several files: the same findings. */
static void order_of_input_does_not_matter(void **state)
{
    struct scanning *s = *state;
    struct buf text = {0}, turned = {0}, before = {0}, after = {0}, b = {0};
    struct err e = {0};
    size_t end, i, p;

    assert_int_equal(sys_read_file(FIXTURES "story.ndjson", 1 << 20, &text, &e), 0);
    for (end = text.len; end > 0;) {
        size_t start = end - 1;

        while (start > 0 && text.data[start - 1] != '\n')
            start--;
        buf_append(&turned, text.data + start, end - start);
        end = start;
    }
    (void)buf_text(&turned);
    for (i = 0; i < 2; i++) {
        size_t f;

        if (i == 0)
            scan_fixture(s, "story.ndjson");
        else
            scanning_run_text(s, turned.data);
        for (f = 0; f < s->set.nreported; f++) {
            for (p = 0; p + 2 < finding_properties(); p++)
                buf_printf(i == 0 ? &before : &after, "%s\n",
                           text_of(s, f, finding_property_name(p), &b));
        }
    }
    assert_true(before.len > 0 && slice_compare(buf_slice(&before), buf_slice(&after)) == 0);
    buf_free(&text);
    buf_free(&turned);
    buf_free(&before);
    buf_free(&after);
    buf_free(&b);
}

static void events_seen_twice_count_once_and_say_where(void **state)
{
    static const char *const paths[] = {FIXTURES "story.ndjson", FIXTURES "story.ndjson"};
    static const struct expectation rows[] = {
        {1, "EventDataIds",
         "00000003-0000-4000-8000-000000000000; 00000004-0000-4000-8000-000000000000"},
        {1, "Notes",
         "Also seen in " FIXTURES "story.ndjson:3; Also seen in " FIXTURES "story.ndjson:4"},
    };
    static const char *const stream[] = {FIXTURES "stream.ndjson", FIXTURES "stream.ndjson"};
    struct scanning *s = *state;

    scanning_run(s, paths, 2);
    assert_int_equal(s->set.nreported, 6);
    EXPECT(s, rows);
    scanning_run(s, stream, 2);
    assert_int_equal(s->set.nreported, 3);
}

/* More places than FINDING_PLACES_MAX are only counted; the same note is not made twice. */
static void places_over_the_limit_are_counted(void **state)
{
    static const char *const paths[] = {FIXTURES "story.ndjson", FIXTURES "story.ndjson",
                                        FIXTURES "story.ndjson", FIXTURES "story.ndjson",
                                        FIXTURES "story.ndjson"};
    static const struct expectation rows[] = {
        {1, "Notes",
         "Also seen in " FIXTURES "story.ndjson:3; Also seen in " FIXTURES "story.ndjson:4; "
         "Also seen in 3 more places"},
    };
    struct scanning *s = *state;

    scanning_run(s, paths, 5);
    assert_int_equal(s->set.nreported, 6);
    EXPECT(s, rows);
}

#define EVENT(time, id, corr, op, resource, status, more)                                          \
    "{\"eventTimestamp\":\"" time "\",\"eventDataId\":\"" id "\",\"correlationId\":\"" corr        \
    "\",\"operationName\":{\"value\":\"Microsoft.Authorization/roleAssignments/" op                \
    "\"},\"resourceId\":\"" resource ASSIGNMENTS                                                   \
    "90000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa\",\"status\":{\"value\":\"" status "\"},"                \
    "\"tenantId\":\"" TENANT "\",\"caller\":\"ada@contoso.example\"" more "}\n"
#define BODY(role, who)                                                                            \
    ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{\\\"roleDefinitionId\\\":\\\"x/" role \
    "\\\",\\\"principalId\\\":\\\"" who "\\\"}}\"}"

static void each_life_of_a_recreated_assignment_has_its_own_end(void **state)
{
    static const struct expectation rows[] = {
        {0, "EndedTime", "2026-11-02T00:00:00Z"},
        {1, "EndedTime", "null"}, /* the removal itself */
        {2, "EndedTime", "2026-11-04T00:00:00Z"},
        {2, "PrincipalId", SPN},
        /* what the removals say of themselves is nothing: it comes from the write before each */
        {1, "PrincipalId", BEN},
        {3, "PrincipalId", SPN},
        {4, "EndedTime", "null"}, /* failed: nothing to end */
    };
    struct scanning *s = *state;

    scanning_run_text(
        s,
        EVENT("2026-11-01T00:00:00Z", "1", "c1", "write", "", "Succeeded", BODY(OWNER, BEN))
            EVENT("2026-11-02T00:00:00Z", "2", "c2", "delete", "", "Succeeded", "")
                EVENT("2026-11-03T00:00:00Z", "3", "c3", "write", "", "Succeeded", BODY(OWNER, SPN))
                    EVENT("2026-11-04T00:00:00Z", "4", "c4", "delete", "", "Succeeded", "") EVENT(
                        "2026-11-05T00:00:00Z", "5", "c5", "write", "", "Failed", BODY(OWNER, SPN))
                        EVENT("2026-11-06T00:00:00Z", "6", "c6", "delete", "", "Succeeded", ""));
    assert_int_equal(s->set.nreported, 6);
    EXPECT(s, rows);
}

static void role_of_a_write_without_body_is_known_from_its_removal(void **state)
{
    static const struct expectation rows[] = {
        {0, "Severity", "critical"},
        {0, "PrincipalId", BEN},
        {0, "RoleDefinitionName", "Owner"},
        {0, "Notes", "Role and principal are known from the record of its removal."},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s,
        EVENT("2026-11-01T00:00:00Z", "1", "c1", "write", "", "Succeeded", "") EVENT(
            "2026-11-02T00:00:00Z", "2", "c2", "delete", "", "Succeeded",
            ",\"properties\":{\"responseBody\":\"{\\\"properties\\\":{\\\"principalId\\\":\\\"" BEN
            "\\\",\\\"roleDefinitionId\\\":\\\"" OWNER "\\\"}}\"}"));
    EXPECT(s, rows);
}

static void operations_of_one_correlation_stay_apart(void **state)
{
    struct scanning *s = *state;

    /* A deployment: one correlation, two scopes; and one call tried twice with two operation ids.
     */
    scanning_run_text(
        s, EVENT("2026-11-01T00:00:00Z", "1", "c1", "write", GROUPS "a", "Started", "")
               EVENT("2026-11-01T00:00:00Z", "2", "C1", "write", GROUPS "b", "Started", "")
                   EVENT("2026-11-01T00:00:01Z", "3", "C1", "write", GROUPS "A", "Succeeded", "")
                       EVENT("2026-11-01T00:00:02Z", "4", "c1", "write", GROUPS "b", "Failed",
                             ",\"operationId\":\"o1\"")
                           EVENT("2026-11-01T00:00:03Z", "5", "c1", "write", GROUPS "b",
                                 "Succeeded", ",\"operationId\":\"o2\""));
    assert_int_equal(s->set.nreported, 3);
    expect_rules(s,
                 "role-assignment-mg high\nrole-assignment-mg medium\nrole-assignment-mg high\n");
}

static void records_without_any_id_are_findings_of_their_own(void **state)
{
    static const char line[] =
        "{\"time\":\"2026-11-01T00:00:0%d.5Z\",\"operationName\":\"MICROSOFT.AUTHORIZATION/"
        "ELEVATEACCESS/ACTION\",\"resultType\":\"Success\",\"correlationId\":null}\n";
    struct scanning *s = *state;
    char text[1024];
    size_t n = 0;
    int i;

    for (i = 0; i < 3; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, line, i == 2 ? 1 : i);
    scanning_run_text(s, text);
    /* The third is the second again. */
    assert_int_equal(s->set.nreported, 2);
    assert_int_equal(s->damage, 0);
}

/* `az monitor activity-log list --query` with a few fields: no id, and no name of the operation. */
#define SELECTED(time, more)                                                                       \
    "{\"authorization\":{\"action\":\"Microsoft.Authorization/roleAssignments/"                    \
    "write\",\"role\":null,"                                                                       \
    "\"scope\":\"/providers/Microsoft.Authorization/roleAssignments/r1\"},\"caller\":"             \
    "\"admin@contoso.example\",\"eventTimestamp\":\"2026-11-01T00:00:" time                        \
    "+00:00\",\"properties\":{\"eventCategory\":\"Administrative\"" more "}}\n"
#define REQUESTED                                                                                  \
    ",\"requestbody\":\"{\\\"Id\\\":\\\"r1\\\",\\\"Properties\\\":{\\\"PrincipalId\\\":"           \
    "\\\"p1\\\","                                                                                  \
    "\\\"RoleDefinitionId\\\":\\\"/providers/Microsoft.Authorization/roleDefinitions/"             \
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635\\\"}}\""

static void records_of_selected_fields_are_paired(void **state)
{
    static const struct expectation rows[] = {
        {0, "Operation", "Microsoft.Authorization/roleAssignments/write"},
        {0, "Outcome", "Succeeded"},
        {0, "PrincipalId", "p1"},
        {0, "RoleDefinitionName", "Owner"},
        {0, "Scope", "/"},
        {1, "Outcome", "Failed"},
        {2, "Outcome", "null"},
    };
    struct scanning *s = *state;

    /* Newest first, as the service gives them; two attempts. */
    scanning_run_text(
        s, SELECTED("55.1", ",\"statusCode\":\"Conflict\"") SELECTED("54.9", REQUESTED)
               SELECTED("42.1", ",\"statusCode\":\"Created\"") SELECTED("41.1", REQUESTED));
    assert_int_equal(s->set.nreported, 2);
    scanning_run_text(s, SELECTED("41.1", REQUESTED) SELECTED("42.1", ",\"statusCode\":\"Created\"")
                             SELECTED("54.9", REQUESTED)
                                 SELECTED("55.1", ",\"statusCode\":\"Conflict\"")
                                     SELECTED("59.0", REQUESTED));
    expect(s, rows, sizeof(rows) / sizeof(rows[0]));
    assert_int_equal(s->set.nreported, 3);
}

static void a_deletion_that_found_something_is_one(void **state)
{
    struct scanning *s = *state;

    /* Two calls that nothing tells apart: one removed the assignment, one found it gone. */
    scanning_run_text(s, EVENT("2026-11-01T00:00:00Z", "1", "c1", "delete", "", "Succeeded", "")
                             EVENT("2026-11-01T00:00:01Z", "2", "c1", "delete", "", "Succeeded",
                                   ",\"subStatus\":{\"value\":\"NoContent\"}"));
    expect_rules(s, "role-assignment-removed medium\n");
    scanning_run_text(s, EVENT("2026-11-01T00:00:01Z", "2", "c1", "delete", "", "Succeeded",
                               ",\"subStatus\":{\"value\":\"NoContent\"}")
                             EVENT("2026-11-01T00:00:00Z", "1", "c1", "delete", "", "Started", ""));
    expect_rules(s, "role-assignment-removed informational\n");
}

static void custom_roles_are_named_by_their_definition(void **state)
{
    static const struct expectation rows[] = {
        {0, "RoleDefinitionName", "Night Watch"}, /* given before it was defined anew */
        {1, "RoleDefinitionName", "Night Watch"}, {0, "Severity", "high"},
        {2, "RoleDefinitionName", "Owner"}, /* built-in names stay */
        {3, "RoleDefinitionName", "Guest"},
    };
    struct scanning *s = *state;

#define DEFINE(time, id, role, name)                                                               \
    "{\"eventTimestamp\":\"" time "\",\"eventDataId\":\"" id "\",\"correlationId\":\"" id          \
    "\",\"operationName\":{\"value\":\"Microsoft.Authorization/roleDefinitions/write\"},"          \
    "\"resourceId\":\"/providers/Microsoft.Authorization/roleDefinitions/" role                    \
    "\",\"status\":{\"value\":\"Succeeded\"},\"properties\":{\"requestbody\":"                     \
    "\"{\\\"properties\\\":{\\\"roleName\\\":\\\"" name "\\\"}}\"}}\n"
    scanning_run_text(s, EVENT("2026-11-01T00:00:00Z", "1", "c1", "write", "", "Succeeded",
                               BODY("5b3c8e2e-0000-4000-8000-00000000dead", BEN))
                             DEFINE("2026-11-01T00:01:00Z", "2",
                                    "5B3C8E2E-0000-4000-8000-00000000DEAD", "Night Watch")
                                 EVENT("2026-11-01T00:02:00Z", "3", "c3", "write", GROUPS "g",
                                       "Succeeded", BODY(OWNER, BEN))
                                     DEFINE("2026-11-01T00:03:00Z", "4", OWNER, "Guest"));
    EXPECT(s, rows);
}

/* What an answer to $select=eventName,id,operationName,status,eventTimestamp,correlationId has. */
static void few_fields_are_enough(void **state)
{
    static const struct expectation rows[] = {
        {0, "EventDataIds", "44ade6b4-0000-4000-8000-000000000001"},
        {0, "ResourceId", ASSIGNMENTS "n"},
        {0, "Scope", "/"},
        {0, "Caller", "null"},
        {0, "EndedBy", "null"},
    };
    static const struct expectation one[] = {{0, "ResourceId", ASSIGNMENTS "n"},
                                             {0, "RoleAssignmentName", "n"},
                                             {0, "Outcome", "Succeeded"}};
    struct scanning *s = *state;

    scanning_run_text(s, "{\"id\":\"" ASSIGNMENTS
                         "n/events/44ade6b4-0000-4000-8000-000000000001/ticks/635574752669792776\","
                         "\"eventName\":{\"value\":\"EndRequest\"},\"operationName\":{\"value\":"
                         "\"Microsoft.Authorization/roleAssignments/write\"},\"status\":{\"value\":"
                         "\"Succeeded\"},\"eventTimestamp\":\"2015-01-21T22:14:26.9792776Z\","
                         "\"correlationId\":\"c\"}\n");
    expect_rules(s, "role-assignment-root high\n");
    EXPECT(s, rows);
    /* A resourceId without a value is none: both records are of one act. */
#define SELECTED_ID(which, resource, status)                                                       \
    "{\"id\":\"" ASSIGNMENTS "n/events/" which                                                     \
    "/ticks/635574752669792776\",\"resourceId\":" resource                                         \
    ",\"operationName\":\"Microsoft.Authorization/roleAssignments/write\","                        \
    "\"status\":\"" status "\",\"eventTimestamp\":\"2026-11-01T22:14:26Z\",\"correlationId\":"     \
    "\"c\"}\n"
    scanning_run_text(s,
                      SELECTED_ID("e1", "\"\"", "Started") SELECTED_ID("e2", "null", "Succeeded"));
    assert_int_equal(s->set.nreported, 1);
    EXPECT(s, one);
}

static void odd_types_are_unknown_and_break_nothing(void **state)
{
    static const char *const odd[] = {"null",
                                      "1",
                                      "true",
                                      "[]",
                                      "[1,{}]",
                                      "{}",
                                      "\"\"",
                                      "\"{\"",
                                      "\"[]\"",
                                      "\"{\\\"a\\\":1}\"",
                                      "{\"value\":null}",
                                      "{\"value\":{\"value\":1}}",
                                      "\"\\ud800\\u0000\""};
    static const char *const fields[] = {
        "authorization", "claims",     "caller",   "httpRequest", "properties",
        "status",        "subStatus",  "identity", "tenantId",    "operationId",
        "eventDataId",   "resourceId", "id",       "description"};
    struct scanning *s = *state;
    struct buf text = {0};
    size_t i, k;

    for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        for (k = 0; k < sizeof(odd) / sizeof(odd[0]); k++)
            buf_printf(&text,
                       "{\"eventTimestamp\":\"2026-11-01T00:00:00.%04zuZ\",\"correlationId\":"
                       "\"c%zu\",\"operationName\":{\"value\":\"Microsoft.Authorization/"
                       "elevateAccess/action\"},\"%s\":%s}\n",
                       i * 100 + k + 1, i * 100 + k, fields[i], odd[k]);
    }
    scanning_run_text(s, buf_text(&text));
    assert_int_equal(s->damage, 0);
    assert_int_equal(s->set.nreported,
                     sizeof(fields) / sizeof(fields[0]) * sizeof(odd) / sizeof(odd[0]));
    buf_free(&text);
}

static void bodies_of_odd_shape_are_unknown_too(void **state)
{
    static const char *const bodies[] = {
        "null",
        "{}",
        "\"\"",
        "\"not json\"",
        "\"{\\\"properties\\\":null}\"",
        "\"{\\\"properties\\\":\\\"x\\\"}\"",
        "\"{\\\"properties\\\":{\\\"roleDefinitionId\\\":null,\\\"principalId\\\":{}}}\"",
        ("\"{\\\"properties\\\":{\\\"roleDefinitionId\\\":\\\"/"
         "\\\",\\\"principalId\\\":\\\"\\\"}}\""),
        "\"[[[[\"",
    };
    struct scanning *s = *state;
    struct buf text = {0}, b = {0};
    size_t i;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        buf_printf(&text,
                   "{\"eventTimestamp\":\"2026-11-01T00:00:%02zuZ\",\"correlationId\":\"c%zu\","
                   "\"operationName\":{\"value\":\"Microsoft.Authorization/roleAssignments/"
                   "write\"},\"resourceId\":\"" ASSIGNMENTS "n\",\"properties\":"
                   "{\"requestbody\":%s}}\n",
                   i, i, bodies[i]);
    scanning_run_text(s, buf_text(&text));
    assert_int_equal(s->damage, 0);
    assert_int_equal(s->set.nreported, sizeof(bodies) / sizeof(bodies[0]));
    for (i = 0; i < s->set.nreported; i++) {
        assert_string_equal(text_of(s, i, "RoleDefinitionName", &b), "null");
        assert_string_equal(text_of(s, i, "Severity", &b), "high");
    }
    buf_free(&text);
    buf_free(&b);
}

static void letter_case_of_bodies_and_flat_bodies_are_read(void **state)
{
    static const char *const bodies[] = {
        "{\\\"properties\\\":{\\\"roleDefinitionId\\\":\\\"/x/" OWNER
        "\\\",\\\"principalId\\\":\\\"" BEN "\\\"}}",
        "{\\\"Properties\\\":{\\\"RoleDefinitionId\\\":\\\"/x/" OWNER
        "\\\",\\\"PrincipalId\\\":\\\"" BEN "\\\",\\\"Scope\\\":null},\\\"Id\\\":\\\"i\\\"}",
        "{\\\"PROPERTIES\\\":{\\\"ROLEDEFINITIONID\\\":\\\"8E3AF657-A8FF-443C-A75C-"
        "2FE8C4BCB635\\\","
        "\\\"PRINCIPALID\\\":\\\"B2222222-2222-4222-8222-222222222222\\\"}}",
        ("{\\\"roleDefinitionId\\\":\\\"8e3af657a8ff443ca75c2fe8c4bcb635\\\",\\\"principalId\\\":"
         "\\\"b2222222222242228222222222222222\\\"}"),
    };
    static const char *const names[] = {"requestbody", "requestBody", "RequestBody", "REQUESTBODY"};
    struct scanning *s = *state;
    struct buf text = {0}, b = {0};
    size_t i;

    for (i = 0; i < 4; i++)
        buf_printf(&text,
                   "{\"eventTimestamp\":\"2026-11-01T00:00:%02zuZ\",\"correlationId\":\"c%zu\","
                   "\"operationName\":{\"value\":\"microsoft.authorization/roleassignments/"
                   "write\"},\"resourceId\":\"" ASSIGNMENTS "n\",\"properties\":"
                   "{\"%s\":\"%s\"}}\n",
                   i, i, names[i], bodies[i]);
    scanning_run_text(s, buf_text(&text));
    assert_int_equal(s->set.nreported, 4);
    for (i = 0; i < 4; i++) {
        assert_string_equal(text_of(s, i, "RoleDefinitionName", &b), "Owner");
        assert_string_equal(text_of(s, i, "RoleDefinitionId", &b), OWNER);
        assert_string_equal(text_of(s, i, "PrincipalId", &b), BEN);
    }
    buf_free(&text);
    buf_free(&b);
}

/* Append what azdal makes a file of lines. */
static void pack_file(struct buf *file, const char *lines)
{
    unsigned char trailer[GZIP_FILE_TRAILER];
    size_t bytes = strlen(lines);

    buf_append(file, gzip_file_header, GZIP_FILE_HEADER);
    scanning_pack(file, lines, bytes, -15);
    gzip_file_trailer((uint32_t)crc32(0, (const Bytef *)lines, (uInt)bytes), bytes, trailer);
    buf_append(file, trailer, sizeof(trailer));
}

/*
 * Write an export: one tenant log with these lines, and a list of role assignments. scopes is the
 * JSON of the list's scopes; rows NULL: the list's file is missing.
 */
static void write_export(struct scanning *s, const char *lines, const char *read_at,
                         const char *scopes, const char *rows)
{
    size_t bytes = strlen(lines), n = 0, at;
    struct buf file = {0}, list = {0}, manifest = {0};
    const char *p;
    char hex[HASH_HEX_MAX];

    for (p = lines; *p != '\0'; p++)
        n += *p == '\n';
    pack_file(&file, lines);
    at = file.len - GZIP_FILE_TRAILER;
    scanning_write(s, "export/tenant.ndjson.gz", file.data, file.len);
    hash_bytes(file.data, file.len, hex);
    buf_printf(
        &manifest,
        "{\"schema\":1,\"tool\":\"azdal 0.1.0\",\"started\":\"2026-11-22T10:00:00Z\","
        "\"finished\":\"2026-11-22T10:00:09Z\",\"endpoint\":\"https://management.azure.com\","
        "\"identity\":{\"tenantId\":\"" TENANT
        "\",\"objectId\":\"o\",\"name\":\"n\",\"appId\":\"a\"},\"query\":{\"since\":"
        "\"2026-11-01T00:00:00Z\",\"until\":\"2026-11-22T10:00:00Z\",\"scopes\":[\"tenant\"],"
        "\"clamped\":false,\"strict\":false},\"clockSkewSeconds\":0,\"verdict\":\"%s\","
        "\"roleAssignments\":{\"file\":\"roleAssignments.ndjson.gz\",\"readAt\":\"%s\","
        "\"scopes\":[%s]},\"scopes\":[{\"scope\":\"tenant\",\"status\":\"complete\","
        "\"error\":null,\"settledUntil\":\"2026-11-22T09:30:00Z\",\"events\":%zu,"
        "\"firstEvent\":\"2026-11-01T00:00:00Z\",\"lastEvent\":\"2026-11-02T00:00:00Z\","
        "\"duplicatesDropped\":0,\"conflictingIds\":0,\"outsideRange\":0,\"requests\":1,"
        "\"retries\":0,\"files\":[{\"path\":\"tenant.ndjson.gz\",\"bytes\":%zu,\"sha256\":"
        "\"%s\",\"content\":{\"bytes\":%zu,\"sha256\":\"%064d\",\"lines\":%zu}}],"
        "\"windows\":[{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-22T10:00:00Z\","
        "\"events\":%zu,\"file\":\"tenant.ndjson.gz\",\"offset\":10,\"deflated\":%zu,"
        "\"plain\":%zu,\"crc32\":\"%08lx\",\"askedAt\":\"2026-11-22T10:00:00Z\","
        "\"closed\":\"drained\",\"requestIds\":[]}]}]}",
        strstr(scopes, "forbidden") != NULL ? "INCOMPLETE" : "COMPLETE", read_at, scopes, n,
        file.len, hex, bytes, 0, n, n, at - 10, bytes, crc32(0, (const Bytef *)lines, (uInt)bytes));
    scanning_manifest(s, "export/manifest.json", &manifest);
    if (rows != NULL)
        pack_file(&list, rows);
    if (rows != NULL)
        scanning_write(s, "export/roleAssignments.ndjson.gz", list.data, list.len);
    scanning_seal(s, "export", "tenant.ndjson.gz roleAssignments.ndjson.gz");
    buf_free(&file);
    buf_free(&list);
    buf_free(&manifest);
}

#define READ "2026-11-22T10:00:05Z"
#define COMPLETE(scope) "{\"scope\":\"" scope "\",\"status\":\"complete\",\"error\":null}"
#define EMPTY(scope)                                                                               \
    "{\"scope\":\"" scope                                                                          \
    "\",\"status\":\"complete\",\"error\":{\"code\":\"EmptyList\",\"message\":\"m\"}}"
/* A list that could not be read this time: it is the one of an earlier run. */
#define KEPT(scope, from)                                                                          \
    "{\"scope\":\"" scope                                                                          \
    "\",\"status\":\"forbidden\",\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"m\"}"   \
    ",\"keptFrom\":\"" from "\"}"
#define FORBIDDEN(scope)                                                                           \
    "{\"scope\":\"" scope                                                                          \
    "\",\"status\":\"forbidden\",\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"m\"}}"
#define ROW(scope, name, role, who)                                                                \
    "{\"properties\":{\"roleDefinitionId\":\"/subscriptions/x/providers/Microsoft.Authorization/"  \
    "roleDefinitions/" role "\",\"principalId\":\"" who                                            \
    "\",\"principalType\":\"User\",\"scope\":\"" scope "\"},\"id\":\"" ASSIGNMENTS name            \
    "\",\"name\":\"" name "\"}\n"
#define NAME "90000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
#define UAA "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"

static void the_exports_own_list_says_what_stands(void **state)
{
    /* An assignment at / of Owner to Ben, and Ada's elevation. */
    static const char lines[] =
        EVENT("2026-11-01T00:00:00Z", "1", "c1", "write", "", "Succeeded",
              BODY(OWNER, BEN)) "{\"eventTimestamp\":\"2026-11-02T00:00:00Z\",\"eventDataId\":"
                                "\"2\",\"correlationId\":\"c2\","
                                "\"operationName\":{\"value\":\"Microsoft.Authorization/"
                                "elevateAccess/action\"},\"status\":"
                                "{\"value\":\"Succeeded\"},\"claims\":{\"oid\":\"" ADA "\"}}\n";
    static const struct {
        const char *read_at, *scopes, *rows, *assigned, *elevated;
    } cases[] = {
        {READ, COMPLETE("/"), ROW("/", NAME, OWNER, BEN) ROW("/", "n", UAA, ADA), "Active",
         "Active"},
        {READ, COMPLETE("/"), ROW("/", NAME, UAA, BEN) ROW("/", "n", OWNER, ADA), "Changed",
         "Removed"},
        {READ, COMPLETE("/"), ROW("/", NAME, OWNER, ADA), "Changed", "Removed"},
        {READ, COMPLETE("/"), ROW("/", "other", OWNER, SPN), "Removed", "Removed"},
        /* an empty list is what an account without the right gets, too */
        {READ, EMPTY("/"), "", "Unknown", "Unknown"},
        /* the same name and the same gift, but at another scope */
        {READ, COMPLETE("/"),
         ROW("/", "other", OWNER, SPN) ROW(GROUPS "g", NAME, OWNER, BEN)
             ROW(GROUPS "g", "n", UAA, ADA),
         "Removed", "Removed"},
        {READ, COMPLETE("/"), ROW(GROUPS "g", NAME, OWNER, BEN) ROW(GROUPS "g", "n", UAA, ADA),
         "Unknown", "Unknown"},
        {READ, FORBIDDEN("/") "," EMPTY(GROUPS "g"), "", "Unknown", "Unknown"},
        {READ, FORBIDDEN("/") "," COMPLETE(GROUPS "g"), ROW(GROUPS "g", "n", UAA, SPN), "Unknown",
         "Unknown"},
        /* what a list of another scope shows is true all the same */
        {READ, FORBIDDEN("/") "," COMPLETE(GROUPS "g"), ROW("/", NAME, OWNER, BEN), "Active",
         "Unknown"},
        /* read between the two */
        {READ, KEPT("/", "2026-11-01T12:00:00Z"), ROW("/", "other", OWNER, SPN), "Removed",
         "Unknown"},
        /* a list that is damaged or missing proves nothing */
        {READ, COMPLETE("/"), ROW("/", NAME, OWNER, BEN) "{\"cut", "null", "null"},
        {READ, COMPLETE("/"), NULL, "null", "null"},
        {READ, COMPLETE("/"), "[1,{\"id\":7},{\"id\":\"x\",\"properties\":3}]\n", "null", "null"},
    };
    struct scanning *s = *state;
    char *path = scanning_path(s, "export"),
         *list = scanning_path(s, "export/roleAssignments.ndjson.gz");
    struct buf b = {0};
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)remove(list);
        write_export(s, lines, cases[i].read_at, cases[i].scopes, cases[i].rows);
        scanning_run(s, (const char *const *)&path, 1);
        /* what cannot be used is told */
        assert_int_equal(s->told.len == 0, strcmp(cases[i].assigned, "null") != 0);
        assert_int_equal(s->set.nreported, 2);
        if (strcmp(text_of(s, 0, "StateAtExport", &b), cases[i].assigned) != 0)
            fail_msg("case %zu: the assignment is %s", i, b.data);
        if (strcmp(text_of(s, 1, "StateAtExport", &b), cases[i].elevated) != 0)
            fail_msg("case %zu: the elevation is %s", i, b.data);
        assert_string_equal(text_of(s, 0, "LogScope", &b), "tenant");
    }
    buf_free(&b);
    free(path);
    free(list);
}

static void the_list_tells_who_when_the_log_does_not(void **state)
{
    static const struct expectation rows[] = {
        {0, "PrincipalId", BEN},
        {0, "PrincipalType", "User"},
        {0, "RoleDefinitionName", "Owner"},
        {0, "Severity", "critical"},
        {0, "StateAtExport", "Active"},
        {0, "TenantId", TENANT},
        {0, "Notes", "Role and principal are known from the export's role assignments."},
    };
    struct scanning *s = *state;
    char *path = scanning_path(s, "export");

    write_export(s, EVENT("2026-11-01T00:00:00Z", "1", "c1", "write", "", "Succeeded", ""), READ,
                 COMPLETE("/"), ROW("/", NAME, OWNER, BEN));
    scanning_run(s, (const char *const *)&path, 1);
    EXPECT(s, rows);
    free(path);
}

static void the_tenant_root_group_is_known_by_the_manifest_too(void **state)
{
    struct scanning *s = *state;
    char *path = scanning_path(s, "export");

    write_export(
        s,
        "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"correlationId\":\"c\",\"resourceId\":"
        "\"" GROUPS TENANT ASSIGNMENTS NAME
        "\",\"operationName\":{\"value\":\"Microsoft.Authorization/roleAssignments/write\"},"
        "\"status\":{\"value\":\"Succeeded\"}}\n",
        READ, "", "");
    scanning_run(s, (const char *const *)&path, 1);
    expect_rules(s, "role-assignment-root high\n");
    free(path);
}

static void properties_are_the_ones_that_are_promised(void **state)
{
    static const char names[] =
        "Time Rule Severity Title Outcome Operation Caller CallerObjectId CallerAppId "
        "CallerIpAddress TenantId Scope ScopeKind ResourceId RoleAssignmentName RoleAssignmentId "
        "PrincipalId PrincipalType RoleDefinitionId RoleDefinitionName SelfAssigned EndedTime "
        "EndedBy StateAtExport StoryId CorrelationId OperationId EventDataIds Techniques Notes "
        "LogScope SourcePath SourceLine ";
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < finding_properties(); i++)
        buf_printf(&b, "%s ", finding_property_name(i));
    assert_string_equal(b.data, names);
    buf_free(&b);
}

/* A record of an assignment at a subscription that has no body. */
#define BARE(id, more)                                                                             \
    "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"eventDataId\":\"" id                           \
    "\",\"correlationId\":\"" id                                                                   \
    "\",\"operationName\":{\"value\":\"Microsoft.Authorization/roleAssignments/write\"},"          \
    "\"resourceId\":\"/subscriptions/" SUB ASSIGNMENTS NAME "\"" more "}\n"

static void an_assignment_whose_record_does_not_say_what_it_gives_is_a_finding(void **state)
{
    static const struct expectation rows[] = {
        {0, "RoleDefinitionId", "null"},
        {0, "ScopeKind", "subscription"},
        {0, "Notes",
         "The record does not say which role; it may be Owner. Look the assignment up by its "
         "name."},
        {1, "ScopeKind", "null"},
        {1, "Scope", "null"},
        {1, "Notes", "The record says neither which role nor where; it may be Owner."},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s,
        BARE("1",
             ",\"status\":\"Succeeded\"") "{\"TimeGenerated\":\"2026-11-01T00:00:01Z\","
                                          "\"OperationNameValue\":\"MICROSOFT."
                                          "AUTHORIZATION/ROLEASSIGNMENTS/"
                                          "WRITE\",\"ActivityStatusValue\":\"Success\",\"Caller\":"
                                          "\"ada@contoso.example\"}\n");
    expect_rules(s, "role-assignment-privileged low\nrole-assignment-privileged low\n");
    EXPECT(s, rows);
    assert_int_equal(s->set.unclear, 2);
}

/* A custom role that one record defines with permissions, and another gives at a subscription. */
#define DEFINED_AS(permissions)                                                                    \
    "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"correlationId\":\"d\",\"operationName\":"      \
    "\"Microsoft.Authorization/roleDefinitions/write\",\"status\":\"Succeeded\",\"resourceId\":"   \
    "\"/subscriptions/" SUB "/providers/Microsoft.Authorization/roleDefinitions/" CUSTOM           \
    "\",\"properties\":{\"responseBody\":{\"properties\":{\"roleName\":\"helper\","                \
    "\"permissions\":"                                                                             \
    "[" permissions "]}}}}\n"
#define CUSTOM "90000077-aaaa-4aaa-8aaa-aaaaaaaaaaaa"

static void where_no_id_tells_the_scope_the_body_does(void **state)
{
#define PLACED(resource, scope)                                                                    \
    "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"correlationId\":\"" scope                      \
    "\",\"operationName\":\"Microsoft.Authorization/roleAssignments/"                              \
    "write\",\"resourceId\":\"" resource                                                           \
    "\",\"status\":\"Succeeded\",\"properties\":{\"requestbody\":\"{\\\"properties\\\":"           \
    "{\\\"roleDefinitionId\\\":\\\"" OWNER "\\\",\\\"scope\\\":\\\"" scope "\\\"}}\"}}\n"
    static const struct expectation rows[] = {
        {0, "Scope", "/"},
        {1, "ScopeKind", "managementGroup"},
        {2, "Scope", "/subscriptions/" SUB}, /* an id that is one decides */
        {3, "Scope", "null"},
    };
    struct scanning *s = *state;

    scanning_run_text(s, PLACED("/", "/") PLACED("", GROUPS "g/")
                             PLACED("/subscriptions/" SUB ASSIGNMENTS NAME, GROUPS "h")
                                 PLACED("/", "here"));
    EXPECT(s, rows);
    expect_rules(s, "role-assignment-root critical\nrole-assignment-mg high\n"
                    "role-assignment-privileged medium\nrole-assignment-privileged medium\n");
}

static void a_custom_role_is_as_strong_as_its_definition(void **state)
{
    static const struct {
        const char *permissions, *severity;
    } cases[] = {
        {DEFINED_AS("{\"actions\":[\"*\"]}"), "medium"},
        {DEFINED_AS("{\"actions\":[\"Microsoft.Authorization/*\"]}"), "medium"},
        {DEFINED_AS("{\"actions\":[\"Microsoft.Authorization/roleAssignments/*\"]}"), "medium"},
        {DEFINED_AS("{\"actions\":[\"*/read\",\"*/write\"],\"notActions\":[\"*/delete\"]}"),
         "medium"},
        {DEFINED_AS(
             "{\"actions\":[\"*/read\"]},{\"actions\":[\"microsoft.authorization/*/WRITE\"]}"),
         "medium"},
        /* what one permission takes away, another one gives */
        {DEFINED_AS("{\"actions\":[\"*\"],\"notActions\":[\"Microsoft.Authorization/*\"]},"
                    "{\"actions\":[\"Microsoft.Authorization/roleDefinitions/write\"]}"),
         "medium"},
        /* Contributor's rights */
        {DEFINED_AS("{\"actions\":[\"*\"],\"notActions\":[\"Microsoft.Authorization/*\"]}"),
         "medium"},
        {DEFINED_AS("{\"actions\":[\"Microsoft.Authorization/*/read\",\"Microsoft.Compute/*\"]}"),
         "low"},
        {DEFINED_AS(
             "{\"actions\":[\"Microsoft.Authorization/*\"],\"notActions\":[\"*/write\",\"*/action"
             "\"]}"),
         "low"},
        {DEFINED_AS("{\"actions\":[\"*\"],\"notActions\":[\"*\"]}"), "low"},
        {DEFINED_AS("7"), "low"},
        {"", "low"},
    };
    struct scanning *s = *state;
    struct buf text = {0}, b = {0};
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buf_clear(&text);
        buf_puts(&text, BARE("1", ",\"status\":\"Succeeded\"" BODY(CUSTOM, BEN)));
        buf_puts(&text, cases[i].permissions);
        scanning_run_text(s, buf_text(&text));
        assert_true(s->set.nreported >= 1);
        if (strcmp(text_of(s, s->set.nreported - 1, "Rule", &b), "role-assignment-privileged") != 0)
            assert_string_equal(text_of(s, 0, "Rule", &b), "role-assignment-privileged");
        assert_string_equal(text_of(s, 0, "RoleDefinitionId", &b), CUSTOM);
        if (strcmp(text_of(s, 0, "Severity", &b), cases[i].severity) != 0)
            fail_msg("case %zu: %s", i, b.data);
    }
    buf_free(&text);
    buf_free(&b);
}

static void an_outcome_that_no_record_tells_is_unknown(void **state)
{
    static const struct expectation rows[] = {
        {0, "Outcome", "null"},
        {0, "Notes",
         "Global Administrators elevate to read this log or to recover lost access; it should be "
         "undone soon after.; The record has no status: whether it succeeded is not known."},
        {0, "Severity", "high"},
        {1, "Outcome", "Succeeded"},
        {2, "Outcome", "Started"},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s, "{\"eventTimestamp\":\"2026-10-01T00:00:00Z\",\"operationName\":\"Microsoft."
           "Authorization/elevateAccess/action\",\"correlationId\":\"e\"}\n" BARE(
               "3", ",\"eventName\":\"EndRequest\",\"status\":\"Succeeded\",\"id\":\"x\"")
               BARE("2", ",\"eventName\":{\"value\":\"BeginRequest\"}"));
    EXPECT(s, rows);
    assert_int_equal(s->set.nreported, 3);
}

static void a_status_that_is_no_known_word_is_unknown(void **state)
{
    static const struct expectation rows[] = {
        {0, "Outcome", "null"},    {1, "Outcome", "null"},   {2, "Outcome", "Failed"},
        {3, "Outcome", "Failed"},  {4, "Outcome", "Failed"}, {5, "Outcome", "Succeeded"},
        {6, "Outcome", "Started"},
    };
    struct scanning *s = *state;
    struct buf b = {0};

    /* A body alone does not say that the call only began. */
    scanning_run_text(s, BARE("1", BODY(OWNER, BEN) "}}}") BARE("2", ",\"status\":\"Wobbly\"")
                             BARE("3", ",\"status\":\"Fail\"") BARE("4", ",\"status\":\"Denied\"")
                                 BARE("5", ",\"status\":\"Fehlgeschlagen\"")
                                     BARE("6", ",\"status\":\"R\xc3\xa9ussi\"")
                                         BARE("7", ",\"status\":\"Iniciado\""));
    EXPECT(s, rows);
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "no status"));
    assert_non_null(strstr(text_of(s, 1, "Notes", &b), "status \"Wobbly\" is not known"));
    buf_free(&b);
}

static void what_powershell_made_of_objects_is_read(void **state)
{
    static const struct expectation rows[] = {
        {0, "Scope", "/subscriptions/" SUB},
        {0, "RoleDefinitionName", "Owner"},
        {0, "PrincipalId", BEN},
        {0, "Outcome", "Started"},
        {0, "Severity", "medium"},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s, "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"correlationId\":\"c\",\"operationName\":"
           "\"@{value=Microsoft.Authorization/roleAssignments/write; localizedValue=Create}\","
           "\"authorization\":\"@{action=Microsoft.Authorization/roleAssignments/write; "
           "scope=/subscriptions/" SUB ASSIGNMENTS NAME "}\",\"status\":\"@{value=Started}\","
           "\"properties\":\"@{eventCategory=Administrative; requestbody={\\\"Properties\\\": "
           "{\\\"PrincipalId\\\": \\\"" BEN "\\\", \\\"RoleDefinitionId\\\": "
           "\\\"/providers/x/" OWNER "\\\"}}; entity=x}\"}\n");
    expect_rules(s, "role-assignment-privileged medium\n");
    EXPECT(s, rows);
}

static void titles_in_languages_known_here_are_operations(void **state)
{
    struct scanning *s = *state;

    scanning_run_text(
        s, "{\"EventTimestamp\":\"2026-11-01T00:00:00Z\",\"OperationName\":\"Assigns the caller to "
           "User Access Administrator role\",\"Status\":\"Succeeded\",\"CorrelationId\":\"1\"}\n"
           "{\"EventTimestamp\":\"2026-11-01T00:00:01Z\",\"OperationName\":\"Rollenzuweisung "
           "l\xc3\xb6schen\",\"Status\":\"Succeeded\",\"CorrelationId\":\"2\",\"ResourceId\":"
           "\"" ASSIGNMENTS NAME "\"}\n"
           "{\"EventTimestamp\":\"2026-11-01T00:00:02Z\",\"OperationName\":\"Crear una "
           "asignaci\xc3\xb3n de rol\",\"Status\":\"Succeeded\",\"CorrelationId\":\"3\","
           "\"ResourceId\":\"" GROUPS "g" ASSIGNMENTS NAME "\"}\n"
           "{\"EventTimestamp\":\"2026-11-01T00:00:03Z\",\"OperationName\":\"Create something\","
           "\"Status\":\"Succeeded\",\"CorrelationId\":\"4\"}\n");
    expect_rules(s,
                 "elevate-access high\nrole-assignment-removed medium\nrole-assignment-mg high\n");
}

/* A record of PIM about a role of Azure. */
#define PIM(time, title, more)                                                                     \
    "{\"time\":\"2026-11-01T00:00:" time "Z\",\"resourceId\":\"/SUBSCRIPTIONS/" SUB                \
    "\",\"operationName\":\"" title "\",\"category\":\"Administrative\",\"resultType\":"           \
    "\"Succeeded\",\"correlationId\":\"" time "\",\"properties\":{\"ResourceProviderName\":"       \
    "\"azurerbac\",\"RoleDefinition\":\"Owner\",\"RoleDefinitionOriginId\":\"/providers/"          \
    "Microsoft.Authorization/roleDefinitions/" OWNER "\",\"SubjectID\":\"" BEN                     \
    "\",\"SubjectType\":\"User\"" more "}}\n"

static void records_of_pim_itself_are_read(void **state)
{
    static const struct expectation rows[] = {
        {0, "Operation", "Microsoft.Authorization/roleAssignmentScheduleRequests/write"},
        {0, "Outcome", "Succeeded"},
        {0, "Caller", "ben@contoso.example"},
        {0, "CallerObjectId", BEN},
        {0, "PrincipalId", BEN},
        {0, "RoleDefinitionId", OWNER},
        {0, "SelfAssigned", "true"},
        {0, "ScopeKind", "subscription"},
        {0, "EndedTime", "2026-11-01T00:00:09Z"},
        {0, "Notes", "Justification given: on call"},
        {1, "Outcome", "Started"},
        {2, "Operation", "Microsoft.Authorization/roleEligibilityScheduleRequests/write"},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s,
        PIM("01", "Add member to role completed (PIM activation)",
            ",\"CallerInfo\":\"[{\\\"CallerIdentityType\\\":\\\"UPN\\\",\\\"CallerIdentityValue\\\""
            ":\\\"ben@contoso.example\\\"},{\\\"CallerIdentityType\\\":\\\"ObjectID\\\","
            "\\\"CallerIdentityValue\\\":\\\"" BEN "\\\"}]\",\"Justification\":\"on call\"")
            PIM("02", "Add member to role requested (PIM activation)", "")
                PIM("03", "Add eligible member to role in PIM completed (timebound)", "")
                    PIM("09", "Remove member from role (PIM activation expired)",
                        "") "{\"time\":\"2026-11-01T00:00:08Z\",\"operationName\":\"Add member to "
                            "role completed "
                            "(PIM "
                            "activation)\",\"category\":\"AuditLogs\",\"correlationId\":\"e\","
                            "\"properties\":"
                            "{\"category\":\"RoleManagement\"}}\n");
    expect_rules(s, "pim-schedule medium\npim-schedule medium\npim-schedule medium\n"
                    "pim-schedule medium\n");
    EXPECT(s, rows);
}

/* A record of PIM with a correlation, and who called. */
#define PIM_CALL(time, title, correlation, upn, more)                                              \
    "{\"time\":\"2026-11-01T00:00:" time "Z\",\"resourceId\":\"/SUBSCRIPTIONS/" SUB_CAPITALS       \
    "\",\"operationName\":\"" title "\",\"category\":\"Administrative\",\"resultType\":"           \
    "\"Succeeded\",\"correlationId\":\"" correlation "\",\"properties\":{"                         \
    "\"ResourceProviderName\":\"azurerbac\",\"RoleDefinition\":\"Owner\","                         \
    "\"RoleDefinitionOriginId\":\"/providers/Microsoft.Authorization/roleDefinitions/" OWNER       \
    "\",\"SubjectID\":\"" BEN                                                                      \
    "\",\"CallerInfo\":\"[{\\\"CallerIdentityType\\\":\\\"UPN\\\",\\\"CallerIdentityValue\\\":"    \
    "\\\"" upn                                                                                     \
    "\\\"},{\\\"CallerIdentityType\\\":\\\"Name\\\",\\\"CallerIdentityValue\\\":\\\"PIM"           \
    "\\\"}]\"" more "}}\n"
#define SUB_CAPITALS "7B1D8A90-3C4E-4F5A-8B6C-0D9E8F7A6B5C"
#define ORIGIN                                                                                     \
    ",\"OriginRoleAssignmentId\":\"/subscriptions/" SUB ASSIGNMENTS                                \
    "00000009-0000-4000-8000-000000000009\""

static void steps_of_a_request_to_pim_are_one_finding(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T00:00:01Z"},
        {0, "Caller", "ben@contoso.example"},
        {0, "Outcome", "Succeeded"},
        {0, "Scope", "/subscriptions/" SUB},
        {0, "Notes", "Approved by eve@contoso.example."},
        {0, "EndedTime", "2026-11-01T00:00:05Z"},
        {0, "EndedBy", "PIM"},
        {1, "Caller", "PIM"},
        {2, "Outcome", "Failed"},
        {2, "Caller", "ben@contoso.example"},
        {2, "Notes", "Denied by eve@contoso.example."},
        {3, "Outcome", "Succeeded"},
        {4, "Outcome", "Started"},
        {4, "Caller", "null"},
        {5, "Outcome", "Failed"},
        {6, "Outcome", "Failed"},
        {6, "Notes",
         "Denied by eve@contoso.example.; The request ends this role: it gives nothing."},
    };
    static const char *const records[] = {
        /* newest first, as the service has them */
        PIM_CALL("11", "Remove member from role request denied (PIM activation)", "6",
                 "eve@contoso.example", ""),
        PIM_CALL("10", "PIM activation request expired", "5", "", ""),
        PIM_CALL("09", "Update member in PIM approved by admin (extend/renew)", "4",
                 "eve@contoso.example", ""),
        PIM_CALL("08", "Restore permanent direct role assignment", "3", "eve@contoso.example",
                 ORIGIN),
        PIM_CALL("07", "Add member to role request denied (PIM activation)", "2",
                 "eve@contoso.example", ""),
        PIM_CALL("06", "Add member to role requested (PIM activation)", "2", "ben@contoso.example",
                 ""),
        PIM_CALL("05", "Remove member from role (PIM activation expired)", "1", "", ORIGIN),
        PIM_CALL("04", "Add member to role completed (PIM activation)", "1", "ben@contoso.example",
                 ORIGIN),
        PIM_CALL("03", "Add member to role request approved (PIM activation)", "1",
                 "eve@contoso.example", ""),
        PIM_CALL("01", "Add member to role requested (PIM activation)", "1", "ben@contoso.example",
                 ""),
    };
    struct scanning *s = *state;
    struct buf text = {0};
    size_t i;

    for (i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        buf_puts(&text, records[i]);
    scanning_run_text(s, buf_text(&text));
    buf_free(&text);
    expect_rules(s, "pim-schedule medium\npim-schedule medium\npim-schedule low\n"
                    "pim-schedule medium\npim-schedule medium\npim-schedule low\n"
                    "pim-schedule low\n");
    EXPECT(s, rows);
}

/* A request for Ben to be eligible for Owner, or no longer: its begin says which. */
#define ELIGIBILITY(id, name, time, status, body)                                                  \
    "{\"eventTimestamp\":\"2026-11-01T00:00:" time "Z\",\"eventDataId\":\"" id                     \
    "\",\"correlationId\":\"" name                                                                 \
    "\",\"operationName\":\"Microsoft.Authorization/roleEligibilityScheduleRequests/write\","      \
    "\"resourceId\":\"/subscriptions/" SUB                                                         \
    "/providers/Microsoft.Authorization/roleEligibilityScheduleRequests/" name                     \
    "\",\"status\":\"" status "\"" body "}\n"
#define ASKS(type)                                                                                 \
    ",\"properties\":{\"requestbody\":\"{\\\"Properties\\\":{\\\"RequestType\\\":\\\"" type        \
    "\\\",\\\"PrincipalId\\\":\\\"" BEN "\\\",\\\"RoleDefinitionId\\\":\\\"" OWNER "\\\"}}\"}"

static void the_end_of_an_eligibility_is_one_in_any_order_and_leaves_what_is_active(void **state)
{
    static const struct expectation rows[] = {
        {0, "Operation", "Microsoft.Authorization/roleEligibilityScheduleRequests/write"},
        {0, "EndedTime", "2026-11-01T00:00:41Z"},
        {1, "Operation", "Microsoft.Authorization/roleAssignmentScheduleRequests/write"},
        {1, "EndedTime", "null"},
        {2, "Notes", "The request ends this role: it gives nothing."},
    };
    static const char *const records[] = {
        ELIGIBILITY("1", "a", "10", "Started", ASKS("AdminAssign")),
        ELIGIBILITY("2", "a", "11", "Succeeded", ""),
        PIM_CALL("20", "Add member to role in PIM completed (permanent)", "2",
                 "eve@contoso.example", ORIGIN),
        ELIGIBILITY("3", "b", "40", "Started", ASKS("AdminRemove")),
        ELIGIBILITY("4", "b", "41", "Succeeded", ""),
    };
    struct scanning *s = *state;
    size_t turned, i;

    for (turned = 0; turned < 2; turned++) {
        struct buf text = {0};

        for (i = 0; i < 5; i++)
            buf_puts(&text, records[turned ? 4 - i : i]);
        scanning_run_text(s, buf_text(&text));
        buf_free(&text);
        assert_int_equal(s->set.nreported, 3);
        EXPECT(s, rows);
    }
}

static void who_made_a_request_does_not_depend_on_the_order_of_its_records(void **state)
{
    static const struct expectation rows[] = {
        {0, "Caller", "ben@contoso.example"},
        {0, "Notes", "Approved by eve@contoso.example."},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s, (PIM_CALL("03", "Update eligible member in PIM completed (extend)", "1",
                     "eve@contoso.example", "")
                PIM_CALL("02", "Update eligible member in PIM approved by admin (extend/renew)",
                         "1", "eve@contoso.example", "")
                    PIM_CALL("01", "Update eligible member in PIM requested (extend)", "1",
                             "ben@contoso.example", "")));
    assert_int_equal(s->set.nreported, 1);
    EXPECT(s, rows);
}

static void what_was_assumed_of_a_time_is_noted_beside_a_justification(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, "{\"time\":\"11/01/2026 10:00:00\",\"resourceId\":\"/subscriptions/" SUB
                         "\",\"operationName\":\"Add member to role completed (PIM activation)\","
                         "\"category\":\"Administrative\",\"correlationId\":\"1\","
                         "\"properties\":{\"ResourceProviderName\":\"azurerbac\","
                         "\"Justification\":\"on call\"}}\n");
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "Justification given: on call"));
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "may be the other way round"));
    buf_free(&b);
}

/* What Entra ID's audit log says of Ada's elevation, as a diagnostic setting stores it. */
#define AUDIT(time, title)                                                                         \
    "{\"time\":\"2026-11-01T" time "Z\",\"operationName\":\"" title                                \
    "\",\"category\":\"AuditLogs\",\"correlationId\":\"a" time                                     \
    "\",\"properties\":{\"id\":\"x" time                                                           \
    "\",\"category\":\"AzureRBACRoleManagementElevateAccess\",\"result\":\"success\","             \
    "\"initiatedBy\":{\"user\":{\"id\":\"" ADA                                                     \
    "\",\"userPrincipalName\":\"ada@contoso.example\",\"ipAddress\":\"203.0.113.7\"}},"            \
    "\"targetResources\":[{\"type\":\"User\",\"id\":\"" ADA "\"}]}}\n"
#define ELEVATE(time)                                                                              \
    "{\"eventTimestamp\":\"2026-11-01T" time "Z\",\"eventDataId\":\"e" time                        \
    "\",\"correlationId\":\"c" time                                                                \
    "\",\"operationName\":\"Microsoft.Authorization/elevateAccess/"                                \
    "action\",\"status\":\"Succeeded\",\"claims\":{\"oid\":\"" ADA "\"}}\n"
#define ELEVATED                                                                                   \
    "User has elevated their access to User Access Administrator for their Azure Resources"

static void both_logs_tell_one_elevation(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T09:00:00Z"},
        {0, "LogScope", "entra"},
        {0, "Caller", "ada@contoso.example"},
        {0, "CallerIpAddress", "203.0.113.7"},
        {1, "Time", "2026-11-01T10:00:00Z"},
        {1, "LogScope", "null"},
        {1, "EventDataIds", "e10:00:00; x10:04:59"},
        {1, "EndedTime", "2026-11-01T12:00:00Z"},
        {1, "EndedBy", "ada@contoso.example"},
        {2, "Time", "2026-11-01T11:00:00Z"},
        {3, "PrincipalId", ADA},
        {3, "Scope", "/"},
    };
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s,
                      AUDIT("12:00:00", "The role assignment of User Access Administrator has been "
                                        "removed from the user") AUDIT("10:04:59", ELEVATED)
                          AUDIT("09:00:00", ELEVATED) ELEVATE("10:00:00") ELEVATE("11:00:00"));
    expect_rules(s, "elevate-access high\nelevate-access high\nelevate-access high\n"
                    "role-assignment-removed medium\n");
    EXPECT(s, rows);
    assert_non_null(strstr(text_of(s, 1, "Notes", &b), "both have it"));
    assert_non_null(strstr(text_of(s, 2, "Notes", &b), "Only the activity log has it"));
    buf_free(&b);
}

static void both_logs_tell_a_failure_or_two_at_once_or_a_name_without_an_id(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    /* elevated twice, before Entra ID wrote its entries */
    scanning_run_text(s, ELEVATE("10:00:00") ELEVATE("10:00:01") AUDIT("10:00:02", ELEVATED)
                             AUDIT("10:00:03", ELEVATED));
    expect_rules(s, "elevate-access high\nelevate-access high\n");
    /* a table that kept no claims */
    scanning_run_text(s, AUDIT("10:00:02", ELEVATED) "{\"eventTimestamp\":\"2026-11-01T10:00:00Z\","
                                                     "\"operationName\":\"Microsoft.Authorization/"
                                                     "elevateAccess/action\",\"status\":"
                                                     "\"Succeeded\",\"caller\":"
                                                     "\"ada@contoso.example\"}");
    expect_rules(s, "elevate-access high\n");
    assert_string_equal(text_of(s, 0, "PrincipalId", &b), ADA);
    /* what failed is not what succeeded */
    scanning_run_text(s, "{\"eventTimestamp\":\"2026-11-01T10:00:00Z\",\"operationName\":"
                         "\"Microsoft.Authorization/elevateAccess/action\",\"status\":\"Failed\","
                         "\"claims\":{\"oid\":\"" ADA "\"}}\n" AUDIT("10:00:02", ELEVATED));
    expect_rules(s, "elevate-access medium\nelevate-access high\n");
    buf_free(&b);
}

#define AUDIT_OF(id, time, result)                                                                 \
    "{\"id\":\"" id "\",\"activityDateTime\":\"2026-11-01T" time                                   \
    "Z\",\"activityDisplayName\":\"" ELEVATED "\",\"result\":\"" result                            \
    "\",\"category\":\"AzureRBACRoleManagementElevateAccess\",\"correlationId\":\"1\","            \
    "\"initiatedBy\":{\"user\":{\"id\":\"" ADA "\"}}}\n"

static void entries_of_one_correlation_are_acts_of_their_own(void **state)
{
    struct scanning *s = *state;

    scanning_run_text(s, (AUDIT_OF("1", "10:00:00", "failure") AUDIT_OF("2", "11:00:00", "success")
                              AUDIT_OF("2", "11:00:00", "success")));
    expect_rules(s, "elevate-access medium\nelevate-access high\n");
}

/* An elevation of which the activity log has no more than is given here. */
#define BARE_ELEVATION(time, status, caller)                                                       \
    "{\"eventTimestamp\":\"2026-11-01T" time "Z\",\"operationName\":\"Microsoft.Authorization/"    \
    "elevateAccess/action\",\"correlationId\":\"1\",\"status\":\"" status "\"," caller "}\n"

static void what_one_log_does_not_say_of_an_act_the_other_one_does(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, (BARE_ELEVATION("10:00:00", "Started", "\"claims\":{\"oid\":\"" ADA "\"}")
                              AUDIT("10:00:02", ELEVATED)));
    expect_rules(s, "elevate-access high\n");
    assert_string_equal(text_of(s, 0, "Outcome", &b), "Succeeded");
    assert_null(strstr(text_of(s, 0, "Notes", &b), "No record says"));
    scanning_run_text(s, (BARE_ELEVATION("10:00:00", "Started", "\"claims\":{\"oid\":\"" ADA "\"}")
                              AUDIT_OF("1", "10:00:02", "failure")));
    expect_rules(s, "elevate-access medium\n");
    assert_string_equal(text_of(s, 0, "Outcome", &b), "Failed");
    /* two at once, of which one failed, whose entries come later */
    scanning_run_text(s, (BARE_ELEVATION("10:00:00", "Failed", "\"claims\":{\"oid\":\"" ADA "\"}")
                              ELEVATE("10:00:01") AUDIT_OF("1", "10:00:02", "failure")
                                  AUDIT("10:00:03", ELEVATED)));
    expect_rules(s, "elevate-access medium\nelevate-access high\n");
    /* the two logs need not agree in the case of letters */
    scanning_run_text(s,
                      (BARE_ELEVATION("10:00:00", "Succeeded", "\"caller\":\"Ada@Contoso.example\"")
                           AUDIT("10:00:02", ELEVATED)));
    expect_rules(s, "elevate-access high\n");
    buf_free(&b);
}

static void a_removal_that_does_not_say_of_what_may_be_the_one_of_the_other_log(void **state)
{
    struct scanning *s = *state;
    char *paths[2] = {scanning_path(s, "export"), scanning_path(s, "audit.ndjson")};
    static const char audit[] = AUDIT(
        "10:00:02", "The role assignment of User Access Administrator has been removed from the "
                    "user");
    struct buf b = {0};
    int named;

    scanning_write(s, "audit.ndjson", audit, sizeof(audit) - 1);
    for (named = 0; named < 2; named++) {
        write_export(s,
                     named ? ELEVATE("09:00:00")
                           : "{\"eventTimestamp\":\"2026-11-01T10:00:00Z\",\"correlationId\":\"c\","
                             "\"resourceId\":\"" ASSIGNMENTS NAME
                             "\",\"operationName\":\"Microsoft.Authorization/roleAssignments/"
                             "delete\",\"status\":\"Started\"}\n",
                     READ, "", "");
        scanning_run(s, (const char *const *)paths, 2);
        assert_int_equal(s->set.nreported, 2);
        assert_int_equal(
            strstr(text_of(s, 1, "Notes", &b), "Only Entra ID's audit log has it") != NULL, named);
    }
    free(paths[0]);
    free(paths[1]);
    buf_free(&b);
}

static void elevations_of_one_correlation_are_as_many_as_there_were(void **state)
{
    static const struct expectation rows[] = {
        {0, "EndedTime", "2026-11-01T11:00:00Z"},
        {2, "Time", "2026-11-01T12:00:00Z"},
        {2, "EndedTime", "null"},
    };
    static const char *const records[] = {
        BARE_ELEVATION("10:00:00", "Started", "\"claims\":{\"oid\":\"" ADA "\"}"),
        BARE_ELEVATION("10:00:01", "Succeeded", "\"claims\":{\"oid\":\"" ADA "\"}"),
        AUDIT("11:00:00", "The role assignment of User Access Administrator has been removed from "
                          "the user"),
        BARE_ELEVATION("12:00:00", "Started", "\"claims\":{\"oid\":\"" ADA "\"}"),
        BARE_ELEVATION("12:00:01", "Succeeded", "\"claims\":{\"oid\":\"" ADA "\"}"),
    };
    static const size_t orders[][5] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {3, 4, 0, 1, 2}};
    struct scanning *s = *state;
    size_t o, i;

    for (o = 0; o < sizeof(orders) / sizeof(orders[0]); o++) {
        struct buf text = {0};

        for (i = 0; i < 5; i++)
            buf_puts(&text, records[orders[o][i]]);
        scanning_run_text(s, buf_text(&text));
        buf_free(&text);
        assert_int_equal(s->set.nreported, 3);
        EXPECT(s, rows);
    }
}

/* A row of Entra ID's portal. */
#define PORTAL_ROW(time)                                                                           \
    "Date (UTC),CorrelationId,Service,Category,Activity,Result,ActorObjectId\n2026-11-01T" time    \
    "Z,1,Azure RBAC (Elevated Access),AzureRBACRoleManagementElevateAccess," ELEVATED              \
    ",success," ADA "\n"

static void an_entry_in_a_table_and_as_json_is_one(void **state)
{
    static const char *const tables[] = {PORTAL_ROW("10:00:00"), PORTAL_ROW("10:00:00.25")};
    static const char json[] = AUDIT_OF("1", "10:00:00.25", "success");
    struct scanning *s = *state;
    char *paths[3];
    size_t i, turned;

    paths[0] = scanning_path(s, "a.json");
    paths[1] = scanning_path(s, "b.csv");
    paths[2] = paths[0];
    scanning_write(s, "a.json", json, sizeof(json) - 1);
    for (i = 0; i < 2; i++) {
        scanning_write(s, "b.csv", tables[i], strlen(tables[i]));
        for (turned = 0; turned < 2; turned++) {
            scanning_run(s, (const char *const *)paths + turned, 2);
            expect_rules(s, "elevate-access high\n");
        }
    }
    free(paths[0]);
    free(paths[1]);
}

static void the_address_is_that_of_the_call_where_any_record_has_it(void **state)
{
#define CALLED(time, status, more)                                                                 \
    "{\"eventTimestamp\":\"2026-11-01T10:00:0" time "Z\",\"operationName\":\"Microsoft."           \
    "Authorization/elevateAccess/action\",\"correlationId\":\"1\",\"status\":\"" status            \
    "\",\"claims\":{\"oid\":\"" ADA "\",\"ipaddr\":\"203.0.113.9\"}" more "}\n"
    static const char begin[] =
        CALLED("0", "Started", ",\"httpRequest\":{\"clientIpAddress\":\"203.0.113.7\"}");
    static const char end[] = CALLED("1", "Succeeded", "");
    struct scanning *s = *state;
    struct buf b = {0}, text = {0};
    int turned;

    for (turned = 0; turned < 2; turned++) {
        buf_clear(&text);
        buf_printf(&text, "%s%s", turned ? end : begin, turned ? begin : end);
        scanning_run_text(s, buf_text(&text));
        assert_string_equal(text_of(s, 0, "CallerIpAddress", &b), "203.0.113.7");
    }
    scanning_run_text(s, end);
    assert_string_equal(text_of(s, 0, "CallerIpAddress", &b), "203.0.113.9");
    buf_free(&b);
    buf_free(&text);
}

static void a_request_for_more_time_is_not_yet_granted(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, (ELIGIBILITY("1", "a", "10", "Started", ASKS("SelfExtend"))
                              ELIGIBILITY("2", "a", "11", "Succeeded", "")));
    assert_string_equal(text_of(s, 0, "Outcome", &b), "Started");
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "an administrator has to approve"));
    scanning_run_text(s, (ELIGIBILITY("1", "a", "10", "Started", ASKS("AdminExtend"))
                              ELIGIBILITY("2", "a", "11", "Succeeded", "")));
    assert_string_equal(text_of(s, 0, "Outcome", &b), "Succeeded");
    buf_free(&b);
}

/* Records of one assignment in a table that kept no seconds. */
#define MINUTE(time, id, operation, more)                                                          \
    "{\"eventTimestamp\":\"2026-11-01T" time ":00Z\",\"correlationId\":\"" id                      \
    "\",\"operationName\":\"Microsoft.Authorization/" operation                                    \
    "\",\"status\":\"Succeeded\",\"claims\":{\"oid\":\"" ADA "\"}" more "}\n"
#define AT_GROUP(name) ",\"resourceId\":\"" GROUPS "m" ASSIGNMENTS name "\""

static void what_has_one_time_is_in_the_order_that_can_have_been(void **state)
{
    static const struct expectation rows[] = {
        {0, "Rule", "elevate-access"},
        {1, "EndedTime", "2026-11-01T10:00:00Z"},
        /* replaced within a minute: it stands */
        {3, "EndedTime", "2026-11-01T12:00:00Z"},
        {4, "Rule", "role-assignment-mg"},
        {4, "EndedTime", "null"},
    };
    static const char *const records[] = {
        MINUTE("10:00", "1", "elevateAccess/action", ""),
        MINUTE("10:00", "2", "roleAssignments/write", AT_GROUP(NAME)),
        MINUTE("10:00", "3", "roleAssignments/delete", AT_GROUP(NAME)),
        MINUTE("11:00", "4", "roleAssignments/write", AT_GROUP("n")),
        MINUTE("12:00", "5", "roleAssignments/delete", AT_GROUP("n")),
        MINUTE("12:00", "6", "roleAssignments/write", AT_GROUP("n")),
    };
    struct scanning *s = *state;
    struct buf b = {0}, story = {0};
    size_t turned, i;

    for (turned = 0; turned < 2; turned++) {
        struct buf text = {0};

        for (i = 0; i < 6; i++)
            buf_puts(&text, records[turned ? 5 - i : i]);
        scanning_run_text(s, buf_text(&text));
        buf_free(&text);
        assert_int_equal(s->set.nreported, 6);
        EXPECT(s, rows);
        assert_string_equal(text_of(s, 0, "StoryId", &b), text_of(s, 1, "StoryId", &story));
    }
    buf_free(&b);
    buf_free(&story);
}

/* A row of the portal's download, with the last column as it may be, and the same as JSON. */
#define DOWNLOAD(resource)                                                                         \
    "Correlation id,Operation name,Status,Event category,Level,Time,Subscription,Event initiated " \
    "by,Resource type,Resource group,Resource\n1,Create role assignment,Succeeded,Administrative," \
    "Informational,2026-11-01T10:00:02.123Z,,ada@contoso.example,,," resource                      \
    "\n1,Create role assignment,Started,Administrative,Informational,2026-11-01T10:00:01.5Z,,"     \
    "ada@contoso.example,,," resource "\n2,Assigns the caller to User Access Administrator role,"  \
    "Succeeded,Administrative,Informational,2026-11-01T11:00:02Z,,ada@contoso.example,,,\n"
#define SAME(time, id, operation, status, more)                                                    \
    "{\"eventTimestamp\":\"2026-11-01T" time "Z\",\"eventDataId\":\"" time                         \
    "\",\"correlationId\":\"" id "\",\"operationName\":\"Microsoft.Authorization/" operation       \
    "\",\"status\":\"" status "\",\"caller\":\"ada@contoso.example\"" more "}\n"

static void a_row_of_the_portals_download_is_the_event_that_another_file_has(void **state)
{
    static const char *const tables[] = {DOWNLOAD(""), DOWNLOAD(NAME),
                                         DOWNLOAD(GROUPS "m" ASSIGNMENTS NAME)};
    static const char json[] = SAME("10:00:01.5", "1", "roleAssignments/write", "Started",
                                    AT_GROUP(NAME))
        SAME("10:00:02.1234567", "1", "roleAssignments/write", "Succeeded", AT_GROUP(NAME))
            SAME("10:00:02.1234567", "1", "roleAssignments/write", "Succeeded", AT_GROUP("other"))
                SAME("11:00:02", "2", "elevateAccess/action", "Succeeded",
                     ",\"resourceId\":\"/providers/Microsoft.Authorization\"");
    struct scanning *s = *state;
    struct buf b = {0};
    char *paths[3];
    size_t i, turned;

    paths[0] = scanning_path(s, "a.json");
    paths[1] = scanning_path(s, "b.csv");
    paths[2] = paths[0];
    scanning_write(s, "a.json", json, sizeof(json) - 1);
    for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        scanning_write(s, "b.csv", tables[i], strlen(tables[i]));
        for (turned = 0; turned < 2; turned++) {
            scanning_run(s, (const char *const *)paths + turned, 2);
            expect_rules(s, "role-assignment-mg high\nrole-assignment-mg high\n"
                            "elevate-access high\n");
            assert_string_equal(text_of(s, 0, "ResourceId", &b), GROUPS "m" ASSIGNMENTS NAME);
        }
    }
    free(paths[0]);
    free(paths[1]);
    buf_free(&b);
}

static void what_ends_in_one_tenant_does_so_beside_another(void **state)
{
#define OF_TENANT(id, oid, tenant)                                                                 \
    SAME("10:00:0" id, id, "elevateAccess/action", "Succeeded",                                    \
         ",\"claims\":{\"oid\":\"" oid "\"},\"tenantId\":\"" tenant "\"")
    static const struct expectation rows[] = {
        {0, "EndedTime", "2026-11-01T12:00:00Z"},
        {1, "EndedTime", "null"},
        {2, "TenantId", TENANT},
    };
    struct scanning *s = *state;

    /* an entry of Entra ID's does not say its tenant */
    scanning_run_text(s, (OF_TENANT("1", ADA, TENANT) OF_TENANT("2", BEN, SUB)
                              AUDIT("12:00:00", "The role assignment of User Access Administrator "
                                                "has been removed from the user")));
    assert_int_equal(s->set.nreported, 3);
    EXPECT(s, rows);
}

static void a_request_of_which_the_begin_is_missing_may_be_the_end_of_a_role(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    /* as where the successes alone were saved */
    scanning_run_text(s, ELIGIBILITY("2", "a", "11", "Succeeded", ""));
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "it may be the end of a role"));
    scanning_run_text(s, (ELIGIBILITY("1", "a", "10", "Started", ASKS("AdminAssign"))
                              ELIGIBILITY("2", "a", "11", "Succeeded", "")));
    assert_null(strstr(text_of(s, 0, "Notes", &b), "it may be the end of a role"));
    buf_free(&b);
}

static void claims_without_dots_are_read(void **state)
{
    static const struct expectation rows[] = {
        {0, "Caller", "ada@contoso.example"},
        {0, "PrincipalId", ADA},
    };
    struct scanning *s = *state;

    scanning_run_text(
        s, ("{\"@timestamp\":\"2026-11-01T10:00:00Z\",\"azure\":{\"correlation_id\":\"1\","
            "\"activitylogs\":{\"operation_name\":\"Microsoft.Authorization/elevateAccess/action\","
            "\"result_type\":\"Success\",\"identity\":{\"claims\":{"
            "\"http://schemas_microsoft_com/identity/claims/objectidentifier\":\"" ADA "\","
            "\"http://schemas_xmlsoap_org/ws/2005/05/identity/claims/upn\":"
            "\"ada@contoso.example\"}}}}}"));
    EXPECT(s, rows);
}

#define OTHER_AUDIT(time)                                                                          \
    "{\"activityDateTime\":\"2026-11-01T" time                                                     \
    "Z\",\"activityDisplayName\":\"Add member to role\","                                          \
    "\"loggedByService\":\"Core Directory\",\"category\":\"RoleManagement\"}\n"

static void what_else_entra_audited_shows_what_it_covers(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, OTHER_AUDIT("09:00:00") OTHER_AUDIT("11:00:00") ELEVATE("10:00:00"));
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "Only the activity log has it"));
    scanning_run_text(s, OTHER_AUDIT("09:00:00") ELEVATE("10:00:00"));
    assert_null(strstr(text_of(s, 0, "Notes", &b), "Only the activity log has it"));
    /* a table of which all but title and result were left out */
    scanning_run_text(s, "{\"TimeGenerated\":\"2026-11-01T10:00:00Z\",\"OperationName\":\"" ELEVATED
                         "\",\"Result\":\"success\",\"Identity\":\"Ada\",\"CorrelationId\":\"1\"}");
    expect_rules(s, "elevate-access high\n");
    assert_string_equal(text_of(s, 0, "Caller", &b), "Ada");
    buf_free(&b);
}

static void who_did_it_is_known_under_the_names_of_queries(void **state)
{
#define AUDITED "{\"TimeGenerated\":\"2026-11-01T10:00:00Z\",\"Operation\":\"" ELEVATED "\","
#define LOGGED                                                                                     \
    "{\"TimeGenerated\":\"2026-11-01T10:00:00Z\",\"OperationNameValue\":"                          \
    "\"MICROSOFT.AUTHORIZATION/ELEVATEACCESS/ACTION\","
    static const struct {
        const char *text, *caller, *address;
    } rows[] = {
        {AUDITED "\"Actor\":\"Ada\",\"ActorUPN\":\"ada@contoso.example\",\"IP\":\"203.0.113.9\"}",
         "ada@contoso.example", "203.0.113.9"},
        {AUDITED "\"InitiatedBy\":\"ada@contoso.example\",\"IPAddress\":\"203.0.113.9\"}",
         "ada@contoso.example", "203.0.113.9"},
        {AUDITED "\"InitiatingUserPrincipalName\":\"ada@contoso.example\","
                 "\"InitiatingIpAddress\":\"203.0.113.9\"}",
         "ada@contoso.example", "203.0.113.9"},
        {LOGGED "\"Actor\":\"ada@contoso.example\",\"CallerIpAddress\":\"203.0.113.9\"}",
         "ada@contoso.example", "203.0.113.9"},
        {LOGGED "\"Initiated By\":\"ada@contoso.example\",\"Caller\":\"ben@contoso.example\"}",
         "ben@contoso.example", "null"},
        {LOGGED "\"actor\":{\"id\":\"1\"}}", "null", "null"},
    };
    struct scanning *s = *state;
    struct buf b = {0};
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        scanning_run_text(s, rows[i].text);
        expect_rules(s, "elevate-access high\n");
        assert_string_equal(text_of(s, 0, "Caller", &b), rows[i].caller);
        assert_string_equal(text_of(s, 0, "CallerIpAddress", &b), rows[i].address);
    }
    buf_free(&b);
    /* other entries of Entra ID's log stay what they are, whoever is their actor */
    scanning_run_text(s, "{\"time\":\"2026-11-01T10:00:00Z\",\"category\":\"RoleManagement\","
                         "\"operationName\":\"Add member to role\",\"initiatedBy\":\"Ada\"}");
    assert_int_equal(s->events, 0);
}

static void what_a_query_left_out_is_read_in_the_properties(void **state)
{
    static const struct expectation rows[] = {
        {0, "Outcome", "Succeeded"},
        {0, "Caller", "ada@contoso.example"},
        {0, "CallerIpAddress", "203.0.113.9"},
        {0, "EventDataIds", "1"},
    };
    static const struct expectation given[] = {
        {0, "Outcome", "Failed"},
        {0, "Caller", "ben@contoso.example"},
    };
#define ROW_OF_TABLE(more)                                                                         \
    "{\"TimeGenerated\":\"2026-11-01T10:00:00Z\"," more                                            \
    "\"OperationNameValue\":\"MICROSOFT.AUTHORIZATION/ELEVATEACCESS/ACTION\",\"Properties\":"      \
    "\"{\\\"caller\\\":\\\"ada@contoso.example\\\",\\\"activityStatusValue\\\":\\\"Success\\\","   \
    "\\\"eventDataId\\\":\\\"1\\\",\\\"httpRequest\\\":{\\\"clientIpAddress\\\":"                  \
    "\\\"203.0.113.9\\\"}}\"}\n"
    struct scanning *s = *state;

    scanning_run_text(s, ROW_OF_TABLE(""));
    EXPECT(s, rows);
    scanning_run_text(s, ROW_OF_TABLE("\"ActivityStatusValue\":\"Failure\","
                                      "\"Caller\":\"ben@contoso.example\","));
    EXPECT(s, given);
}

/* What queries of the table take out of Properties. */
static void parts_of_the_body_are_read_beside_the_event(void **state)
{
#define ON_SUB "/subscriptions/" SUB
#define TAKEN_OUT(more)                                                                            \
    "{\"TimeGenerated\":\"2026-11-01T10:00:00Z\",\"Caller\":\"ada@contoso.example\","              \
    "\"OperationNameValue\":\"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE\","                    \
    "\"ActivityStatusValue\":\"Success\"," more "}\n"
    static const struct expectation rows[] = {
        {0, "ScopeKind", "subscription"},
        {0, "Scope", ON_SUB},
        {0, "PrincipalId", BEN},
        {0, "PrincipalType", "User"},
        {0, "RoleDefinitionName", "Owner"},
        {0, "Severity", "medium"},
    };
    static const struct expectation unknown[] = {
        {0, "PrincipalId", "null"},
        {0, "RoleDefinitionId", "null"},
        {0, "Scope", ON_SUB},
        {0, "RoleAssignmentName", "c0000001-0000-4000-8000-000000000000"},
    };
    struct scanning *s = *state;

    scanning_run_text(s, TAKEN_OUT("\"PrincipalId\":\"" BEN "\",\"PrincipalType\":\"User\","
                                   "\"RoleDefinitionId\":\"" ON_SUB
                                   "/providers/Microsoft.Authorization/roleDefinitions/" OWNER
                                   "\",\"Scope\":\"" ON_SUB "\""));
    EXPECT(s, rows);
    scanning_run_text(
        s, TAKEN_OUT("\"Scope\":\"" ON_SUB "\",\"requestbody\":\"{\\\"Properties\\\":{"
                     "\\\"PrincipalId\\\":\\\"" BEN "\\\",\\\"PrincipalType\\\":\\\"User\\\","
                     "\\\"RoleDefinitionId\\\":\\\"" OWNER "\\\"}}\""));
    EXPECT(s, rows);
    /* those without dashes are of the right by which it was allowed; the assignment as scope */
    scanning_run_text(s, TAKEN_OUT("\"principalId\":\"b2222222222242228222222222222222\","
                                   "\"roleDefinitionId\":\"8e3af657a8ff443ca75c2fe8c4bcb635\","
                                   "\"scope\":\"" ON_SUB "/providers/Microsoft.Authorization/"
                                   "roleAssignments/c0000001-0000-4000-8000-000000000000\""));
    EXPECT(s, unknown);
}

static void the_time_of_submission_stands_for_one_that_was_not_saved(void **state)
{
#define SUBMITTED(time)                                                                            \
    "{" time "\"SubmissionTimestamp\":\"2026-11-01T10:05:00Z\",\"operationName\":"                 \
    "\"Microsoft.Authorization/elevateAccess/action\",\"status\":\"Succeeded\"}\n"
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, SUBMITTED(""));
    assert_string_equal(text_of(s, 0, "Time", &b), "2026-11-01T10:05:00Z");
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "Its time is when the log had it"));
    scanning_run_text(s, SUBMITTED("\"EventTimestamp\":\"\","));
    assert_string_equal(text_of(s, 0, "Time", &b), "2026-11-01T10:05:00Z");
    scanning_run_text(s, SUBMITTED("\"EventTimestamp\":\"2026-11-01T10:00:00Z\","));
    assert_string_equal(text_of(s, 0, "Time", &b), "2026-11-01T10:00:00Z");
    assert_null(strstr(text_of(s, 0, "Notes", &b), "Its time is when"));
    buf_free(&b);
}

/* A row of the portal's download, which names no assignment. */
#define NAMELESS(time, status)                                                                     \
    "{\"time\":\"2026-11-01T00:00:" time "Z\",\"operationName\":\"Create role assignment\","       \
    "\"correlationId\":\"1\",\"status\":\"" status "\",\"caller\":\"ada@contoso.example\"}\n"

static void a_call_that_begins_after_another_failed_is_another_one(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T00:00:01Z"},
        {0, "Outcome", "Failed"},
        {1, "Time", "2026-11-01T00:00:03Z"},
        {1, "Outcome", "Succeeded"},
    };
    struct scanning *s = *state;

    scanning_run_text(s, NAMELESS("01", "Started") NAMELESS("02", "Failed")
                             NAMELESS("03", "Started") NAMELESS("04", "Succeeded"));
    EXPECT(s, rows);
    scanning_run_text(s, NAMELESS("04", "Succeeded") NAMELESS("03", "Started")
                             NAMELESS("02", "Failed") NAMELESS("01", "Started"));
    EXPECT(s, rows);
    assert_int_equal(s->set.nreported, 2);
}

static void begins_tell_of_how_many_operations_records_without_names_may_be(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, (NAMELESS("01", "Started") NAMELESS("02", "Started")
                              NAMELESS("03", "Failed") NAMELESS("04", "Succeeded")));
    assert_int_equal(s->set.nreported, 1);
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "2 of them are of a begin"));
    scanning_run_text(s, (NAMELESS("01", "Started") NAMELESS("04", "Succeeded")));
    assert_null(strstr(text_of(s, 0, "Notes", &b), "of a begin"));
    buf_free(&b);
}

/* A request that was approved later: what ended before was an earlier activation. */
static void what_pim_did_holds_from_when_it_was_done(void **state)
{
    static const struct expectation rows[] = {
        {0, "Time", "2026-11-01T00:00:01Z"},
        {0, "EndedTime", "2026-11-01T00:00:20Z"},
        {1, "Time", "2026-11-01T00:00:10Z"},
        {1, "EndedTime", "null"},
    };
    struct scanning *s = *state;
    struct buf text = {0};

    buf_puts(&text, (PIM_CALL("01", "Add member to role completed (PIM activation)", "1",
                              "ben@contoso.example", ORIGIN)));
    buf_puts(&text, (PIM_CALL("10", "Add member to role requested (PIM activation)", "2",
                              "ben@contoso.example", "")));
    buf_puts(&text,
             (PIM_CALL("20", "Remove member from role (PIM activation expired)", "3", "", ORIGIN)));
    buf_puts(&text, (PIM_CALL("30", "Add member to role completed (PIM activation)", "2",
                              "ben@contoso.example", ORIGIN)));
    scanning_run_text(s, buf_text(&text));
    EXPECT(s, rows);
    buf_free(&text);
}

static void what_a_later_record_says_against_a_success_is_noted(void **state)
{
    struct scanning *s = *state;
    struct buf b = {0};

    scanning_run_text(s, NAMELESS("01", "Succeeded") NAMELESS("02", "Failed"));
    assert_string_equal(text_of(s, 0, "Outcome", &b), "Succeeded");
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "A later record of it says that it failed"));
    scanning_run_text(s, NAMELESS("01", "Failed") NAMELESS("02", "Succeeded"));
    assert_null(strstr(text_of(s, 0, "Notes", &b), "A later record"));
    scanning_run_text(s, NAMELESS("01", "Succeeded") NAMELESS("02", "RolledBack"));
    assert_non_null(strstr(text_of(s, 0, "Notes", &b), "has a status that is not known here"));
    /* a status of which a tool kept the translation alone */
    scanning_run_text(s, "{\"time\":\"2026-11-01T00:00:01Z\",\"operationName\":{\"value\":null,"
                         "\"localizedValue\":\"Create role assignment\"},\"correlationId\":\"1\","
                         "\"status\":{\"value\":\"\",\"localizedValue\":\"Fehlgeschlagen\"}}");
    assert_string_equal(text_of(s, 0, "Outcome", &b), "Failed");
    buf_free(&b);
}

static void one_correlation_of_many_operations_stays_many_findings(void **state)
{
    struct scanning *s = *state;
    struct buf text = {0};
    int i;

    /* The caller chooses the correlation id; here it is one, with a new operation id each time. */
    for (i = 0; i < 3000; i++)
        buf_printf(&text,
                   BARE("%d", ",\"correlation\":1,\"status\":\"Succeeded\",\"operationId\":"
                              "\"%d\",\"correlationid\":\"same\""),
                   i, i, i);
    scanning_run_text(s, buf_text(&text));
    assert_int_equal(s->set.nreported, 3000);
    buf_free(&text);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scanning_setup, scanning_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(elevation_assignment_and_removal_are_one_story),
        CASE(old_events_keep_their_meaning),
        CASE(cascade_deletions_end_assignments),
        CASE(outcomes_and_severities),
        CASE(stream_events_are_the_same_findings),
        CASE(what_powershell_printed_is_understood),
        CASE(a_saved_answer_is_read_and_benign_causes_are_notes),
        CASE(every_rule_is_found_and_near_misses_are_not),
        CASE(order_of_input_does_not_matter),
        CASE(events_seen_twice_count_once_and_say_where),
        CASE(places_over_the_limit_are_counted),
        CASE(each_life_of_a_recreated_assignment_has_its_own_end),
        CASE(role_of_a_write_without_body_is_known_from_its_removal),
        CASE(operations_of_one_correlation_stay_apart),
        CASE(records_without_any_id_are_findings_of_their_own),
        CASE(records_of_selected_fields_are_paired),
        CASE(a_deletion_that_found_something_is_one),
        CASE(custom_roles_are_named_by_their_definition),
        CASE(few_fields_are_enough),
        CASE(odd_types_are_unknown_and_break_nothing),
        CASE(bodies_of_odd_shape_are_unknown_too),
        CASE(letter_case_of_bodies_and_flat_bodies_are_read),
        CASE(the_exports_own_list_says_what_stands),
        CASE(the_list_tells_who_when_the_log_does_not),
        CASE(the_tenant_root_group_is_known_by_the_manifest_too),
        CASE(an_assignment_whose_record_does_not_say_what_it_gives_is_a_finding),
        CASE(where_no_id_tells_the_scope_the_body_does),
        CASE(a_custom_role_is_as_strong_as_its_definition),
        CASE(an_outcome_that_no_record_tells_is_unknown),
        CASE(a_status_that_is_no_known_word_is_unknown),
        CASE(what_powershell_made_of_objects_is_read),
        CASE(titles_in_languages_known_here_are_operations),
        CASE(records_of_pim_itself_are_read),
        CASE(steps_of_a_request_to_pim_are_one_finding),
        CASE(the_end_of_an_eligibility_is_one_in_any_order_and_leaves_what_is_active),
        CASE(who_made_a_request_does_not_depend_on_the_order_of_its_records),
        CASE(what_was_assumed_of_a_time_is_noted_beside_a_justification),
        CASE(both_logs_tell_one_elevation),
        CASE(both_logs_tell_a_failure_or_two_at_once_or_a_name_without_an_id),
        CASE(entries_of_one_correlation_are_acts_of_their_own),
        CASE(what_one_log_does_not_say_of_an_act_the_other_one_does),
        CASE(a_removal_that_does_not_say_of_what_may_be_the_one_of_the_other_log),
        CASE(elevations_of_one_correlation_are_as_many_as_there_were),
        CASE(an_entry_in_a_table_and_as_json_is_one),
        CASE(the_address_is_that_of_the_call_where_any_record_has_it),
        CASE(a_request_for_more_time_is_not_yet_granted),
        CASE(what_has_one_time_is_in_the_order_that_can_have_been),
        CASE(a_row_of_the_portals_download_is_the_event_that_another_file_has),
        CASE(what_ends_in_one_tenant_does_so_beside_another),
        CASE(a_request_of_which_the_begin_is_missing_may_be_the_end_of_a_role),
        CASE(claims_without_dots_are_read),
        CASE(what_else_entra_audited_shows_what_it_covers),
        CASE(who_did_it_is_known_under_the_names_of_queries),
        CASE(the_time_of_submission_stands_for_one_that_was_not_saved),
        CASE(parts_of_the_body_are_read_beside_the_event),
        CASE(what_a_query_left_out_is_read_in_the_properties),
        CASE(a_call_that_begins_after_another_failed_is_another_one),
        CASE(begins_tell_of_how_many_operations_records_without_names_may_be),
        CASE(what_pim_did_holds_from_when_it_was_done),
        CASE(what_a_later_record_says_against_a_success_is_noted),
        CASE(one_correlation_of_many_operations_stays_many_findings),
        cmocka_unit_test(properties_are_the_ones_that_are_promised),
    };

    return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
