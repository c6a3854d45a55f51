#include "prebuilt.h"

#include "event.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* One run of events as deflate. */
struct run {
    size_t offset, len; /* in `deflated` */
    uLong crc;          /* of its plain bytes */
};

struct prebuilt {
    size_t n;
    size_t *offset; /* n + 1: where the j-th newest event begins in `plain` */
    struct buf plain, deflated;
    struct run *runs;
};

/* Append data as deflate that can be inflated by itself and has no end. */
static int deflate_piece(struct buf *out, z_stream *z, const char *data, size_t len)
{
    size_t bound = deflateBound(z, len) + 64;

    if (deflateReset(z) != Z_OK)
        return -1;
    buf_reserve(out, bound);
    z->next_in = (Bytef *)data;
    z->avail_in = (uInt)len;
    z->next_out = (Bytef *)out->data + out->len;
    z->avail_out = (uInt)bound;
    if (deflate(z, Z_FULL_FLUSH) != Z_OK || z->avail_in != 0 || z->avail_out == 0)
        return -1;
    out->len += z->total_out;
    return 0;
}

/* Compress all whole runs. */
static int build_runs(struct prebuilt *p)
{
    size_t g, runs = p->n / PREBUILT_RUN;
    z_stream z;
    int ret = 0;

    p->runs = mem_zalloc(runs + 1, sizeof(*p->runs));
    memset(&z, 0, sizeof(z));
    if (deflateInit2(&z, 4, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    for (g = 0; g < runs && ret == 0; g++) {
        size_t at = p->offset[g * PREBUILT_RUN], end = p->offset[(g + 1) * PREBUILT_RUN];

        p->runs[g].offset = p->deflated.len;
        ret = deflate_piece(&p->deflated, &z, p->plain.data + at, end - at);
        p->runs[g].len = p->deflated.len - p->runs[g].offset;
        p->runs[g].crc = crc32(0, (const Bytef *)p->plain.data + at, (uInt)(end - at));
    }
    (void)deflateEnd(&z);
    return ret;
}

struct prebuilt *prebuilt_new(const struct tenant *t, const struct log_scope *s)
{
    struct prebuilt *p = mem_zalloc(1, sizeof(*p));
    size_t j;

    p->n = s->nindex;
    p->offset = mem_zalloc(p->n + 1, sizeof(*p->offset));
    for (j = 0; j < p->n; j++) {
        p->offset[j] = p->plain.len;
        buf_putc(&p->plain, ',');
        event_render(&p->plain, t, s, p->n - 1 - j);
    }
    p->offset[p->n] = p->plain.len;
    if (!t->options->gzip || build_runs(p) == 0)
        return p;
    prebuilt_free(p);
    return NULL;
}

void prebuilt_free(struct prebuilt *p)
{
    if (p == NULL)
        return;
    buf_free(&p->plain);
    buf_free(&p->deflated);
    free(p->offset);
    free(p->runs);
    free(p);
}

/* Append four bytes, lowest first. */
static void put_le32(struct buf *out, uLong v)
{
    char bytes[4] = {(char)(v & 255U), (char)(v >> 8 & 255U), (char)(v >> 16 & 255U),
                     (char)(v >> 24 & 255U)};

    buf_append(out, bytes, 4);
}

/* Text to compress at one end of the page, and the length and CRC of the page so far. */
struct page_sum {
    z_stream z;
    uLong crc;
    size_t len;
};

/* Compress a text onto out and count it. */
static int add_text(struct page_sum *sum, struct buf *out, const struct buf *text)
{
    sum->crc = crc32(sum->crc, (const Bytef *)text->data, (uInt)text->len);
    sum->len += text->len;
    return deflate_piece(out, &sum->z, text->data, text->len);
}

/* The page as gzip: head and first events, whole runs as they are, last events and the end. */
static int page_gzip(const struct prebuilt *p, size_t first, size_t end, const char *head,
                     struct reply *r)
{
    static const unsigned char magic[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    struct page_sum sum = {.crc = 0};
    struct buf text = {0};
    /* The first event loses its comma, so its run is never taken whole. */
    size_t from = (first / PREBUILT_RUN + 1) * PREBUILT_RUN, to = end / PREBUILT_RUN * PREBUILT_RUN;
    size_t g, cut;
    int ret = -1;

    if (deflateInit2(&sum.z, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    if (to < from || first == end)
        from = to = end;
    cut = p->offset[first] + (first < end);
    buf_puts(&text, head);
    buf_append(&text, p->plain.data + cut, p->offset[from] - (first < end ? cut : p->offset[from]));
    buf_append(&r->body, magic, sizeof(magic));
    if (add_text(&sum, &r->body, &text) != 0)
        goto out;
    for (g = from / PREBUILT_RUN; from < to && g < to / PREBUILT_RUN; g++) {
        size_t len = p->offset[(g + 1) * PREBUILT_RUN] - p->offset[g * PREBUILT_RUN];

        if (r->middle.data == NULL)
            r->middle.data = p->deflated.data + p->runs[g].offset;
        r->middle.len += p->runs[g].len;
        sum.crc = crc32_combine(sum.crc, p->runs[g].crc, (z_off_t)len);
        sum.len += len;
    }
    buf_clear(&text);
    buf_append(&text, p->plain.data + p->offset[to], p->offset[end] - p->offset[to]);
    buf_puts(&text, "]}");
    if (add_text(&sum, &r->tail, &text) != 0)
        goto out;
    buf_append(&r->tail, "\003\000", 2);
    put_le32(&r->tail, sum.crc);
    put_le32(&r->tail, (uLong)sum.len);
    r->gzipped = 1;
    ret = 0;
out:
    (void)deflateEnd(&sum.z);
    buf_free(&text);
    return ret;
}

int prebuilt_page(const struct prebuilt *p, size_t top, size_t count, const char *head, int gzip,
                  struct reply *r)
{
    size_t first = p->n - top, end = first + count;

    buf_clear(&r->body);
    r->middle = (struct slice){NULL, 0};
    r->events = count;
    r->status = 200;
    if (gzip && p->runs != NULL)
        return page_gzip(p, first, end, head, r);
    if (count > 0)
        r->middle = (struct slice){p->plain.data + p->offset[first] + 1,
                                   p->offset[end] - p->offset[first] - 1};
    buf_puts(&r->body, head);
    buf_puts(&r->tail, "]}");
    return 0;
}
