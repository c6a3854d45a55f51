/*
 * options_table: the options and commands as two tables, from which options.c parses the command
 * line and prints --help. A new option is a row here. For options.c alone.
 */
#ifndef AZDAL_CLI_OPTIONS_TABLE_H
#define AZDAL_CLI_OPTIONS_TABLE_H

#include "cli/options.h"

#include <stddef.h>

/* How a row's value is read and where it goes. */
enum options_kind {
    KIND_FLAG,   /* no value; an int becomes 1 */
    KIND_TEXT,   /* a const char * */
    KIND_LIST,   /* may be repeated; the list of scopes */
    KIND_NUMBER, /* a long between min and max */
    KIND_CHOICE, /* one of the words; an int becomes its value */
    KIND_CLOUD,  /* the name of a cloud of net/arm.c, kept as a const char * */
    KIND_FORMAT  /* one of rows_formats[] */
};

/* A word of a choice. */
struct options_word {
    const char *text;
    int value;
};

/* One option. */
struct options_row {
    const char *name;  /* behind "--" */
    const char *value; /* name of its value in help, or NULL */
    int commands;
    enum options_kind kind;
    size_t at;
    long min, max;
    const struct options_word *words;
    int secret; /* the value is never repeated in a message */
    const char *help;
};

/* One command. */
struct options_command {
    enum command command;
    const char *name, *usage, *help;
    size_t min_paths, max_paths;
};

/* Each ends with a row whose name is NULL. */
extern const struct options_row options_rows[];
extern const struct options_command options_commands[];

/* Rows in options_rows. */
#define OPTIONS_ROWS_MAX 64

#endif
