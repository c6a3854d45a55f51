/*
 * tenant: the invented tenant in memory: people, scopes, stories, and for each log an index of its
 * events. An event takes 16 bytes in the index; its text is made when it is asked for (event.h).
 * One seed (with the same options and day) gives one tenant, byte for byte.
 */
#ifndef SIM_TENANT_H
#define SIM_TENANT_H

#include "options.h"

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* The cast of the stories; the rest of the directory makes noise. */
enum who {
    WHO_DANA,     /* global administrator; elevates and takes it back */
    WHO_INES,     /* second administrator */
    WHO_MILAN,    /* gets Owner at / for a while */
    WHO_TOMAS,    /* gets Contributor at the tenant root group and keeps it */
    WHO_JONAS,    /* tries, and fails */
    WHO_ROBOT,    /* service principal that elevates */
    WHO_PIPELINE, /* service principal whose role goes with a deleted group */
    WHO_BREAKGLASS,
    WHO_AUDITORS,  /* group */
    WHO_OPERATORS, /* group */
    WHO_NOISE,     /* the first of many */
    WHO_COUNT = WHO_NOISE + 40
};

enum who_kind { WHO_USER, WHO_SERVICE, WHO_GROUP };

struct principal {
    enum who_kind kind;
    char name[64], given[32], surname[32];
    char upn[96]; /* "" for service principals and groups */
    char oid[GUID_TEXT_MAX], app_id[GUID_TEXT_MAX];
    char ip[16];
    uint64_t seed;
    struct buf claims[4]; /* the parts of its claims that are always the same, see event.c */
};

/* One event: when, the first 8 digits of its id (unique in its log), and which. */
struct entry {
    int64_t ticks;
    uint32_t id8;
    uint32_t seq; /* below nstories: that story event; else noise */
};

enum scope_kind { SCOPE_TENANT, SCOPE_GROUP, SCOPE_SUBSCRIPTION };

struct story_event;

/* A scope that has a log. */
struct log_scope {
    enum scope_kind kind;
    char id[96], title[64];
    char text[112]; /* "tenant", "mg:ID", "sub:ID" */
    char path[176]; /* as a scope of roles: "/", "/providers/...", "/subscriptions/..." */
    size_t parent;  /* index of the group above, for groups but the root and for subscriptions */
    uint64_t seed;
    struct entry *index; /* oldest first, by ticks and id8 */
    size_t nindex;
    const struct story_event **stories;
    size_t nstories;
};

struct story;

struct tenant {
    const struct sim_options *options;
    int64_t start, end; /* of the stretch that events are spread over */
    struct principal who[WHO_COUNT];
    struct log_scope *scopes; /* the tenant, the groups (root first), the subscriptions */
    size_t nscopes, ngroups, nsubs;
    struct story *story; /* story.h */
};

/* Make the tenant of these options as of `now` (ticks). */
struct tenant *tenant_new(const struct sim_options *o, int64_t now);
void tenant_free(struct tenant *t);

/* The scope written "tenant", "mg:ID" or "sub:ID" in any letter case, or NULL. */
const struct log_scope *tenant_find(const struct tenant *t, const char *text);
/* The i-th group (0 is the tenant root group) or subscription; NULL if there is none. */
const struct log_scope *tenant_group(const struct tenant *t, size_t i);
const struct log_scope *tenant_subscription(const struct tenant *t, size_t i);

/* Number of events of a scope at or before `ticks`. */
size_t tenant_upper(const struct log_scope *s, int64_t ticks);
/* Number of events before `ticks`. */
size_t tenant_lower(const struct log_scope *s, int64_t ticks);

#endif
