#include "store/folder.h"

#include "base/buf.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Folders inside an export: scope=/date=/file is the deepest. */
#define FOLDER_DEPTH_MAX 4

/* A walk through DIR. */
struct search {
    const char *dir;
    const struct manifest *m;
    struct buf below; /* path of the current folder below dir, with '/' at its end, or empty */
    int depth;
    struct err *e;
};

char *folder_join(const char *dir, const char *name, struct err *e)
{
    struct buf b = {0};

    if (buf_printf(&b, "%s/%s", dir, name) != 0) {
        buf_free(&b);
        (void)err_memory(e, dir);
    }
    return b.data;
}

/* Whether the export that m describes has this file. */
static int is_ours(const struct manifest *m, const char *path)
{
    size_t i, k;

    if (strcmp(path, MANIFEST_NAME) == 0 || strcmp(path, MANIFEST_SUMS_NAME) == 0 ||
        manifest_is_view(path))
        return 1;
    if (m == NULL)
        return 0;
    if (m->assignments_file != NULL && strcmp(path, m->assignments_file) == 0)
        return 1;
    for (i = 0; i < m->nscopes; i++) {
        for (k = 0; k < m->scopes[i].nfiles; k++) {
            if (strcmp(path, m->scopes[i].files[k].path) == 0)
                return 1;
        }
    }
    return 0;
}

/* Look at one entry; nonzero ends the walk with an error. */
static int check_entry(const char *name, enum sys_kind kind, void *arg)
{
    struct search *s = arg;
    size_t before = s->below.len;
    char *full = NULL;
    int ret = -1;

    if (before == 0 && strcmp(name, ".partial") == 0)
        return 0;
    if (buf_puts(&s->below, name) != 0 || buf_terminate(&s->below) != 0) {
        (void)err_memory(s->e, s->dir);
        goto out;
    }
    if (kind == SYS_FOLDER && s->depth < FOLDER_DEPTH_MAX) {
        full = folder_join(s->dir, s->below.data, s->e);
        if (full == NULL)
            goto out;
        if (buf_putc(&s->below, '/') != 0) {
            (void)err_memory(s->e, s->dir);
            goto out;
        }
        s->depth++;
        ret = sys_list(full, check_entry, s, s->e);
        s->depth--;
    } else if (kind == SYS_FILE && is_ours(s->m, s->below.data)) {
        ret = 0;
    } else {
        (void)err_set(s->e, ERR_FOREIGN, "%s: holds %s, which azdal did not write", s->dir,
                      s->below.data);
        (void)err_hint(s->e, "acquire into a new or empty folder");
    }
out:
    free(full);
    s->below.len = before;
    return ret;
}

int folder_check(const char *dir, const struct manifest *m, struct err *e)
{
    struct search s = {dir, m, {0}, 0, e};
    enum sys_kind kind = sys_kind(dir);
    int ret;

    if (kind == SYS_MISSING)
        return 0;
    ret = sys_list(dir, check_entry, &s, e);
    buf_free(&s.below);
    return ret == 0 ? 0 : -1;
}

int folder_is_inside(const char *path)
{
    const char *p = path;

    if (strchr(path, '\\') != NULL)
        return 0;
    for (;;) {
        size_t n = strcspn(p, "/");

        if (n == 0 || p[0] == '.')
            return 0;
        if (p[n] == '\0')
            return 1;
        p += n + 1;
    }
}

/* A folder that is being deleted. */
struct deletion {
    const char *path;
    const char *keep; /* an entry that stays, or NULL */
    struct err *e;
};

/* Delete one entry. */
static int delete_entry(const char *name, enum sys_kind kind, void *arg)
{
    struct deletion *d = arg;
    char *full;
    int ret;

    if (d->keep != NULL && strcmp(name, d->keep) == 0)
        return 0;
    full = folder_join(d->path, name, d->e);
    if (full == NULL)
        return -1;
    ret = kind == SYS_FOLDER ? folder_delete(full, d->e) : sys_remove(full, d->e);
    free(full);
    return ret;
}

int folder_delete_but(const char *path, const char *keep, struct err *e)
{
    struct deletion d = {path, keep, e};

    return sys_list(path, delete_entry, &d, e) != 0 ? -1 : 0;
}

int folder_delete(const char *path, struct err *e)
{
    if (sys_kind(path) == SYS_MISSING)
        return 0;
    return folder_delete_but(path, NULL, e) != 0 ? -1 : sys_remove_folder(path, e);
}

int folder_make_above(const char *dir, const char *path, struct err *e)
{
    const char *slash = path;

    while ((slash = strchr(slash, '/')) != NULL) {
        struct buf b = {0};
        int ret;

        if (buf_printf(&b, "%s/%.*s", dir, (int)(slash - path), path) != 0) {
            buf_free(&b);
            return err_memory(e, path);
        }
        ret = sys_mkdir(b.data, e);
        buf_free(&b);
        if (ret != 0)
            return -1;
        slash++;
    }
    return 0;
}
