/*
 * The life of an acquisition on disk, and how it survives being cut anywhere.
 *
 * DIR/.partial holds a lock, a journal and one segment file a scope. The journal is lines of text,
 * each the first eight hexadecimal digits of the SHA-256 of a JSON object, a blank and the object.
 * Its first line says what was asked for; the others say, in the order in which it happened, what
 * is known since.
 *
 * Order of commits. Fragments are appended to the segment files as they come, and lines about them
 * gather in memory. journal_commit (1) syncs the segments that changed, (2) appends the gathered
 * lines to the journal in one write, (3) syncs the journal. What the journal does not name does not
 * exist: a segment longer than the journal says was cut between (1) and (2), and its tail is cut
 * off.
 *
 * Recovery. Lines are read up to the first that is damaged or cut short, which can only be one that
 * was never synced; the rest of the file is cut off. A flipped bit in an old line costs what was
 * committed after it, which is fetched again; it never costs the truth. A first line that cannot be
 * read means that this is not a journal of ours.
 *
 * Windows fetched too early to be final, or trusted by an order of pages that then turned out
 * wrong, are fetched again. The record "redo" says so; their lines are kept and merged into what
 * comes, so that a line once seen is never lost.
 *
 * Publishing. All new files are complete and synced under .partial/out before (1) the record
 * "publish" names them with their digests, (2) the data files are renamed into place, then
 * SHA256SUMS, then the manifest, (3) files of the export before that are no longer part of it are
 * removed, and (4) .partial is deleted, the journal before the lock. A run that finds the record
 * does (2) to (4) again, whatever else it was started for: a file that is not under .partial/out
 * any more must be in place with its digest.
 */
#include "store/journal.h"

#include "base/fault.h"
#include "base/json.h"
#include "base/sys.h"
#include "base/version.h"
#include "store/folder.h"

#include <stdlib.h>
#include <string.h>

/* Version of the records below. */
#define JOURNAL_SCHEMA 1
/* Digits of the checksum in front of a line: it has to tell a torn line, not an attacker. */
#define JOURNAL_SUM_DIGITS 8
/* Bytes of a journal: a million events make some 10,000 windows of 600 bytes. */
#define JOURNAL_MAX_BYTES (256U << 20)

/* ---- writing records ---- */

/* Finish the record that begins at `start` of j->pending: its checksum goes in front. */
static int end_record(struct journal *j, size_t start, int failed, struct err *e)
{
    char hex[HASH_HEX_MAX];

    if (failed || buf_puts(&j->pending, "}\n") != 0)
        return err_memory(e, "journal");
    if (hash_bytes(j->pending.data + start + JOURNAL_SUM_DIGITS + 1,
                   j->pending.len - start - JOURNAL_SUM_DIGITS - 2, hex) != 0)
        return err_memory(e, "journal");
    memcpy(j->pending.data + start, hex, JOURNAL_SUM_DIGITS);
    return 0;
}

/* Begin a record of kind k; *start is where. */
static int begin_record(struct journal *j, const char *k, size_t *start)
{
    *start = j->pending.len;
    return buf_printf(&j->pending, "%*s {\"k\":\"%s\"", JOURNAL_SUM_DIGITS, "", k);
}

/* The scope's number in the journal. */
static size_t scope_number(const struct journal *j, const struct journal_scope *s)
{
    return (size_t)(s - j->scopes);
}

/* A record that names a scope and a range. */
static int put_range(struct journal *j, const char *k, const struct journal_scope *s, int64_t from,
                     int64_t to, struct err *e)
{
    size_t start;
    int failed = begin_record(j, k, &start) != 0 ||
                 buf_printf(&j->pending, ",\"s\":%zu,\"from\":%lld,\"to\":%lld", scope_number(j, s),
                            (long long)from, (long long)to) != 0;

    return end_record(j, start, failed, e);
}

/* The first record: what was asked for. */
static int put_open(struct journal *j, struct err *e)
{
    const struct journal_query *q = &j->query;
    struct buf *b = &j->pending;
    size_t start, i;
    int failed =
        begin_record(j, "open", &start) != 0 ||
        buf_printf(b, ",\"schema\":%d,\"tool\":\"azdal %s\",\"started\":%lld,\"endpoint\":",
                   JOURNAL_SCHEMA, AZDAL_VERSION, (long long)j->started) != 0 ||
        json_put_string(b, q->endpoint) != 0 ||
        buf_printf(b,
                   ",\"since\":%lld,\"until\":%lld,\"sinceAsked\":%lld,\"clamped\":%d,"
                   "\"strict\":%d,\"splitDay\":%d,\"roleAssignments\":%d,\"base\":\"%s\","
                   "\"scopes\":[",
                   (long long)q->since, (long long)q->until, (long long)q->since_asked, q->clamped,
                   q->strict, q->split_day, q->role_assignments, j->base_sha256) != 0;

    for (i = 0; i < q->nscopes && !failed; i++)
        failed = (i > 0 && buf_putc(b, ',') != 0) || json_put_string(b, q->scopes[i]) != 0;
    failed = failed || buf_puts(b, "],\"tenantId\":") != 0 || json_put_string(b, q->tenant_id) != 0;
    return end_record(j, start, failed, e);
}

/* A new scope. */
static int put_scope(struct journal *j, const struct journal_scope *s, struct err *e)
{
    size_t start;
    int failed =
        begin_record(j, "scope", &start) != 0 || buf_puts(&j->pending, ",\"scope\":") != 0 ||
        json_put_string(&j->pending, s->scope) != 0 || buf_puts(&j->pending, ",\"file\":") != 0 ||
        json_put_string(&j->pending, s->file) != 0 || buf_puts(&j->pending, ",\"folder\":") != 0 ||
        json_put_string(&j->pending, s->folder) != 0;

    return end_record(j, start, failed, e);
}

