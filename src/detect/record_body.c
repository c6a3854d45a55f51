/* The part of a record that only some operations have, most of it from the bodies of the call. */
#include "detect/record_part.h"

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
static int read_body(struct record *r, struct record_reading *x, struct slice body)
{
    if (body.data == NULL)
        return 0;
    if (record_keep_guid(x, &r->text[FINDING_ROLE_ID], body_get(body, "roleDefinitionId")) != 0 ||
        record_keep_guid(x, &r->text[FINDING_PRINCIPAL_ID], body_get(body, "principalId")) != 0 ||
        record_keep_value(x, &r->text[FINDING_PRINCIPAL_TYPE], body_get(body, "principalType")) !=
            0)
        return -1;
    return 0;
}

/* What an assignment, a removal or a PIM request says about role, principal and name. */
static int read_assignment(struct record *r, struct record_reading *x)
{
    struct slice properties = x->objects.properties, text;
    struct buf id = {0};
    int got;

    if (read_body(r, x, x->request) != 0 || read_body(r, x, x->response) != 0 ||
        read_body(r, x, properties) != 0)
        return -1;
    if (r->operation->kind != OPERATION_UNASSIGN)
        return 0;
    got = event_value_text(json_get_nocase(x->objects.authorization, "action"), &x->hold, &text);
    if (got < 0)
        return -1;
    r->cascade = got == 1 && rules_match("*/delete", text) && rules_operation(text) != r->operation;
    if (r->cascade || x->response.data == NULL) {
        if (record_keep_guid(x, &r->text[FINDING_ASSIGNMENT_NAME],
                             json_get_nocase(properties, "id")) != 0)
            return -1;
        if (record_keep_value(x, &r->text[FINDING_SCOPE], json_get_nocase(properties, "scope")) !=
            0)
            return -1;
    }
    if (r->text[FINDING_ASSIGNMENT_ID] == NULL && r->text[FINDING_ASSIGNMENT_NAME] != NULL &&
        r->text[FINDING_SCOPE] != NULL) {
        const char *scope = r->text[FINDING_SCOPE];

        got = buf_printf(&id, "%s/providers/" ASSIGNMENT_TYPE "/%s",
                         strcmp(scope, "/") == 0 ? "" : scope, r->text[FINDING_ASSIGNMENT_NAME]);
        if (got == 0)
            got = record_keep(&r->text[FINDING_ASSIGNMENT_ID], buf_slice(&id));
        buf_free(&id);
    }
    return got < 0 ? -1 : 0;
}

/* Whether the permissions of a role definition give everything or the right to give roles. */
static int grants(struct slice permissions)
{
    struct json_iter list, actions;
    struct slice permission, action;
    struct err ignored;
    struct buf hold = {0};
    int yes = 0;

    if (json_kind(permissions) != JSON_ARRAY || json_array_begin(&list, permissions, &ignored) != 0)
        return 0;
    while (!yes && json_array_next(&list, &permission, &ignored) == 1) {
        struct slice names = json_get_nocase(permission, "actions"), text;

        if (json_kind(names) != JSON_ARRAY || json_array_begin(&actions, names, &ignored) != 0)
            continue;
        while (!yes && json_array_next(&actions, &action, &ignored) == 1)
            yes = event_value_text(action, &hold, &text) == 1 && rules_action_grants(text);
    }
    buf_free(&hold);
    return yes;
}

/* What a change of a role definition says. */
static int read_definition(struct record *r, struct record_reading *x)
{
    struct slice body[2], id = slice_of("");
    size_t i;

    body[0] = x->request;
    body[1] = x->response;
    if (r->text[FINDING_RESOURCE_ID] != NULL)
        id = scope_last(slice_of(r->text[FINDING_RESOURCE_ID]));
    if (record_keep(&r->text[FINDING_ROLE_ID], id) != 0)
        return -1;
    for (i = 0; i < 2; i++) {
        if (body[i].data == NULL)
            continue;
        if (record_keep_value(x, &r->text[FINDING_ROLE_NAME], body_get(body[i], "roleName")) != 0)
            return -1;
        r->grants_all |= grants(body_get(body[i], "permissions"));
    }
    return 0;
}

/* Lighthouse tells the delegation as JSON in the description. */
static int read_delegation(struct record *r, struct record_reading *x)
{
    struct slice described;
    struct buf hold = {0}, note = {0};
    char *to[3] = {NULL};
    int ret = -1;

    if (event_object(x->ev->field[EVENT_DESCRIPTION], &hold, &described) < 0)
        goto out;
    if (described.data == NULL) {
        ret = 0;
        goto out;
    }
    if (record_keep_value(x, &to[0], json_get_nocase(described, "delegationResourceId")) != 0 ||
        record_keep_value(x, &to[1], json_get_nocase(described, "subscriptionId")) != 0 ||
        record_keep_value(x, &to[2], json_get_nocase(described, "subscriptionTenantId")) != 0)
        goto out;
    if (buf_printf(&note, "Delegation %s of subscription %s in tenant %s.",
                   to[0] == NULL ? "unknown" : to[0], to[1] == NULL ? "unknown" : to[1],
                   to[2] == NULL ? "unknown" : to[2]) != 0)
        goto out;
    ret = record_keep(&r->note, buf_slice(&note));
out:
    free(to[0]);
    free(to[1]);
    free(to[2]);
    buf_free(&hold);
    buf_free(&note);
    return ret;
}

int record_details(struct record *r, struct record_reading *x)
{
    switch (r->operation->kind) {
    case OPERATION_ELEVATE:
        return record_keep(&r->text[FINDING_ROLE_ID], slice_of(ROLES_USER_ACCESS_ADMINISTRATOR)) !=
                           0 ||
                       (r->text[FINDING_CALLER_OBJECT_ID] != NULL &&
                        record_keep(&r->text[FINDING_PRINCIPAL_ID],
                                    slice_of(r->text[FINDING_CALLER_OBJECT_ID])) != 0)
                   ? -1
                   : 0;
    case OPERATION_ASSIGN:
    case OPERATION_UNASSIGN:
    case OPERATION_PIM_REQUEST:
        return read_assignment(r, x);
    case OPERATION_DEFINE_ROLE:
    case OPERATION_DELETE_ROLE:
        return read_definition(r, x);
    case OPERATION_DELEGATE:
        return read_delegation(r, x);
    default:
        return 0;
    }
}
