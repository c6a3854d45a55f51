/* A walk through made-up pages: order, paging that leads nowhere, and asking anew. */
#include "acquire/engine.h"
#include "acquire/paging.h"
#include "acquire/walk.h"
#include "base/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SINCE INT64_C(639160000000000000)
#define SECONDS(n) ((n)*TICKS_PER_SECOND)

/* One walk over 1,000 seconds, and what it needs. */
struct fixture {
    struct plan plan;
    struct walk *walk;
    struct walk_query query;
};

static void begin(struct fixture *f, int whole)
{
    int slot;

    memset(f, 0, sizeof(*f));
    f->query.since = SINCE;
    f->query.until = SINCE + SECONDS(1000);
    plan_init(&f->plan, 1);
    plan_add(&f->plan, 0, f->query.since, f->query.until, whole);
    slot = plan_take(&f->plan, NULL, NULL);
    assert_int_equal(slot, 0);
    f->walk = walk_new(&f->plan, slot, f->query.since, f->query.until);
    f->walk->query = &f->query;
    assert_non_null(f->walk);
}

static void end(struct fixture *f)
{
    (void)walk_free(f->walk);
    plan_free(&f->plan);
    fingerprints_free(&f->query.outside);
}

/*
 * Give the walk a page with events at these seconds (negative: none more) and a next link, or NULL.
 * Returns what walk_take_page does.
 */
static int give(struct fixture *f, const char *link, const int *seconds, enum walk_verdict *verdict,
                struct err *e)
{
    const struct walk_answer answer = {SINCE + SECONDS(9000), "id"};
    struct buf body = {0};
    struct page p;
    int i, ret;

    buf_puts(&body, "{\"value\":[");
    for (i = 0; seconds[i] >= 0; i++) {
        char text[TIMESTAMP_TEXT_MAX];

        buf_printf(&body, "%s{\"eventDataId\":\"%d\",\"eventTimestamp\":\"%s\"}", i == 0 ? "" : ",",
                   seconds[i], timestamp_format(SINCE + SECONDS(seconds[i]), text));
    }
    buf_puts(&body, "]");
    if (link != NULL)
        buf_printf(&body, ",\"nextLink\":\"%s\"", link);
    buf_puts(&body, "}");
    assert_int_equal(page_parse(&p, &body, e), 0);
    ret = walk_take_page(f->walk, &f->plan, &p, &answer, verdict, e);
    page_free(&p);
    return ret;
}

