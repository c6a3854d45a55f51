/* url: where links and redirects lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/url.h"

#include <stdlib.h>
#include <string.h>

#define BASE "https://a.example:8443/b/c/d?q=1"

static void references_are_followed(void **state)
{
    static const struct {
        const char *reference, *url;
    } rows[] = {
        /* Absolute: byte for byte. */
        {"https://a.example/x?$skipToken=US1:06;EU1:-1&f=%27a%27", NULL},
        {"HTTPS://A.Example:8443/X/../y?", NULL},
        {"https://a.example", NULL},
        {"https://a.example?x=[1]", NULL},
        /* Relative. */
        {"/x/y?z=1", "https://a.example:8443/x/y?z=1"},
        {"/x/./y/../z", "https://a.example:8443/x/z"},
        {"/../..", "https://a.example:8443/"},
        {"?z=$1", "https://a.example:8443/b/c/d?z=$1"},
        {"x", "https://a.example:8443/b/c/x"},
        {"x/", "https://a.example:8443/b/c/x/"},
        {"../x?y=/../z", "https://a.example:8443/b/x?y=/../z"},
        {"../../../x", "https://a.example:8443/x"},
        {".", "https://a.example:8443/b/c/"},
        {"..", "https://a.example:8443/b/"},
        {"//a.example:8443/x", "https://a.example:8443/x"},
        {"//evil.example/x", "https://evil.example/x"},
        {"", "https://a.example:8443/b/c/d"},
        /* What no URL may hold. */
        {" /x \r\n", "https://a.example:8443/x"},
        {"/x y\"z", "https://a.example:8443/x%20y%22z"},
        {"https://a.example/x?t={\"a\":\"b|c\"}",
         "https://a.example/x?t=%7B%22a%22:%22b%7Cc%22%7D"},
        {"/\xc3\xb6\t\\evil", "https://a.example:8443/%C3%B6%09%5Cevil"},
        {"/\\evil.example/x", "https://a.example:8443/%5Cevil.example/x"},
        {"https://a.example/x%2525", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *url = url_follow(BASE, rows[i].reference);

        assert_string_equal(url, rows[i].url != NULL ? rows[i].url : rows[i].reference);
        free(url);
    }
}

/* Nothing that a URL's authority may not hold is mended: it is refused. */
static void authorities_are_not_mended(void **state)
{
    static const char *const references[] = {
        "https://a.example b/x",     "https://a.exa\\mple/x",
        "https://user@a.example/x",  "//a.example@evil/x",
        "///evil.example/x",         "javascript:alert(1)",
        "https:/a.example/x",        "https:\\\\a.example/x",
        "https://a.example:/x",      "https://",
        "https://a.example\r\nX: y", "data:,x",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        char *url = url_follow(BASE, references[i]);
        struct url u;

        if (url_split(&u, url) == 0)
            fail_msg("%s: %s", references[i], url);
        free(url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_followed),
        cmocka_unit_test(authorities_are_not_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
