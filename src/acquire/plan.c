#include "acquire/plan.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

/*
 * Where to cut. The density of the newest page says how much time a page spans here, but not for
 * how long that lasts. Where it is near the mean of what was seen, the middle of what is left is
 * the best guess. In a burst it would be a poor one: seconds of events before days of silence.
 * There the cut is so many pages away as the burst's own density says; if the burst has ended by
 * then, the new walk finds out with one request. While it has not found out, it may be cut again
 * for other idle connections, each time twice as far away: a burst is tiled at once, and silence is
 * crossed in a few steps. A burst is taken to last about as long as it has lasted.
 */

/* Pages between a walk's front and a cut inside a burst: a partial page is lost at every cut, so
 * fewer would cost requests and more would leave connections idle. */
#define PLAN_BURST_PAGES 16
/* How much denser than the mean a page must be to count as a burst. */
#define PLAN_BURST_FACTOR 4.0
/* Doublings of that distance: more reach over any range. */
#define PLAN_GUESSES_MAX 30
/* Pages of a burst that may be taken for granted for each that was seen: more would send
 * connections into silence, fewer would tile a long burst too slowly. */
#define PLAN_EVIDENCE 2.0
/* How many more pages of a scope may have come with a next link alone than with events before its
 * walks are no longer cut: the service is known to send a few. A walk learns from events alone that
 * it is past a cut, so over such pages each would read all that was cut off from it. */
#define PLAN_HOLLOW_MAX 5
/* Pages that must seem to be left before a walk is cut: below, the cut costs more than it saves. */
#define PLAN_CUT_PAGES 2.0
/* Shortest range worth a request, ticks: filters are whole seconds. */
#define PLAN_SHORTEST (2 * TICKS_PER_SECOND)
/* --stdout: pages of a range, few enough that output begins early. */
#define PLAN_OLDEST_PAGES 8

void plan_init(struct plan *p, unsigned connections)
{
    memset(p, 0, sizeof(*p));
    p->walks = mem_zalloc(connections, sizeof(*p->walks));
    p->nwalks = connections;
}

void plan_free(struct plan *p)
{
    free(p->walks);
    free(p->waiting);
    free(p->scopes);
    memset(p, 0, sizeof(*p));
}

/* What is known of a scope. */
static struct plan_scope *scope_of(struct plan *p, unsigned scope)
{
    if (scope >= p->nscopes) {
        size_t n = p->nscopes * 2 > scope ? p->nscopes * 2 : (size_t)scope + 32;

        p->scopes = mem_realloc(p->scopes, n, sizeof(*p->scopes));
        memset(p->scopes + p->nscopes, 0, (n - p->nscopes) * sizeof(*p->scopes));
        p->nscopes = n;
    }
    return &p->scopes[scope];
}

void plan_usual(struct plan *p, unsigned scope, double density)
{
    scope_of(p, scope)->usual = density;
}

/* Let a range wait behind all others. */
static void append(struct plan *p, struct plan_range r)
{
    if (p->nwaiting == p->cap && p->head > p->cap / 2) {
        memmove(p->waiting, p->waiting + p->head, (p->nwaiting - p->head) * sizeof(*p->waiting));
        p->nwaiting -= p->head;
        p->head = 0;
    }
    p->waiting = mem_grow(p->waiting, p->nwaiting, &p->cap, sizeof(*p->waiting));
    p->waiting[p->nwaiting++] = r;
    p->waiting_ticks += r.to - r.from;
    ++scope_of(p, r.scope)->work;
}

void plan_add(struct plan *p, unsigned scope, int64_t from, int64_t to, int whole)
{
    struct plan_range r = {scope, from, to, 0, whole, 0, 0};

    if (from < to)
        append(p, r);
}

void plan_drop(struct plan *p, unsigned scope)
{
    size_t i, n = p->head;
    unsigned active = 0;

    for (i = 0; i < p->nwalks; i++)
        active += p->walks[i].active && p->walks[i].range.scope == scope;
    if (scope_of(p, scope)->work == active)
        return;
    for (i = p->head; i < p->nwaiting; i++) {
        if (p->waiting[i].scope != scope)
            p->waiting[n++] = p->waiting[i];
        else
            p->waiting_ticks -= p->waiting[i].to - p->waiting[i].from;
    }
    p->nwaiting = n;
    scope_of(p, scope)->work = active;
}

void plan_drop_all(struct plan *p)
{
    for (; p->head < p->nwaiting; p->head++)
        --scope_of(p, p->waiting[p->head].scope)->work;
    p->waiting_ticks = 0;
}

/* Events a tick, of all that was seen. */
static double mean_density(const struct plan *p)
{
    return p->covered > 0 ? (double)p->events / (double)p->covered : 0;
}

/* The same of a walk's scope, by what it had before this run where that is known. */
static double usual_density(const struct plan *p, const struct plan_walk *w)
{
    double usual = p->scopes[w->range.scope].usual;

    return usual > 0 ? usual : mean_density(p);
}

