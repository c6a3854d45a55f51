#include "net/token_text.h"

#include "base/json.h"
#include "base/text.h"
#include "net/html.h"
#include "net/jwt.h"
#include "net/secret.h"
#include "net/words.h"

#include <stdlib.h>
#include <string.h>

/* What a bearer token is made of by RFC 6750. */
#define TOKEN_CHARACTERS WORDS_ALNUM "-._~+/="
/* Characters of a refresh token; shorter texts of its shape are taken for opaque tokens. */
#define REFRESH_MIN_BYTES 100
/* A longer word without a blank is not repeated in a message: it may be a secret. */
#define SECRET_MIN_BYTES 40
#define ERROR_MESSAGE "an error message"
#define NO_TOKEN "something that is not a token"

#define HINT_GET                                                                                   \
    "the token itself is wanted, or the JSON of: az account get-access-token --resource "          \
    "https://management.azure.com/"
#define HINT_SECURE                                                                                \
    "convert it: ConvertFrom-SecureString (Get-AzAccessToken).Token -AsPlainText, or in Windows "  \
    "PowerShell: [Net.NetworkCredential]::new('',(Get-AzAccessToken).Token).Password"

/* ---- characters ---- */

size_t token_text_narrow(char *text, size_t n)
{
    size_t i, kept = 0;

    for (i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c != 0 && c != 0xfe && c != 0xff)
            text[kept++] = text[i];
    }
    return kept;
}

/* Append text without the sequences that colour a terminal (ESC [ ... letter). */
static void put_plain(struct buf *out, struct slice text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] != '\033') {
            buf_putc(out, text.data[i]);
            continue;
        }
        while (i + 1 < text.len && words_one_of(text.data[i + 1], "[0123456789;?"))
            i++;
        i += i + 1 < text.len;
    }
}

/* Take the JWT in text: 1 with it in *token, 0 when there is none, -1 when there are several, or
 * one that was cut, or one that is too long. */
static int take_jwt(struct buf *token, struct slice text, const char *source, struct err *e)
{
    struct jwt j = {.rest = text};
    struct buf one = {0};
    int found = 0, ret = 0;

    buf_reserve(&one, text.len);
    while (ret == 0 && jwt_find(&one, &j)) {
        j.cut |= j.rest.len >= 3 && memcmp(j.rest.data, "\xe2\x80\xa6", 3) == 0;
        if (j.cut) {
            (void)err_set(e, ERR_AUTH, "%s gave a token that was cut to fit a table", source);
            ret = err_hint(e, "print the token alone: (Get-AzAccessToken).Token, or az account "
                              "get-access-token --query accessToken -o tsv");
        } else if (j.dots >= 2 && found && !slice_equals(buf_slice(&one), token->data)) {
            (void)err_set(e, ERR_AUTH, "%s gave several tokens", source);
            ret = err_hint(e, "give only the one for Azure Resource Manager");
        } else if (j.dots >= 2 && !found) {
            buf_clear(token);
            buf_append(token, one.data, one.len);
            (void)buf_text(token);
            found = 1;
        }
        secret_wipe(&one);
    }
    secret_free(&one);
    return ret != 0 ? ret : found;
}

/* ---- JSON ---- */

/* The JSON object or array that s begins with: 1, or 0 when it is none. */
static int whole_json(struct slice s, struct slice *value)
{
    struct json_iter it = {0};
    struct slice key, item;
    struct err ignored = {0};
    int is_object = *s.data == '{', more;

    if ((is_object ? json_object_begin : json_array_begin)(&it, s, &ignored) != 0)
        return 0;
    do {
        more = is_object ? json_object_next(&it, &key, &item, &ignored)
                         : json_array_next(&it, &item, &ignored);
    } while (more == 1);
    *value = (struct slice){s.data, (size_t)(it.p - s.data)};
    return more == 0;
}

/* Find a line that begins with an object or an array: 1 with *value, 0 when there is none. */
static int find_json(struct slice text, struct slice *value)
{
    struct slice line, rest = text;

    while (words_next_line(&text, &line)) {
        const char *end = rest.data + rest.len;

        line = text_trim(line);
        if (line.len > 0 && (*line.data == '{' || *line.data == '[') &&
            whole_json((struct slice){line.data, (size_t)(end - line.data)}, value))
            return 1;
        rest = text;
    }
    return 0;
}

/* The first member of these names, in any letter case. */
static struct slice member(struct slice object, const char *const *names)
{
    struct slice v = {0};

    for (; *names != NULL && v.data == NULL; names++)
        v = json_get_nocase(object, *names);
    return v;
}

