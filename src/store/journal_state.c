#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "store/journal_impl.h"

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

void journal_state_forget(struct journal *j)
{
    struct err ignored;
    size_t i;

    for (i = 0; i < j->nscopes; i++)
        scope_free(&j->scopes[i]);
    free(j->scopes);
    j->scopes = NULL;
    j->nscopes = j->scopes_cap = 0;
    j->nopen = 0;
    hash_map_free(&j->scope_names);
    memset(&j->scope_names, 0, sizeof(j->scope_names));
    for (i = 0; i < j->npublish; i++)
        free(j->publish[i].path);
    free(j->publish);
    j->publish = NULL;
    j->npublish = 0;
    for (i = 0; i < j->nstale; i++)
        free(j->stale[i].path);
    free(j->stale);
    j->stale = NULL;
    j->nstale = j->stale_cap = 0;
    journal_query_free(&j->query);
    buf_clear(&j->pending);
    if (j->fd >= 0)
        (void)sys_close(j->fd, j->path, &ignored);
    j->fd = -1;
    j->updating = 0;
    j->other_base = 0;
    j->run_started = 0;
    j->resumed = 0;
    j->asked_again = 0;
}

struct journal_window *journal_state_new_window(struct journal_scope *s)
{
    struct journal_window *w;

    s->windows = mem_grow(s->windows, s->nwindows, &s->cap, sizeof(*s->windows));
    w = &s->windows[s->nwindows++];
    memset(w, 0, sizeof(*w));
    w->w.file = -1;
    return w;
}

void journal_state_copy_texts(char ***to, size_t *nto, char *const *from, size_t n)
{
    size_t i;

    *to = n == 0 ? NULL : mem_zalloc(n, sizeof(**to));
    *nto = n;
    for (i = 0; i < n; i++)
        (*to)[i] = mem_strdup(from[i]);
}

/* Copy a window of the ledger; the ids too. */
static void copy_window(struct manifest_window *to, const struct manifest_window *from)
{
    *to = *from;
    journal_state_copy_texts(&to->request_ids, &to->nrequest_ids, from->request_ids,
                             from->nrequest_ids);
}

/* ---- scopes by name ---- */

/* The number of the scope in the published manifest, or HASH_MAP_NONE. */
static size_t find_in_base(struct journal *j, const char *scope)
{
    char *key;
    size_t i;

    for (i = j->base_names.n == 0 ? j->base.nscopes : 0; i-- > 0;) {
        key = text_lower_dup(slice_of(j->base.scopes[i].scope)); /* of two, the first one counts */
        hash_map_put(&j->base_names, slice_of(key), i);
        free(key);
    }
    key = text_lower_dup(slice_of(scope));
    i = hash_map_get(&j->base_names, slice_of(key));
    free(key);
    return i;
}

/* Give a scope the windows that the published manifest has of it. */
static void load_base_scope(struct journal *j, struct journal_scope *s)
{
    size_t number = find_in_base(j, s->scope), k;

    if (number == HASH_MAP_NONE)
        return;
    s->base = j->base.scopes[number]; /* borrowed from the manifest, which outlives it */
    for (k = 0; k < s->base.nwindows; k++) {
        struct journal_window *w = journal_state_new_window(s);

        copy_window(&w->w, &s->base.windows[k]);
        w->from = w->w.from;
        w->to = w->w.to;
        w->published = 1;
    }
}

struct journal_scope *journal_state_find_scope(struct journal *j, const char *scope)
{
    char *key = text_lower_dup(slice_of(scope));
    size_t number = hash_map_get(&j->scope_names, slice_of(key));

    free(key);
    return number == HASH_MAP_NONE ? NULL : &j->scopes[number];
}

struct journal_scope *journal_state_add_scope(struct journal *j, const char *scope,
                                              const char *file, const char *folder)
{
    char *key = text_lower_dup(slice_of(scope));
    struct journal_scope *s;

    j->scopes = mem_grow(j->scopes, j->nscopes, &j->scopes_cap, sizeof(*j->scopes));
    hash_map_put(&j->scope_names, slice_of(key), j->nscopes);
    free(key);
    s = &j->scopes[j->nscopes++];
    memset(s, 0, sizeof(*s));
    s->segment.fd = -1;
    s->scope = mem_strdup(scope);
    s->file = mem_strdup(file);
    s->folder = mem_strdup(folder);
    if (j->updating)
        load_base_scope(j, s);
    return s;
}

void journal_state_set_text(char **to, const char *text)
{
    free(*to);
    *to = text == NULL ? NULL : mem_strdup(text);
}

/* A copy of window i behind the others, whose part in force is [from, to). Its counts stay with
 * the first. */
static struct journal_window *split_off(struct journal_scope *s, size_t i, int64_t from, int64_t to)
{
    struct journal_window *w = journal_state_new_window(s);

    *w = s->windows[i];
    w->duplicates = w->outside = 0;
    w->from = from;
    w->to = to;
    copy_window(&w->w, &s->windows[i].w);
    return w;
}

void journal_state_redo(struct journal_scope *s, int64_t from, int64_t to)
{
    size_t n = s->nwindows, i;

    for (i = 0; i < n; i++) {
        int64_t lo = s->windows[i].from, hi = s->windows[i].to;

        if (s->windows[i].kept || hi <= from || lo >= to)
            continue;
        if (hi > to)
            (void)split_off(s, i, to, hi);
        if (lo < from) {
            split_off(s, i, from, hi > to ? to : hi)->kept = 1;
            s->windows[i].to = from;
        } else {
            s->windows[i].to = hi > to ? to : hi;
            s->windows[i].kept = 1;
        }
    }
}

void journal_state_drain(struct journal_scope *s, int64_t from, int64_t to)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        struct journal_window *w = &s->windows[i];

        if (!w->kept && !w->published && w->from >= from && w->to <= to)
            w->w.closed = MANIFEST_DRAINED;
    }
}

/* An empty state must not bind the next query. */
int journal_state_has_windows(const struct journal *j)
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

/* The windows that are not kept, in the order of time; the caller frees the list. */
static const struct journal_window **sort_windows(const struct journal_scope *s, size_t *n)
{
    const struct journal_window **order = mem_alloc((s->nwindows + 1) * sizeof(*order));
    size_t i;

    *n = 0;
    for (i = 0; i < s->nwindows; i++) {
        if (!s->windows[i].kept)
            order[(*n)++] = &s->windows[i];
    }
    qsort(order, *n, sizeof(*order), compare_windows);
    return order;
}

int64_t journal_covered_until(const struct journal_scope *s, int64_t since)
{
    const struct journal_window **order;
    int64_t covered = since;
    size_t n, i;

    order = sort_windows(s, &n);
    for (i = 0; i < n && order[i]->from <= covered; i++) {
        if (order[i]->to > covered)
            covered = order[i]->to;
    }
    free(order);
    return covered;
}

int64_t journal_settled_until(const struct journal_scope *s, int64_t since, int64_t until)
{
    const struct journal_window **order;
    int64_t settled = since;
    size_t n, i;

    order = sort_windows(s, &n);
    for (i = 0; i < n && order[i]->from <= settled; i++) {
        int64_t final = order[i]->w.asked_at - MANIFEST_SETTLE_TICKS;

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
