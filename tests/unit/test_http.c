/*
 * http against a raw socket server in a thread of this program: what arrives there byte for byte,
 * and what becomes of answers that are cut, too large, silent or sent elsewhere.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sys.h"
#include "base/timestamp.h"
#include "net/http.h"
#include "net/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A token that must show up in no message. */
#define CANARY "canary.token.AbC123"
#define JSON_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"

#define REQUESTS_MAX 64
#define CONNECTIONS_MAX 64

/* ---- the server ---- */

struct server;
/* Answer request number `number` on fd. Returns 0 to close the connection. */
typedef int answer_fn(struct server *s, int fd, const char *request, unsigned number);

struct server {
    int fd, port;
    pthread_t acceptor, workers[CONNECTIONS_MAX];
    int fds[CONNECTIONS_MAX];
    unsigned accepted;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *requests[REQUESTS_MAX];
    unsigned received, active, most_active;
    int stop;
    answer_fn *answer;
    const char *text; /* for the answer functions */
    size_t len;
    const char *location;
};

struct worker {
    struct server *server;
    int fd;
};

static void send_all(int fd, const void *data, size_t len)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        p += n;
        len -= (size_t)n;
    }
}

static void send_text(int fd, const char *text)
{
    send_all(fd, text, strlen(text));
}

/* Wait until the other side has closed. */
static void wait_for_close(int fd)
{
    char byte[256];

    while (recv(fd, byte, sizeof(byte), 0) > 0)
        ;
}

static void *serve(void *arg)
{
    struct worker *w = arg;
    struct server *s = w->server;
    int fd = w->fd, keep = 1;

    free(w);
    while (keep) {
        char request[16384];
        size_t len = 0;
        unsigned number;
        ssize_t n;

        do {
            n = recv(fd, request + len, sizeof(request) - 1 - len, 0);
            if (n <= 0)
                goto out;
            len += (size_t)n;
            request[len] = '\0';
        } while (strstr(request, "\r\n\r\n") == NULL && len < sizeof(request) - 1);
        pthread_mutex_lock(&s->lock);
        number = s->received;
        if (number < REQUESTS_MAX)
            s->requests[number] = strdup(request);
        s->received++;
        s->active++;
        if (s->active > s->most_active)
            s->most_active = s->active;
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        keep = s->answer(s, fd, request, number);
        pthread_mutex_lock(&s->lock);
        s->active--;
        pthread_mutex_unlock(&s->lock);
    }
out:
    (void)shutdown(fd, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *arg)
{
    struct server *s = arg;

    for (;;) {
        int fd = accept(s->fd, NULL, NULL);
        struct worker *w;

        if (fd < 0)
            return NULL;
        w = calloc(1, sizeof(*w));
        w->server = s;
        w->fd = fd;
        s->fds[s->accepted] = fd;
        if (pthread_create(&s->workers[s->accepted], NULL, serve, w) != 0)
            abort();
        s->accepted++;
        if (s->accepted == CONNECTIONS_MAX)
            return NULL;
    }
}

static struct server *server_start(answer_fn *answer)
{
    struct server *s = calloc(1, sizeof(*s));
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(a);

    s->answer = answer;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(listen(s->fd, 64), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&a, &len), 0);
    s->port = ntohs(a.sin_port);
    assert_int_equal(pthread_create(&s->acceptor, NULL, accept_all, s), 0);
    return s;
}

/* End all threads; then what was received may be looked at. */
static void server_stop(struct server *s)
{
    unsigned i;

    if (s->stop)
        return;
    pthread_mutex_lock(&s->lock);
    s->stop = 1;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    (void)shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->acceptor, NULL);
    for (i = 0; i < s->accepted; i++) {
        (void)shutdown(s->fds[i], SHUT_RDWR);
        pthread_join(s->workers[i], NULL);
        (void)close(s->fds[i]);
    }
    (void)close(s->fd);
}

