#include "detect/trace_list.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Put the item at place i where its time belongs. */
static void settle(struct trace_list *l, size_t i)
{
    for (; i > 0 && l->times[i - 1] > l->times[i]; i--) {
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
    if (l->n == max) {
        if (time >= l->times[max - 1])
            return;
        free(l->items[--l->n]);
    }
    if (l->n == l->cap) {
        l->cap = l->cap == 0 ? 4 : l->cap * 2;
        l->items = mem_realloc(l->items, l->cap, sizeof(*l->items));
        l->times = mem_realloc(l->times, l->cap, sizeof(*l->times));
    }
    l->items[l->n] = slice_dup(text);
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
