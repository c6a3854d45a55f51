#include "detect/finding.h"

#include "base/mem.h"
#include "detect/correlate.h"
#include "detect/event_facts.h"
#include "detect/finding_merge.h"
#include "detect/same_event.h"

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
    free(f->ids);
    free(f->notes);
    free(f->hierarchy_tenant);
    free(f->claim_tenant);
    free(f->status_word);
}

void finding_set_free(struct finding_set *s)
{
    size_t i;

    for (i = 0; i < s->n; i++)
        finding_free(&s->all[i]);
    free(s->all);
    free(s->reported);
    hash_map_free(&s->by_key);
    hash_map_free(&s->by_operation);
    hash_map_free(&s->by_event);
    hash_map_free(&s->by_assignment);
    memset(s, 0, sizeof(*s));
}

int finding_wants(const struct event *ev)
{
    return event_facts_operation(ev) != NULL;
}

void finding_note(struct finding *f, const char *text)
{
    size_t i;

    for (i = 0; i < f->nnotes; i++) {
        if (strcmp(f->notes[i], text) == 0)
            return;
    }
    if (f->nnotes == FINDING_NOTES_MAX)
        return;
    f->notes = mem_realloc(f->notes, f->nnotes + 1, sizeof(*f->notes));
    f->notes[f->nnotes++] = mem_strdup(text);
}

int finding_borrow(struct finding *to, const char *from, enum finding_text which)
{
    if (to->text[which] != NULL || from == NULL)
        return 0;
    to->text[which] = mem_strdup(from);
    return 1;
}

/* Findings of one key that a record without an operation id is compared with, latest first. The
 * caller chooses the correlation id, so there may be as many as he likes; records come nearly in
 * order of time, so the one that is meant is among the last. */
#define FINDING_CHAIN_MAX 64

/* Different events of one key that are told apart; of more, an event seen again is a new one. */
#define FINDING_ALIKE_MAX 16

/* What a write and a removal of one assignment are remembered by: w or d for which of them. */
static void assignment_key(char which, const char *assignment, struct buf *key)
{
    buf_clear(key);
    buf_putc(key, which);
    same_event_put_part(key, assignment);
}

/* Whether an assignment's record and a finding that ended lie on two sides of the last removal that
 * was read, or those of a removal on two sides of a write: that is two operations. */
static int is_parted(const struct finding_set *s, const struct finding *f,
                     const struct event_facts *r)
{
    enum operation_kind kind = r->operation->kind;
    struct buf key = {0};
    int64_t between;
    size_t i;

    if ((kind != OPERATION_ASSIGN && kind != OPERATION_UNASSIGN) ||
        r->text[FINDING_ASSIGNMENT_ID] == NULL || f->outcome < OUTCOME_FAILED ||
        same_event_operation_id(r) != NULL)
        return 0;
    assignment_key(kind == OPERATION_ASSIGN ? 'd' : 'w', r->text[FINDING_ASSIGNMENT_ID], &key);
    i = hash_map_get(&s->by_assignment, buf_slice(&key));
    buf_free(&key);
    if (i == HASH_MAP_NONE)
        return 0;
    between = s->all[i].time;
    return (f->time < between && between < r->time) || (r->time < between && between < f->time);
}

/* Remember the last write and the last removal of an assignment that succeeded. */
static void remember_assignment(struct finding_set *s, size_t i)
{
    const struct finding *f = &s->all[i];
    enum operation_kind kind = f->operation->kind;
    struct buf key = {0};

    if ((kind != OPERATION_ASSIGN && kind != OPERATION_UNASSIGN) || f->nothing ||
        f->text[FINDING_ASSIGNMENT_ID] == NULL || f->outcome != OUTCOME_SUCCEEDED)
        return;
    assignment_key(kind == OPERATION_ASSIGN ? 'w' : 'd', f->text[FINDING_ASSIGNMENT_ID], &key);
    hash_map_put(&s->by_assignment, buf_slice(&key), i);
    buf_free(&key);
}

/* Whether one of them had ended when the other began. Only of an assignment whose name is not known
 * does that make two operations: of the same one it is a call that was made again. */
static int is_another_call(const struct finding *f, const struct event_facts *r)
{
    enum operation_kind kind = r->operation->kind;

    if ((kind != OPERATION_ASSIGN && kind != OPERATION_UNASSIGN) ||
        r->text[FINDING_ASSIGNMENT_NAME] != NULL || same_event_operation_id(r) != NULL)
        return 0;
    if (r->outcome == OUTCOME_STARTED)
        return f->outcome >= OUTCOME_FAILED && f->time != 0 && r->time > f->end_time;
    return r->outcome >= OUTCOME_FAILED && f->begun && r->time != 0 && r->time < f->time;
}

/* The finding of a key's chain that the record belongs to: of several, the nearest in time.
 * HASH_MAP_NONE: none yet. */