/* A new window. */
static int put_window(struct journal *j, const struct journal_scope *s,
                      const struct journal_window *w, struct err *e)
{
    struct buf *b = &j->pending;
    size_t start, i;
    int failed =
        begin_record(j, "w", &start) != 0 ||
        buf_printf(
            b,
            ",\"s\":%zu,\"from\":%lld,\"to\":%lld,\"n\":%llu,\"offset\":%llu,\"deflated\":%llu,"
            "\"plain\":%llu,\"crc\":%lu,\"asked\":%lld,\"closed\":%d,\"first\":%lld,"
            "\"last\":%lld,\"dup\":%llu,\"conflicts\":%llu,\"outside\":%llu,\"ids\":[",
            scope_number(j, s), (long long)w->w.from, (long long)w->w.to,
            (unsigned long long)w->w.events, (unsigned long long)w->w.offset,
            (unsigned long long)w->w.deflated, (unsigned long long)w->w.plain,
            (unsigned long)w->w.crc, (long long)w->w.asked_at, (int)w->w.closed,
            (long long)w->first, (long long)w->last, (unsigned long long)w->duplicates,
            (unsigned long long)w->conflicts, (unsigned long long)w->outside) != 0;

    for (i = 0; i < w->w.nrequest_ids && !failed; i++)
        failed = (i > 0 && buf_putc(b, ',') != 0) || json_put_string(b, w->w.request_ids[i]) != 0;
    failed = failed || buf_putc(b, ']') != 0;
    return end_record(j, start, failed, e);
}

/* ---- the state in memory ---- */

static void window_free(struct journal_window *w)
{
    manifest_window_free(&w->w);
}

void journal_query_free(struct journal_query *q)
{
    size_t i;

    free(q->endpoint);
    free(q->tenant_id);
    for (i = 0; i < q->nscopes; i++)
        free(q->scopes[i]);
    free(q->scopes);
    memset(q, 0, sizeof(*q));
}

static void scope_free(struct journal_scope *s)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++)
        window_free(&s->windows[i]);
    free(s->windows);
    segment_close(&s->segment);
    free(s->scope);
    free(s->file);
    free(s->folder);
    free(s->status);
    free(s->error_code);
    free(s->error_message);
    memset(s, 0, sizeof(*s));
}

/* Forget scopes, query and records; the lock and the published manifest stay. */
static void forget_state(struct journal *j)
{
    struct err ignored;
    size_t i;

    for (i = 0; i < j->nscopes; i++)
        scope_free(&j->scopes[i]);
    free(j->scopes);
    j->scopes = NULL;
    j->nscopes = 0;
    for (i = 0; i < j->npublish; i++)
        free(j->publish[i].path);
    free(j->publish);
    j->publish = NULL;
    j->npublish = 0;
    for (i = 0; i < j->nstale; i++)
        free(j->stale[i]);
    free(j->stale);
    j->stale = NULL;
    j->nstale = 0;
    journal_query_free(&j->query);
    buf_clear(&j->pending);
    if (j->fd >= 0)
        (void)sys_close(j->fd, j->path, &ignored);
    j->fd = -1;
    j->updating = 0;
    j->resumed = 0;
}

/* A zeroed window behind the scope's others. */
static struct journal_window *new_window(struct journal_scope *s, struct err *e)
{
    struct journal_window *w;

    if (s->nwindows == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;

        w = realloc(s->windows, cap * sizeof(*w));
        if (w == NULL) {
            (void)err_memory(e, s->scope);
            return NULL;
        }
        s->windows = w;
        s->cap = cap;
    }
    w = &s->windows[s->nwindows++];
    memset(w, 0, sizeof(*w));
    w->w.file = -1;
    return w;
}

/* Copy a list of texts. */
static int copy_texts(char ***to, size_t *nto, char *const *from, size_t n, struct err *e)
{
    size_t i;

    *to = n == 0 ? NULL : calloc(n, sizeof(**to));
    *nto = 0;
    if (n > 0 && *to == NULL)
        return err_memory(e, "list");
    for (i = 0; i < n; i++) {
        (*to)[i] = slice_dup(slice_of(from[i]));
        if ((*to)[i] == NULL)
            return err_memory(e, "list");
        (*nto)++;
    }
    return 0;
}

/* Copy a window of the ledger; the ids too. */
static int copy_window(struct manifest_window *to, const struct manifest_window *from,
                       struct err *e)
{
    *to = *from;
    to->request_ids = NULL;
    to->nrequest_ids = 0;
    return copy_texts(&to->request_ids, &to->nrequest_ids, from->request_ids, from->nrequest_ids,
                      e);
}

/* Give a scope the windows that the published manifest has of it. */
static int load_base_scope(struct journal_scope *s, const struct manifest *m, struct err *e)
{
    size_t i, k;

    for (i = 0; i < m->nscopes; i++) {
        if (slice_equals_nocase(slice_of(m->scopes[i].scope), s->scope))
            break;
    }
    if (i == m->nscopes)
        return 0;
    s->base = m->scopes[i]; /* borrowed from the manifest, which outlives it */
    for (k = 0; k < s->base.nwindows; k++) {
        struct journal_window *w = new_window(s, e);

        if (w == NULL || copy_window(&w->w, &s->base.windows[k], e) != 0)
            return -1;
        w->from = w->w.from;
        w->to = w->w.to;
        w->published = 1;
    }
    return 0;
}

