/*
 * journal: what an unfinished acquisition has on disk, and how a run that died is continued.
 * The order of commits and the recovery are described on top of journal.c.
 */
#ifndef AZDAL_STORE_JOURNAL_H
#define AZDAL_STORE_JOURNAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash_map.h"
#include "export/manifest.h"
#include "store/segment.h"

#include <stddef.h>
#include <stdint.h>

/* Segments open at a time: a tenant may have thousands of subscriptions, a process a thousand
 * files. Scopes that are being read at the same time are fewer than connections. */
#define JOURNAL_OPEN_MAX 24

/* Names below DIR. */
#define JOURNAL_FOLDER ".partial"
#define JOURNAL_OUT JOURNAL_FOLDER "/out" /* new files until they are published */

/* What was asked for. The strings are owned by the journal once it is open. */
struct journal_query {
    char *endpoint;
    int64_t since, until;
    int64_t since_asked; /* before clamping; equal to since when it was not clamped */
    int clamped, strict, split_day, role_assignments;
    char **scopes; /* as written */
    size_t nscopes;
    char *tenant_id; /* of the token; NULL if it does not say */
};

/* A window and the part of it that is in force. */
struct journal_window {
    struct manifest_window w; /* offset counts in the segment, or in the published file */
    int64_t from, to;         /* the part in force, inside [w.from, w.to) */
    int published; /* its bytes are in w.file of the published export, not in the segment */
    int kept;      /* fetched again since: its lines are only merged into the new ones */
    char sha256[HASH_HEX_MAX]; /* of its bytes in the segment; "" where there are none */
    uint64_t duplicates, outside;
};

/* One scope of events. */
struct journal_scope {
    char *scope;                    /* "tenant", "mg:ID", "sub:ID" */
    char *file;                     /* its path without extension, the name of its segment too */
    char *folder;                   /* its Hive partition */
    struct journal_window *windows; /* in no order; those in force do not overlap unless kept */
    size_t nwindows, cap;
    struct segment segment; /* opened at the first append */
    uint64_t segment_size;  /* what the journal names */
    uint64_t requests, retries, requests_noted;
    char *status; /* NULL while it is being read; else as in the manifest */
    char *error_code, *error_message;
    int partly;     /* it has failed, but only windows of it are missing; of this run */
    int right;      /* an enum manifest_right; of this run, no record is kept of it */
    int failed;     /* the exit status of its failure, or 0 */
    int distrusted; /* its pages were out of order: ranges are read to their last link */
    int64_t
        expired; /* up to here its oldest part was beyond retention when it was asked for; or 0 */
    int absent;  /* not part of the export: a list of scopes that could be read after all */
    struct manifest_scope base; /* what the published manifest says of it; scope NULL if nothing */
};

struct journal {
    char *dir; /* as given, for messages */
    struct journal_query query;
    int64_t started;
    int resumed;          /* the state comes from an earlier run that did not finish */
    int64_t asked_again;  /* when a resumed run last asked again for what was not settled; or 0 */
    int ownerless;        /* DIR's file system keeps no owners or modes: nobody is kept out */
    int updating;         /* a published export is being brought up to date */
    struct manifest base; /* the published manifest; schema 0 if there is none */
    struct journal_scope *scopes;
    size_t nscopes;
    struct sys_dir *partial; /* DIR/.partial, for files without a name; NULL: the system's */
    /* private */
    struct sys_dir *root; /* DIR */
    int temporary;        /* no folder: see journal_open_temporary */
    int new_name;         /* a segment was created since .partial was synced */
    int opened;           /* what is there was read: it may be removed when it is worth nothing */
    int lock_fd, fd;
    char *path, *lock_path;      /* DIR/.partial's journal and lock, for messages */
    int64_t run_started;         /* of the run whose lines are being replayed */
    struct hash_map scope_names; /* numbers in scopes, by name in lower case */
    struct hash_map base_names;  /* numbers in base.scopes, likewise; empty until needed */
    size_t scopes_cap;
    size_t open[JOURNAL_OPEN_MAX]; /* numbers of scopes whose segment may be open */
    size_t nopen;
    struct buf pending; /* lines not written yet */
    char base_sha256[HASH_HEX_MAX];
    int other_base; /* the journal was begun on top of another manifest than the one that is there
                     */
    struct journal_publish *publish; /* of the publish record, if there is one */
    size_t npublish;
    struct journal_publish
        *stale; /* files of the export before that go when the new one is in place */
    size_t nstale, stale_cap;
};

/* What journal_open finds and what the caller decides by it. */
enum journal_found {
    JOURNAL_NEW,        /* an empty or missing folder */
    JOURNAL_UNFINISHED, /* j->query is what was asked then */
    JOURNAL_FINISHED    /* a published export: j->base */
};

