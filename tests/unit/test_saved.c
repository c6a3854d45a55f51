/*
 * saved: what scan makes of records as other tools and other languages save them. Each row is an
 * input and the findings that it must give.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanning.h"

#define TENANT "0f6e2c51-7a1b-4c3d-9e8f-1a2b3c4d5e6f"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define BEN "b2222222-2222-4222-8222-222222222222"
#define GROUP "/providers/Microsoft.Management/managementGroups/g"
#define ASSIGNMENT "/providers/Microsoft.Authorization/roleAssignments/n"
#define WRITE "\"Microsoft.Authorization/roleAssignments/write\""
#define DELETE "\"Microsoft.Authorization/roleAssignments/delete\""
#define ELEVATE "\"Microsoft.Authorization/elevateAccess/action\""
#define DONE "\"status\":\"Succeeded\""
#define AUTHORIZED(action) "\"authorization\":{\"action\":" action "}"
#define BODY(role, who)                                                                            \
    "{\\\"properties\\\":{\\\"roleDefinitionId\\\":\\\"" role "\\\",\\\"principalId\\\":\\\"" who  \
    "\\\"}}"

/* One event with these members. */
#define EVENT(members)                                                                             \
    "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"eventDataId\":\"1\",\"correlationId\":\"c\","  \
    "\"resourceId\":\"" ASSIGNMENT "\"," members "}\n"

/* An assignment of which one member of the properties is told. */
#define ASSIGNED(property)                                                                         \
    EVENT("\"operationName\":" WRITE "," DONE ",\"properties\":{" property "}")

#define OWNER_FOR_BEN "role-assignment-root critical Succeeded " OWNER " " BEN "\n"

struct row {
    const char *text, *findings; /* "rule severity outcome role principal\n" for each */
};

static const char *or_dash(const char *text)
{
    return text == NULL ? "-" : text;
}

static void expect(struct scanning *s, const struct row *rows, size_t n)
{
    size_t i, k;

    for (i = 0; i < n; i++) {
        struct buf b = {0};

        scanning_run_text(s, rows[i].text);
        assert_int_equal(s->damage, 0);
        for (k = 0; k < s->set.nreported; k++) {
            const struct finding *f = &s->set.all[s->set.reported[k]];

            buf_printf(&b, "%s %s %s %s %s\n", f->rule->id, rules_severity_name(f->severity),
                       or_dash(rules_outcome_name(f->outcome)), or_dash(f->text[FINDING_ROLE_ID]),
                       or_dash(f->text[FINDING_PRINCIPAL_ID]));
        }
        (void)buf_text(&b);
        if (strcmp(b.data, rows[i].findings) != 0)
            fail_msg("%s gives\n%s, not\n%s", rows[i].text, b.data, rows[i].findings);
        buf_free(&b);
    }
}

#define EXPECT(s, rows) expect(s, rows, sizeof(rows) / sizeof((rows)[0]))

#define ELEVATED "elevate-access high Succeeded 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9 -\n"

/* Az prints the name in the user's language. */
static void translated_names_are_seen_through(void **state)
{
    static const struct row rows[] = {
        {EVENT("\"operationName\":\"Weist dem Aufrufer eine Rolle zu\"," DONE
               "," AUTHORIZED(ELEVATE)),
         ELEVATED},
        {EVENT("\"operationName\":\"Create / update\"," DONE "," AUTHORIZED(ELEVATE)), ELEVATED},
        {EVENT("\"operationName\":\"Assigns the caller to a role\"," DONE
               ",\"properties\":{\"message\":" ELEVATE "}"),
         ELEVATED},
        /* of text and action, the message says which it is */
        {EVENT("\"operationName\":\"Delete role assignment\"," DONE
               ",\"authorization\":{\"action\":\"Microsoft.Management/managementGroups/delete\"},"
               "\"properties\":{\"message\":" DELETE "}"),
         "role-assignment-removed informational Succeeded - -\n"},
        /* a policy that looks at an assignment is none */
        {EVENT("\"operationName\":\"'audit' Policy action.\"," DONE
               "," AUTHORIZED(WRITE) ",\"properties\":{\"message\":\"Microsoft.Authorization/"
                                     "policies/audit/action\"}"),
         ""},
        {EVENT("\"operationName\":\"'audit' Policy action.\",\"category\":\"Policy\"," DONE
               "," AUTHORIZED(WRITE)),
         ""},
        {EVENT(
             "\"operationName\":{\"value\":\"Microsoft.Authorization/policies/audit/action\"}," DONE
             "," AUTHORIZED(WRITE) ",\"properties\":{\"message\":" WRITE "}"),
         ""},
        {EVENT("\"operationName\":\"@{localizedValue=x; value="
               "Microsoft.Authorization/elevateAccess/action}\"," DONE),
         ELEVATED},
        {EVENT("\"operationName\":\"@{Value=Microsoft.Authorization/elevateAccess/action; "
               "LocalizedValue=x}\"," DONE),
         ELEVATED},
        {EVENT("\"operationName\":\"@{value=}\"," DONE "," AUTHORIZED(ELEVATE)), ELEVATED},
        {EVENT("\"operationName\":\"@{;value;=;}\"," DONE), ""},
    };

    EXPECT(*state, rows);
}

