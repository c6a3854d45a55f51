/*
 * The life of a scope. Its missing ranges wait in the plan; connections take them, or parts of
 * them, and walk. A page goes to a thread to be read and comes back to be checked (walk.c); what is
 * certain is given to a thread as a stretch, comes back as windows, and is noted in the journal.
 *
 * When a page is out of order, the scope is distrusted: its walks stop, what was closed by order
 * alone is marked to be fetched again, and the missing ranges, cut at UTC midnight, are read to
 * their last link. When a scope fails, its walks stop and what is certain of them is still
 * committed. A scope ends when it has no range, no walk and no stretch left.
 */
#include "acquire/collect.h"

#include "acquire/plan.h"
#include "acquire/ranges.h"
#include "acquire/walk.h"
#include "base/fault.h"
#include "base/pool.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long the loop sleeps at most, milliseconds: an interrupt is noticed by then. */
#define COLLECT_TICK_MS 100
/* How near to the end of retention a start may be: the request still has to arrive. */
#define COLLECT_RETENTION_MARGIN (60 * TICKS_PER_SECOND)

/* What a scope is about. */
enum phase {
    PHASE_WALKING,
    PHASE_DISTRUSTED, /* its walks come to their ends; then it begins anew without trust in order */
    PHASE_FAILING,    /* its walks come to their ends; then it has failed */
    PHASE_ENDED
};

struct scope_run {
    enum phase phase;
    unsigned walks; /* not freed yet */
    struct walk_query query;
    struct err failure;
    int status; /* HTTP, of its failure */
    struct arm_error words;
};

struct collect {
    const struct collect_config *c;
    struct plan plan;
    struct pool *readers; /* one thread, so that no page waits behind a stretch being deflated */
    struct pool *pool;    /* for stretches */
    struct scope_run *scopes;
    struct walk *walks;  /* list of all */
    size_t commit_bytes; /* plain bytes held before a walk commits */
    struct ranges ranges;
    int64_t committed_ms, commit_every_ms;
    struct collect_counts counts;
    int failed; /* the run has to stop: why */
    struct err e;
};

/* The run has to stop. The first reason counts. */
static void stop(struct collect *k, const struct err *e)
{
    if (!k->failed)
        k->e = *e;
    k->failed = 1;
}

static struct journal_scope *scope_of(struct collect *k, unsigned scope)
{
    return &k->c->journal->scopes[scope];
}

/* The limit of the service that a scope's requests count against. */
static unsigned bucket_of(const struct collect *k, unsigned scope)
{
    return k->c->scopes[scope].kind == ARM_SUBSCRIPTION ? scope + 1 : 0;
}

/* ---- walks ---- */

static void on_answer(struct fetch_request *r, struct fetch_result *result);

/* Send the request for w->url. */
static void ask(struct collect *k, struct walk *w)
{
    w->request.url = w->url;
    w->request.bucket = bucket_of(k, w->scope);
    w->request.done = on_answer;
    w->request.arg = k;
    w->busy = 1;
    fetch_start(k->c->fetch, &w->request);
}

/* Point w->url at the first page of [ask_from, ask_to], whole seconds. */
static int first_url(struct collect *k, struct walk *w, int64_t ask_to, struct err *e)
{
    struct buf url = {0};

    if (arm_events_url(&url, k->c->journal->query.endpoint, &k->c->scopes[w->scope], w->ask_from,
                       ask_to) != 0 ||
        buf_terminate(&url) != 0) {
        buf_free(&url);
        return err_memory(e, "request");
    }
    free(w->url);
    w->url = url.data;
    return 0;
}

/* The service refuses a start beyond retention: the part of a range that is has to be left out. */
static int clip_expired(struct collect *k, int slot, struct err *e)
{
    struct plan_walk *p = &k->plan.walks[slot];
    struct journal_scope *s = scope_of(k, p->range.scope);
    int64_t limit =
        timestamp_ceil_second(fetch_server_now(k->c->fetch) - ARM_RETENTION_DAYS * TICKS_PER_DAY +
                              COLLECT_RETENTION_MARGIN);

    if (p->range.from >= limit)
        return 0;
    if (limit > p->range.to)
        limit = p->range.to;
    p->range.from = limit;
    if (p->stop < limit)
        p->stop = limit;
    return s->expired >= limit ? 0 : journal_expired(k->c->journal, s, limit, e);
}

