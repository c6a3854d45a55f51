#include "query.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EVENTS_PATH "/providers/microsoft.insights/eventtypes/management/values"
#define GROUPS_PATH "/providers/Microsoft.Management/managementGroups"
#define PERMISSIONS_PATH "/providers/Microsoft.Authorization/permissions"
#define ASSIGNMENTS_PATH "/providers/Microsoft.Authorization/roleAssignments"

#define FILTER_INVALID                                                                             \
    "{\"code\":\"BadRequest\",\"message\":\"$filter searching parameters invalid\"}"
/* What the redirect faults append to the target that they send back. */
#define REDIRECTED "&redirected=1"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | ' ');
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A decoded copy of n characters; '+' is a blank in a query. */
static char *decode(const char *text, size_t n, int query)
{
    char *out = mem_alloc(n + 1);
    size_t i, k = 0;

    for (i = 0; i < n; i++) {
        if (text[i] == '%' && i + 2 < n && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out[k++] = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out[k++] = query && text[i] == '+' ? ' ' : text[i];
        }
    }
    out[k] = '\0';
    return out;
}

/* If path begins with prefix in any case, step over it. */
static int skip(const char **path, const char *prefix)
{
    size_t n = strlen(prefix);

    if (strncasecmp(*path, prefix, n) != 0)
        return 0;
    *path += n;
    return 1;
}

/* Copy one path segment and step over it. */
static int segment(const char **path, char *out, size_t cap)
{
    size_t n = strcspn(*path, "/");

    if (n == 0 || n >= cap)
        return 0;
    memcpy(out, *path, n);
    out[n] = '\0';
    *path += n;
    return 1;
}

/* What a path asks for: the kind, and the scope in words. */
static enum query_kind route(const char *path, char *scope, size_t cap)
{
    char id[96];
    const char *p = path;

    if (skip(&p, "/.sim/"))
        return QUERY_CONTROL;
    p = path;
    if (strcasecmp(p, "/subscriptions") == 0 || strcasecmp(p, "/subscriptions/") == 0) {
        (void)snprintf(scope, cap, "subs");
        return QUERY_SUBSCRIPTIONS;
    }
    if (strcasecmp(p, GROUPS_PATH) == 0 || strcasecmp(p, GROUPS_PATH "/") == 0) {
        (void)snprintf(scope, cap, "groups");
        return QUERY_GROUPS;
    }
    (void)snprintf(scope, cap, "tenant");
    if (skip(&p, GROUPS_PATH "/") && segment(&p, id, sizeof(id)))
        (void)snprintf(scope, cap, "mg:%s", id);
    else if (skip(&p, "/subscriptions/") && segment(&p, id, sizeof(id)))
        (void)snprintf(scope, cap, "sub:%s", id);
    if (strcasecmp(p, EVENTS_PATH) == 0)
        return QUERY_EVENTS;
    if (strcasecmp(p, PERMISSIONS_PATH) == 0)
        return QUERY_PERMISSIONS;
    return strcasecmp(p, ASSIGNMENTS_PATH) == 0 ? QUERY_ASSIGNMENTS : QUERY_UNKNOWN;
}

/* The three parts of "STORE:ticks:hex" at *p; steps behind a ';'. */
static int token_part(const char **p, int64_t *ticks, uint32_t *id8)
{
    char *end;
    size_t n = strcspn(*p, ":;");

    if (n == 0 || (*p)[n] != ':')
        return -1;
    *p += n + 1;
    *ticks = strtoll(*p, &end, 10);
    if (end == *p || *end != ':')
        return -1;
    *p = end + 1;
    *id8 = (uint32_t)strtoul(*p, &end, 16);
    if (end - *p != 8)
        return -1;
    *p = end + (*end == ';');
    return 0;
}

/* Read "EU1:<ticks>:<id>;US1:<n>:FFFFFFFF;AS1:-1:FFFFFFFF". */
static int parse_position(struct query_position *at, const char *text)
{
    int64_t extra, unused;
    uint32_t rest;

    if (token_part(&text, &at->ticks, &at->id8) != 0 || token_part(&text, &extra, &rest) != 0 ||
        token_part(&text, &unused, &rest) != 0 || *text != '\0')
        return -1;
    at->extra = extra < 0 ? 0 : (uint32_t)extra;
    at->present = 1;
    return 0;
}

