/*
 * reader: runs over inputs. Parts are read by several threads at a time, each ahead of the others
 * by a bounded number of bytes; what they pick is handed out by the calling thread in the order of
 * the inputs, so that the result does not depend on the threads.
 */
#ifndef AZDAL_READ_READER_H
#define AZDAL_READ_READER_H

#include "read/event.h"
#include "read/input.h"

/* One picked event. */
struct reader_event {
    struct slice line; /* the object on one line; a newline stands behind it */
    const struct input_file *file;
    size_t file_index;
    uint64_t line_number; /* where it begins in the plain text of the file */
};

/* How a file went, told behind its last event. */
struct reader_file {
    const struct input_file *file;
    uint64_t events;      /* picked or not */
    uint64_t others;      /* objects that are no events */
    uint64_t first_other; /* line of the first */
    uint64_t damage;      /* times that damage was told */
    uint64_t unread;      /* of these, what this machine did not let be opened */
};

struct reader_calls {
    /* Whether to hand out an event. Called by several threads at once: reads arg, changes nothing.
     */
    int (*pick)(const struct event *ev, void *arg);
    /* The rest is called by the thread that called reader_run. A result other than 0 ends the run.
     */
    int (*event)(const struct reader_event *r, void *arg, struct err *e);
    void (*damage)(const struct input_file *f, uint64_t line, const char *why, void *arg);
    void (*warning)(const struct input_file *f, const char *text, void *arg);
    void (*file_end)(const struct reader_file *f, void *arg);
    void *arg;
};

/*
 * Read all parts. Errors: what event() said; ERR_INTERNAL without memory or threads. Damage of the
 * inputs is no error here: damage() is told.
 */
int reader_run(const struct input *in, const struct reader_calls *calls, struct err *e);

#endif
