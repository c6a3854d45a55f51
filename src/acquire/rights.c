#include "acquire/rights.h"

#include "acquire/page.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What reading events needs; role definitions spell it in this letter case. */
#define RIGHTS_ACTION "Microsoft.Insights/eventtypes/values/read"
/* Pages of one list of permissions: an account has a handful of entries. */
#define RIGHTS_PAGES_MAX 50

/* Whether a pattern with '*', which stands for any text, covers the action. */
static int covers(struct slice pattern, struct slice action)
{
    size_t p = 0, a = 0, star = SIZE_MAX, from = 0;

    while (a < action.len) {
        if (p < pattern.len && pattern.data[p] == '*') {
            star = p++;
            from = a;
        } else if (p < pattern.len && text_lower(pattern.data[p]) == text_lower(action.data[a])) {
            p++;
            a++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            a = ++from;
        } else {
            return 0;
        }
    }
    while (p < pattern.len && pattern.data[p] == '*')
        p++;
    return p == pattern.len;
}

/* Whether an array of patterns covers the action. */
static int any_covers(struct slice array)
{
    struct slice element;
    struct json_iter it;
    struct err ignored;
    int found = 0;

    if (array.data == NULL || json_array_begin(&it, array, &ignored) != 0)
        return 0;
    while (!found && json_array_next(&it, &element, &ignored) == 1) {
        char *pattern = json_string_dup(element);

        found = pattern != NULL && covers(slice_of(pattern), slice_of(RIGHTS_ACTION));
        free(pattern);
    }
    return found;
}

/* One entry: what it takes away counts against its own actions alone. */
static int take_permission(struct slice element, void *arg, struct err *e)
{
    int *shown = arg;

    (void)e;
    if (any_covers(json_get_nocase(element, "actions")) &&
        !any_covers(json_get_nocase(element, "notActions")))
        *shown = 1;
    return 0;
}

enum manifest_right rights_read(struct slice body, char **next_link)
{
    struct err ignored;
    int shown = 0;

    if (page_list(body, take_permission, &shown, next_link, &ignored) != 0)
        return MANIFEST_RIGHT_UNKNOWN;
    return shown ? MANIFEST_RIGHT_SHOWN : MANIFEST_RIGHT_MISSING;
}

struct rights_lookup {
    struct fetch_request request;
    struct fetch *fetch;
    char *url;
    enum arm_scope_kind kind;
    unsigned pages, sent, id;
    void (*done)(void *arg, unsigned id, enum manifest_right right, unsigned requests);
    void *arg;
};

/* The tenant's log can also be read by a role at /providers/Microsoft.Insights, which the
 * permissions at `/` do not show; without any it would have been refused. */
static enum manifest_right judge(enum arm_scope_kind kind, enum manifest_right right)
{
    return kind == ARM_TENANT && right == MANIFEST_RIGHT_MISSING ? MANIFEST_RIGHT_UNKNOWN : right;
}

/* The callback of fetch: one page of permissions, or none. */
static void on_answer(struct fetch_request *r, struct fetch_result *result)
{
    struct rights_lookup *l = container_of(r, struct rights_lookup, request);
    enum manifest_right right = MANIFEST_RIGHT_UNKNOWN;
    char *next = NULL;

    l->sent += r->attempts;
    if (result->answer != NULL)
        right = rights_read(buf_slice(&result->answer->body), &next);
    if (right == MANIFEST_RIGHT_MISSING && next != NULL) {
        if (++l->pages < RIGHTS_PAGES_MAX && strcmp(next, l->url) != 0) {
            free(l->url);
            l->url = next;
            l->request.url = next;
            fetch_start(l->fetch, &l->request);
            return;
        }
        right = MANIFEST_RIGHT_UNKNOWN;
    }
    free(next);
    l->done(l->arg, l->id, judge(l->kind, right), l->sent);
}

/* The URL of a scope's permissions, in new memory. */
static char *first_url(const char *endpoint, const struct arm_scope *scope)
{
    struct buf url = {0};

    (void)arm_permissions_url(&url, endpoint, scope);
    return url.data;
}

struct rights_lookup *
rights_start(struct fetch *f, const char *endpoint, const struct arm_scope *scope, unsigned bucket,
             void (*done)(void *arg, unsigned id, enum manifest_right right, unsigned requests),
             void *arg, unsigned id)
{
    struct rights_lookup *l = mem_zalloc(1, sizeof(*l));

    l->fetch = f;
    l->url = first_url(endpoint, scope);
    l->kind = scope->kind;
    l->id = id;
    l->done = done;
    l->arg = arg;
    l->request.url = l->url;
    l->request.bucket = bucket;
    l->request.done = on_answer;
    fetch_start(f, &l->request);
    return l;
}

void rights_free(struct rights_lookup *l)
{
    if (l == NULL)
        return;
    free(l->url);
    free(l);
}

int rights_wait(struct fetch *f, const char *endpoint, const struct arm_scope *scope,
                enum manifest_right *right, struct err *e)
{
    char *url = first_url(endpoint, scope), *next = NULL;
    struct http_answer answer = {0};
    struct fetch_result r;
    unsigned pages;

    *right = MANIFEST_RIGHT_MISSING;
    for (pages = 0; url != NULL && *right == MANIFEST_RIGHT_MISSING; pages++) {
        next = NULL;
        if (pages == RIGHTS_PAGES_MAX) {
            *right = MANIFEST_RIGHT_UNKNOWN;
            break;
        }
        if (fetch_wait(f, url, 0, &r, &answer, e) != 0) {
            free(url);
            *right = MANIFEST_RIGHT_UNKNOWN;
            return r.err.code == ERR_NONE ? -1 : 0;
        }
        *right = rights_read(buf_slice(&answer.body), &next);
        buf_free(&answer.body);
        free(url);
        url = next;
    }
    free(url);
    *right = judge(scope->kind, *right);
    return 0;
}

void rights_explain(struct err *e, const struct arm_scope *scope, struct arm_error *words)
{
    const struct arm_error refused = {.code = "AuthorizationFailed"};
    struct buf name = {0};

    memset(words, 0, sizeof(*words));
    (void)snprintf(words->code, sizeof(words->code), "%s", RIGHTS_CODE);
    (void)snprintf(words->message, sizeof(words->message),
                   "no event came, and the account's permissions here do not include " RIGHTS_ACTION
                   ", without which the answer is empty too");
    (void)snprintf(words->whole, sizeof(words->whole), "%s", words->message);
    (void)arm_explain(e, scope, 403, &refused); /* for its hint */
    (void)arm_scope_print(scope, &name);
    (void)snprintf(e->msg, sizeof(e->msg), "%.*s: " RIGHTS_CODE ": %s", (int)name.len,
                   name.data == NULL ? "" : name.data, words->message);
    buf_free(&name);
}
