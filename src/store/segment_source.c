/* Where sorted lines come from: memory, runs on disk and fragments; and how they are merged. */
#include "base/fault.h"
#include "base/mem.h"
#include "base/sys.h"
#include "export/fragment.h"
#include "store/segment_impl.h"

#include <stdlib.h>
#include <string.h>

/* Bytes read from disk at a time by a run. */
#define SEGMENT_READ_CHUNK (64U << 10)
/* Bytes of one line: no page is larger than this, so no line is. */
#define SEGMENT_LINE_MAX (64U << 20)

/* ---- sources ---- */

/* What a source reads from. */
struct segment_source {
    int (*next)(struct segment_source *s, struct line *l, struct err *e);
    struct line *lines; /* memory: the caller's */
    size_t nlines, at;
    int fd; /* run: the caller's */
    const char *path;
    uint64_t offset; /* run: of the next byte to read */
    uint64_t end;    /* fragment: behind its last byte */
    struct buf raw;  /* run: bytes read; from `used` on not consumed */
    size_t used;
    struct buf text; /* a fragment's plain bytes; from `used` on not consumed */
    struct fragment *fragment;
    struct manifest_window w; /* of the fragment */
};

/* For qsort. */
static int compare_lines(const void *a, const void *b)
{
    return line_compare(a, b);
}

/* Sort lines that mostly come newest first: turn them round, and sort only what is still wrong. */
static void sort_lines(struct line *lines, size_t n)
{
    size_t i;

    for (i = 0; i < n / 2; i++) {
        struct line t = lines[i];

        lines[i] = lines[n - 1 - i];
        lines[n - 1 - i] = t;
    }
    for (i = 1; i < n; i++) {
        if (line_compare(&lines[i - 1], &lines[i]) > 0) {
            qsort(lines, n, sizeof(*lines), compare_lines);
            return;
        }
    }
}

static int next_in_memory(struct segment_source *s, struct line *l, struct err *e)
{
    (void)e;
    if (s->at == s->nlines)
        return 0;
    *l = s->lines[s->at++];
    return 1;
}

struct segment_source *segment_from_memory(struct line *lines, size_t n)
{
    struct segment_source *s = mem_zalloc(1, sizeof(*s));

    sort_lines(lines, n);
    s->next = next_in_memory;
    s->lines = lines;
    s->nlines = n;
    return s;
}

/* What stands in front of each line of a run; the file never leaves the machine that wrote it. */
struct run_head {
    int64_t ticks;
    uint32_t len, id_at, id_len, unused;
};

/* Make sure that a run's buffer holds `need` unconsumed bytes. Returns 1, 0 at the end, -1. */
static int fill_run(struct segment_source *s, size_t need, struct err *e)
{
    while (s->raw.len - s->used < need) {
        long n;

        if (s->used > 0) {
            memmove(s->raw.data, s->raw.data + s->used, s->raw.len - s->used);
            s->raw.len -= s->used;
            s->used = 0;
        }
        buf_reserve(&s->raw, need > SEGMENT_READ_CHUNK ? need : SEGMENT_READ_CHUNK);
        n = sys_read_at(s->fd, s->offset, s->raw.data + s->raw.len, s->raw.cap - s->raw.len,
                        "temporary file", e);
        if (n < 0)
            return -1;
        if (n == 0)
            return s->raw.len == 0 ? 0 : err_set(e, ERR_LOCAL, "temporary file: cut short");
        s->offset += (uint64_t)n;
        s->raw.len += (size_t)n;
    }
    return 1;
}

static int next_in_run(struct segment_source *s, struct line *l, struct err *e)
{
    struct run_head head;
    int more = fill_run(s, sizeof(head), e);

    if (more <= 0)
        return more;
    memcpy(&head, s->raw.data + s->used, sizeof(head));
    if (head.len > SEGMENT_LINE_MAX || fill_run(s, sizeof(head) + head.len, e) <= 0)
        return err_set(e, ERR_LOCAL, "temporary file: cut short");
    l->ticks = head.ticks;
    l->bytes.data = s->raw.data + s->used + sizeof(head);
    l->bytes.len = head.len;
    l->id.data = l->bytes.data + head.id_at;
    l->id.len = head.id_len;
    s->used += sizeof(head) + head.len;
    return 1;
}

struct segment_source *segment_from_run(int fd)
{
    struct segment_source *s = mem_zalloc(1, sizeof(*s));

    s->next = next_in_run;
    s->fd = fd;
    return s;
}

/* A fragment does not hold what the ledger says. */
static int damaged(const struct segment_source *s, const char *why, struct err *e)
{
    return err_set(e, ERR_FOREIGN, "%s: fragment up to byte %llu: %s", s->path,
                   (unsigned long long)s->end, why);
}

/* Inflate some more of a fragment behind s->text. Returns 1, 0 at the end of what is as the ledger
 * says, -1. */
