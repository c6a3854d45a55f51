/* token: what claims say, and when which source is asked. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sys.h"
#include "base/timestamp.h"
#include "net/token.h"
#include "net/token_source.h"
#include "net/token_text.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* 2026-11-22T10:00:00Z */
#define NOW_S INT64_C(1795341600)
#define TICKS(s) timestamp_from_unix(s)

/* ---- making tokens ---- */

static void put_base64url(struct buf *out, const char *text, size_t len, int pad)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t i;

    for (i = 0; i < len; i += 3) {
        unsigned n = len - i < 3 ? (unsigned)(len - i) : 3, j;
        unsigned bits = 0;

        for (j = 0; j < 3; j++)
            bits = bits << 8 | (j < n ? (unsigned char)text[i + j] : 0);
        for (j = 0; j < n + 1; j++)
            buf_putc(out, digits[bits >> (18 - 6 * j) & 63]);
        for (; pad && j < 4; j++)
            buf_putc(out, '=');
    }
}

/* A JWT with that payload. The caller frees it. */
static char *make_jwt(const char *payload, int pad)
{
    struct buf out = {0};

    buf_puts(&out, "eyJhbGciOiJub25lIn0.");
    put_base64url(&out, payload, strlen(payload), pad);
    buf_puts(&out, ".c2ln");
    return buf_text(&out);
}

/* A token for the public cloud that expires at NOW_S + seconds; `name` tells tokens apart. */
static char *make_token(const char *name, int seconds)
{
    char payload[512];

    (void)snprintf(payload, sizeof(payload),
                   "{\"aud\":\"https://management.azure.com/\",\"exp\":%lld,\"upn\":\"%s\","
                   "\"tid\":\"t-1\"}",
                   (long long)NOW_S + seconds, name);
    return make_jwt(payload, 0);
}

/* ---- claims ---- */

static void assert_text(const char *is, const char *wanted)
{
    if (wanted == NULL)
        assert_null(is);
    else if (is == NULL)
        fail_msg("nothing in place of %s", wanted);
    else
        assert_string_equal(is, wanted);
}

static void claims_are_read(void **state)
{
    static const struct {
        const char *payload, *aud, *tid, *oid, *name, *app;
        int64_t exp; /* seconds, 0: none */
    } rows[] = {
        {"{\"aud\":\"https://management.azure.com/"
         "\",\"exp\":1795345200,\"tid\":\"T\",\"oid\":\"O\","
         "\"upn\":\"ann@contoso.example\",\"unique_name\":\"u\",\"name\":\"n\",\"appid\":\"A\"}",
         "https://management.azure.com/", "T", "O", "ann@contoso.example", "A", 1795345200},
        {"{\"unique_name\":\"u\",\"name\":\"n\",\"azp\":\"Z\"}", NULL, NULL, NULL, "u", "Z", 0},
        {"{\"name\":\"J\\u00f6rg \\u202eevil\\u0007\",\"upn\":7,\"unique_name\":\"\"}", NULL, NULL,
         NULL, "J\xc3\xb6rg evil", NULL, 0},
        {"{\"aud\":[\"a\",1,\"b c\",\"d/\",null]}", "a d/", NULL, NULL, NULL, NULL, 0},
        {"{\"aud\":[]}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"aud\":[[\"a\"],{}]}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"aud\":{\"a\":1},\"tid\":[],\"oid\":null,\"appid\":true}", NULL, NULL, NULL, NULL, NULL,
         0},
        {"{\"exp\":1795345200.75}", NULL, NULL, NULL, NULL, NULL, 1795345200},
        {"{\"exp\":1.7953452e9}", NULL, NULL, NULL, NULL, NULL, 1795345200},
        {"{\"exp\":\"1795345200\"}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"exp\":-1}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"exp\":0}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"exp\":1e400}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"exp\":-1e400}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"exp\":253402300799}", NULL, NULL, NULL, NULL, NULL, INT64_C(253402300799)},
        {"{\"exp\":253402300800}", NULL, NULL, NULL, NULL, NULL, 0},
        {"{\"exp\":17953452000000000000000000000000000000000000000000}", NULL, NULL, NULL, NULL,
         NULL, 0},
        {"{\"tid\":\"a\",\"tid\":\"b\"}", NULL, "b", NULL, NULL, NULL, 0},
        {" {} ", NULL, NULL, NULL, NULL, NULL, 0},
    };
    size_t i;
    int pad;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (pad = 0; pad < 2; pad++) {
            char *jwt = make_jwt(rows[i].payload, pad);
            struct token_claims c;

            if (token_claims_parse(&c, slice_of(jwt)) != 0)
                fail_msg("%s", rows[i].payload);
            assert_text(c.audience, rows[i].aud);
            assert_text(c.tenant_id, rows[i].tid);
            assert_text(c.object_id, rows[i].oid);
            assert_text(c.name, rows[i].name);
            assert_text(c.app_id, rows[i].app);
            assert_true(c.expires == (rows[i].exp ? TICKS(rows[i].exp) : 0));
            token_claims_free(&c);
            token_claims_free(&c);
            free(jwt);
        }
    }
}

