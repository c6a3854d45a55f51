#include "detect/trace.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/scope.h"
#include "detect/trace_list.h"
#include "detect/trace_operation.h"
#include "detect/trace_use.h"

#include <stdlib.h>
#include <string.h>

/* A caller's name that is longer is none. */
#define NAME_MAX_BYTES 320
/* Callers of one part that are told apart: most have a few. */
#define PART_CALLERS_MAX 256

void trace_init(struct trace *t, const struct input *input)
{
    t->input = input;
    finding_set_init(&t->findings, input);
    callers_init(&t->callers, &t->hierarchy);
    t->operations.valued = 1;
    t->parts = mem_zalloc(input->nparts + 1, sizeof(*t->parts));
}

/* Forget what records said for a row. */
static void empty_row(struct trace_row *r)
{
    free(r->title);
    r->title = NULL;
    trace_list_free(&r->resources);
    trace_list_free(&r->subscriptions);
    trace_list_free(&r->addresses);
    trace_list_free(&r->apps);
    trace_list_free(&r->ids);
    r->resource_count = 0;
    r->first = r->last = 0;
}

void trace_row_free(struct trace_row *r)
{
    size_t i;

    free(r->operation);
    empty_row(r);
    trace_list_free(&r->bin_texts);
    for (i = 0; i < r->nnotes; i++)
        free(r->notes[i]);
    free(r->notes);
}

void trace_free(struct trace *t)
{
    size_t i;

    for (i = 0; i < t->nrows; i++)
        trace_row_free(&t->rows[i]);
    free(t->rows);
    trace_use_free(t);
    hash_map_free(&t->by_row);
    fingerprints_free(&t->resources);
    fingerprints_free(&t->events);
    trace_event_free(&t->event);
    holders_free(&t->holders);
    finding_set_free(&t->findings);
    callers_free(&t->callers);
    hierarchy_free(&t->hierarchy);
    for (i = 0; i < t->input->nparts; i++)
        free(t->parts[i].callers);
    free(t->parts);
    free(t->holds);
    trace_operations_free(t);
    buf_free(&t->key);
}

void trace_learn(struct trace *t, const struct event *ev, size_t part)
{
    size_t caller = callers_learn(&t->callers, ev), i;
    struct trace_part *p = &t->parts[part];

    if (caller == CALLERS_NONE || p->any)
        return;
    for (i = p->n; i > 0 && p->callers[i - 1] != caller; i--)
        ;
    if (i > 0)
        return;
    p->any = caller == CALLERS_ANY || p->n == PART_CALLERS_MAX;
    if (p->any)
        return;
    if ((p->n & (p->n - 1)) == 0)
        p->callers = mem_realloc(p->callers, p->n == 0 ? 1 : 2 * p->n, sizeof(*p->callers));
    p->callers[p->n++] = (uint32_t)caller;
}

int trace_skips(const struct trace *t, size_t part)
{
    const struct trace_part *p = &t->parts[part];
    size_t i;

    for (i = 0; !p->any && i < p->n; i++) {
        if (t->holds[p->callers[i]])
            return 0;
    }
    return !p->any;
}

int trace_is_grant(const struct event *ev)
{
    return finding_wants(ev);
}

int trace_take(struct trace *t, const struct reader_event *r, struct err *e)
{
    return finding_set_add(&t->findings, r, e);
}

/* The principal that a text names, in any letter case. */
static size_t principal_named(const struct trace *t, struct slice text)
{
    char name[NAME_MAX_BYTES];
    size_t i;

    if (text.data == NULL || text.len == 0 || text.len > sizeof(name))
        return HASH_MAP_NONE;
    for (i = 0; i < text.len; i++)
        name[i] = text_lower(text.data[i]);
    return holders_named(&t->holders, (struct slice){name, text.len});
}

void trace_begin(struct trace *t, void (*warn)(const char *path, const char *why, void *),
                 void *arg)
{
    size_t i;

    finding_set_finish(&t->findings, warn, arg);
    holders_build(&t->holders, &t->findings, &t->callers, &t->hierarchy);
    t->holds = mem_zalloc(t->callers.n + 1, 1);
    for (i = 0; i < t->callers.n; i++) {
        const struct caller *c = &t->callers.all[i];

        t->holds[i] = principal_named(t, slice_of(c->name)) != HASH_MAP_NONE;
        if (!t->holds[i] && c->object_id == NULL && strchr(c->name, '@') != NULL &&
            t->nameless++ == 0)
            t->nameless_first = c->name;
    }
}

