/*
 * options: the simulator's command line. `sim --help` prints it.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include "base/err.h"
#include "fault.h"
#include "rng.h"

#include <stdint.h>

#define TENANT_DEFAULT "7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91"

enum sim_command {
    SIM_SERVE,
    SIM_TOKEN,
    SIM_EXPECTED,
    SIM_ASSIGNMENTS,
    SIM_FINDINGS,
    SIM_TRACED,
    SIM_SCOPES,
    SIM_HELP
};

enum distribution { DIST_EVEN, DIST_BURSTY, DIST_FRONT, DIST_INSTANT, DIST_EMPTY };

struct sim_options {
    enum sim_command command;
    /* the tenant */
    uint64_t seed;
    const char *tenant;
    long events, days, groups, subscriptions, events_per_scope, event_bytes;
    int64_t now; /* ticks of the frozen clock, or 0 */
    int64_t day; /* ticks of the day that the events end with, or 0: now */
    enum distribution distribution;
    struct fault_set faults;
    /* serving */
    const char *tls, *log;
    long port, latency_ms, page, list_page, throttle_capacity, throttle_rate;
    int prebuilt, gzip;
    /* token */
    long expires_in, serial;
    const char *audience, *tenant_claim, *name, *object_id;
    /* expected, assignments, findings */
    const char *scope, *since, *until;
    int az;
};

/* Read argv; strings point into it. Errors: ERR_USAGE. */
int options_parse(struct sim_options *o, int argc, char **argv, struct err *e);
/* Append the help text. */
void options_help(struct buf *out);

#endif
