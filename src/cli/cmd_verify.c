#include "cli/cmd.h"
#include "export/verify.h"

#include <inttypes.h>
#include <stdio.h>

/* The result as lines: findings, and when there is no problem the summary. */
static int print_result(const struct verify_result *r)
{
    size_t i;

    for (i = 0; i < r->nlines; i++) {
        if (puts(r->lines[i]) == EOF)
            return -1;
    }
    if (r->problems > 0)
        return 0;
    return printf("%s: %zu files, %" PRIu64 " events, %" PRIu64
                  " windows; SHA-256 of manifest.json: %s\n",
                  r->complete ? "COMPLETE" : "INCOMPLETE", r->files, r->events, r->windows,
                  r->manifest_sha256) < 0
               ? -1
               : 0;
}

int cmd_verify(const struct options *o, struct err *e)
{
    struct verify_result r = {0};
    int ret;

    if (verify_export(o->paths[0], &r, e) != 0)
        return err_wrap(e, "verify");
    if (print_result(&r) != 0)
        ret = err_set(e, ERR_LOCAL, "standard output cannot be written");
    else if (r.problems > 0)
        ret = err_set(e, ERR_UNTRUSTED, "verify: %s: %zu problem%s", o->paths[0], r.problems,
                      r.problems == 1 ? "" : "s");
    else
        ret = 0;
    verify_result_free(&r);
    return ret;
}
