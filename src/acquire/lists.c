#include "acquire/lists.h"

#include "acquire/page.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pages in a row of one list that have nothing new: the service sends a few empty ones. */
#define LISTS_IDLE_MAX 5
/* Times that one page is asked for when its answer cannot be read. */
#define LISTS_PAGE_TRIES 3

/* MiB of one list's answers, and of the role assignments that are held before repeats are dropped:
 * 100,000 subscriptions or 60,000 assignments, where a tenant has some thousands. */
#define LISTS_MIB_MAX 64U
#define LISTS_BYTES_MAX ((size_t)LISTS_MIB_MAX << 20)
/* MiB of assignments without repeats: less, so that they need not be sorted at every new one. */
#define LISTS_UNIQUE_MIB_MAX 32U
#define LISTS_UNIQUE_BYTES_MAX ((size_t)LISTS_UNIQUE_MIB_MAX << 20)

void lists_scopes_free(struct lists_scopes *l)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        arm_scope_free(&l->scopes[i]);
        if (l->states != NULL)
            free(l->states[i]);
    }
    free(l->scopes);
    free(l->states);
    hash_map_free(&l->ids);
    memset(l, 0, sizeof(*l));
}

/* Whether a failure is the list's own, so that the run can go on without it. */
static int is_own(const struct err *e)
{
    return e->code == ERR_AUTH || e->code == ERR_REFUSED || e->code == ERR_NETWORK ||
           e->code == ERR_UNTRUSTED;
}

/* What happens to the elements of a list. */
struct reader {
    int (*fn)(struct slice element, void *arg, struct err *e);
    void *arg;
    const size_t *news; /* counts the elements that had not come before */
    size_t bytes;       /* of answers so far */
};

/* Fetch one page of a list. *link gets the next link. */
static int read_page(struct fetch *f, const char *url, struct reader *reader, char **link,
                     struct lists_failure *why, struct err *e)
{
    struct http_answer answer = {0};
    struct fetch_result r;
    int tries, ret = -1;

    *link = NULL;
    for (tries = 0; tries < LISTS_PAGE_TRIES; tries++) {
        if (fetch_wait(f, url, 0, &r, &answer, e) != 0) {
            /* Without an end of the request it is a token or an interrupt that stops the run. */
            why->own = r.err.code != ERR_NONE && is_own(e);
            why->status = r.status;
            why->words = r.words;
            return -1;
        }
        reader->bytes += answer.body.len;
        ret = page_list(buf_slice(&answer.body), reader->fn, reader->arg, link, e);
        buf_free(&answer.body);
        if (ret == 0)
            ret = page_check_header(answer.pages_on, *link, e);
        if (ret == 0 || e->code != ERR_UNTRUSTED)
            break;
    }
    why->own = ret != 0 && is_own(e);
    return ret;
}

/* Read a whole list. */
static int read_list(struct fetch *f, const struct buf *url, struct reader *reader,
                     struct lists_failure *why, struct err *e)
{
    char *at = slice_dup(buf_slice(url)), *next = NULL;
    int pages, idle = 0, ret = -1;

    memset(why, 0, sizeof(*why));
    for (pages = 1; at != NULL; pages++) {
        size_t before = *reader->news;

        if (read_page(f, at, reader, &next, why, e) != 0)
            goto out;
        why->own = 1;
        idle = *reader->news > before ? 0 : idle + 1;
        if (reader->bytes > LISTS_BYTES_MAX) {
            (void)err_set(e, ERR_UNTRUSTED, "more than %u MiB in %d answers", LISTS_MIB_MAX, pages);
            goto out;
        }
        if (next != NULL && idle >= LISTS_IDLE_MAX) {
            (void)err_set(e, ERR_UNTRUSTED,
                          "paging without end: %d pages in a row without a new entry", idle);
            goto out;
        }
        url_resolve(at, &next);
        if (next != NULL && strcmp(next, at) == 0) {
            (void)err_set(e, ERR_UNTRUSTED, "paging without end: a next link came a second time");
            goto out;
        }
        free(at);
        at = next;
        next = NULL;
    }
    ret = 0;
out:
    free(at);
    free(next);
    return ret;
}

/* ---- scopes ---- */

/* A list of scopes of one kind that is being read. */
struct reading {
    struct lists_scopes *l;
    enum arm_scope_kind kind;
    const char *member; /* that holds the id */
};