/* Begin the walk that the plan has started in a slot. */
static void start_walk(struct collect *k, int slot)
{
    struct plan_walk *p = &k->plan.walks[slot];
    struct walk *w;
    struct err e;

    if (clip_expired(k, slot, &e) != 0) {
        stop(k, &e);
        return;
    }
    if (p->range.from >= p->range.to) {
        plan_end(&k->plan, slot);
        return;
    }
    w = walk_new(&k->plan, slot, timestamp_floor_second(p->range.from),
                 timestamp_ceil_second(p->range.to));
    if (w == NULL || first_url(k, w, w->ask_to, &e) != 0) {
        (void)err_memory(&e, "walk");
        stop(k, &e);
        if (w != NULL)
            (void)walk_free(w);
        return;
    }
    if (k->c->stream != NULL)
        k->c->on_begin(k->c->stream, w->to);
    w->next = k->walks;
    k->walks = w;
    k->scopes[w->scope].walks++;
    ask(k, w);
}

/* Give what is certain, from `from` on, to a thread. */
static void commit(struct collect *k, struct walk *w, int64_t from)
{
    const struct journal_query *q = &k->c->journal->query;
    struct commit_job *j;
    struct err e;

    if (from >= w->commit_to)
        return;
    j = walk_commit(w, from);
    if (j == NULL) {
        (void)err_memory(&e, "stretch");
        stop(k, &e);
        return;
    }
    j->params.level = k->c->level;
    j->params.target_plain = COLLECT_COMMIT_BYTES;
    j->params.split_day = q->split_day;
    j->params.folder = k->c->journal->folder;
    j->closed = w->drained ? MANIFEST_DRAINED : MANIFEST_ORDERED;
    w->jobs++;
    pool_add(k->pool, &j->job);
}

/* No more pages: give the slot back. */
static void end_walk(struct collect *k, struct walk *w)
{
    w->ended = 1;
    if (w->slot >= 0)
        plan_end(&k->plan, w->slot);
    w->slot = -1;
}

/* Free a walk that has nothing under way any more; note first what it has drained. */
static void release_walk(struct collect *k, struct walk *w)
{
    struct walk **at;
    struct err e;

    if (!w->ended || w->busy || w->jobs > 0)
        return;
    if (w->drained && !w->cancelled && !k->failed &&
        journal_drained(k->c->journal, scope_of(k, w->scope), w->from, w->to, &e) != 0)
        stop(k, &e);
    for (at = &k->walks; *at != w; at = &(*at)->next)
        ;
    *at = w->next;
    k->scopes[w->scope].walks--;
    fetch_hold(k->c->fetch, -walk_free(w));
}

/* Count how often a walk's request was sent. */
static void count_requests(struct collect *k, const struct walk *w)
{
    struct journal_scope *s = scope_of(k, w->scope);
    unsigned n = w->request.attempts;

    s->requests += n;
    s->retries += n > 1 ? n - 1 : 0;
    k->counts.requests += n;
    k->counts.retries += n > 1 ? n - 1 : 0;
}

/* Stop all walks of a scope. `keep`: what is certain of them is committed. */
static void cancel_walks(struct collect *k, unsigned scope, int keep)
{
    struct walk *w, *next;

    plan_drop(&k->plan, scope);
    for (w = k->walks; w != NULL; w = next) {
        next = w->next;
        if (w->scope != scope || w->ended)
            continue;
        if (keep)
            commit(k, w, walk_certain_from(w, &k->plan));
        w->cancelled = 1;
        if (w->busy && fetch_give_up(k->c->fetch, &w->request)) {
            count_requests(k, w);
            w->busy = 0;
        }
        end_walk(k, w);
        release_walk(k, w);
    }
}

/* The scope cannot be read; or the run has to stop, where it is this machine that has failed. */
static void fail_scope(struct collect *k, unsigned scope, const struct err *e, int status,
                       const struct arm_error *words)
{
    struct scope_run *s = &k->scopes[scope];

    if (e->code == ERR_INTERNAL || e->code == ERR_LOCAL) {
        stop(k, e);
        return;
    }
    if (s->phase == PHASE_FAILING || s->phase == PHASE_ENDED)
        return;
    s->phase = PHASE_FAILING;
    s->failure = *e;
    s->status = status;
    if (words != NULL)
        s->words = *words;
    cancel_walks(k, scope, 1);
}

