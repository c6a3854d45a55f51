#include "export/verify_ledger.h"

#include "base/mem.h"
#include "export/gzip_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The scope that is looked at. */
struct scope_check {
    const struct manifest *m;
    const struct manifest_scope *s;
    struct verify_report *r;
};

/* A problem of the scope, or of one of its windows. */
static struct verify_place place(const struct scope_check *c, const struct manifest_window *w)
{
    struct verify_place at = {0, MANIFEST_NAME, w, c->s->scope};

    return at;
}

/* The state of a scope and the server's words that go with it. */
static void check_status(const struct scope_check *c)
{
    const struct manifest_scope *s = c->s;
    struct verify_place at = place(c, NULL);
    int unread = s->error_code != NULL && strcmp(s->error_code, MANIFEST_NO_RIGHT) == 0;

    if (!verify_is_status(s->status))
        verify_report_problem(c->r, &at, "unknown status");
    else if (verify_is_complete(s) && (s->error_code != NULL || s->error_message != NULL))
        verify_report_problem(c->r, &at, "complete, yet with an error");
    else if (!verify_is_complete(s) && s->error_code == NULL && strcmp(s->status, "expired") != 0)
        verify_report_problem(c->r, &at, "not complete, yet without an error");
    if (strcmp(s->status, "unavailable") == 0 && !verify_is_unserved(s->error_code))
        verify_report_problem(c->r, &at, "unavailable, yet %s", s->error_code);
    if (c->m->complete && !manifest_is_whole(c->m, s->scope, s->status))
        verify_report_problem(c->r, &at, "not complete, yet the verdict is COMPLETE");
    if (s->right == MANIFEST_RIGHT_MISSING && strcmp(s->status, "forbidden") != 0)
        verify_report_problem(c->r, &at, "rightShown is false, yet it is not a forbidden scope");
    if (unread && s->right != MANIFEST_RIGHT_MISSING)
        verify_report_problem(c->r, &at, MANIFEST_NO_RIGHT ", yet rightShown is not false");
}

/* A scope that could not be read has no more than what an earlier run has read of it: not the whole
 * range, or at its end something that was to be asked for again. */
static void check_unread(const struct scope_check *c)
{
    const struct manifest_scope *s = c->s;
    struct verify_place at = place(c, NULL);
    int64_t end = c->m->since;
    size_t i;

    if (s->events == 0 || verify_is_complete(s) || strcmp(s->status, "expired") == 0)
        return;
    for (i = 0; i < s->nwindows && s->windows[i].from <= end &&
                s->windows[i].asked_at > s->windows[i].from;
         i++)
        end = s->windows[i].to;
    if (i == s->nwindows && end >= c->m->until)
        verify_report_problem(c->r, &at, "%s, yet it has the whole range asked for", s->status);
}

/* One window against its neighbour and the range asked for. */
static void check_window(const struct scope_check *c, size_t i)
{
    const struct manifest_window *w = &c->s->windows[i], *before = i == 0 ? NULL : w - 1;
    struct verify_place at = place(c, w);

    if (w->from >= w->to)
        verify_report_problem(c->r, &at, "the window ends before it begins");
    if (w->from < c->m->since || w->to > c->m->until)
        verify_report_problem(c->r, &at, "the window is outside the range asked for");
    if (before != NULL && before->to > w->from)
        verify_report_problem(c->r, &at, "the window overlaps the one before");
    if (before != NULL && before->to < w->from && verify_is_complete(c->s))
        verify_report_problem(c->r, &at, "there is a gap before the window");
    if (w->file < 0 &&
        (w->events != 0 || w->offset != 0 || w->deflated != 0 || w->plain != 0 || w->crc != 0))
        verify_report_problem(c->r, &at, "the window has no file, yet it is not empty");
    if (c->m->strict && w->closed == MANIFEST_ORDERED)
        verify_report_problem(c->r, &at, "closed by order, yet query.strict forbids that");
    if (w->file >= 0 && w->events == 0)
        verify_report_problem(c->r, &at, "the window is empty, yet it has a file");
}

/* Both ends of the range asked for. */
static void check_coverage(const struct scope_check *c)
{
    const struct manifest_scope *s = c->s;
    struct verify_place at = place(c, NULL);

    if (!verify_is_complete(s))
        return;
    if (s->nwindows == 0) {
        if (c->m->since < c->m->until)
            verify_report_problem(c->r, &at, "complete, yet without windows");
        return;
    }
    at.window = &s->windows[0];
    if (s->windows[0].from > c->m->since)
        verify_report_problem(c->r, &at, "there is a gap between since and the first window");
    at.window = &s->windows[s->nwindows - 1];
    if (s->windows[s->nwindows - 1].to < c->m->until)
        verify_report_problem(c->r, &at, "there is a gap between the last window and until");
}

