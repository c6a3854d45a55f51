/* The end of a trace: rows in order, and what there is to say about them. */
#include "base/mem.h"
#include "detect/log_coverage.h"
#include "detect/trace.h"
#include "detect/trace_list.h"
#include "detect/trace_operation.h"
#include "detect/trace_use.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Other powers of a holder that a note names; the rest is counted. */
#define POWERS_TOLD_MAX 5
/* Room for a formatted note: a name that is longer is cut. */
#define NOTE_MAX_BYTES 4096

/* Add a note to a row. */
static void note(struct trace_row *r, const char *text)
{
    size_t i;

    for (i = 0; i < r->nnotes; i++) {
        if (strcmp(r->notes[i], text) == 0)
            return;
    }
    r->notes = mem_realloc(r->notes, r->nnotes + 1, sizeof(*r->notes));
    r->notes[r->nnotes++] = mem_strdup(text);
}

/* The same, formatted. */
__attribute__((format(__printf__, 2, 3))) static void notef(struct trace_row *r, const char *fmt,
                                                            ...)
{
    char text[NOTE_MAX_BYTES];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    note(r, text);
}

static void note_to(const char *text, void *arg)
{
    note(arg, text);
}

/* What sorting needs beside the rows. */
struct sorted {
    struct trace_row row;
    int64_t story_time, holder_time;
    size_t story;
    int depth;
};

static int by_place(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;

    if (x->story_time != y->story_time)
        return x->story_time < y->story_time ? -1 : 1;
    if (x->story != y->story)
        return x->story < y->story ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth - y->depth;
    if (x->holder_time != y->holder_time)
        return x->holder_time < y->holder_time ? -1 : 1;
    if (x->row.holder != y->row.holder)
        return x->row.holder < y->row.holder ? -1 : 1;
    if (x->row.operation == NULL || y->row.operation == NULL)
        return x->row.operation == NULL ? (y->row.operation == NULL ? 0 : -1) : 1;
    if (x->row.tactic->tactic != y->row.tactic->tactic)
        return x->row.tactic->tactic < y->row.tactic->tactic ? -1 : 1;
    if (x->row.first != y->row.first)
        return x->row.first < y->row.first ? -1 : 1;
    return strcmp(x->row.operation, y->row.operation);
}

/* Put the rows in order: by story, depth, holder, tactic and time. */
static void order_rows(struct trace *t)
{
    struct sorted *s = mem_zalloc(t->nrows + 1, sizeof(*s));
    size_t i;

    for (i = 0; i < t->nrows; i++) {
        const struct holder *h = &t->holders.all[t->rows[i].holder];

        s[i].row = t->rows[i];
        s[i].story = h->story;
        s[i].story_time = t->holders.stories[h->story].time;
        s[i].depth = h->depth;
        s[i].holder_time = t->holders.powers[h->first].finding->time;
    }
    if (t->nrows > 1)
        qsort(s, t->nrows, sizeof(*s), by_place);
    for (i = 0; i < t->nrows; i++)
        t->rows[i] = s[i].row;
    free(s);
}

/* A row for every holder who did nothing that the inputs show. */
static void add_idle(struct trace *t)
{
    char *busy = mem_zalloc(t->holders.n + 1, 1);
    size_t i, n = t->nrows;

    for (i = 0; i < n; i++) {
        const struct trace_row *r = &t->rows[i];
        struct principal *p = &t->holders.principals[t->holders.all[r->holder].principal];

        busy[r->holder] = 1;
        if (p->busy_last == 0 || r->first < p->busy_first)
            p->busy_first = r->first;
        if (r->last > p->busy_last)
            p->busy_last = r->last;
    }
    for (i = 0; i < t->holders.n; i++) {
        struct trace_row *r;

        if (busy[i])
            continue;
        t->rows = mem_grow(t->rows, t->nrows, &t->cap_rows, sizeof(*t->rows));
        r = &t->rows[t->nrows++];
        memset(r, 0, sizeof(*r));
        r->holder = i;
        r->power = t->holders.all[i].first;
    }
    free(busy);
}

