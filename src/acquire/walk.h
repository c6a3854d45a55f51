/*
 * walk: one connection's way through a range, newest page first. Checks every page against the ones
 * before it, and commits stretches as they become certain.
 */
#ifndef AZDAL_ACQUIRE_WALK_H
#define AZDAL_ACQUIRE_WALK_H

#include "acquire/fetch.h"
#include "acquire/plan.h"
#include "acquire/work.h"
#include "base/fingerprints.h"

#include <stddef.h>
#include <stdint.h>

/* In place of the time of an answer that cannot be trusted: earlier than all others. */
#define WALK_ASKED_NEVER 1

struct walk {
    struct walk *next; /* of all walks that have not been freed */
    int slot;          /* in the plan, or -1 once its place was given up */
    unsigned scope;
    struct fetch_request request;
    char *url;                /* owned: what is asked for now */
    int busy;                 /* a request or the parsing of its answer is under way */
    unsigned jobs;            /* stretches being made */
    int ended;                /* no more pages are wanted */
    int cancelled;            /* what still comes is thrown away */
    int drained;              /* it got to its last link */
    int followed;             /* it was given a next link */
    int twice;                /* a page without events or link came, and was asked for again */
    uint64_t pages_before;    /* that had come of the scope when the page was asked for */
    int first_again;          /* the page asked for now has no link: it was asked for anew */
    int anew;                 /* the rest of the range was asked for anew at least once */
    unsigned links_refused;   /* in a row */
    unsigned tries;           /* of the page asked for now, unreadable answers */
    struct walk_query *query; /* the caller's */
    int64_t ask_from, ask_to; /* what the filter asks for, both inclusive */
    int64_t from, to;         /* the part of the range that is its own */
    int64_t commit_to;        /* [commit_to, to) is committed */
    int64_t front;            /* oldest time seen; ask_to + 1 before the first event */
    struct work_page **pages; /* owned references: not committed */
    size_t npages;
    int64_t held; /* bytes of them */
    int *runs;    /* owned: what did not fit into memory */
    size_t nruns;
    int64_t asked_at; /* earliest answer since the last commit, 0: none */
    char **ids;       /* owned: request ids since the last commit */
    size_t nids;
    uint64_t outside;     /* events outside the query since the last commit */
    int64_t position;     /* the least one that a next link has led to */
    int64_t strangers_at; /* the oldest event newer than the filter allows */
    unsigned idle;        /* pages in a row that led nowhere */
    unsigned stale;       /* pages in a row, not empty, without a new event */
    int64_t aside;        /* bytes put aside on disk since the last commit */
    struct fingerprints links, events, strangers; /* strangers: events outside the filter */
    struct fingerprints before;                   /* events of the page before */
};

/* What a page means for its walk. */
enum walk_verdict {
    WALK_GO_ON,   /* ask for walk->url next */
    WALK_DONE,    /* the walk has read what it was to read; commit the rest */
    WALK_DISORDER /* newer events came after older ones: the scope's order cannot be trusted */
};

/* A walk over plan walk `slot`; ask_from..ask_to are whole seconds. */
struct walk *walk_new(const struct plan *plan, int slot, int64_t ask_from, int64_t ask_to);
/* Release it. Returns the bytes of pages that became free. */
int64_t walk_free(struct walk *w);

/* What the walks of a scope share: the query's range, and the events outside it, counted once
 * although every walk may get them from a server that ignores the filter. */
struct walk_query {
    int64_t since, until;
    struct fingerprints outside;
};

/* What is known of an answer besides its page. */
struct walk_answer {
    int64_t asked_at; /* the server's time, or WALK_ASKED_NEVER */
    const char *request_id;
};

/*
 * Take a page (over; zeroed): check it, keep it, tell the plan, and set w->url to the next link.
 * Errors: ERR_UNTRUSTED (paging without end, more events of one time than can be kept),
 * ERR_INTERNAL.
 */
int walk_take_page(struct walk *w, struct plan *plan, struct page *page,
                   const struct walk_answer *answer, enum walk_verdict *verdict, struct err *e);
/*
 * A job that commits [from, w->commit_to) of what the walk holds, and forgets that part. The
 * caller sets level, split, dir and closed.
 */
struct work_job *walk_commit(struct walk *w, int64_t from);
/* Lowest time from which on the walk holds everything: what may be committed now. */
int64_t walk_certain_from(const struct walk *w, const struct plan *plan);
/* Move what is held into a run on disk. *freed: bytes of pages that became free. */
int walk_spill(struct walk *w, const struct sys_dir *dir, int64_t *freed, struct err *e);
/*
 * Get ready to ask for the rest of the range anew: returns the second up to which to ask
 * (inclusive). What was held of the oldest time is forgotten, since it comes again, and newer
 * events that come again are passed over; what is newer is for the caller to commit afterwards. A
 * `whole` walk trusts no order and starts over. *freed: bytes of pages that became free.
 */
int64_t walk_rewind(struct walk *w, int whole, int64_t *freed);

#endif
