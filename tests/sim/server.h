/*
 * server: the simulator on the wire.
 *
 * It listens on a port of 127.0.0.1 that the system chooses, prints {"url":"..."} and a newline on
 * standard output, and serves until standard input ends or SIGTERM comes.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "tenant.h"

/* Serve the tenant. Errors: ERR_LOCAL, ERR_INTERNAL. */
int server_run(const struct sim_options *o, const struct tenant *t, struct err *e);

#endif
