#include "export/verify.h"

#include "base/hash.h"
#include "base/sys.h"
#include "export/verify_ledger.h"
#include "export/verify_run.h"

#include <stdlib.h>
#include <string.h>

/* An export while it is looked at. */
struct look {
    const struct sys_dir *dir;
    const struct manifest *m; /* NULL where there is none to read */
    const char *sha256;       /* of the manifest, "" where there is none */
    struct verify_sums sums;
    struct verify_run run;
    int carried_on; /* a view beside it is not looked at: it is not carried on */
};

static unsigned thread_count(void)
{
    unsigned n = sys_cpu_count();

    return n > VERIFY_THREADS_MAX ? VERIFY_THREADS_MAX : n;
}

/* Open the folder. One with neither of the two files that every export has is somebody else's. */
static struct sys_dir *open_folder(const char *folder, struct err *e)
{
    struct sys_dir *dir;

    if (sys_kind(folder) == SYS_FILE) {
        (void)err_set(e, ERR_FOREIGN, "%s: a file, not the folder of an export", folder);
        return NULL;
    }
    dir = sys_dir_open(folder, 1, e);
    if (dir == NULL || sys_dir_kind(dir, MANIFEST_NAME) != SYS_MISSING ||
        sys_dir_kind(dir, MANIFEST_SUMS_NAME) != SYS_MISSING)
        return dir;
    (void)err_set(e, ERR_FOREIGN, "%s: no %s: not an export", folder, MANIFEST_NAME);
    sys_dir_close(dir);
    return NULL;
}

/* The manifest's own line in SHA256SUMS. */
static void check_manifest(struct look *l)
{
    struct verify_place at = {.file = ++l->run.nfiles, .name = MANIFEST_NAME};
    struct verify_sum *sum = verify_sums_find(&l->sums, MANIFEST_NAME);
    enum sys_kind kind = sys_dir_kind(l->dir, MANIFEST_NAME);

    if (sum != NULL)
        sum->claimed = 1;
    if (kind != SYS_FILE)
        verify_report_problem(l->run.report, &at, "%s",
                              kind == SYS_MISSING ? "missing" : "not a plain file of the export");
    else if (l->sums.present && (sum == NULL || strcmp(sum->sha256, l->sha256) != 0))
        verify_report_problem(l->run.report, &at,
                              "its SHA-256 is not the one in " MANIFEST_SUMS_NAME);
}

/* Files of SHA256SUMS that the manifest does not name. Without a manifest they are all there is. */
static void check_rest(struct look *l)
{
    size_t i;

    for (i = 0; i < l->sums.n && !l->run.failed; i++) {
        const struct verify_sum *sum = &l->sums.items[i];
        struct verify_place at = {.file = l->run.nfiles + 1, .name = sum->name};

        if (sum->claimed || (l->carried_on && manifest_is_view(sum->name)))
            continue;
        if (l->m != NULL && !manifest_is_view(sum->name))
            verify_report_problem(l->run.report, &at, "not in " MANIFEST_NAME);
        verify_run_file(&l->run, sum->name, 0, NULL);
    }
}

/* Look at everything. */
static void check_all(struct look *l)
{
    const struct manifest *m = l->m;
    size_t i;

    check_manifest(l);
    if (m != NULL) {
        verify_ledger(m, l->run.report);
        for (i = 0; i < m->nscopes && !l->run.failed; i++)
            verify_run_scope(&l->run, &m->scopes[i]);
        if (m->assignments_file != NULL && !l->run.failed)
            verify_run_file(&l->run, m->assignments_file, 1, m->assignments_data);
    }
    check_rest(l);
    verify_run_finish(&l->run);
}

/* Get ready; *l is for close_look, also on failure. */
static int open_look(struct look *l, struct err *e)
{
    l->run.dir = l->dir;
    l->run.depth = VERIFY_CONTENT;
    l->run.e = e;
    l->run.sums = &l->sums;
    l->run.report = verify_report_new();
    return verify_sums_load(&l->sums, l->dir, l->run.report, e) != 0 ||
                   verify_run_open(&l->run, thread_count()) != 0
               ? -1
               : 0;
}

static void close_look(struct look *l)
{
    verify_run_close(&l->run);
    verify_report_free(l->run.report);
    verify_sums_free(&l->sums);
    memset(&l->run, 0, sizeof(l->run));
}

/* ---- a whole export ---- */

/* Read the manifest into *m: once, so that its digest is that of what was read. One that cannot be
 * read is damaged when its digest says so, else foreign. */
static int load_manifest(struct look *l, struct manifest *m, char sha256[HASH_HEX_MAX],
                         struct err *e)
{
    struct verify_place at = {.name = MANIFEST_NAME};
    const struct verify_sum *sum = verify_sums_find(&l->sums, MANIFEST_NAME);
    int changed;

    if (sys_dir_kind(l->dir, MANIFEST_NAME) != SYS_FILE)
        return 0;
    if (manifest_load(m, l->dir, sha256, e) == 0) {
        l->m = m;
        return 0;
    }
    changed = sum == NULL || sha256[0] == '\0' || strcmp(sum->sha256, sha256) != 0;
    if ((e->code != ERR_FOREIGN && e->code != ERR_UNTRUSTED) || !changed || !l->sums.present)
        return -1;
    verify_report_problem(l->run.report, &at, "%s", e->msg);
    memset(e, 0, sizeof(*e));
    return 0;
}

