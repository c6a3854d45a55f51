#include "cli/options.h"

#include "base/mem.h"
#include "cli/options_table.h"
#include "cli/rows.h"
#include "net/arm.h"
#include "out/table.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct options_command *find_command(const char *name)
{
    size_t i;

    for (i = 0; options_commands[i].name != NULL; i++) {
        if (strcmp(options_commands[i].name, name) == 0)
            return &options_commands[i];
    }
    return NULL;
}

static const struct options_command *command_of(enum command command)
{
    size_t i;

    for (i = 0; options_commands[i].name != NULL; i++) {
        if (options_commands[i].command == command)
            return &options_commands[i];
    }
    return NULL;
}

/* A usage error with the hint that every one of them has. */
static int usage(struct err *e, const struct options *o)
{
    const struct options_command *c = command_of(o->command);

    return err_hint(e, "see azdal %s%s--help", c == NULL ? "" : c->name, c == NULL ? "" : " ");
}

/* Append one of the values that an option has. */
static void put_value(struct buf *out, const char *value)
{
    if (out->len > 0)
        buf_puts(out, ", ");
    buf_puts(out, value);
}

/* The values of an option that has a few, in a command. */
static void put_values(const struct options_row *r, int command, struct buf *out)
{
    const struct options_word *w;
    const struct rows_format *f;
    size_t i;

    for (w = r->words; w != NULL && w->text != NULL; w++)
        put_value(out, w->text);
    for (f = rows_formats; r->kind == KIND_FORMAT && f->name != NULL; f++) {
        if (f->commands & command)
            put_value(out, f->name);
    }
    for (i = 0; r->kind == KIND_CLOUD && arm_cloud_at(i) != NULL; i++)
        put_value(out, arm_cloud_at(i)->name);
}

/* Refuse a word that is none of an option's. */
static int no_such_word(const struct options *o, const struct options_row *r, const char *value,
                        struct err *e)
{
    struct buf values = {0};

    put_values(r, (int)o->command, &values);
    (void)err_set(e, ERR_USAGE, "option --%s: %s: not one of %s", r->name, value,
                  buf_text(&values));
    buf_free(&values);
    return usage(e, o);
}

/* Store a format of the command: of that name, or the first. */
static int set_format(struct options *o, const char *name)
{
    const struct rows_format *f;

    for (f = rows_formats; f->name != NULL; f++) {
        if ((f->commands & (int)o->command) && (name == NULL || strcmp(f->name, name) == 0)) {
            o->format = f;
            return 0;
        }
    }
    return -1;
}

/* Store one of the row's words. */
static int set_word(struct options *o, const struct options_row *r, const char *value,
                    struct err *e)
{
    const struct options_word *w;

    for (w = r->words; w->text != NULL; w++) {
        if (strcmp(w->text, value) != 0)
            continue;
        *(int *)(void *)((char *)o + r->at) = w->value;
        return 0;
    }
    return no_such_word(o, r, value, e);
}

/* Store a whole number between the row's bounds. */
static int set_number(struct options *o, const struct options_row *r, const char *value,
                      struct err *e)
{
    char *end;
    long n = strtol(value, &end, 10);

    if (*value < '0' || *value > '9' || *end != '\0' || n < r->min || n > r->max) {
        (void)err_set(e, ERR_USAGE, "option --%s: %s: not a whole number from %ld to %ld", r->name,
                      value, r->min, r->max);
        return usage(e, o);
    }
    *(long *)(void *)((char *)o + r->at) = n;
    return 0;
}

/* Store the value of one option. */
static int set_value(struct options *o, const struct options_row *r, const char *value,
                     struct err *e)
{
    char *base = (char *)o;

    switch (r->kind) {
    case KIND_FLAG:
        *(int *)(void *)(base + r->at) = 1;
        return 0;
    case KIND_TEXT:
        if (*value == '\0') {
            (void)err_set(e, ERR_USAGE, "option --%s: its value is empty", r->name);
            return usage(e, o);
        }
        *(const char **)(void *)(base + r->at) = value;
        return 0;
    case KIND_LIST:
        o->scopes[o->nscopes++] = value;
        return 0;
    case KIND_NUMBER:
        return set_number(o, r, value, e);
    case KIND_CHOICE:
        return set_word(o, r, value, e);
    case KIND_CLOUD:
        *(const char **)(void *)(base + r->at) = value;
        return arm_cloud_find(value) != NULL ? 0 : no_such_word(o, r, value, e);
    case KIND_FORMAT:
        return set_format(o, value) == 0 ? 0 : no_such_word(o, r, value, e);
    }
    return 0;
}

