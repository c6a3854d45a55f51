/*
 * plan: who walks which range. Pure: observations in, ranges out; no clock, no network.
 *
 * A walk reads a range of one scope from its newest end, page by page. The walk's front is the
 * oldest time it has seen. An idle connection takes a range that waits, or else the older part of
 * the walk that seems to have most left; that walk stops once it is past the cut.
 */
#ifndef AZDAL_ACQUIRE_PLAN_H
#define AZDAL_ACQUIRE_PLAN_H

#include <stddef.h>
#include <stdint.h>

/* Events that a page is taken to hold (recorded answers have 200) until one with a next link says
 * how many; only estimates depend on it. */
#define PLAN_PAGE_EVENTS 200

/* A range [from, to) of a scope that a walk has been given, or that waits. */
struct plan_range {
    unsigned scope;
    int64_t from, to;
    double density;    /* events a tick that are expected in it; 0: nothing is known */
    int whole;         /* never cut: it is read to its last link */
    int guesses;       /* cuts in a row, up to this one, that no page has confirmed */
    uint64_t evidence; /* dense pages that the walk had seen from which those cuts began */
};

/* A walk under way. */
struct plan_walk {
    struct plan_range range; /* as it was given: the filter it asks with */
    int active;
    int64_t stop;         /* the walk is done once its front is at or before this */
    int64_t front;        /* [front, to) has been read */
    uint64_t pages;       /* answers so far */
    double density;       /* of the newest page, events a tick; 0: no page yet */
    uint64_t dense_pages; /* pages in a row of about that density */
};

/* What is known of a scope. */
struct plan_scope {
    unsigned work;         /* ranges that wait and walks that are active */
    double usual;          /* events a tick that it had before this run; 0: not known */
    uint64_t full, hollow; /* pages with events, and pages with a next link alone */
};

struct plan {
    struct plan_walk *walks; /* owned; a walk is named by its index */
    size_t nwalks;
    struct plan_range *waiting; /* owned; newest first within a scope */
    size_t nwaiting, cap;
    size_t head;           /* [head, nwaiting) wait: what is taken from the front is not moved */
    int64_t waiting_ticks; /* of all that waits */
    struct plan_scope *scopes; /* owned */
    size_t nscopes;
    uint64_t events; /* seen so far, and in how many ticks: the mean density */
    int64_t covered;
    uint64_t pages;       /* answers so far */
    uint64_t page_events; /* the most that came on a page with a next link */
    int whole;            /* ranges are never cut: they are read to their last link */
    int uncut;            /* no walk is cut any more: the server does not heed the filter */
    int oldest_first;     /* for --stdout: small ranges, the oldest waiting one first */
    int64_t widest;       /* and no longer than so many ticks; 0: any */
};

/* Zeroed *p with room for `connections` walks. */
void plan_init(struct plan *p, unsigned connections);
void plan_free(struct plan *p);

/* So many events a tick, more than 0, are usual in a scope: its first cuts go by them, and where
 * they fill no page nothing of it is cut before a page says otherwise. */
void plan_usual(struct plan *p, unsigned scope, double density);
/* Let a range wait; `whole` as in struct plan_range. */
void plan_add(struct plan *p, unsigned scope, int64_t from, int64_t to, int whole);
/* Take the waiting ranges of a scope, and those still to be walked, out of the plan (its walks are
 * the caller's to end). */
void plan_drop(struct plan *p, unsigned scope);
/* The same for all scopes at once. */
void plan_drop_all(struct plan *p);

/*
 * Give idle walk slots something to do: starts one walk and returns its index, or -1 when nothing
 * is to be had now. may(arg, scope) tells whether requests for a scope may be sent now (NULL:
 * always).
 */
int plan_take(struct plan *p, int (*may)(void *arg, unsigned scope), void *arg);

/* Leave the part of a walk before `cut` to another one: it waits. */
void plan_cut(struct plan *p, int w, int64_t cut);

enum plan_next { PLAN_GO_ON, PLAN_DONE };

/*
 * Walk w has got a page with n events, the newest at `newest` and the oldest at `oldest` (n > 0),
 * and `more` says whether it has a next link. Returns whether the walk goes on.
 */
enum plan_next plan_page(struct plan *p, int w, uint64_t n, int64_t newest, int64_t oldest,
                         int more);

/* The walk has ended, or is given up: its slot is free. */
void plan_end(struct plan *p, int w);

/* Ticks that no walk has read yet, for progress. */
int64_t plan_left(const struct plan *p);
/* Answers that are still to be expected, by what was seen: at least one for each range. */
double plan_pages_left(const struct plan *p);
/* Down to where all that was to be read has been, from the newest end; 0 when all has. */
int64_t plan_reached(const struct plan *p);
/* Ranges that wait and walks that are active, of one scope. */
unsigned plan_work(const struct plan *p, unsigned scope);
/* Whether there are none. */
int plan_scope_finished(const struct plan *p, unsigned scope);

#endif
