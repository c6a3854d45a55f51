#include "detect/finding.h"

#include "base/timestamp.h"
#include "detect/link.h"
#include "detect/record.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

void finding_set_init(struct finding_set *s, const struct input *input)
{
    s->input = input;
}

/* Release what a finding owns. */
static void finding_free(struct finding *f)
{
    size_t i;

    for (i = 0; i < FINDING_TEXTS; i++)
        free(f->text[i]);
    for (i = 0; i < f->nrecords; i++)
        free(f->records[i].data_id);
    for (i = 0; i < f->nnotes; i++)
        free(f->notes[i]);
    free(f->records);
    free(f->notes);
    free(f->hierarchy_tenant);
    free(f->claim_tenant);
}

void finding_set_free(struct finding_set *s)
{
    size_t i;

    for (i = 0; i < s->n; i++)
        finding_free(&s->all[i]);
    free(s->all);
    free(s->reported);
    map_free(&s->by_key);
    map_free(&s->by_event);
    memset(s, 0, sizeof(*s));
}

int finding_wants(const struct event *ev)
{
    return record_operation(ev) != NULL;
}

int finding_note(struct finding *f, const char *text)
{
    char **notes;
    size_t i;

    for (i = 0; i < f->nnotes; i++) {
        if (strcmp(f->notes[i], text) == 0)
            return 0;
    }
    notes = realloc(f->notes, (f->nnotes + 1) * sizeof(*notes));
    if (notes == NULL)
        return -1;
    f->notes = notes;
    f->notes[f->nnotes] = slice_dup(slice_of(text));
    if (f->notes[f->nnotes] == NULL)
        return -1;
    f->nnotes++;
    return 0;
}

int finding_borrow(struct finding *to, const char *from, enum finding_text which)
{
    if (to->text[which] != NULL || from == NULL)
        return 0;
    to->text[which] = slice_dup(slice_of(from));
    return to->text[which] == NULL ? -1 : 1;
}

/* Records without any id belong together up to this distance: a call that changes a role takes
 * seconds, and nobody makes the same change again within a minute. */
#define FINDING_UNTIED_TICKS (60 * TICKS_PER_SECOND)

/* Append a text in lower case and a bar; NULL is nothing. */
static int put_part(struct buf *key, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (buf_putc(key, *text >= 'A' && *text <= 'Z' ? (char)(*text + ('a' - 'A')) : *text) != 0)
            return -1;
    }
    return buf_putc(key, '|');
}

/* What an event is about. Assignments that go with their scope may all have its id as theirs. */
static int put_resource(const struct record *r, struct buf *key)
{
    return put_part(key, r->text[FINDING_RESOURCE_ID]) != 0 ||
                   put_part(key, r->cascade ? r->text[FINDING_ASSIGNMENT_NAME] : NULL) != 0
               ? -1
               : 0;
}

/* Times in keys of events: Windows PowerShell keeps no more of them than milliseconds. */
#define FINDING_KEY_TICKS (TICKS_PER_SECOND / 1000)

/* What makes an event the same event wherever it is seen: its id and time. */
static int id_key(const struct record *r, struct buf *key)
{
    buf_clear(key);
    return buf_printf(key, "id|%lld|", (long long)(r->time / FINDING_KEY_TICKS)) != 0 ||
                   put_part(key, r->data_id) != 0
               ? -1
               : 0;
}

/* The same where there is no id, as in Azure Monitor's stream. kind tells the keys of events that
 * have one ("with") from those that have none ("bare"). */
static int bare_key(const struct record *r, const char *kind, struct buf *key)
{
    buf_clear(key);
    return buf_printf(key, "%s|%lld|", kind, (long long)(r->time / FINDING_KEY_TICKS)) != 0 ||
                   put_part(key, r->operation->name) != 0 ||
                   put_part(key, r->text[FINDING_CORRELATION_ID]) != 0 ||
                   put_resource(r, key) != 0 || put_part(key, rules_outcome_name(r->outcome)) != 0
               ? -1
               : 0;
}

/* The id that ties the records of one operation together, or NULL: fields were selected when the
 * log was saved, and no id was among them. */