/* Its pages came out of order. */
static void distrust_scope(struct collect *k, unsigned scope)
{
    struct journal_scope *j = scope_of(k, scope);
    char text[256];
    struct err e;

    if (k->scopes[scope].phase != PHASE_WALKING)
        return;
    k->scopes[scope].phase = PHASE_DISTRUSTED;
    (void)snprintf(text, sizeof(text),
                   "%s: pages came out of order; every range is read to its last link", j->scope);
    k->c->warning(k->c->arg, text);
    if (journal_distrust(k->c->journal, j, &e) != 0)
        stop(k, &e);
    cancel_walks(k, scope, 0);
}

/* ---- answers ---- */

/* A next link was refused: once, the rest of the range is asked for anew. */
static int ask_anew(struct collect *k, struct walk *w, int status)
{
    int whole = k->plan.walks[w->slot].range.whole;
    int64_t ask_to, freed;
    struct err e;

    if (w->anew || (status != 400 && status != 404 && status != 410))
        return 0;
    w->anew = 1;
    ask_to = walk_rewind(w, whole, &freed);
    fetch_hold(k->c->fetch, -freed);
    commit(k, w, walk_certain_from(w, &k->plan));
    if (first_url(k, w, ask_to, &e) != 0)
        stop(k, &e);
    else
        ask(k, w);
    return 1;
}

/* A range was refused that begins beyond retention by the server's clock, which its answer has told
 * just now: it waits again, and start_walk leaves that part out. */
static int begin_later(struct collect *k, struct walk *w, int status)
{
    const struct plan_walk *p = &k->plan.walks[w->slot];
    struct err e;

    if (status != 400 ||
        p->range.from >= fetch_server_now(k->c->fetch) - ARM_RETENTION_DAYS * TICKS_PER_DAY)
        return 0;
    if (plan_add(&k->plan, w->scope, p->stop, w->to, p->range.whole) != 0) {
        (void)err_memory(&e, "plan");
        stop(k, &e);
    }
    w->cancelled = 1;
    end_walk(k, w);
    release_walk(k, w);
    return 1;
}

/* A request of a walk has failed for good. */
static void on_failure(struct collect *k, struct walk *w, struct fetch_result *result)
{
    struct err e = result->err;

    if (w->followed ? ask_anew(k, w, result->status) : begin_later(k, w, result->status))
        return;
    if (result->status >= 300 && e.code != ERR_NETWORK) {
        (void)arm_explain(&e, &k->c->scopes[w->scope], result->status, &result->words);
    } else {
        if (result->words.code[0] != '\0')
            (void)err_set(&e, ERR_NETWORK, "%.800s: %s: %s", result->err.msg, result->words.code,
                          result->words.message);
        (void)err_wrap(&e, "%s", scope_of(k, w->scope)->scope);
    }
    fail_scope(k, w->scope, &e, result->status, &result->words);
}

/* The callback of fetch. */
static void on_answer(struct fetch_request *r, struct fetch_result *result)
{
    struct collect *k = r->arg;
    struct walk *w = (struct walk *)(void *)((char *)r - offsetof(struct walk, request));
    struct commit_job *j;

    count_requests(k, w);
    w->busy = 0;
    if (w->cancelled) {
        release_walk(k, w);
        return;
    }
    if (result->answer == NULL) {
        on_failure(k, w, result);
        return;
    }
    j = commit_job_new(COMMIT_PARSE, w);
    if (j == NULL) {
        (void)err_memory(&result->err, "page");
        stop(k, &result->err);
        return;
    }
    j->body = result->answer->body;
    memset(&result->answer->body, 0, sizeof(result->answer->body));
    j->asked_at = result->answer->date != 0 ? result->answer->date : sys_now();
    memcpy(j->request_id, result->answer->request_id, sizeof(j->request_id));
    j->held = (int64_t)j->body.cap;
    fetch_hold(k->c->fetch, j->held);
    w->busy = 1;
    pool_add(k->readers, &j->job);
}

