#include "export/verify.h"

#include "base/sys.h"
#include "export/manifest.h"
#include "export/verify_job.h"
#include "export/verify_ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Jobs in the pool for each thread: enough that none of them is ever idle. */
#define JOBS_PER_THREAD 4

/* One run of verify. */
struct run {
    struct verify_check shared;
    const char *folder;
    struct manifest m;
    int has_manifest;
    struct verify_sums sums;
    struct pool *pool;
    unsigned limit;      /* jobs in the pool at most */
    size_t nfiles;       /* files looked at so far */
    int64_t first, last; /* times of the events found in the scope that is looked at */
    struct err *e;
    int failed; /* *e is set: no more work, only the end of what runs */
};

/* The first failure ends the run. */
static void fail(struct run *run, const struct err *e)
{
    if (!run->failed)
        *run->e = *e;
    run->failed = 1;
}

/* ---- files ---- */

static void target_free(struct verify_target *t)
{
    struct err ignored;

    if (t == NULL)
        return;
    (void)sys_close(t->fd, t->path, &ignored);
    hash_free(t->content);
    free(t->path);
    free(t);
}

/* Whether every folder above the last part of the name is one, not a link to somewhere else. */
static int folders_are_real(const char *folder, const char *name)
{
    const char *slash;
    int real = 1;

    for (slash = strchr(name, '/'); slash != NULL && real; slash = strchr(slash + 1, '/')) {
        struct buf path = {0};

        real = buf_printf(&path, "%s/%.*s", folder, (int)(slash - name), name) == 0 &&
               sys_kind(path.data) == SYS_FOLDER;
        buf_free(&path);
    }
    return real;
}

/* Open a file of the export. NULL with *e untouched: it is not there, which was reported. */
static struct verify_target *target_open(struct run *run, const char *name, struct err *e)
{
    struct verify_target *t = calloc(1, sizeof(*t));
    struct buf path = {0};
    enum sys_kind kind;

    if (t == NULL || buf_printf(&path, "%s/%s", run->folder, name) != 0) {
        free(t);
        (void)err_memory(e, name);
        return NULL;
    }
    t->c = &run->shared;
    t->at.file = ++run->nfiles;
    t->at.name = name;
    t->path = path.data;
    t->fd = -1;
    t->sum = verify_sums_find(&run->sums, name);
    kind = verify_name_is_safe(name) && folders_are_real(run->folder, name) ? sys_kind(t->path)
                                                                            : SYS_OTHER;
    if (kind != SYS_FILE) {
        verify_report_problem(run->shared.r, &t->at, "%s",
                              kind == SYS_MISSING ? "missing" : "not a plain file of the export");
        goto fail;
    }
    t->fd = sys_open_inside(t->path, e);
    if (t->fd < 0 || sys_file_size(t->fd, &t->size, t->path, e) != 0)
        goto fail;
    t->content = hash_new();
    if (t->content == NULL) {
        (void)err_memory(e, name);
        goto fail;
    }
    return t;
fail:
    target_free(t);
    return NULL;
}

/* All jobs of a file are done. */
static void target_finish(struct run *run, struct verify_target *t)
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
static void take_job(struct run *run, struct verify_job *j)
{
    struct verify_target *t = j->t;

    if (j->e.code != 0)
        fail(run, &j->e);
    if (j->first != 0 && (run->first == 0 || j->first < run->first))
        run->first = j->first;
    if (j->last > run->last)
        run->last = j->last;
    free(j);
    if (--t->jobs == 0 && t->ended)
        target_finish(run, t);
}

/* Wait until at most `most` jobs are in the pool. */
static void drain(struct run *run, unsigned most)
{
    while (pool_pending(run->pool) > most)
        take_job(run, (struct verify_job *)pool_wait(run->pool));
}

/* Give one job to the pool. */
static void add_job(struct run *run, struct verify_target *t, void (*work)(struct pool_job *),
                    const struct manifest_window *w, size_t index)
{
    struct verify_job *j;
    struct err e = {0};

    drain(run, run->limit - 1);
    if (run->failed)
        return;
    j = calloc(1, sizeof(*j));
    if (j == NULL) {
        (void)err_memory(&e, t->at.name);
        fail(run, &e);
        return;
    }
    j->base.run = work;
    j->t = t;
    j->w = w;
    j->index = index;
    t->jobs++;
    pool_add(run->pool, &j->base);
}

/* No more jobs will come for this file. */
static void end_target(struct run *run, struct verify_target *t)
{
    t->ended = 1;
    if (t->jobs == 0)
        target_finish(run, t);
}

/* ---- what is looked at ---- */

