#include "detect/record.h"

#include "detect/roles.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

#define CLAIM "http://schemas.microsoft.com/identity/claims/"
#define ASSIGNMENT_TYPE "Microsoft.Authorization/roleAssignments"
#define GROUP_PATH "/providers/Microsoft.Management/managementGroups/"

/* An event opened for reading, with room for what has to be decoded. */
struct reading {
    const struct event *ev;
    struct event_objects objects;
    struct slice request, response; /* bodies of the call; absent ones have data NULL */
    struct buf hold_request, hold_response, hold;
};

/* Copy a text into *to unless something is there. Returns -1 without memory. */
static int keep(char **to, struct slice text)
{
    if (*to != NULL || text.data == NULL || text.len == 0)
        return 0;
    *to = slice_dup(text);
    return *to == NULL ? -1 : 0;
}

/* Keep the text of a JSON value. */
static int keep_value(struct reading *x, char **to, struct slice value)
{
    struct slice text;
    int got = *to != NULL ? 0 : event_value_text(value, &x->hold, &text);

    return got > 0 ? keep(to, text) : got;
}

static int keep_field(struct reading *x, char **to, enum event_field f)
{
    return keep_value(x, to, x->ev->field[f]);
}

/* The last part of an id in a JSON value, as a GUID with dashes if it is one. */
static int keep_guid(struct reading *x, char **to, struct slice value)
{
    char guid[SCOPE_GUID_MAX];
    struct slice text;
    int got = *to != NULL ? 0 : event_value_text(value, &x->hold, &text);

    if (got <= 0)
        return got;
    text = scope_last(text);
    if (scope_guid(text, guid))
        text = slice_of(guid);
    return keep(to, text);
}

/* A member of a body: inside its "properties" or beside them. */
static struct slice body_get(struct slice body, const char *name)
{
    struct slice found = json_get_nocase(json_get_nocase(body, "properties"), name);

    return found.data != NULL ? found : json_get_nocase(body, name);
}

const struct rules_operation *record_operation(const struct event *ev)
{
    const struct rules_operation *op = NULL;
    struct event_objects objects = {0};
    struct buf hold = {0};
    struct slice name;

    if (event_text(ev, EVENT_OPERATION, &hold, &name) == 1)
        op = rules_operation(name);
    else
        name.data = NULL;
    /* A translated name ("Create role assignment") has no slash; the action does. */
    if (op == NULL && (name.data == NULL || memchr(name.data, '/', name.len) == NULL) &&
        event_objects_open(&objects, ev) == 0 &&
        event_value_text(json_get_nocase(objects.authorization, "action"), &hold, &name) == 1)
        op = rules_operation(name);
    event_objects_free(&objects);
    buf_free(&hold);
    return op;
}

/* Whether text holds a word, ignoring case. */
static int has_word(struct slice text, const char *word)
{
    size_t n = strlen(word), i;

    for (i = 0; i + n <= text.len; i++) {
        struct slice part = {text.data + i, n};

        if (slice_equals_nocase(part, word))
            return 1;
    }
    return 0;
}

/* Outcome by the words of status; -1 when it is none that ends an operation. */
static int outcome_of(struct slice status)
{
    static const char *const good[] = {"Succeeded", "Success", "OK", "Created", "NoContent"};
    static const char *const bad[] = {"Failed",   "Failure",    "Error",     "Canceled",
                                      "Conflict", "BadRequest", "Forbidden", "NotFound"};
    size_t i;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (slice_equals_nocase(status, good[i]))
            return OUTCOME_SUCCEEDED;
    }
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (slice_equals_nocase(status, bad[i]))
            return OUTCOME_FAILED;
    }
    return -1;
}

