#include "acquire/paging.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <string.h>

/* Digits of a time in a token: 18 today, written with a zero in front. */
#define PAGING_DIGITS_LEAST 18
#define PAGING_DIGITS_MOST 19

/* The value of a hexadecimal digit, or -1. */
static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, text_lower(c));

    return at == NULL ? -1 : (int)(at - digits);
}

/* The next byte of a query's text, with %XX decoded; *p moves on. */
static char next_byte(const char **p)
{
    const char *at = *p;

    if (at[0] == '%' && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
        *p += 3;
        return (char)(hex(at[1]) * 16 + hex(at[2]));
    }
    *p += 1;
    return at[0];
}

/* What stands behind "skiptoken=" in a link, or NULL. */
static const char *find_token(const char *link)
{
    const char *p;

    for (p = link; *p != '\0'; p++) {
        if (text_starts_nocase(slice_of(p), "skiptoken="))
            return p + strlen("skiptoken=");
    }
    return NULL;
}

int64_t paging_position(const char *link)
{
    const char *p = find_token(link);
    int64_t most = PAGING_UNKNOWN, value = 0;
    int digits = 0, last = 0;

    while (p != NULL && !last) {
        char c = *p == '\0' || *p == '&' ? '\0' : next_byte(&p);

        last = c == '\0';
        if (c >= '0' && c <= '9') {
            if (++digits <= PAGING_DIGITS_MOST && value <= (INT64_MAX - 9) / 10)
                value = value * 10 + (c - '0');
            continue;
        }
        if (digits >= PAGING_DIGITS_LEAST && digits <= PAGING_DIGITS_MOST && value > most)
            most = value;
        value = 0;
        digits = 0;
    }
    return most;
}

/* The URL with %XX and '+' decoded and in lower case, terminated. */
static void decode(const char *url, struct buf *out)
{
    while (*url != '\0') {
        char c = *url == '+' ? ' ' : *url;

        if (c == *url)
            c = next_byte(&url);
        else
            url++;
        buf_putc(out, text_lower(c));
    }
    (void)buf_text(out);
}

/* The subscription or management group whose log a decoded URL asks for; empty for the tenant's.
 * Absent when it is no URL of a log. */
static struct slice log_of(const char *url)
{
    static const char *const kinds[] = {"/subscriptions/", "/managementgroups/"};
    struct slice none = {NULL, 0};
    const char *end = strstr(url, "/providers/microsoft.insights/"), *query = strchr(url, '?');
    size_t i;

    if (end == NULL || (query != NULL && query < end))
        return none;
    for (i = 0; i < 2; i++) {
        const char *at = strstr(url, kinds[i]);

        if (at != NULL && at < end) {
            at += strlen(kinds[i]);
            return (struct slice){at, strcspn(at, "/")};
        }
    }
    return slice_of("");
}

/* The time that a decoded URL's filter compares eventTimestamp with by that operator ("ge" or
 * "le"). Returns 1, or 0 when it does not say so. */
static int bound(const char *url, const char *compares, int64_t *ticks)
{
    static const char field[] = "eventtimestamp";
    const char *p = url;

    while ((p = strstr(p, field)) != NULL) {
        size_t n;

        p += strlen(field);
        p += strspn(p, " ");
        if (strncmp(p, compares, strlen(compares)) != 0)
            continue;
        p += strlen(compares);
        p += strspn(p, " ");
        if (*p != '\'')
            return 0;
        n = strcspn(++p, "'");
        return timestamp_parse((struct slice){p, n}, ticks) == 0;
    }
    return 0;
}

/* What of that a link leaves out, or NULL. */
static const char *left_out(const char *asked, const char *link, int64_t from, int64_t oldest)
{
    struct slice was = log_of(asked), is = log_of(link);
    int64_t at;

    if (was.data != NULL && is.data != NULL && slice_compare(was, is) != 0)
        return "the log of another scope";
    if (bound(link, "ge", &at) && at > from)
        return "a range that begins later";
    if (bound(link, "le", &at) && at + TICKS_PER_SECOND < oldest)
        return "a range that ends before the oldest event so far";
    return NULL;
}

int paging_check(const char *asked, const char *link, int64_t from, int64_t oldest, struct err *e)
{
    struct buf was = {0}, is = {0};
    const char *what;

    if (asked == NULL || link == NULL)
        return 0;
    decode(asked, &was);
    decode(link, &is);
    what = left_out(was.data, is.data, from, oldest);
    buf_free(&was);
    buf_free(&is);
    return what == NULL ? 0 : err_set(e, ERR_UNTRUSTED, "the next link asks for %s", what);
}
