#include "detect/trace.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/scope.h"
#include "detect/trace_list.h"
#include "detect/trace_use.h"

#include <stdlib.h>
#include <string.h>

/* A caller's name that is longer is none. */
#define NAME_MAX_BYTES 320
/* Records without any id are one operation within this time. */
#define UNTIED_TICKS (60 * TICKS_PER_SECOND)

/* Callers of one part that are told apart: most have a few. */
#define PART_CALLERS_MAX 256

/* Marks of an operation that is counted. */
enum mark { MARK_COUNTED, MARK_SUCCEEDED, MARK_FAILED };

void trace_init(struct trace *t, const struct input *input)
{
    t->input = input;
    finding_set_init(&t->findings, input);
    callers_init(&t->callers, &t->hierarchy);
    t->operations.valued = 1;
    t->parts = mem_zalloc(input->nparts + 1, sizeof(*t->parts));
}

/* Release one row. */
static void free_row(struct trace_row *r)
{
    size_t i;

    free(r->operation);
    free(r->title);
    trace_list_free(&r->resources);
    trace_list_free(&r->subscriptions);
    trace_list_free(&r->addresses);
    trace_list_free(&r->apps);
    trace_list_free(&r->ids);
    trace_list_free(&r->bin_texts);
    for (i = 0; i < r->nnotes; i++)
        free(r->notes[i]);
    free(r->notes);
}

