#include "net/token.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "net/mask.h"
#include "net/secret.h"
#include "net/token_source.h"
#include "net/token_text.h"

#include <stdlib.h>
#include <string.h>

/* New tokens that the server may refuse one after the other before that is the answer. */
#define TOKEN_REFUSED_MAX 2
/* Bytes of a list of audiences in a message. */
#define TOKEN_LIST_MAX 512

/* How far asking for the successor of the token in use has got. */
enum stage { FRESH, ASKED_FIRST, ASKED_AGAIN };

struct token {
    struct token_config config;
    struct token_source *source;
    char *value; /* in use; NULL at first */
    unsigned serial;
    int64_t expires; /* of value; 0: unknown */
    struct token_claims identity;
    int warned_opaque;
    enum stage stage;
    int asking;                 /* a question is open */
    int pressing;               /* it was put (or put again) when there was no usable token */
    int asked_after_401;        /* it was put after the token in use had been refused */
    int rejected;               /* the token in use was refused */
    int renewed_after_401;      /* the token in use was got because of that */
    unsigned refused;           /* tokens of that kind that were refused as well, in a row */
    unsigned refused_last;      /* serial of the last of them */
    int proven;                 /* the token in use was accepted */
    char words[304];            /* the server's own, of the last refusal */
    struct challenge challenge; /* of the same */
    char *expired_value;        /* the source gave it, but too late */
    int64_t expired_at;         /* its expiry */
};

struct token *token_open(const struct token_config *c, struct err *e)
{
    const struct token_source_config source = {.command = c->command,
                                               .file = c->file,
                                               .from_stdin = c->from_stdin,
                                               .arg = c->arg,
                                               .wake = c->wake};
    struct token *t = mem_zalloc(1, sizeof(*t));

    t->config = *c;
    t->source = token_source_open(&source, e);
    if (t->source == NULL || token_source_ask(t->source, e) != 0) {
        (void)err_wrap(e, "token");
        token_close(t);
        return NULL;
    }
    return t;
}

void token_close(struct token *t)
{
    if (t == NULL)
        return;
    token_source_close(t->source);
    secret_text_free(t->value);
    secret_text_free(t->expired_value);
    token_claims_free(&t->identity);
    free(t);
}

const char *token_value(const struct token *t)
{
    return t->value;
}

unsigned token_serial(const struct token *t)
{
    return t->serial;
}

const struct token_claims *token_identity(const struct token *t)
{
    return &t->identity;
}

void token_rejected(struct token *t, unsigned serial, const char *words,
                    const struct challenge *challenge)
{
    if (serial != t->serial || t->rejected)
        return;
    t->rejected = 1;
    t->pressing = 0;
    t->asked_after_401 = 0;
    if (t->renewed_after_401 && !t->proven) {
        t->refused++;
        t->refused_last = serial;
    }
    err_clean_text(t->words, sizeof(t->words), words, strlen(words));
    memset(&t->challenge, 0, sizeof(t->challenge));
    if (challenge != NULL)
        t->challenge = *challenge;
}

void token_accepted(struct token *t, unsigned serial)
{
    if (serial == t->serial)
        t->proven = 1;
    /* The answer may come after the one that refused the token, or a later token. */
    if (serial >= t->refused_last)
        t->refused = 0;
    else if (t->refused > t->refused_last - serial)
        t->refused = t->refused_last - serial;
}

int token_is_proven(const struct token *t)
{
    return t->proven;
}

/* ---- judging a token ---- */

/* The name of the source for messages. */
static const char *source_name(const struct token *t)
{
    if (t->config.command != NULL)
        return "--token-command";
    return t->config.file != NULL ? t->config.file : "--token-stdin";
}

/* Length of a URI without the slashes at its end. */
static size_t bare_length(const char *uri, size_t len)
{
    while (len > 0 && uri[len - 1] == '/')
        len--;
    return len;
}

/* Whether the claim (some URIs with blanks between) names `wanted`. */
static int names_audience(const char *claim, const char *wanted)
{
    struct buf bare = {0};
    int found = 0;

    if (wanted == NULL)
        return 0;
    buf_append(&bare, wanted, bare_length(wanted, strlen(wanted)));
    (void)buf_text(&bare);
    while (*claim != '\0' && !found) {
        size_t len = strcspn(claim, " ");
        struct slice one = {claim, bare_length(claim, len)};

        found = one.len > 0 && slice_equals_nocase(one, bare.data);
        claim += len;
        claim += *claim == ' ';
    }
    buf_free(&bare);
    return found;
}

