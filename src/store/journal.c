/*
 * The life of an acquisition on disk, and how it survives being cut anywhere.
 *
 * DIR/.partial holds a lock, a journal and one segment file a scope. The journal is lines of text,
 * each the first eight hexadecimal digits of the SHA-256 of a JSON object, a blank and the object.
 * Its first line says what was asked for; the others say, in the order in which it happened, what
 * is known since.
 *
 * Order of commits. Fragments are appended to the segment files as they come, and lines about them
 * gather in memory. journal_commit (1) syncs the segments that changed, and .partial where one is
 * new, (2) appends the gathered lines to the journal in one write, (3) syncs the journal. What the
 * journal does not name does not exist: a segment longer than the journal says was cut between (1)
 * and (2), and its tail is cut off.
 *
 * Recovery. Lines are read up to the first that is damaged or cut short, which can only be one that
 * was never synced; the rest of the file is cut off. A flipped bit in an old line costs what was
 * committed after it, which is fetched again; it never costs the truth. A first line that cannot be
 * read means that this is not a journal of ours.
 *
 * Windows fetched too early to be final, or trusted by an order of pages that then turned out
 * wrong, are fetched again. The record "redo" says so; their lines are kept and merged into what
 * comes, so that a line once seen is never lost.
 *
 * Publishing. All new files are complete and synced under .partial/out before (1) the record
 * "publish" names them with their digests, (2) the data files are renamed into place, then
 * SHA256SUMS, then, once every folder between DIR and a file is synced, the manifest, (3) files of
 * the export before that are no longer part of it are removed, and (4) .partial is deleted, the
 * journal before the lock. A run that finds the record does (2) to (4) again, whatever else it was
 * started for: a file that is not under .partial/out any more must be in place with its digest.
 */
#include "store/journal.h"

#include "base/fault.h"
#include "base/sys.h"
#include "store/folder.h"
#include "store/publish.h"
#include "store/record.h"
#include "store/state.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a journal: a million events make some 10,000 windows of 600 bytes. */
#define JOURNAL_MAX_BYTES (256U << 20)

/* ---- opening ---- */

/* Take DIR/.partial/lock. Another run that just ends may delete the file under us: then again. */
static int take_lock(struct journal *j, struct err *e)
{
    struct err ignored;
    int held;

    for (;;) {
        if (sys_mkdir_all(j->dir, e) != 0 || sys_mkdir(j->folder, e) != 0)
            return -1;
        j->lock_fd = sys_open(j->lock_path, SYS_APPEND_OPEN, e);
        if (j->lock_fd < 0) {
            if (sys_kind(j->folder) == SYS_MISSING)
                continue;
            return -1;
        }
        held = sys_lock(j->lock_fd, j->lock_path, e);
        if (held < 0) {
            (void)sys_close(j->lock_fd, j->lock_path, &ignored);
            j->lock_fd = -1;
            return -1;
        }
        if (held > 0) {
            /* What stands there is the other run's: without the lock nothing is touched. */
            (void)sys_close(j->lock_fd, j->lock_path, &ignored);
            j->lock_fd = -1;
            return err_set(e, ERR_LOCAL, "%s: in use by another run of azdal", j->dir);
        }
        if (sys_same_file(j->lock_fd, j->lock_path))
            return 0;
        (void)sys_close(j->lock_fd, j->lock_path, &ignored);
        j->lock_fd = -1;
    }
}

/* Refuse a manifest that would lead out of DIR, or whose windows could not be put together. */
static int check_base(const struct manifest *m, struct err *e)
{
    size_t i, k;

    if (m->assignments_file != NULL && !folder_is_inside(m->assignments_file))
        return err_set(e, ERR_FOREIGN, "%s: not a name of azdal's", m->assignments_file);
    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        for (k = 0; k < s->nfiles; k++) {
            if (!folder_is_inside(s->files[k].path))
                return err_set(e, ERR_FOREIGN, "%s: not a name of azdal's", s->files[k].path);
        }
        for (k = 0; k < s->nwindows; k++) {
            const struct manifest_window *w = &s->windows[k];

            if (w->from >= w->to || (k > 0 && w->from < w[-1].to) || (w->events > 0 && w->file < 0))
                return err_set(e, ERR_FOREIGN, "%s: window %zu: out of order or without a file",
                               s->scope, k);
        }
    }
    return 0;
}