/* Find a scope by its name; ids that differ only in case are one. */
static struct journal_scope *find_scope(struct journal *j, const char *scope)
{
    size_t i;

    for (i = 0; i < j->nscopes; i++) {
        if (slice_equals_nocase(slice_of(j->scopes[i].scope), scope))
            return &j->scopes[i];
    }
    return NULL;
}

/* Add a scope to the state alone. */
static struct journal_scope *add_scope(struct journal *j, const char *scope, const char *file,
                                       const char *folder, struct err *e)
{
    struct journal_scope *s = realloc(j->scopes, (j->nscopes + 1) * sizeof(*s));

    if (s == NULL)
        goto fail;
    j->scopes = s;
    s = &j->scopes[j->nscopes++];
    memset(s, 0, sizeof(*s));
    s->segment.fd = -1;
    s->scope = slice_dup(slice_of(scope));
    s->file = slice_dup(slice_of(file));
    s->folder = slice_dup(slice_of(folder));
    if (s->scope == NULL || s->file == NULL || s->folder == NULL)
        goto fail;
    if (j->updating && load_base_scope(s, &j->base, e) != 0)
        return NULL;
    return s;
fail:
    (void)err_memory(e, "scopes");
    return NULL;
}

/* Put a text in place of an old one; NULL stays NULL. */
static int set_text(char **to, const char *text, struct err *e)
{
    char *copy = text == NULL ? NULL : slice_dup(slice_of(text));

    if (text != NULL && copy == NULL)
        return err_memory(e, "journal");
    free(*to);
    *to = copy;
    return 0;
}

/* Mark windows in [from, to) as kept; split those that reach over a border. */
static int redo_range(struct journal_scope *s, int64_t from, int64_t to, struct err *e)
{
    size_t n = s->nwindows, i;

    for (i = 0; i < n; i++) {
        int64_t lo, hi;

        if (s->windows[i].kept || s->windows[i].to <= from || s->windows[i].from >= to)
            continue;
        lo = s->windows[i].from;
        hi = s->windows[i].to;
        if (hi > to) {
            struct journal_window *rest = new_window(s, e);

            if (rest == NULL)
                return -1;
            *rest = s->windows[i];
            rest->duplicates = rest->conflicts = rest->outside = 0;
            rest->from = to;
            if (copy_window(&rest->w, &s->windows[i].w, e) != 0)
                return -1;
        }
        if (lo < from) {
            struct journal_window *again = new_window(s, e);

            if (again == NULL)
                return -1;
            *again = s->windows[i];
            again->duplicates = again->conflicts = again->outside = 0;
            again->from = from;
            again->to = hi > to ? to : hi;
            again->kept = 1;
            s->windows[i].to = from;
            if (copy_window(&again->w, &s->windows[i].w, e) != 0)
                return -1;
        } else {
            s->windows[i].to = hi > to ? to : hi;
            s->windows[i].kept = 1;
        }
    }
    return 0;
}

/* Windows that lie in [from, to) are drained. */
static void drain_range(struct journal_scope *s, int64_t from, int64_t to)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        struct journal_window *w = &s->windows[i];

        if (!w->kept && !w->published && w->from >= from && w->to <= to)
            w->w.closed = MANIFEST_DRAINED;
    }
}

/* ---- reading records ---- */

/* A whole number member, or `otherwise`. */
static int64_t get_number(struct slice object, const char *name, int64_t otherwise)
{
    struct slice v = json_get(object, name);
    char text[32];

    if (json_kind(v) != JSON_NUMBER || v.len >= sizeof(text))
        return otherwise;
    memcpy(text, v.data, v.len);
    text[v.len] = '\0';
    return strtoll(text, NULL, 10);
}

/* A text member in new memory; NULL when it is null, missing or memory is out. */
static char *get_text(struct slice object, const char *name)
{
    return json_string_dup(json_get(object, name));
}

/* A list of texts. */
static int get_texts(struct slice object, const char *name, char ***list, size_t *n, struct err *e)
{
    struct slice v = json_get(object, name), item;
    struct json_iter it;
    int more;

    *list = NULL;
    *n = 0;
    if (json_kind(v) != JSON_ARRAY || json_array_begin(&it, v, e) != 0)
        return err_set(e, ERR_FOREIGN, "%s: no list", name);
    while ((more = json_array_next(&it, &item, e)) == 1) {
        char **grown = realloc(*list, (*n + 1) * sizeof(**list));

        if (grown == NULL)
            return err_memory(e, name);
        *list = grown;
        grown[*n] = json_string_dup(item);
        if (grown[*n] == NULL)
            return err_set(e, ERR_FOREIGN, "%s: not a text", name);
        (*n)++;
    }
    return more;
}

