#include "base/manifest.h"

#include "base/fields.h"
#include "base/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * The objects of a manifest, inside out: each has a table of its members and a reader.
 */

/* The server's own words, or null. */
static int read_error(struct slice text, char **code, char **message, const struct fields_place *up,
                      struct err *e)
{
    struct words {
        char *code, *message;
    } w = {0};
    static const struct fields_row table[] = {
        {"code", FIELDS_TEXT_NULL, offsetof(struct words, code)},
        {"message", FIELDS_TEXT_NULL, offsetof(struct words, message)},
        {NULL, FIELDS_TEXT, 0},
    };
    struct fields_place at = {up, "error", 0};
    int ret = 0;

    if (json_kind(text) != JSON_NULL)
        ret = fields_object(text, table, &w, &at, e);
    *code = w.code;
    *message = w.message;
    return ret;
}

static int read_file(void *item, struct slice text, const struct fields_place *at, void *arg,
                     struct err *e)
{
    struct file {
        struct manifest_file f;
        struct slice content;
    } in = {0};
    static const struct fields_row table[] = {
        {"path", FIELDS_TEXT, offsetof(struct file, f.path)},
        {"bytes", FIELDS_COUNT, offsetof(struct file, f.bytes)},
        {"sha256", FIELDS_SHA256, offsetof(struct file, f.sha256)},
        {"content", FIELDS_OBJECT, offsetof(struct file, content)},
        {NULL, FIELDS_TEXT, 0},
    };
    static const struct fields_row content_table[] = {
        {"bytes", FIELDS_COUNT, offsetof(struct manifest_file, content_bytes)},
        {"sha256", FIELDS_SHA256, offsetof(struct manifest_file, content_sha256)},
        {"lines", FIELDS_COUNT, offsetof(struct manifest_file, content_lines)},
        {NULL, FIELDS_TEXT, 0},
    };
    struct fields_place inside = {at, "content", 0};
    int ret = fields_object(text, table, &in, at, e);

    (void)arg;
    *(struct manifest_file *)item = in.f;
    return ret == 0 ? fields_object(in.content, content_table, item, &inside, e) : ret;
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
                         const struct fields_place *at, struct err *e)
{
    const struct manifest_file *const *found;

    in->w.file = -1;
    if (in->file != NULL) {
        found = order->n == 0 ? NULL
                              : bsearch(in->file, order->sorted, order->n, sizeof(*order->sorted),
                                        compare_path);
        if (found == NULL)
            return fields_fail(at, "file", "not a file of this scope", e);
        in->w.file = (int)(*found - order->first);
    }
    if (strcmp(in->closed, "drained") != 0 && strcmp(in->closed, "ordered") != 0)
        return fields_fail(at, "closed", "neither drained nor ordered", e);
    in->w.closed = in->closed[0] == 'd' ? MANIFEST_DRAINED : MANIFEST_ORDERED;
    return 0;
}

static int read_window(void *item, struct slice text, const struct fields_place *at, void *arg,
                       struct err *e)
{
#define AT(member) offsetof(struct window_text, member)
    static const struct fields_row table[] = {
        {"from", FIELDS_TIME, AT(w.from)},
        {"to", FIELDS_TIME, AT(w.to)},
        {"events", FIELDS_COUNT, AT(w.events)},
        {"file", FIELDS_TEXT_NULL, AT(file)},
        {"offset", FIELDS_COUNT, AT(w.offset)},
        {"deflated", FIELDS_COUNT, AT(w.deflated)},
        {"plain", FIELDS_COUNT, AT(w.plain)},
        {"crc32", FIELDS_CRC32, AT(w.crc)},
        {"askedAt", FIELDS_TIME_NULL, AT(w.asked_at)},
        {"closed", FIELDS_TEXT, AT(closed)},
        {"requestIds", FIELDS_ARRAY, AT(request_ids)},
        {NULL, FIELDS_TEXT, 0},
    };
#undef AT
    struct window_text in = {0};
    int ret = fields_object(text, table, &in, at, e);

    if (ret == 0)
        ret = finish_window(&in, arg, at, e);
    if (ret == 0)
        ret = fields_texts(in.request_ids, "requestIds", &in.w.request_ids, &in.w.nrequest_ids, at,
                           e);
    *(struct manifest_window *)item = in.w;
    free(in.file);
    free(in.closed);
    return ret;
}

