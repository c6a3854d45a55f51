/* A file that is named by its own path and lies in an export: the manifest there says what it must
 * be. A copy of it elsewhere is a file like any other. */
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "export/export_path.h"
#include "read/input_list.h"

#include <stdlib.h>
#include <string.h>

/* Folders between a file and the export that it may lie in. */
#define NAMED_DEPTH_MAX INPUT_DEPTH_MAX
/* In place of a number in exports: no export, and one that cannot be read. */
#define NO_EXPORT (HASH_MAP_NONE - 1)

static int is_slash(char c, char separator)
{
    return c == '/' || c == separator;
}

/* The folder in which a file lies as the user would write it: its path without its name below the
 * export, where it ends like that, else its whole path. */
static char *shown_folder(const char *path, const char *folder, const char *name)
{
    char separator = sys_separator(path);
    size_t n = strlen(path), m = strlen(name), i;

    if (n < m)
        return mem_strdup(folder);
    for (i = 0; i < m; i++) {
        char c = path[n - m + i];

        if (is_slash(c, separator) ? name[i] != '/' : name[i] != c)
            return mem_strdup(folder);
    }
    if (n == m)
        return mem_strdup(".");
    if (!is_slash(path[n - m - 1], separator))
        return mem_strdup(folder);
    return n - m == 1 ? mem_strdup("/") : slice_dup((struct slice){path, n - m - 1});
}

/* Number the files of a new export by their names. */
static void number_files(struct input_export *x)
{
    struct manifest_names at = {0};

    for (; manifest_next_name(&x->manifest, &at) && !at.ended; x->nnamed++) {
        char *key = text_lower_dup(slice_of(at.path));

        hash_map_put(&x->files, slice_of(key), x->nnamed);
        free(key);
    }
    x->named = mem_zalloc(x->nnamed + 1, sizeof(*x->named));
    x->in_part = 1;
}

/* Open the export in a folder, or say why that cannot be. Returns its number, or NO_EXPORT. */
static size_t open_export(struct input *in, const char *folder, char *shown)
{
    struct input_export x = {0};
    struct err why = {0};
    char sha256[HASH_HEX_MAX], *manifest = input_join(folder, MANIFEST_NAME),
                               *sums = input_join(folder, MANIFEST_SUMS_NAME);
    size_t number = NO_EXPORT;

    if (sys_kind(manifest) == SYS_FILE) {
        x.dir = sys_dir_open(shown, 1, &why);
        if (x.dir != NULL && manifest_load(&x.manifest, x.dir, sha256, &why) == 0) {
            number_files(&x);
            number = input_add_frame(in, &x, sha256);
        } else {
            sys_dir_close(x.dir);
            /* Other programs have a manifest.json, too. */
            if (sys_kind(sums) == SYS_FILE)
                (void)input_add_part(in, INPUT_DAMAGE, input_add_file(in, mem_strdup(shown), 1),
                                     why.msg);
        }
    } else if (input_lacks_manifest(folder)) {
        (void)input_add_part(in, INPUT_DAMAGE, input_add_file(in, mem_strdup(shown), 1),
                             "an export without its " MANIFEST_NAME);
    }
    free(manifest);
    free(sums);
    return number;
}

/* The export in `folder`, in which the file at `path` is `name`: its number, or NO_EXPORT. */
static size_t find_export(struct input *in, const char *folder, const char *path, const char *name)
{
    size_t number = hash_map_get(&in->folders, slice_of(folder));

    if (number == HASH_MAP_NONE) {
        char *shown = shown_folder(path, folder, name);

        number = open_export(in, folder, shown);
        hash_map_put(&in->folders, slice_of(folder), number);
        free(shown);
    }
    return number;
}