/* Read one option at argv[*i]; moves *i over its value. seen[] has one flag for each row. */
static int parse_option(struct options *o, int argc, char **argv, int *i, char *seen, struct err *e)
{
    const char *text = argv[*i] + 2, *equal = strchr(text, '='), *value = NULL;
    size_t len = equal == NULL ? strlen(text) : (size_t)(equal - text), n;
    const struct options_row *r = NULL;

    for (n = 0; options_rows[n].name != NULL; n++) {
        if (strlen(options_rows[n].name) == len && memcmp(options_rows[n].name, text, len) == 0)
            break;
    }
    if (options_rows[n].name == NULL || !(options_rows[n].commands & (int)o->command)) {
        (void)err_set(e, ERR_USAGE, "option --%.*s: %s", (int)(len > 60 ? 60 : len), text,
                      options_rows[n].name == NULL ? "unknown" : "not for this command");
        return usage(e, o);
    }
    r = &options_rows[n];
    if (seen[n] && r->kind != KIND_LIST && r->kind != KIND_FLAG) {
        (void)err_set(e, ERR_USAGE, "option --%s: given twice", r->name);
        return usage(e, o);
    }
    seen[n] = 1;
    if (r->kind == KIND_FLAG && equal != NULL) {
        (void)err_set(e, ERR_USAGE, "option --%s: takes no value", r->name);
        return usage(e, o);
    }
    if (r->kind != KIND_FLAG) {
        if (equal != NULL)
            value = equal + 1;
        else if (*i + 1 < argc)
            value = argv[++*i];
        if (value == NULL) {
            (void)err_set(e, ERR_USAGE, "option --%s: its value is missing", r->name);
            return usage(e, o);
        }
    }
    return set_value(o, r, value, e);
}

/* The options of acquire that exclude or need each other. */
static int check_acquire(const struct options *o, struct err *e)
{
    int sources = (o->token_command != NULL) + (o->token_file != NULL) + o->token_stdin;

    if (o->to_stdout && o->npaths > 0)
        return err_set(e, ERR_USAGE, "--stdout and DIR cannot be used together");
    if (!o->to_stdout && o->npaths == 0)
        return err_set(e, ERR_USAGE, "acquire: DIR is missing");
    if (sources != 1)
        return err_set(e, ERR_USAGE,
                       "%s: give exactly one of --token-command, --token-file, --token-stdin",
                       sources == 0 ? "no source of tokens" : "several sources of tokens");
    if (o->cloud != NULL && o->endpoint != NULL)
        return err_set(e, ERR_USAGE, "--cloud and --endpoint cannot be used together");
    if (o->audience != NULL && o->endpoint == NULL)
        return err_set(e, ERR_USAGE, "--audience needs --endpoint");
    if (o->newest > 0 && !o->to_stdout)
        return err_set(e, ERR_USAGE, "--newest needs --stdout");
    if (o->to_stdout && (o->split_day || o->role_assignments || o->restart))
        return err_set(e, ERR_USAGE,
                       "--stdout cannot be used with --split day, --role-assignments or --restart");
    if (o->to_stdout && o->nscopes > 1)
        return err_set(e, ERR_USAGE, "--stdout takes one scope only");
    if (o->quiet && o->verbose)
        return err_set(e, ERR_USAGE, "--quiet and --verbose cannot be used together");
    return 0;
}

/* What the parsed words say together. */
static int check(struct options *o, struct err *e)
{
    const struct options_command *c = command_of(o->command);
    int ret = 0;

    if (o->npaths < c->min_paths)
        ret = err_set(e, ERR_USAGE, "%s: %s is missing", c->name,
                      o->command == COMMAND_VERIFY ? "DIR" : "PATH");
    else if (o->npaths > c->max_paths)
        ret =
            err_set(e, ERR_USAGE, "%s: %s: one argument too many", c->name, o->paths[c->max_paths]);
    else if (o->command == COMMAND_ACQUIRE)
        ret = check_acquire(o, e);
    else if (o->events && !o->format->whole && o->format->row != NULL)
        ret = err_set(e, ERR_USAGE, "--events: prints NDJSON, not --format %s", o->format->name);
    return ret == 0 ? 0 : usage(e, o);
}

/* Values that stand where the command line says nothing. */
static void set_defaults(struct options *o)
{
    o->connections = 8;
    o->level = 6;
    (void)set_format(o, NULL);
}