/* Sort the scope's files by path; two of one path would make the ledger ambiguous. */
static int order_files(const struct manifest_scope *s, struct file_order *o,
                       const struct fields_place *at, struct err *e)
{
    size_t i;

    if (s->nfiles > INT_MAX)
        return fields_fail(at, "files", "too many", e);
    o->first = s->files;
    o->n = s->nfiles;
    o->sorted = calloc(s->nfiles + 1, sizeof(*o->sorted));
    if (o->sorted == NULL)
        return err_memory(e, MANIFEST_NAME);
    for (i = 0; i < s->nfiles; i++)
        o->sorted[i] = &s->files[i];
    qsort(o->sorted, o->n, sizeof(*o->sorted), compare_files);
    for (i = 1; i < o->n; i++) {
        if (compare_files(&o->sorted[i - 1], &o->sorted[i]) == 0)
            return fields_fail(at, "files", "one path twice", e);
    }
    return 0;
}

static int read_scope(void *item, struct slice text, const struct fields_place *at, void *arg,
                      struct err *e)
{
    struct scope {
        struct manifest_scope s;
        struct slice error, files, windows;
    } in = {0};
#define AT(member) offsetof(struct scope, member)
    static const struct fields_row table[] = {
        {"scope", FIELDS_TEXT, AT(s.scope)},
        {"status", FIELDS_TEXT, AT(s.status)},
        {"error", FIELDS_OBJECT_NULL, AT(error)},
        {"settledUntil", FIELDS_TIME_NULL, AT(s.settled_until)},
        {"events", FIELDS_COUNT, AT(s.events)},
        {"firstEvent", FIELDS_TIME_NULL, AT(s.first_event)},
        {"lastEvent", FIELDS_TIME_NULL, AT(s.last_event)},
        {"duplicatesDropped", FIELDS_COUNT, AT(s.duplicates_dropped)},
        {"conflictingIds", FIELDS_COUNT, AT(s.conflicting_ids)},
        {"outsideRange", FIELDS_COUNT, AT(s.outside_range)},
        {"requests", FIELDS_COUNT, AT(s.requests)},
        {"retries", FIELDS_COUNT, AT(s.retries)},
        {"files", FIELDS_ARRAY, AT(files)},
        {"windows", FIELDS_ARRAY, AT(windows)},
        {NULL, FIELDS_TEXT, 0},
    };
#undef AT
    struct manifest_scope *s = item;
    struct file_order order = {0};
    const struct fields_reader file_reader = {read_file, sizeof(*s->files), NULL};
    const struct fields_reader window_reader = {read_window, sizeof(*s->windows), &order};
    void *files = NULL, *windows = NULL;
    int ret = fields_object(text, table, &in, at, e);

    (void)arg;
    *s = in.s;
    if (ret != 0)
        return ret;
    ret = read_error(in.error, &s->error_code, &s->error_message, at, e);
    if (ret == 0)
        ret = fields_array(in.files, "files", &files, &s->nfiles, &file_reader, at, e);
    s->files = files;
    if (ret == 0)
        ret = order_files(s, &order, at, e);
    if (ret == 0)
        ret = fields_array(in.windows, "windows", &windows, &s->nwindows, &window_reader, at, e);
    s->windows = windows;
    free(order.sorted);
    return ret;
}

static int read_assignment_scope(void *item, struct slice text, const struct fields_place *at,
                                 void *arg, struct err *e)
{
    struct scope {
        struct manifest_assignment_scope s;
        struct slice error;
    } in = {0};
    static const struct fields_row table[] = {
        {"scope", FIELDS_TEXT, offsetof(struct scope, s.scope)},
        {"status", FIELDS_TEXT, offsetof(struct scope, s.status)},
        {"error", FIELDS_OBJECT_NULL, offsetof(struct scope, error)},
        {NULL, FIELDS_TEXT, 0},
    };
    struct manifest_assignment_scope *s = item;
    int ret = fields_object(text, table, &in, at, e);

    (void)arg;
    *s = in.s;
    return ret == 0 ? read_error(in.error, &s->error_code, &s->error_message, at, e) : ret;
}

/* roleAssignments, when it is not null. */
static int read_assignments(struct manifest *m, struct slice text, struct err *e)
{
    struct assignments {
        char *file;
        int64_t read_at;
        struct slice scopes;
    } in = {0};
    static const struct fields_row table[] = {
        {"file", FIELDS_TEXT_NULL, offsetof(struct assignments, file)},
        {"readAt", FIELDS_TIME_NULL, offsetof(struct assignments, read_at)},
        {"scopes", FIELDS_ARRAY, offsetof(struct assignments, scopes)},
        {NULL, FIELDS_TEXT, 0},
    };
    static const struct fields_reader reader = {read_assignment_scope,
                                                sizeof(struct manifest_assignment_scope), NULL};
    struct fields_place at = {NULL, "roleAssignments", 0};
    void *scopes = NULL;
    int ret;

    if (json_kind(text) == JSON_NULL)
        return 0;
    m->has_assignments = 1;
    ret = fields_object(text, table, &in, &at, e);
    m->assignments_file = in.file;
    m->assignments_read_at = in.read_at;
    if (ret == 0)
        ret = fields_array(in.scopes, "scopes", &scopes, &m->nassignment_scopes, &reader, &at, e);
    m->assignment_scopes = scopes;
    return ret;
}

