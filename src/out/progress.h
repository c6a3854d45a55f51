/*
 * progress: all that goes to standard error while a command runs, as text, as a bar or as JSON
 * objects, one a line. stdout is never touched. Calls come from one thread.
 */
#ifndef AZDAL_OUT_PROGRESS_H
#define AZDAL_OUT_PROGRESS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

/* How to tell it. */
enum progress_style {
    PROGRESS_TEXT,   /* warnings and the last line */
    PROGRESS_DRAWN,  /* the same and a bar that is redrawn */
    PROGRESS_OBJECTS /* every line is one JSON object */
};

struct progress; /* where standard error stands */

/* A new one. quiet: only errors. verbose: notes as well. */
struct progress *progress_new(enum progress_style style, int quiet, int verbose);
void progress_free(struct progress *p);

/* What has been done so far; drawn at most five times a second. */
struct progress_state {
    uint64_t events;
    uint64_t bytes; /* of events, uncompressed */
    uint64_t requests, retries;
    double share; /* of the time range read, 0 to 1 */
    double work; /* of this run's work done, 0 to 1, as far as it can be foreseen: a log's time says
                    little of that where most of its events are of one day */
    unsigned scopes_done, scopes;
    const char *also;  /* what the last line says behind the requests: "3 s waited", or NULL */
    int64_t reached;   /* down to here a single scope has been read from its newest end; or 0 */
    int64_t waited_ms; /* for the service: after refusals, and between requests where it is short */
};
void progress_update(struct progress *p, const struct progress_state *s);

/* One line of warning, or of detail that only --verbose shows. */
void progress_warning(struct progress *p, const char *fmt, ...)
    __attribute__((format(__printf__, 2, 3)));
void progress_note(struct progress *p, const char *fmt, ...)
    __attribute__((format(__printf__, 2, 3)));

/* Ask the parent for the next token (JSON: {"event":"token-needed","reason":...}). */
void progress_token_needed(struct progress *p, const char *reason);

/* The last line of a run that published: verdict, events, the manifest's path and its SHA-256. */
void progress_done(struct progress *p, const char *verdict, const struct progress_state *s,
                   const char *manifest_path, const char *manifest_sha256);

/* Print an error as its one line (and its hint line), or as an `error` object. p may be NULL. */
void progress_error(struct progress *p, int as_object, const struct err *e);

#endif