/* How it went: status, else the status code of the call. */
static int read_outcome(struct record *r, struct reading *x)
{
    struct slice text, code = json_get_nocase(x->objects.properties, "statusCode");
    int got = event_text(x->ev, EVENT_STATUS, &x->hold, &text), outcome = -1;

    if (got == 0)
        got = event_value_text(code, &x->hold, &text);
    if (got < 0)
        return -1;
    if (got == 1)
        outcome = outcome_of(text);
    r->outcome = outcome < 0 ? OUTCOME_STARTED : (enum outcome)outcome;
    if (r->outcome == OUTCOME_FAILED && r->operation->kind == OPERATION_ASSIGN)
        r->exists = has_word(x->ev->raw, "RoleAssignmentExists");
    if (r->outcome != OUTCOME_SUCCEEDED || r->operation->kind != OPERATION_UNASSIGN)
        return 0;
    /* "NoContent", or "Succeeded.NoContent" in the stream. */
    if ((got = event_text(x->ev, EVENT_SUB_STATUS, &x->hold, &text)) == 1)
        r->nothing = has_word(text, "NoContent");
    if (got == 0 && (got = event_value_text(code, &x->hold, &text)) == 1)
        r->nothing = slice_equals_nocase(text, "NoContent") || slice_equals_nocase(text, "204");
    return got < 0 ? -1 : 0;
}

/* Who did it, from where. */
static int read_caller(struct record *r, struct reading *x)
{
    struct slice claims = x->objects.claims, text;
    char guid[SCOPE_GUID_MAX];
    int got = event_caller(x->ev, &x->objects, &x->hold, &text);

    if (got < 0 || (got == 1 && keep(&r->text[FINDING_CALLER], text) != 0))
        return -1;
    if (keep_value(x, &r->text[FINDING_CALLER_OBJECT_ID],
                   json_get_nocase(claims, CLAIM "objectidentifier")) != 0 ||
        keep_value(x, &r->text[FINDING_CALLER_OBJECT_ID], json_get_nocase(claims, "oid")) != 0 ||
        keep_value(x, &r->text[FINDING_CALLER_APP_ID], json_get_nocase(claims, "appid")) != 0 ||
        keep_value(x, &r->text[FINDING_CALLER_APP_ID], json_get_nocase(claims, "azp")) != 0 ||
        keep_value(x, &r->text[FINDING_CALLER_IP],
                   json_get_nocase(x->objects.http_request, "clientIpAddress")) != 0 ||
        keep_value(x, &r->text[FINDING_CALLER_IP], json_get_nocase(claims, "ipaddr")) != 0 ||
        keep_field(x, &r->text[FINDING_CALLER_IP], EVENT_CALLER_IP) != 0 ||
        keep_value(x, &r->claim_tenant, json_get_nocase(claims, CLAIM "tenantid")) != 0)
        return -1;
    /* Since 2018 the caller of a service principal is its object id. */
    if (r->text[FINDING_CALLER_OBJECT_ID] == NULL && r->text[FINDING_CALLER] != NULL &&
        scope_guid(slice_of(r->text[FINDING_CALLER]), guid) &&
        (r->text[FINDING_CALLER_APP_ID] == NULL ||
         !slice_equals_nocase(slice_of(r->text[FINDING_CALLER_APP_ID]), r->text[FINDING_CALLER])))
        return keep(&r->text[FINDING_CALLER_OBJECT_ID], slice_of(guid));
    return 0;
}

/* Ids that tie records together, and the tenant. */
static int read_ids(struct record *r, struct reading *x)
{
    struct slice text;
    int got;

    /* The table AzureActivity (known by TimeGenerated) has its workspace's id as tenant. */
    if (x->ev->rank[EVENT_TIME] < 2 &&
        keep_field(x, &r->text[FINDING_TENANT_ID], EVENT_TENANT_ID) != 0)
        return -1;
    if (keep_field(x, &r->text[FINDING_CORRELATION_ID], EVENT_CORRELATION_ID) != 0 ||
        keep_field(x, &r->text[FINDING_OPERATION_ID], EVENT_OPERATION_ID) != 0 ||
        keep_field(x, &r->data_id, EVENT_DATA_ID) != 0)
        return -1;
    got = event_value_text(json_get_nocase(x->objects.properties, "hierarchy"), &x->hold, &text);
    if (got == 1) {
        const char *slash = memchr(text.data, '/', text.len);

        if (slash != NULL)
            text.len = (size_t)(slash - text.data);
        got = keep(&r->hierarchy_tenant, text);
    }
    return got < 0 ? -1 : 0;
}

