#include "acquire/engine_walks.h"

#include "acquire/engine_answers.h"
#include "base/mem.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>

/* How near to the end of retention a start may be: the request still has to arrive. */
#define ENGINE_RETENTION_MARGIN (60 * TICKS_PER_SECOND)

void engine_stop(struct engine *k, const struct err *e)
{
    if (!k->failed)
        k->e = *e;
    k->failed = 1;
}

struct journal_scope *engine_scope(struct engine *k, unsigned scope)
{
    return &k->c->journal->scopes[scope];
}

struct scope_failure *engine_failure(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];

    if (s->failure == NULL)
        s->failure = mem_zalloc(1, sizeof(*s->failure));
    return s->failure;
}

void engine_look_at(struct engine *k, unsigned scope)
{
    if (!k->scopes[scope].queued)
        k->queue[k->nqueue++] = scope;
    k->scopes[scope].queued = 1;
}

void engine_counts_changed(struct engine *k, unsigned scope)
{
    if (!k->scopes[scope].counted)
        k->changed[k->nchanged++] = scope;
    k->scopes[scope].counted = 1;
}

unsigned engine_bucket(const struct engine *k, unsigned scope)
{
    return k->c->scopes[scope].kind == ARM_SUBSCRIPTION ? scope + 1 : 0;
}

void engine_ask(struct engine *k, struct walk *w)
{
    w->request.url = w->url;
    w->request.bucket = engine_bucket(k, w->scope);
    w->request.done = engine_take;
    w->request.arg = k;
    w->request.wide = !w->followed && w->ask_to - w->ask_from > ENGINE_NARROWEST_TICKS;
    w->busy = 1;
    w->pages_before = k->scopes[w->scope].pages;
    fetch_start(k->c->fetch, &w->request);
}

void engine_first_url(struct engine *k, struct walk *w, int64_t ask_to)
{
    struct buf url = {0};

    arm_events_url(&url, k->c->journal->query.endpoint, &k->c->scopes[w->scope], w->ask_from,
                   ask_to);
    free(w->url);
    w->url = buf_text(&url);
}

/* The service refuses a start beyond retention: the part of a range that is has to be left out. */
static void clip_expired(struct engine *k, int slot)
{
    struct plan_walk *p = &k->plan.walks[slot];
    struct journal_scope *s = engine_scope(k, p->range.scope);
    int64_t limit =
        timestamp_ceil_second(fetch_server_now(k->c->fetch) - ARM_RETENTION_DAYS * TICKS_PER_DAY +
                              ENGINE_RETENTION_MARGIN);

    if (p->range.from >= limit)
        return;
    if (limit > p->range.to)
        limit = p->range.to;
    p->range.from = limit;
    if (p->stop < limit)
        p->stop = limit;
    if (s->expired < limit)
        journal_expired(k->c->journal, s, limit);
}

/* The service was too slow for a range as wide as this one: only its newest part is asked for, and
 * the rest waits. */
static void narrow(struct engine *k, int slot)
{
    struct plan_walk *p = &k->plan.walks[slot];
    int64_t limit = k->scopes[p->range.scope].too_wide, span = p->range.to - p->stop;

    if (limit == 0 || span < limit || k->c->stream != NULL)
        return; /* a stream's ranges are taken from the oldest end, no wider than that */
    while (span >= limit)
        span /= 2;
    plan_cut(&k->plan, slot, timestamp_ceil_second(p->range.to - span));
}

void engine_start(struct engine *k, int slot)
{
    struct plan_walk *p = &k->plan.walks[slot];
    struct walk *w;

    clip_expired(k, slot);
    if (p->range.from >= p->range.to) {
        plan_end(&k->plan, slot);
        engine_look_at(k, p->range.scope);
        return;
    }
    narrow(k, slot);
    w = walk_new(&k->plan, slot, timestamp_floor_second(p->range.from),
                 timestamp_ceil_second(p->range.to));
    engine_first_url(k, w, w->ask_to);
    w->query = &k->scopes[w->scope].query;
    if (k->c->stream != NULL)
        k->c->on_begin(k->c->stream, w->to);
    w->next = k->walks;
    k->walks = w;
    k->scopes[w->scope].walks++;
    engine_ask(k, w);
}

void engine_commit(struct engine *k, struct walk *w, int64_t from)
{
    const struct journal_query *q = &k->c->journal->query;
    struct work_job *j;

    if (from >= w->commit_to)
        return;
    j = walk_commit(w, from);
    j->params.level = k->c->level;
    j->params.target_plain = ENGINE_COMMIT_BYTES;
    j->params.split_day = q->split_day;
    j->params.dir = k->c->journal->partial;
    j->closed = w->drained ? MANIFEST_DRAINED : MANIFEST_ORDERED;
    w->jobs++;
    pool_add(k->pool, &j->job);
}

