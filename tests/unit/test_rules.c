/* rules, roles, scope: what is a finding, how severe, and where it applies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/roles.h"
#include "detect/rules.h"
#include "detect/scope.h"

#include <string.h>

#define TENANT "0f6e2c51-7a1b-4c3d-9e8f-1a2b3c4d5e6f"
#define AUTH "Microsoft.Authorization/"
#define WRITE AUTH "roleAssignments/write"
#define DELETE AUTH "roleAssignments/delete"
#define GROUPS "/providers/Microsoft.Management/managementGroups/"

static void severities_follow_the_table(void **state)
{
    enum {
        S = 1,
        F = 2,
        X = 4,
        N = 8,
        C = 16,
        G = 32
    }; /* self failed exists nothing cascade grants */
    static const struct {
        const char *operation;
        enum scope_kind scope;
        enum role_class role;
        int flags;
        const char *rule; /* NULL: no finding */
        enum severity severity;
    } rows[] = {
        {AUTH "elevateAccess/action", SCOPE_ROOT, ROLE_GRANTS_ROLES, 0, "elevate-access",
         SEVERITY_HIGH},
        {AUTH "elevateAccess/action", SCOPE_ROOT, ROLE_GRANTS_ROLES, S, "elevate-access",
         SEVERITY_HIGH},
        {AUTH "elevateAccess/action", SCOPE_ROOT, ROLE_GRANTS_ROLES, F, "elevate-access",
         SEVERITY_MEDIUM},
        {WRITE, SCOPE_ROOT, ROLE_GRANTS_ROLES, 0, "role-assignment-root", SEVERITY_CRITICAL},
        {WRITE, SCOPE_ROOT, ROLE_GRANTS_ROLES, S, "role-assignment-root", SEVERITY_CRITICAL},
        {WRITE, SCOPE_ROOT, ROLE_GRANTS_ROLES, F, "role-assignment-root", SEVERITY_HIGH},
        {WRITE, SCOPE_TENANT_ROOT_GROUP, ROLE_GRANTS_ROLES, 0, "role-assignment-root",
         SEVERITY_CRITICAL},
        {WRITE, SCOPE_ROOT, ROLE_CONTRIBUTOR, 0, "role-assignment-root", SEVERITY_HIGH},
        {WRITE, SCOPE_ROOT, ROLE_CONTRIBUTOR, S, "role-assignment-root", SEVERITY_CRITICAL},
        {WRITE, SCOPE_ROOT, ROLE_CONTRIBUTOR, S | F, "role-assignment-root", SEVERITY_HIGH},
        {WRITE, SCOPE_ROOT, ROLE_CUSTOM, 0, "role-assignment-root", SEVERITY_HIGH},
        {WRITE, SCOPE_ROOT, ROLE_UNKNOWN, 0, "role-assignment-root", SEVERITY_HIGH},
        {WRITE, SCOPE_ROOT, ROLE_ORDINARY, 0, "role-assignment-root", SEVERITY_MEDIUM},
        {WRITE, SCOPE_ROOT, ROLE_PRIVILEGED, 0, "role-assignment-root", SEVERITY_MEDIUM},
        {WRITE, SCOPE_ROOT, ROLE_ORDINARY, F, "role-assignment-root", SEVERITY_LOW},
        {WRITE, SCOPE_ROOT, ROLE_GRANTS_ROLES, F | X, "role-assignment-root",
         SEVERITY_INFORMATIONAL},
        {WRITE, SCOPE_ROOT, ROLE_GRANTS_ROLES, F | X | S, "role-assignment-root",
         SEVERITY_INFORMATIONAL},
        {WRITE, SCOPE_MANAGEMENT_GROUP, ROLE_ORDINARY, 0, "role-assignment-mg", SEVERITY_HIGH},
        {WRITE, SCOPE_MANAGEMENT_GROUP, ROLE_ORDINARY, S, "role-assignment-mg", SEVERITY_CRITICAL},
        {WRITE, SCOPE_TENANT_PROVIDER, ROLE_ORDINARY, 0, "role-assignment-provider",
         SEVERITY_MEDIUM},
        {WRITE, SCOPE_SUBSCRIPTION, ROLE_GRANTS_ROLES, 0, "role-assignment-privileged",
         SEVERITY_MEDIUM},
        {WRITE, SCOPE_RESOURCE_GROUP, ROLE_CONTRIBUTOR, 0, "role-assignment-privileged",
         SEVERITY_MEDIUM},
        {WRITE, SCOPE_RESOURCE, ROLE_PRIVILEGED, S, "role-assignment-privileged", SEVERITY_HIGH},
        {WRITE, SCOPE_SUBSCRIPTION, ROLE_GRANTS_ROLES, F, "role-assignment-privileged",
         SEVERITY_LOW},
        {WRITE, SCOPE_SUBSCRIPTION, ROLE_ORDINARY, S, NULL, 0},
        {WRITE, SCOPE_RESOURCE_GROUP, ROLE_CUSTOM, 0, "role-assignment-privileged", SEVERITY_LOW},
        {WRITE, SCOPE_RESOURCE_GROUP, ROLE_CUSTOM, F, "role-assignment-privileged",
         SEVERITY_INFORMATIONAL},
        {WRITE, SCOPE_RESOURCE, ROLE_UNKNOWN, 0, "role-assignment-privileged", SEVERITY_LOW},
        {WRITE, SCOPE_UNKNOWN, ROLE_GRANTS_ROLES, 0, "role-assignment-privileged", SEVERITY_MEDIUM},
        {WRITE, SCOPE_UNKNOWN, ROLE_UNKNOWN, 0, "role-assignment-privileged", SEVERITY_LOW},
        {WRITE, SCOPE_UNKNOWN, ROLE_ORDINARY, 0, "role-assignment-privileged", SEVERITY_LOW},
        {DELETE, SCOPE_ROOT, ROLE_ORDINARY, 0, "role-assignment-removed", SEVERITY_MEDIUM},
        {DELETE, SCOPE_TENANT_ROOT_GROUP, ROLE_UNKNOWN, 0, "role-assignment-removed",
         SEVERITY_MEDIUM},
        {DELETE, SCOPE_MANAGEMENT_GROUP, ROLE_ORDINARY, F, "role-assignment-removed", SEVERITY_LOW},
        {DELETE, SCOPE_TENANT_PROVIDER, ROLE_ORDINARY, S, "role-assignment-removed",
         SEVERITY_MEDIUM},
        {DELETE, SCOPE_ROOT, ROLE_UNKNOWN, N, "role-assignment-removed", SEVERITY_INFORMATIONAL},
        {DELETE, SCOPE_MANAGEMENT_GROUP, ROLE_GRANTS_ROLES, C, "role-assignment-removed",
         SEVERITY_INFORMATIONAL},
        {DELETE, SCOPE_SUBSCRIPTION, ROLE_GRANTS_ROLES, 0, NULL, 0},
        {DELETE, SCOPE_RESOURCE_GROUP, ROLE_GRANTS_ROLES, C, NULL, 0},
        {AUTH "roleDefinitions/write", SCOPE_SUBSCRIPTION, ROLE_CUSTOM, 0, "role-definition",
         SEVERITY_MEDIUM},
        {AUTH "roleDefinitions/write", SCOPE_SUBSCRIPTION, ROLE_CUSTOM, G, "role-definition",
         SEVERITY_HIGH},
        {AUTH "roleDefinitions/delete", SCOPE_ROOT, ROLE_CUSTOM, 0, "role-definition",
         SEVERITY_MEDIUM},
        {AUTH "roleDefinitions/write", SCOPE_ROOT, ROLE_CUSTOM, F, "role-definition", SEVERITY_LOW},
        {AUTH "roleAssignmentScheduleRequests/write", SCOPE_SUBSCRIPTION, ROLE_ORDINARY, 0,
         "pim-schedule", SEVERITY_MEDIUM},
        {AUTH "roleAssignmentScheduleRequests/write", SCOPE_SUBSCRIPTION, ROLE_ORDINARY, S,
         "pim-schedule", SEVERITY_MEDIUM},
        {AUTH "roleAssignmentScheduleRequests/cancel/action", SCOPE_ROOT, ROLE_ORDINARY, 0,
         "pim-schedule", SEVERITY_MEDIUM},
        {AUTH "roleEligibilityScheduleRequests/write", SCOPE_ROOT, ROLE_ORDINARY, 0, "pim-schedule",
         SEVERITY_MEDIUM},
        {AUTH "roleEligibilityScheduleRequests/cancel/action", SCOPE_ROOT, ROLE_ORDINARY, 0,
         "pim-schedule", SEVERITY_MEDIUM},
        {AUTH "roleManagementPolicies/write", SCOPE_RESOURCE, ROLE_UNKNOWN, 0, "pim-schedule",
         SEVERITY_MEDIUM},
        {AUTH "roleManagementPolicyAssignments/write", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, 0,
         "pim-schedule", SEVERITY_MEDIUM},
        {"Microsoft.Resources/tenants/register/action", SCOPE_ROOT, ROLE_UNKNOWN, 0, "lighthouse",
         SEVERITY_HIGH},
        {"Microsoft.Resources/tenants/unregister/action", SCOPE_ROOT, ROLE_UNKNOWN, 0, "lighthouse",
         SEVERITY_HIGH},
        {"Microsoft.ManagedServices/registrationAssignments/write", SCOPE_SUBSCRIPTION,
         ROLE_UNKNOWN, F, "lighthouse", SEVERITY_MEDIUM},
        {"Microsoft.Insights/diagnosticSettings/write", SCOPE_RESOURCE, ROLE_UNKNOWN, 0,
         "logging-changed", SEVERITY_MEDIUM},
        {"Microsoft.Insights/diagnosticSettings/delete", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, 0,
         "logging-changed", SEVERITY_HIGH},
        {"microsoft.aadiam/diagnosticSettings/write", SCOPE_ROOT, ROLE_UNKNOWN, 0,
         "logging-changed", SEVERITY_MEDIUM},
        {"microsoft.aadiam/diagnosticSettings/delete", SCOPE_ROOT, ROLE_UNKNOWN, 0,
         "logging-changed", SEVERITY_HIGH},
        {AUTH "policyExemptions/write", SCOPE_RESOURCE, ROLE_UNKNOWN, 0, "policy-guard",
         SEVERITY_MEDIUM},
        {AUTH "policyAssignments/write", SCOPE_ROOT, ROLE_UNKNOWN, 0, "policy-guard",
         SEVERITY_MEDIUM},
        {AUTH "policyAssignments/delete", SCOPE_MANAGEMENT_GROUP, ROLE_UNKNOWN, 0, "policy-guard",
         SEVERITY_MEDIUM},
        {AUTH "policyAssignments/delete", SCOPE_TENANT_ROOT_GROUP, ROLE_UNKNOWN, 0, "policy-guard",
         SEVERITY_MEDIUM},
        {AUTH "policyAssignments/write", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, 0, NULL, 0},
        {AUTH "denyAssignments/delete", SCOPE_RESOURCE_GROUP, ROLE_UNKNOWN, 0, "policy-guard",
         SEVERITY_MEDIUM},
        {"Microsoft.Management/managementGroups/write", SCOPE_MANAGEMENT_GROUP, ROLE_UNKNOWN, 0,
         "hierarchy", SEVERITY_MEDIUM},
        {"Microsoft.Management/managementGroups/delete", SCOPE_MANAGEMENT_GROUP, ROLE_UNKNOWN, 0,
         "hierarchy", SEVERITY_MEDIUM},
        {"Microsoft.Management/managementGroups/subscriptions/write", SCOPE_MANAGEMENT_GROUP,
         ROLE_UNKNOWN, 0, "hierarchy", SEVERITY_MEDIUM},
        {"Microsoft.Management/managementGroups/subscriptions/delete", SCOPE_MANAGEMENT_GROUP,
         ROLE_UNKNOWN, 0, "hierarchy", SEVERITY_MEDIUM},
        {"Microsoft.Management/managementGroups/settings/write", SCOPE_TENANT_ROOT_GROUP,
         ROLE_UNKNOWN, 0, "hierarchy", SEVERITY_MEDIUM},
        {"Microsoft.Subscription/updateTenant/action", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, 0,
         "hierarchy", SEVERITY_CRITICAL},
        {"Microsoft.Subscription/changeTenantRequest/action", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, F,
         "hierarchy", SEVERITY_HIGH},
        {"Microsoft.Subscription/subscriptions/changeTenantRequest/write", SCOPE_SUBSCRIPTION,
         ROLE_UNKNOWN, 0, "hierarchy", SEVERITY_CRITICAL},
        {"Microsoft.ADHybridHealthService/services/servicemembers/action", SCOPE_TENANT_PROVIDER,
         ROLE_UNKNOWN, 0, "hybrid-health", SEVERITY_MEDIUM},
        {"Microsoft.ADHybridHealthService/services/delete", SCOPE_TENANT_PROVIDER, ROLE_UNKNOWN, F,
         "hybrid-health", SEVERITY_LOW},
        {AUTH "classicAdministrators/write", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, 0,
         "classic-administrator", SEVERITY_MEDIUM},
        {AUTH "classicAdministrators/delete", SCOPE_SUBSCRIPTION, ROLE_UNKNOWN, 0,
         "classic-administrator", SEVERITY_LOW},
        {AUTH "locks/delete", SCOPE_RESOURCE_GROUP, ROLE_UNKNOWN, 0, "lock-removed",
         SEVERITY_MEDIUM},
        {"Microsoft.KeyVault/vaults/providers/Microsoft.Insights/diagnosticSettings/delete",
         SCOPE_RESOURCE, ROLE_UNKNOWN, 0, "logging-changed", SEVERITY_HIGH},
        {"microsoft.storage/storageaccounts/providers/microsoft.insights/diagnosticsettings/write",
         SCOPE_RESOURCE, ROLE_UNKNOWN, 0, "logging-changed", SEVERITY_MEDIUM},
        {"Microsoft.Subscription/Policies/write", SCOPE_ROOT, ROLE_UNKNOWN, 0, "hierarchy",
         SEVERITY_MEDIUM},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct rules_facts f = {0};
        struct rules_verdict v;

        f.operation = rules_operation(slice_of(rows[i].operation));
        if (f.operation == NULL)
            fail_msg("%s is not looked at", rows[i].operation);
        f.scope = rows[i].scope;
        f.role = rows[i].role;
        f.outcome = rows[i].flags & F ? OUTCOME_FAILED : OUTCOME_SUCCEEDED;
        f.self = (rows[i].flags & S) != 0;
        f.exists = (rows[i].flags & X) != 0;
        f.nothing = (rows[i].flags & N) != 0;
        f.cascade = (rows[i].flags & C) != 0;
        f.grants_all = (rows[i].flags & G) != 0;
        assert_int_equal(rules_judge(&f, &v), rows[i].rule != NULL);
        if (rows[i].rule == NULL)
            continue;
        assert_string_equal(v.rule->id, rows[i].rule);
        if (v.severity != rows[i].severity)
            fail_msg("row %zu: %s", i, rules_severity_name(v.severity));
    }
}

