/* How new files get to their places, also after a crash half-way. See journal.c. */
#include "base/fault.h"
#include "base/hash_map.h"
#include "base/mem.h"
#include "base/sys.h"
#include "export/verify.h"
#include "store/folder.h"
#include "store/journal_impl.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the publish record names ---- */

/* Whether what is at a place has the digest of a file. */
static int check_at(struct journal *j, const struct journal_publish *f, const char *at,
                    struct err *e)
{
    char hex[HASH_HEX_MAX];

    if (hash_below(j->root, at, hex, e) != 0)
        return -1;
    return strcmp(hex, f->sha256) == 0
               ? 0
               : err_set(e, ERR_FOREIGN, "%s/%s: changed while it was published", j->dir, at);
}

/* Check one file: ready under .partial/out, or in place already, with its digest. */
static int check_digest(struct journal *j, const struct journal_publish *f, struct err *e)
{
    char *from = folder_join(JOURNAL_OUT, f->path);
    const char *at = sys_dir_kind(j->root, from) != SYS_MISSING ? from : f->path;
    int ret = sys_dir_kind(j->root, at) == SYS_FILE
                  ? check_at(j, f, at, e)
                  : err_set(e, ERR_FOREIGN, "%s/%s: lost while it was published", j->dir, f->path);

    free(from);
    return ret;
}

/* Rename one file into place. A run that finds a record may find it there already. */
static int put_in_place(struct journal *j, const struct journal_publish *f, int again,
                        struct err *e)
{
    char *from = folder_join(JOURNAL_OUT, f->path);
    int ret = 0;

    if (!again || sys_dir_kind(j->root, from) != SYS_MISSING)
        ret = folder_make_above(j->root, f->path, e) != 0
                  ? -1
                  : sys_dir_rename(j->root, from, f->path, e);
    FAULT("renamed");
    free(from);
    return ret;
}

/* Note a file of the export before if the new one does not have it. */
static void add_stale(struct journal *j, const char *path, const char *sha256,
                      const struct hash_map *files)
{
    struct journal_publish *f;

    if (hash_map_get(files, slice_of(path)) != HASH_MAP_NONE)
        return;
    j->stale = mem_grow(j->stale, j->nstale, &j->stale_cap, sizeof(*j->stale));
    f = &j->stale[j->nstale++];
    f->path = mem_strdup(path);
    memcpy(f->sha256, sha256, HASH_HEX_MAX);
}

/* Note the views of the export before that are still as SHA256SUMS says: they show what was. */
static void add_views(struct journal *j, const struct hash_map *files)
{
    char hex[HASH_HEX_MAX];
    size_t i;

    for (i = 0; manifest_views[i] != NULL; i++) {
        if (folder_sums_name(j->root, manifest_views[i], hex))
            add_stale(j, manifest_views[i], hex, files);
    }
}

/* Find the files of the export before that the new one does not have. */
static void find_stale(struct journal *j, const struct journal_publish *files, size_t n)
{
    const struct manifest *m = &j->base;
    struct manifest_names old = {0};
    struct hash_map names = {0};
    size_t i;

    for (i = 0; i < n; i++)
        hash_map_put(&names, slice_of(files[i].path), i);
    while (manifest_next_name(m, &old)) {
        if (old.sha256 != NULL)
            add_stale(j, old.path, old.sha256, &names);
    }
    if (m->schema != 0)
        add_views(j, &names);
    hash_map_free(&names);
}

int journal_check_publish(const struct journal *j, struct err *e)
{
    const struct journal_publish *f = j->publish;
    struct hash_map names = {0};
    size_t n = j->npublish, i;
    int twice = 0;

    if (n < 2 || strcmp(f[n - 1].path, MANIFEST_NAME) != 0 ||
        strcmp(f[n - 2].path, MANIFEST_SUMS_NAME) != 0)
        return err_set(e, ERR_FOREIGN, "journal: bad publish record: it does not end in %s and %s",
                       MANIFEST_SUMS_NAME, MANIFEST_NAME);
    for (i = 0; i < n + j->nstale; i++) {
        const char *path = i < n ? f[i].path : j->stale[i - n].path;

        twice |= hash_map_get(&names, slice_of(path)) != HASH_MAP_NONE;
        hash_map_put(&names, slice_of(path), i);
    }
    hash_map_free(&names);
    return twice ? err_set(e, ERR_FOREIGN, "journal: bad publish record: one file twice") : 0;
}