static const char *tie(const struct record *r)
{
    if (r->text[FINDING_CORRELATION_ID] != NULL)
        return r->text[FINDING_CORRELATION_ID];
    return r->text[FINDING_OPERATION_ID] != NULL ? r->text[FINDING_OPERATION_ID] : r->data_id;
}

/* What the records of one operation share; operationId is compared apart, for it may be missing.
 * Without an id it is the caller. */
static int operation_key(const struct record *r, struct buf *key)
{
    const char *id = tie(r);

    buf_clear(key);
    return put_part(key, id) != 0 || put_resource(r, key) != 0 ||
                   put_part(key, r->text[FINDING_OPERATION]) != 0 ||
                   (id == NULL && put_part(key, r->text[FINDING_CALLER]) != 0)
               ? -1
               : 0;
}

/* Whether a record may belong to a finding of the same key: no two different operation ids. Without
 * any id one that began and one that ended belong together, when they are close in time. */
static int same_operation(const struct finding *f, const struct record *r)
{
    const char *a = f->text[FINDING_OPERATION_ID], *b = r->text[FINDING_OPERATION_ID];

    if (tie(r) == NULL) {
        int64_t later = r->outcome == OUTCOME_STARTED ? f->time - r->time : r->time - f->time;

        return f->nrecords == 1 &&
               (r->outcome == OUTCOME_STARTED) != (f->outcome == OUTCOME_STARTED) && later >= 0 &&
               later <= FINDING_UNTIED_TICKS;
    }
    return a == NULL || b == NULL || slice_equals_nocase(slice_of(a), b);
}

/* The finding that the record belongs to: of several, the nearest in time. MAP_NONE: none yet. */
static size_t find_finding(const struct finding_set *s, const struct record *r, size_t first)
{
    size_t best = MAP_NONE, i;
    int64_t distance = INT64_MAX;

    for (i = first; i != MAP_NONE; i = s->all[i].next) {
        int64_t d = s->all[i].time - r->time;

        if (!same_operation(&s->all[i], r))
            continue;
        d = d < 0 ? -d : d;
        if (d < distance) {
            distance = d;
            best = i;
        }
    }
    return best;
}

/* A new finding in front of the chain that starts at `next`. Returns its index or MAP_NONE. */
static size_t new_finding(struct finding_set *s, const struct record *r, size_t next)
{
    struct finding *f;

    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 64 : s->cap * 2;

        f = realloc(s->all, cap * sizeof(*f));
        if (f == NULL)
            return MAP_NONE;
        s->all = f;
        s->cap = cap;
    }
    f = &s->all[s->n];
    memset(f, 0, sizeof(*f));
    f->operation = r->operation;
    f->time = r->time;
    f->end_time = r->time;
    f->outcome = OUTCOME_STARTED;
    f->self = -1;
    f->next = next;
    f->order = s->n;
    return s->n++;
}

/* Take over a text that the finding lacks. */
static void take(char **to, char **from)
{
    if (*to != NULL)
        return;
    *to = *from;
    *from = NULL;
}

/* Add what a record says to its finding. */
static int merge(struct finding *f, struct record *r, const struct reader_event *ev)
{
    struct finding_record *records = realloc(f->records, (f->nrecords + 1) * sizeof(*records));
    size_t i;

    if (records == NULL)
        return -1;
    f->records = records;
    records[f->nrecords].time = r->time;
    records[f->nrecords].data_id = r->data_id;
    records[f->nrecords].file = ev->file_index;
    records[f->nrecords].line = ev->line_number;
    f->nrecords++;
    r->data_id = NULL;
    for (i = 0; i < FINDING_TEXTS; i++)
        take(&f->text[i], &r->text[i]);
    take(&f->hierarchy_tenant, &r->hierarchy_tenant);
    take(&f->claim_tenant, &r->claim_tenant);
    if (r->time != 0 && (f->time == 0 || r->time < f->time))
        f->time = r->time;
    if (r->time > f->end_time)
        f->end_time = r->time;
    /* What succeeded after a failure of the same operation has succeeded. */
    if (r->outcome > f->outcome)
        f->outcome = r->outcome;
    f->exists |= r->exists;
    f->removed |= r->outcome == OUTCOME_SUCCEEDED && !r->nothing;
    f->nothing = (f->nothing || r->nothing) && !f->removed;
    f->cascade |= r->cascade;
    f->grants_all |= r->grants_all;
    return r->note == NULL ? 0 : finding_note(f, r->note);
}

