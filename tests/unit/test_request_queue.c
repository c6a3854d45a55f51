/* queue: which request is sent next. */
#include "acquire/request_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N 4

struct fixture {
    struct request_queue q;
    struct fetch_request r[N];
};

/* Requests 0 to 3 in order; the first two in bucket 1, the others in bucket 0. */
static void begin(struct fixture *f)
{
    static const unsigned put[N] = {2, 0, 3, 1};
    size_t i;

    *f = (struct fixture){0};
    for (i = 0; i < N; i++) {
        f->r[i].order = i + 1;
        f->r[i].bucket = i < 2;
    }
    for (i = 0; i < N; i++)
        request_queue_put(&f->q, &f->r[put[i]]);
}

/* The number of the request that is chosen, or -1. */
static int choose(struct fixture *f, int64_t now_ms, int proven, int64_t *until_ms)
{
    struct fetch_request *r = request_queue_choose(&f->q, now_ms, proven, until_ms);

    return r == NULL ? -1 : (int)(r - f->r);
}

static void the_oldest_that_is_due_goes_first(void **state)
{
    struct fixture f;
    int64_t until_ms = 1000;

    (void)state;
    begin(&f);
    assert_int_equal(choose(&f, 10, 0, &until_ms), 0);
    f.r[0].not_before_ms = 50;
    assert_int_equal(choose(&f, 10, 1, &until_ms), 1);
    assert_int_equal(until_ms, 50);
    request_queue_bucket(&f.q, 1)->not_before_ms = 40;
    assert_false(request_queue_is_open(&f.q, 1, 39));
    assert_true(request_queue_is_open(&f.q, 1, 40));
    assert_int_equal(choose(&f, 10, 1, &until_ms), 2);
    assert_int_equal(until_ms, 40);
    assert_true(request_queue_take_out(&f.q, &f.r[2]));
    assert_false(request_queue_take_out(&f.q, &f.r[2]));
    assert_true(request_queue_take_out(&f.q, &f.r[3]));
    assert_int_equal(choose(&f, 10, 1, &until_ms), -1);
    assert_int_equal(choose(&f, 50, 1, &until_ms), 0);
    request_queue_free(&f.q);
}

static void after_a_401_the_least_and_then_the_most_refused_go_first(void **state)
{
    struct fixture f;
    int64_t until_ms = 1000;

    (void)state;
    begin(&f);
    assert_false(request_queue_has_refused(&f.q));
    f.r[0].retry.refused = 1;
    f.r[1].retry.refused = 2;
    assert_true(request_queue_has_refused(&f.q));
    assert_int_equal(choose(&f, 10, 0, &until_ms), 2);
    assert_int_equal(choose(&f, 10, 1, &until_ms), 1);
    /* What stands for the whole bucket counts before what stands for one request. */
    request_queue_bucket(&f.q, 0)->refused = 3;
    assert_int_equal(choose(&f, 10, 0, &until_ms), 0);
    assert_int_equal(choose(&f, 10, 1, &until_ms), 2);
    request_queue_free(&f.q);
}

/* Send requests of bucket 1 until it is full; returns how many are under way. */
static unsigned fill(struct fixture *f, int64_t now_ms)
{
    while (request_queue_is_open(&f->q, 1, now_ms) &&
           request_queue_bucket(&f->q, 1)->under_way < 100)
        request_queue_sent(&f->q, &f->r[0], now_ms);
    return request_queue_bucket(&f->q, 1)->under_way;
}

static void answer(struct fixture *f, enum request_queue_news news, int64_t now_ms)
{
    request_queue_answered(&f->q, &f->r[0], news, 8, now_ms);
}

static void trouble_slows_a_bucket_by_a_quarter_and_good_answers_let_one_more_go(void **state)
{
    struct fixture f;
    int64_t now_ms, until_ms = 1000000;
    int i;

    (void)state;
    begin(&f);
    for (i = 0; i < 8; i++)
        request_queue_sent(&f.q, &f.r[0], 1);
    /* Eight that were under way together, of which all meet it, are one trouble. */
    for (i = 0; i < 8; i++)
        answer(&f, QUEUE_TROUBLE, 2 + i);
    assert_int_equal(fill(&f, 20), 6);
    assert_false(request_queue_is_open(&f.q, 1, 20));
    assert_true(request_queue_is_open(&f.q, 0, 20)); /* the other bucket knows nothing of it */
    assert_int_equal(choose(&f, 20, 0, &until_ms), 2);
    /* The next one sent after that is another. */
    answer(&f, QUEUE_TROUBLE, 30);
    for (i = 0; i < 5; i++)
        answer(&f, QUEUE_NEITHER, 31);
    assert_int_equal(fill(&f, 40), 4);
    /* A round of good answers is worth one more, until nothing is held back. */
    for (now_ms = 50; request_queue_bucket(&f.q, 1)->most > 0; now_ms += 10) {
        unsigned n = fill(&f, now_ms);

        for (i = 0; i < (int)n; i++)
            answer(&f, QUEUE_GOOD, now_ms + 1);
        assert_true(fill(&f, now_ms + 2) <= n + 1 || request_queue_bucket(&f.q, 1)->most == 0);
        assert_true(now_ms < 200);
    }
    assert_true(now_ms > 80);
    request_queue_free(&f.q);
}

static void however_much_trouble_there_is_one_request_goes(void **state)
{
    struct fixture f;
    int64_t now_ms;

    (void)state;
    begin(&f);
    for (now_ms = 1; now_ms < 100; now_ms++) {
        request_queue_sent(&f.q, &f.r[0], now_ms);
        answer(&f, QUEUE_TROUBLE, now_ms);
        assert_true(request_queue_is_open(&f.q, 1, now_ms));
    }
    assert_int_equal(fill(&f, 100), 1);
    request_queue_free(&f.q);
}

static void with_few_reads_left_requests_keep_a_distance(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    request_queue_note_reads(&f.q, 1, 10);
    request_queue_sent(&f.q, &f.r[0], 1000);
    assert_true(request_queue_is_open(&f.q, 1, 1000));
    request_queue_note_reads(&f.q, 1, 9);
    request_queue_sent(&f.q, &f.r[0], 1001);
    assert_false(request_queue_is_open(&f.q, 1, 1040));
    assert_true(request_queue_is_open(&f.q, 1, 1041));
    assert_true(request_queue_is_open(&f.q, 0, 1001));
    request_queue_note_reads(&f.q, 1, 200);
    request_queue_sent(&f.q, &f.r[0], 1050);
    assert_true(request_queue_is_open(&f.q, 1, 1050));
    request_queue_free(&f.q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_that_is_due_goes_first),
        cmocka_unit_test(trouble_slows_a_bucket_by_a_quarter_and_good_answers_let_one_more_go),
        cmocka_unit_test(with_few_reads_left_requests_keep_a_distance),
        cmocka_unit_test(however_much_trouble_there_is_one_request_goes),
        cmocka_unit_test(after_a_401_the_least_and_then_the_most_refused_go_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
