#include "cli/cmd.h"
#include "cli/inputs.h"
#include "cli/rows.h"

#include "base/sys.h"
#include "base/timestamp.h"
#include "detect/finding.h"
#include "out/table.h"

#include <stdio.h>
#include <string.h>

/* Columns of a table that does not go to a terminal, and the limits for one that does. */
#define WIDTH_PLAIN 120
#define WIDTH_MIN 80
#define WIDTH_MAX 160

/* What the calls of the reader need. */
struct scan {
    struct inputs inputs; /* first: inputs_* get the same pointer */
    struct finding_set findings;
};

static int pick(const struct event *ev, void *arg)
{
    (void)arg;
    return finding_wants(ev);
}

static int take(const struct reader_event *r, void *arg, struct err *e)
{
    struct scan *x = arg;

    return finding_set_add(&x->findings, r, e);
}

static void warn_list(const char *path, const char *why, void *arg)
{
    struct scan *x = arg;
    struct input_file f = {.path = (char *)(uintptr_t)path, .export_index = -1, .found = 1};

    inputs_damage(&f, 0, why, x);
    x->inputs.last = NULL;
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

/* Append a text between two others, control characters and newlines escaped; NULL: the stand-in. */
static int put_text(struct buf *b, const char *before, const char *text, const char *stand_in,
                    const char *behind)
{
    return buf_puts(b, before) != 0 ||
                   table_escape(b, slice_of(text == NULL ? stand_in : text)) != 0 ||
                   buf_puts(b, behind) != 0
               ? -1
               : 0;
}

/* Who got which role. */
static int put_grant(const struct finding *f, struct buf *b)
{
    const char *role = f->text[FINDING_ROLE_NAME], *principal = f->text[FINDING_PRINCIPAL_ID];
    const char *type = f->text[FINDING_PRINCIPAL_TYPE];

    if (role == NULL)
        role = f->text[FINDING_ROLE_ID];
    if (f->operation->kind == OPERATION_ELEVATE || (role == NULL && principal == NULL))
        return 0;
    if (put_text(b, "\n", role, "unknown role", "") != 0)
        return -1;
    if (principal == NULL)
        return 0;
    return put_text(b, " for ", type, "", type == NULL ? "" : " ") != 0 ||
                   put_text(b, "", principal, "", f->self > 0 ? " (the caller)" : "") != 0
               ? -1
               : 0;
}

/* Lines of the cell that says what happened: title, who got which role, and what became of it. */
static int put_what(const struct finding *f, struct buf *b)
{
    char time[TIMESTAMP_TEXT_MAX];

    if (buf_printf(b, "%s\n[%s]", f->rule->title, f->rule->id) != 0 || put_grant(f, b) != 0)
        return -1;
    if (f->ended_time != 0 &&
        put_text(b, "\nended ", timestamp_format(timestamp_floor_second(f->ended_time), time), "",
                 "") != 0)
        return -1;
    if (f->ended_time != 0 && put_text(b, " by ", f->text[FINDING_ENDED_BY], "unknown", "") != 0)
        return -1;
    return f->state == NULL ? 0 : put_text(b, "\nat export: ", f->state, "", "");
}

/* Date and time of day on two lines. */
static int put_time(const struct finding *f, struct buf *b)
{
    char time[TIMESTAMP_TEXT_MAX];

    if (f->time == 0)
        return buf_puts(b, "unknown");
    (void)timestamp_format(timestamp_floor_second(f->time), time);
    time[10] = '\n';
    return buf_puts(b, time);
}

/* Severity and outcome on two lines. */
static int put_severity(const struct finding *f, struct buf *b)
{
    const char *outcome = rules_outcome_name(f->outcome);

    return buf_printf(b, "%s\n%s", rules_severity_name(f->severity),
                      outcome == NULL ? "outcome unknown" : outcome);
}

/* Caller and address on two lines. */
static int put_caller(const struct finding *f, struct buf *b)
{
    const char *ip = f->text[FINDING_CALLER_IP];

    if (put_text(b, "", f->text[FINDING_CALLER], "unknown", "") != 0)
        return -1;
    return ip == NULL ? 0 : put_text(b, "\nfrom ", ip, "", "");
}

/* Scope and its kind on two lines. */
static int put_scope(const struct finding *f, struct buf *b)
{
    const char *kind = rules_scope_name(f->scope_kind);

    if (put_text(b, "", f->text[FINDING_SCOPE], "unknown", "") != 0)
        return -1;
    return kind == NULL ? 0 : put_text(b, "\n", kind, "", "");
}

/* One finding as a row of the table. */
static int put_row(const struct finding *f, struct table *t)
{
    static int (*const cells[])(const struct finding *, struct buf *) = {
        put_time, put_severity, put_what, put_caller, put_scope};
    struct buf b = {0};
    size_t i;
    int ret = 0;

    for (i = 0; ret == 0 && i < sizeof(cells) / sizeof(cells[0]); i++) {
        buf_clear(&b);
        if (cells[i](f, &b) != 0 || table_cell(t, buf_slice(&b)) != 0)
            ret = -1;
    }
    buf_free(&b);
    return ret;
}

/* "3 findings (1 critical, 2 high) in 268 events". */
static int put_summary(const struct scan *x, const size_t *count, struct buf *out)
{
    size_t total = 0, i;
    const char *separator = " (";
    char unclear[256];

    for (i = 0; i <= SEVERITY_CRITICAL; i++)
        total += count[i];
    if (buf_printf(out, "%s%zu finding%s", total == 0 ? "" : "\n", total, total == 1 ? "" : "s") !=
        0)
        return -1;
    for (i = SEVERITY_CRITICAL + 1; i-- > 0;) {
        if (count[i] > 0 && buf_printf(out, "%s%zu %s", separator, count[i],
                                       rules_severity_name((enum severity)i)) != 0)
            return -1;
        if (count[i] > 0)
            separator = ", ";
    }
    (void)buf_printf(out, "%s in %llu event%s read%s\n", total == 0 ? "" : ")",
                     (unsigned long long)x->inputs.events, x->inputs.events == 1 ? "" : "s",
                     inputs_unclear(&x->inputs, unclear, sizeof(unclear)));
    if (x->findings.unclear > 0)
        (void)buf_printf(out,
                         "%zu role assignment%s: the record does not say which role, or where\n",
                         x->findings.unclear, x->findings.unclear == 1 ? "" : "s");
    return 0;
}

/* All findings as a table. */
static int print_table(const struct scan *x, const struct options *o, struct err *e)
{
    static const struct table_column columns[] = {
        {"TIME", 10}, {"SEVERITY", 9}, {"WHAT", 20}, {"CALLER", 16}, {"SCOPE", 14}};
    struct table *t = table_new(columns, sizeof(columns) / sizeof(columns[0]));
    size_t count[SEVERITY_CRITICAL + 1] = {0}, i, any = 0, width = WIDTH_PLAIN;
    struct buf out = {0};
    int bad = t == NULL, ret;

    if (sys_is_terminal(1)) {
        width = (size_t)sys_terminal_width();
        width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
    }
    for (i = 0; !bad && i < x->findings.nreported; i++) {
        const struct finding *f = &x->findings.all[x->findings.reported[i]];

        if (!passes(x, o, f))
            continue;
        count[f->severity]++;
        any++;
        bad = put_row(f, t) != 0;
    }
    bad = bad || (any > 0 && table_print(t, width, &out) != 0) || put_summary(x, count, &out) != 0;
    ret = bad ? err_memory(e, "table") : rows_flush(&out, e);
    buf_free(&out);
    table_free(t);
    return ret;
}

/* All findings, one after the other. */
static int print_rows(const struct scan *x, const struct options *o, struct err *e)
{
    static const struct rows_kind kind = {finding_properties, finding_property_name, value_of,
                                          item_of};
    int csv = o->format == FORMAT_CSV, ret = 0;
    struct buf out = {0};
    size_t i;

    if (csv)
        rows_put_csv_head(&kind, &out);
    for (i = 0; ret == 0 && i < x->findings.nreported; i++) {
        const struct finding *f = &x->findings.all[x->findings.reported[i]];

        if (!passes(x, o, f))
            continue;
        (csv ? rows_put_csv : rows_put_ndjson)(&kind, &x->findings, f, &out);
        ret = rows_flush(&out, e);
    }
    if (ret == 0)
        ret = rows_flush(&out, e);
    buf_free(&out);
    return ret;
}

int cmd_scan(const struct options *o, struct err *e)
{
    struct scan x = {0};
    struct input in = {0};
    struct reader_calls calls = {pick, take, inputs_damage, inputs_warning, inputs_file_end, &x};
    int ret = -1;

    if (inputs_begin(&x.inputs, o, e) != 0)
        goto out;
    /* Everything is read, whatever the filters: what was done before and after a finding belongs to
     * what is said about it. */
    if (input_open(&in, o->paths, o->npaths, 0, 0, e) != 0)
        goto out;
    finding_set_init(&x.findings, &in);
    if (reader_run(&in, &calls, e) != 0 || finding_set_finish(&x.findings, warn_list, &x, e) != 0)
        goto out;
    if ((o->format == FORMAT_TABLE ? print_table : print_rows)(&x, o, e) != 0)
        goto out;
    if (o->format != FORMAT_TABLE)
        inputs_tell_unclear(&x.inputs);
    ret = inputs_result(&x.inputs, e);
out:
    finding_set_free(&x.findings);
    input_close(&in);
    inputs_end(&x.inputs);
    return ret;
}
