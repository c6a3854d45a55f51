#include "net/challenge.h"

#include "base/base64.h"
#include "base/json.h"

#include <string.h>

/* Claims up to this many bytes fit twice into a hint. */
#define CLAIMS_TWICE_MAX 150

/* ---- the header ---- */

/* Take blanks and commas off the front of *s. */
static void skip_blanks(struct slice *s)
{
    while (s->len > 0 && strchr(" \t,", *s->data) != NULL && *s->data != '\0') {
        s->data++;
        s->len--;
    }
}

/* Take a word (a scheme, or the name or bare value of a parameter) off the front of *s. */
static struct slice take_word(struct slice *s)
{
    struct slice word = {s->data, 0};

    while (word.len < s->len &&
           (s->data[word.len] == '\0' || strchr(" \t,=\"", s->data[word.len]) == NULL))
        word.len++;
    s->data += word.len;
    s->len -= word.len;
    return word;
}

/* Take the value of a parameter off the front of *s; a quoted one without its quotes and escapes,
 * a bare one with the '=' of base64. */
static void take_value(struct slice *s, struct buf *out)
{
    size_t i;

    buf_clear(out);
    if (s->len == 0 || *s->data != '"') {
        for (i = 0; i < s->len && s->data[i] != ',' && s->data[i] != ' '; i++)
            buf_putc(out, s->data[i]);
    } else {
        for (i = 1; i < s->len && s->data[i] != '"'; i++) {
            if (s->data[i] == '\\' && i + 1 < s->len)
                i++;
            buf_putc(out, s->data[i]);
        }
        i += i < s->len;
    }
    (void)buf_text(out);
    s->data += i;
    s->len -= i;
}

/* Keep claims that are base64 of a JSON object, and short enough for a command line. */
static void keep_claims(struct challenge *c, struct slice text)
{
    struct buf json = {0};
    struct slice object;
    struct err ignored;

    if (text.len < sizeof(c->claims) && base64_decode(text, &json) == 0 &&
        json_check(buf_slice(&json), &object, NULL, &ignored) == 0 &&
        json_kind(object) == JSON_OBJECT) {
        memcpy(c->claims, text.data, text.len);
        c->claims[text.len] = '\0';
    }
    buf_free(&json);
}

void challenge_parse(struct challenge *c, struct slice value)
{
    struct buf text = {0};
    struct slice name;

    memset(c, 0, sizeof(*c));
    for (skip_blanks(&value); value.len > 0; skip_blanks(&value)) {
        name = take_word(&value);
        if (value.len == 0 || *value.data != '=') {
            /* A scheme, such as Bearer; a stray quote is stepped over. */
            if (name.len == 0) {
                value.data++;
                value.len--;
            }
            continue;
        }
        value.data++;
        value.len--;
        take_value(&value, &text);
        if (slice_equals_nocase(name, "claims"))
            keep_claims(c, buf_slice(&text));
        else if (slice_equals_nocase(name, "error_description"))
            err_clean_text(c->reason, sizeof(c->reason), text.data, text.len);
    }
    buf_free(&text);
}

/* ---- words and advice ---- */

void challenge_print(const struct challenge *c, struct buf *out)
{
    struct buf json = {0};
    char shown[304];

    if (c->claims[0] == '\0')
        return;
    if (c->reason[0] != '\0')
        buf_printf(out, ": %s", c->reason);
    if (base64_decode(slice_of(c->claims), &json) == 0) {
        err_clean_text(shown, sizeof(shown), json.data, json.len);
        buf_printf(out, "; claims demanded: %s", shown);
    }
    buf_free(&json);
}

/* The advice for claims that are demanded. */
static int hint_claims(struct err *e, const char *claims)
{
    static const char start[] = "the sign-in was revoked or has to meet another policy; sign in "
                                "again: az logout, then az login --claims-challenge";

    if (strlen(claims) <= CLAIMS_TWICE_MAX)
        return err_hint(e, "%s \"%s\"; or Connect-AzAccount -ClaimsChallenge \"%s\"", start, claims,
                        claims);
    return err_hint(e, "%s \"%s\"; Connect-AzAccount takes it as -ClaimsChallenge", start, claims);
}

int challenge_hint(struct err *e, const char *code, const struct challenge *c)
{
    static const struct {
        const char *code, *hint;
    } rows[] = {
        {"ExpiredAuthenticationToken",
         "the token has expired; --token-command gets a new one in time"},
        {"InvalidAuthenticationTokenTenant",
         "the token is for another tenant: az account get-access-token --tenant TENANT, or "
         "Connect-AzAccount -Tenant TENANT"},
        {"InvalidAuthenticationTokenAudience",
         "the token is for another resource or cloud: az account get-access-token --resource "
         "ENDPOINT/, and see --cloud"},
        {"AuthenticationFailed",
         "something between here and the service may remove the Authorization header; otherwise "
         "get a new token"},
    };
    size_t i;

    if (c != NULL && c->claims[0] != '\0')
        return hint_claims(e, c->claims);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (slice_equals_nocase(slice_of(code), rows[i].code))
            return err_hint(e, "%s", rows[i].hint);
    }
    return err_hint(e, "get a new token for Azure Resource Manager: az account get-access-token "
                       "--query accessToken -o tsv");
}