/* query */
static int read_query(struct manifest *m, struct slice text, struct err *e)
{
    struct query {
        int64_t since, until;
        struct slice scopes;
        int clamped, strict;
    } in = {0};
    static const struct fields_row table[] = {
        {"since", FIELDS_TIME, offsetof(struct query, since)},
        {"until", FIELDS_TIME, offsetof(struct query, until)},
        {"scopes", FIELDS_ARRAY, offsetof(struct query, scopes)},
        {"clamped", FIELDS_BOOL, offsetof(struct query, clamped)},
        {"strict", FIELDS_BOOL, offsetof(struct query, strict)},
        {NULL, FIELDS_TEXT, 0},
    };
    struct fields_place at = {NULL, "query", 0};
    int ret = fields_object(text, table, &in, &at, e);

    m->since = in.since;
    m->until = in.until;
    m->clamped = in.clamped;
    m->strict = in.strict;
    if (ret == 0)
        ret = fields_texts(in.scopes, "scopes", &m->scopes_asked, &m->nscopes_asked, &at, e);
    return ret;
}

/* identity, when it is not null. */
static int read_identity(struct manifest *m, struct slice text, struct err *e)
{
    static const struct fields_row table[] = {
        {"tenantId", FIELDS_TEXT_NULL, offsetof(struct manifest, tenant_id)},
        {"objectId", FIELDS_TEXT_NULL, offsetof(struct manifest, object_id)},
        {"name", FIELDS_TEXT_NULL, offsetof(struct manifest, name)},
        {"appId", FIELDS_TEXT_NULL, offsetof(struct manifest, app_id)},
        {NULL, FIELDS_TEXT, 0},
    };
    struct fields_place at = {NULL, "identity", 0};

    return json_kind(text) == JSON_NULL ? 0 : fields_object(text, table, m, &at, e);
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
    static const struct fields_row table[] = {
        {"schema", FIELDS_INTEGER, AT(schema)},
        {"tool", FIELDS_TEXT, AT(m.tool)},
        {"started", FIELDS_TIME, AT(m.started)},
        {"finished", FIELDS_TIME, AT(m.finished)},
        {"endpoint", FIELDS_TEXT, AT(m.endpoint)},
        {"identity", FIELDS_OBJECT_NULL, AT(identity)},
        {"query", FIELDS_OBJECT, AT(query)},
        {"clockSkewSeconds", FIELDS_INTEGER, AT(m.clock_skew_s)},
        {"verdict", FIELDS_TEXT, AT(verdict)},
        {"roleAssignments", FIELDS_OBJECT_NULL, AT(assignments)},
        {"scopes", FIELDS_ARRAY, AT(scopes)},
        {NULL, FIELDS_TEXT, 0},
    };
#undef AT
    static const struct fields_reader reader = {read_scope, sizeof(struct manifest_scope), NULL};
    static const struct fields_row schema_table[] = {
        {"schema", FIELDS_INTEGER, 0},
        {NULL, FIELDS_TEXT, 0},
    };
    void *scopes = NULL;
    int64_t schema = 0;
    int ret;

    /* A later schema may lack any of the other members: look at its number first. */
    if (fields_object(text, schema_table, &schema, NULL, e) != 0)
        return -1;
    if (schema != MANIFEST_SCHEMA)
        return fields_fail(NULL, "schema", "of another version of azdal", e);
    ret = fields_object(text, table, &in, NULL, e);
    *m = in.m;
    m->schema = MANIFEST_SCHEMA;
    if (ret == 0 && strcmp(in.verdict, "COMPLETE") != 0 && strcmp(in.verdict, "INCOMPLETE") != 0)
        ret = fields_fail(NULL, "verdict", "neither COMPLETE nor INCOMPLETE", e);
    m->complete = ret == 0 && in.verdict[0] == 'C';
    free(in.verdict);
    if (ret != 0 || read_identity(m, in.identity, e) != 0 || read_query(m, in.query, e) != 0 ||
        read_assignments(m, in.assignments, e) != 0)
        return -1;
    ret = fields_array(in.scopes, "scopes", &scopes, &m->nscopes, &reader, NULL, e);
    m->scopes = scopes;
    return ret;
}

int manifest_parse(struct manifest *m, struct slice text, struct err *e)
{
    memset(m, 0, sizeof(*m));
    if (json_check(text, &text, NULL, e) != 0) {
        e->code = ERR_FOREIGN;
        return -1;
    }
    if (read_manifest(m, text, e) != 0) {
        manifest_free(m);
        return -1;
    }
    return 0;
}
