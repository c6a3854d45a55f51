/* The planner, by tables and by simulation: no network, only positions in time. */
#include "acquire/gaps.h"
#include "acquire/plan.h"
#include "base/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A tenant: times of events, ascending. */
struct tenant {
    int64_t *at;
    size_t n;
    int64_t since, until;
};

/* Answers of a simulated run whose foresight is kept. */
#define ANSWERS_MAX 1024

/* What a simulated run needed. */
struct cost {
    uint64_t requests, rounds;
    size_t read;                  /* events inside the walks' own parts */
    double foreseen[ANSWERS_MAX]; /* answers in all, as foreseen when so many had come */
};

static uint64_t state;
static size_t page_events = PLAN_PAGE_EVENTS; /* of the simulated service */

static uint64_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* First event at or after t. */
static size_t first_at(const struct tenant *t, int64_t when)
{
    size_t lo = 0, hi = t->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (t->at[mid] < when)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* A walk's place in the tenant. */
struct place {
    size_t next;    /* events before this index (from above) are still to come */
    size_t low;     /* lowest index of its filter */
    int64_t newest; /* upper bound of what counts as its own */
    int64_t done_at;
    int busy;
};

/* Start what idle connections can take at `now`; a request takes 800 to 1200 units. */
static void take(struct plan *p, const struct tenant *t, struct place *places, int64_t now,
                 struct cost *c)
{
    int w;

    while ((w = plan_take(p, NULL, NULL)) >= 0) {
        places[w].low = first_at(t, timestamp_floor_second(p->walks[w].range.from));
        places[w].next = first_at(t, timestamp_ceil_second(p->walks[w].range.to) + 1);
        places[w].newest = p->walks[w].range.to;
        places[w].done_at = now + 800 + (int64_t)(rnd() % 401);
        places[w].busy = 1;
        c->requests++;
    }
}

/* Give walk i its page at `now`. */
static void answer(struct plan *p, const struct tenant *t, struct place *k, int i, int64_t now,
                   struct cost *c)
{
    size_t left = k->next - k->low, n = left > page_events ? page_events : left, j;
    int64_t newest = n > 0 ? t->at[k->next - 1] : 0, oldest = n > 0 ? t->at[k->next - n] : 0;
    int64_t stop = p->walks[i].stop;

    for (j = k->next - n; j < k->next; j++)
        c->read += t->at[j] >= stop && t->at[j] < k->newest;
    k->next -= n;
    if (plan_page(p, i, n, newest, oldest, left > n) == PLAN_DONE) {
        k->busy = 0;
        plan_end(p, i);
    } else {
        k->done_at = now + 800 + (int64_t)(rnd() % 401);
        c->requests++;
    }
}

/*
 * Run the planner against the tenant with so many connections; answers come one by one, as they do
 * from a server, and every event must be read by exactly one walk.
 */
static struct cost simulate(const struct tenant *t, unsigned connections, double usual)
{
    struct cost c = {0};
    struct place *places = calloc(connections, sizeof(*places));
    struct plan p;
    int64_t now = 0;

    plan_init(&p, connections);
    plan_usual(&p, 0, usual);
    plan_add(&p, 0, t->since, t->until, 0);
    while (!plan_scope_finished(&p, 0)) {
        int next = -1;
        unsigned i;

        take(&p, t, places, now, &c);
        for (i = 0; i < connections; i++) {
            if (places[i].busy && (next < 0 || places[i].done_at < places[next].done_at))
                next = (int)i;
        }
        now = places[next].done_at;
        answer(&p, t, &places[next], next, now, &c);
        if (p.pages < ANSWERS_MAX)
            c.foreseen[p.pages] = (double)p.pages + plan_pages_left(&p);
    }
    c.rounds = ((uint64_t)now + 500) / 1000;
    plan_free(&p);
    free(places);
    return c;
}

/* How far from the start of a burst an event is: evenly up to burst_s seconds, or fading. */
static int64_t in_burst(int64_t burst_s, int fading)
{
    int64_t span = burst_s * TICKS_PER_SECOND;

    if (!fading)
        return (int64_t)(rnd() % (uint64_t)span);
    /* The least of several even draws falls off much as an exponential does. */
    return (int64_t)(rnd() % (uint64_t)span) / (int64_t)(1 + rnd() % 40);
}

/*
 * Lay n events: `bursts` bursts, of which the first ones are the largest, hold `share` per mille of
 * them; `front` 1 lays most into the newest hundredth, 2 lays them ever denser towards the end.
 */
static struct tenant make(size_t n, unsigned bursts, unsigned share, int64_t burst_s, int front,
                          uint64_t seed)
{
    struct tenant t = {calloc(n + 1, sizeof(int64_t)), n, 0, 0};
    int64_t span = 89 * TICKS_PER_DAY;
    int64_t *centres = calloc(bursts + 1, sizeof(int64_t));
    size_t i;

    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    t.since = INT64_C(639000000000000000) / TICKS_PER_SECOND * TICKS_PER_SECOND;
    t.until = t.since + span;
    for (i = 0; i < bursts; i++)
        centres[i] = t.since + (int64_t)(rnd() % (uint64_t)span);
    for (i = 0; i < n; i++) {
        int64_t at = t.since + (int64_t)(rnd() % (uint64_t)span);

        if (front == 1 && rnd() % 10 < 9)
            at = t.until - 1 - (int64_t)(rnd() % (uint64_t)(span / 100));
        if (front == 2)
            at = t.until - 1 - (int64_t)(rnd() % (uint64_t)(span >> rnd() % 20));
        if (bursts > 0 && rnd() % 1000 < share)
            at = centres[rnd() % (burst_s > 600 ? 1 + rnd() % bursts : bursts)] +
                 in_burst(burst_s, burst_s > 600);
        t.at[i] = at < t.until ? at : t.until - 1;
    }
    qsort(t.at, n, sizeof(int64_t), compare);
    free(centres);
    return t;
}

/* One distribution: bounds in per cent of the ideal. */
static void check(const char *name, struct tenant t, unsigned connections, unsigned max_rounds,
                  unsigned max_requests)
{
    struct cost c = simulate(&t, connections, 0);
    size_t pages = (t.n + page_events - 1) / page_events;
    double ideal = (double)pages / connections;
    size_t i;

    print_message("%-28s %zu pages: %llu requests (%.2f), %llu rounds (%.2f of the ideal)\n", name,
                  pages, (unsigned long long)c.requests, (double)c.requests / (double)pages,
                  (unsigned long long)c.rounds, (double)c.rounds / ideal);
    assert_int_equal(c.read, t.n);
    assert_true((double)c.requests <= (double)pages * max_requests / 100);
    assert_true((double)c.rounds <= ideal * max_rounds / 100);
    /* For the time left: from a quarter on, where time alone would be off by ten times. */
    for (i = c.requests / 4; i < c.requests; i++) {
        if (c.foreseen[i] < (double)c.requests / 3 || c.foreseen[i] > 3.0 * (double)c.requests)
            fail_msg("after %zu answers of %llu: %.0f foreseen", i, (unsigned long long)c.requests,
                     c.foreseen[i]);
    }
    free(t.at);
}

static void walks_share_the_work_in_every_distribution(void **unused)
{
    uint64_t seed;

    (void)unused;
    check("even", make(80000, 0, 0, 1, 0, 1), 8, 130, 115);
    for (seed = 1; seed <= 6; seed++) {
        check("4 bursts of a minute", make(80000, 4, 900, 60, 0, seed), 8, 130, 115);
        check("20 bursts of ten minutes", make(80000, 20, 700, 600, 0, seed), 8, 130, 115);
        check("40 bursts of 2 seconds", make(80000, 40, 900, 2, 0, seed), 8, 130, 115);
        check("100 bursts of 20 seconds", make(80000, 100, 900, 20, 0, seed), 8, 130, 120);
        check("20 fading bursts of an hour", make(80000, 20, 700, 3600, 0, seed), 8, 130, 115);
        check("6 fading bursts of a day", make(80000, 6, 900, 86400, 0, seed), 8, 130, 115);
        check("front-loaded", make(80000, 0, 0, 1, 1, seed), 8, 130, 115);
        check("ever denser", make(80000, 0, 0, 1, 2, seed), 8, 130, 115);
    }
    /* A service with other pages than the recorded ones: the plan learns how many events they hold.
     */
    page_events = 50;
    for (seed = 1; seed <= 6; seed++) {
        check("half in an hour", make(20000, 1, 500, 3599, 0, seed), 8, 120, 115);
        check("20 bursts of ten minutes", make(20000, 20, 700, 600, 0, seed), 8, 120, 115);
        check("6 fading bursts of a day", make(20000, 6, 900, 86400, 0, seed), 8, 120, 115);
    }
}

/* What the ledger says of a scope: events an hour of its newest week. */
static void usual_density_is_that_of_the_newest_week(void **unused)
{
    static const struct {
        const char *what;
        struct {
            int from, to, w_from, w_to; /* days */
            unsigned events;
            int kept;
        } w[3];
        unsigned per_day;
    } cases[] = {
        {"nothing is known", {{0, 0, 0, 0, 0, 0}}, 0},
        {"one window", {{0, 4, 0, 4, 400, 0}}, 100},
        {"no event counts as one", {{0, 1, 0, 1, 0, 0}}, 1},
        {"the newest week", {{0, 23, 0, 23, 230000, 0}, {23, 30, 23, 30, 70, 0}}, 10},
        {"a window that reaches into it", {{0, 30, 0, 30, 3000, 0}}, 100},
        {"the part in force", {{2, 4, 0, 4, 400, 0}}, 100},
        {"what was fetched again", {{0, 4, 0, 4, 400, 1}, {0, 2, 0, 2, 14, 0}}, 7},
        {"in no order", {{4, 6, 4, 6, 10, 0}, {0, 2, 0, 2, 40, 0}, {2, 4, 2, 4, 10, 0}}, 10},
    };
    size_t i, k;

    (void)unused;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct journal_window windows[3] = {{.kept = 0}};
        struct journal_scope scope = {.windows = windows};
        double per_day;

        for (k = 0; k < 3 && cases[i].w[k].to > 0; k++) {
            windows[k].from = cases[i].w[k].from * TICKS_PER_DAY;
            windows[k].to = cases[i].w[k].to * TICKS_PER_DAY;
            windows[k].w.from = cases[i].w[k].w_from * TICKS_PER_DAY;
            windows[k].w.to = cases[i].w[k].w_to * TICKS_PER_DAY;
            windows[k].w.events = cases[i].w[k].events;
            windows[k].kept = cases[i].w[k].kept;
        }
        scope.nwindows = k;
        per_day = gaps_usual(&scope) * (double)TICKS_PER_DAY;
        if (per_day < cases[i].per_day - 0.001 || per_day > cases[i].per_day + 0.001)
            fail_msg("%s: %f a day", cases[i].what, per_day);
    }
}