/* Of a claim that is longer than any name 300 bytes are kept, no half character, and a mark. */
static void long_claims_are_cut(void **state)
{
    struct buf payload = {0};
    struct token_claims c;
    char *jwt;
    int i;

    (void)state;
    buf_puts(&payload, "{\"upn\":\"a");
    for (i = 0; i < 400; i++)
        buf_puts(&payload, "\xc3\xb6");
    buf_puts(&payload, "\"}");
    jwt = make_jwt(buf_text(&payload), 0);
    assert_int_equal(token_claims_parse(&c, slice_of(jwt)), 0);
    assert_int_equal(strlen(c.name), 300);
    assert_int_equal((unsigned char)c.name[296], 0xb6);
    assert_string_equal(c.name + 297, "...");
    token_claims_free(&c);
    free(jwt);
    buf_free(&payload);
}

static void what_is_no_jwt_has_no_claims(void **state)
{
    static const char *const payloads[] = {
        "",      "null", "[]",           "\"x\"",
        "1",     "{",    "{\"exp\":1}}", "{\"exp\":01}",
        "{'a'}", "{} x", "\xff",         "{\"name\":\"\xc3\"}",
    };
    static const char *const texts[] = {
        "", "x", ".", "..", "...", "a..b", "a.!.b", "a.e.b", "a.e30.", ".e30", "a.e3 0.b",
    };
    struct buf deep = {0};
    struct token_claims c;
    char *jwt;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        jwt = make_jwt(payloads[i], 0);
        assert_int_equal(token_claims_parse(&c, slice_of(jwt)), -1);
        assert_null(c.name);
        free(jwt);
    }
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        /* "e30" is {}: header and signature may be missing, the payload may not. */
        int good = strstr(texts[i], ".e30") != NULL;

        if (token_claims_parse(&c, slice_of(texts[i])) != (good ? 0 : -1))
            fail_msg("%s", texts[i]);
    }
    /* Deeper than the parser goes. */
    for (i = 0; i < 20000; i++)
        buf_puts(&deep, "{\"a\":");
    jwt = make_jwt(buf_text(&deep), 0);
    assert_int_equal(token_claims_parse(&c, slice_of(jwt)), -1);
    free(jwt);
    buf_free(&deep);
    assert_int_equal(token_claims_parse(&c, (struct slice){NULL, 0}), -1);
}

/* ---- a user of the module ---- */

struct user {
    struct token_config config;
    struct token *token;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    unsigned wakes, seen;
    char needed[256], warnings[2048];
    unsigned warned;
};

static const char *const audiences[] = {"https://management.core.windows.net",
                                        "https://management.azure.com", NULL};

static void on_needed(void *arg, const char *reason)
{
    struct user *u = arg;
    size_t n = strlen(u->needed);

    (void)snprintf(u->needed + n, sizeof(u->needed) - n, "%s ", reason);
}

static void on_warning(void *arg, const char *text)
{
    struct user *u = arg;

    (void)snprintf(u->warnings, sizeof(u->warnings), "%s", text);
    u->warned++;
}

static void on_wake(void *arg)
{
    struct user *u = arg;

    pthread_mutex_lock(&u->lock);
    u->wakes++;
    pthread_cond_signal(&u->woken);
    pthread_mutex_unlock(&u->lock);
}

/* Wait until the source has something to say that was not waited for yet. */
static void wait_for_wake(struct user *u)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    pthread_mutex_lock(&u->lock);
    while (u->wakes == u->seen)
        assert_int_equal(pthread_cond_timedwait(&u->woken, &u->lock, &until), 0);
    u->seen++;
    pthread_mutex_unlock(&u->lock);
}

static void user_open(struct user *u)
{
    struct err e = {0};

    u->config.audiences = audiences;
    if (u->config.endpoint == NULL)
        u->config.endpoint = "https://management.azure.com";
    u->config.arg = u;
    u->config.needed = on_needed;
    u->config.warning = on_warning;
    u->config.wake = on_wake;
    pthread_mutex_init(&u->lock, NULL);
    pthread_cond_init(&u->woken, NULL);
    u->token = token_open(&u->config, &e);
    assert_non_null(u->token);
}

static void user_close(struct user *u)
{
    token_close(u->token);
    pthread_cond_destroy(&u->woken);
    pthread_mutex_destroy(&u->lock);
}