/* An answer could not be read: ask again, a few times. */
static void on_unreadable(struct collect *k, struct walk *w, struct err *e)
{
    if (e->code == ERR_UNTRUSTED && ++w->tries < COLLECT_PAGE_TRIES) {
        k->counts.retries++;
        scope_of(k, w->scope)->retries++;
        ask(k, w);
        return;
    }
    (void)err_wrap(e, "%s: answer", scope_of(k, w->scope)->scope);
    fail_scope(k, w->scope, e, 0, NULL);
}

/* Commit, or put aside on disk, what a walk that goes on holds. */
static void relieve(struct collect *k, struct walk *w)
{
    int64_t freed = 0;
    struct err e;

    if (w->held < (int64_t)k->commit_bytes)
        return;
    commit(k, w, walk_certain_from(w, &k->plan));
    /* What is still held is all of one time, or cannot be certain before the last link. */
    if (w->held < (int64_t)k->commit_bytes)
        return;
    if (walk_spill(w, k->c->journal->folder, &freed, &e) != 0)
        stop(k, &e);
    fetch_hold(k->c->fetch, -freed);
}

/* A page has been read. */
static void on_page(struct collect *k, struct commit_job *j)
{
    struct walk *w = j->walk;
    int64_t before = w->held;
    enum walk_verdict verdict = WALK_GO_ON;
    struct err e;

    w->busy = 0;
    if (j->failed || w->cancelled || k->failed) {
        fetch_hold(k->c->fetch, -j->held);
        if (j->failed && !w->cancelled && !k->failed)
            on_unreadable(k, w, &j->e);
        else
            release_walk(k, w);
        return;
    }
    w->tries = 0;
    if (walk_take_page(w, &k->plan, &j->page, j->asked_at, j->request_id,
                       &k->scopes[w->scope].query, &verdict, &e) != 0) {
        fetch_hold(k->c->fetch, -j->held);
        (void)err_wrap(&e, "%s", scope_of(k, w->scope)->scope);
        fail_scope(k, w->scope, &e, 0, NULL);
        return;
    }
    /* The body is held by the walk now, or by nobody. */
    fetch_hold(k->c->fetch, w->held - before - j->held);
    if (verdict == WALK_DISORDER) {
        distrust_scope(k, w->scope);
        return;
    }
    if (verdict == WALK_GO_ON) {
        relieve(k, w);
        if (!k->failed)
            ask(k, w);
        return;
    }
    commit(k, w, k->plan.walks[w->slot].stop);
    w->from = k->plan.walks[w->slot].stop;
    end_walk(k, w);
    release_walk(k, w);
}

/* A stretch has become windows. */
static void on_stretch(struct collect *k, struct commit_job *j)
{
    struct walk *w = j->walk;
    size_t i;
    struct err e;

    w->jobs--;
    if (j->failed) {
        stop(k, &j->e);
    } else if (!k->failed || k->e.code == ERR_INTERRUPTED || k->e.code == ERR_AUTH) {
        if (journal_add_windows(k->c->journal, scope_of(k, w->scope), &j->result, j->asked_at,
                                j->closed, j->ids, j->nids, j->outside, &e) != 0)
            stop(k, &e);
        else if (k->c->stream != NULL && !k->failed && k->c->on_windows(k->c->stream, &e) != 0)
            stop(k, &e);
        for (i = 0; i < j->result.nwindows; i++) {
            k->counts.events += j->result.windows[i].w.events;
            k->counts.bytes += j->result.windows[i].w.plain;
        }
    }
    release_walk(k, w);
}

/* Take back what the threads of a pool have finished. `wait`: until nothing is left. */
static void take_jobs(struct collect *k, struct pool *pool, int wait)
{
    struct pool_job *job;

    while ((job = wait ? pool_wait(pool) : pool_done(pool)) != NULL) {
        struct commit_job *j = (struct commit_job *)(void *)job;

        if (j->kind == COMMIT_PARSE)
            on_page(k, j);
        else
            on_stretch(k, j);
        fetch_hold(k->c->fetch, -commit_job_free(j));
    }
}

/* ---- the loop ---- */

