/*
 * deeds: what the holders of power in the stories do with it. Two stories are worth a trace: one
 * quick and destructive, under an elevation and the Owner it gave; one slow, through a service
 * principal with a federated credential. Between them stand near misses: the same operations by
 * others, before a grant, after its end, outside its scope.
 */
#include "plot.h"

#include <stdio.h>
#include <string.h>

#define STORAGE "/resourceGroups/rg-workload-01/providers/Microsoft.Storage/storageAccounts/"
#define COMPUTE "/resourceGroups/rg-workload-02/providers/Microsoft.Compute/"
#define VAULT "/resourceGroups/rg-workload-02/providers/Microsoft.RecoveryServices/vaults/backup"
#define LIST_KEYS "Microsoft.Storage/storageAccounts/listKeys/action"

/* The operation of that story by that caller, or NULL: its log had no room for it. */
static struct story_op *find(struct plot *b, const char *story, enum who caller, int power)
{
    int i;

    for (i = 0; i < b->s->nops; i++) {
        struct story_op *op = &b->s->ops[i];

        if (strcmp(op->name, story) == 0 && op->caller == caller && op->power == power)
            return op;
    }
    return NULL;
}

/* One deed under a power, NULL: under none. Returns it. */
static struct story_op *deed(struct plot *b, const struct story_op *power, int mille,
                             enum who caller, const char *operation, const char *resource)
{
    struct story_op *op = plot_do(b, "deeds", mille, caller, operation, resource);

    if (power != NULL)
        op->under = (int)(power - b->s->ops);
    return op;
}

/* Keys, locks, backups, data: within hours, by whoever got Owner at / from the elevated one. */
static void quick(struct plot *b, struct log_scope *one, struct log_scope *two)
{
    const struct story_op *owner = find(b, "owner-at-root-removed", WHO_DANA, 1);
    struct story_op *op;

    if (owner == NULL || one == NULL || two == NULL || !plot_begin(b, two, 2) ||
        !plot_begin(b, one, 24))
        return;
    (void)deed(b, NULL, 305, WHO_MILAN, LIST_KEYS, STORAGE "early");
    (void)deed(b, owner, 320, WHO_MILAN, LIST_KEYS, STORAGE "payroll");
    (void)deed(b, owner, 321, WHO_MILAN, LIST_KEYS, STORAGE "archive");
    op = deed(b, owner, 330, WHO_MILAN, "Microsoft.Authorization/locks/delete",
              "/resourceGroups/rg-workload-01/providers/Microsoft.Authorization/locks/keep");
    op->rule = "lock-removed";
    op = deed(b, owner, 332, WHO_MILAN, "Microsoft.RecoveryServices/vaults/delete", VAULT);
    op->failed = 1;
    op->http_status = 409;
    (void)deed(b, owner, 336, WHO_MILAN, "Microsoft.RecoveryServices/vaults/delete", VAULT);
    (void)deed(b, NULL, 338, WHO_NOISE, "Microsoft.Compute/snapshots/delete",
               COMPUTE "snapshots/old");
    (void)deed(b, owner, 340, WHO_MILAN, "Microsoft.Compute/snapshots/delete",
               COMPUTE "snapshots/one");
    (void)deed(b, owner, 341, WHO_MILAN, "Microsoft.Compute/snapshots/delete",
               COMPUTE "snapshots/two");
    (void)deed(b, owner, 345, WHO_MILAN, "Microsoft.Resources/subscriptions/resourceGroups/delete",
               "/resourceGroups/rg-workload-02");
    (void)deed(b, NULL, 470, WHO_MILAN, LIST_KEYS, STORAGE "late");
    (void)plot_begin(b, two, 2);
    (void)deed(b, owner, 350, WHO_MILAN, "Microsoft.Storage/storageAccounts/delete",
               STORAGE "elsewhere");
}

/* The service principal that elevated gives another one a role, which is used for weeks. */
static void slow(struct plot *b, struct log_scope *one, struct log_scope *two,
                 struct log_scope *group)
{
    const struct story_op *elevation = find(b, "elevation-by-service-principal", WHO_ROBOT, 1);
    const struct story_op *owner = find(b, "owner-at-subscription", WHO_TOMAS, 1);
    struct story_op *op, *grant;
    int i;

    if (elevation == NULL || owner == NULL || two == NULL || !plot_begin(b, one, 2) ||
        !plot_begin(b, two, 20))
        return;
    op = deed(b, elevation, 525, WHO_ROBOT,
              "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
              "/resourceGroups/rg-workload-01/providers/Microsoft.ManagedIdentity/"
              "userAssignedIdentities/deploy/federatedIdentityCredentials/ci");
    op->http_status = 201;
    (void)deed(b, NULL, 535, WHO_PIPELINE, "Microsoft.Compute/virtualMachines/runCommand/action",
               COMPUTE "virtualMachines/build");
    grant = plot_give(b, "deeds", "role-assignment-privileged", 540, WHO_ROBOT, WHO_PIPELINE,
                      CONTRIBUTOR, two->path, 0);
    grant->under = (int)(elevation - b->s->ops);
    (void)deed(b, grant, 560, WHO_PIPELINE, "Microsoft.Compute/virtualMachines/runCommand/action",
               COMPUTE "virtualMachines/build");
    (void)deed(b, grant, 650, WHO_PIPELINE, LIST_KEYS, STORAGE "payroll");
    for (i = 0; i < 3; i++)
        (void)deed(b, grant, 750 + i, WHO_PIPELINE, "Microsoft.Compute/disks/beginGetAccess/action",
                   i == 1 ? COMPUTE "disks/two" : COMPUTE "disks/one");
    op = deed(b, grant, 950, WHO_PIPELINE, "Microsoft.Insights/diagnosticSettings/delete",
              STORAGE "payroll/providers/microsoft.insights/diagnosticSettings/audit");
    op->rule = "logging-changed";
    if (group != NULL && plot_begin(b, group, 2)) {
        op = deed(b, NULL, 800, WHO_PIPELINE, "Microsoft.Authorization/policyAssignments/write",
                  "/providers/Microsoft.Authorization/policyAssignments/allow");
        op->rule = "policy-guard";
    }
    (void)plot_begin(b, one, 2);
    (void)deed(b, owner, 700, WHO_PIPELINE, "Microsoft.Resources/deployments/write",
               "/resourceGroups/rg-workload-03/providers/Microsoft.Resources/deployments/weekly");
}

