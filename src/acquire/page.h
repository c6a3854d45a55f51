/*
 * page: one answer of the service: bytes -> events and the next link. Pure.
 */
#ifndef AZDAL_ACQUIRE_PAGE_H
#define AZDAL_ACQUIRE_PAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/line.h"

#include <stddef.h>
#include <stdint.h>

struct page {
    struct buf body;    /* owned; the lines point into it */
    struct line *lines; /* owned; in the order of the answer */
    size_t nlines;
    char *next_link; /* owned; NULL on the last page */
    uint64_t count;  /* of the events of all pages, where the answer gives it; else 0 */
};

/*
 * Read an answer of the form {"value":[event,...],"nextLink":"..."}, members in any order, others
 * ignored. *body is taken over (and zeroed) whatever the outcome. Lines are the server's own bytes;
 * whitespace outside strings, if there is any, is removed first. nextLink null or "" is none; it is
 * also known by the names "@nextLink" and "odata.nextLink". A member that reports an error makes
 * the answer none, and so does one that pages on under another name where there is no next link
 * ("continuationToken", "next_link", an object with "next"). Errors: ERR_UNTRUSTED. On failure *p
 * is empty.
 */
int page_parse(struct page *p, struct buf *body, struct err *e);
void page_free(struct page *p);

/*
 * The header of an answer names a next page (Link with rel=next), and its body has no next link:
 * taking it for the last one would lose events. Errors: ERR_UNTRUSTED.
 */
int page_check_header(int pages_on, const char *next_link, struct err *e);

/* A first page without a next link has fewer events than it says. Errors: ERR_UNTRUSTED. */
int page_check_count(const struct page *p, struct err *e);

/* The same walk for lists (subscriptions, management groups, role assignments): fn is called with
 * each element of `value`; *next_link as above, owned by the caller. */
int page_list(struct slice body, int (*fn)(struct slice element, void *arg, struct err *e),
              void *arg, char **next_link, struct err *e);

#endif