static int read_open(struct journal *j, struct slice r, struct err *e)
{
    struct journal_query *q = &j->query;
    char *base = get_text(r, "base");
    int ret = -1;

    if (get_number(r, "schema", 0) != JOURNAL_SCHEMA) {
        (void)err_set(e, ERR_FOREIGN, "journal: schema %lld is not known to azdal %s",
                      (long long)get_number(r, "schema", 0), AZDAL_VERSION);
        goto out;
    }
    j->started = get_number(r, "started", 0);
    q->endpoint = get_text(r, "endpoint");
    q->tenant_id = get_text(r, "tenantId");
    q->since = get_number(r, "since", 0);
    q->until = get_number(r, "until", 0);
    q->since_asked = get_number(r, "sinceAsked", 0);
    q->clamped = get_number(r, "clamped", 0) != 0;
    q->strict = get_number(r, "strict", 0) != 0;
    q->split_day = get_number(r, "splitDay", 0) != 0;
    q->role_assignments = get_number(r, "roleAssignments", 0) != 0;
    if (get_texts(r, "scopes", &q->scopes, &q->nscopes, e) != 0)
        goto out;
    if (q->endpoint == NULL || base == NULL || q->since >= q->until) {
        (void)err_set(e, ERR_FOREIGN, "journal: its first record is not whole");
        goto out;
    }
    if (base[0] != '\0') {
        if (strcmp(base, j->base_sha256) != 0) {
            (void)err_set(e, ERR_FOREIGN, "journal: it belongs to another manifest.json");
            goto out;
        }
        j->updating = 1;
    }
    ret = 0;
out:
    free(base);
    return ret;
}

static int read_scope(struct journal *j, struct slice r, struct err *e)
{
    char *scope = get_text(r, "scope"), *file = get_text(r, "file"),
         *folder = get_text(r, "folder");
    int ret = -1;

    if (scope == NULL || file == NULL || folder == NULL || find_scope(j, scope) != NULL)
        (void)err_set(e, ERR_FOREIGN, "journal: bad scope");
    else
        ret = add_scope(j, scope, file, folder, e) == NULL ? -1 : 0;
    free(scope);
    free(file);
    free(folder);
    return ret;
}

static int read_window(struct journal_scope *s, struct slice r, struct err *e)
{
    struct journal_window *w = new_window(s, e);

    if (w == NULL)
        return -1;
    w->from = w->w.from = get_number(r, "from", -1);
    w->to = w->w.to = get_number(r, "to", -1);
    w->w.events = (uint64_t)get_number(r, "n", 0);
    w->w.offset = (uint64_t)get_number(r, "offset", 0);
    w->w.deflated = (uint64_t)get_number(r, "deflated", 0);
    w->w.plain = (uint64_t)get_number(r, "plain", 0);
    w->w.crc = (uint32_t)get_number(r, "crc", 0);
    w->w.asked_at = get_number(r, "asked", 0);
    w->w.closed = get_number(r, "closed", 0) == 0 ? MANIFEST_DRAINED : MANIFEST_ORDERED;
    w->first = get_number(r, "first", 0);
    w->last = get_number(r, "last", 0);
    w->duplicates = (uint64_t)get_number(r, "dup", 0);
    w->conflicts = (uint64_t)get_number(r, "conflicts", 0);
    w->outside = (uint64_t)get_number(r, "outside", 0);
    if (get_texts(r, "ids", &w->w.request_ids, &w->w.nrequest_ids, e) != 0)
        return -1;
    if (w->from < 0 || w->to <= w->from)
        return err_set(e, ERR_FOREIGN, "journal: bad window");
    if (w->w.offset + w->w.deflated > s->segment_size)
        s->segment_size = w->w.offset + w->w.deflated;
    return 0;
}

/* The end of a scope. */
static int read_end(struct journal_scope *s, struct slice r, struct err *e)
{
    free(s->status);
    free(s->error_code);
    free(s->error_message);
    s->status = get_text(r, "status");
    s->error_code = get_text(r, "code");
    s->error_message = get_text(r, "message");
    s->failed = (int)get_number(r, "failed", 0);
    return s->status == NULL ? err_set(e, ERR_FOREIGN, "journal: bad end of a scope") : 0;
}

static int read_publish(struct journal *j, struct slice r, struct err *e)
{
    struct slice v = json_get(r, "files"), item;
    struct json_iter it;
    int more;

    if (json_kind(v) != JSON_ARRAY || json_array_begin(&it, v, e) != 0)
        return err_set(e, ERR_FOREIGN, "journal: bad publish record");
    while ((more = json_array_next(&it, &item, e)) == 1) {
        struct journal_publish *p = realloc(j->publish, (j->npublish + 1) * sizeof(*p));
        char *sha;

        if (p == NULL)
            return err_memory(e, "journal");
        j->publish = p;
        p = &j->publish[j->npublish];
        p->path = get_text(item, "path");
        sha = get_text(item, "sha256");
        if (p->path == NULL || sha == NULL || strlen(sha) != HASH_HEX_MAX - 1) {
            free(p->path);
            free(sha);
            return err_set(e, ERR_FOREIGN, "journal: bad publish record");
        }
        memcpy(p->sha256, sha, HASH_HEX_MAX);
        free(sha);
        j->npublish++;
    }
    return more < 0 ? -1 : get_texts(r, "stale", &j->stale, &j->nstale, e);
}

/* Apply one record; the first must be "open". */
static int read_record(struct journal *j, struct slice r, struct err *e)
{
    struct slice k = json_get(r, "k");
    int64_t number = get_number(r, "s", -1);
    struct journal_scope *s;

    if (j->query.endpoint == NULL)
        return slice_equals(k, "\"open\"") ? read_open(j, r, e)
                                           : err_set(e, ERR_FOREIGN, "journal: not ours");
    if (slice_equals(k, "\"scope\""))
        return read_scope(j, r, e);
    if (slice_equals(k, "\"publish\""))
        return read_publish(j, r, e);
    if (number < 0 || (size_t)number >= j->nscopes)
        return err_set(e, ERR_FOREIGN, "journal: unknown scope");
    s = &j->scopes[number];
    if (slice_equals(k, "\"w\""))
        return read_window(s, r, e);
    if (slice_equals(k, "\"redo\""))
        return redo_range(s, get_number(r, "from", 0), get_number(r, "to", 0), e);
    if (slice_equals(k, "\"end\""))
        return read_end(s, r, e);
    if (slice_equals(k, "\"drained\""))
        drain_range(s, get_number(r, "from", 0), get_number(r, "to", 0));
    else if (slice_equals(k, "\"distrust\""))
        s->distrusted = 1;
    else if (slice_equals(k, "\"expired\""))
        s->expired = get_number(r, "to", 0);
    else if (slice_equals(k, "\"count\"")) {
        s->requests = s->requests_noted = (uint64_t)get_number(r, "from", 0);
        s->retries = (uint64_t)get_number(r, "to", 0);
    } else
        return err_set(e, ERR_FOREIGN, "journal: unknown record");
    return 0;
}

