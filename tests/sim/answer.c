#include "answer.h"

#include "list.h"
#include "token.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the fault `huge`: more than the 32 MiB that a client should take. */
#define HUGE_BYTES (33U << 20)

int answer_init(struct answer_state *a, const struct sim_options *o, const struct tenant *t)
{
    size_t i;

    a->options = o;
    a->tenant = t;
    a->started_ms = sys_monotonic_ms();
    a->bucket = (struct answer_bucket){(double)o->throttle_capacity, (double)o->throttle_rate,
                                       (double)o->throttle_capacity, a->started_ms};
    a->storm = (struct answer_bucket){3, 3, 3, a->started_ms};
    a->refused_serial = -1;
    a->lock = sys_mutex_new();
    a->counts = calloc(t->nscopes + 4, sizeof(*a->counts));
    if (a->lock == NULL || a->counts == NULL)
        return -1;
    if (!o->prebuilt)
        return 0;
    a->prebuilt = calloc(t->nscopes, sizeof(struct prebuilt *));
    for (i = 0; a->prebuilt != NULL && i < t->nscopes; i++) {
        a->prebuilt[i] = prebuilt_new(t, &t->scopes[i]);
        if (a->prebuilt[i] == NULL)
            return -1;
    }
    return a->prebuilt == NULL ? -1 : 0;
}

void answer_free(struct answer_state *a)
{
    size_t i;

    for (i = 0; a->prebuilt != NULL && i < a->tenant->nscopes; i++)
        prebuilt_free(a->prebuilt[i]);
    free(a->prebuilt);
    free(a->counts);
    sys_mutex_free(a->lock);
}

