#include "token.h"

#include "base/json.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Append data in base64url without padding. */
static void encode(struct buf *out, const char *data, size_t len)
{
    unsigned bits = 0;
    int have = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        bits = (bits << 8) | (unsigned char)data[i];
        have += 8;
        while (have >= 6) {
            have -= 6;
            buf_putc(out, alphabet[(bits >> have) & 63U]);
        }
    }
    if (have != 0)
        buf_putc(out, alphabet[(bits << (6 - have)) & 63U]);
}

/* Append the bytes behind base64url text; -1 for other characters. */
static int decode(struct buf *out, const char *text, size_t len)
{
    unsigned bits = 0;
    int have = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        const char *at = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);

        if (at == NULL)
            return -1;
        bits = (bits << 6) | (unsigned)(at - alphabet);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_putc(out, (char)((bits >> have) & 255U));
        }
    }
    return 0;
}

void token_print(struct buf *out, const struct sim_options *o)
{
    static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"simulated\"}";
    struct buf claims = {0};
    int64_t now = (sys_now() - TICKS_UNIX_EPOCH) / TICKS_PER_SECOND;
    char signature[64];

    buf_printf(&claims,
               "{\"aud\":\"%s\",\"iss\":\"https://sts.windows.net/%s/\",\"iat\":%lld,"
               "\"nbf\":%lld,\"exp\":%lld,\"appid\":\"04b07795-8ddb-461a-bbee-02f9e1bf7b46\","
               "\"oid\":\"%s\",\"tid\":\"%s\",\"upn\":\"%s\",\"uti\":\"serial-%ld\","
               "\"ver\":\"1.0\"}",
               o->audience, o->tenant_claim, (long long)now - 300, (long long)now - 300,
               (long long)now + o->expires_in, o->object_id, o->tenant_claim, o->name, o->serial);
    (void)snprintf(signature, sizeof(signature), TOKEN_CANARY "-not-a-signature-%06ld", o->serial);
    encode(out, header, sizeof(header) - 1);
    buf_putc(out, '.');
    encode(out, claims.data, claims.len);
    buf_printf(out, ".%s\n", signature);
    buf_free(&claims);
}

/* "11/24/2025 11:31:00 PM" */
static void us_time(int64_t ticks, char *out, size_t cap)
{
    char iso[TIMESTAMP_TEXT_MAX];
    int hour;

    (void)timestamp_format(timestamp_floor_second(ticks), iso);
    hour = (iso[11] - '0') * 10 + (iso[12] - '0');
    (void)snprintf(out, cap, "%d/%d/%.4s %d:%.5s %s", (iso[5] - '0') * 10 + (iso[6] - '0'),
                   (iso[8] - '0') * 10 + (iso[9] - '0'), iso, hour % 12 == 0 ? 12 : hour % 12,
                   iso + 14, hour < 12 ? "AM" : "PM");
}

/* Whether an audience is one that Azure Resource Manager takes. */
static int audience_known(const char *aud, const struct sim_options *o, const char *url)
{
    static const char *const known[] = {"https://management.core.windows.net",
                                        "https://management.azure.com"};
    size_t i, n = strlen(aud);

    if (n > 0 && aud[n - 1] == '/')
        n--;
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i]) == n && strncasecmp(known[i], aud, n) == 0)
            return 1;
    }
    return strcmp(aud, o->audience) == 0 || (strlen(url) == n && strncasecmp(url, aud, n) == 0);
}

/* Judge the claims. */
static void check_claims(struct token_verdict *v, const struct sim_options *o, struct slice claims,
                         const char *url, int64_t now)
{
    struct slice exp = json_get(claims, "exp"), uti = json_get(claims, "uti");
    char *aud = json_string_dup(json_get(claims, "aud"));
    char *tid = json_string_dup(json_get(claims, "tid"));
    int64_t expires = exp.data == NULL ? 0 : timestamp_from_unix(strtoll(exp.data, NULL, 10));
    char a[40], b[40];

    if (aud == NULL || !audience_known(aud, o, url)) {
        v->code = "InvalidAuthenticationTokenAudience";
        (void)snprintf(v->message, sizeof(v->message),
                       "The access token has been obtained for wrong audience or resource '%.200s'."
                       " It should exactly match with one of the allowed audiences "
                       "'https://management.core.windows.net/',"
                       "'https://management.core.windows.net','https://management.azure.com/',"
                       "'https://management.azure.com'.",
                       aud == NULL ? "" : aud);
    } else if (tid == NULL || strcasecmp(tid, o->tenant) != 0) {
        v->code = "InvalidAuthenticationTokenTenant";
        (void)snprintf(v->message, sizeof(v->message),
                       "The access token is from the wrong issuer 'https://sts.windows.net/%.40s/'."
                       " It must match the tenant 'https://sts.windows.net/%s/' associated with "
                       "this subscription.",
                       tid == NULL ? "" : tid, o->tenant);
    } else if (expires <= now) {
        us_time(expires, a, sizeof(a));
        us_time(now, b, sizeof(b));
        v->code = "ExpiredAuthenticationToken";
        (void)snprintf(v->message, sizeof(v->message),
                       "The access token expiry UTC time '%s' is earlier than current UTC time "
                       "'%s'.",
                       a, b);
    }
    if (uti.data != NULL && uti.len > 9 && strncmp(uti.data, "\"serial-", 8) == 0)
        v->serial = strtol(uti.data + 8, NULL, 10);
    free(aud);
    free(tid);
}

void token_check(struct token_verdict *v, const struct sim_options *o, const char *header,
                 const char *url, int64_t now)
{
    struct buf payload = {0};
    struct slice claims;
    const char *dot, *second;
    struct err e;

    memset(v, 0, sizeof(*v));
    if (header == NULL) {
        v->missing = 1;
        v->code = "AuthenticationFailed";
        (void)snprintf(v->message, sizeof(v->message),
                       "Authentication failed. The 'Authorization' header is missing.");
        return;
    }
    v->code = "InvalidAuthenticationToken";
    (void)snprintf(v->message, sizeof(v->message), "The access token is invalid.");
    if (strncasecmp(header, "Bearer ", 7) != 0)
        return;
    dot = strchr(header, '.');
    second = dot == NULL ? NULL : strchr(dot + 1, '.');
    if (second != NULL && strstr(second, TOKEN_CANARY) != NULL &&
        decode(&payload, dot + 1, (size_t)(second - dot - 1)) == 0 &&
        json_check(buf_slice(&payload), &claims, NULL, &e) == 0 &&
        json_kind(claims) == JSON_OBJECT) {
        v->code = NULL;
        check_claims(v, o, claims, url, now);
    }
    buf_free(&payload);
}
