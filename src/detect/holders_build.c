/* Which findings gave whom power, where and from when until when. */
#include "detect/holders.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/holders_place.h"
#include "detect/same_event.h"
#include "detect/scope.h"
#include "detect/story.h"

#include <stdlib.h>
#include <string.h>

/* The application behind Privileged Identity Management writes the assignment that somebody asked
 * for within this time of when it is to begin. */
#define PIM_NEAR (INT64_C(600) * TICKS_PER_SECOND)
/* Requests that are looked through for that. */
#define REQUESTS_MAX 8

/* The place that a scope is, as a key, or NULL. */
static char *key_of(const struct holders *h, const struct finding *f)
{
    const char *scope = f->text[FINDING_SCOPE], *tenant = f->text[FINDING_TENANT_ID];
    struct buf of_tenant = {0};
    char *key;

    if (scope == NULL || f->scope_kind == SCOPE_UNKNOWN)
        return NULL;
    if ((f->scope_kind & (SCOPE_ROOT | SCOPE_TENANT_ROOT_GROUP)) && h->findings->tenants &&
        tenant != NULL) {
        buf_printf(&of_tenant, "%s|%s", tenant,
                   f->scope_kind == SCOPE_ROOT ? "/" : HOLDERS_TENANT_KEY);
        text_to_lower(of_tenant.data);
        return of_tenant.data;
    }
    if (f->scope_kind == SCOPE_TENANT_ROOT_GROUP)
        return mem_strdup(HOLDERS_TENANT_KEY);
    key = text_lower_dup(slice_of(scope));
    key[scope_trim(slice_of(key)).len] = '\0';
    return key;
}

/* Whether a finding gave power, and how. */
static int gives_power(const struct finding *f, enum holders_via *via)
{
    if (f->rule == NULL || f->outcome == OUTCOME_FAILED || f->time == 0)
        return 0;
    switch (f->operation->kind) {
    case OPERATION_ELEVATE:
        *via = VIA_ELEVATION;
        return 1;
    case OPERATION_ASSIGN:
        *via = VIA_ASSIGNMENT;
        return f->severity >= SEVERITY_MEDIUM;
    case OPERATION_PIM_REQUEST:
        *via = VIA_PIM;
        return f->pim == PIM_ACTIVE && f->severity >= SEVERITY_MEDIUM;
    default:
        return 0;
    }
}

/* Whether a finding gave power or took a role at a time that cannot be read. */
static int is_untimed(const struct finding *f)
{
    enum operation_kind kind = f->operation->kind;

    return f->time == 0 && f->absorbed_by == NULL && f->outcome != OUTCOME_FAILED &&
           (kind == OPERATION_UNASSIGN ||
            (f->rule != NULL && (kind == OPERATION_ELEVATE || kind == OPERATION_ASSIGN ||
                                 kind == OPERATION_PIM_REQUEST)));
}

/* Number of a principal, made when it is new. */
static size_t principal_of(struct holders *h, const char *id)
{
    char *key = text_lower_dup(slice_of(id));
    size_t i = hash_map_get(&h->by_principal, slice_of(key));

    if (i != HASH_MAP_NONE) {
        free(key);
        return i;
    }
    h->principals =
        mem_grow(h->principals, h->nprincipals, &h->cap_principals, sizeof(*h->principals));
    memset(&h->principals[h->nprincipals], 0, sizeof(*h->principals));
    h->principals[h->nprincipals].id = key;
    hash_map_put(&h->by_principal, slice_of(key), h->nprincipals);
    return h->nprincipals++;
}

/* The object id behind a finding's caller, or NULL. */
static const char *caller_id(const struct holders *h, const struct finding *f)
{
    const struct caller *c;

    if (f->text[FINDING_CALLER_OBJECT_ID] != NULL)
        return f->text[FINDING_CALLER_OBJECT_ID];
    c = f->text[FINDING_CALLER] == NULL ? NULL : callers_find(h->callers, f->text[FINDING_CALLER]);
    /* A name that the log knows with several object ids does not say which. */
    return c == NULL || c->next != HASH_MAP_NONE ? NULL : c->object_id;
}

