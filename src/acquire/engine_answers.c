#include "acquire/engine_answers.h"

#include "acquire/engine_walks.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stddef.h>
#include <string.h>

/* Whether a next link was refused. */
static int is_link_refused(const struct walk *w, int status)
{
    return w->followed && (status == 400 || status == 404 || status == 410);
}

/* A next link was refused: the rest of the range is asked for anew. */
static int ask_anew(struct engine *k, struct walk *w, int status)
{
    int whole = k->plan.walks[w->slot].range.whole;
    int64_t ask_to, freed;

    if (!is_link_refused(w, status) || ++w->links_refused > ENGINE_LINKS_REFUSED_MAX)
        return 0;
    w->anew = 1;
    ask_to = walk_rewind(w, whole, &freed);
    fetch_hold(k->c->fetch, -freed);
    engine_commit(k, w, walk_certain_from(w, &k->plan));
    w->first_again = 1;
    engine_first_url(k, w, ask_to);
    engine_ask(k, w);
    return 1;
}

/* Give up a walk: what it has not read waits again. */
static void wait_again(struct engine *k, struct walk *w)
{
    const struct plan_walk *p = &k->plan.walks[w->slot];

    plan_add(&k->plan, w->scope, p->stop, w->to, p->range.whole);
    w->cancelled = 1;
    engine_end(k, w);
    engine_release(k, w);
}

/* A range was refused that begins beyond retention by the server's clock, which its answer has told
 * just now: it waits again, and start_walk leaves that part out. */
static int begin_later(struct engine *k, struct walk *w, int status)
{
    const struct plan_walk *p = &k->plan.walks[w->slot];

    if (status != 400 ||
        p->range.from >= fetch_server_now(k->c->fetch) - ARM_RETENTION_DAYS * TICKS_PER_DAY)
        return 0;
    wait_again(k, w);
    return 1;
}

/* When an answer was asked for, by the server's clock. Where it does not say so, or that differs
 * from this machine's by more than is likely (then one of them is wrong), nothing of the answer is
 * ever settled. */
static int64_t asked_at(int64_t date)
{
    int64_t now = sys_now();

    return date == 0 || date > now + ENGINE_CLOCK_TICKS || date < now - ENGINE_CLOCK_TICKS
               ? WALK_ASKED_NEVER
               : date;
}

/* The service was too slow for a range: it waits again, and is asked for in parts. */
static void ask_for_less(struct engine *k, struct walk *w)
{
    struct scope_run *s = &k->scopes[w->scope];

    s->too_wide = w->ask_to - w->ask_from;
    if (k->c->stream != NULL) {
        k->plan.widest = s->too_wide / 2;
        k->c->on_give_up(k->c->stream, w->to);
    }
    wait_again(k, w);
}

/* One window cannot be fetched while others can: the rest of the scope is, and then it has failed,
 * with the window named. Returns 0 where the scope fails at once. */
static int miss_window(struct engine *k, struct walk *w, const struct err *why,
                       const struct fetch_result *result)
{
    const struct plan_walk *p = &k->plan.walks[w->slot];
    struct scope_run *s = &k->scopes[w->scope];
    int64_t from = p->stop, to = walk_certain_from(w, &k->plan);
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    /* With advice, such as to come back in an hour, it is meant for all of them. */
    if ((why->code != ERR_NETWORK && !is_link_refused(w, result->status)) || why->hint[0] != '\0' ||
        k->c->stream != NULL || s->phase != PHASE_WALKING ||
        (s->pages == w->pages_before && plan_work(&k->plan, w->scope) <= 1) ||
        ++s->missed_in_row >= ENGINE_MISSED_MAX)
        return 0;
    s->worked |= s->pages > w->pages_before;
    if (s->missed++ == 0) {
        struct scope_failure *f = engine_failure(k, w->scope);

        *f = (struct scope_failure){*why, result->status, result->words};
        (void)err_wrap(&f->e, "%s: %s to %s", engine_scope(k, w->scope)->scope,
                       timestamp_format(from, a), timestamp_format(to, b));
    }
    engine_commit(k, w, to);
    w->cancelled = 1;
    engine_end(k, w);
    engine_release(k, w);
    return 1;
}