static void ordered_pages_become_certain(void **state)
{
    const int first[] = {900, 800, 700, -1}, second[] = {700, 600, -1};
    enum walk_verdict verdict;
    struct fixture f;
    struct err e;

    (void)state;
    begin(&f, 0);
    assert_int_equal(give(&f, "a", first, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_GO_ON);
    /* More events of the oldest time may follow. */
    assert_true(walk_certain_from(f.walk, &f.plan) == SINCE + SECONDS(700) + 1);
    assert_int_equal(give(&f, NULL, second, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_DONE);
    assert_true(f.walk->drained);
    end(&f);
}

static void newer_after_older_is_disorder(void **state)
{
    const int within[] = {900, 950, -1}, before[] = {500, -1}, after[] = {600, -1};
    enum walk_verdict verdict;
    struct fixture f;
    struct err e;

    (void)state;
    begin(&f, 0);
    assert_int_equal(give(&f, "a", within, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_DISORDER);
    end(&f);
    begin(&f, 0);
    assert_int_equal(give(&f, "a", before, &verdict, &e), 0);
    assert_int_equal(give(&f, "b", after, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_DISORDER);
    end(&f);
    /* A range that is read to its last link trusts no order, and takes both. */
    begin(&f, 1);
    assert_int_equal(give(&f, "a", before, &verdict, &e), 0);
    assert_int_equal(give(&f, "b", after, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_GO_ON);
    assert_int_equal(f.walk->npages, 2);
    end(&f);
}

static void paging_without_end_is_refused(void **state)
{
    const int none[] = {-1}, same[] = {500, -1}, older[] = {400, -1};
    enum walk_verdict verdict;
    struct fixture f;
    struct err e;
    int i, form, ret = 0;

    (void)state;
    /* Links that say no position, the same one, and one that falls for ever. */
    for (form = 0; form < 3; form++) {
        begin(&f, 0);
        for (ret = 0, i = 0; ret == 0 && i < 3000; i++) {
            char link[80];

            (void)snprintf(link, sizeof(link),
                           form == 0   ? "link-%d"
                           : form == 1 ? "x?$skipToken=US1:0639160000000000000:%d"
                                       : "x?%%24skiptoken=EU1%%3A%019d:11e76b2b;AS1:-1:F",
                           form == 2 ? 1000000000 - i : i);
            ret = give(&f, link, none, &verdict, &e);
        }
        assert_int_equal(ret, form == 2 ? 0 : -1);
        assert_int_equal(i, form == 0   ? ENGINE_IDLE_UNKNOWN_MAX
                            : form == 1 ? ENGINE_IDLE_MAX + 1
                                        : 3000);
        if (ret != 0)
            assert_int_equal(e.code, ERR_UNTRUSTED);
        end(&f);
    }
    begin(&f, 0);
    assert_int_equal(give(&f, "a", same, &verdict, &e), 0);
    assert_int_equal(give(&f, "b", same, &verdict, &e), 0);
    assert_int_equal(give(&f, "c", same, &verdict, &e), -1);
    assert_non_null(strstr(e.msg, "without a new event"));
    end(&f);
    /* A page that is refused does not count as read. */
    begin(&f, 0);
    assert_int_equal(give(&f, "a", same, &verdict, &e), 0);
    assert_int_equal(give(&f, "a", older, &verdict, &e), -1);
    assert_non_null(strstr(e.msg, "a second time"));
    assert_true(walk_certain_from(f.walk, &f.plan) == SINCE + SECONDS(500) + 1);
    end(&f);
}

static void one_answer_is_whole_in_any_order(void **state)
{
    const int mixed[] = {500, 900, 700, -1};
    enum walk_verdict verdict;
    struct fixture f;
    struct err e;

    (void)state;
    begin(&f, 0);
    assert_int_equal(give(&f, NULL, mixed, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_DONE);
    assert_true(f.walk->drained);
    end(&f);
    /* Once a next link was followed, order counts. */
    begin(&f, 0);
    assert_int_equal(give(&f, "a", (const int[]){950, -1}, &verdict, &e), 0);
    assert_int_equal(give(&f, NULL, mixed, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_DISORDER);
    end(&f);
}

static void a_page_that_comes_again_is_no_disorder(void **state)
{
    const int page[] = {900, 800, 700, -1}, next[] = {650, 600, -1};
    enum walk_verdict verdict;
    struct fixture f;
    struct err e;

    (void)state;
    begin(&f, 0);
    assert_int_equal(give(&f, "a", page, &verdict, &e), 0);
    assert_int_equal(give(&f, "b", page, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_GO_ON);
    assert_int_equal(give(&f, "c", next, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_GO_ON);
    assert_int_equal(give(&f, "d", next, &verdict, &e), 0);
    assert_int_equal(give(&f, "e", next, &verdict, &e), -1);
    assert_int_equal(e.code, ERR_UNTRUSTED);
    end(&f);
}

static void asking_anew_loses_nothing(void **state)
{
    const int first[] = {900, 800, -1}, rest[] = {900, 800, 700, -1};
    enum walk_verdict verdict;
    struct work_job *job;
    struct fixture f;
    struct err e;
    int64_t freed;

    (void)state;
    begin(&f, 0);
    assert_int_equal(give(&f, "a", first, &verdict, &e), 0);
    assert_true(walk_rewind(f.walk, 0, &freed) == SINCE + SECONDS(800));
    job = walk_commit(f.walk, walk_certain_from(f.walk, &f.plan));
    assert_true(job->params.from == SINCE + SECONDS(800) + 1);
    (void)work_job_free(job);
    /* What is newer comes again and is passed over. */
    assert_int_equal(give(&f, NULL, rest, &verdict, &e), 0);
    assert_int_equal(verdict, WALK_DONE);
    assert_true(f.walk->commit_to == SINCE + SECONDS(800) + 1);
    end(&f);
    /* Without trust in order the walk starts over. */
    begin(&f, 1);
    assert_int_equal(give(&f, "a", first, &verdict, &e), 0);
    assert_true(walk_rewind(f.walk, 1, &freed) == f.query.until);
    assert_true(freed > 0);
    assert_int_equal(f.walk->npages, 0);
    assert_true(f.walk->front > f.query.until);
    end(&f);
}

static void events_outside_are_counted_once(void **state)
{
    const int mixed[] = {1500, 900, -1};
    enum walk_verdict verdict;
    struct fixture f;
    struct err e;

    (void)state;
    begin(&f, 0);
    assert_int_equal(give(&f, "a", mixed, &verdict, &e), 0);
    assert_true(f.walk->outside == 1);
    /* The server does not heed the filter: cutting would read everything again. */
    assert_true(f.plan.uncut);
    assert_int_equal(give(&f, "b", mixed, &verdict, &e), 0);
    assert_true(f.walk->outside == 1);
    end(&f);
}

/* A next link that leaves something out is refused as far as it says what it asks for. */
static void a_link_that_strays_is_seen(void **state)
{
    static const char asked[] =
        "https://h/providers/microsoft.insights/eventtypes/management/values"
        "?$filter=x";
#define TENANT "https://h/providers/Microsoft.Insights/eventtypes/management/values?a=1"
#define GE "&$filter=eventTimestamp%20ge%20'2026-11-"
#define LE "'%20and%20eventTimestamp+le+'2026-11-"
    static const struct {
        const char *link;
        int strays;
    } rows[] = {
        {TENANT "&$skipToken=x", 0},
        {TENANT GE "01T00:00:00Z" LE "20T00:00:00.0000000Z%27", 0},
        /* A higher bound is asked for again, a lower one too: nothing is left out. */
        {TENANT GE "01T00:00:00Z" LE "25T00:00:00Z'", 0},
        {TENANT GE "01T00:00:00Z" LE "10T00:00:00Z'", 0},
        {TENANT GE "02T00:00:00Z" LE "20T00:00:00Z'", 1},
        {TENANT GE "02T00:00:00Z'", 1},
        {TENANT GE "01T00:00:00Z" LE "09T00:00:00Z'", 1},
        {TENANT GE "yesterday" LE "tomorrow'", 0},
        {"https://h/subscriptions/s/providers/microsoft.insights/x?a", 1},
        {"https://h/providers/Microsoft.Management/managementGroups/g/providers/"
         "microsoft.insights/x?a",
         1},
        {"https://h/other?/subscriptions/s/providers/microsoft.insights/", 0},
    };
    int64_t from, oldest;
    size_t i;

    (void)state;
    assert_int_equal(timestamp_parse(slice_of("2026-11-01T00:00:00Z"), &from), 0);
    assert_int_equal(timestamp_parse(slice_of("2026-11-10T00:00:00Z"), &oldest), 0);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = {0};
        int strays = paging_check(asked, rows[i].link, from, oldest, &e) != 0;

        if (strays != rows[i].strays)
            fail_msg("row %zu: %s", i, strays ? e.msg : "nothing");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordered_pages_become_certain),
        cmocka_unit_test(newer_after_older_is_disorder),
        cmocka_unit_test(paging_without_end_is_refused),
        cmocka_unit_test(one_answer_is_whole_in_any_order),
        cmocka_unit_test(a_page_that_comes_again_is_no_disorder),
        cmocka_unit_test(asking_anew_loses_nothing),
        cmocka_unit_test(events_outside_are_counted_once),
        cmocka_unit_test(a_link_that_strays_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