/* What else a holder was given. */
static void note_powers(const struct trace *t, const struct holder *h, struct trace_row *r)
{
    struct buf b = {0};
    size_t i, told = 0;

    for (i = 0; i < h->npowers && told < POWERS_TOLD_MAX; i++) {
        const struct power *w = &t->holders.powers[h->powers[i]];
        const char *role = w->finding->text[FINDING_ROLE_NAME];
        char from[TIMESTAMP_TEXT_MAX], until[TIMESTAMP_TEXT_MAX];

        if (h->powers[i] == r->power)
            continue;
        if (role == NULL)
            role = w->finding->text[FINDING_ROLE_ID];
        buf_clear(&b);
        buf_printf(&b, "%s %s at %s from %s %s%s (%s).",
                   w->finding->outcome == OUTCOME_SUCCEEDED ? "Also held" : "May also have held",
                   role == NULL ? "an unknown role" : role, w->finding->text[FINDING_SCOPE],
                   timestamp_format(holders_begin(w), from), w->until == 0 ? "on" : "to ",
                   w->until == 0 ? "" : timestamp_format(w->until, until),
                   holders_via_name(w->via));
        note(r, b.data);
        told++;
    }
    if (h->npowers > POWERS_TOLD_MAX + 1) {
        notef(r, "And %zu more grants.", h->npowers - 1 - POWERS_TOLD_MAX);
    }
    buf_free(&b);
}

/* What a holder came with for the first time, as one note for each kind. */
static void note_uses(const struct trace *t, const size_t *uses, size_t n, struct trace_row *r)
{
    static const char *const start[USE_KINDS] = {
        "Addresses not seen with this holder before the grant: ",
        "Applications not seen with this holder before the grant: ",
        "Token ids (uti) not seen with this holder before the grant: "};
    size_t kind, i, told;
    struct buf b = {0};

    for (kind = 0; kind < USE_KINDS; kind++) {
        buf_clear(&b);
        for (told = 0, i = 0; i < n; i++) {
            const struct trace_use *u = &t->uses[uses[i]];

            if ((size_t)u->kind != kind || !trace_use_is_new(t, u))
                continue;
            if (told++ < TRACE_TOKENS_MAX)
                buf_printf(&b, "%s%s", told == 1 ? start[kind] : ", ", u->value);
        }
        if (told > TRACE_TOKENS_MAX)
            buf_printf(&b, " and %zu more", told - TRACE_TOKENS_MAX);
        if (told > 0) {
            buf_putc(&b, '.');
            note(r, buf_text(&b));
        }
    }
    buf_free(&b);
}

/* For each address that is new with some holder, the others that came from it. */
static void list_leads(const struct trace *t, struct hash_map *by_address, struct buf **leads)
{
    size_t i, at, n = 0, cap = 0;
    struct buf *all = NULL;
    size_t *counts = NULL, cap_counts = 0;

    for (i = 0; i < t->nuses; i++) {
        const struct trace_use *u = &t->uses[i];

        if (!u->held || u->kind != USE_ADDRESS || !trace_use_is_new(t, u) ||
            hash_map_get(by_address, slice_of(u->value)) != HASH_MAP_NONE)
            continue;
        all = mem_grow(all, n, &cap, sizeof(*all));
        counts = mem_grow(counts, n, &cap_counts, sizeof(*counts));
        memset(&all[n], 0, sizeof(*all));
        counts[n] = 0;
        hash_map_put(by_address, slice_of(u->value), n++);
    }
    for (i = 0; i < t->callers.naddresses; i++) {
        const struct caller_address *a = &t->callers.addresses[i];

        at = hash_map_get(by_address, slice_of(a->address));
        if (counts == NULL || at == HASH_MAP_NONE || counts[at]++ >= TRACE_LEADS_MAX)
            continue;
        buf_puts(&all[at], t->callers.all[a->caller].name);
        buf_putc(&all[at], '\0');
    }
    free(counts);
    *leads = all;
}

/* Who else came from an address that is new with this holder. names: each with a NUL behind it.
 * Returns whether there is anybody. */
