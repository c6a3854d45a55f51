/*
 * sim: a simulator of Azure Resource Manager's activity logs, for tests and for the demonstration.
 * What it speaks is in server.c; the command line in options.c.
 */
#include "event.h"
#include "options.h"
#include "server.h"
#include "story.h"
#include "token.h"

#include "base/sys.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* Write *out to stdout and empty it. */
static int flush(struct buf *out, struct err *e)
{
    if (out->len > 0 && fwrite(out->data, 1, out->len, stdout) != out->len)
        return err_set(e, ERR_LOCAL, "standard output cannot be written");
    buf_clear(out);
    return 0;
}

/* A time option; `otherwise` when it is absent. */
static int time_option(const char *text, int64_t now, int64_t otherwise, int64_t *ticks,
                       struct err *e)
{
    *ticks = otherwise;
    return text == NULL ? 0 : timestamp_parse_when(text, now, ticks, NULL, e);
}

/* Append event i with its second version, smaller bytes first. */
static void print_versions(struct buf *out, const struct tenant *t, const struct log_scope *s,
                           size_t i)
{
    struct buf a = {0}, b = {0};
    const struct buf *first = &a, *second = &b;

    event_render(&a, t, s, i);
    event_render_conflict(&b, t, s, i);
    if (slice_compare(buf_slice(&a), buf_slice(&b)) > 0) {
        first = &b;
        second = &a;
    }
    buf_append(out, first->data, first->len);
    buf_putc(out, '\n');
    buf_append(out, second->data, second->len);
    buf_free(&a);
    buf_free(&b);
}

/* sim expected */
static int expected(const struct sim_options *o, const struct tenant *t, int64_t now, struct err *e)
{
    const struct log_scope *s = tenant_find(t, o->scope == NULL ? "tenant" : o->scope);
    struct buf out = {0};
    int64_t since, until;
    size_t i, end;
    int ret = -1;

    if (s == NULL)
        return err_set(e, ERR_USAGE, "--scope %s: not in this tenant", o->scope);
    if (time_option(o->since, now, 0, &since, e) != 0 ||
        time_option(o->until, now, INT64_MAX, &until, e) != 0)
        return -1;
    end = tenant_lower(s, until);
    for (i = tenant_lower(s, since); i < end; i++) {
        int conflict = fault_on(&o->faults, FAULT_CONFLICT, s->text) != NULL &&
                       event_conflicts(s->index[i].seq);

        if (conflict)
            print_versions(&out, t, s, i);
        else
            event_render(&out, t, s, i);
        buf_putc(&out, '\n');
        if (out.len > (1U << 20) && flush(&out, e) != 0)
            goto done;
    }
    ret = flush(&out, e);
done:
    buf_free(&out);
    return ret;
}

/* sim assignments */
static int assignments(const struct sim_options *o, const struct tenant *t, struct err *e)
{
    const struct story_assignment *list[STORY_ASSIGNMENTS_MAX];
    struct buf out = {0};
    /* The cmdlet asks for `/` with atScope(), and for other scopes gets those below as well. */
    int below = o->az && o->scope != NULL && strcmp(o->scope, "/") != 0;
    size_t i, n = story_assignments(t, o->scope, below, list);
    int ret;

    buf_putc(&out, '[');
    for (i = 0; i < n; i++) {
        buf_puts(&out, i == 0 ? "\n" : ",\n");
        story_print_assignment(&out, t, list[i], o->az);
    }
    buf_puts(&out, "\n]\n");
    ret = flush(&out, e);
    buf_free(&out);
    return ret;
}

/* sim findings */
static int findings(const struct sim_options *o, const struct tenant *t, struct err *e)
{
    const char *wanted = o->scope == NULL ? "tenant" : o->scope;
    struct buf out = {0};
    size_t i, found = 0;
    int ret;

    for (i = 0; i < t->nscopes; i++) {
        if (strcmp(wanted, "all") != 0 && tenant_find(t, wanted) != &t->scopes[i])
            continue;
        found++;
        story_print_findings(&out, t, &t->scopes[i]);
    }
    if (found == 0)
        ret = err_set(e, ERR_USAGE, "--scope %s: not in this tenant", wanted);
    else
        ret = flush(&out, e);
    buf_free(&out);
    return ret;
}

/* sim traced: what a trace of the logs of all scopes must find */
static int traced(const struct tenant *t, struct err *e)
{
    struct buf out = {0};
    int ret;

    story_print_traced(&out, t);
    ret = flush(&out, e);
    buf_free(&out);
    return ret;
}

/* sim scopes: all scopes that have a log, as --scope of other commands takes them */
static int scopes(const struct tenant *t, struct err *e)
{
    struct buf out = {0};
    size_t i;
    int ret;

    for (i = 0; i < t->nscopes; i++)
        buf_printf(&out, "%s\n", t->scopes[i].text);
    ret = flush(&out, e);
    buf_free(&out);
    return ret;
}

/* sim token */
static int token(const struct sim_options *o, struct err *e)
{
    struct buf out = {0};
    int ret;

    token_print(&out, o);
    ret = flush(&out, e);
    buf_free(&out);
    return ret;
}

/* The commands that need the tenant. */
static int run_with_tenant(const struct sim_options *o, struct err *e)
{
    int64_t now = o->now != 0 ? o->now : sys_now();
    struct tenant *t = tenant_new(o, o->day != 0 ? o->day : now);
    int ret = -1;

    switch (o->command) {
    case SIM_EXPECTED:
        ret = expected(o, t, now, e);
        break;
    case SIM_ASSIGNMENTS:
        ret = assignments(o, t, e);
        break;
    case SIM_FINDINGS:
        ret = findings(o, t, e);
        break;
    case SIM_TRACED:
        ret = traced(t, e);
        break;
    case SIM_SCOPES:
        ret = scopes(t, e);
        break;
    default:
        ret = server_run(o, t, e);
        break;
    }
    tenant_free(t);
    return ret;
}

int main(int argc, char **argv)
{
    struct sim_options o;
    struct buf out = {0};
    struct err e = {0};
    int ret;

    sys_start();
    ret = options_parse(&o, argc, argv, &e);
    if (ret == 0 && o.command == SIM_HELP) {
        options_help(&out);
        ret = flush(&out, &e);
    } else if (ret == 0 && o.command == SIM_TOKEN)
        ret = token(&o, &e);
    else if (ret == 0)
        ret = run_with_tenant(&o, &e);
    buf_free(&out);
    if (ret == 0 && fflush(stdout) != 0)
        ret = err_set(&e, ERR_LOCAL, "standard output cannot be written");
    if (ret != 0)
        (void)fprintf(stderr, "sim: %s\n", e.msg);
    return ret == 0 ? 0 : e.code;
}
