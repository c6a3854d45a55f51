/*
 * manifest: manifest.json in memory. It proves what an export holds: scopes, files with their
 * digests, and the ledger of windows (stretches of time) in each file. Times are ticks
 * (timestamp.h); 0 stands for null. Strings are owned by the structure; NULL stands for null.
 */
#ifndef AZDAL_EXPORT_MANIFEST_H
#define AZDAL_EXPORT_MANIFEST_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/timestamp.h"

#include <stddef.h>
#include <stdint.h>

struct sys_dir;

#define MANIFEST_SCHEMA 1
#define MANIFEST_NAME "manifest.json"
#define MANIFEST_SUMS_NAME "SHA256SUMS"
#define MANIFEST_ASSIGNMENTS_NAME "roleAssignments.ndjson.gz"
/* Bytes: a million events make about 2,500 windows of 400 bytes; 1 GiB would be an attack. */
#define MANIFEST_MAX_BYTES (256U << 20)

/* Azure usually shows an event 3 to 20 minutes after it happened, but has announced delays of hours
 * itself: a stretch of time is settled when it was asked for a day or more after its end. Earlier
 * versions took half an hour for enough, and what they published still verifies. */
#define MANIFEST_SETTLE_TICKS (INT64_C(24) * 3600 * TICKS_PER_SECOND)
#define MANIFEST_SETTLE_LEAST_TICKS (INT64_C(30) * 60 * TICKS_PER_SECOND)
/* By so much two clocks, or one clock and itself after it was set right, may disagree within a run.
 */
#define MANIFEST_CLOCK_SLACK_TICKS (INT64_C(5) * 60 * TICKS_PER_SECOND)

/* Codes of azdal's own in "error": nothing came, and the right to read it is not there; a list
 * without an entry, which proves nothing. */
#define MANIFEST_NO_RIGHT "EmptyWithoutRight"
#define MANIFEST_EMPTY_LIST "EmptyList"

/* How a window's completeness is known. */
enum manifest_closed {
    MANIFEST_DRAINED, /* read to the last link */
    MANIFEST_ORDERED  /* the walk had gone past its older end, and the order of pages was checked */
};

/* A stretch of time [from, to) and where its events are: one fragment of deflate in one file. */
struct manifest_window {
    int64_t from, to;
    uint64_t events;
    int file;          /* index into the scope's files, or -1: no events, so no file */
    uint64_t offset;   /* of the fragment in the file, bytes */
    uint64_t deflated; /* bytes of deflate */
    uint64_t plain;    /* bytes inflated */
    uint32_t crc;      /* CRC-32 of the plain bytes */
    int64_t asked_at;  /* by the server's clock */
    enum manifest_closed closed;
    int64_t resumed_from; /* start of the earlier, unfinished run that fetched it; or 0 */
    char **request_ids;   /* the server's x-ms-request-id values, oldest request first */
    size_t nrequest_ids;
};

struct manifest_file {
    char *path; /* below the export, with '/' */
    uint64_t bytes;
    char sha256[HASH_HEX_MAX];
    uint64_t content_bytes;
    char content_sha256[HASH_HEX_MAX];
    uint64_t content_lines;
};

/* Whether the account's right to read a scope's events was shown. */
enum manifest_right {
    MANIFEST_RIGHT_UNKNOWN, /* null: it could not be told, or an older manifest does not say */
    MANIFEST_RIGHT_SHOWN,   /* events came, or the right is among the account's permissions */
    MANIFEST_RIGHT_MISSING,
    MANIFEST_RIGHT_UNSAID /* for manifest_parse alone */
};

/* How the text of a manifest compares with what manifest_print makes of it. */
enum manifest_form {
    MANIFEST_FORM_OURS, /* equal but for blanks, or it was not read from a text */
    MANIFEST_FORM_MORE, /* it has members that are not known here */
    MANIFEST_FORM_OTHER
};

