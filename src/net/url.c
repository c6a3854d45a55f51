#include "net/url.h"

#include <stdlib.h>
#include <string.h>

#define URL_PORT_HTTP 80
#define URL_PORT_HTTPS 443
/* The largest port, and the most digits of one. */
#define URL_PORT_MAX 65535
#define URL_PORT_DIGITS 5
/* Bytes of a host name, by RFC 1035. */
#define URL_HOST_MAX 253

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Length of the prefix in any letter case that text begins with, or 0. */
static size_t prefix_length(const char *text, const char *prefix)
{
    struct slice head = {text, strlen(prefix)};

    return strlen(text) >= head.len && slice_equals_nocase(head, prefix) ? head.len : 0;
}

/* Length of the host that text begins with, or 0. */
static size_t host_length(const char *text)
{
    size_t n;

    if (*text != '[') {
        n = strspn(text, ALNUM "-._");
        return n <= URL_HOST_MAX ? n : 0;
    }
    n = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
    return n > 1 && text[n] == ']' ? n + 1 : 0;
}

/* Read ":port" at text into *port. Returns its length, 0 when there is none, -1 when it is bad. */
static int port_length(const char *text, unsigned *port)
{
    unsigned value = 0;
    int n;

    if (*text != ':')
        return 0;
    for (n = 1; text[n] >= '0' && text[n] <= '9' && n <= URL_PORT_DIGITS; n++)
        value = value * 10 + (unsigned)(text[n] - '0');
    if (n == 1 || value < 1 || value > URL_PORT_MAX)
        return -1;
    *port = value;
    return n;
}

int url_split(struct url *u, const char *text)
{
    const char *p;
    size_t n;
    int port;

    memset(u, 0, sizeof(*u));
    for (p = text; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return -1;
    }
    n = prefix_length(text, "https://");
    u->https = n > 0;
    if (n == 0)
        n = prefix_length(text, "http://");
    if (n == 0)
        return -1;
    p = text + n;
    u->host.data = p;
    u->host.len = host_length(p);
    if (u->host.len == 0)
        return -1;
    p += u->host.len;
    u->port = u->https ? URL_PORT_HTTPS : URL_PORT_HTTP;
    port = port_length(p, &u->port);
    if (port < 0)
        return -1;
    p += port;
    if (*p != '\0' && strchr("/?#", *p) == NULL)
        return -1;
    u->origin.data = text;
    u->origin.len = (size_t)(p - text);
    u->target.data = p;
    u->target.len = strcspn(p, "#");
    return 0;
}

/* ---- following ---- */

/* Whether text begins with a scheme and its colon. */
static int has_scheme(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.data[n] != '\0' && strchr(ALNUM "+-.", s.data[n]) != NULL)
        n++;
    return n > 0 && n < s.len && s.data[n] == ':';
}

/* Bytes of a URL's text that cannot be its path or query: scheme and authority. */
static size_t authority_end(struct slice s)
{
    size_t i = 0;

    while (i < s.len && s.data[i] != ':')
        i++;
    if (s.len - i < 3 || s.data[i + 1] != '/' || s.data[i + 2] != '/')
        return s.len;
    for (i += 3; i < s.len && strchr("/?#", s.data[i]) == NULL; i++)
        ;
    return i;
}

/* Append what may follow an authority, with what no URL may hold as %XX. */
static void put_encoded(struct buf *out, struct slice s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];

        if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c) != NULL)
            buf_printf(out, "%%%02X", c);
        else
            buf_putc(out, (char)c);
    }
}

/* Append a path without its segments "." and ".." (RFC 3986, 5.2.4). */
static void put_path(struct buf *out, struct slice path)
{
    size_t start = out->len, i = 0;

    while (i < path.len) {
        size_t n = 1;

        while (i + n < path.len && path.data[i + n] != '/')
            n++;
        if (n == 2 && memcmp(path.data + i, "/.", 2) == 0) {
            if (i + n == path.len)
                buf_putc(out, '/');
        } else if (n == 3 && memcmp(path.data + i, "/..", 3) == 0) {
            while (out->len > start && out->data[--out->len] != '/')
                ;
            if (i + n == path.len)
                buf_putc(out, '/');
        } else {
            put_encoded(out, (struct slice){path.data + i, n});
        }
        i += n;
    }
}

