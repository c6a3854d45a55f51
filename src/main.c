/*
 * azdal: process set-up, dispatch, the one line that reports an error, the only exit().
 */
#include "base/mem.h"
#include "base/sys.h"
#include "base/version.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "net/http.h"
#include "net/mask.h"
#include "out/progress.h"

#include <stdio.h>
#include <stdlib.h>

/* Write *out to stdout. */
static int print(const struct buf *out, struct err *e)
{
    if (out->len > 0 && fwrite(out->data, 1, out->len, stdout) != out->len)
        return err_set(e, ERR_LOCAL, "standard output cannot be written");
    return 0;
}

static int print_help(enum command command, struct err *e)
{
    struct buf out = {0};
    int ret;

    options_help(command, &out);
    ret = print(&out, e);
    buf_free(&out);
    return ret;
}

/* The version, and on a second line what it is built with. */
static int print_version(struct err *e)
{
    struct buf out = {0};
    int ret;

    buf_printf(&out, "azdal %s\nFeatures: ", AZDAL_VERSION);
    http_features(&out);
    buf_putc(&out, '\n');
    ret = print(&out, e);
    buf_free(&out);
    return ret;
}

/* Run what the command line asks for. */
static int run(const struct options *o, struct err *e)
{
    if (o->help)
        return print_help(o->command, e);
    if (o->version)
        return print_version(e);
    switch (o->command) {
    case COMMAND_ACQUIRE:
        return cmd_acquire(o, e);
    case COMMAND_SCAN:
        return cmd_scan(o, e);
    case COMMAND_TRACE:
        return cmd_trace(o, e);
    case COMMAND_CAT:
        return cmd_cat(o, e);
    case COMMAND_RULES:
        return cmd_rules(o, e);
    case COMMAND_VERIFY:
        return cmd_verify(o, e);
    default:
        break;
    }
    return err_set(e, ERR_INTERNAL, "command not built in");
}

/* Whether errors are objects, for out_of_memory. */
static int errors_are_objects;

/* The last thing that happens when memory runs out: one line and status 1. Standard output is not
 * flushed, since other threads may hold it. */
static void out_of_memory(void)
{
    (void)fputs(
        errors_are_objects
            ? "{\"event\":\"error\",\"code\":1,\"message\":\"out of memory\",\"hint\":null}\n"
            : "azdal: out of memory\n",
        stderr);
    (void)fflush(stderr);
    _Exit(ERR_INTERNAL);
}

int main(int argc, char **argv)
{
    struct options o;
    struct err e = {0};
    int status = 0;

    sys_start();
    argv = sys_arguments(&argc, argv);
    errors_are_objects = options_want_json(argc, argv);
    mem_on_failure(out_of_memory);
    if (options_parse(&o, argc, argv, &e) != 0) {
        status = e.code;
    } else {
        if (run(&o, &e) != 0)
            status = e.code;
        options_free(&o);
    }
    /* stdout decides too: what could not be written was not delivered. */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && (status == 0 || status == ERR_INCOMPLETE)) {
        (void)err_set(&e, ERR_LOCAL, "standard output cannot be written");
        status = e.code;
    }
    if (fclose(stdout) != 0 && status == 0) {
        (void)err_set(&e, ERR_LOCAL, "standard output cannot be closed");
        status = e.code;
    }
    if (status != 0)
        progress_error(NULL, errors_are_objects, &e);
    mask_forget();
    exit(status);
}
