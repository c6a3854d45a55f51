#include "export/verify_run.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "export/fragment.h"
#include "export/gzip_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Bytes of a file that are read at a time. */
#define CHUNK (64U << 10)

/* A file of lines that is being inflated from end to end. */
struct lines {
    struct verify_job *j;
    z_stream z;
    unsigned char in[CHUNK];
    struct buf text; /* the line that is not yet whole */
    uint64_t number; /* of lines so far */
    int bad;         /* one was reported */
};

/* Look at the whole lines inflated so far: each is one JSON object. */
static int check_lines(struct lines *l)
{
    struct verify_target *t = l->j->t;
    size_t done = 0;
    const char *end;

    while ((end = memchr(l->text.data + done, '\n', l->text.len - done)) != NULL) {
        struct slice text = {l->text.data + done, (size_t)(end - l->text.data) - done};
        struct err why = {0};

        l->number++;
        done += text.len + 1;
        if (l->bad || (json_check(text, NULL, NULL, &why) == 0 && json_kind(text) == JSON_OBJECT))
            continue;
        l->bad = 1;
        verify_report_problem(t->run->report, &t->at, "line %" PRIu64 ": %s", l->number,
                              why.code != 0 ? why.msg : "not a JSON object");
    }
    memmove(l->text.data, l->text.data + done, l->text.len - done);
    l->text.len -= done;
    if (l->text.len <= FRAGMENT_LINE_MAX)
        return 0;
    verify_report_problem(t->run->report, &t->at, "line %" PRIu64 " is too long", l->number + 1);
    return -1;
}

/* Inflate one chunk. Returns 1, or 0 at the end of the stream, or -1. */
static int inflate_lines(struct lines *l)
{
    struct verify_target *t = l->j->t;
    size_t room;
    int ret;

    buf_reserve(&l->text, CHUNK);
    room = CHUNK;
    l->z.next_out = (unsigned char *)l->text.data + l->text.len;
    l->z.avail_out = (unsigned)room;
    ret = inflate(&l->z, Z_NO_FLUSH);
    room -= l->z.avail_out;
    t->crc = (uint32_t)crc32_z(t->crc, (unsigned char *)l->text.data + l->text.len, room);
    hash_update(t->content, l->text.data + l->text.len, room);
    t->plain += room;
    l->text.len += room;
    if (ret != Z_OK && ret != Z_STREAM_END && ret != Z_BUF_ERROR) {
        verify_job_problem(l->j, l->z.msg != NULL ? l->z.msg : "it cannot be inflated");
        return -1;
    }
    if (check_lines(l) != 0)
        return -1;
    return ret == Z_STREAM_END ? 0 : 1;
}

/* Inflate from behind the header to the end of the stream. */
static int read_lines(struct lines *l)
{
    struct verify_target *t = l->j->t;
    uint64_t offset = GZIP_FILE_HEADER;
    int more = 1;

    while (more > 0) {
        if (l->z.avail_in == 0) {
            long n = sys_read_at(t->fd, offset, l->in, CHUNK, t->path, &l->j->e);

            if (n < 0)
                return -1;
            if (n == 0) {
                verify_job_problem(l->j, "it ends before its compressed stream does");
                return -1;
            }
            l->z.next_in = l->in;
            l->z.avail_in = (unsigned)n;
            offset += (uint64_t)n;
        }
        more = inflate_lines(l);
    }
    if (more == 0 && offset - l->z.avail_in + 8 != t->size)
        verify_job_problem(l->j, "it is not exactly one gzip member");
    if (more == 0 && l->text.len > 0)
        verify_job_problem(l->j, "its last line has no newline");
    return more;
}

void verify_job_lines(struct pool_job *base)
{
    struct verify_job *j = container_of(base, struct verify_job, base);
    struct verify_target *t = j->t;
    struct lines *l = mem_zalloc(1, sizeof(*l));

    if (inflateInit2(&l->z, -15) != Z_OK)
        mem_fail();
    l->j = j;
    t->spoiled = read_lines(l) != 0;
    if (!t->spoiled && t->file != NULL && l->number != t->file->content_lines)
        verify_report_problem(t->run->report, &t->at,
                              "it has %" PRIu64 " lines in place of %" PRIu64, l->number,
                              t->file->content_lines);
    if (j->e.code == 0 && t->file == NULL)
        (void)verify_frame(t, &j->e);
    (void)inflateEnd(&l->z);
    buf_free(&l->text);
    free(l);
}
