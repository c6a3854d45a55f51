#include "net/http_impl.h"

#include "base/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first of these variables of the environment that says something, or NULL. */
static const char *first_variable(const char *const *names)
{
    const char *value = NULL;

    for (; *names != NULL && value == NULL; names++) {
        value = getenv(*names);
        if (value != NULL && *value == '\0')
            value = NULL;
    }
    return value;
}

/* The user in a proxy's URL with the colon behind it, which the caller frees; NULL for none. */
static char *user_of(const char *url)
{
    const char *start = strstr(url, "://");
    struct buf user = {0};

    start = start != NULL ? start + 3 : url;
    if (strchr(start, '@') == NULL)
        return NULL;
    buf_printf(&user, "%.*s:", (int)strcspn(start, ":@"), start);
    return user.data;
}

void http_proxy_find(struct http *h)
{
    static const char *const for_https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                            NULL};
    static const char *const exceptions[] = {"no_proxy", "NO_PROXY", NULL};
    static const char *const for_http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
    const char *named = first_variable(h->origin.https ? for_https : for_http);
    struct slice host = h->origin.host;
    struct sys_proxy system;
    struct buf url = {0};

    if (url_is_loopback(&h->origin))
        return;
    if (named != NULL) {
        /* libcurl reads the variables, and no_proxy, itself. */
        proxy_name(h->proxy_name, named);
        h->proxy_user = user_of(named);
        h->proxy_is_sure = first_variable(exceptions) == NULL;
        return;
    }
    if (sys_system_proxy(h->endpoint, &system) && !proxy_is_bypassed(system.bypass, host)) {
        proxy_from_list(&url, system.list, h->origin.https);
        (void)buf_text(&url);
        if (url.len > 0) {
            proxy_name(h->proxy_name, url.data);
            h->proxy = url.data;
            h->proxy_is_sure = 1;
            memset(&url, 0, sizeof(url));
        }
    }
    buf_free(&url);
    free(system.list);
    free(system.bypass);
}

/* What a proxy offers to ask credentials with. */
static void print_offer(char out[64], long offered)
{
    static const struct {
        long bit;
        const char *name;
    } rows[] = {{(long)CURLAUTH_BASIC, "Basic"},
                {(long)CURLAUTH_DIGEST, "Digest"},
                {(long)CURLAUTH_NTLM, "NTLM"},
                {(long)CURLAUTH_NEGOTIATE, "Negotiate"}};
    size_t i, n = 0;

    out[0] = '\0';
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (offered & rows[i].bit)
            n += (size_t)snprintf(out + n, 64 - n, "%s%s", n > 0 ? ", " : "; it offers ",
                                  rows[i].name);
    }
}

/* The proxy has refused to connect. */
static void explain_refusal(struct slot *s, int status)
{
    const struct http *h = s->http;
    struct err *e = &s->answer.error;
    char offer[64];
    long offered = 0;

    (void)curl_easy_getinfo(s->easy, CURLINFO_PROXYAUTH_AVAIL, &offered);
    print_offer(offer, offered);
    if (status == 407) {
        (void)err_set(
            e, ERR_NETWORK, "%s: the proxy %s %s (HTTP 407%s)", h->authority, h->proxy_name,
            h->proxy_user != NULL ? "does not accept the credentials" : "requires credentials",
            offer);
        (void)err_hint(e, "%s", HTTP_HINT_PROXY);
    } else {
        (void)err_set(e, ERR_NETWORK, "%s: the proxy %s refuses to connect (HTTP %d)", h->authority,
                      h->proxy_name, status);
        (void)err_hint(e, "whoever runs the proxy has to allow %s:%u; no_proxy=%s bypasses it",
                       h->authority, h->origin.port, h->authority);
    }
    e->http = status;
    s->answer.final = status >= 400 && status <= 499 && status != 408 && status != 429;
}

int http_proxy_explain(struct slot *s, CURLcode result, const char *reason)
{
    const struct http *h = s->http;
    struct err *e = &s->answer.error;
    size_t host = strcspn(h->proxy_name, ":");
    char name[PROXY_NAME_MAX];
    long status = 0;

    if (h->proxy_name[0] == '\0')
        return 0;
    (void)curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status >= 300) {
        explain_refusal(s, (int)status);
        return 1;
    }
    /* libcurl's own words may hold the whole URL, with the password. */
    if (result == CURLE_COULDNT_RESOLVE_PROXY ||
        (h->proxy_user != NULL && strstr(reason, h->proxy_user) != NULL)) {
        (void)err_set(e, ERR_NETWORK, "%s: the proxy %s cannot be found, or its URL is wrong",
                      h->authority, h->proxy_name);
        return 1;
    }
    if (status == 0 && result == CURLE_OPERATION_TIMEDOUT && h->proxy_is_sure) {
        (void)err_set(e, ERR_NETWORK, "%s: no connection through the proxy %s within %g s",
                      h->authority, h->proxy_name, h->config.connect_timeout_ms / 1000.0);
        return 1;
    }
    (void)snprintf(name, sizeof(name), "%.*s", (int)host, h->proxy_name);
    if (status == 0 && name[0] != '\0' && strstr(reason, name) != NULL) {
        (void)err_set(e, ERR_NETWORK, "%s: through the proxy %s: %s", h->authority, h->proxy_name,
                      reason);
        return 1;
    }
    return 0;
}