static void outcomes_are_known_without_the_words_of_the_service(void **state)
{
#define OUTCOME(members) EVENT("\"operationName\":" WRITE "," members)
#define ROOT(severity, outcome) "role-assignment-root " severity " " outcome " - -\n"
#define REMOVED(severity) "role-assignment-removed " severity " Succeeded - -\n"
    static const struct row rows[] = {
        {OUTCOME("\"status\":\"Erfolgreich\",\"properties\":{\"statusCode\":\"Created\"}"),
         ROOT("high", "Succeeded")},
        {OUTCOME("\"status\":\"Fehler\",\"properties\":{\"statusCode\":\"Forbidden\"}"),
         ROOT("medium", "Failed")},
        {OUTCOME("\"properties\":{\"statusCode\":201}"), ROOT("high", "Succeeded")},
        {OUTCOME("\"properties\":{\"statusCode\":\"403\"}"), ROOT("medium", "Failed")},
        {OUTCOME("\"properties\":{\"statusCode\":\"Unauthorized\"}"), ROOT("medium", "Failed")},
        {OUTCOME("\"subStatus\":\"Erstellt (HTTP-Statuscode: 201)\""), ROOT("high", "Succeeded")},
        {OUTCOME("\"subStatus\":\"Conflict (HTTP Status Code: 409)\""), ROOT("medium", "Failed")},
        {OUTCOME("\"subStatus\":\"Accepted (HTTP Status Code: 202)\""), ROOT("high", "Started")},
        /* what says that it only began is not overruled */
        {OUTCOME("\"status\":\"Started\",\"properties\":{\"statusCode\":\"OK\"}"),
         ROOT("high", "Started")},
        {OUTCOME("\"status\":\"1234\",\"subStatus\":\"12 3456\""), ROOT("high", "-")},
        {EVENT("\"operationName\":" DELETE "," DONE
               ",\"subStatus\":\"No Content (HTTP Status Code: 204)\""),
         REMOVED("informational")},
        {EVENT("\"operationName\":" DELETE "," DONE ",\"properties\":{\"statusCode\":204}"),
         REMOVED("informational")},
        {EVENT("\"operationName\":" DELETE "," DONE
               ",\"subStatus\":\"OK (HTTP Status Code: 200)\""),
         REMOVED("medium")},
    };

    EXPECT(*state, rows);
}

static void bodies_are_read_however_they_are_wrapped(void **state)
{
    static const struct row rows[] = {
        {ASSIGNED("\"requestbody\":\"" BODY(OWNER, BEN) "\""), OWNER_FOR_BEN},
        {ASSIGNED("\"requestbody\":\"\\ufeff" BODY(OWNER, BEN) "\""), OWNER_FOR_BEN},
        {ASSIGNED("\"RequestBody\":{\"roleDefinitionId\":\"" OWNER "\",\"principalId\":\"" BEN
                  "\"}"),
         OWNER_FOR_BEN},
        /* beside a body that says nothing */
        {ASSIGNED("\"requestbody\":\"{}\",\"RoleDefinitionId\":\"/x/" OWNER
                  "\",\"PrincipalId\":\"" BEN "\""),
         OWNER_FOR_BEN},
        {ASSIGNED("\"principalId\":\"x\",\"roleDefinitionId\":\"y\",\"requestbody\":\"" BODY(
             OWNER, BEN) "\""),
         OWNER_FOR_BEN},
        /* printed as JSON and then once more; no deeper */
        {ASSIGNED("\"requestbody\":\"\\\"{\\\\\\\"principalId\\\\\\\":\\\\\\\"" BEN
                  "\\\\\\\",\\\\\\\"roleDefinitionId\\\\\\\":\\\\\\\"" OWNER "\\\\\\\"}\\\"\""),
         OWNER_FOR_BEN},
        {ASSIGNED("\"requestbody\":\"\\\"\\\\\\\"{}\\\\\\\"\\\"\""),
         "role-assignment-root high Succeeded - -\n"},
        /* ids in braces and capitals */
        {ASSIGNED("\"requestbody\":\"" BODY("{8E3AF657-A8FF-443C-A75C-2FE8C4BCB635}",
                                            "{B2222222-2222-4222-8222-222222222222}") "\""),
         OWNER_FOR_BEN},
        {ASSIGNED("\"requestbody\":\"" BODY("8E3AF657A8FF443CA75C2FE8C4BCB635",
                                            "B2222222222242228222222222222222") "\""),
         OWNER_FOR_BEN},
    };

    EXPECT(*state, rows);
}

