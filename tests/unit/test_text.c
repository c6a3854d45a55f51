/* text and hash_map: letter case, UTF-8, what must not reach a terminal, and looking names up. */
#include "base/hash_map.h"
#include "base/mem.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_code_point_survives_utf8(void **state)
{
    unsigned code, back = 0;
    char text[TEXT_UTF8_MAX];

    (void)state;
    for (code = 0; code <= 0x10ffff; code++) {
        struct slice s = {text, text_utf8_encode(code, text)};

        if (code >= 0xd800 && code <= 0xdfff) {
            assert_int_equal(text_utf8_decode(s, &back), 0);
            continue;
        }
        assert_int_equal(text_utf8_decode(s, &back), s.len);
        assert_int_equal(back, code);
        if (s.len > 1) {
            s.len--;
            assert_int_equal(text_utf8_decode(s, &back), 0);
        }
    }
}

static void what_is_not_utf8_is_not_decoded(void **state)
{
    static const char *const bad[] = {
        "\x80", "\xc0\x80", "\xc1\xbf",    "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\xff", "\xc3(",    "\xed\xa0\x80"};
    unsigned code;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(text_utf8_decode(slice_of(bad[i]), &code), 0);
}

static void names_of_others_are_one_line_without_tricks(void **state)
{
    static const struct {
        const char *text, *clean;
    } rows[] = {
        {"plain \xc3\xa4", "plain \xc3\xa4"},
        {"a\x1b[31m\nb", "a[31m b"},
        {"a\r\n\tb", "a   b"},
        {"\xc2\xad\xe2\x80\x8b\xe2\x80\x8d\xe2\x80\xae\xe2\x81\xa0\xe2\x81\xaa\xf3\xa0\x81\xa1x",
         "x"},
        {"\xc2\x9b"
         "31m",
         "31m"},
        {"\xff\xfe", "??"},
        {"12345678901234567890", "123456789012345"},
        {"12345678901234\xc3\xa4", "12345678901234"},
    };
    char room[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        text_clean(room, sizeof(room), slice_of(rows[i].text));
        assert_string_equal(room, rows[i].clean);
    }
    (void)snprintf(room, sizeof(room),
                   "a\nb\x1b"
                   "c");
    text_clean(room, sizeof(room), slice_of(room));
    assert_string_equal(room, "a bc");
}

static void letter_case_is_ascii(void **state)
{
    char text[] = "ABZaz[@\xc3\x84";

    (void)state;
    text_to_lower(text);
    assert_string_equal(text, "abzaz[@\xc3\x84");
    assert_true(text_starts_nocase(slice_of("Microsoft.X"), "microsoft."));
    assert_false(text_starts_nocase(slice_of("micro"), "microsoft."));
}

static void names_are_found_again(void **state)
{
    struct hash_map m = {0};
    size_t i, n = 20000;
    char name[32];

    (void)state;
    assert_true(hash_map_get(&m, slice_of("x")) == HASH_MAP_NONE);
    for (i = 0; i < n; i++) {
        (void)snprintf(name, sizeof(name), "name %zu", i);
        hash_map_put(&m, slice_of(name), i);
    }
    hash_map_put(&m, slice_of("name 7"), 70);
    for (i = 0; i < n; i++) {
        (void)snprintf(name, sizeof(name), "name %zu", i);
        assert_int_equal(hash_map_get(&m, slice_of(name)), i == 7 ? 70 : i);
    }
    assert_true(hash_map_get(&m, slice_of("name")) == HASH_MAP_NONE);
    hash_map_free(&m);
}

static void arrays_grow(void **state)
{
    size_t *items = NULL, n, cap = 0;

    (void)state;
    for (n = 0; n < 1000; n++) {
        items = mem_grow(items, n, &cap, sizeof(*items));
        items[n] = n;
    }
    for (n = 0; n < 1000; n++)
        assert_int_equal(items[n], n);
    free(items);
}

static void secrets_are_wiped(void **state)
{
    char secret[] = "secret";

    (void)state;
    mem_wipe(secret, sizeof(secret));
    mem_wipe(NULL, 0);
    assert_memory_equal(secret, "\0\0\0\0\0\0", sizeof(secret));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_survives_utf8),
        cmocka_unit_test(what_is_not_utf8_is_not_decoded),
        cmocka_unit_test(names_of_others_are_one_line_without_tricks),
        cmocka_unit_test(letter_case_is_ascii),
        cmocka_unit_test(names_are_found_again),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(secrets_are_wiped),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
