#include "export/verify_run.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/gzip_file.h"

#include <inttypes.h>
#include <stdlib.h>
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

/* The ten bytes before the first fragment. */
static int check_header(const struct verify_target *t, struct err *e)
{
    unsigned char head[GZIP_FILE_HEADER] = {0};
    const char *why;

    if (sys_read_at(t->fd, 0, head, sizeof(head), t->path, e) < 0)
        return -1;
    why = gzip_file_header_wrong(head);
    if (why != NULL)
        verify_report_problem(t->run->report, &t->at, "%s", why);
    return 0;
}

/* The bytes behind the last fragment; CRC-32 and length are those of the whole content. */
static int check_trailer(const struct verify_target *t, struct err *e)
{
    unsigned char tail[GZIP_FILE_TRAILER] = {0};
    uint64_t at = t->size < sizeof(tail) ? 0 : t->size - sizeof(tail);
    const char *why;

    if (sys_read_at(t->fd, at, tail, sizeof(tail), t->path, e) < 0)
        return -1;
    why = gzip_file_trailer_wrong(tail, t->crc, t->plain);
    /* Of content that could not be read, only the two bytes before the numbers are known. */
    if (why != NULL && (!t->spoiled || tail[0] != 3 || tail[1] != 0))
        verify_report_problem(t->run->report, &t->at, "%s", why);
    return 0;
}

int verify_frame(const struct verify_target *t, struct err *e)
{
    return check_header(t, e) != 0 || check_trailer(t, e) != 0 ? -1 : 0;
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
