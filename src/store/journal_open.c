/* How a run finds what is in DIR. The recovery is described on top of journal.c. */
#include "base/sys.h"
#include "export/verify_names.h"
#include "store/folder.h"
#include "store/journal.h"
#include "store/publish.h"
#include "store/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a journal: a million events make some 10,000 windows of 600 bytes. */
#define JOURNAL_MAX_BYTES (256U << 20)

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

/* What cannot be read whole is a damaged state, not a damaged answer. */
static int call_damaged(struct err *e)
{
    if (e->code == ERR_UNTRUSTED)
        e->code = ERR_FOREIGN;
    return -1;
}

/* Whether a text has the line, line feed included. */
static int has_line(struct slice text, const char *line)
{
    size_t len = strlen(line);

    while (text.len >= len) {
        const char *end = memchr(text.data, '\n', text.len);

        if (end == NULL)
            return 0;
        if (memcmp(text.data, line, len) == 0)
            return 1;
        text.len -= (size_t)(end + 1 - text.data);
        text.data = end + 1;
    }
    return 0;
}

/* What was changed or taken away since it was published is not carried on as if it were ours. */
static int check_sums(const struct journal *j, struct err *e)
{
    char *path = folder_join(j->dir, MANIFEST_SUMS_NAME, e);
    char line[HASH_HEX_MAX + sizeof("  " MANIFEST_NAME "\n")];
    struct buf text = {0};
    int ret = -1;

    if (path == NULL)
        return -1;
    (void)snprintf(line, sizeof(line), "%s  " MANIFEST_NAME "\n", j->base_sha256);
    if (sys_kind(path) != SYS_FILE)
        (void)err_set(e, ERR_FOREIGN, "%s: missing", path);
    else if (sys_read_file(path, VERIFY_SUMS_MAX, &text, e) != 0)
        (void)call_damaged(e);
    else if (!has_line(buf_slice(&text), line))
        (void)err_set(e, ERR_FOREIGN, "%s/%s: its SHA-256 is not the one in %s", j->dir,
                      MANIFEST_NAME, MANIFEST_SUMS_NAME);
    else
        ret = 0;
    buf_free(&text);
    free(path);
    return ret;
}

/* A file that the manifest names must be there. */
static int check_present(const struct journal *j, const char *name, struct err *e)
{
    char *path = folder_join(j->dir, name, e);
    int ret = 0;

    if (path == NULL)
        return -1;
    if (sys_kind(path) == SYS_MISSING)
        ret = err_set(e, ERR_FOREIGN, "%s: missing", path);
    free(path);
    return ret;
}

/* Whether the published export is as it was left. */
static int check_published(const struct journal *j, struct err *e)
{
    const struct manifest *m = &j->base;
    size_t i, k;

    if (check_sums(j, e) != 0 ||
        (m->assignments_file != NULL && check_present(j, m->assignments_file, e) != 0))
        return -1;
    for (i = 0; i < m->nscopes; i++) {
        for (k = 0; k < m->scopes[i].nfiles; k++) {
            if (check_present(j, m->scopes[i].files[k].path, e) != 0)
                return -1;
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
    ret = manifest_load(&j->base, j->dir, e);
    if (ret == 0 && check_base(&j->base, e) != 0)
        ret = err_wrap(e, "%s", path);
    if (ret != 0 && call_damaged(e) != 0 && e->code == ERR_FOREIGN)
        (void)err_hint(e, "nothing tells which files here are azdal's: acquire into a new or empty "
                          "folder");
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
    if (sys_read_file(j->path, JOURNAL_MAX_BYTES, &text, e) != 0) {
        (void)call_damaged(e);
        goto out;
    }
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
    if (folder_check(j->dir, j->base.schema == 0 ? NULL : &j->base, e) != 0 ||
        (!restart && j->base.schema != 0 && check_published(j, e) != 0))
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
