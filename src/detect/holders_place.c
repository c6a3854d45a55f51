#include "detect/holders_place.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Powers that have not begun yet and are passed over when one is asked for while building. */
#define UNBEGUN_MAX 64

size_t holders_place_now(const struct holders *h, struct place *x, int64_t time)
{
    size_t i;

    while (x->nopen > 0) {
        const struct power *w = &h->powers[x->open[x->nopen - 1]];

        if (w->until == 0 || time <= w->until)
            break;
        x->nopen--;
    }
    for (i = x->nopen; i > 0 && x->nopen - i < UNBEGUN_MAX; i--) {
        const struct power *w = &h->powers[x->open[i - 1]];

        if (w->from < time && (w->until == 0 || time <= w->until))
            return x->open[i - 1];
    }
    return HASH_MAP_NONE;
}

/* One end of a power, for putting together what is held when. */
struct edge {
    int64_t at;
    size_t power;
    int ends;
};

static int by_edge(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->power != y->power)
        return x->power < y->power ? -1 : 1;
    return x->ends - y->ends;
}

void holders_place_order(const struct holders *h, struct place *x)
{
    struct edge *edges = mem_zalloc(2 * x->npowers + 1, sizeof(*edges));
    size_t *stack = mem_zalloc(x->npowers + 1, sizeof(*stack)), top = 0, n = 0, i;

    for (i = 0; i < x->npowers; i++) {
        const struct power *w = &h->powers[x->powers[i]];

        edges[n].power = x->powers[i];
        edges[n++].at = w->from + 1;
        if (w->until != 0) {
            edges[n].power = x->powers[i];
            edges[n].ends = 1;
            edges[n++].at = w->until + 1;
        }
    }
    qsort(edges, n, sizeof(*edges), by_edge);
    x->holdings = mem_zalloc(n + 1, sizeof(*x->holdings));
    for (i = 0; i < n; i++) {
        if (!edges[i].ends)
            stack[top++] = edges[i].power;
        while (top > 0 && h->powers[stack[top - 1]].until != 0 &&
               h->powers[stack[top - 1]].until < edges[i].at)
            top--;
        x->holdings[x->nholdings].at = edges[i].at;
        x->holdings[x->nholdings++].power = top == 0 ? HASH_MAP_NONE : stack[top - 1];
    }
    free(edges);
    free(stack);
}

size_t holders_place_at(const struct place *x, int64_t time)
{
    size_t low = 0, high = x->nholdings;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (x->holdings[middle].at <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? HASH_MAP_NONE : x->holdings[low - 1].power;
}

void holders_place_add(struct place *x, size_t power)
{
    x->powers = mem_grow(x->powers, x->npowers, &x->cap_powers, sizeof(*x->powers));
    x->powers[x->npowers++] = power;
    x->open = mem_grow(x->open, x->nopen, &x->cap_open, sizeof(*x->open));
    x->open[x->nopen++] = power;
}

void holders_place_free(struct place *x)
{
    free(x->powers);
    free(x->open);
    free(x->holdings);
    memset(x, 0, sizeof(*x));
}
