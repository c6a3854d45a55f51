#include "detect/link.h"

#include "detect/roles.h"
#include "detect/scope.h"
#include "detect/stand.h"
#include "detect/story.h"

#include <stdlib.h>
#include <string.h>

/* An operation on an assignment, for looking up what comes before and after it. */
struct entry {
    char *key; /* assignment id, or "gift|principal|role" at `/`, in lower case */
    size_t finding;
    int64_t time;
};

/* All of them in order of key and time. */
struct entries {
    struct entry *e;
    size_t n, cap;
};

static int is_assignment(const struct finding *f)
{
    return f->operation->kind == OPERATION_ASSIGN || f->operation->kind == OPERATION_UNASSIGN;
}

/* Whether a removal really ended something. */
static int is_removal(const struct finding *f)
{
    return f->operation->kind == OPERATION_UNASSIGN && f->outcome == OUTCOME_SUCCEEDED &&
           !f->nothing;
}

/* Turn a key to lower case in place. */
static void to_lower(char *s)
{
    for (; *s != '\0'; s++) {
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s + ('a' - 'A'));
    }
}

/* Add an entry; key becomes the list's, also on failure. */
static int add_entry(struct entries *x, char *key, size_t finding, int64_t time)
{
    struct entry *e = x->e;

    if (key == NULL)
        return -1;
    if (x->n == x->cap) {
        size_t cap = x->cap == 0 ? 64 : x->cap * 2;

        e = realloc(x->e, cap * sizeof(*e));
        if (e == NULL) {
            free(key);
            return -1;
        }
        x->e = e;
        x->cap = cap;
    }
    to_lower(key);
    e[x->n].key = key;
    e[x->n].finding = finding;
    e[x->n].time = time;
    x->n++;
    return 0;
}

/* "gift|principal|role": what an elevation and its removal share. */
static char *gift_key(const struct finding *f)
{
    struct buf b = {0};

    if (buf_printf(&b, "gift|%s|%s", f->text[FINDING_PRINCIPAL_ID], f->text[FINDING_ROLE_ID]) != 0)
        return NULL;
    return b.data;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);

    if (order != 0)
        return order;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->finding < y->finding ? -1 : x->finding > y->finding;
}

/* List the assignments, removals and elevations by what they are about. */
static int list_entries(const struct finding_set *s, struct entries *x)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        int gift = f->text[FINDING_PRINCIPAL_ID] != NULL && f->text[FINDING_ROLE_ID] != NULL &&
                   f->scope_kind == SCOPE_ROOT;

        if (is_assignment(f) && f->text[FINDING_ASSIGNMENT_ID] != NULL &&
            add_entry(x, slice_dup(slice_of(f->text[FINDING_ASSIGNMENT_ID])), i, f->time) != 0)
            return -1;
        if (gift && (is_removal(f) || f->operation->kind == OPERATION_ELEVATE) &&
            add_entry(x, gift_key(f), i, f->time) != 0)
            return -1;
    }
    if (x->n > 0)
        qsort(x->e, x->n, sizeof(*x->e), by_key);
    return 0;
}

static void free_entries(struct entries *x)
{
    size_t i;

    for (i = 0; i < x->n; i++)
        free(x->e[i].key);
    free(x->e);
}

/* Role and principal from another record of the same assignment. */
static int borrow_all(struct finding *to, const struct finding *from)
{
    static const enum finding_text which[] = {FINDING_ROLE_ID, FINDING_PRINCIPAL_ID,
                                              FINDING_PRINCIPAL_TYPE};
    int any = 0;
    size_t i;

    for (i = 0; i < 3; i++) {
        int got = finding_borrow(to, from->text[which[i]], which[i]);

        if (got < 0)
            return -1;
        any |= got && which[i] != FINDING_PRINCIPAL_TYPE;
    }
    if (!any)
        return 0;
    return finding_note(to, to->operation->kind == OPERATION_ASSIGN
                                ? "Role and principal are known from the record of its removal."
                                : "Role and principal are known from the record of its creation.");
}

/* Whether a write made the assignment that the entries of one key are about. */
static int made_it(const struct finding *f)
{
    return f->operation->kind == OPERATION_ASSIGN && f->outcome != OUTCOME_FAILED;
}

/* Fill in what is missing from the nearest record on the other side: between a write and the next
 * removal an assignment's role and principal cannot change. */
static int share(struct finding_set *s, const struct entries *x)
{
    size_t i;

    for (i = 0; i + 1 < x->n; i++) {
        struct finding *a = &s->all[x->e[i].finding], *b = &s->all[x->e[i + 1].finding];

        if (strcmp(x->e[i].key, x->e[i + 1].key) != 0 || !made_it(a) || !is_removal(b))
            continue;
        if (borrow_all(a, b) != 0 || borrow_all(b, a) != 0)
            return -1;
    }
    return 0;
}

/* EndedTime and EndedBy: the next successful removal of the same thing. */
static int end(struct finding_set *s, const struct entries *x)
{
    const struct finding *removal = NULL;
    size_t i;

    for (i = x->n; i-- > 0;) {
        struct finding *f = &s->all[x->e[i].finding];

        if (i + 1 == x->n || strcmp(x->e[i].key, x->e[i + 1].key) != 0)
            removal = NULL;
        if (is_removal(f)) {
            removal = f;
            continue;
        }
        if (removal == NULL || f->operation->kind == OPERATION_UNASSIGN ||
            f->outcome != OUTCOME_SUCCEEDED)
            continue;
        f->ended_time = removal->end_time;
        if (finding_borrow(f, removal->text[FINDING_CALLER], FINDING_ENDED_BY) < 0)
            return -1;
    }
    return 0;
}

