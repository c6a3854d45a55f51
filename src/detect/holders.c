#include "detect/holders.h"

#include "base/text.h"
#include "detect/holders_place.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

/* Management groups of one principal that are looked through for what nobody places. */
#define GROUPS_MAX 64
/* Principals that one name is looked for with. */
#define NAMESAKES_MAX 16

/* Whether a power may be held in the tenant of an event. */
static int is_of(const struct holders *h, size_t power, struct slice tenant)
{
    const char *own = h->powers[power].finding->text[FINDING_TENANT_ID];

    return !h->findings->tenants || own == NULL || tenant.len == 0 ||
           slice_equals_nocase(tenant, own);
}

/* Ask one place; the latest grant of all places asked wins. */
static void ask(const struct holders *h, struct principal *p, struct slice key,
                const struct holders_where *w, int64_t time, size_t *best)
{
    size_t i = hash_map_get(&p->by_key, key), power;

    if (i == HASH_MAP_NONE)
        return;
    power = h->built ? holders_place_at(&p->places[i], time)
                     : holders_place_now(h, &p->places[i], time);
    if (power != HASH_MAP_NONE && is_of(h, power, w->tenant) &&
        (*best == HASH_MAP_NONE || power > *best))
        *best = power;
}

/* Ask for what each tenant has one of: in the one of the event, or in any while that is not known.
 */
static void ask_top(const struct holders *h, struct principal *p, const char *name,
                    const struct holders_where *w, int64_t time, size_t *best)
{
    size_t i, n = strlen(name);

    ask(h, p, slice_of(name), w, time, best);
    for (i = 0; h->findings->tenants && i < p->nplaces && i < GROUPS_MAX; i++) {
        struct slice key = slice_of(h->powers[p->places[i].powers[0]].key);

        if (key.len > n && key.data[0] != '/' && strcmp(key.data + key.len - n, name) == 0)
            ask(h, p, key, w, time, best);
    }
}

/* Ask for a management group by its name. */
static void ask_group(const struct holders *h, struct principal *p, struct slice name,
                      const struct holders_where *w, int64_t time, size_t *best)
{
    char key[sizeof(HOLDERS_GROUP_PATH) + 256];

    if (name.len == 0 || sizeof(HOLDERS_GROUP_PATH) + name.len > sizeof(key))
        return;
    memcpy(key, HOLDERS_GROUP_PATH, sizeof(HOLDERS_GROUP_PATH) - 1);
    memcpy(key + sizeof(HOLDERS_GROUP_PATH) - 1, name.data, name.len);
    ask(h, p, (struct slice){key, sizeof(HOLDERS_GROUP_PATH) - 1 + name.len}, w, time, best);
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
    ask_top(h, p, HOLDERS_TENANT_KEY, w, time, best);
    for (i = 0; w->hierarchy.data != NULL && i <= w->hierarchy.len; i++) {
        if (i < w->hierarchy.len && w->hierarchy.data[i] != '/')
            continue;
        ask_group(h, p, (struct slice){w->hierarchy.data + start, i - start}, w, time, best);
        start = i + 1;
    }
    for (level = 1; w->hierarchy.data == NULL && level <= HIERARCHY_LEVELS_MAX; level++) {
        name = hierarchy_above(h->hierarchy, inside, time);
        if (name == NULL)
            break;
        inside = slice_of(name);
        ask_group(h, p, inside, w, time, best);
    }
    if (w->log_group != NULL)
        ask_group(h, p, slice_of(w->log_group), w, time, best);
}

size_t holders_power(const struct holders *h, size_t principal, const struct holders_where *w,
                     int64_t time)
{
    struct principal *p = &h->principals[principal];
    size_t best = HASH_MAP_NONE, i;

    ask_top(h, p, "/", w, time, &best);
    for (i = 1; i <= w->resource.len; i++) {
        if (i == w->resource.len || w->resource.data[i] == '/')
            ask(h, p, (struct slice){w->resource.data, i}, w, time, &best);
    }
    ask_groups(h, p, w, time, &best);
    return best;
}

int holders_place_unknown(const struct holders *h, size_t principal, const struct holders_where *w,
                          int64_t time)
{
    const struct principal *p = &h->principals[principal];
    struct slice inside = scope_container(w->resource);
    size_t i, left = p->ngroups < GROUPS_MAX ? p->ngroups : GROUPS_MAX;

    if (left == 0 || inside.data == NULL || w->hierarchy.data != NULL || w->log_group != NULL ||
        hierarchy_above(h->hierarchy, inside, time) != NULL)
        return 0;
    for (i = 0; i < p->nplaces && left > 0; i++) {
        const struct power *first = &h->powers[p->places[i].powers[0]];

        if (strncmp(first->key, HOLDERS_GROUP_PATH, sizeof(HOLDERS_GROUP_PATH) - 1) != 0)
            continue;
        if (holders_place_at(&p->places[i], time) != HASH_MAP_NONE)
            return 1;
        left--;
    }
    return 0;
}

int64_t holders_begin(const struct power *w)
{
    return w->from > w->finding->end_time ? w->from : w->finding->time;
}

/* The key of the n-th principal that events name so, which is a name of `len` bytes in lower case.
 */
static struct slice name_key(struct buf *key, size_t len, size_t n)
{
    key->len = len;
    if (n > 0)
        buf_printf(key, "\n%zu", n);
    return buf_slice(key);
}

/* Note a way in which events name a principal; those of one name stand in order. */
static void add_name(struct holders *h, const char *name, size_t principal)
{
    struct buf key = {0};
    size_t len, n, at;

    if (name == NULL)
        return;
    text_put_lower(&key, slice_of(name));
    len = key.len;
    for (n = 0; n < NAMESAKES_MAX && principal != HASH_MAP_NONE; n++) {
        struct slice k = name_key(&key, len, n);

        at = hash_map_get(&h->by_caller, k);
        if (at == principal)
            break;
        if (at == HASH_MAP_NONE || principal < at) {
            hash_map_put(&h->by_caller, k, principal);
            principal = at;
        }
    }
    buf_free(&key);
}

void holders_name(struct holders *h)
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
        h->principals[at].shares_name |= callers_find(h->callers, c->name)->next != HASH_MAP_NONE;
        if (!scope_guid(slice_of(c->name), guid) &&
            (h->principals[at].name == NULL || strcmp(c->name, h->principals[at].name) < 0))
            h->principals[at].name = c->name;
        if (h->principals[at].type == NULL)
            h->principals[at].type = c->app_id != NULL ? "ServicePrincipal" : "User";
    }
}

size_t holders_named(const struct holders *h, struct slice name)
{
    return hash_map_get(&h->by_caller, name);
}

size_t holders_namesake(const struct holders *h, struct slice name, size_t n)
{
    struct buf key = {0};
    size_t at = HASH_MAP_NONE;

    text_put_lower(&key, name);
    if (n < NAMESAKES_MAX)
        at = hash_map_get(&h->by_caller, name_key(&key, key.len, n));
    buf_free(&key);
    return at;
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
    hash_map_free(&h->eligible);
    hash_map_free(&h->withdrawn);
    hash_map_free(&h->vague);
    memset(h, 0, sizeof(*h));
}
