#include "store/state.h"

#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

static void window_free(struct journal_window *w)
{
    manifest_window_free(&w->w);
}

void journal_query_free(struct journal_query *q)
{
    size_t i;

    free(q->endpoint);
    free(q->tenant_id);
    for (i = 0; i < q->nscopes; i++)
        free(q->scopes[i]);
    free(q->scopes);
    memset(q, 0, sizeof(*q));
}

static void scope_free(struct journal_scope *s)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++)
        window_free(&s->windows[i]);
    free(s->windows);
    segment_close(&s->segment);
    free(s->scope);
    free(s->file);
    free(s->folder);
    free(s->status);
    free(s->error_code);
    free(s->error_message);
    memset(s, 0, sizeof(*s));
}

/* Forget scopes, query and records; the lock and the published manifest stay. */
void state_forget(struct journal *j)
{
    struct err ignored;
    size_t i;

    for (i = 0; i < j->nscopes; i++)
        scope_free(&j->scopes[i]);
    free(j->scopes);
    j->scopes = NULL;
    j->nscopes = 0;
    for (i = 0; i < j->npublish; i++)
        free(j->publish[i].path);
    free(j->publish);
    j->publish = NULL;
    j->npublish = 0;
    for (i = 0; i < j->nstale; i++)
        free(j->stale[i]);
    free(j->stale);
    j->stale = NULL;
    j->nstale = 0;
    journal_query_free(&j->query);
    buf_clear(&j->pending);
    if (j->fd >= 0)
        (void)sys_close(j->fd, j->path, &ignored);
    j->fd = -1;
    j->updating = 0;
    j->other_base = 0;
    j->resumed = 0;
}

/* A zeroed window behind the scope's others. */
struct journal_window *state_new_window(struct journal_scope *s, struct err *e)
{
    struct journal_window *w;

    if (s->nwindows == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;

        w = realloc(s->windows, cap * sizeof(*w));
        if (w == NULL) {
            (void)err_memory(e, s->scope);
            return NULL;
        }
        s->windows = w;
        s->cap = cap;
    }
    w = &s->windows[s->nwindows++];
    memset(w, 0, sizeof(*w));
    w->w.file = -1;
    return w;
}

/* Copy a list of texts. */
int state_copy_texts(char ***to, size_t *nto, char *const *from, size_t n, struct err *e)
{
    size_t i;

    *to = n == 0 ? NULL : calloc(n, sizeof(**to));
    *nto = 0;
    if (n > 0 && *to == NULL)
        return err_memory(e, "list");
    for (i = 0; i < n; i++) {
        (*to)[i] = slice_dup(slice_of(from[i]));
        if ((*to)[i] == NULL)
            return err_memory(e, "list");
        (*nto)++;
    }
    return 0;
}

/* Copy a window of the ledger; the ids too. */
static int copy_window(struct manifest_window *to, const struct manifest_window *from,
                       struct err *e)
{
    *to = *from;
    to->request_ids = NULL;
    to->nrequest_ids = 0;
    return state_copy_texts(&to->request_ids, &to->nrequest_ids, from->request_ids,
                            from->nrequest_ids, e);
}

/* Give a scope the windows that the published manifest has of it. */
static int load_base_scope(struct journal_scope *s, const struct manifest *m, struct err *e)
{
    size_t i, k;

    for (i = 0; i < m->nscopes; i++) {
        if (slice_equals_nocase(slice_of(m->scopes[i].scope), s->scope))
            break;
    }
    if (i == m->nscopes)
        return 0;
    s->base = m->scopes[i]; /* borrowed from the manifest, which outlives it */
    for (k = 0; k < s->base.nwindows; k++) {
        struct journal_window *w = state_new_window(s, e);

        if (w == NULL || copy_window(&w->w, &s->base.windows[k], e) != 0)
            return -1;
        w->from = w->w.from;
        w->to = w->w.to;
        w->published = 1;
    }
    return 0;
}

/* Find a scope by its name; ids that differ only in case are one. */
struct journal_scope *state_find_scope(struct journal *j, const char *scope)
{
    size_t i;

    for (i = 0; i < j->nscopes; i++) {
        if (slice_equals_nocase(slice_of(j->scopes[i].scope), scope))
            return &j->scopes[i];
    }
    return NULL;
}

