#include "read/input.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/export_path.h"
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

int input_open_inside(const struct input *in, size_t file, struct err *e)
{
    const struct input_file *f = &in->files[file];

    return sys_dir_file(in->exports[f->export_index].dir, f->name, SYS_READ, e);
}

/* One file of an export, its windows in the order of the file, and what of them is wanted. */
struct export_file {
    size_t export;
    const struct manifest_scope *scope;
    const struct manifest_file *file;
    const struct manifest_window *const *windows;
    size_t nwindows;
    const struct manifest_window *first, *last; /* of the scope's windows that have events */
    const char *path;                           /* as it was named, or NULL */
    int64_t since, until;
};

/* Add the windows of a file that touch [since, until). */
static void add_windows(struct input *in, size_t file, const struct export_file *x)
{
    uint64_t line = 1;
    size_t i;

    for (i = 0; i < x->nwindows; i++) {
        const struct manifest_window *w = x->windows[i];
        int wanted = (x->since == 0 || w->to > x->since) && (x->until == 0 || w->from < x->until);
        struct input_part *p;

        if (wanted && w->deflated > 0) {
            p = input_add_part(in, INPUT_FRAGMENT, file, NULL);
            p->window = w;
            p->first_event = w == x->first ? x->scope->first_event : 0;
            p->last_event = w == x->last ? x->scope->last_event : 0;
            p->first_line = line;
        }
        line += w->events;
    }
}

/* What is wrong with both ends of a file: its trailer holds what the ledger adds up to. NULL:
 * nothing. */
static const char *ends_wrong(const struct gzip_file_ends *ends, const struct export_file *x)
{
    uint32_t crc = 0;
    uint64_t plain = 0;
    const char *why = gzip_file_header_wrong(ends);
    size_t i;

    for (i = 0; i < x->nwindows; i++) {
        crc = gzip_file_crc_append(crc, x->windows[i]->crc, x->windows[i]->plain);
        plain += x->windows[i]->plain;
    }
    return why != NULL ? why : gzip_file_trailer_wrong(ends, crc, plain);
}

/* Why a file cannot be read by its windows; NULL: it can. *doubt is what else is wrong with it, or
 * NULL; *e why it cannot be read at all. */
static const char *look_at(const struct input *in, size_t file, const struct export_file *x,
                           const char **doubt, struct err *e)
{
    const char *path = in->files[file].path;
    int fd = input_open_inside(in, file, e);
    struct gzip_file_ends ends;
    struct err ignored;
    uint64_t size = 0;

    *doubt = NULL;
    if (fd < 0)
        return NULL;
    if (sys_file_size(fd, &size, path, e) == 0 && gzip_file_ends(fd, path, size, &ends, e) == 0)
        *doubt = size < x->file->bytes ? "is shorter than the manifest says" : ends_wrong(&ends, x);
    (void)sys_close(fd, path, &ignored);
    if (!windows_fill(x->windows, x->nwindows, x->file->bytes))
        return "the ledger in the manifest does not account for the whole file";
    return size > x->file->bytes ? "is longer than the manifest says" : NULL;
}

/* Add what of a file that is there is to be read. Returns -1 where it cannot be. */
static int add_pieces(struct input *in, size_t file, const struct export_file *x)
{
    struct err e = {0};
    const char *doubt, *whole = look_at(in, file, x, &doubt, &e);

    if (e.code != ERR_NONE) {
        (void)input_add_part(in, INPUT_UNREAD, file, e.msg);
        return -1;
    }
    if (whole != NULL || doubt != NULL)
        (void)input_add_part(in, INPUT_DAMAGE, file, whole != NULL ? whole : doubt);
    if (whole != NULL)
        (void)input_add_part(in, INPUT_WHOLE, file, NULL);
    else
        add_windows(in, file, x);
    return 0;
}

/* One file that the manifest names. What is read of it is only what was exported when the whole
 * file has its digest; a file of which no window is wanted is left alone. */
static void add_export_file(struct input *in, const struct export_file *x)
{
    const struct sys_dir *dir = in->exports[x->export].dir;
    const char *name = x->file->path;
    enum sys_kind kind = export_path_is_safe(name) ? sys_dir_kind(dir, name) : SYS_OTHER;
    size_t before = in->nparts,
           file = input_add_file(
               in, x->path != NULL ? mem_strdup(x->path) : input_join(sys_dir_path(dir), name),
               x->path == NULL);

    in->files[file].scope = x->scope->scope;
    in->files[file].name = name;
    in->files[file].export_index = (int)x->export;
    if (kind != SYS_FILE) {
        (void)input_add_part(in, INPUT_DAMAGE, file,
                             kind == SYS_MISSING ? "is missing, but the manifest names it"
                                                 : "is not a plain file inside the export");
        return;
    }
    if (add_pieces(in, file, x) == 0 && (in->nparts != before || (x->since == 0 && x->until == 0)))
        (void)input_add_part(in, INPUT_DIGEST, file, x->file->sha256);
}

