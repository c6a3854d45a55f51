/*
 * hierarchy: which management group a group or subscription is below, as the events themselves say
 * ("<tenant>/<group>/<subscription>" in properties.hierarchy). Names are lower case.
 */
#ifndef AZDAL_DETECT_HIERARCHY_H
#define AZDAL_DETECT_HIERARCHY_H

#include "base/hash_map.h"

#include <stddef.h>

/* Levels that are climbed: Azure allows six below the root; more is a loop in a hostile log. */
#define HIERARCHY_LEVELS_MAX 16

struct hierarchy {
    struct hash_map by_name;
    char **names;
    size_t *above; /* for each name the one above it, or HASH_MAP_NONE */
    size_t n, cap_names, cap_above;
};

/* Note what one path says. What an earlier path said of a name stays. */
void hierarchy_learn(struct hierarchy *h, struct slice path);
/* Whether anything is known to be above a name (a subscription's id, a group's). */
int hierarchy_knows(const struct hierarchy *h, struct slice name);
/* The name `level` steps above a name (1 is the next one), or NULL. */
const char *hierarchy_above(const struct hierarchy *h, struct slice name, size_t level);
void hierarchy_free(struct hierarchy *h);

#endif
