#include "read/input.h"

#include "base/mem.h"
#include "base/sys.h"
#include "export/verify_names.h"
#include "read/input_list.h"
#include "read/spool.h"

#include <stdlib.h>
#include <string.h>

/* A walk through a folder. */
struct walk {
    struct input *in;
    const char *folder;
    int depth, unfinished;
    int failed; /* visit has; *e says why */
    int64_t since, until;
    struct err *e;
    size_t unread; /* files that are no logs by their first bytes */
    struct buf names;
};

static int add_folder(struct walk *up, const char *folder, int depth);

/* Something to tell about an entry of a folder, or about the folder (name NULL). */
static void tell(const struct walk *w, const char *name, enum input_kind kind, const char *text)
{
    char *path = name == NULL ? mem_strdup(w->folder) : input_join(w->folder, name);

    (void)input_add_part(w->in, kind, input_add_file(w->in, path, 1), text);
}

/* A file in a folder: a log by its first bytes, whatever its name, or not read. */
static int visit_file(struct walk *w, const char *name)
{
    char *path = input_join(w->folder, name);
    const char *what = NULL;
    int ret = 0;

    if (input_is_passed_over(name)) {
        free(path);
    } else if (input_is_log(path, &what)) {
        ret = input_add_log(w->in, path, 1, w->e);
    } else if (what != NULL && strstr(what, "unpack it") != NULL) {
        tell(w, name, INPUT_DAMAGE, what);
        free(path);
    } else {
        if (w->unread++ < INPUT_NAMES_MAX)
            buf_printf(&w->names, "%s%s", w->unread == 1 ? "" : ", ", name);
        free(path);
    }
    return ret;
}

/* One entry of a folder. What may hold events and is not read is told. */
static int visit(const char *name, enum sys_kind kind, void *arg)
{
    struct walk *w = arg;
    int ret = 0;

    if (strcmp(name, ".partial") == 0) {
        w->unfinished = 1;
        return 0;
    }
    if (kind == SYS_FOLDER && w->depth == INPUT_DEPTH_MAX) {
        tell(w, name, INPUT_DAMAGE, "folders nested deeper than 32 levels: not read");
    } else if (kind == SYS_LINK) {
        tell(w, name, INPUT_WARNING, "a link inside a folder: not followed");
    } else if (kind == SYS_OTHER) {
        tell(w, name, INPUT_WARNING, "neither a file nor a folder: not read");
    } else if (kind == SYS_FOLDER) {
        char *path = input_join(w->folder, name);

        ret = add_folder(w, path, w->depth + 1);
        free(path);
    } else if (kind == SYS_FILE) {
        ret = visit_file(w, name);
    }
    w->failed |= ret != 0;
    return ret;
}

/* Tell which files of the folder are not read. */
static void tell_unread(struct walk *w)
{
    if (w->unread > 0)
        tell(w, NULL, INPUT_WARNING, input_unread_text(w->unread, &w->names));
    buf_free(&w->names);
}

/* Call visit for what a folder holds. One that was found and cannot be read is told. */
static int visit_all(struct walk *w)
{
    struct err why = {0};

    if (sys_list(w->folder, visit, w, &why) == 0)
        return 0;
    if (w->failed)
        return -1;
    if (w->depth > 0) {
        tell(w, NULL, INPUT_UNREAD, why.msg);
        return 0;
    }
    *w->e = why;
    return -1;
}

int input_lacks_manifest(const char *folder)
{
    char *manifest = input_join(folder, MANIFEST_NAME);
    char *sums = input_join(folder, MANIFEST_SUMS_NAME);
    enum sys_kind kind = sys_kind(manifest);
    struct buf text = {0};
    struct err ignored;
    int yes = kind != SYS_MISSING && kind != SYS_FOLDER;

    if (!yes && sys_kind(sums) == SYS_FILE &&
        sys_read_file(sums, VERIFY_SUMS_MAX, &text, &ignored) == 0) {
        yes = strstr(buf_text(&text), "  " MANIFEST_NAME "\n") != NULL;
    }
    buf_free(&text);
    free(manifest);
    free(sums);
    return yes;
}

