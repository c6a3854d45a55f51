#include "detect/trace_list.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether an item met at a time stands before the one at place i; those of one time stand in order
 * of their texts, so that nothing depends on which is read first. */
static int precedes(const struct trace_list *l, const char *item, int64_t time, size_t i)
{
    return time < l->times[i] || (time == l->times[i] && strcmp(item, l->items[i]) < 0);
}

/* Put the item at place i where it belongs. */
static void settle(struct trace_list *l, size_t i)
{
    for (; i > 0 && precedes(l, l->items[i], l->times[i], i - 1); i--) {
        char *item = l->items[i];
        int64_t time = l->times[i];

        l->items[i] = l->items[i - 1];
        l->times[i] = l->times[i - 1];
        l->items[i - 1] = item;
        l->times[i - 1] = time;
    }
}

void trace_list_add(struct trace_list *l, size_t max, struct slice text, int64_t time)
{
    char *item;
    size_t i;

    if (text.data == NULL || text.len == 0)
        return;
    for (i = 0; i < l->n; i++) {
        if (!slice_equals_nocase(text, l->items[i]))
            continue;
        if (time < l->times[i]) {
            l->times[i] = time;
            settle(l, i);
        }
        return;
    }
    if (l->n == max && time > l->times[max - 1])
        return;
    item = slice_dup(text);
    if (l->n == max && !precedes(l, item, time, max - 1)) {
        free(item);
        return;
    }
    if (l->n == max)
        free(l->items[--l->n]);
    if (l->n == l->cap) {
        l->cap = l->cap == 0 ? 4 : l->cap * 2;
        l->items = mem_realloc(l->items, l->cap, sizeof(*l->items));
        l->times = mem_realloc(l->times, l->cap, sizeof(*l->times));
    }
    l->items[l->n] = item;
    l->times[l->n++] = time;
    settle(l, l->n - 1);
}

void trace_list_free(struct trace_list *l)
{
    size_t i;

    for (i = 0; i < l->n; i++)
        free(l->items[i]);
    free(l->items);
    free(l->times);
    memset(l, 0, sizeof(*l));
}

/* The shortest stretch. */
#define BIN_TICKS (60 * TICKS_PER_SECOND)
/* Room for one as text: two times and a number. */
#define BIN_TEXT_MAX (2 * TIMESTAMP_TEXT_MAX + 24)

/* Make the stretches twice as long. */
static void widen(struct trace_bins *b)
{
    struct trace_bins wide = {b->width * 2, b->low / 2, b->high / 2, {0}};
    int64_t i;

    for (i = b->low; i <= b->high; i++)
        wide.counts[i / 2 % TRACE_BINS_MAX] += b->counts[i % TRACE_BINS_MAX];
    *b = wide;
}

void trace_bins_add(struct trace_bins *b, int64_t time)
{
    if (b->width == 0) {
        b->width = BIN_TICKS;
        b->low = b->high = time / b->width;
    }
    while (time / b->width - b->low >= TRACE_BINS_MAX ||
           b->high - time / b->width >= TRACE_BINS_MAX)
        widen(b);
    time /= b->width;
    if (time < b->low)
        b->low = time;
    if (time > b->high)
        b->high = time;
    b->counts[time % TRACE_BINS_MAX]++;
}

void trace_bins_list(const struct trace_bins *b, struct trace_list *l)
{
    char from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX], text[BIN_TEXT_MAX];
    int64_t i;

    for (i = b->low; b->width > 0 && i <= b->high; i++) {
        if (b->counts[i % TRACE_BINS_MAX] == 0)
            continue;
        (void)snprintf(text, sizeof(text), "%s/%s %llu", timestamp_format(i * b->width, from),
                       timestamp_format((i + 1) * b->width, to),
                       (unsigned long long)b->counts[i % TRACE_BINS_MAX]);
        trace_list_add(l, TRACE_BINS_MAX, slice_of(text), i);
    }
}
