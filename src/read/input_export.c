#include "read/input.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/gzip_file.h"
#include "read/input_list.h"

#include <stdlib.h>
#include <string.h>

/* Order of windows by their place in the file. */
static int by_offset(const void *a, const void *b)
{
    const struct manifest_window *x = *(const struct manifest_window *const *)a;
    const struct manifest_window *y = *(const struct manifest_window *const *)b;

    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The windows of one file of a scope in the order of the file; the caller frees the array. */
static const struct manifest_window **windows_of(const struct manifest_scope *s, size_t file,
                                                 size_t *n)
{
    const struct manifest_window **w = calloc(s->nwindows + 1, sizeof(*w));
    size_t i;

    *n = 0;
    for (i = 0; w != NULL && i < s->nwindows; i++) {
        if (s->windows[i].file >= 0 && (size_t)s->windows[i].file == file)
            w[(*n)++] = &s->windows[i];
    }
    if (w != NULL)
        qsort(w, *n, sizeof(*w), by_offset);
    return w;
}

/* Whether the windows lie one behind the other and fill a file of `bytes`. */
static int windows_fill(const struct manifest_window *const *w, size_t n, uint64_t bytes)
{
    uint64_t at = GZIP_FILE_HEADER;
    size_t i;

    for (i = 0; i < n; i++) {
        if (w[i]->offset != at || w[i]->deflated > bytes)
            return 0;
        at += w[i]->deflated;
    }
    return at + GZIP_FILE_TRAILER == bytes;
}

/* Add the windows of a file that touch [since, until). */
static int add_windows(struct input *in, size_t file, const struct manifest_window *const *w,
                       size_t n, int64_t since, int64_t until, struct err *e)
{
    uint64_t line = 1;
    size_t i;

    for (i = 0; i < n; i++) {
        int wanted = (since == 0 || w[i]->to > since) && (until == 0 || w[i]->from < until);
        struct input_part *p;

        if (wanted && w[i]->deflated > 0) {
            p = input_add_part(in, INPUT_FRAGMENT, file, NULL, e);
            if (p == NULL)
                return -1;
            p->fragment.offset = w[i]->offset;
            p->fragment.deflated = w[i]->deflated;
            p->fragment.plain = w[i]->plain;
            p->fragment.crc = w[i]->crc;
            p->first_line = line;
            p->lines = w[i]->events;
        }
        line += w[i]->events;
    }
    return 0;
}

/* Size of a file, or -1. */
static int64_t size_of(const char *path)
{
    struct err ignored;
    uint64_t size = 0;
    int fd = sys_open_inside(path, &ignored), ok;

    if (fd < 0)
        return -1;
    ok = sys_file_size(fd, &size, path, &ignored) == 0;
    (void)sys_close(fd, path, &ignored);
    return ok ? (int64_t)size : -1;
}

/* One file that the manifest names. */
static int add_export_file(struct input *in, size_t x, const struct manifest_scope *s, size_t i,
                           int64_t since, int64_t until, struct err *e)
{
    const struct manifest_file *mf = &s->files[i];
    const struct manifest_window **w;
    size_t n;
    int missing = 0, ret = -1;
    char *path = input_path_inside(sys_dir_path(in->exports[x].dir), mf->path, &missing);
    int fine = path != NULL;
    long file = input_add_file(
        in, fine ? path : input_join(sys_dir_path(in->exports[x].dir), mf->path), 1, e);
    int64_t size;

    if (file < 0)
        return -1;
    in->files[file].scope = s->scope;
    in->files[file].export_index = (int)x;
    if (!fine)
        return input_add_text(in, INPUT_DAMAGE, (size_t)file,
                              missing ? "is missing, but the manifest names it"
                                      : "is no plain file inside the export",
                              e);
    w = windows_of(s, i, &n);
    if (w == NULL)
        return err_memory(e, "inputs");
    size = size_of(path);
    if (!windows_fill(w, n, mf->bytes)) {
        ret = input_add_text(in, INPUT_DAMAGE, (size_t)file,
                             "the ledger in the manifest does not account for the whole file", e);
        if (ret == 0)
            ret = input_add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
    } else if (size > (int64_t)mf->bytes) {
        ret = input_add_text(in, INPUT_DAMAGE, (size_t)file, "is longer than the manifest says", e);
        if (ret == 0)
            ret = input_add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
    } else {
        if (size < (int64_t)mf->bytes &&
            input_add_text(in, INPUT_DAMAGE, (size_t)file, "is shorter than the manifest says",
                           e) != 0)
            goto out;
        ret = add_windows(in, (size_t)file, w, n, since, until, e);
    }
out:
    free(w);
    return ret;
}

/* Say which scopes the export does not hold. */
static int add_gaps(struct input *in, size_t x, struct err *e)
{
    const struct manifest *m = &in->exports[x].manifest;
    size_t i;

    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];
        struct buf text = {0};
        long file;
        int ret;

        if (strcmp(s->status, "complete") == 0)
            continue;
        file = input_add_file(in, slice_dup(slice_of(sys_dir_path(in->exports[x].dir))), 1, e);
        if (file < 0)
            return -1;
        ret = buf_printf(&text, "scope %s is not whole in this export (%s%s%s)", s->scope,
                         s->status, s->error_code == NULL ? "" : ": ",
                         s->error_code == NULL ? "" : s->error_code) != 0
                  ? err_memory(e, "inputs")
                  : input_add_text(in, INPUT_WARNING, (size_t)file, text.data, e);
        buf_free(&text);
        if (ret != 0)
            return -1;
    }
    return 0;
}

/* Add an export whose manifest was read; m becomes the input's. */
int input_add_export(struct input *in, struct sys_dir *dir, struct manifest *m, int64_t since,
                     int64_t until, struct err *e)
{
    size_t at = in->nexports, i, k;

    in->exports = mem_grow(in->exports, in->nexports, &in->cap_exports, sizeof(*in->exports));
    in->nexports++;
    in->exports[at].dir = dir;
    in->exports[at].manifest = *m;
    if (add_gaps(in, at, e) != 0)
        return -1;
    for (i = 0; i < in->exports[at].manifest.nscopes; i++) {
        const struct manifest_scope *s = &in->exports[at].manifest.scopes[i];

        for (k = 0; k < s->nfiles; k++) {
            if (add_export_file(in, at, s, k, since, until, e) != 0)
                return -1;
        }
    }
    return 0;
}