/* Events that a page holds: the most that came with a next link. */
static double page_events(const struct plan *p)
{
    return p->page_events > 0 ? (double)p->page_events : PLAN_PAGE_EVENTS;
}

/* What is to be expected in the rest of a walk, events a tick. */
static double expected_density(const struct plan *p, const struct plan_walk *w)
{
    if (w->density > 0)
        return w->density;
    if (w->range.density > 0)
        return w->range.density;
    return usual_density(p, w);
}

static int in_burst(const struct plan *p, const struct plan_walk *w)
{
    return expected_density(p, w) > usual_density(p, w) * PLAN_BURST_FACTOR;
}

/* Pages at the burst's density from a walk's front to where it would be cut. */
static double burst_pages(const struct plan_walk *w)
{
    double pages = PLAN_BURST_PAGES;
    int i;

    for (i = 0; w->pages == 0 && i < w->range.guesses && i < PLAN_GUESSES_MAX; i++)
        pages *= 2;
    return pages;
}

/* Pages that a walk seems to have left. */
static double pages_left(const struct plan *p, const struct plan_walk *w)
{
    double ticks = (double)(w->front - w->stop), pages, likely;

    pages = ticks * expected_density(p, w) / page_events(p);
    if (!in_burst(p, w))
        return pages;
    likely = w->dense_pages > PLAN_BURST_PAGES ? (double)w->dense_pages : PLAN_BURST_PAGES;
    likely += ticks * usual_density(p, w) / page_events(p);
    return pages < likely ? pages : likely;
}

/* Where to cut a walk, in whole seconds, or 0 when it is not worth it. */
static int64_t find_cut(const struct plan *p, const struct plan_walk *w)
{
    int64_t left = w->front - w->stop, away = left / 2, cut;

    if (left < 2 * PLAN_SHORTEST || pages_left(p, w) < PLAN_CUT_PAGES)
        return 0;
    if (in_burst(p, w)) {
        double burst = burst_pages(w) * page_events(p) / expected_density(p, w);

        if (w->pages == 0 && burst_pages(w) > PLAN_EVIDENCE * (double)w->range.evidence)
            return 0;
        if (burst < (double)away)
            away = (int64_t)burst;
    }
    if (away < PLAN_SHORTEST)
        away = PLAN_SHORTEST;
    cut = timestamp_floor_second(w->front - away);
    return cut - w->stop < TICKS_PER_SECOND ? 0 : cut;
}

/* Start a walk over a range in a free slot. */
static int start(struct plan *p, int slot, struct plan_range r)
{
    struct plan_walk *w = &p->walks[slot];

    memset(w, 0, sizeof(*w));
    w->active = 1;
    w->range = r;
    w->stop = r.from;
    w->front = r.to;
    ++scope_of(p, r.scope)->work;
    return slot;
}

/* Whether a walk may be cut at all. */
static int is_cut(const struct plan *p, const struct plan_walk *w)
{
    const struct plan_scope *s = &p->scopes[w->range.scope];

    return w->active && !w->range.whole && s->hollow <= s->full + PLAN_HOLLOW_MAX;
}

/* Take the older part of the walk that has most left. */
static int take_part(struct plan *p, int slot, int (*may)(void *arg, unsigned scope), void *arg)
{
    struct plan_walk *longest = NULL;
    double most = 0;
    int64_t cut = 0;
    size_t i;

    for (i = 0; i < p->nwalks; i++) {
        struct plan_walk *w = &p->walks[i];
        double left;
        int64_t here;

        /* A walk without a page yet is worth cutting only by what its parent has seen. */
        if (!is_cut(p, w) || (may != NULL && !may(arg, w->range.scope)))
            continue;
        left = pages_left(p, w);
        if (left <= most)
            continue;
        here = find_cut(p, w);
        if (here == 0)
            continue;
        longest = w;
        most = left;
        cut = here;
    }
    if (longest == NULL)
        return -1;
    {
        struct plan_range r = {longest->range.scope,
                               longest->stop,
                               cut,
                               expected_density(p, longest),
                               0,
                               longest->pages == 0 ? longest->range.guesses + 1 : 0,
                               longest->pages == 0 ? longest->range.evidence
                                                   : longest->dense_pages};

        longest->stop = cut;
        return start(p, slot, r);
    }
}

/* --stdout: the end of the part of a waiting range that is taken first, a few pages of it. */
static int64_t end_of_oldest(const struct plan *p, const struct plan_range *r)
{
    double density = mean_density(p);
    int64_t whole = r->to - r->from, span = p->widest > 0 ? p->widest : whole, cut;

    if (density * (double)span > PLAN_OLDEST_PAGES * page_events(p))
        span = (int64_t)(PLAN_OLDEST_PAGES * page_events(p) / density);
    if (span < PLAN_SHORTEST)
        span = PLAN_SHORTEST;
    if (whole < 2 * span && (p->widest == 0 || whole <= p->widest))
        return r->to;
    cut = timestamp_floor_second(r->from + span);
    return cut > r->from && cut < r->to ? cut : r->to;
}