static void server_free(struct server *s)
{
    unsigned i;

    server_stop(s);
    for (i = 0; i < s->received && i < REQUESTS_MAX; i++)
        free(s->requests[i]);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

/* Requests so far. */
static unsigned server_received(struct server *s)
{
    unsigned n;

    pthread_mutex_lock(&s->lock);
    n = s->received;
    pthread_mutex_unlock(&s->lock);
    return n;
}

/* 200 with a short JSON body. */
static int answer_ok(struct server *s, int fd, const char *request, unsigned number)
{
    (void)s;
    (void)request;
    (void)number;
    send_text(fd, JSON_HEAD "Content-Length: 12\r\n\r\n{\"value\":[]}");
    return 1;
}

/* s->text as it stands, then close. */
static int answer_text(struct server *s, int fd, const char *request, unsigned number)
{
    (void)request;
    (void)number;
    send_all(fd, s->text, s->len);
    return 0;
}

/* s->text as it stands, then nothing until the client leaves. */
static int answer_silent(struct server *s, int fd, const char *request, unsigned number)
{
    (void)request;
    (void)number;
    send_all(fd, s->text, s->len);
    wait_for_close(fd);
    return 0;
}

/* ---- the client ---- */

struct client {
    struct http *http;
    struct http_config config;
    char endpoint[64];
    unsigned ended;
    int users[REQUESTS_MAX];
    struct http_answer last; /* its body is kept here */
    /* pausing */
    int allow;
    unsigned refused;
    int64_t paused_since;
};

static void on_done(void *arg, void *user, struct http_answer *a)
{
    struct client *c = arg;

    assert_null(strstr(a->error.msg, "canary"));
    assert_null(strstr(a->error.hint, "canary"));
    assert_null(strchr(a->error.msg, '?'));
    if (a->status == 0)
        assert_int_not_equal(a->error.code, ERR_NONE);
    else
        assert_int_equal(a->error.code, ERR_NONE);
    buf_free(&c->last.body);
    c->last = *a;
    memset(&a->body, 0, sizeof(a->body));
    if (user != NULL && c->ended < REQUESTS_MAX)
        c->users[c->ended] = *(int *)user;
    c->ended++;
}

static void client_open(struct client *c, int port)
{
    struct err e = {0};

    if (c->endpoint[0] == '\0')
        (void)snprintf(c->endpoint, sizeof(c->endpoint), "http://127.0.0.1:%d", port);
    c->config.endpoint = c->endpoint;
    c->config.arg = c;
    c->config.done = on_done;
    if (c->config.connections == 0)
        c->config.connections = 2;
    c->http = http_new(&c->config, &e);
    assert_non_null(c->http);
}

static void client_close(struct client *c)
{
    http_free(c->http);
    buf_free(&c->last.body);
}

/* Send a request for `target` of the endpoint. */
static void client_send(struct client *c, const char *target, int *user)
{
    struct err e = {0};
    char url[4096];

    (void)snprintf(url, sizeof(url), "%s%s", c->endpoint, target);
    assert_int_equal(http_send(c->http, url, CANARY, user, &e), 0);
}

/* Run until `count` requests have ended; 20 s is far beyond any time-out used here. */
static void client_run(struct client *c, unsigned count)
{
    int64_t until = sys_monotonic_ms() + 20000;
    struct err e = {0};

    while (c->ended < count) {
        assert_true(sys_monotonic_ms() < until);
        assert_int_equal(http_run(c->http, 1000, &e), 0);
    }
}

/* One request to a server that answers with text and closes. */
static void ask(struct client *c, answer_fn *answer, const char *text, size_t len)
{
    struct server *s = server_start(answer);

    s->text = text;
    s->len = len;
    client_open(c, s->port);
    client_send(c, "/x?y=1", NULL);
    client_run(c, 1);
    server_free(s);
}

static void assert_body(const struct client *c, const void *data, size_t len)
{
    assert_int_equal(c->last.body.len, len);
    assert_memory_equal(c->last.body.data, data, len);
}

/* ---- what is sent ---- */

static void url_arrives_byte_for_byte(void **state)
{
    static const char *const targets[] = {
        "/subscriptions/0/providers/microsoft.insights/eventtypes/management/values?api-version="
        "2015-04-01&$filter=eventTimestamp%20ge%20%272017-05-17T23%3A26%3A23.507Z%27%20and%20x&"
        "$skipToken=US1:0636306619936266340:11e76b2b;EU1:-1:FFFFFFFF;AS1:-1:FFFFFFFF",
        "/a/../b/./c//d;p=1?q='x'&r=[1]{2}|^`\\\"<>",
        "/%2e%2E/%2f?lower=%c3%a9&raw=\xc3\xa9&plus=a+b&star=*",
        "/",
        "/?",
        "/?a=?b=/../c",
    };
    struct server *s = server_start(answer_ok);
    struct client c = {0};
    size_t n = sizeof(targets) / sizeof(targets[0]), i;

    (void)state;
    c.config.connections = 1;
    client_open(&c, s->port);
    for (i = 0; i < n; i++) {
        client_send(&c, targets[i], NULL);
        client_run(&c, (unsigned)i + 1);
        assert_int_equal(c.last.status, 200);
    }
    client_close(&c);
    server_stop(s);
    for (i = 0; i < n; i++) {
        char line[4096];

        (void)snprintf(line, sizeof(line), "GET %s HTTP/1.1\r\n", targets[i]);
        assert_memory_equal(s->requests[i], line, strlen(line));
    }
    server_free(s);
}

static void missing_path_becomes_a_slash_and_a_fragment_stays_here(void **state)
{
    struct server *s = server_start(answer_ok);
    struct client c = {0};

    (void)state;
    c.config.connections = 1;
    client_open(&c, s->port);
    client_send(&c, "", NULL);
    client_send(&c, "?a=b#part", NULL);
    client_run(&c, 2);
    client_close(&c);
    server_stop(s);
    assert_memory_equal(s->requests[0], "GET / HTTP/1.1\r\n", 16);
    assert_memory_equal(s->requests[1], "GET /?a=b HTTP/1.1\r\n", 20);
    server_free(s);
}

static void header_is_exactly_this(void **state)
{
    struct server *s = server_start(answer_ok);
    struct client c = {0};
    char expected[512];

    (void)state;
    client_open(&c, s->port);
    client_send(&c, "/x", NULL);
    client_run(&c, 1);
    client_close(&c);
    server_stop(s);
    (void)snprintf(expected, sizeof(expected),
                   "GET /x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: azdal/0.1.0\r\n"
                   "Authorization: Bearer " CANARY "\r\n"
                   "Accept: application/json\r\nPrefer: wait=75\r\n"
                   "Cache-Control: no-cache\r\nAccept-Encoding: gzip\r\n\r\n",
                   s->port);
    assert_string_equal(s->requests[0], expected);
    server_free(s);
}

static void netrc_and_proxy_variables_do_not_touch_loopback(void **state)
{
    struct server *s = server_start(answer_ok);
    char folder[] = "/tmp/azdal-test.XXXXXX", path[64];
    struct client c = {0};
    FILE *f;

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/.netrc", folder);
    f = fopen(path, "w");
    assert_non_null(f);
    (void)fputs("machine 127.0.0.1 login u password p\n", f);
    assert_int_equal(fclose(f), 0);
    setenv("HOME", folder, 1);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    client_open(&c, s->port);
    client_send(&c, "/x", NULL);
    client_run(&c, 1);
    assert_int_equal(c.last.status, 200);
    client_close(&c);
    server_stop(s);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    assert_null(strstr(s->requests[0], "Basic"));
    server_free(s);
    (void)unlink(path);
    (void)rmdir(folder);
}

static int answer_no_tunnel(struct server *s, int fd, const char *request, unsigned number)
{
    (void)s;
    (void)request;
    (void)number;
    send_text(fd, "HTTP/1.1 403 Forbidden\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
    return 0;
}

/* A server that repeats the token in what leads elsewhere or is shown gets it back masked. */
static void reflected_token_is_masked(void **state)
{
    static const char *const rows[] = {
        "HTTP/1.1 302 No\r\nLocation: https://" CANARY ".evil.example/\r\n",
        "HTTP/1.1 302 No\r\nLocation: https://x.example/" CANARY "\r\n",
        "HTTP/1.1 403 No\r\nx-ms-request-id: " CANARY "\r\nContent-Type: a/" CANARY "\r\n",
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer error_description=\"" CANARY
        "\", claims=\"eyJhIjoiY2FuYXJ5LnRva2VuLkFiQzEyMyJ9\"\r\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client c = {0};
        char text[512];

        (void)snprintf(text, sizeof(text), "%sContent-Length: 0\r\n\r\n", rows[i]);
        ask(&c, answer_text, text, strlen(text));
        assert_null(strstr(c.last.error.msg, "token."));
        assert_null(strstr(c.last.request_id, "token."));
        assert_null(strstr(c.last.content_type, "token."));
        assert_null(strstr(c.last.challenge.reason, "token."));
        assert_string_equal(c.last.challenge.claims, "");
        client_close(&c);
    }
}

static void link_with_the_token_is_masked(void **state)
{
    struct client c = {0};
    struct err e = {0};

    (void)state;
    client_open(&c, 9);
    assert_int_equal(http_send(c.http, "https://" CANARY ".evil.example/", CANARY, NULL, &e), -1);
    assert_non_null(strstr(e.msg, "another origin"));
    assert_null(strstr(e.msg, "token."));
    client_close(&c);
}

static int answer_wants_credentials(struct server *s, int fd, const char *request, unsigned number)
{
    (void)s;
    (void)request;
    (void)number;
    send_text(fd,
              "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
              "Proxy-Authenticate: Digest realm=\"x\", nonce=\"1\"\r\nContent-Length: 0\r\n\r\n");
    return 0;
}

static int answer_busy_proxy(struct server *s, int fd, const char *request, unsigned number)
{
    (void)s;
    (void)request;
    (void)number;
    send_text(fd, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    return 0;
}

/* A proxy that refuses will refuse again; one that is busy may not. Its password is in no message.
 */
static void proxy_that_refuses_is_named(void **state)
{
    static const struct {
        answer_fn *answer;
        const char *user, *words, *hint;
        int final;
    } rows[] = {
        {answer_wants_credentials, "", "requires credentials (HTTP 407; it offers Basic, Digest)",
         "https_proxy=http://USER", 1},
        {answer_wants_credentials, "u:hush@", "does not accept the credentials (HTTP 407", "", 1},
        {answer_no_tunnel, "", "refuses to connect (HTTP 403)", "allow contoso.example:443", 1},
        {answer_busy_proxy, "", "refuses to connect (HTTP 503)", "", 0},
    };
    size_t i;

    (void)state;
    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct server *s = server_start(rows[i].answer);
        struct client c = {0};
        char proxy[64], name[64];

        (void)snprintf(proxy, sizeof(proxy), "http://%s127.0.0.1:%d", rows[i].user, s->port);
        (void)snprintf(name, sizeof(name), "the proxy 127.0.0.1:%d ", s->port);
        setenv("https_proxy", proxy, 1);
        (void)snprintf(c.endpoint, sizeof(c.endpoint), "https://contoso.example");
        client_open(&c, 0);
        client_send(&c, "/x", NULL);
        client_run(&c, 1);
        unsetenv("https_proxy");
        assert_int_equal(c.last.error.code, ERR_NETWORK);
        assert_int_equal(c.last.final, rows[i].final);
        if (strstr(c.last.error.msg, rows[i].words) == NULL ||
            strstr(c.last.error.msg, name) == NULL || strstr(c.last.error.msg, "hush") != NULL)
            fail_msg("%s", c.last.error.msg);
        assert_non_null(strstr(c.last.error.hint, rows[i].hint));
        client_close(&c);
        server_free(s);
    }
}

/* libcurl repeats a proxy's URL that it cannot read, with the password. */
static void bad_proxy_url_is_not_repeated(void **state)
{
    static const char *const urls[] = {"http://u:hush@[::1", "nonsense://u:hush@127.0.0.1:1",
                                       "http://u:hush@127.0.0.1:99999999"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct client c = {0};

        setenv("https_proxy", urls[i], 1);
        (void)snprintf(c.endpoint, sizeof(c.endpoint), "https://contoso.example");
        client_open(&c, 0);
        client_send(&c, "/x", NULL);
        client_run(&c, 1);
        unsetenv("https_proxy");
        assert_int_equal(c.last.error.code, ERR_NETWORK);
        assert_null(strstr(c.last.error.msg, "hush"));
        client_close(&c);
    }
}

static void names_and_lists_of_proxies(void **state)
{
    static const struct {
        const char *url, *name;
    } names[] = {
        {"http://user:p@ss@proxy.contoso.example:8080/", "proxy.contoso.example:8080"},
        {"proxy:3128", "proxy:3128"},
        {"user:pa/ss@proxy:3128", "proxy:3128"},
        {"socks5h://[::1]:1080", "[::1]:1080"},
        {"", ""},
    };
    static const struct {
        const char *list;
        int https;
        const char *proxy;
    } lists[] = {
        {"proxy:8080", 1, "proxy:8080"},
        {"proxy:8080", 0, "proxy:8080"},
        {"http=a:80;https=b:8080", 1, "b:8080"},
        {"http=a:80;https=b:8080", 0, "a:80"},
        {"http=a:80", 1, ""},
        {"ftp=a:80 c:1", 1, "c:1"},
        {"a:1;b:2", 1, "a:1"},
        {"", 1, ""},
    };
    static const struct {
        const char *bypass, *host;
        int is_bypassed;
    } rows[] = {
        {NULL, "a.example", 0},        {"", "a.example", 0},
        {"*.example", "a.example", 1}, {"*.EXAMPLE;x", "A.example", 1},
        {"10.*;a*e", "a.example", 1},  {"*.b.example", "a.example", 0},
        {"<local>", "stack", 1},       {"<local>", "a.example", 0},
        {"*", "a.example", 1},
    };
    char name[PROXY_NAME_MAX];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        proxy_name(name, names[i].url);
        assert_string_equal(name, names[i].name);
    }
    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct buf out = {0};

        proxy_from_list(&out, lists[i].list, lists[i].https);
        assert_true(slice_equals(buf_slice(&out), lists[i].proxy));
        buf_free(&out);
    }
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(proxy_is_bypassed(rows[i].bypass, slice_of(rows[i].host)),
                         rows[i].is_bypassed);
}

