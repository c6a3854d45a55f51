#include "store/kept_assignments.h"

#include "base/hash_map.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "export/fragment.h"
#include "export/gzip_file.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of an older list whose length no manifest says. */
#define KEPT_BYTES_MAX (UINT64_C(64) << 20)

/* One assignment. */
struct row {
    char *id; /* lower case */
    struct slice line;
};

struct rows {
    struct row *all;
    size_t n, cap;
};

/* ---- which scopes are kept ---- */

/* The entry of a scope in *m, or NULL. */
static struct manifest_assignment_scope *find_scope(struct manifest *m, const char *scope)
{
    size_t i;

    for (i = 0; i < m->nassignment_scopes; i++) {
        if (slice_equals_nocase(slice_of(scope), m->assignment_scopes[i].scope))
            return &m->assignment_scopes[i];
    }
    return NULL;
}

/* An entry for a scope that is not listed any more. */
static struct manifest_assignment_scope *add_scope(struct manifest *m, const char *scope)
{
    size_t cap = m->nassignment_scopes;
    struct manifest_assignment_scope *s;

    m->assignment_scopes =
        mem_grow(m->assignment_scopes, m->nassignment_scopes, &cap, sizeof(*m->assignment_scopes));
    s = &m->assignment_scopes[m->nassignment_scopes++];
    memset(s, 0, sizeof(*s));
    s->scope = mem_strdup(scope);
    s->status = mem_strdup("unavailable");
    s->error_code = mem_strdup("NotListed");
    s->error_message = mem_strdup("the scope is not among those that this account sees any more");
    return s;
}

/* Mark what is kept; *kept gets the names. */
static int mark_scopes(const struct manifest *base, struct manifest *m, struct hash_map *kept)
{
    int n = 0;
    size_t i;

    for (i = 0; i < base->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *old = &base->assignment_scopes[i];
        struct manifest_assignment_scope *s = find_scope(m, old->scope);
        char *key;

        if ((old->kept_from == 0 &&
             (strcmp(old->status, "complete") != 0 || old->error_code != NULL)) ||
            (s != NULL && strcmp(s->status, "complete") == 0 && s->error_code == NULL))
            continue;
        s = s == NULL ? add_scope(m, old->scope) : s;
        if (strcmp(s->status, "complete") == 0) {
            free(s->status); /* it had some: an empty list is none */
            s->status = mem_strdup("forbidden");
            m->complete = 0;
        }
        s->kept_from = old->kept_from != 0 ? old->kept_from : base->assignments_read_at;
        key = text_lower_dup(slice_of(old->scope));
        hash_map_put(kept, slice_of(key), i);
        free(key);
        n++;
    }
    return n;
}

/* ---- lines ---- */

/* The text of the list in the published file, whose digest was checked when DIR was opened. */
static int read_list(const struct journal *j, struct buf *text, struct err *e)
{
    const struct manifest_file *data = j->base.assignments_data;
    const char *name = j->base.assignments_file;
    struct manifest_window w = {.offset = GZIP_FILE_HEADER};
    int fd = sys_dir_file(j->root, name, SYS_READ, e), more = -1;
    struct fragment *f;
    struct err ignored;
    uint64_t size = 0;

    if (fd >= 0 && sys_file_size(fd, &size, name, e) == 0) {
        w.deflated = size < GZIP_FILE_HEADER + GZIP_FILE_TRAILER
                         ? 0
                         : size - GZIP_FILE_HEADER - GZIP_FILE_TRAILER;
        w.plain = data != NULL ? data->content_bytes : KEPT_BYTES_MAX;
        f = fragment_open(fd, name, &w);
        while ((more = w.deflated == 0 ? 0 : fragment_read(f, text, e)) == 1)
            ;
        fragment_close(f);
    }
    (void)sys_close(fd, name, &ignored);
    return more < 0 ? err_wrap(e, "%s/%s", j->dir, name) : 0;
}

/* Where an assignment stands, in lower case and new memory. */
static char *scope_of(struct slice line)
{
    char *scope = json_string_dup(json_get_nocase(json_get_nocase(line, "properties"), "scope"));

    if (scope != NULL)
        text_to_lower(scope);
    return scope;
}

/* Add the lines of a text, all or only those at certain scopes. */
static void add_rows(struct rows *r, struct slice text, const struct hash_map *only)
{
    const char *end;

    for (; (end = memchr(text.data, '\n', text.len)) != NULL;) {
        struct slice line = {text.data, (size_t)(end - text.data)};
        char *scope = only == NULL ? NULL : scope_of(line);
        char *id = json_string_dup(json_get_nocase(line, "id"));

        text.data += line.len + 1;
        text.len -= line.len + 1;
        if (id != NULL && (only == NULL || (scope != NULL && hash_map_get(only, slice_of(scope)) !=
                                                                 HASH_MAP_NONE))) {
            text_to_lower(id);
            r->all = mem_grow(r->all, r->n, &r->cap, sizeof(*r->all));
            r->all[r->n++] = (struct row){id, line};
        } else {
            free(id);
        }
        free(scope);
    }
}

/* For qsort: by id; of one id the one that was added first. */
static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order != 0 ? order : (x->line.data > y->line.data) - (x->line.data < y->line.data);
}

/* Put *old's lines at the kept scopes between those of *lines, which count where both have one. */
static void merge(struct buf *lines, const struct buf *old, const struct hash_map *kept)
{
    struct buf both = {0};
    struct rows r = {0};
    size_t first = lines->len, i;
    int anew = 0;

    buf_append(&both, lines->data, lines->len);
    buf_append(&both, old->data, old->len);
    add_rows(&r, (struct slice){both.data, first}, NULL);
    add_rows(&r, (struct slice){both.data + first, both.len - first}, kept);
    if (r.n > 0)
        qsort(r.all, r.n, sizeof(*r.all), compare_rows);
    buf_clear(lines);
    for (i = 0; i < r.n; i++) {
        int is_old = r.all[i].line.data >= both.data + first;

        if (i == 0 || strcmp(r.all[i].id, r.all[i - 1].id) != 0)
            anew = !is_old;
        if (is_old && anew)
            continue;
        buf_append(lines, r.all[i].line.data, r.all[i].line.len);
        buf_putc(lines, '\n');
    }
    for (i = 0; i < r.n; i++)
        free(r.all[i].id);
    free(r.all);
    buf_free(&both);
}

int kept_assignments_add(const struct journal *j, struct manifest *m, struct buf *lines,
                         struct err *e)
{
    struct hash_map kept = {0};
    struct buf old = {0};
    int n = 0;

    if (j->updating && j->base.assignments_file != NULL)
        n = mark_scopes(&j->base, m, &kept);
    if (n > 0 && read_list(j, &old, e) != 0)
        n = -1;
    if (n > 0 && old.len > 0)
        merge(lines, &old, &kept);
    hash_map_free(&kept);
    buf_free(&old);
    return n;
}