/* A file that the manifest names: it must be in SHA256SUMS. */
static struct verify_target *open_named(struct run *run, const char *name)
{
    struct verify_sum *sum = verify_sums_find(&run->sums, name);
    struct verify_place at = {run->nfiles + 1, name, NULL};
    struct err e = {0};
    struct verify_target *t;

    if (sum == NULL && run->sums.present)
        verify_report_problem(run->shared.r, &at, "not in " MANIFEST_SUMS_NAME);
    if (sum != NULL && sum->claimed)
        verify_report_problem(run->shared.r, &at, "named twice in " MANIFEST_NAME);
    if (sum != NULL)
        sum->claimed = 1;
    t = target_open(run, name, &e);
    if (e.code != 0)
        fail(run, &e);
    return t;
}

/* One file of a scope, with its windows, which stand together from number `first` on. Returns how
 * many windows it has. */
static size_t check_file(struct run *run, const struct manifest_scope *s, int file, size_t first)
{
    struct verify_target *t = open_named(run, s->files[file].path);
    size_t i, n = 0;

    if (t != NULL) {
        t->file = &s->files[file];
        add_job(run, t, verify_run_file, NULL, 0);
    }
    for (i = first; i < s->nwindows && (s->windows[i].file == file || s->windows[i].file < 0);
         i++) {
        if (s->windows[i].file < 0)
            continue;
        if (t != NULL)
            add_job(run, t, verify_run_window, &s->windows[i], n);
        n++;
    }
    if (t != NULL)
        end_target(run, t);
    return n;
}

/* All files of a scope. `first` has room for the number of each file's first window. */
static void check_files(struct run *run, const struct manifest_scope *s, size_t *first)
{
    struct verify_place at = {0, s->scope, NULL};
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
        verify_report_problem(run->shared.r, &at, "the windows of a file do not stand together");
}

/* A file without a ledger: its digest, and its lines if it has any. */
static void check_plain_file(struct run *run, const char *name, int has_lines)
{
    struct verify_target *t = open_named(run, name);

    if (t == NULL)
        return;
    add_job(run, t, verify_run_file, NULL, 0);
    if (has_lines)
        add_job(run, t, verify_run_lines, NULL, 0);
    end_target(run, t);
}

/* Every file of one scope, and the times of its events. */
static void check_scope(struct run *run, const struct manifest_scope *s)
{
    struct verify_place at = {run->nfiles, s->scope, NULL};
    size_t before = verify_report_count(run->shared.r);
    size_t *first = calloc(s->nfiles + 1, sizeof(*first));
    struct err e = {0};

    run->first = 0;
    run->last = 0;
    if (first == NULL) {
        (void)err_memory(&e, s->scope);
        fail(run, &e);
        return;
    }
    check_files(run, s, first);
    free(first);
    drain(run, 0);
    if (run->failed || verify_report_count(run->shared.r) != before)
        return;
    if (run->first != s->first_event)
        verify_report_problem(run->shared.r, &at, "firstEvent is not the time of its first event");
    if (run->last != s->last_event)
        verify_report_problem(run->shared.r, &at, "lastEvent is not the time of its last event");
}

/* Files of SHA256SUMS that the manifest does not name. Without a manifest they are all there is. */
static void check_rest(struct run *run)
{
    size_t i;

    for (i = 0; i < run->sums.n && !run->failed; i++) {
        struct verify_sum *sum = &run->sums.items[i];
        struct verify_place at = {run->nfiles + 1, sum->name, NULL};

        if (sum->claimed)
            continue;
        if (run->has_manifest && !manifest_is_view(sum->name))
            verify_report_problem(run->shared.r, &at, "not in " MANIFEST_NAME);
        check_plain_file(run, sum->name, 0);
    }
    drain(run, 0);
}

/* ---- the run ---- */

/* Whether there is a plain file of that name in the export. */
static enum sys_kind kind_of(const char *folder, const char *name)
{
    struct buf path = {0};
    enum sys_kind kind = SYS_MISSING;

    if (buf_printf(&path, "%s/%s", folder, name) == 0)
        kind = sys_kind(path.data);
    buf_free(&path);
    return kind;
}

/* A folder with neither of the two files that every export has is somebody else's. */
static int check_folder(const char *folder, struct err *e)
{
    if (sys_kind(folder) == SYS_FILE)
        return err_set(e, ERR_FOREIGN, "%s: a file, not the folder of an export", folder);
    if (kind_of(folder, MANIFEST_NAME) == SYS_MISSING &&
        kind_of(folder, MANIFEST_SUMS_NAME) == SYS_MISSING) {
        struct buf none = {0};
        int ret = sys_kind(folder) == SYS_MISSING
                      ? sys_read_file(folder, 1, &none, e)
                      : err_set(e, ERR_FOREIGN, "%s: no %s: not an export", folder, MANIFEST_NAME);

        buf_free(&none);
        return ret == 0 ? err_set(e, ERR_LOCAL, "open %s: it has changed", folder) : -1;
    }
    return 0;
}

