#include "refuse.h"

#include "list.h"

#include "base/timestamp.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the fault `huge`: more than the 32 MiB that a client should take. */
#define HUGE_BYTES (33U << 20)

const char *refuse_scope(const struct query *q)
{
    return q->kind == QUERY_ASSIGNMENTS   ? "assignments"
           : q->kind == QUERY_PERMISSIONS ? "permissions"
                                          : q->scope_text;
}

/* Let a bucket fill up, and take one from it if it has one. */
static int take(struct answer_bucket *b)
{
    int64_t now = sys_monotonic_ms();

    b->level += b->rate * (double)(now - b->filled_ms) / 1000.0;
    if (b->level > b->capacity)
        b->level = b->capacity;
    b->filled_ms = now;
    if (b->level < 1.0)
        return 0;
    b->level -= 1.0;
    return 1;
}

/* The Retry-After header that the faults ask for. */
static void retry_after(const struct answer_state *a, const char *scope, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const struct fault *plain = fault_on(set, FAULT_RETRY_AFTER, scope);
    const struct fault *huge = fault_on(set, FAULT_RETRY_AFTER_HUGE, scope);
    const struct fault *date = fault_on(set, FAULT_RETRY_AFTER_DATE, scope);

    if (date != NULL)
        list_http_date(answer_now(a) + date->number * TICKS_PER_SECOND, r->retry_after,
                       sizeof(r->retry_after));
    else if (plain != NULL || huge != NULL || r->status == 429)
        (void)snprintf(r->retry_after, sizeof(r->retry_after), "%ld",
                       plain != NULL  ? plain->number
                       : huge != NULL ? huge->number
                                      : 1L);
}

/* An error status that a fault asked for. */
static int refuse_with(const struct answer_state *a, const struct query *q, unsigned status,
                       struct reply *r)
{
    const char *code = "InternalServerError", *words = "The server has an error. Please try again.";
    char message[300];

    r->status = status;
    retry_after(a, refuse_scope(q), r);
    if (status == 429) {
        code = strncmp(q->scope_text, "sub:", 4) == 0 ? "SubscriptionRequestsThrottled"
                                                      : "TenantRequestsThrottled";
        (void)snprintf(message, sizeof(message),
                       "Number of 'read' requests for '%.110s' exceeded. Please try again after "
                       "'%.40s' seconds.",
                       q->scope_text, r->retry_after);
        words = message;
    } else if (status == 503) {
        code = "ServiceUnavailable";
        words = "The service is temporarily unavailable.";
    } else if (status < 500) {
        code = "BadRequest";
        words = "The request was refused.";
        if (status == 404)
            code = "NotFound";
        else if (status == 410)
            code = "Gone";
    }
    return reply_error(r, status, code, words);
}

int refuse_forbidden(const struct answer_state *a, const struct query *q, struct reply *r)
{
    const char *oid = a->options->object_id;
    const char *path = q->scope == NULL || q->scope->kind == SCOPE_TENANT ? "" : q->scope->path;
    char message[900];

    r->gateway = 1;
    (void)snprintf(message, sizeof(message),
                   "The client '%s' with object id '%s' does not have authorization to perform "
                   "action '%s' over scope '%s%s' or the scope is invalid. If access was recently "
                   "granted, please refresh your credentials.",
                   oid, oid,
                   q->kind == QUERY_EVENTS        ? "microsoft.insights/eventtypes/values/read"
                   : q->kind == QUERY_ASSIGNMENTS ? "Microsoft.Authorization/roleAssignments/read"
                   : q->kind == QUERY_GROUPS      ? "Microsoft.Management/managementGroups/read"
                                                  : "Microsoft.Resources/subscriptions/read",
                   path,
                   q->kind == QUERY_EVENTS ? "/providers/microsoft.insights/eventtypes/management"
                   : q->kind == QUERY_ASSIGNMENTS ? "/providers/Microsoft.Authorization"
                                                  : "/");
    return reply_error(r, 403, "AuthorizationFailed", message);
}

int refuse_not_found(const struct query *q, struct reply *r)
{
    char message[300];

    r->gateway = 1;
    if (strncmp(q->scope_text, "sub:", 4) == 0) {
        (void)snprintf(message, sizeof(message), "The subscription '%s' could not be found.",
                       q->scope_text + 4);
        return reply_error(r, 404, "SubscriptionNotFound", message);
    }
    (void)snprintf(message, sizeof(message), "The resource '%s' was not found.", q->scope_text);
    return reply_error(r, 404, "NotFound", message);
}

/* A redirect to the same target, with a mark, at some origin. */
static int redirect(const char *url, const struct answer_request *req, struct reply *r)
{
    r->note = "redirected";
    buf_printf(&r->location, "%s%s&redirected=1", url, req->target);
    (void)buf_text(&r->location);
    return reply_text(r, 307, "");
}

/* Whether a fault names a Retry-After and none names the status it goes with. */
static int only_retry_after(const struct fault_set *set, const char *scope)
{
    return (fault_on(set, FAULT_RETRY_AFTER, scope) != NULL ||
            fault_on(set, FAULT_RETRY_AFTER_DATE, scope) != NULL ||
            fault_on(set, FAULT_RETRY_AFTER_HUGE, scope) != NULL) &&
           fault_on(set, FAULT_STATUS, scope) == NULL && fault_on(set, FAULT_STORM, scope) == NULL;
}

/* The service does not serve the subscription at all. */
static int refuse_scope_itself(long status, struct reply *r)
{
    if (status == 404)
        return reply_error(r, 404, "SubscriptionNotFound", "The subscription could not be found.");
    return reply_error(r, (unsigned)status, "MissingSubscriptionRegistration",
                       "The subscription is not registered to use namespace 'microsoft.insights'.");
}