/* The table AzureActivity has some fields twice, and any of the two may be empty. */
static void empty_columns_do_not_hide_full_ones(void **state)
{
#define ROW(members)                                                                               \
    "{\"TimeGenerated\":\"2026-11-01T00:00:00Z\",\"EventDataId\":\"1\",\"CorrelationId\":\"c\","   \
    "\"TenantId\":\"77777777-7777-4777-8777-777777777777\",\"OperationName\":\"Create role "       \
    "assignment\",\"OperationNameValue\":\"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE\","       \
    "\"ActivityStatus\":\"\",\"ActivityStatusValue\":\"Success\"," members "}\n"
#define FULL "{\"requestbody\":\"" BODY(OWNER, BEN) "\"}"
    static const struct row rows[] = {
        {ROW("\"ResourceId\":\"\",\"_ResourceId\":\"" ASSIGNMENT
             "\",\"Properties\":\"\",\"Properties_d\":" FULL),
         OWNER_FOR_BEN},
        {ROW("\"_ResourceId\":\"" ASSIGNMENT "\",\"ResourceId\":\"\",\"Properties_d\":" FULL
             ",\"Properties\":\"\""),
         OWNER_FOR_BEN},
        {ROW("\"_ResourceId\":\"" ASSIGNMENT "\",\"Properties_d\":{},\"Properties\":" FULL
             ",\"properties\":{}"),
         OWNER_FOR_BEN},
        /* the workspace's id is not the tenant's; the hierarchy begins with it */
        {ROW("\"_ResourceId\":\"/providers/microsoft.management/managementgroups/" TENANT ASSIGNMENT
             "\",\"Hierarchy\":\"" TENANT "/x\",\"Properties\":" FULL),
         OWNER_FOR_BEN},
        {ROW("\"_ResourceId\":\"" GROUP ASSIGNMENT "\",\"Hierarchy\":\"" TENANT
             "/x\",\"Properties\":" FULL),
         "role-assignment-mg high Succeeded " OWNER " " BEN "\n"},
    };

    EXPECT(*state, rows);
}

static void a_text_does_not_end_at_a_nul(void **state)
{
    struct scanning *s = *state;

    scanning_run_text(s,
                      EVENT("\"operationName\":" ELEVATE "," DONE ",\"caller\":\"ada\\u0000@x\""));
    assert_int_equal(s->damage, 0);
    assert_int_equal(s->set.nreported, 1);
    assert_string_equal(s->set.all[0].text[FINDING_CALLER], "ada\x7f@x");
}

static void a_time_that_cannot_be_read_is_told(void **state)
{
    struct scanning *s = *state;

    scanning_run_text(s, "{\"eventTimestamp\":\"on Sunday "
                         "afternoon\",\"eventDataId\":\"1\",\"operationName\":" ELEVATE "," DONE
                         "}\n");
    assert_int_equal(s->damage, 0);
    assert_int_equal(s->set.nreported, 1);
    assert_int_equal(s->set.all[0].nnotes, 2);
    assert_string_equal(s->set.all[0].notes[1], "No record has a readable time.");
}

/* A cascade deletion of an assignment of Ben's; resource is the event's resourceId. */
#define CASCADE(id, resource, name)                                                                \
    "{\"eventTimestamp\":\"2026-11-02T00:00:00Z\",\"eventDataId\":" id                             \
    ",\"correlationId\":\"d\",\"operationId\":\"d\",\"operationName\":" DELETE "," DONE            \
    ",\"resourceId\":\"" resource "\",\"authorization\":{\"action\":"                              \
    "\"Microsoft.Management/managementGroups/delete\",\"scope\":\"" GROUP "\"},\"properties\":"    \
    "{\"id\":\"" name "\",\"scope\":\"" GROUP "\",\"principalId\":\""                              \
    "b2222222222242228222222222222222\",\"roleDefinitionId\":\""                                   \
    "8e3af657a8ff443ca75c2fe8c4bcb635\"}}\n"