/* Length of the path that a target begins with. */
static size_t path_length(struct slice target)
{
    size_t n = 0;

    while (n < target.len && target.data[n] != '?' && target.data[n] != '#')
        n++;
    return n;
}

/* Append what a reference without a scheme leads to. */
static void put_relative(struct buf *out, const struct url *base, struct slice ref)
{
    struct slice path = {base->target.data, path_length(base->target)};
    struct buf merged = {0};
    size_t n;

    if (ref.len >= 2 && ref.data[0] == '/' && ref.data[1] == '/') {
        n = 2;
        while (n < ref.len && strchr("/?#", ref.data[n]) == NULL)
            n++;
        buf_printf(out, "%s:%.*s", base->https ? "https" : "http", (int)n, ref.data);
        put_encoded(out, (struct slice){ref.data + n, ref.len - n});
        return;
    }
    buf_append(out, base->origin.data, base->origin.len);
    n = path_length(ref);
    if (n == 0) {
        put_encoded(out, path);
    } else {
        if (ref.data[0] != '/') {
            while (path.len > 0 && path.data[path.len - 1] != '/')
                path.len--;
            buf_append(&merged, path.data, path.len);
            if (path.len == 0)
                buf_putc(&merged, '/');
        }
        buf_append(&merged, ref.data, n);
        put_path(out, buf_slice(&merged));
        buf_free(&merged);
    }
    put_encoded(out, (struct slice){ref.data + n, ref.len - n});
}

char *url_follow(const char *base, const char *reference)
{
    struct slice ref = slice_of(reference);
    struct buf out = {0};
    struct url u;

    while (ref.len > 0 && (unsigned char)ref.data[ref.len - 1] <= ' ')
        ref.len--;
    while (ref.len > 0 && (unsigned char)*ref.data <= ' ') {
        ref.data++;
        ref.len--;
    }
    if (has_scheme(ref)) {
        size_t n = authority_end(ref);

        buf_append(&out, ref.data, n);
        put_encoded(&out, (struct slice){ref.data + n, ref.len - n});
    } else if (base != NULL && url_split(&u, base) == 0) {
        put_relative(&out, &u, ref);
    }
    return buf_text(&out);
}

void url_resolve(const char *base, char **link)
{
    char *url = *link == NULL ? NULL : url_follow(base, *link);

    free(*link);
    *link = url;
}

/* ---- origins ---- */

/* Whether two slices are equal in any letter case. */
static int equals_nocase(struct slice a, struct slice b)
{
    char text[URL_HOST_MAX + 1];

    if (a.len != b.len || b.len >= sizeof(text))
        return 0;
    memcpy(text, b.data, b.len);
    text[b.len] = '\0';
    return slice_equals_nocase(a, text);
}

int url_same_origin(const struct url *a, const struct url *b)
{
    return a->https == b->https && a->port == b->port && equals_nocase(a->host, b->host);
}

int url_is_loopback(const struct url *u)
{
    size_t i, digits = 0;
    unsigned value = 0, dots = 0;

    if (slice_equals_nocase(u->host, "localhost") || slice_equals(u->host, "[::1]"))
        return 1;
    if (u->host.len < 4 || memcmp(u->host.data, "127.", 4) != 0)
        return 0;
    for (i = 0; i < u->host.len; i++) {
        char c = u->host.data[i];

        if (c == '.' && digits > 0) {
            dots++;
            digits = 0;
            value = 0;
        } else if (c >= '0' && c <= '9' && (digits == 0 || value > 0)) {
            value = value * 10 + (unsigned)(c - '0');
            if (value > 255)
                return 0;
            digits++;
        } else {
            return 0;
        }
    }
    return dots == 3 && digits > 0;
}
