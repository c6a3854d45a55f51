/* How a run finds what is in DIR. The recovery is described on top of journal.c. */
#include "base/hash.h"
#include "base/mem.h"
#include "base/sys.h"
#include "export/export_path.h"
#include "export/verify.h"
#include "store/folder.h"
#include "store/journal_impl.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a journal: a million events make some 10,000 windows of 600 bytes. */
#define JOURNAL_MAX_BYTES (256U << 20)
/* Times that a lock is tried while other runs end. */
#define JOURNAL_LOCK_TRIES 10000

/* ---- the folder and its lock ---- */

/* Open DIR, which is created if needed, and see that it is ours alone. */
static int open_root(struct journal *j, struct err *e)
{
    int state;

    sys_dir_close(j->root);
    j->root = sys_dir_open(j->dir, 0, e);
    if (j->root == NULL && e->code == ERR_LOCAL && sys_kind(j->dir) == SYS_MISSING) {
        if (sys_mkdir_all(j->dir, e) != 0)
            return -1;
        j->root = sys_dir_open(j->dir, 0, e);
    }
    if (j->root == NULL) {
        if (e->code == ERR_FOREIGN)
            (void)err_hint(e, "name the folder that it leads to, if that one is yours");
        return -1;
    }
    return folder_check_ours(j->root, &j->ownerless, e) != 0
               ? -1
               : folder_check_partial(j->root, &state, e);
}

/* Open and lock DIR/.partial/lock: 0, 1 when it has to be tried again, -1. */
static int try_lock(struct journal *j, struct err *e)
{
    struct err ignored;
    int held, made;

    made = sys_dir_make(j->root, JOURNAL_FOLDER, e) == 0;
    if (made)
        j->lock_fd = sys_dir_file(j->root, JOURNAL_LOCK, SYS_APPEND_OPEN, e);
    if (j->lock_fd < 0) {
        if (e->code == ERR_FOREIGN)
            return err_hint(e, "remove it, or acquire into a folder that does not exist yet");
        /* Another run that just ends deletes .partial, and DIR where nothing is left in it. */
        if (sys_kind(j->dir) == SYS_MISSING)
            return open_root(j, e) == 0 ? 1 : -1;
        return made && sys_dir_kind(j->root, JOURNAL_FOLDER) == SYS_MISSING ? 1 : -1;
    }
    held = sys_lock(j->lock_fd, j->lock_path, e);
    if (held == 0 && sys_dir_same_file(j->root, j->lock_fd, JOURNAL_LOCK))
        return 0;
    /* Without the lock nothing of what stands there is touched. */
    (void)sys_close(j->lock_fd, j->lock_path, &ignored);
    j->lock_fd = -1;
    if (held > 0)
        return err_set(e, ERR_LOCAL, "%s: in use by another run of azdal", j->dir);
    return held < 0 ? -1 : 1;
}

/* Take the lock, and close DIR to others. */
static int take_lock(struct journal *j, struct err *e)
{
    int ret, tries = 0;

    while ((ret = try_lock(j, e)) == 1) {
        if (++tries == JOURNAL_LOCK_TRIES)
            return err_set(e, ERR_LOCAL, "%s: cannot be locked", j->dir);
    }
    if (ret != 0)
        return -1;
    if (sys_dir_restrict(j->root, e) != 0) {
        if (sys_dir_has_owners(j->root))
            return -1;
        j->ownerless = 1;
    }
    j->partial = sys_dir_open_below(j->root, JOURNAL_FOLDER, e);
    return j->partial == NULL ? -1 : 0;
}

/* ---- the published export ---- */

/* Refuse a manifest that would lead out of DIR, or whose windows could not be put together. */
static int check_base(const struct manifest *m, struct err *e)
{
    struct manifest_names names = {0};
    size_t i, k;

    while (manifest_next_name(m, &names)) {
        if (!export_path_is_safe(names.path))
            return err_set(e, ERR_FOREIGN, "%s: not a name that azdal uses", names.path);
    }
    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        for (k = 0; k < s->nwindows; k++) {
            const struct manifest_window *w = &s->windows[k];

            if (w->from >= w->to || (k > 0 && w->from < w[-1].to) || (w->events > 0 && w->file < 0))
                return err_set(e, ERR_FOREIGN, "%s: window %zu: out of order or without a file",
                               s->scope, k);
        }
    }
    return 0;
}

