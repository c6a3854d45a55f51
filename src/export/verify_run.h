/*
 * verify_run: looks at files of an export on all processors; for the verify files alone.
 *
 * For each file there is one job that hashes its bytes from end to end, and one for each window
 * that inflates the window and looks at its events. The digest of the content needs the windows in
 * their order: a job that has inflated its window (or VERIFY_HOLD_BYTES of it) waits for its turn
 * and then adds its text. The pool starts jobs in the order they came, so the job whose turn it is
 * always runs.
 */
#ifndef AZDAL_EXPORT_VERIFY_RUN_H
#define AZDAL_EXPORT_VERIFY_RUN_H

#include "base/hash.h"
#include "base/pool.h"
#include "export/manifest.h"
#include "export/verify_names.h"
#include "export/verify_report.h"

struct sys_dir;

/* How much is looked at. */
enum verify_depth {
    VERIFY_CONTENT, /* files and all that is in them */
    VERIFY_WRITTEN  /* files that were just written: made durable, read, digests filled in */
};

/* What the events of a scope say. */
struct verify_found {
    struct manifest_scope *s;
    size_t file;         /* where its problems belong in the report */
    int64_t first, last; /* times of its first and last event; 0: none */
    uint64_t conflicts;  /* ids that stand at one time with different bytes */
    int bad;             /* a file or a window is not what it should be: the rest is not known */
};

struct verify_run {
    const struct sys_dir *dir;
    const char *below; /* folder in it that holds the files, or NULL */
    struct verify_report *report;
    struct verify_sums *sums; /* or NULL: there are none yet */
    enum verify_depth depth;
    size_t nfiles; /* files looked at so far */
    struct err *e;
    int failed; /* *e is set: no more work, only the end of what runs */
    /* private */
    struct pool *pool;
    struct pool_turns *turns;   /* of the windows of every file */
    unsigned limit;             /* jobs in the pool at most */
    struct verify_found *found; /* of each scope that is looked at */
    size_t nfound, found_cap;
};

/* Start the threads of a run whose `dir`, `report`, `sums`, `depth` and `e` are set. */
int verify_run_open(struct verify_run *run, unsigned threads);
void verify_run_close(struct verify_run *run);
/* Every file of one scope. With VERIFY_WRITTEN its files get their digests and numbers of lines. */
void verify_run_scope(struct verify_run *run, struct manifest_scope *s);
/* A file without a ledger: its digest, and its lines if it has any; `data` is what the manifest
 * says of them, or NULL. */
void verify_run_file(struct verify_run *run, const char *name, int has_lines,
                     struct manifest_file *data);
/* Wait for what is still being looked at, and compare times of events and conflicting ids with what
 * each scope says, or with VERIFY_WRITTEN fill them in. */
void verify_run_finish(struct verify_run *run);

/* ---- the jobs ---- */

/* A file while jobs work on it. */
struct verify_target {
    struct verify_run *run;
    struct verify_place at;
    const struct verify_sum *sum;   /* or NULL: not in SHA256SUMS */
    const struct manifest_scope *s; /* of a file with windows */
    struct manifest_file *file;     /* or NULL: the manifest does not say what it holds */
    size_t scope;                   /* number in run->found, of a file with windows */
    char *name;                     /* below the handle of the folder */
    char *path;                     /* for messages */
    int fd;
    uint64_t size;
    unsigned jobs; /* not yet finished; the main thread's, as is `ended` */
    int ended;     /* no more jobs will come */
    /* the content so far, of the job whose turn it is */
    size_t turn; /* the window that comes next */
    struct hash *content;
    uint32_t crc;
    uint64_t plain, lines;
    int spoiled; /* a window could not be read: the content is not known */
};

/* One job. */
struct verify_job {
    struct pool_job base;
    struct verify_target *t;
    size_t index;                    /* among the windows of the file */
    const struct manifest_window *w; /* or NULL */
    int64_t first, last;             /* times of the first and last event found; 0: none */
    uint64_t conflicts;              /* as in verify_found */
    int bad;                         /* something was reported */
    struct err e;                    /* code 0: none. What is wrong with the data is reported */
};

/* Report what is wrong with the job's window or file. */
void verify_job_problem(struct verify_job *j, const char *why);
/* Make the file durable. */
void verify_job_sync(struct pool_job *job);
/* Hash the file from end to end; compare with SHA256SUMS and the manifest, or fill in. */
void verify_job_file(struct pool_job *job);
/* Inflate one window, look at its events, add it to the content. Jobs on the windows of a file must
 * be given to the pool in their order. */
void verify_job_window(struct pool_job *job);
/* Inflate a whole file and look at its lines: for a file without a ledger. */
void verify_job_lines(struct pool_job *job);

/* Header and trailer of a file whose CRC-32 and length are known; the trailer's numbers are looked
 * at unless the target is spoiled. */
int verify_frame(const struct verify_target *t, struct err *e);
/* When all windows are through: header, trailer, digest and length of the content. */
void verify_finish_content(struct verify_target *t, struct err *e);

#endif
