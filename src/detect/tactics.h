/*
 * tactics: what an operation is good for in the hands of somebody who took power, as one table.
 * Pure.
 *
 * Sources: MITRE ATT&CK (group G1053 among others), the Azure Threat Research Matrix, Microsoft's
 * lists of resource provider operations and of Resource Guard's critical operations, and public
 * detection rules. What is in no row is "Other", and counted all the same.
 */
#ifndef AZDAL_DETECT_TACTICS_H
#define AZDAL_DETECT_TACTICS_H

#include "base/buf.h"

/* In the order in which a story is told. */
enum tactic {
    TACTIC_ESCALATION,
    TACTIC_HIERARCHY,
    TACTIC_CREDENTIALS,
    TACTIC_EXECUTION,
    TACTIC_EVASION,
    TACTIC_EXFILTRATION,
    TACTIC_IMPACT,
    TACTIC_OTHER,
    TACTICS
};

/* One row. */
struct tactics_row {
    const char *operation; /* '*' stands for any text; letter case is ignored */
    enum tactic tactic;
    const char *techniques[3]; /* ATT&CK, ends with NULL or with the array */
};

/* The first row that covers an operation; never NULL: the last one is TACTIC_OTHER. */
const struct tactics_row *tactics_find(struct slice operation);
/* "Privilege escalation" and so on. */
const char *tactics_name(enum tactic t);
/* Whether an operation only reads or checks: it changes nothing and hands out no secret. */
int tactics_only_reads(struct slice operation);

#endif
