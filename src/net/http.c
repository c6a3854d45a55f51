/*
 * A request waits in a line until one of `connections` slots is free. A slot keeps its curl handle,
 * so that its connection is used again. While a slot runs, curl calls on_ready (connected, about to
 * send), on_header and on_body, which all note the time; the clock of http_run then ends what has
 * been silent for too long. A paused slot has no clock.
 */
#include "net/http.h"

#include "base/sys.h"
#include "base/timestamp.h"
#include "base/version.h"
#include "net/header.h"
#include "net/mask.h"
#include "net/url.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that one read from the network may bring: a page comes in a few reads. */
#define HTTP_READ_BYTES (256L << 10)
/* Bytes of a file of certificates: a system's whole store in text has 250 KiB. */
#define HTTP_CACERT_MAX (16U << 20)
/* Seconds in a Retry-After above which its size no longer matters: ten years. */
#define HTTP_WAIT_MAX_S INT64_C(315360000)

/* Bytes of the body of a refusal: ARM's have less than 1 KiB. A longer one is not read. */
#define HTTP_WORDS_MAX (64U << 10)

/* One GET that has not ended. */
struct request {
    struct request *next; /* in line */
    char *url;
    char *token;
    void *user;
    int plain; /* gzip is not offered */
    unsigned redirects;
};

enum phase { CONNECTING, WAITING, RECEIVING };

struct slot {
    struct http *http;
    CURL *easy;
    struct request *request;    /* NULL: free */
    struct curl_slist *headers; /* hold the token */
    struct http_answer answer;  /* its error is set when a callback has refused to go on */
    struct header header;
    enum phase phase;
    int paused;
    int64_t since_ms;    /* of the last sign of life */
    curl_off_t received; /* bytes seen by then */
    char reason[CURL_ERROR_SIZE];
};

struct http {
    struct http_config config;
    char *endpoint, *cacert, *authority;
    struct buf authorities; /* contents of the file cacert */
    struct url origin;      /* of endpoint */
    CURLM *multi;
    struct slot *slots; /* config.connections of them */
    struct request *first, **last;
    unsigned pending;
    int ended;           /* callbacks made by this http_run */
    int resume;          /* http_resume was called */
    atomic_int awakened; /* http_wake was called */
};

/* ---- requests ---- */

/* Overwrite text before it is given back. */
static void wipe(char *text)
{
    volatile char *p = text;

    while (p != NULL && *p != '\0')
        *p++ = '\0';
}

static void request_free(struct request *r)
{
    if (r == NULL)
        return;
    wipe(r->token);
    free(r->token);
    free(r->url);
    free(r);
}

/* Free the header lines of a slot, which hold the token. */
static void headers_free(struct slot *s)
{
    struct curl_slist *line;

    for (line = s->headers; line != NULL; line = line->next)
        wipe(line->data);
    curl_slist_free_all(s->headers);
    s->headers = NULL;
}

/* Add one header line to a slot. */
static int add_header(struct slot *s, const char *line)
{
    struct curl_slist *longer = curl_slist_append(s->headers, line);

    if (longer == NULL)
        return -1;
    s->headers = longer;
    return 0;
}

/* Put a request in line. */
static int send_request(struct http *h, const char *url, const char *token, int plain, void *user,
                        struct err *e)
{
    struct request *r;
    struct url u;