static void proxy_is_used_elsewhere_and_never_sees_the_token(void **state)
{
    struct server *s = server_start(answer_no_tunnel);
    struct client c = {0};
    char proxy[64];

    (void)state;
    (void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", s->port);
    setenv("https_proxy", proxy, 1);
    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    (void)snprintf(c.endpoint, sizeof(c.endpoint), "https://contoso.example");
    client_open(&c, 0);
    client_send(&c, "/x", NULL);
    client_run(&c, 1);
    unsetenv("https_proxy");
    assert_int_equal(c.last.status, 0);
    assert_int_equal(c.last.error.code, ERR_NETWORK);
    assert_int_equal(c.last.retry_after_ms, -1);
    client_close(&c);
    server_stop(s);
    assert_memory_equal(s->requests[0], "CONNECT contoso.example:443 ", 28);
    assert_null(strstr(s->requests[0], "canary"));
    server_free(s);
}

static void one_connection_serves_many_requests(void **state)
{
    struct server *s = server_start(answer_ok);
    struct client c = {0};
    int users[10], i;

    (void)state;
    c.config.connections = 1;
    client_open(&c, s->port);
    for (i = 0; i < 10; i++) {
        users[i] = i;
        client_send(&c, "/x", &users[i]);
    }
    client_run(&c, 10);
    for (i = 0; i < 10; i++)
        assert_int_equal(c.users[i], i);
    client_close(&c);
    server_stop(s);
    assert_int_equal(s->accepted, 1);
    server_free(s);
}

/* Answer only when the whole group of three requests is here. */
static int answer_in_threes(struct server *s, int fd, const char *request, unsigned number)
{
    pthread_mutex_lock(&s->lock);
    while (!s->stop && s->received < (number / 3 + 1) * 3)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return answer_ok(s, fd, request, number);
}

static void requests_run_side_by_side_up_to_the_limit(void **state)
{
    struct server *s = server_start(answer_in_threes);
    struct client c = {0};
    int i;

    (void)state;
    c.config.connections = 3;
    client_open(&c, s->port);
    for (i = 0; i < 9; i++)
        client_send(&c, "/x", NULL);
    client_run(&c, 9);
    client_close(&c);
    server_stop(s);
    assert_int_equal(s->received, 9);
    assert_int_equal(s->most_active, 3);
    assert_int_equal(s->accepted, 3);
    server_free(s);
}

/* ---- answers ---- */

static void header_fields_reach_the_answer(void **state)
{
    static const char text[] =
        "HTTP/1.1 100 Continue\r\nRetry-After: 99\r\n\r\n"
        "HTTP/1.1 429 Too Many Requests\r\ndate: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
        "RETRY-AFTER:  17 \r\nX-Ms-Request-Id: a1b2\x01-c3\r\n"
        "x-ms-ratelimit-remaining-subscription-global-reads: 3749\r\n"
        "x-ms-ratelimit-remaining-tenant-reads: 249\r\n"
        "x-ms-ratelimit-remaining-tenant-writes: 3\r\n"
        "x-ms-ratelimit-remaining-subscription-reads: many\r\n"
        "x-ms-ratelimit-remaining-resource-reads: -5\r\n"
        "x-ms-ratelimit-remaining-other-reads: 0000000007\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\n{}\r\n0\r\nRetry-After: 5\r\n\r\n";
    struct client c = {0};
    char when[TIMESTAMP_TEXT_MAX];

    (void)state;
    ask(&c, answer_text, text, sizeof(text) - 1);
    assert_int_equal(c.last.status, 429);
    assert_string_equal(timestamp_format(c.last.date, when), "2026-11-22T10:00:00Z");
    assert_int_equal(c.last.retry_after_ms, 17000);
    assert_int_equal(c.last.remaining_reads, 249);
    assert_string_equal(c.last.request_id, "a1b2-c3");
    assert_string_equal(c.last.content_type, "application/json");
    assert_body(&c, "{}", 2);
    client_close(&c);
}

static void a_link_to_a_next_page_is_seen(void **state)
{
    static const struct {
        const char *fields;
        int pages_on;
    } rows[] = {
        {"", 0},
        {"Link: <https://x/?a=1;b=2>; rel=\"next\"\r\n", 1},
        {"link: <https://x/>;rel=next\r\n", 1},
        {"LINK: <https://x/> ; title=\"x\" ; REL = \"prev NEXT\"\r\n", 1},
        {"Link: <https://x/a>; rel=\"first\", <https://x/b>; rel=next; a=b\r\n", 1},
        {"Link: <https://x/a>; rel=prev\r\nLink: <https://x/b>; rel=next\r\n", 1},
        {"Link: <https://x/a>; rel=next\r\nLink: <https://x/b>; rel=prev\r\n", 1},
        {"Link: <https://x/; rel=next>; rel=prev\r\n", 0},
        {"Link: <https://x/>; rel=\"nextone\"\r\n", 0},
        {"Link: <https://x/>; rel=\r\nLink: <\r\nLink: rel\r\nLink:\r\nLink: ;rel=\"\r\n", 0},
        {"Link: <https://x/>; rel=help; next\r\nX-Link: <a>; rel=next\r\n", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client c = {0};
        char text[512];

        (void)snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%sContent-Length: 2\r\n\r\n{}",
                       rows[i].fields);
        ask(&c, answer_text, text, strlen(text));
        assert_int_equal(c.last.status, 200);
        if (c.last.pages_on != rows[i].pages_on)
            fail_msg("%s", rows[i].fields);
        client_close(&c);
    }
}

static void repeated_token_is_masked(void **state)
{
    static const char text[] = "HTTP/1.1 403 Forbidden\r\nx-ms-request-id: " CANARY "\r\n"
                               "Content-Type: text/plain\r\n\r\nAuthorization: Bearer " CANARY;
    struct client c = {0};

    (void)state;
    ask(&c, answer_text, text, sizeof(text) - 1);
    assert_int_equal(c.last.status, 403);
    assert_int_equal(strspn(c.last.request_id, "*"), strlen(c.last.request_id));
    assert_int_equal(c.last.body.len, strlen("Authorization: Bearer " CANARY));
    (void)buf_text(&c.last.body);
    assert_null(strstr(c.last.body.data, CANARY));
    assert_memory_equal(c.last.body.data, "Authorization: Bearer *", 23);
    client_close(&c);
}

static void endless_refusal_is_not_read(void **state)
{
    static const char head[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n";
    struct buf answer = {0};
    struct client c = {0};

    (void)state;
    buf_puts(&answer, head);
    while (answer.len < sizeof(head) - 1 + (64U << 10) + 1)
        buf_putc(&answer, 'x');
    ask(&c, answer_text, answer.data, answer.len - 1);
    assert_int_equal(c.last.status, 400);
    assert_int_equal(c.last.body.len, 64U << 10);
    client_close(&c);
    memset(&c, 0, sizeof(c));
    ask(&c, answer_text, answer.data, answer.len);
    assert_int_equal(c.last.status, 400);
    assert_int_equal(c.last.body.len, 0);
    client_close(&c);
    buf_free(&answer);
}

static void retry_after_is_read_against_the_servers_clock(void **state)
{
    static const struct {
        const char *date, *value;
        int64_t ms;
    } rows[] = {
        {"", "0", 0},
        {"", "120", 120000},
        {"", "-1", -1},
        {"", "1.5", 1500},
        {"", "soon", -1},
        {"", "", -1},
        {"", "99999999999999999999", INT64_C(315360000000)},
        {"", "4294967296", INT64_C(315360000000)},
        {"Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 10:01:30 GMT", 90000},
        {"Sun, 22 Nov 2026 10:00:00 GMT", "Sunday, 22-Nov-26 10:01:30 GMT", 90000},
        {"Sun, 22 Nov 2026 10:00:00 GMT", "Sun Nov 22 10:01:30 2026", 90000},
        {"Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 09:00:00 GMT", 0},
        {"", "Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"no date", "Sun, 06 Nov 1994 08:49:37 GMT", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client c = {0};
        char text[512];

        (void)snprintf(text, sizeof(text),
                       "HTTP/1.1 503 No\r\nDate: %s\r\nRetry-After: %s\r\nContent-Length: "
                       "0\r\n\r\n",
                       rows[i].date, rows[i].value);
        ask(&c, answer_text, text, strlen(text));
        assert_int_equal(c.last.status, 503);
        assert_int_equal(c.last.retry_after_ms, rows[i].ms);
        assert_int_equal(c.last.remaining_reads, -1);
        client_close(&c);
    }
}

/* gzip data into a buffer that the caller frees. */
static void gzip(struct buf *out, const void *data, size_t len)
{
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    buf_reserve(out, deflateBound(&z, len) + 64);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)len;
    z.next_out = (Bytef *)out->data + out->len;
    z.avail_out = (uInt)(out->cap - out->len);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len = out->cap - z.avail_out;
    deflateEnd(&z);
}

/* A JSON array of about len bytes that does not compress to nothing. */
static void make_json(struct buf *out, size_t len)
{
    uint32_t x = 1;

    buf_putc(out, '[');
    while (out->len < len) {
        x = x * 1664525 + 1013904223;
        buf_printf(out, "{\"n\":%u},", x >> 8);
    }
    buf_puts(out, "0]");
}

/* An answer with the first `sent` bytes of body behind a header that tells its whole length. */
static void make_answer(struct buf *out, const char *extra, const struct buf *body, size_t sent)
{
    buf_printf(out, JSON_HEAD "%sContent-Length: %zu\r\n\r\n", extra, body->len);
    buf_append(out, body->data, sent);
}

#define GZIP_LINE "Content-Encoding: gzip\r\n"

static void gzip_is_decoded(void **state)
{
    struct buf json = {0}, packed = {0}, text = {0};
    struct client c = {0};

    (void)state;
    make_json(&json, 700000);
    gzip(&packed, json.data, json.len);
    make_answer(&text, GZIP_LINE, &packed, packed.len);
    ask(&c, answer_text, text.data, text.len);
    assert_int_equal(c.last.status, 200);
    assert_body(&c, json.data, json.len);
    client_close(&c);
    buf_free(&json);
    buf_free(&packed);
    buf_free(&text);
}

static void assert_no_answer(answer_fn *answer, const char *text, size_t len)
{
    struct client c = {0};

    ask(&c, answer, text, len);
    assert_int_equal(c.last.status, 0);
    assert_int_equal(c.last.error.code, ERR_NETWORK);
    assert_null(c.last.body.data);
    assert_memory_equal(c.last.error.msg, "127.0.0.1:", 10);
    client_close(&c);
}

static void cut_gzip_is_no_answer(void **state)
{
    /* In thousandths of the compressed length. */
    static const unsigned kept[] = {1, 10, 100, 500, 900, 990};
    struct buf json = {0}, packed = {0};
    size_t i;

    (void)state;
    make_json(&json, 100000);
    gzip(&packed, json.data, json.len);
    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        struct buf part = packed, text = {0};

        part.len = packed.len * kept[i] / 1000;
        make_answer(&text, GZIP_LINE, &part, part.len);
        assert_no_answer(answer_text, text.data, text.len);
        buf_free(&text);
    }
    buf_free(&json);
    buf_free(&packed);
}

static void damaged_gzip_is_no_answer(void **state)
{
    struct buf json = {0}, packed = {0}, text = {0};

    (void)state;
    make_json(&json, 10000);
    gzip(&packed, json.data, json.len);
    packed.data[packed.len - 6] ^= 1; /* in the CRC-32 */
    make_answer(&text, GZIP_LINE, &packed, packed.len);
    assert_no_answer(answer_text, text.data, text.len);
    packed.data[packed.len - 6] ^= 1;
    packed.data[packed.len / 2] ^= 0x10;
    buf_clear(&text);
    make_answer(&text, GZIP_LINE, &packed, packed.len);
    assert_no_answer(answer_text, text.data, text.len);
    buf_free(&json);
    buf_free(&packed);
    buf_free(&text);
}

static void cut_answers_are_no_answers(void **state)
{
    static const char *const rows[] = {
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Ty",
        JSON_HEAD "Content-Length: 100\r\n\r\n{\"value\":[]}",
        JSON_HEAD "Content-Length: 100\r\n\r\n",
        JSON_HEAD "Transfer-Encoding: chunked\r\n\r\n",
        JSON_HEAD "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"value\":[]}\r\n",
        JSON_HEAD "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"value\"",
        JSON_HEAD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{\"value\":[]}\r\n0\r\n\r\n",
        JSON_HEAD "Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\n{\"value\":[]}",
        JSON_HEAD "Content-Encoding: br\r\nContent-Length: 12\r\n\r\n{\"value\":[]}",
        JSON_HEAD "Connection: close\r\n\r\n{\"value\":[",
        JSON_HEAD "Connection: close\r\n\r\n  \r\n",
        JSON_HEAD "Connection: close\r\n\r\n[",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\x15\x03\x01\x00\x02\x02\x46",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_no_answer(answer_text, rows[i], strlen(rows[i]));
}

static void whole_answers_are_left_to_the_reader(void **state)
{
    static const struct {
        const char *text, *body;
        int status;
    } rows[] = {
        {JSON_HEAD "Connection: close\r\n\r\n{\"value\":[]} \r\n", "{\"value\":[]} \r\n", 200},
        {JSON_HEAD "Content-Length: 5\r\n\r\n{\"val", "{\"val", 200},
        {JSON_HEAD "Content-Length: 0\r\n\r\n", "", 200},
        {JSON_HEAD "Connection: close\r\n\r\n<html>", "<html>", 200},
        {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{", "{", 200},
        {"HTTP/1.1 502 Bad\r\nContent-Type: application/json\r\n\r\n{", "{", 502},
        {"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{}", "{}", 403},
        {"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\n{}", "{}", 302},
        {"HTTP/1.1 204 No Content\r\n\r\n", "", 204},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client c = {0};

        ask(&c, answer_text, rows[i].text, strlen(rows[i].text));
        assert_int_equal(c.last.status, rows[i].status);
        assert_int_equal(c.last.body.len, strlen(rows[i].body));
        if (c.last.body.len > 0)
            assert_memory_equal(c.last.body.data, rows[i].body, c.last.body.len);
        client_close(&c);
    }
}

/* ---- limits ---- */

static void body_limit_counts_decoded_bytes(void **state)
{
    static const size_t sizes[] = {9999, 10000, 10001, 5000000};
    size_t i;
    int packed;

    (void)state;
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]) * 2; i++) {
        struct buf plain = {0}, small = {0}, text = {0};
        struct client c = {0};
        size_t size = sizes[i / 2];

        packed = (int)(i % 2);
        buf_reserve(&plain, size);
        memset(plain.data, 'a', size);
        plain.data[0] = '[';
        plain.data[size - 1] = ']';
        plain.len = size;
        gzip(&small, plain.data, size);
        make_answer(&text, packed ? GZIP_LINE : "", packed ? &small : &plain,
                    packed ? small.len : plain.len);
        c.config.max_body = 10000;
        ask(&c, answer_text, text.data, text.len);
        if (size <= 10000) {
            assert_int_equal(c.last.status, 200);
            assert_body(&c, plain.data, size);
        } else {
            assert_int_equal(c.last.status, 0);
            assert_int_equal(c.last.error.code, ERR_UNTRUSTED);
            assert_non_null(strstr(c.last.error.msg, "more than 10000 bytes"));
        }
        client_close(&c);
        buf_free(&plain);
        buf_free(&small);
        buf_free(&text);
    }
}

/* A header without end. */
static int answer_endless_header(struct server *s, int fd, const char *request, unsigned number)
{
    int i;

    (void)s;
    (void)request;
    (void)number;
    send_text(fd, "HTTP/1.1 200 OK\r\nX-Long: ");
    for (i = 0; i < 4096; i++)
        send_text(fd, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    return 0;
}

static void endless_header_is_refused(void **state)
{
    struct client c = {0};

    (void)state;
    ask(&c, answer_endless_header, "", 0);
    assert_int_equal(c.last.status, 0);
    assert_true(c.last.error.code == ERR_UNTRUSTED || c.last.error.code == ERR_NETWORK);
    client_close(&c);
}

/* ---- time ---- */

static void silence_ends_a_request(void **state)
{
    static const char half[] = JSON_HEAD "Content-Length: 100\r\n\r\n{\"value\":";
    struct client c = {.config = {.first_byte_timeout_ms = 60, .silence_timeout_ms = 10000}};
    struct client d = {.config = {.first_byte_timeout_ms = 10000, .silence_timeout_ms = 60}};

    (void)state;
    ask(&c, answer_silent, "", 0);
    assert_int_equal(c.last.error.code, ERR_NETWORK);
    assert_non_null(strstr(c.last.error.msg, "no answer for 0.06 s"));
    client_close(&c);
    ask(&d, answer_silent, half, sizeof(half) - 1);
    assert_int_equal(d.last.error.code, ERR_NETWORK);
    assert_non_null(strstr(d.last.error.msg, "no data in the middle of an answer for 0.06 s"));
    client_close(&d);
}

/* The first request gets an answer, the next none. */
static int answer_once(struct server *s, int fd, const char *request, unsigned number)
{
    if (number == 0)
        return answer_ok(s, fd, request, number);
    wait_for_close(fd);
    return 0;
}

static void silence_ends_a_request_on_a_kept_connection(void **state)
{
    struct server *s = server_start(answer_once);
    struct client c = {.config = {.connections = 1, .first_byte_timeout_ms = 200}};

    (void)state;
    client_open(&c, s->port);
    client_send(&c, "/", NULL);
    client_run(&c, 1);
    assert_int_equal(c.last.status, 200);
    client_send(&c, "/", NULL);
    client_run(&c, 2);
    assert_non_null(strstr(c.last.error.msg, "no answer for 0.2 s"));
    client_close(&c);
    server_stop(s);
    assert_int_equal(s->accepted, 1);
    server_free(s);
}

static void connection_closed_while_idle_is_no_failure(void **state)
{
    static const char text[] = JSON_HEAD "Content-Length: 2\r\n\r\n{}";
    struct server *s = server_start(answer_text);
    struct client c = {.config = {.connections = 1}};
    unsigned i;

    (void)state;
    s->text = text;
    s->len = sizeof(text) - 1;
    client_open(&c, s->port);
    for (i = 1; i <= 5; i++) {
        client_send(&c, "/", NULL);
        client_run(&c, i);
        assert_int_equal(c.last.status, 200);
    }
    client_close(&c);
    server_free(s);
}

/* A TLS handshake that nobody answers. */
static int answer_nothing(struct server *s, int fd, const char *request, unsigned number)
{
    (void)s;
    (void)request;
    (void)number;
    wait_for_close(fd);
    return 0;
}

static void connection_that_does_not_come_up_ends_a_request(void **state)
{
    struct server *s = server_start(answer_nothing);
    struct client c = {.config = {.connect_timeout_ms = 80}};

    (void)state;
    (void)snprintf(c.endpoint, sizeof(c.endpoint), "https://127.0.0.1:%d", s->port);
    client_open(&c, 0);
    client_send(&c, "/", NULL);
    client_run(&c, 1);
    assert_int_equal(c.last.error.code, ERR_NETWORK);
    assert_non_null(strstr(c.last.error.msg, "no connection within 0.08 s"));
    client_close(&c);
    server_free(s);
}

static void nobody_listening_is_a_network_error(void **state)
{
    struct server *s = server_start(answer_ok);
    struct client c = {0};
    int port = s->port;

    (void)state;
    server_free(s);
    client_open(&c, port);
    client_send(&c, "/", NULL);
    client_run(&c, 1);
    assert_int_equal(c.last.status, 0);
    assert_int_equal(c.last.error.code, ERR_NETWORK);
    client_close(&c);
}

/* ---- pausing ---- */

static int may_receive(void *arg, void *user, size_t bytes)
{
    struct client *c = arg;

    (void)user;
    assert_true(bytes > 0);
    if (c->allow > 0) {
        c->allow--;
        return 1;
    }
    if (c->paused_since == 0)
        c->paused_since = sys_monotonic_ms();
    c->refused++;
    return 0;
}

/* The same body in chunks of a size that fits nothing else. */
static void make_chunked(struct buf *out, const char *extra, const struct buf *body)
{
    size_t at, part;

    buf_printf(out, JSON_HEAD "%sTransfer-Encoding: chunked\r\n\r\n", extra);
    for (at = 0; at < body->len; at += part) {
        part = body->len - at < 5003 ? body->len - at : 5003;
        buf_printf(out, "%zx\r\n", part);
        buf_append(out, body->data + at, part);
        buf_puts(out, "\r\n");
    }
    buf_puts(out, "0\r\n\r\n");
}

/* Receive json through pauses; the first lasts for pause_ms, which may be longer than the permitted
 * silence. */
static void receive_with_pauses(const struct buf *json, int packed, int chunked, int silence_ms,
                                int pause_ms)
{
    struct server *s = server_start(answer_text);
    struct buf small = {0}, text = {0};
    struct client c = {.config = {.silence_timeout_ms = silence_ms, .may_receive = may_receive}};
    int64_t until = sys_monotonic_ms() + 20000;
    struct err e = {0};
    unsigned pauses = 0;

    gzip(&small, json->data, json->len);
    if (chunked)
        make_chunked(&text, packed ? GZIP_LINE : "", packed ? &small : json);
    else
        make_answer(&text, packed ? GZIP_LINE : "", packed ? &small : json,
                    packed ? small.len : json->len);
    s->text = text.data;
    s->len = text.len;
    client_open(&c, s->port);
    client_send(&c, "/", NULL);
    while (c.ended == 0) {
        assert_true(sys_monotonic_ms() < until);
        assert_int_equal(http_run(c.http, 20, &e), 0);
        /* The other pauses end at once. */
        if (c.paused_since != 0 && (pauses > 0 || sys_monotonic_ms() - c.paused_since > pause_ms)) {
            pauses++;
            c.allow = 20;
            c.paused_since = 0;
            http_resume(c.http);
        }
    }
    assert_int_equal(c.last.status, 200);
    assert_body(&c, json->data, json->len);
    assert_true(pauses > 1);
    assert_int_equal(c.refused, pauses);
    client_close(&c);
    server_free(s);
    buf_free(&small);
    buf_free(&text);
}

static void paused_transfer_goes_on_where_it_was(void **state)
{
    struct buf json = {0};

    (void)state;
    make_json(&json, 2000000);
    receive_with_pauses(&json, 0, 0, 300, 450);
    receive_with_pauses(&json, 1, 0, 10000, 0);
    receive_with_pauses(&json, 0, 1, 10000, 0);
    receive_with_pauses(&json, 1, 1, 10000, 0);
    buf_free(&json);
}

/* ---- redirects ---- */

/* The first requests get s->location, the others an answer. */
static int answer_redirect(struct server *s, int fd, const char *request, unsigned number)
{
    char text[1024];

    if (number >= s->len)
        return answer_ok(s, fd, request, number);
    (void)snprintf(text, sizeof(text),
                   "HTTP/1.1 307 Temporary Redirect\r\nLocation: %s\r\nContent-Length: "
                   "3\r\n\r\nabc",
                   s->location);
    send_text(fd, text);
    return 1;
}

static void redirect_within_the_origin_is_followed(void **state)
{
    static const struct {
        const char *location, *line;
    } rows[] = {
        {"/new?$skipToken=a:b;c%3A", "GET /new?$skipToken=a:b;c%3A HTTP/1.1\r\n"},
        {"next?x=%2f", "GET /a/next?x=%2f HTTP/1.1\r\n"},
        {"http://127.0.0.1:PORT/abs/./z?$q=1;2", "GET /abs/./z?$q=1;2 HTTP/1.1\r\n"},
        {"HTTP://127.0.0.1:PORT", "GET / HTTP/1.1\r\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct server *s = server_start(answer_redirect);
        struct client c = {0};
        char location[256];
        const char *port = strstr(rows[i].location, "PORT");

        if (port == NULL)
            (void)snprintf(location, sizeof(location), "%s", rows[i].location);
        else
            (void)snprintf(location, sizeof(location), "%.*s%d%s", (int)(port - rows[i].location),
                           rows[i].location, s->port, port + 4);
        s->location = location;
        s->len = 1;
        client_open(&c, s->port);
        client_send(&c, "/a/b?c=d", NULL);
        client_run(&c, 1);
        assert_int_equal(c.last.status, 200);
        assert_body(&c, "{\"value\":[]}", 12);
        client_close(&c);
        server_stop(s);
        assert_int_equal(s->received, 2);
        assert_memory_equal(s->requests[1], rows[i].line, strlen(rows[i].line));
        assert_non_null(strstr(s->requests[1], "Bearer " CANARY "\r\n"));
        server_free(s);
    }
}

static void redirects_end_after_three(void **state)
{
    size_t hops;

    (void)state;
    for (hops = 3; hops <= 4; hops++) {
        struct server *s = server_start(answer_redirect);
        struct client c = {0};

        s->location = "/again";
        s->len = hops;
        client_open(&c, s->port);
        client_send(&c, "/", NULL);
        client_run(&c, 1);
        assert_int_equal(c.last.status, hops == 3 ? 200 : 0);
        if (hops == 4)
            assert_int_equal(c.last.error.code, ERR_UNTRUSTED);
        client_close(&c);
        server_stop(s);
        assert_int_equal(s->received, 4);
        server_free(s);
    }
}

static void redirect_elsewhere_is_refused_before_anything_is_sent(void **state)
{
    struct server *other = server_start(answer_ok);
    char same_host[64], named[64], user[64];
    const char *const locations[] = {same_host,
                                     named,
                                     user,
                                     same_host + 5, /* begins with // */
                                     "https://contoso.example/",
                                     "http://127.0.0.1.contoso.example/",
                                     "ftp://127.0.0.1/",
                                     "file:///etc/passwd",
                                     "http:/\\127.0.0.1/",
                                     "http://"};
    size_t i;

    (void)state;
    (void)snprintf(same_host, sizeof(same_host), "http://127.0.0.1:%d/", other->port);
    (void)snprintf(named, sizeof(named), "http://localhost:%d/", other->port);
    (void)snprintf(user, sizeof(user), "http://127.0.0.1@127.0.0.1:%d/", other->port);
    for (i = 0; i < sizeof(locations) / sizeof(locations[0]); i++) {
        struct server *s = server_start(answer_redirect);
        struct client c = {0};

        s->location = locations[i];
        s->len = 1;
        client_open(&c, s->port);
        client_send(&c, "/", NULL);
        client_run(&c, 1);
        assert_int_equal(c.last.status, 0);
        assert_int_equal(c.last.error.code, ERR_UNTRUSTED);
        client_close(&c);
        server_stop(s);
        assert_int_equal(s->received, 1);
        server_free(s);
    }
    server_stop(other);
    assert_int_equal(other->received, 0);
    server_free(other);
}

/* ---- origins ---- */

static void link_elsewhere_is_refused(void **state)
{
    struct server *s = server_start(answer_ok), *other = server_start(answer_ok);
    struct client c = {0};
    struct err e = {0};
    char url[64];

    (void)state;
    client_open(&c, s->port);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/?$skipToken=x", other->port);
    assert_int_equal(http_send(c.http, url, CANARY, NULL, &e), -1);
    assert_int_equal(e.code, ERR_UNTRUSTED);
    assert_null(strstr(e.msg, "skipToken"));
    assert_null(strstr(e.msg, "canary"));
    assert_int_equal(http_send(c.http, "no URL", CANARY, NULL, &e), -1);
    assert_int_equal(e.code, ERR_UNTRUSTED);
    assert_int_equal(http_run(c.http, 0, &e), 0);
    client_close(&c);
    server_stop(s);
    server_stop(other);
    assert_int_equal(s->received + other->received, 0);
    server_free(s);
    server_free(other);
}

static void endpoints_that_are_refused(void **state)
{
    static const struct {
        const char *endpoint, *cacert;
        int code;
    } rows[] = {
        {"http://management.azure.com", NULL, ERR_USAGE},
        {"management.azure.com", NULL, ERR_USAGE},
        {"ftp://127.0.0.1", NULL, ERR_USAGE},
        {"https://user:secret@management.azure.com", NULL, ERR_USAGE},
        {"", NULL, ERR_USAGE},
        {"https://management.azure.com:65536", NULL, ERR_USAGE},
        {"https://management.azure.com:000443", NULL, ERR_USAGE},
        {"https://management.azure.com:99999999999999999999", NULL, ERR_USAGE},
        {"https://management.azure.com:0", NULL, ERR_USAGE},
        {"https://management.azure.com", "/nowhere/ca.pem", ERR_LOCAL},
    };
    char longest[8 + 254 + 1] = "https://";
    struct http_config of_longest = {.endpoint = longest, .connections = 1};
    struct http *h;
    struct err none;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct http_config config = {.endpoint = rows[i].endpoint, .cacert = rows[i].cacert};
        struct err e = {0};

        assert_null(http_new(&config, &e));
        assert_int_equal(e.code, rows[i].code);
        assert_null(strstr(e.msg, "secret"));
    }
    memset(longest + 8, 'a', 253);
    h = http_new(&of_longest, &none);
    assert_non_null(h);
    http_free(h);
    longest[8 + 253] = 'a';
    assert_null(http_new(&of_longest, &none));
    assert_int_equal(none.code, ERR_USAGE);
}

/* A file above HTTP_CACERT_MAX is no list of certificates. */
static void authorities_of_hostile_size_are_refused(void **state)
{
    char path[] = "/tmp/azdal-ca.XXXXXX";
    struct http_config config = {
        .endpoint = "https://management.azure.com", .cacert = path, .connections = 1};
    int fd = mkstemp(path);
    struct err e = {0};

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, ((off_t)16 << 20) + 1), 0);
    assert_int_equal(close(fd), 0);
    assert_null(http_new(&config, &e));
    assert_int_equal(unlink(path), 0);
    assert_non_null(strstr(e.msg, "larger than 16777216 bytes"));
}

/* ---- running ---- */

static void *wake_it(void *arg)
{
    http_wake(arg);
    return NULL;
}

static void wake_ends_the_wait(void **state)
{
    struct server *s = server_start(answer_nothing);
    struct client c = {0};
    struct err e = {0};
    int64_t begin = sys_monotonic_ms();
    pthread_t thread;

    (void)state;
    client_open(&c, s->port);
    client_send(&c, "/", NULL);
    assert_int_equal(pthread_create(&thread, NULL, wake_it, c.http), 0);
    assert_int_equal(http_run(c.http, 20000, &e), 0);
    pthread_join(thread, NULL);
    /* A call before http_run counts as well. */
    http_wake(c.http);
    assert_int_equal(http_run(c.http, 20000, &e), 0);
    assert_true(sys_monotonic_ms() - begin < 10000);
    assert_int_equal(c.ended, 0);
    client_close(&c);
    server_free(s);
}

static void free_aborts_without_callbacks(void **state)
{
    struct server *s = server_start(answer_nothing);
    struct client c = {0};
    struct err e = {0};
    int i;

    (void)state;
    client_open(&c, s->port);
    for (i = 0; i < 5; i++)
        client_send(&c, "/", NULL);
    while (server_received(s) < 2)
        assert_int_equal(http_run(c.http, 5, &e), 0);
    client_close(&c);
    server_stop(s);
    assert_int_equal(c.ended, 0);
    server_free(s);
}

static void features_name_the_libraries(void **state)
{
    struct buf out = {0};

    (void)state;
    http_features(&out);
    (void)buf_text(&out);
    assert_memory_equal(out.data, "libcurl/", 8);
    assert_non_null(strstr(out.data, " zlib/1."));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(url_arrives_byte_for_byte),
        cmocka_unit_test(missing_path_becomes_a_slash_and_a_fragment_stays_here),
        cmocka_unit_test(header_is_exactly_this),
        cmocka_unit_test(netrc_and_proxy_variables_do_not_touch_loopback),
        cmocka_unit_test(reflected_token_is_masked),
        cmocka_unit_test(link_with_the_token_is_masked),
        cmocka_unit_test(proxy_that_refuses_is_named),
        cmocka_unit_test(bad_proxy_url_is_not_repeated),
        cmocka_unit_test(names_and_lists_of_proxies),
        cmocka_unit_test(proxy_is_used_elsewhere_and_never_sees_the_token),
        cmocka_unit_test(one_connection_serves_many_requests),
        cmocka_unit_test(requests_run_side_by_side_up_to_the_limit),
        cmocka_unit_test(header_fields_reach_the_answer),
        cmocka_unit_test(a_link_to_a_next_page_is_seen),
        cmocka_unit_test(repeated_token_is_masked),
        cmocka_unit_test(endless_refusal_is_not_read),
        cmocka_unit_test(retry_after_is_read_against_the_servers_clock),
        cmocka_unit_test(gzip_is_decoded),
        cmocka_unit_test(cut_gzip_is_no_answer),
        cmocka_unit_test(damaged_gzip_is_no_answer),
        cmocka_unit_test(cut_answers_are_no_answers),
        cmocka_unit_test(whole_answers_are_left_to_the_reader),
        cmocka_unit_test(body_limit_counts_decoded_bytes),
        cmocka_unit_test(endless_header_is_refused),
        cmocka_unit_test(silence_ends_a_request),
        cmocka_unit_test(silence_ends_a_request_on_a_kept_connection),
        cmocka_unit_test(connection_closed_while_idle_is_no_failure),
        cmocka_unit_test(connection_that_does_not_come_up_ends_a_request),
        cmocka_unit_test(nobody_listening_is_a_network_error),
        cmocka_unit_test(paused_transfer_goes_on_where_it_was),
        cmocka_unit_test(redirect_within_the_origin_is_followed),
        cmocka_unit_test(redirects_end_after_three),
        cmocka_unit_test(redirect_elsewhere_is_refused_before_anything_is_sent),
        cmocka_unit_test(link_elsewhere_is_refused),
        cmocka_unit_test(endpoints_that_are_refused),
        cmocka_unit_test(authorities_of_hostile_size_are_refused),
        cmocka_unit_test(wake_ends_the_wait),
        cmocka_unit_test(free_aborts_without_callbacks),
        cmocka_unit_test(features_name_the_libraries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
