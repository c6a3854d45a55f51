/*
 * A request waits in a line until one of `connections` slots is free. A slot keeps its curl handle,
 * so that its connection is used again. While a slot runs, curl calls on_ready (connected, about to
 * send), on_header and on_body, which all note the time; the clock of http_run then ends what has
 * been silent for too long. A paused slot has no clock.
 */
#include "net/http.h"

#include "base/mem.h"
#include "base/sys.h"
#include "net/http_impl.h"
#include "net/mask.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a file of certificates: a system's whole store in text has 250 KiB. */
#define HTTP_CACERT_MAX (16U << 20)

/* ---- requests ---- */

/* Put a request in line. */
static int send_request(struct http *h, const char *url, const char *token, int plain, void *user,
                        struct err *e)
{
    struct request *r;
    struct url u;

    if (url_split(&u, url) != 0)
        return err_set(e, ERR_UNTRUSTED, "%s: the link is not a valid http or https URL",
                       h->authority);
    if (!url_same_origin(&u, &h->origin)) {
        char other[256];

        err_clean_text(other, sizeof(other), u.origin.data, u.origin.len);
        mask_token(other, strlen(other), token);
        return err_set(e, ERR_UNTRUSTED, "%s: a link to another origin, %s", h->authority, other);
    }
    r = mem_zalloc(1, sizeof(*r));
    r->url = mem_strdup(url);
    r->token = mem_strdup(token);
    r->user = user;
    r->plain = plain;
    *h->last = r;
    h->last = &r->next;
    h->pending++;
    return 0;
}

int http_send(struct http *h, const char *url, const char *token, void *user, struct err *e)
{
    return send_request(h, url, token, 0, user, e);
}

int http_send_plain(struct http *h, const char *url, const char *token, void *user, struct err *e)
{
    return send_request(h, url, token, 1, user, e);
}

/* ---- running ---- */

/* Give free slots to the requests in line. */
static void start_waiting(struct http *h)
{
    unsigned i;

    for (i = 0; i < h->config.connections && h->first != NULL; i++) {
        struct slot *s = &h->slots[i];
        struct request *r = h->first;

        if (s->request != NULL)
            continue;
        h->first = r->next;
        if (h->first == NULL)
            h->last = &h->first;
        r->next = NULL;
        s->request = r;
        if (http_slot_start(s) != 0)
            http_slot_end(s);
    }
}

/* Let paused slots ask again. curl delivers what it holds back from inside this. */
static void resume_paused(struct http *h)
{
    unsigned i;

    h->resume = 0;
    for (i = 0; i < h->config.connections; i++) {
        struct slot *s = &h->slots[i];
        CURLcode result;

        if (s->request == NULL || !s->paused)
            continue;
        s->paused = 0;
        s->since_ms = sys_monotonic_ms();
        result = curl_easy_pause(s->easy, CURLPAUSE_CONT);
        if (result != CURLE_OK)
            http_slot_finish(s, result);
    }
}

/* Milliseconds that a running slot may stay silent from since_ms on. */
static int allowed_ms(const struct slot *s)
{
    const struct http_config *c = &s->http->config;

    if (s->phase == WAITING)
        return c->first_byte_timeout_ms;
    return s->phase == RECEIVING ? c->silence_timeout_ms : -1;
}

/* End what has been silent for too long. Returns the milliseconds until that may be the case again,
 * or -1. */
static int check_clocks(struct http *h)
{
    int64_t now = sys_monotonic_ms();
    int next = -1;
    unsigned i;

    for (i = 0; i < h->config.connections; i++) {
        struct slot *s = &h->slots[i];
        int allowed = s->request == NULL || s->paused ? -1 : allowed_ms(s);
        int64_t left = s->since_ms + allowed - now;
        curl_off_t received = 0;

        if (allowed < 0)
            continue;
        /* Compressed bytes may come in without a decoded one going out. */
        if (left <= 0 && s->phase == RECEIVING &&
            curl_easy_getinfo(s->easy, CURLINFO_SIZE_DOWNLOAD_T, &received) == CURLE_OK &&
            received > s->received) {
            s->received = received;
            s->since_ms = now;
            left = allowed;
        }
        if (left <= 0) {
            s->answer.timed_out = s->phase == WAITING;
            (void)err_set(&s->answer.error, ERR_NETWORK, "%s: %s for %g s", h->authority,
                          s->phase == WAITING ? "no answer" : "no data in the middle of an answer",
                          allowed / 1000.0);
            http_slot_finish(s, CURLE_ABORTED_BY_CALLBACK);
            continue;
        }
        if (next < 0 || left < next)
            next = (int)left;
    }
    return next;
}

/* Let curl do what it can without waiting, and end what is done. */
static int perform(struct http *h, struct err *e)
{
    CURLMcode result;
    CURLMsg *m;
    int n;

    result = curl_multi_perform(h->multi, &n);
    if (result != CURLM_OK)
        return err_set(e, ERR_INTERNAL, "network: %s", curl_multi_strerror(result));
    while ((m = curl_multi_info_read(h->multi, &n)) != NULL) {
        char *private = NULL;
        CURLcode code = m->data.result;

        if (m->msg != CURLMSG_DONE ||
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private) != CURLE_OK)
            continue;
        http_slot_finish((struct slot *)(void *)private, code);
    }
    return 0;
}

