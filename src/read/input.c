#include "read/input.h"

#include "base/sys.h"
#include "read/input_list.h"

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
    int failed; /* visit has; *e says why */
    int64_t since, until;
    struct err *e;
};

static int add_folder(struct walk *up, const char *folder, int depth);

/* Something to tell about an entry of a folder, or about the folder (name NULL). */
static int tell(const struct walk *w, const char *name, enum input_kind kind, const char *text)
{
    char *path = name == NULL ? slice_dup(slice_of(w->folder)) : input_join(w->folder, name);
    long file = input_add_file(w->in, path, 1, w->e);

    return file < 0 ? -1 : input_add_text(w->in, kind, (size_t)file, text, w->e);
}

/* One entry of a folder. What may hold events and is not read is told. */
static int visit(const char *name, enum sys_kind kind, void *arg)
{
    struct walk *w = arg;
    int ret = 0;

    if (strcmp(name, ".partial") == 0)
        w->unfinished = 1;
    if (name[0] == '.')
        return 0;
    if (kind == SYS_FOLDER && w->depth == INPUT_DEPTH_MAX) {
        ret = tell(w, name, INPUT_DAMAGE, "folders nested deeper than 32 levels: not read");
    } else if (kind == SYS_LINK) {
        ret = tell(w, name, INPUT_WARNING, "a link inside a folder: not followed");
    } else if (kind == SYS_OTHER && is_log_name(name)) {
        ret = tell(w, name, INPUT_WARNING, "neither a file nor a folder: not read");
    } else if (kind == SYS_FOLDER) {
        char *path = input_join(w->folder, name);

        ret = path == NULL ? err_memory(w->e, w->folder) : add_folder(w, path, w->depth + 1);
        free(path);
    } else if (kind == SYS_FILE && is_log_name(name)) {
        long file = input_add_file(w->in, input_join(w->folder, name), 1, w->e);

        ret = file < 0 || input_add_part(w->in, INPUT_WHOLE, (size_t)file, NULL, w->e) == NULL ? -1
                                                                                               : 0;
    }
    w->failed |= ret != 0;
    return ret;
}

/* Call visit for what a folder holds. One that was found and cannot be read is told. */
static int visit_all(struct walk *w)
{
    struct err why = {0};

    if (sys_list(w->folder, visit, w, &why) == 0)
        return 0;
    if (w->failed)
        return -1;
    if (w->depth > 0)
        return tell(w, NULL, INPUT_UNREAD, why.msg);
    *w->e = why;
    return -1;
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
    w.failed = 0;
    if (has_manifest) {
        file = input_add_file(up->in, path, 1, up->e);
        if (file < 0 || input_add_text(up->in, INPUT_DAMAGE, (size_t)file, reason.msg, up->e) != 0)
            return -1;
    } else {
        free(path);
    }
    ret = visit_all(&w);
    if (ret == 0 && w.unfinished && !has_manifest)
        ret = tell(&w, NULL, INPUT_WARNING,
                   "an export that is not finished: run azdal acquire again");
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

/* A folder of which nothing can be read: no input, and never the same as no events. */
static int nothing_in(const struct input *in, const char *path, size_t before, struct err *e)
{
    if (in->nparts > before)
        return err_set(e, ERR_LOCAL, "%s: %s", in->files[in->parts[before].file].path,
                       in->parts[before].text);
    (void)err_set(e, ERR_LOCAL, "%s: neither an export nor a folder that holds log files", path);
    return err_hint(e, "log files end in .json, .jsonl or .ndjson, and may be gzip (.gz)");
}

/* What one PATH stands for. */
static int add_path(struct input *in, const char *path, int64_t since, int64_t until, struct err *e)
{
    struct walk w = {in, path, 0, 0, 0, since, until, e};
    size_t before = in->nparts, exports = in->nexports, i;
    long file;

    if (strcmp(path, "-") != 0 && sys_kind(path) == SYS_MISSING)
        return err_set(e, ERR_LOCAL, "%s: no such file or folder", path);
    if (strcmp(path, "-") == 0 || !is_folder(path)) {
        file = input_add_file(in, slice_dup(slice_of(path)), 0, e);
        return file < 0 || input_add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
    }
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
