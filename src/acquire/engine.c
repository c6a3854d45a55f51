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
#include "acquire/engine.h"

#include "acquire/engine_answers.h"
#include "acquire/engine_walks.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long the loop sleeps at most, milliseconds: an interrupt is noticed by then. */
#define ENGINE_TICK_MS 100

/* Whether a scope has any event, of this run or of those before. */
static int has_events(const struct journal_scope *j)
{
    size_t i;

    if (j->base.events > 0)
        return 1;
    for (i = 0; i < j->nwindows; i++) {
        if (j->windows[i].w.events > 0)
            return 1;
    }
    return 0;
}

/* The status of a scope that has failed: forbidden, failed, or unavailable where the service will
 * not serve it, and no later run will fare better. A scope of which a page has come is served. */
static const char *failed_status(const struct engine *k, unsigned scope)
{
    const struct scope_failure *f = k->scopes[scope].failure;
    const char *state = k->c->states == NULL ? NULL : k->c->states[scope];
    int status = f->status, refused = status >= 400 && status < 500 && status != 401 &&
                                      status != 403 && status != 407 && status != 408 &&
                                      status != 429;

    if (status == 0)
        return f->e.code == ERR_AUTH ? "forbidden" : "failed";
    if (k->scopes[scope].pages == 0 &&
        (arm_error_unavailable(status, &f->words) ||
         (refused && state != NULL && !slice_equals_nocase(slice_of(state), "Enabled"))))
        return "unavailable";
    return status == 401 || status == 403 ? "forbidden" : "failed";
}

/* The status of a scope that has come to its end. */
static void end_scope(struct engine *k, unsigned scope)
{
    struct journal_scope *j = engine_scope(k, scope);
    struct scope_run *s = &k->scopes[scope];

    if (s->phase == PHASE_FAILING) {
        const struct scope_failure *f = s->failure;

        /* Which window is missing is worth more than the service's words alone. */
        journal_end_scope(k->c->journal, j, j->partly ? "failed" : failed_status(k, scope),
                          f->words.code[0] != '\0' ? f->words.code : err_name(f->e.code),
                          !j->partly && f->words.whole[0] != '\0' ? f->words.whole : f->e.msg,
                          f->e.code);
    } else if (j->expired > k->c->journal->query.since) {
        char text[128], a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

        (void)snprintf(text, sizeof(text), "%s to %s is beyond the service's retention",
                       timestamp_format(journal_covered_until(j, k->c->journal->query.since), a),
                       timestamp_format(j->expired, b));
        journal_end_scope(k->c->journal, j, "expired", "BeyondRetention", text, ERR_INCOMPLETE);
    } else {
        journal_end_scope(k->c->journal, j, "complete", NULL, NULL, 0);
    }
    s->phase = PHASE_ENDED;
    k->unended--;
    k->counts.scopes_done++;
}

/* What came empty, and nothing shows that it could have been read, is not believed. */
static void redo_empty(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];

    while (s->nempty > 0) {
        s->nempty--;
        journal_redo(k->c->journal, engine_scope(k, scope), s->empty[s->nempty].from,
                     s->empty[s->nempty].to);
    }
}

/* All has come of a scope, and the account's permissions there are known. */
static void judge_right(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];
    struct journal_scope *j = engine_scope(k, scope);

    if (rights_is_open(&k->c->scopes[scope], s->right)) {
        /* The tenant's log may be open by a role that is not shown, and so it was. */
        int shown = engine_right_shown(s);

        j->right = shown ? MANIFEST_RIGHT_SHOWN : MANIFEST_RIGHT_UNKNOWN;
        s->lacking = !shown && s->right == MANIFEST_RIGHT_MISSING;
    } else if (s->right == MANIFEST_RIGHT_MISSING) {
        struct scope_failure *f = engine_failure(k, scope);

        j->right = MANIFEST_RIGHT_MISSING;
        s->phase = PHASE_FAILING;
        redo_empty(k, scope);
        rights_explain(&f->e, &k->c->scopes[scope], has_events(j), &f->words);
    }
}

