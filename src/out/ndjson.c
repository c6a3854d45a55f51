#include "out/ndjson.h"

#include "base/json.h"

void ndjson_begin(struct buf *out)
{
    buf_putc(out, '{');
}

void ndjson_name(struct buf *out, const char *name)
{
    char first = name[0] >= 'A' && name[0] <= 'Z' ? (char)(name[0] + ('a' - 'A')) : name[0];

    if (out->len > 0 && out->data[out->len - 1] != '{')
        buf_putc(out, ',');
    buf_printf(out, "\"%c%s\":", first, name + 1);
}

void ndjson_text(struct buf *out, struct slice text)
{
    json_put_slice(out, text);
}

void ndjson_number(struct buf *out, uint64_t number)
{
    buf_printf(out, "%llu", (unsigned long long)number);
}

void ndjson_bool(struct buf *out, int yes)
{
    buf_puts(out, yes ? "true" : "false");
}

void ndjson_begin_list(struct buf *out)
{
    buf_putc(out, '[');
}

void ndjson_element(struct buf *out, struct slice text, int first)
{
    if (!first)
        buf_putc(out, ',');
    json_put_slice(out, text);
}

void ndjson_end_list(struct buf *out)
{
    buf_putc(out, ']');
}

void ndjson_end(struct buf *out)
{
    buf_puts(out, "}\n");
}
