/*
 * json_walk: what json_records.c, json_look.c and json_walk.c share: moving through a stream of
 * JSON, and reading what stands at the place. For these three and delimited.c alone.
 */
#ifndef AZDAL_READ_JSON_WALK_H
#define AZDAL_READ_JSON_WALK_H

#include "read/splitter_part.h"

/* Whether a failure at p may vanish when more is read. */
int json_walk_may_continue(const struct splitter *z, const char *p);
/* An iterator over what was read and not used. */
struct json_iter json_walk_iterate(const struct splitter *z);
/* Where a walk failed at p on bytes that are no UTF-8: read them as Windows-1252. Returns whether
 * the walk is worth another try. */
int json_walk_recode(struct splitter *z, const char *p, const struct err *e);
/* Tell what is wrong at p, in what was read and not used. Returns SPLITTER_DAMAGE. */
enum splitter_found json_walk_tell(struct splitter *z, struct splitter_damage *d, const char *p,
                                   const char *why);
/* The same, and leave the value at hand. */
enum splitter_found json_walk_give_up(struct splitter *z, struct splitter_damage *d, const char *p,
                                      const char *why);
/* The level that encloses the place, or NULL. */
struct level *json_walk_top(struct splitter *z);
/* Line of the record that a value at the place belongs to: members belong to their object's. */
uint64_t json_walk_line(struct splitter *z);
/* Enter a list or an object; the place is already inside. */
enum splitter_found json_walk_enter(struct splitter *z, struct level l, struct splitter_damage *d);
/* Whether the place is inside something that is looked into. */
int json_walk_is_quiet(struct splitter *z);
/* What is around the place holds events. */
void json_walk_mark_found(struct splitter *z);
/* Hand out an event. */
enum splitter_found json_walk_found(struct splitter *z, struct event *ev);
/* Remember the time of the object that was entered. */
void json_walk_keep_time(struct splitter *z, struct slice value);
/* The object at the place: an event, something else, or an answer to enter (then SPLITTER_END). */
enum splitter_found json_look_object(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d);
/* The value at the place, which begins no event: step over it, or into the text that it is. */
enum splitter_found json_look_value(struct splitter *z, struct splitter_damage *d, size_t *from);
/* A member of an object that was entered. The place is at its name. */
enum splitter_found json_look_member(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d);
/* A row of a table at the place, as an object. */
enum splitter_found json_look_row(struct splitter *z, struct event *ev, struct splitter_damage *d);

#endif