/* The manifest of the export that a finding's first event came from, or NULL. */
static const struct manifest *manifest_of(const struct finding_set *s, const struct finding *f)
{
    int x = s->input->files[f->records[0].file].export_index;

    return x < 0 ? NULL : &s->input->exports[x].manifest;
}

/* Tenant, and with it the kind of scope. */
static int place(const struct finding_set *s, struct finding *f)
{
    const struct manifest *m = manifest_of(s, f);
    struct slice scope = {NULL, 0}, tenant = {NULL, 0};

    if (finding_borrow(f, m == NULL ? NULL : m->tenant_id, FINDING_TENANT_ID) < 0 ||
        finding_borrow(f, f->hierarchy_tenant, FINDING_TENANT_ID) < 0 ||
        finding_borrow(f, f->claim_tenant, FINDING_TENANT_ID) < 0)
        return -1;
    if (f->text[FINDING_TENANT_ID] != NULL)
        tenant = slice_of(f->text[FINDING_TENANT_ID]);
    if (f->text[FINDING_SCOPE] != NULL)
        scope = slice_of(f->text[FINDING_SCOPE]);
    f->scope_kind = scope_kind(scope, tenant);
    return 0;
}

/* Names of custom roles, from the changes of their definitions in the same log. */
static int name_roles(struct finding_set *s)
{
    struct map names = {0};
    size_t i, at;
    int ret = 0;

    for (i = 0; ret == 0 && i < s->n; i++) {
        const struct finding *f = &s->all[i];

        if (f->operation->kind == OPERATION_DEFINE_ROLE && f->text[FINDING_ROLE_ID] != NULL &&
            f->text[FINDING_ROLE_NAME] != NULL)
            ret = map_put(&names, slice_of(f->text[FINDING_ROLE_ID]), i);
    }
    for (i = 0; ret == 0 && names.n > 0 && i < s->n; i++) {
        struct finding *f = &s->all[i];

        if (f->text[FINDING_ROLE_ID] == NULL || f->text[FINDING_ROLE_NAME] != NULL)
            continue;
        at = map_get(&names, slice_of(f->text[FINDING_ROLE_ID]));
        if (at != MAP_NONE &&
            finding_borrow(f, s->all[at].text[FINDING_ROLE_NAME], FINDING_ROLE_NAME) < 0)
            ret = -1;
    }
    map_free(&names);
    return ret;
}

/* Judge one finding. */
static int judge(struct finding *f)
{
    const char *role = f->text[FINDING_ROLE_ID], *principal = f->text[FINDING_PRINCIPAL_ID];
    const char *caller = f->text[FINDING_CALLER_OBJECT_ID], *name;
    struct rules_facts facts = {0};
    struct rules_verdict v;

    if (f->operation->kind == OPERATION_ASSIGN || f->operation->kind == OPERATION_ELEVATE ||
        f->operation->kind == OPERATION_PIM_REQUEST) {
        if (principal != NULL && caller != NULL)
            f->self = slice_equals_nocase(slice_of(principal), caller);
    }
    name = role == NULL ? NULL : roles_name(role);
    if (finding_borrow(f, name, FINDING_ROLE_NAME) < 0)
        return -1;
    facts.operation = f->operation;
    facts.scope = f->scope_kind;
    facts.role = roles_class(role);
    facts.outcome = f->outcome;
    facts.self = f->self > 0;
    facts.grants_all = f->grants_all;
    facts.exists = f->exists && f->outcome == OUTCOME_FAILED;
    facts.nothing = f->nothing;
    facts.cascade = f->cascade;
    if (rules_judge(&facts, &v)) {
        f->rule = v.rule;
        f->severity = v.severity;
    }
    return 0;
}

/* Order of what is reported: by time, then as read. For qsort, through the set that is sorted. */
struct order {
    int64_t time;
    size_t order, index;
};

static int by_order(const void *a, const void *b)
{
    const struct order *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Collect what a rule reports. */
static int report(struct finding_set *s)
{
    struct order *o = calloc(s->n + 1, sizeof(*o));
    size_t i;

    s->reported = calloc(s->n + 1, sizeof(*s->reported));
    if (o == NULL || s->reported == NULL) {
        free(o);
        return -1;
    }
    for (i = 0; i < s->n; i++) {
        if (s->all[i].rule == NULL)
            continue;
        o[s->nreported].time = s->all[i].time;
        o[s->nreported].order = s->all[i].order;
        o[s->nreported++].index = i;
    }
    if (s->nreported > 0)
        qsort(o, s->nreported, sizeof(*o), by_order);
    for (i = 0; i < s->nreported; i++)
        s->reported[i] = o[i].index;
    free(o);
    return 0;
}

int link_findings(struct finding_set *s, void (*warn)(const char *path, const char *why, void *),
                  void *arg, struct err *e)
{
    struct entries x = {NULL, 0, 0};
    int ret = -1;
    size_t i;

    for (i = 0; i < s->n; i++) {
        if (place(s, &s->all[i]) != 0)
            goto memory;
    }
    /* What is shared may make more known of removals at `/`, so entries are listed anew. */
    if (list_entries(s, &x) != 0 || share(s, &x) != 0)
        goto memory;
    free_entries(&x);
    memset(&x, 0, sizeof(x));
    if (list_entries(s, &x) != 0 || end(s, &x) != 0)
        goto memory;
    if (stand_set(s, warn, arg, e) != 0)
        goto out;
    for (i = 0; i < s->n; i++) {
        if (judge(&s->all[i]) != 0)
            goto memory;
    }
    if (name_roles(s) != 0)
        goto memory;
    if (report(s) != 0 || story_link(s) != 0 || story_notes(s) != 0)
        goto memory;
    ret = 0;
    goto out;
memory:
    (void)err_memory(e, "findings");
out:
    free_entries(&x);
    return ret;
}