/* Who got power by a finding: the object id, else the caller's name (of an elevation), or NULL. */
static const char *receiver(const struct holders *h, const struct finding *f)
{
    const char *id = f->text[FINDING_PRINCIPAL_ID];

    if (id == NULL && f->operation->kind == OPERATION_ELEVATE)
        id = caller_id(h, f);
    if (id == NULL && f->operation->kind == OPERATION_ELEVATE)
        id = f->text[FINDING_CALLER];
    return id;
}

/* The story of a power: that of the power it comes from, else the one that scan tells, else new. */
static size_t story_of(struct holders *h, const struct finding *f, size_t parent, int *depth)
{
    char *id;
    size_t i;

    *depth = 0;
    if (parent != HASH_MAP_NONE) {
        const struct holder *above = &h->all[h->powers[parent].holder];

        *depth = above->depth + 1;
        return above->story;
    }
    id = f->text[FINDING_STORY_ID] == NULL ? story_name(f) : mem_strdup(f->text[FINDING_STORY_ID]);
    i = hash_map_get(&h->by_story, slice_of(id));
    if (i != HASH_MAP_NONE) {
        free(id);
        return i;
    }
    h->stories = mem_grow(h->stories, h->nstories, &h->cap_stories, sizeof(*h->stories));
    h->stories[h->nstories].id = id;
    h->stories[h->nstories].time = f->time;
    hash_map_put(&h->by_story, slice_of(id), h->nstories);
    return h->nstories++;
}

/* Number of a holder, made when it is new. */
static size_t holder_of(struct holders *h, size_t story, size_t principal, int depth)
{
    size_t key[2] = {story, principal}, i;
    struct slice k = {(const char *)key, sizeof(key)};
    struct holder *x;

    i = hash_map_get(&h->by_holder, k);
    if (i == HASH_MAP_NONE) {
        h->all = mem_grow(h->all, h->n, &h->cap, sizeof(*h->all));
        x = &h->all[h->n];
        memset(x, 0, sizeof(*x));
        x->story = story;
        x->principal = principal;
        x->depth = depth;
        x->first = h->npowers;
        hash_map_put(&h->by_holder, k, h->n);
        i = h->n++;
    }
    return i;
}

/* Put a power where its principal holds it. */
static void place_power(struct holders *h, struct principal *p, size_t power)
{
    const char *key = h->powers[power].key;
    size_t i = hash_map_get(&p->by_key, slice_of(key));

    if (i == HASH_MAP_NONE) {
        i = p->nplaces;
        p->places = mem_grow(p->places, p->nplaces, &p->cap_places, sizeof(*p->places));
        memset(&p->places[i], 0, sizeof(p->places[i]));
        hash_map_put(&p->by_key, slice_of(key), i);
        p->nplaces++;
        p->ngroups += strncmp(key, HOLDERS_GROUP_PATH, sizeof(HOLDERS_GROUP_PATH) - 1) == 0;
    }
    if (p->held_from == 0 || h->powers[power].from < p->held_from)
        p->held_from = h->powers[power].from;
    holders_place_add(&p->places[i], power);
}

/* The power under which a grant was made, or HASH_MAP_NONE. An elevation comes from none. */
static size_t parent_of(const struct holders *h, const struct finding *f, enum holders_via via)
{
    const char *caller = caller_id(h, f);
    struct holders_where w = {{NULL, 0}, {NULL, 0}, NULL, {NULL, 0}};
    size_t principal, power = HASH_MAP_NONE;
    char *id, *scope;

    if (via == VIA_ELEVATION || caller == NULL || f->text[FINDING_SCOPE] == NULL)
        return HASH_MAP_NONE;
    id = text_lower_dup(slice_of(caller));
    principal = hash_map_get(&h->by_principal, slice_of(id));
    free(id);
    if (principal == HASH_MAP_NONE)
        return HASH_MAP_NONE;
    scope = text_lower_dup(slice_of(f->text[FINDING_SCOPE]));
    w.resource = scope_trim(slice_of(scope));
    if (f->text[FINDING_TENANT_ID] != NULL)
        w.tenant = slice_of(f->text[FINDING_TENANT_ID]);
    power = holders_power(h, principal, &w, f->time);
    free(scope);
    return power;
}

/* "<principal>|<role>|<scope>" */
static void put_eligible_key(struct buf *key, const struct finding *f)
{
    static const enum finding_text parts[] = {FINDING_PRINCIPAL_ID, FINDING_ROLE_ID, FINDING_SCOPE};
    size_t i;

    for (i = 0; i < 3; i++)
        same_event_put_part(key, f->text[parts[i]]);
}

