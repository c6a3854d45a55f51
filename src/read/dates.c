#include "read/dates.h"

#include "base/timestamp.h"
#include "read/event_splitter.h"

/* Note which comes first in one time. */
static void note_order(struct dates *d, enum event_time_order shows)
{
    if (shows == EVENT_TIME_UNKNOWN || d->mixed)
        return;
    d->mixed = d->order != EVENT_TIME_UNKNOWN && d->order != shows;
    d->order = d->mixed ? EVENT_TIME_UNKNOWN : shows;
}

/* Go through the input anew for the times that show whether the day or the month comes first. */
static void find_order(struct dates *d)
{
    enum splitter_found found = SPLITTER_EVENT;
    struct unpack *s = d->open(d->arg);
    struct splitter *z;
    struct splitter_damage damage;
    struct event ev;
    struct event_time t;
    uint64_t line;

    if (s == NULL)
        return;
    z = splitter_new(s, 1, 0);
    while (!d->mixed && found != SPLITTER_END) {
        found = splitter_next(z, &ev, &line, &damage);
        if (found == SPLITTER_EVENT &&
            event_value_time_read(ev.field[EVENT_TIME], EVENT_TIME_UNKNOWN, &t) == 0)
            note_order(d, t.shows);
    }
    splitter_free(z);
    unpack_close(s);
}

/* Whether a time stands as the service writes it: it needs no closer look. */
static int is_plain(struct slice value)
{
    return value.len >= 21 && value.data[0] == '"' && value.data[5] == '-' &&
           value.data[8] == '-' && value.data[11] == 'T' && value.data[14] == ':';
}

enum dates_found dates_check(struct dates *d, const struct event *ev)
{
    struct slice value = ev->field[EVENT_TIME];
    struct event_time t;

    if (is_plain(value) &&
        timestamp_parse((struct slice){value.data + 1, value.len - 2}, &t.ticks) == 0 &&
        t.ticks >= TICKS_PER_DAY)
        return DATES_PLAIN;
    if (event_value_time_read(value, d->order, &t) != 0)
        return DATES_NONE;
    note_order(d, t.shows);
    if (!t.either)
        return DATES_PLAIN;
    if (!d->mixed && !d->looked) {
        d->looked = 1;
        find_order(d);
    }
    if (d->order == EVENT_TIME_UNKNOWN) {
        d->noted = 1;
        return DATES_EITHER;
    }
    return d->order == EVENT_TIME_DAY_FIRST ? DATES_SWAPPED : DATES_PLAIN;
}
