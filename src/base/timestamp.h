/*
 * timestamp: points in time as .NET ticks (100 ns since 0001-01-01T00:00:00Z, proleptic Gregorian),
 * the unit of the service's own paging positions and of `.../ticks/N` in an event's id. Pure.
 */
#ifndef AZDAL_BASE_TIMESTAMP_H
#define AZDAL_BASE_TIMESTAMP_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

#define TICKS_PER_SECOND INT64_C(10000000)
#define TICKS_PER_DAY (INT64_C(86400) * TICKS_PER_SECOND)
/* Ticks of 1970-01-01T00:00:00Z. */
#define TICKS_UNIX_EPOCH INT64_C(621355968000000000)

/* Ticks of the last moment of the year 9999. */
#define TICKS_LAST INT64_C(3155378975999999999)

/* Room for the longest text that timestamp_format writes, with its '\0'. */
#define TIMESTAMP_TEXT_MAX 32

/*
 * Read an ISO 8601 time: a date ("2026-11-01"), or date, 'T', 't' or a blank, hh:mm[:ss[.fraction]]
 * and an optional zone ("Z", "+02:00", "-0700"); without a zone it is UTC. Digits of the fraction
 * past the seventh are dropped. Returns 0, or -1 when it is none (no message: the caller knows
 * which).
 */
int timestamp_parse(struct slice text, int64_t *ticks);

/*
 * Read what a user may write after --since or --until: an ISO 8601 time, or a whole number with d,
 * h or m, so long before `now`. *relative (may be NULL) says which it was. Errors: ERR_USAGE,
 * message
 * "<text>: why".
 */
int timestamp_parse_when(const char *text, int64_t now, int64_t *ticks, int *relative,
                         struct err *e);

/* Write "2026-11-22T10:00:00Z", with up to 7 digits of fraction if there is one. Returns out. */
const char *timestamp_format(int64_t ticks, char out[TIMESTAMP_TEXT_MAX]);

/* Write "2026-11-22", the UTC day. Returns out. */
const char *timestamp_format_date(int64_t ticks, char out[TIMESTAMP_TEXT_MAX]);

/* Whole seconds at or before, and at or after. */
int64_t timestamp_floor_second(int64_t ticks);
int64_t timestamp_ceil_second(int64_t ticks);
/* UTC midnight at or before. */
int64_t timestamp_floor_day(int64_t ticks);

int64_t timestamp_from_unix(int64_t seconds);

/* Widen the range from *first to *last (both 0: none yet) so that it has a time in it; 0 is none.
 */
void timestamp_widen(int64_t *first, int64_t *last, int64_t time);

#endif
