#include "story.h"

#include "base/json.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whether scope `a` is `b` or lies above it. */
static int above(const struct tenant *t, const char *a, const char *b)
{
    size_t n = strlen(a), i;

    if (strcmp(a, "/") == 0 || strcasecmp(a, b) == 0)
        return 1;
    if (strncasecmp(a, b, n) == 0 && b[n] == '/')
        return 1;
    for (i = 1; i < t->nscopes; i++) {
        const struct log_scope *s = &t->scopes[i];
        size_t len = strlen(s->path);

        if (strncasecmp(s->path, b, len) != 0 || (b[len] != '\0' && b[len] != '/'))
            continue;
        if (s->parent > 0)
            return above(t, a, t->scopes[s->parent].path);
    }
    return 0;
}

size_t story_assignments(const struct tenant *t, const char *scope, int below,
                         const struct story_assignment **out)
{
    size_t n = 0;
    int i;

    for (i = 0; i < t->story->nassignments; i++) {
        const struct story_assignment *a = &t->story->assignments[i];

        if (scope == NULL || above(t, a->scope, scope) || (below && above(t, scope, a->scope)))
            out[n++] = a;
    }
    return n;
}

/* Name of a principal's kind as Azure spells it. */
static const char *kind_name(const struct principal *p)
{
    return p->kind == WHO_USER ? "User" : p->kind == WHO_SERVICE ? "ServicePrincipal" : "Group";
}

/* The object that Get-AzRoleAssignment puts out. */
static void print_az(struct buf *out, const struct story_assignment *a, const struct principal *p)
{
    buf_printf(
        out,
        "{\"RoleAssignmentName\":\"%s\",\"RoleAssignmentId\":\"%s/providers/"
        "Microsoft.Authorization/roleAssignments/%s\",\"Scope\":\"%s\",\"DisplayName\":\"%s\","
        "\"SignInName\":%s%s%s,\"RoleDefinitionName\":\"%s\",\"RoleDefinitionId\":\"%s\","
        "\"ObjectId\":\"%s\",\"ObjectType\":\"%s\",\"CanDelegate\":false,\"Description\":null,"
        "\"ConditionVersion\":null,\"Condition\":null}",
        a->name, strcmp(a->scope, "/") == 0 ? "" : a->scope, a->name, a->scope, p->name,
        p->upn[0] == '\0' ? "" : "\"", p->upn[0] == '\0' ? "null" : p->upn,
        p->upn[0] == '\0' ? "" : "\"", story_roles[a->role].name, story_roles[a->role].id, p->oid,
        kind_name(p));
}

void story_print_assignment(struct buf *out, const struct tenant *t,
                            const struct story_assignment *a, int az)
{
    const struct principal *p = &t->who[a->principal];
    const char *creator = t->who[a->creator].oid;
    char when[TIMESTAMP_TEXT_MAX];

    if (az) {
        print_az(out, a, p);
        return;
    }
    (void)timestamp_format(a->created, when);
    buf_printf(
        out,
        "{\"properties\":{\"roleDefinitionId\":\"/providers/Microsoft.Authorization/"
        "roleDefinitions/%s\",\"principalId\":\"%s\",\"principalType\":\"%s\",\"scope\":\"%s\","
        "\"condition\":null,\"conditionVersion\":null,\"createdOn\":\"%s\",\"updatedOn\":\"%s\","
        "\"createdBy\":\"%s\",\"updatedBy\":\"%s\",\"delegatedManagedIdentityResourceId\":null,"
        "\"description\":null},\"id\":\"%s/providers/Microsoft.Authorization/roleAssignments/%s\","
        "\"type\":\"Microsoft.Authorization/roleAssignments\",\"name\":\"%s\"}",
        story_roles[a->role].id, p->oid, kind_name(p), a->scope, when, when, creator, creator,
        strcmp(a->scope, "/") == 0 ? "" : a->scope, a->name, a->name);
}

