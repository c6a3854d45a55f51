/*
 * verify_job: the pieces of work of verify, for its threads.
 */
#ifndef AZDAL_EXPORT_VERIFY_JOB_H
#define AZDAL_EXPORT_VERIFY_JOB_H

#include "base/hash.h"
#include "base/pool.h"
#include "export/manifest.h"
#include "export/verify_names.h"
#include "export/verify_report.h"

/* What all jobs share. */
struct verify_check {
    struct verify_report *r;
    struct pool_turns *turns; /* of the windows of every target */
};

/* A file while jobs work on it. */
struct verify_target {
    struct verify_check *c;
    struct verify_place at;
    const struct verify_sum *sum;     /* or NULL: not in SHA256SUMS */
    const struct manifest_file *file; /* or NULL: not data of a scope */
    char *path;
    int fd;
    uint64_t size;
    unsigned jobs; /* not yet finished; the main thread's, as is `ended` */
    int ended;     /* no more jobs will come */
    /* the content so far, of the job whose turn it is */
    size_t turn; /* the window that comes next */
    struct hash *content;
    uint32_t crc;
    uint64_t plain;
    int spoiled; /* a window could not be read: the content is not known */
};

/* One job. */
struct verify_job {
    struct pool_job base;
    struct verify_target *t;
    size_t index;                    /* among the windows of the file */
    const struct manifest_window *w; /* or NULL */
    int64_t first, last;             /* times of the first and last event found; 0: none */
    struct err e;                    /* code 0: none. What is wrong with the data is reported */
};

/* Hash the file from end to end; compare with SHA256SUMS and the manifest. */
void verify_run_file(struct pool_job *job);
/* Inflate one window, look at its events, add it to the content. Jobs on the windows of a file must
 * be given to the pool in their order. */
void verify_run_window(struct pool_job *job);
/* Inflate a whole file and look at its lines: for a file without a ledger. */
void verify_run_lines(struct pool_job *job);

/* Header and trailer of a file whose CRC-32 and length are known; the trailer's numbers are looked
 * at unless the target is spoiled. */
int verify_frame(const struct verify_target *t, struct err *e);
/* When all windows are through: header, trailer, digest and length of the content. */
void verify_finish_content(struct verify_target *t, struct err *e);

#endif