static void operations_are_known_in_any_case_and_only_whole(void **state)
{
    static const char *const near[] = {
        "",
        "Microsoft.",
        "Microsoft.Authorization",
        AUTH "roleAssignments",
        AUTH "roleAssignments/",
        AUTH "roleAssignments/read",
        "Microsoft.Subscription/changeTenantRequest/read",
        "Microsoft.Subscription/subscriptions/changeTenantRequestStatus/read",
        "Microsoft.Subscription/changeTenantRequest",
        AUTH "roleAssignments/writes",
        " " WRITE,
        WRITE " ",
        AUTH "roleAssignmentsX/write",
        AUTH "elevateAccess/actionx",
        AUTH "policyExemptions/delete",
        AUTH "denyAssignments/write",
        AUTH "roleManagementPolicies/delete",
        "Microsoft.Subscription/rename/action",
        "Microsoft.Subscription/cancel/action",
        "Microsoft.Subscriptions/updateTenant/action",
        "Microsoft.Management/managementGroups/settings/delete",
        "Microsoft.ManagedServices/registrationDefinitions/write",
        "Microsoft.Insights/diagnosticSettingsCategories/write",
        "Xicrosoft.Authorization/elevateAccess/action",
        "Microsoft.Compute/virtualMachines/write",
    };
    size_t i;

    (void)state;
    assert_non_null(rules_operation(slice_of("MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE")));
    assert_non_null(rules_operation(slice_of("microsoft.aadIAM/diagnosticsettings/Delete")));
    for (i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        if (rules_operation(slice_of(near[i])) != NULL)
            fail_msg("%s is looked at", near[i]);
    }
}