/* How long after its end a stretch had to be asked for: earlier versions, which did not look up the
 * right to read, took half an hour for enough. */
static int64_t settle_ticks(const struct manifest *m)
{
    size_t i;

    for (i = 0; i < m->nscopes; i++) {
        if (m->scopes[i].right != 0)
            return MANIFEST_SETTLE_TICKS;
    }
    return MANIFEST_SETTLE_LEAST_TICKS;
}

/* How far the answers prove that nothing can come late. A gap is told elsewhere. */
static int64_t settled_bound(const struct manifest *m, const struct manifest_scope *s)
{
    int64_t bound = m->since, settle = settle_ticks(m);
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        const struct manifest_window *w = &s->windows[i];
        int64_t settled = w->asked_at - settle;

        if (w->asked_at == 0)
            break;
        if (settled < w->to)
            return settled > bound ? settled : bound;
        bound = w->to;
    }
    return bound;
}

/* Sums of the scope, and settledUntil. */
static void check_sums(const struct scope_check *c)
{
    const struct manifest_scope *s = c->s;
    struct verify_place at = place(c, NULL);
    uint64_t events = 0, lines = 0;
    size_t i;

    for (i = 0; i < s->nwindows; i++)
        events += s->windows[i].events;
    for (i = 0; i < s->nfiles; i++)
        lines += s->files[i].content_lines;
    if (events != s->events)
        verify_report_problem(c->r, &at, "events is %" PRIu64 ", but the windows have %" PRIu64,
                              s->events, events);
    if (lines != s->events)
        verify_report_problem(c->r, &at, "events is %" PRIu64 ", but the files have %" PRIu64,
                              s->events, lines);
    if ((s->events > 0) != (s->first_event != 0) || (s->events > 0) != (s->last_event != 0) ||
        s->first_event > s->last_event)
        verify_report_problem(c->r, &at, "firstEvent and lastEvent do not match the events");
    if (s->retries > s->requests)
        verify_report_problem(c->r, &at, "more retries than requests");
    if (verify_is_complete(s) && s->nwindows > 0 && s->settled_until == 0)
        verify_report_problem(c->r, &at, "complete, yet settledUntil is null");
    if (s->settled_until > settled_bound(c->m, s))
        verify_report_problem(c->r, &at, "settledUntil is later than the windows prove");
}

/* Where the fragments of one file must follow each other. */
struct tiling {
    uint64_t next;  /* offset of the next fragment */
    uint64_t plain; /* bytes and events so far */
    uint64_t events;
};

/* Fragments lie in each file one behind the other, from its header to its trailer. */
static void check_files(const struct scope_check *c)
{
    const struct manifest_scope *s = c->s;
    struct tiling *tiles = mem_zalloc(s->nfiles + 1, sizeof(*tiles));
    struct verify_place at = place(c, NULL);
    size_t i;

    for (i = 0; i < s->nfiles; i++)
        tiles[i].next = GZIP_FILE_HEADER;
    for (i = 0; i < s->nwindows; i++) {
        const struct manifest_window *w = &s->windows[i];
        struct tiling *t = &tiles[w->file < 0 ? s->nfiles : (size_t)w->file];

        if (w->file < 0)
            continue;
        at.window = w;
        if (w->offset != t->next)
            verify_report_problem(c->r, &at, "offset is %" PRIu64 " in place of %" PRIu64,
                                  w->offset, t->next);
        t->next = w->offset + w->deflated;
        t->plain += w->plain;
        t->events += w->events;
    }
    at.window = NULL;
    for (i = 0; i < s->nfiles; i++) {
        const struct manifest_file *f = &s->files[i];

        at.name = f->path;
        at.scope = NULL;
        if (tiles[i].next + GZIP_FILE_TRAILER != f->bytes)
            verify_report_problem(c->r, &at, "its windows do not fill its bytes");
        if (tiles[i].plain != f->content_bytes)
            verify_report_problem(c->r, &at, "its windows do not add up to content.bytes");
        if (tiles[i].events != f->content_lines)
            verify_report_problem(c->r, &at, "its windows do not add up to content.lines");
    }
    free(tiles);
}

void verify_ledger(const struct manifest *m, struct verify_report *r)
{
    size_t i, n;

    verify_form(m, r);
    verify_query(m, r);
    for (n = 0; n < m->nscopes; n++) {
        struct scope_check c = {m, &m->scopes[n], r};

        check_status(&c);
        check_unread(&c);
        for (i = 0; i < c.s->nwindows; i++)
            check_window(&c, i);
        check_coverage(&c);
        check_sums(&c);
        check_files(&c);
    }
}
