#include "plot.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The stories of the tenant's own log. */
static void tenant_stories(struct plot *b)
{
    struct log_scope *home = &b->t->scopes[0];
    char root[200];
    struct story_op *op, *owner;

    (void)snprintf(root, sizeof(root), "/providers/Microsoft.Management/managementGroups/%s",
                   b->t->options->tenant);
    if (plot_begin(b, home, 8)) {
        op = plot_elevate(b, "elevation-undone", 300, WHO_DANA);
        owner = plot_give(b, "owner-at-root-removed", "role-assignment-root", 310, WHO_DANA,
                          WHO_MILAN, OWNER, "/", 1);
        owner->under = (int)(op - b->s->ops);
        plot_take(b, "elevation-undone", 340, WHO_DANA, op)->under = (int)(op - b->s->ops);
        (void)plot_take(b, "owner-at-root-removed", 450, WHO_INES, owner);
    }
    if (plot_begin(b, home, 2))
        (void)plot_elevate(b, "elevation-by-service-principal", 520, WHO_ROBOT);
    if (plot_begin(b, home, 2))
        (void)plot_give(b, "contributor-at-tenant-root-group", "role-assignment-root", 600,
                        WHO_INES, WHO_TOMAS, CONTRIBUTOR, root, 0);
    if (plot_begin(b, home, 2)) {
        op = plot_give(b, "failed-attempt", "role-assignment-root", 640, WHO_JONAS, WHO_JONAS,
                       OWNER, "/", 0);
        op->failed = 1;
        op->power = 0;
        op->http_status = 403;
        op->state = "NotApplied";
        op->status_message = plot_text(
            "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client '%s' with "
            "object id '%s' does not have authorization to perform action "
            "'Microsoft.Authorization/roleAssignments/write' over scope '%s' or the scope is "
            "invalid. If access was recently granted, please refresh your credentials.\"}}",
            b->t->who[WHO_JONAS].upn, b->t->who[WHO_JONAS].oid, op->resource_id);
    }
    if (plot_begin(b, home, 1))
        plot_cascade(b, "cascade-deletion", "role-assignment-removed", 700, WHO_INES,
                     "/providers/Microsoft.Management/managementGroups/contoso-retired",
                     "Microsoft.Management/managementGroups/delete", CONTRIBUTOR);
}

/* The stories of groups and subscriptions, the first of each that can hold them. */
static void lower_stories(struct plot *b)
{
    struct tenant *t = b->t;
    struct log_scope *group = (struct log_scope *)tenant_group(t, 1);
    struct log_scope *sub = (struct log_scope *)tenant_subscription(t, 0);
    char scope[240];

    if (group != NULL && plot_begin(b, group, 2))
        (void)plot_give(b, "access-administrator-at-group", "role-assignment-mg", 560, WHO_INES,
                        WHO_OPERATORS, ACCESS_ADMIN, group->path, 0);
    if (sub == NULL)
        return;
    if (plot_begin(b, sub, 2))
        (void)plot_give(b, "owner-at-subscription", "role-assignment-privileged", 570, WHO_TOMAS,
                        WHO_PIPELINE, OWNER, sub->path, 1);
    (void)snprintf(scope, sizeof(scope), "%s/resourceGroups/rg-workload-03", sub->path);
    if (plot_begin(b, sub, 2))
        (void)plot_give(b, "reader-at-resource-group", NULL, 580, WHO_TOMAS, WHO_AUDITORS, READER,
                        scope, 0);
    (void)snprintf(scope, sizeof(scope), "%s/resourceGroups/rg-retired", sub->path);
    if (plot_begin(b, sub, 1))
        plot_cascade(b, "cascade-of-resource-group", NULL, 720, WHO_TOMAS, scope,
                     "Microsoft.Resources/subscriptions/resourcegroups/delete", READER);
}

/* Append an assignment that stands. */
static void stands(struct plot *b, const char *name, const char *scope, enum who principal,
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
static void assignments(struct plot *b)
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
static void hand_out(struct plot *b)
{
    struct tenant *t = b->t;
    size_t i;
    int k;

    for (i = 0; i < t->nscopes; i++) {
        struct log_scope *s = &t->scopes[i];
        size_t room = (size_t)(i == 0 ? t->options->events : t->options->events_per_scope);

        s->stories = mem_zalloc((size_t)b->s->nevents + 1, sizeof(*s->stories));
        for (k = 0; k < b->s->nevents; k++) {
            const struct story_event *ev = &b->s->events[k];
            int repeated =
                i == 1 && t->ngroups > 0 && room >= 2 && strcmp(ev->op->scope, s->path) == 0;

            if (ev->op->home == s || repeated)
                s->stories[s->nstories++] = ev;
        }
        qsort(s->stories, s->nstories, sizeof(const struct story_event *), compare_events);
    }
}

void story_build(struct tenant *t)
{
    struct plot b = {.t = t};

    t->story = mem_zalloc(1, sizeof(*t->story));
    b.s = t->story;
    tenant_stories(&b);
    lower_stories(&b);
    plot_deeds(&b);
    assignments(&b);
    hand_out(&b);
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
        free(s->ops[i].owned);
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
    if (op->home->kind == SCOPE_SUBSCRIPTION)
        out->hierarchy = op->place;
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
