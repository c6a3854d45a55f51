#include "net/http_impl.h"

#include "base/base64.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "net/mask.h"
#include "net/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the body of a refusal: ARM's have less than 1 KiB. A longer one is not read. */
#define HTTP_WORDS_MAX (64U << 10)

int64_t http_answer_date(const struct http_answer *a)
{
    int64_t apart = a->date - sys_now(), most = HTTP_CLOCKS_APART_MAX_S * TICKS_PER_SECOND;

    return apart > most || apart < -most ? 0 : a->date;
}

/* Copy what the header says into the answer. */
static void take_header(struct slot *s)
{
    struct http_answer *a = &s->answer;

    if (retry_after_date(slice_of(s->header.date), &a->date) != 0)
        a->date = 0;
    /* A date counts from the server's own clock. */
    a->retry_after_ms = retry_after_ms(&s->header.retry_after, a->date != 0 ? a->date : sys_now());
    a->remaining_reads = s->header.remaining_reads;
    (void)snprintf(a->request_id, sizeof(a->request_id), "%s", s->header.request_id);
    (void)snprintf(a->content_type, sizeof(a->content_type), "%s", s->header.content_type);
    a->pages_on = s->header.pages_on;
    a->challenge = s->header.challenge;
}

/* There are no certificates to trust. */
static void explain_trust(const struct http *h, struct err *e)
{
    const char *named = h->trust.file != NULL ? h->trust.file : h->trust.folder;
    char path[300];

    if (h->cacert != NULL) {
        (void)err_set(e, ERR_LOCAL, "%s: no usable certificates", h->cacert);
    } else if (h->trust.variable != NULL && named != NULL) {
        err_clean_text(path, sizeof(path), named, strlen(named));
        (void)err_set(e, ERR_LOCAL, "%s: %s: no usable certificates", h->trust.variable, path);
    } else {
        (void)err_set(e, ERR_LOCAL, "no usable certificates in %s", sys_trust_places);
        (void)err_hint(e, "install the package ca-certificates, or name a file with --cacert or "
                          "SSL_CERT_FILE");
    }
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
    if (http_proxy_explain(s, result, reason))
        return;
    switch (result) {
    case CURLE_OPERATION_TIMEDOUT:
        (void)err_set(e, ERR_NETWORK, "%s: no connection within %g s", host,
                      s->http->config.connect_timeout_ms / 1000.0);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        (void)err_set(e, ERR_UNTRUSTED, "%s: %s", host, reason);
        (void)err_hint(e, "where a proxy inspects TLS, name its authority with --cacert FILE"
                          " or SSL_CERT_FILE");
        break;
    case CURLE_SSL_CACERT_BADFILE:
        explain_trust(s->http, e);
        break;
    case CURLE_OUT_OF_MEMORY:
        /* curl reports its own limits on header and held-back body in the same way. */
        (void)err_set(e, ERR_UNTRUSTED, "%s: the response is too large", host);
        break;
    default:
        (void)err_set(e, ERR_NETWORK, "%s: %s", host, reason);
        break;
    }
}

/* Nobody can tell the end of a body that has neither a length nor an encoding. It is taken for cut
 * short when it begins like JSON and does not end so. */
static int is_cut_json(const struct slot *s)
{
    const struct buf *b = &s->answer.body;
    size_t n = b->len, i = 0;

    if (!header_is_json(&s->header))
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

/* Whether a body that came to its end is not whole. */
static int is_cut(const struct slot *s)
{
    if (s->answer.status != 200)
        return 0;
    if (s->header.encoding[0] != '\0' && !s->decoding)
        return 1;
    if (s->decoding && decode_is_encoded(s->decode))
        return !decode_is_whole(s->decode);
    return !s->header.framed && is_cut_json(s);
}

/* Whether the token stands in base64: claims that hold it are no claims, and go. */
static int holds_token(const char *base64, const char *token)
{
    struct buf text = {0}, masked = {0};
    int holds = 0;

    if (base64[0] != '\0' && base64_decode(slice_of(base64), &text) == 0) {
        buf_append(&masked, text.data, text.len);
        mask_token(masked.data, masked.len, token);
        holds = memcmp(masked.data, text.data, text.len) != 0;
    }
    secret_free(&text);
    buf_free(&masked);
    return holds;
}

/* Mask the token in all that the server has said; its data stays as it is. */
static void mask_answer(struct http_answer *a, const char *token)
{
    char *const texts[] = {a->request_id,       a->content_type, a->challenge.claims,
                           a->challenge.reason, a->error.msg,    a->error.hint};
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        mask_token(texts[i], strlen(texts[i]), token);
    if (holds_token(a->challenge.claims, token))
        a->challenge.claims[0] = '\0';
    if (a->status != 200)
        mask_token(a->body.data, a->body.len, token);
}

/* Free the slot and tell its owner. */
void http_slot_end(struct slot *s)
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
    }
    mask_answer(&a, r->token);
    memset(&s->answer, 0, sizeof(s->answer));
    header_clear(&s->header);
    http_slot_forget(s);
    s->request = NULL;
    h->pending--;
    h->ended++;
    h->config.done(h->config.arg, r->user, &a);
    buf_free(&a.body);
    http_request_free(r);
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
    url = url_follow(s->request->url, s->header.location);
    if (url_split(&u, url) != 0) {
        free(url);
        return err_set(e, ERR_UNTRUSTED,
                       "%s: a redirect to something other than an http or https URL", h->authority);
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
    return http_slot_start(s) == 0 ? 1 : -1;
}

/* curl is done with the slot's transfer, or we are (result CURLE_ABORTED_BY_CALLBACK). */
void http_slot_finish(struct slot *s, CURLcode result)
{
    long status = 0;

    (void)curl_multi_remove_handle(s->http->multi, s->easy);
    take_header(s);
    if (result != CURLE_OK) {
        explain(s, result);
    } else {
        (void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
        s->answer.status = (int)status;
        if (s->decoding && !s->skipping)
            decode_end(s->decode, &s->answer.body);
        /* curl takes a header that stops early for a whole one. */
        if (s->header.complete && follow(s) == 1)
            return;
        if (s->answer.error.code == ERR_NONE && (!s->header.complete || is_cut(s))) {
            (void)err_set(&s->answer.error, ERR_NETWORK, "%s: the answer was cut short",
                          s->http->authority);
            s->answer.cut_inside = s->header.complete && s->header.framed;
        }
    }
    http_slot_end(s);
}
