/* url: what one is, its origin, and where links and redirects lead. */
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

static void origins(void **state)
{
    static const struct {
        const char *endpoint, *url;
        int same;
    } rows[] = {
        {"https://management.azure.com", "https://management.azure.com/x?y", 1},
        {"https://management.azure.com", "https://management.azure.com", 1},
        {"https://management.azure.com", "https://management.azure.com?x", 1},
        {"https://management.azure.com/", "HTTPS://MANAGEMENT.azure.COM:443/x", 1},
        {"https://management.azure.com:443", "https://management.azure.com/", 1},
        {"https://management.azure.com", "https://management.azure.com:444/", 0},
        {"https://management.azure.com", "https://management.azure.com:80/", 0},
        {"https://management.azure.com", "http://management.azure.com/", 0},
        {"https://management.azure.com", "http://management.azure.com:443/", 0},
        {"https://management.azure.com", "https://management.azure.com./", 0},
        {"https://management.azure.com", "https://management.azure.com@evil.example/", 0},
        {"https://management.azure.com", "https://management.azure.com:443@evil.example/", 0},
        {"https://management.azure.com", "https://u@management.azure.com/", 0},
        {"https://management.azure.com", "https://@management.azure.com/", 0},
        {"https://management.azure.com", "https://management.azure.com.evil.example/", 0},
        {"https://management.azure.com", "https://evil.example/management.azure.com", 0},
        {"https://management.azure.com", "https://evil.example\\@management.azure.com/", 0},
        {"https://management.azure.com", "https://management.azure.com\\.evil.example/", 0},
        {"https://management.azure.com", "https://management.azure.com\\/x", 0},
        {"https://management.azure.com", "https:\\\\management.azure.com/x", 0},
        {"https://management.azure.com", "https://management.azure.com%2eevil.example/", 0},
        {"https://management.azure.com", "https://management%2Eazure.com/", 0},
        {"https://management.azure.com", "https:///management.azure.com/", 0},
        {"https://management.azure.com", "https:/management.azure.com/", 0},
        {"https://management.azure.com", "https:management.azure.com/", 0},
        {"https://management.azure.com", "//management.azure.com/", 0},
        {"https://management.azure.com", "/x", 0},
        {"https://management.azure.com", "", 0},
        {"https://management.azure.com", "https://", 0},
        {"https://management.azure.com", "https://management.azure.com:/", 0},
        {"https://management.azure.com", "https://management.azure.com:0443/", 1},
        {"https://management.azure.com", "https://management.azure.com:65979/", 0},
        {"https://management.azure.com", "https://management.azure.com:4294967739/", 0},
        {"https://management.azure.com", "https://management.azure.com:443x/", 0},
        {"https://management.azure.com", "https://management.azure.com:+443/", 0},
        {"https://management.azure.com", " https://management.azure.com/", 0},
        {"https://management.azure.com", "https://management.azure.com/a b", 0},
        {"https://management.azure.com", "https://management.azure.com/\n", 0},
        {"https://management.azure.com", "https://management.azure.com/\x7f", 0},
        {"https://management.azure.com", "https://management.azure.com\t/", 0},
        {"https://management.azure.com", "https://m\xc3\xa4nagement.azure.com/", 0},
        {"https://management.azure.com", "https://management.azure.com#@evil.example/", 1},
        {"https://management.azure.com", "https://management.azure.com/@evil.example", 1},
        {"https://management.azure.com", "ftp://management.azure.com/", 0},
        {"https://management.azure.com", "javascript:https://management.azure.com/", 0},
        {"http://127.0.0.1:80", "http://127.0.0.1/x", 1},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8081/x", 0},
        {"http://127.0.0.1:8080", "http://localhost:8080/x", 0},
        {"http://[::1]:8080", "http://[::1]:8080/x", 1},
        {"http://[::1]:8080", "http://[::1/", 0},
        {"http://[::1]:8080", "http://[::1%25lo]:8080/", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct url a, b;

        if ((url_split(&a, rows[i].endpoint) == 0 && url_split(&b, rows[i].url) == 0 &&
             url_same_origin(&a, &b)) != rows[i].same)
            fail_msg("%s against %s", rows[i].url, rows[i].endpoint);
    }
}

static void loopback_addresses(void **state)
{
    static const struct {
        const char *url;
        int loopback;
    } rows[] = {
        {"http://127.0.0.1", 1},
        {"http://127.0.0.1:80/x", 1},
        {"http://127.255.255.254/", 1},
        {"http://LocalHost:1/", 1},
        {"http://[::1]/", 1},
        {"http://localhost./", 0},
        {"http://localhost.contoso.example/", 0},
        {"http://127.0.0.1.contoso.example/", 0},
        {"http://127.0.0.1.2/", 0},
        {"http://127.1/", 0},
        {"http://127.0.0.256/", 0},
        {"http://127.0.0.01/", 0},
        {"http://127.0.0./", 0},
        {"http://127..0.1/", 0},
        {"http://127.0.0.a/", 0},
        {"http://128.0.0.1/", 0},
        {"http://0.0.0.0/", 0},
        {"http://[::]/", 0},
        {"http://[::ffff:127.0.0.1]/", 0},
        {"http://203.0.113.1/", 0},
        {"localhost", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct url u;

        if ((url_split(&u, rows[i].url) == 0 && url_is_loopback(&u)) != rows[i].loopback)
            fail_msg("%s", rows[i].url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins),
        cmocka_unit_test(loopback_addresses),
        cmocka_unit_test(references_are_followed),
        cmocka_unit_test(authorities_are_not_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
