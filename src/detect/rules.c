#include "detect/rules.h"

#include "base/text.h"

#include <string.h>

/* Places in rules_table. */
enum row {
    ROW_ELEVATE,
    ROW_ROOT,
    ROW_MG,
    ROW_PRIVILEGED,
    ROW_PROVIDER,
    ROW_REMOVED,
    ROW_DEFINITION,
    ROW_PIM,
    ROW_LIGHTHOUSE,
    ROW_LOGGING,
    ROW_POLICY,
    ROW_HIERARCHY,
    ROW_HYBRID_HEALTH,
    ROW_CLASSIC,
    ROW_LOCK
};

/* Public rules of the same purpose: Sigma and Elastic by the id that does not change when
 * they are edited, Panther by name. */
#define SIGMA_ROLE_ASSIGNED "Sigma a622fcd2-4b5a-436a-b8a2-a4171161833c"
#define PANTHER_ROLE ", Panther azure_role_assignment_privileged_or_elevated"
#define ELSEWHERE_ELEVATED                                                                         \
    "Sigma 09438caa-07b1-4870-8405-1dbafe3dad95" PANTHER_ROLE                                      \
    ", and of Entra ID's log Panther azure_elevate_user_access_admin, Elastic "                    \
    "8d9c4128-372a-11f0-9d8f-f661ea17fbcd"
#define ELSEWHERE_ROLE                                                                             \
    SIGMA_ROLE_ASSIGNED PANTHER_ROLE ", Elastic 1a1046f4-9257-11f0-9a42-f661ea17fbce"

const struct rule rules_table[] = {
    [ROW_ELEVATE] = {"elevate-access",
                     "Elevated to User Access Administrator at /",
                     "A Global Administrator took User Access Administrator at /.",
                     {"T1098.003", "T1548.005", "T1078.004", NULL},
                     ELSEWHERE_ELEVATED},
    [ROW_ROOT] = {"role-assignment-root",
                  "Role assigned at the root of the tenant",
                  "At / or the tenant root group: critical for Owner, User Access Administrator "
                  "and Role Based Access Control Administrator, high for Contributor, custom and "
                  "unknown roles, else medium.",
                  {"T1098.003", "T1078.004", NULL},
                  ELSEWHERE_ROLE},
    [ROW_MG] = {"role-assignment-mg",
                "Role assigned at a management group",
                "Any role.",
                {"T1098.003", "T1078.004", NULL},
                ELSEWHERE_ROLE},
    [ROW_PRIVILEGED] = {"role-assignment-privileged",
                        "Privileged role assigned",
                        "At a subscription, resource group or resource: medium for the roles that "
                        "Microsoft calls privileged and for custom roles that this log defines "
                        "with the right to give roles or with all other rights; low for other "
                        "custom roles, and where the record does not say which role or where.",
                        {"T1098.003", "T1078.004", NULL},
                        ELSEWHERE_ROLE},
    [ROW_PROVIDER] = {"role-assignment-provider",
                      "Role assigned at a provider of the tenant",
                      "Such as /providers/Microsoft.Insights, which opens the directory log.",
                      {"T1098.003", "T1078.004", NULL},
                      ELSEWHERE_ROLE},
    [ROW_REMOVED] =
        {"role-assignment-removed",
         "Role assignment removed",
         "At /, a management group or a provider of the tenant; informational when it came "
         "with the deletion of the scope.",
         {"T1531", "T1098.003", NULL},
         NULL},
    [ROW_DEFINITION] = {"role-definition",
                        "Role definition changed",
                        "High when it gives * or the right to give roles.",
                        {"T1098.003", NULL},
                        NULL},
    [ROW_PIM] = {"pim-schedule",
                 "Privileged Identity Management used or changed",
                 "Requests for active or eligible roles, and the settings of a role.",
                 {"T1098.003", "T1548.005", NULL},
                 NULL},
    [ROW_LIGHTHOUSE] = {"lighthouse",
                        "Access delegated to another tenant (Azure Lighthouse)",
                        "A delegation was made, or this tenant was registered or unregistered "
                        "for one.",
                        {"T1484.002", "T1199", NULL},
                        NULL},
    [ROW_LOGGING] = {"logging-changed",
                     "Diagnostic setting changed",
                     "At any scope; high when it was deleted.",
                     {"T1562.008", NULL},
                     "Panther azure_diagnostic_settings_deleted, Elastic "
                     "5370d4cd-2bb3-4d71-abf5-1e1d0ff5a2de; in part Sigma "
                     "d22b4df4-5a67-4859-a578-8c9a0b5af9df, Sigma "
                     "d9557b75-267b-4b43-922f-a775e2d1f792, Panther azure_nsg_deleted_or_modified"},
    [ROW_POLICY] = {"policy-guard",
                    "Policy guard changed",
                    "Policy assignments count at / and at management groups.",
                    {"T1562.001", "T1484", NULL},
                    NULL},
    [ROW_HIERARCHY] = {"hierarchy",
                       "Hierarchy of the tenant changed",
                       "Critical when a subscription moves to another directory.",
                       {"T1666", NULL},
                       NULL},
    [ROW_HYBRID_HEALTH] = {"hybrid-health",
                           "Health service of hybrid identity changed",
                           "A server was added to a service of Microsoft Entra Connect Health, "
                           "which a forged AD FS server is enough for, or a service was deleted.",
                           {"T1578", "T1556.007", NULL},
                           "Sigma 288a39fc-4914-4831-9ada-270e9dc12cb4, Sigma "
                           "48739819-8230-4ee3-a8ea-e0289d1fb0ff"},
    [ROW_CLASSIC] = {"classic-administrator",
                     "Classic administrator of a subscription changed",
                     "A co-administrator has the rights of an Owner. Azure retired them in August "
                     "2024.",
                     {"T1098.003", "T1078.004", NULL},
                     NULL},
    [ROW_LOCK] = {"lock-removed",
                  "Resource lock removed",
                  "A lock keeps what it is on from being deleted or changed.",
                  {"T1562.001", "T1485", NULL},
                  "Panther azure_resource_lock_deleted"},
    {NULL, NULL, NULL, {NULL}, NULL},
};