void engine_end(struct engine *k, struct walk *w)
{
    w->ended = 1;
    if (w->slot >= 0)
        plan_end(&k->plan, w->slot);
    w->slot = -1;
}

void engine_release(struct engine *k, struct walk *w)
{
    struct walk **at;

    if (!w->ended || w->busy || w->jobs > 0)
        return;
    if (w->drained && !w->cancelled && !k->failed)
        journal_drained(k->c->journal, engine_scope(k, w->scope), w->from, w->to);
    for (at = &k->walks; *at != w; at = &(*at)->next)
        ;
    *at = w->next;
    k->scopes[w->scope].walks--;
    engine_look_at(k, w->scope);
    fetch_hold(k->c->fetch, -walk_free(w));
}

void engine_count_requests(struct engine *k, const struct walk *w)
{
    struct journal_scope *s = engine_scope(k, w->scope);
    unsigned n = w->request.attempts;

    s->requests += n;
    s->retries += n > 1 ? n - 1 : 0;
    k->counts.requests += n;
    k->counts.retries += n > 1 ? n - 1 : 0;
    engine_counts_changed(k, w->scope);
}

/* Stop a walk. */
static void cancel(struct engine *k, struct walk *w, int keep)
{
    if (keep)
        engine_commit(k, w, walk_certain_from(w, &k->plan));
    w->cancelled = 1;
    if (w->busy && fetch_give_up(k->c->fetch, &w->request)) {
        engine_count_requests(k, w);
        w->busy = 0;
    }
    engine_end(k, w);
    engine_release(k, w);
}

void engine_cancel(struct engine *k, unsigned scope, int keep)
{
    struct walk *w, *next;

    if (scope == ENGINE_ALL_SCOPES) {
        plan_drop_all(&k->plan);
    } else {
        plan_drop(&k->plan, scope);
        engine_look_at(k, scope);
    }
    for (w = k->walks; w != NULL; w = next) {
        next = w->next;
        if ((scope == ENGINE_ALL_SCOPES || w->scope == scope) && !w->ended)
            cancel(k, w, keep);
    }
}

void engine_fail_scope(struct engine *k, unsigned scope, const struct err *e, int status,
                       const struct arm_error *words)
{
    struct scope_run *s = &k->scopes[scope];
    struct scope_failure *f;

    if (e->code == ERR_INTERNAL || e->code == ERR_LOCAL) {
        engine_stop(k, e);
        return;
    }
    if (s->phase == PHASE_FAILING || s->phase == PHASE_ENDED)
        return;
    s->phase = PHASE_FAILING;
    f = engine_failure(k, scope);
    f->e = *e;
    f->status = status;
    if (words != NULL)
        f->words = *words;
    engine_cancel(k, scope, 1);
}

void engine_note_empty(struct engine *k, unsigned scope, int64_t from, int64_t to, uint64_t at)
{
    struct scope_run *s = &k->scopes[scope];

    s->empty = mem_grow(s->empty, s->nempty, &s->empty_cap, sizeof(*s->empty));
    s->empty[s->nempty++] = (struct scope_range){from, to};
    if (s->empty_at < at)
        s->empty_at = at;
}

void engine_note_right(struct engine *k, unsigned scope, uint64_t at)
{
    struct scope_run *s = &k->scopes[scope];

    if (s->shown_at <= at)
        s->shown_at = at + 1;
}

int engine_right_shown(const struct scope_run *s)
{
    return s->shown_at > s->empty_at;
}

/* The callback of rights: what the account's permissions at a scope say. */
static void on_right(void *arg, unsigned scope, enum manifest_right right, unsigned requests)
{
    struct engine *k = arg;
    struct scope_run *s = &k->scopes[scope];
    struct journal_scope *j = engine_scope(k, scope);

    j->requests += requests;
    k->counts.requests += requests;
    engine_counts_changed(k, scope);
    s->answered = 1;
    s->right = right;
    if (right == MANIFEST_RIGHT_SHOWN)
        engine_note_right(k, scope, s->lookup_at);
    engine_look_at(k, scope);
}

void engine_look_up_right(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];

    rights_free(s->lookup);
    s->answered = 0;
    s->lookup_at = s->pages;
    s->lookup = rights_start(k->c->fetch, k->c->journal->query.endpoint, &k->c->scopes[scope],
                             engine_bucket(k, scope), &(struct rights_asker){on_right, k, scope});
}

void engine_distrust_scope(struct engine *k, unsigned scope)
{
    struct journal_scope *j = engine_scope(k, scope);
    char text[256];

    if (k->scopes[scope].phase != PHASE_WALKING)
        return;
    k->scopes[scope].phase = PHASE_DISTRUSTED;
    (void)snprintf(text, sizeof(text),
                   "%s: pages came out of order; every range is read to its last link", j->scope);
    k->c->warning(k->c->arg, text);
    journal_distrust(k->c->journal, j);
    engine_cancel(k, scope, 0);
}
