#include "noise.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* An ordinary operation. */
struct template
{
    const char *operation, *title, *provider, *type, *method;
    const char *resource; /* "%s" stands for a name */
    int http_status;
    const char *substatus;
    int body; /* the Begin event has a request body */
};

static const struct template tenant_operations[] = {
    {"Microsoft.Resources/deployments/write", "Create Deployment", "Microsoft.Resources",
     "Microsoft.Resources/deployments", "PUT", "/providers/Microsoft.Resources/deployments/%s", 201,
     "Created", 1},
    {"Microsoft.Resources/deployments/validate/action", "Validate Deployment",
     "Microsoft.Resources", "Microsoft.Resources/deployments", "POST",
     "/providers/Microsoft.Resources/deployments/%s", 200, "OK", 1},
    {"Microsoft.Subscription/aliases/write", "Create subscription alias", "Microsoft.Subscription",
     "Microsoft.Subscription/aliases", "PUT", "/providers/Microsoft.Subscription/aliases/%s", 201,
     "Created", 1},
    {"Microsoft.Capacity/reservationOrders/calculateRefund/action", "Calculate refund",
     "Microsoft.Capacity", "Microsoft.Capacity/reservationOrders", "POST",
     "/providers/Microsoft.Capacity/reservationOrders/%s", 200, "OK", 0},
    {"Microsoft.Support/supportTickets/write", "Create support ticket", "Microsoft.Support",
     "Microsoft.Support/supportTickets", "PUT", "/providers/Microsoft.Support/supportTickets/%s",
     202, "Accepted", 1},
    {"Microsoft.Billing/billingAccounts/invoices/download/action", "Download invoice",
     "Microsoft.Billing", "Microsoft.Billing/billingAccounts", "POST",
     "/providers/Microsoft.Billing/billingAccounts/%s", 200, "OK", 0},
    {"Microsoft.Marketplace/privateStores/offers/write", "Add offer to private store",
     "Microsoft.Marketplace", "Microsoft.Marketplace/privateStores", "PUT",
     "/providers/Microsoft.Marketplace/privateStores/%s", 200, "OK", 1},
};

static const struct template group_operations[] = {
    {"Microsoft.Resources/deployments/write", "Create Deployment", "Microsoft.Resources",
     "Microsoft.Resources/deployments", "PUT", "/providers/Microsoft.Resources/deployments/%s", 201,
     "Created", 1},
    {"Microsoft.PolicyInsights/policyStates/triggerEvaluation/action", "Trigger evaluation",
     "Microsoft.PolicyInsights", "Microsoft.PolicyInsights/policyStates", "POST",
     "/providers/Microsoft.PolicyInsights/policyStates/%s", 202, "Accepted", 0},
    {"Microsoft.Blueprint/blueprints/write", "Create or update blueprint", "Microsoft.Blueprint",
     "Microsoft.Blueprint/blueprints", "PUT", "/providers/Microsoft.Blueprint/blueprints/%s", 201,
     "Created", 1},
};

