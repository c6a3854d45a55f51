/*
 * trace_use: the addresses, applications and tokens that holders came with, before they were given
 * power and under it.
 */
#ifndef AZDAL_DETECT_TRACE_USE_H
#define AZDAL_DETECT_TRACE_USE_H

#include "detect/trace.h"

enum trace_use_kind { USE_ADDRESS, USE_APP, USE_TOKEN, USE_KINDS };

/* One of them. */
struct trace_use {
    size_t owner; /* a principal, or a holder */
    int held;     /* owner is a holder: it was used under power */
    enum trace_use_kind kind;
    char *value;
    int64_t earliest;
};

/* Note what the event at hand came with; power: HASH_MAP_NONE when it was under none. */
void trace_use_note(struct trace *t, size_t principal, size_t power);
/* Whether a holder had not used this before its first grant, as far as the log goes. */
int trace_use_is_new(const struct trace *t, const struct trace_use *u);
/* Whether a holder came with anything at all before that. */
int trace_use_any_before(const struct trace *t, const struct holder *h);
void trace_use_free(struct trace *t);

#endif