/* Add an export, or the log files of a folder and of those in it. */
static int add_folder(struct walk *up, const char *folder, int depth)
{
    struct walk w = *up;
    struct manifest m = {0};
    struct err reason = {0};
    char sha256[HASH_HEX_MAX], *path = input_join(folder, MANIFEST_NAME);
    struct sys_dir *dir;
    int has_manifest, ret;

    has_manifest = sys_kind(path) == SYS_FILE;
    dir = has_manifest ? sys_dir_open(folder, 1, &reason) : NULL;
    if (dir != NULL && manifest_load(&m, dir, sha256, &reason) == 0) {
        free(path);
        input_add_export(up->in, &(struct input_export){.dir = dir, .manifest = m}, sha256,
                         up->since, up->until);
        return 0;
    }
    sys_dir_close(dir);
    w.folder = folder;
    w.depth = depth;
    w.unfinished = 0;
    w.failed = 0;
    w.unread = 0;
    memset(&w.names, 0, sizeof(w.names));
    if (has_manifest)
        (void)input_add_part(up->in, reason.code == ERR_LOCAL ? INPUT_UNREAD : INPUT_DAMAGE,
                             input_add_file(up->in, path, 1), reason.msg);
    else
        free(path);
    ret = visit_all(&w);
    tell_unread(&w);
    if (ret == 0 && !has_manifest && input_lacks_manifest(folder))
        tell(&w, NULL, INPUT_DAMAGE, "an export without its " MANIFEST_NAME);
    if (ret == 0 && w.unfinished && !has_manifest)
        tell(&w, NULL, INPUT_WARNING, "an export that is not finished: run azdal acquire again");
    return ret;
}

/* Whether the path is a folder, or a link to one. */
static int is_folder(const char *path)
{
    char *inside = input_join(path, ".");
    int yes = sys_kind(inside) == SYS_FOLDER;

    free(inside);
    return yes;
}

/* A folder of which nothing can be read: no input, and never the same as no events. */
static int nothing_in(const struct input *in, const char *path, size_t before, struct err *e)
{
    const char *text = in->nparts > before ? in->parts[before].text : NULL;

    if (text != NULL && strstr(text, " not read, no log by ") == NULL)
        return err_set(e, ERR_LOCAL, "%s: %s", in->files[in->parts[before].file].path, text);
    (void)err_set(e, ERR_LOCAL, "%s: neither an export nor a folder that holds log files%s%s", path,
                  text == NULL ? "" : ": ", text == NULL ? "" : text);
    return err_hint(e, "logs are JSON, JSON lines or CSV, and may be gzip or zip");
}

/* What one PATH stands for. */
static int add_path(struct input *in, const char *path, int64_t since, int64_t until, struct err *e)
{
    struct walk w = {.in = in, .folder = path, .since = since, .until = until, .e = e};
    size_t before = in->nparts, exports = in->nexports, i;

    if (strcmp(path, "-") != 0 && sys_kind(path) == SYS_MISSING)
        return err_set(e, ERR_LOCAL, "%s: no such file or folder", path);
    if (strcmp(path, "-") != 0 && !is_folder(path) && input_named_add(in, path))
        return 0;
    if (strcmp(path, "-") == 0 || !is_folder(path))
        return input_add_log(in, mem_strdup(path), 0, e);
    if (add_folder(&w, path, 0) != 0)
        return -1;
    for (i = before; i < in->nparts && in->parts[i].kind == INPUT_WARNING; i++)
        ;
    return i == in->nparts && in->nexports == exports ? nothing_in(in, path, before, e) : 0;
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
    input_named_end(in, since, until);
    return 0;
}

/* Release what an export holds. */
static void export_free(struct input_export *x)
{
    size_t i;

    for (i = 0; x->named != NULL && i < x->nnamed; i++)
        free(x->named[i]);
    free(x->named);
    hash_map_free(&x->files);
    sys_dir_close(x->dir);
    manifest_free(&x->manifest);
}

void input_close(struct input *in)
{
    size_t i;

    for (i = 0; i < in->nfiles; i++) {
        free(in->files[i].path);
        free(in->files[i].archive);
        free(in->files[i].member);
    }
    for (i = 0; i < in->nparts; i++)
        free(in->parts[i].text);
    for (i = 0; i < in->nexports; i++)
        export_free(&in->exports[i]);
    hash_map_free(&in->folders);
    if (in->spooled > 0)
        spool_close(in->spooled);
    free(in->files);
    free(in->parts);
    free(in->exports);
    memset(in, 0, sizeof(*in));
}
