#include "list.h"

#include "refuse.h"
#include "story.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* One subscription. */
static void put_subscription(struct buf *out, const struct tenant *t, const struct log_scope *s)
{
    buf_printf(out,
               "{\"id\":\"%s\",\"authorizationSource\":\"RoleBased\",\"managedByTenants\":"
               "[],\"subscriptionId\":\"%s\",\"tenantId\":\"%s\",\"displayName\":\"%s\","
               "\"state\":\"Enabled\",\"subscriptionPolicies\":{\"locationPlacementId\":"
               "\"Public_2014-09-01\",\"quotaId\":\"EnterpriseAgreement_2014-09-01\","
               "\"spendingLimit\":\"Off\"}}",
               s->path, s->id, t->options->tenant, s->title);
}

/* One management group. */
static void put_group(struct buf *out, const struct tenant *t, const struct log_scope *s)
{
    buf_printf(out,
               "{\"id\":\"%s\",\"type\":\"Microsoft.Management/managementGroups\","
               "\"name\":\"%s\",\"properties\":{\"tenantId\":\"%s\",\"displayName\":"
               "\"%s\"}}",
               s->path, s->id, t->options->tenant, s->title);
}

/* The fault `fat`: put text into the element that ends the list. */
static void fatten(struct buf *out, long mib)
{
    size_t len = (size_t)mib << 20;

    out->len--; /* the brace */
    buf_puts(out, ",\"padding\":\"");
    buf_reserve(out, len);
    memset(out->data + out->len, 'a', len);
    out->len += len;
    buf_puts(out, "\"}");
}

/* The fault `long-id`: one more scope whose id has so many letters. */
static void put_long_id(struct buf *out, const struct query *q, long letters, int first)
{
    const char *member = q->kind == QUERY_SUBSCRIPTIONS ? "subscriptionId" : "name";

    buf_printf(out, "%s{\"%s\":\"", first ? "" : ",", member);
    while (letters-- > 0)
        buf_putc(out, 'a');
    buf_puts(out, "\"}");
}

/* Item i of the list. */
static void put_item(struct buf *out, const struct tenant *t, const struct query *q, size_t i,
                     const struct story_assignment *const *assignments)
{
    if (q->kind == QUERY_SUBSCRIPTIONS) {
        put_subscription(out, t, tenant_subscription(t, i));
        return;
    }
    if (q->kind == QUERY_GROUPS) {
        put_group(out, t, tenant_group(t, i));
        return;
    }
    story_print_assignment(out, t, assignments[i], 0);
}

int list_build(const struct tenant *t, const struct query *q, const char *url, long page,
               struct reply *r)
{
    const struct story_assignment *assignments[STORY_ASSIGNMENTS_MAX];
    const struct fault *fat = fault_on(&t->options->faults, FAULT_FAT, refuse_scope(q));
    const struct fault *long_id = fault_on(&t->options->faults, FAULT_LONG_ID, refuse_scope(q));
    int endless = fault_on(&t->options->faults, FAULT_ENDLESS, refuse_scope(q)) != NULL;
    size_t n = 0, i, from = (size_t)q->offset, to;
    struct buf *out = &r->body;

    if (q->kind == QUERY_SUBSCRIPTIONS)
        n = t->nsubs;
    else if (q->kind == QUERY_GROUPS)
        n = t->ngroups;
    else
        n = story_assignments(t, q->scope->path, 0, assignments);
    if (endless && n > 0 && from >= n)
        from = n - 1;
    to = from + (size_t)page < n ? from + (size_t)page : n;
    r->status = 200;
    buf_clear(out);
    buf_puts(out, "{\"value\":[");
    for (i = from; i < to; i++) {
        if (i > from)
            buf_putc(out, ',');
        put_item(out, t, q, i, assignments);
        if (fat != NULL)
            fatten(out, fat->number);
        r->events++;
    }
    if (to < n || endless) {
        /* As the service's description has it for management groups in 2020-05-01. */
        buf_puts(out, q->kind == QUERY_GROUPS ? "],\"@nextLink\":\"" : "],\"nextLink\":\"");
        query_list_link(out, url, q, (long)((size_t)q->offset + (size_t)page));
        buf_puts(out, "\"}");
        return 0;
    }
    if (long_id != NULL)
        put_long_id(out, q, long_id->number, from == to);
    buf_puts(out, q->kind == QUERY_GROUPS ? "],\"@nextLink\":null}" : "]}");
    return 0;
}

void list_http_date(int64_t ticks, char *out, size_t cap)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char iso[TIMESTAMP_TEXT_MAX];
    int month;

    (void)timestamp_format(timestamp_floor_second(ticks), iso);
    month = (iso[5] - '0') * 10 + (iso[6] - '0');
    /* 0001-01-01 was a Monday. */
    (void)snprintf(out, cap, "%s, %.2s %s %.4s %.8s GMT", days[ticks / TICKS_PER_DAY % 7], iso + 8,
                   months[month - 1], iso, iso + 11);
}
