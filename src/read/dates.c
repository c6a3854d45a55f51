#include "read/dates.h"

#include "read/event_splitter.h"

/* Go through the input anew, up to a time that shows whether the day or the month comes first. */
static enum event_time_order find_order(struct dates *d)
{
    enum event_time_order order = EVENT_TIME_UNKNOWN;
    enum splitter_found found = SPLITTER_EVENT;
    struct unpack *s = d->open(d->arg);
    struct splitter *z;
    struct splitter_damage damage;
    struct event ev;
    struct event_time t;
    uint64_t line;

    if (s == NULL)
        return order;
    z = splitter_new(s, 1, 0);
    while (order == EVENT_TIME_UNKNOWN && found != SPLITTER_END) {
        found = splitter_next(z, &ev, &line, &damage);
        if (found == SPLITTER_EVENT &&
            event_value_time_read(ev.field[EVENT_TIME], EVENT_TIME_UNKNOWN, &t) == 0)
            order = t.shows;
    }
    splitter_free(z);
    unpack_close(s);
    return order;
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

    if (is_plain(value))
        return DATES_PLAIN;
    if (event_value_time_read(value, d->order, &t) != 0)
        return DATES_NONE;
    if (t.shows != EVENT_TIME_UNKNOWN && d->order == EVENT_TIME_UNKNOWN)
        d->order = t.shows;
    if (!t.either)
        return DATES_PLAIN;
    if (d->order == EVENT_TIME_UNKNOWN && !d->looked) {
        d->looked = 1;
        d->order = find_order(d);
    }
    if (d->order == EVENT_TIME_UNKNOWN) {
        d->noted = 1;
        return DATES_EITHER;
    }
    return d->order == EVENT_TIME_DAY_FIRST ? DATES_SWAPPED : DATES_PLAIN;
}