/* Whether a line is whole: checksum, blank, JSON. */
static int is_whole(struct slice line, struct slice *record)
{
    char hex[HASH_HEX_MAX];
    struct err ignored;
    struct slice text;

    if (line.len < JOURNAL_SUM_DIGITS + 3 || line.data[JOURNAL_SUM_DIGITS] != ' ')
        return 0;
    text.data = line.data + JOURNAL_SUM_DIGITS + 1;
    text.len = line.len - JOURNAL_SUM_DIGITS - 1;
    return hash_bytes(text.data, text.len, hex) == 0 &&
           memcmp(hex, line.data, JOURNAL_SUM_DIGITS) == 0 &&
           json_check(text, record, NULL, &ignored) == 0;
}

int journal_replay(struct journal *j, struct slice text, size_t *whole, struct err *e)
{
    size_t at = 0;

    *whole = 0;
    while (at < text.len) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        struct slice line, record;

        if (end == NULL)
            break;
        line.data = text.data + at;
        line.len = (size_t)(end - line.data);
        if (!is_whole(line, &record))
            break;
        if (read_record(j, record, e) != 0)
            return -1;
        at += line.len + 1;
        *whole = at;
    }
    if (j->query.endpoint == NULL)
        return err_set(e, ERR_FOREIGN, "journal: its first record is damaged");
    return 0;
}

/* ---- opening ---- */

/* Take DIR/.partial/lock. Another run that just ends may delete the file under us: then again. */
static int take_lock(struct journal *j, struct err *e)
{
    struct err ignored;
    int held;

    for (;;) {
        if (sys_mkdir_all(j->dir, e) != 0 || sys_mkdir(j->folder, e) != 0)
            return -1;
        j->lock_fd = sys_open(j->lock_path, SYS_APPEND_OPEN, e);
        if (j->lock_fd < 0) {
            if (sys_kind(j->folder) == SYS_MISSING)
                continue;
            return -1;
        }
        held = sys_lock(j->lock_fd, j->lock_path, e);
        if (held < 0)
            return -1;
        if (held > 0)
            return err_set(e, ERR_LOCAL, "%s: in use by another run of azdal", j->dir);
        if (sys_same_file(j->lock_fd, j->lock_path))
            return 0;
        (void)sys_close(j->lock_fd, j->lock_path, &ignored);
        j->lock_fd = -1;
    }
}

/* Read the published manifest, if there is one. */
static int load_base(struct journal *j, struct err *e)
{
    char *path = folder_join(j->dir, MANIFEST_NAME, e);
    int ret = -1;

    if (path == NULL)
        return -1;
    manifest_free(&j->base);
    j->base_sha256[0] = '\0';
    if (sys_kind(path) == SYS_MISSING) {
        ret = 0;
        goto out;
    }
    if (hash_file(path, j->base_sha256, e) != 0)
        goto out;
    if (manifest_load(&j->base, j->dir, e) != 0) {
        (void)err_wrap(e, "%s", path);
        goto out;
    }
    ret = 0;
out:
    free(path);
    return ret;
}

/* Read the journal, if there is one, and cut off its torn end. */
static int load_journal(struct journal *j, struct err *e)
{
    struct buf text = {0};
    size_t whole = 0;
    int ret = -1;

    if (sys_kind(j->path) == SYS_MISSING)
        return 0;
    if (sys_read_file(j->path, JOURNAL_MAX_BYTES, &text, e) != 0)
        goto out;
    if (text.len > 0 && journal_replay(j, buf_slice(&text), &whole, e) != 0) {
        /* A journal whose very first record was torn has nothing to lose. */
        if (j->query.endpoint != NULL || memchr(text.data, '\n', text.len) != NULL) {
            (void)err_wrap(e, "%s", j->dir);
            (void)err_hint(e, "azdal acquire --restart forgets it and starts anew");
            goto out;
        }
        forget_state(j);
    }
    if (j->query.endpoint != NULL) {
        j->fd = sys_open(j->path, SYS_APPEND_OPEN, e);
        if (j->fd < 0 || sys_truncate(j->fd, whole, j->path, e) != 0 ||
            sys_seek(j->fd, whole, j->path, e) != 0)
            goto out;
    }
    ret = 0;
out:
    buf_free(&text);
    return ret;
}

/* Whether the unfinished state is worth keeping: an empty one must not bind the next query. */
static int has_windows(const struct journal *j)
{
    size_t i, k;

    for (i = 0; i < j->nscopes; i++) {
        for (k = 0; k < j->scopes[i].nwindows; k++) {
            if (!j->scopes[i].windows[k].published)
                return 1;
        }
    }
    return 0;
}

/* A run that has fetched nothing leaves nothing behind: no .partial, and no DIR that it made. */
static void remove_empty(struct journal *j)
{
    struct err ignored;

    if (journal_remove(j, &ignored) == 0)
        (void)sys_remove_folder(j->dir, &ignored);
}