void trace_free(struct trace *t)
{
    size_t i;

    for (i = 0; i < t->nrows; i++)
        free_row(&t->rows[i]);
    free(t->rows);
    trace_use_free(t);
    hash_map_free(&t->by_row);
    fingerprints_free(&t->operations);
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
    free(t->ends);
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
    /* Beside another object id a name says who it is only where the log never tells this one's. */
    if (at != HASH_MAP_NONE && oid->len > 0)
        return scope_guid(slice_of(t->holders.principals[at].id), guid) ? HASH_MAP_NONE : at;
    if (at == HASH_MAP_NONE && x->text[TRACE_CALLER].len == 0 && app->len > 0 && !x->has_user)
        at = holders_named(&t->holders, buf_slice(app));
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

/* Number of the row of a holder and an operation, made when it is new. */
static size_t row_of(struct trace *t, size_t power, struct slice operation)
{
    size_t holder = t->holders.powers[power].holder, i;
    struct buf *key = &t->key;
    struct trace_row *r;

    buf_clear(key);
    buf_append(key, &holder, sizeof(holder));
    text_put_lower(key, operation);
    i = hash_map_get(&t->by_row, buf_slice(key));
    if (i != HASH_MAP_NONE)
        return i;
    i = t->nrows++;
    t->rows = mem_grow(t->rows, i, &t->cap_rows, sizeof(*t->rows));
    r = &t->rows[i];
    memset(r, 0, sizeof(*r));
    r->holder = holder;
    r->power = power;
    r->operation = slice_dup(operation);
    r->tactic = tactics_find(operation);
    hash_map_put(&t->by_row, buf_slice(key), i);
    return i;
}

/* What the records of one operation of a principal share: their ids, or about when it was. */
static uint64_t operation_print(struct trace *t, size_t principal, int64_t minute)
{
    const struct trace_event *x = &t->event;
    struct buf *key = &t->key;

    buf_clear(key);
    buf_append(key, &principal, sizeof(principal));
    text_put_lower(key, buf_slice(&x->text[TRACE_CORRELATION_ID]));
    buf_putc(key, '|');
    /* one that is the correlation's says no more, and the stream leaves it out */
    if (!text_same(buf_slice(&x->text[TRACE_OPERATION_ID]),
                   buf_slice(&x->text[TRACE_CORRELATION_ID])))
        text_put_lower(key, buf_slice(&x->text[TRACE_OPERATION_ID]));
    buf_append(key, &minute, sizeof(minute));
    buf_append(key, x->text[TRACE_RESOURCE_LOWER].data, x->text[TRACE_RESOURCE_LOWER].len);
    buf_putc(key, '|');
    text_put_lower(key, buf_slice(&x->text[TRACE_OPERATION]));
    return fingerprints_of(&t->operations, buf_slice(key));
}

/* The place of the operation whose record is at hand, or SIZE_MAX when it is new; *print is what
 * stands for it. Without any id it may have begun in the minute before. */
static size_t operation_of(struct trace *t, size_t principal, uint64_t *print)
{
    const struct trace_event *x = &t->event;
    int untied = x->text[TRACE_CORRELATION_ID].len == 0 && x->text[TRACE_OPERATION_ID].len == 0;
    int64_t minute = untied ? x->time / UNTIED_TICKS : 0;
    size_t at;

    if (untied) {
        *print = operation_print(t, principal, minute - 1);
        at = fingerprints_find(&t->operations, *print);
        if (at != SIZE_MAX)
            return at;
    }
    *print = operation_print(t, principal, minute);
    return fingerprints_find(&t->operations, *print);
}

/* Note how an operation that is counted ended: success is the last word. */
static void settle(struct trace *t, size_t at, enum outcome outcome)
{
    struct trace_row *r = &t->rows[t->operations.values[at]];
    unsigned was = fingerprints_mark(&t->operations, at);

    if (outcome == OUTCOME_SUCCEEDED && was != MARK_SUCCEEDED) {
        r->succeeded++;
        r->failed -= was == MARK_FAILED;
        fingerprints_set(&t->operations, at, MARK_SUCCEEDED);
    } else if (outcome == OUTCOME_FAILED && was == MARK_COUNTED) {
        r->failed++;
        fingerprints_set(&t->operations, at, MARK_FAILED);
    }
}

/* A record under no power that was asked for: of an operation that is counted it may tell the end,
 * and its first record may be read later. */
static void add_end(struct trace *t, size_t principal)
{
    const struct principal *p = &t->holders.principals[principal];
    uint64_t print;
    size_t at;

    if (t->event.outcome < OUTCOME_FAILED || t->event.time <= p->held_from)
        return;
    at = operation_of(t, principal, &print);
    if (at != SIZE_MAX) {
        settle(t, at, t->event.outcome);
        return;
    }
    t->ends = mem_grow(t->ends, t->nends, &t->cap_ends, sizeof(*t->ends));
    t->ends[t->nends++] =
        print | (t->event.outcome == OUTCOME_SUCCEEDED ? MARK_SUCCEEDED : MARK_FAILED);
}

void trace_settle_ends(struct trace *t)
{
    size_t i, at;

    for (i = 0; i < t->nends; i++) {
        at = fingerprints_find(&t->operations, t->ends[i] & ~UINT64_C(3));
        if (at != SIZE_MAX)
            settle(t, at, (t->ends[i] & 3) == MARK_SUCCEEDED ? OUTCOME_SUCCEEDED : OUTCOME_FAILED);
    }
}

/* Count the event at hand in its row, each operation once. Returns the row's number. */
static size_t count_operation(struct trace *t, size_t principal, size_t power)
{
    struct slice name = buf_slice(&t->event.text[TRACE_OPERATION]);
    uint64_t print;
    size_t at = operation_of(t, principal, &print), row;
    int added;

    if (at == SIZE_MAX) {
        row = row_of(t, power, name.len == 0 ? slice_of("unknown") : name);
        at = fingerprints_add(&t->operations, print, &added);
        t->operations.values[at] = (uint32_t)row;
        t->rows[row].count++;
        trace_bins_add(&t->rows[row].bins, t->event.time);
    }
    settle(t, at, t->event.outcome);
    return t->operations.values[at];
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
    p = &t->holders.principals[principal];
    reads = !t->all && tactics_only_reads(buf_slice(&x->text[TRACE_OPERATION]));
    if (x->time == 0) {
        p->untimed += !reads;
        return 0;
    }
    w = where_of(t, r, group, sizeof(group));
    power = holders_power(&t->holders, principal, &w, x->time);
    trace_use_note(t, principal, power);
    asked = (t->since == 0 || x->time >= t->since) && (t->until == 0 || x->time < t->until);
    if (reads) {
        t->operations_left_out += power != HASH_MAP_NONE && asked;
        return 0;
    }
    if (power == HASH_MAP_NONE || !asked) {
        p->unplaced += power == HASH_MAP_NONE && asked &&
                       holders_place_unknown(&t->holders, principal, &w, x->time);
        add_end(t, principal);
        return 0;
    }
    if (is_repeat(t))
        return 0;
    fill_row(t, count_operation(t, principal, power), power);
    return 1;
}
