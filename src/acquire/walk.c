#include "acquire/walk.h"

#include "acquire/engine.h"
#include "acquire/paging.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

struct walk *walk_new(const struct plan *plan, int slot, int64_t ask_from, int64_t ask_to)
{
    const struct plan_walk *p = &plan->walks[slot];
    struct walk *w = mem_zalloc(1, sizeof(*w));

    w->slot = slot;
    w->scope = p->range.scope;
    w->from = p->range.from;
    w->to = p->range.to;
    w->commit_to = w->to;
    w->ask_from = ask_from;
    w->ask_to = ask_to;
    w->front = ask_to + 1;
    w->position = w->strangers_at = INT64_MAX;
    return w;
}

/* Forget the request ids, after a commit has taken them or at the end. */
static void free_ids(struct walk *w)
{
    size_t i;

    for (i = 0; i < w->nids; i++)
        free(w->ids[i]);
    free(w->ids);
    w->ids = NULL;
    w->nids = 0;
}

int64_t walk_free(struct walk *w)
{
    struct work_job *rest = work_job_new(WORK_STRETCH, NULL);
    int64_t freed;

    /* A job that is never run knows how to release pages and runs. */
    rest->pages = w->pages;
    rest->npages = w->npages;
    rest->runs = w->runs;
    rest->nruns = w->nruns;
    freed = work_job_free(rest);
    free_ids(w);
    free(w->url);
    fingerprints_free(&w->links);
    fingerprints_free(&w->events);
    fingerprints_free(&w->strangers);
    fingerprints_free(&w->before);
    free(w);
    return freed;
}

/* ---- pages ---- */

/* What one page holds, as far as its walk asked for it. */
struct summary {
    uint64_t n;             /* events inside the filter */
    int64_t newest, oldest; /* of them */
    int disorder;
    int fresh;    /* at least one event is new */
    int newer;    /* at least one is newer than the filter allows */
    int progress; /* such events become older from page to page */
    int repeat;   /* all of them were in the page before; nothing else is said of them */
};

/* What stands for an event in a set. */
static uint64_t print_of(struct fingerprints *f, const struct line *l)
{
    return fingerprints_with(f, l->id, (uint64_t)l->ticks ^ (uint64_t)l->bytes.len << 48);
}

/* Note an event. Returns 1 when it is new, 0 when it was there. */
static int note_line(struct fingerprints *f, const struct line *l)
{
    int added;

    (void)fingerprints_add(f, print_of(f, l), &added);
    return added;
}

/* An event that the filter should have kept away: it moves nothing, but it may be new. */
static void look_at_stranger(struct walk *w, const struct line *l, struct summary *s)
{
    s->fresh |= note_line(&w->strangers, l);
    if (l->ticks > w->ask_to) {
        s->newer = 1;
        s->progress |= l->ticks < w->strangers_at;
        w->strangers_at = l->ticks < w->strangers_at ? l->ticks : w->strangers_at;
    }
}

/* Whether a line is one that the walk has asked for. */
static int is_asked_for(const struct walk *w, const struct line *l)
{
    return l->ticks >= w->ask_from && l->ticks <= w->ask_to;
}

/* Whether all events of a page were in the one before: it has come again, which says nothing about
 * the order of pages. */
static int is_repeat(struct walk *w, const struct page *page)
{
    size_t i, n = 0;

    for (i = 0; i < page->nlines; i++) {
        if (!is_asked_for(w, &page->lines[i]))
            continue;
        if (fingerprints_find(&w->before, print_of(&w->before, &page->lines[i])) == SIZE_MAX)
            return 0;
        n++;
    }
    return n > 0;
}

/* Remember a page's events for the next one. */
static void remember_page(struct walk *w, const struct page *page)
{
    size_t i;

    fingerprints_forget(&w->before);
    for (i = 0; i < page->nlines; i++) {
        if (is_asked_for(w, &page->lines[i]))
            (void)note_line(&w->before, &page->lines[i]);
    }
}

/* Count an event outside the query, once for the whole scope. */
static void count_outside(struct walk *w, const struct line *l)
{
    struct walk_query *query = w->query;

    if (l->ticks < query->since || l->ticks >= query->until)
        w->outside += (uint64_t)note_line(&query->outside, l);
}

/* Look at every line of a page. */
static int look_at(struct walk *w, const struct page *page, int ordered, struct summary *s,
                   struct err *e)
{
    size_t i;