/* Read the published manifest, if there is one. */
static int load_base(struct journal *j, struct err *e)
{
    char *path = folder_join(j->dir, MANIFEST_NAME, e);
    int ret = -1;

    if (path == NULL)
        return -1;
    manifest_free(&j->base);
    j->base_sha256[0] = '\0';
    if (sys_kind(path) == SYS_MISSING) {
        ret = 0;
        goto out;
    }
    if (hash_file(path, j->base_sha256, e) != 0)
        goto out;
    if (manifest_load(&j->base, j->dir, e) != 0 || check_base(&j->base, e) != 0) {
        (void)err_wrap(e, "%s", path);
        goto out;
    }
    ret = 0;
out:
    free(path);
    return ret;
}

/* Read the journal, if there is one, and cut off its torn end. */
static int load_journal(struct journal *j, struct err *e)
{
    struct buf text = {0};
    size_t whole = 0;
    int ret = -1;

    if (sys_kind(j->path) == SYS_MISSING)
        return 0;
    if (sys_read_file(j->path, JOURNAL_MAX_BYTES, &text, e) != 0)
        goto out;
    if (text.len > 0 && journal_replay(j, buf_slice(&text), &whole, e) != 0) {
        /* A journal whose very first record was torn has nothing to lose. */
        if (j->query.endpoint != NULL || memchr(text.data, '\n', text.len) != NULL) {
            (void)err_wrap(e, "%s", j->dir);
            (void)err_hint(e, "azdal acquire --restart forgets it and starts anew");
            goto out;
        }
        state_forget(j);
    }
    if (j->query.endpoint != NULL) {
        j->fd = sys_open(j->path, SYS_APPEND_OPEN, e);
        if (j->fd < 0 || sys_truncate(j->fd, whole, j->path, e) != 0 ||
            sys_seek(j->fd, whole, j->path, e) != 0)
            goto out;
    }
    ret = 0;
out:
    buf_free(&text);
    return ret;
}

/* A run that has fetched nothing leaves nothing behind: no .partial, and no DIR that it made. */
static void remove_empty(struct journal *j)
{
    struct err ignored;

    if (journal_remove(j, &ignored) == 0)
        (void)sys_remove_folder(j->dir, &ignored);
}

/* What journal_open does once it has the lock. */
static int look(struct journal *j, int restart, enum journal_found *found, struct err *e)
{
    if (load_base(j, e) != 0 || (load_journal(j, e) != 0 && !restart))
        return -1;
    /* Files may be in place that no manifest names yet: that is put right first, also where all is
     * to be fetched anew. */
    if (j->npublish > 0) {
        if (publish_roll_forward(j, e) != 0 && !restart)
            return -1;
        state_forget(j);
        if (folder_delete_but(j->folder, "lock", e) != 0 || load_base(j, e) != 0)
            return -1;
    }
    if (restart) {
        state_forget(j);
        if (folder_delete_but(j->folder, "lock", e) != 0)
            return -1;
    }
    if (folder_check(j->dir, j->base.schema == 0 ? NULL : &j->base, e) != 0)
        return -1;
    if (j->query.endpoint != NULL && state_has_windows(j)) {
        j->resumed = 1;
        *found = JOURNAL_UNFINISHED;
        return 0;
    }
    state_forget(j);
    *found = j->base.schema != 0 && !restart ? JOURNAL_FINISHED : JOURNAL_NEW;
    return 0;
}

int journal_open(struct journal *j, const char *dir, int restart, enum journal_found *found,
                 struct err *e)
{
    memset(j, 0, sizeof(*j));
    j->lock_fd = -1;
    j->fd = -1;
    j->dir = slice_dup(slice_of(dir));
    if (j->dir == NULL) {
        (void)err_memory(e, dir);
        goto fail;
    }
    j->folder = folder_join(dir, JOURNAL_FOLDER, e);
    if (j->folder == NULL)
        goto fail;
    j->path = folder_join(j->folder, "journal", e);
    j->lock_path = folder_join(j->folder, "lock", e);
    if (j->path == NULL || j->lock_path == NULL)
        goto fail;
    /* Nothing is created in a folder that holds somebody else's files. */
    if (sys_kind(j->folder) == SYS_MISSING) {
        if (load_base(j, e) != 0 ||
            folder_check(dir, j->base.schema == 0 ? NULL : &j->base, e) != 0)
            goto fail;
    }
    if (take_lock(j, e) != 0 || look(j, restart, found, e) != 0)
        goto fail;
    j->opened = 1;
    return 0;
fail:
    journal_close(j);
    return -1;
}

