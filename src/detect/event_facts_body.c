/* The facts that only some operations have, most of them from the bodies of the call. */
#include "detect/event_facts_reading.h"
#include "detect/roles.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

#define ASSIGNMENT_TYPE "Microsoft.Authorization/roleAssignments"

/* A member of a body: inside its "properties" or beside them. */
static struct slice body_get(struct slice body, const char *name)
{
    struct slice found = json_get_nocase(json_get_nocase(body, "properties"), name);

    return found.data != NULL ? found : json_get_nocase(body, name);
}

/* Role and principal of a body of the call, or of the event's own properties. */
static void read_body(struct event_facts *r, struct facts_reading *x, struct slice body)
{
    struct slice text;

    if (body.data == NULL)
        return;
    facts_keep_guid(x, &r->text[FINDING_ROLE_ID], body_get(body, "roleDefinitionId"));
    facts_keep_guid(x, &r->text[FINDING_PRINCIPAL_ID], body_get(body, "principalId"));
    facts_keep_value(x, &r->text[FINDING_PRINCIPAL_TYPE], body_get(body, "principalType"));
    /* where no id says where it applies */
    if (r->text[FINDING_SCOPE] == NULL &&
        event_value_text(body_get(body, "scope"), &x->hold, &text) == 1 && text.len > 0 &&
        text.data[0] == '/')
        facts_keep(&r->text[FINDING_SCOPE], scope_trim(text));
}

/* What a deletion says beside its bodies: a cascade has ids of its own. */
static void read_removal(struct event_facts *r, struct facts_reading *x)
{
    struct slice properties = x->objects.properties, text;
    const char *scope;
    struct buf id = {0};

    r->cascade = facts_authorization(x, "action", &text) && rules_match("*/delete", text) &&
                 rules_operation(text) != r->operation;
    if (r->cascade || x->response.data == NULL) {
        facts_keep_guid(x, &r->text[FINDING_ASSIGNMENT_NAME], json_get_nocase(properties, "id"));
        facts_keep_value(x, &r->text[FINDING_SCOPE], json_get_nocase(properties, "scope"));
    }
    scope = r->text[FINDING_SCOPE];
    if (r->text[FINDING_ASSIGNMENT_ID] != NULL || r->text[FINDING_ASSIGNMENT_NAME] == NULL ||
        scope == NULL)
        return;
    buf_printf(&id, "%s/providers/" ASSIGNMENT_TYPE "/%s", strcmp(scope, "/") == 0 ? "" : scope,
               r->text[FINDING_ASSIGNMENT_NAME]);
    facts_keep(&r->text[FINDING_ASSIGNMENT_ID], buf_slice(&id));
    buf_free(&id);
}

/* Longer than any role is given for: a thousand years. */
#define DURATION_MAX (INT64_C(365250) * TICKS_PER_DAY)

/* The parts of an ISO 8601 duration that PIM writes, in ticks: "P365D", "PT8H", "PT30M". 0: none.
 */
static int64_t duration_of(struct slice text)
{
    int64_t ticks = 0, n = 0;
    int in_time = 0;
    size_t i;

    if (text.len < 2 || text.data[0] != 'P')
        return 0;
    for (i = 1; i < text.len; i++) {
        char c = text.data[i];
        int64_t unit = c == 'D'              ? TICKS_PER_DAY
                       : c == 'H'            ? 3600 * TICKS_PER_SECOND
                       : c == 'S'            ? TICKS_PER_SECOND
                       : c == 'M' && in_time ? 60 * TICKS_PER_SECOND
                       : c == 'M'            ? 30 * TICKS_PER_DAY
                       : c == 'Y'            ? 365 * TICKS_PER_DAY
                                             : 0;

        if (c == 'T') {
            in_time = 1;
        } else if (c >= '0' && c <= '9' && n < 100000) {
            n = n * 10 + (c - '0');
        } else if (unit > 0 && n <= DURATION_MAX / unit && ticks <= DURATION_MAX) {
            ticks += n * unit;
            n = 0;
        } else {
            return 0;
        }
    }
    return ticks;
}

/* What a request to PIM asks for, and until when. */
static void read_pim_request(struct event_facts *r, struct facts_reading *x)
{
    struct slice text, info = body_get(x->request, "scheduleInfo"), until;
    int64_t start = event_value_time(json_get_nocase(info, "startDateTime"));

    r->pim = strstr(r->operation->name, "Eligib") != NULL ? PIM_ELIGIBLE : PIM_ACTIVE;
    r->typed = rules_match("*/cancel/action", slice_of(r->operation->name));
    if (r->typed)
        r->pim = PIM_OTHER;
    if (event_value_text(body_get(x->request, "requestType"), &x->hold, &text) == 1) {
        r->typed = 1;
        if (rules_match("*Remove", text) || rules_match("*Deactivate", text))
            r->pim = PIM_END;
        r->asks = rules_match("SelfExtend", text) || rules_match("SelfRenew", text);
    }
    r->starts = start;
    until = json_get_nocase(info, "expiration");
    r->expires = event_value_time(json_get_nocase(until, "endDateTime"));
    if (r->expires == 0 &&
        event_value_text(json_get_nocase(until, "duration"), &x->hold, &text) == 1) {
        int64_t length = duration_of(text);

        if (length > 0 && (start != 0 || r->time != 0))
            r->expires = (start != 0 ? start : r->time) + length;
    }
}

