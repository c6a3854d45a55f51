#include "read/input.h"

#include "base/sys.h"
#include "read/input_part.h"

#include <stdlib.h>
#include <string.h>

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
        char *path = input_join(w->folder, name);

        ret = path == NULL ? err_memory(w->e, w->folder) : add_folder(w, path, w->depth + 1);
        free(path);
    } else if (kind == SYS_FILE && is_log_name(name)) {
        long file = input_add_file(w->in, input_join(w->folder, name), 1, w->e);

        ret = file < 0 || input_add_part(w->in, INPUT_WHOLE, (size_t)file, NULL, w->e) == NULL ? -1
                                                                                               : 0;
    }
    return ret;
}

/* Add an export, or the log files of a folder and of those in it. */
static int add_folder(struct walk *up, const char *folder, int depth)
{
    struct walk w = *up;
    struct manifest m = {0};
    struct err reason = {0};
    char *path = input_join(folder, MANIFEST_NAME);
    int has_manifest, ret;
    long file;

    if (path == NULL)
        return err_memory(up->e, folder);
    has_manifest = sys_kind(path) == SYS_FILE;
    if (has_manifest && manifest_load(&m, folder, &reason) == 0) {
        free(path);
        return input_add_export(up->in, folder, &m, up->since, up->until, up->e);
    }
    w.folder = folder;
    w.depth = depth;
    w.unfinished = 0;
    if (has_manifest) {
        file = input_add_file(up->in, path, 1, up->e);
        if (file < 0 || input_add_text(up->in, INPUT_DAMAGE, (size_t)file, reason.msg, up->e) != 0)
            return -1;
    } else {
        free(path);
    }
    ret = sys_list(folder, visit, &w, up->e);
    if (ret == 0 && w.unfinished && !has_manifest) {
        file = input_add_file(up->in, slice_dup(slice_of(folder)), 1, up->e);
        ret = file < 0 ? -1
                       : input_add_text(up->in, INPUT_WARNING, (size_t)file,
                                        "an export that is not finished: run azdal acquire again",
                                        up->e);
    }
    return ret;
}

/* Whether the path is a folder, or a link to one. */
static int is_folder(const char *path)
{
    char *inside = input_join(path, ".");
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
        file = input_add_file(in, slice_dup(slice_of(path)), 0, e);
        return file < 0 || input_add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
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
