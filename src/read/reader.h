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
    struct slice raw;  /* as the input has it, where a tool keeps it in another shape */
    const struct input_file *file;
    size_t file_index;
    uint64_t line_number; /* where it begins in the plain text of the file */
};

/* Categories of other logs that are told apart in one file; the rest counts as the last. */
#define READER_FOREIGN_MAX 8
/* Bytes of a category's name that are kept. */
#define READER_CATEGORY_MAX 64

/* Records of one category of another log. */
struct reader_foreign {
    char category[READER_CATEGORY_MAX];
    uint64_t n;
    int64_t first, last; /* times of the first and the last of them; 0: none has one */
};

/* How a file went, told behind its last event. */
struct reader_file {
    const struct input_file *file;
    uint64_t events;                /* picked or not */
    uint64_t others;                /* objects that are no events */
    uint64_t first_other;           /* line of the first */
    struct reader_foreign *foreign; /* records of other logs, up to the first with n 0; or NULL */
    uint64_t no_operation;          /* events of which it cannot be told what they did */
    uint64_t no_time;               /* events whose time is missing or cannot be read */
    uint64_t damage;                /* times that damage was told */
    uint64_t unread;                /* of these, what this machine did not let be opened */
};

struct reader_calls {
    /* Whether to hand out an event. Called by several threads at once: reads arg, changes nothing.
     */
    int (*pick)(const struct event *ev, void *arg);
    /* The rest is called by the thread that called reader_run. A result other than 0 ends the run.
     * damage, warning and file_end may be NULL together. */
    int (*event)(const struct reader_event *r, void *arg, struct err *e);
    void (*damage)(const struct input_file *f, uint64_t line, const char *why, void *arg);
    void (*warning)(const struct input_file *f, const char *text, void *arg);
    void (*file_end)(const struct reader_file *f, void *arg);
    void *arg;
};

/* For inputs that are read twice: their parts have the same numbers in each run. Either may be
 * NULL; arg is that of the calls. */
struct reader_parts {
    /* Told each event before pick(), by several threads at once, but of a part by one alone. */
    void (*note)(const struct event *ev, size_t part, void *arg);
    /* Whether a part need not be read again; digests of files are not checked again either. */
    int (*skip)(size_t part, void *arg);
};

/*
 * Read all parts. Errors: what event() said; ERR_INTERNAL without threads. Damage of the
 * inputs is no error here: damage() is told.
 */
int reader_run(const struct input *in, const struct reader_calls *calls, struct err *e);
int reader_run_parts(const struct input *in, const struct reader_calls *calls,
                     const struct reader_parts *parts, struct err *e);

#endif