static void every_rule_is_complete(void **state)
{
    static const char *const ids[] = {"elevate-access",
                                      "role-assignment-root",
                                      "role-assignment-mg",
                                      "role-assignment-privileged",
                                      "role-assignment-provider",
                                      "role-assignment-removed",
                                      "role-definition",
                                      "pim-schedule",
                                      "lighthouse",
                                      "logging-changed",
                                      "policy-guard",
                                      "hierarchy",
                                      "hybrid-health",
                                      "classic-administrator",
                                      "lock-removed"};
    enum severity low, high;
    size_t i, k;

    (void)state;
    for (i = 0; rules_table[i].id != NULL; i++) {
        const struct rule *r = &rules_table[i];

        assert_true(i < sizeof(ids) / sizeof(ids[0]));
        assert_string_equal(r->id, ids[i]);
        assert_true(r->title[0] != '\0' && r->about[0] != '\0');
        assert_non_null(r->techniques[0]);
        for (k = 0; r->techniques[k] != NULL; k++) {
            assert_int_equal(r->techniques[k][0], 'T');
            assert_int_equal(strspn(r->techniques[k] + 1, "0123456789."),
                             strlen(r->techniques[k]) - 1);
        }
        assert_non_null(rules_operation_name(r, 0));
        for (k = 0; rules_operation_name(r, k) != NULL; k++)
            assert_non_null(rules_operation(slice_of(rules_operation_name(r, k))));
        rules_severities(r, &low, &high);
        assert_true(low <= high);
    }
    assert_int_equal(i, sizeof(ids) / sizeof(ids[0]));
    assert_non_null(strstr(rules_table[0].elsewhere, "Sigma 09438caa-07b1-4870-8405-1dbafe3dad95"));
}

