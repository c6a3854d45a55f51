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
 * Recovery. A last line that is cut short was never synced; it is cut off. So are lines from a
 * block on that was never written, if nothing whole is behind it. Any other line that is not whole,
 * a journal that is missing or empty beside what a run has fetched, and a name in .partial that no
 * run makes are a damaged or foreign state: nothing is touched, since what was fetched may not be
 * there to be fetched a second time.
 *
 * Windows fetched too early to be final, or trusted by an order of pages that then turned out
 * wrong, are fetched again. The record "redo" says so; their lines are kept and merged into what
 * comes, so that a line once seen is never lost. A run that continues another marks them once a day
 * ("again" behind the marks): what it fetches is progress for the run that continues it.
 *
 * Publishing. All new files, and the folders that hold them, are complete and synced under
 * .partial/out before (1) the record "publish" names them with their digests, (2) the data files
 * are renamed into place, then SHA256SUMS, then, once every folder between DIR and a file is
 * synced, the manifest, (3) files of the export before that are no longer part of it are removed,
 * and (4) .partial is deleted, the journal and then the lock as the last. A run that finds the
 * record does (2) to (4) again, whatever else it was started for, once the record has proved
 * itself: each file is under .partial/out or in place with its digest, together they are all that
 * their manifest names, and what goes still has the digest that the manifest before gave it.
 */
#include "store/journal.h"

#include "base/fault.h"
#include "base/mem.h"
#include "base/sys.h"
#include "store/folder.h"
#include "store/journal_impl.h"

#include <stdlib.h>
#include <string.h>

/* A run that has fetched nothing leaves nothing behind: no .partial, and no DIR that it made. */
static void remove_empty(struct journal *j)
{
    struct err ignored;

    if (journal_remove(j, &ignored) != 0)
        return;
    sys_dir_close(j->root);
    j->root = NULL;
    (void)sys_remove_folder(j->dir, &ignored);
}

int journal_begin(struct journal *j, struct journal_query *query, int updating, struct err *e)
{
    struct err ignored;

    journal_state_forget(j);
    if (folder_empty_partial(j->root, e) != 0)
        return -1;
    j->query = *query;
    memset(query, 0, sizeof(*query));
    j->started = sys_now();
    j->updating = updating;
    j->fd = sys_dir_file(j->root, JOURNAL_FILE, SYS_REPLACE, e);
    if (j->fd < 0)
        return -1;
    FAULT("journal-created");
    journal_record_open(j);
    if (journal_commit(j, e) != 0) {
        (void)sys_dir_remove(j->root, JOURNAL_FILE, &ignored);
        return -1;
    }
    return sys_dir_sync(j->root, JOURNAL_FOLDER, e) != 0 || sys_dir_sync(j->root, "", e) != 0 ? -1
                                                                                              : 0;
}

void journal_open_temporary(struct journal *j, const char *endpoint, int64_t since, int64_t until)
{
    memset(j, 0, sizeof(*j));
    j->temporary = 1;
    j->lock_fd = -1;
    j->fd = -1;
    j->started = sys_now();
    j->query.since = j->query.since_asked = since;
    j->query.until = until;
    j->query.endpoint = mem_strdup(endpoint);
    j->dir = mem_strdup("standard output");
}

void journal_close(struct journal *j)
{
    struct err ignored;

    if (j->dir == NULL)
        return;
    if (j->opened && j->lock_fd >= 0 && j->npublish == 0 && !journal_state_has_windows(j))
        remove_empty(j);
    journal_state_forget(j);
    manifest_free(&j->base);
    buf_free(&j->pending);
    hash_map_free(&j->base_names);
    if (j->lock_fd >= 0)
        (void)sys_close(j->lock_fd, j->lock_path, &ignored);
    sys_dir_close(j->partial);
    sys_dir_close(j->root);
    free(j->dir);
    free(j->path);
    free(j->lock_path);
    memset(j, 0, sizeof(*j));
    j->lock_fd = -1;
    j->fd = -1;
}

int journal_remove(struct journal *j, struct err *e)
{
    int lock;

    journal_state_forget(j);
    if (folder_empty_partial(j->root, e) != 0)
        return -1;
    FAULT("partial-emptied");
    sys_dir_close(j->partial);
    j->partial = NULL;
    lock = j->lock_fd;
    j->lock_fd = -1;
    if (sys_dir_remove_open(j->root, lock, JOURNAL_LOCK, e) != 0)
        return -1;
    return sys_dir_remove_folder(j->root, JOURNAL_FOLDER, e);
}

/* ---- what happens during a run ---- */

struct journal_scope *journal_add_scope(struct journal *j, const char *scope, const char *file,
                                        const char *folder)
{
    struct journal_scope *s = journal_state_find_scope(j, scope);

    if (s != NULL)
        return s;
    s = journal_state_add_scope(j, scope, file, folder);
    journal_record_scope(j, s);
    return s;
}

/* Forget which segments are closed by now. */
static void count_open(struct journal *j)
{
    size_t n = 0, i;

    for (i = 0; i < j->nopen; i++) {
        if (j->scopes[j->open[i]].segment.path != NULL)
            j->open[n++] = j->open[i];
    }
    j->nopen = n;
}

