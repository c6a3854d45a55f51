#include "export/verify_run.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/export_path.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Jobs in the pool for each thread: enough that none of them is ever idle. */
#define JOBS_PER_THREAD 4

int verify_run_open(struct verify_run *run, unsigned threads)
{
    run->limit = threads * JOBS_PER_THREAD;
    run->turns = pool_turns_new();
    run->pool = pool_new(threads, NULL, NULL);
    return run->pool != NULL ? 0 : err_set(run->e, ERR_INTERNAL, "a thread cannot be started");
}

void verify_run_close(struct verify_run *run)
{
    (void)pool_free(run->pool);
    pool_turns_free(run->turns);
    free(run->found);
}

/* The first failure ends the run. */
static void fail(struct verify_run *run, const struct err *e)
{
    if (!run->failed)
        *run->e = *e;
    run->failed = 1;
}

/* ---- files ---- */

static void target_free(struct verify_target *t)
{
    struct err ignored;

    (void)sys_close(t->fd, t->path, &ignored);
    hash_free(t->content);
    free(t->name);
    free(t->path);
    free(t);
}

/* Why what stands at a name cannot be read as a file, or NULL. */
static const char *unreadable(const struct sys_dir *dir, const char *name)
{
    switch (sys_dir_kind(dir, name)) {
    case SYS_FILE:
        return NULL;
    case SYS_MISSING:
        return "missing";
    case SYS_LINK:
        return "not a plain file of the export (a link)";
    default:
        return "not a plain file of the export";
    }
}

/* Open a file of the export. NULL with *e untouched: it cannot be read, which was reported. */
static struct verify_target *target_open(struct verify_run *run, const char *name, struct err *e)
{
    struct verify_target *t = mem_zalloc(1, sizeof(*t));
    struct buf path = {0}, below = {0};
    const char *why;

    if (run->below != NULL)
        buf_printf(&below, "%s/", run->below);
    buf_puts(&below, name);
    (void)buf_text(&below);
    buf_printf(&path, "%s/%s", sys_dir_path(run->dir), below.data);
    t->run = run;
    t->at.file = ++run->nfiles;
    t->at.name = name;
    t->name = below.data;
    t->path = path.data;
    t->fd = -1;
    t->sum = run->sums == NULL ? NULL : verify_sums_find(run->sums, name);
    why = export_path_is_safe(name) ? unreadable(run->dir, t->name)
                                    : "not a plain file of the export (its name)";
    if (why != NULL) {
        verify_report_problem(run->report, &t->at, "%s", why);
        goto fail;
    }
    t->fd = sys_dir_file(run->dir, t->name, SYS_READ, e);
    if (t->fd < 0 || sys_file_size(t->fd, &t->size, t->path, e) != 0)
        goto fail;
    t->content = hash_new();
    return t;
fail:
    target_free(t);
    return NULL;
}

/* All jobs of a file are done. */
static void target_finish(struct verify_run *run, struct verify_target *t)
{
    struct err e = {0};

    if (t->file != NULL && !run->failed)
        verify_finish_content(t, &e);
    if (e.code != 0)
        fail(run, &e);
    target_free(t);
}

/* ---- jobs ---- */

/* Take a finished job back. */
static void take_job(struct verify_run *run, struct verify_job *j)
{
    struct verify_target *t = j->t;

    if (j->e.code != 0)
        fail(run, &j->e);
    if (j->w != NULL) {
        struct verify_found *f = &run->found[t->scope];

        timestamp_widen(&f->first, &f->last, j->first);
        timestamp_widen(&f->first, &f->last, j->last);
        f->conflicts += j->conflicts;
        f->bad |= j->bad;
    }
    free(j);
    if (--t->jobs == 0 && t->ended)
        target_finish(run, t);
}

/* Wait until at most `most` jobs are in the pool. */
static void drain(struct verify_run *run, unsigned most)
{
    while (pool_pending(run->pool) > most)
        take_job(run, container_of(pool_wait(run->pool), struct verify_job, base));
}

/* What the manifest says of a scope's events as a whole. */
static void compare_found(const struct verify_run *run, const struct verify_found *f)
{
    struct verify_place at = {f->file, MANIFEST_NAME, NULL, f->s->scope};

    if (f->first != f->s->first_event)
        verify_report_problem(run->report, &at, "firstEvent is not the time of its first event");
    if (f->last != f->s->last_event)
        verify_report_problem(run->report, &at, "lastEvent is not the time of its last event");
    if (f->conflicts != f->s->conflicting_ids)
        verify_report_problem(run->report, &at,
                              "conflictingIds is %" PRIu64 ", but the events have %" PRIu64,
                              f->s->conflicting_ids, f->conflicts);
}