/* Poll at NOW_S + seconds until the answer is not "wait". */
static int poll_at(struct user *u, int seconds, struct err *e)
{
    int ret;

    memset(e, 0, sizeof(*e));
    while ((ret = token_poll(u->token, TICKS(NOW_S + seconds), e)) == 0)
        wait_for_wake(u);
    return ret;
}

/* Poll, which puts a question; wait for its answer; poll again. */
static int poll_through_question(struct user *u, int seconds, struct err *e)
{
    assert_int_equal(token_poll(u->token, TICKS(NOW_S + seconds), e), 1);
    wait_for_wake(u);
    return token_poll(u->token, TICKS(NOW_S + seconds), e);
}

/* ---- files ---- */

struct file {
    char folder[32], path[64];
};

static void file_write(struct file *f, const char *before, const char *text, const char *after)
{
    FILE *out;

    if (f->folder[0] == '\0') {
        (void)snprintf(f->folder, sizeof(f->folder), "/tmp/azdal-test.XXXXXX");
        assert_non_null(mkdtemp(f->folder));
        (void)snprintf(f->path, sizeof(f->path), "%s/token", f->folder);
    }
    out = fopen(f->path, "wb");
    assert_non_null(out);
    assert_true(fprintf(out, "%s%s%s", before, text, after) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void file_remove(struct file *f)
{
    (void)unlink(f->path);
    (void)rmdir(f->folder);
}

static void file_gives_a_token_without_mark_and_line_end(void **state)
{
    static const char *const around[][2] = {
        {"", ""}, {"", "\n"}, {"\xef\xbb\xbf", "\r\n"}, {" \n", " \r\n\r\n\t "}};
    struct file f = {0};
    char *token = make_token("ann@contoso.example", 3600);
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
        struct user u = {0};
        struct err e;

        file_write(&f, around[i][0], token, around[i][1]);
        u.config.file = f.path;
        user_open(&u);
        assert_null(token_value(u.token));
        assert_int_equal(token_serial(u.token), 0);
        assert_int_equal(poll_at(&u, 0, &e), 1);
        assert_string_equal(token_value(u.token), token);
        assert_int_equal(token_serial(u.token), 1);
        assert_string_equal(token_identity(u.token)->name, "ann@contoso.example");
        assert_string_equal(token_identity(u.token)->tenant_id, "t-1");
        assert_int_equal(u.warned, 0);
        user_close(&u);
    }
    free(token);
    file_remove(&f);
}

/* The first poll fails with that code and a message that holds `part` and no part of text. */
static void assert_refused(const char *text, int code, const char *part)
{
    struct file f = {0};
    struct user u = {0};
    struct err e;

    file_write(&f, "", text, "");
    u.config.file = f.path;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), -1);
    assert_int_equal(e.code, code);
    assert_memory_equal(e.msg, "token: ", 7);
    if (strstr(e.msg, part) == NULL)
        fail_msg("%s", e.msg);
    assert_null(strstr(e.msg, "c2ln"));
    assert_null(strstr(e.msg, "\xc3"));
    user_close(&u);
    file_remove(&f);
}

static void unusable_tokens_are_refused(void **state)
{
    static const struct {
        const char *payload, *part;
    } rows[] = {
        {"{\"aud\":\"https://graph.microsoft.com\"}",
         "audience https://graph.microsoft.com is not one of https://management.core.windows.net/, "
         "https://management.azure.com/"},
        {"{\"aud\":\"https://management.azure.com.evil.example/\"}", "is not one of"},
        {"{\"aud\":\"https://management.azure.com/x\"}", "is not one of"},
        {"{\"aud\":[\"https://graph.microsoft.com\",\"x\"]}",
         "audience https://graph.microsoft.com x is not"},
        {"{}", "audience (none) is not one of"},
        {"{\"aud\":\"https://management.azure.com\",\"exp\":1795341600}",
         "expired at 2026-11-22T10:00:00Z"},
    };
    struct buf large = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *jwt = make_jwt(rows[i].payload, 0);

        assert_refused(jwt, ERR_AUTH, rows[i].part);
        free(jwt);
    }
    assert_refused("", ERR_AUTH, "/token gave nothing");
    assert_refused("\xef\xbb\xbf \r\n\n", ERR_AUTH, "/token gave nothing");
    assert_refused("secret\xc3\xa9", ERR_AUTH, "gave something that is not a token");
    assert_refused("secret\x7f", ERR_AUTH, "gave something that is not a token");
    assert_refused("two words", ERR_AUTH, "gave something that is not a token");
    assert_refused("line\r\nAuthorization: x", ERR_AUTH, "gave something that is not a token");
    assert_refused("{\"value\":\"x\"}", ERR_AUTH, "gave a JSON object without an access token");
    assert_refused(
        "eyJhbGciOiJub25lIn0.eyJhdWQiOiIxMjM0NTY3OC05YWJjLWRlZjAtMTIzNC01Njc4OWFiY2RlZjAifQ"
        ".x",
        ERR_AUTH, "this is an ID token");
    for (i = 0; i <= TOKEN_MAX_BYTES; i++)
        buf_putc(&large, 'a');
    (void)buf_text(&large);
    assert_refused(large.data, ERR_AUTH, "more than 65536 bytes");
    for (i = 0; i < 100000; i++)
        buf_putc(&large, 'a');
    assert_refused(buf_text(&large), ERR_AUTH, "larger than");
    buf_free(&large);
}