static size_t find_in_chain(const struct finding_set *s, const struct event_facts *r, size_t first)
{
    size_t best = HASH_MAP_NONE, i, n = 0;
    int64_t distance = INT64_MAX;

    for (i = first; i != HASH_MAP_NONE && n < FINDING_CHAIN_MAX; i = s->all[i].next, n++) {
        int64_t d = s->all[i].time - r->time;

        if (!same_event_operation(&s->all[i], r) || is_parted(s, &s->all[i], r) ||
            is_another_call(&s->all[i], r))
            continue;
        d = d < 0 ? -d : d;
        if (d < distance) {
            distance = d;
            best = i;
        }
    }
    return best;
}

/* A new finding in front of the chain that starts at `next`. Returns its index. */
static size_t new_finding(struct finding_set *s, const struct event_facts *r, size_t next)
{
    struct finding *f;

    s->all = mem_grow(s->all, s->n, &s->cap, sizeof(*s->all));
    f = &s->all[s->n];
    memset(f, 0, sizeof(*f));
    f->operation = r->operation;
    f->time = r->time;
    f->end_time = r->time;
    f->outcome = OUTCOME_UNKNOWN;
    f->self = -1;
    f->entra = r->entra;
    f->next = next;
    f->order = s->n;
    return s->n++;
}

/* Note where an event was seen again. */
static void note_repeat(struct finding *f, const struct reader_event *ev)
{
    struct buf text = {0};

    if (f->repeats++ < FINDING_PLACES_MAX) {
        buf_printf(&text, "Also seen in %s:%llu", ev->file->path,
                   (unsigned long long)ev->line_number);
        finding_note(f, text.data);
    }
    buf_free(&text);
}

/* The finding of an event's key: the first one of it that the event does not contradict, or
 * HASH_MAP_NONE. *key is then where that stands, or may be put. */
static size_t find_alike(const struct finding_set *s, const struct event_facts *r, struct buf *key)
{
    const size_t len = key->len;
    size_t i = hash_map_get(&s->by_event, buf_slice(key)), n;

    for (n = 1; i != HASH_MAP_NONE && same_event_contradicts(&s->all[i], r); n++) {
        if (n == FINDING_ALIKE_MAX)
            return HASH_MAP_NONE;
        key->len = len;
        buf_printf(key, "%zu", n);
        i = hash_map_get(&s->by_event, buf_slice(key));
    }
    return i;
}

/* Whether some record of it had an id. */
static int finding_is_tied(const struct finding *f)
{
    return f->text[FINDING_CORRELATION_ID] != NULL || f->text[FINDING_OPERATION_ID] != NULL ||
           f->records[0].data_id != NULL;
}

/* What an event that was seen already adds to its finding. */
enum seen { SEEN_WHOLE, SEEN_ADDS, SEEN_TIES };

/* The finding of the same event in a table that does not say its resource; the other way round,
 * *what is SEEN_TIES. */
static size_t seen_nameless(const struct finding_set *s, const struct event_facts *r,
                            struct buf *key, enum seen *what)
{
    size_t same = HASH_MAP_NONE;

    if (same_event_nameless_key(r, key))
        same = find_alike(s, r, key);
    if (same == HASH_MAP_NONE)
        return same;
    if (!same_event_has_resource(r->text))
        *what = SEEN_WHOLE;
    else if (!same_event_has_resource(s->all[same].text))
        *what = SEEN_TIES;
    else
        same = HASH_MAP_NONE;
    return same;
}

/*
 * Whether an event was seen already: returns its finding, and *what tells what is new. An event
 * with an id adds that to the same one without; one of which a table kept no id at all is told by
 * its time, resource, operation and outcome, and one without a resource by its correlation.
 */
static size_t seen(const struct finding_set *s, const struct event_facts *r, enum seen *what)
{
    struct buf key = {0};
    size_t same;

    if (r->data_id != NULL)
        same_event_id_key(r, &key);
    else
        same_event_bare_key(r, "with", &key);
    same = find_alike(s, r, &key);
    *what = same != HASH_MAP_NONE || r->data_id == NULL ? SEEN_WHOLE : SEEN_ADDS;
    if (same == HASH_MAP_NONE) {
        same_event_bare_key(r, "bare", &key);
        same = find_alike(s, r, &key);
    }
    if (same == HASH_MAP_NONE && same_event_untied_key(r, &key)) {
        same = find_alike(s, r, &key);
        if (same != HASH_MAP_NONE && same_event_tie(r) != NULL)
            *what = SEEN_TIES;
        if (*what == SEEN_TIES && finding_is_tied(&s->all[same]))
            same = HASH_MAP_NONE;
    }
    if (same == HASH_MAP_NONE)
        same = seen_nameless(s, r, &key, what);
    buf_free(&key);
    return same;
}

/* Remember an event of finding i under a key. */
static void remember_key(struct finding_set *s, const struct event_facts *r, size_t i,
                         struct buf *key)
{
    (void)find_alike(s, r, key);
    hash_map_put(&s->by_event, buf_slice(key), i);
}

