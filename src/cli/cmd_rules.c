#include "cli/cmd.h"

#include "detect/rules.h"

#include <stdio.h>
#include <string.h>

/* Columns of the text that says what a rule is about. */
#define TEXT_INDENT 4
#define TEXT_WIDTH 79

/* Append words, indented and broken into lines. */
static int put_words(const char *text, struct buf *out)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        int bad = 0;

        if (column == 0 || column + 1 + n > TEXT_WIDTH) {
            bad = buf_printf(out, "%s%*s", column == 0 ? "" : "\n", TEXT_INDENT, "");
            column = TEXT_INDENT;
        } else {
            bad = buf_putc(out, ' ');
            column++;
        }
        if (bad != 0 || buf_append(out, text, n) != 0)
            return -1;
        column += n;
        text += n + strspn(text + n, " ");
    }
    return buf_putc(out, '\n');
}

/* One rule: its id and title, and below them what it looks at. */
static int put_rule(const struct rule *r, struct buf *out)
{
    enum severity low, high;
    const char *name;
    size_t i;

    rules_severities(r, &low, &high);
    if (buf_printf(out, "%s: %s\n", r->id, r->title) != 0 || put_words(r->about, out) != 0 ||
        buf_printf(out, "    severity    %s", rules_severity_name(high)) != 0 ||
        (low != high && buf_printf(out, " to %s", rules_severity_name(low)) != 0) ||
        buf_puts(out, "\n    techniques  ") != 0)
        return -1;
    for (i = 0; r->techniques[i] != NULL; i++) {
        if (buf_printf(out, "%s%s", i > 0 ? ", " : "", r->techniques[i]) != 0)
            return -1;
    }
    if (r->elsewhere != NULL && buf_printf(out, "\n    elsewhere   %s", r->elsewhere) != 0)
        return -1;
    for (i = 0; (name = rules_operation_name(r, i)) != NULL; i++) {
        if (buf_printf(out, "\n    %s  %s", i == 0 ? "operations" : "          ", name) != 0)
            return -1;
    }
    return buf_putc(out, '\n');
}

int cmd_rules(const struct options *o, struct err *e)
{
    struct buf out = {0};
    const struct rule *r;
    int ret = 0;

    (void)o;
    for (r = rules_table; ret == 0 && r->id != NULL; r++) {
        if ((r != rules_table && buf_putc(&out, '\n') != 0) || put_rule(r, &out) != 0)
            ret = err_memory(e, "rules");
    }
    if (ret == 0 &&
        buf_puts(&out, "\nA failed attempt is one step lower, a role given to oneself "
                       "one step higher. Attempts answered\nRoleAssignmentExists, "
                       "deletions that found nothing and cascade deletions are "
                       "informational.\n"
                       "\nLeft out, since deployments do it every day; azdal trace tells "
                       "it of those who were granted power:\nalert rules, action groups "
                       "and log profiles deleted, keys listed, suppression rules, "
                       "networks, vaults,\nclusters and other resources changed or "
                       "deleted.\n") != 0)
        ret = err_memory(e, "rules");
    if (ret == 0 && fwrite(out.data, 1, out.len, stdout) != out.len)
        ret = err_set(e, ERR_LOCAL, "standard output cannot be written");
    buf_free(&out);
    return ret;
}
