#include "detect/holders.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/holders_place.h"
#include "detect/scope.h"
#include "detect/story.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_PATH "/providers/microsoft.management/managementgroups/"
/* The key of everything below the tenant root group, whatever its id is. */
#define TENANT_KEY "@tenant"

/* A copy in lower case. */
static char *lower_dup(const char *text)
{
    char *copy = mem_strdup(text);

    text_to_lower(copy);
    return copy;
}

/* The place that a scope is, as a key, or NULL. */
static char *key_of(const struct finding *f)
{
    const char *scope = f->text[FINDING_SCOPE];
    char *key;

    if (scope == NULL || f->scope_kind == SCOPE_UNKNOWN)
        return NULL;
    if (f->scope_kind == SCOPE_TENANT_ROOT_GROUP)
        return mem_strdup(TENANT_KEY);
    key = lower_dup(scope);
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

    return f->time == 0 && !f->absorbed && f->outcome != OUTCOME_FAILED &&
           (kind == OPERATION_UNASSIGN ||
            (f->rule != NULL && (kind == OPERATION_ELEVATE || kind == OPERATION_ASSIGN ||
                                 kind == OPERATION_PIM_REQUEST)));
}

/* Number of a principal, made when it is new. */
static size_t principal_of(struct holders *h, const char *id)
{
    char *key = lower_dup(id);
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
    return c == NULL ? NULL : c->object_id;
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
    }
    holders_place_add(&p->places[i], power);
}

/* Ask one place; the latest grant of all places asked wins. */
static void ask(const struct holders *h, struct principal *p, struct slice key, int64_t time,
                size_t *best)
{
    size_t i = hash_map_get(&p->by_key, key), power;

    if (i == HASH_MAP_NONE)
        return;
    power = h->built ? holders_place_at(&p->places[i], time)
                     : holders_place_now(h, &p->places[i], time);
    if (power != HASH_MAP_NONE && (*best == HASH_MAP_NONE || power > *best))
        *best = power;
}

/* Ask for a management group by its name. */
static void ask_group(const struct holders *h, struct principal *p, struct slice name, int64_t time,
                      size_t *best)
{
    char key[sizeof(GROUP_PATH) + 256];

    if (name.len == 0 || sizeof(GROUP_PATH) + name.len > sizeof(key))
        return;
    memcpy(key, GROUP_PATH, sizeof(GROUP_PATH) - 1);
    memcpy(key + sizeof(GROUP_PATH) - 1, name.data, name.len);
    ask(h, p, (struct slice){key, sizeof(GROUP_PATH) - 1 + name.len}, time, best);
}

/* Ask for the management groups above something: those that the event names, else those that other
 * events name, and the one whose log has it. */
static void ask_groups(const struct holders *h, struct principal *p, const struct holders_where *w,
                       int64_t time, size_t *best)
{
    struct slice inside = scope_container(w->resource);
    size_t start = 0, i, level;
    const char *name;

    if (inside.data == NULL)
        return;
    ask(h, p, slice_of(TENANT_KEY), time, best);
    for (i = 0; w->hierarchy.data != NULL && i <= w->hierarchy.len; i++) {
        if (i < w->hierarchy.len && w->hierarchy.data[i] != '/')
            continue;
        ask_group(h, p, (struct slice){w->hierarchy.data + start, i - start}, time, best);
        start = i + 1;
    }
    for (level = 1; w->hierarchy.data == NULL && level <= HIERARCHY_LEVELS_MAX; level++) {
        name = hierarchy_above(h->hierarchy, inside, level);
        if (name == NULL)
            break;
        ask_group(h, p, slice_of(name), time, best);
    }
    if (w->log_group != NULL)
        ask_group(h, p, slice_of(w->log_group), time, best);
}

size_t holders_power(const struct holders *h, size_t principal, const struct holders_where *w,
                     int64_t time)
{
    struct principal *p = &h->principals[principal];
    size_t best = HASH_MAP_NONE, i;

    ask(h, p, slice_of("/"), time, &best);
    for (i = 1; i <= w->resource.len; i++) {
        if (i == w->resource.len || w->resource.data[i] == '/')
            ask(h, p, (struct slice){w->resource.data, i}, time, &best);
    }
    ask_groups(h, p, w, time, &best);
    return best;
}

