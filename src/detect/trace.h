/*
 * trace: what the holders of granted power did with it. The inputs are read twice: once for the
 * findings, callers and management groups, and once for what the holders did.
 *
 *     trace_init
 *     first reading:  trace_learn for every event, trace_take for those that trace_is_grant picks
 *     trace_begin
 *     second reading: trace_add for those that trace_wants picks
 *     trace_again     if it says so, the second reading again
 *     trace_finish    then rows are in order
 *
 * Memory: callers and holders, their different operations (each with its bins), addresses and
 * tokens; 32 to 64 bytes for each operation of a holder, under power or after it, and each
 * resource of a row, to count each once; nothing of other events.
 */
#ifndef AZDAL_DETECT_TRACE_H
#define AZDAL_DETECT_TRACE_H

#include "base/fingerprints.h"
#include "detect/callers.h"
#include "detect/finding.h"
#include "detect/hierarchy.h"
#include "detect/holders.h"
#include "detect/tactics.h"
#include "detect/trace_event.h"
#include "read/reader.h"

#include <stdint.h>

/* Resources and event ids that a row names. */
#define TRACE_ITEMS_MAX 20
/* Subscriptions, addresses and applications that it names. */
#define TRACE_NAMES_MAX 100
/* Token ids that a holder's note names, and others that came from one address. */
#define TRACE_TOKENS_MAX 10
#define TRACE_LEADS_MAX 10
/* Stretches of time that a row's operations are counted in. */
#define TRACE_BINS_MAX 32

/* Different texts in order of the time when each was first met, those of one time in their own; the
 * first `max` are kept. */
struct trace_list {
    char **items;
    int64_t *times;
    size_t n, cap, max;
};

/* Operations counted by stretches of time, which are of one width and get twice as long until all
 * fit: those from number low to high, each in the place that its number modulo the most has. */
struct trace_bins {
    int64_t width, low, high;
    uint64_t counts[TRACE_BINS_MAX];
};

/* What one holder did of one operation; or, with operation NULL, that he did nothing. */
struct trace_row {
    size_t holder, power;
    char *operation, *title;
    const struct tactics_row *tactic;
    uint64_t count, succeeded, failed, resource_count;
    int64_t first, last;
    struct trace_list resources, subscriptions, addresses, apps, ids;
    struct trace_bins bins;
    struct trace_list bin_texts; /* "FROM/TO COUNT"; after trace_finish */
    char **notes;
    size_t nnotes;
    int several_powers;
};

/* An operation that is counted: when its first record is, and the row that counts it. */
struct trace_operation {
    int64_t time;
    uint32_t row;
};

/* Who has events in one part of the inputs. */
struct trace_part {
    uint32_t *callers;
    size_t n;
    int any; /* others, too: not told apart */
};

struct trace {
    const struct input *input;
    struct trace_part *parts;
    char *holds;     /* for each caller, whether he is a holder; after trace_begin */
    size_t nameless; /* users, no holders, whom the log names and never with an object id */
    const char *nameless_first;
    struct finding_set findings;
    struct callers callers;
    struct hierarchy hierarchy;
    struct holders holders;
    int64_t since, until; /* only operations in this time; 0: no bound */
    int all;              /* operations that only read, too */
    int repeats;          /* events that were seen already are not looked at again */
    struct trace_row *rows;
    size_t nrows, cap_rows;
    struct hash_map by_row, by_use;
    struct fingerprints operations, resources, events;
    struct trace_event event; /* the one at hand */
    size_t principal;         /* whose the last one under power was */
    struct trace_use *uses;   /* what principals came with */
    size_t nuses, cap_uses;
    struct trace_operation *counted;
    size_t ncounted, cap_counted;
    int moved, again; /* some operation got another row; rows are filled once more */
    uint64_t *ends;   /* of operations not counted so far: print and mark */
    size_t nends, cap_ends;
    struct buf key; /* room for one */
};

/* *t is zeroed but for since, until and all; input outlives it. */
void trace_init(struct trace *t, const struct input *input);
void trace_free(struct trace *t);

/* First reading. The first two are called by several threads at once, for a part of the inputs by
 * one alone. */
void trace_learn(struct trace *t, const struct event *ev, size_t part);
int trace_is_grant(const struct event *ev);
/* Errors: as finding_set_add. */
int trace_take(struct trace *t, const struct reader_event *r, struct err *e);

/* Between: find the holders. warn: as finding_set_finish. */
void trace_begin(struct trace *t, void (*warn)(const char *path, const char *why, void *),
                 void *arg);

/* Second reading. Whether nobody who holds power has an event in a part of the inputs. */
int trace_skips(const struct trace *t, size_t part);
/* trace_wants is called by several threads at once and changes nothing. */
int trace_wants(const struct trace *t, const struct event *ev);
/* Returns 1 for an event of a holder under his power (seen for the first time), 0 for another, -1
 * as event_parse. */
int trace_add(struct trace *t, const struct reader_event *r, struct err *e);

/* Whether the second reading has to be done once more, since a record was read before the one that
 * says in which row its operation is counted. */
int trace_again(struct trace *t);

/* Release one row. */
void trace_row_free(struct trace_row *r);

/* Put rows in order and write their notes. */
void trace_finish(struct trace *t);

/* The properties of a row, in the order in which they are printed; as finding_property. */
size_t trace_properties(void);
const char *trace_property_name(size_t i);
void trace_property(const struct trace *t, const struct trace_row *r, size_t i,
                    struct finding_value *v);
struct slice trace_list_item(const struct trace_row *r, size_t i, size_t k);

#endif
