/*
 * splitter_part: what the cutters of event_splitter share; for event_splitter.c, json_records.c,
 * json_look.c, json_walk.c, json_inside.c, delimited.c and leef.c alone.
 */
#ifndef AZDAL_READ_SPLITTER_PART_H
#define AZDAL_READ_SPLITTER_PART_H

#include "read/columns.h"
#include "read/event_splitter.h"
#include "read/table_header.h"
#include "read/window.h"

/* Texts of JSON inside texts of JSON that are looked into. */
#define SPLITTER_TEXTS_MAX 4
/* An object that is longer than this and no event so far is entered before its end is seen. */
#define SPLITTER_WRAPPER_MIN ((size_t)1 << 20)

enum level_kind { LEVEL_LIST, LEVEL_OBJECT };

/* What encloses the place that is read. */
struct level {
    enum level_kind kind;
    int quiet;       /* entered to look for events: what is none is passed over */
    int record;      /* counts as an object that is not an event when none is found inside */
    int rows;        /* its elements are rows of a table */
    int found;       /* events inside */
    uint64_t line;   /* of the record that it belongs to */
    size_t times_at; /* length of `times` before it */
    size_t time_at, time_len;
};

/* The state of a file that is cut as JSON. */
struct json_state {
    struct level level[SPLITTER_NEST_MAX];
    int depth;
    int comma;        /* a value was read: a comma or the end has to come */
    int after_bad;    /* inside a damaged stretch: objects that are no events are part of it */
    int prefixed;     /* lines have something in front of their JSON, as in syslog */
    uint64_t bare;    /* lines without JSON among such lines */
    uint64_t refused; /* behind the first byte of the last answer that is an error; 0: none */
    int holds;        /* of a text: events, or a list of them, so that damage in it is told */
    int linked;       /* whether the last answer goes on at a link; -1: no answer so far */
    struct buf times; /* times of the wrappers that are open */
    struct slice given_time; /* of the wrapper of a text; data NULL: none */
    struct splitter *text;   /* a text being read, or NULL; kept for the next one */
    int in_text;
    uint64_t text_hash; /* of the last text of this record */
    struct buf hold;    /* an event that was put together, or the text that holds it */
    struct buf whole;
};

/* The state of a file of rows. */
struct rows_state {
    struct table_header head;
    int began;       /* the header was read */
    int held;        /* an event waits behind damage */
    size_t header;   /* cells of the header; 0 while it is read */
    size_t known;    /* how many of them are known names */
    size_t length;   /* bytes of the last row */
    size_t bad_cell; /* number and place of the cell that is wrong */
    size_t bad_at;
    const char *bad_why;
    size_t broken; /* number of a cell that should be JSON and is not; 0: none */
    struct buf cell;
};

struct splitter {
    struct window w;
    enum splitter_found (*next)(struct splitter *z, struct event *ev, struct splitter_damage *d);
    uint64_t event_line; /* of what `next` hands out */
    int texts;           /* how many texts it stands in */
    int done;            /* nothing more will come */
    struct columns columns;
    struct buf row; /* the row at hand as an object */
    struct json_state json;
    struct rows_state rows;
};

/* Note damage at the current place. Returns SPLITTER_DAMAGE. */
enum splitter_found splitter_tell(struct splitter *z, struct splitter_damage *d, const char *why);

/* Begin anew with an empty window; the memory stays. */
void splitter_restart(struct splitter *z, uint64_t line);

/* The ways to cut. Each returns SPLITTER_END at the end, else as splitter_next. */
enum splitter_found json_records_next(struct splitter *z, struct event *ev,
                                      struct splitter_damage *d);
enum splitter_found delimited_next(struct splitter *z, struct event *ev, struct splitter_damage *d);
enum splitter_found leef_next(struct splitter *z, struct event *ev, struct splitter_damage *d);

/* Whether the text begins with a line of LEEF or CEF that holds no JSON. */
int leef_begins(struct slice text);

/*
 * Looking for events inside other things (json_inside.c).
 * json_inside_text: open a text that may hold events; json_inside_next gives them. 1 when it may.
 * json_inside_next: SPLITTER_EVENT, SPLITTER_DAMAGE for an answer that is an error, or SPLITTER_END
 * behind the last; in_text says whether to ask on.
 * json_inside_row: the event that z->row is or holds; of several, the others come next. An event,
 * an object that is none, or damage.
 * json_inside_whole: replace *ev by the event that it holds beside what a tool made of it. 1 or 0.
 * json_inside_ecs: replace *ev by the event of an Elastic document. 1 or 0.
 * json_inside_time: give *ev the time of its wrapper.
 */
int json_inside_text(struct splitter *z, struct slice value);
enum splitter_found json_inside_next(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d);
enum splitter_found json_inside_row(struct splitter *z, struct event *ev,
                                    struct splitter_damage *d);
int json_inside_whole(struct splitter *z, struct event *ev);
int json_inside_ecs(struct splitter *z, struct event *ev);
void json_inside_time(struct splitter *z, struct event *ev);

#endif
