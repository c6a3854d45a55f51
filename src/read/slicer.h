/*
 * slicer: cuts plain bytes into events, whatever holds them: NDJSON, objects one behind the other,
 * a JSON array, {"value":[...]}, {"records":[...]}, these inside each other, printed on one line or
 * on many. Every byte is checked as JSON. It holds one event and a chunk of bytes at a time.
 *
 * Damage costs what it touches: behind it the slicer looks for the next line, or inside a list for
 * the next object that is an event, and goes on there.
 */
#ifndef AZDAL_READ_SLICER_H
#define AZDAL_READ_SLICER_H

#include "read/event.h"
#include "read/source.h"

/* Bytes of one event: the service's largest page is 32 MiB, so no event can be larger. */
#define SLICER_EVENT_MAX ((size_t)32 << 20)

/* Lists and answers inside each other: two are seen (an array of answers); more is no log. */
#define SLICER_NEST_MAX 8

/* One thing that is wrong with an input. */
struct slicer_damage {
    uint64_t line; /* where it begins; 0 when it concerns the whole input */
    char why[ERR_MSG_MAX];
};

struct slicer; /* one input being cut */

/* What slicer_next found. */
enum slicer_found {
    SLICER_FATAL = -1, /* no memory; *e says so */
    SLICER_END,
    SLICER_EVENT,  /* *ev, valid until the next call */
    SLICER_OTHER,  /* an object that is no event, whole; *ev, as above */
    SLICER_DAMAGE, /* *d */
};

/* A slicer of s, which stays the caller's. first_line numbers its first line. NULL without memory.
 */
struct slicer *slicer_new(struct source *s, uint64_t first_line);
void slicer_free(struct slicer *z);

/* Find what comes next; *line is where it begins (events and others). */
enum slicer_found slicer_next(struct slicer *z, struct event *ev, uint64_t *line,
                              struct slicer_damage *d, struct err *e);

/* Number of the line that would come next: behind the last line at the end. */
uint64_t slicer_line(const struct slicer *z);

#endif
