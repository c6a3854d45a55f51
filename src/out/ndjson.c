#include "out/ndjson.h"

#include "base/json.h"

int ndjson_begin(struct buf *out)
{
    return buf_putc(out, '{');
}

int ndjson_name(struct buf *out, const char *name)
{
    char first = name[0] >= 'A' && name[0] <= 'Z' ? (char)(name[0] + ('a' - 'A')) : name[0];

    if (out->len > 0 && out->data[out->len - 1] != '{' && buf_putc(out, ',') != 0)
        return -1;
    return buf_printf(out, "\"%c%s\":", first, name + 1);
}

int ndjson_text(struct buf *out, struct slice text)
{
    return json_put_slice(out, text);
}

int ndjson_number(struct buf *out, uint64_t number)
{
    return buf_printf(out, "%llu", (unsigned long long)number);
}

int ndjson_bool(struct buf *out, int yes)
{
    return buf_puts(out, yes ? "true" : "false");
}

int ndjson_begin_list(struct buf *out)
{
    return buf_putc(out, '[');
}

int ndjson_element(struct buf *out, struct slice text, int first)
{
    if (!first && buf_putc(out, ',') != 0)
        return -1;
    return json_put_slice(out, text);
}

int ndjson_end_list(struct buf *out)
{
    return buf_putc(out, ']');
}

int ndjson_end(struct buf *out)
{
    return buf_puts(out, "}\n");
}