static void missing_file_is_a_local_error(void **state)
{
    struct user u = {.config = {.file = "/nowhere/token"}};
    struct err e;

    (void)state;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_non_null(strstr(e.msg, "/nowhere/token"));
    user_close(&u);
}

static void audiences_that_are_accepted(void **state)
{
    static const char *const payloads[] = {
        "{\"aud\":\"https://management.core.windows.net/\"}",
        "{\"aud\":\"https://management.core.windows.net\"}",
        "{\"aud\":\"https://Management.Azure.com//\"}",
        "{\"aud\":\"http://127.0.0.1:8080\"}",
        "{\"aud\":[\"x\",\"https://management.azure.com/\"]}",
    };
    struct file f = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        struct user u = {.config = {.endpoint = "http://127.0.0.1:8080/"}};
        char *jwt = make_jwt(payloads[i], 0);
        struct err e;

        file_write(&f, "", jwt, "\n");
        u.config.file = f.path;
        user_open(&u);
        assert_int_equal(poll_at(&u, 0, &e), 1);
        user_close(&u);
        free(jwt);
    }
    file_remove(&f);
}

static void opaque_token_is_used_with_one_warning(void **state)
{
    struct file f = {0};
    struct user u = {0};
    struct err e;

    (void)state;
    file_write(&f, "", "opaque-1", "\n");
    u.config.file = f.path;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_string_equal(token_value(u.token), "opaque-1");
    assert_int_equal(u.warned, 1);
    assert_null(strstr(u.warnings, "opaque-1"));
    assert_null(token_identity(u.token)->name);
    assert_null(token_identity(u.token)->tenant_id);
    assert_int_equal(poll_at(&u, 1000000, &e), 1);
    file_write(&f, "", "opaque-2", "\n");
    token_rejected(u.token, 1, "", NULL);
    assert_int_equal(poll_at(&u, 1000000, &e), 1);
    assert_string_equal(token_value(u.token), "opaque-2");
    assert_int_equal(u.warned, 1);
    user_close(&u);
    file_remove(&f);
}

/* ---- renewal ---- */

static void file_is_read_again_four_minutes_and_one_before_expiry(void **state)
{
    char *first = make_token("one", 3600), *second = make_token("two", 7200);
    struct file f = {0};
    struct user u = {0};
    struct err e;

    (void)state;
    file_write(&f, "", first, "\n");
    u.config.file = f.path;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    u.seen = u.wakes;
    assert_int_equal(poll_at(&u, 3600 - 241, &e), 1);
    assert_int_equal(poll_at(&u, 3600 - 241, &e), 1);
    assert_int_equal(u.wakes, u.seen); /* nothing was asked */
    assert_int_equal(poll_through_question(&u, 3600 - 240, &e), 1);
    assert_string_equal(token_value(u.token), first); /* the same again: kept */
    assert_int_equal(poll_at(&u, 3600 - 61, &e), 1);
    assert_int_equal(u.wakes, u.seen);
    file_write(&f, "", second, "\n");
    assert_int_equal(poll_through_question(&u, 3600 - 60, &e), 1);
    assert_string_equal(token_value(u.token), second);
    assert_int_equal(token_serial(u.token), 2);
    assert_string_equal(token_identity(u.token)->name, "one");
    assert_int_equal(u.warned, 0);
    user_close(&u);
    free(first);
    free(second);
    file_remove(&f);
}

