#include "export/verify_names.h"

#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Longest name: a folder, an id of 90 characters each as %XX, a day and a file. */
#define NAME_MAX_BYTES 512
/* Folders below the export in which azdal writes: scope=X/date=Y. */
#define DEPTH_MAX 2

int verify_name_is_safe(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "_.()%=-";

    if (strlen(name) > NAME_MAX_BYTES)
        return 0;
    for (;;) {
        size_t n = strspn(name, allowed);

        if (n == 0 || name[0] == '.' || name[n - 1] == '.')
            return 0;
        if (name[n] == '\0')
            return 1;
        if (name[n] != '/')
            return 0;
        name += n + 1;
    }
}

/* Read "<64 digits>  <name>" from one line without its newline. */
static int read_sum(struct verify_sum *s, struct slice line)
{
    struct slice name = {line.data + 66, line.len - 66};
    size_t i;

    if (line.len < 67 || line.data[64] != ' ' || line.data[65] != ' ')
        return -1;
    for (i = 0; i < 64; i++) {
        char c = line.data[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return -1;
        s->sha256[i] = c;
    }
    if (memchr(name.data, '\0', name.len) != NULL)
        return -1;
    s->name = slice_dup(name);
    return s->name != NULL && verify_name_is_safe(s->name) ? 0 : -1;
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
static int read_sums(struct verify_sums *s, struct slice text, struct verify_report *r,
                     struct err *e)
{
    struct verify_place at = {0, MANIFEST_SUMS_NAME, NULL};
    size_t cap = 0, number = 0;

    while (text.len > 0) {
        const char *end = memchr(text.data, '\n', text.len);
        struct slice line = {text.data, end == NULL ? text.len : (size_t)(end - text.data)};
        struct verify_sum sum = {0};

        number++;
        if (s->n == cap) {
            size_t wider = cap == 0 ? 16 : 2 * cap;
            struct verify_sum *moved = realloc(s->items, wider * sizeof(*moved));

            if (moved == NULL)
                return err_memory(e, MANIFEST_SUMS_NAME);
            s->items = moved;
            cap = wider;
        }
        if (end == NULL || read_sum(&sum, line) != 0) {
            verify_report_problem(r, &at, "line %zu is not a digest and a name", number);
            free(sum.name);
        } else {
            s->items[s->n++] = sum;
        }
        if (end == NULL)
            break;
        text.len -= line.len + 1;
        text.data = end + 1;
    }
    return 0;
}

int verify_sums_load(struct verify_sums *s, const char *folder, struct verify_report *r,
                     struct err *e)
{
    struct verify_place at = {0, MANIFEST_SUMS_NAME, NULL};
    struct buf path = {0}, text = {0};
    enum sys_kind kind;
    int ret = -1;
    size_t i;

    memset(s, 0, sizeof(*s));
    if (buf_printf(&path, "%s/%s", folder, MANIFEST_SUMS_NAME) != 0)
        return err_memory(e, folder);
    kind = sys_kind(path.data);
    if (kind != SYS_FILE) {
        verify_report_problem(r, &at, kind == SYS_MISSING ? "missing" : "not a plain file");
        ret = 0;
        goto out;
    }
    s->present = 1;
    if (sys_read_file(path.data, VERIFY_SUMS_MAX, &text, e) != 0 ||
        read_sums(s, buf_slice(&text), r, e) != 0)
        goto out;
    if (s->n > 0)
        qsort(s->items, s->n, sizeof(s->items[0]), compare_sums);
    for (i = 1; i < s->n; i++) {
        if (strcmp(s->items[i - 1].name, s->items[i].name) == 0)
            verify_report_problem(r, &at, "%s is named twice", s->items[i].name);
    }
    ret = 0;
out:
    buf_free(&path);
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
    const char *folder; /* of the export */
    const char *below;  /* folder inside it, ending in '/', or "" */
    int depth;
    struct err *e;
};

static int ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Files that are not part of the published data, but known. */
static int is_known(const char *name)
{
    return strcmp(name, MANIFEST_NAME) == 0 || strcmp(name, MANIFEST_SUMS_NAME) == 0;
}

/* Whether azdal writes data into folders of that name. */
static int is_data_folder(const char *name, int depth)
{
    if (depth == 1)
        return strncmp(name, "date=", 5) == 0;
    return strcmp(name, "managementGroups") == 0 || strcmp(name, "subscriptions") == 0 ||
           strncmp(name, "scope=", 6) == 0;
}

static int visit(const char *name, enum sys_kind kind, void *arg);

/* Look into a folder below the one of *w. */
static int descend(const struct walk *w, const char *path)
{
    struct buf full = {0}, below = {0};
    struct walk inner = *w;
    int ret = -1;

    if (buf_printf(&full, "%s/%s", w->folder, path) != 0 || buf_printf(&below, "%s/", path) != 0) {
        (void)err_memory(w->e, path);
        goto out;
    }
    inner.below = below.data;
    inner.depth++;
    ret = sys_list(full.data, visit, &inner, w->e);
out:
    buf_free(&full);
    buf_free(&below);
    return ret;
}

/* One entry of a folder. */
static int visit(const char *name, enum sys_kind kind, void *arg)
{
    const struct walk *w = arg;
    struct verify_place at = {0, NULL, NULL};
    struct buf path = {0};
    int ret = 0;

    if (buf_printf(&path, "%s%s", w->below, name) != 0)
        return err_memory(w->e, name);
    at.name = path.data;
    if (kind == SYS_FOLDER && w->depth < DEPTH_MAX && is_data_folder(name, w->depth))
        ret = descend(w, path.data);
    else if (kind == SYS_FOLDER && w->depth == 0 && strcmp(name, ".partial") == 0)
        verify_report_note(w->r, &at, "an unfinished run, not checked");
    else if (verify_sums_find(w->sums, path.data) != NULL || (w->depth == 0 && is_known(name)))
        ret = 0;
    else if (w->depth == 0 && manifest_is_view(name))
        verify_report_problem(w->r, &at,
                              "not in " MANIFEST_SUMS_NAME ", so it may be older than the export");
    else if (kind == SYS_FILE && ends_with(name, ".ndjson.gz") && w->sums->present &&
             (w->depth > 0 || strcmp(name, "tenant.ndjson.gz") == 0 ||
              strcmp(name, "roleAssignments.ndjson.gz") == 0))
        verify_report_problem(w->r, &at, "not in " MANIFEST_SUMS_NAME);
    else
        verify_report_note(w->r, &at, "not written by azdal, not checked");
    buf_free(&path);
    return ret;
}

int verify_folder(const struct verify_sums *s, const char *folder, struct verify_report *r,
                  struct err *e)
{
    struct walk w = {s, r, folder, "", 0, e};

    return sys_list(folder, visit, &w, e);
}