/* An update of a scope whose usual density is known: cut at once as far as it fills pages, and not
 * at all where it does not, whatever other scopes are like. */
static void the_first_cuts_go_by_the_usual_density(void **unused)
{
    static const struct {
        double pages; /* that the range is expected to fill; 0: nothing is known */
        int others;   /* dense scopes have been seen */
        unsigned requests;
    } cases[] = {{0, 0, 1},   {0.2, 0, 1}, {0.2, 1, 1}, {1.9, 1, 1},
                 {2.1, 0, 2}, {40, 0, 8},  {40, 1, 8},  {4000, 0, 8}};
    size_t i;

    (void)unused;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan p;
        unsigned n;

        plan_init(&p, 8);
        if (cases[i].others) {
            p.covered = TICKS_PER_DAY;
            p.events = 200 * 1000;
        }
        if (cases[i].pages > 0)
            plan_usual(&p, 3, cases[i].pages * PLAN_PAGE_EVENTS / (double)TICKS_PER_DAY);
        plan_add(&p, 3, TICKS_PER_DAY, 2 * TICKS_PER_DAY, 0);
        for (n = 0; plan_take(&p, NULL, NULL) >= 0; n++)
            ;
        if (n != cases[i].requests)
            fail_msg("%f pages: %u requests at once", cases[i].pages, n);
        plan_free(&p);
    }
}