/* The status of a scope that has come to its end. */
static void end_scope(struct collect *k, unsigned scope)
{
    struct journal_scope *j = scope_of(k, scope);
    struct scope_run *s = &k->scopes[scope];
    struct err e;
    int ret;

    if (s->phase == PHASE_FAILING) {
        const char *status = s->status == 401 || s->status == 403 ? "forbidden" : "failed";

        ret = journal_end_scope(
            k->c->journal, j, status,
            s->words.code[0] != '\0' ? s->words.code : err_name(s->failure.code),
            s->words.message[0] != '\0' ? s->words.message : s->failure.msg, s->failure.code, &e);
    } else if (j->expired > k->c->journal->query.since) {
        char text[128], a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

        (void)snprintf(text, sizeof(text), "%s to %s is beyond the service's retention",
                       timestamp_format(journal_covered_until(j, k->c->journal->query.since), a),
                       timestamp_format(j->expired, b));
        ret = journal_end_scope(k->c->journal, j, "expired", "BeyondRetention", text,
                                ERR_INCOMPLETE, &e);
    } else {
        ret = journal_end_scope(k->c->journal, j, "complete", NULL, NULL, 0, &e);
    }
    if (ret != 0)
        stop(k, &e);
    s->phase = PHASE_ENDED;
    k->counts.scopes_done++;
}

/* Move scopes on that have nothing under way. Returns whether all have ended. */
static int check_scopes(struct collect *k)
{
    int all = 1;
    unsigned i;

    for (i = 0; i < k->c->nscopes; i++) {
        struct scope_run *s = &k->scopes[i];
        struct err e;

        if (s->phase != PHASE_ENDED && s->walks == 0 && plan_scope_finished(&k->plan, i)) {
            if (s->phase != PHASE_DISTRUSTED) {
                end_scope(k, i);
            } else {
                s->phase = PHASE_WALKING;
                if (ranges_redo_ordered(&k->ranges, i, &e) != 0 ||
                    ranges_add_missing(&k->ranges, i, &e) != 0)
                    stop(k, &e);
            }
        }
        all &= s->phase == PHASE_ENDED;
    }
    return all;
}

/* Note counts and make durable what is known, when it is time. */
static void commit_journal(struct collect *k, int now)
{
    int64_t now_ms = sys_monotonic_ms();
    struct err e;
    unsigned i;

    if (!now && now_ms - k->committed_ms < k->commit_every_ms)
        return;
    for (i = 0; i < k->c->nscopes; i++) {
        struct journal_scope *s = scope_of(k, i);

        if (journal_count(k->c->journal, s, &e) != 0)
            stop(k, &e);
    }
    if (journal_commit(k->c->journal, &e) != 0)
        stop(k, &e);
    k->committed_ms = sys_monotonic_ms();
    k->commit_every_ms = (k->committed_ms - now_ms) * COLLECT_COMMIT_SHARE;
    if (k->commit_every_ms < COLLECT_COMMIT_LEAST_MS)
        k->commit_every_ms = COLLECT_COMMIT_LEAST_MS;
    if (k->commit_every_ms > COLLECT_COMMIT_MS)
        k->commit_every_ms = COLLECT_COMMIT_MS;
}

/* Tell how far it has come. */
static void tell_progress(struct collect *k)
{
    int64_t left = plan_left(&k->plan);

    k->counts.share = k->ranges.total == 0 ? 1 : 1 - (double)left / (double)k->ranges.total;
    if (k->counts.share < 0)
        k->counts.share = 0;
    k->c->progress(k->c->arg, &k->counts);
}

/* The callback of the plan. */
static int may_start(void *arg, unsigned scope)
{
    struct collect *k = arg;

    return k->scopes[scope].phase == PHASE_WALKING &&
           (k->c->stream == NULL || k->c->may_begin(k->c->stream)) &&
           fetch_may_start(k->c->fetch, bucket_of(k, scope));
}

/* The callback of fetch: are threads at work? */
static int is_working(void *arg)
{
    struct collect *k = arg;

    return pool_pending(k->pool) > 0 || pool_pending(k->readers) > 0;
}

/* Walk until every scope has ended or the run has to stop. */
static void loop(struct collect *k)
{
    for (;;) {
        struct err e;
        int slot;

        if (k->failed || check_scopes(k))
            return;
        while (!k->failed && (slot = plan_take(&k->plan, may_start, k)) >= 0)
            start_walk(k, slot);
        if (k->failed)
            return;
        if (fetch_run(k->c->fetch, COLLECT_TICK_MS, &e) != 0)
            stop(k, &e);
        take_jobs(k, k->readers, 0);
        take_jobs(k, k->pool, 0);
        commit_journal(k, 0);
        tell_progress(k);
    }
}

