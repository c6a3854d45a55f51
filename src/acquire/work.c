#include "acquire/work.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Runs of one walk before they are merged into one: each is an open file. */
#define WORK_RUNS_MAX 24

struct work_page *work_page_ref(struct work_page *p)
{
    p->refs++;
    return p;
}

int64_t work_page_unref(struct work_page *p)
{
    int64_t bytes;

    if (p == NULL || --p->refs > 0)
        return 0;
    bytes = p->bytes;
    page_free(&p->page);
    free(p);
    return bytes;
}

/* Gather the lines of a stretch. */
static struct line *gather(const struct work_stretch *s, size_t *n)
{
    struct line *lines;
    size_t total = 0, i, k;

    for (i = 0; i < s->npages; i++)
        total += s->pages[i]->page.nlines;
    lines = mem_realloc(NULL, total + 1, sizeof(*lines));
    *n = 0;
    for (i = 0; i < s->npages; i++) {
        const struct page *p = &s->pages[i]->page;

        for (k = 0; k < p->nlines; k++) {
            if (p->lines[k].ticks >= s->from && p->lines[k].ticks < s->to)
                lines[(*n)++] = p->lines[k];
        }
    }
    return lines;
}

/* Make the windows of a stretch. */
static int make_windows(struct work_job *j, struct err *e)
{
    const struct work_stretch stretch = {j->pages, j->npages, j->params.from, j->params.to};
    struct segment_source **sources = mem_zalloc(j->nruns + 1, sizeof(struct segment_source *));
    struct line *lines;
    size_t i, nlines;
    int ret;

    lines = gather(&stretch, &nlines);
    sources[0] = segment_from_memory(lines, nlines);
    for (i = 0; i < j->nruns; i++)
        sources[i + 1] = segment_from_run(j->runs[i]);
    ret = segment_encode(&j->result, &j->params, sources, j->nruns + 1, 1, e);
    for (i = 0; i <= j->nruns; i++)
        segment_source_free(sources[i]);
    free(sources);
    free(lines);
    return ret;
}

/* What a thread of the pool does. */
static void run_job(struct pool_job *job)
{
    struct work_job *j = (struct work_job *)(void *)job;

    if (j->kind == WORK_PARSE)
        j->failed = page_parse(&j->page, &j->body, &j->e) != 0 ||
                    page_check_header(j->pages_on, j->page.next_link, &j->e) != 0;
    else
        j->failed = make_windows(j, &j->e) != 0;
}

struct work_job *work_job_new(enum work_kind kind, void *walk)
{
    struct work_job *j = mem_zalloc(1, sizeof(*j));

    j->job.run = run_job;
    j->kind = kind;
    j->walk = walk;
    j->result.fd = -1;
    return j;
}

/* Close a list of runs. */
static void close_runs(int *runs, size_t n)
{
    struct err ignored;
    size_t i;

    for (i = 0; i < n; i++)
        (void)sys_close(runs[i], "temporary file", &ignored);
}

int64_t work_job_free(struct work_job *j)
{
    int64_t bytes = 0;
    size_t i;

    if (j == NULL)
        return 0;
    for (i = 0; i < j->npages; i++)
        bytes += work_page_unref(j->pages[i]);
    free(j->pages);
    close_runs(j->runs, j->nruns);
    free(j->runs);
    for (i = 0; i < j->nids; i++)
        free(j->ids[i]);
    free(j->ids);
    segment_result_free(&j->result);
    page_free(&j->page);
    buf_free(&j->body);
    free(j);
    return bytes;
}

/* Replace all runs by one. */
static int merge_runs(int *runs, size_t *nruns, const struct sys_dir *dir, struct err *e)
{
    struct segment_source *sources[WORK_RUNS_MAX + 1] = {NULL};
    size_t i, n = *nruns;
    int merged = -1, ret = -1;

    for (i = 0; i < n; i++)
        sources[i] = segment_from_run(runs[i]);
    if (segment_write_run(sources, n, dir, &merged, e) != 0)
        goto out;
    close_runs(runs, n);
    runs[0] = merged;
    *nruns = 1;
    ret = 0;
out:
    for (i = 0; i < n; i++)
        segment_source_free(sources[i]);
    return ret;
}

int work_spill(const struct work_stretch *s, const struct sys_dir *dir, int **runs, size_t *nruns,
               struct err *e)
{
    size_t n;
    struct line *lines = gather(s, &n);
    struct segment_source *source = segment_from_memory(lines, n);
    int fd = -1, ret = segment_write_run(&source, 1, dir, &fd, e);

    segment_source_free(source);
    free(lines);
    if (ret != 0)
        return -1;
    *runs = mem_realloc(*runs, *nruns + 1, sizeof(**runs));
    (*runs)[(*nruns)++] = fd;
    return *nruns >= WORK_RUNS_MAX ? merge_runs(*runs, nruns, dir, e) : 0;
}