    memset(s, 0, sizeof(*s));
    for (i = 0; i < page->nlines; i++) {
        const struct line *l = &page->lines[i];

        count_outside(w, l);
        if (!is_asked_for(w, l)) {
            look_at_stranger(w, l, s);
            continue;
        }
        if (l->ticks > w->front)
            s->disorder = 1;
        /* In order, only events of the oldest time seen can come twice. */
        if (ordered && l->ticks < w->front)
            fingerprints_forget(&w->events);
        if (l->ticks < w->front)
            w->front = l->ticks;
        s->fresh |= note_line(&w->events, l);
        if (s->n == 0 || l->ticks > s->newest)
            s->newest = l->ticks;
        if (s->n == 0 || l->ticks < s->oldest)
            s->oldest = l->ticks;
        s->n++;
    }
    if (w->events.n > ENGINE_TOLD_APART_MAX)
        return err_set(e, ERR_UNTRUSTED, "more than %d events %s", ENGINE_TOLD_APART_MAX,
                       ordered ? "at one time" : "in a range that has to be read as a whole");
    return 0;
}

/* Refuse paging that leads nowhere. */
static int check_paging(struct walk *w, const struct page *page, const struct summary *s,
                        struct err *e)
{
    int64_t position;
    unsigned most;
    int falls, added;

    if (page->next_link == NULL)
        return 0;
    position = paging_position(page->next_link);
    falls = position != PAGING_UNKNOWN && position < w->position;
    if (falls)
        w->position = position;
    w->idle = falls || s->progress || (s->n > 0 && s->fresh) ? 0 : w->idle + 1;
    if (page->nlines > 0)
        w->stale = falls || s->fresh ? 0 : w->stale + 1;
    most = position != PAGING_UNKNOWN ? ENGINE_IDLE_MAX : ENGINE_IDLE_UNKNOWN_MAX;
    if (w->idle >= most)
        return err_set(e, ERR_UNTRUSTED,
                       "paging without end: %u pages in a row without a new event, and their next "
                       "links lead no further back",
                       w->idle);
    if (w->stale >= ENGINE_STALE_MAX)
        return err_set(e, ERR_UNTRUSTED,
                       "paging without end: %d pages in a row without a new event",
                       ENGINE_STALE_MAX);
    (void)fingerprints_add(&w->links, fingerprints_of(&w->links, slice_of(page->next_link)),
                           &added);
    if (!added)
        return err_set(e, ERR_UNTRUSTED, "paging without end: a next link came a second time");
    return 0;
}

/* Note who answered and when, for the ledger. */
static void note_request(struct walk *w, const struct walk_answer *answer)
{
    if (w->asked_at == 0 || answer->asked_at < w->asked_at)
        w->asked_at = answer->asked_at;
    if (answer->request_id[0] == '\0')
        return;
    w->ids = mem_realloc(w->ids, w->nids + 1, sizeof(*w->ids));
    w->ids[w->nids++] = mem_strdup(answer->request_id);
}

/* Keep a page that has lines for this walk. */
static void keep_page(struct walk *w, struct page *page)
{
    struct work_page *kept = mem_zalloc(1, sizeof(*kept));

    w->pages = mem_realloc(w->pages, w->npages + 1, sizeof(*w->pages));
    kept->page = *page;
    memset(page, 0, sizeof(*page));
    kept->bytes = (int64_t)(kept->page.body.cap + kept->page.nlines * sizeof(struct line));
    w->held += kept->bytes;
    w->pages[w->npages++] = work_page_ref(kept);
}

/* What walk_take_page does, but that w->front has moved also where the page is refused. */
static int take_page(struct walk *w, struct plan *plan, struct page *page,
                     const struct walk_answer *answer, enum walk_verdict *verdict, struct err *e)
{
    int ordered = !plan->walks[w->slot].range.whole, more;
    struct summary s = {0};
    char *link;

    s.repeat = is_repeat(w, page);
    if (!s.repeat) {
        if (look_at(w, page, ordered, &s, e) != 0)
            return -1;
        remember_page(w, page);
    }
    /* A range that one answer holds whole is read, in whatever order. */
    if (s.disorder && ordered && (w->followed || page->next_link != NULL)) {
        *verdict = WALK_DISORDER;
        return 0;
    }
    if (check_paging(w, page, &s, e) != 0)
        return -1;
    note_request(w, answer);
    link = page->next_link;
    page->next_link = NULL;
    more = link != NULL;
    url_resolve(w->url, &link);
    if (paging_check(w->url, link, w->ask_from, w->front, e) != 0) {
        free(link);
        return -1;
    }
    free(w->url);
    w->url = link;
    if (s.n > 0 || s.repeat)
        keep_page(w, page);
    w->drained = !more;
    w->followed |= more;
    /* Where the upper bound of the filter is ignored, every part would be read from the top again.
     * A page asked for anew brings newer events of its own second back, which is no sign of it. */
    if (s.newer && !w->anew)
        plan->uncut = 1;
    *verdict = plan_page(plan, w->slot, s.n, s.newest, s.oldest, more) == PLAN_DONE ? WALK_DONE
                                                                                    : WALK_GO_ON;
    return 0;
}

