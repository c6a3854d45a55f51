/* mask: nothing of the token stays in the server's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/mask.h"

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
        {"0123456789abcdefgh", "0123456789abcde 123456789abcdef",
         "0123456789abcde 123456789abcdef"},
        /* the longest piece, not the first */
        {"aaaaaaaaaaaaaaaaXaaaaaaaaaaaaaaaaYZ", "aaaaaaaaaaaaaaaaYZ", "******************"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_masked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