/* The power under which somebody made eligible what is now activated, or HASH_MAP_NONE. */
static size_t eligible_of(const struct holders *h, const struct finding *f)
{
    struct buf key = {0};
    size_t power;

    put_eligible_key(&key, f);
    power = hash_map_get(&h->eligible, buf_slice(&key));
    buf_free(&key);
    return power;
}

/* Remember that a holder made somebody eligible. */
static void add_eligible(struct holders *h, const struct finding *f)
{
    size_t parent = parent_of(h, f, VIA_PIM);
    struct buf key = {0};

    if (parent == HASH_MAP_NONE)
        return;
    put_eligible_key(&key, f);
    hash_map_put(&h->eligible, buf_slice(&key), parent);
    buf_free(&key);
}

/* Let a power end at a time, unless that is 0 or it ends before. */
static void end_power(struct power *w, int64_t time)
{
    if (time != 0 && (w->until == 0 || time < w->until))
        w->until = time;
}

/* Whether an assignment is what Privileged Identity Management did for a request that gave a power
 * already, which it then ends. */
static int is_pims_deed(struct holders *h, const struct finding *f, const struct principal *p,
                        const char *key)
{
    const char *app = f->text[FINDING_CALLER_APP_ID];
    size_t at = hash_map_get(&p->by_key, slice_of(key)), i, n = 0;

    if (at == HASH_MAP_NONE || f->operation->kind != OPERATION_ASSIGN || app == NULL ||
        strcmp(app, STORY_PIM_APP_ID) != 0)
        return 0;
    for (i = p->places[at].npowers; i > 0 && n < REQUESTS_MAX; i--, n++) {
        struct power *w = &h->powers[p->places[at].powers[i - 1]];
        const char *role = w->finding->text[FINDING_ROLE_ID];

        if (w->via != VIA_PIM || f->time - w->from > PIM_NEAR || w->from - f->time > PIM_NEAR ||
            role == NULL || f->text[FINDING_ROLE_ID] == NULL ||
            strcmp(role, f->text[FINDING_ROLE_ID]) != 0)
            continue;
        end_power(w, f->ended_time);
        return 1;
    }
    return 0;
}

/* The request that took back one to PIM, or NULL. */
static const struct finding *withdrawal_of(const struct holders *h, const struct finding *f)
{
    char *id;
    size_t i;

    if (f->pim != PIM_ACTIVE || f->text[FINDING_RESOURCE_ID] == NULL)
        return NULL;
    id = text_lower_dup(slice_of(f->text[FINDING_RESOURCE_ID]));
    i = hash_map_get(&h->withdrawn, slice_of(id));
    free(id);
    return i == HASH_MAP_NONE ? NULL : &h->findings->all[i];
}

/* Add the power that a finding gave. */
static void add_power(struct holders *h, const struct finding *f, enum holders_via via)
{
    const struct finding *withdrawn = withdrawal_of(h, f);
    const char *id = receiver(h, f);
    char *key = key_of(h, f);
    struct power *w;
    struct holder *x;
    size_t parent, principal, story;
    int depth;

    /* What was taken back before anybody granted it gave nothing. */
    if (withdrawn != NULL && f->outcome != OUTCOME_SUCCEEDED) {
        free(key);
        return;
    }
    if (id == NULL || key == NULL) {
        if (id == NULL && f->pim != PIM_NONE && !f->typed)
            h->unsaid++;
        else
            h->unnamed += id == NULL;
        h->nowhere += id != NULL;
        free(key);
        return;
    }
    principal = principal_of(h, id);
    if (is_pims_deed(h, f, &h->principals[principal], key)) {
        free(key);
        return;
    }
    parent = parent_of(h, f, via);
    if (parent == HASH_MAP_NONE && via == VIA_PIM)
        parent = eligible_of(h, f);
    story = story_of(h, f, parent, &depth);
    h->powers = mem_grow(h->powers, h->npowers, &h->cap_powers, sizeof(*h->powers));
    w = &h->powers[h->npowers];
    memset(w, 0, sizeof(*w));
    w->finding = f;
    w->via = via;
    w->key = key;
    w->from = f->end_time;
    if (via == VIA_PIM && f->starts > w->from)
        w->from = f->starts;
    w->until = f->ended_time;
    end_power(w, f->expires);
    end_power(w, withdrawn == NULL ? 0 : withdrawn->end_time);
    w->holder = holder_of(h, story, principal, depth);
    x = &h->all[w->holder];
    x->depth = depth < x->depth ? depth : x->depth;
    x->powers = mem_grow(x->powers, x->npowers, &x->cap_powers, sizeof(*x->powers));
    x->powers[x->npowers++] = h->npowers;
    if (h->principals[principal].type == NULL)
        h->principals[principal].type = f->text[FINDING_PRINCIPAL_TYPE];
    place_power(h, &h->principals[principal], h->npowers);
    h->npowers++;
}

