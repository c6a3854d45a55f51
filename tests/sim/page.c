#include "page.h"

#include "event.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

/* Levels of the fault `deep`: more than any reader needs. */
#define DEEP_LEVELS 200

/* A page in the making: which events of the index, and where the next page begins. */
struct plan {
    size_t lo, hi;            /* the range asked for, [lo, hi) of the index */
    size_t top;               /* this page's events are below it */
    size_t list[PAGE_EVENTS]; /* index numbers in the order of the page */
    size_t n;
    int more; /* a next link follows */
    struct query_position next;
};

static const struct fault *on(const struct page_job *job, enum fault_id id)
{
    return fault_on(job->faults, id, job->query->scope_text);
}

/* Whether event i is one that comes late and has not come yet. */
static int hidden(const struct page_job *job, size_t i)
{
    const struct fault *f = job->hide_late ? on(job, FAULT_LATE) : NULL;
    size_t from_newest = job->query->scope->nindex - 1 - i;

    return f != NULL && from_newest < 3 * (size_t)f->number && from_newest % 3 == 1;
}

/* Number of events at or before a position. */
static size_t find_position(const struct log_scope *s, const struct query_position *at)
{
    size_t i = tenant_upper(s, at->ticks);

    while (i > 0 && s->index[i - 1].ticks == at->ticks && s->index[i - 1].id8 > at->id8)
        i--;
    return i;
}

/* The position of event i. */
static struct query_position position_of(const struct log_scope *s, size_t i)
{
    return (struct query_position){1, s->index[i].ticks, s->index[i].id8, 0};
}

/* The events of an ordinary page: from the top down, those that are not hidden. */
static void plan_page(const struct page_job *job, struct plan *p)
{
    const struct log_scope *s = job->query->scope;
    size_t i;

    p->lo = tenant_lower(s, job->query->from);
    p->hi = tenant_upper(s, job->query->to);
    if (p->hi < p->lo)
        p->hi = p->lo;
    p->top = job->query->at.present && on(job, FAULT_LOOP) == NULL
                 ? find_position(s, &job->query->at)
                 : p->hi;
    if (p->top > p->hi)
        p->top = p->hi;
    for (i = p->top; i > p->lo; i--) {
        if (hidden(job, i - 1))
            continue;
        if (p->n == job->page) {
            p->more = 1;
            p->next = position_of(s, i - 1);
            break;
        }
        p->list[p->n++] = i - 1;
    }
}

/* The fault `unordered`: pages in pairs swapped, events of a page shuffled. The place in the order
 * is the `extra` part of the position. */
static void plan_unordered(const struct page_job *job, const struct fault *f, struct plan *p)
{
    const struct log_scope *s = job->query->scope;
    size_t page = job->page, pages = (p->hi - p->lo + page - 1) / page;
    size_t number = job->query->at.extra, block = number, i, from;
    struct rng r = {rng_hash(s->seed, number)};

    if (f->number & 1) {
        block = number ^ 1U;
        if (block >= pages)
            block = number;
    }
    p->n = 0;
    from = p->hi - block * page;
    for (i = from; number < pages && i > p->lo && p->n < page; i--)
        p->list[p->n++] = i - 1;
    for (i = p->n; (f->number & 2) && i > 1; i--) {
        size_t k = rng_below(&r, (uint32_t)i), swap = p->list[k];

        p->list[k] = p->list[i - 1];
        p->list[i - 1] = swap;
    }
    p->more = number + 1 < pages;
    if (p->more) {
        p->next = position_of(s, p->n > 0 ? p->list[0] : p->lo);
        p->next.extra = (uint32_t)number + 1;
    }
}

/* Empty pages first. Returns whether this page is one of them. */
static int plan_empties(const struct page_job *job, struct plan *p)
{
    const struct fault *many = on(job, FAULT_EMPTY_MANY);
    uint32_t count = many != NULL ? (uint32_t)many->number : 1;
    uint32_t done = job->query->at.extra;

    if (many == NULL && on(job, FAULT_EMPTY_FIRST) == NULL)
        return 0;
    if (done >= count) {
        p->next.extra = count;
        return 0;
    }
    p->next = p->top > p->lo ? position_of(job->query->scope, p->top - 1)
                             : (struct query_position){1, job->query->from, 0, 0};
    p->next.ticks += (int64_t)(count - done) * TICKS_PER_SECOND; /* it falls from page to page */
    p->next.extra = done + 1;
    p->more = 1;
    p->n = 0;
    return 1;
}

