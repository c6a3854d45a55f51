/*
 * engine_walks: the walks of one run: how they begin, commit and end. For engine.c and
 * engine_answers.c. A failure that stops the run is noted with engine_stop.
 */
#ifndef AZDAL_ACQUIRE_ENGINE_WALKS_H
#define AZDAL_ACQUIRE_ENGINE_WALKS_H

#include "acquire/engine.h"
#include "acquire/gaps.h"
#include "acquire/plan.h"
#include "acquire/rights.h"
#include "acquire/walk.h"
#include "base/pool.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* What a scope is about. */
enum phase {
    PHASE_WALKING,
    PHASE_DISTRUSTED, /* its walks come to their ends; then it begins anew without trust in order */
    PHASE_FAILING,    /* its walks come to their ends; then it has failed */
    PHASE_ENDED
};

/* Why a scope, or a part of it, cannot be read. */
struct scope_failure {
    struct err e;
    int status; /* HTTP */
    struct arm_error words;
};

/* A stretch of time. */
struct scope_range {
    int64_t from, to;
};

struct scope_run {
    enum phase phase;
    unsigned walks;               /* not freed yet */
    int queued;                   /* is in struct engine's list of scopes to be looked at */
    int counted;                  /* is in its list of scopes whose counts have changed */
    struct rights_lookup *lookup; /* of the account's right to read it; NULL: none yet */
    int answered;                 /* it is over, and gave: */
    enum manifest_right right;
    uint64_t lookup_at; /* pages that had come when it began */
    int lacking; /* that was the tenant's: the right is not among the permissions that it shows */
    int64_t too_wide; /* ticks of the shortest range that the service was too slow for; 0: none */
    uint64_t pages;   /* that have come */
    struct scope_range *empty; /* owned: what is worth nothing without the right: it ended in an
                                  empty answer, or an earlier run has left it unfinished */
    size_t nempty, empty_cap;
    uint64_t empty_at; /* pages that had come with the last empty answer */
    uint64_t shown_at; /* and before the last request that showed the right, plus 1; 0: none did */
    unsigned missed, missed_in_row; /* windows that could not be fetched */
    int worked;                     /* while one of them was tried, others came */
    struct walk_query query;
    struct scope_failure *failure; /* owned; NULL: none */
};

struct engine {
    const struct engine_config *c;
    struct plan plan;
    struct pool *readers; /* one thread, so that no page waits behind a stretch being deflated */
    struct pool *pool;    /* for stretches */
    struct scope_run *scopes;
    unsigned *queue, *changed; /* scopes to be looked at; scopes whose counts are to be noted */
    size_t nqueue, nchanged;
    unsigned unended;    /* scopes that have not ended */
    struct walk *walks;  /* list of all */
    size_t commit_bytes; /* plain bytes held before a walk commits */
    struct gaps ranges;
    int64_t committed_ms, commit_every_ms;
    struct engine_counts counts;
    int failed; /* the run has to stop: why */
    struct err e;
};

/* The run has to stop. The first reason counts. */
void engine_stop(struct engine *k, const struct err *e);
struct journal_scope *engine_scope(struct engine *k, unsigned scope);
/* The limit of the service that a scope's requests count against. */
unsigned engine_bucket(const struct engine *k, unsigned scope);

/* A scope's failure, new if it has none. */
struct scope_failure *engine_failure(struct engine *k, unsigned scope);
/* Something of a scope has come to an end: it is to be looked at. */
void engine_look_at(struct engine *k, unsigned scope);
/* Its counts have changed. */
void engine_counts_changed(struct engine *k, unsigned scope);

/* Begin the walk that the plan has started in a slot. */
void engine_start(struct engine *k, int slot);
/* Send the request for w->url. */
void engine_ask(struct engine *k, struct walk *w);
/* Point w->url at the first page of [w->ask_from, ask_to], whole seconds. */
void engine_first_url(struct engine *k, struct walk *w, int64_t ask_to);
/* Give what is certain, from `from` on, to a thread. */
void engine_commit(struct engine *k, struct walk *w, int64_t from);
/* Count how often a walk's request was sent. */
void engine_count_requests(struct engine *k, const struct walk *w);
/* No more pages: give the slot back. */
void engine_end(struct engine *k, struct walk *w);
/* Free a walk that has nothing under way any more; note first what it has drained. */
void engine_release(struct engine *k, struct walk *w);
/* In place of the number of a scope. */
#define ENGINE_ALL_SCOPES UINT_MAX
/* Stop all walks of a scope. `keep`: what is certain of them is committed. */
void engine_cancel(struct engine *k, unsigned scope, int keep);

/* The scope cannot be read; or the run has to stop, where it is this machine that has failed. */
void engine_fail_scope(struct engine *k, unsigned scope, const struct err *e, int status,
                       const struct arm_error *words);
/* [from, to) is worth nothing without the right to read the scope: its answer came empty when `at`
 * pages had come. */
void engine_note_empty(struct engine *k, unsigned scope, int64_t from, int64_t to, uint64_t at);
/* The right was shown by a request that was sent when `at` pages had come. */
void engine_note_right(struct engine *k, unsigned scope, uint64_t at);
/* Whether something shows the right to read all that came empty. */
int engine_right_shown(const struct scope_run *s);
/* Begin to look up the account's right to read a scope. */
void engine_look_up_right(struct engine *k, unsigned scope);

/* Its pages came out of order. */
void engine_distrust_scope(struct engine *k, unsigned scope);

#endif
