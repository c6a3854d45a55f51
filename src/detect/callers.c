#include "detect/callers.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

#define CLAIM "http://schemas.microsoft.com/identity/claims/"
#define USER_CLAIM "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

/* Object ids that one name is known with: a name can be given to a new account. */
#define SAME_NAME_MAX 16

/* A name or address that is longer is none. */
#define NAME_MAX_BYTES 320

void callers_init(struct callers *c, struct hierarchy *hierarchy)
{
    c->hierarchy = hierarchy;
    c->lock = sys_mutex_new();
}

/* Write a text in lower case. Returns it, or an absent slice when it is too long. */
static struct slice lower_key(char *out, size_t cap, struct slice text)
{
    size_t i;

    if (text.data == NULL || text.len >= cap)
        return (struct slice){NULL, 0};
    for (i = 0; i < text.len; i++)
        out[i] = text_lower(text.data[i]);
    return (struct slice){out, text.len};
}

/* A copy in lower case of a JSON value's text, or NULL. */
static char *lower_text(struct slice value, struct buf *hold)
{
    struct slice text;

    return event_value_text(value, hold, &text) == 1 ? text_lower_dup(text) : NULL;
}

/* Whether a name, which may be NULL, is one that only people have. */
static int is_person(const char *name)
{
    return name != NULL && strchr(name, '@') != NULL;
}

/* What the claims of an event say of its caller, and the name by which it is known where the event
 * itself has none, as in Azure Monitor's stream; the lock is not held. */
static void read_claims(struct caller *who, const struct event *ev)
{
    struct event_objects o = {0};
    struct buf hold = {0};
    struct slice text, value;

    event_objects_open(&o, ev);
    if (event_caller(ev, &o, &hold, &text) == 1)
        who->name = slice_dup(text);
    value = json_get_nocase(o.claims, CLAIM "objectidentifier");
    who->object_id =
        lower_text(value.data != NULL ? value : json_get_nocase(o.claims, "oid"), &hold);
    /* With a user's token the application is only the tool. */
    if (!is_person(who->name) &&
        event_value_text(json_get_nocase(o.claims, USER_CLAIM "upn"), &hold, &text) != 1 &&
        event_value_text(json_get_nocase(o.claims, USER_CLAIM "emailaddress"), &hold, &text) != 1) {
        value = json_get_nocase(o.claims, "appid");
        who->app_id =
            lower_text(value.data != NULL ? value : json_get_nocase(o.claims, "azp"), &hold);
    }
    event_objects_free(&o);
    buf_free(&hold);
}

/* Whether an event has claims to read, without opening them. */
static int has_claims(const struct event *ev)
{
    return ev->field[EVENT_CLAIMS].data != NULL || ev->field[EVENT_IDENTITY].data != NULL;
}

/* Number of the caller under a key, made when it is new; under the lock. */
static size_t number_of(struct callers *c, struct slice key, struct slice name)
{
    size_t i = hash_map_get(&c->by_name, key);

    if (i != HASH_MAP_NONE)
        return i;
    c->all = mem_grow(c->all, c->n, &c->cap, sizeof(*c->all));
    memset(&c->all[c->n], 0, sizeof(c->all[c->n]));
    c->all[c->n].name = slice_dup(name);
    c->all[c->n].next = HASH_MAP_NONE;
    hash_map_put(&c->by_name, key, c->n);
    return c->n++;
}

/* Note an address of a caller; under the lock. */
static void note_address(struct callers *c, size_t caller, struct slice address)
{
    char key[NAME_MAX_BYTES];
    size_t n = sizeof(caller);

    if (address.data == NULL || address.len == 0 || n + address.len > sizeof(key))
        return;
    memcpy(key, &caller, n);
    memcpy(key + n, address.data, address.len);
    n += address.len;
    if (hash_map_get(&c->by_pair, (struct slice){key, n}) != HASH_MAP_NONE)
        return;
    hash_map_put(&c->by_pair, (struct slice){key, n}, c->naddresses);
    c->addresses = mem_grow(c->addresses, c->naddresses, &c->cap_addresses, sizeof(*c->addresses));
    c->addresses[c->naddresses].caller = caller;
    c->addresses[c->naddresses++].address = slice_dup(address);
}