/*
 * The id of what was changed: resourceId, else the event's id up to "/events/", else the scope of
 * the authorization, else the entity. A better spelling (the stream prints in capitals) replaces
 * it.
 */
static int read_resource(struct record *r, struct reading *x)
{
    char **id = &r->text[FINDING_RESOURCE_ID];
    struct slice other[2], text;
    size_t i;

    if (keep_field(x, id, EVENT_RESOURCE_ID) != 0)
        return -1;
    if (*id == NULL && keep_field(x, id, EVENT_ID) != 0)
        return -1;
    if (*id != NULL && x->ev->field[EVENT_RESOURCE_ID].data == NULL) {
        char *events = strstr(*id, "/events/");

        if (events != NULL)
            *events = '\0';
        if (**id == '\0') {
            free(*id);
            *id = NULL;
        }
    }
    other[0] = json_get_nocase(x->objects.authorization, "scope");
    other[1] = json_get_nocase(x->objects.properties, "entity");
    for (i = 0; i < 2; i++) {
        int got = event_value_text(other[i], &x->hold, &text);

        if (got < 0)
            return -1;
        if (got == 0)
            continue;
        if (*id != NULL &&
            (!scope_same(slice_of(*id), text) || strpbrk(*id, "abcdefghijklmnopqrstuvwxyz")))
            continue;
        free(*id);
        *id = NULL;
        if (keep(id, text) != 0)
            return -1;
    }
    if (*id != NULL)
        (*id)[scope_trim(slice_of(*id)).len] = '\0';
    return 0;
}

/* The scope that an id without extension stands for: its management group or subscription. */
static struct slice plain_scope(struct slice id)
{
    size_t parts = 0, i, want = 0;

    if (id.len >= sizeof(GROUP_PATH) - 1) {
        struct slice head = {id.data, sizeof(GROUP_PATH) - 1};

        if (slice_equals_nocase(head, GROUP_PATH))
            want = 4;
    }
    if (id.len > 15 && slice_equals_nocase((struct slice){id.data, 15}, "/subscriptions/"))
        want = 2;
    for (i = 1; want > 0 && i < id.len; i++) {
        if (id.data[i] == '/' && ++parts == want) {
            id.len = i;
            break;
        }
    }
    return id;
}

/* Where the change applies, and the name of an assignment. */
static int read_scope(struct record *r, struct reading *x)
{
    const char *extension = r->operation->extension;
    struct slice tries[3], scope = {NULL, 0}, name = {NULL, 0};
    size_t i;

    if (r->operation->kind == OPERATION_ELEVATE)
        return keep(&r->text[FINDING_SCOPE], slice_of("/"));
    if (extension == NULL) {
        if (r->text[FINDING_RESOURCE_ID] != NULL)
            scope = plain_scope(slice_of(r->text[FINDING_RESOURCE_ID]));
        return keep(&r->text[FINDING_SCOPE], scope);
    }
    tries[0] = (struct slice){NULL, 0};
    tries[1] = json_get_nocase(x->objects.authorization, "scope");
    tries[2] = json_get_nocase(x->objects.properties, "entity");
    for (i = 0; i < 3 && scope.data == NULL; i++) {
        struct slice text = {NULL, 0};
        int got = 0;

        if (i == 0 && r->text[FINDING_RESOURCE_ID] != NULL)
            text = slice_of(r->text[FINDING_RESOURCE_ID]);
        else if (i > 0)
            got = event_value_text(tries[i], &x->hold, &text);
        if (got < 0)
            return -1;
        if (text.data != NULL && scope_split(text, extension, &scope, &name)) {
            if (keep(&r->text[FINDING_SCOPE], scope) != 0)
                return -1;
            if (strcmp(extension, ASSIGNMENT_TYPE) == 0 &&
                (keep(&r->text[FINDING_ASSIGNMENT_NAME], name) != 0 ||
                 keep(&r->text[FINDING_ASSIGNMENT_ID], text) != 0))
                return -1;
        }
    }
    if (scope.data == NULL && (strncmp(extension, "Microsoft.Resources", 19) == 0 ||
                               strncmp(extension, "Microsoft.Subscription", 22) == 0))
        return keep(&r->text[FINDING_SCOPE], slice_of("/"));
    return 0;
}

