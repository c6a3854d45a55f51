#include "event.h"

#include "noise.h"
#include "story.h"

#include "base/json.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* Groups in a user's claims: so many give events of the size that the service's have. */
#define CLAIM_GROUPS_FEWEST 22
#define CLAIM_GROUPS_SPREAD 20

#define MS_CLAIM "http://schemas.microsoft.com/identity/claims/"
#define MS_AUTH "http://schemas.microsoft.com/claims/"
#define XML_CLAIM "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

/* Characters that look like base64url, from a stream. */
static const char *scramble(struct rng *r, char *out, size_t len)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t bits = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        if (i % 10 == 0)
            bits = rng_next(r);
        out[i] = letters[bits & 63U];
        bits >>= 6;
    }
    out[len] = '\0';
    return out;
}

/* Claims between aio and ipaddr of a user: application, names, groups. */
static void claims_of_user(struct principal *p, struct rng *r)
{
    struct buf *b = &p->claims[1];
    char guid[GUID_TEXT_MAX];
    uint32_t i, n = CLAIM_GROUPS_FEWEST + rng_below(r, CLAIM_GROUPS_SPREAD);

    buf_printf(b,
               "\",\"" MS_AUTH "authnmethodsreferences\":\"pwd,mfa\",\"appid\":\"%s\","
               "\"appidacr\":\"0\",\"" XML_CLAIM "surname\":\"%s\",\"" XML_CLAIM
               "givenname\":\"%s\",\"groups\":\"",
               p->app_id, p->surname, p->given);
    for (i = 0; i < n; i++)
        buf_printf(b, "%s%s", i == 0 ? "" : ",", rng_guid(r, guid));
    buf_puts(b, "\",\"idtyp\":\"user\",\"ipaddr\":\"");
}

void event_prepare_claims(struct principal *p, const char *tenant_id)
{
    struct rng r = {rng_hash(p->seed, 1)};
    char sub[48], puid[24];
    int user = p->kind == WHO_USER;

    (void)snprintf(puid, sizeof(puid), "10032%011llX",
                   (unsigned long long)(rng_next(&r) & UINT64_C(0xfffffffffff)));
    buf_printf(&p->claims[0],
               "{\"aud\":\"https://management.core.windows.net/\",\"iss\":"
               "\"https://sts.windows.net/%s/\",\"iat\":\"",
               tenant_id);
    if (user)
        claims_of_user(p, &r);
    else
        buf_printf(&p->claims[1],
                   "\",\"appid\":\"%s\",\"appidacr\":\"2\",\"" MS_CLAIM
                   "identityprovider\":\"https://sts.windows.net/%s/\",\"idtyp\":\"app\","
                   "\"ipaddr\":\"",
                   p->app_id, tenant_id);
    if (user)
        buf_printf(&p->claims[2], "\",\"name\":\"%s", p->name);
    buf_printf(&p->claims[2], "\",\"" MS_CLAIM "objectidentifier\":\"%s", p->oid);
    if (user)
        buf_printf(&p->claims[2], "\",\"puid\":\"%s\",\"" MS_CLAIM "scope\":\"user_impersonation",
                   puid);
    buf_printf(&p->claims[2],
               "\",\"rh\":\"1.AAAA%s\",\"" XML_CLAIM "nameidentifier\":\"%s\",\"" MS_CLAIM
               "tenantid\":\"%s",
               puid, scramble(&r, sub, 43), tenant_id);
    if (user)
        buf_printf(&p->claims[2], "\",\"" XML_CLAIM "name\":\"%s\",\"" XML_CLAIM "upn\":\"%s",
                   p->upn, p->upn);
    buf_puts(&p->claims[2], "\",\"uti\":\"");
    buf_printf(&p->claims[3], "\",\"ver\":\"1.0\",\"wids\":\"%s\",\"xms_tcdt\":\"%s\"}",
               p->seed % 3 == 0 ? "62e90394-69f5-4237-9190-012177145e10"
                                : "b79fbf4d-3ef9-4689-8143-76b194e85509",
               "1628605016");
}

