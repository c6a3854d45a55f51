/* token_text: the token in whatever a command prints, a file holds or a person pastes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/challenge.h"
#include "net/html.h"
#include "net/token_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"

static void assert_found(struct slice text, const char *wanted)
{
    struct buf token = {0};
    struct err e = {0};

    if (token_text_find(&token, text, "source", &e) != 0)
        fail_msg("%.*s: %s", (int)text.len, text.data, e.msg);
    assert_string_equal(token.data, wanted);
    buf_free(&token);
}

static void tokens_are_found_in_what_people_have(void **state)
{
    static const char *const texts[] = {
        T,
        "\xef\xbb\xbf" T "\r\n",
        "\"" T "\"\n",
        "'" T "'",
        "Bearer " T,
        "bearer  " T "\n",
        "Authorization: Bearer " T "\r\n",
        "\"Bearer " T "\"",
        "{\"accessToken\":\"" T "\",\"expiresOn\":\"2026-11-22 11:00:00.000000\"}\n",
        "{\r\n  \"AccessToken\" : \"" T "\",\r\n  \"tokenType\": \"Bearer\"\r\n}\r\n",
        "{\"access_token\":\"" T "\",\"refresh_token\":\"0.AX\",\"id_token\":\"eyJh.eyJi.c\"}",
        "{\"Token\":\"" T "\",\"ExpiresOn\":\"x\"}",
        "{\"token\":\"Bearer " T "\"}",
        "[{\"accessToken\":\"" T "\"}]",
        "WARNING: something is old\n{\"accessToken\":\"" T "\"}\nbye\n",
        "[warn] x\n{\"accessToken\":\"" T "\"}",
        "WARNING: a change is coming\n  - in version {1}\n\n" T "\n",
        "\033[33;1mWARNING: coloured\033[0m\n" T,
        "accessToken: " T "\nexpiresOn: '2026-11-22'\n",
        "accessToken=" T "\n",
        T "\t2026-11-22 11:00:00\t1795345200\tsub\ttenant\tBearer\n",
        "Token     : " T "\nExpiresOn : 11/22/2026\nType      : Bearer\n",
        T "\n" T "\n",
        /* Wrapped: 16 characters a line, and PowerShell's list view with a margin. */
        "eyJhbGciOiJub25l\nIn0.eyJhdWQiOiJ4\nIn0.c2lnbmF0dXJl\n",
        "eyJhbGciOiJub25l\r\nIn0.eyJhdWQiOiJ4\r\nIn0.c2lnbmF0dXJl",
        "eyJhbGciOiJub25lIn0.eyJhdW\nQiOiJ4In0.c2lnbmF0dXJl\nbye\n",
        "Token : eyJhbGciOiJub25lIn\n        0.eyJhdWQiOiJ4In0.\n        c2lnbmF0dXJl\nType  : "
        "Bearer\n",
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t n = strlen(texts[i]);
        char *wide = calloc(n + 1, 2);

        assert_found(slice_of(texts[i]), T);
        /* The same in UTF-16, both ways round. */
        assert_non_null(wide);
        for (j = 0; j < n; j++)
            wide[2 + 2 * j] = texts[i][j];
        memcpy(wide, "\xff\xfe", 2);
        if ((unsigned char)texts[i][0] < 0x80)
            assert_found((struct slice){wide, 2 * n + 2}, T);
        memmove(wide + 3, wide + 2, 2 * n - 1);
        memcpy(wide, "\xfe\xff\0", 3);
        if ((unsigned char)texts[i][0] < 0x80)
            assert_found((struct slice){wide, 2 * n + 2}, T);
        free(wide);
    }
    assert_found(slice_of("opaque-1\n"), "opaque-1");
    assert_found(slice_of("{\"access_token\":\"opaque-2\"}"), "opaque-2");
    assert_found(slice_of("Bearer ab+/c=="), "ab+/c==");
}

