#include "export/verify_run.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/gzip_file.h"

#include <inttypes.h>
#include <string.h>

void verify_job_sync(struct pool_job *base)
{
    struct verify_job *j = container_of(base, struct verify_job, base);
    const struct verify_target *t = j->t;
    int fd = sys_dir_file(t->run->dir, t->name, SYS_APPEND_OPEN, &j->e);
    struct err ignored;

    if (fd < 0)
        return;
    if (sys_sync(fd, t->path, &j->e) != 0)
        (void)sys_close(fd, t->path, &ignored);
    else
        (void)sys_close(fd, t->path, &j->e);
}

void verify_job_file(struct pool_job *base)
{
    struct verify_job *j = container_of(base, struct verify_job, base);
    const struct verify_target *t = j->t;
    char hex[HASH_HEX_MAX];

    if (hash_fd(t->fd, t->path, hex, &j->e) != 0)
        return;
    if (t->sum != NULL && strcmp(hex, t->sum->sha256) != 0)
        verify_report_problem(t->run->report, &t->at,
                              "its SHA-256 is not the one in " MANIFEST_SUMS_NAME);
    if (t->file != NULL && t->run->depth == VERIFY_WRITTEN)
        memcpy(t->file->sha256, hex, sizeof(hex));
    else if (t->file != NULL && strcmp(hex, t->file->sha256) != 0)
        verify_report_problem(t->run->report, &t->at,
                              "its SHA-256 is not the one in " MANIFEST_NAME);
    if (t->file != NULL && t->size != t->file->bytes)
        verify_report_problem(t->run->report, &t->at,
                              "it has %" PRIu64 " bytes in place of %" PRIu64, t->size,
                              t->file->bytes);
}

int verify_frame(const struct verify_target *t, struct err *e)
{
    struct gzip_file_ends ends;
    const char *why;

    if (gzip_file_ends(t->fd, t->path, t->size, &ends, e) != 0)
        return -1;
    why = gzip_file_header_wrong(&ends);
    if (why != NULL)
        verify_report_problem(t->run->report, &t->at, "%s", why);
    /* Of content that could not be read, only how the stream ends is known. */
    why =
        t->spoiled ? gzip_file_end_wrong(&ends) : gzip_file_trailer_wrong(&ends, t->crc, t->plain);
    if (why != NULL)
        verify_report_problem(t->run->report, &t->at, "%s", why);
    return 0;
}

void verify_finish_content(struct verify_target *t, struct err *e)
{
    struct manifest_file *f = t->file;
    char hex[HASH_HEX_MAX];

    if (verify_frame(t, e) != 0 || t->spoiled)
        return;
    hash_final(t->content, hex);
    if (t->run->depth == VERIFY_WRITTEN) {
        memcpy(f->content_sha256, hex, sizeof(hex));
        f->content_lines = t->lines;
    } else if (strcmp(hex, f->content_sha256) != 0) {
        verify_report_problem(t->run->report, &t->at,
                              "the SHA-256 of its content is not the one in %s", MANIFEST_NAME);
    }
    if (t->plain != f->content_bytes)
        verify_report_problem(t->run->report, &t->at,
                              "its content has %" PRIu64 " bytes in place of %" PRIu64, t->plain,
                              f->content_bytes);
}
