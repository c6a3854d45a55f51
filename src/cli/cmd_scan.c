#include "cli/cmd.h"
#include "cli/inputs.h"
#include "cli/rows.h"
#include "cli/scan_table.h"

#include "base/mem.h"
#include "base/sys.h"
#include "detect/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the calls of the reader need. */
struct scan {
    struct inputs inputs; /* first: inputs_* get the same pointer */
    struct finding_set findings;
    struct finding_set other; /* --format records: an event that no rule looks at, one at a time */
    const struct options *options;
    struct rows rows; /* of --format records */
    struct record *records;
    size_t nrecords, cap_records;
};

/* An event of --format records, and its finding. */
struct record {
    size_t finding; /* index */
    struct finding_record seen;
};

/* For reader_calls.file_end. */
static void end_file(const struct reader_file *r, void *arg)
{
    struct scan *x = arg;

    finding_set_add_file(&x->findings, r);
    inputs_file_end(r, x);
}

static int pick(const struct event *ev, void *arg)
{
    const struct scan *x = arg;

    return x->options->format->each || finding_wants(ev);
}

/* A text of a finding as a slice; NULL is absent. */
static struct slice text_of(const struct finding *f, enum finding_text t)
{
    struct slice none = {NULL, 0};

    return f->text[t] == NULL ? none : slice_of(f->text[t]);
}

/* Whether the filters of the command line let a finding through. */
static int passes(const struct scan *x, const struct options *o, const struct finding *f)
{
    return (int)f->severity >= o->min_severity && inputs_time_passes(&x->inputs, f->time) &&
           inputs_operation_passes(&x->inputs, text_of(f, FINDING_OPERATION)) &&
           (inputs_caller_passes(&x->inputs, text_of(f, FINDING_CALLER)) ||
            inputs_caller_passes(&x->inputs, text_of(f, FINDING_CALLER_OBJECT_ID)) ||
            inputs_caller_passes(&x->inputs, text_of(f, FINDING_CALLER_APP_ID)));
}

static void value_of(const void *set, const void *row, size_t i, struct finding_value *v)
{
    finding_property(set, row, i, v);
}

static struct slice item_of(const void *row, size_t i, size_t k)
{
    return finding_list_item(row, i, k);
}

static const struct rows_kind kind = {finding_properties, finding_property_name, value_of, item_of,
                                      NULL};

/* Print one event with what its finding says. */
static int print_record(struct scan *x, const struct finding *f, struct finding_record *seen,
                        struct err *e)
{
    struct finding one = f->absorbed_by == NULL ? *f : *f->absorbed_by;

    one.entra = f->entra;
    one.time = seen->time;
    one.records = seen;
    one.nrecords = 1;
    one.ids = &seen->data_id;
    one.nids = seen->data_id != NULL;
    return passes(x, x->options, &one) ? rows_put(&x->rows, &one, e) : 0;
}

/* Print an event that no rule looks at. Nothing comes later that would be said of it. */
static int print_other(struct scan *x, const struct reader_event *r, struct err *e)
{
    int ret;

    finding_set_init(&x->other, x->findings.input);
    x->other.every = 1;
    ret = finding_set_add(&x->other, r, e);
    if (ret == 0) {
        finding_set_finish(&x->other, NULL, NULL);
        x->rows.set = &x->other;
        ret = print_record(x, &x->other.all[0], &x->other.all[0].records[0], e);
        x->rows.set = &x->findings;
    }
    finding_set_free(&x->other);
    return ret;
}

/* Remember an event until its finding is known. */
static int keep_record(struct scan *x, const struct reader_event *r, struct err *e)
{
    struct buf hold = {0};
    struct record *record;
    struct event event;
    struct slice id;

    if (event_parse(&event, r->line, e) != 0)
        return -1;
    x->records = mem_grow(x->records, x->nrecords, &x->cap_records, sizeof(*x->records));
    record = &x->records[x->nrecords++];
    record->finding = x->findings.last;
    record->seen.time = event_time(&event);
    record->seen.file = r->file_index;
    record->seen.line = r->line_number;
    record->seen.data_id = NULL;
    if (event_text(&event, EVENT_DATA_ID, &hold, &id) == 1)
        record->seen.data_id = slice_dup(id);
    buf_free(&hold);
    return 0;
}

static int take(const struct reader_event *r, void *arg, struct err *e)
{
    struct scan *x = arg;

    if (finding_set_add(&x->findings, r, e) != 0)
        return -1;
    if (!x->options->format->each)
        return 0;
    return x->findings.last == HASH_MAP_NONE ? print_other(x, r, e) : keep_record(x, r, e);
}