    if (url_split(&u, url) != 0)
        return err_set(e, ERR_UNTRUSTED, "%s: a link that is no plain http(s) URL", h->authority);
    if (!url_same_origin(&u, &h->origin)) {
        char other[256];

        err_clean_text(other, sizeof(other), u.origin.data, u.origin.len);
        return err_set(e, ERR_UNTRUSTED, "%s: a link to another origin, %s", h->authority, other);
    }
    r = calloc(1, sizeof(*r));
    if (r == NULL)
        return err_memory(e, "request");
    r->url = slice_dup(slice_of(url));
    r->token = slice_dup(slice_of(token));
    r->user = user;
    r->plain = plain;
    if (r->url == NULL || r->token == NULL) {
        request_free(r);
        return err_memory(e, "request");
    }
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

/* ---- what curl calls ---- */

/* curl has a connection and is about to send the request. */
static int on_ready(void *arg, char *remote, char *local, int remote_port, int local_port)
{
    struct slot *s = arg;

    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    s->phase = WAITING;
    s->since_ms = sys_monotonic_ms();
    return CURL_PREREQFUNC_OK;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
    struct slot *s = arg;
    struct slice line = {data, size * count};

    s->phase = RECEIVING;
    s->since_ms = sys_monotonic_ms();
    if (header_line(&s->header, line) != 0) {
        (void)err_memory(&s->answer.error, "header");
        return 0;
    }
    return line.len;
}

/* Make room for the whole body when its size is known. */
static void reserve_body(struct slot *s)
{
    curl_off_t length = -1;

    if (!s->header.encoded &&
        curl_easy_getinfo(s->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK &&
        length > 0 && (uint64_t)length <= s->http->config.max_body)
        (void)buf_reserve(&s->answer.body, (size_t)length);
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
    struct slot *s = arg;
    struct http_config *c = &s->http->config;
    struct buf *body = &s->answer.body;
    size_t len = size * count;

    s->since_ms = sys_monotonic_ms();
    if (len > c->max_body - body->len) {
        (void)err_set(&s->answer.error, ERR_UNTRUSTED, "%s: an answer of more than %zu bytes",
                      s->http->authority, c->max_body);
        return 0;
    }
    if (c->may_receive != NULL && !c->may_receive(c->arg, s->request->user, len)) {
        s->paused = 1;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (body->data == NULL)
        reserve_body(s);
    if (buf_append(body, data, len) != 0) {
        (void)err_memory(&s->answer.error, "answer");
        return 0;
    }
    return len;
}

/* ---- starting ---- */

/* Set what is the same for all requests of a slot. */
static int slot_prepare(struct slot *s)
{
    const struct http *h = s->http;
    int bad = 0;

    s->easy = curl_easy_init();
    if (s->easy == NULL)
        return -1;
#define SET(option, value) bad |= curl_easy_setopt(s->easy, option, value) != CURLE_OK
    SET(CURLOPT_PRIVATE, s);
    SET(CURLOPT_ERRORBUFFER, s->reason);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a name look-up that hangs must not delay an interrupt */
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_USERAGENT, "azdal/" AZDAL_VERSION);
    SET(CURLOPT_BUFFERSIZE, HTTP_READ_BYTES);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)h->config.connect_timeout_ms);
    /* The token is for the endpoint, not for a proxy on the way. */
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_PREREQFUNCTION, on_ready);
    SET(CURLOPT_PREREQDATA, s);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, s);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, s);
    if (url_is_loopback(&h->origin))
        SET(CURLOPT_NOPROXY, "*");
    if (h->cacert != NULL) {
        struct curl_blob blob = {h->authorities.data, h->authorities.len, CURL_BLOB_NOCOPY};

        /* Not every TLS library takes them from memory. */
        if (curl_easy_setopt(s->easy, CURLOPT_CAINFO_BLOB, &blob) != CURLE_OK)
            SET(CURLOPT_CAINFO, h->cacert);
        /* The file stands in place of the system's store. Not every TLS library has a folder. */
        (void)curl_easy_setopt(s->easy, CURLOPT_CAPATH, NULL);
    }
#undef SET
    /* On Windows: a list of revoked certificates that cannot be fetched is no reason to fail.
     * Other TLS libraries do not know the option. */
    (void)curl_easy_setopt(s->easy, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_REVOKE_BEST_EFFORT);
    return bad ? -1 : 0;
}

/* Set the URL byte for byte: curl parses the origin alone, the rest goes out as it stands. */
static int set_url(struct slot *s, const char *url)
{
    struct buf origin = {0}, target = {0};
    struct url u;
    int ret = -1;

    if (url_split(&u, url) != 0 || buf_append(&origin, u.origin.data, u.origin.len) != 0 ||
        buf_putc(&origin, '/') != 0 || buf_terminate(&origin) != 0)
        goto out;
    if (u.target.len == 0 || u.target.data[0] != '/') {
        if (buf_putc(&target, '/') != 0)
            goto out;
    }
    if (buf_append(&target, u.target.data, u.target.len) != 0 || buf_terminate(&target) != 0)
        goto out;
    if (curl_easy_setopt(s->easy, CURLOPT_URL, origin.data) == CURLE_OK &&
        curl_easy_setopt(s->easy, CURLOPT_REQUEST_TARGET, target.data) == CURLE_OK)
        ret = 0;
out:
    buf_free(&origin);
    buf_free(&target);
    return ret;
}

/* Set the header lines of a request. */
static int set_headers(struct slot *s)
{
    struct buf line = {0};
    int ret = -1;

    headers_free(s);
    if (buf_printf(&line, "Authorization: Bearer %s", s->request->token) == 0 &&
        buf_terminate(&line) == 0 && add_header(s, line.data) == 0 &&
        add_header(s, "Accept: application/json") == 0 && add_header(s, "Prefer: wait=75") == 0 &&
        curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers) == CURLE_OK)
        ret = 0;
    if (line.data != NULL)
        wipe(line.data);
    buf_free(&line);
    return ret;
}