static void what_is_no_token_is_named(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"", "source gave nothing"},
        {"\xff\xfe", "source gave nothing"},
        {"\"\"", "source gave nothing"},
        {"System.Security.SecureString\n", "System.Security.SecureString instead of a token"},
        {"Token : System.Security.SecureString\nType : Bearer", "System.Security.SecureString"},
        {"{\"Token\":{\"Length\":1520},\"UserId\":\"a\"}", "a SecureString instead of"},
        {"{\"token\":\"System.Security.SecureString\"}", "System.Security.SecureString"},
        {"Microsoft.Azure.Commands.Profile.Models.PSSecureAccessToken", "name of a .NET type"},
        {"null", "a word for a missing value"},
        {"None\r\n", "a word for a missing value"},
        {"{\"accessToken\":null}", "JSON without an access token"},
        {"{\"value\":[]}", "a JSON object without an access token"},
        {"[]", "JSON without an access token"},
        {"<!DOCTYPE html><html><head><title>Sign in</title>", "an HTML page instead of a token: "
                                                              "Sign in"},
        {"ERROR: Please run 'az login' to setup account.\n", "an error: ERROR: Please run 'az"},
        {"AADSTS50076: you must use multi-factor\n", "an error: AADSTS50076"},
        {"{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}",
         "an error instead of a token: invalid_request: Identity not found"},
        {"{\"error\":{\"code\":\"X\",\"message\":\"why\"}}", "instead of a token: X: why"},
        {"{\"refresh_token\":\"hush\"}", "a refresh token and no access token"},
        {"{\"id_token\":\"hush\"}", "an ID token and no access token"},
        {"0."
         "AXhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhushhus"
         "hhushhush"
         "hushhushhushhush",
         "a refresh token instead"},
        {"12345678-9abc-def0-1234-56789abcdef0", "a GUID instead"},
        {"hush8Q~hushhush", "an application's secret"},
        {"https://hush.example/", "a URL"},
        {"-----BEGIN CERTIFICATE-----\nhush", "a certificate or key"},
        {"Token                 ExpiresOn\n-----                 ---------\neyJ0eXAi... 11/22\n",
         "cut to fit a table"},
        {"eyJ0eXAiOiJKV1QiLCJ\xe2\x80\xa6 11/22/2026", "cut to fit a table"},
        {T "\n" T "hush\n", "several tokens"},
        {"two words hush", "something that is not a token"},
        {"{\"accessToken\":\"sec", "something that is not a token"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf token = {0};
        struct err e = {0};

        assert_int_equal(token_text_find(&token, slice_of(rows[i].text), "source", &e), -1);
        assert_int_equal(e.code, ERR_AUTH);
        if (strstr(e.msg, rows[i].part) == NULL || strstr(e.msg, "hush") != NULL)
            fail_msg("%s: %s", rows[i].text, e.msg);
        buf_free(&token);
    }
}

