#include "detect/trace.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/event_facts.h"
#include "detect/scope.h"
#include "detect/trace_list.h"
#include "detect/trace_use.h"

#include <stdlib.h>
#include <string.h>

/* A caller's name that is longer is none. */
#define NAME_MAX_BYTES 320
/* Records without any id are one operation within this time. */
#define UNTIED_TICKS (60 * TICKS_PER_SECOND)

/* Marks of an operation that was counted. */
enum mark { MARK_COUNTED, MARK_SUCCEEDED, MARK_FAILED };

void trace_init(struct trace *t, const struct input *input)
{
    t->input = input;
    finding_set_init(&t->findings, input);
    callers_init(&t->callers, &t->hierarchy);
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
}

void trace_learn(struct trace *t, const struct event *ev)
{
    callers_learn(&t->callers, ev);
}

int trace_is_grant(const struct event *ev)
{
    return finding_wants(ev);
}

int trace_take(struct trace *t, const struct reader_event *r, struct err *e)
{
    return finding_set_add(&t->findings, r, e);
}

int trace_begin(struct trace *t, void (*warn)(const char *path, const char *why, void *), void *arg,
                struct err *e)
{
    if (finding_set_finish(&t->findings, warn, arg, e) != 0)
        return -1;
    holders_build(&t->holders, &t->findings, &t->callers, &t->hierarchy);
    return 0;
}

/* Whether a text, in any letter case, names a holder. */
static int names_holder(const struct trace *t, struct slice text)
{
    char name[NAME_MAX_BYTES];
    size_t i;

    if (text.data == NULL || text.len > sizeof(name))
        return 0;
    for (i = 0; i < text.len; i++)
        name[i] = text_lower(text.data[i]);
    return holders_named(&t->holders, (struct slice){name, text.len}) != HASH_MAP_NONE;
}

/* Whether the claims of an event name a holder. */
static int claims_name_holder(const struct trace *t, const struct event *ev)
{
    static const char *const claims[] = {
        "http://schemas.microsoft.com/identity/claims/objectidentifier", "oid", "appid", "azp"};
    struct event_objects o = {0};
    struct buf hold = {0};
    struct slice text;
    size_t i;
    int yes = 0;

    (void)event_objects_open(&o, ev);
    for (i = 0; !yes && i < sizeof(claims) / sizeof(claims[0]); i++)
        yes = event_value_text(json_get_nocase(o.claims, claims[i]), &hold, &text) == 1 &&
              names_holder(t, text);
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
        yes = names_holder(t, name);
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
    char name[NAME_MAX_BYTES];
    struct slice caller = buf_slice(&x->text[TRACE_CALLER]);
    size_t at, i;

    if (oid->len > 0) {
        at = hash_map_get(&t->holders.by_principal, buf_slice(oid));
        if (at != HASH_MAP_NONE)
            return at;
    }
    for (i = 0; i < caller.len && i < sizeof(name); i++)
        name[i] = text_lower(caller.data[i]);
    at = caller.len == 0 || caller.len > sizeof(name)
             ? HASH_MAP_NONE
             : holders_named(&t->holders, (struct slice){name, caller.len});
    if (at != HASH_MAP_NONE && oid->len > 0) {
        char guid[SCOPE_GUID_MAX];

        /* Known by name alone, since the log never tells that holder's object id. */
        return scope_guid(slice_of(t->holders.principals[at].id), guid) ? HASH_MAP_NONE : at;
    }
    if (at == HASH_MAP_NONE && caller.len == 0 && app->len > 0 && !x->has_user)
        at = holders_named(&t->holders, buf_slice(app));
    return at;
}