/* What an assignment, a removal or a PIM request says about role, principal and name. */
static void read_assignment(struct event_facts *r, struct facts_reading *x)
{
    read_body(r, x, x->request);
    read_body(r, x, x->response);
    read_body(r, x, x->objects.properties);
    if (r->operation->kind == OPERATION_UNASSIGN)
        read_removal(r, x);
    if (r->operation->kind == OPERATION_PIM_REQUEST)
        read_pim_request(r, x);
}

/* Whether one of a permission's lists has a pattern that covers an action. */
static int covers(struct slice permission, const char *list, const char *action)
{
    struct slice names = json_get_nocase(permission, list), name, text;
    struct json_iter it;
    struct err ignored;
    struct buf hold = {0};
    int yes = 0;

    if (json_kind(names) != JSON_ARRAY || json_array_begin(&it, names, &ignored) != 0)
        return 0;
    while (!yes && json_array_next(&it, &name, &ignored) == 1) {
        if (event_value_text(name, &hold, &text) == 1)
            yes = rules_action_covers(text, action);
    }
    buf_free(&hold);
    return yes;
}

/* What one permission of a role definition gives. */
static enum role_class permission_gives(struct slice permission)
{
    const char *right;
    size_t i;

    if (covers(permission, "notActions", "*"))
        return ROLE_CUSTOM;
    for (i = 0; (right = rules_granting_right(i)) != NULL; i++) {
        if (covers(permission, "actions", right) && !covers(permission, "notActions", right))
            return ROLE_GRANTS_ROLES;
    }
    /* Everything but these rights is what Contributor has. */
    return covers(permission, "actions", "*") ? ROLE_CONTRIBUTOR : ROLE_CUSTOM;
}

/* What the permissions of a role definition give together. */
static enum role_class permissions_give(struct slice permissions)
{
    enum role_class best = ROLE_CUSTOM, gives;
    struct json_iter list;
    struct slice permission;
    struct err ignored;

    if (json_kind(permissions) != JSON_ARRAY || json_array_begin(&list, permissions, &ignored) != 0)
        return best;
    while (json_array_next(&list, &permission, &ignored) == 1) {
        if (json_kind(permission) != JSON_OBJECT)
            continue;
        gives = permission_gives(permission);
        if (gives > best)
            best = gives;
    }
    return best;
}

/* What a change of a role definition says. */
static void read_definition(struct event_facts *r, struct facts_reading *x)
{
    struct slice body[2];
    char guid[SCOPE_GUID_MAX];
    size_t i;

    body[0] = x->request;
    body[1] = x->response;
    if (r->text[FINDING_RESOURCE_ID] != NULL) {
        struct slice id = scope_last(slice_of(r->text[FINDING_RESOURCE_ID]));

        facts_keep(&r->text[FINDING_ROLE_ID], scope_guid(id, guid) ? slice_of(guid) : id);
    }
    for (i = 0; i < 2; i++) {
        enum role_class gives;

        if (body[i].data == NULL)
            continue;
        facts_keep_value(x, &r->text[FINDING_ROLE_NAME], body_get(body[i], "roleName"));
        gives = permissions_give(body_get(body[i], "permissions"));
        if (gives > r->defined)
            r->defined = gives;
    }
}

/* Lighthouse tells the delegation as JSON in the description. */
static void read_delegation(struct event_facts *r, struct facts_reading *x)
{
    static const char *const names[] = {"delegationResourceId", "subscriptionId",
                                        "subscriptionTenantId"};
    struct slice described;
    struct buf hold = {0}, note = {0};
    char *to[3] = {NULL};
    size_t i;

    if (event_object(x->ev->field[EVENT_DESCRIPTION], &hold, &described) == 1) {
        for (i = 0; i < 3; i++)
            facts_keep_value(x, &to[i], json_get_nocase(described, names[i]));
        buf_printf(&note, "Delegation %s of subscription %s in tenant %s.",
                   to[0] == NULL ? "unknown" : to[0], to[1] == NULL ? "unknown" : to[1],
                   to[2] == NULL ? "unknown" : to[2]);
        facts_keep(&r->note, buf_slice(&note));
    }
    for (i = 0; i < 3; i++)
        free(to[i]);
    buf_free(&hold);
    buf_free(&note);
}

void facts_details(struct event_facts *r, struct facts_reading *x)
{
    switch (r->operation->kind) {
    case OPERATION_ELEVATE:
        facts_keep(&r->text[FINDING_ROLE_ID], slice_of(ROLES_USER_ACCESS_ADMINISTRATOR));
        if (r->text[FINDING_CALLER_OBJECT_ID] != NULL)
            facts_keep(&r->text[FINDING_PRINCIPAL_ID], slice_of(r->text[FINDING_CALLER_OBJECT_ID]));
        break;
    case OPERATION_ASSIGN:
    case OPERATION_UNASSIGN:
    case OPERATION_PIM_REQUEST:
        read_assignment(r, x);
        break;
    case OPERATION_DEFINE_ROLE:
    case OPERATION_DELETE_ROLE:
        read_definition(r, x);
        break;
    case OPERATION_DELEGATE:
        read_delegation(r, x);
        break;
    default:
        break;
    }
}