static const struct template subscription_operations[] = {
    {"Microsoft.Compute/virtualMachines/write", "Create or Update Virtual Machine",
     "Microsoft.Compute", "Microsoft.Compute/virtualMachines", "PUT",
     "/providers/Microsoft.Compute/virtualMachines/%s", 201, "Created", 1},
    {"Microsoft.Compute/virtualMachines/start/action", "Start Virtual Machine", "Microsoft.Compute",
     "Microsoft.Compute/virtualMachines", "POST", "/providers/Microsoft.Compute/virtualMachines/%s",
     202, "Accepted", 0},
    {"Microsoft.Storage/storageAccounts/listKeys/action", "List Storage Account Keys",
     "Microsoft.Storage", "Microsoft.Storage/storageAccounts", "POST",
     "/providers/Microsoft.Storage/storageAccounts/%s", 200, "OK", 0},
    {"Microsoft.Network/networkSecurityGroups/securityRules/write",
     "Create or Update Security Rule", "Microsoft.Network",
     "Microsoft.Network/networkSecurityGroups", "PUT",
     "/providers/Microsoft.Network/networkSecurityGroups/%s", 200, "OK", 1},
    {"Microsoft.KeyVault/vaults/write", "Update Key Vault", "Microsoft.KeyVault",
     "Microsoft.KeyVault/vaults", "PUT", "/providers/Microsoft.KeyVault/vaults/%s", 200, "OK", 1},
    {"Microsoft.Web/sites/publishxml/action", "Get Web App Publishing Profile", "Microsoft.Web",
     "Microsoft.Web/sites", "POST", "/providers/Microsoft.Web/sites/%s", 200, "OK", 0},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Longest time between the begin and the end of an operation, in thousandths of a second. */
#define OPERATION_MS_MAX 4000

/* Fraction of the stretch, 0 to 1, at which operation k of n happens. */
static double place(const struct tenant *t, const struct log_scope *s, uint32_t k, uint32_t n)
{
    struct rng r = {rng_hash(s->seed, 0x51000000ULL + k)};
    double u = rng_unit(&r), span_s = (double)(t->end - t->start) / (double)TICKS_PER_SECOND;
    double total = 0, pick, center, width;
    uint32_t bursts = 12 + (uint32_t)t->options->days / 4, b;
    struct rng rb;

    if (t->options->distribution == DIST_FRONT) {
        u = (k + u) / n;
        return 1.0 - u * u * u * u;
    }
    if (t->options->distribution != DIST_BURSTY || rng_below(&r, 100) < 15)
        return t->options->distribution == DIST_BURSTY ? u : (k + u) / n;
    for (b = 1; b <= bursts; b++)
        total += 1.0 / b;
    pick = rng_unit(&r) * total;
    for (b = 1; b < bursts; b++) {
        pick -= 1.0 / b;
        if (pick < 0)
            break;
    }
    rb.state = rng_hash(s->seed, 0x52000000ULL + b);
    center = rng_unit(&rb);
    /* One minute to eight hours. */
    width = 60.0 * (1U << rng_below(&rb, 9)) * (1.0 + rng_unit(&rb)) / span_s;
    if (width > 0.5)
        width = 0.5;
    center = center * (1.0 - width);
    return center + u * width;
}

int64_t noise_ticks(const struct tenant *t, const struct log_scope *s, uint32_t seq, size_t n)
{
    uint32_t k = (seq - (uint32_t)s->nstories) / 2, end = (seq - (uint32_t)s->nstories) % 2;
    uint32_t ops = (uint32_t)(n - s->nstories + 1) / 2;
    struct rng r = {rng_hash(s->seed, 0x53000000ULL + k)};
    int64_t span = t->end - t->start, longest = OPERATION_MS_MAX * (TICKS_PER_SECOND / 1000), at;

    if (longest > span / 2000)
        longest = span / 2000;
    at = t->start + (int64_t)(place(t, s, k, ops) * (double)(span - longest - 1));
    /* In the one busy instant many operations share a time. */
    if (t->options->distribution == DIST_INSTANT)
        at -= at % (TICKS_PER_SECOND / 1000);
    /* Some times are round, so that fractions of fewer digits and whole seconds occur. */
    switch (rng_below(&r, 64)) {
    case 0:
        at -= at % (TICKS_PER_SECOND / 10);
        break;
    case 1:
        at -= at % TICKS_PER_SECOND;
        break;
    default:
        break;
    }
    if (at < t->start)
        at = t->start;
    return end ? at + 1 + (int64_t)rng_below(&r, (uint32_t)longest) : at;
}

/* A request body as deployment tools send them. */
static void make_body(struct rng *r, const struct template *m, char *out, size_t cap)
{
    static const char *const places[] = {"westeurope", "northeurope", "germanywestcentral",
                                         "swedencentral"};
    char a[GUID_TEXT_MAX], b[GUID_TEXT_MAX];
    size_t n;
    uint32_t i, parameters = 2 + rng_below(r, 8);

    (void)rng_guid(r, a);
    n = (size_t)snprintf(out, cap,
                         "{\"location\":\"%s\",\"tags\":{\"owner\":\"team-%u\",\"note\":"
                         "\"gr\xc3\xb6\xc3\x9f"
                         "er \\\"%u\\\"\"},\"properties\":{\"mode\":"
                         "\"Incremental\",\"correlation\":\"%s\",\"kind\":\"%s\",\"parameters\":{",
                         places[rng_below(r, COUNT(places))], rng_below(r, 40), rng_below(r, 9), a,
                         m->type);
    for (i = 0; i < parameters && n + 160 < cap; i++)
        n += (size_t)snprintf(out + n, cap - n, "%s\"parameter%u\":{\"value\":\"%s\"}",
                              i == 0 ? "" : ",", i, rng_guid(r, b));
    (void)snprintf(out + n, cap - n, "}}}");
}

/* The resource's id, its group and the place of its scope in the hierarchy. */
static void make_resource(const struct tenant *t, const struct log_scope *s, struct rng *r,
                          const struct template *m, struct noise_text *text)
{
    char name[48], tail[140];
    const char *root = t->options->tenant;

    (void)snprintf(name, sizeof(name), "contoso-%s-%04u", m->http_status == 201 ? "new" : "prod",
                   rng_below(r, 400));
    /* The pattern is one of the constant tables above. */
    (void)snprintf(tail, sizeof(tail), "%.*s%s", (int)(strlen(m->resource) - 2), m->resource, name);
    text->group[0] = '\0';
    if (s->kind == SCOPE_TENANT) {
        (void)snprintf(text->resource_id, sizeof(text->resource_id), "%s", tail);
        (void)snprintf(text->hierarchy, sizeof(text->hierarchy), "%s", root);
    } else if (s->kind == SCOPE_GROUP) {
        (void)snprintf(text->resource_id, sizeof(text->resource_id), "%s%s", s->path, tail);
        (void)snprintf(text->hierarchy, sizeof(text->hierarchy), "%s/%s", root, s->id);
    } else {
        (void)snprintf(text->group, sizeof(text->group), "rg-workload-%02u", rng_below(r, 20));
        (void)snprintf(text->resource_id, sizeof(text->resource_id), "%s/resourceGroups/%s%s",
                       s->path, text->group, tail);
        (void)snprintf(text->hierarchy, sizeof(text->hierarchy), "%s/%s/%s", root,
                       s->parent > 0 ? t->scopes[s->parent].id : root, s->id);
    }
}

/* The operation of a scope's kind that a number picks. */
static const struct template *pick(const struct log_scope *s, struct rng *r)
{
    if (s->kind == SCOPE_TENANT)
        return &tenant_operations[rng_below(r, COUNT(tenant_operations))];
    if (s->kind == SCOPE_GROUP)
        return &group_operations[rng_below(r, COUNT(group_operations))];
    return &subscription_operations[rng_below(r, COUNT(subscription_operations))];
}

void noise_spec(const struct tenant *t, const struct log_scope *s, const struct entry *entry,
                struct noise_text *text, struct event_spec *out)
{
    uint32_t k = (entry->seq - (uint32_t)s->nstories) / 2;
    struct rng r = {rng_hash(s->seed, 0x54000000ULL + k)};
    const struct template *m = pick(s, &r);
    int failed = rng_below(&r, 100) < 4, background = rng_below(&r, 100) < 5;
    int nameless = rng_below(&r, 2) == 0;

    memset(out, 0, sizeof(*out));
    out->seed = rng_hash(s->seed, 0x55000000ULL + k);
    out->ticks = entry->ticks;
    out->end = (entry->seq - (uint32_t)s->nstories) % 2 == 1;
    out->background = out->end && background;
    out->caller = &t->who[WHO_NOISE + rng_below(&r, WHO_COUNT - WHO_NOISE)];
    out->ip = out->caller->ip;
    if (out->background && nameless) {
        out->caller = NULL;
        out->ip = "";
    }
    make_resource(t, s, &r, m, text);
    out->operation = m->operation;
    out->title = m->title;
    out->provider = m->provider;
    out->resource_type = m->type;
    out->method = m->method;
    out->resource_id = text->resource_id;
    out->resource_group = text->group;
    out->hierarchy = text->hierarchy;
    out->subscription = s->kind == SCOPE_SUBSCRIPTION ? s->id : "";
    out->level = "Informational";
    out->status = out->end ? "Succeeded" : "Started";
    out->substatus = out->end ? m->substatus : "";
    out->http_status = m->http_status;
    if (!out->end && m->body) {
        make_body(&r, m, text->body, sizeof(text->body));
        out->request_body = text->body;
    }
    if (out->end && failed) {
        out->status = "Failed";
        out->level = "Error";
        out->substatus = "Conflict";
        out->http_status = 409;
        out->status_message = "{\"status\":\"Failed\",\"error\":{\"code\":\"Conflict\",\"message\":"
                              "\"Another operation on this resource is in progress.\"}}";
    }
}
