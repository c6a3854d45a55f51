#include "read/input.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/gzip_file.h"
#include "export/verify.h"
#include "read/input_list.h"

#include <stdlib.h>
#include <string.h>

/* Order of windows by their file and their place in it. */
static int by_place(const void *a, const void *b)
{
    const struct manifest_window *x = *(const struct manifest_window *const *)a;
    const struct manifest_window *y = *(const struct manifest_window *const *)b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The windows of a scope that have a file, in the order of the files and in each of its bytes; the
 * caller frees the array. */
static const struct manifest_window **sort_windows(const struct manifest_scope *s, size_t *n)
{
    const struct manifest_window **w = mem_zalloc(s->nwindows + 1, sizeof(*w));
    size_t i;

    *n = 0;
    for (i = 0; i < s->nwindows; i++) {
        if (s->windows[i].file >= 0)
            w[(*n)++] = &s->windows[i];
    }
    qsort(w, *n, sizeof(*w), by_place);
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
static void add_windows(struct input *in, size_t file, const struct manifest_window *const *w,
                        size_t n, int64_t since, int64_t until)
{
    uint64_t line = 1;
    size_t i;

    for (i = 0; i < n; i++) {
        int wanted = (since == 0 || w[i]->to > since) && (until == 0 || w[i]->from < until);
        struct input_part *p;

        if (wanted && w[i]->deflated > 0) {
            p = input_add_part(in, INPUT_FRAGMENT, file, NULL);
            p->fragment.offset = w[i]->offset;
            p->fragment.deflated = w[i]->deflated;
            p->fragment.plain = w[i]->plain;
            p->fragment.crc = w[i]->crc;
            p->first_line = line;
            p->lines = w[i]->events;
        }
        line += w[i]->events;
    }
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

/* One file of an export, its windows in the order of the file, and what of them is wanted. */
struct export_file {
    size_t export;
    const struct manifest_scope *scope;
    const struct manifest_file *file;
    const struct manifest_window *const *windows;
    size_t nwindows;
    int64_t since, until;
};

/* Add what of a file that is there is to be read. */
static void add_pieces(struct input *in, size_t file, const struct export_file *x)
{
    int64_t size = size_of(in->files[file].path);
    const char *why = NULL;

    if (!windows_fill(x->windows, x->nwindows, x->file->bytes))
        why = "the ledger in the manifest does not account for the whole file";
    else if (size > (int64_t)x->file->bytes)
        why = "is longer than the manifest says";
    if (why != NULL) {
        (void)input_add_part(in, INPUT_DAMAGE, file, why);
        (void)input_add_part(in, INPUT_WHOLE, file, NULL);
        return;
    }
    why = size < (int64_t)x->file->bytes ? "is shorter than the manifest says" : NULL;
    if (why != NULL)
        (void)input_add_part(in, INPUT_DAMAGE, file, why);
    add_windows(in, file, x->windows, x->nwindows, x->since, x->until);
}

/* One file that the manifest names. What is read of it is only what was exported when the whole
 * file has its digest; a file of which no window is wanted is left alone. */
static void add_export_file(struct input *in, const struct export_file *x)
{
    const char *folder = sys_dir_path(in->exports[x->export].dir);
    int missing = 0, fine;
    char *path = input_path_inside(folder, x->file->path, &missing);
    size_t before = in->nparts, file;

    fine = path != NULL;
    file = input_add_file(in, fine ? path : input_join(folder, x->file->path), 1);
    in->files[file].scope = x->scope->scope;
    in->files[file].export_index = (int)x->export;
    if (!fine) {
        (void)input_add_part(in, INPUT_DAMAGE, file,
                             missing ? "is missing, but the manifest names it"
                                     : "is not a plain file inside the export");
        return;
    }
    add_pieces(in, file, x);
    if (in->nparts != before || (x->since == 0 && x->until == 0))
        (void)input_add_part(in, INPUT_DIGEST, file, x->file->sha256);
}

/* All files of one scope. */
static void add_scope(struct input *in, struct export_file *x)
{
    const struct manifest_scope *s = x->scope;
    size_t n, at = 0, i;
    const struct manifest_window **w = sort_windows(s, &n);

    for (i = 0; i < s->nfiles; i++) {
        x->file = &s->files[i];
        x->windows = w + at;
        for (x->nwindows = 0; at < n && (size_t)w[at]->file == i; at++)
            x->nwindows++;
        add_export_file(in, x);
    }
    free(w);
}

/* Say what is wrong with the manifest and SHA256SUMS in themselves. */
static void add_doubts(struct input *in, size_t x, const char *sha256)
{
    const struct input_export *export = &in->exports[x];
    struct err why = {0};

    if (verify_manifest(export->dir, &export->manifest, sha256, &why) != 0)
        (void)input_add_part(in, INPUT_DAMAGE,
                             input_add_file(in, mem_strdup(sys_dir_path(export->dir)), 1), why.msg);
}

/* Say which scopes the export does not hold. */
static void add_gaps(struct input *in, size_t x)
{
    const struct manifest *m = &in->exports[x].manifest;
    size_t i;

    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];
        struct buf text = {0};

        if (strcmp(s->status, "complete") == 0)
            continue;
        buf_printf(&text, "scope %s is not whole in this export (%s%s%s)", s->scope, s->status,
                   s->error_code == NULL ? "" : ": ", s->error_code == NULL ? "" : s->error_code);
        (void)input_add_part(in, INPUT_WARNING,
                             input_add_file(in, mem_strdup(sys_dir_path(in->exports[x].dir)), 1),
                             text.data);
        buf_free(&text);
    }
}

void input_add_export(struct input *in, const struct input_export *export, const char *sha256,
                      int64_t since, int64_t until)
{
    size_t at = in->nexports, i;

    in->exports = mem_grow(in->exports, in->nexports, &in->cap_exports, sizeof(*in->exports));
    in->exports[in->nexports++] = *export;
    add_doubts(in, at, sha256);
    add_gaps(in, at);
    for (i = 0; i < in->exports[at].manifest.nscopes; i++) {
        struct export_file x = {.export = at,
                                .scope = &in->exports[at].manifest.scopes[i],
                                .since = since,
                                .until = until};

        add_scope(in, &x);
    }
}