/* Hand the slot's request to curl. Returns -1 when that is impossible (out of memory). */
static int slot_start(struct slot *s)
{
    buf_free(&s->answer.body);
    memset(&s->answer, 0, sizeof(s->answer));
    header_clear(&s->header);
    s->reason[0] = '\0';
    s->phase = CONNECTING;
    s->paused = 0;
    s->received = 0;
    s->since_ms = sys_monotonic_ms();
    if (s->easy == NULL && slot_prepare(s) != 0)
        return -1;
    /* Either way what comes is decoded. */
    if (set_url(s, s->request->url) != 0 || set_headers(s) != 0 ||
        curl_easy_setopt(s->easy, CURLOPT_ACCEPT_ENCODING,
                         s->request->plain ? "identity" : "gzip") != CURLE_OK)
        return -1;
    return curl_multi_add_handle(s->http->multi, s->easy) == CURLM_OK ? 0 : -1;
}

/* ---- ending ---- */

/* Retry-After in milliseconds: seconds, or a date, which counts from the server's own clock. */
static int64_t retry_after_ms(const struct header *h, int64_t date)
{
    const char *text = h->retry_after;
    size_t digits = strspn(text, "0123456789");
    time_t when;
    int64_t wait;

    if (*text == '\0')
        return -1;
    if (text[digits] == '\0') {
        long long seconds = digits > 10 ? HTTP_WAIT_MAX_S : strtoll(text, NULL, 10);

        return (seconds > HTTP_WAIT_MAX_S ? HTTP_WAIT_MAX_S : (int64_t)seconds) * 1000;
    }
    when = curl_getdate(text, NULL);
    if (when == (time_t)-1)
        return -1;
    wait = (int64_t)when - timestamp_to_unix(date != 0 ? date : sys_now());
    if (wait > HTTP_WAIT_MAX_S)
        wait = HTTP_WAIT_MAX_S;
    return wait < 0 ? 0 : wait * 1000;
}

/* Copy what the header says into the answer. */
static void take_header(struct slot *s)
{
    struct http_answer *a = &s->answer;
    time_t date = s->header.date[0] == '\0' ? (time_t)-1 : curl_getdate(s->header.date, NULL);

    a->date = date == (time_t)-1 ? 0 : timestamp_from_unix((int64_t)date);
    a->retry_after_ms = retry_after_ms(&s->header, a->date);
    a->remaining_reads = s->header.remaining_reads;
    (void)snprintf(a->request_id, sizeof(a->request_id), "%s", s->header.request_id);
    (void)snprintf(a->content_type, sizeof(a->content_type), "%s", s->header.content_type);
    a->challenge = s->header.challenge;
}

/* Turn curl's failure into the answer's error, unless a callback of ours has said why. */
static void explain(struct slot *s, CURLcode result)
{
    struct err *e = &s->answer.error;
    const char *host = s->http->authority;
    char reason[200];

    if (e->code != ERR_NONE)
        return;
    err_clean_text(reason, sizeof(reason), s->reason, strlen(s->reason));
    if (reason[0] == '\0')
        (void)snprintf(reason, sizeof(reason), "%s", curl_easy_strerror(result));
    switch (result) {
    case CURLE_OPERATION_TIMEDOUT:
        (void)err_set(e, ERR_NETWORK, "%s: no connection within %g s", host,
                      s->http->config.connect_timeout_ms / 1000.0);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        (void)err_set(e, ERR_UNTRUSTED, "%s: %s", host, reason);
        (void)err_hint(e, "where a proxy inspects TLS, name its authority with --cacert FILE");
        break;
    case CURLE_SSL_CACERT_BADFILE:
        (void)err_set(e, ERR_LOCAL, "%s: no usable certificates",
                      s->http->cacert != NULL ? s->http->cacert : "the system's store");
        break;
    case CURLE_WRITE_ERROR:
        /* Ours say why; this one is of curl's decoder, which blames whoever takes the bytes. */
        (void)err_set(e, ERR_NETWORK, "%s: the compressed answer cannot be decoded", host);
        break;
    case CURLE_OUT_OF_MEMORY:
        /* curl reports its own limits on header and held-back body in the same way. */
        (void)err_set(e, ERR_UNTRUSTED, "%s: an answer beyond what can be held", host);
        break;
    default:
        (void)err_set(e, ERR_NETWORK, "%s: %s", host, reason);
        break;
    }
}