/* Note where an event was seen again. */
static int note_repeat(struct finding *f, const struct reader_event *ev)
{
    struct buf text = {0};
    int ret = 0;

    if (f->repeats++ < FINDING_PLACES_MAX) {
        ret = buf_printf(&text, "Also seen in %s:%llu", ev->file->path,
                         (unsigned long long)ev->line_number) != 0 ||
                      finding_note(f, text.data) != 0
                  ? -1
                  : 0;
    }
    buf_free(&text);
    return ret;
}

/*
 * Whether an event was seen already: *same is its finding, and *whole tells whether nothing is new.
 * An event with an id adds that to the same one without.
 */
static int seen(const struct finding_set *s, const struct record *r, size_t *same, int *whole)
{
    struct buf key = {0};
    int ret;

    ret = r->data_id != NULL ? id_key(r, &key) : bare_key(r, "with", &key);
    *same = ret == 0 ? map_get(&s->by_event, buf_slice(&key)) : MAP_NONE;
    *whole = *same != MAP_NONE || r->data_id == NULL;
    if (ret == 0 && *same == MAP_NONE && (ret = bare_key(r, "bare", &key)) == 0)
        *same = map_get(&s->by_event, buf_slice(&key));
    buf_free(&key);
    return ret;
}

/* Remember an event of finding i. */
static int remember(struct finding_set *s, const struct record *r, size_t i)
{
    struct buf key = {0};
    int ret = bare_key(r, r->data_id != NULL ? "with" : "bare", &key);

    if (ret == 0)
        ret = map_put(&s->by_event, buf_slice(&key), i);
    if (ret == 0 && r->data_id != NULL && (ret = id_key(r, &key)) == 0)
        ret = map_put(&s->by_event, buf_slice(&key), i);
    buf_free(&key);
    return ret;
}

/* Put a record where it belongs. */
static int place(struct finding_set *s, struct record *r, const struct reader_event *ev)
{
    struct buf key = {0};
    size_t i, first, same;
    int ret = -1, whole;

    if (seen(s, r, &same, &whole) != 0)
        goto out;
    if (same != MAP_NONE) {
        ret = note_repeat(&s->all[same], ev);
        if (ret != 0 || whole)
            goto out;
    }
    ret = -1;
    if (operation_key(r, &key) != 0)
        goto out;
    first = map_get(&s->by_key, buf_slice(&key));
    i = find_finding(s, r, first);
    if (i == MAP_NONE) {
        i = new_finding(s, r, first);
        if (i == MAP_NONE || map_put(&s->by_key, buf_slice(&key), i) != 0)
            goto out;
    }
    if (remember(s, r, i) == 0)
        ret = merge(&s->all[i], r, ev);
out:
    buf_free(&key);
    return ret;
}

int finding_set_add(struct finding_set *s, const struct reader_event *ev, struct err *e)
{
    const struct rules_operation *op;
    struct record r = {0};
    struct event event;
    int ret = 0;

    if (event_parse(&event, ev->line, e) != 0)
        return -1;
    op = record_operation(&event);
    if (op == NULL)
        return 0;
    if (record_read(&r, &event, op) != 0 || place(s, &r, ev) != 0)
        ret = err_memory(e, "findings");
    record_free(&r);
    return ret;
}

/* Order of the records of a finding: by time, then as read. */
static int by_time(const void *a, const void *b)
{
    const struct finding_record *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

int finding_set_finish(struct finding_set *s,
                       void (*warn)(const char *path, const char *why, void *), void *arg,
                       struct err *e)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        if (s->all[i].nrecords > 1)
            qsort(s->all[i].records, s->all[i].nrecords, sizeof(*s->all[i].records), by_time);
    }
    return link_findings(s, warn, arg, e);
}
