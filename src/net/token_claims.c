#include "net/token_claims.h"

#include "base/base64.h"
#include "base/err.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "net/secret.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of one claim that are kept: names and URIs are far shorter. */
#define CLAIM_MAX_BYTES 301
/* The last second of the year 9999; a later expiry is nonsense. */
#define EXPIRY_MAX_S 253402300799.0
/* Characters of a number in a claim. */
#define NUMBER_MAX 31

void token_claims_free(struct token_claims *c)
{
    free(c->audience);
    free(c->tenant_id);
    free(c->object_id);
    free(c->name);
    free(c->app_id);
    memset(c, 0, sizeof(*c));
}

/* A cleaned copy of the JSON string v; NULL when it is none or empty. */
static char *dup_string(struct slice v)
{
    char text[CLAIM_MAX_BYTES];
    struct buf raw = {0};

    text[0] = '\0';
    if (json_kind(v) == JSON_STRING && json_string_decode(v, &raw) == 0 && raw.len > 0)
        err_clean_text(text, sizeof(text), raw.data, raw.len);
    buf_free(&raw);
    return text[0] == '\0' ? NULL : slice_dup(slice_of(text));
}

/* The first of the named members that is a string. */
static char *dup_member(struct slice object, const char *first, const char *second,
                        const char *third)
{
    const char *const names[] = {first, second, third};
    char *text = NULL;
    size_t i;

    for (i = 0; i < 3 && text == NULL && names[i] != NULL; i++)
        text = dup_string(json_get(object, names[i]));
    return text;
}

/* The audience: a string, or the strings of an array with a blank between them. */
static char *dup_audience(struct slice v)
{
    struct buf all = {0};
    struct json_iter it;
    struct slice item;
    struct err ignored;

    if (json_kind(v) != JSON_ARRAY)
        return dup_string(v);
    if (json_array_begin(&it, v, &ignored) != 0)
        return NULL;
    while (json_array_next(&it, &item, &ignored) == 1) {
        char *one = dup_string(item);

        if (one != NULL && strchr(one, ' ') == NULL)
            buf_printf(&all, "%s%s", all.len > 0 ? " " : "", one);
        free(one);
    }
    return all.data;
}

/* Seconds since 1970, whole or not, as ticks; 0 for anything else. */
static int64_t expiry(struct slice v)
{
    char text[NUMBER_MAX + 1] = "";
    double seconds;

    if (json_kind(v) != JSON_NUMBER || v.len > NUMBER_MAX)
        return 0;
    memcpy(text, v.data, v.len);
    seconds = strtod(text, NULL);
    if (!(seconds >= 1 && seconds <= EXPIRY_MAX_S))
        return 0;
    return timestamp_from_unix((int64_t)seconds);
}

int token_claims_parse(struct token_claims *c, struct slice token)
{
    struct slice payload = {0}, object = {0};
    struct buf text = {0};
    const char *dot;
    struct err ignored;
    int ret = -1;

    memset(c, 0, sizeof(*c));
    dot = token.len > 0 ? memchr(token.data, '.', token.len) : NULL;
    if (dot == NULL)
        return -1;
    payload.data = dot + 1;
    payload.len = token.len - (size_t)(payload.data - token.data);
    dot = payload.len > 0 ? memchr(payload.data, '.', payload.len) : NULL;
    if (dot != NULL)
        payload.len = (size_t)(dot - payload.data);
    if (base64_decode(payload, &text) != 0 ||
        json_check(buf_slice(&text), &object, NULL, &ignored) != 0 ||
        json_kind(object) != JSON_OBJECT)
        goto out;
    c->expires = expiry(json_get(object, "exp"));
    c->audience = dup_audience(json_get(object, "aud"));
    c->tenant_id = dup_member(object, "tid", NULL, NULL);
    c->object_id = dup_member(object, "oid", NULL, NULL);
    c->name = dup_member(object, "upn", "unique_name", "name");
    c->app_id = dup_member(object, "appid", "azp", NULL);
    ret = 0;
out:
    secret_free(&text);
    return ret;
}
