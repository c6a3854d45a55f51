#include "export/line_order.h"

#include "base/line.h"

#include <string.h>

void line_order_begin(struct line_order *o, const struct manifest_window *w)
{
    memset(o, 0, sizeof(*o));
    o->w = w;
}

void line_order_end(struct line_order *o)
{
    buf_free(&o->kept);
}

/* An event at the time of the last one: its id and its bytes decide. */
static const char *compare(struct line_order *o, struct slice text)
{
    struct line last, line;
    struct err e = {0};
    int order, same_id;

    if (line_parse(&last, o->text, &e) != 0 || line_parse(&line, text, &e) != 0)
        return "not an event";
    order = line_compare(&last, &line);
    same_id = line.id.len > 0 && slice_compare(line.id, last.id) == 0;
    o->conflicts += same_id && !o->conflicting;
    o->conflicting = same_id;
    return order == 0 ? "the same as the one before" : order > 0 ? "out of order" : NULL;
}

const char *line_order_next(struct line_order *o, int64_t ticks, struct slice text)
{
    const char *why = NULL;

    if (ticks < o->w->from || ticks >= o->w->to)
        why = "its time is outside the window";
    else if (o->last != 0 && ticks < o->last)
        why = "out of order";
    else if (o->last != 0 && ticks == o->last)
        why = compare(o, text);
    else
        o->conflicting = 0;
    if (o->first == 0)
        o->first = ticks;
    o->last = ticks;
    o->text = text;
    return why;
}

void line_order_keep(struct line_order *o)
{
    if (o->last == 0 || o->text.data == o->kept.data)
        return;
    buf_clear(&o->kept);
    buf_append(&o->kept, o->text.data, o->text.len);
    o->text = buf_slice(&o->kept);
}