/* Make room for one more open segment: behind a commit any of them can be opened anew. */
static int limit_open(struct journal *j, struct err *e)
{
    size_t i;

    count_open(j);
    if (j->nopen < JOURNAL_OPEN_MAX)
        return 0;
    if (journal_commit(j, e) != 0)
        return -1;
    for (i = 0; i < j->nopen; i++)
        segment_close(&j->scopes[j->open[i]].segment);
    j->nopen = 0;
    return 0;
}

char *journal_segment_name(const struct journal_scope *s)
{
    struct buf name = {0};
    char *p;

    buf_printf(&name, "%s/%s.segment", JOURNAL_FOLDER, s->file);
    for (p = name.data + sizeof(JOURNAL_FOLDER); *p != '\0'; p++) {
        if (*p == '/')
            *p = '-';
    }
    return name.data;
}

int journal_open_segment(struct journal *j, struct journal_scope *s, struct err *e)
{
    char *name;
    int ret;

    if (s->segment.path != NULL)
        return 0;
    if (j->temporary)
        return segment_open_temporary(&s->segment, e);
    if (limit_open(j, e) != 0)
        return -1;
    name = journal_segment_name(s);
    j->new_name |= sys_dir_kind(j->root, name) == SYS_MISSING;
    ret = segment_open(&s->segment, j->root, name, s->segment_size, e);
    if (ret == 0)
        j->open[j->nopen++] = (size_t)(s - j->scopes);
    free(name);
    return ret;
}

int journal_add_windows(struct journal *j, struct journal_scope *s, const struct segment_result *r,
                        const struct journal_answer *answer, struct err *e)
{
    uint64_t offset = 0;
    size_t i;

    /* Stretches without events need no file. */
    if (r->bytes > 0 &&
        (journal_open_segment(j, s, e) != 0 || segment_append(&s->segment, r, &offset, e) != 0))
        return -1;
    s->segment_size = r->bytes > 0 ? s->segment.size : s->segment_size;
    for (i = 0; i < r->nwindows; i++) {
        struct journal_window *w = journal_state_new_window(s);

        w->w = r->windows[i].w;
        w->w.offset += offset;
        w->w.asked_at = answer->asked_at;
        w->w.closed = answer->closed;
        w->from = w->w.from;
        w->to = w->w.to;
        w->duplicates = r->windows[i].duplicates;
        w->outside = i == 0 ? answer->outside : 0;
        memcpy(w->sha256, r->windows[i].sha256, HASH_HEX_MAX);
        journal_state_copy_texts(&w->w.request_ids, &w->w.nrequest_ids, answer->ids, answer->nids);
        journal_record_window(j, s, w);
    }
    return 0;
}

void journal_drained(struct journal *j, struct journal_scope *s, int64_t from, int64_t to)
{
    journal_state_drain(s, from, to);
    journal_record_range(j, "drained", s, from, to);
}

void journal_redo(struct journal *j, struct journal_scope *s, int64_t from, int64_t to)
{
    journal_state_redo(s, from, to);
    journal_record_range(j, "redo", s, from, to);
}

int journal_asks_again(const struct journal *j)
{
    int64_t since = sys_now() - j->asked_again;

    return !j->resumed || since < 0 || since >= MANIFEST_SETTLE_TICKS;
}

void journal_asked_again(struct journal *j)
{
    if (!j->resumed)
        return;
    j->asked_again = sys_now();
    journal_record_asked_again(j);
}

void journal_distrust(struct journal *j, struct journal_scope *s)
{
    s->distrusted = 1;
    journal_record_range(j, "distrust", s, 0, 0);
}

void journal_expired(struct journal *j, struct journal_scope *s, int64_t to)
{
    s->expired = to;
    journal_record_range(j, "expired", s, 0, to);
}

void journal_end_scope(struct journal *j, struct journal_scope *s, const char *status,
                       const char *code, const char *message, int failed)
{
    journal_state_set_text(&s->status, status);
    journal_state_set_text(&s->error_code, code);
    journal_state_set_text(&s->error_message, message);
    s->failed = failed;
    journal_record_end(j, s);
}

void journal_count(struct journal *j, struct journal_scope *s)
{
    if (s->requests == s->requests_noted)
        return;
    s->requests_noted = s->requests;
    journal_record_range(j, "count", s, (int64_t)s->requests, (int64_t)s->retries);
}

/* Append the gathered lines; where that fails half-way no part of them stays. */
static int write_pending(struct journal *j, struct err *e)
{
    struct err ignored;
    uint64_t size = 0;

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
    count_open(j);
    for (i = 0; i < j->nopen; i++) {
        struct journal_scope *s = &j->scopes[j->open[i]];

        if (segment_sync(&s->segment, e) != 0)
            return -1;
        /* Thousands of subscriptions are more than a process may have files open. */
        if (s->status != NULL)
            segment_close(&s->segment);
    }
    if (j->new_name) {
        if (sys_dir_sync(j->root, JOURNAL_FOLDER, e) != 0)
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