/* Role and principal of a body of the call, or of the event's own properties. */
static int read_body(struct record *r, struct reading *x, struct slice body)
{
    if (body.data == NULL)
        return 0;
    if (keep_guid(x, &r->text[FINDING_ROLE_ID], body_get(body, "roleDefinitionId")) != 0 ||
        keep_guid(x, &r->text[FINDING_PRINCIPAL_ID], body_get(body, "principalId")) != 0 ||
        keep_value(x, &r->text[FINDING_PRINCIPAL_TYPE], body_get(body, "principalType")) != 0)
        return -1;
    return 0;
}

/* What an assignment, a removal or a PIM request says about role, principal and name. */
static int read_assignment(struct record *r, struct reading *x)
{
    struct slice properties = x->objects.properties, text;
    struct buf id = {0};
    int got;

    if (read_body(r, x, x->request) != 0 || read_body(r, x, x->response) != 0)
        return -1;
    if (r->operation->kind != OPERATION_UNASSIGN)
        return 0;
    got = event_value_text(json_get_nocase(x->objects.authorization, "action"), &x->hold, &text);
    if (got < 0)
        return -1;
    r->cascade = got == 1 && rules_match("*/delete", text) && rules_operation(text) != r->operation;
    if (r->cascade || x->response.data == NULL) {
        if (read_body(r, x, properties) != 0 ||
            keep_guid(x, &r->text[FINDING_ASSIGNMENT_NAME], json_get_nocase(properties, "id")) != 0)
            return -1;
        if (keep_value(x, &r->text[FINDING_SCOPE], json_get_nocase(properties, "scope")) != 0)
            return -1;
    }
    if (r->text[FINDING_ASSIGNMENT_ID] == NULL && r->text[FINDING_ASSIGNMENT_NAME] != NULL &&
        r->text[FINDING_SCOPE] != NULL) {
        const char *scope = r->text[FINDING_SCOPE];

        got = buf_printf(&id, "%s/providers/" ASSIGNMENT_TYPE "/%s",
                         strcmp(scope, "/") == 0 ? "" : scope, r->text[FINDING_ASSIGNMENT_NAME]);
        if (got == 0)
            got = keep(&r->text[FINDING_ASSIGNMENT_ID], buf_slice(&id));
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
static int read_definition(struct record *r, struct reading *x)
{
    struct slice body[2], id = slice_of("");
    size_t i;

    body[0] = x->request;
    body[1] = x->response;
    if (r->text[FINDING_RESOURCE_ID] != NULL)
        id = scope_last(slice_of(r->text[FINDING_RESOURCE_ID]));
    if (keep(&r->text[FINDING_ROLE_ID], id) != 0)
        return -1;
    for (i = 0; i < 2; i++) {
        if (body[i].data == NULL)
            continue;
        if (keep_value(x, &r->text[FINDING_ROLE_NAME], body_get(body[i], "roleName")) != 0)
            return -1;
        r->grants_all |= grants(body_get(body[i], "permissions"));
    }
    return 0;
}

/* Lighthouse tells the delegation as JSON in the description. */
static int read_delegation(struct record *r, struct reading *x)
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
    if (keep_value(x, &to[0], json_get_nocase(described, "delegationResourceId")) != 0 ||
        keep_value(x, &to[1], json_get_nocase(described, "subscriptionId")) != 0 ||
        keep_value(x, &to[2], json_get_nocase(described, "subscriptionTenantId")) != 0)
        goto out;
    if (buf_printf(&note, "Delegation %s of subscription %s in tenant %s.",
                   to[0] == NULL ? "unknown" : to[0], to[1] == NULL ? "unknown" : to[1],
                   to[2] == NULL ? "unknown" : to[2]) != 0)
        goto out;
    ret = keep(&r->note, buf_slice(&note));
out:
    free(to[0]);
    free(to[1]);
    free(to[2]);
    buf_free(&hold);
    buf_free(&note);
    return ret;
}

/* The operation's name as Azure documents it; of those known by a pattern, as it stands. */
static int read_operation(struct record *r, struct reading *x)
{
    if (strchr(r->operation->name, '*') == NULL)
        return keep(&r->text[FINDING_OPERATION], slice_of(r->operation->name));
    return keep_field(x, &r->text[FINDING_OPERATION], EVENT_OPERATION);
}

/* What belongs to one kind of operation alone. */
static int read_details(struct record *r, struct reading *x)
{
    switch (r->operation->kind) {
    case OPERATION_ELEVATE:
        return keep(&r->text[FINDING_ROLE_ID], slice_of(ROLES_USER_ACCESS_ADMINISTRATOR)) != 0 ||
                       (r->text[FINDING_CALLER_OBJECT_ID] != NULL &&
                        keep(&r->text[FINDING_PRINCIPAL_ID],
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

/* Ids that are GUIDs are compared and shown in one form. */
static void tidy(struct record *r)
{
    static const enum finding_text ids[] = {FINDING_CALLER_OBJECT_ID, FINDING_CALLER_APP_ID,
                                            FINDING_TENANT_ID,        FINDING_ASSIGNMENT_NAME,
                                            FINDING_PRINCIPAL_ID,     FINDING_ROLE_ID};
    char guid[SCOPE_GUID_MAX];
    size_t i;

    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        char *s = r->text[ids[i]];

        if (s != NULL && strlen(s) == SCOPE_GUID_MAX - 1 && scope_guid(slice_of(s), guid))
            memcpy(s, guid, SCOPE_GUID_MAX);
    }
}

int record_read(struct record *r, const struct event *ev, const struct rules_operation *op)
{
    struct reading x = {0};
    int ret = -1;

    memset(r, 0, sizeof(*r));
    r->operation = op;
    r->time = event_time(ev);
    x.ev = ev;
    if (event_objects_open(&x.objects, ev) != 0 ||
        event_object(json_get_nocase(x.objects.properties, "requestbody"), &x.hold_request,
                     &x.request) < 0 ||
        event_object(json_get_nocase(x.objects.properties, "responseBody"), &x.hold_response,
                     &x.response) < 0)
        goto out;
    if (read_operation(r, &x) != 0 || read_caller(r, &x) != 0 || read_ids(r, &x) != 0 ||
        read_resource(r, &x) != 0 || read_scope(r, &x) != 0 || read_outcome(r, &x) != 0 ||
        read_details(r, &x) != 0)
        goto out;
    tidy(r);
    ret = 0;
out:
    event_objects_free(&x.objects);
    buf_free(&x.hold_request);
    buf_free(&x.hold_response);
    buf_free(&x.hold);
    return ret;
}

void record_free(struct record *r)
{
    size_t i;

    for (i = 0; i < FINDING_TEXTS; i++)
        free(r->text[i]);
    free(r->data_id);
    free(r->hierarchy_tenant);
    free(r->claim_tenant);
    free(r->note);
    memset(r, 0, sizeof(*r));
}