/* Get ready: what every scope has, and what it misses. */
static int prepare(struct collect *k, struct err *e)
{
    unsigned i;

    if (plan_init(&k->plan, k->c->connections) != 0)
        return err_memory(e, "plan");
    k->ranges.journal = k->c->journal;
    k->ranges.plan = &k->plan;
    k->plan.oldest_first = k->c->stream != NULL;
    k->plan.events = k->c->probe_events;
    k->plan.covered = k->c->probe_ticks;
    k->scopes = calloc(k->c->nscopes + 1, sizeof(*k->scopes));
    k->readers = pool_new(1, fetch_wake, k->c->fetch);
    k->pool = pool_new(k->c->threads, fetch_wake, k->c->fetch);
    if (k->scopes == NULL || k->readers == NULL || k->pool == NULL)
        return err_memory(e, "threads");
    fetch_watch_work(k->c->fetch, is_working, k);
    k->commit_bytes = COLLECT_BUDGET_BYTES / (3 * k->c->connections);
    if (k->commit_bytes > COLLECT_COMMIT_BYTES)
        k->commit_bytes = COLLECT_COMMIT_BYTES;
    k->committed_ms = sys_monotonic_ms();
    k->commit_every_ms = COLLECT_COMMIT_LEAST_MS;
    for (i = 0; i < k->c->nscopes; i++) {
        struct journal_scope *s = scope_of(k, i);
        size_t n;

        if (k->c->scopes[i].kind != ARM_TENANT && k->c->scopes[i].id == NULL) {
            k->scopes[i].phase = PHASE_ENDED;
            continue;
        }
        k->counts.scopes++;
        k->scopes[i].query.since = k->c->journal->query.since;
        k->scopes[i].query.until = k->c->journal->query.until;
        free(s->status);
        s->status = NULL;
        if (ranges_redo_unsettled(&k->ranges, i, e) != 0 ||
            (s->distrusted && ranges_redo_ordered(&k->ranges, i, e) != 0) ||
            ranges_add_missing(&k->ranges, i, e) != 0)
            return -1;
        for (n = 0; n < s->nwindows; n++) {
            k->counts.events += s->windows[n].kept ? 0 : s->windows[n].w.events;
            k->counts.bytes += s->windows[n].kept ? 0 : s->windows[n].w.plain;
        }
        k->counts.requests += s->requests;
        k->counts.retries += s->retries;
    }
    return 0;
}

/* Join the threads of a pool and release the jobs that are left. */
static void end_pool(struct pool *pool)
{
    struct pool_job *job, *next;

    for (job = pool_free(pool); job != NULL; job = next) {
        next = job->next;
        (void)commit_job_free((struct commit_job *)(void *)job);
    }
}

/* Stop: commit what is certain, wait for the threads, release everything. */
static void wind_up(struct collect *k)
{
    unsigned i;

    if (k->failed && k->readers != NULL && k->pool != NULL) {
        for (i = 0; i < k->c->nscopes; i++)
            cancel_walks(k, i, k->e.code != ERR_INTERNAL && k->e.code != ERR_LOCAL);
    }
    if (k->readers != NULL && k->pool != NULL) {
        take_jobs(k, k->readers, 1);
        take_jobs(k, k->pool, 1);
        commit_journal(k, 1);
    }
    fetch_watch_work(k->c->fetch, NULL, NULL);
    end_pool(k->readers);
    end_pool(k->pool);
    while (k->walks != NULL) {
        struct walk *w = k->walks;

        k->walks = w->next;
        (void)walk_free(w);
    }
    plan_free(&k->plan);
}

int collect_run(const struct collect_config *c, struct collect_counts *counts,
                struct err *first_failure, struct err *e)
{
    struct collect k = {.c = c};
    unsigned i;

    if (prepare(&k, e) != 0)
        stop(&k, e);
    else
        loop(&k);
    wind_up(&k);
    memset(first_failure, 0, sizeof(*first_failure));
    for (i = 0; k.scopes != NULL && i < c->nscopes; i++) {
        if (k.scopes[i].failure.code != ERR_NONE && first_failure->code == ERR_NONE)
            *first_failure = k.scopes[i].failure;
        free(k.scopes[i].query.outside.slots);
    }
    free(k.scopes);
    *counts = k.counts;
    if (k.failed)
        *e = k.e;
    return k.failed ? -1 : 0;
}