/* The kind of scope that a finding names. */
static const char *scope_kind(const struct tenant *t, const char *scope)
{
    static const char groups[] = "/providers/Microsoft.Management/managementGroups/";

    if (strcmp(scope, "/") == 0)
        return "root";
    if (strncasecmp(scope, groups, sizeof(groups) - 1) == 0)
        return strcasecmp(scope + sizeof(groups) - 1, t->options->tenant) == 0 ? "tenantRootGroup"
                                                                               : "managementGroup";
    return strstr(scope, "/resourceGroups/") != NULL ? "resourceGroup" : "subscription";
}

/* `,"name":` and the text, or null. */
static void member(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, ",\"%s\":", name);
    json_put_string(out, value != NULL && *value == '\0' ? NULL : value);
}

/* The ids of an operation's events in the log of s. */
static void print_event_ids(struct buf *out, const struct story_op *op, const struct log_scope *s)
{
    size_t i;
    int first = 1;

    buf_puts(out, ",\"eventDataIds\":[");
    for (i = 0; i < s->nindex; i++) {
        char id[GUID_TEXT_MAX];

        if (s->index[i].seq >= s->nstories || s->stories[s->index[i].seq]->op != op)
            continue;
        event_id(s, &s->index[i], id);
        buf_printf(out, "%s\"%s\"", first ? "" : ",", id);
        first = 0;
    }
    buf_putc(out, ']');
}

/* One finding. */
static void print_finding(struct buf *out, const struct tenant *t, const struct log_scope *s,
                          const struct story_op *op)
{
    const struct principal *caller = &t->who[op->caller];
    const struct principal *p = op->principal < 0 ? NULL : &t->who[op->principal];
    const struct story_op *ended = op->ended_by < 0 ? NULL : &t->story->ops[op->ended_by];
    const char *who = caller->kind == WHO_USER ? caller->upn : caller->oid;
    const char *who_ended = NULL;
    char when[TIMESTAMP_TEXT_MAX], ended_when[TIMESTAMP_TEXT_MAX];
    char correlation[GUID_TEXT_MAX];
    struct rng r = {rng_hash(op->seed, 11)};

    if (ended != NULL)
        who_ended = t->who[ended->caller].kind == WHO_USER ? t->who[ended->caller].upn
                                                           : t->who[ended->caller].oid;
    (void)timestamp_format(op->has_begin ? op->begin : op->end, when);
    buf_printf(out, "{\"story\":\"%s\",\"rule\":\"%s\",\"logScope\":\"%s\",\"time\":\"%s\"",
               op->name, op->rule, s->text, when);
    member(out, "outcome", op->failed ? "Failed" : "Succeeded");
    member(out, "operation", op->operation);
    member(out, "caller", who);
    member(out, "callerObjectId", caller->oid);
    member(out, "callerIpAddress", caller->ip);
    member(out, "scope", op->scope);
    member(out, "scopeKind", scope_kind(t, op->scope));
    member(out, "resourceId", op->resource_id);
    member(out, "roleAssignmentName",
           strstr(op->operation, "roleAssignments") == NULL ? NULL : op->assignment);
    member(out, "principalId", p == NULL ? NULL : p->oid);
    member(out, "principalName", p == NULL ? NULL : p->name);
    member(out, "roleDefinitionId", op->role < 0 ? NULL : story_roles[op->role].id);
    member(out, "roleDefinitionName", op->role < 0 ? NULL : story_roles[op->role].name);
    member(out, "endedTime", ended == NULL ? NULL : timestamp_format(ended->end, ended_when));
    member(out, "endedBy", who_ended);
    member(out, "state", op->state);
    member(out, "correlationId", rng_guid(&r, correlation));
    print_event_ids(out, op, s);
    buf_puts(out, "}\n");
}

void story_print_findings(struct buf *out, const struct tenant *t, const struct log_scope *s)
{
    const struct story_op *last = NULL;
    size_t i;

    for (i = 0; i < s->nstories; i++) {
        const struct story_op *op = s->stories[i]->op;

        if (op->rule == NULL || op == last || (op->has_begin && s->stories[i]->end))
            continue;
        last = op;
        print_finding(out, t, s, op);
    }
}