/* Faults of paging. */
static void plan_links(const struct page_job *job, struct plan *p)
{
    const struct query_position *at = &job->query->at;
    const struct fault *f;

    f = on(job, FAULT_UNORDERED);
    if (f != NULL)
        plan_unordered(job, f, p);
    if (plan_empties(job, p))
        return;
    if (on(job, FAULT_REPEAT_LINK) != NULL && p->more && at->present)
        p->next = *at;
    if (on(job, FAULT_LOOP) != NULL) {
        p->next = (struct query_position){1, job->query->from, 0, at->extra + 1};
        p->more = 1;
    }
    f = on(job, FAULT_REPEAT_PAGE);
    if (f != NULL && p->n > 0 && (long)at->extra < f->number) {
        p->next = position_of(job->query->scope, p->list[0]);
        p->next.extra = at->extra + 1;
        p->more = 1;
    }
    if ((on(job, FAULT_ENDLESS) != NULL || on(job, FAULT_STRANGERS) != NULL) && !p->more) {
        p->next = (struct query_position){1, job->query->from - 1, 0, at->extra + 1};
        p->more = 1;
    }
}

/* Damage the event that begins at out[at], as one of the faults says. */
static void damage(struct buf *out, size_t at, enum fault_id id)
{
    struct buf copy = {0};
    char *when;
    int i;

    (void)buf_text(out);
    when = strstr(out->data + at, "\"eventTimestamp\":\"");
    if (id == FAULT_BAD_TIME) {
        if (when != NULL)
            memcpy(when + 18, "soon", 4);
        return;
    }
    buf_puts(&copy, id == FAULT_BAD_UTF8       ? "{\"note\":\"a\xff"
                                                 "b\","
                    : id == FAULT_CONTROL_CHAR ? "{\"note\":\"a\001b\","
                    : id == FAULT_TWO_TIMES    ? "{\"eventTimestamp\":\"2026-01-01T00:00:00Z\","
                                               : "{\"note\":");
    for (i = 0; id == FAULT_DEEP && i < DEEP_LEVELS; i++)
        buf_putc(&copy, '[');
    for (i = 0; id == FAULT_DEEP && i < DEEP_LEVELS; i++)
        buf_putc(&copy, ']');
    if (id == FAULT_DEEP)
        buf_putc(&copy, ',');
    buf_append(&copy, out->data + at + 1, out->len - at - 1);
    out->len = at;
    buf_append(out, copy.data, copy.len);
    buf_free(&copy);
}

/* An event that nobody asked for, `ticks` away from the range. */
static void put_outsider(const struct page_job *job, struct buf *out, int64_t ticks, const char *id)
{
    const struct tenant *t = job->tenant;
    struct event_spec e = {0};

    e.ticks = ticks;
    e.seed = (uint64_t)ticks;
    e.caller = &t->who[WHO_NOISE];
    memcpy(e.event_id, id, GUID_TEXT_MAX);
    e.ip = e.caller->ip;
    e.operation = e.title = "Microsoft.Resources/deployments/write";
    e.resource_id = "/providers/Microsoft.Resources/deployments/outside";
    e.resource_type = "Microsoft.Resources/deployments";
    e.provider = "Microsoft.Resources";
    e.resource_group = e.subscription = "";
    e.hierarchy = t->options->tenant;
    e.status = "Succeeded";
    e.substatus = "OK";
    e.level = "Informational";
    e.method = "PUT";
    e.http_status = 200;
    e.end = 1;
    event_print(out, t, &e);
}

/* Append event i with what the faults make of it; the page's k-th. */
static void put_event(const struct page_job *job, const struct plan *p, size_t k, struct buf *out,
                      size_t *events)
{
    static const enum fault_id damages[] = {FAULT_BAD_TIME, FAULT_BAD_UTF8, FAULT_CONTROL_CHAR,
                                            FAULT_DEEP, FAULT_TWO_TIMES};
    const struct log_scope *s = job->query->scope;
    size_t i = p->list[k], at = out->len, d;
    uint32_t seq = s->index[i].seq;

    event_render(out, job->tenant, s, i);
    ++*events;
    for (d = 0; d < sizeof(damages) / sizeof(damages[0]); d++) {
        if (k == p->n / 2 &&
            fault_hit(job->faults, damages[d], job->query->scope_text, job->number) != NULL) {
            damage(out, at, damages[d]);
            return;
        }
    }
    if (on(job, FAULT_DUPLICATES) != NULL && seq % 50 == 3) {
        ++*events;
        buf_putc(out, ',');
        event_render(out, job->tenant, s, i);
    }
    if (on(job, FAULT_CONFLICT) != NULL && event_conflicts(seq)) {
        ++*events;
        buf_putc(out, ',');
        event_render_conflict(out, job->tenant, s, i);
    }
}

