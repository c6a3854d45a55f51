/*
 * to_stdout: one scope to standard output, without DIR and without resuming.
 */
#ifndef AZDAL_ACQUIRE_TO_STDOUT_H
#define AZDAL_ACQUIRE_TO_STDOUT_H

#include "acquire/engine.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Ranges that may be read ahead of the output; what is finished waits compressed in a temporary
 * file. */
#define TO_STDOUT_AHEAD_MAX 16

struct to_stdout_config {
    struct fetch *fetch;
    const char *endpoint;
    const struct arm_scope *scope;
    int64_t since, until;
    unsigned connections, threads;
    int level;
    void *arg;
    void (*progress)(void *arg, const struct engine_counts *c);
    void (*warning)(void *arg, const char *text);
    /* Whole lines. An error of it ends the stream. */
    int (*write)(void *arg, const void *data, size_t len, struct err *e);
};

/* Every event, oldest first, each as soon as all before it are known. Errors: those of engine_run,
 * of the scope, and of write; what was written before is right but not all. */
int to_stdout_oldest_first(const struct to_stdout_config *c, struct engine_counts *counts,
                           struct err *e);

/* The newest n events, newest first. Errors: the same; ERR_UNTRUSTED for pages out of order. */
int to_stdout_newest(const struct to_stdout_config *c, uint64_t n, struct engine_counts *counts,
                     struct err *e);

#endif
