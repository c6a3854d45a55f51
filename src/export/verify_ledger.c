#include "export/verify_ledger.h"

#include "base/hash_map.h"
#include "base/mem.h"
#include "base/text.h"
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
    struct verify_place at = {0, c->s->scope, w};

    return at;
}

static int is_complete(const struct manifest_scope *s)
{
    return strcmp(s->status, "complete") == 0;
}

/* Whether a scope can be in that state. */
static int is_known(const char *status)
{
    static const char *const known[] = {"complete", "forbidden", "failed", "expired",
                                        "unavailable"};
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(status, known[i]) == 0)
            return 1;
    }
    return 0;
}

/* The state of a scope and the server's words that go with it. */
static void check_status(const struct scope_check *c)
{
    struct verify_place at = place(c, NULL);

    if (!is_known(c->s->status))
        verify_report_problem(c->r, &at, "unknown status");
    else if (is_complete(c->s) && c->s->error_code != NULL)
        verify_report_problem(c->r, &at, "complete, yet with an error");
    if (c->m->complete && !is_complete(c->s) && strcmp(c->s->status, "unavailable") != 0)
        verify_report_problem(c->r, &at, "not complete, yet the verdict is COMPLETE");
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
    if (before != NULL && before->to < w->from && is_complete(c->s))
        verify_report_problem(c->r, &at, "there is a gap before the window");
    if (w->file < 0 &&
        (w->events != 0 || w->offset != 0 || w->deflated != 0 || w->plain != 0 || w->crc != 0))
        verify_report_problem(c->r, &at, "the window has no file, yet it is not empty");
    if (w->file >= 0 && w->events == 0)
        verify_report_problem(c->r, &at, "the window is empty, yet it has a file");
}

/* Both ends of the range asked for. */
static void check_coverage(const struct scope_check *c)
{
    const struct manifest_scope *s = c->s;
    struct verify_place at = place(c, NULL);

    if (!is_complete(s))
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
        if (tiles[i].next + GZIP_FILE_TRAILER != f->bytes)
            verify_report_problem(c->r, &at, "its windows do not fill its bytes");
        if (tiles[i].plain != f->content_bytes)
            verify_report_problem(c->r, &at, "its windows do not add up to content.bytes");
        if (tiles[i].events != f->content_lines)
            verify_report_problem(c->r, &at, "its windows do not add up to content.lines");
    }
    free(tiles);
}

/* ---- the manifest as a whole ---- */

/* Store a name in any letter case. Returns whether it was there. */
static int add_name(struct hash_map *names, const char *name)
{
    char *lower = mem_strdup(name);
    int there;

    text_to_lower(lower);
    there = hash_map_get(names, slice_of(lower)) != HASH_MAP_NONE;
    hash_map_put(names, slice_of(lower), 0);
    free(lower);
    return there;
}

/* Ids that differ only in case are one scope, and file names that do are one file on some systems.
 * *scopes gets the names of the scopes. */
static void check_twice(const struct manifest *m, struct hash_map *scopes, struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    struct hash_map files = {0}, assignments = {0};
    size_t i, k;

    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        if (add_name(scopes, s->scope))
            verify_report_problem(r, &at, "scope %s occurs twice", s->scope);
        for (k = 0; k < s->nfiles; k++) {
            if (add_name(&files, s->files[k].path))
                verify_report_problem(r, &at, "file %s occurs twice", s->files[k].path);
        }
    }
    for (i = 0; i < m->nassignment_scopes; i++) {
        if (add_name(&assignments, m->assignment_scopes[i].scope))
            verify_report_problem(r, &at, "roleAssignments: scope %s occurs twice",
                                  m->assignment_scopes[i].scope);
    }
    hash_map_free(&files);
    hash_map_free(&assignments);
}

/* Nothing was asked for after the end, which is not before the beginning. A manifest that is not
 * finished yet has no end. */
static void check_times(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    int64_t latest = manifest_latest(m);
    size_t i, k;

    if (m->finished == 0)
        return;
    if (m->started > m->finished)
        verify_report_problem(r, &at, "started is after finished");
    if (m->assignments_read_at > latest)
        verify_report_problem(r, &at, "roleAssignments: readAt is after finished");
    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        for (k = 0; k < s->nwindows; k++) {
            struct verify_place window = {0, s->scope, &s->windows[k]};

            if (s->windows[k].asked_at > latest)
                verify_report_problem(r, &window, "askedAt is after finished");
            if (s->windows[k].resumed_from > m->finished)
                verify_report_problem(r, &window, "resumedFrom is after finished");
        }
    }
}

/* INCOMPLETE has a reason, and COMPLETE none against it. */
static void check_verdict(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    size_t i, lacking = 0, unread = 0;

    for (i = 0; i < m->nscopes; i++)
        lacking += !is_complete(&m->scopes[i]);
    for (i = 0; i < m->nassignment_scopes; i++)
        unread += strcmp(m->assignment_scopes[i].status, "complete") != 0;
    if (!m->complete && lacking == 0 && unread == 0)
        verify_report_problem(r, &at, "the verdict is INCOMPLETE, yet everything is complete");
    if (m->complete && unread > 0)
        verify_report_problem(r, &at,
                              "role assignments were not all read, yet the verdict is COMPLETE");
}

/* What was asked for by name has an entry, whether it could be read or not. */
static void check_asked(const struct manifest *m, struct hash_map *scopes, struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    size_t i;

    for (i = 0; i < m->nscopes_asked; i++) {
        const char *asked = m->scopes_asked[i];
        size_t len = strlen(asked);

        if (len > 2 && strcmp(asked + len - 2, ":*") == 0)
            continue;
        if (strcmp(asked, "all") == 0)
            asked = "tenant";
        if (!add_name(scopes, asked))
            verify_report_problem(r, &at, "%s of query.scopes is not among the scopes", asked);
    }
}

/* The role assignments of each place were read, or there are words that say why not. */
static void check_assignments(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    size_t i;

    for (i = 0; i < m->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *s = &m->assignment_scopes[i];

        if (!is_known(s->status))
            verify_report_problem(r, &at, "roleAssignments: %s: unknown status", s->scope);
        else if (strcmp(s->status, "complete") == 0 && s->error_code != NULL &&
                 strcmp(s->error_code, "EmptyList") != 0)
            verify_report_problem(r, &at, "roleAssignments: %s: complete, yet with an error",
                                  s->scope);
    }
}

void verify_ledger(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL};
    struct hash_map scopes = {0};
    size_t i, n;

    if (m->since > m->until)
        verify_report_problem(r, &at, "query.since is after query.until");
    if (m->nscopes == 0)
        verify_report_problem(r, &at, "it has no scope");
    check_twice(m, &scopes, r);
    check_asked(m, &scopes, r);
    hash_map_free(&scopes);
    check_times(m, r);
    check_verdict(m, r);
    check_assignments(m, r);
    for (n = 0; n < m->nscopes; n++) {
        struct scope_check c = {m, &m->scopes[n], r};

        check_status(&c);
        for (i = 0; i < c.s->nwindows; i++)
            check_window(&c, i);
        check_coverage(&c);
        check_sums(&c);
        check_files(&c);
    }
}
