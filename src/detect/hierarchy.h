/*
 * hierarchy: which management group a group or subscription is below, as the events themselves say
 * ("<tenant>/<group>/<subscription>" in properties.hierarchy). Names are lower case.
 */
#ifndef AZDAL_DETECT_HIERARCHY_H
#define AZDAL_DETECT_HIERARCHY_H

#include "base/hash_map.h"

#include <stddef.h>
#include <stdint.h>

/* Levels that are climbed: Azure allows six below the root; more is a loop in a hostile log. */
#define HIERARCHY_LEVELS_MAX 16

/* One name. */
struct hierarchy_node {
    char *name;
    size_t above; /* the one above it, or HASH_MAP_NONE */
    size_t moved; /* its last move, or HASH_MAP_NONE */
    char *path;   /* the first path that ends with it, as written, or NULL */
    int disputed; /* paths say several that it is below: when it was moved is not known */
};

/* What a name is below from a time on. */
struct hierarchy_move {
    int64_t time;
    size_t above;  /* or HASH_MAP_NONE: not known */
    size_t before; /* the move before, or HASH_MAP_NONE */
};

struct hierarchy {
    struct hash_map by_name;
    struct hierarchy_node *nodes;
    size_t n, cap;
    struct hierarchy_move *moves;
    size_t nmoves, cap_moves;
};

/* Note what one path says. */
void hierarchy_learn(struct hierarchy *h, struct slice path);
/* The path of a name (a subscription's id, a group's) that need not be learnt again, or NULL; it
 * stays where it is. "" when no path of it can tell more. */
const char *hierarchy_path(const struct hierarchy *h, struct slice name);
/* Note that a name was moved below another one, or (absent) away. Moves come in order of time; of
 * a name that was moved only they count, and where it was before the first is not known. */
void hierarchy_move(struct hierarchy *h, struct slice name, struct slice above, int64_t time);
/* The name next above a name at a time, or NULL. */
const char *hierarchy_above(const struct hierarchy *h, struct slice name, int64_t time);
void hierarchy_free(struct hierarchy *h);

#endif
