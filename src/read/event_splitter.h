/*
 * event_splitter: cuts plain bytes into events, whatever holds them: NDJSON, objects one behind the
 * other, a JSON array, {"value":[...]}, {"records":[...]}, tables of columns and rows, CSV; events
 * inside other objects and inside texts, a few levels down. It holds one record and a stretch of
 * bytes at a time.
 *
 * Damage costs what it touches: behind it the splitter looks for the next line, or inside a list
 * for the next object that is an event, and goes on there.
 *
 * A new way to cut is a file of its own, with a function like json_records_next, and a row where
 * event_splitter.c looks at the first bytes.
 */
#ifndef AZDAL_READ_EVENT_SPLITTER_H
#define AZDAL_READ_EVENT_SPLITTER_H

#include "read/event.h"
#include "read/unpack.h"

/* Bytes of one event: the service's largest page is 32 MiB, so no event can be larger. */
#define SPLITTER_EVENT_MAX ((size_t)32 << 20)

/* Lists and objects around an event: a browser's saved session has 9; more is no log. */
#define SPLITTER_NEST_MAX 16

/* One thing that is wrong with an input. */
struct splitter_damage {
    uint64_t line; /* where it begins; 0 when it concerns the whole input */
    char why[ERR_MSG_MAX];
};

struct splitter; /* one input being cut */

/* What splitter_next found. */
enum splitter_found {
    SPLITTER_END,
    SPLITTER_EVENT,  /* *ev, valid until the next call */
    SPLITTER_OTHER,  /* an object that is not an event; *ev, as above, with what is known of it */
    SPLITTER_DAMAGE, /* *d */
};

/* A splitter of s, which stays the caller's. first_line numbers its first line. strict: the
 * input is a file of an export: JSON lines, nothing is looked into, and bytes that are no UTF-8 are
 * damage. */
struct splitter *splitter_new(struct unpack *s, uint64_t first_line, int strict);
void splitter_free(struct splitter *z);

/* Call fn(arg) before the bytes of events that were handed out move or go: until then those of a
 * strict splitter stay beyond the next call. */
void splitter_on_move(struct splitter *z, void (*fn)(void *arg), void *arg);

/* Find what comes next; *line is where its record begins (events and others). */
enum splitter_found splitter_next(struct splitter *z, struct event *ev, uint64_t *line,
                                  struct splitter_damage *d);

/* Whether an input that begins with these bytes may hold events: JSON, lines with JSON in them, or
 * a table with names that are known. */
int splitter_may_read(struct slice start);

/* What is to be known about how the input was read, at its end: number i, or NULL behind the last.
 */
const char *splitter_note(const struct splitter *z, size_t i);

#endif
