#include "read/input.h"

#include "base/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a published file before its first fragment (gzip header) and behind its last (an empty
 * block, CRC-32, length). */
#define FILE_HEAD 10U
#define FILE_TAIL 10U

/* Make room for one more element of an array. Returns the array or NULL. */
static void *grow(void *array, size_t n, size_t *cap, size_t size)
{
    size_t more = *cap == 0 ? 8 : *cap * 2;
    void *p;

    if (n < *cap)
        return array;
    if (more > SIZE_MAX / size)
        return NULL;
    p = realloc(array, more * size);
    if (p != NULL)
        *cap = more;
    return p;
}

/* Add a file; path becomes the input's, also on failure. Returns its index or -1. */
static long add_file(struct input *in, char *path, int found, struct err *e)
{
    struct input_file *f;

    f = path == NULL ? NULL : grow(in->files, in->nfiles, &in->cap_files, sizeof(*f));
    if (f == NULL) {
        free(path);
        return err_memory(e, "inputs");
    }
    in->files = f;
    f = &in->files[in->nfiles];
    memset(f, 0, sizeof(*f));
    f->path = path;
    f->export_index = -1;
    f->found = found;
    return (long)in->nfiles++;
}

/* Add a part of the file. text (may be NULL) is copied. */
static struct input_part *add_part(struct input *in, enum input_kind kind, size_t file,
                                   const char *text, struct err *e)
{
    struct input_part *p = grow(in->parts, in->nparts, &in->cap_parts, sizeof(*p));

    if (p == NULL) {
        (void)err_memory(e, "inputs");
        return NULL;
    }
    in->parts = p;
    p = &in->parts[in->nparts];
    memset(p, 0, sizeof(*p));
    p->kind = kind;
    p->file = file;
    p->first_line = 1;
    if (text != NULL && (p->text = slice_dup(slice_of(text))) == NULL) {
        (void)err_memory(e, "inputs");
        return NULL;
    }
    in->nparts++;
    return p;
}

/* Something to tell about a file. */
static int add_text(struct input *in, enum input_kind kind, size_t file, const char *text,
                    struct err *e)
{
    return add_part(in, kind, file, text, e) == NULL ? -1 : 0;
}

/* "FOLDER/NAME"; the caller frees it. */
static char *join(const char *folder, const char *name)
{
    size_t n = strlen(folder);
    struct buf b = {0};

    if (buf_printf(&b, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name) != 0)
        return NULL;
    return b.data;
}

char *input_path_inside(const char *folder, const char *relative, int *missing)
{
    struct buf path = {0};
    const char *p = relative;
    enum sys_kind kind = SYS_OTHER;

    *missing = 0;
    if (*p == '\0' || strpbrk(p, "\\:") != NULL || buf_puts(&path, folder) != 0)
        return NULL;
    while (path.len > 1 && path.data[path.len - 1] == '/')
        path.len--;
    for (;;) {
        size_t n = strcspn(p, "/");

        if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.') ||
            buf_printf(&path, "/%.*s", (int)n, p) != 0)
            break;
        kind = sys_kind(path.data);
        if (p[n] == '\0') {
            if (kind == SYS_FILE)
                return path.data;
            break;
        }
        if (kind != SYS_FOLDER)
            break;
        p += n + 1;
    }
    *missing = kind == SYS_MISSING;
    buf_free(&path);
    return NULL;
}

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
    uint64_t at = FILE_HEAD;
    size_t i;

    for (i = 0; i < n; i++) {
        if (w[i]->offset != at || w[i]->deflated > bytes)
            return 0;
        at += w[i]->deflated;
    }
    return at + FILE_TAIL == bytes;
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
            p = add_part(in, INPUT_FRAGMENT, file, NULL, e);
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
    char *path = input_path_inside(in->exports[x].folder, mf->path, &missing);
    int fine = path != NULL;
    long file = add_file(in, fine ? path : join(in->exports[x].folder, mf->path), 1, e);
    int64_t size;

    if (file < 0)
        return -1;
    in->files[file].scope = s->scope;
    in->files[file].export_index = (int)x;
    if (!fine)
        return add_text(in, INPUT_DAMAGE, (size_t)file,
                        missing ? "is missing, but the manifest names it"
                                : "is no plain file inside the export",
                        e);
    w = windows_of(s, i, &n);
    if (w == NULL)
        return err_memory(e, "inputs");
    size = size_of(path);
    if (!windows_fill(w, n, mf->bytes)) {
        ret = add_text(in, INPUT_DAMAGE, (size_t)file,
                       "the ledger in the manifest does not account for the whole file", e);
        if (ret == 0)
            ret = add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
    } else if (size > (int64_t)mf->bytes) {
        ret = add_text(in, INPUT_DAMAGE, (size_t)file, "is longer than the manifest says", e);
        if (ret == 0)
            ret = add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
    } else {
        if (size < (int64_t)mf->bytes &&
            add_text(in, INPUT_DAMAGE, (size_t)file, "is shorter than the manifest says", e) != 0)
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
        file = add_file(in, slice_dup(slice_of(in->exports[x].folder)), 1, e);
        if (file < 0)
            return -1;
        ret = buf_printf(&text, "scope %s is not whole in this export (%s%s%s)", s->scope,
                         s->status, s->error_code == NULL ? "" : ": ",
                         s->error_code == NULL ? "" : s->error_code) != 0
                  ? err_memory(e, "inputs")
                  : add_text(in, INPUT_WARNING, (size_t)file, text.data, e);
        buf_free(&text);
        if (ret != 0)
            return -1;
    }
    return 0;
}