static int inflate_more(struct segment_source *s, struct err *e)
{
    int more = fragment_read(s->fragment, &s->text, e);

    if (more == 0)
        more = fragment_check(s->fragment, e);
    if (more < 0 && e->code == ERR_FOREIGN)
        (void)err_wrap(e, "%s: fragment up to byte %llu", s->path, (unsigned long long)s->end);
    return more;
}

static int next_in_fragment(struct segment_source *s, struct line *l, struct err *e)
{
    size_t searched = s->used;
    char *end;

    while (s->text.len == searched ||
           (end = memchr(s->text.data + searched, '\n', s->text.len - searched)) == NULL) {
        int more;

        searched = s->text.len - s->used;
        if (s->used > 0) {
            memmove(s->text.data, s->text.data + s->used, searched);
            s->text.len = searched;
            s->used = 0;
        }
        if (s->text.len > SEGMENT_LINE_MAX)
            return damaged(s, "a line that does not end", e);
        more = inflate_more(s, e);
        if (more < 0)
            return -1;
        if (more == 0)
            return s->text.len > 0 ? damaged(s, "its last line has no newline", e) : 0;
    }
    {
        struct slice text = {s->text.data + s->used, (size_t)(end - s->text.data) - s->used};

        s->used = (size_t)(end - s->text.data) + 1;
        return line_parse(l, text, e) != 0 ? damaged(s, "a line that is not an event", e) : 1;
    }
}

struct segment_source *segment_from_fragment(int fd, const char *path,
                                             const struct manifest_window *w)
{
    struct segment_source *s = mem_zalloc(1, sizeof(*s));

    s->next = next_in_fragment;
    s->path = path;
    s->end = w->offset + w->deflated;
    s->w = *w;
    s->fragment = fragment_open(fd, path, &s->w);
    return s;
}

void segment_source_free(struct segment_source *s)
{
    if (s == NULL)
        return;
    fragment_close(s->fragment);
    buf_free(&s->raw);
    buf_free(&s->text);
    free(s);
}

int segment_source_next(struct segment_source *s, struct line *l, struct err *e)
{
    return s->next(s, l, e);
}

/* ---- merging ---- */

int segment_merge(struct segment_source **sources, size_t n,
                  int (*take)(void *arg, const struct line *l, struct err *e), void *arg,
                  struct err *e)
{
    struct line *heads = mem_zalloc(n + 1, sizeof(*heads));
    char *alive = mem_zalloc(n + 1, 1);
    int ret = -1;
    size_t i;

    for (i = 0; i < n; i++) {
        int more = sources[i]->next(sources[i], &heads[i], e);

        if (more < 0)
            goto out;
        alive[i] = more == 1;
    }
    for (;;) {
        size_t least = n;
        int more;

        for (i = 0; i < n; i++) {
            if (alive[i] && (least == n || line_compare(&heads[i], &heads[least]) < 0))
                least = i;
        }
        if (least == n)
            break;
        if (take(arg, &heads[least], e) != 0)
            goto out;
        more = sources[least]->next(sources[least], &heads[least], e);
        if (more < 0)
            goto out;
        alive[least] = more == 1;
    }
    ret = 0;
out:
    free(heads);
    free(alive);
    return ret;
}

/* A run that is being written. */
struct run_writer {
    int fd;
    struct buf chunk;
};

/* Write what has gathered. */
static int flush_run(struct run_writer *w, struct err *e)
{
    int ret = sys_write(w->fd, w->chunk.data, w->chunk.len, "temporary file", e);

    buf_clear(&w->chunk);
    return ret;
}

/* Append one line to a run. */
static int write_line(void *arg, const struct line *l, struct err *e)
{
    struct run_writer *w = arg;
    const struct run_head head = {l->ticks, (uint32_t)l->bytes.len,
                                  l->id.len == 0 ? 0 : (uint32_t)(l->id.data - l->bytes.data),
                                  (uint32_t)l->id.len, 0};

    buf_append(&w->chunk, &head, sizeof(head));
    buf_append(&w->chunk, l->bytes.data, l->bytes.len);
    return w->chunk.len >= SEGMENT_DEFLATE_CHUNK ? flush_run(w, e) : 0;
}

int segment_open_unnamed(const struct sys_dir *dir, struct err *e)
{
    return dir == NULL ? sys_open_temporary(NULL, e) : sys_dir_temporary(dir, "", e);
}

int segment_write_run(struct segment_source **sources, size_t n, const struct sys_dir *dir, int *fd,
                      struct err *e)
{
    struct run_writer w = {.fd = segment_open_unnamed(dir, e)};
    struct err ignored;
    int ret = -1;

    if (w.fd < 0)
        return -1;
    if (segment_merge(sources, n, write_line, &w, e) == 0 && flush_run(&w, e) == 0)
        ret = 0;
    FAULT("run-written");
    buf_free(&w.chunk);
    if (ret == 0)
        *fd = w.fd;
    else
        (void)sys_close(w.fd, "temporary file", &ignored);
    return ret;
}