/* The events that were remembered. */
static int print_records(struct scan *x, struct err *e)
{
    size_t i;

    for (i = 0; i < x->nrecords; i++) {
        if (print_record(x, &x->findings.all[x->records[i].finding], &x->records[i].seen, e) != 0)
            return -1;
    }
    return rows_end(&x->rows, e);
}

static void scan_free(struct scan *x)
{
    size_t i;

    for (i = 0; i < x->nrecords; i++)
        free(x->records[i].seen.data_id);
    free(x->records);
    rows_free(&x->rows);
    finding_set_free(&x->findings);
}

/* "3 findings (1 critical, 2 high) in 268 events". */
static void put_summary(const struct scan *x, const size_t *count, struct buf *out)
{
    size_t total = 0, i;
    const char *separator = " (";
    char unclear[256];

    for (i = 0; i <= SEVERITY_CRITICAL; i++)
        total += count[i];
    buf_printf(out, "%s%zu finding%s", total == 0 ? "" : "\n", total, total == 1 ? "" : "s");
    for (i = SEVERITY_CRITICAL + 1; i-- > 0;) {
        if (count[i] == 0)
            continue;
        buf_printf(out, "%s%zu %s", separator, count[i], rules_severity_name((enum severity)i));
        separator = ", ";
    }
    buf_printf(out, "%s in %llu event%s read%s\n", total == 0 ? "" : ")",
               (unsigned long long)x->inputs.events, x->inputs.events == 1 ? "" : "s",
               inputs_unclear(&x->inputs, unclear, sizeof(unclear)));
    if (x->findings.unclear > 0)
        buf_printf(out, "%zu role assignment%s: the record does not say which role, or where\n",
                   x->findings.unclear, x->findings.unclear == 1 ? "" : "s");
    if (x->findings.nowhere > 0)
        buf_printf(out,
                   "%zu removal%s of role assignments left out: the record does not say where\n",
                   x->findings.nowhere, x->findings.nowhere == 1 ? "" : "s");
}

/* All findings as sentences. */
static int print_table(const struct scan *x, const struct options *o, struct err *e)
{
    size_t count[SEVERITY_CRITICAL + 1] = {0}, i;
    struct scan_table table;
    struct buf out = {0};
    int ret = 0;

    scan_table_init(&table);
    for (i = 0; ret == 0 && i < x->findings.nreported; i++) {
        const struct finding *f = &x->findings.all[x->findings.reported[i]];

        if (!passes(x, o, f))
            continue;
        count[f->severity]++;
        scan_table_row(&table, f, &out);
        ret = rows_flush(&out, e);
    }
    if (ret == 0) {
        put_summary(x, count, &out);
        ret = rows_flush(&out, e);
    }
    buf_free(&out);
    return ret;
}

/* All findings, one after the other. */
static int print_rows(const struct scan *x, const struct options *o, struct err *e)
{
    struct rows rows = {0};
    int ret = 0;
    size_t i;

    rows_begin(&rows, o->format, &kind, &x->findings);
    for (i = 0; ret == 0 && i < x->findings.nreported; i++) {
        const struct finding *f = &x->findings.all[x->findings.reported[i]];

        if (passes(x, o, f))
            ret = rows_put(&rows, f, e);
    }
    if (ret == 0)
        ret = rows_end(&rows, e);
    rows_free(&rows);
    return ret;
}

int cmd_scan(const struct options *o, struct err *e)
{
    struct scan x = {.options = o};
    struct input in = {0};
    struct reader_calls calls = {pick, take, inputs_damage, inputs_warning, end_file, &x};
    int ret = -1;

    if (inputs_begin(&x.inputs, o, e) != 0)
        goto out;
    /* Everything is read, whatever the filters: what was done before and after a finding belongs to
     * what is said about it. */
    if (input_open(&in, o->paths, o->npaths, 0, 0, e) != 0)
        goto out;
    finding_set_init(&x.findings, &in);
    if (o->format->each)
        rows_begin(&x.rows, o->format, &kind, &x.findings);
    if (reader_run(&in, &calls, e) != 0)
        goto out;
    finding_set_finish(&x.findings, inputs_damaged_list, &x);
    if (o->format->each)
        ret = print_records(&x, e);
    else
        ret = (o->format->row == NULL ? print_table : print_rows)(&x, o, e);
    if (ret != 0)
        goto out;
    if (o->format->row != NULL)
        inputs_tell_unclear(&x.inputs);
    ret = inputs_result(&x.inputs, e);
out:
    scan_free(&x);
    input_close(&in);
    inputs_end(&x.inputs);
    return ret;
}