/* Whether a file of the manifest is among those that are published, with its digest. */
static int is_published(const struct journal *j, const struct hash_map *names, const char *path,
                        const char *sha256)
{
    size_t i = hash_map_get(names, slice_of(path));

    return i != HASH_MAP_NONE && (sha256 == NULL || strcmp(j->publish[i].sha256, sha256) == 0);
}

/* Whether no file has left .partial/out yet. */
static int is_all_ready(struct journal *j)
{
    int ready = 1;
    size_t i;

    for (i = 0; i < j->npublish && ready; i++) {
        char *from = folder_join(JOURNAL_OUT, j->publish[i].path);

        ready = sys_dir_kind(j->root, from) == SYS_FILE;
        free(from);
    }
    return ready;
}

/* Check that what is published is the whole of a manifest that answers the query; and, before the
 * export that is there is touched, that it is one that can be carried on. */
static int check_manifest(struct journal *j, struct err *e)
{
    int ready = sys_dir_kind(j->root, JOURNAL_OUT "/" MANIFEST_NAME) == SYS_FILE;
    struct err why = {0};
    struct sys_dir *out = ready ? sys_dir_open_below(j->root, JOURNAL_OUT, &why) : NULL;
    struct manifest_names named = {0};
    struct hash_map names = {0};
    struct manifest m = {0};
    char hex[HASH_HEX_MAX];
    size_t n = 2, i;
    int fits = 0, ret = 0;

    for (i = 0; i < j->npublish; i++)
        hash_map_put(&names, slice_of(j->publish[i].path), i);
    if (why.code == 0 && manifest_load(&m, ready ? out : j->root, hex, &why) == 0)
        fits = strcmp(hex, j->publish[j->npublish - 1].sha256) == 0 && m.since == j->query.since &&
               m.until == j->query.until && strcmp(m.endpoint, j->query.endpoint) == 0;
    for (; manifest_next_name(&m, &named); n++)
        fits &= is_published(j, &names, named.path, named.sha256);
    if (!fits || n != j->npublish)
        ret = err_set(e, ERR_FOREIGN,
                      "%s: its publish record is not the whole of the manifest that it names%s%s",
                      j->path, why.code != 0 ? ": " : "", why.code != 0 ? why.msg : "");
    else if (ready && is_all_ready(j))
        ret = verify_published(out, &m, hex, e);
    hash_map_free(&names);
    manifest_free(&m);
    sys_dir_close(out);
    return ret;
}

/* ---- folders ---- */

/* Folders that have to be made durable, each once. */
struct folders {
    char **names; /* owned; below DIR */
    size_t n, cap;
};

static void folders_free(struct folders *l)
{
    size_t i;

    for (i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
}

/* Add one; it may be there already. */
static void add_folder(struct folders *l, const char *name, size_t len)
{
    const struct slice s = {name, len};

    if (l->n > 0 && slice_equals(s, l->names[l->n - 1]))
        return;
    l->names = mem_grow(l->names, l->n, &l->cap, sizeof(*l->names));
    l->names[l->n++] = slice_dup(s);
}

/* Add every folder from `top` down to the one that holds top/path. */
static void add_chain(struct folders *l, const char *top, const char *path)
{
    char *full = *top == '\0' ? mem_strdup(path) : folder_join(top, path);
    const char *p = full + strlen(top);

    add_folder(l, top, strlen(top));
    while ((p = strchr(p + 1, '/')) != NULL)
        add_folder(l, full, (size_t)(p - full));
    free(full);
}

/* For qsort: the deepest of a chain first, so that a folder is durable before its name is. */
static int compare_folders(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*y, *x);
}

/* Sync each of them once. */
static int sync_folders(struct journal *j, struct folders *l, struct err *e)
{
    size_t i;

    if (l->n > 0)
        qsort(l->names, l->n, sizeof(*l->names), compare_folders);
    for (i = 0; i < l->n; i++) {
        if (i > 0 && strcmp(l->names[i], l->names[i - 1]) == 0)
            continue;
        if (sys_dir_sync(j->root, l->names[i], e) != 0)
            return -1;
        FAULT("folder-synced");
    }
    return 0;
}

/* Make the names of files below DIR/top durable, and those of the folders between. */
static int sync_chains(struct journal *j, const char *top, const struct journal_publish *files,
                       size_t n, struct err *e)
{
    struct folders l = {0};
    size_t i;
    int ret;

    for (i = 0; i < n; i++)
        add_chain(&l, top, files[i].path);
    ret = sync_folders(j, &l, e);
    folders_free(&l);
    return ret;
}

/* Whether a file in DIR is the one that a record names: only then it is removed. -1 where it cannot
 * be read. */
