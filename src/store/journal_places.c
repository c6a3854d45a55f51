/* What is in the places of new files before they are published. See journal.c. */
#include "base/hash_map.h"
#include "base/mem.h"
#include "base/sys.h"
#include "store/folder.h"
#include "store/journal_impl.h"

#include <stdlib.h>
#include <string.h>

/* The files of the export before, by path. */
struct replaced {
    struct hash_map names;
    const char **digests; /* by the numbers of names; the manifest's */
    size_t n, cap;
};

static void add_replaced(struct replaced *r, const char *path, const char *sha256)
{
    hash_map_put(&r->names, slice_of(path), r->n);
    r->digests = mem_grow(r->digests, r->n, &r->cap, sizeof(*r->digests));
    r->digests[r->n++] = sha256;
}

static void find_replaced(struct replaced *r, const struct journal *j)
{
    const struct manifest *m = &j->base;
    struct manifest_names names = {0};

    if (m->schema == 0)
        return;
    add_replaced(r, MANIFEST_NAME, j->base_sha256);
    add_replaced(r, MANIFEST_SUMS_NAME, NULL); /* no digest of it is kept */
    while (manifest_next_name(m, &names))
        add_replaced(r, names.path, names.sha256);
}

/* Something else is in the way of a file. */
static int in_the_way(struct journal *j, const char *name, const char *what, struct err *e)
{
    (void)err_set(e, ERR_FOREIGN, "%s/%s: %s is in the place of a %s of the export", j->dir, name,
                  what, strcmp(what, "a file") == 0 ? "folder" : "file");
    return err_hint(e, "move it away, and run the same command again");
}

/* Check that the folders above a new file are folders, or not there yet. */
static int check_above(struct journal *j, const char *path, struct err *e)
{
    char *name = mem_strdup(path), *slash = name;
    int ret = 0;

    while (ret == 0 && (slash = strchr(slash, '/')) != NULL) {
        struct sys_facts f;

        *slash = '\0';
        sys_dir_look(j->root, name, &f);
        if (f.unseen != 0)
            ret = err_set_os(e, ERR_LOCAL, f.unseen, "look at %s/%s", j->dir, name);
        else if (f.kind != SYS_MISSING && f.kind != SYS_FOLDER)
            ret = in_the_way(j, name, "a file", e);
        *slash++ = '/';
    }
    free(name);
    return ret;
}

/* Check what is where a new file will be: nothing, or a file of the export before. `prove`: one
 * that still has its digest, or the new file's. */
static int check_place(struct journal *j, const struct journal_publish *f,
                       const struct replaced *before, int prove, struct err *e)
{
    size_t i = hash_map_get(&before->names, slice_of(f->path));
    const char *was = i < before->n ? before->digests[i] : NULL; /* HASH_MAP_NONE: no such file */
    enum sys_kind kind = sys_dir_kind(j->root, f->path);
    char hex[HASH_HEX_MAX];

    if (kind == SYS_MISSING)
        return check_above(j, f->path, e);
    if (kind != SYS_FILE)
        return in_the_way(j, f->path, kind == SYS_FOLDER ? "a folder" : "something else", e);
    if (i != HASH_MAP_NONE && (!prove || was == NULL))
        return 0;
    if (hash_below(j->root, f->path, hex, e) != 0)
        return -1;
    return strcmp(hex, f->sha256) == 0 || (was != NULL && strcmp(hex, was) == 0)
               ? 0
               : in_the_way(j, f->path, "a file that azdal did not write", e);
}

int journal_check_places(struct journal *j, const struct journal_publish *files, size_t n,
                         int prove, struct err *e)
{
    struct replaced before = {0};
    size_t i;
    int ret = 0;

    find_replaced(&before, j);
    for (i = 0; i < n && ret == 0; i++) {
        char *from = folder_join(JOURNAL_OUT, files[i].path);

        if (sys_dir_kind(j->root, from) == SYS_FILE)
            ret = check_place(j, &files[i], &before, prove, e);
        free(from);
    }
    hash_map_free(&before.names);
    free(before.digests);
    return ret;
}