int64_t answer_now(const struct answer_state *a)
{
    const struct fault *skew = fault_on(&a->options->faults, FAULT_DATE_SKEW, "tenant");
    int64_t now = a->options->now != 0 ? a->options->now : sys_now();

    return skew == NULL ? now : now + skew->number * TICKS_PER_SECOND;
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

long answer_remaining(struct answer_state *a)
{
    long left;

    sys_mutex_lock(a->lock);
    left = a->options->throttle_capacity == 0 ? 11999 - (long)(a->requests % 1000)
                                              : (long)a->bucket.level;
    sys_mutex_unlock(a->lock);
    return left;
}

/* The counters of a request's scope. */
static struct answer_count *count_of(struct answer_state *a, const struct query *q)
{
    size_t n = a->tenant->nscopes;

    if (q->kind == QUERY_EVENTS && q->scope != NULL)
        return &a->counts[q->scope - a->tenant->scopes];
    return &a->counts[q->kind == QUERY_SUBSCRIPTIONS ? n
                      : q->kind == QUERY_GROUPS      ? n + 1
                      : q->kind == QUERY_ASSIGNMENTS ? n + 2
                                                     : n + 3];
}

/* The name by which faults mean this request. */
static const char *fault_scope(const struct query *q)
{
    return q->kind == QUERY_ASSIGNMENTS ? "assignments" : q->scope_text;
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
static int refuse(const struct answer_state *a, const struct query *q, unsigned status,
                  struct reply *r)
{
    const char *code = "InternalServerError", *words = "The server has an error. Please try again.";
    char message[300];

    r->status = status;
    retry_after(a, fault_scope(q), r);
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

/* The fault `expired`: whether the token of that serial has had its time. */
static int used_up(struct answer_state *a, long serial)
{
    const struct fault *f = fault_on(&a->options->faults, FAULT_EXPIRED, "tenant");
    int ret = 0;

    if (f == NULL)
        return 0;
    sys_mutex_lock(a->lock);
    if (serial == a->refused_serial) {
        ret = 1;
    } else {
        if (!a->seen_token || serial != a->token_serial)
            a->token_uses = 0;
        a->seen_token = 1;
        a->token_serial = serial;
        a->token_uses++;
        if (a->token_uses > (unsigned)f->number && (f->once_each || a->refused_serial < 0)) {
            a->refused_serial = serial;
            ret = 1;
        }
    }
    sys_mutex_unlock(a->lock);
    return ret;
}

/* The gateway's look at the token. Returns 1 when *r refuses it. */
static int check_token(struct answer_state *a, const struct answer_request *req, struct reply *r)
{
    struct token_verdict v;

    token_check(&v, a->options, req->authorization, a->url, sys_now());
    r->serial = v.serial;
    if (v.code == NULL && used_up(a, v.serial)) {
        v.code = "ExpiredAuthenticationToken";
        (void)snprintf(v.message, sizeof(v.message),
                       "The access token expiry UTC time is earlier than current UTC time.");
    }
    if (v.code == NULL)
        return 0;
    r->gateway = 1;
    r->challenge = v.missing ? "" : "invalid_token";
    r->note = v.code;
    return reply_error(r, 401, v.code, v.message) != 0 ? -1 : 1;
}

/* 403 for the action that a request needs. */
static int forbid(const struct answer_state *a, const struct query *q, struct reply *r)
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

/* 404 for a scope that is not there. */
static int not_found(const struct query *q, struct reply *r)
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
    return buf_printf(&r->location, "%s%s&redirected=1", url, req->target) != 0 ||
                   buf_terminate(&r->location) != 0
               ? -1
               : reply_text(r, 307, "");
}

/* Whether a fault names a Retry-After and none names the status it goes with. */
static int only_retry_after(const struct fault_set *set, const char *scope)
{
    return (fault_on(set, FAULT_RETRY_AFTER, scope) != NULL ||
            fault_on(set, FAULT_RETRY_AFTER_DATE, scope) != NULL ||
            fault_on(set, FAULT_RETRY_AFTER_HUGE, scope) != NULL) &&
           fault_on(set, FAULT_STATUS, scope) == NULL && fault_on(set, FAULT_STORM, scope) == NULL;
}

/* Faults that come before anything is looked at. Returns 1 when *r is the answer. */
static int early_faults(struct answer_state *a, const struct answer_request *req,
                        const struct query *q, unsigned n, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = fault_scope(q);
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
            return refuse(a, q, 429, r) != 0 ? -1 : 1;
    }
    if (f != NULL)
        return refuse(a, q, (unsigned)f->number, r) != 0 ? -1 : 1;
    if (n == 2 && only_retry_after(set, scope))
        return refuse(a, q, 503, r) != 0 ? -1 : 1;
    if (fault_hit(set, FAULT_REDIRECT_LOOP, scope, n) != NULL ||
        (!marked && fault_hit(set, FAULT_REDIRECT, scope, n) != NULL))
        return redirect(a->url, req, r) != 0 ? -1 : 1;
    if (fault_hit(set, FAULT_REDIRECT_OFF, scope, n) != NULL)
        return redirect(a->other_url, req, r) != 0 ? -1 : 1;
    if (fault_on(set, FAULT_FORBIDDEN, scope) != NULL)
        return forbid(a, q, r) != 0 ? -1 : 1;
    if (fault_on(set, FAULT_NOTFOUND, scope) != NULL)
        return not_found(q, r) != 0 ? -1 : 1;
    return 0;
}

/* The faults link-400, link-404 and link-410. Returns 1 when *r is the answer. */
static int refuse_link(struct answer_state *a, const struct query *q, struct reply *r)
{
    static const struct {
        enum fault_id id;
        unsigned status;
    } rows[] = {{FAULT_LINK_400, 400}, {FAULT_LINK_404, 404}, {FAULT_LINK_410, 410}};
    struct answer_count *count = count_of(a, q);
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct fault *f = fault_on(&a->options->faults, rows[i].id, fault_scope(q));
        int refused;

        if (f == NULL)
            continue;
        sys_mutex_lock(a->lock);
        refused = count->link_refused && !f->once_each;
        count->link_refused = 1;
        sys_mutex_unlock(a->lock);
        if (!refused)
            return refuse(a, q, rows[i].status, r) != 0 ? -1 : 1;
    }
    return 0;
}

/* A body of JSON that is far too large. */
static int make_huge(struct reply *r)
{
    static const char head[] = "{\"value\":[{\"description\":\"";

    r->status = 200;
    buf_clear(&r->body);
    if (buf_puts(&r->body, head) != 0 || buf_reserve(&r->body, HUGE_BYTES + 8) != 0)
        return -1;
    memset(r->body.data + r->body.len, 'a', HUGE_BYTES);
    r->body.len += HUGE_BYTES;
    return buf_puts(&r->body, "\"}]}");
}

/* Faults that replace a good body. Returns 1 when *r is the answer. */
static int body_faults(const struct answer_state *a, const struct query *q, unsigned n,
                       struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = fault_scope(q);

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
    if (fault_hit(set, FAULT_HUGE, scope, n) != NULL)
        return make_huge(r) != 0 ? -1 : 1;
    return 0;
}

/* Whether late events are still hidden at the n-th request of their scope. */
static int late_hidden(struct answer_state *a, const struct query *q, unsigned n)
{
    const struct fault *f = fault_on(&a->options->faults, FAULT_LATE, q->scope_text);
    int hidden;

    if (f == NULL)
        return 0;
    sys_mutex_lock(a->lock);
    hidden = !a->released;
    sys_mutex_unlock(a->lock);
    if (f->after_count >= 0 && n > (unsigned)f->after_count)
        hidden = 0;
    if (f->after_ms >= 0 && sys_monotonic_ms() - a->started_ms >= f->after_ms)
        hidden = 0;
    return hidden;
}