/* Learn which management group a subscription was moved to. */
static void learn_move(struct hierarchy *h, const struct finding *f)
{
    struct slice id, none = {NULL, 0};

    if (f->operation->kind != OPERATION_HIERARCHY || f->outcome != OUTCOME_SUCCEEDED ||
        f->text[FINDING_RESOURCE_ID] == NULL)
        return;
    id = slice_of(f->text[FINDING_RESOURCE_ID]);
    if (strstr(f->operation->name, "/subscriptions/") != NULL)
        hierarchy_move(h, scope_last(id),
                       rules_match("*/delete", slice_of(f->operation->name)) ? none
                                                                             : scope_container(id),
                       f->end_time);
}

/* Remember a removal that does not say whose role it was. */
static void add_vague(struct holders *h, const struct finding *f, size_t i)
{
    char *key = f->text[FINDING_PRINCIPAL_ID] == NULL && !f->nothing ? key_of(h, f) : NULL;

    if (key != NULL)
        hash_map_put(&h->vague, slice_of(key), i);
    free(key);
}

/* Learn from what succeeded what grants are to be seen with. */
static void learn(struct holders *h, struct hierarchy *hierarchy)
{
    size_t i;

    /* Moves in order of time. */
    for (i = 0; i < h->findings->nreported; i++)
        learn_move(hierarchy, &h->findings->all[h->findings->reported[i]]);
    for (i = 0; i < h->findings->n; i++) {
        const struct finding *f = &h->findings->all[i];

        h->untimed += is_untimed(f) != 0;
        if (f->outcome != OUTCOME_SUCCEEDED || f->absorbed_by != NULL ||
            f->text[FINDING_RESOURCE_ID] == NULL)
            continue;
        if (f->operation->kind == OPERATION_UNASSIGN) {
            add_vague(h, f, i);
        } else if (f->pim == PIM_OTHER &&
                   rules_match("*ScheduleRequests/*", slice_of(f->text[FINDING_RESOURCE_ID]))) {
            char *id = text_lower_dup(slice_of(f->text[FINDING_RESOURCE_ID]));

            hash_map_put(&h->withdrawn, slice_of(id), i);
            free(id);
        }
    }
}

/* A finding that gave nobody power who could be followed. */
static void pass_over(struct holders *h, const struct finding *f)
{
    switch (f->operation->kind) {
    case OPERATION_ASSIGN:
        h->unclear += f->role == ROLE_UNKNOWN;
        break;
    case OPERATION_PIM_REQUEST:
        if (f->pim == PIM_ELIGIBLE)
            add_eligible(h, f);
        break;
    case OPERATION_DELEGATE:
    case OPERATION_CLASSIC_WRITE:
        h->others += rules_match("*/write", slice_of(f->operation->name)) != 0;
        break;
    default:
        break;
    }
}

void holders_build(struct holders *h, const struct finding_set *findings,
                   const struct callers *callers, struct hierarchy *hierarchy)
{
    enum holders_via via;
    size_t i, k;

    h->findings = findings;
    h->callers = callers;
    h->hierarchy = hierarchy;
    learn(h, hierarchy);
    for (i = 0; i < findings->nreported; i++) {
        const struct finding *f = &findings->all[findings->reported[i]];

        if (gives_power(f, &via))
            add_power(h, f, via);
        else if (f->outcome != OUTCOME_FAILED)
            pass_over(h, f);
    }
    for (i = 0; i < h->nprincipals; i++) {
        for (k = 0; k < h->principals[i].nplaces; k++)
            holders_place_order(h, &h->principals[i].places[k]);
    }
    h->built = 1;
    holders_name(h);
}