/* Where the event at hand happened. */
static struct holders_where where_of(const struct trace_event *x, const struct reader_event *r,
                                     char *group, size_t cap)
{
    struct holders_where w = {{NULL, 0}, {NULL, 0}, NULL};
    const char *scope = r->file->scope;

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

/* The row of a holder and an operation, made when it is new. */
static struct trace_row *row_of(struct trace *t, size_t power, struct slice operation)
{
    size_t holder = t->holders.powers[power].holder, i;
    struct buf key = {0};
    struct trace_row *r;

    (void)buf_append(&key, &holder, sizeof(holder));
    for (i = 0; i < operation.len; i++)
        (void)buf_putc(&key, text_lower(operation.data[i]));
    i = hash_map_get(&t->by_row, buf_slice(&key));
    if (i == HASH_MAP_NONE) {
        i = t->nrows++;
        t->rows = mem_grow(t->rows, i, &t->cap_rows, sizeof(*t->rows));
        r = &t->rows[i];
        memset(r, 0, sizeof(*r));
        r->holder = holder;
        r->power = power;
        r->operation = slice_dup(operation);
        r->tactic = tactics_find(operation);
        hash_map_put(&t->by_row, buf_slice(&key), i);
    }
    buf_free(&key);
    r = &t->rows[i];
    /* The stream prints names in capitals. */
    if (strpbrk(r->operation, "abcdefghijklmnopqrstuvwxyz") == NULL) {
        free(r->operation);
        r->operation = slice_dup(operation);
    }
    return r;
}

/* What the records of one operation share: their ids, or who did it and about when. */
static void operation_key(const struct trace_event *x, int64_t minute, struct buf *key)
{
    static const enum trace_text ids[] = {TRACE_CORRELATION_ID, TRACE_OPERATION_ID};
    size_t i, k;

    buf_clear(key);
    for (i = 0; i < 2; i++) {
        for (k = 0; k < x->text[ids[i]].len; k++)
            (void)buf_putc(key, text_lower(x->text[ids[i]].data[k]));
        (void)buf_putc(key, '|');
    }
    if (key->len == 2)
        (void)buf_printf(key, "%lld|%.*s|", (long long)minute, (int)x->text[TRACE_CALLER].len,
                         x->text[TRACE_CALLER].len == 0 ? "" : x->text[TRACE_CALLER].data);
    (void)buf_append(key, x->text[TRACE_RESOURCE_LOWER].data, x->text[TRACE_RESOURCE_LOWER].len);
    (void)buf_putc(key, '|');
    for (k = 0; k < x->text[TRACE_OPERATION].len; k++)
        (void)buf_putc(key, text_lower(x->text[TRACE_OPERATION].data[k]));
}

/* The mark of the event's operation, and whether it was met for the first time. */
static uint64_t *mark_of(struct trace *t, size_t holder, int *added)
{
    const struct trace_event *x = &t->event;
    int64_t minute = x->time / UNTIED_TICKS;
    int untied = x->text[TRACE_CORRELATION_ID].len == 0 && x->text[TRACE_OPERATION_ID].len == 0;
    struct buf key = {0};
    uint64_t *mark;

    operation_key(x, minute, &key);
    (void)buf_append(&key, &holder, sizeof(holder));
    mark = fingerprints_add(&t->operations, buf_slice(&key), added);
    if (*added && untied) {
        int before;

        /* A call that began in the minute before. */
        operation_key(x, minute - 1, &key);
        (void)buf_append(&key, &holder, sizeof(holder));
        mark = fingerprints_add(&t->operations, buf_slice(&key), &before);
        *added = before;
    }
    buf_free(&key);
    return mark;
}

/* Count the event in its row: each operation once, with the last word on how it ended. */
static void count_operation(struct trace *t, struct trace_row *r)
{
    int added;
    uint64_t *mark = mark_of(t, r->holder, &added);
    unsigned was = fingerprints_mark(mark);

    r->count += added != 0;
    if (t->event.outcome == OUTCOME_SUCCEEDED && was != MARK_SUCCEEDED) {
        r->succeeded++;
        r->failed -= was == MARK_FAILED;
        fingerprints_set(mark, MARK_SUCCEEDED);
    } else if (t->event.outcome == OUTCOME_FAILED && was == MARK_COUNTED) {
        r->failed++;
        fingerprints_set(mark, MARK_FAILED);
    }
}

/* Add what the event at hand says to its row. */
static void fill_row(struct trace *t, struct trace_row *r, size_t power)
{
    const struct trace_event *x = &t->event;
    struct buf key = {0};
    size_t row = (size_t)(r - t->rows);
    int added;

    count_operation(t, r);
    /* The row tells of the power under which the first of them was done. */
    if (r->first == 0 || x->time < r->first) {
        r->first = x->time;
        r->power = power;
    }
    if (x->time > r->last)
        r->last = x->time;
    if (r->title == NULL && x->text[TRACE_TITLE].len > 0)
        r->title = slice_dup(buf_slice(&x->text[TRACE_TITLE]));
    if (x->text[TRACE_RESOURCE].len > 0) {
        (void)buf_append(&key, &row, sizeof(row));
        (void)buf_append(&key, x->text[TRACE_RESOURCE_LOWER].data,
                         x->text[TRACE_RESOURCE_LOWER].len);
        (void)fingerprints_add(&t->resources, buf_slice(&key), &added);
        r->resource_count += added != 0;
        buf_free(&key);
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
    struct buf key = {0};
    int added = 1;

    if (t->repeats && x->text[TRACE_DATA_ID].len > 0) {
        (void)buf_printf(&key, "%lld|", (long long)(x->time / (TICKS_PER_SECOND / 1000)));
        (void)buf_append(&key, x->text[TRACE_DATA_ID].data, x->text[TRACE_DATA_ID].len);
        (void)fingerprints_add(&t->events, buf_slice(&key), &added);
        buf_free(&key);
    }
    return !added;
}

int trace_add(struct trace *t, const struct reader_event *r, struct err *e)
{
    struct trace_event *x = &t->event;
    struct holders_where w;
    struct event event;
    size_t principal, power;
    char group[NAME_MAX_BYTES];

    if (event_parse(&event, r->line, e) != 0)
        return -1;
    trace_event_read(x, &event);
    principal = principal_of(t, x);
    if (principal == HASH_MAP_NONE)
        return 0;
    if (x->time == 0) {
        t->holders.principals[principal].untimed +=
            t->all || !tactics_only_reads(buf_slice(&x->text[TRACE_OPERATION]));
        return 0;
    }
    if (x->time > t->last_time)
        t->last_time = x->time;
    w = where_of(x, r, group, sizeof(group));
    power = holders_power(&t->holders, principal, &w, x->time);
    trace_use_note(t, principal, power);
    if (power == HASH_MAP_NONE || (t->since != 0 && x->time < t->since) ||
        (t->until != 0 && x->time >= t->until))
        return 0;
    if (!t->all && tactics_only_reads(buf_slice(&x->text[TRACE_OPERATION]))) {
        t->operations_left_out++;
        return 0;
    }
    if (is_repeat(t))
        return 0;
    fill_row(t,
             row_of(t, power,
                    x->text[TRACE_OPERATION].len == 0 ? slice_of("unknown")
                                                      : buf_slice(&x->text[TRACE_OPERATION])),
             power);
    return 1;
}