/* All files of one scope, or with `named` those that have a path there. */
static void add_scope(struct input *in, struct export_file *x, char *const *named)
{
    const struct manifest_scope *s = x->scope;
    size_t n, at = 0, i;
    const struct manifest_window **w = sort_windows(s, &n);

    for (i = 0; i < s->nwindows; i++) {
        if (s->windows[i].file < 0)
            continue;
        x->first = x->first == NULL ? &s->windows[i] : x->first;
        x->last = &s->windows[i];
    }
    for (i = 0; i < s->nfiles; i++) {
        x->file = &s->files[i];
        x->windows = w + at;
        for (x->nwindows = 0; at < n && (size_t)w[at]->file == i; at++)
            x->nwindows++;
        x->path = named == NULL ? NULL : named[i];
        if (named == NULL || named[i] != NULL)
            add_export_file(in, x);
    }
    free(w);
}

/* Say what is wrong with the manifest and SHA256SUMS in themselves, and what else is there that may
 * be taken for the export's data. */
static void add_doubts(struct input *in, size_t x, const char *sha256)
{
    const struct input_export *export = &in->exports[x];
    const char *folder = sys_dir_path(export->dir);
    struct verify_result r;
    struct err why = {0};
    size_t i;

    if (verify_manifest(export->dir, &export->manifest, sha256, &r, &why) != 0)
        (void)input_add_part(in, why.code == ERR_LOCAL ? INPUT_UNREAD : INPUT_DAMAGE,
                             input_add_file(in, mem_strdup(folder), 1), why.msg);
    for (i = 0; i < r.nlines; i++) {
        if (strncmp(r.lines[i], "problem: ", 9) == 0)
            (void)input_add_part(in, INPUT_DAMAGE, input_add_file(in, mem_strdup(folder), 1),
                                 r.lines[i] + 9);
    }
    verify_result_free(&r);
}

/* Say that the export does not hold the whole of a scope, where it does not. */
static void add_gap(struct input *in, size_t x, const struct manifest_scope *s)
{
    struct buf text = {0};

    if (strcmp(s->status, "complete") == 0)
        return;
    buf_printf(&text, "scope %s is not whole in this export (%s%s%s)", s->scope, s->status,
               s->error_code == NULL ? "" : ": ", s->error_code == NULL ? "" : s->error_code);
    (void)input_add_part(in, INPUT_WARNING,
                         input_add_file(in, mem_strdup(sys_dir_path(in->exports[x].dir)), 1),
                         text.data);
    buf_free(&text);
}

/* Whether any of n files was named. */
static int any_named(char *const *named, size_t n)
{
    size_t i;

    for (i = 0; i < n && named[i] == NULL; i++)
        ;
    return i < n;
}

size_t input_add_frame(struct input *in, const struct input_export *export, const char *sha256)
{
    in->exports = mem_grow(in->exports, in->nexports, &in->cap_exports, sizeof(*in->exports));
    in->exports[in->nexports] = *export;
    add_doubts(in, in->nexports, sha256);
    return in->nexports++;
}

void input_add_contents(struct input *in, size_t x, int64_t since, int64_t until)
{
    const struct manifest *m = &in->exports[x].manifest;
    char *const *named = in->exports[x].named;
    size_t i;

    for (i = 0; i < m->nscopes; i++) {
        if (named == NULL || any_named(named, m->scopes[i].nfiles))
            add_gap(in, x, &m->scopes[i]);
        if (named != NULL)
            named += m->scopes[i].nfiles;
    }
    named = in->exports[x].named;
    for (i = 0; i < m->nscopes; i++) {
        struct export_file f = {
            .export = x, .scope = &m->scopes[i], .since = since, .until = until};

        if (named == NULL || any_named(named, m->scopes[i].nfiles))
            add_scope(in, &f, named);
        if (named != NULL)
            named += m->scopes[i].nfiles;
    }
}

void input_add_export(struct input *in, const struct input_export *export, const char *sha256,
                      int64_t since, int64_t until)
{
    input_add_contents(in, input_add_frame(in, export, sha256), since, until);
}
