#include "detect/correlate.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/roles.h"
#include "detect/scope.h"
#include "detect/state_at_export.h"
#include "detect/story.h"
#include "detect/witness.h"

#include <stdlib.h>
#include <string.h>

/* An operation on an assignment, for looking up what comes before and after it. */
struct entry {
    char *key; /* assignment id, or "kind of grant|principal|role|scope", in lower case */
    size_t finding;
    int64_t time;
    int removes; /* it ends, or may end, what the key is about */
    int rank;    /* order of what has one time */
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

/* Whether an operation takes something away, whatever came of it. */
static int is_of_end(const struct finding *f)
{
    return f->operation->kind == OPERATION_UNASSIGN || f->pim == PIM_END;
}

/* Whether a removal really ended something. */
static int is_removal(const struct finding *f)
{
    return f->outcome == OUTCOME_SUCCEEDED && !f->nothing && is_of_end(f);
}

/* Whether a removal was begun of which no record says how it ended. */
static int may_remove(const struct finding *f)
{
    return (f->outcome == OUTCOME_STARTED || f->outcome == OUTCOME_UNKNOWN) && !f->nothing &&
           is_of_end(f);
}

/* Add an entry; key becomes the list's. */
static void add_entry(struct entries *x, char *key, size_t finding, int64_t time, int removes)
{
    x->e = mem_grow(x->e, x->n, &x->cap, sizeof(*x->e));
    text_to_lower(key);
    x->e[x->n].key = key;
    x->e[x->n].finding = finding;
    x->e[x->n].time = time;
    x->e[x->n].removes = removes;
    x->e[x->n].rank = 0;
    x->n++;
}

/* What a grant and its end share that have no assignment's id in common. */
static char *grant_key(const struct finding_set *s, const struct finding *f)
{
    struct buf b = {0};

    /* who is no longer eligible may still have the role */
    buf_printf(&b, "%s|%s|%s|%s",
               f->pim == PIM_NONE                             ? "grant"
               : strstr(f->operation->name, "Eligib") != NULL ? "eligible"
                                                              : "pim",
               f->text[FINDING_PRINCIPAL_ID], f->text[FINDING_ROLE_ID], f->text[FINDING_SCOPE]);
    if (s->tenants && f->text[FINDING_TENANT_ID] != NULL)
        buf_printf(&b, "|%s", f->text[FINDING_TENANT_ID]);
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
    if (x->rank != y->rank)
        return x->rank - y->rank;
    return x->finding < y->finding ? -1 : x->finding > y->finding;
}

/* Put what has one time, as in a table that kept minutes alone, in the order in which it can have
 * been: what stands already is removed and then given again, anything else is given and then
 * removed. */
static void order_ties(struct entries *x)
{
    int stands = 0;
    size_t i, k, end;

    for (i = 0; i < x->n; i = end) {
        int removes = 0, gives = 0, before;

        if (i == 0 || strcmp(x->e[i].key, x->e[i - 1].key) != 0)
            stands = 0;
        for (end = i; end < x->n && x->e[end].time == x->e[i].time &&
                      strcmp(x->e[end].key, x->e[i].key) == 0;
             end++) {
            removes |= x->e[end].removes;
            gives |= !x->e[end].removes;
        }
        before = stands;
        stands = gives && (before || !removes);
        for (k = i; k < end; k++)
            x->e[k].rank = before ? !x->e[k].removes : x->e[k].removes;
        if (end - i > 1)
            qsort(x->e + i, end - i, sizeof(*x->e), by_key);
    }
}

/* List assignments, removals, elevations and PIM's roles by what they are about. */
static void list_entries(const struct finding_set *s, struct entries *x)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        int known = f->text[FINDING_PRINCIPAL_ID] != NULL && f->text[FINDING_ROLE_ID] != NULL &&
                    f->text[FINDING_SCOPE] != NULL;
        int grant = (f->scope_kind == SCOPE_ROOT && f->pim == PIM_NONE &&
                     (is_removal(f) || f->operation->kind == OPERATION_ELEVATE)) ||
                    f->pim == PIM_ACTIVE || f->pim == PIM_ELIGIBLE || f->pim == PIM_END;
        int removes;

        if (f->absorbed_by != NULL)
            continue;
        removes = is_removal(f) || may_remove(f);
        if (is_assignment(f) && f->text[FINDING_ASSIGNMENT_ID] != NULL)
            add_entry(x, mem_strdup(f->text[FINDING_ASSIGNMENT_ID]), i, f->time, removes);
        if (known && grant)
            /* what PIM was asked for holds from when it was done */
            add_entry(x, grant_key(s, f), i, f->pim == PIM_NONE ? f->time : f->end_time, removes);
    }
    if (x->n > 0)
        qsort(x->e, x->n, sizeof(*x->e), by_key);
    order_ties(x);
}

