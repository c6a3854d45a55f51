#include "store/publish.h"

#include "base/fault.h"
#include "base/sys.h"
#include "store/folder.h"
#include "store/record.h"

#include <stdlib.h>
#include <string.h>

/* Rename one file into place, or check that it is there already. */
static int put_in_place(struct journal *j, const struct journal_publish *f, struct err *e)
{
    char hex[HASH_HEX_MAX], *from = NULL, *to = NULL;
    struct buf name = {0};
    int ret = -1;

    if (buf_printf(&name, "out/%s", f->path) != 0) {
        (void)err_memory(e, f->path);
        goto out;
    }
    from = folder_join(j->folder, name.data, e);
    to = folder_join(j->dir, f->path, e);
    if (from == NULL || to == NULL)
        goto out;
    if (sys_kind(from) == SYS_FILE) {
        ret = folder_make_above(j->dir, f->path, e) != 0 ? -1 : sys_rename(from, to, e);
    } else if (sys_kind(to) != SYS_FILE) {
        (void)err_set(e, ERR_FOREIGN, "%s: lost while it was published", to);
    } else if (hash_file(to, hex, e) == 0) {
        ret = strcmp(hex, f->sha256) == 0
                  ? 0
                  : err_set(e, ERR_FOREIGN, "%s: changed while it was published", to);
    }
    FAULT("renamed");
out:
    buf_free(&name);
    free(from);
    free(to);
    return ret;
}

/* Note a file of the export before if the new one does not have it. */
static int add_stale(struct journal *j, const char *path, const struct journal_publish *files,
                     size_t n, struct err *e)
{
    char **grown;
    size_t f;

    for (f = 0; f < n && strcmp(files[f].path, path) != 0; f++)
        ;
    if (f < n)
        return 0;
    grown = realloc(j->stale, (j->nstale + 1) * sizeof(*grown));
    if (grown == NULL)
        return err_memory(e, path);
    j->stale = grown;
    grown[j->nstale] = slice_dup(slice_of(path));
    if (grown[j->nstale] == NULL)
        return err_memory(e, path);
    j->nstale++;
    return 0;
}

/* Find the files of the export before that the new one does not have. */
static int find_stale(struct journal *j, const struct journal_publish *files, size_t n,
                      struct err *e)
{
    size_t i, k;

    for (i = 0; i < j->base.nscopes; i++) {
        for (k = 0; k < j->base.scopes[i].nfiles; k++) {
            if (add_stale(j, j->base.scopes[i].files[k].path, files, n, e) != 0)
                return -1;
        }
    }
    return j->base.assignments_file == NULL ? 0
                                            : add_stale(j, j->base.assignments_file, files, n, e);
}

/* ---- folders ---- */

/* Folders that have to be made durable, each once. */
struct folders {
    char **paths; /* owned */
    size_t n;
};

static void folders_free(struct folders *l)
{
    size_t i;

    for (i = 0; i < l->n; i++)
        free(l->paths[i]);
    free(l->paths);
}

/* Add one; it may be there already. */
static int add_folder(struct folders *l, const char *path, size_t len, struct err *e)
{
    const struct slice s = {path, len};
    char **grown;

    grown = realloc(l->paths, (l->n + 1) * sizeof(*grown));
    if (grown == NULL)
        return err_memory(e, "folders");
    l->paths = grown;
    grown[l->n] = slice_dup(s);
    if (grown[l->n] == NULL)
        return err_memory(e, "folders");
    l->n++;
    return 0;
}

/* Add every folder from DIR down to the one that holds a file. */
static int add_chain(struct folders *l, const char *dir, const char *path, struct err *e)
{
    char *full = folder_join(dir, path, e), *p;
    int ret = full == NULL ? -1 : 0;

    for (p = full == NULL ? NULL : full + strlen(dir); ret == 0 && p != NULL;
         p = strchr(p + 1, '/'))
        ret = add_folder(l, full, (size_t)(p - full), e);
    free(full);
    return ret;
}

/* For qsort: the deepest of a chain first, so that a folder is durable before its name is. */
static int compare_folders(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*y, *x);
}

/* Sync each of them once. */
static int sync_folders(struct folders *l, struct err *e)
{
    size_t i;

    if (l->n > 0)
        qsort(l->paths, l->n, sizeof(*l->paths), compare_folders);
    for (i = 0; i < l->n; i++) {
        if (i > 0 && strcmp(l->paths[i], l->paths[i - 1]) == 0)
            continue;
        if (sys_sync_folder(l->paths[i], e) != 0)
            return -1;
        FAULT("folder-synced");
    }
    return 0;
}

/* Make the names of files below `dir` durable, and those of the folders between. */
static int sync_chains(const char *dir, const struct journal_publish *files, size_t n,
                       struct err *e)
{
    struct folders l = {0};
    size_t i;
    int ret = 0;

    for (i = 0; i < n && ret == 0; i++)
        ret = add_chain(&l, dir, files[i].path, e);
    if (ret == 0)
        ret = sync_folders(&l, e);
    folders_free(&l);
    return ret;
}

/* Remove one file, and the folders that it leaves empty; *l gets the one that stays. */
static int remove_one(struct journal *j, const char *path, struct folders *l, struct err *e)
{
    char *full = folder_join(j->dir, path, e), *slash;
    struct err ignored;
    int ret;

    if (full == NULL)
        return -1;
    ret = sys_remove(full, e);
    while (ret == 0 && (slash = strrchr(full + strlen(j->dir), '/')) != NULL) {
        *slash = '\0';
        if (slash == full + strlen(j->dir) ||
            (sys_kind(full) != SYS_MISSING && sys_remove_folder(full, &ignored) != 0))
            break;
    }
    if (ret == 0)
        ret = add_folder(l, full, strlen(full), e);
    free(full);
    return ret;
}

/* Remove the files of the export before; .partial must not be gone before they are. */
static int remove_stale(struct journal *j, struct err *e)
{
    struct folders l = {0};
    int ret = 0;
    size_t i;

    for (i = 0; i < j->nstale && ret == 0; i++) {
        ret = remove_one(j, j->stale[i], &l, e);
        FAULT("stale-removed");
    }
    if (ret == 0)
        ret = sync_folders(&l, e);
    folders_free(&l);
    return ret;
}

int publish_roll_forward(struct journal *j, struct err *e)
{
    size_t i;

    for (i = 0; i < j->npublish; i++) {
        if (i + 1 == j->npublish && sync_chains(j->dir, j->publish, j->npublish, e) != 0)
            return -1;
        if (put_in_place(j, &j->publish[i], e) != 0)
            return -1;
    }
    return sys_sync_folder(j->dir, e) != 0 ? -1 : remove_stale(j, e);
}

int journal_publish(struct journal *j, const struct journal_publish *files, size_t n, struct err *e)
{
    char *out = folder_join(j->folder, "out", e);
    int ret = out == NULL ? -1 : sync_chains(out, files, n, e);
    size_t i;

    free(out);
    if (ret != 0 || find_stale(j, files, n, e) != 0 || record_put_publish(j, files, n, e) != 0 ||
        journal_commit(j, e) != 0)
        return -1;
    j->publish = calloc(n, sizeof(*j->publish));
    if (j->publish == NULL)
        return err_memory(e, "publish");
    for (i = 0; i < n; i++) {
        j->publish[i] = files[i];
        j->publish[i].path = slice_dup(slice_of(files[i].path));
        if (j->publish[i].path == NULL)
            return err_memory(e, "publish");
        j->npublish++;
    }
    FAULT("publish-noted");
    return publish_roll_forward(j, e);
}
