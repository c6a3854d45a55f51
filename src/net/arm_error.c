/*
 * arm_error: what Azure Resource Manager says when it refuses, and what to do about it. Two shapes
 * of body are known: {"error":{"code","message"}} of the gateway and {"code","message"} of
 * Microsoft.Insights, the latter also with capitals.
 */
#include "base/json.h"
#include "net/arm.h"
#include "net/challenge.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

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

/* 403: which right is missing, and the least role that grants it. */
static void hint_forbidden(struct err *e, const struct arm_scope *s)
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

/* The advice for an answer that is neither 401 nor 403. */
static void hint_refused(struct err *e, const struct arm_scope *s, int status,
                         const struct arm_error *words)
{
    if (status == 400 && strstr(words->message, "days in the past") != NULL)
        (void)err_hint(e, "the service keeps events for %d days: use --since %dd or later",
                       ARM_RETENTION_DAYS, ARM_DEFAULT_DAYS);
    else if (is_code(words, "SubscriptionNotFound") ||
             (status == 404 && s != NULL && s->kind == ARM_SUBSCRIPTION))
        (void)err_hint(e, "check the subscription's id; one of another tenant, or one that this "
                          "account must not see, is not found either");
    else if (status == 404 && s != NULL && s->kind == ARM_MANAGEMENT_GROUP)
        (void)err_hint(e, "check the management group's id (not its display name) and the token's "
                          "tenant");
    else if (status == 407)
        (void)err_hint(e, "the proxy wants credentials: see https_proxy in the environment");
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

int arm_explain(struct err *e, const struct arm_scope *s, int status, const struct arm_error *words)
{
    int described = words->code[0] != '\0' || words->message[0] != '\0';
    char name[ARM_NAME_MAX] = "";
    struct buf text = {0};

    (void)err_set(e, code_of(status), "HTTP %d%s%s%s%s", status, words->code[0] ? " " : "",
                  words->code, words->message[0] ? ": " : "", words->message);
    if (!described && status >= 400)
        (void)err_set(e, code_of(status), "HTTP %d (no reason given)", status);
    e->http = status;
    if (s != NULL && arm_scope_print(s, &text) == 0) {
        err_clean_text(name, sizeof(name), text.data, text.len);
        (void)err_wrap(e, "%s", name);
    }
    buf_free(&text);
    if (status == 401)
        (void)challenge_hint(e, words->code, NULL);
    else if (status == 403 && s != NULL)
        hint_forbidden(e, s);
    else
        hint_refused(e, s, status, words);
    return -1;
}
