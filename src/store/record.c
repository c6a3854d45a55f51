#include "store/record.h"

#include "base/json.h"
#include "base/version.h"
#include "store/folder.h"
#include "store/state.h"

#include <stdlib.h>
#include <string.h>

/* Version of the records below. */
#define JOURNAL_SCHEMA 1
/* Digits of the checksum in front of a line: it has to tell a torn line, not an attacker. */
#define JOURNAL_SUM_DIGITS 8

/* ---- writing ---- */

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
int record_put_range(struct journal *j, const char *k, const struct journal_scope *s, int64_t from,
                     int64_t to, struct err *e)
{
    size_t start;
    int failed = begin_record(j, k, &start) != 0 ||
                 buf_printf(&j->pending, ",\"s\":%zu,\"from\":%lld,\"to\":%lld", scope_number(j, s),
                            (long long)from, (long long)to) != 0;

    return end_record(j, start, failed, e);
}

/* The first record: what was asked for. */
int record_put_open(struct journal *j, struct err *e)
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
                   q->strict, q->split_day, q->role_assignments,
                   j->updating ? j->base_sha256 : "") != 0;

    for (i = 0; i < q->nscopes && !failed; i++)
        failed = (i > 0 && buf_putc(b, ',') != 0) || json_put_string(b, q->scopes[i]) != 0;
    failed = failed || buf_puts(b, "],\"tenantId\":") != 0 || json_put_string(b, q->tenant_id) != 0;
    return end_record(j, start, failed, e);
}

/* A new scope. */
int record_put_scope(struct journal *j, const struct journal_scope *s, struct err *e)
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
int record_put_window(struct journal *j, const struct journal_scope *s,
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

int record_put_end(struct journal *j, const struct journal_scope *s, struct err *e)
{
    struct buf *b = &j->pending;
    size_t start;
    int failed =
        begin_record(j, "end", &start) != 0 ||
        buf_printf(b, ",\"s\":%zu,\"failed\":%d,\"status\":", scope_number(j, s), s->failed) != 0 ||
        json_put_string(b, s->status) != 0 || buf_puts(b, ",\"code\":") != 0 ||
        json_put_string(b, s->error_code) != 0 || buf_puts(b, ",\"message\":") != 0 ||
        json_put_string(b, s->error_message) != 0;

    return end_record(j, start, failed, e);
}

/* The record that names the new files and the stale ones. */
int record_put_publish(struct journal *j, const struct journal_publish *files, size_t n,
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

/* ---- reading ---- */

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
    j->updating = base[0] != '\0';
    j->other_base = j->updating && strcmp(base, j->base_sha256) != 0;
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

    if (scope == NULL || file == NULL || folder == NULL || !folder_is_inside(file) ||
        !folder_is_inside(folder) || state_find_scope(j, scope) != NULL)
        (void)err_set(e, ERR_FOREIGN, "journal: bad scope");
    else
        ret = state_add_scope(j, scope, file, folder, e) == NULL ? -1 : 0;
    free(scope);
    free(file);
    free(folder);
    return ret;
}

static int read_window(struct journal_scope *s, struct slice r, struct err *e)
{
    struct journal_window *w = state_new_window(s, e);

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
    size_t i;
    int more;

    if (j->npublish > 0 || json_kind(v) != JSON_ARRAY || json_array_begin(&it, v, e) != 0)
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
        if (p->path == NULL || sha == NULL || strlen(sha) != HASH_HEX_MAX - 1 ||
            !folder_is_inside(p->path)) {
            free(p->path);
            free(sha);
            return err_set(e, ERR_FOREIGN, "journal: bad publish record");
        }
        memcpy(p->sha256, sha, HASH_HEX_MAX);
        free(sha);
        j->npublish++;
    }
    if (more < 0 || get_texts(r, "stale", &j->stale, &j->nstale, e) != 0)
        return -1;
    for (i = 0; i < j->nstale; i++) {
        if (!folder_is_inside(j->stale[i]))
            return err_set(e, ERR_FOREIGN, "journal: bad publish record");
    }
    return j->npublish > 0 ? 0 : err_set(e, ERR_FOREIGN, "journal: bad publish record");
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
        return state_redo(s, get_number(r, "from", 0), get_number(r, "to", 0), e);
    if (slice_equals(k, "\"end\""))
        return read_end(s, r, e);
    if (slice_equals(k, "\"drained\""))
        state_drain(s, get_number(r, "from", 0), get_number(r, "to", 0));
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
    /* A publish that was cut may have put the new manifest in place already. */
    if (j->other_base && j->npublish == 0)
        return err_set(e, ERR_FOREIGN, "journal: it belongs to another manifest.json");
    return 0;
}