#define AUTHORIZATION "Microsoft.Authorization/"
#define ASSIGNMENTS AUTHORIZATION "roleAssignments"
#define DEFINITIONS AUTHORIZATION "roleDefinitions"
#define ACTIVE AUTHORIZATION "roleAssignmentScheduleRequests"
#define ELIGIBLE AUTHORIZATION "roleEligibilityScheduleRequests"
#define PIM_POLICIES AUTHORIZATION "roleManagementPolicies"
#define PIM_BINDINGS AUTHORIZATION "roleManagementPolicyAssignments"
#define REGISTRATIONS "Microsoft.ManagedServices/registrationAssignments"
#define INSIGHTS "Microsoft.Insights/diagnosticSettings"
#define AADIAM "microsoft.aadiam/diagnosticSettings"
#define EXEMPTIONS AUTHORIZATION "policyExemptions"
#define POLICIES AUTHORIZATION "policyAssignments"
#define DENIALS AUTHORIZATION "denyAssignments"
#define GROUPS "Microsoft.Management/managementGroups"
#define HYBRID "Microsoft.ADHybridHealthService/"
#define CLASSIC AUTHORIZATION "classicAdministrators"
#define LOCKS AUTHORIZATION "locks"

static const struct rules_operation operations[] = {
    {AUTHORIZATION "elevateAccess/action", OPERATION_ELEVATE, NULL},
    {ASSIGNMENTS "/write", OPERATION_ASSIGN, ASSIGNMENTS},
    {ASSIGNMENTS "/delete", OPERATION_UNASSIGN, ASSIGNMENTS},
    {DEFINITIONS "/write", OPERATION_DEFINE_ROLE, DEFINITIONS},
    {DEFINITIONS "/delete", OPERATION_DELETE_ROLE, DEFINITIONS},
    {ACTIVE "/write", OPERATION_PIM_REQUEST, ACTIVE},
    {ACTIVE "/cancel/action", OPERATION_PIM_REQUEST, ACTIVE},
    {ELIGIBLE "/write", OPERATION_PIM_REQUEST, ELIGIBLE},
    {ELIGIBLE "/cancel/action", OPERATION_PIM_REQUEST, ELIGIBLE},
    {PIM_POLICIES "/write", OPERATION_PIM_POLICY, PIM_POLICIES},
    {PIM_BINDINGS "/write", OPERATION_PIM_POLICY, PIM_BINDINGS},
    {"Microsoft.Resources/tenants/register/action", OPERATION_DELEGATE,
     "Microsoft.Resources/tenants"},
    {"Microsoft.Resources/tenants/unregister/action", OPERATION_DELEGATE,
     "Microsoft.Resources/tenants"},
    {REGISTRATIONS "/write", OPERATION_DELEGATE, REGISTRATIONS},
    {INSIGHTS "/write", OPERATION_LOGGING_WRITE, INSIGHTS},
    {INSIGHTS "/delete", OPERATION_LOGGING_DELETE, INSIGHTS},
    {"Microsoft.*/providers/" INSIGHTS "/write", OPERATION_LOGGING_WRITE, INSIGHTS},
    {"Microsoft.*/providers/" INSIGHTS "/delete", OPERATION_LOGGING_DELETE, INSIGHTS},
    {AADIAM "/write", OPERATION_LOGGING_WRITE, AADIAM},
    {AADIAM "/delete", OPERATION_LOGGING_DELETE, AADIAM},
    {EXEMPTIONS "/write", OPERATION_POLICY_EXEMPTION, EXEMPTIONS},
    {POLICIES "/write", OPERATION_POLICY_ASSIGNMENT, POLICIES},
    {POLICIES "/delete", OPERATION_POLICY_ASSIGNMENT, POLICIES},
    {DENIALS "/delete", OPERATION_DENY_DELETE, DENIALS},
    {GROUPS "/write", OPERATION_HIERARCHY, NULL},
    {GROUPS "/delete", OPERATION_HIERARCHY, NULL},
    {GROUPS "/subscriptions/write", OPERATION_HIERARCHY, NULL},
    {GROUPS "/subscriptions/delete", OPERATION_HIERARCHY, NULL},
    {GROUPS "/settings/write", OPERATION_HIERARCHY, NULL},
    {"Microsoft.Subscription/Policies/write", OPERATION_HIERARCHY,
     "Microsoft.Subscription/Policies"},
    {"Microsoft.Subscription/*updateTenant/action", OPERATION_DIRECTORY, NULL},
    {"Microsoft.Subscription/*changeTenantRequest*/write", OPERATION_DIRECTORY, NULL},
    {"Microsoft.Subscription/*changeTenantRequest*/delete", OPERATION_DIRECTORY, NULL},
    {"Microsoft.Subscription/*changeTenantRequest*/action", OPERATION_DIRECTORY, NULL},
    {HYBRID "services/servicemembers/action", OPERATION_HYBRID_HEALTH, NULL},
    {HYBRID "services/servicemembers/write", OPERATION_HYBRID_HEALTH, NULL},
    {HYBRID "services/delete", OPERATION_HYBRID_HEALTH, NULL},
    {CLASSIC "/write", OPERATION_CLASSIC_WRITE, CLASSIC},
    {CLASSIC "/delete", OPERATION_CLASSIC_DELETE, CLASSIC},
    {LOCKS "/delete", OPERATION_LOCK_DELETE, LOCKS},
};

