#include "detect/assignments.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "detect/scope.h"
#include "export/export_path.h"
#include "export/verify_names.h"
#include "read/event.h"
#include "read/event_splitter.h"

#include <stdlib.h>
#include <string.h>

/* "<scope>[|<a>[|<b>]]" in lower case, replacing *key. */
static struct slice make_key(struct buf *key, const char *scope, const char *a, const char *b)
{
    buf_clear(key);
    text_put_lower(key, scope_trim(slice_of(scope)));
    if (a != NULL) {
        buf_putc(key, '|');
        text_put_lower(key, slice_of(a));
    }
    if (b != NULL) {
        buf_putc(key, '|');
        text_put_lower(key, slice_of(b));
    }
    return buf_slice(key);
}

/* The last part of an id in a JSON value, a GUID in lower case with dashes; NULL when absent. */
static char *id_of(struct slice value, struct buf *hold)
{
    char guid[SCOPE_GUID_MAX];
    struct slice text;

    if (event_value_text(value, hold, &text) != 1)
        return NULL;
    text = scope_last(text);
    return scope_guid(text, guid) ? mem_strdup(guid) : slice_dup(text);
}

/* Add one assignment; what is no assignment is passed over. */
static void add_row(struct assignments *s, struct slice object)
{
    struct slice properties = json_get_nocase(object, "properties"), id, text, scope, name;
    struct buf hold = {0}, key = {0};
    struct assignment_row *row;
    char *at, *called;

    if (event_value_text(json_get_nocase(object, "id"), &hold, &id) == 1 &&
        scope_split(id, "Microsoft.Authorization/roleAssignments", &scope, &name)) {
        called = slice_dup(name);
        at = slice_dup(scope);
        if (event_value_text(json_get_nocase(properties, "scope"), &hold, &text) == 1) {
            free(at);
            at = slice_dup(scope_trim(text));
        }
        s->rows = mem_grow(s->rows, s->n, &s->cap, sizeof(*s->rows));
        row = &s->rows[s->n];
        row->role = id_of(json_get_nocase(properties, "roleDefinitionId"), &hold);
        row->principal = id_of(json_get_nocase(properties, "principalId"), &hold);
        row->principal_type = json_string_dup(json_get_nocase(properties, "principalType"));
        hash_map_put(&s->by_name, make_key(&key, at, called, NULL), s->n);
        hash_map_put(&s->filled, make_key(&key, at, NULL, NULL), s->n);
        if (row->role != NULL && row->principal != NULL)
            hash_map_put(&s->by_grant, make_key(&key, at, row->role, row->principal), s->n);
        s->n++;
        free(called);
        free(at);
    }
    buf_free(&hold);
    buf_free(&key);
}

/* Note which scopes were read whole. */
static void list_scopes(struct assignments *s)
{
    const struct manifest *m = s->manifest;
    struct buf key = {0};
    size_t i;

    for (i = 0; i < m->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *a = &m->assignment_scopes[i];

        if (a->kept_from != 0 || strcmp(a->status, "complete") == 0)
            hash_map_put(&s->read, make_key(&key, a->scope, NULL, NULL), i);
    }
    buf_free(&key);
}

/* Read all of the list. */
static void read_rows(struct assignments *s, struct splitter *z, struct buf *damage)
{
    struct splitter_damage d;
    struct event ev;
    uint64_t line;

    for (;;) {
        switch (splitter_next(z, &ev, &line, &d)) {
        case SPLITTER_END:
            return;
        case SPLITTER_EVENT:
        case SPLITTER_OTHER:
            add_row(s, ev.raw);
            break;
        case SPLITTER_DAMAGE:
            if (damage->len == 0)
                buf_printf(damage, "line %llu: %s", (unsigned long long)d.line, d.why);
            break;
        }
    }
}

/* The digest that the list must have: the manifest's, or where an older one has none, the one in
 * SHA256SUMS. Returns whether it is known. */
