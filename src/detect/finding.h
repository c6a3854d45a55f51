/*
 * finding: what scan reports. Events go in one by one, in any order; the records of one operation
 * become one finding; at the end findings are judged, linked with each other and with the role
 * assignments of their export, and put in order of time.
 *
 * Memory: about 2 KiB for each operation that a rule looks at; nothing of other events.
 */
#ifndef AZDAL_DETECT_FINDING_H
#define AZDAL_DETECT_FINDING_H

#include "base/hash_map.h"
#include "base/timestamp.h"
#include "detect/rules.h"
#include "read/reader.h"

#include <stdint.h>

/* Places that a finding names where its events were seen again; more are only counted. */
#define FINDING_PLACES_MAX 5

/* Properties that are plain text, owned by the finding; NULL is unknown. */
enum finding_text {
    FINDING_OPERATION,
    FINDING_CALLER,
    FINDING_CALLER_OBJECT_ID,
    FINDING_CALLER_APP_ID,
    FINDING_CALLER_IP,
    FINDING_TENANT_ID,
    FINDING_SCOPE,
    FINDING_RESOURCE_ID,
    FINDING_ASSIGNMENT_NAME,
    FINDING_ASSIGNMENT_ID,
    FINDING_PRINCIPAL_ID,
    FINDING_PRINCIPAL_TYPE,
    FINDING_ROLE_ID,
    FINDING_ROLE_NAME,
    FINDING_ENDED_BY,
    FINDING_STORY_ID,
    FINDING_CORRELATION_ID,
    FINDING_OPERATION_ID,
    FINDING_TEXTS
};

/* What an act of Privileged Identity Management is about: of its records the last kind holds. */
enum pim_kind {
    PIM_NONE,     /* not one */
    PIM_ACTIVE,   /* a role that its holder can use */
    PIM_ELIGIBLE, /* the right to activate one */
    PIM_END,      /* the end of either */
    PIM_OTHER     /* a request that was withdrawn or denied */
};

/* One record (event) of a finding. */
struct finding_record {
    int64_t time;
    char *data_id; /* or NULL */
    size_t file;   /* index into the input's files */
    uint64_t line;
};

struct finding {
    const struct rules_operation *operation;
    char *text[FINDING_TEXTS];
    struct finding_record *records; /* by time after finding_set_finish */
    size_t nrecords, cap_records;
    char **ids; /* data ids of the records that have one; after finding_set_finish */
    size_t nids;
    char **notes;
    size_t nnotes;
    size_t repeats;                     /* records seen again elsewhere */
    char *hierarchy_tenant;             /* first part of properties.hierarchy */
    char *status_word;                  /* a status that is no outcome known here, or NULL */
    char *claim_tenant;                 /* tenant that issued the caller's token */
    int64_t time, end_time, ended_time; /* of the first and last record, and of the deletion */
    int64_t succeeded, doubted;         /* last record that says so, that says otherwise; or 0 */
    int64_t maybe_ended;                /* begin of a removal whose outcome is not known, or 0 */
    int64_t starts;                     /* of an active PIM assignment, or 0 */
    int64_t expires;                    /* of an active PIM assignment, or 0 */
    enum scope_kind scope_kind;
    enum outcome outcome;
    enum severity severity;
    const struct rule *rule; /* NULL: a record that is only needed to link others */
    const char *state;       /* StateAtExport, static text or NULL */
    int self;                /* 1 yes, 0 no, -1 unknown */
    int exists, nothing, cascade;
    int typed;                         /* some record says what a request to PIM is for */
    int asks;                          /* a request to PIM that an administrator has to approve */
    int of_call;                       /* its address is that of the call, not of the token */
    int begun;                         /* how many of its records are of a begin */
    int removed;                       /* a deletion of it did find something */
    int entra;                         /* known from Entra ID's audit log alone */
    const struct finding *absorbed_by; /* another one that has its records, or NULL */
    enum role_class defined;           /* what a role definition gives, or 0 */
    enum role_class role; /* class of the role that was given; after finding_set_finish */
    enum pim_kind pim;
    size_t
        next; /* the next one of the same correlation, resource and operation, or HASH_MAP_NONE */
    size_t order;
};

struct finding_set {
    const struct input *input; /* borrowed */
    struct finding *all;
    size_t n, cap;
    struct hash_map by_key, by_operation, by_event, by_assignment;
    int every;        /* take events that no rule looks at as well */
    size_t last;      /* the finding of the event that was added last, or HASH_MAP_NONE */
    size_t *reported; /* indexes of findings in order of time; after finding_set_finish */
    size_t nreported;
    size_t unclear; /* of them: assignments whose record does not say which role, or where */
    size_t nowhere; /* removals of assignments whose record does not say where: no rule has them */
    int tenants;    /* the findings are of several tenants */
    int64_t entra_first, entra_last; /* time that the inputs have entries of Entra ID from; or 0 */
};

/* *s is zeroed by the caller. input names the files and holds the manifests; it outlives *s. */
void finding_set_init(struct finding_set *s, const struct input *input);
void finding_set_free(struct finding_set *s);

/* Whether any rule looks at the event: for reader_calls.pick. */
int finding_wants(const struct event *ev);

/* Take one event. An event that was seen already is only noted. Errors: what event_parse says. */
int finding_set_add(struct finding_set *s, const struct reader_event *r, struct err *e);

/* Take what a file has of other logs: which time the entries of Entra ID's audit log cover. */
void finding_set_add_file(struct finding_set *s, const struct reader_file *r);

/* Judge, correlate and order. A list of role assignments that cannot be read is told through warn
 * (may be NULL). */
void finding_set_finish(struct finding_set *s,
                        void (*warn)(const char *path, const char *why, void *), void *arg);

/* Notes of a finding at most; what a log says in words of its own must not grow without end. */
#define FINDING_NOTES_MAX 32

/* Add a note unless it is there. */
void finding_note(struct finding *f, const char *text);

/* Copy a text that a finding lacks; from may be NULL. Returns whether it was copied. */
int finding_borrow(struct finding *to, const char *from, enum finding_text which);

/* Let a finding have the records of another one of its set that tells the same act, which is then
 * not reported. No more are added to the set. */
void finding_absorb(struct finding *to, struct finding *from);

/* What a property holds. */
enum finding_kind {
    FINDING_NULL,
    FINDING_STRING,
    FINDING_BOOL,
    FINDING_NUMBER,
    FINDING_LIST,
    FINDING_JSON /* a text of JSON, which keeps its value in every format */
};

struct finding_value {
    enum finding_kind kind;
    struct slice text;             /* string; may point into hold */
    uint64_t number;               /* number, or bool */
    size_t n;                      /* list: how many */
    char hold[TIMESTAMP_TEXT_MAX]; /* text of a time */
};

/* Make a zeroed value: a text that may be NULL, a time unless it is 0, a number, a list of n. */
void finding_value_text(struct finding_value *v, const char *text);
void finding_value_time(struct finding_value *v, int64_t time);
void finding_value_number(struct finding_value *v, uint64_t number);
void finding_value_list(struct finding_value *v, size_t n);

/* Number of properties, and the name of one in PascalCase: the order in which they are printed. */
size_t finding_properties(void);
const char *finding_property_name(size_t i);
/* Property i of a finding. *v points into the finding and itself. */
void finding_property(const struct finding_set *s, const struct finding *f, size_t i,
                      struct finding_value *v);
/* Element k of property i, which is a list. */
struct slice finding_list_item(const struct finding *f, size_t i, size_t k);

#endif