static int claims_name_holder(const struct trace *t, const struct event *ev)
{
    static const char *const claims[] = {
        "http://schemas.microsoft.com/identity/claims/objectidentifier", "oid", "appid", "azp"};
    struct event_objects o = {0};
    struct buf hold = {0};
    struct slice text;
    size_t i;
    int yes = 0;

    event_objects_open(&o, ev);
    for (i = 0; !yes && i < sizeof(claims) / sizeof(claims[0]); i++)
        yes = event_value_text(json_get_nocase(o.claims, claims[i]), &hold, &text) == 1 &&
              principal_named(t, text) != HASH_MAP_NONE;
    event_objects_free(&o);
    buf_free(&hold);
    return yes;
}

int trace_wants(const struct trace *t, const struct event *ev)
{
    struct buf hold = {0};
    struct slice name;
    int yes;

    if (t->holders.nprincipals == 0)
        return 0;
    if (event_text(ev, EVENT_CALLER, &hold, &name) == 1)
        yes = principal_named(t, name) != HASH_MAP_NONE;
    else
        yes = claims_name_holder(t, ev);
    buf_free(&hold);
    return yes;
}

/* The principal behind the event at hand: by its object id, which decides; else, for a token of an
 * application, by that; else by name. */
static size_t principal_of(const struct trace *t, const struct trace_event *x)
{
    const struct buf *oid = &x->text[TRACE_OBJECT_ID], *app = &x->text[TRACE_APP_ID];
    size_t at = HASH_MAP_NONE;
    char guid[SCOPE_GUID_MAX];

    if (oid->len > 0)
        at = hash_map_get(&t->holders.by_principal, buf_slice(oid));
    if (at != HASH_MAP_NONE)
        return at;
    at = principal_named(t, buf_slice(&x->text[TRACE_CALLER]));
    if (at == HASH_MAP_NONE && x->text[TRACE_CALLER].len == 0 && app->len > 0 && !x->has_user)
        at = holders_named(&t->holders, buf_slice(app));
    /* Beside another object id a name says who it is only where the log never tells this one's. */
    if (at != HASH_MAP_NONE && oid->len > 0 &&
        scope_guid(slice_of(t->holders.principals[at].id), guid))
        return HASH_MAP_NONE;
    return at;
}

/* Where the event at hand happened. */
static struct holders_where where_of(const struct trace *t, const struct reader_event *r,
                                     char *group, size_t cap)
{
    const struct trace_event *x = &t->event;
    struct holders_where w = {{NULL, 0}, {NULL, 0}, NULL, buf_slice(&x->text[TRACE_TENANT])};
    const char *scope = r->file->scope;

    if (w.tenant.len == 0 && r->file->export_index >= 0 &&
        t->input->exports[r->file->export_index].manifest.tenant_id != NULL)
        w.tenant = slice_of(t->input->exports[r->file->export_index].manifest.tenant_id);
    w.resource = buf_slice(&x->text[TRACE_RESOURCE_LOWER]);
    if (x->text[TRACE_HIERARCHY].len > 0)
        w.hierarchy = buf_slice(&x->text[TRACE_HIERARCHY]);
    if (scope != NULL && strncmp(scope, "mg:", 3) == 0 && strlen(scope + 3) < cap) {
        memcpy(group, scope + 3, strlen(scope + 3) + 1);
        text_to_lower(group);
        w.log_group = group;
    }
    return w;
}

/* Add what the event at hand says to its row. */
static void fill_row(struct trace *t, size_t row, size_t power)
{
    const struct trace_event *x = &t->event;
    struct trace_row *r = &t->rows[row];
    struct slice operation = buf_slice(&x->text[TRACE_OPERATION]);
    int added;

    /* The stream prints names in capitals. */
    if (operation.len > 0 && strpbrk(r->operation, "abcdefghijklmnopqrstuvwxyz") == NULL) {
        free(r->operation);
        r->operation = slice_dup(operation);
    }
    /* The row tells of the power under which the first of them was done. */
    if (r->first == 0 || x->time < r->first) {
        r->first = x->time;
        if (t->holders.powers[power].holder == r->holder)
            r->power = power;
    }
    if (x->time > r->last)
        r->last = x->time;
    if (r->title == NULL && x->text[TRACE_TITLE].len > 0)
        r->title = slice_dup(buf_slice(&x->text[TRACE_TITLE]));
    if (x->text[TRACE_RESOURCE].len > 0) {
        buf_clear(&t->key);
        buf_append(&t->key, &row, sizeof(row));
        buf_append(&t->key, x->text[TRACE_RESOURCE_LOWER].data, x->text[TRACE_RESOURCE_LOWER].len);
        (void)fingerprints_add(&t->resources, fingerprints_of(&t->resources, buf_slice(&t->key)),
                               &added);
        r->resource_count += added != 0;
    }
    trace_list_add(&r->resources, TRACE_ITEMS_MAX, buf_slice(&x->text[TRACE_RESOURCE]), x->time);
    trace_list_add(&r->ids, TRACE_ITEMS_MAX, buf_slice(&x->text[TRACE_DATA_ID]), x->time);
    trace_list_add(&r->subscriptions, TRACE_NAMES_MAX, buf_slice(&x->text[TRACE_SUBSCRIPTION]),
                   x->time);
    trace_list_add(&r->addresses, TRACE_NAMES_MAX, buf_slice(&x->text[TRACE_ADDRESS]), x->time);
    trace_list_add(&r->apps, TRACE_NAMES_MAX, buf_slice(&x->text[TRACE_APP_ID]), x->time);
}