int http_run(struct http *h, int timeout_ms, struct err *e)
{
    int64_t until = sys_monotonic_ms() + timeout_ms;
    int interrupted = sys_interrupted();

    h->ended = 0;
    for (;;) {
        int64_t left;
        CURLMcode result;
        int next;

        if (h->resume)
            resume_paused(h);
        start_waiting(h);
        if (perform(h, e) != 0)
            return -1;
        next = check_clocks(h);
        left = until - sys_monotonic_ms();
        if (atomic_exchange(&h->awakened, 0) || h->ended > 0 || left <= 0 ||
            interrupted != sys_interrupted())
            return 0;
        result =
            curl_multi_poll(h->multi, NULL, 0, next >= 0 && next < left ? next : (int)left, NULL);
        if (result != CURLM_OK)
            return err_set(e, ERR_INTERNAL, "network: %s", curl_multi_strerror(result));
    }
}

void http_wake(struct http *h)
{
    atomic_store(&h->awakened, 1);
    (void)curl_multi_wakeup(h->multi);
}

void http_resume(struct http *h)
{
    h->resume = 1;
}

/* ---- the whole ---- */

/* Copy the configuration and fill in what was left out. */
static int copy_config(struct http *h, const struct http_config *c, struct err *e)
{
    struct slice authority;

    h->config = *c;
    h->endpoint = mem_strdup(c->endpoint);
    if (url_split(&h->origin, h->endpoint) != 0) {
        char shown[256];

        /* What stands before an '@' may be a password. */
        if (strchr(c->endpoint, '@') != NULL)
            return err_set(e, ERR_USAGE, "endpoint: a URL with user information");
        err_clean_text(shown, sizeof(shown), c->endpoint, strlen(c->endpoint));
        return err_set(e, ERR_USAGE, "endpoint: %s: not an https URL", shown);
    }
    if (!h->origin.https && !url_is_loopback(&h->origin))
        return err_set(e, ERR_USAGE, "endpoint: %s: plain http is only for loopback addresses",
                       h->endpoint);
    authority.data = h->origin.host.data;
    authority.len = (size_t)(h->origin.origin.data + h->origin.origin.len - authority.data);
    h->authority = slice_dup(authority);
    if (c->cacert != NULL) {
        /* Read here, so that the file is found by the name that the user gave, on every system. */
        if (sys_read_file(c->cacert, HTTP_CACERT_MAX, &h->authorities, e) != 0)
            return -1;
        h->cacert = mem_strdup(c->cacert);
    } else {
        sys_trust(&h->trust);
    }
    http_proxy_find(h);
    if (h->config.connections == 0)
        h->config.connections = 1;
    if (h->config.max_body == 0)
        h->config.max_body = HTTP_BODY_MAX;
    if (h->config.connect_timeout_ms == 0)
        h->config.connect_timeout_ms = HTTP_CONNECT_TIMEOUT_MS;
    if (h->config.first_byte_timeout_ms == 0)
        h->config.first_byte_timeout_ms = HTTP_FIRST_BYTE_TIMEOUT_MS;
    if (h->config.silence_timeout_ms == 0)
        h->config.silence_timeout_ms = HTTP_SILENCE_TIMEOUT_MS;
    return 0;
}

struct http *http_new(const struct http_config *c, struct err *e)
{
    struct http *h = mem_zalloc(1, sizeof(*h));
    unsigned i;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        mem_fail();
    h->last = &h->first;
    if (copy_config(h, c, e) != 0) {
        http_free(h);
        return NULL;
    }
    h->slots = mem_zalloc(h->config.connections, sizeof(*h->slots));
    h->multi = curl_multi_init();
    if (h->multi == NULL ||
        curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) != CURLM_OK ||
        curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->config.connections) != CURLM_OK)
        mem_fail();
    for (i = 0; i < h->config.connections; i++) {
        h->slots[i].http = h;
        h->slots[i].socket = CURL_SOCKET_BAD;
    }
    return h;
}

void http_free(struct http *h)
{
    unsigned i;

    if (h == NULL)
        return;
    for (i = 0; h->slots != NULL && i < h->config.connections; i++) {
        struct slot *s = &h->slots[i];

        http_slot_free(s);
    }
    while (h->first != NULL) {
        struct request *r = h->first;

        h->first = r->next;
        http_request_free(r);
    }
    if (h->multi != NULL)
        (void)curl_multi_cleanup(h->multi);
    free(h->slots);
    free(h->endpoint);
    free(h->authority);
    free(h->cacert);
    free(h->proxy);
    free(h->proxy_user);
    buf_free(&h->authorities);
    free(h);
    curl_global_cleanup();
}

void http_features(struct buf *out)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

    buf_printf(out, "libcurl/%s %s zlib/%s", v->version,
               v->ssl_version != NULL ? v->ssl_version : "no-TLS",
               v->libz_version != NULL ? v->libz_version : "none");
}