/* The events of the page, with those that some faults add at its ends. */
static void put_events(const struct page_job *job, const struct plan *p, struct buf *out,
                       size_t *events)
{
    const struct log_scope *s = job->query->scope;
    const struct query *q = job->query;
    int outside = on(job, FAULT_OUTSIDE) != NULL;
    size_t k, start = out->len;

    if (outside && !q->at.present && q->to < INT64_MAX - TICKS_PER_DAY) {
        ++*events;
        put_outsider(job, out, q->to + 90 * TICKS_PER_SECOND,
                     "ffffffff-0000-4000-8000-000000000001");
    }
    if (on(job, FAULT_DUPLICATES) != NULL && q->at.present && p->top < p->hi) {
        ++*events;
        event_render(out, job->tenant, s, p->top);
    }
    for (k = 0; k < p->n; k++) {
        if (out->len > start)
            buf_putc(out, ',');
        put_event(job, p, k, out, events);
    }
    if (on(job, FAULT_STRANGERS) != NULL && q->at.extra > 0) {
        ++*events;
        put_outsider(job, out, q->from - q->at.extra * TICKS_PER_SECOND,
                     "ffffffff-0000-4000-8000-000000000003");
    }
    if (outside && !p->more) {
        ++*events;
        if (out->len > start)
            buf_putc(out, ',');
        put_outsider(job, out, q->from - 90 * TICKS_PER_SECOND,
                     "ffffffff-0000-4000-8000-000000000002");
    }
}

/* Whether a fault is on that changes the events of pages, so that prebuilt ones do not serve. */
static int changes_events(const struct page_job *job)
{
    static const enum fault_id ids[] = {FAULT_UNORDERED, FAULT_DUPLICATES,   FAULT_CONFLICT,
                                        FAULT_OUTSIDE,   FAULT_BAD_TIME,     FAULT_BAD_UTF8,
                                        FAULT_DEEP,      FAULT_CONTROL_CHAR, FAULT_LATE,
                                        FAULT_STRANGERS, FAULT_TWO_TIMES};
    size_t i;

    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (on(job, ids[i]) != NULL)
            return 1;
    }
    return 0;
}

/* Write the next link: into the body as a rule. */
static void put_link(const struct page_job *job, const struct plan *p, struct buf *head,
                     struct reply *r)
{
    if (on(job, FAULT_LINK_HEADER) != NULL) {
        buf_putc(&r->next, '<');
        query_link(&r->next, job->url, job->query, &p->next);
        buf_puts(&r->next, ">; rel=\"next\"");
        (void)buf_text(&r->next);
        return;
    }
    buf_puts(head, "\"nextLink\":\"");
    query_link(head, job->url, job->query, &p->next);
    buf_puts(head, "\",");
}

int page_build(const struct page_job *job, struct reply *r)
{
    struct plan *p = mem_zalloc(1, sizeof(*p));
    struct buf head = {0};
    int ret = -1;

    plan_page(job, p);
    plan_links(job, p);
    buf_putc(&head, '{');
    if (p->more)
        put_link(job, p, &head, r);
    if (fault_hit(job->faults, FAULT_ERROR_BESIDE, job->query->scope_text, job->number) != NULL)
        buf_puts(&head, "\"Error\":{\"Code\":\"Busy\",\"Message\":\"Try later.\"},");
    buf_puts(&head, "\"value\":[");
    (void)buf_text(&head);
    if (job->prebuilt != NULL && !changes_events(job)) {
        ret = prebuilt_page(job->prebuilt, p->top, p->n, head.data, job->gzip, r);
        goto out;
    }
    r->status = 200;
    buf_clear(&r->body);
    buf_append(&r->body, head.data, head.len);
    put_events(job, p, &r->body, &r->events);
    buf_puts(&r->body, "]}");
    ret = 0;
out:
    buf_free(&head);
    free(p);
    return ret;
}