/* An object without a token: say what it has instead. */
static int refuse_object(struct slice object, const char *source, struct err *e)
{
    static const char *const codes[] = {"error", "code", NULL};
    static const char *const texts[] = {"error_description", "message", NULL};
    static const char *const other[] = {"refresh_token", "refreshToken", NULL};
    static const char *const id[] = {"id_token", "idToken", NULL};
    struct slice code = member(object, codes), text;
    char *code_text, *words;
    char shown[304] = "", first[128] = "";

    if (json_kind(code) == JSON_OBJECT) {
        object = code;
        code = member(object, codes);
    }
    text = member(object, texts);
    if (code.data == NULL || json_kind(code) != JSON_STRING) {
        (void)err_set(e, ERR_AUTH, "%s gave %s", source,
                      member(object, other).data != NULL ? "a refresh token and no access token"
                      : member(object, id).data != NULL  ? "an ID token and no access token"
                                                         : "a JSON object without an access token");
        return err_hint(e, HINT_GET);
    }
    code_text = json_string_dup(code);
    words = json_string_dup(text);
    if (code_text != NULL)
        err_clean_text(first, sizeof(first), code_text, strlen(code_text));
    if (words != NULL)
        err_clean_text(shown, sizeof(shown), words, strlen(words));
    free(code_text);
    free(words);
    return err_set(e, ERR_AUTH, "%s gave an error instead of a token: %s%s%s", source, first,
                   shown[0] != '\0' ? ": " : "", shown);
}

/* The text of the token that a JSON value names: 0 with *text (which the caller wipes), or -1. */
static int json_token(struct buf *text, struct slice value, const char *source, struct err *e)
{
    static const char *const names[] = {"access_token", "accessToken", "token", NULL};
    struct slice v = value, first;
    struct json_iter it;
    struct err ignored;

    if (json_kind(v) == JSON_ARRAY && json_array_begin(&it, v, &ignored) == 0 &&
        json_array_next(&it, &first, &ignored) == 1)
        v = first;
    if (json_kind(v) == JSON_OBJECT) {
        value = v;
        v = member(value, names);
        if (v.data == NULL)
            return refuse_object(value, source, e);
    }
    if (json_kind(v) == JSON_OBJECT && json_get_nocase(v, "length").data != NULL) {
        (void)err_set(e, ERR_AUTH, "%s gave a SecureString instead of the token's text", source);
        return err_hint(e, HINT_SECURE);
    }
    if (json_kind(v) == JSON_STRING)
        return json_string_decode(v, text);
    (void)err_set(e, ERR_AUTH, "%s gave JSON without an access token", source);
    return err_hint(e, HINT_GET);
}

/* ---- what is no token ---- */

/* What a text that holds no JWT is, or NULL where it may be an opaque token. */
static const char *name_text(struct slice s)
{
    static const char *const words[] = {"null", "none", "undefined", "true", "false", "nil", NULL};
    size_t i;

    for (i = 0; words[i] != NULL; i++) {
        if (slice_equals_nocase(s, words[i]))
            return "a word for a missing value";
    }
    if (text_starts_nocase(s, "System.") || text_starts_nocase(s, "Microsoft."))
        return "the name of a .NET type";
    if (text_starts_nocase(s, "error") || words_hold(s, "AADSTS"))
        return ERROR_MESSAGE;
    if (text_is_guid(s))
        return "a GUID";
    if (text_starts_nocase(s, "-----BEGIN"))
        return "a certificate or key";
    if (text_starts_nocase(s, "http://") || text_starts_nocase(s, "https://"))
        return "a URL";
    if (s.len >= REFRESH_MIN_BYTES &&
        (text_starts_nocase(s, "0.A") || text_starts_nocase(s, "1.A") ||
         text_starts_nocase(s, "M.C") || text_starts_nocase(s, "M.R")))
        return "a refresh token";
    if (words_hold(s, "8Q~"))
        return "an application's secret";
    return words_made_of(s, TOKEN_CHARACTERS) ? NULL : NO_TOKEN;
}

/* Whether s has a word that is long enough for a token. */
static int may_be_secret(struct slice s)
{
    size_t i, n = 0;

    for (i = 0; i < s.len && n < SECRET_MIN_BYTES; i++)
        n = words_one_of(s.data[i], TOKEN_CHARACTERS) ? n + 1 : 0;
    return n == SECRET_MIN_BYTES;
}