/* Append one scope; ids that came before are passed over. */
static int add_scope(struct slice element, void *arg, struct err *e)
{
    struct reading *r = arg;
    struct lists_scopes *l = r->l;
    char *id = json_string_dup(json_get_nocase(element, r->member)), *key;

    if (id == NULL || !arm_id_is_usable(r->kind, id)) {
        free(id);
        return err_set(e, ERR_UNTRUSTED, "an element without a usable %s", r->member);
    }
    key = text_lower_dup(slice_of(id));
    if (hash_map_get(&l->ids, slice_of(key)) == HASH_MAP_NONE) {
        hash_map_put(&l->ids, slice_of(key), l->n);
        l->scopes = mem_grow(l->scopes, l->n, &l->cap, sizeof(*l->scopes));
        l->states = mem_grow(l->states, l->n, &l->states_cap, sizeof(*l->states));
        l->states[l->n] = json_string_dup(json_get_nocase(element, "state"));
        l->scopes[l->n++] = (struct arm_scope){r->kind, id};
        id = NULL;
    }
    free(key);
    free(id);
    return 0;
}

int lists_scopes(struct fetch *f, const char *endpoint, enum arm_scope_kind kind,
                 struct lists_scopes *l, struct lists_failure *why, struct err *e)
{
    int groups = kind == ARM_MANAGEMENT_GROUP, ret;
    struct reading reading = {l, kind, groups ? "name" : "subscriptionId"};
    struct reader reader = {add_scope, &reading, &l->n, 0};
    struct buf url = {0};

    (groups ? arm_groups_url : arm_subscriptions_url)(&url, endpoint);
    ret = read_list(f, &url, &reader, why, e);
    buf_free(&url);
    if (ret == 0 || !why->own)
        return ret;
    if (why->words.code[0] != '\0')
        (void)err_wrap(e, "%s: %s", why->words.code, why->words.message);
    if (why->status == 403)
        (void)err_hint(e, "missing: %s/read; least role: %s",
                       groups ? "Microsoft.Management/managementGroups"
                              : "Microsoft.Resources/subscriptions",
                       groups ? "Management Group Reader at the tenant root group"
                              : "Reader at the subscriptions");
    return err_wrap(e, "list of %s", groups ? "management groups" : "subscriptions");
}

/* ---- role assignments ---- */

/* One assignment. */
struct assignment {
    char *id; /* lower case */
    char *line;
};

struct assignments {
    struct assignment *a;
    size_t n, cap;
    struct hash_map ids; /* of the list that is being read */
    size_t bytes;        /* of lines */
};

/* For qsort. */
static int compare_assignments(const void *a, const void *b)
{
    const struct assignment *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order != 0 ? order : strcmp(x->line, y->line);
}

/* Sort them by id, and keep each once: a group's list has what stands above it too. */
static void unite(struct assignments *l)
{
    size_t i, n = 0;

    if (l->n > 0)
        qsort(l->a, l->n, sizeof(*l->a), compare_assignments);
    for (i = 0; i < l->n; i++) {
        if (n > 0 && compare_assignments(&l->a[i], &l->a[n - 1]) == 0) {
            l->bytes -= strlen(l->a[i].line);
            free(l->a[i].id);
            free(l->a[i].line);
        } else {
            l->a[n++] = l->a[i];
        }
    }
    l->n = n;
}

/* Append one assignment as its own bytes without whitespace. */
static int add_assignment(struct slice element, void *arg, struct err *e)
{
    struct assignments *l = arg;
    char *id = json_string_dup(json_get_nocase(element, "id"));
    struct buf line = {0};

    if (id == NULL)
        return err_set(e, ERR_UNTRUSTED, "a role assignment without an id");
    text_to_lower(id);
    json_minify(element, &line);
    l->a = mem_grow(l->a, l->n, &l->cap, sizeof(*l->a));
    l->a[l->n++] = (struct assignment){id, buf_text(&line)};
    hash_map_put(&l->ids, slice_of(id), 0);
    l->bytes += line.len;
    if (l->bytes <= LISTS_BYTES_MAX)
        return 0;
    unite(l);
    return l->bytes <= LISTS_UNIQUE_BYTES_MAX
               ? 0
               : err_set(e, ERR_UNTRUSTED, "more than %u MiB of them in all", LISTS_UNIQUE_MIB_MAX);
}

