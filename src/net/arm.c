#include "net/arm.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Characters of a management group's id, as the service limits them. */
#define ARM_ID_MAX 90

/* Versions of the API: tenant and subscription, and the one that management groups require. */
#define ARM_EVENTS_VERSION "2015-04-01"
#define ARM_GROUP_EVENTS_VERSION "2017-03-01-preview"
#define ARM_SUBSCRIPTIONS_VERSION "2022-12-01"
#define ARM_GROUPS_VERSION "2020-05-01"
#define ARM_ASSIGNMENTS_VERSION "2022-04-01"

#define ARM_GROUPS_PATH "/providers/Microsoft.Management/managementGroups"
#define ARM_EVENTS_PATH "/providers/Microsoft.Insights/eventtypes/management/values"

/* Two audiences each: the older name of the service, and its endpoint. */
static const struct arm_cloud clouds[] = {
    {"public",
     "https://management.azure.com",
     {"https://management.core.windows.net", "https://management.azure.com"}},
    {"usgov",
     "https://management.usgovcloudapi.net",
     {"https://management.core.usgovcloudapi.net", "https://management.usgovcloudapi.net"}},
    {"china",
     "https://management.chinacloudapi.cn",
     {"https://management.core.chinacloudapi.cn", "https://management.chinacloudapi.cn"}},
    {"bleu",
     "https://management.sovcloud-api.fr",
     {"https://management.core.sovcloud-api.fr", "https://management.sovcloud-api.fr"}},
    {"delos",
     "https://management.sovcloud-api.de",
     {"https://management.core.sovcloud-api.de", "https://management.sovcloud-api.de"}},
};

#define NCLOUDS (sizeof(clouds) / sizeof(clouds[0]))

/* ---- scopes ---- */

int arm_id_is_usable(enum arm_scope_kind kind, const char *id)
{
    size_t characters = 0, dots = 0, len = strlen(id), i;

    if (kind == ARM_SUBSCRIPTION)
        return text_is_guid(slice_of(id));
    for (i = 0; i < len; i++) {
        unsigned char c = (unsigned char)id[i];

        if (c <= ' ' || c == 0x7f || strchr("/?#%\\*", c) != NULL)
            return 0;
        characters += (c & 0xc0) != 0x80;
        dots += c == '.';
    }
    return characters >= 1 && characters <= ARM_ID_MAX && dots < len;
}

/* The scope that `kind` and id name. */
static int parse_one(struct arm_wish *w, enum arm_scope_kind kind, const char *id, const char *text,
                     struct err *e)
{
    char shown[ARM_ID_MAX * 2];

    if (!arm_id_is_usable(kind, id)) {
        err_clean_text(shown, sizeof(shown), text, strlen(text));
        return err_set(e, ERR_USAGE, "--scope: %s: %s", shown,
                       kind == ARM_SUBSCRIPTION ? "a subscription's id is a GUID"
                                                : "not the id of a management group");
    }
    w->scope.kind = kind;
    w->scope.id = mem_strdup(id);
    return 0;
}

int arm_wish_parse(struct arm_wish *w, const char *text, struct err *e)
{
    char shown[ARM_ID_MAX * 2];

    memset(w, 0, sizeof(*w));
    if (strcmp(text, "tenant") == 0)
        return 0;
    if (strcmp(text, "all") == 0) {
        w->kind = ARM_WISH_ALL;
        return 0;
    }
    if (strcmp(text, "mg:*") == 0) {
        w->kind = ARM_WISH_ALL_GROUPS;
        return 0;
    }
    if (strcmp(text, "sub:*") == 0) {
        w->kind = ARM_WISH_ALL_SUBSCRIPTIONS;
        return 0;
    }
    if (strncmp(text, "mg:", 3) == 0)
        return parse_one(w, ARM_MANAGEMENT_GROUP, text + 3, text, e);
    if (strncmp(text, "sub:", 4) == 0)
        return parse_one(w, ARM_SUBSCRIPTION, text + 4, text, e);
    if (arm_id_is_usable(ARM_SUBSCRIPTION, text)) {
        (void)err_set(e, ERR_USAGE, "--scope: %s: a GUID alone does not say what it identifies",
                      text);
        return err_hint(e, "use sub:%s for a subscription, mg:%s for a management group", text,
                        text);
    }
    err_clean_text(shown, sizeof(shown), text, strlen(text));
    (void)err_set(e, ERR_USAGE, "--scope: %s: no such scope", shown);
    return err_hint(e, "use tenant, mg:ID, mg:*, sub:ID, sub:* or all");
}

void arm_scope_free(struct arm_scope *s)
{
    free(s->id);
    s->id = NULL;
}

void arm_scope_print(const struct arm_scope *s, struct buf *out)
{
    if (s->kind == ARM_TENANT)
        buf_puts(out, "tenant");
    else
        buf_printf(out, "%s%s", s->kind == ARM_SUBSCRIPTION ? "sub:" : "mg:", s->id);
}

/* ---- names of files ---- */

/* Whether Windows takes id (up to its first dot) for a device. */
static int is_device_name(const char *id)
{
    static const char *const names[] = {"con", "prn", "aux", "nul"};
    struct slice stem = {id, strcspn(id, ".")};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equals_nocase(stem, names[i]))
            return 1;
    }
    if (stem.len != 4 || id[3] < '0' || id[3] > '9')
        return 0;
    stem.len = 3;
    return slice_equals_nocase(stem, "com") || slice_equals_nocase(stem, "lpt");
}