/* Read the parameters behind the '?'. */
static void parse_parameters(struct query *q, const char *p)
{
    while (*p != '\0') {
        size_t n = strcspn(p, "&"), k = strcspn(p, "=&");
        char *name = decode(p, k, 1), *value = decode(p + k + (k < n), n - k - (k < n), 1);
        char **slot = NULL;

        if (strcasecmp(name, "api-version") == 0)
            slot = &q->api_version;
        else if (strcasecmp(name, "$filter") == 0)
            slot = &q->filter;
        else if (strcasecmp(name, "$skiptoken") == 0)
            slot = &q->skip_token;
        if (slot != NULL) {
            free(*slot);
            *slot = value;
        }
        free(slot == NULL ? value : NULL);
        free(name);
        p += n + (p[n] == '&');
    }
}

void query_parse(struct query *q, const struct tenant *t, const char *target)
{
    size_t n = strcspn(target, "?");
    char *path = decode(target, n, 0);

    memset(q, 0, sizeof(*q));
    q->kind = route(path, q->scope_text, sizeof(q->scope_text));
    (void)snprintf(q->path, sizeof(q->path), "%s", path);
    free(path);
    if (q->kind == QUERY_EVENTS || q->kind == QUERY_ASSIGNMENTS || q->kind == QUERY_PERMISSIONS)
        q->scope = tenant_find(t, q->scope_text);
    if (target[n] == '?')
        parse_parameters(q, target + n + 1);
}

void query_free(struct query *q)
{
    free(q->api_version);
    free(q->filter);
    free(q->skip_token);
    q->api_version = q->filter = q->skip_token = NULL;
}

/* One blank-separated word of a filter; a quoted one may hold blanks. */
static int word(const char **p, char *out, size_t cap)
{
    size_t n;

    *p += strspn(*p, " ");
    if (**p == '\'') {
        n = strcspn(*p + 1, "'");
        if ((*p)[1 + n] != '\'' || n >= cap)
            return -1;
        memcpy(out, *p + 1, n);
        out[n] = '\0';
        *p += n + 2;
        return 0;
    }
    n = strcspn(*p, " ");
    if (n == 0 || n >= cap)
        return -1;
    memcpy(out, *p, n);
    out[n] = '\0';
    *p += n;
    return 0;
}

/* Read "eventTimestamp ge '...' [and eventTimestamp le '...'] [and eventChannels eq '...']". */
static int parse_filter(struct query *q)
{
    const char *p = q->filter;
    char name[64], operator[8], value[128], and[8];

    for (;;) {
        int64_t ticks;

        if (word(&p, name, sizeof(name)) != 0 || word(&p, operator, sizeof(operator)) != 0 ||
            word(&p, value, sizeof(value)) != 0)
            return -1;
        if (strcasecmp(name, "eventTimestamp") == 0) {
            if (timestamp_parse(slice_of(value), &ticks) != 0)
                return -1;
            if (strcasecmp(operator, "ge") == 0 && !q->has_from) {
                q->has_from = 1;
                q->from = ticks;
            } else if (strcasecmp(operator, "le") == 0 && !q->has_to) {
                q->has_to = 1;
                q->to = ticks;
            } else {
                return -1;
            }
        } else if (strcasecmp(name, "eventChannels") != 0 || strcasecmp(operator, "eq") != 0) {
            return -1;
        }
        p += strspn(p, " ");
        if (*p == '\0')
            return q->has_from ? 0 : -1;
        if (word(&p, and, sizeof(and)) != 0 || strcasecmp(and, "and") != 0)
            return -1;
    }
}

/* Whether `version` is one of the blank-separated ones. */
static int version_in(const char *version, const char *list)
{
    size_t n = strlen(version);
    const char *at = strstr(list, version);

    return n == 10 + (n > 10 ? 8U : 0U) && at != NULL && (at[n] == ' ' || at[n] == '\0');
}

/* The api-versions that answer a request. */
static const char *versions(const struct query *q)
{
    if (q->kind == QUERY_EVENTS && strncmp(q->scope_text, "mg:", 3) == 0)
        return "2017-03-01-preview";
    switch (q->kind) {
    case QUERY_EVENTS:
        return "2015-04-01 2017-03-01-preview";
    case QUERY_SUBSCRIPTIONS:
        return "2016-06-01 2018-06-01 2019-06-01 2020-01-01 2021-01-01 2022-12-01";
    case QUERY_GROUPS:
        return "2020-02-01 2020-05-01 2021-04-01 2023-04-01";
    default:
        return "2022-04-01";
    }
}

