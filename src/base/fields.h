/*
 * fields: JSON objects of ours (the manifest) read through tables of their members.
 *
 * The text is walked once and nothing is kept of what no table names, so that an object costs no
 * more memory than its structure; a tree of a large ledger would be larger than all that
 * acquisition may use. Unknown members are ignored. Numbers are whole and at most 2^53, as far as
 * every JSON reader keeps them exactly.
 *
 * Errors: ERR_FOREIGN with "scopes[0].windows[17].offset: why", or what is wrong with the JSON.
 */
#ifndef AZDAL_BASE_FIELDS_H
#define AZDAL_BASE_FIELDS_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

/* Members in one table: the widest object, a scope, has 14. */
#define FIELDS_MAX 32

/* What a member must be, and what it is stored as. */
enum fields_kind {
    FIELDS_TEXT,      /* char *, owned by the structure; no NUL inside */
    FIELDS_TEXT_NULL, /* the same, or null: stays NULL */
    FIELDS_COUNT,     /* uint64_t */
    FIELDS_INTEGER,   /* int64_t, may be negative */
    FIELDS_TIME,      /* int64_t of ticks, above 0 */
    FIELDS_TIME_NULL, /* the same, or null: stays 0 */
    FIELDS_BOOL,      /* int */
    FIELDS_SHA256,    /* char[HASH_HEX_MAX], 64 lower-case hexadecimal digits */
    FIELDS_CRC32,     /* uint32_t, 8 lower-case hexadecimal digits */
    FIELDS_OBJECT,    /* struct slice of its text, to be read by a table of its own */
    FIELDS_OBJECT_NULL,
    FIELDS_ARRAY
};

/* One member; a row with name NULL ends a table. */
struct fields_row {
    const char *name;
    enum fields_kind kind;
    size_t at; /* offset of its room in the structure */
};

/* Where in the document a reader is, for messages. Lives on the stack of the readers. */
struct fields_place {
    const struct fields_place *up;
    const char *name; /* of a member, or NULL: element number `index` */
    size_t index;
};

/* Fail at a member (NULL: at the place itself). at may be NULL: the document. Returns -1. */
int fields_fail(const struct fields_place *at, const char *member, const char *why, struct err *e);

/* Read the members that the table names, each of which must be there once, into the zeroed
 * structure at `base`. What was stored before a failure stays there, for the caller to free. */
int fields_object(struct slice text, const struct fields_row *table, void *base,
                  const struct fields_place *at, struct err *e);

/* Reads one element of an array into zeroed room. What it stored before a failure stays there. */
struct fields_reader {
    int (*read)(void *item, struct slice text, const struct fields_place *at, void *arg,
                struct err *e);
    size_t size; /* of an item */
    void *arg;
};

/* Read the array that is member `name` of `up`. *items (allocated) and *n hold what was read, even
 * on failure; the caller frees them. */
int fields_array(struct slice text, const char *name, void **items, size_t *n,
                 const struct fields_reader *reader, const struct fields_place *up, struct err *e);

/* Read an array of texts; what was read belongs to the caller, even on failure. */
int fields_texts(struct slice text, const char *name, char ***items, size_t *n,
                 const struct fields_place *up, struct err *e);

#endif