/* The address of an event's call, or an absent slice. */
static struct slice address_of(const struct event *ev, struct buf *hold, struct buf *text_hold)
{
    struct slice request, text = {NULL, 0};

    if (event_object(ev->field[EVENT_HTTP_REQUEST], hold, &request) == 1 &&
        event_value_text(json_get_nocase(request, "clientIpAddress"), text_hold, &text) == 1)
        return text;
    if (event_text(ev, EVENT_CALLER_IP, text_hold, &text) != 1)
        text.data = NULL;
    return text;
}

/* The path of management groups that an event gives, or an absent slice. */
static struct slice path_of(const struct event *ev, struct buf *hold, struct buf *text_hold)
{
    struct slice properties, text = {NULL, 0};

    if (event_object(ev->field[EVENT_PROPERTIES], hold, &properties) == 1 &&
        event_value_text(json_get_nocase(properties, "hierarchy"), text_hold, &text) == 1)
        return text;
    if (event_text(ev, EVENT_HIERARCHY, text_hold, &text) != 1)
        text.data = NULL;
    return text;
}

/* Whether a text holds another one as it stands. */
static int holds(struct slice text, const char *part)
{
    const size_t n = strlen(part);
    const char *p = text.len < n ? NULL : text.data, *end = p == NULL ? NULL : p + text.len;

    while (p != NULL && (size_t)(end - p) >= n) {
        p = memchr(p, part[0], (size_t)(end - p) - n + 1);
        if (p != NULL && memcmp(p, part, n) == 0)
            return 1;
        p = p == NULL ? NULL : p + 1;
    }
    return 0;
}

/* Learn where an event's subscription or group is, unless it says what is known. */
static void learn_place(struct callers *c, const struct event *ev, struct buf *hold,
                        struct buf *text_hold)
{
    char key[NAME_MAX_BYTES];
    struct slice id, name = {NULL, 0}, path;
    const char *known;

    if (event_text(ev, EVENT_RESOURCE_ID, text_hold, &id) == 1)
        name = lower_key(key, sizeof(key), scope_container(id));
    if (name.data == NULL || name.len == 0)
        return;
    sys_mutex_lock(c->lock);
    known = hierarchy_path(c->hierarchy, name);
    sys_mutex_unlock(c->lock);
    if (known != NULL && (known[0] == '\0' || holds(ev->field[EVENT_PROPERTIES], known) ||
                          holds(ev->field[EVENT_HIERARCHY], known)))
        return;
    path = path_of(ev, hold, text_hold);
    if (path.data == NULL)
        return;
    sys_mutex_lock(c->lock);
    hierarchy_learn(c->hierarchy, path);
    sys_mutex_unlock(c->lock);
}

/* Keep the application behind a caller unless it is known. Takes over the text. */
static void keep_app(struct caller *who, struct caller *fresh)
{
    if (who->app_id == NULL) {
        who->app_id = fresh->app_id;
        fresh->app_id = NULL;
    }
}

/* Keep what the claims said of a caller, under the lock: with the name, or beside it when the name
 * is known with another object id. Takes over the texts of *fresh. */
static void keep_claims(struct callers *c, size_t at, struct caller *fresh)
{
    size_t i = at, n = 0;

    if (fresh->object_id == NULL)
        return;
    for (; c->all[i].object_id != NULL; i = c->all[i].next, n++) {
        if (strcmp(c->all[i].object_id, fresh->object_id) == 0) {
            keep_app(&c->all[i], fresh);
            return;
        }
        if (n == SAME_NAME_MAX)
            return;
        if (c->all[i].next == HASH_MAP_NONE) {
            c->all = mem_grow(c->all, c->n, &c->cap, sizeof(*c->all));
            memset(&c->all[c->n], 0, sizeof(c->all[c->n]));
            c->all[c->n].name = mem_strdup(c->all[i].name);
            c->all[c->n].next = HASH_MAP_NONE;
            c->all[i].next = c->n++;
        }
    }
    c->all[i].object_id = fresh->object_id;
    c->all[i].app_id = fresh->app_id;
    fresh->object_id = fresh->app_id = NULL;
}

