#include "store/coverage.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A sweep through time from `since` on. The windows in force and the kept ones are each in the
 * order of their starts. */
struct sweep {
    const struct journal_window **force, **kept;
    size_t nforce, nkept;
    size_t next; /* the kept window that starts next */
    /* kept windows that have started, as a heap: the latest answer, which is the one behind the
     * others in the scope's list, is on top */
    const struct journal_window **heap;
    size_t nheap;
    struct coverage_piece *pieces;
    size_t n, cap;
};

/* For qsort: by the start. */
static int compare_starts(const void *a, const void *b)
{
    const struct journal_window *const *x = a, *const *y = b;

    return (*x)->from < (*y)->from ? -1 : (*x)->from > (*y)->from;
}

/* Add [from, to) of a window, if there is anything in it. */
static void add_piece(struct sweep *x, int64_t from, int64_t to, const struct journal_window *w)
{
    if (from >= to)
        return;
    x->pieces = mem_grow(x->pieces, x->n, &x->cap, sizeof(*x->pieces));
    memset(&x->pieces[x->n], 0, sizeof(*x->pieces));
    x->pieces[x->n].from = from;
    x->pieces[x->n].to = to;
    x->pieces[x->n].w = w;
    x->n++;
}

/* ---- the heap ---- */

static void swap(struct sweep *x, size_t a, size_t b)
{
    const struct journal_window *w = x->heap[a];

    x->heap[a] = x->heap[b];
    x->heap[b] = w;
}

/* Put the kept window that starts next on the heap. */
static void push(struct sweep *x)
{
    size_t i = x->nheap++;

    x->heap[i] = x->kept[x->next++];
    while (i > 0 && x->heap[(i - 1) / 2] < x->heap[i]) {
        swap(x, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

/* Take the top off. */
static void pop(struct sweep *x)
{
    size_t i = 0;

    x->heap[0] = x->heap[--x->nheap];
    for (;;) {
        size_t most = i, k;

        for (k = 2 * i + 1; k <= 2 * i + 2 && k < x->nheap; k++) {
            if (x->heap[k] > x->heap[most])
                most = k;
        }
        if (most == i)
            return;
        swap(x, i, most);
        i = most;
    }
}

/* ---- pieces ---- */

/* Fill [at, end), where no window is in force, with what was kept. */
static void fill_gap(struct sweep *x, int64_t at, int64_t end)
{
    while (at < end) {
        const struct journal_window *top;
        int64_t to;

        while (x->next < x->nkept && x->kept[x->next]->from <= at)
            push(x);
        while (x->nheap > 0 && x->heap[0]->to <= at)
            pop(x);
        if (x->nheap == 0) {
            if (x->next == x->nkept)
                return;
            at = x->kept[x->next]->from;
            continue;
        }
        top = x->heap[0];
        to = top->to < end ? top->to : end;
        while (x->heap[0] == top && x->next < x->nkept && x->kept[x->next]->from < to)
            push(x);
        if (x->heap[0] != top)
            to = x->heap[0]->from;
        add_piece(x, at, to, top);
        at = to;
    }
}

/* Put the windows in force one behind the other, and what was kept between them. */
static int put_in_order(struct sweep *x, int64_t since, int64_t until, struct err *e)
{
    int64_t at = since;
    size_t i;

    for (i = 0; i < x->nforce; i++) {
        const struct journal_window *w = x->force[i];
        int64_t from = w->from > since ? w->from : since, to = w->to < until ? w->to : until;

        if (from >= to)
            continue;
        if (from < at)
            return err_set(e, ERR_FOREIGN, "journal: two windows hold the same time");
        fill_gap(x, at, from);
        add_piece(x, from, to, w);
        at = to;
    }
    fill_gap(x, at, until);
    return 0;
}

/* Note the kept windows with lines in each piece. */
static void attach_kept(struct sweep *x)
{
    size_t i, k, n = 0, next = 0;

    for (i = 0; i < x->n; i++) {
        struct coverage_piece *p = &x->pieces[i];
        size_t before = n, cap = 0;

        /* Those that have started and not ended stay on the list. */
        for (k = 0, n = 0; k < before; k++) {
            if (x->heap[k]->to > p->from)
                x->heap[n++] = x->heap[k];
        }
        for (; next < x->nkept && x->kept[next]->from < p->to; next++) {
            if (x->kept[next]->to > p->from && x->kept[next]->w.events > 0)
                x->heap[n++] = x->kept[next];
        }
        for (k = 0; k < n; k++) {
            if (x->heap[k] == p->w)
                continue;
            p->kept = mem_grow(p->kept, p->nkept, &cap, sizeof(*p->kept));
            p->kept[p->nkept++] = x->heap[k];
        }
    }
}

int coverage_find(const struct journal_scope *s, int64_t since, int64_t until,
                  struct coverage_piece **pieces, size_t *n, struct err *e)
{
    const struct journal_window **all = mem_alloc(3 * (s->nwindows + 1) * sizeof(*all));
    struct sweep x = {
        .force = all, .kept = all + s->nwindows + 1, .heap = all + 2 * (s->nwindows + 1)};
    size_t i;
    int ret;

    for (i = 0; i < s->nwindows; i++) {
        if (s->windows[i].kept)
            x.kept[x.nkept++] = &s->windows[i];
        else
            x.force[x.nforce++] = &s->windows[i];
    }
    qsort(x.force, x.nforce, sizeof(*x.force), compare_starts);
    qsort(x.kept, x.nkept, sizeof(*x.kept), compare_starts);
    ret = put_in_order(&x, since, until, e);
    if (ret == 0) {
        attach_kept(&x);
        *pieces = x.pieces;
        *n = x.n;
    } else {
        coverage_free(x.pieces, x.n);
    }
    free(all);
    return ret;
}

void coverage_free(struct coverage_piece *pieces, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        free(pieces[i].kept);
    free(pieces);
}