/* The claims of one operation: constant parts, and those that change with each token. */
static void print_claims(struct buf *out, const struct event_spec *e)
{
    const struct principal *p = e->caller;
    struct rng r = {rng_hash(e->seed, 7)};
    int64_t issued = (e->ticks - TICKS_UNIX_EPOCH) / TICKS_PER_SECOND / 300 * 300 - 421;
    char text[64], text2[32];

    if (p == NULL) {
        buf_puts(out, "\"claims\":{},");
        return;
    }
    buf_puts(out, "\"claims\":");
    buf_append(out, p->claims[0].data, p->claims[0].len);
    buf_printf(out,
               "%lld\",\"nbf\":\"%lld\",\"exp\":\"%lld\",\"" MS_AUTH
               "authnclassreference\":\"1\",\"aio\":\"",
               (long long)issued, (long long)issued, (long long)issued + 5434);
    buf_puts(out, scramble(&r, text, 56));
    buf_append(out, p->claims[1].data, p->claims[1].len);
    buf_puts(out, e->ip);
    buf_append(out, p->claims[2].data, p->claims[2].len);
    buf_puts(out, scramble(&r, text2, 22));
    buf_append(out, p->claims[3].data, p->claims[3].len);
    buf_putc(out, ',');
}

/* `"name":{"value":"v","localizedValue":"l"},` */
static void print_localized(struct buf *out, const char *name, const char *value, const char *local)
{
    buf_printf(out, "\"%s\":{\"value\":\"%s\",\"localizedValue\":\"%s\"},", name, value, local);
}

/* `,"name":"text"` with the JSON text as a string, if there is one. */
static void print_json_string(struct buf *out, const char *name, const char *text)
{
    if (text == NULL)
        return;
    buf_printf(out, ",\"%s\":", name);
    json_put_string(out, text);
}

/* The properties object. */
static void print_properties(struct buf *out, const struct event_spec *e)
{
    buf_puts(out, "\"properties\":{");
    if (e->end)
        buf_printf(out, "\"statusCode\":\"%s\",\"serviceRequestId\":%s,", e->substatus,
                   e->seed % 3 == 0 ? "null" : "\"\"");
    buf_printf(out, "\"eventCategory\":\"Administrative\",\"entity\":\"%s\",\"message\":\"%s\"",
               e->resource_id, e->operation);
    buf_printf(out, ",\"hierarchy\":\"%s\"", e->hierarchy);
    print_json_string(out, "requestbody", e->request_body);
    print_json_string(out, "responseBody", e->response_body);
    print_json_string(out, "statusMessage", e->status_message);
    if (e->more != NULL)
        buf_puts(out, e->more);
    buf_puts(out, "},");
}

/* status and subStatus. */
static void print_status(struct buf *out, const struct event_spec *e)
{
    char local[96] = "";

    print_localized(out, "status", e->status, e->status);
    if (*e->substatus != '\0')
        (void)snprintf(local, sizeof(local), "%s (HTTP Status Code: %d)", e->substatus,
                       e->http_status);
    print_localized(out, "subStatus", e->substatus, local);
}

/* Everything up to resourceType. */
static void print_first_half(struct buf *out, const struct event_spec *e, size_t *pad_at)
{
    struct rng r = {rng_hash(e->seed, 11)};
    char correlation[GUID_TEXT_MAX], request[GUID_TEXT_MAX], description[256] = "";
    const char *action = e->action != NULL ? e->action : e->operation;

    (void)rng_guid(&r, correlation);
    (void)rng_guid(&r, request);
    if (e->description != NULL)
        (void)snprintf(description, sizeof(description), "%s", e->description);
    buf_printf(out, "{\"authorization\":{\"action\":\"%s\",\"scope\":\"%s\"},", action,
               e->auth_scope != NULL ? e->auth_scope : e->resource_id);
    if (e->caller != NULL)
        buf_printf(out, "\"caller\":\"%s\",",
                   e->caller->kind == WHO_USER ? e->caller->upn : e->caller->oid);
    buf_puts(out, "\"channels\":\"Operation\",");
    print_claims(out, e);
    buf_printf(out, "\"correlationId\":\"%s\",\"description\":\"%s", correlation, description);
    *pad_at = out->len;
    buf_printf(out, "\",\"eventDataId\":\"%s\",", e->event_id);
    print_localized(out, "eventName", e->end ? "EndRequest" : "BeginRequest",
                    e->end ? "End request" : "Begin request");
    print_localized(out, "category", "Administrative", "Administrative");
    if (!e->background)
        buf_printf(out,
                   "\"httpRequest\":{\"clientRequestId\":\"%s\","
                   "\"clientIpAddress\":\"%s\",\"method\":\"%s\"},",
                   request, e->ip, e->method);
    buf_printf(out, "\"id\":\"%s/events/%s/ticks/%lld\",\"level\":\"%s\",", e->resource_id,
               e->event_id, (long long)e->ticks, e->level);
}