/* Add a scope to the state alone. */
struct journal_scope *state_add_scope(struct journal *j, const char *scope, const char *file,
                                      const char *folder, struct err *e)
{
    struct journal_scope *s = realloc(j->scopes, (j->nscopes + 1) * sizeof(*s));

    if (s == NULL)
        goto fail;
    j->scopes = s;
    s = &j->scopes[j->nscopes++];
    memset(s, 0, sizeof(*s));
    s->segment.fd = -1;
    s->scope = slice_dup(slice_of(scope));
    s->file = slice_dup(slice_of(file));
    s->folder = slice_dup(slice_of(folder));
    if (s->scope == NULL || s->file == NULL || s->folder == NULL)
        goto fail;
    if (j->updating && load_base_scope(s, &j->base, e) != 0)
        return NULL;
    return s;
fail:
    (void)err_memory(e, "scopes");
    return NULL;
}

/* Put a text in place of an old one; NULL stays NULL. */
int state_set_text(char **to, const char *text, struct err *e)
{
    char *copy = text == NULL ? NULL : slice_dup(slice_of(text));

    if (text != NULL && copy == NULL)
        return err_memory(e, "journal");
    free(*to);
    *to = copy;
    return 0;
}

/* Mark windows in [from, to) as kept; split those that reach over a border. */
int state_redo(struct journal_scope *s, int64_t from, int64_t to, struct err *e)
{
    size_t n = s->nwindows, i;

    for (i = 0; i < n; i++) {
        int64_t lo, hi;

        if (s->windows[i].kept || s->windows[i].to <= from || s->windows[i].from >= to)
            continue;
        lo = s->windows[i].from;
        hi = s->windows[i].to;
        if (hi > to) {
            struct journal_window *rest = state_new_window(s, e);

            if (rest == NULL)
                return -1;
            *rest = s->windows[i];
            rest->duplicates = rest->conflicts = rest->outside = 0;
            rest->from = to;
            if (copy_window(&rest->w, &s->windows[i].w, e) != 0)
                return -1;
        }
        if (lo < from) {
            struct journal_window *again = state_new_window(s, e);

            if (again == NULL)
                return -1;
            *again = s->windows[i];
            again->duplicates = again->conflicts = again->outside = 0;
            again->from = from;
            again->to = hi > to ? to : hi;
            again->kept = 1;
            s->windows[i].to = from;
            if (copy_window(&again->w, &s->windows[i].w, e) != 0)
                return -1;
        } else {
            s->windows[i].to = hi > to ? to : hi;
            s->windows[i].kept = 1;
        }
    }
    return 0;
}

/* Windows that lie in [from, to) are drained. */
void state_drain(struct journal_scope *s, int64_t from, int64_t to)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        struct journal_window *w = &s->windows[i];

        if (!w->kept && !w->published && w->from >= from && w->to <= to)
            w->w.closed = MANIFEST_DRAINED;
    }
}

/* Whether the unfinished state is worth keeping: an empty one must not bind the next query. */
int state_has_windows(const struct journal *j)
{
    size_t i, k;

    for (i = 0; i < j->nscopes; i++) {
        for (k = 0; k < j->scopes[i].nwindows; k++) {
            if (!j->scopes[i].windows[k].published)
                return 1;
        }
    }
    return 0;
}

/* ---- what is settled ---- */

/* For qsort: by the start of the part in force. */
static int compare_windows(const void *a, const void *b)
{
    const struct journal_window *const *x = a, *const *y = b;

    return (*x)->from < (*y)->from ? -1 : (*x)->from > (*y)->from;
}

int64_t journal_covered_until(const struct journal_scope *s, int64_t since)
{
    int64_t covered = since, before;
    size_t i;

    do {
        before = covered;
        for (i = 0; i < s->nwindows; i++) {
            const struct journal_window *w = &s->windows[i];

            if (!w->kept && w->from <= covered && w->to > covered)
                covered = w->to;
        }
    } while (covered > before);
    return covered;
}

int64_t journal_settled_until(const struct journal_scope *s, int64_t since, int64_t until)
{
    const struct journal_window **order = calloc(s->nwindows + 1, sizeof(*order));
    int64_t settled = since;
    size_t n = 0, i;

    if (order == NULL)
        return since;
    for (i = 0; i < s->nwindows; i++) {
        if (!s->windows[i].kept)
            order[n++] = &s->windows[i];
    }
    qsort(order, n, sizeof(*order), compare_windows);
    for (i = 0; i < n && order[i]->from <= settled; i++) {
        int64_t final = order[i]->w.asked_at - JOURNAL_SETTLE_TICKS;

        if (final < order[i]->to) {
            if (final > settled)
                settled = final;
            break;
        }
        if (order[i]->to > settled)
            settled = order[i]->to;
    }
    free(order);
    return settled < until ? settled : until;
}
