/*
 * options: the command line. One table (options_table.c) parses it, prints --help and is what the
 * man page and README are compared with.
 */
#ifndef AZDAL_CLI_OPTIONS_H
#define AZDAL_CLI_OPTIONS_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

enum command {
    COMMAND_NONE = 0,
    COMMAND_ACQUIRE = 1,
    COMMAND_SCAN = 2,
    COMMAND_CAT = 4,
    COMMAND_VERIFY = 8,
    COMMAND_RULES = 16,
    COMMAND_TRACE = 32
};

/* A row of rows_formats[] (rows.h). */
struct rows_format;

enum options_progress { PROGRESS_AUTO, PROGRESS_BAR, PROGRESS_JSON, PROGRESS_NONE };

/* Everything the command line says. Strings point into argv. */
struct options {
    enum command command;
    int help, version;
    const char **paths; /* owned array: DIR, or the PATHs */
    size_t npaths;

    const char *since, *until; /* as written, or NULL */
    const char **scopes;       /* owned array, as written; empty means "tenant" */
    size_t nscopes;
    const char *cloud;    /* a name that arm_cloud_find knows, or NULL */
    const char *endpoint; /* or NULL */
    const char *audience; /* with endpoint, or NULL */
    const char *token_command, *token_file;
    int token_stdin;
    long connections, level, newest; /* newest 0: not given */
    int split_day;
    int role_assignments, strict, to_stdout, restart, quiet, verbose;
    int progress; /* enum options_progress */
    const char *cacert;

    const struct rows_format *format; /* NULL where the command prints none */
    const char *operation, *caller;
    int events, all;
    int min_severity; /* 0 informational .. 4 critical */
};

/*
 * Read argv[1..]. Unknown, repeated (where that makes no sense) or contradictory options, missing
 * values and values out of range are ERR_USAGE with a hint that names the help. On success
 * options_free releases what *o owns.
 */
int options_parse(struct options *o, int argc, char **argv, struct err *e);
void options_free(struct options *o);

/* Whether argv asks for `--progress json`: errors of parsing itself are told in that form too. */
int options_want_json(int argc, char **argv);

/* Append the help of one command, or of the program (COMMAND_NONE), to *out. */
void options_help(enum command command, struct buf *out);

#endif
