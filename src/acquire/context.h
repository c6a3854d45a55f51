/*
 * context: what the parts of one acquisition share. For acquire.c, resume.c, scope_request.c and
 * closing.c.
 */
#ifndef AZDAL_ACQUIRE_CONTEXT_H
#define AZDAL_ACQUIRE_CONTEXT_H

#include "acquire/acquire.h"
#include "acquire/lists.h"
#include "export/manifest.h"
#include "net/arm.h"
#include "net/token.h"
#include "store/journal.h"

#include <stdint.h>

/* One run. */
struct context {
    const struct acquire_wish *w;
    struct acquire_outcome *out;
    const struct arm_cloud *cloud; /* NULL with --endpoint */
    char *endpoint;                /* without a slash at the end; owned */
    const char *audience[2];       /* what --audience names, NULL last */
    int64_t now, since, until;     /* what the command line says now */
    int since_relative, until_relative;
    int64_t since_asked, until_asked; /* before clamping */
    const char *const *scopes_asked;  /* as --scope says, or the tenant alone */
    size_t nscopes_asked;
    struct arm_wish *wishes; /* what they mean */
    size_t nwishes;
    struct token *token;
    struct fetch *fetch;
    struct journal journal;
    int journal_is_open;
    struct lists_scopes scopes;  /* in the journal's order, with the states that lists gave */
    struct hash_map state_names; /* numbers in states, by scope in lower case */
    char **states;               /* owned: the states of listed subscriptions */
    size_t nstates, states_cap;
    char unavailable_hint[ERR_HINT_MAX]; /* for the first scope that is unavailable */
    int tenant_lacking;                  /* as in struct engine_config */
    struct manifest manifest;
    struct err first_failure; /* of a scope or a list; ERR_NONE if there was none */
};

/* Warn, with a formatted line. */
void context_warn(const struct context *r, const char *fmt, ...)
    __attribute__((format(__printf__, 2, 3)));

#endif
