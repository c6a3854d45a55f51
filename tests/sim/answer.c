#include "answer.h"

#include "list.h"
#include "refuse.h"
#include "token.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    a->counts = mem_zalloc(t->nscopes + 5, sizeof(*a->counts));
    if (!o->prebuilt)
        return 0;
    a->prebuilt = mem_zalloc(t->nscopes, sizeof(struct prebuilt *));
    for (i = 0; i < t->nscopes; i++) {
        a->prebuilt[i] = prebuilt_new(t, &t->scopes[i]);
        if (a->prebuilt[i] == NULL)
            return -1;
    }
    return 0;
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

struct answer_count *answer_count_of(struct answer_state *a, const struct query *q)
{
    size_t n = a->tenant->nscopes;

    if (q->kind == QUERY_EVENTS && q->scope != NULL)
        return &a->counts[q->scope - a->tenant->scopes];
    return &a->counts[q->kind == QUERY_SUBSCRIPTIONS ? n
                      : q->kind == QUERY_GROUPS      ? n + 1
                      : q->kind == QUERY_ASSIGNMENTS ? n + 2
                      : q->kind == QUERY_PERMISSIONS ? n + 3
                                                     : n + 4];
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

/* What links to further pages begin with. */
static const char *link_origin(const struct answer_state *a, const char *scope)
{
    const struct fault_set *set = &a->options->faults;

    if (fault_on(set, FAULT_OFF_ORIGIN, scope) != NULL)
        return a->other_url;
    return fault_on(set, FAULT_PATH_LINK, scope) != NULL ? "" : a->url;
}

/* What the account may do at a scope: all that a Reader may. Where links are out of the ordinary,
 * it is the second page that says so. */
static int answer_permissions(const struct answer_state *a, const struct query *q, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *origin = link_origin(a, refuse_scope(q));

    if (fault_on(set, FAULT_NO_RIGHT, q->scope_text) != NULL ||
        fault_on(set, FAULT_LOST_RIGHT, q->scope_text) != NULL)
        return reply_text(r, 200, "{\"value\":[]}");
    r->status = 200;
    buf_clear(&r->body);
    if (q->offset == 0 && origin != a->url) {
        buf_puts(&r->body, "{\"value\":[],\"nextLink\":\"");
        query_list_link(&r->body, origin, q, 1);
        buf_puts(&r->body, "\"}");
    } else {
        buf_puts(&r->body, "{\"value\":[{\"actions\":[\"*/read\"],\"notActions\":[],"
                           "\"dataActions\":[],\"notDataActions\":[]}]}");
    }
    return 0;
}

/* A page of events, a list or an assignment list, and what faults do to its text. */
static int answer_data(struct answer_state *a, const struct answer_request *req,
                       const struct query *q, unsigned n, struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = refuse_scope(q);
    struct page_job job = {a->tenant,
                           set,
                           q,
                           NULL,
                           link_origin(a, scope),
                           n,
                           late_hidden(a, q, n),
                           (size_t)a->options->page,
                           req->gzip && a->options->gzip};
    int truncated = fault_hit(set, FAULT_TRUNCATED_JSON, scope, n) != NULL;

    if (q->kind == QUERY_PERMISSIONS)
        return answer_permissions(a, q, r);
    if (q->kind != QUERY_EVENTS)
        return list_build(a->tenant, q, job.url, a->options->list_page, r);
    if (a->prebuilt != NULL && !truncated && fault_on(set, FAULT_PRETTY, scope) == NULL)
        job.prebuilt = a->prebuilt[q->scope - a->tenant->scopes];
    if (page_build(&job, r) != 0)
        return -1;
    if (truncated)
        r->body.len -= r->body.len / 3 + 1;
    if (fault_on(set, FAULT_PRETTY, scope) != NULL)
        reply_pretty(r);
    return 0;
}

/* How the body goes out. */
static void choose_way(const struct answer_state *a, const struct query *q, unsigned n,
                       struct reply *r)
{
    const struct fault_set *set = &a->options->faults;
    const char *scope = refuse_scope(q);

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
    n = ++answer_count_of(a, q)->requests;
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
    if (q->scope == NULL &&
        (q->kind == QUERY_EVENTS || q->kind == QUERY_ASSIGNMENTS || q->kind == QUERY_PERMISSIONS))
        return strncmp(q->scope_text, "sub:", 4) == 0 ? refuse_not_found(q, r)
                                                      : refuse_forbidden(a, q, r);
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
    ret = refuse_body(a, q, n, r);
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

    query_parse(q, a->tenant, req->target);
    if (q->kind == QUERY_CONTROL)
        return control(a, q, r);
    n = count_request(a, q);
    ret = check_token(a, req, r);
    if (ret == 0)
        ret = refuse_early(a, req, q, n, r);
    if (ret == 0)
        ret = answer_checked(a, req, q, n, r);
    if (ret < 0)
        return -1;
    if (req->gzip && a->options->gzip && !r->gzipped && r->status == 200 && r->middle.len == 0 &&
        r->tail.len == 0)
        return reply_gzip(r);
    return 0;
}
