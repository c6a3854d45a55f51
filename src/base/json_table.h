/*
 * json_table: JSON objects of ours (the manifest) read through tables of their members.
 *
 * The text is walked once and nothing is kept of what no table names, so that an object costs no
 * more memory than its structure; a tree of a large ledger would be larger than all that
 * acquisition may use. Unknown members are ignored. Numbers are whole and at most 2^53, as far as
 * every JSON reader keeps them exactly.
 *
 * Errors: ERR_FOREIGN with "scopes[0].windows[17].offset: why", or what is wrong with the JSON.
 */
#ifndef AZDAL_BASE_JSON_TABLE_H
#define AZDAL_BASE_JSON_TABLE_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

/* Members in one table: the widest object, a scope, has 14. */
#define JSON_TABLE_MAX 32

/* What a member must be, and what it is stored as. */
enum json_table_kind {
    JSON_TABLE_TEXT,      /* char *, owned by the structure; no NUL inside */
    JSON_TABLE_TEXT_NULL, /* the same, or null: stays NULL */
    JSON_TABLE_COUNT,     /* uint64_t */
    JSON_TABLE_INTEGER,   /* int64_t, may be negative */
    JSON_TABLE_TIME,      /* int64_t of ticks, above 0 */
    JSON_TABLE_TIME_NULL, /* the same, or null: stays 0 */
    JSON_TABLE_BOOL,      /* int */
    JSON_TABLE_SHA256,    /* char[HASH_HEX_MAX], 64 lower-case hexadecimal digits */
    JSON_TABLE_CRC32,     /* uint32_t, 8 lower-case hexadecimal digits */
    JSON_TABLE_OBJECT,    /* struct slice of its text, to be read by a table of its own */
    JSON_TABLE_OBJECT_NULL,
    JSON_TABLE_ARRAY,
    JSON_TABLE_BOOL_IF_THERE, /* int: 1 true, 2 false; 0 where it is null or missing */
    JSON_TABLE_TIME_IF_THERE  /* JSON_TABLE_TIME, or the member is missing: stays 0 */
};

/* One member; a row with name NULL ends a table. */
struct json_table_row {
    const char *name;
    enum json_table_kind kind;
    size_t at; /* offset of its room in the structure */
};

/* Where in the document a reader is, for messages. Lives on the stack of the readers. */
struct json_table_place {
    const struct json_table_place *up;
    const char *name; /* of a member, or NULL: element number `index` */
    size_t index;
};

/* Fail at a member (NULL: at the place itself). at may be NULL: the document. Returns -1. */
int json_table_fail(const struct json_table_place *at, const char *member, const char *why,
                    struct err *e);

/* Read the members that the table names, each of which must be there once, into the zeroed
 * structure at `base`. What was stored before a failure stays there, for the caller to free. */
int json_table_object(struct slice text, const struct json_table_row *table, void *base,
                      const struct json_table_place *at, struct err *e);

/* Reads one element of an array into zeroed room. What it stored before a failure stays there. */
struct json_table_reader {
    int (*read)(void *item, struct slice text, const struct json_table_place *at, void *arg,
                struct err *e);
    const char *name; /* of the member that is the array */
    size_t size;      /* of an item */
    void *arg;
};

/* Read the array that is a member of `up`. *items (allocated) and *n hold what was read, even
 * on failure; the caller frees them. */
int json_table_array(struct slice text, void **items, size_t *n,
                     const struct json_table_reader *reader, const struct json_table_place *up,
                     struct err *e);

/* Read an array of texts; what was read belongs to the caller, even on failure. */
int json_table_texts(struct slice text, const char *name, char ***items, size_t *n,
                     const struct json_table_place *up, struct err *e);

#endif
