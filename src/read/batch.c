#include "read/batch.h"

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

/* Room for one more item in *b, which is made when it is NULL. */
static struct batch_item *room_in(struct batch **b)
{
    struct batch *x = *b;

    if (x == NULL) {
        x = calloc(1, sizeof(*x));
        if (x == NULL)
            return NULL;
        *b = x;
    }
    if (x->n == x->cap) {
        size_t cap = x->cap == 0 ? 16 : x->cap * 2;
        struct batch_item *p = realloc(x->items, cap * sizeof(*p));

        if (p == NULL)
            return NULL;
        x->items = p;
        x->cap = cap;
    }
    return &x->items[x->n];
}

int batch_event(struct batch **b, const struct event *ev, uint64_t line)
{
    struct batch_item *i = room_in(b);
    struct buf *bytes;

    if (i == NULL)
        return -1;
    bytes = &(*b)->bytes;
    i->kind = BATCH_EVENT;
    i->at = bytes->len;
    i->line = line;
    if ((ev->whitespace ? json_minify(ev->raw, bytes)
                        : buf_append(bytes, ev->raw.data, ev->raw.len)) != 0)
        return -1;
    i->len = bytes->len - i->at;
    if (buf_putc(bytes, '\n') != 0)
        return -1;
    (*b)->n++;
    return 0;
}

int batch_damage(struct batch **b, uint64_t line, const char *why)
{
    struct batch_item *i = room_in(b);

    if (i == NULL)
        return -1;
    i->kind = BATCH_DAMAGE;
    i->at = (*b)->bytes.len;
    i->len = strlen(why);
    i->line = line;
    if (buf_append(&(*b)->bytes, why, i->len + 1) != 0)
        return -1;
    (*b)->n++;
    return 0;
}