static void assignments_that_go_with_one_scope_are_told_apart(void **state)
{
#define GONE "role-assignment-removed informational Succeeded " OWNER " " BEN "\n"
    static const struct row rows[] = {
        {CASCADE("\"1\"", GROUP, "90000001aaaa4aaa8aaaaaaaaaaaaaaa")
             CASCADE("\"2\"", GROUP, "90000002aaaa4aaa8aaaaaaaaaaaaaaa"),
         GONE GONE},
        {CASCADE("null", GROUP, "90000001aaaa4aaa8aaaaaaaaaaaaaaa")
             CASCADE("null", GROUP, "90000002aaaa4aaa8aaaaaaaaaaaaaaa"),
         GONE GONE},
    };

    EXPECT(*state, rows);
}

static void a_name_without_dashes_is_the_same_assignment(void **state)
{
    struct scanning *s = *state;

    scanning_run_text(
        s, "{\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"eventDataId\":\"1\",\"correlationId\":"
           "\"c\",\"operationName\":" WRITE "," DONE ",\"resourceId\":\"" GROUP
           "/providers/Microsoft.Authorization/roleAssignments/90000001-AAAA-4aaa-8aaa-"
           "aaaaaaaaaaaa\"}\n" CASCADE("\"2\"",
                                       GROUP "/providers/Microsoft.Authorization/roleAssignments/"
                                             "90000001aaaa4aaa8aaaaaaaaaaaaaaa",
                                       "90000001aaaa4aaa8aaaaaaaaaaaaaaa"));
    assert_int_equal(s->damage, 0);
    assert_int_equal(s->set.nreported, 2);
    assert_true(s->set.all[s->set.reported[0]].ended_time != 0);
    /* and who had which role is known from its end */
    assert_string_equal(s->set.all[s->set.reported[0]].text[FINDING_PRINCIPAL_ID], BEN);
    assert_string_equal(s->set.all[s->set.reported[1]].text[FINDING_ASSIGNMENT_NAME],
                        "90000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
}

/* The stream's record of an event has no id of it; Windows PowerShell's has milliseconds. */
static void an_event_in_several_shapes_is_one(void **state)
{
#define REST                                                                                       \
    "{\"eventTimestamp\":\"2026-11-01T00:00:00.1234567Z\",\"eventDataId\":\"1\","                  \
    "\"correlationId\":\"c\",\"resourceId\":\"" ASSIGNMENT "\",\"operationName\":" WRITE "," DONE  \
    "}\n"
#define STREAM                                                                                     \
    "{\"time\":\"2026-11-01T00:00:00.1234567Z\",\"correlationId\":\"c\",\"resourceId\":"           \
    "\"/PROVIDERS/MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/N\",\"operationName\":"                  \
    "\"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE\",\"resultType\":\"Success\"}\n"
#define PRINTED                                                                                    \
    "{\"EventTimestamp\":\"\\/Date(1793491200123)\\/\",\"EventDataId\":\"1\",\"CorrelationId\":"   \
    "\"c\",\"ResourceId\":\"" ASSIGNMENT "\",\"OperationName\":" WRITE                             \
    ",\"Status\":\"Succeeded\"}\n"
    static const char *const orders[] = {REST STREAM PRINTED STREAM, STREAM REST PRINTED STREAM,
                                         PRINTED STREAM REST STREAM, STREAM STREAM PRINTED REST};
    struct scanning *s = *state;
    size_t i, k;

    for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        const struct finding *f;
        size_t ids = 0;

        scanning_run_text(s, orders[i]);
        assert_int_equal(s->damage, 0);
        assert_int_equal(s->set.nreported, 1);
        f = &s->set.all[s->set.reported[0]];
        assert_int_equal(f->repeats, 3);
        for (k = 0; k < f->nrecords; k++)
            ids += f->records[k].data_id != NULL;
        assert_int_equal(ids, 1);
    }
}

