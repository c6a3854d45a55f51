/*
 * rules: what scan looks for, as one table. Pure: no clock, no file, no state.
 */
#ifndef AZDAL_DETECT_RULES_H
#define AZDAL_DETECT_RULES_H

#include "base/buf.h"

#include <stddef.h>

enum severity {
    SEVERITY_INFORMATIONAL,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL
};

/* In the order in which one makes the others of an operation forgotten. */
enum outcome {
    OUTCOME_UNKNOWN, /* no record has a status that can be read */
    OUTCOME_STARTED,
    OUTCOME_FAILED,
    OUTCOME_SUCCEEDED
};

/* Where something applies. The values are bits, so that a rule can name several. */
enum scope_kind {
    SCOPE_UNKNOWN = 0,
    SCOPE_ROOT = 1,
    SCOPE_TENANT_ROOT_GROUP = 2,
    SCOPE_MANAGEMENT_GROUP = 4,
    SCOPE_SUBSCRIPTION = 8,
    SCOPE_RESOURCE_GROUP = 16,
    SCOPE_RESOURCE = 32,
    SCOPE_TENANT_PROVIDER = 64
};

/* How much a role gives. Bits, for the same reason. */
enum role_class {
    ROLE_UNKNOWN = 1,      /* the log does not say which role */
    ROLE_CUSTOM = 2,       /* an id that no built-in role has */
    ROLE_ORDINARY = 4,     /* built in */
    ROLE_PRIVILEGED = 8,   /* built in, in Microsoft's category Privileged, none of the next two */
    ROLE_CONTRIBUTOR = 16, /* or a custom role with all other rights */
    ROLE_GRANTS_ROLES = 32 /* Owner, User Access Administrator, RBAC Administrator, and custom roles
                              that this log defines with the right to give roles */
};

/* What an operation does, as far as rules tell operations apart. */
enum operation_kind {
    OPERATION_ELEVATE,
    OPERATION_ASSIGN,
    OPERATION_UNASSIGN,
    OPERATION_DEFINE_ROLE,
    OPERATION_DELETE_ROLE,
    OPERATION_PIM_REQUEST,
    OPERATION_PIM_POLICY,
    OPERATION_DELEGATE,
    OPERATION_LOGGING_WRITE,
    OPERATION_LOGGING_DELETE,
    OPERATION_POLICY_EXEMPTION,
    OPERATION_POLICY_ASSIGNMENT,
    OPERATION_DENY_DELETE,
    OPERATION_HIERARCHY,
    OPERATION_DIRECTORY,
    OPERATION_HYBRID_HEALTH,
    OPERATION_CLASSIC_WRITE,
    OPERATION_CLASSIC_DELETE,
    OPERATION_LOCK_DELETE,
    OPERATION_OTHER /* none that a rule looks at */
};

/* An operation that at least one rule looks at. */
struct rules_operation {
    const char *name; /* as Azure documents it; '*' stands for any text */
    enum operation_kind kind;
    /* Resource type, behind "/providers/", in whose id the scope comes first; NULL when the
     * resource is itself the scope. */
    const char *extension;
};

/* One rule. */
struct rule {
    const char *id, *title;
    const char *about;         /* which scopes, roles or conditions, in words */
    const char *techniques[4]; /* ATT&CK, ends with NULL */
    const char *elsewhere;     /* public rules of the same purpose, or NULL */
};

/* What is known about one operation that was carried out, for rules_judge. */
struct rules_facts {
    const struct rules_operation *operation;
    enum scope_kind scope;
    enum role_class role;
    enum outcome outcome;
    int self;       /* the caller gave it to themselves */
    int grants_all; /* role definition: gives everything, or the right to give roles */
    int exists;     /* failed because that assignment stands already */
    int nothing;    /* deletion that found nothing */
    int cascade;    /* deletion that came with the deletion of what it applied to */
};

struct rules_verdict {
    const struct rule *rule;
    enum severity severity;
};

/* The row for an operation's name, in any letter case, or NULL. */
const struct rules_operation *rules_operation(struct slice name);

/* Judge. Returns 1 and fills *v, or 0: no finding. */
int rules_judge(const struct rules_facts *f, struct rules_verdict *v);

/* All rules, for `azdal rules`; the last row has id NULL. */
extern const struct rule rules_table[];
/* Number i of the operations that a rule looks at, or NULL behind the last. */
const char *rules_operation_name(const struct rule *r, size_t i);
/* Lowest and highest severity that a rule's cases give. */
void rules_severities(const struct rule *r, enum severity *low, enum severity *high);

const char *rules_severity_name(enum severity s);
/* NULL for OUTCOME_UNKNOWN. */
const char *rules_outcome_name(enum outcome o);
/* "root", "tenantRootGroup", ...; NULL for SCOPE_UNKNOWN. */
const char *rules_scope_name(enum scope_kind k);

/* Whether text matches a pattern in which '*' stands for any text, ignoring the case of letters. */
int rules_match(const char *pattern, struct slice text);

/* Whether an action of a role definition, a pattern such as "*" or "Microsoft.Authorization/" with
 * a star behind it, covers an action. */
int rules_action_covers(struct slice pattern, const char *action);

/* Number i of the actions that let their holder give roles, to others or to himself; NULL behind
 * the last. */
const char *rules_granting_right(size_t i);

#endif
