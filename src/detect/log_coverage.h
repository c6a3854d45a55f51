/*
 * log_coverage: which logs a story would need that are not among the inputs, so that nobody takes
 * silence for innocence.
 */
#ifndef AZDAL_DETECT_LOG_COVERAGE_H
#define AZDAL_DETECT_LOG_COVERAGE_H

#include "base/hash_map.h"
#include "detect/holders.h"
#include "read/input.h"

/* Where the powers of one story reach. */
struct log_coverage_reach {
    int everywhere;                            /* the root, or the tenant root group */
    int groups;                                /* a management group */
    int unlogged_group, unlogged_subscription; /* places of powers whose log is not there whole */
    char *group, *subscription;                /* one of each, as "mg:ID" and "sub:ID" */
};

/* What logs the inputs have. Zeroed is empty. */
struct log_coverage {
    struct hash_map complete; /* scopes as in manifests, lower case */
    struct hash_map status;   /* scopes that are there but not complete: place in `bad` */
    const struct manifest_scope **bad;
    size_t nbad, cap_bad;
    size_t subscriptions, groups; /* complete logs of either */
    size_t bad_subscriptions, bad_groups;
    int tenant;            /* the tenant's log is there whole */
    int all_subscriptions; /* all that were visible were asked for */
    int all_groups;
    int plain;                        /* single files, which are no whole export */
    struct log_coverage_reach *reach; /* for each story */
    size_t nstories;
};

void log_coverage_read(struct log_coverage *c, const struct input *in, const struct holders *h);
/* Call note() with each sentence on what is missing for a story. */
void log_coverage_tell(const struct log_coverage *c, size_t story,
                       void (*note)(const char *text, void *arg), void *arg);
void log_coverage_free(struct log_coverage *c);

#endif