/* Copy a text into the manifest; "" becomes null. */
static void set_text(char **to, const char *text)
{
    if (text != NULL && text[0] != '\0')
        *to = mem_strdup(text);
}

/* Note in the manifest how reading a scope went. `empty`: the answer had no assignment. */
static void note_scope(struct manifest *m, const char *scope, int empty,
                       const struct lists_failure *why, const struct err *failure)
{
    struct manifest_assignment_scope *s;
    const char *status = failure == NULL                            ? "complete"
                         : why->status == 401 || why->status == 403 ? "forbidden"
                                                                    : "failed";

    m->assignment_scopes = mem_realloc(m->assignment_scopes, m->nassignment_scopes + 1, sizeof(*s));
    s = &m->assignment_scopes[m->nassignment_scopes++];
    memset(s, 0, sizeof(*s));
    set_text(&s->scope, scope);
    set_text(&s->status, status);
    if (failure == NULL && !empty)
        return;
    if (failure == NULL) {
        s->error_code = mem_strdup(MANIFEST_EMPTY_LIST);
        s->error_message = mem_strdup("the list has no assignment, which is also what an account "
                                      "without the right to read it gets; it proves nothing");
        return;
    }
    m->complete = 0;
    set_text(&s->error_code,
             why->words.code[0] != '\0' ? why->words.code : err_name(failure->code));
    set_text(&s->error_message, why->words.whole[0] != '\0' ? why->words.whole : failure->msg);
}

/* Read the assignments of one scope; group NULL is `/`. */
static int read_scope(struct fetch *f, const char *endpoint, const char *group,
                      struct assignments *l, struct manifest *m, struct err *e)
{
    struct buf url = {0}, name = {0};
    struct lists_failure why;
    struct reader reader = {add_assignment, l, &l->ids.n, 0};
    struct err own;
    int ret = 0;

    arm_assignments_url(&url, endpoint, group);
    buf_printf(&name, "%s%s",
               group == NULL ? "/" : "/providers/Microsoft.Management/managementGroups/",
               group == NULL ? "" : group);
    if (read_list(f, &url, &reader, &why, &own) == 0)
        note_scope(m, name.data, l->ids.n == 0, &why, NULL);
    else if (why.own) {
        (void)err_wrap(&own, "role assignments at %s", name.data);
        note_scope(m, name.data, 0, &why, &own);
    } else {
        *e = own;
        ret = -1;
    }
    hash_map_free(&l->ids);
    memset(&l->ids, 0, sizeof(l->ids));
    buf_free(&url);
    buf_free(&name);
    return ret;
}

/* Print the assignments, each once. */
static void print_assignments(struct assignments *l, struct buf *lines)
{
    size_t i;

    unite(l);
    for (i = 0; i < l->n; i++) {
        buf_puts(lines, l->a[i].line);
        buf_putc(lines, '\n');
    }
}

int lists_assignments(struct fetch *f, const char *endpoint, struct buf *lines, struct manifest *m,
                      struct err *e)
{
    struct assignments l = {0};
    struct lists_scopes groups = {0};
    struct lists_failure why;
    struct err own;
    size_t i;
    int ret = -1;

    m->has_assignments = 1;
    m->assignments_read_at = timestamp_floor_second(fetch_server_now(f));
    if (read_scope(f, endpoint, NULL, &l, m, e) != 0)
        goto out;
    if (lists_scopes(f, endpoint, ARM_MANAGEMENT_GROUP, &groups, &why, &own) != 0) {
        if (!why.own) {
            *e = own;
            goto out;
        }
        note_scope(m, "/providers/Microsoft.Management/managementGroups", 0, &why, &own);
    } else if (groups.n == 0) {
        why.status = 403;
        (void)err_set(&own, ERR_AUTH, "no management group is visible to this account");
        (void)snprintf(why.words.code, sizeof(why.words.code), MANIFEST_EMPTY_LIST);
        note_scope(m, "/providers/Microsoft.Management/managementGroups", 0, &why, &own);
    }
    for (i = 0; i < groups.n; i++) {
        if (read_scope(f, endpoint, groups.scopes[i].id, &l, m, e) != 0)
            goto out;
    }
    print_assignments(&l, lines);
    ret = 0;
out:
    for (i = 0; i < l.n; i++) {
        free(l.a[i].id);
        free(l.a[i].line);
    }
    free(l.a);
    lists_scopes_free(&groups);
    return ret;
}