/* Release the texts of a caller. */
static void free_caller(struct caller *who)
{
    free(who->name);
    free(who->object_id);
    free(who->app_id);
}

/* Learn from the claims of an event without a caller who it was. Returns what callers_learn does.
 */
static size_t learn_claims(struct callers *c, const struct event *ev, struct buf *hold)
{
    char key[NAME_MAX_BYTES];
    struct caller fresh = {NULL, NULL, NULL, HASH_MAP_NONE};
    struct slice k = {NULL, 0}, address;
    size_t at, told = CALLERS_NONE;

    if (has_claims(ev))
        read_claims(&fresh, ev);
    if (fresh.object_id != NULL || fresh.app_id != NULL)
        told = CALLERS_ANY;
    if (told == CALLERS_ANY && fresh.name != NULL)
        k = lower_key(key, sizeof(key), slice_of(fresh.name));
    if (k.data != NULL) {
        address = address_of(ev, &hold[1], &hold[2]);
        sys_mutex_lock(c->lock);
        at = number_of(c, k, slice_of(fresh.name));
        note_address(c, at, address);
        keep_claims(c, at, &fresh);
        sys_mutex_unlock(c->lock);
    }
    free_caller(&fresh);
    return told;
}

/* Learn who called. Returns what callers_learn does. */
static size_t learn_caller(struct callers *c, const struct event *ev, struct buf *hold)
{
    char key[NAME_MAX_BYTES];
    struct caller fresh = {NULL, NULL, NULL, HASH_MAP_NONE};
    struct slice name, k, address;
    const char *id;
    size_t at;
    int whole;

    if (event_text(ev, EVENT_CALLER, &hold[0], &name) != 1)
        return learn_claims(c, ev, hold);
    k = lower_key(key, sizeof(key), name);
    if (k.data == NULL)
        return CALLERS_ANY;
    address = address_of(ev, &hold[1], &hold[2]);
    sys_mutex_lock(c->lock);
    at = number_of(c, k, name);
    note_address(c, at, address);
    id = c->all[at].object_id;
    whole = id != NULL && (c->all[at].app_id != NULL || is_person(c->all[at].name));
    sys_mutex_unlock(c->lock);
    if (!has_claims(ev) ||
        (whole && (holds(ev->field[EVENT_CLAIMS], id) || holds(ev->field[EVENT_IDENTITY], id))))
        return at;
    read_claims(&fresh, ev);
    sys_mutex_lock(c->lock);
    keep_claims(c, at, &fresh);
    sys_mutex_unlock(c->lock);
    free_caller(&fresh);
    return at;
}

size_t callers_learn(struct callers *c, const struct event *ev)
{
    struct buf hold[3] = {{0}};
    size_t i, caller = learn_caller(c, ev, hold);

    learn_place(c, ev, &hold[1], &hold[2]);
    for (i = 0; i < 3; i++)
        buf_free(&hold[i]);
    return caller;
}

const struct caller *callers_find(const struct callers *c, const char *name)
{
    char key[NAME_MAX_BYTES];
    struct slice k = lower_key(key, sizeof(key), slice_of(name));
    size_t i = k.data == NULL ? HASH_MAP_NONE : hash_map_get(&c->by_name, k);

    return i == HASH_MAP_NONE ? NULL : &c->all[i];
}

void callers_free(struct callers *c)
{
    size_t i;

    for (i = 0; i < c->n; i++)
        free_caller(&c->all[i]);
    for (i = 0; i < c->naddresses; i++)
        free(c->addresses[i].address);
    free(c->all);
    free(c->addresses);
    hash_map_free(&c->by_name);
    hash_map_free(&c->by_pair);
    sys_mutex_free(c->lock);
    memset(c, 0, sizeof(*c));
}
