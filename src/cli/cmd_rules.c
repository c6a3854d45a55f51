#include "cli/cmd.h"

#include "detect/rules.h"
#include "out/table.h"

#include <stdio.h>
#include <string.h>

/* Columns of the text that says what a rule is about, and of what is listed behind a word. */
#define TEXT_INDENT 4
#define LIST_INDENT 16
#define TEXT_WIDTH 79

/* One rule: its id and title, and below them what it looks at. */
static void put_rule(const struct rule *r, struct buf *out)
{
    enum severity low, high;
    const char *name;
    size_t i;

    rules_severities(r, &low, &high);
    buf_printf(out, "%s: %s\n", r->id, r->title);
    buf_puts(out, "    ");
    table_wrap(out, r->about, TEXT_INDENT, TEXT_INDENT, TEXT_WIDTH);
    buf_printf(out, "    severity    %s", rules_severity_name(high));
    if (low != high)
        buf_printf(out, " to %s", rules_severity_name(low));
    buf_puts(out, "\n    techniques  ");
    for (i = 0; r->techniques[i] != NULL; i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", r->techniques[i]);
    buf_putc(out, '\n');
    if (r->elsewhere != NULL) {
        buf_puts(out, "    elsewhere   ");
        table_wrap(out, r->elsewhere, LIST_INDENT, LIST_INDENT, TEXT_WIDTH);
    }
    for (i = 0; (name = rules_operation_name(r, i)) != NULL; i++)
        buf_printf(out, "    %s  %s\n", i == 0 ? "operations" : "          ", name);
}

int cmd_rules(const struct options *o, struct err *e)
{
    static const char *const closing[] = {
        "A failed attempt is one step lower, an assignment to oneself one step higher. Attempts "
        "answered RoleAssignmentExists, deletions that found nothing and cascade deletions are "
        "informational.",
        "Not covered, because deployments do it every day; azdal trace shows it for those who were "
        "granted power: alert rules, action groups and log profiles deleted, keys listed, "
        "suppression rules, networks, vaults, clusters and other resources changed or deleted "
        "(Panther azure_alert_rules_deleted and azure_action_groups_deleted, Sigma "
        "c1182e02-49a3-481c-b3de-0fadc4091488 and others). What Azure Policy itself does or finds "
        "in the course of a call is not counted as anybody's act (Panther azure_policy_violation "
        "and "
        "azure_policy_deployifnotexists).",
    };
    struct buf out = {0};
    const struct rule *r;
    size_t i;
    int ret = 0;

    (void)o;
    for (r = rules_table; r->id != NULL; r++) {
        if (r != rules_table)
            buf_putc(&out, '\n');
        put_rule(r, &out);
    }
    for (i = 0; i < sizeof(closing) / sizeof(closing[0]); i++) {
        buf_putc(&out, '\n');
        table_wrap(&out, closing[i], 0, 0, TEXT_WIDTH);
    }
    if (fwrite(out.data, 1, out.len, stdout) != out.len)
        ret = err_set(e, ERR_LOCAL, "standard output cannot be written");
    buf_free(&out);
    return ret;
}