/* A scope has come whole: its right to be read, by what has come or by a look-up, which may have to
 * be waited for. */
static void settle_right(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];
    struct journal_scope *j = engine_scope(k, scope);

    j->right = MANIFEST_RIGHT_SHOWN;
    /* Events that were asked for after all that came empty show the right as well. */
    if ((s->nempty == 0 || engine_right_shown(s)) && has_events(j))
        return;
    if (s->lookup == NULL || (s->answered && s->lookup_at < s->empty_at))
        engine_look_up_right(k, scope);
    if (s->answered)
        judge_right(k, scope);
}

/* A scope without work left: it ends, unless something has to be found out first. */
static void move_on(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];

    if (s->phase == PHASE_DISTRUSTED) {
        s->phase = PHASE_WALKING;
        gaps_redo_ordered(&k->ranges, scope);
        gaps_add_missing(&k->ranges, scope);
        engine_look_at(k, scope);
        return;
    }
    if (s->phase == PHASE_WALKING && s->missed > 0) {
        s->phase = PHASE_FAILING;
        engine_scope(k, scope)->partly = s->worked || s->missed_in_row == 0;
    }
    if (s->phase == PHASE_WALKING)
        settle_right(k, scope);
    if (s->lookup != NULL && !s->answered)
        return;
    if (s->phase == PHASE_FAILING && !engine_right_shown(s))
        redo_empty(k, scope);
    rights_free(s->lookup);
    s->lookup = NULL;
    end_scope(k, scope);
}

/* Look at the scopes of which something has come to an end. Returns whether all have ended. */
static int check_scopes(struct engine *k)
{
    size_t n = k->nqueue, i;

    for (i = 0; i < n; i++) {
        unsigned scope = k->queue[i];
        struct scope_run *s = &k->scopes[scope];

        s->queued = 0;
        if (s->phase != PHASE_ENDED && s->walks == 0 && plan_scope_finished(&k->plan, scope) &&
            !k->failed)
            move_on(k, scope);
    }
    /* Those that were added meanwhile. */
    for (i = 0; n + i < k->nqueue; i++)
        k->queue[i] = k->queue[n + i];
    k->nqueue = i;
    return k->unended == 0;
}

/* Note counts and make durable what is known, when it is time. */
static void commit_journal(struct engine *k, int now)
{
    int64_t now_ms = sys_monotonic_ms(), since_ms = now_ms - k->committed_ms;
    struct err e;
    size_t i;

    /* Pages that are being read, and the requests that follow from them, come first. */
    if (!now && (since_ms < k->commit_every_ms ||
                 (since_ms < ENGINE_COMMIT_MS && pool_pending(k->readers) > 0)))
        return;
    for (i = 0; i < k->nchanged; i++) {
        k->scopes[k->changed[i]].counted = 0;
        journal_count(k->c->journal, engine_scope(k, k->changed[i]));
    }
    k->nchanged = 0;
    if (journal_commit(k->c->journal, &e) != 0)
        engine_stop(k, &e);
    k->committed_ms = sys_monotonic_ms();
    k->commit_every_ms = (k->committed_ms - now_ms) * ENGINE_COMMIT_SHARE;
    if (k->commit_every_ms < ENGINE_COMMIT_LEAST_MS)
        k->commit_every_ms = ENGINE_COMMIT_LEAST_MS;
    if (k->commit_every_ms > ENGINE_COMMIT_MS)
        k->commit_every_ms = ENGINE_COMMIT_MS;
}

/* Tell how far it has come. */
static void tell_progress(struct engine *k)
{
    int64_t left = plan_left(&k->plan);
    double pages = (double)k->plan.pages;

    k->counts.reached = k->counts.scopes == 1 ? plan_reached(&k->plan) : 0;
    k->counts.waited_ms = fetch_waited_ms(k->c->fetch);

    k->counts.share = k->ranges.total == 0 ? 1 : 1 - (double)left / (double)k->ranges.total;
    if (k->counts.share < 0)
        k->counts.share = 0;
    k->counts.work = pages == 0 ? 0 : pages / (pages + plan_pages_left(&k->plan));
    k->c->progress(k->c->arg, &k->counts);
}