/* Read what stands behind the command's name. */
static int parse_words(struct options *o, int argc, char **argv, struct err *e)
{
    char seen[OPTIONS_ROWS_MAX] = {0};
    int i, only_paths = 0;

    for (i = 2; i < argc; i++) {
        const char *a = argv[i];

        if (!only_paths && strcmp(a, "--") == 0) {
            only_paths = 1;
        } else if (!only_paths && strcmp(a, "-h") == 0) {
            o->help = 1;
        } else if (!only_paths && strncmp(a, "--", 2) == 0) {
            if (parse_option(o, argc, argv, &i, seen, e) != 0)
                return -1;
        } else if (!only_paths && a[0] == '-' && a[1] != '\0') {
            (void)err_set(e, ERR_USAGE, "option %.60s: unknown", a);
            return usage(e, o);
        } else {
            if (*a == '\0') {
                (void)err_set(e, ERR_USAGE, "an argument is empty");
                return usage(e, o);
            }
            o->paths[o->npaths++] = a;
        }
    }
    return o->help || o->version ? 0 : check(o, e);
}

int options_parse(struct options *o, int argc, char **argv, struct err *e)
{
    const struct options_command *c;

    memset(o, 0, sizeof(*o));
    o->paths = mem_zalloc((size_t)argc + 1, sizeof(*o->paths));
    o->scopes = mem_zalloc((size_t)argc + 1, sizeof(*o->scopes));
    if (argc < 2) {
        (void)err_set(e, ERR_USAGE, "no command");
        (void)usage(e, o);
        options_free(o);
        return -1;
    }
    if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
        o->help = 1;
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        o->version = 1;
        return 0;
    }
    c = find_command(argv[1]);
    if (c == NULL) {
        (void)err_set(e, ERR_USAGE, "%.60s: no such command", argv[1]);
        (void)usage(e, o);
        options_free(o);
        return -1;
    }
    o->command = c->command;
    set_defaults(o);
    if (parse_words(o, argc, argv, e) != 0) {
        options_free(o);
        return -1;
    }
    return 0;
}

void options_free(struct options *o)
{
    free(o->paths);
    free(o->scopes);
    o->paths = NULL;
    o->scopes = NULL;
}

int options_want_json(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--progress=json") == 0)
            return 1;
        if (strcmp(argv[i], "--progress") == 0 && i + 1 < argc && strcmp(argv[i + 1], "json") == 0)
            return 1;
    }
    return 0;
}

/* Columns of help text: where the explanation starts and where lines end. */
#define HELP_COLUMN 24
#define HELP_WIDTH 79

/* Append `left` and, from HELP_COLUMN on, `text` broken into lines. */
static void help_entry(struct buf *out, const char *left, const char *text)
{
    size_t column = strlen(left) + 2;

    buf_printf(out, "  %s", left);
    if (column >= HELP_COLUMN) {
        buf_putc(out, '\n');
        column = 0;
    }
    buf_printf(out, "%*s", (int)(HELP_COLUMN - column), "");
    table_wrap(out, text, HELP_COLUMN, HELP_COLUMN, HELP_WIDTH);
}

/* The table of exit statuses. */
static void help_exits(struct buf *out)
{
    const struct err_exit *x;

    buf_puts(out, "\nExit status:\n");
    for (x = err_exits; x->meaning != NULL; x++) {
        char left[16];

        (void)snprintf(left, sizeof(left), "%d", x->code);
        help_entry(out, left, x->meaning);
    }
}

void options_help(enum command command, struct buf *out)
{
    const struct options_command *c = command_of(command);
    size_t i;

    if (c == NULL) {
        buf_puts(out, "azdal - acquire and examine Azure directory activity logs\n\n"
                      "Usage: azdal COMMAND [options] [arguments]\n\nCommands:\n");
        for (i = 0; options_commands[i].name != NULL; i++)
            help_entry(out, options_commands[i].name, options_commands[i].help);
        buf_puts(out, "\nOptions:\n");
        help_entry(out, "-h, --help",
                   "print this help; "
                   "after a command, that command's help");
        help_entry(out, "--version", "print the version");
        help_exits(out);
        return;
    }
    buf_printf(out, "Usage: %s\n\n%c%s.\n\nOptions:\n", c->usage, c->help[0] - ('a' - 'A'),
               c->help + 1);
    for (i = 0; options_rows[i].name != NULL; i++) {
        const struct options_row *r = &options_rows[i];
        char left[64];

        if (!(r->commands & (int)command))
            continue;
        (void)snprintf(left, sizeof(left), "%s--%s%s%s", strcmp(r->name, "help") == 0 ? "-h, " : "",
                       r->name, r->value == NULL ? "" : " ", r->value == NULL ? "" : r->value);
        help_entry(out, left, r->help);
    }
    help_exits(out);
}
