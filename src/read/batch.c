#include "read/batch.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void batch_free(struct batch *b)
{
    if (b == NULL)
        return;
    buf_free(&b->bytes);
    free(b->items);
    free(b);
}

/* One more item in *b, which is made when it is NULL. */
static struct batch_item *add(struct batch **b, enum batch_kind kind, uint64_t line)
{
    struct batch_item *i;

    if (*b == NULL)
        *b = mem_zalloc(1, sizeof(**b));
    (*b)->items = mem_grow((*b)->items, (*b)->n, &(*b)->cap, sizeof(*i));
    i = &(*b)->items[(*b)->n++];
    memset(i, 0, sizeof(*i));
    i->kind = kind;
    i->line = line;
    i->at = (*b)->bytes.len;
    return i;
}

/* Append an event and a newline; returns its length. */
static size_t put(struct buf *bytes, const struct event *ev)
{
    size_t at = bytes->len;

    if (ev->whitespace)
        json_minify(ev->raw, bytes);
    else
        buf_append(bytes, ev->raw.data, ev->raw.len);
    buf_putc(bytes, '\n');
    return bytes->len - at - 1;
}

void batch_event(struct batch **b, const struct event *ev, const struct event *raw, uint64_t line)
{
    struct batch_item *i = add(b, BATCH_EVENT, line);

    i->len = put(&(*b)->bytes, ev);
    i->raw_at = i->at;
    i->raw_len = i->len;
    if (raw != NULL && raw != ev) {
        i->raw_at = (*b)->bytes.len;
        i->raw_len = put(&(*b)->bytes, raw);
    }
}

void batch_words(struct batch **b, enum batch_kind kind, uint64_t line, const char *why)
{
    struct batch_item *i = add(b, kind, line);

    i->len = strlen(why);
    buf_append(&(*b)->bytes, why, i->len + 1);
}