/* Numbers for the summary. */
static void summarise(const struct look *l, struct verify_result *r)
{
    size_t i;

    r->files = l->run.nfiles + 1;
    if (l->m == NULL)
        return;
    r->complete = l->m->complete;
    for (i = 0; i < l->m->nscopes; i++) {
        r->events += l->m->scopes[i].events;
        r->windows += l->m->scopes[i].nwindows;
    }
}

int verify_export(const char *folder, struct verify_result *r, struct err *e)
{
    struct look l = {.sha256 = r->manifest_sha256};
    struct sys_dir *dir;
    struct manifest m = {0};
    int ret = -1;

    memset(r, 0, sizeof(*r));
    memset(e, 0, sizeof(*e));
    dir = open_folder(folder, e);
    if (dir == NULL)
        return -1;
    l.dir = dir;
    if (open_look(&l, e) != 0 || load_manifest(&l, &m, r->manifest_sha256, e) != 0)
        goto out;
    check_all(&l);
    if (l.run.failed || verify_folder(&l.sums, l.dir, 1, l.run.report, e) != 0)
        goto out;
    summarise(&l, r);
    verify_report_finish(l.run.report, r);
    ret = 0;
out:
    close_look(&l);
    manifest_free(&m);
    sys_dir_close(dir);
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

/* ---- before and after an acquisition ---- */

int verify_published(const struct sys_dir *dir, struct manifest *m, const char *sha256,
                     struct err *e)
{
    struct look l = {.dir = dir, .m = m, .sha256 = sha256, .carried_on = 1};
    int ret = -1;

    if (open_look(&l, e) == 0) {
        check_all(&l);
        if (!l.run.failed)
            ret = verify_report_judge(l.run.report, sys_dir_path(dir), e);
    }
    close_look(&l);
    return ret;
}

/* A name of the manifest must be in SHA256SUMS, with the digest that the manifest gives it. */
static void check_named(struct look *l, const char *name, const char *sha256)
{
    struct verify_place at = {.file = ++l->run.nfiles, .name = name};
    struct verify_sum *sum = verify_sums_find(&l->sums, name);

    if (sum == NULL && l->sums.present)
        verify_report_problem(l->run.report, &at, "not in " MANIFEST_SUMS_NAME);
    if (sum == NULL)
        return;
    sum->claimed = 1;
    if (sha256 != NULL && strcmp(sum->sha256, sha256) != 0)
        verify_report_problem(l->run.report, &at,
                              "its SHA-256 in " MANIFEST_SUMS_NAME
                              " is not the one in " MANIFEST_NAME);
}

/* The role assignments have no ledger, and are read as a whole. What cannot be read is a problem.
 */
static void check_assignments(struct look *l)
{
    const char *name = l->m->assignments_file;
    struct verify_place at = {.file = l->run.nfiles + 1, .name = name};

    if (name == NULL)
        return;
    if (verify_run_open(&l->run, 1) == 0) {
        verify_run_file(&l->run, name, 1, l->m->assignments_data);
        verify_run_finish(&l->run);
    }
    if (l->run.e->code != ERR_NONE)
        verify_report_problem(l->run.report, &at, "%s", l->run.e->msg);
    verify_run_close(&l->run);
}

int verify_manifest(const struct sys_dir *dir, const struct manifest *m, const char *sha256,
                    struct verify_result *r, struct err *e)
{
    struct look l = {.dir = dir, .m = m, .sha256 = sha256};
    struct err why = {0};
    int ret = -1;
    size_t i, k;

    memset(r, 0, sizeof(*r));
    l.run.dir = dir;
    l.run.sums = &l.sums;
    l.run.e = &why;
    l.run.report = verify_report_new();
    if (verify_sums_load(&l.sums, dir, l.run.report, e) == 0) {
        check_manifest(&l);
        verify_ledger(m, l.run.report);
        for (i = 0; i < m->nscopes; i++) {
            for (k = 0; k < m->scopes[i].nfiles; k++)
                check_named(&l, m->scopes[i].files[k].path, m->scopes[i].files[k].sha256);
        }
        check_assignments(&l);
        for (i = 0; i < l.sums.n; i++) {
            struct verify_place at = {.file = l.run.nfiles + 1, .name = l.sums.items[i].name};

            if (!l.sums.items[i].claimed && !manifest_is_view(at.name))
                verify_report_problem(l.run.report, &at, "not in " MANIFEST_NAME);
        }
        ret = verify_folder(&l.sums, dir, 0, l.run.report, e);
    }
    if (ret == 0)
        verify_report_finish(l.run.report, r);
    verify_report_free(l.run.report);
    verify_sums_free(&l.sums);
    return ret;
}

int verify_written(const struct sys_dir *dir, const char *below, struct manifest *m,
                   unsigned threads, struct err *e)
{
    struct verify_run run = {.dir = dir, .below = below, .depth = VERIFY_WRITTEN, .e = e};
    struct buf folder = {0};
    int ret = -1;
    size_t i;

    buf_printf(&folder, "%s/%s", sys_dir_path(dir), below);
    run.report = verify_report_new();
    /* One more than there are processors: a sync only waits. */
    if (verify_run_open(&run, threads + 1) == 0) {
        for (i = 0; i < m->nscopes && !run.failed; i++)
            verify_run_scope(&run, &m->scopes[i]);
        verify_run_finish(&run);
        if (!run.failed)
            ret = verify_report_judge(run.report, folder.data, e);
    }
    verify_run_close(&run);
    verify_report_free(run.report);
    buf_free(&folder);
    return ret;
}
