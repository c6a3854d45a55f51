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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_that_is_due_goes_first),
        cmocka_unit_test(after_a_401_the_least_and_then_the_most_refused_go_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
