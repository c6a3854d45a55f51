#include "export/line_order.h"

#include "base/json.h"
#include "base/line.h"
#include "base/text.h"

#include <string.h>

/* Characters of the id of a subscription. */
#define GUID_LENGTH 36

void line_order_begin(struct line_order *o, const struct manifest_window *w, const char *scope)
{
    memset(o, 0, sizeof(*o));
    o->w = w;
    o->subscription = strncmp(scope, "sub:", 4) == 0 ? scope + 4 : NULL;
}

void line_order_end(struct line_order *o)
{
    buf_free(&o->kept);
}

/* Note which subscriptions an event names itself. */
static void note_subscription(struct line_order *o, struct slice text)
{
    static const char before[] = "/subscriptions/";
    static const char *const members[] = {"subscriptionId", "id", "resourceId"};
    size_t i, n = sizeof(before) - 1;

    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct slice v = json_get_nocase(text, members[i]);

        if (json_kind(v) != JSON_STRING)
            continue;
        v = (struct slice){v.data + 1, v.len - 2};
        if (i > 0 && !text_starts_nocase(v, before))
            continue;
        if (i > 0)
            v = (struct slice){v.data + n, v.len - n};
        if (v.len > GUID_LENGTH && v.data[GUID_LENGTH] == '/')
            v.len = GUID_LENGTH;
        if (!text_is_guid(v))
            continue;
        if (slice_equals_nocase(v, o->subscription))
            o->names_it = 1;
        else
            o->names_other = 1;
    }
}

const char *line_order_wrong(const struct line_order *o)
{
    return o->names_other && !o->names_it ? "its events are those of another subscription" : NULL;
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
    if (o->subscription != NULL && !o->names_it)
        note_subscription(o, text);
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
