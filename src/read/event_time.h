/*
 * event_time: a point in time in the forms that people's tools write it in. Pure.
 *
 * ISO 8601; month/day/year and day/month/year with or without AM or PM, zone and fraction;
 * year/month/day; day.month.year; names of months in English; RFC 1123; seconds, milliseconds and
 * so on since 1970; ticks of .NET and Windows; /Date(ms)/; a day number of a spreadsheet. Without a
 * zone it is UTC.
 */
#ifndef AZDAL_READ_EVENT_TIME_H
#define AZDAL_READ_EVENT_TIME_H

#include "base/buf.h"

#include <stdint.h>

/* Which number comes first where two numbers and a year stand between slashes. */
enum event_time_order { EVENT_TIME_UNKNOWN, EVENT_TIME_MONTH_FIRST, EVENT_TIME_DAY_FIRST };

/* A time that was read. */
struct event_time {
    int64_t ticks;
    enum event_time_order shows; /* the order that this text alone proves */
    int either;                  /* the text may be read in both orders */
};

/* Read text; order decides where it may be read both ways, month first when it is unknown. Returns
 * 0, or -1 when it is no time. */
int event_time_read(struct slice text, enum event_time_order order, struct event_time *t);

#endif
