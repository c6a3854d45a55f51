#include "export/verify_names.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "export/export_path.h"

#include <stdlib.h>
#include <string.h>

/* Folders inside each other that are looked into: azdal writes into two, scope=X/date=Y. */
#define DEPTH_MAX 32

/* Read "<64 digits>  <name>" from one line without its newline. */
static int read_sum(struct verify_sum *s, struct slice line)
{
    struct slice name = {line.data + 66, line.len - 66};

    if (line.len < 67 || !text_is_hex((struct slice){line.data, 64}, 64) || line.data[64] != ' ' ||
        line.data[65] != ' ')
        return -1;
    memcpy(s->sha256, line.data, 64);
    if (memchr(name.data, '\0', name.len) != NULL)
        return -1;
    s->name = slice_dup(name);
    return export_path_is_safe(s->name) ? 0 : -1;
}

static int compare_sums(const void *a, const void *b)
{
    const struct verify_sum *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static int compare_name(const void *name, const void *sum)
{
    const struct verify_sum *s = sum;

    return strcmp(name, s->name);
}

/* Split the text into lines. */
static void read_sums(struct verify_sums *s, struct slice text, struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_SUMS_NAME};
    size_t cap = 0, number = 0;

    while (text.len > 0) {
        const char *end = memchr(text.data, '\n', text.len);
        struct slice line = {text.data, end == NULL ? text.len : (size_t)(end - text.data)};
        struct verify_sum sum = {0};

        number++;
        if (end == NULL || read_sum(&sum, line) != 0) {
            verify_report_problem(r, &at, "line %zu is not a digest and a name", number);
            free(sum.name);
        } else {
            s->items = mem_grow(s->items, s->n, &cap, sizeof(*s->items));
            s->items[s->n++] = sum;
        }
        if (end == NULL)
            break;
        text.len -= line.len + 1;
        text.data = end + 1;
    }
}

int verify_sums_load(struct verify_sums *s, const struct sys_dir *dir, struct verify_report *r,
                     struct err *e)
{
    struct verify_place at = {.name = MANIFEST_SUMS_NAME};
    enum sys_kind kind = sys_dir_kind(dir, MANIFEST_SUMS_NAME);
    struct buf text = {0};
    int ret = -1;
    size_t i;

    memset(s, 0, sizeof(*s));
    if (kind != SYS_FILE) {
        verify_report_problem(r, &at, kind == SYS_MISSING ? "missing" : "not a plain file");
        return 0;
    }
    s->present = 1;
    if (sys_dir_read(dir, MANIFEST_SUMS_NAME, VERIFY_SUMS_MAX, &text, e) != 0) {
        if (e->code != ERR_UNTRUSTED)
            goto out;
        verify_report_problem(r, &at, "too large");
        ret = 0;
        goto out;
    }
    read_sums(s, buf_slice(&text), r);
    if (s->n > 0)
        qsort(s->items, s->n, sizeof(s->items[0]), compare_sums);
    for (i = 1; i < s->n; i++) {
        if (strcmp(s->items[i - 1].name, s->items[i].name) == 0)
            verify_report_problem(r, &at, "%s is named twice", s->items[i].name);
    }
    ret = 0;
out:
    buf_free(&text);
    return ret;
}

void verify_sums_free(struct verify_sums *s)
{
    size_t i;

    for (i = 0; i < s->n; i++)
        free(s->items[i].name);
    free(s->items);
    memset(s, 0, sizeof(*s));
}

struct verify_sum *verify_sums_find(const struct verify_sums *s, const char *name)
{
    return s->n == 0 ? NULL : bsearch(name, s->items, s->n, sizeof(s->items[0]), compare_name);
}

/* A walk through the folder. */
struct walk {
    const struct verify_sums *sums;
    struct verify_report *r;
    const struct sys_dir *dir;
    const char *below; /* folder inside it, ending in '/', or "" */
    int depth, views;
    struct err *e;
};

/* Files that are not part of the published data, but known. */
static int is_known(const char *name)
{
    return strcmp(name, MANIFEST_NAME) == 0 || strcmp(name, MANIFEST_SUMS_NAME) == 0;
}

static int visit(const char *name, enum sys_kind kind, void *arg);

/* Look into a folder below the one of *w. */
static int descend(const struct walk *w, const char *path)
{
    struct buf below = {0};
    struct walk inner = *w;
    int ret;

    buf_printf(&below, "%s/", path);
    inner.below = below.data;
    inner.depth++;
    ret = sys_dir_list(w->dir, path, visit, &inner, w->e);
    buf_free(&below);
    return ret;
}

/* Report one entry that SHA256SUMS does not name. */
static void report_stranger(const struct walk *w, const struct verify_place *at, const char *name,
                            enum sys_kind kind)
{
    if (kind == SYS_LINK)
        verify_report_problem(w->r, at, "a link: an export has none");
    else if (kind == SYS_OTHER)
        verify_report_problem(w->r, at, "neither a file nor a folder");
    else if (w->views && w->depth == 0 && manifest_is_view(name))
        verify_report_problem(w->r, at,
                              "not in " MANIFEST_SUMS_NAME ", so it may be older than the export");
    else if (kind == SYS_FILE && export_path_is_data(name) && w->sums->present)
        verify_report_problem(w->r, at, "not in " MANIFEST_SUMS_NAME);
    else
        verify_report_note(w->r, at, "not written by azdal, not checked");
}

/* One entry of a folder. */
static int visit(const char *name, enum sys_kind kind, void *arg)
{
    const struct walk *w = arg;
    struct verify_place at = {.name = NULL};
    struct buf path = {0};
    int ret = 0;

    buf_printf(&path, "%s%s", w->below, name);
    at.name = path.data;
    if (kind == SYS_FOLDER && (w->depth > 0 || export_path_is_folder(name))) {
        if (w->depth < DEPTH_MAX)
            ret = descend(w, path.data);
        else
            verify_report_problem(w->r, &at, "folders nested deeper than %d levels", DEPTH_MAX);
    } else if (kind == SYS_FOLDER && strcmp(name, ".partial") == 0)
        verify_report_note(w->r, &at, "an unfinished run, not checked");
    else if (verify_sums_find(w->sums, path.data) == NULL && (w->depth > 0 || !is_known(name)))
        report_stranger(w, &at, name, kind);
    buf_free(&path);
    return ret;
}

int verify_folder(const struct verify_sums *s, const struct sys_dir *dir, int views,
                  struct verify_report *r, struct err *e)
{
    struct walk w = {s, r, dir, "", 0, views, e};

    return sys_dir_list(dir, "", visit, &w, e);
}