/* Check the audience of a token that could be decoded. */
static int check_audience(const struct token *t, const char *audience, struct err *e)
{
    const char *const *a = t->config.audiences;
    const char *endpoint = t->config.endpoint;
    const char *resource = a != NULL && a[0] != NULL ? a[0] : endpoint;
    int bare = resource == NULL ? 0 : (int)bare_length(resource, strlen(resource));
    char list[TOKEN_LIST_MAX];
    struct buf all = {0};
    int listed = 0;
    size_t i;

    for (i = 0; a != NULL && a[i] != NULL; i++) {
        if (audience != NULL && names_audience(audience, a[i]))
            goto accept;
        listed |= endpoint != NULL && names_audience(a[i], endpoint);
        buf_printf(&all, "%s%.*s/", i > 0 ? ", " : "", (int)bare_length(a[i], strlen(a[i])), a[i]);
    }
    if (audience != NULL && names_audience(audience, endpoint))
        goto accept;
    if (!listed && endpoint != NULL)
        buf_printf(&all, "%s%.*s/", i > 0 ? ", " : "", (int)bare_length(endpoint, strlen(endpoint)),
                   endpoint);
    err_clean_text(list, sizeof(list), all.data, all.len);
    buf_free(&all);
    if (audience != NULL && text_is_guid(slice_of(audience)))
        (void)err_set(e, ERR_AUTH,
                      "audience %s is an application: this is an ID token, or a token "
                      "for that application, not one for Azure Resource Manager",
                      audience);
    else
        (void)err_set(e, ERR_AUTH, "audience %s is not one of %s",
                      audience != NULL ? audience : "(none)", list);
    return err_hint(e,
                    "get a token for Azure Resource Manager: az account get-access-token "
                    "--resource %.*s/, or Get-AzAccessToken -ResourceUrl %.*s/",
                    bare, resource, bare, resource);
accept:
    buf_free(&all);
    return 0;
}

/* The source gave a token that has expired. */
static int expired(int64_t when, struct err *e)
{
    char text[TIMESTAMP_TEXT_MAX];

    (void)err_set(e, ERR_AUTH, "expired at %s", timestamp_format(when, text));
    return err_hint(e, "get a new token; --token-command gets one whenever it is needed");
}

/* The source gave a new token that has expired: the command and the file get a second chance, and
 * standard input may have more lines. */
static int take_expired(struct token *t, struct slice token, int64_t when, struct err *e)
{
    int again = t->expired_value != NULL;

    if (again && (!t->config.from_stdin || slice_equals(token, t->expired_value)))
        return expired(when, e);
    secret_text_free(t->expired_value);
    t->expired_value = slice_dup(token);
    t->expired_at = when;
    return 0;
}

/* Put what the server said with its 401 behind the message. Returns -1. */
static int refusal(const struct token *t, struct err *e)
{
    struct buf said = {0};

    buf_puts(&said, e->msg);
    if (t->words[0] != '\0')
        buf_printf(&said, ": %s", t->words);
    challenge_print(&t->challenge, &said);
    (void)err_set(e, ERR_AUTH, "%s", buf_text(&said));
    buf_free(&said);
    e->http = 401;
    return challenge_hint(e, t->words, &t->challenge);
}

/* The source gave the token in use once more. */
static int take_same(struct token *t, int64_t now, struct err *e)
{
    if (t->rejected) {
        /* The question was older than the refusal: put it again. */
        if (!t->asked_after_401)
            return 0;
        (void)err_set(e, ERR_AUTH, "HTTP 401, and %s gave the same token again", source_name(t));
        return refusal(t, e);
    }
    return t->expires != 0 && now >= t->expires ? expired(t->expires, e) : 0;
}

/* Use a new token from now on. */
static void replace(struct token *t, struct slice token, int64_t expires, int64_t now)
{
    char *copy = slice_dup(token);
    int64_t left_s = (expires - now) / TICKS_PER_SECOND;

    /* A successor that is short of time itself is used first: asking at once could go on for ever
     * with a source of short-lived tokens. */
    t->stage = FRESH;
    if (t->value != NULL && expires != 0 && left_s <= TOKEN_RENEW_FIRST_S)
        t->stage = left_s <= TOKEN_RENEW_AGAIN_S ? ASKED_AGAIN : ASKED_FIRST;
    secret_text_free(t->value);
    secret_text_free(t->expired_value);
    t->expired_value = NULL;
    t->value = copy;
    mask_remember(copy);
    t->expires = expires;
    t->serial++;
    t->renewed_after_401 = t->rejected;
    t->rejected = 0;
    t->proven = 0;
}