static int is_as_named(struct journal *j, const struct journal_publish *f, struct err *e)
{
    char hex[HASH_HEX_MAX];

    if (sys_dir_kind(j->root, f->path) != SYS_FILE)
        return 0;
    return hash_below(j->root, f->path, hex, e) != 0 ? -1 : strcmp(hex, f->sha256) == 0;
}

/* Remove one file, and the folders that it leaves empty; *l gets the one that stays. What is not as
 * it was is left for verify to report. */
static int remove_one(struct journal *j, const struct journal_publish *f, struct folders *l,
                      struct err *e)
{
    char *name = mem_strdup(f->path), *slash;
    struct err ignored;
    int ret = is_as_named(j, f, e);

    if (ret > 0)
        ret = sys_dir_remove(j->root, name, e);
    while (ret == 0 && (slash = strrchr(name, '/')) != NULL) {
        *slash = '\0';
        if (sys_dir_kind(j->root, name) != SYS_MISSING &&
            sys_dir_remove_folder(j->root, name, &ignored) != 0)
            break;
    }
    if (ret == 0 && sys_dir_kind(j->root, name) == SYS_FOLDER)
        add_folder(l, name, strlen(name));
    else
        add_folder(l, "", 0);
    free(name);
    return ret;
}

/* Remove the files of the export before; .partial must not be gone before they are. */
static int remove_stale(struct journal *j, struct err *e)
{
    struct folders l = {0};
    int ret = 0;
    size_t i;

    for (i = 0; i < j->nstale && ret == 0; i++) {
        ret = remove_one(j, &j->stale[i], &l, e);
        FAULT("stale-removed");
    }
    if (ret == 0)
        ret = sync_folders(j, &l, e);
    folders_free(&l);
    return ret;
}

/* Rename what is named, the last one last, and remove what is stale. */
static int put_all_in_place(struct journal *j, int again, struct err *e)
{
    size_t last = j->npublish - 1, i;

    for (i = 0; i < last; i++) {
        if (put_in_place(j, &j->publish[i], again, e) != 0)
            return -1;
    }
    if (sync_chains(j, "", j->publish, j->npublish, e) != 0)
        return -1;
    /* What the manifest names is there as it was read: only then it takes its place. */
    for (i = 0; i < last; i++) {
        if (check_at(j, &j->publish[i], j->publish[i].path, e) != 0)
            return -1;
    }
    if (put_in_place(j, &j->publish[last], again, e) != 0 || sys_dir_sync(j->root, "", e) != 0 ||
        check_at(j, &j->publish[last], j->publish[last].path, e) != 0)
        return -1;
    return remove_stale(j, e);
}

int journal_roll_forward(struct journal *j, struct err *e)
{
    size_t i;

    for (i = 0; i < j->npublish; i++) {
        if (check_digest(j, &j->publish[i], e) != 0)
            return -1;
    }
    for (i = 0; i < j->nstale; i++) {
        int same = is_as_named(j, &j->stale[i], e);

        if (same < 0)
            return -1;
        if (!same && sys_dir_kind(j->root, j->stale[i].path) != SYS_MISSING)
            return err_set(e, ERR_FOREIGN,
                           "%s/%s: to be removed, but it is not the file that the record names",
                           j->dir, j->stale[i].path);
    }
    return check_manifest(j, e) != 0 || journal_check_places(j, j->publish, j->npublish, 1, e) != 0
               ? -1
               : put_all_in_place(j, 1, e);
}

int journal_publish_begun(struct journal *j)
{
    struct err ignored;
    int begun = 0;
    size_t i;

    for (i = 0; i < j->npublish && !begun; i++) {
        char *from = folder_join(JOURNAL_OUT, j->publish[i].path);

        begun = sys_dir_kind(j->root, from) == SYS_MISSING &&
                is_as_named(j, &j->publish[i], &ignored) > 0;
        free(from);
    }
    return begun;
}

int journal_publish(struct journal *j, const struct journal_publish *files, size_t n, struct err *e)
{
    size_t i;

    if (journal_check_places(j, files, n, 0, e) != 0 ||
        sync_chains(j, JOURNAL_OUT, files, n, e) != 0)
        return -1;
    find_stale(j, files, n);
    journal_record_publish(j, files, n);
    if (journal_commit(j, e) != 0)
        return -1;
    j->publish = mem_zalloc(n, sizeof(*j->publish));
    for (i = 0; i < n; i++) {
        j->publish[i] = files[i];
        j->publish[i].path = mem_strdup(files[i].path);
    }
    j->npublish = n;
    FAULT("publish-noted");
    return put_all_in_place(j, 0, e);
}
