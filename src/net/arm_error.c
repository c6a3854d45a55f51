/*
 * arm_error: what Azure Resource Manager says when it refuses, and what to do about it. Two shapes
 * of body are known: {"error":{"code","message"}} of the gateway and {"code","message"} of
 * Microsoft.Insights, the latter also with capitals.
 */
#include "base/json.h"
#include "base/text.h"
#include "net/arm.h"
#include "net/challenge.h"
#include "net/html.h"
#include "net/http.h"
#include "net/mask.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define ARM_HINT_DISABLED                                                                          \
    "the subscription is disabled: its owner or billing account can enable it again"
#define ARM_HINT_REGISTER                                                                          \
    "the subscription has not registered the provider: az provider register --namespace "          \
    "Microsoft.Insights --subscription ID"

/* Room for the path of a scope in a hint. */
#define ARM_PATH_MAX 160
/* Room for a printed scope in a message: 90 characters of at most 4 bytes. */
#define ARM_NAME_MAX 400

/* The text of a member, named in any letter case; "" if there is none. */
static const char *member(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

    return text == NULL ? "" : text;
}

void arm_error_parse(struct arm_error *out, struct slice body)
{
    const cJSON *inner, *words;
    struct err ignored;
    cJSON *root;

    memset(out, 0, sizeof(*out));
    body = slice_without_bom(body);
    /* cJSON forgives bad UTF-8 and text behind the value; what is not JSON says nothing here. */
    if (html_is_page(body)) {
        out->is_page = 1;
        html_title(out->message, body);
        mask_text(out->message);
        return;
    }
    if (body.len == 0 || json_check(body, NULL, NULL, &ignored) != 0)
        return;
    root = cJSON_ParseWithLength(body.data, body.len);
    inner = cJSON_GetObjectItem(root, "error");
    words = cJSON_IsObject(inner) ? inner : root;
    if (cJSON_IsObject(words)) {
        const char *code = member(words, "code"), *message = member(words, "message");

        err_clean_text(out->code, sizeof(out->code), code, strlen(code));
        err_clean_text(out->message, sizeof(out->message), message, strlen(message));
        err_clean_whole(out->whole, sizeof(out->whole), message, strlen(message));
    }
    cJSON_Delete(root);
    /* Cleaning has brought together what was apart in the body. */
    mask_text(out->code);
    mask_text(out->message);
    mask_text(out->whole);
}

/* Whether the server's code is `code`, in any letter case. */
static int is_code(const struct arm_error *words, const char *code)
{
    return slice_equals_nocase(slice_of(words->code), code);
}

/* The path of s for a command in a hint; an id that a shell could misread stays out of it. */
static void scope_path(char out[ARM_PATH_MAX], const struct arm_scope *s)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    const char *id = s->id == NULL || s->id[strspn(s->id, safe)] != '\0' ? "<id>" : s->id;

    (void)snprintf(out, ARM_PATH_MAX, "%s/%s",
                   s->kind == ARM_SUBSCRIPTION ? "/subscriptions"
                                               : "/providers/Microsoft.Management/managementGroups",
                   id);
}

/* Whether the server's code begins with `start`, in any letter case. */
static int code_starts(const struct arm_error *words, const char *start)
{
    return text_starts_nocase(slice_of(words->code), start);
}

/* Which right is missing, and the least role that grants it. */
static void hint_role(struct err *e, const struct arm_scope *s)
{
    char path[ARM_PATH_MAX];

    if (s->kind == ARM_TENANT) {
        (void)err_hint(e,
                       "missing: microsoft.insights/eventtypes/values/read over "
                       "/providers/microsoft.insights/eventtypes/management; least role: Reader at "
                       "/providers/Microsoft.Insights, given by somebody with elevated access: "
                       "az role assignment create --assignee OBJECT-ID --role Reader --scope "
                       "/providers/Microsoft.Insights, or New-AzRoleAssignment -ObjectId OBJECT-ID "
                       "-RoleDefinitionName Reader -Scope /providers/Microsoft.Insights");
        return;
    }
    scope_path(path, s);
    (void)err_hint(e,
                   "missing: microsoft.insights/eventtypes/values/read; least role: Reader or "
                   "Monitoring Reader at %s, such as: az role assignment create --assignee "
                   "OBJECT-ID --role \"Monitoring Reader\" --scope %s",
                   path, path);
}