/* A page of events, a list or an assignment list, and what faults do to its text. */
static int answer_data(struct answer_state *a, const struct answer_request *req,
                       const struct query *q, unsigned n, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = fault_scope(q);
    struct page_job job = {a->tenant,
                           set,
                           q,
                           NULL,
                           a->url,
                           a->other_url,
                           n,
                           late_hidden(a, q, n),
                           req->gzip && a->options->gzip};
    int truncated = fault_hit(set, FAULT_TRUNCATED_JSON, scope, n) != NULL;

    if (q->kind != QUERY_EVENTS)
        return list_build(a->tenant, q, a->url, a->options->list_page, r);
    if (a->prebuilt != NULL && !truncated && fault_on(set, FAULT_PRETTY, scope) == NULL)
        job.prebuilt = a->prebuilt[q->scope - a->tenant->scopes];
    if (page_build(&job, r) != 0)
        return -1;
    if (truncated)
        r->body.len -= r->body.len / 3 + 1;
    return fault_on(set, FAULT_PRETTY, scope) != NULL ? reply_pretty(r) : 0;
}

/* How the body goes out. */
static void choose_way(const struct answer_state *a, const struct query *q, unsigned n,
                       struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = fault_scope(q);

    if (fault_hit(set, FAULT_CUT, scope, n) != NULL)
        r->way = REPLY_CUT;
    else if (fault_hit(set, FAULT_STALL, scope, n) != NULL)
        r->way = REPLY_STALL;
    else if (fault_hit(set, FAULT_SLOW, scope, n) != NULL)
        r->way = REPLY_SLOW;
    else if (n % 3 == 2 && a->prebuilt == NULL &&
             fault_on(set, FAULT_TRUNCATED_JSON, scope) == NULL)
        r->way = REPLY_CHUNKED;
}

/* Count the request; its number in its scope. */
static unsigned count_request(struct answer_state *a, const struct query *q)
{
    unsigned n;

    sys_mutex_lock(a->lock);
    a->requests++;
    n = ++count_of(a, q)->requests;
    sys_mutex_unlock(a->lock);
    return n;
}

/* /.sim/release lets late events show; /.sim/stats says how many requests came. */
static int control(struct answer_state *a, const struct query *q, struct reply *r)
{
    char body[64];

    sys_mutex_lock(a->lock);
    if (strcmp(q->path, "/.sim/release") == 0)
        a->released = 1;
    (void)snprintf(body, sizeof(body), "{\"requests\":%llu}\n", (unsigned long long)a->requests);
    sys_mutex_unlock(a->lock);
    return reply_text(r, 200, body);
}

/* What follows once the token is good and no early fault has hit. */
static int answer_checked(struct answer_state *a, const struct answer_request *req, struct query *q,
                          unsigned n, struct reply *r)
{
    char body[400];
    const char *bad;
    int ret;

    if (q->kind == QUERY_UNKNOWN || strcmp(req->method, "GET") != 0)
        return reply_error(r, q->kind == QUERY_UNKNOWN ? 404 : 405, "InvalidRequest",
                           "There is nothing here for this method and path.");
    if (q->scope == NULL && (q->kind == QUERY_EVENTS || q->kind == QUERY_ASSIGNMENTS))
        return strncmp(q->scope_text, "sub:", 4) == 0 ? not_found(q, r) : forbid(a, q, r);
    bad = query_check(q, answer_now(a), body, sizeof(body));
    if (bad != NULL)
        return reply_text(r, 400, bad);
    if (q->skip_token != NULL) {
        if (!query_is_verbatim(q, req->target)) {
            r->note = "the next link was altered";
            return reply_text(
                r, 400,
                "{\"code\":\"BadRequest\",\"message\":\"The next link was altered: it "
                "must be sent as it was received.\"}");
        }
        ret = refuse_link(a, q, r);
        if (ret != 0)
            return ret < 0 ? -1 : 0;
    }
    ret = body_faults(a, q, n, r);
    if (ret == 0)
        ret = answer_data(a, req, q, n, r);
    if (ret < 0)
        return -1;
    choose_way(a, q, n, r);
    return 0;
}

int answer_request(struct answer_state *a, const struct answer_request *req, struct query *q,
                   struct reply *r)
{
    unsigned n;
    int ret;

    if (query_parse(q, a->tenant, req->target) != 0)
        return -1;
    if (q->kind == QUERY_CONTROL)
        return control(a, q, r);
    n = count_request(a, q);
    ret = check_token(a, req, r);
    if (ret == 0)
        ret = early_faults(a, req, q, n, r);
    if (ret == 0)
        ret = answer_checked(a, req, q, n, r);
    if (ret < 0)
        return -1;
    if (req->gzip && a->options->gzip && !r->gzipped && r->status == 200 && r->middle.len == 0 &&
        r->tail.len == 0)
        return reply_gzip(r);
    return 0;
}