/* A walk over pages with a next link alone does not notice a cut, so where most are such nothing is
 * cut: it would be read by every walk. */
static void slices_without_events_are_not_cut(void **unused)
{
    static const struct {
        int hollow, full, is_cut;
    } cases[] = {{0, 1, 1}, {5, 1, 1}, {6, 1, 1}, {7, 1, 0}, {2000, 5, 0}, {2000, 1995, 1}};
    size_t i;

    (void)unused;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t at = 80 * TICKS_PER_DAY;
        struct plan p;
        int n;

        plan_init(&p, 2);
        plan_add(&p, 0, 0, at, 0);
        assert_int_equal(plan_take(&p, NULL, NULL), 0);
        for (n = 0; n < cases[i].hollow; n++)
            assert_int_equal(plan_page(&p, 0, 0, 0, 0, 1), PLAN_GO_ON);
        for (n = 0; n < cases[i].full; n++, at -= TICKS_PER_SECOND)
            assert_int_equal(plan_page(&p, 0, PLAN_PAGE_EVENTS, at - 1, at - TICKS_PER_SECOND, 1),
                             PLAN_GO_ON);
        if ((plan_take(&p, NULL, NULL) >= 0) != cases[i].is_cut)
            fail_msg("%d hollow, %d full", cases[i].hollow, cases[i].full);
        plan_free(&p);
    }
}