/* Digest of the manifest. */
static int hash_manifest(struct run *run, struct verify_result *r, struct err *e)
{
    struct buf path = {0};
    int ret;

    if (kind_of(run->folder, MANIFEST_NAME) != SYS_FILE)
        return 0;
    if (buf_printf(&path, "%s/%s", run->folder, MANIFEST_NAME) != 0)
        return err_memory(e, run->folder);
    ret = hash_file(path.data, r->manifest_sha256, e);
    buf_free(&path);
    return ret;
}

/* Read the manifest. One that cannot be read is damaged when its digest says so, else foreign. */
static int load_manifest(struct run *run, struct verify_result *r, struct err *e)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    const struct verify_sum *sum = verify_sums_find(&run->sums, MANIFEST_NAME);
    enum sys_kind kind = kind_of(run->folder, MANIFEST_NAME);
    int same;

    if (hash_manifest(run, r, e) != 0)
        return -1;
    same = sum != NULL && strcmp(sum->sha256, r->manifest_sha256) == 0;
    if (kind == SYS_FILE && manifest_load(&run->m, run->folder, e) != 0) {
        if (e->code != ERR_FOREIGN && e->code != ERR_UNTRUSTED)
            return -1;
        if (same || !run->sums.present)
            return -1;
        verify_report_problem(run->shared.r, &at, "%s", e->msg);
        return 0;
    }
    run->has_manifest = kind == SYS_FILE;
    return 0;
}

/* Look at everything. */
static void check_all(struct run *run)
{
    const struct manifest *m = &run->m;
    size_t i;

    check_plain_file(run, MANIFEST_NAME, 0);
    if (run->has_manifest) {
        verify_ledger(m, run->shared.r);
        for (i = 0; i < m->nscopes && !run->failed; i++)
            check_scope(run, &m->scopes[i]);
        if (m->assignments_file != NULL && !run->failed)
            check_plain_file(run, m->assignments_file, 1);
    }
    if (!run->failed)
        check_rest(run);
    drain(run, 0);
}

/* Numbers for the summary. */
static void summarise(const struct run *run, struct verify_result *r)
{
    size_t i;

    r->complete = run->m.complete;
    r->files = run->nfiles + 1;
    for (i = 0; i < run->m.nscopes; i++) {
        r->events += run->m.scopes[i].events;
        r->windows += run->m.scopes[i].nwindows;
    }
}

/* Threads and locks. */
static int start(struct run *run, struct err *e)
{
    unsigned threads = sys_cpu_count();

    if (threads > VERIFY_THREADS_MAX)
        threads = VERIFY_THREADS_MAX;
    run->limit = threads * JOBS_PER_THREAD;
    run->shared.r = verify_report_new();
    run->shared.turns = pool_turns_new();
    run->pool = pool_new(threads, NULL, NULL);
    if (run->shared.r == NULL || run->shared.turns == NULL || run->pool == NULL)
        return err_memory(e, "verify");
    return 0;
}

int verify_export(const char *folder, struct verify_result *r, struct err *e)
{
    struct run run = {.folder = folder, .e = e};
    int ret = -1;

    memset(r, 0, sizeof(*r));
    memset(e, 0, sizeof(*e));
    if (check_folder(folder, e) != 0 || start(&run, e) != 0 ||
        verify_sums_load(&run.sums, folder, run.shared.r, e) != 0 || load_manifest(&run, r, e) != 0)
        goto out;
    memset(e, 0, sizeof(*e));
    check_all(&run);
    if (run.failed || verify_folder(&run.sums, folder, run.shared.r, e) != 0)
        goto out;
    summarise(&run, r);
    ret = verify_report_finish(run.shared.r, r, e);
out:
    (void)pool_free(run.pool);
    verify_sums_free(&run.sums);
    manifest_free(&run.m);
    verify_report_free(run.shared.r);
    pool_turns_free(run.shared.turns);
    if (ret != 0)
        verify_result_free(r);
    return ret;
}

void verify_result_free(struct verify_result *r)
{
    size_t i;

    for (i = 0; i < r->nlines; i++)
        free(r->lines[i]);
    free(r->lines);
    memset(r, 0, sizeof(*r));
}
