/* mask: nothing of the token stays in the server's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/mask.h"

#include <stdio.h>
#include <string.h>

#define TOKEN "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL3gifQ.c2lnbmF0dXJl"

static void tokens_are_masked(void **state)
{
    static const struct {
        const char *token, *text, *masked;
    } rows[] = {
        {TOKEN, "", ""},
        {TOKEN, "nothing of it", "nothing of it"},
        {TOKEN, "your token Bearer " TOKEN " is bad",
         "your token Bearer *********************************************************** is bad"},
        {"0123456789abcdefgh", "0123456789abcdefgh0123456789abcdefgh",
         "************************************"},
        /* cut at either end, or in the middle */
        {"0123456789abcdefgh", "(0123456789abcdef", "(****************"},
        {"0123456789abcdefgh", "(23456789abcdefgh)", "(****************)"},
        {"0123456789abcdefgh", "x123456789abcdefgy", "x****************y"},
        /* in pieces: of eight bytes, but not of seven */
        {"0123456789abcdefgh", "01234567 12345678/abcdefgh", "******** ********/********"},
        {"0123456789abcdefgh", "0123456 bcdefgh", "0123456 bcdefgh"},
        /* the longest piece, not the first */
        {"aaaaaaaaaaaaaaaaXaaaaaaaaaaaaaaaaYZ", "aaaaaaaaaaaaaaaaYZ", "******************"},
        /* escaped, in part, in full, twice */
        {"0123456789abcdefgh", "/?t=%30%31%32%33%34%35%36%37&", "/?t=************************&"},
        {"0123456789abcdefgh", "x%300123%2534%2525352567%", "x%300123%2534%2525352567%"},
        {"0123456789abcdefgh", "x0123%2534%252535%36789%", "x**********************%"},
        {"0123456789abcdefgh", "100 % 5%3", "100 % 5%3"},
        {"short", "a short one", "a ***** one"},
        {"", "text", "text"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[200];

        (void)strncpy(text, rows[i].text, sizeof(text) - 1);
        text[sizeof(text) - 1] = '\0';
        mask_token(text, strlen(text), rows[i].token);
        assert_string_equal(text, rows[i].masked);
    }
}

static void all_tokens_in_use_are_masked(void **state)
{
    char text[] = "first-token-0 and second-token";
    char name[16];
    int i;

    (void)state;
    mask_text(text);
    assert_string_equal(text, "first-token-0 and second-token");
    mask_remember("first-token-0");
    for (i = 0; i < MASK_TOKENS_MAX - 2; i++) {
        (void)snprintf(name, sizeof(name), "other-%d", i);
        mask_remember(name);
    }
    mask_remember("second-token");
    mask_text(text);
    assert_string_equal(text, "************* and ************");
    mask_forget();
    mask_forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_masked),
        cmocka_unit_test(all_tokens_in_use_are_masked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
