#include "detect/witness.h"

#include "base/hash_map.h"
#include "base/mem.h"
#include "base/text.h"
#include "detect/roles.h"

#include <stdlib.h>
#include <string.h>

/* Entra ID writes its entry within seconds; clocks and queues get some minutes. */
#define WITNESS_NEAR (INT64_C(300) * TICKS_PER_SECOND)

/* Acts of one who and kind without a witness that are looked through for the one of another act. */
#define WITNESS_OPEN_MAX 8

/* One act that either log may tell. */
struct act {
    char *who; /* object id, else name, in lower case; owned */
    int removal;
    enum outcome outcome;
    int64_t time;
    size_t finding;
};

/* All of them in order of who and when, and what else there is to know. */
struct acts {
    struct act *all;
    size_t n, cap;
    int64_t seen[2]; /* time that Entra ID's entries are of */
    int64_t *vague;  /* removals at `/` in the activity log that do not say of what, or whose */
    size_t nvague, cap_vague;
};

/* Order of acts that cannot be the same one; 0 for those that may. */
static int by_kind(const struct act *x, const struct act *y)
{
    int order = x->removal - y->removal;

    return order != 0 ? order : strcmp(x->who, y->who);
}

/* Whether what both logs say of the end is two things. */
static int ends_differ(const struct act *x, const struct act *y)
{
    return x->outcome >= OUTCOME_FAILED && y->outcome >= OUTCOME_FAILED && x->outcome != y->outcome;
}

static int by_act(const void *a, const void *b)
{
    const struct act *x = a, *y = b;
    int order = by_kind(x, y);

    if (order != 0)
        return order;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->finding < y->finding ? -1 : x->finding > y->finding;
}

/* Whether a finding is an elevation or the removal of one. */
static int is_act(const struct finding *f)
{
    const char *role = f->text[FINDING_ROLE_ID];

    if (f->time == 0 || f->nothing)
        return 0;
    return f->operation->kind == OPERATION_ELEVATE ||
           (f->operation->kind == OPERATION_UNASSIGN && f->scope_kind == SCOPE_ROOT &&
            role != NULL && strcmp(role, ROLES_USER_ACCESS_ADMINISTRATOR) == 0);
}

/* Whether a finding may be the removal of an elevation, and does not say so. */
static int is_vague(const struct finding *f)
{
    return f->operation->kind == OPERATION_UNASSIGN && f->scope_kind == SCOPE_ROOT && !f->entra &&
           f->time != 0 && !f->nothing && f->outcome != OUTCOME_FAILED &&
           (f->text[FINDING_ROLE_ID] == NULL || f->text[FINDING_PRINCIPAL_ID] == NULL);
}

/* The object ids of those who elevated, by their names in lower case; a name that two have leads to
 * neither. */
static void list_names(const struct finding_set *s, struct hash_map *ids)
{
    struct buf key = {0};
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        const char *id = f->text[FINDING_PRINCIPAL_ID], *name = f->text[FINDING_CALLER];
        size_t at;

        if (f->operation->kind != OPERATION_ELEVATE || id == NULL || name == NULL)
            continue;
        buf_clear(&key);
        text_put_lower(&key, slice_of(name));
        at = hash_map_get(ids, buf_slice(&key));
        if (at != HASH_MAP_NONE &&
            (at == s->n || strcmp(s->all[at].text[FINDING_PRINCIPAL_ID], id) != 0))
            hash_map_put(ids, buf_slice(&key), s->n);
        else
            hash_map_put(ids, buf_slice(&key), i);
    }
    buf_free(&key);
}

/* Who did it, or had the role that was removed, in lower case: the object id where any record of
 * the name has it. NULL: not known. The caller frees it. */
static char *who_of(const struct finding_set *s, const struct finding *f,
                    const struct hash_map *ids)
{
    const char *id = f->text[FINDING_PRINCIPAL_ID];
    char *name;
    size_t at;

    if (id != NULL)
        return text_lower_dup(slice_of(id));
    if (f->operation->kind != OPERATION_ELEVATE || f->text[FINDING_CALLER] == NULL)
        return NULL;
    name = text_lower_dup(slice_of(f->text[FINDING_CALLER]));
    at = hash_map_get(ids, slice_of(name));
    if (at == HASH_MAP_NONE || at == s->n)
        return name;
    free(name);
    return text_lower_dup(slice_of(s->all[at].text[FINDING_PRINCIPAL_ID]));
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Collect the acts in order of who and when. */
static void list_acts(const struct finding_set *s, struct acts *x)
{
    struct hash_map ids = {0};
    size_t i;

    list_names(s, &ids);
    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        struct act *a;
        char *who;

        if (f->entra)
            timestamp_widen(&x->seen[0], &x->seen[1], f->time);
        if (is_vague(f)) {
            x->vague = mem_grow(x->vague, x->nvague, &x->cap_vague, sizeof(*x->vague));
            x->vague[x->nvague++] = f->time;
        }
        who = is_act(f) ? who_of(s, f, &ids) : NULL;
        if (who == NULL)
            continue;
        x->all = mem_grow(x->all, x->n, &x->cap, sizeof(*x->all));
        a = &x->all[x->n++];
        a->who = who;
        a->removal = f->operation->kind == OPERATION_UNASSIGN;
        a->outcome = f->outcome;
        a->time = f->time;
        a->finding = i;
    }
    hash_map_free(&ids);
    if (x->n > 0)
        qsort(x->all, x->n, sizeof(*x->all), by_act);
    if (x->nvague > 0)
        qsort(x->vague, x->nvague, sizeof(*x->vague), by_time);
}

