#include "cli/cmd.h"

#include "detect/rules.h"

#include <stdio.h>
#include <string.h>

/* Columns of the text that says what a rule is about. */
#define TEXT_INDENT 4
#define TEXT_WIDTH 79

/* Append words, indented and broken into lines. */
static void put_words(const char *text, struct buf *out)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t n = strcspn(text, " ");

        if (column == 0 || column + 1 + n > TEXT_WIDTH) {
            buf_printf(out, "%s%*s", column == 0 ? "" : "\n", TEXT_INDENT, "");
            column = TEXT_INDENT;
        } else {
            buf_putc(out, ' ');
            column++;
        }
        buf_append(out, text, n);
        column += n;
        text += n + strspn(text + n, " ");
    }
    buf_putc(out, '\n');
}

/* One rule: its id and title, and below them what it looks at. */
static void put_rule(const struct rule *r, struct buf *out)
{
    enum severity low, high;
    const char *name;
    size_t i;

    rules_severities(r, &low, &high);
    buf_printf(out, "%s: %s\n", r->id, r->title);
    put_words(r->about, out);
    buf_printf(out, "    severity    %s", rules_severity_name(high));
    if (low != high)
        buf_printf(out, " to %s", rules_severity_name(low));
    buf_puts(out, "\n    techniques  ");
    for (i = 0; r->techniques[i] != NULL; i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", r->techniques[i]);
    if (r->elsewhere != NULL)
        buf_printf(out, "\n    elsewhere   %s", r->elsewhere);
    for (i = 0; (name = rules_operation_name(r, i)) != NULL; i++)
        buf_printf(out, "\n    %s  %s", i == 0 ? "operations" : "          ", name);
    buf_putc(out, '\n');
}

int cmd_rules(const struct options *o, struct err *e)
{
    struct buf out = {0};
    const struct rule *r;
    int ret = 0;

    (void)o;
    for (r = rules_table; r->id != NULL; r++) {
        if (r != rules_table)
            buf_putc(&out, '\n');
        put_rule(r, &out);
    }
    buf_puts(&out, "\nA failed attempt is one step lower, a role given to oneself "
                   "one step higher. Attempts answered\nRoleAssignmentExists, "
                   "deletions that found nothing and cascade deletions are "
                   "informational.\n"
                   "\nLeft out, since deployments do it every day; azdal trace tells "
                   "it of those who were granted power:\nalert rules, action groups "
                   "and log profiles deleted, keys listed, suppression rules, "
                   "networks, vaults,\nclusters and other resources changed or "
                   "deleted.\n");
    if (fwrite(out.data, 1, out.len, stdout) != out.len)
        ret = err_set(e, ERR_LOCAL, "standard output cannot be written");
    buf_free(&out);
    return ret;
}
