/*
 * noise: the ordinary operations between which the stories hide. Pure: everything follows from the
 * scope's seed and the event's number.
 */
#ifndef SIM_NOISE_H
#define SIM_NOISE_H

#include "event.h"

/* Room that a noise event needs for its texts. */
struct noise_text {
    char resource_id[400], group[64], body[2048], hierarchy[240];
};

/* When event `seq` of a log of n events happened. */
int64_t noise_ticks(const struct tenant *t, const struct log_scope *s, uint32_t seq, size_t n);
/* What it says. */
void noise_spec(const struct tenant *t, const struct log_scope *s, const struct entry *entry,
                struct noise_text *text, struct event_spec *out);

#endif