static void patterns_match(void **state)
{
    static const struct {
        const char *pattern, *text;
        int match;
    } rows[] = {
        {"", "", 1},
        {"", "a", 0},
        {"*", "", 1},
        {"*", "abc", 1},
        {"a*", "ABC", 1},
        {"*c", "abc", 1},
        {"a*c", "abbc", 1},
        {"a*c", "abcb", 0},
        {"a*b*c", "aXbYc", 1},
        {"**", "x", 1},
        {"a**b", "ab", 1},
        {"abc", "ab", 0},
        {"ab", "abc", 0},
        {"*aab", "aaaab", 1},
        {"*/delete", "X/y/DELETE", 1},
        {"*/delete", "x/deleted", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(rules_match(rows[i].pattern, slice_of(rows[i].text)), rows[i].match);
}

/* Whether an action covers one of the rights to give roles. */
static int grants(const char *action)
{
    const char *right;
    size_t i;

    for (i = 0; (right = rules_granting_right(i)) != NULL; i++) {
        if (rules_action_covers(slice_of(action), right))
            return 1;
    }
    return 0;
}

static void actions_that_give_the_right_to_give_roles(void **state)
{
    static const struct {
        const char *action;
        int grants;
    } rows[] = {
        {"*", 1},
        {"*/write", 1},
        {"*/action", 1},
        {AUTH "*", 1},
        {AUTH "*/Write", 1},
        {AUTH "roleAssignments/*", 1},
        {AUTH "roleAssignments/write", 1},
        {AUTH "roleDefinitions/write", 1},
        {AUTH "elevateAccess/Action", 1},
        {"Microsoft.*", 1},
        {"*/read", 0},
        {AUTH "*/read", 0},
        {AUTH "roleAssignments/delete", 0},
        {AUTH "policyAssignments/*", 0},
        {"Microsoft.Compute/*", 0},
        {"", 0},
        {"microsoft.authorization", 0},
    };
    char long_action[400];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(grants(rows[i].action), rows[i].grants);
    memset(long_action, '*', sizeof(long_action) - 1);
    long_action[sizeof(long_action) - 1] = '\0';
    assert_int_equal(grants(long_action), 0);
}

static void kinds_of_scope(void **state)
{
    static const struct {
        const char *scope;
        enum scope_kind kind;
    } rows[] = {
        {"/", SCOPE_ROOT},
        {"//", SCOPE_ROOT},
        {"", SCOPE_UNKNOWN},
        {"subscriptions/x", SCOPE_UNKNOWN},
        {"/subscriptions", SCOPE_UNKNOWN},
        {"/subscriptions/x", SCOPE_SUBSCRIPTION},
        {"/SUBSCRIPTIONS/X/", SCOPE_SUBSCRIPTION},
        {"/subscriptions/x/resourceGroups/rg", SCOPE_RESOURCE_GROUP},
        {"/subscriptions/x/RESOURCEGROUPS/rg/", SCOPE_RESOURCE_GROUP},
        {"/subscriptions/x/resourceGroups", SCOPE_RESOURCE},
        {"/subscriptions/x/resourceGroups/rg/providers/M.S/a/b", SCOPE_RESOURCE},
        {"/subscriptions/x/providers/M.S/a/b", SCOPE_RESOURCE},
        {GROUPS "g", SCOPE_MANAGEMENT_GROUP},
        {GROUPS "g/", SCOPE_MANAGEMENT_GROUP},
        {GROUPS TENANT, SCOPE_TENANT_ROOT_GROUP},
        {"/PROVIDERS/MICROSOFT.MANAGEMENT/MANAGEMENTGROUPS/0F6E2C51-7A1B-4C3D-9E8F-1A2B3C4D5E6F",
         SCOPE_TENANT_ROOT_GROUP},
        {GROUPS "g/providers/M.A/policyDefinitions/p", SCOPE_RESOURCE},
        {"/providers/Microsoft.Insights", SCOPE_TENANT_PROVIDER},
        {"/providers/Microsoft.Insights/eventtypes/management", SCOPE_TENANT_PROVIDER},
        {"/providers/Microsoft.Management/managementGroups", SCOPE_TENANT_PROVIDER},
        {"/providers", SCOPE_UNKNOWN},
        {"/other/x", SCOPE_UNKNOWN},
    };
    struct slice none = {NULL, 0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (scope_kind(slice_of(rows[i].scope), slice_of(TENANT)) != rows[i].kind)
            fail_msg("%s", rows[i].scope);
    }
    assert_int_equal(scope_kind(slice_of(GROUPS TENANT), none), SCOPE_MANAGEMENT_GROUP);
    assert_int_equal(scope_kind(none, none), SCOPE_UNKNOWN);
    assert_null(rules_scope_name(SCOPE_UNKNOWN));
    assert_string_equal(rules_scope_name(SCOPE_TENANT_ROOT_GROUP), "tenantRootGroup");
}

static void ids_are_cut_into_scope_and_name(void **state)
{
#define TYPE "Microsoft.Authorization/roleAssignments"
    static const struct {
        const char *id, *scope, *name;
    } rows[] = {
        {"/providers/" TYPE "/n", "/", "n"},
        {"/PROVIDERS/microsoft.authorization/ROLEASSIGNMENTS/N", "/", "N"},
        {"/providers/" TYPE "/n/", "/", "n"},
        {"/subscriptions/s/providers/" TYPE "/n", "/subscriptions/s", "n"},
        {GROUPS "g/providers/" TYPE "/n", GROUPS "g", "n"},
        {"/providers/" TYPE "/a/providers/" TYPE "/n", "/providers/" TYPE "/a", "n"},
        {"/subscriptions/s/providers/" TYPE, "/subscriptions/s", ""},
        {"/subscriptions/s/providers/" TYPE "X/n", NULL, NULL},
        {"/subscriptions/s", NULL, NULL},
        {"", NULL, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice scope, name;

        assert_int_equal(scope_split(slice_of(rows[i].id), TYPE, &scope, &name),
                         rows[i].scope != NULL);
        if (rows[i].scope == NULL)
            continue;
        assert_true(slice_equals(scope, rows[i].scope));
        assert_true(slice_equals(name, rows[i].name));
    }
}

static void guids_get_one_form(void **state)
{
    static const struct {
        const char *text, *guid;
    } rows[] = {
        {TENANT, TENANT},
        {"0F6E2C51-7A1B-4C3D-9E8F-1A2B3C4D5E6F", TENANT},
        {"0f6e2c517a1b4c3d9e8f1a2b3c4d5e6f", TENANT},
        {"0f6e2c517a1b4c3d9e8f1a2b3c4d5e6", NULL},
        {"0f6e2c517a1b4c3d9e8f1a2b3c4d5e6g", NULL},
        {"0f6e2c51-7a1b-4c3d-9e8f1a2b3c4d5e6f-", NULL},
        {"0f6e2c5107a1b04c3d09e8f01a2b3c4d5e6f", NULL},
        {"", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char guid[SCOPE_GUID_MAX];

        assert_int_equal(scope_guid(slice_of(rows[i].text), guid), rows[i].guid != NULL);
        if (rows[i].guid != NULL)
            assert_string_equal(guid, rows[i].guid);
    }
}

static void roles_are_known_by_id(void **state)
{
    static const struct {
        const char *guid, *name;
        enum role_class role_class;
    } rows[] = {
        {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ROLE_GRANTS_ROLES},
        {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", ROLE_GRANTS_ROLES},
        {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator",
         ROLE_GRANTS_ROLES},
        {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", ROLE_CONTRIBUTOR},
        {"a8889054-8d42-49c9-bc1c-52486c10e7cd", "Reservations Administrator", ROLE_PRIVILEGED},
        {"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ROLE_ORDINARY},
        {"43d0d8ad-25c7-4714-9337-8ba259a9fe05", "Monitoring Reader", ROLE_ORDINARY},
        {TENANT, NULL, ROLE_CUSTOM},
        {"", NULL, ROLE_CUSTOM},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *name = roles_name(rows[i].guid);

        assert_int_equal(roles_class(rows[i].guid), rows[i].role_class);
        if (rows[i].name == NULL)
            assert_null(name);
        else
            assert_string_equal(name, rows[i].name);
    }
    assert_int_equal(roles_class(NULL), ROLE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severities_follow_the_table),
        cmocka_unit_test(operations_are_known_in_any_case_and_only_whole),
        cmocka_unit_test(every_rule_is_complete),
        cmocka_unit_test(patterns_match),
        cmocka_unit_test(actions_that_give_the_right_to_give_roles),
        cmocka_unit_test(kinds_of_scope),
        cmocka_unit_test(ids_are_cut_into_scope_and_name),
        cmocka_unit_test(guids_get_one_form),
        cmocka_unit_test(roles_are_known_by_id),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
