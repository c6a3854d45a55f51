/* The names of what rules are made of, and the patterns that operations and actions are. */
#include "base/text.h"
#include "detect/rules.h"

#include <string.h>

#define AUTHORIZATION "Microsoft.Authorization/"

int rules_match(const char *pattern, struct slice text)
{
    return text_matches(slice_of(pattern), text);
}

const char *rules_severity_name(enum severity s)
{
    static const char *const names[] = {"informational", "low", "medium", "high", "critical"};

    return names[s];
}

const char *rules_outcome_name(enum outcome o)
{
    static const char *const names[] = {NULL, "Started", "Failed", "Succeeded"};

    return names[o];
}

const char *rules_scope_name(enum scope_kind k)
{
    switch (k) {
    case SCOPE_ROOT:
        return "root";
    case SCOPE_TENANT_ROOT_GROUP:
        return "tenantRootGroup";
    case SCOPE_MANAGEMENT_GROUP:
        return "managementGroup";
    case SCOPE_SUBSCRIPTION:
        return "subscription";
    case SCOPE_RESOURCE_GROUP:
        return "resourceGroup";
    case SCOPE_RESOURCE:
        return "resource";
    case SCOPE_TENANT_PROVIDER:
        return "tenantProvider";
    default:
        return NULL;
    }
}

/* Patterns of role definitions that are longer are no real ones, and not worth a guess. */
#define ACTION_MAX 256

int rules_action_covers(struct slice pattern, const char *action)
{
    char text[ACTION_MAX];

    if (pattern.len == 0 || pattern.len >= sizeof(text))
        return 0;
    memcpy(text, pattern.data, pattern.len);
    text[pattern.len] = '\0';
    return rules_match(text, slice_of(action));
}

const char *rules_granting_right(size_t i)
{
    static const char *const rights[] = {
        AUTHORIZATION "roleAssignments/write", AUTHORIZATION "roleDefinitions/write",
        AUTHORIZATION "elevateAccess/action", AUTHORIZATION "roleAssignmentScheduleRequests/write",
        AUTHORIZATION "roleEligibilityScheduleRequests/write"};

    return i < sizeof(rights) / sizeof(rights[0]) ? rights[i] : NULL;
}
