/*
 * fault: what the simulator does wrong, by name.
 *
 * A fault is written NAME[:ARG][@SCOPE]. ARG is, by the fault, a number, or a selector of requests
 * for events: "3" the third of a scope, "3+" from the third on, "2-5", "every 3", "always". SCOPE
 * is "tenant", "mg:ID", "mg:*", "sub:ID", "sub:*", or a list: "subs", "groups", "assignments";
 * without it every log is meant, and no list. fault_help prints all names.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "base/buf.h"
#include "base/err.h"

/* Faults on one command line. */
#define FAULTS_MAX 16

enum fault_id {
    FAULT_STATUS, /* a status code of three digits; number is the code */
    FAULT_STORM,
    FAULT_CUT,
    FAULT_SLOW,
    FAULT_STALL,
    FAULT_EMPTY_FIRST,
    FAULT_EMPTY_MANY,
    FAULT_ENDLESS,
    FAULT_STRANGERS,
    FAULT_LOOP,
    FAULT_TWO_TIMES,
    FAULT_ERROR_BESIDE,
    FAULT_REPEAT_LINK,
    FAULT_REPEAT_PAGE,
    FAULT_UNORDERED,
    FAULT_DUPLICATES,
    FAULT_CONFLICT,
    FAULT_OUTSIDE,
    FAULT_OFF_ORIGIN,
    FAULT_PATH_LINK,
    FAULT_REDIRECT,
    FAULT_REDIRECT_LOOP,
    FAULT_REDIRECT_OFF,
    FAULT_EXPIRED,
    FAULT_FORBIDDEN,
    FAULT_NO_RIGHT,
    FAULT_LOST_RIGHT,
    FAULT_UNTOLD_RIGHT,
    FAULT_EMPTY_ANSWER,
    FAULT_REFUSES,
    FAULT_WIDE,
    FAULT_DEAD_DAY,
    FAULT_NOTFOUND,
    FAULT_NOT_JSON,
    FAULT_HTML,
    FAULT_HUGE,
    FAULT_FAT,
    FAULT_LONG_ID,
    FAULT_TRUNCATED_JSON,
    FAULT_BAD_TIME,
    FAULT_BAD_UTF8,
    FAULT_CONTROL_CHAR,
    FAULT_DEEP,
    FAULT_LINK_400,
    FAULT_LINK_404,
    FAULT_LINK_410,
    FAULT_LATE,
    FAULT_RETRY_AFTER,
    FAULT_RETRY_AFTER_DATE,
    FAULT_RETRY_AFTER_HUGE,
    FAULT_DATE_SKEW,
    FAULT_NO_DATE,
    FAULT_BAD_DATE,
    FAULT_LINK_HEADER,
    FAULT_PRETTY
};

/* Which requests of a scope a fault hits: first to last (counted from 1), or each every-th. */
struct fault_selector {
    unsigned first, last, every;
};

struct fault {
    enum fault_id id;
    struct fault_selector selector;
    long number;       /* its number, 0 if it takes none; link-NNN: links refused */
    int once_each;     /* expired:N:repeat */
    long after_ms;     /* late:N:Ss, else -1 */
    long after_count;  /* late:N:M requests */
    const char *scope; /* points into the command line; NULL: all logs */
};

struct fault_set {
    struct fault list[FAULTS_MAX];
    size_t n;
};

/* Read one --fault. Errors: ERR_USAGE. text must outlive the set. */
int fault_add(struct fault_set *set, const char *text, struct err *e);
/* The first fault of that kind that hits the n-th request (n from 1) of a scope, or NULL. */
const struct fault *fault_hit(const struct fault_set *set, enum fault_id id, const char *scope,
                              unsigned n);
/* The same for a fault that is on or off for a scope, whatever the request. */
const struct fault *fault_on(const struct fault_set *set, enum fault_id id, const char *scope);
/* Append one line for each name: name, argument, what it does. */
void fault_help(struct buf *out);

#endif
