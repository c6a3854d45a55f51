#include "story.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct story_role story_roles[] = {
    {"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"},
    {"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"},
    {"User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"},
    {"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
    {"Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"},
};

enum { OWNER, CONTRIBUTOR, ACCESS_ADMIN, READER, MONITORING };

#define ASSIGNMENTS "/providers/Microsoft.Authorization/roleAssignments/"

/* What the builder works on: the operations of one story go in together or not at all. */
struct builder {
    struct tenant *t;
    struct story *s;
    struct log_scope *home; /* of the operations that follow */
    struct rng rng;
    size_t left; /* events that the home log still takes */
    int failed;  /* memory ran out */
};

/* A formatted text that the caller owns; NULL (and b->failed) when memory runs out. */
__attribute__((format(printf, 2, 3))) static char *text(struct builder *b, const char *fmt, ...)
{
    char line[1600];
    va_list ap;
    char *copy;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    copy = slice_dup(slice_of(line));
    if (copy == NULL)
        b->failed = 1;
    return copy;
}

/* Begin a story in that log; 0 when the log has no room for its events. */
static int begin(struct builder *b, struct log_scope *home, size_t events)
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
static struct story_op *add(struct builder *b, const char *name, const char *rule, int mille,
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
    op->principal = op->role = op->ended_by = -1;
    op->has_begin = has_begin;
    op->http_status = 200;
    op->home = b->home;
    op->provider = "Microsoft.Authorization";
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
static struct story_op *elevate(struct builder *b, const char *name, int mille, enum who caller)
{
    struct story_op *op = add(b, name, "elevate-access", mille, caller, 1);

    op->operation = "Microsoft.Authorization/elevateAccess/action";
    op->title = "Assigns the caller to User Access Administrator role";
    op->type = "Microsoft.Authorization";
    op->method = "POST";
    op->principal = (int)caller;
    op->role = ACCESS_ADMIN;
    (void)snprintf(op->scope, sizeof(op->scope), "/");
    (void)snprintf(op->resource_id, sizeof(op->resource_id), "/providers/Microsoft.Authorization");
    op->state = "Active";
    return op;
}

/* A role given. pascal: the request body as PowerShell writes it. */
static struct story_op *give(struct builder *b, const char *name, const char *rule, int mille,
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
    op->http_status = 201;
    op->state = "Active";
    (void)snprintf(op->scope, sizeof(op->scope), "%s", scope);
    (void)rng_guid(&b->rng, op->assignment);
    assignment_id(op->resource_id, sizeof(op->resource_id), scope, op->assignment);
    op->request_body =
        pascal ? text(b,
                      "{\"Id\":\"%s\",\"Properties\":{\"PrincipalId\":\"%s\",\"PrincipalType\":"
                      "\"%s\",\"RoleDefinitionId\":\"/providers/Microsoft.Authorization/"
                      "roleDefinitions/%s\",\"Scope\":\"%s\",\"Condition\":null}}",
                      op->assignment, p->oid, kind, story_roles[role].id, scope)
               : text(b,
                      "{\"properties\":{\"roleDefinitionId\":\"%s/providers/"
                      "Microsoft.Authorization/roleDefinitions/%s\",\"principalId\":\"%s\","
                      "\"principalType\":\"%s\"}}",
                      strncmp(scope, "/subscriptions/", 15) == 0 ? scope : "", story_roles[role].id,
                      p->oid, kind);
    return op;
}

/* The deletion of what `given` gave. */
static struct story_op *take(struct builder *b, const char *name, int mille, enum who caller,
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
    op->response_body =
        text(b,
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
static void cascade(struct builder *b, const char *name, const char *rule, int mille,
                    enum who caller, const char *scope, const char *action, int role)
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
    op->more = text(
        b, ",\"id\":\"%s\",\"principalId\":\"%s\",\"roleDefinitionId\":\"%s\",\"scope\":\"%s\"", id,
        principal, definition, scope);
}

/* The stories of the tenant's own log. */
static void tenant_stories(struct builder *b)
{
    struct log_scope *home = &b->t->scopes[0];
    char root[200];
    struct story_op *op, *owner;

    (void)snprintf(root, sizeof(root), "/providers/Microsoft.Management/managementGroups/%s",
                   b->t->options->tenant);
    if (begin(b, home, 8)) {
        op = elevate(b, "elevation-undone", 300, WHO_DANA);
        owner = give(b, "owner-at-root-removed", "role-assignment-root", 310, WHO_DANA, WHO_MILAN,
                     OWNER, "/", 1);
        (void)take(b, "elevation-undone", 340, WHO_DANA, op);
        (void)take(b, "owner-at-root-removed", 450, WHO_INES, owner);
    }
    if (begin(b, home, 2))
        (void)elevate(b, "elevation-by-service-principal", 520, WHO_ROBOT);
    if (begin(b, home, 2))
        (void)give(b, "contributor-at-tenant-root-group", "role-assignment-root", 600, WHO_INES,
                   WHO_TOMAS, CONTRIBUTOR, root, 0);
    if (begin(b, home, 2)) {
        op = give(b, "failed-attempt", "role-assignment-root", 640, WHO_JONAS, WHO_JONAS, OWNER,
                  "/", 0);
        op->failed = 1;
        op->http_status = 403;
        op->state = "NotApplied";
        op->status_message =
            text(b,
                 "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client '%s' with "
                 "object id '%s' does not have authorization to perform action "
                 "'Microsoft.Authorization/roleAssignments/write' over scope '%s' or the scope is "
                 "invalid. If access was recently granted, please refresh your credentials.\"}}",
                 b->t->who[WHO_JONAS].upn, b->t->who[WHO_JONAS].oid, op->resource_id);
    }
    if (begin(b, home, 1))
        cascade(b, "cascade-deletion", "role-assignment-removed", 700, WHO_INES,
                "/providers/Microsoft.Management/managementGroups/contoso-retired",
                "Microsoft.Management/managementGroups/delete", CONTRIBUTOR);
}

/* The stories of groups and subscriptions, the first of each that can hold them. */
static void lower_stories(struct builder *b)
{
    struct tenant *t = b->t;
    struct log_scope *group = (struct log_scope *)tenant_group(t, 1);
    struct log_scope *sub = (struct log_scope *)tenant_subscription(t, 0);
    char scope[240];

    if (group != NULL && begin(b, group, 2))
        (void)give(b, "access-administrator-at-group", "role-assignment-mg", 560, WHO_INES,
                   WHO_OPERATORS, ACCESS_ADMIN, group->path, 0);
    if (sub == NULL)
        return;
    if (begin(b, sub, 2))
        (void)give(b, "owner-at-subscription", "role-assignment-privileged", 570, WHO_TOMAS,
                   WHO_PIPELINE, OWNER, sub->path, 1);
    (void)snprintf(scope, sizeof(scope), "%s/resourceGroups/rg-workload-03", sub->path);
    if (begin(b, sub, 2))
        (void)give(b, "reader-at-resource-group", NULL, 580, WHO_TOMAS, WHO_AUDITORS, READER, scope,
                   0);
    (void)snprintf(scope, sizeof(scope), "%s/resourceGroups/rg-retired", sub->path);
    if (begin(b, sub, 1))
        cascade(b, "cascade-of-resource-group", NULL, 720, WHO_TOMAS, scope,
                "Microsoft.Resources/subscriptions/resourcegroups/delete", READER);
}

/* Append an assignment that stands. */
static void stands(struct builder *b, const char *name, const char *scope, enum who principal,
                   int role, enum who creator, int64_t created)
{
    struct story_assignment *a = &b->s->assignments[b->s->nassignments++];
    struct rng r = {rng_hash(b->t->options->seed, 0x7000 + (uint64_t)b->s->nassignments)};

    (void)rng_guid(&r, a->name);
    if (name != NULL && *name != '\0')
        (void)snprintf(a->name, sizeof(a->name), "%s", name);
    (void)snprintf(a->scope, sizeof(a->scope), "%s", scope);
    a->principal = principal;
    a->creator = creator;
    a->role = role;
    a->created = created;
}

/* What stands now: things older than any log, and what the stories left. */
static void assignments(struct builder *b)
{
    struct tenant *t = b->t;
    int64_t old = t->start - 400 * TICKS_PER_DAY;
    const struct log_scope *root = tenant_group(t, 0), *group = tenant_group(t, 1);
    const struct log_scope *sub = tenant_subscription(t, 1);
    int i;

    stands(b, NULL, "/", WHO_BREAKGLASS, ACCESS_ADMIN, WHO_DANA, old);
    if (root != NULL)
        stands(b, NULL, root->path, WHO_AUDITORS, READER, WHO_DANA, old + TICKS_PER_DAY);
    if (group != NULL)
        stands(b, NULL, group->path, WHO_OPERATORS, MONITORING, WHO_INES, old + 9 * TICKS_PER_DAY);
    if (sub != NULL)
        stands(b, NULL, sub->path, WHO_OPERATORS, CONTRIBUTOR, WHO_INES, old + 30 * TICKS_PER_DAY);
    for (i = 0; i < b->s->nops; i++) {
        struct story_op *op = &b->s->ops[i];

        if (op->state == NULL || strcmp(op->state, "Active") != 0)
            continue;
        if (op->assignment[0] == '\0') {
            b->rng.state = rng_hash(op->seed, 2);
            (void)rng_guid(&b->rng, op->assignment);
            stands(b, op->assignment, op->scope, (enum who)op->principal, op->role, op->caller,
                   op->end);
            op->assignment[0] = '\0'; /* the events do not name it */
        } else {
            stands(b, op->assignment, op->scope, (enum who)op->principal, op->role, op->caller,
                   op->end);
        }
    }
}

/* Order of story events by time. */
static int compare_events(const void *a, const void *b)
{
    const struct story_event *x = *(const struct story_event *const *)a;
    const struct story_event *y = *(const struct story_event *const *)b;

    return x->ticks < y->ticks ? -1 : x->ticks > y->ticks;
}

/* Give each log its story events. The root group's log repeats what the tenant's says about it. */
static int hand_out(struct builder *b)
{
    struct tenant *t = b->t;
    size_t i;
    int k;

    for (i = 0; i < t->nscopes; i++) {
        struct log_scope *s = &t->scopes[i];
        size_t room = (size_t)(i == 0 ? t->options->events : t->options->events_per_scope);

        s->stories = calloc((size_t)b->s->nevents + 1, sizeof(*s->stories));
        if (s->stories == NULL)
            return -1;
        for (k = 0; k < b->s->nevents; k++) {
            const struct story_event *ev = &b->s->events[k];
            int repeated =
                i == 1 && t->ngroups > 0 && room >= 2 && strcmp(ev->op->scope, s->path) == 0;

            if (ev->op->home == s || repeated)
                s->stories[s->nstories++] = ev;
        }
        qsort(s->stories, s->nstories, sizeof(const struct story_event *), compare_events);
    }
    return 0;
}

int story_build(struct tenant *t)
{
    struct builder b = {.t = t};

    t->story = calloc(1, sizeof(*t->story));
    if (t->story == NULL)
        return -1;
    b.s = t->story;
    tenant_stories(&b);
    lower_stories(&b);
    assignments(&b);
    return b.failed ? -1 : hand_out(&b);
}

void story_free(struct story *s)
{
    int i;

    if (s == NULL)
        return;
    for (i = 0; i < s->nops; i++) {
        free(s->ops[i].request_body);
        free(s->ops[i].response_body);
        free(s->ops[i].status_message);
        free(s->ops[i].more);
    }
    free(s);
}

void story_spec(const struct tenant *t, const struct story_event *ev, struct event_spec *out)
{
    const struct story_op *op = ev->op;

    out->seed = op->seed;
    out->ticks = ev->ticks;
    out->end = ev->end;
    out->caller = &t->who[op->caller];
    out->ip = out->caller->ip;
    out->operation = op->operation;
    out->title = op->title;
    out->action = op->action;
    out->provider = op->provider;
    out->resource_type = op->type;
    out->method = op->method;
    out->resource_id = op->resource_id;
    out->auth_scope = op->auth_scope[0] != '\0' ? op->auth_scope : NULL;
    out->resource_group = "";
    out->subscription = op->home->kind == SCOPE_SUBSCRIPTION ? op->home->id : "";
    out->hierarchy = t->options->tenant;
    out->background = op->background;
    out->level = ev->end && op->failed ? "Error" : "Informational";
    out->status = !ev->end ? "Started" : op->failed ? "Failed" : "Succeeded";
    out->substatus = !ev->end                 ? ""
                     : op->failed             ? "Forbidden"
                     : op->http_status == 201 ? "Created"
                                              : "OK";
    out->http_status = op->http_status;
    out->request_body = ev->end ? NULL : op->request_body;
    out->response_body = ev->end ? op->response_body : NULL;
    out->status_message = ev->end ? op->status_message : NULL;
    out->more = op->more;
}
