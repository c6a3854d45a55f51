#include "reply.h"

#include "base/json.h"

#include <string.h>
#include <zlib.h>

int reply_text(struct reply *r, unsigned status, const char *body)
{
    r->status = status;
    buf_clear(&r->body);
    buf_puts(&r->body, body);
    return 0;
}

int reply_error(struct reply *r, unsigned status, const char *code, const char *message)
{
    r->status = status;
    buf_clear(&r->body);
    buf_printf(&r->body, "{\"error\":{\"code\":\"%s\",\"message\":", code);
    json_put_string(&r->body, message);
    buf_puts(&r->body, "}}");
    return 0;
}

int reply_gzip(struct reply *r)
{
    struct buf out = {0};
    z_stream z;
    int ret;

    memset(&z, 0, sizeof(z));
    /* Level 1: the simulator shall not be what a measurement measures. 15 + 16: gzip. */
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    buf_reserve(&out, deflateBound(&z, r->body.len));
    z.next_in = (Bytef *)r->body.data;
    z.avail_in = (uInt)r->body.len;
    z.next_out = (Bytef *)out.data;
    z.avail_out = (uInt)out.cap;
    ret = deflate(&z, Z_FINISH) == Z_STREAM_END ? 0 : -1;
    out.len = z.total_out;
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
static void new_line(struct buf *out, int depth)
{
    int i;

    buf_puts(out, depth % 2 == 0 ? "\n" : "\r\n");
    for (i = 0; i < depth; i++)
        buf_puts(out, depth == 3 ? "\t" : "  ");
}

void reply_pretty(struct reply *r)
{
    struct buf out = {0};
    int depth = 0, in_string = 0;
    size_t i;

    buf_puts(&out, " \n");
    for (i = 0; i < r->body.len; i++) {
        char c = r->body.data[i];

        if (in_string) {
            buf_putc(&out, c);
            if (c == '\\' && i + 1 < r->body.len)
                buf_putc(&out, r->body.data[++i]);
            else if (c == '"')
                in_string = 0;
            continue;
        }
        in_string = c == '"';
        if (c == '}' || c == ']')
            new_line(&out, --depth);
        if (c == ':')
            buf_puts(&out, " : ");
        else
            buf_putc(&out, c);
        if (c == '{' || c == '[')
            new_line(&out, ++depth);
        if (c == ',')
            new_line(&out, depth);
    }
    buf_puts(&out, "\r\n\t ");
    buf_free(&r->body);
    r->body = out;
}

void reply_free(struct reply *r)
{
    buf_free(&r->body);
    buf_free(&r->tail);
    buf_free(&r->location);
    buf_free(&r->next);
}
