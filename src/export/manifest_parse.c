#include "export/manifest.h"

#include "base/json.h"
#include "base/json_table.h"
#include "base/mem.h"
#include "export/manifest_members.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * The objects of a manifest, inside out: each has a table of its members and a reader.
 */

/* The server's own words, or null. */
static int read_error(struct slice text, char **code, char **message,
                      const struct json_table_place *up, struct err *e)
{
    struct words {
        char *code, *message;
    } w = {0};
    static const struct json_table_row table[] = {
        {"code", JSON_TABLE_TEXT_NULL, offsetof(struct words, code)},
        {"message", JSON_TABLE_TEXT_NULL, offsetof(struct words, message)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    struct json_table_place at = {up, "error", 0};
    int ret = 0;

    if (json_kind(text) != JSON_NULL)
        ret = json_table_object(text, table, &w, &at, e);
    *code = w.code;
    *message = w.message;
    return ret;
}

/* Size and digests of a file. */
static int read_data(struct manifest_file *f, struct slice text, const struct json_table_place *at,
                     struct err *e)
{
    struct file {
        struct manifest_file f;
        struct slice content;
    } in = {.f = *f};
    static const struct json_table_row table[] = {
        {"bytes", JSON_TABLE_COUNT, offsetof(struct file, f.bytes)},
        {"sha256", JSON_TABLE_SHA256, offsetof(struct file, f.sha256)},
        {"content", JSON_TABLE_OBJECT, offsetof(struct file, content)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    static const struct json_table_row content_table[] = {
        {"bytes", JSON_TABLE_COUNT, offsetof(struct manifest_file, content_bytes)},
        {"sha256", JSON_TABLE_SHA256, offsetof(struct manifest_file, content_sha256)},
        {"lines", JSON_TABLE_COUNT, offsetof(struct manifest_file, content_lines)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    struct json_table_place inside = {at, "content", 0};
    int ret = json_table_object(text, table, &in, at, e);

    *f = in.f;
    return ret == 0 ? json_table_object(in.content, content_table, f, &inside, e) : ret;
}

static int read_file(void *item, struct slice text, const struct json_table_place *at, void *arg,
                     struct err *e)
{
    static const struct json_table_row table[] = {
        {"path", JSON_TABLE_TEXT, offsetof(struct manifest_file, path)},
        {NULL, JSON_TABLE_TEXT, 0},
    };

    (void)arg;
    return json_table_object(text, table, item, at, e) != 0 ? -1 : read_data(item, text, at, e);
}

/* Files of a scope in the order of their paths, to find a window's. */
struct file_order {
    const struct manifest_file **sorted;
    const struct manifest_file *first;
    size_t n;
};

static int compare_files(const void *a, const void *b)
{
    const struct manifest_file *const *left = a, *const *right = b;

    return strcmp((*left)->path, (*right)->path);
}

static int compare_path(const void *path, const void *file)
{
    const struct manifest_file *const *f = file;

    return strcmp(path, (*f)->path);
}

/* A window as it is written. */
struct window_text {
    struct manifest_window w;
    char *file, *closed;
    struct slice request_ids;
};

/* Turn the texts of a window into its numbers. */
static int finish_window(struct window_text *in, const struct file_order *order,
                         const struct json_table_place *at, struct err *e)
{
    const struct manifest_file *const *found;

    in->w.file = -1;
    if (in->file != NULL) {
        found = order->n == 0 ? NULL
                              : bsearch(in->file, order->sorted, order->n, sizeof(*order->sorted),
                                        compare_path);
        if (found == NULL)
            return json_table_fail(at, "file", "not a file of this scope", e);
        in->w.file = (int)(*found - order->first);
    }
    if (strcmp(in->closed, "drained") != 0 && strcmp(in->closed, "ordered") != 0)
        return json_table_fail(at, "closed", "neither drained nor ordered", e);
    in->w.closed = in->closed[0] == 'd' ? MANIFEST_DRAINED : MANIFEST_ORDERED;
    return 0;
}

static int read_window(void *item, struct slice text, const struct json_table_place *at, void *arg,
                       struct err *e)
{
#define AT(member) offsetof(struct window_text, member)
    static const struct json_table_row table[] = {
        {"from", JSON_TABLE_TIME, AT(w.from)},
        {"to", JSON_TABLE_TIME, AT(w.to)},
        {"events", JSON_TABLE_COUNT, AT(w.events)},
        {"file", JSON_TABLE_TEXT_NULL, AT(file)},
        {"offset", JSON_TABLE_COUNT, AT(w.offset)},
        {"deflated", JSON_TABLE_COUNT, AT(w.deflated)},
        {"plain", JSON_TABLE_COUNT, AT(w.plain)},
        {"crc32", JSON_TABLE_CRC32, AT(w.crc)},
        {"askedAt", JSON_TABLE_TIME_NULL, AT(w.asked_at)},
        {"closed", JSON_TABLE_TEXT, AT(closed)},
        {"resumedFrom", JSON_TABLE_TIME_IF_THERE, AT(w.resumed_from)},
        {"requestIds", JSON_TABLE_ARRAY, AT(request_ids)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
#undef AT
    struct window_text in = {0};
    int ret = json_table_object(text, table, &in, at, e);

    if (ret == 0)
        ret = finish_window(&in, arg, at, e);
    if (ret == 0)
        ret = json_table_texts(in.request_ids, "requestIds", &in.w.request_ids, &in.w.nrequest_ids,
                               at, e);
    *(struct manifest_window *)item = in.w;
    free(in.file);
    free(in.closed);
    return ret;
}

/* Sort the scope's files by path; two of one path would make the ledger ambiguous. */
static int order_files(const struct manifest_scope *s, struct file_order *o,
                       const struct json_table_place *at, struct err *e)
{
    size_t i;

    if (s->nfiles > INT_MAX)
        return json_table_fail(at, "files", "too many", e);
    o->first = s->files;
    o->n = s->nfiles;
    o->sorted = mem_zalloc(s->nfiles + 1, sizeof(*o->sorted));
    for (i = 0; i < s->nfiles; i++)
        o->sorted[i] = &s->files[i];
    qsort(o->sorted, o->n, sizeof(*o->sorted), compare_files);
    for (i = 1; i < o->n; i++) {
        if (compare_files(&o->sorted[i - 1], &o->sorted[i]) == 0)
            return json_table_fail(at, "files", "one path twice", e);
    }
    return 0;
}

static int read_scope(void *item, struct slice text, const struct json_table_place *at, void *arg,
                      struct err *e)
{
    struct scope {
        struct manifest_scope s;
        struct slice error, files, windows;
    } in = {0};
#define AT(member) offsetof(struct scope, member)
    static const struct json_table_row table[] = {
        {"scope", JSON_TABLE_TEXT, AT(s.scope)},
        {"status", JSON_TABLE_TEXT, AT(s.status)},
        {"error", JSON_TABLE_OBJECT_NULL, AT(error)},
        {"settledUntil", JSON_TABLE_TIME_NULL, AT(s.settled_until)},
        {"events", JSON_TABLE_COUNT, AT(s.events)},
        {"firstEvent", JSON_TABLE_TIME_NULL, AT(s.first_event)},
        {"lastEvent", JSON_TABLE_TIME_NULL, AT(s.last_event)},
        {"duplicatesDropped", JSON_TABLE_COUNT, AT(s.duplicates_dropped)},
        {"conflictingIds", JSON_TABLE_COUNT, AT(s.conflicting_ids)},
        {"outsideRange", JSON_TABLE_COUNT, AT(s.outside_range)},
        {"requests", JSON_TABLE_COUNT, AT(s.requests)},
        {"retries", JSON_TABLE_COUNT, AT(s.retries)},
        {"rightShown", JSON_TABLE_BOOL_IF_THERE, AT(s.right)},
        {"files", JSON_TABLE_ARRAY, AT(files)},
        {"windows", JSON_TABLE_ARRAY, AT(windows)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
#undef AT
    struct manifest_scope *s = item;
    struct file_order order = {0};
    const struct json_table_reader file_reader = {read_file, "files", sizeof(*s->files), NULL};
    const struct json_table_reader window_reader = {read_window, "windows", sizeof(*s->windows),
                                                    &order};
    void *files = NULL, *windows = NULL;
    int ret;

    (void)arg;
    in.s.right = MANIFEST_RIGHT_UNSAID;
    ret = json_table_object(text, table, &in, at, e);
    *s = in.s;
    s->right_unsaid = s->right == MANIFEST_RIGHT_UNSAID;
    if (s->right_unsaid)
        s->right = MANIFEST_RIGHT_UNKNOWN;
    if (ret != 0)
        return ret;
    ret = read_error(in.error, &s->error_code, &s->error_message, at, e);
    if (ret == 0)
        ret = json_table_array(in.files, &files, &s->nfiles, &file_reader, at, e);
    s->files = files;
    if (ret == 0)
        ret = order_files(s, &order, at, e);
    if (ret == 0)
        ret = json_table_array(in.windows, &windows, &s->nwindows, &window_reader, at, e);
    s->windows = windows;
    free(order.sorted);
    return ret;
}

static int read_assignment_scope(void *item, struct slice text, const struct json_table_place *at,
                                 void *arg, struct err *e)
{
    struct scope {
        struct manifest_assignment_scope s;
        struct slice error;
    } in = {0};
    static const struct json_table_row table[] = {
        {"scope", JSON_TABLE_TEXT, offsetof(struct scope, s.scope)},
        {"status", JSON_TABLE_TEXT, offsetof(struct scope, s.status)},
        {"error", JSON_TABLE_OBJECT_NULL, offsetof(struct scope, error)},
        {"keptFrom", JSON_TABLE_TIME_IF_THERE, offsetof(struct scope, s.kept_from)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    struct manifest_assignment_scope *s = item;
    int ret = json_table_object(text, table, &in, at, e);

    (void)arg;
    *s = in.s;
    return ret == 0 ? read_error(in.error, &s->error_code, &s->error_message, at, e) : ret;
}

/* Whether the manifest says what the file of role assignments holds: those of earlier versions do
 * not. Of the three members all must be there, or none. */
static int has_data(struct slice text)
{
    return json_kind(json_get(text, "bytes")) != JSON_NONE ||
           json_kind(json_get(text, "sha256")) != JSON_NONE ||
           json_kind(json_get(text, "content")) != JSON_NONE;
}

/* roleAssignments, when it is not null. */
static int read_assignments(struct manifest *m, struct slice text, struct err *e)
{
    struct assignments {
        char *file;
        int64_t read_at;
        struct slice scopes;
    } in = {0};
    static const struct json_table_row table[] = {
        {"file", JSON_TABLE_TEXT_NULL, offsetof(struct assignments, file)},
        {"readAt", JSON_TABLE_TIME_NULL, offsetof(struct assignments, read_at)},
        {"scopes", JSON_TABLE_ARRAY, offsetof(struct assignments, scopes)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    static const struct json_table_reader reader = {read_assignment_scope, "scopes",
                                                    sizeof(struct manifest_assignment_scope), NULL};
    struct json_table_place at = {NULL, "roleAssignments", 0};
    void *scopes = NULL;
    int ret;

    if (json_kind(text) == JSON_NULL)
        return 0;
    m->has_assignments = 1;
    ret = json_table_object(text, table, &in, &at, e);
    m->assignments_file = in.file;
    m->assignments_read_at = in.read_at;
    if (ret == 0 && has_data(text)) {
        m->assignments_data = mem_zalloc(1, sizeof(*m->assignments_data));
        ret = read_data(m->assignments_data, text, &at, e);
    }
    if (ret == 0)
        ret = json_table_array(in.scopes, &scopes, &m->nassignment_scopes, &reader, &at, e);
    m->assignment_scopes = scopes;
    return ret;
}

static int read_query(struct manifest *m, struct slice text, struct err *e)
{
    struct query {
        int64_t since, until;
        struct slice scopes;
        int clamped, strict;
    } in = {0};
    static const struct json_table_row table[] = {
        {"since", JSON_TABLE_TIME, offsetof(struct query, since)},
        {"until", JSON_TABLE_TIME, offsetof(struct query, until)},
        {"scopes", JSON_TABLE_ARRAY, offsetof(struct query, scopes)},
        {"clamped", JSON_TABLE_BOOL, offsetof(struct query, clamped)},
        {"strict", JSON_TABLE_BOOL, offsetof(struct query, strict)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    struct json_table_place at = {NULL, "query", 0};
    int ret = json_table_object(text, table, &in, &at, e);

    m->since = in.since;
    m->until = in.until;
    m->clamped = in.clamped;
    m->strict = in.strict;
    if (ret == 0)
        ret = json_table_texts(in.scopes, "scopes", &m->scopes_asked, &m->nscopes_asked, &at, e);
    return ret;
}

/* identity, when it is not null. */
static int read_identity(struct manifest *m, struct slice text, struct err *e)
{
    static const struct json_table_row table[] = {
        {"tenantId", JSON_TABLE_TEXT_NULL, offsetof(struct manifest, tenant_id)},
        {"objectId", JSON_TABLE_TEXT_NULL, offsetof(struct manifest, object_id)},
        {"name", JSON_TABLE_TEXT_NULL, offsetof(struct manifest, name)},
        {"appId", JSON_TABLE_TEXT_NULL, offsetof(struct manifest, app_id)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    struct json_table_place at = {NULL, "identity", 0};

    return json_kind(text) == JSON_NULL ? 0 : json_table_object(text, table, m, &at, e);
}

/* The whole document into the empty *m; the caller frees it on failure. */
static int read_manifest(struct manifest *m, struct slice text, struct err *e)
{
    struct document {
        struct manifest m;
        int64_t schema;
        char *verdict;
        struct slice identity, query, assignments, scopes;
    } in = {0};
#define AT(member) offsetof(struct document, member)
    static const struct json_table_row table[] = {
        {"schema", JSON_TABLE_INTEGER, AT(schema)},
        {"tool", JSON_TABLE_TEXT, AT(m.tool)},
        {"started", JSON_TABLE_TIME, AT(m.started)},
        {"finished", JSON_TABLE_TIME, AT(m.finished)},
        {"endpoint", JSON_TABLE_TEXT, AT(m.endpoint)},
        {"identity", JSON_TABLE_OBJECT_NULL, AT(identity)},
        {"query", JSON_TABLE_OBJECT, AT(query)},
        {"clockSkewSeconds", JSON_TABLE_INTEGER, AT(m.clock_skew_s)},
        {"verdict", JSON_TABLE_TEXT, AT(verdict)},
        {"roleAssignments", JSON_TABLE_OBJECT_NULL, AT(assignments)},
        {"scopes", JSON_TABLE_ARRAY, AT(scopes)},
        {NULL, JSON_TABLE_TEXT, 0},
    };
#undef AT
    static const struct json_table_reader reader = {read_scope, "scopes",
                                                    sizeof(struct manifest_scope), NULL};
    static const struct json_table_row schema_table[] = {
        {"schema", JSON_TABLE_INTEGER, 0},
        {NULL, JSON_TABLE_TEXT, 0},
    };
    void *scopes = NULL;
    int64_t schema = 0;
    int ret;

    /* A later schema may lack any of the other members: look at its number first. */
    if (json_table_object(text, schema_table, &schema, NULL, e) != 0)
        return -1;
    if (schema != MANIFEST_SCHEMA)
        return json_table_fail(NULL, "schema", "of another version of azdal", e);
    ret = json_table_object(text, table, &in, NULL, e);
    *m = in.m;
    m->schema = MANIFEST_SCHEMA;
    if (ret == 0 && strcmp(in.verdict, "COMPLETE") != 0 && strcmp(in.verdict, "INCOMPLETE") != 0)
        ret = json_table_fail(NULL, "verdict", "neither COMPLETE nor INCOMPLETE", e);
    m->complete = ret == 0 && in.verdict[0] == 'C';
    free(in.verdict);
    if (ret != 0 || read_identity(m, in.identity, e) != 0 || read_query(m, in.query, e) != 0 ||
        read_assignments(m, in.assignments, e) != 0)
        return -1;
    ret = json_table_array(in.scopes, &scopes, &m->nscopes, &reader, NULL, e);
    m->scopes = scopes;
    return ret;
}

/* Compare the text, which has so many members, with ours of the same manifest. */
static enum manifest_form compare_form(const struct manifest *m, struct slice text, size_t members)
{
    enum manifest_form form = MANIFEST_FORM_OTHER;
    struct buf ours = {0};
    struct err ignored;
    size_t known = 0;

    manifest_print(m, &ours);
    if (json_same(buf_slice(&ours), text))
        form = MANIFEST_FORM_OURS;
    else if (manifest_check_members(buf_slice(&ours), &known, &ignored) == 0 && members > known)
        form = MANIFEST_FORM_MORE;
    buf_free(&ours);
    return form;
}

int manifest_parse(struct manifest *m, struct slice text, struct err *e)
{
    struct slice document;
    size_t members = 0;

    memset(m, 0, sizeof(*m));
    if (json_check(text, &document, NULL, e) != 0) {
        e->code = ERR_FOREIGN;
        return -1;
    }
    if (read_manifest(m, document, e) != 0 || manifest_check_members(document, &members, e) != 0) {
        manifest_free(m);
        return -1;
    }
    m->form = compare_form(m, text, members);
    return 0;
}