const char *query_check(struct query *q, int64_t now, char *body, size_t cap)
{
    char *end;

    if (q->api_version == NULL)
        return "{\"error\":{\"code\":\"MissingApiVersionParameter\",\"message\":\"The api-version "
               "query parameter (?api-version=) is required for all requests.\"}}";
    if (!version_in(q->api_version, versions(q))) {
        (void)snprintf(body, cap,
                       "{\"error\":{\"code\":\"InvalidApiVersionParameter\",\"message\":\"The "
                       "api-version is invalid. The supported versions are '%s'.\"}}",
                       versions(q));
        return body;
    }
    if (q->kind != QUERY_EVENTS) {
        if (q->kind == QUERY_ASSIGNMENTS &&
            (q->filter == NULL || strcasecmp(q->filter, "atScope()") != 0))
            return "{\"error\":{\"code\":\"UnsupportedQuery\",\"message\":\"The filter of this "
                   "query is not supported: use atScope().\"}}";
        q->offset = q->skip_token == NULL ? 0 : strtol(q->skip_token, &end, 10);
        if (q->skip_token != NULL && (end == q->skip_token || *end != '\0' || q->offset < 0))
            return "{\"error\":{\"code\":\"InvalidSkipToken\",\"message\":\"The skip token is "
                   "invalid.\"}}";
        return NULL;
    }
    if (q->filter == NULL || parse_filter(q) != 0)
        return FILTER_INVALID;
    if (q->from < now - 90 * TICKS_PER_DAY)
        return "{\"code\":\"BadRequest\",\"message\":\"The start time cannot be more than 90 days "
               "in the past.\"}";
    if (!q->has_to)
        q->to = INT64_MAX;
    if (q->from > q->to)
        return FILTER_INVALID;
    if (q->skip_token != NULL && parse_position(&q->at, q->skip_token) != 0)
        return "{\"code\":\"BadRequest\",\"message\":\"The skip token is invalid.\"}";
    return NULL;
}

/* Append text in the percent-encoding of the service's links. */
static void encode(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        int plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    strchr("-._~", c) != NULL;

        if (plain)
            buf_putc(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

/* Append the path and the parameters before the skip token. */
static void link_head(struct buf *out, const char *url, const struct query *q)
{
    const char *scope = q->scope == NULL || q->scope->kind == SCOPE_TENANT ? "" : q->scope->path;
    const char *path = q->kind == QUERY_EVENTS          ? EVENTS_PATH
                       : q->kind == QUERY_SUBSCRIPTIONS ? "/subscriptions"
                       : q->kind == QUERY_GROUPS        ? GROUPS_PATH
                       : q->kind == QUERY_PERMISSIONS   ? PERMISSIONS_PATH
                                                        : ASSIGNMENTS_PATH;

    buf_printf(out, "%s%s%s?api-version=%s", url, scope, path, q->api_version);
    if (q->filter == NULL)
        return;
    buf_puts(out, "&$filter=");
    encode(out, q->filter);
}

void query_link(struct buf *out, const char *url, const struct query *q,
                const struct query_position *at)
{
    link_head(out, url, q);
    if (at->extra > 0) {
        buf_printf(out, "&$skipToken=EU1:%019lld:%08x;US1:%019u:FFFFFFFF;AS1:-1:FFFFFFFF",
                   (long long)at->ticks, (unsigned)at->id8, (unsigned)at->extra);
        return;
    }
    buf_printf(out, "&$skipToken=EU1:%019lld:%08x;US1:-1:FFFFFFFF;AS1:-1:FFFFFFFF",
               (long long)at->ticks, (unsigned)at->id8);
}

void query_list_link(struct buf *out, const char *url, const struct query *q, long offset)
{
    link_head(out, url, q);
    buf_printf(out, "&$skipToken=%ld", offset);
}

int query_is_verbatim(const struct query *q, const char *target)
{
    struct buf link = {0};
    size_t n = strlen(target), suffix = sizeof(REDIRECTED) - 1;
    int same;

    while (n > suffix && memcmp(target + n - suffix, REDIRECTED, suffix) == 0)
        n -= suffix;
    link_head(&link, "", q);
    buf_printf(&link, "&$skipToken=%s", q->skip_token);
    same = link.len == n && memcmp(link.data, target, n) == 0;
    buf_free(&link);
    return same;
}