/* Whether the activity log has a removal about then that may be this one. */
static int may_be_vague(const struct acts *x, const struct act *a)
{
    size_t low = 0, high = x->nvague;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (x->vague[mid] < a->time - WITNESS_NEAR)
            low = mid + 1;
        else
            high = mid;
    }
    return a->removal && low < x->nvague && x->vague[low] <= a->time + WITNESS_NEAR;
}

/* Whether an export among the inputs has the tenant's log of a time. */
static int tenant_covers(const struct input *in, int64_t time)
{
    size_t x, i;

    for (x = 0; x < in->nexports; x++) {
        const struct manifest *m = &in->exports[x].manifest;

        for (i = 0; i < m->nscopes && !in->exports[x].in_part; i++) {
            const struct manifest_scope *sc = &m->scopes[i];

            if (strcmp(sc->scope, "tenant") == 0 && strcmp(sc->status, "complete") == 0 &&
                time >= m->since && time < sc->settled_until)
                return 1;
        }
    }
    return 0;
}

/* Say of an act that only one log tells that the other one, which is there, lacks it. */
static void note_missing(struct finding_set *s, const struct acts *x, const struct act *a)
{
    struct finding *f = &s->all[a->finding];

    if (f->absorbed_by != NULL || a->outcome == OUTCOME_FAILED)
        return;
    if (f->entra && !may_be_vague(x, a) && tenant_covers(s->input, f->time))
        finding_note(f, "Only Entra ID's audit log has it: the tenant's activity log, which covers "
                        "this time, does not.");
    else if (!f->entra && f->time >= x->seen[0] && f->time <= x->seen[1])
        finding_note(f, "Only the activity log has it: Entra ID's audit entries among the inputs, "
                        "which cover this time unless they were filtered, do not.");
}

/* Make one finding of an act's two, and say so. */
static void join(struct finding *a, struct finding *b)
{
    struct finding *azure = a->entra ? b : a, *entra = a->entra ? a : b;

    finding_absorb(azure, entra);
    if (azure->outcome < entra->outcome)
        azure->outcome = entra->outcome;
    finding_note(azure, "The tenant's activity log and Entra ID's audit log both have it.");
}

/* The last of the acts without a witness so far that the other log tells of an act: its place, or
 * nopen. */
static size_t witness_of(const struct finding_set *s, const struct acts *x, const size_t *open,
                         size_t nopen, const struct act *a)
{
    size_t i;

    for (i = nopen; i > 0 && nopen - i < WITNESS_OPEN_MAX; i--) {
        const struct act *b = &x->all[open[i - 1]];

        if (by_kind(a, b) != 0 || a->time - b->time > WITNESS_NEAR)
            break;
        if (s->all[a->finding].entra != s->all[b->finding].entra && !ends_differ(a, b))
            return i - 1;
    }
    return nopen;
}

/* Note a finding of the tenant in which an id is known; n when it is in two. */
static void know_tenant(const struct finding_set *s, size_t i, const char *id, struct hash_map *of)
{
    const char *tenant = s->all[i].text[FINDING_TENANT_ID];
    size_t at = id == NULL ? s->n : hash_map_get(of, slice_of(id));

    if (tenant == NULL || at == s->n)
        return;
    if (at == HASH_MAP_NONE)
        hash_map_put(of, slice_of(id), i);
    else if (!slice_equals_nocase(slice_of(tenant), s->all[at].text[FINDING_TENANT_ID]))
        hash_map_put(of, slice_of(id), s->n);
}

/* Let findings that do not say their tenant, as the entries of Entra ID, have the one in which
 * others know whom they are about. */
static void share_tenants(struct finding_set *s)
{
    struct hash_map of = {0};
    size_t i, at;

    for (i = 0; i < s->n; i++) {
        know_tenant(s, i, s->all[i].text[FINDING_PRINCIPAL_ID], &of);
        know_tenant(s, i, s->all[i].text[FINDING_CALLER_OBJECT_ID], &of);
    }
    for (i = 0; i < s->n; i++) {
        struct finding *f = &s->all[i];

        at = f->text[FINDING_PRINCIPAL_ID] == NULL
                 ? s->n
                 : hash_map_get(&of, slice_of(f->text[FINDING_PRINCIPAL_ID]));
        if (at < s->n)
            (void)finding_borrow(f, s->all[at].text[FINDING_TENANT_ID], FINDING_TENANT_ID);
    }
    hash_map_free(&of);
}

void witness_match(struct finding_set *s)
{
    struct acts x = {.seen = {s->entra_first, s->entra_last}};
    size_t *open; /* acts without a witness so far, the last one on top */
    size_t nopen = 0, i;

    if (s->tenants)
        share_tenants(s);
    list_acts(s, &x);
    open = mem_alloc((x.n + 1) * sizeof(*open));
    for (i = 0; i < x.n && x.seen[0] != 0; i++) {
        size_t at = witness_of(s, &x, open, nopen, &x.all[i]);

        if (at == nopen) {
            open[nopen++] = i;
            continue;
        }
        join(&s->all[x.all[open[at]].finding], &s->all[x.all[i].finding]);
        nopen--;
        memmove(open + at, open + at + 1, (nopen - at) * sizeof(*open));
    }
    for (i = 0; i < nopen; i++)
        note_missing(s, &x, &x.all[open[i]]);
    for (i = 0; i < x.n; i++)
        free(x.all[i].who);
    free(open);
    free(x.all);
    free(x.vague);
}