/* The callback of the plan. */
static int may_start(void *arg, unsigned scope)
{
    struct engine *k = arg;

    return k->scopes[scope].phase == PHASE_WALKING &&
           (k->c->stream == NULL || k->c->may_begin(k->c->stream)) &&
           fetch_may_start(k->c->fetch, engine_bucket(k, scope));
}

/* The callback of fetch: jobs that threads have. */
static unsigned count_jobs(void *arg)
{
    struct engine *k = arg;

    return pool_pending(k->pool) + pool_pending(k->readers);
}

/* Walk until every scope has ended or the run has to stop. */
static void loop(struct engine *k)
{
    int taken = 0;

    for (;;) {
        struct err e;
        int slot;

        if (k->failed || check_scopes(k))
            return;
        while (!k->failed && (slot = plan_take(&k->plan, may_start, k)) >= 0)
            engine_start(k, slot);
        if (k->failed)
            return;
        if (fetch_run(k->c->fetch, taken ? 0 : ENGINE_TICK_MS, &e) != 0)
            engine_stop(k, &e);
        /* One page at a time: the request for the next one goes out before another is looked at,
         * or walks that were answered at once would wait for one another ever after. */
        taken = engine_take_job(k, k->readers, 0);
        while (engine_take_job(k, k->pool, 0))
            ;
        commit_journal(k, 0);
        tell_progress(k);
    }
}

/* Whether the answers that a scope has had so far are worth nothing: it has no event, and the right
 * to read it was not shown. */
static int needs_all_again(const struct journal_scope *s)
{
    if (s->nwindows == 0 || has_events(s))
        return 0;
    if (s->error_code != NULL && strcmp(s->error_code, MANIFEST_NO_RIGHT) == 0)
        return 1;
    return s->base.scope != NULL && s->base.right != MANIFEST_RIGHT_SHOWN;
}

/* Get one scope ready: what it has, and what it misses. `again`: with what is not settled. */
static void prepare_scope(struct engine *k, unsigned i, int again)
{
    struct journal_scope *s = engine_scope(k, i);
    size_t n;

    k->counts.scopes++;
    k->unended++;
    engine_look_at(k, i);
    k->scopes[i].query.since = k->c->journal->query.since;
    k->scopes[i].query.until = k->c->journal->query.until;
    for (n = 0; s->status == NULL && n < s->nwindows; n++) {
        if (!s->windows[n].published && !s->windows[n].kept)
            engine_note_empty(k, i, s->windows[n].from, s->windows[n].to, 0);
    }
    free(s->status);
    s->status = NULL;
    /* What came without the right to read it, or perhaps so, says nothing. */
    if (needs_all_again(s))
        journal_redo(k->c->journal, s, k->scopes[i].query.since, k->scopes[i].query.until);
    plan_usual(&k->plan, i, gaps_usual(s));
    if (again)
        gaps_redo_unsettled(&k->ranges, i);
    if (s->distrusted)
        gaps_redo_ordered(&k->ranges, i);
    gaps_add_missing(&k->ranges, i);
    for (n = 0; n < s->nwindows; n++) {
        k->counts.events += s->windows[n].kept ? 0 : s->windows[n].w.events;
        k->counts.bytes += s->windows[n].kept ? 0 : s->windows[n].w.plain;
    }
    k->counts.requests += s->requests;
    k->counts.retries += s->retries;
}