/* The number of the export's file that has a name, or HASH_MAP_NONE. */
static size_t find_file(const struct input_export *x, const char *name, const char *path)
{
    char *key = text_lower_dup(slice_of(name));
    size_t number = hash_map_get(&x->files, slice_of(key)), i, n = number;
    const struct manifest_scope *s = x->manifest.scopes;
    struct err ignored;
    int fd;

    free(key);
    if (number == HASH_MAP_NONE)
        return number;
    for (; n >= s->nfiles; s++)
        n -= s->nfiles;
    if (strcmp(s->files[n].path, name) == 0)
        return number;
    /* In other letter case it is the same file only where the system takes it for the same. */
    fd = sys_dir_file(x->dir, s->files[n].path, SYS_READ, &ignored);
    i = fd >= 0 && sys_same_file(fd, path) ? number : HASH_MAP_NONE;
    (void)sys_close(fd, path, &ignored);
    return i;
}

/* Note that a file of an export was named. Data that is none of its files is told, and read as any
 * file: 0, as for what is no data. */
static int note_file(struct input *in, size_t number, const char *name, const char *path)
{
    struct input_export *x = &in->exports[number];
    size_t file = find_file(x, name, path);

    if (file != HASH_MAP_NONE && x->named[file] == NULL)
        x->named[file] = mem_strdup(path);
    else if (file == HASH_MAP_NONE && export_path_is_data(name) && !input_is_passed_over(name))
        (void)input_add_part(in, INPUT_DAMAGE, input_add_file(in, mem_strdup(path), 0),
                             "not in " MANIFEST_NAME " of the export that it lies in");
    return file != HASH_MAP_NONE;
}

/* The last thing in a path that goes between names, or NULL. */
static char *last_slash(struct buf *path, char separator)
{
    char *p = path->data + path->len;

    while (p > path->data && !is_slash(p[-1], separator))
        p--;
    return p == path->data ? NULL : p - 1;
}

/* Look for an export in the folder of a file, which is at `path` for the user and at `full` here,
 * and in those above it. Returns whether there is one; *ours whether the file is one of its. */
static int look_above(struct input *in, const char *full, const char *path, int *ours)
{
    struct buf folder = {0}, name = {0};
    char separator = sys_separator(full), *slash, *p;
    size_t number = NO_EXPORT;
    int depth;

    buf_puts(&folder, full);
    for (depth = 0; depth <= NAMED_DEPTH_MAX && number == NO_EXPORT; depth++) {
        slash = last_slash(&folder, separator);
        if (slash == NULL)
            break;
        buf_clear(&name);
        buf_puts(&name, full + (slash - folder.data) + 1);
        for (p = buf_text(&name); *p != '\0'; p++)
            *p = *p == separator ? '/' : *p;
        folder.len = (size_t)(slash - folder.data);
        if (depth > 0 && !export_path_is_folder(name.data))
            continue;
        number = find_export(in, folder.len == 0 ? "/" : buf_text(&folder), path, name.data);
    }
    *ours = number != NO_EXPORT && note_file(in, number, name.data, path);
    buf_free(&folder);
    buf_free(&name);
    return number != NO_EXPORT;
}

/* The path of a file with all links in it followed but the last, in new memory; or NULL. */
static char *path_in_real_folder(const char *path)
{
    struct buf folder = {0};
    char separator = sys_separator(path), *slash, *real, *full;

    buf_puts(&folder, path);
    slash = last_slash(&folder, separator);
    folder.len = slash == NULL ? 0 : (size_t)(slash - folder.data) + 1;
    real = sys_real_path(folder.len == 0 ? "." : buf_text(&folder));
    full = real == NULL ? NULL : input_join(real, path + folder.len);
    free(real);
    buf_free(&folder);
    return full;
}

int input_named_add(struct input *in, const char *path)
{
    char *in_folder, *real;
    int ours = 0;

    if (look_above(in, path, path, &ours))
        return ours;
    in_folder = path_in_real_folder(path);
    real = sys_real_path(path);
    if (in_folder == NULL || !look_above(in, in_folder, path, &ours))
        (void)(real != NULL && look_above(in, real, path, &ours));
    free(in_folder);
    free(real);
    return ours;
}

void input_named_end(struct input *in, int64_t since, int64_t until)
{
    size_t i;

    for (i = 0; i < in->nexports; i++) {
        if (in->exports[i].in_part)
            input_add_contents(in, i, since, until);
    }
}