/* Append id as a name that every file system takes. */
static void put_file_name(struct buf *out, const char *id)
{
    size_t len = strlen(id), i;

    for (i = 0; i < len; i++) {
        int keep = text_is_alnum(id[i]) || strchr("_.()-", id[i]) != NULL;

        if ((id[i] == '.' && (i == 0 || i == len - 1)) || (i == 0 && is_device_name(id)))
            keep = 0;
        (void)(keep ? buf_putc(out, id[i]) : buf_printf(out, "%%%02X", (unsigned char)id[i]));
    }
}

void arm_scope_file(const struct arm_scope *s, struct buf *out)
{
    if (s->kind == ARM_TENANT) {
        buf_puts(out, "tenant");
        return;
    }
    buf_puts(out, s->kind == ARM_SUBSCRIPTION ? "subscriptions/" : "managementGroups/");
    put_file_name(out, s->id);
}

void arm_scope_partition(const struct arm_scope *s, struct buf *out)
{
    if (s->kind == ARM_TENANT) {
        buf_puts(out, "scope=tenant");
        return;
    }
    buf_puts(out, s->kind == ARM_SUBSCRIPTION ? "scope=sub-" : "scope=mg-");
    put_file_name(out, s->id);
}

/* ---- clouds and URLs ---- */

const struct arm_cloud *arm_cloud_at(size_t i)
{
    return i < NCLOUDS ? &clouds[i] : NULL;
}

const struct arm_cloud *arm_cloud_find(const char *name)
{
    size_t i;

    if (name == NULL)
        return &clouds[0];
    for (i = 0; i < NCLOUDS; i++) {
        if (strcmp(clouds[i].name, name) == 0)
            return &clouds[i];
    }
    return NULL;
}

const struct arm_cloud *arm_cloud_of(const char *endpoint)
{
    size_t i;

    for (i = 0; i < NCLOUDS; i++) {
        if (slice_equals_nocase(slice_of(endpoint), clouds[i].endpoint))
            return &clouds[i];
    }
    return NULL;
}

const char *const *arm_audiences(void)
{
    static const char *all[2 * NCLOUDS + 1];
    size_t i;

    for (i = 0; i < 2 * NCLOUDS; i++)
        all[i] = clouds[i / 2].audiences[i % 2];
    return all;
}

/* Append text with everything but unreserved characters and parentheses as %XX. */
static void put_escaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        int plain = text_is_alnum(*text) || strchr("-._~()", *text) != NULL;

        (void)(plain ? buf_putc(out, *text) : buf_printf(out, "%%%02X", (unsigned char)*text));
    }
}

/* Append the endpoint without slashes at its end. */
static void put_endpoint(struct buf *out, const char *endpoint)
{
    size_t len = strlen(endpoint);

    while (len > 0 && endpoint[len - 1] == '/')
        len--;
    buf_append(out, endpoint, len);
}

/* Append the path of the resource that s stands for; nothing for the tenant. */
static void put_scope_path(struct buf *out, const struct arm_scope *s)
{
    if (s->kind == ARM_TENANT)
        return;
    buf_puts(out, s->kind == ARM_SUBSCRIPTION ? "/subscriptions/" : ARM_GROUPS_PATH "/");
    put_escaped(out, s->id);
}

void arm_events_url(struct buf *out, const char *endpoint, const struct arm_scope *s, int64_t from,
                    int64_t to)
{
    const char *version =
        s->kind == ARM_MANAGEMENT_GROUP ? ARM_GROUP_EVENTS_VERSION : ARM_EVENTS_VERSION;
    char first[TIMESTAMP_TEXT_MAX], last[TIMESTAMP_TEXT_MAX], filter[160];

    (void)snprintf(filter, sizeof(filter), "eventTimestamp ge '%s' and eventTimestamp le '%s'",
                   timestamp_format(from, first), timestamp_format(to, last));
    put_endpoint(out, endpoint);
    put_scope_path(out, s);
    buf_printf(out, ARM_EVENTS_PATH "?api-version=%s&$filter=", version);
    put_escaped(out, filter);
    (void)buf_text(out);
}

/* Append endpoint and path. */
static void put_url(struct buf *out, const char *endpoint, const char *path)
{
    put_endpoint(out, endpoint);
    buf_puts(out, path);
    (void)buf_text(out);
}

void arm_subscriptions_url(struct buf *out, const char *endpoint)
{
    put_url(out, endpoint, "/subscriptions?api-version=" ARM_SUBSCRIPTIONS_VERSION);
}

void arm_groups_url(struct buf *out, const char *endpoint)
{
    put_url(out, endpoint, ARM_GROUPS_PATH "?api-version=" ARM_GROUPS_VERSION);
}

void arm_permissions_url(struct buf *out, const char *endpoint, const struct arm_scope *s)
{
    put_endpoint(out, endpoint);
    put_scope_path(out, s);
    put_url(out, "",
            "/providers/Microsoft.Authorization/permissions?api-version=" ARM_ASSIGNMENTS_VERSION);
}

void arm_assignments_url(struct buf *out, const char *endpoint, const char *group)
{
    put_endpoint(out, endpoint);
    if (group != NULL) {
        buf_puts(out, ARM_GROUPS_PATH "/");
        put_escaped(out, group);
    }
    buf_puts(
        out,
        "/providers/Microsoft.Authorization/roleAssignments?api-version=" ARM_ASSIGNMENTS_VERSION
        "&$filter=atScope()");
    (void)buf_text(out);
}
