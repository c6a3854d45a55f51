#include "net/http_impl.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/version.h"
#include "net/secret.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that one read from the network may bring: a page comes in a few reads. */
#define HTTP_READ_BYTES (256L << 10)

void http_request_free(struct request *r)
{
    if (r == NULL)
        return;
    secret_text_free(r->token);
    free(r->url);
    free(r);
}

/* Free the header lines of a slot, which hold the token. */
void http_slot_forget(struct slot *s)
{
    struct curl_slist *line;

    for (line = s->headers; line != NULL; line = line->next)
        mem_wipe(line->data, strlen(line->data));
    curl_slist_free_all(s->headers);
    s->headers = NULL;
}

static void add_header(struct slot *s, const char *line)
{
    struct curl_slist *longer = curl_slist_append(s->headers, line);

    if (longer == NULL)
        mem_fail();
    s->headers = longer;
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

/* The callback of curl for a new connection. */
static int on_socket(void *arg, curl_socket_t socket, curlsocktype purpose)
{
    struct slot *s = arg;

    (void)purpose;
    s->socket = socket;
    return CURL_SOCKOPT_OK;
}

/* curl does not say on which of its connections an answer begins. */
static void acknowledge(const struct http *h)
{
    unsigned i;

    for (i = 0; i < h->config.connections; i++) {
        if (h->slots[i].socket != CURL_SOCKET_BAD)
            sys_acknowledge((intptr_t)h->slots[i].socket);
    }
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
    struct slot *s = arg;
    struct slice line = {data, size * count};

    if (s->phase != RECEIVING)
        acknowledge(s->http);
    s->phase = RECEIVING;
    s->since_ms = sys_monotonic_ms();
    header_line(&s->header, line);
    return line.len;
}

/* What is left of a refusal's body does not matter: only the first words are read. */
static size_t skip_body(struct slot *s, size_t len)
{
    s->skipping = 1;
    buf_clear(&s->answer.body);
    return len;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
    struct slot *s = arg;
    struct http_config *c = &s->http->config;
    struct buf *body = &s->answer.body;
    size_t len = size * count, before = body->len;
    enum decode_result result;
    long status = 0;

    s->since_ms = sys_monotonic_ms();
    if (s->skipping)
        return len;
    if (c->may_receive != NULL && !c->may_receive(c->arg, s->request->user, len)) {
        s->paused = 1;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (!s->decoding) {
        decode_begin(s->decode, slice_of(s->header.encoding));
        s->decoding = 1;
    }
    result = decode_add(s->decode, (struct slice){data, len}, body, c->max_body);
    if (result == DECODE_OK) {
        /* What it has grown by is kept, whatever the answer; the next piece waits if need be. */
        if (c->may_receive != NULL && body->len - before > len)
            (void)c->may_receive(c->arg, s->request->user, body->len - before - len);
        return len;
    }
    (void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return skip_body(s, len);
    if (result == DECODE_LARGE) {
        (void)err_set(&s->answer.error, ERR_UNTRUSTED, "%s: an answer of more than %zu bytes",
                      s->http->authority, c->max_body);
    } else {
        (void)err_set(&s->answer.error, ERR_NETWORK, "%s: the compressed answer cannot be decoded",
                      s->http->authority);
        s->answer.cut_inside = !s->request->plain;
    }
    return 0;
}

/* ---- starting ---- */

/* Name the certificates to trust. */
static int set_trust(struct slot *s)
{
    const struct http *h = s->http;
    CURLcode result = CURLE_OK;

    if (h->cacert != NULL) {
        struct curl_blob blob = {h->authorities.data, h->authorities.len, CURL_BLOB_NOCOPY};

        /* Not every TLS library takes them from memory. */
        if (curl_easy_setopt(s->easy, CURLOPT_CAINFO_BLOB, &blob) != CURLE_OK)
            result = curl_easy_setopt(s->easy, CURLOPT_CAINFO, h->cacert);
        /* The file stands in place of the system's store. Not every TLS library has a folder. */
        (void)curl_easy_setopt(s->easy, CURLOPT_CAPATH, NULL);
        return result == CURLE_OK ? 0 : -1;
    }
    if (h->trust.file != NULL)
        result = curl_easy_setopt(s->easy, CURLOPT_CAINFO, h->trust.file);
    else if (h->trust.folder != NULL)
        result = curl_easy_setopt(s->easy, CURLOPT_CAINFO, NULL);
    if (result == CURLE_OK && h->trust.folder != NULL)
        result = curl_easy_setopt(s->easy, CURLOPT_CAPATH, h->trust.folder);
    return result == CURLE_OK ? 0 : -1;
}

/* Set what is the same for all requests of a slot. Returns the name of what libcurl does not take,
 * or NULL. */
static const char *slot_prepare(struct slot *s)
{
    const struct http *h = s->http;
    const char *refused = NULL;

    s->easy = curl_easy_init();
    if (s->easy == NULL)
        mem_fail();
#define SET(option, value)                                                                         \
    refused = refused == NULL && curl_easy_setopt(s->easy, option, value) != CURLE_OK ? #option    \
                                                                                      : refused
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
    SET(CURLOPT_SOCKOPTFUNCTION, on_socket);
    SET(CURLOPT_SOCKOPTDATA, s);
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
    /* Without credentials in its URL nothing is sent to a proxy, whatever it asks for. */
    SET(CURLOPT_PROXYAUTH, (long)CURLAUTH_ANY);
    if (url_is_loopback(&h->origin))
        SET(CURLOPT_NOPROXY, "*");
    else if (h->proxy != NULL)
        SET(CURLOPT_PROXY, h->proxy);
#undef SET
    if (refused == NULL && set_trust(s) != 0)
        refused = "CURLOPT_CAINFO";
    /* On Windows: a list of revoked certificates that cannot be fetched is no reason to fail.
     * Other TLS libraries do not know the option. */
    (void)curl_easy_setopt(s->easy, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_REVOKE_BEST_EFFORT);
    return refused;
}

/* Set the URL byte for byte: curl parses the origin alone, the rest goes out as it stands. */
static int set_url(struct slot *s, const char *url)
{
    struct buf origin = {0}, target = {0};
    struct url u;
    int ret;

    if (url_split(&u, url) != 0)
        return -1;
    buf_printf(&origin, "%.*s/", (int)u.origin.len, u.origin.data);
    if (u.target.len == 0 || u.target.data[0] != '/')
        buf_putc(&target, '/');
    buf_append(&target, u.target.data, u.target.len);
    ret = curl_easy_setopt(s->easy, CURLOPT_URL, origin.data) == CURLE_OK &&
                  curl_easy_setopt(s->easy, CURLOPT_REQUEST_TARGET, buf_text(&target)) == CURLE_OK
              ? 0
              : -1;
    buf_free(&origin);
    buf_free(&target);
    return ret;
}

/* Set the header lines of a request. */
static int set_headers(struct slot *s)
{
    struct buf line = {0};

    http_slot_forget(s);
    buf_reserve(&line, strlen(s->request->token) + 64);
    buf_printf(&line, "Authorization: Bearer %s", s->request->token);
    add_header(s, line.data);
    secret_free(&line);
    add_header(s, "Accept: application/json");
    add_header(s, "Prefer: wait=75");
    add_header(s, "Cache-Control: no-cache"); /* the list of management groups wants it */
    /* decode.c decodes: libcurl is not asked to. */
    add_header(s, s->request->plain ? "Accept-Encoding: identity" : "Accept-Encoding: gzip");
    return curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers) == CURLE_OK ? 0 : -1;
}

int http_slot_start(struct slot *s)
{
    const char *refused = NULL;

    buf_free(&s->answer.body);
    memset(&s->answer, 0, sizeof(s->answer));
    header_clear(&s->header);
    s->reason[0] = '\0';
    s->phase = CONNECTING;
    s->paused = s->decoding = s->skipping = 0;
    s->received = 0;
    s->since_ms = sys_monotonic_ms();
    if (s->decode == NULL)
        s->decode = decode_new();
    if (s->easy == NULL)
        refused = slot_prepare(s);
    if (refused == NULL && set_url(s, s->request->url) != 0)
        refused = "CURLOPT_URL";
    if (refused == NULL && set_headers(s) != 0)
        refused = "CURLOPT_HTTPHEADER";
    if (refused == NULL && curl_multi_add_handle(s->http->multi, s->easy) != CURLM_OK)
        refused = "a transfer";
    if (refused == NULL)
        return 0;
    return err_set(&s->answer.error, ERR_INTERNAL, "network: libcurl does not take %s", refused);
}

void http_slot_free(struct slot *s)
{
    if (s->request != NULL)
        (void)curl_multi_remove_handle(s->http->multi, s->easy);
    curl_easy_cleanup(s->easy);
    http_slot_forget(s);
    header_clear(&s->header);
    http_request_free(s->request);
    buf_free(&s->answer.body);
    decode_free(s->decode);
}