static void failed_renewal_is_a_warning_until_expiry(void **state)
{
    char *first = make_token("one", 3600);
    struct file f = {0};
    struct user u = {0};
    struct err e;

    (void)state;
    file_write(&f, "", first, "\n");
    u.config.file = f.path;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    u.seen = u.wakes;
    (void)unlink(f.path);
    assert_int_equal(poll_through_question(&u, 3600 - 200, &e), 1);
    assert_int_equal(u.warned, 1);
    assert_non_null(strstr(u.warnings, "lasts until 2026-11-22T11:00:00Z"));
    file_write(&f, "", "no token", "\n");
    assert_int_equal(poll_through_question(&u, 3600 - 10, &e), 1);
    assert_int_equal(u.warned, 2);
    (void)unlink(f.path);
    assert_int_equal(poll_at(&u, 3600, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_non_null(strstr(e.msg, "expired at 2026-11-22T11:00:00Z"));
    user_close(&u);
    free(first);
    file_remove(&f);
}

static void same_token_after_expiry_is_an_error(void **state)
{
    char *first = make_token("one", 100);
    struct file f = {0};
    struct user u = {0};
    struct err e;

    (void)state;
    file_write(&f, "", first, "\n");
    u.config.file = f.path;
    user_open(&u);
    /* Given with less than four minutes left: asked again at once. */
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_int_equal(poll_at(&u, 100, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_string_equal(e.msg, "token: expired at 2026-11-22T10:01:40Z");
    user_close(&u);
    free(first);
    file_remove(&f);
}

/* A shell command that prints a, then b, then c ... one a call. */
static void make_sequence(struct buf *out, struct file *f, const char *const *tokens)
{
    size_t i;

    file_write(f, "", "", "");
    buf_printf(out, "n=$(wc -c <%s); printf x >>%s; case $n in ", f->path, f->path);
    for (i = 0; tokens[i] != NULL; i++)
        buf_printf(out, "%zu) echo '%s';; ", i, tokens[i]);
    buf_puts(out, "*) exit 9;; esac");
    (void)buf_text(out);
}

static void refused_token_is_renewed(void **state)
{
    const char *tokens[5] = {make_token("0", 3600), make_token("1", 3600), make_token("2", 3600),
                             make_token("3", 3600), NULL};
    struct file f = {0};
    struct user u = {0};
    struct buf command = {0};
    struct err e;
    size_t i;

    (void)state;
    make_sequence(&command, &f, tokens);
    u.config.command = command.data;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    token_accepted(u.token, 1);
    token_rejected(u.token, 1, "ExpiredAuthenticationToken", NULL);
    assert_int_equal(token_poll(u.token, TICKS(NOW_S), &e), 0);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_string_equal(token_value(u.token), tokens[1]);
    /* Answers to requests with the old one mean nothing. */
    token_rejected(u.token, 1, "late", NULL);
    assert_int_equal(token_poll(u.token, TICKS(NOW_S), &e), 1);
    token_accepted(u.token, 2);
    /* Two new ones that are refused as well, without a good answer between them. */
    token_rejected(u.token, 2, "again", NULL);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    token_rejected(u.token, 3, "again", NULL);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_int_equal(token_serial(u.token), 4);
    token_rejected(u.token, 4, "InvalidAuthenticationToken: no\n", NULL);
    assert_int_equal(poll_at(&u, 0, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_int_equal(e.http, 401);
    assert_string_equal(e.msg, "token: HTTP 401, and again with 2 new ones: "
                               "InvalidAuthenticationToken: no ");
    user_close(&u);
    buf_free(&command);
    for (i = 0; i < 4; i++)
        free((void *)(uintptr_t)tokens[i]);
    file_remove(&f);
}

static void same_token_after_a_refusal_is_an_error(void **state)
{
    char *first = make_token("one", 3600);
    struct file f = {0};
    struct user u = {0};
    struct err e;

    (void)state;
    file_write(&f, "", first, "\n");
    u.config.file = f.path;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    token_rejected(u.token, 1, "InvalidAuthenticationTokenTenant: wrong issuer", NULL);
    assert_int_equal(poll_at(&u, 0, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_int_equal(e.http, 401);
    assert_non_null(strstr(e.msg, "the same token again: InvalidAuthenticationTokenTenant: wrong"));
    user_close(&u);
    free(first);
    file_remove(&f);
}

static void refusal_while_a_renewal_is_under_way_asks_anew(void **state)
{
    const char *tokens[4] = {make_token("0", 3600), NULL, make_token("1", 7200), NULL};
    struct file f = {0};
    struct user u = {0};
    struct buf command = {0};
    struct err e;

    (void)state;
    tokens[1] = tokens[0];
    make_sequence(&command, &f, tokens);
    u.config.command = command.data;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    /* The question of four minutes before is answered by the old token, after the refusal. */
    assert_int_equal(token_poll(u.token, TICKS(NOW_S + 3400), &e), 1);
    token_rejected(u.token, 1, "", NULL);
    assert_int_equal(poll_at(&u, 3400, &e), 1);
    assert_string_equal(token_value(u.token), tokens[2]);
    user_close(&u);
    buf_free(&command);
    free((void *)(uintptr_t)tokens[0]);
    free((void *)(uintptr_t)tokens[2]);
    file_remove(&f);
}

static void command_gets_a_second_chance_for_an_expired_token(void **state)
{
    const char *good[3] = {make_token("old", -5), make_token("new", 3600), NULL};
    const char *bad[3] = {make_token("old", -5), make_token("older", -10), NULL};
    struct buf command = {0};
    struct file f = {0};
    struct user u = {0}, v = {0};
    struct err e;

    (void)state;
    make_sequence(&command, &f, good);
    u.config.command = command.data;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_string_equal(token_value(u.token), good[1]);
    assert_string_equal(token_identity(u.token)->name, "new");
    user_close(&u);
    buf_clear(&command);
    make_sequence(&command, &f, bad);
    v.config.command = command.data;
    user_open(&v);
    assert_int_equal(poll_at(&v, 0, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_string_equal(e.msg, "token: expired at 2026-11-22T09:59:50Z");
    user_close(&v);
    buf_free(&command);
    free((void *)(uintptr_t)good[0]);
    free((void *)(uintptr_t)good[1]);
    free((void *)(uintptr_t)bad[0]);
    free((void *)(uintptr_t)bad[1]);
    file_remove(&f);
}

static void short_lived_successors_are_not_asked_for_without_end(void **state)
{
    const char *tokens[4] = {make_token("0", 300), make_token("1", 330), make_token("2", 360),
                             NULL};
    struct buf command = {0};
    struct file f = {0};
    struct user u = {0};
    struct err e;
    size_t i;

    (void)state;
    make_sequence(&command, &f, tokens);
    u.config.command = command.data;
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    u.seen = u.wakes;
    assert_int_equal(poll_through_question(&u, 280, &e), 1); /* "1" has 50 s left */
    assert_string_equal(token_value(u.token), tokens[1]);
    for (i = 281; i < 330; i++)
        assert_int_equal(token_poll(u.token, TICKS(NOW_S + (int64_t)i), &e), 1);
    assert_int_equal(u.wakes, u.seen);
    assert_int_equal(poll_at(&u, 330, &e), 1);
    assert_string_equal(token_value(u.token), tokens[2]);
    user_close(&u);
    buf_free(&command);
    for (i = 0; i < 3; i++)
        free((void *)(uintptr_t)tokens[i]);
    file_remove(&f);
}

static void command_failures_are_named(void **state)
{
    static const struct {
        const char *command, *part;
    } rows[] = {
        {"exit 3", "--token-command: exited with status 3"},
        {"true", "--token-command gave nothing"},
        {"cat; echo", "--token-command gave nothing"}, /* no standard input */
        {"yes secret", "--token-command: printed more than"},
        {"kill -9 $$", "--token-command: ended by signal 9"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct user u = {.config = {.command = rows[i].command}};
        struct err e;

        user_open(&u);
        assert_int_equal(poll_at(&u, 0, &e), -1);
        assert_int_equal(e.code, ERR_AUTH);
        if (strstr(e.msg, rows[i].part) == NULL)
            fail_msg("%s", e.msg);
        assert_null(strstr(e.msg, "secret"));
        user_close(&u);
    }
}

/* ---- standard input ---- */

/* Put the reading end of a pipe in place of standard input; returns the writing end. */
static int pipe_to_stdin(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], 0), 0);
    assert_int_equal(close(ends[0]), 0);
    return ends[1];
}

/* Wait until the reader has called wake that often: a reader that is still at work would take what
 * the next test writes. */
static void wait_for_wakes(struct user *u, unsigned count)
{
    pthread_mutex_lock(&u->lock);
    u->seen = u->wakes < count ? u->wakes : count - 1;
    pthread_mutex_unlock(&u->lock);
    while (u->seen < count)
        wait_for_wake(u);
}

static void write_text(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void lines_are_taken_when_needed(void **state)
{
    char *first = make_token("one", 3600), *second = make_token("two", 7200);
    char *third = make_token("three", 9000);
    struct user u = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin();
    struct err e;

    (void)state;
    user_open(&u);
    assert_int_equal(token_poll(u.token, TICKS(NOW_S), &e), 0);
    assert_string_equal(u.needed, "start ");
    /* In pieces, with a mark, an empty line and CR. */
    write_text(fd, "\xef\xbb\xbf\r\n");
    write_text(fd, first);
    write_text(fd, "\r\n");
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_string_equal(token_value(u.token), first);
    assert_int_equal(poll_at(&u, 3600 - 300, &e), 1);
    assert_string_equal(u.needed, "start ");
    u.seen = u.wakes;
    assert_int_equal(poll_at(&u, 3600 - 240, &e), 1);
    assert_int_equal(poll_at(&u, 3600 - 239, &e), 1);
    assert_string_equal(u.needed, "start expiring ");
    assert_int_equal(poll_at(&u, 3600 - 60, &e), 1);
    assert_string_equal(u.needed, "start expiring expiring ");
    assert_int_equal(token_poll(u.token, TICKS(NOW_S + 3600), &e), 0);
    assert_int_equal(token_poll(u.token, TICKS(NOW_S + 3601), &e), 0);
    assert_string_equal(u.needed, "start expiring expiring expired ");
    write_text(fd, second);
    write_text(fd, "\n");
    assert_int_equal(poll_at(&u, 3602, &e), 1);
    assert_string_equal(token_value(u.token), second);
    token_rejected(u.token, 2, "", NULL);
    assert_int_equal(token_poll(u.token, TICKS(NOW_S + 3603), &e), 0);
    assert_string_equal(u.needed, "start expiring expiring expired rejected ");
    /* The last line may lack its end. */
    write_text(fd, third);
    assert_int_equal(close(fd), 0);
    assert_int_equal(poll_at(&u, 3604, &e), 1);
    assert_string_equal(token_value(u.token), third);
    assert_int_equal(u.warned, 0);
    user_close(&u);
    free(first);
    free(second);
    free(third);
}

static void lines_sent_ahead_are_used_in_turn(void **state)
{
    char *first = make_token("one", 3600), *second = make_token("two", 7200);
    struct user u = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin();
    struct err e;

    (void)state;
    write_text(fd, first);
    write_text(fd, "\n");
    write_text(fd, second);
    write_text(fd, "\n");
    assert_int_equal(close(fd), 0);
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_string_equal(token_value(u.token), first);
    wait_for_wakes(&u, 3); /* two lines and the end */
    u.needed[0] = '\0';
    assert_int_equal(poll_at(&u, 3590, &e), 1);
    assert_string_equal(token_value(u.token), second);
    assert_string_equal(u.needed, "");
    user_close(&u);
    free(first);
    free(second);
}

static void end_of_input_matters_only_when_a_token_is_needed(void **state)
{
    char *first = make_token("one", 3600);
    struct user u = {.config = {.from_stdin = 1}}, v = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin();
    struct err e;

    (void)state;
    write_text(fd, first);
    assert_int_equal(close(fd), 0);
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    wait_for_wakes(&u, 2); /* the line and the end */
    assert_int_equal(poll_at(&u, 10, &e), 1);
    assert_int_equal(u.warned, 0);
    assert_int_equal(poll_at(&u, 3500, &e), 1);
    assert_int_equal(poll_at(&u, 3501, &e), 1);
    assert_int_equal(u.warned, 1);
    (void)token_poll(u.token, TICKS(NOW_S + 3600), &e);
    assert_int_equal(poll_at(&u, 3600, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_string_equal(e.msg, "token: expired at 2026-11-22T11:00:00Z: --token-stdin: no more "
                               "tokens");
    user_close(&u);

    fd = pipe_to_stdin();
    assert_int_equal(close(fd), 0);
    user_open(&v);
    assert_int_equal(poll_at(&v, 0, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_string_equal(e.msg, "token: --token-stdin: no more tokens");
    user_close(&v);
    free(first);
}

static void refused_last_line_names_the_refusal(void **state)
{
    char *first = make_token("one", 3600);
    struct user u = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin();
    struct err e;

    (void)state;
    write_text(fd, first);
    assert_int_equal(close(fd), 0);
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    token_rejected(u.token, 1, "InvalidAuthenticationToken: no", NULL);
    assert_int_equal(poll_at(&u, 0, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_int_equal(e.http, 401);
    assert_string_equal(e.msg, "token: HTTP 401: InvalidAuthenticationToken: no: --token-stdin: no "
                               "more tokens");
    user_close(&u);
    free(first);
}

static void expired_line_asks_for_another(void **state)
{
    char *old = make_token("old", -1), *good = make_token("new", 3600);
    struct user u = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin();
    struct err e;

    (void)state;
    user_open(&u);
    write_text(fd, old);
    write_text(fd, "\n");
    while (strstr(u.needed, "expired") == NULL) {
        assert_int_equal(token_poll(u.token, TICKS(NOW_S), &e), 0);
        if (strstr(u.needed, "expired") == NULL)
            wait_for_wake(&u);
    }
    write_text(fd, good);
    write_text(fd, "\n");
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_string_equal(token_value(u.token), good);
    (void)close(fd);
    wait_for_wakes(&u, 3); /* two lines and the end */
    user_close(&u);
    free(old);
    free(good);
}

static void endless_line_is_refused(void **state)
{
    struct user u = {.config = {.from_stdin = 1}};
    char block[8192];
    int fd = pipe_to_stdin(), i;
    struct err e;

    (void)state;
    memset(block, 'a', sizeof(block));
    user_open(&u);
    /* 72 KiB: one block more than fits, and the pipe takes 64 KiB by itself. */
    for (i = 0; i < 9; i++)
        assert_int_equal(write(fd, block, sizeof(block)), (ssize_t)sizeof(block));
    assert_int_equal(poll_at(&u, 0, &e), -1);
    assert_int_equal(e.code, ERR_AUTH);
    assert_non_null(strstr(e.msg, "a line of more than 65536 bytes"));
    user_close(&u);
    (void)close(fd);
}

static void more_lines_than_are_read_ahead_wait(void **state)
{
    struct user u = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin(), i;
    struct err e;

    (void)state;
    for (i = 0; i < TOKEN_TEXTS_MAX + 10; i++) {
        char line[32];

        (void)snprintf(line, sizeof(line), "opaque-%d\n", i);
        write_text(fd, line);
    }
    assert_int_equal(close(fd), 0);
    user_open(&u);
    assert_int_equal(poll_at(&u, 0, &e), 1);
    for (i = 1; i < TOKEN_TEXTS_MAX + 10; i++) {
        char value[32];

        token_accepted(u.token, (unsigned)i);
        token_rejected(u.token, (unsigned)i, "", NULL);
        assert_int_equal(poll_at(&u, 0, &e), 1);
        (void)snprintf(value, sizeof(value), "opaque-%d", i);
        assert_string_equal(token_value(u.token), value);
    }
    wait_for_wakes(&u, TOKEN_TEXTS_MAX + 11); /* the lines and the end */
    user_close(&u);
}

static void closing_leaves_a_blocked_reader_alone(void **state)
{
    struct user u = {.config = {.from_stdin = 1}}, v = {0};
    int fd = pipe_to_stdin(), left = 0;
    struct file f = {0};
    struct err e;
    char path[80];

    (void)state;
    user_open(&u);
    assert_int_equal(token_poll(u.token, TICKS(NOW_S), &e), 0);
    user_close(&u); /* returns although nobody has written */
    write_text(fd, "late\n");
    do
        (void)sched_yield();
    while (ioctl(0, FIONREAD, &left) == 0 && left > 0);
    (void)close(fd);

    /* The same with a pipe in place of the file. */
    file_write(&f, "", "", "");
    (void)snprintf(path, sizeof(path), "%s/pipe", f.folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    v.config.file = path;
    user_open(&v);
    assert_int_equal(token_poll(v.token, TICKS(NOW_S), &e), 0);
    user_close(&v);
    {
        FILE *out = fopen(path, "w"); /* waits for the reader, which is then set free */

        assert_non_null(out);
        assert_int_equal(fclose(out), 0);
    }
    (void)unlink(path);
    file_remove(&f);
}

static void cancel_stops_at_any_time(void **state)
{
    char *first = make_token("one", 3600);
    struct user u = {.config = {.from_stdin = 1}};
    int fd = pipe_to_stdin();
    struct err e;

    (void)state;
    user_open(&u);
    write_text(fd, first);
    write_text(fd, "\nignored-line\n");
    assert_int_equal(poll_at(&u, 0, &e), 1);
    assert_false(sys_interrupted());
    write_text(fd, "cancel\r\n");
    while (token_poll(u.token, TICKS(NOW_S), &e) == 1)
        wait_for_wake(&u);
    assert_int_equal(e.code, ERR_INTERRUPTED);
    assert_true(sys_interrupted());
    user_close(&u);
    (void)close(fd);
    free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_are_read),
        cmocka_unit_test(long_claims_are_cut),
        cmocka_unit_test(what_is_no_jwt_has_no_claims),
        cmocka_unit_test(file_gives_a_token_without_mark_and_line_end),
        cmocka_unit_test(unusable_tokens_are_refused),
        cmocka_unit_test(missing_file_is_a_local_error),
        cmocka_unit_test(audiences_that_are_accepted),
        cmocka_unit_test(opaque_token_is_used_with_one_warning),
        cmocka_unit_test(file_is_read_again_four_minutes_and_one_before_expiry),
        cmocka_unit_test(failed_renewal_is_a_warning_until_expiry),
        cmocka_unit_test(same_token_after_expiry_is_an_error),
        cmocka_unit_test(refused_token_is_renewed),
        cmocka_unit_test(same_token_after_a_refusal_is_an_error),
        cmocka_unit_test(refusal_while_a_renewal_is_under_way_asks_anew),
        cmocka_unit_test(command_gets_a_second_chance_for_an_expired_token),
        cmocka_unit_test(short_lived_successors_are_not_asked_for_without_end),
        cmocka_unit_test(command_failures_are_named),
        cmocka_unit_test(lines_are_taken_when_needed),
        cmocka_unit_test(lines_sent_ahead_are_used_in_turn),
        cmocka_unit_test(end_of_input_matters_only_when_a_token_is_needed),
        cmocka_unit_test(refused_last_line_names_the_refusal),
        cmocka_unit_test(expired_line_asks_for_another),
        cmocka_unit_test(endless_line_is_refused),
        cmocka_unit_test(more_lines_than_are_read_ahead_wait),
        cmocka_unit_test(closing_leaves_a_blocked_reader_alone),
        /* Last: the flag of the process stays up. */
        cmocka_unit_test(cancel_stops_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
