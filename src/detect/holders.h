/*
 * holders: who held which power, where, from when until when, as the findings of a log tell it, and
 * who gave it to whom. Pure once built.
 *
 * Power comes by an elevation, by a role assignment that rules rate medium or above, or by a role
 * of Privileged Identity Management that is active. What a holder gives on makes new holders of the
 * same story, one step deeper.
 */
#ifndef AZDAL_DETECT_HOLDERS_H
#define AZDAL_DETECT_HOLDERS_H

#include "detect/callers.h"
#include "detect/finding.h"
#include "detect/hierarchy.h"

/* Keys of places: ids in lower case; for management groups this and the name, and one for
 * everything below the tenant root group, whatever its id is. */
#define HOLDERS_GROUP_PATH "/providers/microsoft.management/managementgroups/"
#define HOLDERS_TENANT_KEY "@tenant"

/* How somebody came to power. */
enum holders_via { VIA_ELEVATION, VIA_ASSIGNMENT, VIA_PIM };

/* One grant. */
struct power {
    const struct finding *finding;
    enum holders_via via;
    size_t holder;
    int64_t from, until; /* ticks; after `from`, up to `until`, which is 0 for "to the end" */
    char *key;           /* where it applies, as a key of places */
};

/* Somebody in a story. */
struct holder {
    size_t story, principal;
    int depth;
    size_t first;   /* the earliest of its powers */
    size_t *powers; /* all of them, in order of time */
    size_t npowers, cap_powers;
};

/* From `at` on (until the next one of its place) this power is the latest that is held there. */
struct holding {
    int64_t at;
    size_t power; /* or HASH_MAP_NONE */
};

/* What one principal holds at one place, in order of time. */
struct place {
    size_t *powers; /* all, in order of time */
    size_t npowers, cap_powers;
    size_t *open; /* while building: those that have not ended */
    size_t nopen, cap_open;
    struct holding *holdings;
    size_t nholdings;
};

/* Somebody who holds power somewhere. */
struct principal {
    char *id;         /* object id in lower case */
    const char *type; /* "User", "ServicePrincipal", "Group" or as the log has it, or NULL */
    const char *name; /* as events name it, or NULL */
    struct hash_map by_key;
    struct place *places;
    size_t nplaces, cap_places;
    int64_t busy_first, busy_last; /* of what it did under any power; 0: nothing */
    size_t untimed;                /* records of it whose time cannot be read */
    size_t unplaced;               /* records of it where nobody tells the groups above */
    int64_t first_seen;            /* the earliest record of it; 0: none */
    int64_t held_from;             /* the earliest begin of its powers */
    size_t ngroups;                /* places that are management groups */
    uint64_t left_out;             /* records of operations that only read */
    int shares_name;               /* a name of it is known with other object ids, too */
    size_t by_name;                /* records under power that have that name alone */
};

/* A story: powers that come from each other. */
struct trace_story {
    char *id;
    int64_t time;
};

struct holders {
    const struct finding_set *findings;
    const struct callers *callers;
    const struct hierarchy *hierarchy;
    struct power *powers; /* in order of time */
    size_t npowers, cap_powers;
    struct holder *all;
    size_t n, cap;
    struct principal *principals;
    size_t nprincipals, cap_principals;
    struct trace_story *stories;
    size_t nstories, cap_stories;
    struct hash_map by_principal, by_holder, by_story;
    struct hash_map by_caller; /* how events name a principal, in lower case: principal */
    size_t unnamed;            /* grants whose record does not say to whom */
    size_t unsaid;             /* the same of requests to PIM of which none says what for, either */
    int built;
    size_t unclear;            /* role assignments that are not followed: nothing says which role */
    size_t untimed;            /* grants and removals whose time cannot be read */
    size_t nowhere;            /* grants whose record does not say where */
    size_t others;             /* delegations to other tenants, classic administrators */
    struct hash_map vague;     /* removals that do not say whose role: by key of place, a finding */
    struct hash_map withdrawn; /* requests to PIM, by resource id in lower case: a finding */
    struct hash_map eligible;  /* "<principal>|<role>|<scope>": who made it eligible, as a power */
};

/* Where something happened: keys of places that power over it may be held at. */
struct holders_where {
    struct slice resource;  /* id in lower case, no slash at its end */
    struct slice hierarchy; /* path that the event itself gives, lower case; may be absent */
    const char *log_group;  /* the group whose log has the event, lower case, or NULL */
    struct slice tenant;    /* in any letter case; empty: not known */
};

/* Build from findings that are finished. *h is zeroed; everything given outlives it. hierarchy gets
 * the moves among them. */
void holders_build(struct holders *h, const struct finding_set *findings,
                   const struct callers *callers, struct hierarchy *hierarchy);
/* Collect the ways in which events name the principals; for holders_build. */
void holders_name(struct holders *h);
void holders_free(struct holders *h);

/* The principal that events name so (a name, an object id, an application id; lower case), or
 * HASH_MAP_NONE. */
size_t holders_named(const struct holders *h, struct slice name);
/* Another one, n of 1 up, that events name so, too. */
size_t holders_namesake(const struct holders *h, struct slice name, size_t n);

/* The power under which a principal did something there at a time: the latest that he had been
 * given by then. HASH_MAP_NONE: none. */
size_t holders_power(const struct holders *h, size_t principal, const struct holders_where *w,
                     int64_t time);

/* Whether a principal who held power at some management group did something then where nothing
 * tells the groups above. */
int holders_place_unknown(const struct holders *h, size_t principal, const struct holders_where *w,
                          int64_t time);

/* When a power began, as far as it is told: the grant, or the begin that was asked for. */
int64_t holders_begin(const struct power *w);

/* "Elevation", "Assignment", "PIM". */
const char *holders_via_name(enum holders_via via);

#endif