/*
 * curl does not notice a gzip stream that stops early, and nobody can tell the end of a body that
 * has no length. Such a body is taken for cut short when it begins like JSON and does not end so;
 * but not when gzip was not offered: then it is the server's own text that ends early.
 */
static int is_cut_json(const struct slot *s)
{
    const struct buf *b = &s->answer.body;
    size_t n = b->len, i = 0;

    if (s->answer.status != 200 || !header_is_json(&s->header) ||
        (s->header.framed && (!s->header.encoded || s->request->plain)))
        return 0;
    while (i < n && strchr(" \t\r\n", b->data[i]) != NULL && b->data[i] != '\0')
        i++;
    if (i == n)
        return 1;
    while (n > i && strchr(" \t\r\n", b->data[n - 1]) != NULL && b->data[n - 1] != '\0')
        n--;
    return (b->data[i] == '{' && (b->data[n - 1] != '}' || n - i < 2)) ||
           (b->data[i] == '[' && (b->data[n - 1] != ']' || n - i < 2));
}

/* Free the slot and tell its owner. */
static void slot_end(struct slot *s)
{
    struct http *h = s->http;
    struct http_answer a = s->answer;
    struct request *r = s->request;

    if (a.error.code != ERR_NONE) {
        a.status = 0;
        buf_free(&a.body);
    } else if (a.status != 200) {
        if (a.body.len > HTTP_WORDS_MAX)
            buf_clear(&a.body);
        mask_token(a.body.data, a.body.len, r->token);
    }
    mask_token(a.request_id, strlen(a.request_id), r->token);
    mask_token(a.challenge.claims, strlen(a.challenge.claims), r->token);
    mask_token(a.challenge.reason, strlen(a.challenge.reason), r->token);
    memset(&s->answer, 0, sizeof(s->answer));
    header_clear(&s->header);
    headers_free(s);
    s->request = NULL;
    h->pending--;
    h->ended++;
    h->config.done(h->config.arg, r->user, &a);
    buf_free(&a.body);
    request_free(r);
}

/* The URL that a Location leads to, or NULL; relative ones are resolved. The caller frees it. */
static char *resolve(const char *base, const char *location)
{
    CURLU *u = curl_url();
    char *text = NULL, *copy = NULL;
    struct url plain;

    if (url_split(&plain, location) == 0)
        copy = slice_dup(slice_of(location));
    else if (u != NULL && curl_url_set(u, CURLUPART_URL, base, CURLU_PATH_AS_IS) == CURLUE_OK &&
             curl_url_set(u, CURLUPART_URL, location, CURLU_PATH_AS_IS) == CURLUE_OK &&
             curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK)
        copy = slice_dup(slice_of(text));
    curl_free(text);
    curl_url_cleanup(u);
    return copy;
}

/* Follow a redirect within the origin: 1 when it was sent, 0 when the answer is none, -1 with the
 * answer's error set. */
static int follow(struct slot *s)
{
    struct http *h = s->http;
    struct err *e = &s->answer.error;
    int status = s->answer.status;
    struct url u;
    char *url;

    if ((status != 301 && status != 302 && status != 303 && status != 307 && status != 308) ||
        s->header.location == NULL)
        return 0;
    if (s->request->redirects == HTTP_REDIRECTS_MAX)
        return err_set(e, ERR_UNTRUSTED, "%s: more than %d redirects in a row", h->authority,
                       HTTP_REDIRECTS_MAX);
    url = resolve(s->request->url, s->header.location);
    if (url == NULL || url_split(&u, url) != 0) {
        free(url);
        return err_set(e, ERR_UNTRUSTED, "%s: a redirect to no plain http(s) URL", h->authority);
    }
    if (!url_same_origin(&u, &h->origin)) {
        char other[256];

        err_clean_text(other, sizeof(other), u.origin.data, u.origin.len);
        free(url);
        return err_set(e, ERR_UNTRUSTED, "%s: a redirect to another origin, %s", h->authority,
                       other);
    }
    free(s->request->url);
    s->request->url = url;
    s->request->redirects++;
    return slot_start(s) == 0 ? 1 : err_memory(e, "redirect");
}

