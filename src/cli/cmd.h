/*
 * cmd: the commands. Each takes the parsed command line, writes data to stdout alone, and returns
 * 0, or -1 with *e, which main prints and turns into the exit status. Warnings and progress go
 * through out/progress.h. main checks and closes stdout afterwards.
 */
#ifndef AZDAL_CLI_CMD_H
#define AZDAL_CLI_CMD_H

#include "base/err.h"
#include "cli/options.h"

int cmd_acquire(const struct options *o, struct err *e);
int cmd_scan(const struct options *o, struct err *e);
int cmd_trace(const struct options *o, struct err *e);
int cmd_cat(const struct options *o, struct err *e);
int cmd_verify(const struct options *o, struct err *e);
int cmd_rules(const struct options *o, struct err *e);

#endif
