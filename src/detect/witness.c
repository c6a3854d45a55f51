#include "detect/witness.h"

#include "base/mem.h"
#include "detect/roles.h"

#include <stdlib.h>
#include <string.h>

/* Entra ID writes its entry within seconds; clocks and queues get some minutes. */
#define WITNESS_NEAR (INT64_C(300) * TICKS_PER_SECOND)

/* One act that either log may tell. */
struct act {
    const char *who; /* object id, else name */
    int removal;
    int64_t time;
    size_t finding;
};

static int by_act(const void *a, const void *b)
{
    const struct act *x = a, *y = b;
    int order = x->removal - y->removal;

    if (order == 0)
        order = strcmp(x->who, y->who);
    if (order != 0)
        return order;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->finding < y->finding ? -1 : x->finding > y->finding;
}

/* Whether a finding is an elevation or the removal of one that happened. */
static int is_act(const struct finding *f)
{
    const char *role = f->text[FINDING_ROLE_ID];

    if (f->outcome == OUTCOME_FAILED || f->time == 0 || f->nothing)
        return 0;
    return f->operation->kind == OPERATION_ELEVATE ||
           (f->operation->kind == OPERATION_UNASSIGN && f->scope_kind == SCOPE_ROOT &&
            role != NULL && strcmp(role, ROLES_USER_ACCESS_ADMINISTRATOR) == 0);
}

/* Collect the acts in order of who and when. Returns their number. */
static size_t list_acts(const struct finding_set *s, struct act **acts, int64_t seen[2])
{
    size_t i, n = 0, cap = 0;

    for (i = 0; i < s->n; i++) {
        const struct finding *f = &s->all[i];
        const char *who = f->text[FINDING_PRINCIPAL_ID];

        if (f->entra && f->time != 0) {
            seen[0] = seen[0] == 0 || f->time < seen[0] ? f->time : seen[0];
            seen[1] = f->time > seen[1] ? f->time : seen[1];
        }
        if (who == NULL)
            who = f->text[FINDING_CALLER];
        if (!is_act(f) || who == NULL)
            continue;
        *acts = mem_grow(*acts, n, &cap, sizeof(**acts));
        (*acts)[n].who = who;
        (*acts)[n].removal = f->operation->kind == OPERATION_UNASSIGN;
        (*acts)[n].time = f->time;
        (*acts)[n++].finding = i;
    }
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

    if (f->absorbed)
        return;
    if (f->entra && tenant_covers(s->input, f->time))
        finding_note(f, "Only Entra ID's audit log has it: the tenant's activity log, which covers "
                        "this time, does not.");
    else if (!f->entra && f->time >= seen[0] && f->time <= seen[1])
        finding_note(f, "Only the activity log has it: Entra ID's audit entries among the inputs, "
                        "which cover this time, do not.");
}

void witness_match(struct finding_set *s)
{
    struct act *acts = NULL;
    int64_t seen[2] = {0, 0};
    char *matched;
    size_t n = list_acts(s, &acts, seen), i;

    matched = mem_zalloc(n + 1, 1);
    for (i = 1; i < n && seen[0] != 0; i++) {
        struct finding *a = &s->all[acts[i - 1].finding], *b = &s->all[acts[i].finding];

        if (matched[i - 1] || acts[i].removal != acts[i - 1].removal ||
            strcmp(acts[i].who, acts[i - 1].who) != 0 || a->entra == b->entra ||
            acts[i].time - acts[i - 1].time > WITNESS_NEAR)
            continue;
        matched[i - 1] = matched[i] = 1;
        finding_absorb(a->entra ? b : a, a->entra ? a : b);
        finding_note(a->entra ? b : a, "The tenant's activity log and Entra ID's audit log both "
                                       "have it.");
    }
    for (i = 0; i < n && seen[0] != 0; i++) {
        if (!matched[i])
            note_missing(s, &acts[i], seen);
    }
    free(matched);
    free(acts);
}