/* A request of a walk has failed for good. */
static void on_failure(struct engine *k, struct walk *w, struct fetch_result *result)
{
    struct err e = result->err;

    if (result->slow) {
        ask_for_less(k, w);
        return;
    }
    if (w->followed ? ask_anew(k, w, result->status) : begin_later(k, w, result->status))
        return;
    if (miss_window(k, w, &e, result))
        return;
    if (result->status >= 400 && e.code != ERR_NETWORK) {
        (void)arm_explain(&e, &k->c->scopes[w->scope], result->status, &result->words);
    } else {
        if (result->words.code[0] != '\0')
            (void)err_set(&e, e.code, "%.800s: %s: %s", result->err.msg, result->words.code,
                          result->words.message);
        (void)err_wrap(&e, "%s", engine_scope(k, w->scope)->scope);
    }
    engine_fail_scope(k, w->scope, &e, result->status, &result->words);
}

void engine_take(struct fetch_request *r, struct fetch_result *result)
{
    struct engine *k = r->arg;
    struct walk *w = (struct walk *)(void *)((char *)r - offsetof(struct walk, request));
    struct work_job *j;

    engine_count_requests(k, w);
    w->busy = 0;
    if (w->cancelled) {
        engine_release(k, w);
        return;
    }
    if (result->answer == NULL) {
        on_failure(k, w, result);
        return;
    }
    j = work_job_new(WORK_PARSE, w);
    j->body = result->answer->body;
    memset(&result->answer->body, 0, sizeof(result->answer->body));
    j->pages_on = result->answer->pages_on;
    j->asked_at = asked_at(result->answer->date);
    memcpy(j->request_id, result->answer->request_id, sizeof(j->request_id));
    j->held = (int64_t)j->body.cap;
    fetch_hold(k->c->fetch, j->held);
    w->busy = 1;
    pool_add(k->readers, &j->job);
}

/* An answer could not be read: ask again, a few times. */
static void on_unreadable(struct engine *k, struct walk *w, struct err *e)
{
    if (e->code == ERR_UNTRUSTED && ++w->tries < ENGINE_PAGE_TRIES) {
        k->counts.retries++;
        engine_scope(k, w->scope)->retries++;
        engine_counts_changed(k, w->scope);
        engine_ask(k, w);
        return;
    }
    (void)err_wrap(e, "%s: answer", engine_scope(k, w->scope)->scope);
    engine_fail_scope(k, w->scope, e, 0, NULL);
}

/* Commit, or put aside on disk, what a walk that goes on holds. */
static void relieve(struct engine *k, struct walk *w)
{
    int64_t freed = 0;
    struct err e;

    if (w->held < (int64_t)k->commit_bytes)
        return;
    engine_commit(k, w, walk_certain_from(w, &k->plan));
    /* What is still held is all of one time, or cannot be certain before the last link. */
    if (w->held < (int64_t)k->commit_bytes)
        return;
    if (walk_spill(w, k->c->journal->partial, &freed, &e) != 0) {
        (void)err_wrap(&e, "%s", engine_scope(k, w->scope)->scope);
        engine_fail_scope(k, w->scope, &e, 0, NULL);
    }
    fetch_hold(k->c->fetch, -freed);
}

/* Whether all of [from, to) was asked for before, late enough, by windows that are kept. */
static int was_asked_for(const struct journal_scope *s, int64_t from, int64_t to)
{
    while (from < to) {
        int64_t known = from;
        size_t i;

        for (i = 0; i < s->nwindows; i++) {
            const struct journal_window *w = &s->windows[i];
            int64_t settled = w->w.asked_at - MANIFEST_SETTLE_TICKS;

            settled = settled < w->to ? settled : w->to;
            if (w->kept && w->from <= from && settled > known)
                known = settled;
        }
        if (known == from)
            return 0;
        from = known;
    }
    return 1;
}

/* Whether an answer that would end the range of a walk has to be asked for a second time before it
 * is believed to be empty: some of the rest would be settled by it alone. */
static int must_ask_twice(struct engine *k, const struct walk *w, const struct page *page)
{
    int64_t settled = fetch_server_now(k->c->fetch) - MANIFEST_SETTLE_TICKS;
    int64_t to = w->front < w->to ? w->front + 1 : w->to;

    to = to < settled ? to : settled;
    return page->nlines == 0 && page->next_link == NULL && !w->twice && w->from < to &&
           !was_asked_for(engine_scope(k, w->scope), w->from, to);
}