int journal_begin(struct journal *j, struct journal_query *query, int updating, struct err *e)
{
    struct err ignored;

    state_forget(j);
    if (folder_delete_but(j->folder, "lock", e) != 0)
        return -1;
    j->query = *query;
    memset(query, 0, sizeof(*query));
    j->started = sys_now();
    j->updating = updating;
    j->fd = sys_open(j->path, SYS_REPLACE, e);
    if (j->fd < 0)
        return -1;
    FAULT("journal-created");
    if (record_put_open(j, e) != 0 || journal_commit(j, e) != 0) {
        (void)sys_remove(j->path, &ignored);
        return -1;
    }
    return sys_sync_folder(j->folder, e) != 0 || sys_sync_folder(j->dir, e) != 0 ? -1 : 0;
}

int journal_open_temporary(struct journal *j, const char *endpoint, int64_t since, int64_t until,
                           struct err *e)
{
    memset(j, 0, sizeof(*j));
    j->temporary = 1;
    j->lock_fd = -1;
    j->fd = -1;
    j->started = sys_now();
    j->query.since = j->query.since_asked = since;
    j->query.until = until;
    j->query.endpoint = slice_dup(slice_of(endpoint));
    j->dir = slice_dup(slice_of("standard output"));
    if (j->query.endpoint != NULL && j->dir != NULL)
        return 0;
    journal_close(j);
    return err_memory(e, "standard output");
}

void journal_close(struct journal *j)
{
    struct err ignored;

    if (j->dir == NULL)
        return;
    if (j->opened && j->lock_fd >= 0 && j->npublish == 0 && !state_has_windows(j))
        remove_empty(j);
    state_forget(j);
    manifest_free(&j->base);
    buf_free(&j->pending);
    if (j->lock_fd >= 0)
        (void)sys_close(j->lock_fd, j->lock_path, &ignored);
    free(j->dir);
    free(j->folder);
    free(j->path);
    free(j->lock_path);
    memset(j, 0, sizeof(*j));
    j->lock_fd = -1;
    j->fd = -1;
}

int journal_remove(struct journal *j, struct err *e)
{
    int lock;

    state_forget(j);
    if (folder_delete_but(j->folder, "lock", e) != 0)
        return -1;
    FAULT("partial-emptied");
    lock = j->lock_fd;
    j->lock_fd = -1;
    if (sys_remove_open(lock, j->lock_path, e) != 0)
        return -1;
    return sys_remove_folder(j->folder, e);
}

/* ---- what happens during a run ---- */

struct journal_scope *journal_add_scope(struct journal *j, const char *scope, const char *file,
                                        const char *folder, struct err *e)
{
    struct journal_scope *s = state_find_scope(j, scope);

    if (s != NULL)
        return s;
    s = state_add_scope(j, scope, file, folder, e);
    return s == NULL || record_put_scope(j, s, e) != 0 ? NULL : s;
}

/* Make room for one more open segment: a commit closes those of scopes that have ended. */
static int limit_open(struct journal *j, struct err *e)
{
    unsigned n = 0;
    size_t i;

    for (i = 0; i < j->nscopes; i++)
        n += j->scopes[i].segment.path != NULL;
    return n < JOURNAL_OPEN_MAX ? 0 : journal_commit(j, e);
}

int journal_open_segment(struct journal *j, struct journal_scope *s, struct err *e)
{
    struct buf path = {0};
    const char *p;
    int ret;

    if (s->segment.path != NULL)
        return 0;
    if (j->temporary)
        return segment_open_temporary(&s->segment, e);
    if (limit_open(j, e) != 0)
        return -1;
    if (buf_printf(&path, "%s/", j->folder) != 0)
        return err_memory(e, s->scope);
    for (p = s->file; *p != '\0'; p++) {
        if (buf_putc(&path, *p == '/' ? '-' : *p) != 0)
            return err_memory(e, s->scope);
    }
    if (buf_puts(&path, ".segment") != 0 || buf_terminate(&path) != 0)
        return err_memory(e, s->scope);
    j->new_name |= sys_kind(path.data) == SYS_MISSING;
    ret = segment_open(&s->segment, path.data, s->segment_size, e);
    buf_free(&path);
    return ret;
}