/* What cannot be read whole is a damaged state, not a damaged answer. */
static int call_damaged(struct err *e)
{
    if (e->code == ERR_UNTRUSTED)
        e->code = ERR_FOREIGN;
    return -1;
}

/* Read the published manifest, if there is one. */
static int load_base(struct journal *j, struct err *e)
{
    int ret;

    manifest_free(&j->base);
    hash_map_free(&j->base_names);
    memset(&j->base_names, 0, sizeof(j->base_names));
    j->base_sha256[0] = '\0';
    if (sys_dir_kind(j->root, MANIFEST_NAME) == SYS_MISSING)
        return 0;
    ret = manifest_load(&j->base, j->root, j->base_sha256, e);
    if (ret == 0 && check_base(&j->base, e) != 0)
        ret = err_wrap(e, "%s/%s", j->dir, MANIFEST_NAME);
    if (ret != 0 && call_damaged(e) != 0 && e->code == ERR_FOREIGN)
        (void)err_hint(e, "nothing shows which files here are azdal's: acquire into a new or empty "
                          "folder");
    return ret;
}

/* ---- the state of an unfinished run ---- */

/* Read the journal, if there is one, and cut off its torn end. `state`: an earlier run has left
 * more than the journal; then what it has fetched is not silently forgotten with it. */
static int load_journal(struct journal *j, int state, struct err *e)
{
    struct buf text = {0};
    size_t whole = 0;
    int ret = -1, missing = sys_dir_kind(j->root, JOURNAL_FILE) == SYS_MISSING;

    if (!missing && sys_dir_read(j->root, JOURNAL_FILE, JOURNAL_MAX_BYTES, &text, e) != 0) {
        (void)call_damaged(e);
        goto out;
    }
    /* A journal whose very first record was torn has nothing to lose. */
    if (state && (text.len == 0 || memchr(text.data, '\n', text.len) == NULL)) {
        (void)err_set(e, ERR_FOREIGN,
                      "%s: %s, so it is not known which parts of .partial are right", j->path,
                      missing         ? "missing"
                      : text.len == 0 ? "empty"
                                      : "its first record is incomplete");
        goto out;
    }
    if (text.len > 0 && memchr(text.data, '\n', text.len) != NULL &&
        journal_replay(j, buf_slice(&text), &whole, e) != 0) {
        (void)err_wrap(e, "%s", j->dir);
        goto out;
    }
    if (j->query.endpoint != NULL) {
        j->fd = sys_dir_file(j->root, JOURNAL_FILE, SYS_APPEND_OPEN, e);
        if (j->fd < 0 || sys_truncate(j->fd, whole, j->path, e) != 0 ||
            sys_seek(j->fd, whole, j->path, e) != 0)
            goto out;
    }
    ret = 0;
out:
    if (ret != 0 && e->code == ERR_FOREIGN)
        (void)err_hint(e, "azdal acquire --restart discards what .partial holds and fetches it all "
                          "again; keep a copy of .partial if it matters");
    buf_free(&text);
    return ret;
}

/* Whether the bytes of a window in an open segment have the digest that the journal names. */
static int check_window(const struct journal_window *w, int fd, const char *path, struct err *e)
{
    uint64_t end = w->w.offset + w->w.deflated;
    char hex[HASH_HEX_MAX];

    if (hash_part(fd, w->w.offset, w->w.deflated, path, hex, e) != 0)
        return -1;
    return strcmp(hex, w->sha256) == 0
               ? 0
               : err_set(e, ERR_FOREIGN,
                         "%s: bytes %llu to %llu do not have the digest that the journal names",
                         path, (unsigned long long)w->w.offset, (unsigned long long)end);
}