/* The power under which a grant was made, or HASH_MAP_NONE. An elevation comes from none. */
static size_t parent_of(const struct holders *h, const struct finding *f, enum holders_via via)
{
    const char *caller = caller_id(h, f);
    struct holders_where w = {{NULL, 0}, {NULL, 0}, NULL};
    size_t principal, power = HASH_MAP_NONE;
    char *id, *scope;

    if (via == VIA_ELEVATION || caller == NULL || f->text[FINDING_SCOPE] == NULL)
        return HASH_MAP_NONE;
    id = lower_dup(caller);
    principal = hash_map_get(&h->by_principal, slice_of(id));
    free(id);
    if (principal == HASH_MAP_NONE)
        return HASH_MAP_NONE;
    scope = lower_dup(f->text[FINDING_SCOPE]);
    w.resource = scope_trim(slice_of(scope));
    power = holders_power(h, principal, &w, f->time);
    free(scope);
    return power;
}

/* Add the power that a finding gave. */
static void add_power(struct holders *h, const struct finding *f, enum holders_via via)
{
    const char *id = receiver(h, f);
    char *key = key_of(f);
    struct power *w;
    struct holder *x;
    size_t parent, principal, story;
    int depth;

    if (id == NULL || key == NULL) {
        h->unnamed += id == NULL;
        h->nowhere += id != NULL;
        free(key);
        return;
    }
    parent = parent_of(h, f, via);
    story = story_of(h, f, parent, &depth);
    principal = principal_of(h, id);
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
    if (f->expires != 0 && (w->until == 0 || f->expires < w->until))
        w->until = f->expires;
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

/* Note a way in which events name a principal. */
static void add_name(struct holders *h, const char *name, size_t principal)
{
    char *key;

    if (name == NULL)
        return;
    key = lower_dup(name);
    if (hash_map_get(&h->by_caller, slice_of(key)) == HASH_MAP_NONE)
        hash_map_put(&h->by_caller, slice_of(key), principal);
    free(key);
}

/* Collect the ways in which events name the principals. */
static void name_principals(struct holders *h)
{
    size_t i, at;

    for (i = 0; i < h->nprincipals; i++)
        add_name(h, h->principals[i].id, i);
    for (i = 0; i < h->callers->n; i++) {
        const struct caller *c = &h->callers->all[i];
        char guid[SCOPE_GUID_MAX];

        at = c->object_id == NULL ? HASH_MAP_NONE
                                  : hash_map_get(&h->by_principal, slice_of(c->object_id));
        if (at == HASH_MAP_NONE)
            continue;
        add_name(h, c->name, at);
        add_name(h, c->app_id, at);
        if (!scope_guid(slice_of(c->name), guid) && h->principals[at].name == NULL)
            h->principals[at].name = c->name;
        if (h->principals[at].type == NULL)
            h->principals[at].type = c->app_id != NULL ? "ServicePrincipal" : "User";
    }
}

void holders_build(struct holders *h, const struct finding_set *findings,
                   const struct callers *callers, const struct hierarchy *hierarchy)
{
    enum holders_via via;
    size_t i, k;

    h->findings = findings;
    h->callers = callers;
    h->hierarchy = hierarchy;
    for (i = 0; i < findings->nreported; i++) {
        const struct finding *f = &findings->all[findings->reported[i]];

        if (gives_power(f, &via))
            add_power(h, f, via);
        else if (f->operation->kind == OPERATION_ASSIGN && f->role == ROLE_UNKNOWN &&
                 f->outcome != OUTCOME_FAILED)
            h->unclear++;
    }
    for (i = 0; i < findings->n; i++)
        h->untimed += is_untimed(&findings->all[i]) != 0;
    for (i = 0; i < h->nprincipals; i++) {
        for (k = 0; k < h->principals[i].nplaces; k++)
            holders_place_order(h, &h->principals[i].places[k]);
    }
    h->built = 1;
    name_principals(h);
}

size_t holders_named(const struct holders *h, struct slice name)
{
    return hash_map_get(&h->by_caller, name);
}

const char *holders_via_name(enum holders_via via)
{
    static const char *const names[] = {"Elevation", "Assignment", "PIM"};

    return names[via];
}

/* Release one principal. */
static void free_principal(struct principal *p)
{
    size_t i;

    for (i = 0; i < p->nplaces; i++) {
        holders_place_free(&p->places[i]);
    }
    free(p->places);
    free(p->id);
    hash_map_free(&p->by_key);
}

void holders_free(struct holders *h)
{
    size_t i;

    for (i = 0; i < h->npowers; i++)
        free(h->powers[i].key);
    for (i = 0; i < h->n; i++)
        free(h->all[i].powers);
    for (i = 0; i < h->nprincipals; i++)
        free_principal(&h->principals[i]);
    for (i = 0; i < h->nstories; i++)
        free(h->stories[i].id);
    free(h->powers);
    free(h->all);
    free(h->principals);
    free(h->stories);
    hash_map_free(&h->by_principal);
    hash_map_free(&h->by_holder);
    hash_map_free(&h->by_story);
    hash_map_free(&h->by_caller);
    memset(h, 0, sizeof(*h));
}
