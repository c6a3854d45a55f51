#include "cli/trace_table.h"

#include "out/table.h"

#include <string.h>

/* Operations of one tactic that are named; the rest is counted. */
#define OPERATIONS_MAX 12

/* Append words at an indent, broken at `width`; what follows a break stands two further in. */
static void put_words(const char *text, size_t indent, size_t width, struct buf *out)
{
    buf_printf(out, "%*s", (int)indent, "");
    table_wrap(out, text, indent, indent + 2, width);
}

/* Append a text of the log, fit for a terminal. */
static void put_foreign(struct buf *b, const char *text, const char *stand_in)
{
    table_escape(b, slice_of(text == NULL ? stand_in : text));
}

/* Append a time of whole seconds. */
static void put_time(struct buf *b, int64_t time)
{
    char text[TIMESTAMP_TEXT_MAX];

    (void)timestamp_format(timestamp_floor_second(time), text);
    text[10] = ' ';
    buf_puts(b, text);
}

/* Who, with what: "dana@contoso.example held Owner at / from ... to ..., given by ...". */
static void put_holder(const struct trace *t, const struct trace_row *r, size_t width,
                       struct buf *out)
{
    const struct holder *h = &t->holders.all[r->holder];
    const struct principal *p = &t->holders.principals[h->principal];
    const struct power *w = &t->holders.powers[r->power];
    const struct finding *f = w->finding;
    struct buf b = {0};

    if (p->name == NULL && p->type != NULL)
        buf_printf(&b, "%s ", p->type);
    put_foreign(&b, p->name != NULL ? p->name : p->id, "unknown");
    buf_puts(&b, f->outcome == OUTCOME_SUCCEEDED
                     ? (w->via == VIA_ELEVATION ? " elevated to " : " had ")
                     : (w->via == VIA_ELEVATION ? " may have elevated to " : " may have had "));
    put_foreign(&b,
                f->text[FINDING_ROLE_NAME] != NULL ? f->text[FINDING_ROLE_NAME]
                                                   : f->text[FINDING_ROLE_ID],
                "an unknown role");
    buf_puts(&b, " at ");
    put_foreign(&b, f->text[FINDING_SCOPE], "an unknown scope");
    if (w->via == VIA_PIM)
        buf_puts(&b, " through PIM");
    if (w->via == VIA_ASSIGNMENT) {
        buf_puts(&b, f->self > 0 ? ", self-assigned" : ", given by ");
        if (f->self <= 0)
            put_foreign(&b, f->text[FINDING_CALLER], "an unknown caller");
    }
    buf_puts(&b, "; from ");
    put_time(&b, holders_begin(w));
    if (w->until == 0) {
        buf_puts(&b, ", no end in the log");
    } else {
        buf_puts(&b, " to ");
        put_time(&b, w->until);
    }
    put_words(buf_text(&b), 2 + 2 * (size_t)(h->depth > 8 ? 8 : h->depth), width, out);
    buf_free(&b);
}

/* One operation: "3 Microsoft.Storage/storageAccounts/listKeys/action (1 failed) on 2 resources" */
static void put_operation(const struct trace_row *r, struct buf *b)
{
    uint64_t unknown = r->count - r->succeeded - r->failed;

    buf_printf(b, "%llu ", (unsigned long long)r->count);
    put_foreign(b, r->operation, "unknown");
    if (r->failed > 0)
        buf_printf(b, " (%llu failed%s", (unsigned long long)r->failed, unknown > 0 ? "" : ")");
    if (unknown > 0)
        buf_printf(b, "%s%llu outcome unknown)", r->failed > 0 ? ", " : " (",
                   (unsigned long long)unknown);
    if (r->resource_count > 1)
        buf_printf(b, " on %llu resources", (unsigned long long)r->resource_count);
    else if (r->resources.n == 1) {
        buf_puts(b, " on ");
        put_foreign(b, r->resources.items[0], "");
    }
}

/* What a holder did by one tactic: rows [from, to). */
static void put_tactic(const struct trace_row *rows, size_t from, size_t to, size_t indent,
                       size_t width, struct buf *out)
{
    uint64_t count = 0;
    struct buf b = {0};
    size_t i;

    for (i = from; i < to; i++)
        count += rows[i].count;
    buf_printf(out, "%*s%s: %llu operation%s\n", (int)indent, "",
               tactics_name(rows[from].tactic->tactic), (unsigned long long)count,
               count == 1 ? "" : "s");
    for (i = from; i < to && i - from < OPERATIONS_MAX; i++) {
        buf_clear(&b);
        put_time(&b, rows[i].first);
        buf_puts(&b, "  ");
        put_operation(&rows[i], &b);
        put_words(buf_text(&b), indent + 2, width, out);
    }
    if (to - from > OPERATIONS_MAX)
        buf_printf(out, "%*sand %zu more kinds of operation\n", (int)indent + 2, "",
                   to - from - OPERATIONS_MAX);
    buf_free(&b);
}

static int has_note(const struct trace_row *r, const char *note)
{
    size_t i;

    for (i = 0; i < r->nnotes; i++) {
        if (strcmp(r->notes[i], note) == 0)
            return 1;
    }
    return 0;
}

/* One holder's rows [from, to): who, what by tactic, and what there is to say that was not said of
 * the story's first holder, whose first row is `first`. */
static void put_rows(const struct trace *t, size_t first, size_t from, size_t to, size_t width,
                     struct buf *out)
{
    const struct trace_row *rows = t->rows;
    int depth = t->holders.all[rows[from].holder].depth;
    size_t indent = 4 + 2 * (size_t)(depth > 8 ? 8 : depth), i, k;
    struct buf b = {0};

    put_holder(t, &rows[from], width, out);
    for (i = from; i < to; i = k) {
        for (k = i + 1; k < to && rows[k].operation != NULL &&
                        rows[k].tactic->tactic == rows[i].tactic->tactic;
             k++)
            ;
        if (rows[i].operation != NULL)
            put_tactic(rows, i, k, indent, width, out);
    }
    for (i = 0; i < rows[from].nnotes; i++) {
        if (from != first && has_note(&rows[first], rows[from].notes[i]))
            continue;
        buf_clear(&b);
        put_foreign(&b, rows[from].notes[i], "");
        put_words(buf_text(&b), indent, width, out);
    }
    buf_free(&b);
}

void trace_table_story(const struct trace *t, size_t from, size_t to, size_t width, struct buf *out)
{
    const struct holder *h = &t->holders.all[t->rows[from].holder];
    size_t i, k;

    buf_printf(out, "%s\n", t->holders.stories[h->story].id);
    for (i = from; i < to; i = k) {
        for (k = i + 1; k < to && t->rows[k].holder == t->rows[i].holder; k++)
            ;
        put_rows(t, from, i, k, width, out);
    }
}