static void lines_that_belong_together_wait_for_more(void **state)
{
    static const struct {
        const char *text;
        int goes_on;
    } rows[] = {
        {"opaque\n", 0},
        {T "\n", 0},
        {"two words\n", 0},
        {"{\n", 1},
        {"{\n \"accessToken\": \"a}\\\"\n", 1},
        {"{\n \"accessToken\": \"a\"\n}\n", 0},
        {"WARNING: x\n", 1},
        {"WARNING: x\n" T "\n", 0},
        {"WARNING: x\n{\n", 1},
        {"eyJhbGciOiJub25l\n", 1},
        {"eyJhbGciOiJub25l\nIn0.eyJhdWQiOiJ4\n", 1},
        {"eyJhbGciOiJub25l\nIn0.eyJhdWQiOiJ4\nIn0.c2ln\n", 0},
        {"eyJhbGciOiJub25l\n\n", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (token_text_goes_on(slice_of(rows[i].text)) != rows[i].goes_on)
            fail_msg("%s", rows[i].text);
    }
}

/* ---- 401 ---- */

#define CLAIMS "eyJhY2Nlc3NfdG9rZW4iOnt9fQ==" /* {"access_token":{}} */

static void challenges_are_read(void **state)
{
    static const struct {
        const char *value, *claims, *reason;
    } rows[] = {
        {"Bearer realm=\"\", authorization_uri=\"https://login.example/a,b\", "
         "error=\"insufficient_claims\", error_description=\"it was, revoked\", claims=\"" CLAIMS
         "\"",
         CLAIMS, "it was, revoked"},
        {"Bearer claims=" CLAIMS ", error=insufficient_claims", CLAIMS, ""},
        {"Basic realm=\"x\", BEARER Claims=\"" CLAIMS "\"", CLAIMS, ""},
        {"Bearer error_description=\"say \\\"claims=\\\" twice\"", "", "say \"claims=\" twice"},
        {"Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ\"", "eyJhY2Nlc3NfdG9rZW4iOnt9fQ", ""},
        {"Bearer claims=\"; rm -rf x\"", "", ""},
        {"Bearer claims=\"bm8gSlNPTg==\"", "", ""},
        {"Bearer claims=\"", "", ""},
        {"\"\"=,,= claims", "", ""},
        {"", "", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct challenge c;

        challenge_parse(&c, slice_of(rows[i].value));
        assert_string_equal(c.claims, rows[i].claims);
        assert_string_equal(c.reason, rows[i].reason);
    }
}

static void demanded_claims_lead_to_the_command(void **state)
{
    struct challenge c;
    struct err e = {0};
    struct buf said = {0};

    (void)state;
    challenge_parse(&c, slice_of("Bearer error_description=\"revoked\", claims=\"" CLAIMS "\""));
    assert_int_equal(challenge_hint(&e, "AuthenticationFailed", &c), -1);
    assert_non_null(strstr(e.hint, "az login --claims-challenge \"" CLAIMS "\""));
    assert_non_null(strstr(e.hint, "Connect-AzAccount -ClaimsChallenge \"" CLAIMS "\""));
    challenge_print(&c, &said);
    assert_true(
        slice_equals(buf_slice(&said), ": revoked; claims demanded: {\"access_token\":{}}"));
    buf_free(&said);
    assert_int_equal(challenge_hint(&e, "ExpiredAuthenticationToken", NULL), -1);
    assert_non_null(strstr(e.hint, "has expired"));
}

/* ---- web pages ---- */

static void pages_are_told_from_data(void **state)
{
    static const struct {
        const char *text;
        int is_page;
        const char *title;
    } rows[] = {
        {"<html><head><title>Access Denied</title></head>", 1, "Access Denied"},
        {"\xef\xbb\xbf \r\n<!DOCTYPE HTML>\n<TITLE lang=en>\n Sign\n in </TITLE>", 1, "Sign in"},
        {"<?xml version=\"1.0\"?><x/>", 1, ""},
        {"<h1>Blocked &amp; gone</h1>", 1, "Blocked &amp; gone"},
        {"<title>", 1, ""},
        {"<title", 1, ""},
        {"<titles>no</titles>", 1, ""},
        {"{\"a\":\"<title>x</title>\"}", 0, "x"},
        {"< 5", 0, ""},
        {"<", 0, ""},
        {"", 0, ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char title[HTML_TITLE_MAX];

        assert_int_equal(html_is_page(slice_of(rows[i].text)), rows[i].is_page);
        html_title(title, slice_of(rows[i].text));
        assert_string_equal(title, rows[i].title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_found_in_what_people_have),
        cmocka_unit_test(what_is_no_token_is_named),
        cmocka_unit_test(lines_that_belong_together_wait_for_more),
        cmocka_unit_test(challenges_are_read),
        cmocka_unit_test(demanded_claims_lead_to_the_command),
        cmocka_unit_test(pages_are_told_from_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