/* Remember an event of finding i. */
static void remember(struct finding_set *s, const struct event_facts *r, size_t i)
{
    struct buf key = {0};

    same_event_bare_key(r, r->data_id != NULL ? "with" : "bare", &key);
    remember_key(s, r, i, &key);
    if (r->data_id != NULL) {
        same_event_id_key(r, &key);
        remember_key(s, r, i, &key);
    }
    if (same_event_untied_key(r, &key))
        remember_key(s, r, i, &key);
    if (same_event_nameless_key(r, &key))
        remember_key(s, r, i, &key);
    buf_free(&key);
}

/* The finding that a record belongs to, made when there is none. key: as same_event_operation_key
 * gives it. */
static size_t find_finding(struct finding_set *s, const struct event_facts *r, struct buf *key)
{
    const size_t first = hash_map_get(&s->by_key, buf_slice(key)), key_len = key->len;
    const char *id = same_event_operation_id(r);
    size_t i = HASH_MAP_NONE;

    if (id != NULL) {
        same_event_put_part(key, id);
        i = hash_map_get(&s->by_operation, buf_slice(key));
    }
    if (i != HASH_MAP_NONE)
        return i;
    i = find_in_chain(s, r, first);
    if (i == HASH_MAP_NONE) {
        i = new_finding(s, r, first);
        hash_map_put(&s->by_key, (struct slice){key->data, key_len}, i);
    }
    if (id != NULL)
        hash_map_put(&s->by_operation, buf_slice(key), i);
    return i;
}

/* Put a record where it belongs. */
static void place(struct finding_set *s, struct event_facts *r, const struct reader_event *ev)
{
    struct buf key = {0};
    enum seen what;
    size_t i;

    i = seen(s, r, &what);
    if (i != HASH_MAP_NONE)
        note_repeat(&s->all[i], ev);
    if (i == HASH_MAP_NONE || what != SEEN_WHOLE) {
        same_event_operation_key(r, &key);
        if (i != HASH_MAP_NONE && what == SEEN_TIES &&
            hash_map_get(&s->by_key, buf_slice(&key)) == HASH_MAP_NONE)
            hash_map_put(&s->by_key, buf_slice(&key), i);
        else
            i = find_finding(s, r, &key);
        remember(s, r, i);
        finding_merge(&s->all[i], r, ev);
        remember_assignment(s, i);
    }
    s->last = i;
    buf_free(&key);
}

int finding_set_add(struct finding_set *s, const struct reader_event *ev, struct err *e)
{
    static const struct rules_operation other = {"*", OPERATION_OTHER, NULL};
    const struct rules_operation *op;
    struct event_facts r = {0};
    struct event event;

    s->last = HASH_MAP_NONE;
    if (event_parse(&event, ev->line, e) != 0)
        return -1;
    op = event_facts_operation(&event);
    if (op == NULL && s->every)
        op = &other;
    if (op == NULL)
        return 0;
    event_facts_read(&r, &event, op);
    place(s, &r, ev);
    event_facts_free(&r);
    return 0;
}

void finding_set_add_file(struct finding_set *s, const struct reader_file *r)
{
    const struct reader_foreign *f;

    for (f = r->foreign; f != NULL && f->n > 0; f++) {
        if (!slice_equals_nocase(slice_of(f->category), "AuditLogs"))
            continue;
        timestamp_widen(&s->entra_first, &s->entra_last, f->first);
        timestamp_widen(&s->entra_first, &s->entra_last, f->last);
    }
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

/* Put a finding's records in order and list their ids. */
static void order_records(struct finding *f)
{
    size_t i;

    if (f->nrecords > 1)
        qsort(f->records, f->nrecords, sizeof(*f->records), by_time);
    free(f->ids);
    f->ids = mem_alloc(f->nrecords * sizeof(*f->ids));
    f->nids = 0;
    for (i = 0; i < f->nrecords; i++) {
        if (f->records[i].data_id != NULL)
            f->ids[f->nids++] = f->records[i].data_id;
    }
}

void finding_absorb(struct finding *to, struct finding *from)
{
    size_t i;

    for (i = 0; i < from->nrecords; i++) {
        to->records = mem_grow(to->records, to->nrecords, &to->cap_records, sizeof(*to->records));
        to->records[to->nrecords++] = from->records[i];
    }
    to->ids = mem_realloc(to->ids, to->nids + from->nids, sizeof(*to->ids));
    for (i = 0; i < from->nids; i++)
        to->ids[to->nids++] = from->ids[i];
    from->nids = 0;
    /* The first record stays behind: it says where the finding was read. */
    from->records = mem_realloc(from->records, 1, sizeof(*from->records));
    from->records[0].data_id = NULL;
    from->nrecords = 1;
    from->cap_records = 1;
    from->absorbed_by = to;
    for (i = 0; i < FINDING_TEXTS; i++)
        (void)finding_borrow(to, from->text[i], (enum finding_text)i);
}

void finding_set_finish(struct finding_set *s,
                        void (*warn)(const char *path, const char *why, void *), void *arg)
{
    size_t i;

    for (i = 0; i < s->n; i++)
        order_records(&s->all[i]);
    correlate_findings(s, warn, arg);
}
