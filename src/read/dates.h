/*
 * dates: whether the day or the month comes first in the times of one input, told by the whole of
 * it where one line cannot say.
 */
#ifndef AZDAL_READ_DATES_H
#define AZDAL_READ_DATES_H

#include "read/event.h"
#include "read/unpack.h"

/* The note of an event whose time nothing in the input explains. */
#define DATES_EITHER_NOTE                                                                          \
    "Day and month of its time may be the other way round: nothing in the file shows which; read " \
    "as "                                                                                          \
    "month/day."

#define DATES_MIXED_NOTE                                                                           \
    "Day and month of its time may be the other way round: the file has times of both kinds; "     \
    "read as month/day."

/* What is known about one input. */
struct dates {
    enum event_time_order order;
    int looked; /* through the whole input */
    int mixed;  /* some times show that the day comes first, others the month */
    int noted;  /* an event was read that may be read in both orders */
    /* Open the input anew, NULL where that cannot be done. */
    struct unpack *(*open)(void *arg);
    void *arg;
};

/* What the time of an event is. */
enum dates_found {
    DATES_PLAIN,   /* it says all by itself, or the month comes first */
    DATES_SWAPPED, /* the day comes first: to be rewritten */
    DATES_EITHER,  /* nothing tells */
    DATES_NONE     /* missing, or it cannot be read */
};

enum dates_found dates_check(struct dates *d, const struct event *ev);

#endif
