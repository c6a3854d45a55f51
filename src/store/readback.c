#include "store/readback.h"

#include "base/hash.h"
#include "base/pool.h"
#include "base/sys.h"
#include "export/gzip_file.h"
#include "store/folder.h"
#include "store/segment.h"

#include <stdlib.h>
#include <string.h>

/*
 * How the work is shared. A file has one job that syncs it, one that hashes its bytes from end to
 * end, and one for each window, which inflates the window (or READBACK_HOLD_BYTES of it), waits
 * until the windows before it are in the digest of the content, and adds its own.
 */

/* Jobs in the pool for each thread: enough that none of them is ever idle. */
#define READBACK_JOBS_PER_THREAD 4

/* One run. */
struct readback {
    const struct sys_dir *dir;
    const char *folder; /* below dir */
    struct pool *pool;
    struct pool_turns *turns;
    unsigned limit; /* jobs in the pool at most */
    struct err *e;
    int failed; /* *e is set: no more work, only the end of what runs */
};

/* A file while jobs work on it. */
struct target {
    struct readback *r;
    struct manifest_file *file;
    char *path; /* below dir */
    int fd;
    unsigned jobs; /* not yet finished; the main thread's, as is `ended` */
    int ended;     /* no more jobs will come */
    /* the content so far, of the job whose turn it is */
    size_t turn; /* the window that comes next */
    struct hash *content;
    uint32_t crc;
    uint64_t bytes, lines, offset;
};

struct job {
    struct pool_job base;
    struct target *t;
    const struct manifest_window *w; /* or NULL */
    size_t index;                    /* among the windows of the file */
    struct err e;                    /* code 0: none */
};

/* What was written is not what the ledger says. */
static int differs(const struct target *t, const char *what, struct err *e)
{
    return err_set(e, ERR_FOREIGN, "%s: %s does not read back as the ledger says", t->path, what);
}

/* ---- jobs ---- */

/* Make the file durable. */
static void run_sync(struct pool_job *base)
{
    struct job *j = (struct job *)(void *)base;
    int fd = sys_dir_file(j->t->r->dir, j->t->path, SYS_APPEND_OPEN, &j->e);
    struct err ignored;

    if (fd < 0)
        return;
    if (sys_sync(fd, j->t->path, &j->e) != 0)
        (void)sys_close(fd, j->t->path, &ignored);
    else
        (void)sys_close(fd, j->t->path, &j->e);
}

/* Digest of the bytes of the file. */
static void run_bytes(struct pool_job *base)
{
    struct job *j = (struct job *)(void *)base;

    (void)hash_fd(j->t->fd, j->t->path, j->t->file->sha256, &j->e);
}

/* Newlines in a text. */
static uint64_t count_lines(struct slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    uint64_t n = 0;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        n++;
        p++;
    }
    return n;
}

/* Inflate a window and add it to the content when its turn has come. */
static int read_window(struct job *j, struct segment_source *s, uint64_t *lines)
{
    struct target *t = j->t;
    struct slice text;
    int more;

    do {
        if (sys_interrupted())
            return err_set(&j->e, ERR_INTERRUPTED, "interrupted");
        more = segment_source_bytes(s, READBACK_HOLD_BYTES, &text, &j->e);
        if (more < 0)
            return -1;
        *lines += count_lines(text);
        pool_turns_wait(t->r->turns, &t->turn, j->index);
        hash_update(t->content, text.data, text.len);
    } while (more > 0);
    return *lines == j->w->events ? 0 : differs(t, "the number of events", &j->e);
}

static void run_window(struct pool_job *base)
{
    struct job *j = (struct job *)(void *)base;
    struct target *t = j->t;
    struct segment_source *s = segment_from_fragment(t->fd, t->path, j->w);
    uint64_t lines = 0;

    if (s == NULL)
        (void)err_memory(&j->e, t->path);
    else
        (void)read_window(j, s, &lines);
    segment_source_free(s);
    pool_turns_wait(t->r->turns, &t->turn, j->index);
    if (j->e.code == 0 && j->w->offset != t->offset)
        (void)differs(t, "the place of a window", &j->e);
    t->offset += j->w->deflated;
    t->crc = gzip_file_crc_append(t->crc, j->w->crc, j->w->plain);
    t->bytes += j->w->plain;
    t->lines += lines;
    pool_turns_pass(t->r->turns, &t->turn);
}

/* ---- files ---- */

/* The first failure ends the run. */
static void fail(struct readback *r, const struct err *e)
{
    if (!r->failed)
        *r->e = *e;
    r->failed = 1;
}

static void target_free(struct target *t)
{
    struct err ignored;

    if (t->fd >= 0)
        (void)sys_close(t->fd, t->path, &ignored);
    hash_free(t->content);
    free(t->path);
    free(t);
}

