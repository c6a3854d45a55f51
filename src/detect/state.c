#include "detect/state.h"

#include "detect/scope.h"
#include "read/event.h"
#include "read/event_splitter.h"

#include <stdlib.h>
#include <string.h>

/* Append text in lower case. */
static int put_lower(struct buf *b, struct slice s)
{
    size_t i;

    for (i = 0; i < s.len; i++) {
        char c = s.data[i];

        if (buf_putc(b, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c) != 0)
            return -1;
    }
    return 0;
}

/* "<scope>|<a>[|<b>]" in lower case, replacing *key. */
static int make_key(struct buf *key, const char *scope, const char *a, const char *b)
{
    buf_clear(key);
    if (put_lower(key, scope_trim(slice_of(scope))) != 0 || buf_putc(key, '|') != 0 ||
        put_lower(key, slice_of(a)) != 0)
        return -1;
    return b == NULL ? 0 : buf_putc(key, '|') != 0 || put_lower(key, slice_of(b)) != 0 ? -1 : 0;
}

/* The last part of an id in a JSON value, a GUID in lower case with dashes; NULL when absent. */
static char *id_of(struct slice value, struct buf *hold)
{
    char guid[SCOPE_GUID_MAX];
    struct slice text;

    if (event_value_text(value, hold, &text) != 1)
        return NULL;
    text = scope_last(text);
    return scope_guid(text, guid) ? slice_dup(slice_of(guid)) : slice_dup(text);
}

/* Add one assignment; what is no assignment is passed over. */
static int add_row(struct state *s, struct slice object)
{
    struct slice properties = json_get_nocase(object, "properties"), id, text, scope, name;
    struct state_row row = {NULL, NULL, NULL};
    struct buf hold = {0}, key = {0};
    char *at = NULL, *called = NULL;
    int ret = 0;

    if (event_value_text(json_get_nocase(object, "id"), &hold, &id) != 1 ||
        !scope_split(id, "Microsoft.Authorization/roleAssignments", &scope, &name))
        goto out;
    called = slice_dup(name);
    at = slice_dup(scope);
    if (event_value_text(json_get_nocase(properties, "scope"), &hold, &text) == 1) {
        free(at);
        at = slice_dup(scope_trim(text));
    }
    row.role = id_of(json_get_nocase(properties, "roleDefinitionId"), &hold);
    row.principal = id_of(json_get_nocase(properties, "principalId"), &hold);
    row.principal_type = json_string_dup(json_get_nocase(properties, "principalType"));
    ret = -1;
    if (called == NULL || at == NULL || make_key(&key, at, called, NULL) != 0)
        goto out;
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 64 : s->cap * 2;
        struct state_row *rows = realloc(s->rows, cap * sizeof(*rows));

        if (rows == NULL)
            goto out;
        s->rows = rows;
        s->cap = cap;
    }
    if (map_put(&s->by_name, buf_slice(&key), s->n) != 0)
        goto out;
    if (row.role != NULL && row.principal != NULL &&
        (make_key(&key, at, row.role, row.principal) != 0 ||
         map_put(&s->by_gift, buf_slice(&key), s->n) != 0))
        goto out;
    s->rows[s->n++] = row;
    memset(&row, 0, sizeof(row));
    ret = 0;
out:
    free(row.role);
    free(row.principal);
    free(row.principal_type);
    free(called);
    free(at);
    buf_free(&hold);
    buf_free(&key);
    return ret;
}

/* Read all of the list from a slicer. */
static int read_rows(struct state *s, struct splitter *z, struct buf *damage, struct err *e)
{
    struct splitter_damage d;
    struct event ev;
    uint64_t line;

    for (;;) {
        switch (splitter_next(z, &ev, &line, &d, e)) {
        case SPLITTER_END:
            return 0;
        case SPLITTER_EVENT:
        case SPLITTER_OTHER:
            if (add_row(s, ev.raw) != 0)
                return err_memory(e, "role assignments");
            break;
        case SPLITTER_DAMAGE:
            if (damage->len == 0 &&
                buf_printf(damage, "line %llu: %s", (unsigned long long)d.line, d.why) != 0)
                return err_memory(e, "role assignments");
            break;
        default:
            return -1;
        }
    }
}

int state_load(struct state *s, const struct input_export *x, struct buf *damage, struct err *e)
{
    const struct manifest *m = &x->manifest;
    struct unpack *source = NULL;
    struct splitter *z = NULL;
    struct err reason = {0};
    int missing, ret = -1;
    char *path;

    memset(s, 0, sizeof(*s));
    if (!m->has_assignments)
        return 0;
    s->manifest = m;
    if (m->assignments_file == NULL)
        return 0;
    path = input_path_inside(x->folder, m->assignments_file, &missing);
    source = path == NULL ? NULL : unpack_open(path, 1, &reason);
    if (source == NULL) {
        ret = buf_puts(damage,
                       path == NULL ? "is missing, but the manifest names it" : reason.msg) != 0
                  ? err_memory(e, "role assignments")
                  : 0;
        goto out;
    }
    z = splitter_new(source, 1);
    if (z == NULL)
        (void)err_memory(e, "role assignments");
    else
        ret = read_rows(s, z, damage, e);
out:
    splitter_free(z);
    unpack_close(source);
    free(path);
    /* What is missing from a damaged list proves nothing. */
    if (ret == 0 && damage->len > 0)
        s->manifest = NULL;
    return ret;
}

void state_free(struct state *s)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        free(s->rows[i].role);
        free(s->rows[i].principal);
        free(s->rows[i].principal_type);
    }
    free(s->rows);
    map_free(&s->by_name);
    map_free(&s->by_gift);
    memset(s, 0, sizeof(*s));
}

const struct state_row *state_find(const struct state *s, const char *scope, const char *name)
{
    struct buf key = {0};
    size_t i = MAP_NONE;

    if (make_key(&key, scope, name, NULL) == 0)
        i = map_get(&s->by_name, buf_slice(&key));
    buf_free(&key);
    return i == MAP_NONE ? NULL : &s->rows[i];
}

int state_holds(const struct state *s, const char *scope, const char *role, const char *principal)
{
    struct buf key = {0};
    size_t i = MAP_NONE;

    if (make_key(&key, scope, role, principal) == 0)
        i = map_get(&s->by_gift, buf_slice(&key));
    buf_free(&key);
    return i != MAP_NONE;
}

int state_covers(const struct state *s, const char *scope, int64_t time)
{
    const struct manifest *m = s->manifest;
    size_t i;

    if (m == NULL || time > m->assignments_read_at)
        return 0;
    for (i = 0; i < m->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *a = &m->assignment_scopes[i];

        if (scope_same(slice_of(a->scope), slice_of(scope)))
            return strcmp(a->status, "complete") == 0;
    }
    return 0;
}
