/*
 * acquire: `azdal acquire` without the command line: from what was asked for to a published export.
 */
#ifndef AZDAL_ACQUIRE_ACQUIRE_H
#define AZDAL_ACQUIRE_ACQUIRE_H

#include "acquire/engine.h"
#include "base/err.h"
#include "base/hash.h"

#include <stddef.h>

/* What was asked for. All strings are the caller's. */
struct acquire_wish {
    const char *dir; /* NULL: standard output */
    const char *since, *until;
    const char *const *scopes; /* as written; none means "tenant" */
    size_t nscopes;
    const char *cloud, *endpoint; /* at most one of them */
    const char *audience;         /* that tokens for endpoint are made for, or NULL */
    const char *token_command, *token_file;
    int token_stdin;
    const char *cacert;
    unsigned connections;
    int level;
    int split_day, role_assignments, strict, restart;
    uint64_t newest; /* with standard output; 0: all, oldest first */

    void *arg; /* for the callbacks, which come from the calling thread */
    void (*progress)(void *arg, const struct engine_counts *c);
    void (*warning)(void *arg, const char *text);
    void (*note)(void *arg, const char *text); /* details for --verbose */
    void (*token_needed)(void *arg, const char *reason);
    /* Standard output: so many bytes of whole lines. */
    int (*write)(void *arg, const void *data, size_t len, struct err *e);
};

/* What came of it. */
struct acquire_outcome {
    int published;
    int complete; /* the verdict */
    char manifest_sha256[HASH_HEX_MAX];
    struct engine_counts counts;
    char unavailable[256]; /* "2 scopes unavailable (2 SubscriptionNotFound)", or "" */
};

/*
 * Run it. Returns 0 for a complete export or stream; -1 with *e otherwise, where ERR_INCOMPLETE
 * means that an export was published all the same (out->published).
 */
int acquire_run(const struct acquire_wish *w, struct acquire_outcome *out, struct err *e);

#endif
