/*
 * event_splitter: cuts plain bytes into events, whatever holds them: NDJSON, objects one behind the
 * other, a JSON array, {"value":[...]}, {"records":[...]}, these inside each other, printed on one
 * line or on many. Every byte is checked as JSON. It holds one event and a chunk of bytes at a
 * time.
 *
 * Damage costs what it touches: behind it the splitter looks for the next line, or inside a list
 * for the next object that is an event, and goes on there.
 */
#ifndef AZDAL_READ_EVENT_SPLITTER_H
#define AZDAL_READ_EVENT_SPLITTER_H

#include "read/event.h"
#include "read/unpack.h"

/* Bytes of one event: the service's largest page is 32 MiB, so no event can be larger. */
#define SPLITTER_EVENT_MAX ((size_t)32 << 20)

/* Lists and answers inside each other: two are seen (an array of answers); more is no log. */
#define SPLITTER_NEST_MAX 8

/* One thing that is wrong with an input. */
struct splitter_damage {
    uint64_t line; /* where it begins; 0 when it concerns the whole input */
    char why[ERR_MSG_MAX];
};

struct splitter; /* one input being cut */

/* What splitter_next found. */
enum splitter_found {
    SPLITTER_FATAL = -1, /* no memory; *e says so */
    SPLITTER_END,
    SPLITTER_EVENT,  /* *ev, valid until the next call */
    SPLITTER_OTHER,  /* an object that is no event, whole; *ev, as above */
    SPLITTER_DAMAGE, /* *d */
};

/* A splitter of s, which stays the caller's. first_line numbers its first line. NULL without
 * memory.
 */
struct splitter *splitter_new(struct unpack *s, uint64_t first_line);
void splitter_free(struct splitter *z);

/* Find what comes next; *line is where it begins (events and others). */
enum splitter_found splitter_next(struct splitter *z, struct event *ev, uint64_t *line,
                                  struct splitter_damage *d, struct err *e);

/* Number of the line that would come next: behind the last line at the end. */
uint64_t splitter_line(const struct splitter *z);

#endif
