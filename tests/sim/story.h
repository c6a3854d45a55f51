/*
 * story: what happened in the tenant that an investigator looks for, the role assignments that
 * stand now, and the findings that a scan of the logs must yield.
 */
#ifndef SIM_STORY_H
#define SIM_STORY_H

#include "event.h"

/* One operation of a story and its one or two events. */
struct story_op {
    const char *name; /* of the story */
    const char *rule; /* that finds it, or NULL: nothing to find */
    enum who caller;
    int principal; /* an enum who, or -1 */
    int role;      /* index into story_roles, or -1 */
    const char *operation, *title, *action, *provider, *type, *method;
    char scope[240];       /* where the role applies */
    char resource_id[360]; /* of the assignment, or of what the operation is about */
    char auth_scope[360];  /* "": resource_id */
    char place[240];       /* of a subscription in the hierarchy */
    char assignment[GUID_TEXT_MAX];
    char *request_body, *response_body, *status_message, *more, *owned; /* owned, may be NULL */
    int failed, http_status;
    int has_begin, background;
    int ended_by;       /* index of the op that ended it, or -1 */
    int power;          /* its principal holds power from it on */
    int under;          /* index of the op whose power it was done under, or -1 */
    const char *state;  /* of the assignment now: "Active", "Removed", "NotApplied" or NULL */
    int64_t begin, end; /* ticks */
    uint64_t seed;
    const struct log_scope *home;
};

struct story_event {
    const struct story_op *op;
    int end;
    int64_t ticks;
    uint64_t id_seed;
};

struct story_role {
    const char *name, *id;
};
extern const struct story_role story_roles[];

/* A role assignment that stands now. */
struct story_assignment {
    char name[GUID_TEXT_MAX];
    char scope[240];
    enum who principal, creator;
    int role;
    int64_t created;
};

#define STORY_OPS_MAX 96
#define STORY_ASSIGNMENTS_MAX 32

struct story {
    struct story_op ops[STORY_OPS_MAX];
    int nops;
    struct story_event events[2 * STORY_OPS_MAX];
    int nevents;
    struct story_assignment assignments[STORY_ASSIGNMENTS_MAX];
    int nassignments;
};

/* Invent the stories of a tenant whose people and scopes are there, and give each scope's list of
 * story events, oldest first. A scope whose log is too short for a story goes without. */
void story_build(struct tenant *t);
void story_free(struct story *s);
/* What an event of a story says. */
void story_spec(const struct tenant *t, const struct story_event *ev, struct event_spec *out);

/* The role assignments at `scope` and above it (and below it too when `below` is set), as one ARM
 * object or one Get-AzRoleAssignment object; scope NULL means all. out[] has room for
 * STORY_ASSIGNMENTS_MAX; returns their number. */
size_t story_assignments(const struct tenant *t, const char *scope, int below,
                         const struct story_assignment **out);
void story_print_assignment(struct buf *out, const struct tenant *t,
                            const struct story_assignment *a, int az);
/* Append what a trace of all logs must find: each holder's operations, one a line. */
void story_print_traced(struct buf *out, const struct tenant *t);
/* Append the findings that the log of `s` holds, one a line, oldest first. */
void story_print_findings(struct buf *out, const struct tenant *t, const struct log_scope *s);

#endif
