/*
 * work: the work that threads do: read a page, and make windows of a stretch of pages.
 */
#ifndef AZDAL_ACQUIRE_WORK_H
#define AZDAL_ACQUIRE_WORK_H

#include "acquire/page.h"
#include "base/err.h"
#include "base/pool.h"
#include "store/segment.h"

#include <stddef.h>
#include <stdint.h>

/* A page that a walk and the stretches made of it share. Counted by the main thread alone. */
struct work_page {
    struct page page;
    unsigned refs;
    int64_t bytes; /* of memory that it holds */
};

struct work_page *work_page_ref(struct work_page *p);
/* Drop one reference. Returns the bytes that became free: 0 while others hold it. p may be NULL. */
int64_t work_page_unref(struct work_page *p);

/* What a job is. */
enum work_kind { WORK_PARSE, WORK_STRETCH };

struct work_job {
    struct pool_job job; /* first: what the pool hands back is this struct */
    enum work_kind kind;
    void *walk; /* the owner's */
    int failed;
    struct err e;

    /* WORK_PARSE */
    struct buf body;  /* in: taken over */
    struct page page; /* out */
    int pages_on;     /* in: the header names a next page */
    int64_t held;     /* bytes of the body that count as held */
    int64_t asked_at; /* the server's clock when it answered; of a stretch, the earliest */
    char request_id[80];

    /* WORK_STRETCH: the lines of these pages and runs in [params.from, params.to) */
    struct segment_params params;
    struct work_page **pages; /* owned list of references */
    size_t npages;
    int *runs; /* owned list; the files are closed with the job */
    size_t nruns;
    enum manifest_closed closed;
    char **ids; /* owned */
    size_t nids;
    uint64_t outside;
    struct segment_result result; /* out */
};

/* A zeroed job of that kind, ready for pool_add. */
struct work_job *work_job_new(enum work_kind kind, void *walk);
/* Release it with all that it owns. Returns the bytes of pages that became free. */
int64_t work_job_free(struct work_job *j);

/* The lines of pages in [from, to). */
struct work_stretch {
    struct work_page **pages;
    size_t npages;
    int64_t from, to;
};
/* Sort them into one more run; and, when there are many, merge the runs into one, since each is an
 * open file. *runs and *nruns grow by it. */
int work_spill(const struct work_stretch *s, const struct sys_dir *dir, int **runs, size_t *nruns,
               struct err *e);

#endif