int walk_take_page(struct walk *w, struct plan *plan, struct page *page,
                   const struct walk_answer *answer, enum walk_verdict *verdict, struct err *e)
{
    int64_t front = w->front;
    int ret = take_page(w, plan, page, answer, verdict, e);

    /* A page that is not kept is not read: what it spans must not be committed as empty. */
    if (ret != 0 || *verdict == WALK_DISORDER)
        w->front = front;
    return ret;
}

/* ---- commits ---- */

int64_t walk_certain_from(const struct walk *w, const struct plan *plan)
{
    int64_t from = w->front + 1, stop = plan->walks[w->slot].stop;

    if (plan->walks[w->slot].range.whole || from > w->commit_to)
        return w->commit_to;
    return from > stop ? from : stop;
}

/* Whether a page still has lines before `from` that belong to the walk. */
static int still_needed(const struct work_page *p, int64_t before)
{
    size_t i;

    for (i = p->page.nlines; i-- > 0;) {
        if (p->page.lines[i].ticks < before)
            return 1;
    }
    return 0;
}

struct work_job *walk_commit(struct walk *w, int64_t from)
{
    struct work_job *j = work_job_new(WORK_STRETCH, w);
    size_t i, n = 0;

    j->pages = mem_zalloc(w->npages + 1, sizeof(struct work_page *));
    for (i = 0; i < w->npages; i++) {
        struct work_page *p = w->pages[i];

        j->pages[j->npages++] = work_page_ref(p);
        if (still_needed(p, from)) {
            w->pages[n++] = p;
        } else {
            w->held -= p->bytes;
            (void)work_page_unref(p); /* the job holds it */
        }
    }
    w->npages = n;
    j->params.from = from;
    j->params.to = w->commit_to;
    j->runs = w->runs;
    j->nruns = w->nruns;
    w->runs = NULL;
    w->nruns = 0;
    j->asked_at = w->asked_at;
    j->ids = w->ids;
    j->nids = w->nids;
    w->ids = NULL;
    w->nids = 0;
    if (n == 0)
        w->asked_at = 0;
    j->outside = w->outside;
    w->outside = 0;
    w->aside = 0;
    w->commit_to = from;
    return j;
}

int walk_spill(struct walk *w, const struct sys_dir *dir, int64_t *freed, struct err *e)
{
    const struct work_stretch stretch = {w->pages, w->npages, w->from, w->commit_to};
    size_t i;

    *freed = 0;
    w->aside += w->held;
    if (w->aside >> 30 >= ENGINE_ASIDE_GIB_MAX)
        return err_set(e, ERR_UNTRUSTED,
                       "more than %d GiB of events, none of which can be committed yet",
                       ENGINE_ASIDE_GIB_MAX);
    if (work_spill(&stretch, dir, &w->runs, &w->nruns, e) != 0)
        return -1;
    for (i = 0; i < w->npages; i++)
        *freed += work_page_unref(w->pages[i]);
    w->npages = 0;
    w->held = 0;
    return 0;
}

/* Forget all that was read, for a range that has to be read to its last link in one go. */
static void start_over(struct walk *w, int64_t *freed)
{
    struct err ignored;
    size_t i;

    for (i = 0; i < w->npages; i++)
        *freed += work_page_unref(w->pages[i]);
    w->npages = 0;
    w->held = 0;
    for (i = 0; i < w->nruns; i++)
        (void)sys_close(w->runs[i], "temporary file", &ignored);
    w->nruns = 0;
    free_ids(w);
    w->asked_at = 0;
    w->idle = w->stale = 0;
    w->position = w->strangers_at = INT64_MAX;
    w->aside = 0;
    w->front = w->ask_to + 1;
    fingerprints_forget(&w->before);
    fingerprints_forget(&w->links);
    fingerprints_forget(&w->events);
    fingerprints_forget(&w->strangers);
}

int64_t walk_rewind(struct walk *w, int whole, int64_t *freed)
{
    size_t i, k;

    *freed = 0;
    if (whole) {
        start_over(w, freed);
        return w->ask_to;
    }
    if (w->front > w->ask_to)
        return timestamp_ceil_second(w->ask_to);
    for (i = 0; i < w->npages; i++) {
        struct page *p = &w->pages[i]->page;
        size_t n = 0;

        /* A stretch that is being made reads the page too, but none of the lines of that time. */
        if (w->pages[i]->refs > 1)
            continue;
        for (k = 0; k < p->nlines; k++) {
            if (p->lines[k].ticks != w->front)
                p->lines[n++] = p->lines[k];
        }
        p->nlines = n;
    }
    w->ask_to = w->front;
    w->position = INT64_MAX; /* the links of another filter count anew */
    fingerprints_forget(&w->before);
    /* What is newer was trusted by its order: only the rest can still be read to its last link. */
    w->to = w->front + 1 < w->to ? w->front + 1 : w->to;
    fingerprints_forget(&w->events);
    return timestamp_ceil_second(w->front);
}