/* Get ready: every scope and the threads. */
static int prepare(struct engine *k, struct err *e)
{
    int again = journal_asks_again(k->c->journal);
    unsigned i;

    plan_init(&k->plan, k->c->connections);
    k->ranges.journal = k->c->journal;
    k->ranges.plan = &k->plan;
    k->plan.oldest_first = k->c->stream != NULL;
    k->plan.events = k->c->probe_events;
    k->plan.covered = k->c->probe_ticks;
    k->scopes = mem_zalloc(k->c->nscopes + 1, sizeof(*k->scopes));
    k->readers = pool_new(1, fetch_wake, k->c->fetch);
    k->pool = pool_new(k->c->threads, fetch_wake, k->c->fetch);
    /* A scope is in the first list once, and once more while the list is gone through. */
    k->queue = mem_zalloc(2 * k->c->nscopes + 2, sizeof(*k->queue));
    k->changed = mem_zalloc(k->c->nscopes + 1, sizeof(*k->changed));
    if (k->readers == NULL || k->pool == NULL)
        return err_set(e, ERR_INTERNAL, "a thread cannot be started");
    /* Pages that are being read, one a connection, are no backlog. */
    fetch_watch_work(k->c->fetch, count_jobs, k,
                     ENGINE_JOBS_PER_THREAD * k->c->threads + k->c->connections);
    k->commit_bytes = ENGINE_BUDGET_BYTES / (3 * k->c->connections);
    if (k->commit_bytes > ENGINE_COMMIT_BYTES)
        k->commit_bytes = ENGINE_COMMIT_BYTES;
    k->committed_ms = sys_monotonic_ms();
    k->commit_every_ms = ENGINE_COMMIT_LEAST_MS;
    for (i = 0; i < k->c->nscopes; i++) {
        if (i % 256 == 0 && sys_interrupted())
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        if (k->c->scopes[i].kind != ARM_TENANT && k->c->scopes[i].id == NULL) {
            k->scopes[i].phase = PHASE_ENDED;
            continue;
        }
        prepare_scope(k, i, again);
    }
    if (again)
        journal_asked_again(k->c->journal);
    return 0;
}

/* Join the threads of a pool and release the jobs that are left. */
static void end_pool(struct pool *pool)
{
    struct pool_job *job, *next;

    for (job = pool_free(pool); job != NULL; job = next) {
        next = job->next;
        (void)work_job_free((struct work_job *)(void *)job);
    }
}

/* Stop: commit what is certain, wait for the threads, release everything. */
static void wind_up(struct engine *k)
{
    if (k->failed && k->readers != NULL && k->pool != NULL)
        engine_cancel(k, ENGINE_ALL_SCOPES, k->e.code != ERR_INTERNAL && k->e.code != ERR_LOCAL);
    if (k->readers != NULL && k->pool != NULL) {
        while (engine_take_job(k, k->readers, 1) || engine_take_job(k, k->pool, 1))
            ;
        commit_journal(k, 1);
    }
    fetch_watch_work(k->c->fetch, NULL, NULL, 0);
    end_pool(k->readers);
    end_pool(k->pool);
    while (k->walks != NULL) {
        struct walk *w = k->walks;

        k->walks = w->next;
        (void)walk_free(w);
    }
    plan_free(&k->plan);
}

int engine_run(struct engine_config *c, struct engine_counts *counts, struct err *first_failure,
               struct err *e)
{
    struct engine k = {.c = c};
    unsigned i;

    if (prepare(&k, e) != 0)
        engine_stop(&k, e);
    else
        loop(&k);
    wind_up(&k);
    memset(first_failure, 0, sizeof(*first_failure));
    for (i = 0; k.scopes != NULL && i < c->nscopes; i++) {
        const char *status = c->journal->scopes[i].status;
        const struct scope_failure *f = k.scopes[i].failure;

        if (c->unavailable_hint[0] == '\0' && f != NULL && status != NULL &&
            strcmp(status, "unavailable") == 0)
            (void)snprintf(c->unavailable_hint, sizeof(c->unavailable_hint), "%s", f->e.hint);
        if (f != NULL && first_failure->code == ERR_NONE)
            *first_failure = f->e;
        free(k.scopes[i].failure);
        fingerprints_free(&k.scopes[i].query.outside);
        free(k.scopes[i].empty);
        c->tenant_lacking |= k.scopes[i].lacking;
        rights_free(k.scopes[i].lookup);
    }
    free(k.scopes);
    free(k.queue);
    free(k.changed);
    *counts = k.counts;
    if (k.failed)
        *e = k.e;
    return k.failed ? -1 : 0;
}