/* An answer came empty. Where the scope has events and keeps few connections busy, it is near its
 * end: the right is looked up while the answer is asked for again. */
static void look_up_early(struct engine *k, unsigned scope)
{
    struct scope_run *s = &k->scopes[scope];

    if (s->lookup == NULL && s->phase == PHASE_WALKING && s->shown_at > 0 &&
        plan_work(&k->plan, scope) < k->c->connections)
        engine_look_up_right(k, scope);
}

/* A page has been read. */
static void on_page(struct engine *k, struct work_job *j)
{
    struct walk *w = j->walk;
    int64_t before = w->held;
    const struct walk_answer answer = {j->asked_at, j->request_id};
    enum walk_verdict verdict = WALK_GO_ON;
    struct err e;

    w->busy = 0;
    if (!j->failed && !w->followed)
        j->failed = page_check_count(&j->page, &j->e) != 0;
    if (j->failed || w->cancelled || k->failed) {
        fetch_hold(k->c->fetch, -j->held);
        if (j->failed && !w->cancelled && !k->failed)
            on_unreadable(k, w, &j->e);
        else
            engine_release(k, w);
        return;
    }
    w->tries = 0;
    if (w->followed && !w->first_again)
        w->links_refused = 0;
    w->first_again = 0;
    k->scopes[w->scope].pages++;
    k->scopes[w->scope].missed_in_row = 0;
    if (must_ask_twice(k, w, &j->page)) {
        w->twice = 1;
        fetch_hold(k->c->fetch, -j->held);
        engine_ask(k, w);
        look_up_early(k, w->scope);
        return;
    }
    if (j->page.nlines > 0)
        engine_note_right(k, w->scope, w->pages_before);
    else if (j->page.next_link == NULL)
        engine_note_empty(k, w->scope, k->plan.walks[w->slot].stop, walk_certain_from(w, &k->plan),
                          w->twice ? w->pages_before : k->scopes[w->scope].pages);
    w->twice = 0;
    if (walk_take_page(w, &k->plan, &j->page, &answer, &verdict, &e) != 0) {
        fetch_hold(k->c->fetch, -j->held);
        (void)err_wrap(&e, "%s", engine_scope(k, w->scope)->scope);
        engine_fail_scope(k, w->scope, &e, 0, NULL);
        return;
    }
    /* The body is held by the walk now, or by nobody. */
    fetch_hold(k->c->fetch, w->held - before - j->held);
    if (verdict == WALK_DISORDER) {
        engine_distrust_scope(k, w->scope);
        return;
    }
    if (verdict == WALK_GO_ON) {
        relieve(k, w);
        if (!k->failed)
            engine_ask(k, w);
        return;
    }
    engine_commit(k, w, k->plan.walks[w->slot].stop);
    w->from = k->plan.walks[w->slot].stop;
    engine_end(k, w);
    engine_release(k, w);
}

/* A stretch has become windows. */
static void on_stretch(struct engine *k, struct work_job *j)
{
    struct walk *w = j->walk;
    size_t i;
    struct err e;

    w->jobs--;
    if (j->failed) {
        engine_stop(k, &j->e);
    } else if (!k->failed || k->e.code == ERR_INTERRUPTED || k->e.code == ERR_AUTH) {
        const struct journal_answer answer = {j->asked_at == WALK_ASKED_NEVER ? 0 : j->asked_at,
                                              j->closed, j->ids, j->nids, j->outside};

        if (journal_add_windows(k->c->journal, engine_scope(k, w->scope), &j->result, &answer,
                                &e) != 0)
            engine_stop(k, &e);
        else if (k->c->stream != NULL && !k->failed && k->c->on_windows(k->c->stream, &e) != 0)
            engine_stop(k, &e);
        for (i = 0; i < j->result.nwindows; i++) {
            k->counts.events += j->result.windows[i].w.events;
            k->counts.bytes += j->result.windows[i].w.plain;
        }
    }
    engine_release(k, w);
}

int engine_take_job(struct engine *k, struct pool *pool, int wait)
{
    struct pool_job *job = wait ? pool_wait(pool) : pool_done(pool);
    struct work_job *j = (struct work_job *)(void *)job;

    if (job == NULL)
        return 0;
    if (j->kind == WORK_PARSE)
        on_page(k, j);
    else
        on_stretch(k, j);
    fetch_hold(k->c->fetch, -work_job_free(j));
    return 1;
}