/* The same by simulation: knowing the density saves the round in which all wait for one page. */
static void an_update_begins_at_full_width(void **unused)
{
    struct cost before, after;
    struct tenant t = make(16000, 0, 0, 1, 0, 1);
    double usual = (double)t.n / (double)(t.until - t.since);

    (void)unused;
    page_events = PLAN_PAGE_EVENTS;
    before = simulate(&t, 8, 0);
    state = 1;
    after = simulate(&t, 8, usual);
    print_message("80 pages: %llu rounds, %llu requests; with the density known %llu and %llu\n",
                  (unsigned long long)before.rounds, (unsigned long long)before.requests,
                  (unsigned long long)after.rounds, (unsigned long long)after.requests);
    assert_int_equal(after.read, t.n);
    assert_true(after.rounds < before.rounds);
    assert_true(after.requests <= before.requests + 2);
    free(t.at);
}

/* To standard output: the oldest part first, each range once, however many wait. */
static void the_oldest_parts_come_first_and_tile_the_range(void **unused)
{
    const int64_t hour = 3600 * TICKS_PER_SECOND;
    struct plan p;
    int64_t at = 0, i;

    (void)unused;
    plan_init(&p, 1);
    p.oldest_first = 1;
    p.widest = hour;
    for (i = 95; i >= 0; i--)
        plan_add(&p, 0, i * 4 * hour, (i + 1) * 4 * hour, 1);
    for (i = 0; !plan_scope_finished(&p, 0); i++) {
        assert_int_equal(plan_take(&p, NULL, NULL), 0);
        assert_true(p.walks[0].range.from == at);
        assert_true(p.walks[0].range.to > at && p.walks[0].range.to <= at + hour);
        at = p.walks[0].range.to;
        assert_int_equal(plan_work(&p, 0), (i / 4 < 95 ? 95 - i / 4 : 0) + (i % 4 < 3) + 1);
        plan_end(&p, 0);
        plan_add(&p, 1, -at, -at, 1); /* nothing */
    }
    assert_true(at == 96 * 4 * hour);
    assert_int_equal(plan_work(&p, 0), 0);
    assert_true(plan_left(&p) == 0);
    plan_free(&p);
}

/* An interrupt drops what waits of all scopes in one go: one by one it would be their square. */
static void all_that_waits_is_dropped_at_once(void **unused)
{
    struct plan p;
    unsigned i;

    (void)unused;
    plan_init(&p, 2);
    for (i = 0; i < 300000; i++)
        plan_add(&p, i, 0, TICKS_PER_DAY, 0);
    assert_int_equal(plan_take(&p, NULL, NULL), 0);
    plan_drop_all(&p);
    for (i = 0; i < 300000; i++)
        plan_drop(&p, i);
    assert_int_equal(plan_work(&p, 0), 1);
    assert_int_equal(plan_work(&p, 299999), 0);
    assert_true(plan_left(&p) == TICKS_PER_DAY);
    plan_end(&p, 0);
    assert_true(plan_scope_finished(&p, 0));
    plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_parts_come_first_and_tile_the_range),
        cmocka_unit_test(usual_density_is_that_of_the_newest_week),
        cmocka_unit_test(the_first_cuts_go_by_the_usual_density),
        cmocka_unit_test(slices_without_events_are_not_cut),
        cmocka_unit_test(an_update_begins_at_full_width),
        cmocka_unit_test(all_that_waits_is_dropped_at_once),
        cmocka_unit_test(walks_share_the_work_in_every_distribution),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
