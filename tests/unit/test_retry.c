/* retry: what follows which answer, as tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/retry.h"

#include <string.h>

static void one_answer(void **state)
{
    static const struct {
        int status;
        int64_t retry_after_ms;
        enum retry_action action;
        int64_t wait_ms; /* for RETRY_AGAIN, with random bits 0 */
        int code;        /* for RETRY_GIVE_UP */
    } rows[] = {
        {200, -1, RETRY_ACCEPT, 0, 0},
        {200, 5000, RETRY_ACCEPT, 0, 0},
        {202, 1000, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {203, -1, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {204, -1, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {206, -1, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {299, 5000, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {401, -1, RETRY_NEW_TOKEN, 0, 0},
        {401, 5000, RETRY_NEW_TOKEN, 0, 0},
        {0, -1, RETRY_AGAIN, 0, 0},
        {408, -1, RETRY_AGAIN, 0, 0},
        {429, -1, RETRY_AGAIN, 0, 0},
        {429, 0, RETRY_AGAIN, 0, 0},
        {429, 1, RETRY_AGAIN, 1, 0},
        {429, 17000, RETRY_AGAIN, 17000, 0},
        {429, RETRY_AFTER_MAX_MS, RETRY_AGAIN, RETRY_AFTER_MAX_MS, 0},
        {429, RETRY_AFTER_MAX_MS + 1, RETRY_GIVE_UP, 0, ERR_NETWORK},
        {500, -1, RETRY_AGAIN, 0, 0},
        {501, -1, RETRY_AGAIN, 0, 0},
        {502, -1, RETRY_AGAIN, 0, 0},
        {503, 2000, RETRY_AGAIN, 2000, 0},
        {503, INT64_C(315360000000), RETRY_GIVE_UP, 0, ERR_NETWORK},
        {504, -1, RETRY_AGAIN, 0, 0},
        {599, -1, RETRY_AGAIN, 0, 0},
        {600, -1, RETRY_GIVE_UP, 0, ERR_NETWORK},
        {199, -1, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {302, -1, RETRY_GIVE_UP, 0, ERR_UNTRUSTED},
        {400, -1, RETRY_GIVE_UP, 0, ERR_REFUSED},
        {402, -1, RETRY_GIVE_UP, 0, ERR_REFUSED},
        {403, -1, RETRY_GIVE_UP, 0, ERR_AUTH},
        {403, 1000, RETRY_GIVE_UP, 0, ERR_AUTH},
        {404, -1, RETRY_GIVE_UP, 0, ERR_REFUSED},
        {410, -1, RETRY_GIVE_UP, 0, ERR_REFUSED},
        {428, -1, RETRY_GIVE_UP, 0, ERR_REFUSED},
        {499, -1, RETRY_GIVE_UP, 0, ERR_REFUSED},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct retry_state s = {0};
        struct retry_input in = {rows[i].status, rows[i].retry_after_ms, 0, 0};
        struct err e = {0};
        int64_t wait_ms = -7;
        enum retry_action action = retry_decide(&s, &in, &wait_ms, &e);

        if (action != rows[i].action)
            fail_msg("HTTP %d", rows[i].status);
        if (action == RETRY_AGAIN)
            assert_true(wait_ms == rows[i].wait_ms);
        if (action == RETRY_GIVE_UP) {
            assert_int_equal(e.code, rows[i].code);
            assert_int_equal(e.http, rows[i].status);
            assert_true(e.msg[0] != '\0');
        }
    }
}

static void long_wait_is_named(void **state)
{
    struct retry_state s = {0};
    struct retry_input in = {429, 1000001, 0, 0};
    struct err e = {0};
    int64_t wait_ms = 0;

    (void)state;
    assert_int_equal(retry_decide(&s, &in, &wait_ms, &e), RETRY_GIVE_UP);
    assert_string_equal(e.msg, "HTTP 429: the server asks to wait 1001 s, more than 900 s");
}

static void budget_of_tries(void **state)
{
    static const struct {
        int status;
        const char *message;
        unsigned tries_max;
    } rows[] = {{503, "HTTP 503 after 8 tries", 0},
                {408, "HTTP 408 after 8 tries", 0},
                {0, "no answer after 8 tries", 0},
                {503, "HTTP 503 after 5 tries", 5}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct retry_state s = {0};
        struct retry_input in = {rows[i].status, -1, 0, rows[i].tries_max};
        unsigned n, most = in.tries_max > 0 ? in.tries_max : RETRY_TRIES_MAX;
        struct err e = {0};
        int64_t wait_ms;

        for (n = 1; n < most; n++)
            assert_int_equal(retry_decide(&s, &in, &wait_ms, &e), RETRY_AGAIN);
        assert_int_equal(retry_decide(&s, &in, &wait_ms, &e), RETRY_GIVE_UP);
        assert_int_equal(e.code, ERR_NETWORK);
        assert_string_equal(e.msg, rows[i].message);
    }
}

static void throttling_has_its_own_count(void **state)
{
    struct retry_state s = {0};
    struct retry_input throttled = {429, 1000, 0, 0}, failed = {500, -1, 0, 0};
    struct err e = {0};
    int64_t wait_ms;
    int n;

    (void)state;
    for (n = 1; n < RETRY_THROTTLED_MAX; n++)
        assert_int_equal(retry_decide(&s, &throttled, &wait_ms, &e), RETRY_AGAIN);
    for (n = 1; n < RETRY_TRIES_MAX; n++)
        assert_int_equal(retry_decide(&s, &failed, &wait_ms, &e), RETRY_AGAIN);
    assert_int_equal(retry_decide(&s, &throttled, &wait_ms, &e), RETRY_GIVE_UP);
    assert_string_equal(e.msg, "HTTP 429 after 100 tries");
}

static void backoff_doubles_up_to_its_ceiling(void **state)
{
    static const int64_t ceilings[] = {500, 1000, 2000, 4000, 8000, 16000, 32000};
    struct retry_state s = {0}, t = {0};
    struct err e = {0};
    int64_t wait_ms;
    uint64_t random;
    int n;

    (void)state;
    for (n = 0; n < RETRY_TRIES_MAX - 1; n++) {
        struct retry_input in = {503, -1, (uint64_t)ceilings[n], 0};

        assert_int_equal(retry_decide(&s, &in, &wait_ms, &e), RETRY_AGAIN);
        assert_true(wait_ms == ceilings[n]);
    }
    /* Whatever the random bits are, a wait is within its ceiling. */
    for (n = 1; n < RETRY_THROTTLED_MAX; n++) {
        struct retry_input in = {429, n % 2 ? -1 : 0, 0, 0};

        for (random = 1; random != 0; random <<= 7) {
            struct retry_state copy = t;

            in.random = ~random;
            assert_int_equal(retry_decide(&copy, &in, &wait_ms, &e), RETRY_AGAIN);
            assert_true(wait_ms >= 0 && wait_ms <= RETRY_BACKOFF_MAX_MS);
        }
        in.random = RETRY_BACKOFF_MAX_MS;
        assert_int_equal(retry_decide(&t, &in, &wait_ms, &e), RETRY_AGAIN);
        if (n > 8)
            assert_true(wait_ms == RETRY_BACKOFF_MAX_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_answer),
        cmocka_unit_test(long_wait_is_named),
        cmocka_unit_test(budget_of_tries),
        cmocka_unit_test(throttling_has_its_own_count),
        cmocka_unit_test(backoff_doubles_up_to_its_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
