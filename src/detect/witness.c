#include "detect/witness.h"

#include "base/hash_map.h"
#include "base/mem.h"
#include "detect/roles.h"

#include <stdlib.h>
#include <string.h>

/* Entra ID writes its entry within seconds; clocks and queues get some minutes. */
#define WITNESS_NEAR (INT64_C(300) * TICKS_PER_SECOND)

/* One act that either log may tell. */
struct act {
    const char *who; /* object id, else name */
    int removal, failed;
    int64_t time;
    size_t finding;
};

/* Order of acts that cannot be the same one; 0 for those that may. */
static int by_kind(const struct act *x, const struct act *y)
{
    int order = x->removal - y->removal;

    if (order == 0)
        order = x->failed - y->failed;
    return order != 0 ? order : strcmp(x->who, y->who);
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

/* The object ids of those who elevated, by their names; a name that two have leads to neither. */
static void list_names(const struct finding_set *s, struct hash_map *ids)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        const char *id = f->text[FINDING_PRINCIPAL_ID], *name = f->text[FINDING_CALLER];
        size_t at;

        if (f->operation->kind != OPERATION_ELEVATE || id == NULL || name == NULL)
            continue;
        at = hash_map_get(ids, slice_of(name));
        if (at != HASH_MAP_NONE &&
            (at == s->n || strcmp(s->all[at].text[FINDING_PRINCIPAL_ID], id) != 0))
            hash_map_put(ids, slice_of(name), s->n);
        else
            hash_map_put(ids, slice_of(name), i);
    }
}

/* Who did it, or had the role that was removed: the object id where any record of the name has it.
 */
static const char *who_of(const struct finding_set *s, const struct finding *f,
                          const struct hash_map *ids)
{
    const char *name = f->text[FINDING_CALLER];
    size_t at;

    if (f->text[FINDING_PRINCIPAL_ID] != NULL || f->operation->kind != OPERATION_ELEVATE ||
        name == NULL)
        return f->text[FINDING_PRINCIPAL_ID];
    at = hash_map_get(ids, slice_of(name));
    return at == HASH_MAP_NONE || at == s->n ? name : s->all[at].text[FINDING_PRINCIPAL_ID];
}

/* Collect the acts in order of who and when. Returns their number. */
static size_t list_acts(const struct finding_set *s, struct act **acts, int64_t seen[2])
{
    struct hash_map ids = {0};
    size_t i, n = 0, cap = 0;

    list_names(s, &ids);
    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        const char *who = who_of(s, f, &ids);

        if (f->entra)
            timestamp_widen(&seen[0], &seen[1], f->time);
        if (!is_act(f) || who == NULL)
            continue;
        *acts = mem_grow(*acts, n, &cap, sizeof(**acts));
        (*acts)[n].who = who;
        (*acts)[n].removal = f->operation->kind == OPERATION_UNASSIGN;
        (*acts)[n].failed = f->outcome == OUTCOME_FAILED;
        (*acts)[n].time = f->time;
        (*acts)[n++].finding = i;
    }
    hash_map_free(&ids);
    if (n > 0)
        qsort(*acts, n, sizeof(**acts), by_act);
    return n;
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
static void note_missing(struct finding_set *s, const struct act *a, const int64_t seen[2])
{
    struct finding *f = &s->all[a->finding];

    if (f->absorbed || a->failed)
        return;
    if (f->entra && tenant_covers(s->input, f->time))
        finding_note(f, "Only Entra ID's audit log has it: the tenant's activity log, which covers "
                        "this time, does not.");
    else if (!f->entra && f->time >= seen[0] && f->time <= seen[1])
        finding_note(f, "Only the activity log has it: Entra ID's audit entries among the inputs, "
                        "which cover this time unless they were filtered, do not.");
}

/* Make one finding of an act's two, and say so. */
static void join(struct finding *a, struct finding *b)
{
    struct finding *azure = a->entra ? b : a;

    finding_absorb(azure, a->entra ? a : b);
    finding_note(azure, "The tenant's activity log and Entra ID's audit log both have it.");
}

void witness_match(struct finding_set *s)
{
    struct act *acts = NULL;
    int64_t seen[2] = {s->entra_first, s->entra_last};
    size_t *open; /* acts without a witness so far, the last one on top */
    size_t n = list_acts(s, &acts, seen), nopen = 0, i;

    open = mem_alloc((n + 1) * sizeof(*open));
    for (i = 0; i < n && seen[0] != 0; i++) {
        const struct act *a = nopen == 0 ? NULL : &acts[open[nopen - 1]];

        if (a != NULL && by_kind(a, &acts[i]) == 0 &&
            s->all[a->finding].entra != s->all[acts[i].finding].entra &&
            acts[i].time - a->time <= WITNESS_NEAR) {
            join(&s->all[a->finding], &s->all[acts[i].finding]);
            nopen--;
        } else {
            open[nopen++] = i;
        }
    }
    for (i = 0; i < nopen; i++)
        note_missing(s, &acts[open[i]], seen);
    free(open);
    free(acts);
}