static int get_digest(const struct input_export *x, char hex[HASH_HEX_MAX])
{
    const struct manifest_file *data = x->manifest.assignments_data;
    struct verify_report *ignored;
    struct verify_sums sums = {0};
    const struct verify_sum *sum;
    struct err e;

    if (data != NULL) {
        memcpy(hex, data->sha256, HASH_HEX_MAX);
        return 1;
    }
    ignored = verify_report_new();
    (void)verify_sums_load(&sums, x->dir, ignored, &e);
    sum = verify_sums_find(&sums, x->manifest.assignments_file);
    if (sum != NULL)
        memcpy(hex, sum->sha256, HASH_HEX_MAX);
    verify_sums_free(&sums);
    verify_report_free(ignored);
    return sum != NULL;
}

/* Open the list if it is the one that was exported. */
static struct unpack *open_list(const struct input_export *x, struct err *e)
{
    const char *name = x->manifest.assignments_file;
    char hex[HASH_HEX_MAX], right[HASH_HEX_MAX];
    struct err ignored;
    int fd;

    if (!export_path_is_safe(name) || sys_dir_kind(x->dir, name) == SYS_MISSING) {
        (void)err_set(e, ERR_UNTRUSTED, "is missing, but the manifest names it");
        return NULL;
    }
    fd = sys_dir_file(x->dir, name, SYS_READ, e);
    if (fd < 0)
        return NULL;
    if (hash_fd(fd, name, hex, e) == 0) {
        if (get_digest(x, right) && strcmp(hex, right) == 0)
            return unpack_open_fd(fd, name);
        (void)err_set(e, ERR_UNTRUSTED, "not used: its SHA-256 is not the one in " MANIFEST_NAME);
    }
    (void)sys_close(fd, name, &ignored);
    return NULL;
}

void assignments_load(struct assignments *s, const struct input_export *x, struct buf *damage)
{
    const struct manifest *m = &x->manifest;
    struct unpack *source = NULL;
    struct splitter *z = NULL;
    struct err reason = {0};

    memset(s, 0, sizeof(*s));
    if (!m->has_assignments)
        return;
    s->manifest = m;
    list_scopes(s);
    if (m->assignments_file == NULL)
        return;
    source = open_list(x, &reason);
    if (source == NULL) {
        buf_puts(damage, reason.msg);
    } else {
        z = splitter_new(source, 1, 1);
        read_rows(s, z, damage);
        splitter_free(z);
        unpack_close(source);
    }
    /* What is missing from a damaged list proves nothing. */
    if (damage->len > 0)
        s->manifest = NULL;
}

void assignments_free(struct assignments *s)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        free(s->rows[i].role);
        free(s->rows[i].principal);
        free(s->rows[i].principal_type);
    }
    free(s->rows);
    hash_map_free(&s->by_name);
    hash_map_free(&s->by_grant);
    hash_map_free(&s->filled);
    hash_map_free(&s->read);
    memset(s, 0, sizeof(*s));
}

/* The number stored in a map under the key of these parts, or HASH_MAP_NONE. */
static size_t look_up(const struct hash_map *m, const char *scope, const char *a, const char *b)
{
    struct buf key = {0};
    size_t i = hash_map_get(m, make_key(&key, scope, a, b));

    buf_free(&key);
    return i;
}

const struct assignment_row *assignments_find(const struct assignments *s, const char *scope,
                                              const char *name)
{
    size_t i = look_up(&s->by_name, scope, name, NULL);

    return i == HASH_MAP_NONE ? NULL : &s->rows[i];
}

int assignments_holds(const struct assignments *s, const char *scope, const char *role,
                      const char *principal)
{
    return look_up(&s->by_grant, scope, role, principal) != HASH_MAP_NONE;
}

int64_t assignments_read_at(const struct assignments *s, const char *scope, int *kept)
{
    size_t i = look_up(&s->read, scope, NULL, NULL);
    int64_t from = i == HASH_MAP_NONE ? 0 : s->manifest->assignment_scopes[i].kept_from;

    *kept = from != 0;
    return from != 0 ? from : s->manifest->assignments_read_at;
}

enum assignments_absent assignments_absent(const struct assignments *s, const char *scope,
                                           int64_t time)
{
    int kept;

    if (s->manifest == NULL || time > assignments_read_at(s, scope, &kept) ||
        look_up(&s->read, scope, NULL, NULL) == HASH_MAP_NONE)
        return ASSIGNMENTS_UNKNOWN;
    return look_up(&s->filled, scope, NULL, NULL) == HASH_MAP_NONE ? ASSIGNMENTS_EMPTY
                                                                   : ASSIGNMENTS_REMOVED;
}
