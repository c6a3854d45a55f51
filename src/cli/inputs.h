/*
 * inputs: what scan, cat and trace share: the filters of the command line, and telling what is
 * wrong with the inputs.
 */
#ifndef AZDAL_CLI_INPUTS_H
#define AZDAL_CLI_INPUTS_H

#include "cli/options.h"
#include "out/progress.h"
#include "read/reader.h"

#include <stdint.h>

/* Warnings about damage of one file; the rest is only counted. */
#define INPUTS_WARNINGS_MAX 20

/* The filters, and the account of damage while inputs are read. */
struct inputs {
    int64_t since, until; /* ticks; 0: no bound */
    const char *operation, *caller;
    struct progress *progress;
    uint64_t events;               /* read, picked or not */
    uint64_t damage, files;        /* damaged places, and files that have any */
    uint64_t no_operation;         /* events of which it cannot be told what they did */
    uint64_t no_time;              /* events whose time is missing or cannot be read */
    uint64_t unread;               /* of these places, files and folders that could not be opened */
    const struct input_file *last; /* the file that damage was told of last */
    uint64_t told;                 /* how often for that one */
};

/* Read the filters. Errors: ERR_USAGE for times, ERR_INTERNAL. inputs_end releases. */
int inputs_begin(struct inputs *x, const struct options *o, struct err *e);
void inputs_end(struct inputs *x);

/* For reader_calls; arg is a struct inputs (or a structure that begins with one). */
void inputs_damage(const struct input_file *f, uint64_t line, const char *why, void *arg);
void inputs_warning(const struct input_file *f, const char *text, void *arg);
void inputs_file_end(const struct reader_file *r, void *arg);
/* Damage of an export's list of role assignments, at path. */
void inputs_damaged_list(const char *path, const char *why, void *arg);

/* Whether the filters let an event, or what a finding says, through. Texts may be absent. */
int inputs_time_passes(const struct inputs *x, int64_t time);
int inputs_operation_passes(const struct inputs *x, struct slice operation);
int inputs_caller_passes(const struct inputs *x, struct slice caller);

/* "3 events whose operation ..., 2 events ..." behind the count of events; "" when there is nothing
 * to say. Returns out. */
const char *inputs_unclear(const struct inputs *x, char *out, size_t cap);
/* The same as a warning, for formats without a closing line. */
void inputs_tell_unclear(const struct inputs *x);

/* 0, or one line that sums up the damage: ERR_LOCAL when nothing is wrong but that this machine did
 * not let something be read, else ERR_UNTRUSTED. Call at the end. */
int inputs_result(const struct inputs *x, struct err *e);

#endif
