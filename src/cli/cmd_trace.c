#include "cli/cmd.h"
#include "cli/inputs.h"
#include "cli/rows.h"
#include "cli/trace_table.h"

#include "base/sys.h"
#include "detect/trace.h"
#include "read/spool.h"

#include <stdio.h>
#include <string.h>

/* Columns of text that does not go to a terminal, and the limits for one that does. */
#define WIDTH_PLAIN 120
#define WIDTH_MIN 80
#define WIDTH_MAX 160
/* Bytes of events that are kept before they are written. */
#define EVENTS_FLUSH ((size_t)64 << 10)

/* What the calls of the reader need. */
struct tracing {
    struct inputs inputs; /* first: inputs_* get the same pointer */
    struct trace trace;
    const struct options *options;
    struct buf out;
};

static void note_first(const struct event *ev, size_t part, void *arg)
{
    struct tracing *x = arg;

    trace_learn(&x->trace, ev, part);
}

static int pick_first(const struct event *ev, void *arg)
{
    (void)arg;
    return trace_is_grant(ev);
}

static int skip_second(size_t part, void *arg)
{
    const struct tracing *x = arg;

    return trace_skips(&x->trace, part);
}

static int take_first(const struct reader_event *r, void *arg, struct err *e)
{
    struct tracing *x = arg;

    return trace_take(&x->trace, r, e);
}

static int pick_second(const struct event *ev, void *arg)
{
    struct tracing *x = arg;

    return trace_wants(&x->trace, ev);
}

/* Whether --caller lets a holder through. */
static int passes(const struct tracing *x, size_t principal)
{
    const struct principal *p = &x->trace.holders.principals[principal];

    return inputs_caller_passes(&x->inputs, slice_of(p->id)) ||
           (p->name != NULL && inputs_caller_passes(&x->inputs, slice_of(p->name)));
}

/* Drop the rows of other holders. */
static void drop_others(struct tracing *x)
{
    struct trace *t = &x->trace;
    size_t i, n = 0;

    for (i = 0; i < t->nrows; i++) {
        if (passes(x, t->holders.all[t->rows[i].holder].principal))
            t->rows[n++] = t->rows[i];
        else
            trace_row_free(&t->rows[i]);
    }
    t->nrows = n;
}

static int take_second(const struct reader_event *r, void *arg, struct err *e)
{
    struct tracing *x = arg;
    int got = trace_add(&x->trace, r, e);

    if (got <= 0)
        return got;
    if (!x->options->events || !passes(x, x->trace.principal))
        return 0;
    buf_append(&x->out, r->line.data, r->line.len);
    buf_putc(&x->out, '\n');
    return x->out.len < EVENTS_FLUSH ? 0 : rows_flush(&x->out, e);
}

static void value_of(const void *set, const void *row, size_t i, struct finding_value *v)
{
    trace_property(set, row, i, v);
}

static struct slice item_of(const void *row, size_t i, size_t k)
{
    return trace_list_item(row, i, k);
}

/* What could not be followed, a line for each reason. */
static void put_unfollowed(const struct trace *t, struct buf *out)
{
    const struct holders *h = &t->holders;
    const struct {
        size_t n;
        const char *what, *why;
    } lines[] = {
        {h->unnamed, "grant", "the record does not say to whom"},
        {h->unsaid, "request to PIM", "no record says what was asked for, or for whom"},
        {h->unclear, "role assignment", "the record does not say which role"},
        {h->untimed, "role change", "none of its records has a readable time"},
        {h->nowhere, "grant", "the record does not say where"},
        {h->others, "delegated or classic grant", "the record does not say who can use it"},
    };
    size_t i;

    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (lines[i].n > 0)
            buf_printf(out, "%zu %s%s could not be followed: %s\n", lines[i].n, lines[i].what,
                       lines[i].n == 1 ? "" : "s", lines[i].why);
    }
}

/* All rows, one after the other. */
static int print_rows(struct tracing *x, struct err *e)
{
    static const struct rows_kind kind = {trace_properties, trace_property_name, value_of, item_of,
                                          NULL};
    struct rows rows = {0};
    struct buf told = {0};
    int ret = 0;
    size_t i;

    put_unfollowed(&x->trace, &told);
    if (told.len > 0)
        (void)fputs(told.data, stderr);
    buf_free(&told);
    rows_begin(&rows, x->options->format, &kind, &x->trace);
    for (i = 0; ret == 0 && i < x->trace.nrows; i++)
        ret = rows_put(&rows, &x->trace.rows[i], e);
    if (ret == 0)
        ret = rows_end(&rows, e);
    rows_free(&rows);
    return ret;
}

