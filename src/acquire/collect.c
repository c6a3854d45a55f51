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

#include "acquire/answers.h"
#include "acquire/walks.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long the loop sleeps at most, milliseconds: an interrupt is noticed by then. */
#define COLLECT_TICK_MS 100

/* The status of a scope that has come to its end. */
static void end_scope(struct collect *k, unsigned scope)
{
    struct journal_scope *j = walks_scope(k, scope);
    struct scope_run *s = &k->scopes[scope];
    struct err e;
    int ret;

    if (s->phase == PHASE_FAILING) {
        const char *status = s->status == 401 || s->status == 403 ? "forbidden" : "failed";

        ret = journal_end_scope(
            k->c->journal, j, status,
            s->words.code[0] != '\0' ? s->words.code : err_name(s->failure.code),
            s->words.whole[0] != '\0' ? s->words.whole : s->failure.msg, s->failure.code, &e);
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
        walks_stop(k, &e);
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
                    walks_stop(k, &e);
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
        struct journal_scope *s = walks_scope(k, i);

        if (journal_count(k->c->journal, s, &e) != 0)
            walks_stop(k, &e);
    }
    if (journal_commit(k->c->journal, &e) != 0)
        walks_stop(k, &e);
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
           fetch_may_start(k->c->fetch, walks_bucket(k, scope));
}

/* The callback of fetch: jobs that threads have. */
static unsigned count_jobs(void *arg)
{
    struct collect *k = arg;

    return pool_pending(k->pool) + pool_pending(k->readers);
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
            walks_start(k, slot);
        if (k->failed)
            return;
        if (fetch_run(k->c->fetch, COLLECT_TICK_MS, &e) != 0)
            walks_stop(k, &e);
        answers_take_jobs(k, k->readers, 0);
        answers_take_jobs(k, k->pool, 0);
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
    fetch_watch_work(k->c->fetch, count_jobs, k, COLLECT_JOBS_PER_THREAD * k->c->threads);
    k->commit_bytes = COLLECT_BUDGET_BYTES / (3 * k->c->connections);
    if (k->commit_bytes > COLLECT_COMMIT_BYTES)
        k->commit_bytes = COLLECT_COMMIT_BYTES;
    k->committed_ms = sys_monotonic_ms();
    k->commit_every_ms = COLLECT_COMMIT_LEAST_MS;
    for (i = 0; i < k->c->nscopes; i++) {
        struct journal_scope *s = walks_scope(k, i);
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
            walks_cancel(k, i, k->e.code != ERR_INTERNAL && k->e.code != ERR_LOCAL);
    }
    if (k->readers != NULL && k->pool != NULL) {
        answers_take_jobs(k, k->readers, 1);
        answers_take_jobs(k, k->pool, 1);
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

int collect_run(const struct collect_config *c, struct collect_counts *counts,
                struct err *first_failure, struct err *e)
{
    struct collect k = {.c = c};
    unsigned i;

    if (prepare(&k, e) != 0)
        walks_stop(&k, e);
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