/* curl is done with the slot's transfer, or we are (result CURLE_ABORTED_BY_CALLBACK). */
static void slot_finish(struct slot *s, CURLcode result)
{
    long status = 0;

    (void)curl_multi_remove_handle(s->http->multi, s->easy);
    take_header(s);
    if (result != CURLE_OK) {
        explain(s, result);
    } else {
        (void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
        s->answer.status = (int)status;
        /* curl takes a header that stops early for a whole one. */
        if (s->header.complete && follow(s) == 1)
            return;
        if (s->answer.error.code == ERR_NONE && (!s->header.complete || is_cut_json(s))) {
            (void)err_set(&s->answer.error, ERR_NETWORK, "%s: the answer was cut short",
                          s->http->authority);
            s->answer.cut_inside = s->header.complete && s->header.framed;
        }
    }
    slot_end(s);
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
        if (slot_start(s) != 0) {
            (void)err_memory(&s->answer.error, "request");
            slot_end(s);
        }
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
            slot_finish(s, result);
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
            (void)err_set(&s->answer.error, ERR_NETWORK, "%s: %s for %g s", h->authority,
                          s->phase == WAITING ? "no answer" : "silent in the middle of an answer",
                          allowed / 1000.0);
            slot_finish(s, CURLE_ABORTED_BY_CALLBACK);
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
        slot_finish((struct slot *)(void *)private, code);
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

unsigned http_pending(const struct http *h)
{
    return h->pending;
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
    h->endpoint = slice_dup(slice_of(c->endpoint));
    if (h->endpoint == NULL)
        return err_memory(e, "endpoint");
    if (url_split(&h->origin, h->endpoint) != 0) {
        char shown[256];

        /* What stands before an '@' may be a password. */
        if (strchr(c->endpoint, '@') != NULL)
            return err_set(e, ERR_USAGE, "endpoint: a URL with user information");
        err_clean_text(shown, sizeof(shown), c->endpoint, strlen(c->endpoint));
        return err_set(e, ERR_USAGE, "endpoint: %s: not an https URL", shown);
    }
    if (!h->origin.https && !url_is_loopback(&h->origin))
        return err_set(e, ERR_USAGE, "endpoint: %s: plain http is for loopback addresses alone",
                       h->endpoint);
    authority.data = h->origin.host.data;
    authority.len = (size_t)(h->origin.origin.data + h->origin.origin.len - authority.data);
    h->authority = slice_dup(authority);
    if (h->authority == NULL)
        return err_memory(e, "endpoint");
    if (c->cacert != NULL) {
        /* Read here, so that the file is found by the name that the user gave, on every system. */
        if (sys_read_file(c->cacert, HTTP_CACERT_MAX, &h->authorities, e) != 0)
            return -1;
        h->cacert = slice_dup(slice_of(c->cacert));
        if (h->cacert == NULL)
            return err_memory(e, "cacert");
    }
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
    struct http *h = calloc(1, sizeof(*h));
    unsigned i;

    if (h == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(h);
        (void)err_memory(e, "network");
        return NULL;
    }
    h->last = &h->first;
    if (copy_config(h, c, e) != 0)
        goto fail;
    h->slots = calloc(h->config.connections, sizeof(*h->slots));
    h->multi = curl_multi_init();
    if (h->slots == NULL || h->multi == NULL ||
        curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) != CURLM_OK ||
        curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->config.connections) !=
            CURLM_OK) {
        (void)err_memory(e, "network");
        goto fail;
    }
    for (i = 0; i < h->config.connections; i++)
        h->slots[i].http = h;
    return h;
fail:
    http_free(h);
    return NULL;
}

void http_free(struct http *h)
{
    unsigned i;

    if (h == NULL)
        return;
    for (i = 0; h->slots != NULL && i < h->config.connections; i++) {
        struct slot *s = &h->slots[i];

        if (s->request != NULL)
            (void)curl_multi_remove_handle(h->multi, s->easy);
        curl_easy_cleanup(s->easy);
        headers_free(s);
        header_clear(&s->header);
        request_free(s->request);
        buf_free(&s->answer.body);
    }
    while (h->first != NULL) {
        struct request *r = h->first;

        h->first = r->next;
        request_free(r);
    }
    if (h->multi != NULL)
        (void)curl_multi_cleanup(h->multi);
    free(h->slots);
    free(h->endpoint);
    free(h->authority);
    free(h->cacert);
    buf_free(&h->authorities);
    free(h);
    curl_global_cleanup();
}

int http_same_origin(const char *endpoint, const char *url)
{
    struct url a, b;

    return url_split(&a, endpoint) == 0 && url_split(&b, url) == 0 && url_same_origin(&a, &b);
}

int http_is_loopback(const char *url)
{
    struct url u;

    return url_split(&u, url) == 0 && url_is_loopback(&u);
}

int http_features(struct buf *out)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

    return buf_printf(out, "libcurl/%s %s zlib/%s", v->version,
                      v->ssl_version != NULL ? v->ssl_version : "no-TLS",
                      v->libz_version != NULL ? v->libz_version : "none");
}
