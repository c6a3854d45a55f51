#include "net/url.h"

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
