#include "store/pieces.h"

#include <stdlib.h>
#include <string.h>

/* For qsort. */
static int compare_pieces(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

/* A growing list of pieces, sorted by time and without overlap. */
struct growing {
    struct piece *p;
    size_t n, cap;
};

static int add_piece(struct growing *l, int64_t from, int64_t to, const struct journal_window *w,
                     struct err *e)
{
    if (from >= to)
        return 0;
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        struct piece *p = realloc(l->p, cap * sizeof(*p));

        if (p == NULL)
            return err_memory(e, "pieces");
        l->p = p;
        l->cap = cap;
    }
    memset(&l->p[l->n], 0, sizeof(l->p[0]));
    l->p[l->n].from = from;
    l->p[l->n].to = to;
    l->p[l->n].w = w;
    l->n++;
    return 0;
}

/* Add what of window w is not covered by the pieces so far, clipped to [since, until). */
static int add_uncovered(struct growing *l, const struct journal_window *w, int64_t since,
                         int64_t until, struct err *e)
{
    int64_t from = w->from > since ? w->from : since, to = w->to < until ? w->to : until;
    size_t n = l->n, i;

    for (i = 0; i < n && from < to; i++) {
        if (l->p[i].to <= from || l->p[i].from >= to)
            continue;
        if (add_piece(l, from, l->p[i].from, w, e) != 0)
            return -1;
        from = l->p[i].to;
    }
    if (add_piece(l, from, to, w, e) != 0)
        return -1;
    if (l->n > 0)
        qsort(l->p, l->n, sizeof(*l->p), compare_pieces);
    return 0;
}

/* Note the kept windows with lines in each piece. */
static int attach_kept(struct growing *l, const struct journal_scope *s, struct err *e)
{
    size_t i, k;

    for (k = 0; k < s->nwindows; k++) {
        const struct journal_window *w = &s->windows[k];

        if (!w->kept || w->w.events == 0)
            continue;
        for (i = 0; i < l->n; i++) {
            struct piece *p = &l->p[i];
            const struct journal_window **kept;

            if (p->w == w || w->to <= p->from || w->from >= p->to)
                continue;
            kept = realloc(p->kept, (p->nkept + 1) * sizeof(struct journal_window *));
            if (kept == NULL)
                return err_memory(e, s->scope);
            p->kept = kept;
            p->kept[p->nkept++] = w;
        }
    }
    return 0;
}

int pieces_find(const struct journal_scope *s, int64_t since, int64_t until, struct piece **pieces,
                size_t *n, struct err *e)
{
    struct growing l = {0};
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        const struct journal_window *w = &s->windows[i];

        if (!w->kept && add_piece(&l, w->from > since ? w->from : since,
                                  w->to < until ? w->to : until, w, e) != 0)
            goto fail;
    }
    if (l.n > 0)
        qsort(l.p, l.n, sizeof(*l.p), compare_pieces);
    /* What was to be fetched again and was not is still known; the latest answer goes first. */
    for (i = s->nwindows; i-- > 0;) {
        if (s->windows[i].kept && add_uncovered(&l, &s->windows[i], since, until, e) != 0)
            goto fail;
    }
    for (i = 1; i < l.n; i++) {
        if (l.p[i].from < l.p[i - 1].to) {
            (void)err_set(e, ERR_FOREIGN, "%s: two windows hold the same time", s->scope);
            goto fail;
        }
    }
    if (attach_kept(&l, s, e) != 0)
        goto fail;
    *pieces = l.p;
    *n = l.n;
    return 0;
fail:
    pieces_free(l.p, l.n);
    return -1;
}

void pieces_free(struct piece *pieces, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        free(pieces[i].kept);
    free(pieces);
}
