/*
 * plot: the kinds of operation that stories are made of, with the bodies and records that the
 * service keeps of each.
 */
#ifndef SIM_PLOT_H
#define SIM_PLOT_H

#include "story.h"

/* Indexes into story_roles. */
enum plot_role { OWNER, CONTRIBUTOR, ACCESS_ADMIN, READER, MONITORING };

/* Stories in the making. */
struct plot {
    struct tenant *t;
    struct story *s;
    struct log_scope *home; /* of the operations that follow */
    struct rng rng;
};

/* A formatted text that the caller owns. */
char *plot_text(const char *fmt, ...) __attribute__((format(__printf__, 1, 2)));

/* Begin a story in that log; 0 when the log has no room for its events: the operations of one story
 * go in together or not at all. */
int plot_begin(struct plot *b, struct log_scope *home, size_t events);

/* Each of these appends one operation at `mille` thousandths of the stretch, with its events. */

/* An elevation of the caller to User Access Administrator at /. */
struct story_op *plot_elevate(struct plot *b, const char *name, int mille, enum who caller);
/* A role given. pascal: the request body as PowerShell writes it. */
struct story_op *plot_give(struct plot *b, const char *name, const char *rule, int mille,
                           enum who caller, enum who principal, int role, const char *scope,
                           int pascal);
/* The deletion of what `given` gave. */
struct story_op *plot_take(struct plot *b, const char *name, int mille, enum who caller,
                           struct story_op *given);
/* The single record that the deletion of a whole scope leaves about an assignment in it. */
void plot_cascade(struct plot *b, const char *name, const char *rule, int mille, enum who caller,
                  const char *scope, const char *action, int role);

/* Any other operation on a resource. rule as in struct story_op. */
struct story_op *plot_do(struct plot *b, const char *name, int mille, enum who caller,
                         const char *operation, const char *resource);

/* What holders of power did with it (deeds.c); elevation and grant are those of the tenant's own
 * stories, or NULL where its log had no room for them. */
void plot_deeds(struct plot *b);

#endif