/* The advice for a 403, by its code: a role helps against few of them. */
static void hint_forbidden(struct err *e, const struct arm_scope *s, const struct arm_error *words)
{
    static const char *const roles[] = {"AuthorizationFailed", "LinkedAuthorizationFailed",
                                        "Forbidden", "AccessDenied"};
    static const struct {
        const char *start, *hint;
    } rows[] = {
        {"PrivateLink", "the tenant accepts requests only through its private link: run azdal in a "
                        "network that has the private endpoint of Azure Resource Manager"},
        {"PublicNetworkAccess", "the tenant accepts requests only through its private link: run "
                                "azdal in a network that has "
                                "the private endpoint of Azure Resource Manager"},
        {"RequestDisallowed",
         "a policy of the organisation refuses the request; no role helps: ask "
         "whoever manages the policy that the message names"},
        {"DenyAssignment", "a deny assignment refuses this account; no role helps: see "
                           "Get-AzDenyAssignment at the scope"},
        {"ConditionalAccess", "a Conditional Access policy refuses the sign-in: use a device and "
                              "network that it allows, or ask whoever manages it"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (code_starts(words, rows[i].start)) {
            (void)err_hint(e, "%s", rows[i].hint);
            return;
        }
    }
    if (code_starts(words, "InvalidAuthentication") || code_starts(words, "ExpiredAuthentication"))
        (void)challenge_hint(e, words->code, NULL);
    for (i = 0; s != NULL && i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (words->code[0] == '\0' || is_code(words, roles[i])) {
            hint_role(e, s);
            return;
        }
    }
}

/* The codes of a scope that the service will not serve, and what to do about it. */
static const struct {
    const char *code, *hint;
} unavailable[] = {
    {"SubscriptionNotFound", "check the subscription's id; one of another tenant, or one that this "
                             "account must not see, is not found either"},
    {"ReadOnlyDisabledSubscription", ARM_HINT_DISABLED},
    {"DisabledSubscription", ARM_HINT_DISABLED},
    {"SubscriptionDisabled", ARM_HINT_DISABLED},
    {"SubscriptionNotRegistered", ARM_HINT_REGISTER},
    {"MissingSubscriptionRegistration", ARM_HINT_REGISTER},
};

/* The row of a code, or -1. */
static int unavailable_row(const struct arm_error *words)
{
    int i;

    for (i = 0; i < (int)(sizeof(unavailable) / sizeof(unavailable[0])); i++) {
        if (is_code(words, unavailable[i].code))
            return i;
    }
    return -1;
}

/* Whether the message says that a resource provider is not registered: some 409 have no code of
 * their own. */
static int says_unregistered(const struct arm_error *words)
{
    return strstr(words->message, "not registered") != NULL;
}

int arm_error_unavailable(int status, const struct arm_error *words)
{
    if (words->is_page || status < 400 || status >= 500 || status == 401 || status == 407 ||
        status == 408 || status == 429)
        return 0;
    return status == 409 || status == 410 || unavailable_row(words) >= 0;
}

/* The advice for an answer that is neither 401 nor 403. */
static void hint_refused(struct err *e, const struct arm_scope *s, int status,
                         const struct arm_error *words)
{
    int row = unavailable_row(words);

    if (status == 400 && strstr(words->message, "days in the past") != NULL)
        (void)err_hint(e, "the service keeps events for %d days: use --since %dd or later",
                       ARM_RETENTION_DAYS, ARM_DEFAULT_DAYS);
    else if (row >= 0)
        (void)err_hint(e, "%s", unavailable[row].hint);
    else if (status == 409 && says_unregistered(words))
        (void)err_hint(e, "%s", ARM_HINT_REGISTER);
    else if (status == 404 && s != NULL && s->kind == ARM_SUBSCRIPTION)
        (void)err_hint(e, "%s", unavailable[0].hint);
    else if (status == 404 && s != NULL && s->kind == ARM_MANAGEMENT_GROUP)
        (void)err_hint(e, "check the management group's id (not its display name) and the token's "
                          "tenant");
    else if (status == 407)
        (void)err_hint(e, "%s", HTTP_HINT_PROXY);
}

/* The exit status that an HTTP status leads to. */
static int code_of(int status)
{
    if (status == 401 || status == 403)
        return ERR_AUTH;
    if (status == 408 || status == 429)
        return ERR_NETWORK;
    return status >= 400 && status <= 499 ? ERR_REFUSED : ERR_NETWORK;
}

int arm_explain_page(struct err *e, int status, const char *title)
{
    char http[24] = "";

    if (status != 200)
        (void)snprintf(http, sizeof(http), "HTTP %d: ", status);
    (void)err_set(e, status == 200 ? ERR_UNTRUSTED : ERR_NETWORK,
                  "%san HTML page instead of an answer%s%s", http, title[0] != '\0' ? ": " : "",
                  title);
    e->http = status;
    return err_hint(e, "%s",
                    status == 407 ? HTTP_HINT_PROXY
                                  : "a proxy, gateway or sign-in page between here and Azure has "
                                    "answered in its place");
}

int arm_explain(struct err *e, const struct arm_scope *s, int status, const struct arm_error *words)
{
    int described = words->code[0] != '\0' || words->message[0] != '\0';
    char name[ARM_NAME_MAX] = "";
    struct buf text = {0};

    (void)err_set(e, code_of(status), "HTTP %d%s%s%s%s", status, words->code[0] ? " " : "",
                  words->code, words->message[0] ? ": " : "", words->message);
    if (words->is_page)
        (void)arm_explain_page(e, status, words->message);
    else if (!described && status >= 400)
        (void)err_set(e, code_of(status), "HTTP %d (no reason given)", status);
    e->http = status;
    if (s != NULL) {
        arm_scope_print(s, &text);
        err_clean_text(name, sizeof(name), text.data, text.len);
        (void)err_wrap(e, "%s", name);
    }
    buf_free(&text);
    if (words->is_page)
        return -1;
    if (status == 401)
        (void)challenge_hint(e, words->code, NULL);
    else if (status == 403 && unavailable_row(words) < 0)
        hint_forbidden(e, s, words);
    else
        hint_refused(e, s, status, words);
    return -1;
}