int journal_add_windows(struct journal *j, struct journal_scope *s, const struct segment_result *r,
                        int64_t asked_at, enum manifest_closed closed, char *const *ids,
                        size_t nids, uint64_t outside, struct err *e)
{
    uint64_t offset = 0;
    size_t i;

    if (journal_open_segment(j, s, e) != 0 || segment_append(&s->segment, r, &offset, e) != 0)
        return -1;
    s->segment_size = s->segment.size;
    for (i = 0; i < r->nwindows; i++) {
        struct journal_window *w = state_new_window(s, e);

        if (w == NULL)
            return -1;
        w->w = r->windows[i].w;
        w->w.offset += offset;
        w->w.asked_at = asked_at;
        w->w.closed = closed;
        w->from = w->w.from;
        w->to = w->w.to;
        w->first = r->windows[i].first;
        w->last = r->windows[i].last;
        w->duplicates = r->windows[i].duplicates;
        w->conflicts = r->windows[i].conflicts;
        w->outside = i == 0 ? outside : 0;
        if (state_copy_texts(&w->w.request_ids, &w->w.nrequest_ids, ids, nids, e) != 0 ||
            record_put_window(j, s, w, e) != 0)
            return -1;
    }
    return 0;
}

int journal_drained(struct journal *j, struct journal_scope *s, int64_t from, int64_t to,
                    struct err *e)
{
    state_drain(s, from, to);
    return record_put_range(j, "drained", s, from, to, e);
}

int journal_redo(struct journal *j, struct journal_scope *s, int64_t from, int64_t to,
                 struct err *e)
{
    return state_redo(s, from, to, e) != 0 ? -1 : record_put_range(j, "redo", s, from, to, e);
}

int journal_distrust(struct journal *j, struct journal_scope *s, struct err *e)
{
    s->distrusted = 1;
    return record_put_range(j, "distrust", s, 0, 0, e);
}

int journal_expired(struct journal *j, struct journal_scope *s, int64_t to, struct err *e)
{
    s->expired = to;
    return record_put_range(j, "expired", s, 0, to, e);
}

int journal_end_scope(struct journal *j, struct journal_scope *s, const char *status,
                      const char *code, const char *message, int failed, struct err *e)
{
    if (state_set_text(&s->status, status, e) != 0 ||
        state_set_text(&s->error_code, code, e) != 0 ||
        state_set_text(&s->error_message, message, e) != 0)
        return -1;
    s->failed = failed;
    return record_put_end(j, s, e);
}

int journal_count(struct journal *j, struct journal_scope *s, struct err *e)
{
    if (s->requests == s->requests_noted)
        return 0;
    s->requests_noted = s->requests;
    return record_put_range(j, "count", s, (int64_t)s->requests, (int64_t)s->retries, e);
}

/* Append the gathered lines; where that fails half-way no part of them stays. */
static int write_pending(struct journal *j, struct err *e)
{
    struct err ignored;
    uint64_t size;

    if (sys_file_size(j->fd, &size, j->path, e) != 0)
        return -1;
    if (sys_write(j->fd, j->pending.data, j->pending.len, j->path, e) == 0)
        return 0;
    if (sys_truncate(j->fd, size, j->path, &ignored) == 0)
        (void)sys_seek(j->fd, size, j->path, &ignored);
    return -1;
}

int journal_commit(struct journal *j, struct err *e)
{
    size_t i;

    if (j->temporary) {
        buf_clear(&j->pending);
        return 0;
    }
    for (i = 0; i < j->nscopes; i++) {
        struct journal_scope *s = &j->scopes[i];

        if (segment_sync(&s->segment, e) != 0)
            return -1;
        /* Thousands of subscriptions are more than a process may have files open. */
        if (s->status != NULL)
            segment_close(&s->segment);
    }
    if (j->new_name) {
        if (sys_sync_folder(j->folder, e) != 0)
            return -1;
        FAULT("name-synced");
        j->new_name = 0;
    }
    if (j->pending.len == 0)
        return 0;
    if (write_pending(j, e) != 0)
        return -1;
    FAULT("journal-written");
    buf_clear(&j->pending);
    if (sys_sync(j->fd, j->path, e) != 0)
        return -1;
    FAULT("journal-synced");
    return 0;
}