/* Make the event as long as asked for, with words in its description. */
static void pad(struct buf *out, size_t start, size_t at, const struct event_spec *e)
{
    static const char words[] = "the quick audit of a larger tenant keeps every line it was sent ";
    struct rng r = {rng_hash(e->seed, 13)};
    size_t len = out->len - start, missing, i, skip;

    if (len >= e->pad_to)
        return;
    missing = e->pad_to - len;
    buf_reserve(out, missing);
    memmove(out->data + at + missing, out->data + at, out->len - at);
    skip = rng_below(&r, sizeof(words) - 1);
    for (i = 0; i < missing; i++)
        out->data[at + i] =
            i % 17 == 3 ? (char)('a' + rng_below(&r, 26)) : words[(i + skip) % (sizeof(words) - 1)];
    out->len += missing;
}

void event_print(struct buf *out, const struct tenant *t, const struct event_spec *e)
{
    struct rng r = {rng_hash(e->seed, 11)};
    char correlation[GUID_TEXT_MAX], when[TIMESTAMP_TEXT_MAX], shown[TIMESTAMP_TEXT_MAX];
    size_t start = out->len, at = 0;
    /* The service shows an event one to two minutes after it happened. */
    int64_t submitted = e->ticks + (60 + rng_below(&r, 60)) * TICKS_PER_SECOND;

    r.state = rng_hash(e->seed, 11);
    (void)rng_guid(&r, correlation);
    print_first_half(out, e, &at);
    buf_printf(out, "\"resourceGroupName\":\"%s\",", e->resource_group);
    print_localized(out, "resourceProviderName", e->provider, e->provider);
    buf_printf(out, "\"resourceId\":\"%s\",", e->resource_id);
    print_localized(out, "resourceType", e->resource_type, e->resource_type);
    buf_printf(out, "\"operationId\":\"%s\",", correlation);
    print_localized(out, "operationName", e->operation, e->title);
    print_properties(out, e);
    print_status(out, e);
    buf_printf(out,
               "\"eventTimestamp\":\"%s\",\"submissionTimestamp\":\"%s\","
               "\"subscriptionId\":\"%s\",\"tenantId\":\"%s\"}",
               timestamp_format(e->ticks, when),
               timestamp_format(timestamp_floor_second(submitted), shown), e->subscription,
               t->options->tenant);
    pad(out, start, at, e);
}

void event_id(const struct log_scope *s, const struct entry *entry, char out[GUID_TEXT_MAX])
{
    struct rng r = {entry->seq < s->nstories ? s->stories[entry->seq]->id_seed
                                             : rng_hash(s->seed, entry->seq)};
    char first[9];

    (void)rng_next(&r);
    (void)rng_guid(&r, out);
    (void)snprintf(first, sizeof(first), "%08x", (unsigned)entry->id8);
    memcpy(out, first, 8);
}

/* The event of one entry, with another description where `other` is set. */
static void render(struct buf *out, const struct tenant *t, const struct log_scope *s, size_t i,
                   int other)
{
    const struct entry *entry = &s->index[i];
    struct event_spec e = {0};
    struct noise_text text;

    if (entry->seq < s->nstories)
        story_spec(t, s->stories[entry->seq], &e);
    else
        noise_spec(t, s, entry, &text, &e);
    event_id(s, entry, e.event_id);
    e.pad_to = (size_t)t->options->event_bytes;
    if (other)
        e.description = "Amended.";
    event_print(out, t, &e);
}

void event_render(struct buf *out, const struct tenant *t, const struct log_scope *s, size_t i)
{
    render(out, t, s, i, 0);
}

void event_render_conflict(struct buf *out, const struct tenant *t, const struct log_scope *s,
                           size_t i)
{
    render(out, t, s, i, 1);
}

int event_conflicts(uint32_t seq)
{
    return seq % 50 == 7;
}
