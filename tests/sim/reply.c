#include "reply.h"

#include "base/json.h"

#include <string.h>
#include <zlib.h>

int reply_text(struct reply *r, unsigned status, const char *body)
{
    r->status = status;
    buf_clear(&r->body);
    return buf_puts(&r->body, body);
}

int reply_error(struct reply *r, unsigned status, const char *code, const char *message)
{
    r->status = status;
    buf_clear(&r->body);
    if (buf_printf(&r->body, "{\"error\":{\"code\":\"%s\",\"message\":", code) != 0 ||
        json_put_string(&r->body, message) != 0)
        return -1;
    return buf_puts(&r->body, "}}");
}

int reply_gzip(struct reply *r)
{
    struct buf out = {0};
    z_stream z;
    int ret = -1;

    memset(&z, 0, sizeof(z));
    /* Level 1: the simulator shall not be what a measurement measures. 15 + 16: gzip. */
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    if (buf_reserve(&out, deflateBound(&z, r->body.len)) == 0) {
        z.next_in = (Bytef *)r->body.data;
        z.avail_in = (uInt)r->body.len;
        z.next_out = (Bytef *)out.data;
        z.avail_out = (uInt)out.cap;
        ret = deflate(&z, Z_FINISH) == Z_STREAM_END ? 0 : -1;
        out.len = z.total_out;
    }
    (void)deflateEnd(&z);
    if (ret != 0) {
        buf_free(&out);
        return -1;
    }
    buf_free(&r->body);
    r->body = out;
    r->gzipped = 1;
    return 0;
}

/* A line break and the indentation of a depth; tabs and CR LF occur too. */
static int new_line(struct buf *out, int depth)
{
    int i, ret = buf_puts(out, depth % 2 == 0 ? "\n" : "\r\n");

    for (i = 0; i < depth && ret == 0; i++)
        ret = buf_puts(out, depth == 3 ? "\t" : "  ");
    return ret;
}

int reply_pretty(struct reply *r)
{
    struct buf out = {0};
    int depth = 0, in_string = 0, ret = buf_puts(&out, " \n");
    size_t i;

    for (i = 0; i < r->body.len && ret == 0; i++) {
        char c = r->body.data[i];

        if (in_string) {
            ret = buf_putc(&out, c);
            if (c == '\\' && i + 1 < r->body.len && ret == 0)
                ret = buf_putc(&out, r->body.data[++i]);
            else if (c == '"')
                in_string = 0;
            continue;
        }
        in_string = c == '"';
        if ((c == '}' || c == ']') && new_line(&out, --depth) != 0)
            ret = -1;
        if (ret == 0)
            ret = c == ':' ? buf_puts(&out, " : ") : buf_putc(&out, c);
        if ((c == '{' || c == '[') && ret == 0)
            ret = new_line(&out, ++depth);
        if (c == ',' && ret == 0)
            ret = new_line(&out, depth);
    }
    if (ret != 0 || buf_puts(&out, "\r\n\t ") != 0) {
        buf_free(&out);
        return -1;
    }
    buf_free(&r->body);
    r->body = out;
    return 0;
}

void reply_free(struct reply *r)
{
    buf_free(&r->body);
    buf_free(&r->tail);
    buf_free(&r->location);
    buf_free(&r->next);
}