/* Say what was given instead of a token. */
static int refuse(struct slice s, const char *what, const char *source, struct err *e)
{
    char title[HTML_TITLE_MAX];

    if (html_is_page(s)) {
        html_title(title, s);
        (void)err_set(e, ERR_AUTH, "%s gave an HTML page instead of a token%s%s", source,
                      title[0] != '\0' ? ": " : "", title);
        return err_hint(e, HINT_GET);
    }
    if (words_hold(s, "System.Security.SecureString")) {
        (void)err_set(e, ERR_AUTH,
                      "%s gave the words System.Security.SecureString instead of a token", source);
        return err_hint(e, HINT_SECURE);
    }
    (void)err_set(e, ERR_AUTH, "%s gave %s%s", source, what,
                  strcmp(what, NO_TOKEN) == 0 ? "" : " instead of a token");
    if (strcmp(what, ERROR_MESSAGE) == 0 && !may_be_secret(s)) {
        struct slice line;
        char shown[304];

        (void)words_next_line(&s, &line);
        err_clean_text(shown, sizeof(shown), line.data, line.len);
        (void)err_set(e, ERR_AUTH, "%s gave an error: %s", source, shown);
    }
    return err_hint(e, HINT_GET);
}

/* s without a pair of quotes around it and without "Bearer" in front. */
static struct slice bare(struct slice s)
{
    int i;

    for (i = 0; i < 2; i++) {
        s = text_trim(s);
        if (s.len >= 2 && words_one_of(*s.data, "\"'") && s.data[s.len - 1] == *s.data)
            s = (struct slice){s.data + 1, s.len - 2};
        if (text_starts_nocase(s, "authorization:"))
            s = text_trim((struct slice){s.data + 14, s.len - 14});
        if (text_starts_nocase(s, "bearer "))
            s = (struct slice){s.data + 7, s.len - 7};
    }
    return text_trim(s);
}

/* Take what is no JSON: a JWT somewhere in it, or an opaque token alone. */
static int take_text(struct buf *token, struct slice text, const char *source, struct err *e)
{
    struct slice s = bare(text);
    const char *what;
    int found;

    if (s.len == 0)
        return err_set(e, ERR_AUTH, "%s gave nothing", source);
    found = take_jwt(token, text, source, e);
    if (found < 0)
        return -1;
    if (!found) {
        what = name_text(s);
        if (what != NULL)
            return refuse(s, what, source, e);
        buf_clear(token);
        buf_append(token, s.data, s.len);
        (void)buf_text(token);
    }
    if (token->len > TOKEN_MAX_BYTES)
        return err_set(e, ERR_AUTH, "%s: more than %u bytes", source, TOKEN_MAX_BYTES);
    return 0;
}

int token_text_find(struct buf *token, struct slice text, const char *source, struct err *e)
{
    struct buf plain = {0}, inner = {0};
    struct slice value;
    int ret;

    /* Room for all from the start: no copy of a token stays behind when a buffer grows. */
    buf_reserve(&plain, text.len);
    buf_reserve(&inner, text.len);
    buf_reserve(token, text.len + 1);
    put_plain(&plain, text);
    plain.len = plain.len > 0 ? token_text_narrow(plain.data, plain.len) : 0;
    text = slice_without_bom(buf_slice(&plain));
    if (!find_json(text, &value)) {
        ret = take_text(token, text, source, e);
    } else {
        ret = json_token(&inner, value, source, e);
        if (ret == 0)
            ret = take_text(token, buf_slice(&inner), source, e);
    }
    secret_free(&plain);
    secret_free(&inner);
    return ret;
}

/* ---- reading line by line ---- */

/* Whether the brackets that s opens are closed again in it; those in strings do not count. */
static int is_balanced(struct slice s)
{
    size_t i, depth = 0;
    int quoted = 0;

    for (i = 0; i < s.len; i++) {
        char c = s.data[i];

        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']') && depth > 0 && --depth == 0)
            return 1;
    }
    return depth == 0;
}

int token_text_goes_on(struct slice text)
{
    struct slice line, rest = text, all = text;
    struct jwt j = {.rest = text};
    struct buf token = {0};
    int goes_on = 0;

    buf_reserve(&token, text.len);
    while (words_next_line(&rest, &line)) {
        line = text_trim(line);
        if (line.len > 0 && *line.data == '{') {
            secret_free(&token);
            return !is_balanced(
                (struct slice){line.data, (size_t)(all.data + all.len - line.data)});
        }
    }
    if (jwt_find(&token, &j))
        goes_on = j.open && !j.cut;
    else
        goes_on =
            text_starts_nocase(text_trim(text), "warning") || slice_equals(text_trim(text), "[");
    secret_free(&token);
    return goes_on;
}