static size_t note_leads(const struct trace *t, const struct trace_use *u, struct slice names,
                         struct trace_row *r)
{
    const struct principal *p = &t->holders.principals[t->holders.all[u->owner].principal];
    const char *name = names.data, *end = names.data + names.len;
    struct buf others = {0}, b = {0};
    size_t any;

    for (; name < end; name += strlen(name) + 1) {
        const struct caller *c = callers_find(&t->callers, name);

        if (slice_equals_nocase(slice_of(name), p->id) ||
            (c != NULL && c->object_id != NULL && strcmp(c->object_id, p->id) == 0))
            continue;
        buf_printf(&others, "%s%s", others.len == 0 ? "" : ", ", name);
    }
    any = others.len > 0;
    if (any) {
        buf_printf(&b, "Lead: %s also came from %s.", others.data, u->value);
        note(r, b.data);
    }
    buf_free(&others);
    buf_free(&b);
    return any;
}

/* The uses of each holder, one holder's behind the other's: start[h] to start[h + 1] in *list. */
static size_t *list_uses(const struct trace *t, size_t **list)
{
    size_t *start = mem_zalloc(t->holders.n + 2, sizeof(*start)), i;

    *list = mem_zalloc(t->nuses + 1, sizeof(**list));
    for (i = 0; i < t->nuses; i++) {
        if (t->uses[i].held)
            start[t->uses[i].owner + 2]++;
    }
    for (i = 2; i < t->holders.n + 2; i++)
        start[i] += start[i - 1];
    for (i = 0; i < t->nuses; i++) {
        if (t->uses[i].held)
            (*list)[start[t->uses[i].owner + 1]++] = i;
    }
    return start;
}

/* Whether a principal did something under another power while it had this one. */
static int is_busy_elsewhere(const struct principal *p, const struct power *w)
{
    return p->busy_last != 0 && p->busy_last >= w->from &&
           (w->until == 0 || p->busy_first < w->until);
}

/* A note that begins with a number of records. */
static void note_records(struct trace_row *r, size_t n, const char *text)
{
    if (n > 0)
        notef(r, "%zu record%s of this holder %s", n, n == 1 ? "" : "s", text);
}

/* Whether all that a holder was given are roles of which the name does not say that they allow
 * everything. */
static int is_limited(const struct trace *t, const struct holder *h)
{
    size_t i;

    for (i = 0; i < h->npowers; i++) {
        if (t->holders.powers[h->powers[i]].finding->role >= ROLE_CONTRIBUTOR)
            return 0;
    }
    return 1;
}

/* What may have ended the powers of a holder that have no end in the log. */
static void note_ends(const struct trace *t, const struct holder *h, struct trace_row *r)
{
    char time[TIMESTAMP_TEXT_MAX];
    size_t i, at;

    for (i = 0; i < h->npowers; i++) {
        const struct power *w = &t->holders.powers[h->powers[i]];

        at = w->until != 0 ? HASH_MAP_NONE : hash_map_get(&t->holders.vague, slice_of(w->key));
        if (w->finding->maybe_ended != 0) {
            notef(r, "A removal was begun at %s; no record says how that ended.",
                  timestamp_format(w->finding->maybe_ended, time));
            return;
        }
        if (at != HASH_MAP_NONE && t->findings.all[at].time > w->from) {
            notef(r,
                  "A role assignment at the same scope was removed at %s; the record does not say "
                  "whose: this power may have ended then.",
                  timestamp_format(t->findings.all[at].time, time));
            return;
        }
    }
}

/* Whether a holder was given power at some management group. */
static int has_group(const struct trace *t, const struct holder *h)
{
    size_t i;

    for (i = 0; i < h->npowers; i++) {
        if (t->holders.powers[h->powers[i]].finding->scope_kind == SCOPE_MANAGEMENT_GROUP)
            return 1;
    }
    return 0;
}

/* Why a holder has no operation. */
static const char *why_idle(const struct trace *t, const struct holder *h,
                            const struct principal *p)
{
    if (is_busy_elsewhere(p, &t->holders.powers[h->first]))
        return "No operation is counted under this power; what was done while another one was held "
               "too is counted under that one.";
    if (t->since != 0 || t->until != 0)
        return t->all ? "No operation under this power in the time asked for is in the logs read."
                      : "No operation under this power in the time asked for is in the logs read, "
                        "except read-only ones, which are left out.";
    return t->all ? "No operation under this power is in the logs read."
                  : "No operation under this power is in the logs read, except read-only ones, "
                    "which are left out.";
}