/* Read what a scope has in its segment. */
static int check_segment(struct journal *j, struct journal_scope *s, struct err *e)
{
    char *name = journal_segment_name(s);
    int ret = 0, lost = sys_dir_kind(j->root, name) == SYS_MISSING;
    size_t i;

    if (s->segment_size > 0 && lost)
        ret = err_set(e, ERR_FOREIGN, "%s/%s: missing, but the journal names it", j->dir, name);
    free(name);
    if (s->segment_size == 0 || ret != 0)
        return ret;
    if (journal_open_segment(j, s, e) != 0)
        return -1;
    for (i = 0; i < s->nwindows && ret == 0; i++) {
        if (sys_interrupted())
            ret = err_set(e, ERR_INTERRUPTED, "interrupted");
        else if (!s->windows[i].published && s->windows[i].w.deflated > 0)
            ret = check_window(&s->windows[i], s->segment.fd, s->segment.path, e);
    }
    segment_close(&s->segment);
    return ret;
}

/* What is continued is what was written. */
static int check_segments(struct journal *j, struct err *e)
{
    size_t i;
    int ret = 0;

    for (i = 0; i < j->nscopes && ret == 0; i++)
        ret = check_segment(j, &j->scopes[i], e);
    return ret;
}

/* ---- all of it ---- */

/* Files may be in place that no manifest names yet: that is put right first, also where all is to
 * be fetched anew. */
static int finish_publishing(struct journal *j, int restart, struct err *e)
{
    if (journal_roll_forward(j, e) == 0) {
        journal_state_forget(j);
        return folder_empty_partial(j->root, e) != 0 ? -1 : load_base(j, e);
    }
    /* Once files are in place, only the rest of them makes an export of it. */
    if (!restart || journal_publish_begun(j))
        return -1;
    journal_state_forget(j);
    return 0;
}

/* What journal_open does once it has the lock. */
static int look(struct journal *j, int restart, enum journal_found *found, struct err *e)
{
    int state;

    if (folder_check_partial(j->root, &state, e) != 0 || load_base(j, e) != 0)
        return -1;
    if (load_journal(j, state, e) != 0) {
        if (!restart)
            return -1;
        journal_state_forget(j);
    }
    if (j->npublish > 0 && finish_publishing(j, restart, e) != 0)
        return -1;
    /* Nothing is discarded where nothing can come in its place. */
    if (folder_check_names(j->root, j->base.schema == 0 ? NULL : &j->base, e) != 0)
        return -1;
    if (restart) {
        journal_state_forget(j);
        if (folder_empty_partial(j->root, e) != 0)
            return -1;
    }
    if ((!restart && j->base.schema != 0 &&
         verify_published(j->root, &j->base, j->base_sha256, e) != 0))
        return -1;
    if (j->query.endpoint != NULL && journal_state_has_windows(j)) {
        if (check_segments(j, e) != 0)
            return -1;
        journal_record_run(j);
        j->resumed = 1;
        *found = JOURNAL_UNFINISHED;
        return 0;
    }
    journal_state_forget(j);
    *found = j->base.schema != 0 && !restart ? JOURNAL_FINISHED : JOURNAL_NEW;
    return 0;
}

int journal_open(struct journal *j, const char *dir, int restart, enum journal_found *found,
                 struct err *e)
{
    memset(j, 0, sizeof(*j));
    j->lock_fd = -1;
    j->fd = -1;
    j->dir = mem_strdup(dir);
    j->path = folder_join(dir, JOURNAL_FILE);
    j->lock_path = folder_join(dir, JOURNAL_LOCK);
    if (open_root(j, e) != 0)
        goto fail;
    /* Nothing is created in a folder that holds somebody else's files. */
    if (sys_dir_kind(j->root, JOURNAL_FOLDER) == SYS_MISSING &&
        (load_base(j, e) != 0 ||
         folder_check_names(j->root, j->base.schema == 0 ? NULL : &j->base, e) != 0))
        goto fail;
    if (take_lock(j, e) != 0 || look(j, restart, found, e) != 0)
        goto fail;
    j->opened = 1;
    return 0;
fail:
    journal_close(j);
    return -1;
}