static void names_of_somebodys_own_are_known_by_their_texts(void **state)
{
#define CHOSEN(name, text)                                                                         \
    "{\"Time\":\"2026-11-01T00:00:00Z\",\"" name "\":" text                                        \
    ",\"Status\":\"Succeeded\",\"ResourceId\":\"/providers/Microsoft.Authorization\"}\n"
    static const struct row rows[] = {
        {CHOSEN("Operation", ELEVATE), ELEVATED},
        {CHOSEN("action", "\"MICROSOFT.AUTHORIZATION\\/ELEVATEACCESS\\/ACTION\""), ELEVATED},
        {CHOSEN("What happened", ELEVATE), ELEVATED},
        {CHOSEN("operation", "\"Elevate access\""), ELEVATED},
        {"{\"Caller\":\"a\",\"Op\":" ELEVATE "," DONE "}\n", ELEVATED},
        {"Timestamp,Who,Did\n2026-11-01T00:00:00Z,a,Microsoft.Authorization/elevateAccess/action\n",
         "elevate-access high - 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9 -\n"},
        {"{\"columns\":[\"Time\",\"Operation\",\"Status\"],\"rows\":[[\"2026-11-01T00:00:"
         "00Z\"," ELEVATE ",\"Succeeded\"]]}\n",
         ELEVATED},
        /* what az role assignment list-changelogs prints; another log with such an action */
        {"[{\"action\":\"Granted\",\"caller\":\"ada@contoso.example\",\"principalId\":\"" BEN
         "\",\"principalName\":\"ben@contoso.example\",\"principalType\":\"User\","
         "\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/" OWNER
         "\",\"roleName\":\"Owner\",\"scope\":\"" GROUP "\",\"scopeName\":\"g\","
         "\"scopeType\":\"Management Group\",\"timestamp\":\"2026-11-01T00:00:00Z\"},"
         "{\"action\":\"Revoked\",\"caller\":\"ada@contoso.example\",\"principalId\":\"" BEN
         "\",\"roleDefinitionId\":\"" OWNER "\",\"scope\":\"" GROUP
         "\",\"timestamp\":\"2026-11-01T00:00:01Z\"}]",
         "role-assignment-mg high - " OWNER " " BEN "\nrole-assignment-removed medium - " OWNER
         " " BEN "\n"},
        {CHOSEN("operation", ELEVATE) "{\"timestamp\":\"2026-11-01T00:00:00Z\",\"caller\":\"a\","
                                      "\"action\":\"Granted\"}\n",
         ELEVATED},
        /* around the event itself: that is read, once, with all that it has */
        {"{\"timestamp\":\"2026-11-01T00:00:00Z\",\"action\":" WRITE
         ",\"found\":" ASSIGNED("\"requestbody\":\"" BODY(OWNER, BEN) "\"") "}\n",
         OWNER_FOR_BEN},
        {"{\"timestamp\":\"2026-11-01T00:00:00Z\",\"operationName\":\"POST "
         "/hook\",\"requestBody\":\"{"
         "\\\"eventTimestamp\\\":\\\"2026-11-01T00:00:00Z\\\",\\\"eventDataId\\\":\\\"1\\\","
         "\\\"caller\\\":\\\"ada@contoso.example\\\",\\\"correlationId\\\":"
         "\\\"c\\\",\\\"operationName\\\":"
         "\\\"Microsoft.Authorization/elevateAccess/"
         "action\\\",\\\"status\\\":\\\"Succeeded\\\"}\"}\n",
         ELEVATED},
        /* a list of what roles may do, and our own findings, are no events */
        {CHOSEN("operationName",
                ELEVATE) "{\"name\":" ELEVATE ",\"description\":\"x\"}\n"
                         "{\"Time\":\"2026-11-01T00:00:00Z\",\"Operation\":" ELEVATE
                         ",\"Caller\":\"a\",\"SourceLine\":1}\n",
         ELEVATED},
    };

    EXPECT(*state, rows);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scanning_setup, scanning_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(translated_names_are_seen_through),
        CASE(outcomes_are_known_without_the_words_of_the_service),
        CASE(bodies_are_read_however_they_are_wrapped),
        CASE(empty_columns_do_not_hide_full_ones),
        CASE(a_text_does_not_end_at_a_nul),
        CASE(a_time_that_cannot_be_read_is_told),
        CASE(assignments_that_go_with_one_scope_are_told_apart),
        CASE(a_name_without_dashes_is_the_same_assignment),
        CASE(an_event_in_several_shapes_is_one),
        CASE(names_of_somebodys_own_are_known_by_their_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