/* Whether a holder may be one of those whom the log has by name alone. */
static int may_be_nameless(const struct trace *t, const struct principal *p)
{
    return t->nameless > 0 && p->name == NULL && strchr(p->id, '@') == NULL &&
           (p->type == NULL || slice_equals_nocase(slice_of(p->type), "User"));
}

/* Tell that what some callers did may have been the holder's. */
static void note_nameless(const struct trace *t, struct trace_row *r)
{
    notef(
        r,
        "The logs read do not say what this holder is called, and have %zu caller%s by name alone "
        "(such as %s): what was done there may have been done under this power.",
        t->nameless, t->nameless == 1 ? "" : "s", t->nameless_first);
}

/* What there is to say about one holder, in the first of its rows. */
static void note_holder(const struct trace *t, struct trace_row *r, const struct log_coverage *c)
{
    const struct holder *h = &t->holders.all[r->holder];
    const struct finding *f = t->holders.powers[r->power].finding;
    const struct principal *p = &t->holders.principals[h->principal];
    size_t unplaced = has_group(t, h) ? p->unplaced : 0;

    if (may_be_nameless(t, p))
        note_nameless(t, r);
    if (p->type != NULL && slice_equals_nocase(slice_of(p->type), "Group"))
        note(r, "A group: this log does not list its members.");
    else if (r->operation == NULL && p->untimed == 0 && unplaced == 0 && !may_be_nameless(t, p))
        note(r, why_idle(t, h, p));
    else if (r->operation != NULL && is_limited(t, h))
        note(r, "Whether this role allows these operations is not checked: the holder may have had "
                "other roles before.");
    note_records(r, p->untimed,
                 "without a time that can be read: what happened then may have been done under "
                 "this power.");
    note_records(r, unplaced,
                 "from places whose management groups are not known: what happened there may "
                 "have been done under this power.");
    note_records(r, p->by_name,
                 "with only a name that is known with several object ids: what happened there may "
                 "have been done by another one.");
    if (f->outcome != OUTCOME_SUCCEEDED)
        note(r, "No record says that the grant succeeded.");
    note_powers(t, h, r);
    note_ends(t, h, r);
    log_coverage_tell(c, h->story, note_to, r);
}

void trace_finish(struct trace *t)
{
    struct hash_map by_address = {0};
    struct log_coverage coverage = {0};
    struct buf *leads = NULL;
    size_t *start, *uses, i, k, told;

    trace_operations_finish(t);
    add_idle(t);
    order_rows(t);
    log_coverage_read(&coverage, t->input, &t->holders);
    list_leads(t, &by_address, &leads);
    start = list_uses(t, &uses);
    for (i = 0; i < t->nrows; i++) {
        struct trace_row *r = &t->rows[i];
        size_t from = start[r->holder], to = start[r->holder + 1];

        trace_bins_list(&r->bins, &r->bin_texts);
        if (i > 0 && t->rows[i - 1].holder == r->holder)
            continue;
        note_holder(t, r, &coverage);
        note_uses(t, uses + from, to - from, r);
        if (to > from && !trace_use_any_before(t, &t->holders.all[r->holder]))
            note(r, "The logs read have no record of this holder from before the grant.");
        for (told = 0, k = from; k < to && told < TRACE_LEADS_MAX; k++) {
            const struct trace_use *u = &t->uses[uses[k]];

            if (u->kind == USE_ADDRESS && trace_use_is_new(t, u))
                told += note_leads(
                    t, u, buf_slice(&leads[hash_map_get(&by_address, slice_of(u->value))]), r);
        }
    }
    for (i = 0; i < by_address.n; i++)
        buf_free(&leads[i]);
    free(leads);
    free(start);
    free(uses);
    hash_map_free(&by_address);
    log_coverage_free(&coverage);
}
