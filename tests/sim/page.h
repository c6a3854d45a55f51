/*
 * page: one page of an activity log, newest first, with the faults that change pages.
 */
#ifndef SIM_PAGE_H
#define SIM_PAGE_H

#include "fault.h"
#include "prebuilt.h"
#include "query.h"
#include "reply.h"

/* Events a page: what the service was seen to send. */
#define PAGE_EVENTS 200

/* What a page is made from. */
struct page_job {
    const struct tenant *tenant;
    const struct fault_set *faults;
    const struct query *query;       /* checked */
    const struct prebuilt *prebuilt; /* of the query's scope, or NULL */
    const char *url;                 /* of the links: their origin */
    unsigned number;                 /* of the request in its scope, from 1 */
    int hide_late;                   /* the fault `late` is still on */
    size_t page;                     /* events that it has at most */
    int gzip;                        /* the client takes gzip: prebuilt pages may use it */
};

/* Fill *r with status 200 and the page. Returns -1 when it cannot be compressed. */
int page_build(const struct page_job *job, struct reply *r);

#endif
