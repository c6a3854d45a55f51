/*
 * engine: one run of an acquisition: every scope's missing ranges are walked, and what comes is
 * committed, until each scope has ended one way or another.
 */
#ifndef AZDAL_ACQUIRE_ENGINE_H
#define AZDAL_ACQUIRE_ENGINE_H

#include "acquire/fetch.h"
#include "base/err.h"
#include "net/arm.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of bodies that arrive, wait for threads or wait for a commit, together. */
#define ENGINE_BUDGET_BYTES (48U << 20)
/* Plain bytes of a commit: what a kill may cost a walk, and a window of the ledger. */
#define ENGINE_COMMIT_BYTES (2U << 20)
/* Jobs for each thread that may wait before no more requests are sent: enough that no thread is
 * ever idle. What waits longer is no sooner done, and lost by a kill. */
#define ENGINE_JOBS_PER_THREAD 2
/* Milliseconds between two commits of the journal, at most. */
#define ENGINE_COMMIT_MS 500
/* They come sooner where the disk is quick: a commit may take one part in so many of the time, and
 * what it does not name yet is lost by a kill. */
#define ENGINE_COMMIT_SHARE 10
/* Milliseconds between them, at least. */
#define ENGINE_COMMIT_LEAST_MS 50
/* Pages with a next link in a row that lead nowhere: they have no new event, and the position in
 * their links does not fall. The service is known to send a few empty pages. */
#define ENGINE_IDLE_MAX 5
/* The same where links do not say a position. */
#define ENGINE_IDLE_UNKNOWN_MAX 100
/* Pages in a row, not empty, without an event that is new: paging stands still. */
#define ENGINE_STALE_MAX 2
/* Events of one time (100 ns), or of one range that is read to its last link, that are told apart:
 * 32 MiB of hashes. The service writes some tens of thousands in a second where it is busiest. */
#define ENGINE_TOLD_APART_MAX 2000000
/* GiB that one walk may put aside on disk before it can commit: a day of the busiest tenants. */
#define ENGINE_ASIDE_GIB_MAX 16
/* How far the server's clock may be from this machine's before neither is believed: five minutes,
 * what Kerberos and Windows domains allow. */
#define ENGINE_CLOCK_TICKS (INT64_C(5) * 60 * 10000000)
/* Shortest range that is halved when the service is too slow for it, six hours: below, it is not
 * the width that makes it slow. */
#define ENGINE_NARROWEST_TICKS (INT64_C(6) * 3600 * 10000000)
/* Windows of a scope in a row that cannot be fetched before the scope has failed. */
#define ENGINE_MISSED_MAX 3
/* Next links of a walk in a row that may be refused: a link expires while a token is waited for, or
 * the service has moved; one that does so every time is a service that does not page. */
#define ENGINE_LINKS_REFUSED_MAX 2
/* Times that one page is asked for when its answer cannot be read. */
#define ENGINE_PAGE_TRIES 3

/* Numbers for progress. */
struct engine_counts {
    uint64_t events, bytes, requests, retries;
    int64_t reached;   /* of a single scope: all that is newer has been read; or 0 */
    int64_t waited_ms; /* in which nothing could be sent */
    double share;      /* of the time to be read, 0 to 1 */
    double work;       /* of the answers that this run is likely to need, 0 to 1 */
    unsigned scopes_done, scopes;
};

struct engine_config {
    struct journal *journal;        /* its query, and its scopes in the order of `scopes` */
    const struct arm_scope *scopes; /* one for each scope of the journal, also for absent and failed
                                       lists, which are left alone; the caller's */
    char *const *states; /* one for each scope: as a list gave it ("Disabled"), or NULL */
    size_t nscopes;
    struct fetch *fetch;
    unsigned connections, threads;
    int level;
    char unavailable_hint[ERR_HINT_MAX]; /* out: advice for the first scope that is unavailable */
    int tenant_lacking; /* out: the tenant has no event, and the right is not among the permissions
                         */
    void *arg;
    void (*progress)(void *arg, const struct engine_counts *c);
    void (*warning)(void *arg, const char *text);

    /* For a stream (to_stdout.h); NULL and 0 otherwise. With it ranges are small, are read to their
     * last link, and begin with the oldest. */
    void *stream;
    int (*on_windows)(void *stream, struct err *e); /* windows were added; -1 stops the run */
    int (*may_begin)(void *stream);                 /* may one more range be begun? */
    void (*on_begin)(void *stream, int64_t to);     /* a range up to `to` was begun */
    void (*on_give_up)(void *stream, int64_t to);   /* it waits again */
    uint64_t probe_events;                          /* so many events were seen in so many ticks */
    int64_t probe_ticks;
};

/*
 * Fetch what the journal does not have. Returns 0 when every scope has a status in the journal
 * (complete, forbidden, failed, expired, unavailable); -1 when the run has to stop: interrupted, no
 * token, no disk. Either way all that was fetched is committed. *first_failure is the
 * error of the first scope, in order, that failed; its code is ERR_NONE if none did.
 */
int engine_run(struct engine_config *c, struct engine_counts *counts, struct err *first_failure,
               struct err *e);

#endif