struct manifest_scope {
    char *scope;      /* "tenant", "mg:ID", "sub:ID" */
    char *status;     /* "complete", "forbidden", "failed", "expired", "unavailable" */
    int right;        /* an enum manifest_right */
    int right_unsaid; /* an older manifest, which does not say it */
    char *error_code;
    char *error_message; /* the server's own words; both NULL when error is null */
    int64_t settled_until;
    uint64_t events;
    int64_t first_event, last_event;
    uint64_t duplicates_dropped, conflicting_ids, outside_range, requests, retries;
    struct manifest_file *files;
    size_t nfiles;
    struct manifest_window *windows;
    size_t nwindows;
};

/* One scope whose role assignments were read. */
struct manifest_assignment_scope {
    char *scope; /* "/" or a management group's path */
    char *status;
    char *error_code; /* with "complete" too: EmptyList, the answer had no assignment */
    char *error_message;
    int64_t
        kept_from; /* not read this time: its list is the one of an earlier run, read then; or 0 */
};

struct manifest {
    int schema;
    enum manifest_form form;
    char *tool; /* "azdal 0.1.0" */
    int64_t started, finished;
    char *endpoint;
    char *tenant_id, *object_id, *name, *app_id; /* identity; all NULL when it is null */
    int64_t since, until;
    char **scopes_asked; /* query.scopes, as on the command line */
    size_t nscopes_asked;
    int clamped, strict;
    int64_t clock_skew_s;
    int complete;           /* verdict COMPLETE rather than INCOMPLETE */
    int has_assignments;    /* roleAssignments is not null */
    char *assignments_file; /* NULL when nothing could be read */
    struct manifest_file
        *assignments_data; /* of that file, without its path; NULL: an older manifest */
    int64_t assignments_read_at;
    struct manifest_assignment_scope *assignment_scopes;
    size_t nassignment_scopes;
    struct manifest_scope *scopes;
    size_t nscopes;
};

/*
 * Read manifest.json text. Unknown keys are ignored; a missing or ill-typed key, a schema other
 * than MANIFEST_SCHEMA and numbers that do not fit are ERR_FOREIGN with "<key path>: why". *m is
 * filled or left empty.
 */
int manifest_parse(struct manifest *m, struct slice text, struct err *e);
/* Clocks that are further apart, in seconds, cannot have asked for anything: the service keeps 90
 * days. */
#define MANIFEST_SKEW_MAX_S (INT64_C(90) * 86400)
/* Ticks by which the server's clock was ahead, at most that. */
int64_t manifest_skew(const struct manifest *m);
/* The latest time by the server's clock that a manifest can speak of: when it was finished, and
 * what the clocks were apart. */
int64_t manifest_latest(const struct manifest *m);
/* Read manifest.json of a folder, once; sha256 gets the digest of the very bytes that *m was read
 * from ("" when they could not be had). A missing file is ERR_FOREIGN ("no manifest.json: not an
 * export"). */
int manifest_load(struct manifest *m, const struct sys_dir *dir, char sha256[HASH_HEX_MAX],
                  struct err *e);
/* Append the text of manifest.json, keys in the design's order, one window a line. */
void manifest_print(const struct manifest *m, struct buf *out);
/* Whether a scope of a manifest, or one with that status, allows the verdict COMPLETE: it is
 * complete itself; or the service does not serve it, and it came from a list rather than being
 * asked for by its name. */
int manifest_is_whole(const struct manifest *m, const char *scope, const char *status);
/* Whether a scope's name stands for a list that named no scope, as "mg:*" does: it has no file. */
int manifest_is_list(const char *scope);

/* Release all that *m owns and zero it. */
void manifest_free(struct manifest *m);

/* A walk over the files that a manifest names: data, then the list of role assignments. Zeroed at
 * first. */
struct manifest_names {
    const char *path, *sha256; /* sha256 NULL: the manifest has none of it */
    size_t scope, file;        /* private */
    int ended;
};
/* The next file: 1, or 0 behind the last. */
int manifest_next_name(const struct manifest *m, struct manifest_names *at);

/*
 * The names of views: the events of an export once more, in one file, as the PowerShell module
 * writes them beside the data. A view is in SHA256SUMS and not in the manifest. NULL ends the list.
 */
extern const char *const manifest_views[];
/* Whether that is the name of a view. */
int manifest_is_view(const char *name);
void manifest_window_free(struct manifest_window *w);

#endif
