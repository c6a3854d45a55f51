/*
 * paging: where a next link leads. Pure.
 *
 * The service's links carry a token such as "US1:0636306619936266340:11e76b2b;EU1:-1:FFFFFFFF": for
 * each regional store the time of the event that it would give next, in ticks, newest first.
 */
#ifndef AZDAL_ACQUIRE_PAGING_H
#define AZDAL_ACQUIRE_PAGING_H

#include "base/err.h"

#include <stdint.h>

/* The position does not say itself. */
#define PAGING_UNKNOWN (-1)

/* The position of a next link: the newest time in its token. It falls from page to page where
 * paging gets anywhere. PAGING_UNKNOWN when the link has no token or one of another form. */
int64_t paging_position(const char *link);

/*
 * Refuse a next link that leaves out a part of what was asked for at `asked`, as far as it says
 * what it asks for: the service's links repeat scope and filter. Both are whole URLs; one that is
 * NULL says nothing. from: where the range asked for begins; oldest: the time of the oldest event
 * so far, INT64_MIN before the first; ticks. Errors: ERR_UNTRUSTED.
 */
int paging_check(const char *asked, const char *link, int64_t from, int64_t oldest, struct err *e);

#endif