/* Power at a management group reaches the subscriptions below it, and no others. */
static void below_group(struct plot *b, struct log_scope *group, struct log_scope *sub[2])
{
    const struct story_op *grant;
    int i;

    if (group == NULL || sub[0] == NULL || sub[1] == NULL || !plot_begin(b, sub[0], 2) ||
        !plot_begin(b, sub[1], 2) || !plot_begin(b, group, 2))
        return;
    grant = plot_give(b, "deeds", "role-assignment-mg", 660, WHO_INES, WHO_JONAS, CONTRIBUTOR,
                      group->path, 1);
    for (i = 0; i < 2; i++) {
        int below = &b->t->scopes[sub[i]->parent] == group;

        (void)plot_begin(b, sub[i], 2);
        (void)deed(b, below ? grant : NULL, 680 + i, WHO_JONAS, "Microsoft.Web/sites/write",
                   "/resourceGroups/rg-workload-04/providers/Microsoft.Web/sites/portal");
    }
}

/* A group that nothing is below. */
static void beside_group(struct plot *b, struct log_scope *group, struct log_scope *sub)
{
    if (group == NULL || sub == NULL || !plot_begin(b, sub, 2) || !plot_begin(b, group, 2))
        return;
    (void)plot_give(b, "deeds", "role-assignment-mg", 664, WHO_INES, WHO_BREAKGLASS, CONTRIBUTOR,
                    group->path, 0);
    (void)plot_begin(b, sub, 2);
    (void)deed(b, NULL, 690, WHO_BREAKGLASS, "Microsoft.Web/sites/write",
               "/resourceGroups/rg-workload-04/providers/Microsoft.Web/sites/portal");
}

/* What older stories do under powers of each other. */
static void connect(struct plot *b)
{
    const struct story_op *contributor = find(b, "contributor-at-tenant-root-group", WHO_INES, 1);
    struct story_op *cascade = find(b, "cascade-of-resource-group", WHO_TOMAS, 0);

    if (contributor != NULL && cascade != NULL)
        cascade->under = (int)(contributor - b->s->ops);
}

void plot_deeds(struct plot *b)
{
    struct log_scope *sub[2], *group = (struct log_scope *)tenant_group(b->t, 1);

    sub[0] = (struct log_scope *)tenant_subscription(b->t, 0);
    sub[1] = (struct log_scope *)tenant_subscription(b->t, 1);
    connect(b);
    quick(b, sub[0], sub[1]);
    slow(b, sub[0], sub[1], group);
    below_group(b, group, sub);
    beside_group(b, (struct log_scope *)tenant_group(b->t, 2), sub[0]);
}

/* The power that a story begins with, above the one at index i. */
static int root_of(const struct story *s, int i)
{
    while (s->ops[i].under >= 0)
        i = s->ops[i].under;
    return i;
}

/* Whether two operations make one row: same story, holder and operation. */
static int same_row(const struct story *s, const struct story_op *a, const struct story_op *b)
{
    return b->under >= 0 && root_of(s, a->under) == root_of(s, b->under) &&
           s->ops[a->under].principal == s->ops[b->under].principal &&
           strcmp(a->operation, b->operation) == 0;
}

/* One row: what the holder of `power` did, NULL: nothing. */
static void print_row(struct buf *out, const struct tenant *t, int power,
                      const struct story_op *first)
{
    const struct story *s = t->story;
    int i, depth = 0, count = 0, failed = 0;

    for (i = power; s->ops[i].under >= 0; i = s->ops[i].under)
        depth++;
    for (i = 0; first != NULL && i < s->nops; i++) {
        if (same_row(s, first, &s->ops[i])) {
            count++;
            failed += s->ops[i].failed;
        }
    }
    buf_printf(out,
               "{\"depth\":%d,\"holder\":\"%s\",\"role\":\"%s\",\"scope\":\"%s\","
               "\"operation\":%s%s%s,\"count\":%d,\"succeeded\":%d,\"failed\":%d}\n",
               depth, t->who[s->ops[power].principal].oid, story_roles[s->ops[power].role].name,
               s->ops[power].scope, first == NULL ? "" : "\"",
               first == NULL ? "null" : first->operation, first == NULL ? "" : "\"", count,
               count - failed, failed);
}

void story_print_traced(struct buf *out, const struct tenant *t)
{
    const struct story *s = t->story;
    int i, k, done;

    for (i = 0; i < s->nops; i++) {
        const struct story_op *op = &s->ops[i];

        for (done = 0, k = 0; op->under >= 0 && k < i; k++)
            done |= same_row(s, op, &s->ops[k]);
        if (op->under >= 0 && !done)
            print_row(out, t, op->under, op);
        for (done = 0, k = 0; op->power && k < s->nops; k++)
            done |= s->ops[k].under == i;
        if (op->power && !done)
            print_row(out, t, i, NULL);
    }
}