static void free_entries(struct entries *x)
{
    size_t i;

    for (i = 0; i < x->n; i++)
        free(x->e[i].key);
    free(x->e);
    memset(x, 0, sizeof(*x));
}

/* Role and principal from another record of the same assignment. */
static void borrow_all(struct finding *to, const struct finding *from)
{
    int role = finding_borrow(to, from->text[FINDING_ROLE_ID], FINDING_ROLE_ID);
    int principal = finding_borrow(to, from->text[FINDING_PRINCIPAL_ID], FINDING_PRINCIPAL_ID);

    (void)finding_borrow(to, from->text[FINDING_PRINCIPAL_TYPE], FINDING_PRINCIPAL_TYPE);
    if (role || principal)
        finding_note(to, to->operation->kind == OPERATION_ASSIGN
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
static void share(struct finding_set *s, const struct entries *x)
{
    size_t i;

    for (i = 0; i + 1 < x->n; i++) {
        struct finding *a = &s->all[x->e[i].finding], *b = &s->all[x->e[i + 1].finding];

        if (strcmp(x->e[i].key, x->e[i + 1].key) != 0 || !made_it(a) || !is_removal(b))
            continue;
        borrow_all(a, b);
        borrow_all(b, a);
    }
}

/* EndedTime and EndedBy: the next successful removal of the same thing. */
static void end(struct finding_set *s, const struct entries *x)
{
    const struct finding *removal = NULL, *maybe = NULL;
    size_t i;

    for (i = x->n; i-- > 0;) {
        struct finding *f = &s->all[x->e[i].finding];

        if (i + 1 == x->n || strcmp(x->e[i].key, x->e[i + 1].key) != 0)
            removal = maybe = NULL;
        if (is_removal(f)) {
            removal = f;
            maybe = NULL;
        } else if (may_remove(f)) {
            maybe = f;
        } else if (!is_of_end(f) && f->outcome != OUTCOME_FAILED) {
            if (maybe != NULL)
                f->maybe_ended = maybe->time;
            if (removal == NULL)
                continue;
            f->ended_time = removal->end_time;
            (void)finding_borrow(f, removal->text[FINDING_CALLER], FINDING_ENDED_BY);
        }
    }
}

/* The manifest of the export that a finding's first event came from, or NULL. */
static const struct manifest *manifest_of(const struct finding_set *s, const struct finding *f)
{
    int x = s->input->files[f->records[0].file].export_index;

    return x < 0 ? NULL : &s->input->exports[x].manifest;
}

/* Tenant, and with it the kind of scope. */
static void place(const struct finding_set *s, struct finding *f)
{
    const struct manifest *m = manifest_of(s, f);
    struct slice scope = {NULL, 0}, tenant = {NULL, 0};

    (void)finding_borrow(f, m == NULL ? NULL : m->tenant_id, FINDING_TENANT_ID);
    (void)finding_borrow(f, f->hierarchy_tenant, FINDING_TENANT_ID);
    (void)finding_borrow(f, f->claim_tenant, FINDING_TENANT_ID);
    if (f->text[FINDING_TENANT_ID] != NULL)
        tenant = slice_of(f->text[FINDING_TENANT_ID]);
    if (f->text[FINDING_SCOPE] != NULL)
        scope = slice_of(f->text[FINDING_SCOPE]);
    f->scope_kind = scope_kind(scope, tenant);
    /* what has to be approved is not done when it was asked for */
    if (f->asks && f->outcome == OUTCOME_SUCCEEDED)
        f->outcome = OUTCOME_STARTED;
}

/* Whether the findings are of several tenants: the same root, names and ids may be in each. */
static int several_tenants(const struct finding_set *s)
{
    const char *first = NULL, *tenant;
    size_t i;

    for (i = 0; i < s->n; i++) {
        tenant = s->all[i].text[FINDING_TENANT_ID];
        if (first == NULL)
            first = tenant;
        else if (tenant != NULL && !slice_equals_nocase(slice_of(tenant), first))
            return 1;
    }
    return 0;
}

/* The custom roles that this log defines: from an id to a finding, the strongest definition and any
 * that has a name. */
struct custom_roles {
    struct hash_map strongest, named;
};

static void list_roles(const struct finding_set *s, struct custom_roles *x)
{
    size_t i, at;

    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        struct slice id;

        if (f->operation->kind != OPERATION_DEFINE_ROLE || f->text[FINDING_ROLE_ID] == NULL)
            continue;
        id = slice_of(f->text[FINDING_ROLE_ID]);
        if (f->text[FINDING_ROLE_NAME] != NULL)
            hash_map_put(&x->named, id, i);
        at = hash_map_get(&x->strongest, id);
        if (f->outcome != OUTCOME_FAILED &&
            (at == HASH_MAP_NONE || s->all[at].defined < f->defined))
            hash_map_put(&x->strongest, id, i);
    }
}

/* Name and class of a finding's role, from the built-in ones or from what this log defines. */
static void know_role(struct finding_set *s, struct finding *f, const struct custom_roles *roles)
{
    const char *id = f->text[FINDING_ROLE_ID];
    size_t at;

    f->role = roles_class(id);
    if (id == NULL)
        return;
    (void)finding_borrow(f, roles_name(id), FINDING_ROLE_NAME);
    at = hash_map_get(&roles->named, slice_of(id));
    if (at != HASH_MAP_NONE)
        (void)finding_borrow(f, s->all[at].text[FINDING_ROLE_NAME], FINDING_ROLE_NAME);
    at = hash_map_get(&roles->strongest, slice_of(id));
    if (f->role == ROLE_CUSTOM && at != HASH_MAP_NONE && s->all[at].defined > ROLE_CUSTOM) {
        f->role = s->all[at].defined;
        if (f->operation->kind != OPERATION_DEFINE_ROLE)
            finding_note(f, f->role == ROLE_GRANTS_ROLES
                                ? "A custom role, defined in this log, that can assign roles: as "
                                  "powerful as Owner."
                                : "A custom role, defined in this log, with all rights except "
                                  "assigning roles.");
    }
}

static void judge(struct finding *f)
{
    const char *principal = f->text[FINDING_PRINCIPAL_ID];
    const char *caller = f->text[FINDING_CALLER_OBJECT_ID];
    struct rules_facts facts = {0};
    struct rules_verdict v;

    if ((f->operation->kind == OPERATION_ASSIGN || f->operation->kind == OPERATION_ELEVATE ||
         f->operation->kind == OPERATION_PIM_REQUEST) &&
        principal != NULL && caller != NULL)
        f->self = slice_equals_nocase(slice_of(principal), caller);
    facts.operation = f->operation;
    facts.scope = f->scope_kind;
    facts.role = f->role;
    facts.outcome = f->outcome;
    facts.self = f->self > 0;
    facts.grants_all = f->defined == ROLE_GRANTS_ROLES;
    facts.exists = f->exists && f->outcome == OUTCOME_FAILED;
    facts.nothing = f->nothing;
    facts.cascade = f->cascade;
    if (f->absorbed_by == NULL && rules_judge(&facts, &v)) {
        f->rule = v.rule;
        f->severity = v.severity;
    }
}

/* Order of what is reported: by time; of one time what others come from first, then as read. */
struct order {
    int64_t time;
    enum operation_kind kind;
    size_t order, index;
};

static int by_order(const void *a, const void *b)
{
    const struct order *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Collect what a rule reports, and count what could not be judged well. */
static void report(struct finding_set *s)
{
    struct order *o = mem_zalloc(s->n + 1, sizeof(*o));
    size_t i;

    s->reported = mem_zalloc(s->n + 1, sizeof(*s->reported));
    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];

        if (f->operation->kind == OPERATION_ASSIGN &&
            (f->role == ROLE_UNKNOWN || f->scope_kind == SCOPE_UNKNOWN))
            s->unclear++;
        s->nowhere += f->operation->kind == OPERATION_UNASSIGN && !f->nothing &&
                      f->scope_kind == SCOPE_UNKNOWN;
        if (f->rule == NULL)
            continue;
        o[s->nreported].time = f->time;
        o[s->nreported].kind = f->operation->kind;
        o[s->nreported].order = f->order;
        o[s->nreported++].index = i;
    }
    if (s->nreported > 0)
        qsort(o, s->nreported, sizeof(*o), by_order);
    for (i = 0; i < s->nreported; i++)
        s->reported[i] = o[i].index;
    free(o);
}

void correlate_findings(struct finding_set *s,
                        void (*warn)(const char *path, const char *why, void *), void *arg)
{
    struct custom_roles roles = {0};
    struct entries x = {NULL, 0, 0};
    size_t i;

    for (i = 0; i < s->n; i++)
        place(s, &s->all[i]);
    s->tenants = several_tenants(s);
    witness_match(s);
    /* What is shared may make more known of removals at `/`, so entries are listed anew. */
    list_entries(s, &x);
    share(s, &x);
    free_entries(&x);
    list_entries(s, &x);
    end(s, &x);
    free_entries(&x);
    state_at_export_set(s, warn, arg);
    list_roles(s, &roles);
    for (i = 0; i < s->n; i++) {
        know_role(s, &s->all[i], &roles);
        judge(&s->all[i]);
    }
    hash_map_free(&roles.strongest);
    hash_map_free(&roles.named);
    report(s);
    story_link(s);
    story_notes(s);
}