/* The waiting range to take next, or nwaiting. */
static size_t choose_waiting(const struct plan *p, int (*may)(void *arg, unsigned scope), void *arg)
{
    size_t i, best = p->nwaiting;

    for (i = p->head; i < p->nwaiting; i++) {
        if (may != NULL && !may(arg, p->waiting[i].scope))
            continue;
        if (best == p->nwaiting || (p->oldest_first && p->waiting[i].from < p->waiting[best].from))
            best = i;
        if (!p->oldest_first)
            break;
    }
    return best;
}

int plan_take(struct plan *p, int (*may)(void *arg, unsigned scope), void *arg)
{
    struct plan_range r;
    size_t at, slot;

    for (slot = 0; slot < p->nwalks && p->walks[slot].active; slot++)
        ;
    if (slot == p->nwalks)
        return -1;
    at = choose_waiting(p, may, arg);
    if (at == p->nwaiting)
        return p->oldest_first || p->uncut ? -1 : take_part(p, (int)slot, may, arg);
    r = p->waiting[at];
    if (p->oldest_first)
        r.to = end_of_oldest(p, &r);
    p->waiting_ticks -= r.to - r.from;
    if (r.to < p->waiting[at].to) {
        p->waiting[at].from = r.to; /* the rest waits on */
        return start(p, (int)slot, r);
    }
    if (at == p->head) {
        p->head++;
    } else {
        memmove(&p->waiting[at], &p->waiting[at + 1], (p->nwaiting - at - 1) * sizeof(r));
        p->nwaiting--;
    }
    --scope_of(p, r.scope)->work;
    return start(p, (int)slot, r);
}

void plan_cut(struct plan *p, int w, int64_t cut)
{
    struct plan_range r = p->walks[w].range;

    r.from = p->walks[w].stop;
    r.to = cut;
    if (r.from >= cut)
        return;
    p->walks[w].range.from = p->walks[w].stop = cut;
    append(p, r);
}

enum plan_next plan_page(struct plan *p, int w, uint64_t n, int64_t newest, int64_t oldest,
                         int more)
{
    struct plan_walk *k = &p->walks[w];

    k->pages++;
    p->pages++;
    p->scopes[k->range.scope].full += n > 0;
    p->scopes[k->range.scope].hollow += n == 0 && more;
    if (more && n > p->page_events)
        p->page_events = n;
    if (n > 0) {
        int64_t front = oldest < k->front ? oldest : k->front;
        int64_t span = k->front - front, page = newest - oldest;
        double density;

        /* The span of the page itself says how dense it is; time before its newest event is empty.
         */
        if (page < 1)
            page = 1;
        density = (double)n / (double)page;
        k->dense_pages = density > k->density / PLAN_BURST_FACTOR ? k->dense_pages + 1 : 1;
        k->density = density;
        p->events += n;
        p->covered += span;
        k->front = front;
    }
    if (!more) {
        p->covered += k->front > k->stop ? k->front - k->stop : 0;
        k->front = k->stop;
    }
    if (!more || (k->front < k->stop && !k->range.whole))
        return PLAN_DONE;
    return PLAN_GO_ON;
}

void plan_end(struct plan *p, int w)
{
    p->walks[w].active = 0;
    --scope_of(p, p->walks[w].range.scope)->work;
}

int64_t plan_left(const struct plan *p)
{
    int64_t left = p->waiting_ticks;
    size_t i;

    for (i = 0; i < p->nwalks; i++) {
        const struct plan_walk *w = &p->walks[i];

        if (w->active && w->front > w->stop)
            left += w->front - w->stop;
    }
    return left;
}

double plan_pages_left(const struct plan *p)
{
    double pages = (double)p->waiting_ticks * mean_density(p) / page_events(p);
    size_t i;

    if (pages < (double)(p->nwaiting - p->head))
        pages = (double)(p->nwaiting - p->head);
    for (i = 0; i < p->nwalks; i++) {
        const struct plan_walk *w = &p->walks[i];
        double left = w->active && w->front > w->stop ? pages_left(p, w) : 0;

        pages += w->active && left < 1 ? 1 : left;
    }
    return pages;
}

int64_t plan_reached(const struct plan *p)
{
    int64_t reached = 0;
    size_t i;

    for (i = p->head; i < p->nwaiting; i++)
        reached = p->waiting[i].to > reached ? p->waiting[i].to : reached;
    for (i = 0; i < p->nwalks; i++) {
        const struct plan_walk *w = &p->walks[i];

        if (w->active && w->front > w->stop && w->front > reached)
            reached = w->front;
    }
    return reached;
}

unsigned plan_work(const struct plan *p, unsigned scope)
{
    return scope < p->nscopes ? p->scopes[scope].work : 0;
}

int plan_scope_finished(const struct plan *p, unsigned scope)
{
    return plan_work(p, scope) == 0;
}
