/* The lines of a journal as they are read. See journal.c for what they mean together. */
#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "base/version.h"
#include "export/export_path.h"
#include "store/journal_impl.h"

#include <stdlib.h>
#include <string.h>

/* Ceiling of a count, bytes of a segment included: 900 TB are more than any tenant's log, and less
 * than what a manifest keeps exactly (2^53). */
#define JOURNAL_COUNT_MAX INT64_C(999999999999999)

/* Largest exit status. */
#define EXIT_STATUS_MAX 255

/* A time further ahead of this machine's clock than this is none that a run has noted: its clock
 * may have been set back since. */
#define JOURNAL_AHEAD_MAX TICKS_PER_DAY

/* A whole number member of at most `most` that is not negative; without it *n stays. -1 where it is
 * anything else. */
static int get_whole(struct slice object, const char *name, int64_t most, int64_t *n)
{
    struct slice v = json_get(object, name);
    int64_t found;

    if (v.data == NULL)
        return 0;
    if (json_whole(v, &found) != 0 || found < 0 || found > most)
        return -1;
    *n = found;
    return 0;
}

/* A time that a clock showed when the journal was written. */
static int get_clock(struct slice object, const char *name, int64_t *ticks)
{
    return get_whole(object, name, sys_now() + JOURNAL_AHEAD_MAX, ticks);
}

/* A member that is 0 or 1. */
static int get_flag(struct slice object, const char *name, int *flag)
{
    int64_t n = 0;
    int ret = get_whole(object, name, 1, &n);

    *flag = n != 0;
    return ret;
}

/* A count: a whole number of events, bytes or requests that is not negative and so small that sums
 * of any number of them are exact. Without it 0; -1 where it is anything else. */
static int get_count(struct slice object, const char *name, uint64_t *count)
{
    int64_t n = 0;
    int ret = get_whole(object, name, JOURNAL_COUNT_MAX, &n);

    *count = (uint64_t)n;
    return ret;
}

/* A text member in new memory; NULL when it is null or missing. */
static char *get_text(struct slice object, const char *name)
{
    return json_string_dup(json_get(object, name));
}

/* A list of texts. */
static int get_texts(struct slice object, const char *name, char ***list, size_t *n, struct err *e)
{
    struct slice v = json_get(object, name), item;
    struct json_iter it;
    size_t cap = 0;
    int more;

    *list = NULL;
    *n = 0;
    if (json_kind(v) != JSON_ARRAY || json_array_begin(&it, v, e) != 0)
        return err_set(e, ERR_FOREIGN, "%s: no list", name);
    while ((more = json_array_next(&it, &item, e)) == 1) {
        *list = mem_grow(*list, *n, &cap, sizeof(**list));
        (*list)[*n] = json_string_dup(item);
        if ((*list)[*n] == NULL)
            return err_set(e, ERR_FOREIGN, "%s: not a text", name);
        (*n)++;
    }
    return more;
}

/* The numbers of the first record. */
static int read_query(struct journal *j, struct slice r)
{
    struct journal_query *q = &j->query;
    const int64_t any = INT64_MAX;
    int bad = get_clock(r, "started", &j->started) | get_clock(r, "since", &q->since) |
              get_clock(r, "until", &q->until) | get_whole(r, "sinceAsked", any, &q->since_asked) |
              get_flag(r, "clamped", &q->clamped) | get_flag(r, "strict", &q->strict) |
              get_flag(r, "splitDay", &q->split_day) |
              get_flag(r, "roleAssignments", &q->role_assignments);

    j->run_started = j->started;
    /* The end of what is asked for has come when a run starts. */
    return bad != 0 || q->since >= q->until || q->until > j->started + MANIFEST_CLOCK_SLACK_TICKS
               ? -1
               : 0;
}