static int roll_forward(struct journal *j, struct err *e);

/* What journal_open does once it has the lock. */
static int look(struct journal *j, int restart, enum journal_found *found, struct err *e)
{
    if (restart && folder_delete_but(j->folder, "lock", e) != 0)
        return -1;
    if (load_base(j, e) != 0 || load_journal(j, e) != 0)
        return -1;
    if (j->npublish > 0) {
        if (roll_forward(j, e) != 0)
            return -1;
        forget_state(j);
        if (folder_delete_but(j->folder, "lock", e) != 0 || load_base(j, e) != 0)
            return -1;
    }
    if (folder_check(j->dir, j->base.schema == 0 ? NULL : &j->base, e) != 0)
        return -1;
    if (j->query.endpoint != NULL && has_windows(j)) {
        j->resumed = 1;
        *found = JOURNAL_UNFINISHED;
        return 0;
    }
    forget_state(j);
    *found = j->base.schema != 0 && !restart ? JOURNAL_FINISHED : JOURNAL_NEW;
    return 0;
}

int journal_open(struct journal *j, const char *dir, int restart, enum journal_found *found,
                 struct err *e)
{
    memset(j, 0, sizeof(*j));
    j->lock_fd = -1;
    j->fd = -1;
    j->dir = slice_dup(slice_of(dir));
    if (j->dir == NULL) {
        (void)err_memory(e, dir);
        goto fail;
    }
    j->folder = folder_join(dir, JOURNAL_FOLDER, e);
    if (j->folder == NULL)
        goto fail;
    j->path = folder_join(j->folder, "journal", e);
    j->lock_path = folder_join(j->folder, "lock", e);
    if (j->path == NULL || j->lock_path == NULL)
        goto fail;
    /* Nothing is created in a folder that holds somebody else's files. */
    if (sys_kind(j->folder) == SYS_MISSING) {
        if (load_base(j, e) != 0 ||
            folder_check(dir, j->base.schema == 0 ? NULL : &j->base, e) != 0)
            goto fail;
    }
    if (take_lock(j, e) != 0 || look(j, restart, found, e) != 0)
        goto fail;
    return 0;
fail:
    journal_close(j);
    return -1;
}

int journal_begin(struct journal *j, struct journal_query *query, int updating, struct err *e)
{
    struct err ignored;

    forget_state(j);
    if (folder_delete_but(j->folder, "lock", e) != 0)
        return -1;
    j->query = *query;
    memset(query, 0, sizeof(*query));
    j->started = sys_now();
    j->updating = updating;
    j->fd = sys_open(j->path, SYS_REPLACE, e);
    if (j->fd < 0)
        return -1;
    FAULT("journal-created");
    if (put_open(j, e) != 0 || journal_commit(j, e) != 0) {
        (void)sys_remove(j->path, &ignored);
        return -1;
    }
    return sys_sync_folder(j->folder, e);
}

int journal_open_temporary(struct journal *j, const char *endpoint, int64_t since, int64_t until,
                           struct err *e)
{
    memset(j, 0, sizeof(*j));
    j->temporary = 1;
    j->lock_fd = -1;
    j->fd = -1;
    j->started = sys_now();
    j->query.since = j->query.since_asked = since;
    j->query.until = until;
    j->query.endpoint = slice_dup(slice_of(endpoint));
    j->dir = slice_dup(slice_of("standard output"));
    if (j->query.endpoint != NULL && j->dir != NULL)
        return 0;
    journal_close(j);
    return err_memory(e, "standard output");
}

void journal_close(struct journal *j)
{
    struct err ignored;

    if (j->dir == NULL)
        return;
    if (j->lock_fd >= 0 && j->npublish == 0 && !has_windows(j))
        remove_empty(j);
    forget_state(j);
    manifest_free(&j->base);
    buf_free(&j->pending);
    if (j->lock_fd >= 0)
        (void)sys_close(j->lock_fd, j->lock_path, &ignored);
    free(j->dir);
    free(j->folder);
    free(j->path);
    free(j->lock_path);
    memset(j, 0, sizeof(*j));
    j->lock_fd = -1;
    j->fd = -1;
}

int journal_remove(struct journal *j, struct err *e)
{
    forget_state(j);
    if (folder_delete_but(j->folder, "lock", e) != 0)
        return -1;
    FAULT("partial-emptied");
    if (sys_remove(j->lock_path, e) != 0)
        return -1;
    return sys_remove_folder(j->folder, e);
}

/* ---- what happens during a run ---- */

struct journal_scope *journal_add_scope(struct journal *j, const char *scope, const char *file,
                                        const char *folder, struct err *e)
{
    struct journal_scope *s = find_scope(j, scope);

    if (s != NULL)
        return s;
    s = add_scope(j, scope, file, folder, e);
    return s == NULL || put_scope(j, s, e) != 0 ? NULL : s;
}

int journal_open_segment(struct journal *j, struct journal_scope *s, struct err *e)
{
    struct buf path = {0};
    const char *p;
    int ret;

    if (s->segment.path != NULL)
        return 0;
    if (j->temporary)
        return segment_open_temporary(&s->segment, e);
    if (buf_printf(&path, "%s/", j->folder) != 0)
        return err_memory(e, s->scope);
    for (p = s->file; *p != '\0'; p++) {
        if (buf_putc(&path, *p == '/' ? '-' : *p) != 0)
            return err_memory(e, s->scope);
    }
    if (buf_puts(&path, ".segment") != 0 || buf_terminate(&path) != 0)
        return err_memory(e, s->scope);
    ret = segment_open(&s->segment, path.data, s->segment_size, e);
    buf_free(&path);
    return ret;
}