/* What was read, and what was left out. */
static void put_summary(const struct tracing *x, size_t stories, uint64_t operations)
{
    const struct trace *t = &x->trace;
    struct buf *out = (struct buf *)(uintptr_t)&x->out;
    uint64_t left_out = 0;
    size_t i;

    for (i = 0; i < t->holders.nprincipals; i++)
        left_out += passes(x, i) ? t->holders.principals[i].left_out : 0;
    buf_printf(out, "%s%zu stor%s, %llu operation%s under granted power in %llu event%s read\n",
               stories > 0 ? "\n" : "", stories, stories == 1 ? "y" : "ies",
               (unsigned long long)operations, operations == 1 ? "" : "s",
               (unsigned long long)x->inputs.events, x->inputs.events == 1 ? "" : "s");
    if (left_out > 0)
        buf_printf(out, "%llu record%s of operations that only read left out (--all)\n",
                   (unsigned long long)left_out, left_out == 1 ? "" : "s");
    put_unfollowed(t, out);
}

/* All stories, for people. */
static int print_stories(struct tracing *x, struct err *e)
{
    const struct trace *t = &x->trace;
    size_t width = WIDTH_PLAIN, i, k, stories = 0;
    uint64_t operations = 0;

    if (sys_is_terminal(1)) {
        width = (size_t)sys_terminal_width();
        width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
    }
    for (i = 0; i < t->nrows; i = k) {
        size_t story = t->holders.all[t->rows[i].holder].story;

        for (k = i; k < t->nrows && t->holders.all[t->rows[k].holder].story == story; k++)
            operations += t->rows[k].count;
        if (stories++ > 0)
            buf_putc(&x->out, '\n');
        trace_table_story(t, i, k, width, &x->out);
        if (rows_flush(&x->out, e) != 0)
            return -1;
    }
    put_summary(x, stories, operations);
    return rows_flush(&x->out, e);
}

/* Read the inputs for the findings, then for what the holders did. */
static int read_twice(struct tracing *x, const struct input *in, struct err *e)
{
    static const struct reader_parts note = {note_first, NULL}, skip = {NULL, skip_second};
    struct reader_calls first = {pick_first,     take_first,      inputs_damage,
                                 inputs_warning, inputs_file_end, x};
    /* What is wrong with the inputs was told when they were read first. */
    struct reader_calls second = {pick_second, take_second, NULL, NULL, NULL, x};

    if (reader_run_parts(in, &first, &note, e) != 0)
        return -1;
    trace_begin(&x->trace, inputs_damaged_list, x);
    if (x->trace.holders.nprincipals == 0)
        return 0;
    if (reader_run_parts(in, &second, &skip, e) != 0)
        return -1;
    return trace_again(&x->trace) ? reader_run_parts(in, &second, &skip, e) : 0;
}

/* Keep standard input when it is among the paths. *fd is -1 when it is not. */
static int keep_standard_input(const struct options *o, int *fd, struct err *e)
{
    size_t i;

    *fd = -1;
    for (i = 0; i < o->npaths; i++) {
        if (strcmp(o->paths[i], "-") != 0)
            continue;
        return spool_open(0, fd, e);
    }
    return 0;
}

int cmd_trace(const struct options *o, struct err *e)
{
    struct tracing x = {0};
    struct input in = {0};
    int ret = -1, spooled = -1;

    x.options = o;
    if (inputs_begin(&x.inputs, o, e) != 0)
        goto out;
    if (keep_standard_input(o, &spooled, e) != 0)
        goto out;
    if (input_open(&in, o->paths, o->npaths, 0, 0, e) != 0)
        goto out;
    x.trace.since = x.inputs.since;
    x.trace.until = x.inputs.until;
    x.trace.all = o->all;
    x.trace.repeats = o->events;
    trace_init(&x.trace, &in);
    if (read_twice(&x, &in, e) != 0)
        goto out;
    trace_finish(&x.trace);
    drop_others(&x);
    if (o->events ? rows_flush(&x.out, e) != 0
                  : (o->format->row == NULL ? print_stories : print_rows)(&x, e) != 0)
        goto out;
    ret = inputs_result(&x.inputs, e);
out:
    if (x.trace.input != NULL)
        trace_free(&x.trace);
    buf_free(&x.out);
    input_close(&in);
    spool_close(spooled);
    inputs_end(&x.inputs);
    return ret;
}