/* Add an export whose manifest was read; m becomes the input's. */
static int add_export(struct input *in, const char *folder, struct manifest *m, int64_t since,
                      int64_t until, struct err *e)
{
    struct input_export *x = grow(in->exports, in->nexports, &in->cap_exports, sizeof(*x));
    size_t at = in->nexports, i, k;

    if (x == NULL) {
        manifest_free(m);
        return err_memory(e, "inputs");
    }
    in->exports = x;
    x = &in->exports[in->nexports++];
    memset(x, 0, sizeof(*x));
    x->manifest = *m;
    x->folder = slice_dup(slice_of(folder));
    if (x->folder == NULL)
        return err_memory(e, "inputs");
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

/* Whether a file's name says that it may be a log. */
static int is_log_name(const char *name)
{
    static const char *const ends[] = {".json",    ".ndjson",    ".jsonl",
                                       ".json.gz", ".ndjson.gz", ".jsonl.gz"};
    size_t n = strlen(name), i;

    if (name[0] == '.' || slice_equals_nocase(slice_of(name), "roleAssignments.ndjson.gz") ||
        slice_equals_nocase(slice_of(name), MANIFEST_NAME))
        return 0;
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t k = strlen(ends[i]);

        if (n > k && slice_equals_nocase(slice_of(name + n - k), ends[i]))
            return 1;
    }
    return 0;
}

/* A walk through a folder. */
struct walk {
    struct input *in;
    const char *folder;
    int depth, unfinished;
    int64_t since, until;
    struct err *e;
};

static int add_folder(struct walk *up, const char *folder, int depth);

/* One entry of a folder. */
static int visit(const char *name, enum sys_kind kind, void *arg)
{
    struct walk *w = arg;
    int ret = 0;

    if (strcmp(name, ".partial") == 0)
        w->unfinished = 1;
    if (kind == SYS_FOLDER && name[0] != '.' && w->depth < INPUT_DEPTH_MAX) {
        char *path = join(w->folder, name);

        ret = path == NULL ? err_memory(w->e, w->folder) : add_folder(w, path, w->depth + 1);
        free(path);
    } else if (kind == SYS_FILE && is_log_name(name)) {
        long file = add_file(w->in, join(w->folder, name), 1, w->e);

        ret = file < 0 || add_part(w->in, INPUT_WHOLE, (size_t)file, NULL, w->e) == NULL ? -1 : 0;
    }
    return ret;
}

/* Add an export, or the log files of a folder and of those in it. */
static int add_folder(struct walk *up, const char *folder, int depth)
{
    struct walk w = *up;
    struct manifest m = {0};
    struct err reason = {0};
    char *path = join(folder, MANIFEST_NAME);
    int has_manifest, ret;
    long file;

    if (path == NULL)
        return err_memory(up->e, folder);
    has_manifest = sys_kind(path) == SYS_FILE;
    if (has_manifest && manifest_load(&m, folder, &reason) == 0) {
        free(path);
        return add_export(up->in, folder, &m, up->since, up->until, up->e);
    }
    w.folder = folder;
    w.depth = depth;
    w.unfinished = 0;
    if (has_manifest) {
        file = add_file(up->in, path, 1, up->e);
        if (file < 0 || add_text(up->in, INPUT_DAMAGE, (size_t)file, reason.msg, up->e) != 0)
            return -1;
    } else {
        free(path);
    }
    ret = sys_list(folder, visit, &w, up->e);
    if (ret == 0 && w.unfinished && !has_manifest) {
        file = add_file(up->in, slice_dup(slice_of(folder)), 1, up->e);
        ret = file < 0 ? -1
                       : add_text(up->in, INPUT_WARNING, (size_t)file,
                                  "an export that is not finished: run azdal acquire again", up->e);
    }
    return ret;
}

/* Whether the path is a folder, or a link to one. */
static int is_folder(const char *path)
{
    char *inside = join(path, ".");
    int yes = inside != NULL && sys_kind(inside) == SYS_FOLDER;

    free(inside);
    return yes;
}

/* What one PATH stands for. */
static int add_path(struct input *in, const char *path, int64_t since, int64_t until, struct err *e)
{
    struct walk w = {in, path, 0, 0, since, until, e};
    size_t before = in->nparts, exports = in->nexports;
    long file;

    if (strcmp(path, "-") != 0 && sys_kind(path) == SYS_MISSING)
        return err_set(e, ERR_LOCAL, "%s: no such file or folder", path);
    if (strcmp(path, "-") == 0 || !is_folder(path)) {
        file = add_file(in, slice_dup(slice_of(path)), 0, e);
        return file < 0 || add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
    }
    if (add_folder(&w, path, 0) != 0)
        return -1;
    if (in->nparts == before && in->nexports == exports) {
        (void)err_set(e, ERR_LOCAL, "%s: neither an export nor a folder that holds log files",
                      path);
        return err_hint(e, "log files end in .json, .jsonl or .ndjson, and may be gzip (.gz)");
    }
    return 0;
}

int input_open(struct input *in, const char *const *paths, size_t npaths, int64_t since,
               int64_t until, struct err *e)
{
    size_t i;

    memset(in, 0, sizeof(*in));
    for (i = 0; i < npaths; i++) {
        if (add_path(in, paths[i], since, until, e) != 0) {
            input_close(in);
            return -1;
        }
    }
    return 0;
}

void input_close(struct input *in)
{
    size_t i;

    for (i = 0; i < in->nfiles; i++)
        free(in->files[i].path);
    for (i = 0; i < in->nparts; i++)
        free(in->parts[i].text);
    for (i = 0; i < in->nexports; i++) {
        free(in->exports[i].folder);
        manifest_free(&in->exports[i].manifest);
    }
    free(in->files);
    free(in->parts);
    free(in->exports);
    memset(in, 0, sizeof(*in));
}