static struct target *target_open(struct readback *r, struct manifest_file *file, struct err *e)
{
    struct target *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        (void)err_memory(e, file->path);
        return NULL;
    }
    t->r = r;
    t->file = file;
    t->fd = -1;
    t->offset = GZIP_FILE_HEADER;
    t->content = hash_new();
    t->path = folder_join(r->folder, file->path);
    if (t->content == NULL)
        (void)err_memory(e, file->path);
    else
        t->fd = sys_dir_file(r->dir, t->path, SYS_READ, e);
    if (t->fd < 0) {
        target_free(t);
        return NULL;
    }
    return t;
}

/* All windows were right: what stands around them, and the digest. */
static int finish_content(struct target *t, struct err *e)
{
    unsigned char want[GZIP_FILE_TRAILER], header[GZIP_FILE_HEADER], trailer[GZIP_FILE_TRAILER + 1];
    long n;

    gzip_file_trailer(t->crc, t->bytes, want);
    n = sys_read_at(t->fd, 0, header, sizeof(header), t->path, e);
    if (n < 0)
        return -1;
    if (n != GZIP_FILE_HEADER || memcmp(header, gzip_file_header, GZIP_FILE_HEADER) != 0)
        return differs(t, "the header", e);
    n = sys_read_at(t->fd, t->offset, trailer, sizeof(trailer), t->path, e);
    if (n < 0)
        return -1;
    if (n != GZIP_FILE_TRAILER || memcmp(trailer, want, GZIP_FILE_TRAILER) != 0 ||
        t->offset + GZIP_FILE_TRAILER != t->file->bytes || t->bytes != t->file->content_bytes)
        return differs(t, "the end", e);
    hash_final(t->content, t->file->content_sha256);
    t->file->content_lines = t->lines;
    return 0;
}

/* All jobs of a file are done. */
static void target_finish(struct readback *r, struct target *t)
{
    struct err e = {0};

    if (!r->failed && finish_content(t, &e) != 0)
        fail(r, &e);
    target_free(t);
}

/* ---- the run ---- */

/* Wait until at most `most` jobs are in the pool. */
static void drain(struct readback *r, unsigned most)
{
    while (pool_pending(r->pool) > most) {
        struct job *j = (struct job *)(void *)pool_wait(r->pool);
        struct target *t = j->t;

        if (j->e.code != 0)
            fail(r, &j->e);
        free(j);
        if (--t->jobs == 0 && t->ended)
            target_finish(r, t);
    }
}

/* Give one job to the pool. */
static void add_job(struct target *t, void (*run)(struct pool_job *),
                    const struct manifest_window *w, size_t index)
{
    struct readback *r = t->r;
    struct job *j;

    drain(r, r->limit - 1);
    if (r->failed)
        return;
    j = calloc(1, sizeof(*j));
    if (j == NULL) {
        struct err e = {0};

        (void)err_memory(&e, t->path);
        fail(r, &e);
        return;
    }
    j->base.run = run;
    j->t = t;
    j->w = w;
    j->index = index;
    t->jobs++;
    pool_add(r->pool, &j->base);
}

/* One file with its windows, which stand together from *next on; *next moves behind them. */
static void read_file(struct readback *r, struct manifest_scope *s, size_t file, size_t *next)
{
    struct err e = {0};
    struct target *t = target_open(r, &s->files[file], &e);
    size_t n = 0;

    if (t == NULL) {
        fail(r, &e);
        return;
    }
    add_job(t, run_sync, NULL, 0);
    add_job(t, run_bytes, NULL, 0);
    for (; *next < s->nwindows && s->windows[*next].file <= (int)file; (*next)++) {
        if (s->windows[*next].file == (int)file)
            add_job(t, run_window, &s->windows[*next], n++);
    }
    t->ended = 1;
    if (t->jobs == 0)
        target_finish(r, t);
}

int readback_files(const struct sys_dir *dir, const char *folder, struct manifest *m,
                   unsigned threads, struct err *e)
{
    struct readback r = {.dir = dir, .folder = folder, .e = e};
    size_t i, k;

    /* One more than there are processors: a sync only waits. */
    threads++;
    r.limit = threads * READBACK_JOBS_PER_THREAD;
    r.turns = pool_turns_new();
    r.pool = pool_new(threads, NULL, NULL);
    if (r.turns == NULL || r.pool == NULL)
        (void)err_memory(e, "reading back");
    r.failed = r.turns == NULL || r.pool == NULL;
    for (i = 0; i < m->nscopes && !r.failed; i++) {
        size_t next = 0;

        for (k = 0; k < m->scopes[i].nfiles && !r.failed; k++)
            read_file(&r, &m->scopes[i], k, &next);
    }
    if (r.pool != NULL)
        drain(&r, 0);
    (void)pool_free(r.pool);
    pool_turns_free(r.turns);
    return r.failed ? -1 : 0;
}
