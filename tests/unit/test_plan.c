/* The planner, by tables and by simulation: no network, only positions in time. */
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

/* What a simulated run needed. */
struct cost {
    uint64_t requests, rounds;
    size_t read; /* events inside the walks' own parts */
};

static uint64_t state;

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

/*
 * Run the planner against the tenant with so many connections, each request taking one unit of
 * time; every event must be read by exactly one walk.
 */
static struct cost simulate(const struct tenant *t, unsigned connections)
{
    struct cost c = {0};
    struct place *places = calloc(connections, sizeof(*places));
    struct plan p;
    int64_t now = 0;

    assert_int_equal(plan_init(&p, connections), 0);
    assert_int_equal(plan_add(&p, 0, t->since, t->until, 0), 0);
    while (!plan_finished(&p)) {
        unsigned i;
        int w;

        while ((w = plan_take(&p, NULL, NULL)) >= 0) {
            places[w].low = first_at(t, timestamp_floor_second(p.walks[w].range.from));
            places[w].next = first_at(t, timestamp_ceil_second(p.walks[w].range.to) + 1);
            places[w].newest = p.walks[w].range.to;
            places[w].done_at = now + 1;
            places[w].busy = 1;
            c.requests++;
        }
        now++;
        for (i = 0; i < connections; i++) {
            struct place *k = &places[i];
            size_t take, j, own = 0;
            int more;

            if (!k->busy || k->done_at != now)
                continue;
            take = k->next - k->low > PLAN_PAGE_EVENTS ? PLAN_PAGE_EVENTS : k->next - k->low;
            more = k->next - take > k->low;
            if (take > 0) {
                int64_t newest = t->at[k->next - 1], oldest = t->at[k->next - take];
                int64_t stop = p.walks[i].stop;

                for (j = k->next - take; j < k->next; j++)
                    own += t->at[j] >= stop && t->at[j] < k->newest;
                k->next -= take;
                if (plan_page(&p, (int)i, take, newest, oldest, more) == PLAN_DONE)
                    k->busy = 0;
            } else if (plan_page(&p, (int)i, 0, 0, 0, more) == PLAN_DONE) {
                k->busy = 0;
            }
            c.read += own;
            if (k->busy) {
                k->done_at = now + 1;
                c.requests++;
            } else {
                plan_end(&p, (int)i);
            }
        }
    }
    c.rounds = (uint64_t)now;
    plan_free(&p);
    free(places);
    return c;
}

/* Lay n events by a density: `bursts` short bursts hold `share` per mille of them. */
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

        if (front && rnd() % 10 < 9)
            at = t.until - 1 - (int64_t)(rnd() % (uint64_t)(span / 100));
        if (bursts > 0 && rnd() % 1000 < share)
            at =
                centres[rnd() % bursts] + (int64_t)(rnd() % (uint64_t)(burst_s * TICKS_PER_SECOND));
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
    struct cost c = simulate(&t, connections);
    size_t pages = (t.n + PLAN_PAGE_EVENTS - 1) / PLAN_PAGE_EVENTS;
    double ideal = (double)pages / connections;

    print_message("%-28s %zu pages: %llu requests (%.2f), %llu rounds (%.2f of the ideal)\n", name,
                  pages, (unsigned long long)c.requests, (double)c.requests / (double)pages,
                  (unsigned long long)c.rounds, (double)c.rounds / ideal);
    assert_int_equal(c.read, t.n);
    assert_true((double)c.requests <= (double)pages * max_requests / 100);
    assert_true((double)c.rounds <= ideal * max_rounds / 100);
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
        check("front-loaded", make(80000, 0, 0, 1, 1, seed), 8, 130, 115);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_share_the_work_in_every_distribution),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
