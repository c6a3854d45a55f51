#include "read/input.h"

#include "base/mem.h"
#include "base/sys.h"
#include "read/input_list.h"

#include <string.h>

size_t input_add_file(struct input *in, char *path, int found)
{
    struct input_file *f;

    in->files = mem_grow(in->files, in->nfiles, &in->cap_files, sizeof(*f));
    f = &in->files[in->nfiles];
    memset(f, 0, sizeof(*f));
    f->path = path;
    f->export_index = -1;
    f->found = found;
    return in->nfiles++;
}

struct input_part *input_add_part(struct input *in, enum input_kind kind, size_t file,
                                  const char *text)
{
    struct input_part *p;

    in->parts = mem_grow(in->parts, in->nparts, &in->cap_parts, sizeof(*p));
    p = &in->parts[in->nparts++];
    memset(p, 0, sizeof(*p));
    p->kind = kind;
    p->file = file;
    p->first_line = 1;
    p->text = text == NULL ? NULL : mem_strdup(text);
    return p;
}

/* Add a name below a folder, with slashes in it, as the folder itself is written. */
static void add_name(struct buf *path, char separator, const char *name, size_t n)
{
    size_t from;

    if (path->len > 0 && path->data[path->len - 1] != '/' && path->data[path->len - 1] != separator)
        buf_putc(path, separator);
    from = path->len;
    buf_append(path, name, n);
    for (; from < path->len; from++) {
        if (path->data[from] == '/')
            path->data[from] = separator;
    }
    (void)buf_text(path);
}

const char *input_unread_text(size_t n, struct buf *names)
{
    struct buf text = {0};

    buf_printf(&text, "%zu file%s not read, no log by %s first bytes: %.*s%s", n, n == 1 ? "" : "s",
               n == 1 ? "its" : "their", (int)names->len, names->data,
               n > INPUT_NAMES_MAX ? ", ..." : "");
    buf_free(names);
    *names = text;
    return names->data;
}

/* "FOLDER/NAME"; the caller frees it. */
char *input_join(const char *folder, const char *name)
{
    struct buf b = {0};

    buf_puts(&b, folder);
    add_name(&b, sys_separator(folder), name, strlen(name));
    return b.data;
}
