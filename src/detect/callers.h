/*
 * callers: who called under which name and from where, learned from all events of a log. Memory is
 * bounded by different callers and their addresses, not by events.
 */
#ifndef AZDAL_DETECT_CALLERS_H
#define AZDAL_DETECT_CALLERS_H

#include "base/hash_map.h"
#include "detect/hierarchy.h"
#include "read/event.h"

struct sys_mutex;

/* One caller as events name it. */
struct caller {
    char *name;      /* as first written */
    char *object_id; /* the claim seen with that name, lower case, or NULL */
    char *app_id;    /* of a token without a user, lower case, or NULL */
    size_t next;     /* the same name with another object id, or HASH_MAP_NONE */
};

/* One address that a caller came from. */
struct caller_address {
    size_t caller;
    char *address;
};

struct callers {
    struct sys_mutex *lock;
    struct caller *all;
    size_t n, cap;
    struct caller_address *addresses;
    size_t naddresses, cap_addresses;
    struct hash_map by_name; /* name in lower case */
    struct hash_map by_pair; /* "<caller>|<address>" */
    struct hierarchy *hierarchy;
};

#define CALLERS_NONE HASH_MAP_NONE
#define CALLERS_ANY (HASH_MAP_NONE - 1)

/* *c is zeroed by the caller. hierarchy is filled along the way, and outlives *c. */
void callers_init(struct callers *c, struct hierarchy *hierarchy);
/* Learn from one event; may be called by several threads at once. Returns the caller's number, or
 * CALLERS_NONE for an event that names nobody, CALLERS_ANY where only its claims say who it was. */
size_t callers_learn(struct callers *c, const struct event *ev);
void callers_free(struct callers *c);

/* The caller of that name, or NULL. */
const struct caller *callers_find(const struct callers *c, const char *name);

#endif
