/*
 * paging: where a next link leads. Pure.
 *
 * The service's links carry a token such as "US1:0636306619936266340:11e76b2b;EU1:-1:FFFFFFFF": for
 * each regional store the time of the event that it would give next, in ticks, newest first.
 */
#ifndef AZDAL_ACQUIRE_PAGING_H
#define AZDAL_ACQUIRE_PAGING_H

#include <stdint.h>

/* The position does not say itself. */
#define PAGING_UNKNOWN (-1)

/* The position of a next link: the newest time in its token. It falls from page to page where
 * paging gets anywhere. PAGING_UNKNOWN when the link has no token or one of another form. */
int64_t paging_position(const char *link);

/*
 * What a next link asks for that leaves out a part of what was asked for at `asked`; NULL when it
 * does not, as far as it says. Both are whole URLs. from: where the range asked for begins; oldest:
 * the time of the oldest event so far; ticks. The service's links repeat scope and filter.
 */
const char *paging_strays(const char *asked, const char *link, int64_t from, int64_t oldest);

#endif