/* The power under which the event at hand was caused. A name alone may be that of several:
 * *principal becomes the one who was given power last. */
static size_t power_of(const struct trace *t, const struct holders_where *w, size_t *principal)
{
    const struct trace_event *x = &t->event;
    size_t best = holders_power(&t->holders, *principal, w, x->time), n, at, power;

    if (!t->holders.principals[*principal].shares_name || x->text[TRACE_OBJECT_ID].len > 0)
        return best;
    for (n = 1;; n++) {
        at = holders_namesake(&t->holders, buf_slice(&x->text[TRACE_CALLER]), n);
        if (at == HASH_MAP_NONE)
            return best;
        power = holders_power(&t->holders, at, w, x->time);
        if (power != HASH_MAP_NONE && (best == HASH_MAP_NONE || power > best)) {
            best = power;
            *principal = at;
        }
    }
}

/* Whether the event at hand was seen already, in another log or file. */
static int is_repeat(struct trace *t)
{
    const struct trace_event *x = &t->event;
    int added = 1;

    if (t->repeats && x->text[TRACE_DATA_ID].len > 0) {
        buf_clear(&t->key);
        buf_printf(&t->key, "%lld|", (long long)(x->time / (TICKS_PER_SECOND / 1000)));
        buf_append(&t->key, x->text[TRACE_DATA_ID].data, x->text[TRACE_DATA_ID].len);
        (void)fingerprints_add(&t->events, fingerprints_of(&t->events, buf_slice(&t->key)), &added);
    }
    return !added;
}

int trace_again(struct trace *t)
{
    size_t i;

    if (!t->moved || t->again || t->repeats)
        return 0;
    for (i = 0; i < t->nrows; i++)
        empty_row(&t->rows[i]);
    fingerprints_free(&t->resources);
    t->again = 1;
    return 1;
}

/* Whether the time of the event at hand is asked for. */
static int is_asked(const struct trace *t)
{
    return (t->since == 0 || t->event.time >= t->since) &&
           (t->until == 0 || t->event.time < t->until);
}

/* Fill the row that counts the operation of the event at hand. Returns what trace_add does. */
static int fill_again(struct trace *t, const struct reader_event *r, size_t principal)
{
    char group[NAME_MAX_BYTES];
    struct holders_where w = where_of(t, r, group, sizeof(group));
    size_t power = HASH_MAP_NONE, row;

    if (is_asked(t))
        power = power_of(t, &w, &principal);
    row = power == HASH_MAP_NONE ? SIZE_MAX : trace_operation_row(t, principal);
    if (row != SIZE_MAX)
        fill_row(t, row, power);
    return row != SIZE_MAX;
}

int trace_add(struct trace *t, const struct reader_event *r, struct err *e)
{
    struct trace_event *x = &t->event;
    struct holders_where w;
    struct event event;
    struct principal *p;
    size_t principal, power;
    char group[NAME_MAX_BYTES];
    int reads, asked;

    if (event_parse(&event, r->line, e) != 0)
        return -1;
    trace_event_read(x, &event);
    principal = principal_of(t, x);
    if (principal == HASH_MAP_NONE)
        return 0;
    if (t->again)
        return fill_again(t, r, principal);
    reads = !t->all && tactics_only_reads(buf_slice(&x->text[TRACE_OPERATION]));
    if (x->time == 0) {
        t->holders.principals[principal].untimed += !reads;
        return 0;
    }
    w = where_of(t, r, group, sizeof(group));
    power = power_of(t, &w, &principal);
    p = &t->holders.principals[principal];
    trace_use_note(t, principal, power);
    asked = is_asked(t);
    if (reads) {
        p->left_out += power != HASH_MAP_NONE && asked;
        return 0;
    }
    if (power == HASH_MAP_NONE || !asked) {
        p->unplaced += power == HASH_MAP_NONE && asked &&
                       holders_place_unknown(&t->holders, principal, &w, x->time);
        trace_operation_end(t, principal);
        return 0;
    }
    if (is_repeat(t))
        return 0;
    t->principal = principal;
    p->by_name += p->shares_name && x->text[TRACE_OBJECT_ID].len == 0;
    fill_row(t, trace_operation_count(t, principal, power), power);
    return 1;
}