/*
 * Create `dir` if needed, see that it is ours alone (folder_check_ours), take the lock and look. A
 * run that died while publishing is rolled forward first. What an unfinished run has left is read
 * and compared with the digests in its journal. restart deletes .partial (after the lock) and
 * forgets what it said. Errors: ERR_LOCAL (in use by another run, disk, permission), ERR_FOREIGN
 * (files that azdal did not write, links, a state that cannot be read or is not what the journal
 * says). On failure *j is closed.
 */
int journal_open(struct journal *j, const char *dir, int restart, enum journal_found *found,
                 struct err *e);
/* Begin a journal for `query` (taken over; zeroed); `updating`: on top of the published export. */
int journal_begin(struct journal *j, struct journal_query *query, int updating, struct err *e);
/* Release what a query owns and zero it. */
void journal_query_free(struct journal_query *q);
/* Release everything; the state on disk stays. */
void journal_close(struct journal *j);
/* Delete .partial after publishing. The lock goes last. */
int journal_remove(struct journal *j, struct err *e);

/* A journal without a folder, for a stream: nothing is durable, segments are temporary files. */
void journal_open_temporary(struct journal *j, const char *endpoint, int64_t since, int64_t until);

/* Add a scope, or find it when it is there (ids that differ in case are one). Never NULL. */
struct journal_scope *journal_add_scope(struct journal *j, const char *scope, const char *file,
                                        const char *folder);

/* What holds for all windows that one answer of the server gave. */
struct journal_answer {
    int64_t asked_at;
    enum manifest_closed closed;
    char *const *ids; /* of its requests; copied */
    size_t nids;
    uint64_t outside; /* events outside the range; counted with the first window */
};
/* Append the windows of r to the scope's segment and note them. Nothing is durable before
 * journal_commit. */
int journal_add_windows(struct journal *j, struct journal_scope *s, const struct segment_result *r,
                        const struct journal_answer *answer, struct err *e);
/* Open the scope's segment for reading and appending, if it is not open yet. */
int journal_open_segment(struct journal *j, struct journal_scope *s, struct err *e);
/* Windows in [from, to) were read to the last link after all. */
void journal_drained(struct journal *j, struct journal_scope *s, int64_t from, int64_t to);
/* [from, to) is to be fetched again: windows there become kept, those across a border are split. */
void journal_redo(struct journal *j, struct journal_scope *s, int64_t from, int64_t to);
/* Whether this run asks again for what is not settled. An unfinished state is resumed as often as
 * it takes, with tokens that may last for a few requests only: once a day, or it would never end.
 */
int journal_asks_again(const struct journal *j);
/* It does, and what that is has been marked (journal_redo) in all scopes. */
void journal_asked_again(struct journal *j);
/* The scope's pages are out of order. */
void journal_distrust(struct journal *j, struct journal_scope *s);
/* The scope's part before `to` is beyond retention. */
void journal_expired(struct journal *j, struct journal_scope *s, int64_t to);
/* The scope ended ("complete", "forbidden", "failed", "expired", "unavailable"), with the server's
 * words. */
void journal_end_scope(struct journal *j, struct journal_scope *s, const char *status,
                       const char *code, const char *message, int failed);
/* Note its counts of requests and retries, if they have changed. */
void journal_count(struct journal *j, struct journal_scope *s);

/* Sync the segments, write the pending lines, sync the journal. */
int journal_commit(struct journal *j, struct err *e);

/* A file of the export that is ready under .partial/out and has to be renamed. */
struct journal_publish {
    char *path; /* below DIR and below .partial/out */
    char sha256[HASH_HEX_MAX];
};
/*
 * Note the files to be renamed, in order (the manifest last); durable on return. Then rename them,
 * and remove what the manifest published before names and the new files do not. After a crash
 * journal_open does the second half again: what is in place already is checked and passed over.
 */
int journal_publish(struct journal *j, const struct journal_publish *files, size_t n,
                    struct err *e);

/*
 * Apply the whole lines of a journal's text to an empty state; *whole is the number of bytes that
 * they take. Errors: ERR_FOREIGN when it is not a journal of this version. For journal_open and the
 * fuzzer.
 */
int journal_replay(struct journal *j, struct slice text, size_t *whole, struct err *e);

/* Up to where the scope's windows in force are settled without gap, from `since` on. */
int64_t journal_settled_until(const struct journal_scope *s, int64_t since, int64_t until);

/* Up to where they cover time without gap, from `since` on. */
int64_t journal_covered_until(const struct journal_scope *s, int64_t since);

#endif
