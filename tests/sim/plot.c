#include "plot.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ASSIGNMENTS "/providers/Microsoft.Authorization/roleAssignments/"

const struct story_role story_roles[] = {
    {"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"},
    {"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"},
    {"User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"},
    {"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
    {"Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"},
};

/* A formatted text that the caller owns. */
char *plot_text(const char *fmt, ...)
{
    char line[1600];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    return mem_strdup(line);
}

/* Begin a story in that log; 0 when the log has no room for its events. */
int plot_begin(struct plot *b, struct log_scope *home, size_t events)
{
    const struct sim_options *o = b->t->options;
    size_t room = (size_t)(home->kind == SCOPE_TENANT ? o->events : o->events_per_scope), used = 0;
    int i;

    for (i = 0; i < b->s->nevents; i++)
        used += b->s->events[i].op->home == home;
    b->home = home;
    return o->distribution != DIST_EMPTY && used + events <= room;
}

/* The id of an assignment at a scope. */
static void assignment_id(char *out, size_t cap, const char *scope, const char *name)
{
    (void)snprintf(out, cap, "%s" ASSIGNMENTS "%s", strcmp(scope, "/") == 0 ? "" : scope, name);
}

/* Append an operation at `mille` thousandths of the stretch, with its events. */
static struct story_op *add(struct plot *b, const char *name, const char *rule, int mille,
                            enum who caller, int has_begin)
{
    const struct tenant *t = b->t;
    struct story_op *op = &b->s->ops[b->s->nops];
    int64_t span = t->end - t->start, lasts = 7 * TICKS_PER_SECOND / 10;
    int phase;

    op->seed = rng_hash(t->options->seed, 0x6000 + (uint64_t)b->s->nops);
    b->rng.state = rng_hash(op->seed, 1);
    b->s->nops++;
    op->name = name;
    op->rule = rule;
    op->caller = caller;
    op->principal = op->role = op->ended_by = op->under = -1;
    op->has_begin = has_begin;
    op->http_status = 200;
    op->home = b->home;
    op->provider = "Microsoft.Authorization";
    (void)snprintf(op->place, sizeof(op->place), "%s/%s/%s", t->options->tenant,
                   b->home->parent > 0 ? t->scopes[b->home->parent].id : t->options->tenant,
                   b->home->id);
    if (lasts > span / 5000)
        lasts = span / 5000;
    op->begin = t->start + span / 1000 * mille + (int64_t)rng_below(&b->rng, (uint32_t)lasts);
    op->end = op->begin + lasts + (int64_t)rng_below(&b->rng, (uint32_t)lasts);
    for (phase = has_begin ? 0 : 1; phase <= 1; phase++) {
        struct story_event *ev = &b->s->events[b->s->nevents++];

        ev->op = op;
        ev->end = phase;
        ev->ticks = phase ? op->end : op->begin;
        ev->id_seed = rng_hash(op->seed, 0x10 + (uint64_t)phase);
    }
    return op;
}

/* An elevation of the caller to User Access Administrator at /. */
struct story_op *plot_elevate(struct plot *b, const char *name, int mille, enum who caller)
{
    struct story_op *op = add(b, name, "elevate-access", mille, caller, 1);

    op->operation = "Microsoft.Authorization/elevateAccess/action";
    op->title = "Assigns the caller to User Access Administrator role";
    op->type = "Microsoft.Authorization";
    op->method = "POST";
    op->principal = (int)caller;
    op->role = ACCESS_ADMIN;
    op->power = 1;
    (void)snprintf(op->scope, sizeof(op->scope), "/");
    (void)snprintf(op->resource_id, sizeof(op->resource_id), "/providers/Microsoft.Authorization");
    op->state = "Active";
    return op;
}

/* A role given. pascal: the request body as PowerShell writes it. */
struct story_op *plot_give(struct plot *b, const char *name, const char *rule, int mille,
                           enum who caller, enum who principal, int role, const char *scope,
                           int pascal)
{
    struct story_op *op = add(b, name, rule, mille, caller, 1);
    const struct principal *p = &b->t->who[principal];
    const char *kind = p->kind == WHO_USER      ? "User"
                       : p->kind == WHO_SERVICE ? "ServicePrincipal"
                                                : "Group";

    op->operation = "Microsoft.Authorization/roleAssignments/write";
    op->title = "Create role assignment";
    op->type = "Microsoft.Authorization/roleAssignments";
    op->method = "PUT";
    op->principal = (int)principal;
    op->role = role;
    op->power = rule != NULL;
    op->http_status = 201;
    op->state = "Active";
    (void)snprintf(op->scope, sizeof(op->scope), "%s", scope);
    (void)rng_guid(&b->rng, op->assignment);
    assignment_id(op->resource_id, sizeof(op->resource_id), scope, op->assignment);
    op->request_body =
        pascal
            ? plot_text("{\"Id\":\"%s\",\"Properties\":{\"PrincipalId\":\"%s\",\"PrincipalType\":"
                        "\"%s\",\"RoleDefinitionId\":\"/providers/Microsoft.Authorization/"
                        "roleDefinitions/%s\",\"Scope\":\"%s\",\"Condition\":null}}",
                        op->assignment, p->oid, kind, story_roles[role].id, scope)
            : plot_text("{\"properties\":{\"roleDefinitionId\":\"%s/providers/"
                        "Microsoft.Authorization/roleDefinitions/%s\",\"principalId\":\"%s\","
                        "\"principalType\":\"%s\"}}",
                        strncmp(scope, "/subscriptions/", 15) == 0 ? scope : "",
                        story_roles[role].id, p->oid, kind);
    return op;
}

/* The deletion of what `given` gave. */
struct story_op *plot_take(struct plot *b, const char *name, int mille, enum who caller,
                           struct story_op *given)
{
    const char *rule = given->rule == NULL ? NULL : "role-assignment-removed";
    struct story_op *op = add(b, name, rule, mille, caller, 1);
    char when[TIMESTAMP_TEXT_MAX];

    if (given->assignment[0] == '\0')
        (void)rng_guid(&b->rng, given->assignment);
    (void)snprintf(op->assignment, sizeof(op->assignment), "%s", given->assignment);
    (void)snprintf(op->scope, sizeof(op->scope), "%s", given->scope);
    assignment_id(op->resource_id, sizeof(op->resource_id), op->scope, op->assignment);
    op->operation = "Microsoft.Authorization/roleAssignments/delete";
    op->title = "Delete role assignment";
    op->type = "Microsoft.Authorization/roleAssignments";
    op->method = "DELETE";
    op->principal = given->principal;
    op->role = given->role;
    given->ended_by = (int)(op - b->s->ops);
    given->state = "Removed";
    (void)timestamp_format(given->end, when);
    op->response_body = plot_text(
        "{\"properties\":{\"roleDefinitionId\":\"/providers/Microsoft.Authorization/"
        "roleDefinitions/%s\",\"principalId\":\"%s\",\"principalType\":\"User\",\"scope\":"
        "\"%s\",\"condition\":null,\"conditionVersion\":null,\"createdOn\":\"%s\","
        "\"updatedOn\":\"%s\",\"createdBy\":\"%s\",\"updatedBy\":\"%s\","
        "\"delegatedManagedIdentityResourceId\":null,\"description\":null},\"id\":\"%s\","
        "\"type\":\"Microsoft.Authorization/roleAssignments\",\"name\":\"%s\"}",
        story_roles[op->role].id, b->t->who[op->principal].oid, op->scope, when, when,
        b->t->who[given->caller].oid, b->t->who[given->caller].oid, op->resource_id,
        op->assignment);
    return op;
}

struct story_op *plot_do(struct plot *b, const char *name, int mille, enum who caller,
                         const char *operation, const char *resource)
{
    struct story_op *op = add(b, name, NULL, mille, caller, 1);
    const char *slash = strchr(operation, '/');

    op->operation = operation;
    op->title = operation;
    op->provider = plot_text("%.*s", (int)(slash - operation), operation);
    op->type = op->provider;
    op->method = strstr(operation, "/delete") != NULL  ? "DELETE"
                 : strstr(operation, "/write") != NULL ? "PUT"
                                                       : "POST";
    (void)snprintf(op->scope, sizeof(op->scope), "%s", b->home->path);
    (void)snprintf(op->resource_id, sizeof(op->resource_id), "%s%s", b->home->path, resource);
    op->owned = (char *)(uintptr_t)op->provider;
    return op;
}

/* A GUID without its dashes. */
static void bare(const char *guid, char out[33])
{
    for (; *guid != '\0'; guid++) {
        if (*guid != '-')
            *out++ = *guid;
    }
    *out = '\0';
}

/* The single record that the deletion of a whole scope leaves about an assignment in it. */
void plot_cascade(struct plot *b, const char *name, const char *rule, int mille, enum who caller,
                  const char *scope, const char *action, int role)
{
    struct story_op *op = add(b, name, rule, mille, caller, 0);
    char id[33], principal[33], definition[33];

    (void)rng_guid(&b->rng, op->assignment);
    (void)snprintf(op->scope, sizeof(op->scope), "%s", scope);
    (void)snprintf(op->auth_scope, sizeof(op->auth_scope), "%s", scope);
    assignment_id(op->resource_id, sizeof(op->resource_id), scope, op->assignment);
    op->operation = "Microsoft.Authorization/roleAssignments/delete";
    op->title = "Delete role assignment";
    op->action = action;
    op->type = "Microsoft.Authorization/roleAssignments";
    op->method = "DELETE";
    op->background = 1;
    op->principal = WHO_PIPELINE;
    op->role = role;
    bare(op->assignment, id);
    bare(b->t->who[WHO_PIPELINE].oid, principal);
    bare(story_roles[role].id, definition);
    op->more = plot_text(
        ",\"id\":\"%s\",\"principalId\":\"%s\",\"roleDefinitionId\":\"%s\",\"scope\":\"%s\"", id,
        principal, definition, scope);
}