void verify_run_finish(struct verify_run *run)
{
    size_t i;

    drain(run, 0);
    for (i = 0; i < run->nfound && !run->failed; i++) {
        const struct verify_found *f = &run->found[i];

        if (run->depth == VERIFY_WRITTEN) {
            f->s->first_event = f->first;
            f->s->last_event = f->last;
            f->s->conflicting_ids = f->conflicts;
        } else if (!f->bad) {
            compare_found(run, f);
        }
    }
}

/* Give one job to the pool. */
static void add_job(struct verify_target *t, void (*work)(struct pool_job *),
                    const struct manifest_window *w, size_t index)
{
    struct verify_run *run = t->run;
    struct verify_job *j;

    drain(run, run->limit - 1);
    if (run->failed)
        return;
    if (sys_interrupted()) {
        struct err e = {0};

        (void)err_set(&e, ERR_INTERRUPTED, "interrupted");
        fail(run, &e);
        return;
    }
    j = mem_zalloc(1, sizeof(*j));
    j->base.run = work;
    j->t = t;
    j->w = w;
    j->index = index;
    t->jobs++;
    pool_add(run->pool, &j->base);
}

/* No more jobs will come for this file. */
static void end_target(struct verify_target *t)
{
    t->ended = 1;
    if (t->jobs == 0)
        target_finish(t->run, t);
}

/* ---- what is looked at ---- */

/* A file that the manifest names: it must be in SHA256SUMS. */
static struct verify_target *open_named(struct verify_run *run, const char *name)
{
    struct verify_sum *sum = run->sums == NULL ? NULL : verify_sums_find(run->sums, name);
    struct verify_place at = {.file = run->nfiles + 1, .name = name};
    struct err e = {0};
    struct verify_target *t;

    if (sum == NULL && run->sums != NULL && run->sums->present)
        verify_report_problem(run->report, &at, "not in " MANIFEST_SUMS_NAME);
    if (sum != NULL && sum->claimed)
        verify_report_problem(run->report, &at, "named twice in " MANIFEST_NAME);
    if (sum != NULL)
        sum->claimed = 1;
    t = target_open(run, name, &e);
    if (e.code != 0)
        fail(run, &e);
    return t;
}

/* One file of a scope, with its windows, which stand together from number `first` on. Returns how
 * many windows it has. */
static size_t check_file(struct verify_run *run, const struct manifest_scope *s, int file,
                         size_t first)
{
    struct verify_target *t = open_named(run, s->files[file].path);
    size_t i, n = 0;

    if (t == NULL) {
        run->found[run->nfound - 1].bad = 1;
    } else {
        t->file = &s->files[file];
        t->s = s;
        t->scope = run->nfound - 1;
        if (run->depth == VERIFY_WRITTEN)
            add_job(t, verify_job_sync, NULL, 0);
        add_job(t, verify_job_file, NULL, 0);
    }
    for (i = first; i < s->nwindows && (s->windows[i].file == file || s->windows[i].file < 0);
         i++) {
        if (s->windows[i].file < 0)
            continue;
        if (t != NULL)
            add_job(t, verify_job_window, &s->windows[i], n);
        n++;
    }
    if (t != NULL)
        end_target(t);
    return n;
}

static void check_files(struct verify_run *run, const struct manifest_scope *s)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL, s->scope};
    size_t *first = mem_zalloc(s->nfiles, sizeof(*first)); /* number of each file's first window */
    size_t i, with_file = 0, checked = 0;

    for (i = 0; i < s->nfiles; i++)
        first[i] = s->nwindows;
    for (i = s->nwindows; i-- > 0;) {
        if (s->windows[i].file < 0)
            continue;
        first[s->windows[i].file] = i;
        with_file++;
    }
    for (i = 0; i < s->nfiles && !run->failed; i++)
        checked += check_file(run, s, (int)i, first[i]);
    if (checked != with_file && !run->failed)
        verify_report_problem(run->report, &at,
                              "the windows of a file are not consecutive in the manifest");
    free(first);
}

void verify_run_scope(struct verify_run *run, struct manifest_scope *s)
{
    run->found = mem_grow(run->found, run->nfound, &run->found_cap, sizeof(*run->found));
    memset(&run->found[run->nfound], 0, sizeof(*run->found));
    run->found[run->nfound].s = s;
    run->found[run->nfound++].file = run->nfiles;
    check_files(run, s);
}

void verify_run_file(struct verify_run *run, const char *name, int has_lines,
                     struct manifest_file *data)
{
    struct verify_target *t = open_named(run, name);

    if (t == NULL)
        return;
    t->file = data;
    add_job(t, verify_job_file, NULL, 0);
    if (has_lines)
        add_job(t, verify_job_lines, NULL, 0);
    end_target(t);
}