int journal_add_windows(struct journal *j, struct journal_scope *s, const struct segment_result *r,
                        int64_t asked_at, enum manifest_closed closed, char *const *ids,
                        size_t nids, uint64_t outside, struct err *e)
{
    uint64_t offset = 0;
    size_t i;

    if (journal_open_segment(j, s, e) != 0 || segment_append(&s->segment, r, &offset, e) != 0)
        return -1;
    s->segment_size = s->segment.size;
    for (i = 0; i < r->nwindows; i++) {
        struct journal_window *w = new_window(s, e);

        if (w == NULL)
            return -1;
        w->w = r->windows[i].w;
        w->w.offset += offset;
        w->w.asked_at = asked_at;
        w->w.closed = closed;
        w->from = w->w.from;
        w->to = w->w.to;
        w->first = r->windows[i].first;
        w->last = r->windows[i].last;
        w->duplicates = r->windows[i].duplicates;
        w->conflicts = r->windows[i].conflicts;
        w->outside = i == 0 ? outside : 0;
        if (copy_texts(&w->w.request_ids, &w->w.nrequest_ids, ids, nids, e) != 0 ||
            put_window(j, s, w, e) != 0)
            return -1;
    }
    return 0;
}

int journal_drained(struct journal *j, struct journal_scope *s, int64_t from, int64_t to,
                    struct err *e)
{
    drain_range(s, from, to);
    return put_range(j, "drained", s, from, to, e);
}

int journal_redo(struct journal *j, struct journal_scope *s, int64_t from, int64_t to,
                 struct err *e)
{
    return redo_range(s, from, to, e) != 0 ? -1 : put_range(j, "redo", s, from, to, e);
}

int journal_distrust(struct journal *j, struct journal_scope *s, struct err *e)
{
    s->distrusted = 1;
    return put_range(j, "distrust", s, 0, 0, e);
}

int journal_expired(struct journal *j, struct journal_scope *s, int64_t to, struct err *e)
{
    s->expired = to;
    return put_range(j, "expired", s, 0, to, e);
}

int journal_end_scope(struct journal *j, struct journal_scope *s, const char *status,
                      const char *code, const char *message, int failed, struct err *e)
{
    struct buf *b = &j->pending;
    size_t start;
    int bad;

    if (set_text(&s->status, status, e) != 0 || set_text(&s->error_code, code, e) != 0 ||
        set_text(&s->error_message, message, e) != 0)
        return -1;
    s->failed = failed;
    bad = begin_record(j, "end", &start) != 0 ||
          buf_printf(b, ",\"s\":%zu,\"failed\":%d,\"status\":", scope_number(j, s), failed) != 0 ||
          json_put_string(b, status) != 0 || buf_puts(b, ",\"code\":") != 0 ||
          json_put_string(b, code) != 0 || buf_puts(b, ",\"message\":") != 0 ||
          json_put_string(b, message) != 0;
    return end_record(j, start, bad, e);
}

int journal_count(struct journal *j, struct journal_scope *s, struct err *e)
{
    if (s->requests == s->requests_noted)
        return 0;
    s->requests_noted = s->requests;
    return put_range(j, "count", s, (int64_t)s->requests, (int64_t)s->retries, e);
}

int journal_commit(struct journal *j, struct err *e)
{
    size_t i;

    if (j->temporary) {
        buf_clear(&j->pending);
        return 0;
    }
    for (i = 0; i < j->nscopes; i++) {
        if (segment_sync(&j->scopes[i].segment, e) != 0)
            return -1;
    }
    if (j->pending.len == 0)
        return 0;
    if (sys_write(j->fd, j->pending.data, j->pending.len, j->path, e) != 0)
        return -1;
    FAULT("journal-written");
    buf_clear(&j->pending);
    if (sys_sync(j->fd, j->path, e) != 0)
        return -1;
    FAULT("journal-synced");
    return 0;
}

/* ---- publishing ---- */

/* Rename one file into place, or check that it is there already. */
static int put_in_place(struct journal *j, const struct journal_publish *f, struct err *e)
{
    char hex[HASH_HEX_MAX], *from = NULL, *to = NULL;
    struct buf name = {0};
    int ret = -1;

    if (buf_printf(&name, "out/%s", f->path) != 0) {
        (void)err_memory(e, f->path);
        goto out;
    }
    from = folder_join(j->folder, name.data, e);
    to = folder_join(j->dir, f->path, e);
    if (from == NULL || to == NULL)
        goto out;
    if (sys_kind(from) == SYS_FILE) {
        ret = folder_make_above(j->dir, f->path, e) != 0 ? -1 : sys_rename(from, to, e);
    } else if (sys_kind(to) != SYS_FILE) {
        (void)err_set(e, ERR_FOREIGN, "%s: lost while it was published", to);
    } else if (hash_file(to, hex, e) == 0) {
        ret = strcmp(hex, f->sha256) == 0
                  ? 0
                  : err_set(e, ERR_FOREIGN, "%s: changed while it was published", to);
    }
    FAULT("renamed");
out:
    buf_free(&name);
    free(from);
    free(to);
    return ret;
}

