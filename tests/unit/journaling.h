/* What the tests of journal and export share: a journal in short, and what it knows in short. */
#ifndef AZDAL_TESTS_UNIT_JOURNALING_H
#define AZDAL_TESTS_UNIT_JOURNALING_H

#include "storing.h"

#include "store/journal_impl.h"
#include "store/segment.h"

/* A query for [START, START + seconds) of the tenant. */
static inline void query_make(struct journal_query *q, long seconds)
{
    memset(q, 0, sizeof(*q));
    q->endpoint = slice_dup(slice_of("https://management.azure.com"));
    q->since = q->since_asked = AT(0);
    q->until = AT(seconds);
    q->scopes = calloc(1, sizeof(*q->scopes));
    if (q->endpoint == NULL || q->scopes == NULL)
        abort();
    q->scopes[0] = slice_dup(slice_of("tenant"));
    q->nscopes = 1;
}

/* Append the windows of [from, to) with these events, asked for at a second. */
static inline int put_stretch(struct journal *j, struct journal_scope *s, long from, long to,
                              const char *words, long asked, struct err *e)
{
    static char id[] = "5f2c8d1e-0000-4000-8000-00000000abcd";
    char *const ids[] = {id};
    const struct segment_params p = {.from = AT(from),
                                     .to = AT(to),
                                     .level = 6,
                                     .target_plain = 1 << 20,
                                     .split_day = j->query.split_day};
    struct segment_source *source;
    struct segment_result r;
    struct events x;
    int ret;

    events_make(&x, words);
    source = segment_from_memory(x.lines, x.n);
    if (source == NULL)
        abort();
    ret = segment_encode(&r, &p, &source, 1, 1, e);
    if (ret == 0)
        ret = journal_add_windows(
            j, s, &r, &(struct journal_answer){AT(asked), MANIFEST_ORDERED, ids, 1, 0}, e);
    segment_result_free(&r);
    segment_source_free(source);
    events_free(&x);
    return ret;
}

static inline long second_of(int64_t ticks)
{
    return ticks == 0 ? 0 : (long)((ticks - START) / TICKS_PER_SECOND);
}

/* Append the parts of windows that are in force, "0-50 50-75k": k for kept, p for published. */
static inline void put_windows(struct buf *out, const struct journal_scope *s)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        const struct journal_window *w = &s->windows[i];

        buf_printf(out, "%s%ld-%ld%s%s", i > 0 ? " " : "", second_of(w->from), second_of(w->to),
                   w->kept ? "k" : "", w->published ? "p" : "");
    }
    (void)buf_text(out);
}

/* Make windows of a scope from that; 'e' is one without events, and ":N" behind it is when it was
 * asked for. */
static inline void windows_make(struct journal_scope *s, const char *text)
{
    memset(s, 0, sizeof(*s));
    s->scope = (char *)(uintptr_t) "tenant";
    while (*text != '\0') {
        struct journal_window *w = journal_state_new_window(s);
        char *end;

        w->from = w->w.from = AT(strtol(text, &end, 10));
        w->to = w->w.to = AT(strtol(end + 1, &end, 10));
        w->w.closed = MANIFEST_ORDERED;
        w->w.events = w->duplicates = 5;
        for (; *end == 'k' || *end == 'p' || *end == 'e'; end++) {
            w->kept |= *end == 'k';
            w->published |= *end == 'p';
            w->w.events = *end == 'e' ? 0 : w->w.events;
        }
        if (*end == ':')
            w->w.asked_at = AT(strtol(end + 1, &end, 10));
        text = end + strspn(end, " ");
    }
}

static inline void windows_free(struct journal_scope *s)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++)
        manifest_window_free(&s->windows[i].w);
    free(s->windows);
}

/* Append all that a journal knows, one scope, window or file a line. */
static inline void put_state(struct buf *out, const struct journal *j)
{
    const struct journal_query *q = &j->query;
    size_t i, k, n;

    buf_printf(out, "%s %ld-%ld asked %ld %d%d%d%d %s updating %d:", q->endpoint ? q->endpoint : "",
               second_of(q->since), second_of(q->until), second_of(q->since_asked), q->clamped,
               q->strict, q->split_day, q->role_assignments, q->tenant_id ? q->tenant_id : "-",
               j->updating);
    for (i = 0; i < q->nscopes; i++)
        buf_printf(out, " %s", q->scopes[i]);
    for (i = 0; i < j->nscopes; i++) {
        const struct journal_scope *s = &j->scopes[i];

        buf_printf(out,
                   "\n%s %s %s: %s %s %s %d, %llu/%llu, distrusted %d, expired %ld, %llu bytes",
                   s->scope, s->file, s->folder, s->status ? s->status : "-",
                   s->error_code ? s->error_code : "-", s->error_message ? s->error_message : "-",
                   s->failed, (unsigned long long)s->requests, (unsigned long long)s->retries,
                   s->distrusted, second_of(s->expired), (unsigned long long)s->segment_size);
        for (k = 0; k < s->nwindows; k++) {
            const struct journal_window *w = &s->windows[k];

            buf_printf(out,
                       "\n  %ld-%ld of %ld-%ld: %llu at %llu+%llu %llu %08lx asked %ld %d, "
                       "%llu/%llu %d%d",
                       second_of(w->from), second_of(w->to), second_of(w->w.from),
                       second_of(w->w.to), (unsigned long long)w->w.events,
                       (unsigned long long)w->w.offset, (unsigned long long)w->w.deflated,
                       (unsigned long long)w->w.plain, (unsigned long)w->w.crc,
                       second_of(w->w.asked_at), (int)w->w.closed,
                       (unsigned long long)w->duplicates, (unsigned long long)w->outside, w->kept,
                       w->published);
            for (n = 0; n < w->w.nrequest_ids; n++)
                buf_printf(out, " %s", w->w.request_ids[n]);
        }
    }
    for (i = 0; i < j->npublish; i++)
        buf_printf(out, "\npublish %s %s", j->publish[i].path, j->publish[i].sha256);
    for (i = 0; i < j->nstale; i++)
        buf_printf(out, "\nstale %s %s", j->stale[i].path, j->stale[i].sha256);
    (void)buf_text(out);
}

#endif
