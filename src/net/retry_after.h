/*
 * retry_after: how long a server asks to wait. Pure.
 *
 * RFC 9110 has seconds and dates; gateways also send fractions, negative numbers, dates of the
 * past, ISO 8601, hh:mm:ss and the same header twice. Azure's own services add milliseconds in
 * x-ms-retry-after-ms and retry-after-ms.
 */
#ifndef AZDAL_NET_RETRY_AFTER_H
#define AZDAL_NET_RETRY_AFTER_H

#include "base/buf.h"

#include <stdint.h>

/* Waits above this many seconds are all the same: ten years. */
#define RETRY_AFTER_LONGEST_S INT64_C(315360000)

struct retry_after {
    int64_t wait_ms; /* the longest that was named, or -1 */
    int64_t until;   /* the latest date that was named, in ticks, or 0 */
};

/* Take a field of a header, whatever it is. */
void retry_after_take(struct retry_after *r, struct slice name, struct slice value);
/* Milliseconds to wait from `now` (ticks, of the clock that the dates are of); 0 or more, or -1
 * when nothing that can be read was named. */
int64_t retry_after_ms(const struct retry_after *r, int64_t now);

/* Read a date in one of the three forms of HTTP, or as ISO 8601. Returns -1 when it is none. */
int retry_after_date(struct slice text, int64_t *ticks);

#endif