/* Note a file of the export before if the new one does not have it. */
static int add_stale(struct journal *j, const char *path, const struct journal_publish *files,
                     size_t n, struct err *e)
{
    char **grown;
    size_t f;

    for (f = 0; f < n && strcmp(files[f].path, path) != 0; f++)
        ;
    if (f < n)
        return 0;
    grown = realloc(j->stale, (j->nstale + 1) * sizeof(*grown));
    if (grown == NULL)
        return err_memory(e, path);
    j->stale = grown;
    grown[j->nstale] = slice_dup(slice_of(path));
    if (grown[j->nstale] == NULL)
        return err_memory(e, path);
    j->nstale++;
    return 0;
}

/* Find the files of the export before that the new one does not have. */
static int find_stale(struct journal *j, const struct journal_publish *files, size_t n,
                      struct err *e)
{
    size_t i, k;

    for (i = 0; i < j->base.nscopes; i++) {
        for (k = 0; k < j->base.scopes[i].nfiles; k++) {
            if (add_stale(j, j->base.scopes[i].files[k].path, files, n, e) != 0)
                return -1;
        }
    }
    return j->base.assignments_file == NULL ? 0
                                            : add_stale(j, j->base.assignments_file, files, n, e);
}

/* Remove them, and the folders that they leave empty. */
static int remove_stale(struct journal *j, struct err *e)
{
    size_t i;

    for (i = 0; i < j->nstale; i++) {
        char *full = folder_join(j->dir, j->stale[i], e), *slash;
        struct err ignored;
        int ret;

        if (full == NULL)
            return -1;
        ret = sys_remove(full, e);
        while (ret == 0 && (slash = strrchr(full + strlen(j->dir) + 1, '/')) != NULL) {
            *slash = '\0';
            if (sys_remove_folder(full, &ignored) != 0)
                break;
        }
        free(full);
        if (ret != 0)
            return -1;
    }
    return 0;
}

/* Make the renames durable in every folder that got a file. */
static int sync_folders(struct journal *j, struct err *e)
{
    size_t i;

    for (i = 0; i < j->npublish; i++) {
        char *full = folder_join(j->dir, j->publish[i].path, e), *slash;
        int ret;

        if (full == NULL)
            return -1;
        slash = strrchr(full, '/');
        *slash = '\0';
        ret = sys_sync_folder(full, e);
        free(full);
        if (ret != 0)
            return -1;
    }
    return sys_sync_folder(j->dir, e);
}

static int roll_forward(struct journal *j, struct err *e)
{
    size_t i;

    for (i = 0; i < j->npublish; i++) {
        if (i + 1 == j->npublish && sync_folders(j, e) != 0)
            return -1;
        if (put_in_place(j, &j->publish[i], e) != 0)
            return -1;
    }
    return sync_folders(j, e) != 0 ? -1 : remove_stale(j, e);
}

/* The record that names the new files and the stale ones. */
static int put_publish(struct journal *j, const struct journal_publish *files, size_t n,
                       struct err *e)
{
    struct buf *b = &j->pending;
    size_t start, i;
    int bad = begin_record(j, "publish", &start) != 0 || buf_puts(b, ",\"files\":[") != 0;

    for (i = 0; i < n && !bad; i++)
        bad = buf_printf(b, "%s{\"path\":", i == 0 ? "" : ",") != 0 ||
              json_put_string(b, files[i].path) != 0 ||
              buf_printf(b, ",\"sha256\":\"%s\"}", files[i].sha256) != 0;
    bad = bad || buf_puts(b, "],\"stale\":[") != 0;
    for (i = 0; i < j->nstale && !bad; i++)
        bad = (i > 0 && buf_putc(b, ',') != 0) || json_put_string(b, j->stale[i]) != 0;
    bad = bad || buf_putc(b, ']') != 0;
    return end_record(j, start, bad, e);
}

int journal_publish(struct journal *j, const struct journal_publish *files, size_t n, struct err *e)
{
    size_t i;

    if (find_stale(j, files, n, e) != 0 || put_publish(j, files, n, e) != 0 ||
        journal_commit(j, e) != 0)
        return -1;
    j->publish = calloc(n, sizeof(*j->publish));
    if (j->publish == NULL)
        return err_memory(e, "publish");
    for (i = 0; i < n; i++) {
        j->publish[i] = files[i];
        j->publish[i].path = slice_dup(slice_of(files[i].path));
        if (j->publish[i].path == NULL)
            return err_memory(e, "publish");
        j->npublish++;
    }
    FAULT("publish-noted");
    return roll_forward(j, e);
}

/* ---- what is settled ---- */

int journal_is_settled(int64_t to, int64_t asked_at)
{
    return asked_at >= to + JOURNAL_SETTLE_TICKS;
}

/* For qsort: by the start of the part in force. */
static int compare_windows(const void *a, const void *b)
{
    const struct journal_window *const *x = a, *const *y = b;

    return (*x)->from < (*y)->from ? -1 : (*x)->from > (*y)->from;
}

int64_t journal_settled_until(const struct journal_scope *s, int64_t since, int64_t until)
{
    const struct journal_window **order = calloc(s->nwindows + 1, sizeof(*order));
    int64_t settled = since;
    size_t n = 0, i;

    if (order == NULL)
        return since;
    for (i = 0; i < s->nwindows; i++) {
        if (!s->windows[i].kept)
            order[n++] = &s->windows[i];
    }
    qsort(order, n, sizeof(*order), compare_windows);
    for (i = 0; i < n && order[i]->from <= settled; i++) {
        int64_t final = order[i]->w.asked_at - JOURNAL_SETTLE_TICKS;

        if (final < order[i]->to) {
            if (final > settled)
                settled = final;
            break;
        }
        if (order[i]->to > settled)
            settled = order[i]->to;
    }
    free(order);
    return settled < until ? settled : until;
}
