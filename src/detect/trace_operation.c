#include "detect/trace_operation.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/trace_list.h"

#include <stdlib.h>
#include <string.h>

/* Records without any id are one operation within this time. */
#define UNTIED_TICKS (60 * TICKS_PER_SECOND)

/* Marks of an operation that is counted. */
enum mark { MARK_COUNTED, MARK_SUCCEEDED, MARK_FAILED };

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
 * stands for it. Without any id it may be that of the minute before, or of the next one. */
static size_t operation_of(struct trace *t, size_t principal, uint64_t *print)
{
    const struct trace_event *x = &t->event;
    int untied = x->text[TRACE_CORRELATION_ID].len == 0 && x->text[TRACE_OPERATION_ID].len == 0, i;
    int64_t minute = untied ? x->time / UNTIED_TICKS : 0;
    size_t at = SIZE_MAX;

    for (i = -1; untied && at == SIZE_MAX && i <= 1; i++)
        at = fingerprints_find(&t->operations, operation_print(t, principal, minute + i));
    *print = operation_print(t, principal, minute);
    return untied ? at : fingerprints_find(&t->operations, *print);
}

/* Note how an operation that is counted ended: success is the last word. */
static void settle(struct trace *t, size_t at, unsigned mark)
{
    if (mark == MARK_SUCCEEDED || fingerprints_mark(&t->operations, at) == MARK_COUNTED)
        fingerprints_set(&t->operations, at, mark);
}

/* The mark of the event at hand. */
static unsigned mark_of(const struct trace *t)
{
    return t->event.outcome == OUTCOME_SUCCEEDED ? MARK_SUCCEEDED
           : t->event.outcome == OUTCOME_FAILED  ? MARK_FAILED
                                                 : MARK_COUNTED;
}

void trace_operation_end(struct trace *t, size_t principal)
{
    const struct principal *p = &t->holders.principals[principal];
    uint64_t print;
    size_t at;

    if (t->event.outcome < OUTCOME_FAILED || t->event.time <= p->held_from)
        return;
    at = operation_of(t, principal, &print);
    if (at != SIZE_MAX) {
        settle(t, at, mark_of(t));
        return;
    }
    t->ends = mem_grow(t->ends, t->nends, &t->cap_ends, sizeof(*t->ends));
    t->ends[t->nends++] = print | mark_of(t);
}

size_t trace_operation_count(struct trace *t, size_t principal, size_t power)
{
    struct slice name = buf_slice(&t->event.text[TRACE_OPERATION]);
    uint64_t print;
    size_t at = operation_of(t, principal, &print), i;
    struct trace_operation *o;
    int added;

    if (at == SIZE_MAX) {
        at = fingerprints_add(&t->operations, print, &added);
        i = t->ncounted++;
        t->counted = mem_grow(t->counted, i, &t->cap_counted, sizeof(*t->counted));
        t->counted[i] = (struct trace_operation){INT64_MAX, UINT32_MAX};
        t->operations.values[at] = (uint32_t)i;
    }
    o = &t->counted[t->operations.values[at]];
    if (t->event.time < o->time) {
        i = row_of(t, power, name.len == 0 ? slice_of("unknown") : name);
        t->moved |= o->row != UINT32_MAX && o->row != i;
        o->row = (uint32_t)i;
        o->time = t->event.time;
    }
    settle(t, at, mark_of(t));
    return o->row;
}

size_t trace_operation_row(struct trace *t, size_t principal)
{
    uint64_t print;
    size_t at = operation_of(t, principal, &print);

    return at == SIZE_MAX ? SIZE_MAX : t->counted[t->operations.values[at]].row;
}

void trace_operations_finish(struct trace *t)
{
    size_t i, at, n = 0;

    for (i = 0; i < t->nends; i++) {
        at = fingerprints_find(&t->operations, t->ends[i] & ~UINT64_C(3));
        if (at != SIZE_MAX)
            settle(t, at, (unsigned)(t->ends[i] & 3));
    }
    for (i = 0; i < t->operations.cap; i++) {
        const struct trace_operation *o;

        if (t->operations.slots[i] == 0)
            continue;
        o = &t->counted[t->operations.values[i]];
        t->rows[o->row].count++;
        t->rows[o->row].succeeded += fingerprints_mark(&t->operations, i) == MARK_SUCCEEDED;
        t->rows[o->row].failed += fingerprints_mark(&t->operations, i) == MARK_FAILED;
        trace_bins_add(&t->rows[o->row].bins, o->time);
    }
    for (i = 0; i < t->nrows; i++) {
        if (t->rows[i].count == 0)
            trace_row_free(&t->rows[i]);
        else
            t->rows[n++] = t->rows[i];
    }
    t->nrows = n;
}

void trace_operations_free(struct trace *t)
{
    fingerprints_free(&t->operations);
    free(t->counted);
    free(t->ends);
}