#define NOPERATIONS (sizeof(operations) / sizeof(operations[0]))

#define ANY_SCOPE (-1)
#define ANY_ROLE (-1)
#define AT_ROOT (SCOPE_ROOT | SCOPE_TENANT_ROOT_GROUP)
#define AT_GROUPS (AT_ROOT | SCOPE_MANAGEMENT_GROUP)
/* The record names no scope: in the bits of scopes it has none of its own. */
#define NOWHERE 128
#define BELOW (SCOPE_SUBSCRIPTION | SCOPE_RESOURCE_GROUP | SCOPE_RESOURCE)

/* What else has to hold. */
enum condition { ALWAYS, IF_CASCADE, IF_GRANTS };

/* One case of a rule. The first that fits decides. */
struct rule_case {
    enum operation_kind kind;
    enum row row;
    int scopes, roles;
    enum condition condition;
    enum severity severity;
};

static const struct rule_case cases[] = {
    {OPERATION_ELEVATE, ROW_ELEVATE, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_HIGH},
    {OPERATION_ASSIGN, ROW_ROOT, AT_ROOT, ROLE_GRANTS_ROLES, ALWAYS, SEVERITY_CRITICAL},
    {OPERATION_ASSIGN, ROW_ROOT, AT_ROOT, ROLE_CONTRIBUTOR | ROLE_CUSTOM | ROLE_UNKNOWN, ALWAYS,
     SEVERITY_HIGH},
    {OPERATION_ASSIGN, ROW_ROOT, AT_ROOT, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_ASSIGN, ROW_MG, SCOPE_MANAGEMENT_GROUP, ANY_ROLE, ALWAYS, SEVERITY_HIGH},
    {OPERATION_ASSIGN, ROW_PROVIDER, SCOPE_TENANT_PROVIDER, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_ASSIGN, ROW_PRIVILEGED, BELOW | NOWHERE,
     ROLE_GRANTS_ROLES | ROLE_CONTRIBUTOR | ROLE_PRIVILEGED, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_ASSIGN, ROW_PRIVILEGED, BELOW, ROLE_CUSTOM | ROLE_UNKNOWN, ALWAYS, SEVERITY_LOW},
    {OPERATION_ASSIGN, ROW_PRIVILEGED, NOWHERE, ANY_ROLE, ALWAYS, SEVERITY_LOW},
    {OPERATION_UNASSIGN, ROW_REMOVED, AT_GROUPS | SCOPE_TENANT_PROVIDER, ANY_ROLE, IF_CASCADE,
     SEVERITY_INFORMATIONAL},
    {OPERATION_UNASSIGN, ROW_REMOVED, AT_GROUPS | SCOPE_TENANT_PROVIDER, ANY_ROLE, ALWAYS,
     SEVERITY_MEDIUM},
    {OPERATION_DEFINE_ROLE, ROW_DEFINITION, ANY_SCOPE, ANY_ROLE, IF_GRANTS, SEVERITY_HIGH},
    {OPERATION_DEFINE_ROLE, ROW_DEFINITION, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_DELETE_ROLE, ROW_DEFINITION, ANY_SCOPE, ANY_ROLE, IF_GRANTS, SEVERITY_HIGH},
    {OPERATION_DELETE_ROLE, ROW_DEFINITION, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_PIM_REQUEST, ROW_PIM, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_PIM_POLICY, ROW_PIM, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_DELEGATE, ROW_LIGHTHOUSE, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_HIGH},
    {OPERATION_LOGGING_WRITE, ROW_LOGGING, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_LOGGING_DELETE, ROW_LOGGING, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_HIGH},
    {OPERATION_POLICY_EXEMPTION, ROW_POLICY, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_POLICY_ASSIGNMENT, ROW_POLICY, AT_GROUPS, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_DENY_DELETE, ROW_POLICY, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_HIERARCHY, ROW_HIERARCHY, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_DIRECTORY, ROW_HIERARCHY, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_CRITICAL},
    {OPERATION_HYBRID_HEALTH, ROW_HYBRID_HEALTH, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_CLASSIC_WRITE, ROW_CLASSIC, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
    {OPERATION_CLASSIC_DELETE, ROW_CLASSIC, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_LOW},
    {OPERATION_LOCK_DELETE, ROW_LOCK, ANY_SCOPE, ANY_ROLE, ALWAYS, SEVERITY_MEDIUM},
};

#define NCASES (sizeof(cases) / sizeof(cases[0]))

/* Whether a name ends like a pattern behind its last star: cheap, for the few that begin with one.
 */
static int ends_alike(const char *pattern, struct slice name)
{
    const char *tail = strrchr(pattern, '*') + 1;
    size_t n = strlen(tail);

    return name.len > n && slice_equals_nocase((struct slice){name.data + name.len - n, n}, tail);
}

const struct rules_operation *rules_operation(struct slice name)
{
    /* "Microsoft." is what all of them begin with. */
    static const size_t prefix = 10;
    size_t i;

    if (name.len <= prefix || text_lower(name.data[0]) != 'm')
        return NULL;
    for (i = 0; i < NOPERATIONS; i++) {
        if ((operations[i].name[prefix] == '*'
                 ? ends_alike(operations[i].name, name)
                 : text_lower(operations[i].name[prefix]) == text_lower(name.data[prefix])) &&
            rules_match(operations[i].name, name))
            return &operations[i];
    }
    return NULL;
}

static int fits(const struct rule_case *c, const struct rules_facts *f)
{
    int scope = f->scope == SCOPE_UNKNOWN ? NOWHERE : (int)f->scope;

    if (c->kind != f->operation->kind)
        return 0;
    if (c->scopes != ANY_SCOPE && !(c->scopes & scope))
        return 0;
    if (c->roles != ANY_ROLE && !(c->roles & (int)f->role))
        return 0;
    return c->condition == ALWAYS || (c->condition == IF_CASCADE ? f->cascade : f->grants_all);
}

int rules_judge(const struct rules_facts *f, struct rules_verdict *v)
{
    size_t i;
    int severity;

    for (i = 0; i < NCASES && !fits(&cases[i], f); i++)
        ;
    if (i == NCASES)
        return 0;
    v->rule = &rules_table[cases[i].row];
    severity = (int)cases[i].severity;
    /* An elevation is a grant to oneself by nature; its severity says so already. */
    if (f->self && f->operation->kind == OPERATION_ASSIGN)
        severity++;
    if (f->outcome == OUTCOME_FAILED)
        severity--;
    if (f->exists || f->nothing)
        severity = SEVERITY_INFORMATIONAL;
    if (severity < SEVERITY_INFORMATIONAL)
        severity = SEVERITY_INFORMATIONAL;
    if (severity > SEVERITY_CRITICAL)
        severity = SEVERITY_CRITICAL;
    v->severity = (enum severity)severity;
    return 1;
}

const char *rules_operation_name(const struct rule *r, size_t i)
{
    size_t o, c;

    for (o = 0; o < NOPERATIONS; o++) {
        for (c = 0; c < NCASES; c++) {
            if (cases[c].kind == operations[o].kind && &rules_table[cases[c].row] == r)
                break;
        }
        if (c < NCASES && i-- == 0)
            return operations[o].name;
    }
    return NULL;
}

void rules_severities(const struct rule *r, enum severity *low, enum severity *high)
{
    size_t i;

    *low = SEVERITY_CRITICAL;
    *high = SEVERITY_INFORMATIONAL;
    for (i = 0; i < NCASES; i++) {
        if (&rules_table[cases[i].row] != r)
            continue;
        if (cases[i].severity < *low)
            *low = cases[i].severity;
        if (cases[i].severity > *high)
            *high = cases[i].severity;
    }
}