static int read_open(struct journal *j, struct slice r, struct err *e)
{
    struct journal_query *q = &j->query;
    int64_t schema = 0;
    char *base;
    int ret = -1, bad;

    if (get_whole(r, "schema", INT64_MAX, &schema) != 0 || schema != JOURNAL_SCHEMA)
        return err_set(e, ERR_FOREIGN, "journal: schema %lld is not known to azdal %s",
                       (long long)schema, AZDAL_VERSION);
    base = get_text(r, "base");
    bad = read_query(j, r);
    q->endpoint = get_text(r, "endpoint");
    q->tenant_id = get_text(r, "tenantId");
    if (get_texts(r, "scopes", &q->scopes, &q->nscopes, e) != 0)
        goto out;
    if (q->endpoint == NULL || base == NULL || bad != 0) {
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

/* A scope, with the names of its files. */
static int read_scope(struct journal *j, struct slice r, struct err *e)
{
    char *scope = get_text(r, "scope"), *file = get_text(r, "file"),
         *folder = get_text(r, "folder");
    int ret = -1, names;

    /* A list that gave no scope has no file: its own name stands in its place. */
    names = scope != NULL && file != NULL && folder != NULL &&
            ((export_path_is_safe(file) && export_path_is_safe(folder)) ||
             (manifest_is_list(scope) && strcmp(file, scope) == 0 && strcmp(folder, scope) == 0));
    if (!names || journal_state_find_scope(j, scope) != NULL)
        (void)err_set(e, ERR_FOREIGN, "journal: bad scope %s", scope == NULL ? "" : scope);
    else
        ret = journal_state_add_scope(j, scope, file, folder) == NULL ? -1 : 0;
    free(scope);
    free(file);
    free(folder);
    return ret;
}

/* The digest of a window's bytes: 64 digits, or none where there are no bytes. */
static int read_digest(struct journal_window *w, struct slice r)
{
    char *text = get_text(r, "sha256");
    size_t n = text == NULL ? 0 : strlen(text);
    int fits = n == (w->w.deflated > 0 ? HASH_HEX_MAX - 1 : 0);

    if (fits && n > 0)
        memcpy(w->sha256, text, HASH_HEX_MAX);
    free(text);
    return fits ? 0 : -1;
}

/* The numbers of a window, none of them negative. */
static int read_counts(struct journal_window *w, struct slice r)
{
    uint64_t crc = 0;
    int bad = get_count(r, "n", &w->w.events) | get_count(r, "offset", &w->w.offset) |
              get_count(r, "deflated", &w->w.deflated) | get_count(r, "plain", &w->w.plain) |
              get_count(r, "crc", &crc) | get_count(r, "dup", &w->duplicates) |
              get_count(r, "outside", &w->outside);

    w->w.crc = (uint32_t)crc;
    return bad != 0 || crc > UINT32_MAX || w->w.events > w->w.plain ||
                   (w->w.events > 0) != (w->w.deflated > 0)
               ? -1
               : 0;
}

static int read_window(const struct journal *j, struct journal_scope *s, struct slice r,
                       struct err *e)
{
    struct journal_window *w = journal_state_new_window(s);
    int ordered, bad = get_whole(r, "from", INT64_MAX, &w->from) |
                       get_whole(r, "to", INT64_MAX, &w->to) |
                       get_clock(r, "asked", &w->w.asked_at) | get_flag(r, "closed", &ordered);

    w->w.from = w->from;
    w->w.to = w->to;
    w->w.closed = ordered ? MANIFEST_ORDERED : MANIFEST_DRAINED;
    if (get_texts(r, "ids", &w->w.request_ids, &w->w.nrequest_ids, e) != 0)
        return -1;
    w->w.resumed_from = j->run_started;
    if (w->to <= w->from || w->from < j->query.since || w->to > j->query.until)
        return err_set(e, ERR_FOREIGN, "journal: bad window: outside the range asked for");
    if (read_counts(w, r) != 0 || bad != 0 || read_digest(w, r) != 0)
        return err_set(e, ERR_FOREIGN, "journal: bad window");
    if (w->w.offset + w->w.deflated > s->segment_size)
        s->segment_size = w->w.offset + w->w.deflated;
    return 0;
}

static int read_end(struct journal_scope *s, struct slice r, struct err *e)
{
    int64_t failed = 0;

    free(s->status);
    free(s->error_code);
    free(s->error_message);
    s->status = get_text(r, "status");
    s->error_code = get_text(r, "code");
    s->error_message = get_text(r, "message");
    if (get_whole(r, "failed", EXIT_STATUS_MAX, &failed) != 0)
        return err_set(e, ERR_FOREIGN, "journal: bad end of a scope");
    s->failed = (int)failed;
    return s->status == NULL ? err_set(e, ERR_FOREIGN, "journal: bad end of a scope") : 0;
}

/* The files of a publish record: the new ones, or those that go. */
static int read_publish_files(struct slice r, const char *name, struct journal_publish **files,
                              size_t *n, struct err *e)
{
    struct slice v = json_get(r, name), item;
    struct json_iter it;
    size_t cap = 0;
    int more;

    if (json_kind(v) != JSON_ARRAY || json_array_begin(&it, v, e) != 0)
        return err_set(e, ERR_FOREIGN, "journal: bad publish record: no %s", name);
    while ((more = json_array_next(&it, &item, e)) == 1) {
        char *path = get_text(item, "path"), *sha = get_text(item, "sha256");
        int fits =
            path != NULL && sha != NULL && strlen(sha) == HASH_HEX_MAX - 1 &&
            (export_path_is_file(path) || (strcmp(name, "stale") == 0 && manifest_is_view(path)));

        if (fits) {
            *files = mem_grow(*files, *n, &cap, sizeof(**files));
            memcpy((*files)[*n].sha256, sha, HASH_HEX_MAX);
            (*files)[(*n)++].path = path;
        } else {
            free(path);
        }
        free(sha);
        if (!fits)
            return err_set(e, ERR_FOREIGN, "journal: bad publish record: not a file of an export");
    }
    return more;
}

/* The end of publishing, which is the last record of a journal. */
static int read_publish(struct journal *j, struct slice r, struct err *e)
{
    if (j->npublish > 0)
        return err_set(e, ERR_FOREIGN, "journal: bad publish record: the second one");
    return read_publish_files(r, "files", &j->publish, &j->npublish, e) != 0 ||
                   read_publish_files(r, "stale", &j->stale, &j->nstale, e) != 0
               ? -1
               : journal_check_publish(j, e);
}

/* A record about a stretch of time of a scope, or about how often it was asked. */
static int read_range(struct journal_scope *s, struct slice k, struct slice r, struct err *e)
{
    int64_t from = 0, to = 0;

    if (slice_equals(k, "\"count\"")) {
        if (get_count(r, "from", &s->requests) != 0 || get_count(r, "to", &s->retries) != 0)
            return err_set(e, ERR_FOREIGN, "journal: bad count");
        s->requests_noted = s->requests;
        return 0;
    }
    if (get_whole(r, "from", INT64_MAX, &from) != 0 || get_whole(r, "to", INT64_MAX, &to) != 0)
        return err_set(e, ERR_FOREIGN, "journal: bad range");
    if (slice_equals(k, "\"redo\""))
        journal_state_redo(s, from, to);
    else if (slice_equals(k, "\"drained\""))
        journal_state_drain(s, from, to);
    else if (slice_equals(k, "\"distrust\""))
        s->distrusted = 1;
    else if (slice_equals(k, "\"expired\""))
        s->expired = to;
    else
        return err_set(e, ERR_FOREIGN, "journal: unknown record");
    return 0;
}

/* A run began, or what is not settled was asked for again. */
static int read_clock(struct journal *j, struct slice k, struct slice r, struct err *e)
{
    int bad = slice_equals(k, "\"run\"") ? get_clock(r, "started", &j->run_started)
                                         : get_clock(r, "at", &j->asked_again);

    return bad ? err_set(e, ERR_FOREIGN, "journal: a run with a time that cannot be") : 0;
}

/* Apply one record; the first must be "open". */
static int read_record(struct journal *j, struct slice r, struct err *e)
{
    struct slice k = json_get(r, "k");
    int64_t number = INT64_MAX;
    struct journal_scope *s;

    if (j->query.endpoint == NULL)
        return slice_equals(k, "\"open\"")
                   ? read_open(j, r, e)
                   : err_set(e, ERR_FOREIGN, "journal: azdal did not write it");
    if (slice_equals(k, "\"scope\""))
        return read_scope(j, r, e);
    if (slice_equals(k, "\"publish\""))
        return read_publish(j, r, e);
    if (slice_equals(k, "\"run\"") || slice_equals(k, "\"again\""))
        return read_clock(j, k, r, e);
    if (get_whole(r, "s", INT64_MAX, &number) != 0 || (uint64_t)number >= j->nscopes)
        return err_set(e, ERR_FOREIGN, "journal: unknown scope");
    s = &j->scopes[number];
    if (slice_equals(k, "\"w\""))
        return read_window(j, s, r, e);
    return slice_equals(k, "\"end\"") ? read_end(s, r, e) : read_range(s, k, r, e);
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
    hash_bytes(text.data, text.len, hex);
    return memcmp(hex, line.data, JOURNAL_SUM_DIGITS) == 0 &&
           json_check(text, record, NULL, &ignored) == 0;
}

/* Whether what a journal ends in, from a line on that is not whole, can be what a crash has left of
 * lines that were being written: it has no end, or blocks that were never written, and nothing
 * whole is behind it. */
static int is_torn(struct slice rest)
{
    const char *end = memchr(rest.data, '\n', rest.len);
    struct slice line, record;

    if (end != NULL && memchr(rest.data, '\0', rest.len) == NULL)
        return 0;
    for (; end != NULL; end = memchr(rest.data, '\n', rest.len)) {
        line = (struct slice){rest.data, (size_t)(end - rest.data)};
        if (is_whole(line, &record))
            return 0;
        rest.data += line.len + 1;
        rest.len -= line.len + 1;
    }
    return 1;
}

/* Say in which line a record is wrong: "journal: line N: why". */
static int name_line(size_t number, struct err *e)
{
    static const char before[] = "journal: ";
    size_t n = sizeof(before) - 1;

    if (strncmp(e->msg, before, n) == 0)
        memmove(e->msg, e->msg + n, strlen(e->msg + n) + 1);
    return err_wrap(e, "journal: line %zu", number);
}

int journal_replay(struct journal *j, struct slice text, size_t *whole, struct err *e)
{
    size_t at = 0, number = 0;

    *whole = 0;
    while (at < text.len) {
        struct slice rest = {text.data + at, text.len - at}, line, record;
        const char *end = memchr(rest.data, '\n', rest.len);

        line = (struct slice){rest.data, end == NULL ? rest.len : (size_t)(end - rest.data)};
        number++;
        if (end == NULL || !is_whole(line, &record)) {
            if (is_torn(rest))
                break;
            return err_set(e, ERR_FOREIGN, "journal: line %zu is damaged", number);
        }
        if (j->npublish > 0)
            return err_set(e, ERR_FOREIGN, "journal: line %zu follows the publish record", number);
        if (read_record(j, record, e) != 0)
            return name_line(number, e);
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