/* Judge what the source gave, and use it if it is new. Returns -1 when it is of no use. */
static int adopt(struct token *t, const struct buf *text, int64_t now, struct err *e)
{
    struct token_claims claims = {0};
    struct buf found = {0};
    struct slice token;
    int decoded, ret = -1;

    if (token_text_find(&found, buf_slice(text), source_name(t), e) != 0)
        goto out;
    token = buf_slice(&found);
    decoded = token_claims_parse(&claims, token) == 0;
    if (decoded && check_audience(t, claims.audience, e) != 0)
        goto out;
    if (!decoded && !t->warned_opaque) {
        t->warned_opaque = 1;
        if (t->config.warning != NULL)
            t->config.warning(t->config.arg, "token: cannot be decoded, so that its audience and "
                                             "expiry are not checked and the manifest names no "
                                             "identity");
    }
    if (t->value != NULL && slice_equals(token, t->value)) {
        ret = take_same(t, now, e);
    } else if (claims.expires != 0 && now >= claims.expires) {
        ret = take_expired(t, token, claims.expires, e);
    } else {
        replace(t, token, claims.expires, now);
        ret = 0;
        if (t->serial == 1) {
            t->identity = claims;
            memset(&claims, 0, sizeof(claims));
        }
    }
out:
    token_claims_free(&claims);
    secret_free(&found);
    return ret;
}

/* ---- renewal ---- */

/* Whether the token in use may go into a request. */
static int usable(const struct token *t, int64_t now)
{
    return t->value != NULL && !t->rejected && (t->expires == 0 || now < t->expires);
}

/* Why a question has to be put (again) now, or NULL. Notes that it was. */
static const char *reason_to_ask(struct token *t, int64_t now)
{
    int64_t left = t->expires - now;

    if (!usable(t, now)) {
        if (t->asking && t->pressing)
            return NULL;
        t->pressing = 1;
        if (t->rejected)
            return "rejected";
        return t->value != NULL || t->expired_value != NULL ? "expired" : "start";
    }
    if (t->expires == 0)
        return NULL;
    if (left <= TOKEN_RENEW_AGAIN_S * TICKS_PER_SECOND && t->stage < ASKED_AGAIN) {
        t->stage = ASKED_AGAIN;
        t->pressing = 0;
        return "expiring";
    }
    if (left <= TOKEN_RENEW_FIRST_S * TICKS_PER_SECOND && t->stage < ASKED_FIRST) {
        t->stage = ASKED_FIRST;
        t->pressing = 0;
        return "expiring";
    }
    return NULL;
}

/* Put the question to the source, and to whoever writes our standard input. */
static int ask(struct token *t, const char *reason, struct err *e)
{
    if (!t->asking)
        t->asked_after_401 = t->rejected;
    t->asking = 1;
    if (t->config.from_stdin && t->config.needed != NULL && !token_source_waiting(t->source))
        t->config.needed(t->config.arg, reason);
    return token_source_ask(t->source, e);
}

/* No token came (gave 0), or one of no use: bad while there is no usable token, else a warning. */
static int source_failed(struct token *t, int gave, int64_t now, struct err *why)
{
    char when[TIMESTAMP_TEXT_MAX];
    struct buf line = {0};

    if (why->code == ERR_INTERRUPTED || why->code == ERR_INTERNAL)
        return err_wrap(why, "token");
    if (!usable(t, now)) {
        if (t->rejected && why->http == 0) {
            why->http = 401;
            (void)err_wrap(why, "HTTP 401%s%s", t->words[0] ? ": " : "", t->words);
        } else if (!gave && (t->expired_value != NULL || t->expires != 0)) {
            (void)err_wrap(why, "expired at %s",
                           timestamp_format(t->expired_value ? t->expired_at : t->expires, when));
        }
        return err_wrap(why, "token");
    }
    buf_printf(&line, "token: renewal: %s; the one in use lasts until %s", why->msg,
               timestamp_format(t->expires, when));
    if (t->config.warning != NULL)
        t->config.warning(t->config.arg, line.data);
    buf_free(&line);
    return 0;
}

/* See whether the open question has been answered. */
static int collect(struct token *t, int64_t now, struct err *e)
{
    struct buf text = {0};
    struct err why = {0};
    int gave = token_source_take(t->source, &text, &why), ret = -1;

    if (gave == 0)
        return 0;
    t->asking = 0;
    if (gave > 0)
        ret = adopt(t, &text, now, &why);
    secret_free(&text);
    if (ret != 0 && source_failed(t, gave > 0, now, &why) != 0) {
        *e = why;
        return -1;
    }
    return 0;
}

int token_poll(struct token *t, int64_t now, struct err *e)
{
    const char *reason;

    /* Lines that were read ahead are taken at once. */
    do {
        if (token_source_cancelled(t->source))
            return err_set(e, ERR_INTERRUPTED, "cancelled on standard input");
        if (t->refused >= TOKEN_REFUSED_MAX) {
            (void)err_set(e, ERR_AUTH, "token: HTTP 401, and again with %u new ones",
                          TOKEN_REFUSED_MAX);
            return refusal(t, e);
        }
        if (t->asking && collect(t, now, e) != 0)
            return -1;
        reason = reason_to_ask(t, now);
        if (reason != NULL && ask(t, reason, e) != 0)
            return err_wrap(e, "token");
    } while (reason != NULL && token_source_waiting(t->source));
    return usable(t, now);
}
