#include "acquire/rights.h"

#include "acquire/page.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What reading events needs; role definitions spell it in this letter case. */
#define RIGHTS_ACTION "Microsoft.Insights/eventtypes/values/read"
/* Where some events came. */
#define RIGHTS_PARTLY " for a part of the time"
/* Pages of one list of permissions: an account has a handful of entries. */
#define RIGHTS_PAGES_MAX 50
/* Tries of a look-up beside the walks, seconds in all: the run can end without its answer, which
 * then is not known. */
#define RIGHTS_TRIES_MAX 5

/* Whether an array of patterns covers the action. Anything but a list of texts cannot be read. */
static int any_covers(struct slice array, int *found, struct err *e)
{
    struct slice element;
    struct json_iter it;
    int more;

    if (json_array_begin(&it, array, e) != 0)
        return -1;
    while ((more = json_array_next(&it, &element, e)) == 1) {
        struct buf pattern = {0};

        if (json_string_decode(element, &pattern) != 0) {
            buf_free(&pattern);
            return err_set(e, ERR_UNTRUSTED, "a pattern that is not a string");
        }
        *found |= text_matches(buf_slice(&pattern), slice_of(RIGHTS_ACTION));
        buf_free(&pattern);
    }
    return more;
}

/* One entry: what it takes away counts against its own actions alone. */
static int take_permission(struct slice element, void *arg, struct err *e)
{
    int *shown = arg, given = 0, taken = 0, ngiven = 0, ntaken = 0, more;
    struct slice name, value;
    struct json_iter it;

    if (json_object_begin(&it, element, e) != 0)
        return -1;
    while ((more = json_object_next(&it, &name, &value, e)) == 1) {
        int gives = slice_equals_nocase(name, "actions");

        if (memchr(name.data, '\\', name.len) != NULL)
            return err_set(e, ERR_UNTRUSTED, "a member whose name is written with escapes");
        if (!gives && !slice_equals_nocase(name, "notActions"))
            continue;
        if ((gives ? ngiven++ : ntaken++) > 0)
            return err_set(e, ERR_UNTRUSTED, "two members %s", gives ? "actions" : "notActions");
        if (any_covers(value, gives ? &given : &taken, e) != 0)
            return -1;
    }
    *shown |= given && !taken;
    return more;
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
    unsigned pages, sent;
    struct rights_asker asker;
};

/* What the page of permissions at `url` says, with its header. *next is the caller's. */
static enum manifest_right read_answer(const char *url, const struct http_answer *answer,
                                       char **next)
{
    enum manifest_right right = rights_read(buf_slice(&answer->body), next);
    struct err ignored;

    url_resolve(url, next);
    return right == MANIFEST_RIGHT_MISSING &&
                   page_check_header(answer->pages_on, *next, &ignored) != 0
               ? MANIFEST_RIGHT_UNKNOWN
               : right;
}

/* The callback of fetch: one page of permissions, or none. */
static void on_answer(struct fetch_request *r, struct fetch_result *result)
{
    struct rights_lookup *l = container_of(r, struct rights_lookup, request);
    enum manifest_right right = MANIFEST_RIGHT_UNKNOWN;
    char *next = NULL;

    l->sent += r->attempts;
    if (result->answer != NULL)
        right = read_answer(l->url, result->answer, &next);
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
    l->asker.done(l->asker.arg, l->asker.id, right, l->sent);
}

/* The URL of a scope's permissions, in new memory. */
static char *first_url(const char *endpoint, const struct arm_scope *scope)
{
    struct buf url = {0};

    arm_permissions_url(&url, endpoint, scope);
    return url.data;
}

struct rights_lookup *rights_start(struct fetch *f, const char *endpoint,
                                   const struct arm_scope *scope, unsigned bucket,
                                   const struct rights_asker *asker)
{
    struct rights_lookup *l = mem_zalloc(1, sizeof(*l));

    l->fetch = f;
    l->url = first_url(endpoint, scope);
    l->asker = *asker;
    l->request.url = l->url;
    l->request.bucket = bucket;
    l->request.tries_max = RIGHTS_TRIES_MAX;
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
        *right = read_answer(url, &answer, &next);
        buf_free(&answer.body);
        free(url);
        url = next;
    }
    free(url);
    return 0;
}

int rights_is_open(const struct arm_scope *scope, enum manifest_right right)
{
    return right == MANIFEST_RIGHT_UNKNOWN ||
           (right == MANIFEST_RIGHT_MISSING && scope->kind == ARM_TENANT);
}

void rights_print_unknown(struct buf *out, int partly, int lacking)
{
    buf_printf(out, "no event came%s, and ", partly ? RIGHTS_PARTLY : "");
    if (lacking)
        buf_puts(out, "the account's permissions at / do not include " RIGHTS_ACTION
                      "; a role at /providers/Microsoft.Insights would give that right too, "
                      "and is not shown there");
    else
        buf_puts(out, "whether this account may read events there could not be determined");
}

void rights_explain(struct err *e, const struct arm_scope *scope, int partly,
                    struct arm_error *words)
{
    const struct arm_error refused = {.code = "AuthorizationFailed"};
    struct buf name = {0};

    memset(words, 0, sizeof(*words));
    (void)snprintf(words->code, sizeof(words->code), "%s", MANIFEST_NO_RIGHT);
    (void)snprintf(
        words->message, sizeof(words->message),
        "no event came%s, and the account's permissions here do not include " RIGHTS_ACTION
        ", without which the answer is also empty",
        partly ? RIGHTS_PARTLY : "");
    (void)snprintf(words->whole, sizeof(words->whole), "%s", words->message);
    (void)arm_explain(e, scope, 403, &refused); /* for its hint */
    arm_scope_print(scope, &name);
    (void)snprintf(e->msg, sizeof(e->msg), "%.*s: " MANIFEST_NO_RIGHT ": %s", (int)name.len,
                   name.data == NULL ? "" : name.data, words->message);
    buf_free(&name);
}