int refuse_early(struct answer_state *a, const struct answer_request *req, const struct query *q,
                 unsigned n, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = refuse_scope(q);
    const struct fault *f = fault_hit(set, FAULT_STATUS, scope, n);
    int marked = strstr(req->target, "&redirected=1") != NULL, ok = 1;

    if (fault_on(set, FAULT_STORM, scope) != NULL || a->options->throttle_capacity > 0) {
        sys_mutex_lock(a->lock);
        if (fault_on(set, FAULT_STORM, scope) != NULL)
            ok = take(&a->storm);
        if (a->options->throttle_capacity > 0)
            ok = take(&a->bucket) && ok;
        sys_mutex_unlock(a->lock);
        if (!ok)
            return refuse_with(a, q, 429, r) != 0 ? -1 : 1;
    }
    if (f != NULL)
        return refuse_with(a, q, (unsigned)f->number, r) != 0 ? -1 : 1;
    if (n == 2 && only_retry_after(set, scope))
        return refuse_with(a, q, 503, r) != 0 ? -1 : 1;
    if (fault_hit(set, FAULT_REDIRECT_LOOP, scope, n) != NULL ||
        (!marked && fault_hit(set, FAULT_REDIRECT, scope, n) != NULL))
        return redirect(a->url, req, r) != 0 ? -1 : 1;
    if (fault_hit(set, FAULT_REDIRECT_OFF, scope, n) != NULL)
        return redirect(a->other_url, req, r) != 0 ? -1 : 1;
    if (q->kind == QUERY_PERMISSIONS && fault_on(set, FAULT_UNTOLD_RIGHT, q->scope_text) != NULL)
        return refuse_forbidden(a, q, r) != 0 ? -1 : 1;
    if (q->kind == QUERY_EVENTS && (f = fault_on(set, FAULT_REFUSES, scope)) != NULL)
        return refuse_scope_itself(f->number, r) != 0 ? -1 : 1;
    if (fault_on(set, FAULT_FORBIDDEN, scope) != NULL)
        return refuse_forbidden(a, q, r) != 0 ? -1 : 1;
    if (fault_on(set, FAULT_NOTFOUND, scope) != NULL)
        return refuse_not_found(q, r) != 0 ? -1 : 1;
    return 0;
}

int refuse_link(struct answer_state *a, const struct query *q, struct reply *r)
{
    static const struct {
        enum fault_id id;
        unsigned status;
    } rows[] = {{FAULT_LINK_400, 400}, {FAULT_LINK_404, 404}, {FAULT_LINK_410, 410}};
    struct answer_count *count = answer_count_of(a, q);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct fault *f = fault_on(&a->options->faults, rows[i].id, refuse_scope(q));
        int refused;

        if (f == NULL)
            continue;
        sys_mutex_lock(a->lock);
        refused =
            f->number != LONG_MAX && (count->links++ % 2 != 0 || count->links > 2 * f->number);
        sys_mutex_unlock(a->lock);
        if (!refused)
            return refuse_with(a, q, rows[i].status, r) != 0 ? -1 : 1;
    }
    return 0;
}

/* A body of JSON that is far too large. */
static int make_huge(struct reply *r)
{
    static const char head[] = "{\"value\":[{\"description\":\"";

    r->status = 200;
    buf_clear(&r->body);
    buf_puts(&r->body, head);
    buf_reserve(&r->body, HUGE_BYTES + 8);
    memset(r->body.data + r->body.len, 'a', HUGE_BYTES);
    r->body.len += HUGE_BYTES;
    buf_puts(&r->body, "\"}]}");
    return 0;
}

int refuse_body(const struct answer_state *a, const struct query *q, unsigned n, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = refuse_scope(q);
    const struct fault *f;

    if (fault_hit(set, FAULT_NOT_JSON, scope, n) != NULL) {
        r->type = "text/plain";
        return reply_text(r, 200, "upstream said nothing\n") != 0 ? -1 : 1;
    }
    if (fault_hit(set, FAULT_HTML, scope, n) != NULL) {
        r->type = "text/html; charset=utf-8";
        return reply_text(r, 200,
                          "<!DOCTYPE html><html><head><title>Sign in to the network</title></head>"
                          "<body>Please accept the terms.</body></html>\n") != 0
                   ? -1
                   : 1;
    }
    if (q->kind == QUERY_EVENTS && (fault_hit(set, FAULT_EMPTY_ANSWER, scope, n) != NULL ||
                                    fault_hit(set, FAULT_LOST_RIGHT, scope, n) != NULL ||
                                    fault_on(set, FAULT_NO_RIGHT, scope) != NULL))
        return reply_text(r, 200, "{\"value\":[]}") != 0 ? -1 : 1;
    if (q->kind == QUERY_EVENTS && (f = fault_on(set, FAULT_DEAD_DAY, scope)) != NULL &&
        q->scope->nindex > 0 &&
        (q->scope->index[q->scope->nindex - 1].ticks - (q->at.present ? q->at.ticks : q->to)) /
                TICKS_PER_DAY ==
            f->number)
        return refuse_with(a, q, 500, r) != 0 ? -1 : 1;
    if (q->kind == QUERY_EVENTS && (f = fault_on(set, FAULT_WIDE, scope)) != NULL &&
        q->to - q->from > f->number * TICKS_PER_DAY)
        return reply_error(
                   r, 504, "GatewayTimeout",
                   "The gateway did not receive a response from 'Microsoft.Insights' within "
                   "the specified time period.") != 0
                   ? -1
                   : 1;
    if (fault_hit(set, FAULT_HUGE, scope, n) != NULL)
        return make_huge(r) != 0 ? -1 : 1;
    return 0;
}
