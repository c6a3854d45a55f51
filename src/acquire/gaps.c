#include "acquire/gaps.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdlib.h>

/* How far back the usual density of a scope looks: as long as people's habits take to repeat. */
#define GAPS_USUAL_TICKS (7 * TICKS_PER_DAY)

double gaps_usual(const struct journal_scope *s)
{
    int64_t newest = 0;
    double events = 0, ticks = 0;
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        if (!s->windows[i].kept && s->windows[i].to > newest)
            newest = s->windows[i].to;
    }
    for (i = 0; i < s->nwindows; i++) {
        const struct journal_window *w = &s->windows[i];
        int64_t whole = w->w.to - w->w.from;
        int64_t from = w->from > newest - GAPS_USUAL_TICKS ? w->from : newest - GAPS_USUAL_TICKS;

        if (w->kept || from >= w->to || whole <= 0)
            continue;
        events += (double)w->w.events * (double)(w->to - from) / (double)whole;
        ticks += (double)(w->to - from);
    }
    return ticks <= 0 ? 0 : (events < 1 ? 1 : events) / ticks;
}

/* For qsort. */
static int compare_windows(const void *a, const void *b)
{
    const struct journal_window *const *x = a, *const *y = b;

    return (*x)->from < (*y)->from ? -1 : (*x)->from > (*y)->from;
}

/* Let [from, to) wait; without trust in order it is cut at UTC midnight. */
static void add_range(struct gaps *r, unsigned scope, int64_t from, int64_t to)
{
    int strict = r->journal->scopes[scope].distrusted || r->journal->query.strict;
    int whole = strict || r->plan->oldest_first;

    r->total += to - from;
    while (strict && !r->plan->uncut && timestamp_floor_day(to - 1) > from) {
        int64_t midnight = timestamp_floor_day(to - 1);

        plan_add(r->plan, scope, midnight, to, whole);
        to = midnight;
    }
    plan_add(r->plan, scope, from, to, whole);
}

void gaps_add_missing(struct gaps *r, unsigned scope)
{
    const struct journal_query *q = &r->journal->query;
    const struct journal_scope *s = &r->journal->scopes[scope];
    const struct journal_window **order = mem_zalloc(s->nwindows + 1, sizeof(*order));
    int64_t to = q->until;
    size_t n = 0, i;

    for (i = 0; i < s->nwindows; i++) {
        if (!s->windows[i].kept)
            order[n++] = &s->windows[i];
    }
    qsort(order, n, sizeof(*order), compare_windows);
    for (i = n; i-- > 0;) {
        if (order[i]->to < to)
            add_range(r, scope, order[i]->to > q->since ? order[i]->to : q->since, to);
        if (order[i]->from < to)
            to = order[i]->from;
    }
    if (q->since < to)
        add_range(r, scope, q->since, to);
    free(order);
}

void gaps_redo_unsettled(struct gaps *r, unsigned scope)
{
    struct journal_scope *s = &r->journal->scopes[scope];
    size_t n = s->nwindows, i;

    for (i = 0; i < n; i++) {
        int64_t from = s->windows[i].w.asked_at - MANIFEST_SETTLE_TICKS, to = s->windows[i].to;

        if (s->windows[i].kept || from >= to)
            continue;
        if (from < s->windows[i].from)
            from = s->windows[i].from;
        /* Whole seconds, so that no second is asked for twice. */
        from = timestamp_floor_second(from) > s->windows[i].from ? timestamp_floor_second(from)
                                                                 : s->windows[i].from;
        journal_redo(r->journal, s, from, to);
    }
}

void gaps_redo_ordered(struct gaps *r, unsigned scope)
{
    struct journal_scope *s = &r->journal->scopes[scope];
    size_t n = s->nwindows, i;

    for (i = 0; i < n; i++) {
        const struct journal_window *w = &s->windows[i];

        if (!w->kept && w->w.closed == MANIFEST_ORDERED)
            journal_redo(r->journal, s, w->from, w->to);
    }
}
