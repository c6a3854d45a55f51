/* journal, state, record: what is written is read again, and what is damaged is never believed. */
#define _GNU_SOURCE /* truncate */

#include "journaling.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- replaying a text, without any file ---- */

/* A journal that has read nothing yet; free it with journal_close. */
static void blank(struct journal *j)
{
    journal_open_temporary(j, "https://x", 1, 2);
    journal_query_free(&j->query);
}

/* Append records, each with its checksum. */
static void put_record(struct buf *text, const char *json)
{
    char hex[HASH_HEX_MAX];

    hash_bytes(json, strlen(json), hex);
    buf_printf(text, "%.8s %s\n", hex, json);
}

/* A publish record of these lists. */
#define PUBLISH(files, stale) "{\"k\":\"publish\",\"files\":[" files "],\"stale\":[" stale "]}"
#define ONE(path) "{\"path\":\"" path "\",\"sha256\":\"" DIGEST "\"}"
#define END ONE("SHA256SUMS") "," ONE("manifest.json")
#define OPEN                                                                                       \
    "{\"k\":\"open\",\"schema\":2,\"started\":1,\"endpoint\":\"https://x\",\"since\":1,"           \
    "\"until\":20000001,\"base\":\"\",\"scopes\":[\"tenant\"],\"tenantId\":null}"
#define SCOPE                                                                                      \
    "{\"k\":\"scope\",\"scope\":\"tenant\",\"file\":\"tenant\",\"folder\":\"scope=tenant\"}"
#define WINDOW                                                                                     \
    "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":20000001,\"n\":2,\"offset\":0,\"deflated\":30,"        \
    "\"plain\":99,\"crc\":7,\"sha256\":\"" DIGEST "\",\"asked\":9,\"closed\":1,\"ids\":[\"r\"]}"
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void records_one_by_one(void **state)
{
    static const struct {
        const char *name;
        const char *records[5];
        const char *why; /* a part of the message of ERR_FOREIGN; NULL: fine */
    } rows[] = {
        {"only the first", {OPEN}, NULL},
        {"started before all time",
         {"{\"k\":\"open\",\"schema\":2,\"started\":-1,\"endpoint\":\"https://x\",\"since\":1,"
          "\"until\":2,\"base\":\"\",\"scopes\":[]}"},
         "not whole"},
        {"a scope and a window", {OPEN, SCOPE, WINDOW}, NULL},
        {"another order of keys and unknown ones",
         {"{\"new\":{\"since\":9},\"scopes\":[],\"base\":\"\",\"until\":2,\"since\":1,"
          "\"endpoint\":\"https://x\",\"schema\":2,\"k\":\"open\"}"},
         NULL},
        {"a repeated key: the last counts",
         {"{\"k\":\"scope\",\"k\":\"open\",\"schema\":3,\"schema\":2,\"endpoint\":\"https://x\","
          "\"since\":5,\"since\":1,\"until\":2,\"base\":\"\",\"scopes\":[]}"},
         NULL},
        {"blanks in a record", {OPEN, SCOPE, "{ \"k\" : \"distrust\", \"s\" : 0 }"}, NULL},
        /* the first record */
        {"no first record", {SCOPE}, "azdal did not write it"},
        {"two first records", {OPEN, OPEN}, "unknown scope"},
        {"a schema of tomorrow",
         {"{\"k\":\"open\",\"schema\":3,\"endpoint\":\"https://x\",\"since\":1,\"until\":2,"
          "\"base\":\"\",\"scopes\":[]}"},
         "schema 3 is not known"},
        {"no schema", {"{\"k\":\"open\"}"}, "schema 0 is not known"},
        {"no endpoint",
         {"{\"k\":\"open\",\"schema\":2,\"since\":1,\"until\":2,\"base\":\"\",\"scopes\":[]}"},
         "not whole"},
        {"no time at all",
         {"{\"k\":\"open\",\"schema\":2,\"endpoint\":\"https://x\",\"base\":\"\",\"scopes\":[]}"},
         "not whole"},
        {"since is not before until",
         {"{\"k\":\"open\",\"schema\":2,\"endpoint\":\"https://x\",\"since\":2,\"until\":2,"
          "\"base\":\"\",\"scopes\":[]}"},
         "not whole"},
        {"scopes that are no list",
         {"{\"k\":\"open\",\"schema\":2,\"endpoint\":\"https://x\",\"since\":1,\"until\":2,"
          "\"base\":\"\",\"scopes\":\"tenant\"}"},
         "scopes: no list"},
        {"scopes that are no texts",
         {"{\"k\":\"open\",\"schema\":2,\"endpoint\":\"https://x\",\"since\":1,\"until\":2,"
          "\"base\":\"\",\"scopes\":[1]}"},
         "scopes: not a text"},
        {"a record that is no object", {"[1,2,3]"}, "azdal did not write it"},
        {"on top of another manifest",
         {"{\"k\":\"open\",\"schema\":2,\"endpoint\":\"https://x\",\"since\":1,\"until\":2,"
          "\"base\":\"" DIGEST "\",\"scopes\":[]}"},
         "belongs to another manifest"},
        /* scopes */
        {"one scope twice", {OPEN, SCOPE, SCOPE}, "bad scope"},
        {"one scope in another case",
         {OPEN, SCOPE, "{\"k\":\"scope\",\"scope\":\"TENANT\",\"file\":\"a\",\"folder\":\"b\"}"},
         "bad scope"},
        {"a scope without a file",
         {OPEN, "{\"k\":\"scope\",\"scope\":\"tenant\",\"folder\":\"b\"}"},
         "bad scope"},
        {"a scope whose file leads out of DIR",
         {OPEN, "{\"k\":\"scope\",\"scope\":\"tenant\",\"file\":\"../x\",\"folder\":\"b\"}"},
         "bad scope"},
        {"a scope whose folder leads out of DIR",
         {OPEN, "{\"k\":\"scope\",\"scope\":\"tenant\",\"file\":\"x\",\"folder\":\"/etc\"}"},
         "bad scope"},
        {"a window of no scope", {OPEN, WINDOW}, "unknown scope"},
        {"a scope's number that is none",
         {OPEN, SCOPE, "{\"k\":\"redo\",\"s\":1}"},
         "unknown scope"},
        {"a negative number", {OPEN, SCOPE, "{\"k\":\"redo\",\"s\":-1}"}, "unknown scope"},
        {"a number that is no number",
         {OPEN, SCOPE, "{\"k\":\"redo\",\"s\":\"0\"}"},
         "unknown scope"},
        {"a number of forty digits",
         {OPEN, SCOPE, "{\"k\":\"redo\",\"s\":0000000000000000000000000000000000000000}"},
         "line 3 is damaged"}, /* not JSON */
        {"an unknown record", {OPEN, SCOPE, "{\"k\":\"gone\",\"s\":0}"}, "unknown record"},
        {"a record without a kind", {OPEN, SCOPE, "{\"s\":0}"}, "unknown record"},
        /* windows */
        {"a window that ends before it begins",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":5,\"to\":5,\"ids\":[]}"},
         "bad window"},
        {"a window without times", {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"ids\":[]}"}, "bad window"},
        {"a window with a negative time",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":-5,\"to\":5,\"ids\":[]}"},
         "bad window"},
        {"a window before the range asked for",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":0,\"to\":5,\"ids\":[]}"},
         "outside the range"},
        {"a window behind the range asked for",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":20000002,\"ids\":[]}"},
         "outside the range"},
        {"a negative count of repeats",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"dup\":-1,\"ids\":[]}"},
         "bad window"},
        {"a negative count of events outside",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"outside\":-1,\"ids\":[]}"},
         "bad window"},
        {"a negative offset",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"offset\":-9,\"ids\":[]}"},
         "bad window"},
        {"a count that no manifest can hold",
         {OPEN, SCOPE,
          "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"dup\":9007199254740993,\"ids\":[]}"},
         "bad window"},
        {"a count that is no whole number",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"dup\":1.5,\"ids\":[]}"},
         "bad window"},
        {"a CRC of more than 32 bits",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"crc\":4294967296,\"ids\":[]}"},
         "bad window"},
        {"a negative count of requests",
         {OPEN, SCOPE, "{\"k\":\"count\",\"s\":0,\"from\":-1,\"to\":0}"},
         "bad count"},
        {"a window without a digest",
         {OPEN, SCOPE,
          "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"n\":1,\"deflated\":9,\"ids\":[]}"},
         "bad window"},
        {"a window with events and no bytes",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"n\":1,\"ids\":[]}"},
         "bad window"},
        {"a window of more bytes than there are",
         {OPEN, SCOPE,
          "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"n\":1,\"deflated\":9223372036854775807,"
          "\"sha256\":\"" DIGEST "\",\"ids\":[]}"},
         "bad window"},
        {"a later run", {OPEN, SCOPE, "{\"k\":\"run\",\"started\":5}", WINDOW}, NULL},
        {"a window without ids", {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5}"}, "ids"},
        {"a window with ids that are no texts",
         {OPEN, SCOPE, "{\"k\":\"w\",\"s\":0,\"from\":1,\"to\":5,\"ids\":[null]}"},
         "ids: not a text"},
        /* the end */
        {"an end", {OPEN, SCOPE, "{\"k\":\"end\",\"s\":0,\"status\":\"complete\"}"}, NULL},
        {"an end without a status", {OPEN, SCOPE, "{\"k\":\"end\",\"s\":0}"}, "bad end"},
        /* publishing */
        {"a publish", {OPEN, PUBLISH(ONE("a.ndjson.gz") "," END, ONE("b/c.ndjson.gz"))}, NULL},
        {"a publish of nothing", {OPEN, PUBLISH("", "")}, "bad publish"},
        {"a publish without files", {OPEN, "{\"k\":\"publish\",\"stale\":[]}"}, "no files"},
        {"a publish without stale files",
         {OPEN, "{\"k\":\"publish\",\"files\":[" END "]}"},
         "no stale"},
        {"a publish without a manifest",
         {OPEN, PUBLISH(ONE("a.ndjson.gz"), "")},
         "does not end in"},
        {"a publish in another order",
         {OPEN, PUBLISH(END "," ONE("a.ndjson.gz"), "")},
         "does not end in"},
        {"a publish of one file twice",
         {OPEN, PUBLISH(ONE("a.ndjson.gz") "," ONE("a.ndjson.gz") "," END, "")},
         "one file twice"},
        {"a publish of a stale file",
         {OPEN, PUBLISH(ONE("a.ndjson.gz") "," END, ONE("a.ndjson.gz"))},
         "one file twice"},
        {"two publishes", {OPEN, PUBLISH(END, ""), PUBLISH(END, "")}, "follows the publish record"},
        {"a publish with half a digest",
         {OPEN, PUBLISH("{\"path\":\"a.ndjson.gz\",\"sha256\":\"00\"}", "")},
         "bad publish"},
        {"a publish that leads out of DIR",
         {OPEN, PUBLISH(ONE("../a.ndjson.gz"), "")},
         "bad publish"},
        {"a stale file out of DIR", {OPEN, PUBLISH(END, ONE("/etc/hosts"))}, "bad publish"},
        {"a publish of a file that no export has",
         {OPEN, PUBLISH(ONE("notes.txt"), "")},
         "bad publish"},
        {"a stale file that no export has", {OPEN, PUBLISH(END, ONE("notes.txt"))}, "bad publish"},
        {"a stale file without a digest", {OPEN, PUBLISH(END, "\"b/c.ndjson.gz\"")}, "bad publish"},
        {"a publish in .partial", {OPEN, PUBLISH(ONE(".partial/lock"), "")}, "bad publish"},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf text = {0};
        struct journal j;
        struct err e = {0};
        size_t whole = 0;
        int ret;

        for (k = 0; k < 5 && rows[i].records[k] != NULL; k++)
            put_record(&text, rows[i].records[k]);
        blank(&j);
        ret = journal_replay(&j, buf_slice(&text), &whole, &e);
        if (rows[i].why == NULL
                ? ret != 0
                : ret != -1 || e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL)
            fail_msg("%s: %d, code %d, %s", rows[i].name, ret, e.code, e.msg);
        journal_close(&j);
        buf_free(&text);
    }
}

/* What the records say in the end. */
static void records_add_up(void **state)
{
    struct buf text = {0};
    struct journal j;
    struct err e;
    size_t whole;

    (void)state;
    put_record(&text, OPEN);
    put_record(&text, SCOPE);
    put_record(&text, WINDOW);
    put_record(&text, "{\"k\":\"drained\",\"s\":0,\"from\":0,\"to\":20000001}");
    put_record(&text, "{\"k\":\"distrust\",\"s\":0}");
    put_record(&text, "{\"k\":\"expired\",\"s\":0,\"to\":5}");
    put_record(&text, "{\"k\":\"count\",\"s\":0,\"from\":12,\"to\":3}");
    put_record(&text, "{\"k\":\"redo\",\"s\":0,\"from\":11,\"to\":20000001}");
    put_record(&text, "{\"k\":\"end\",\"s\":0,\"status\":\"failed\",\"code\":\"C\",\"message\":"
                      "\"words \\u00e9\",\"failed\":5}");
    put_record(&text, "{\"k\":\"end\",\"s\":0,\"status\":\"forbidden\",\"code\":null,\"message\":"
                      "\"other words\",\"failed\":3}");
    blank(&j);
    assert_int_equal(journal_replay(&j, buf_slice(&text), &whole, &e), 0);
    assert_int_equal(whole, text.len);
    assert_int_equal(j.nscopes, 1);
    assert_true(j.scopes[0].distrusted);
    assert_true(j.scopes[0].expired == 5);
    assert_int_equal(j.scopes[0].requests, 12);
    assert_int_equal(j.scopes[0].requests_noted, 12);
    assert_int_equal(j.scopes[0].retries, 3);
    assert_int_equal(j.scopes[0].segment_size, 30);
    assert_string_equal(j.scopes[0].status, "forbidden");
    assert_null(j.scopes[0].error_code);
    assert_string_equal(j.scopes[0].error_message, "other words");
    assert_int_equal(j.scopes[0].failed, 3);
    assert_int_equal(j.scopes[0].nwindows, 2);
    assert_true(j.scopes[0].windows[0].from == 1 && j.scopes[0].windows[0].to == 11);
    assert_int_equal(j.scopes[0].windows[0].w.closed, MANIFEST_DRAINED);
    assert_int_equal(j.scopes[0].windows[1].kept, 1);
    journal_close(&j);
    buf_free(&text);
}

/* ---- a journal of every kind of record, and what is left of it when it is damaged ---- */

/* Fill a new journal with every kind of record. */
static void fill(struct journal *j)
{
    struct journal_scope *s, *t;
    struct err e;

    s = journal_add_scope(j, "tenant", "tenant", "scope=tenant");
    assert_non_null(s);
    assert_int_equal(put_stretch(j, s, 50, 100, "99b 60a 60a", 5000, &e), 0);
    assert_int_equal(put_stretch(j, s, 20, 50, "30c1 30c2", 5001, &e), 0);
    t = journal_add_scope(j, "sub:\"odd\"\t", "subscriptions/%22odd%22", "scope=sub-odd");
    assert_non_null(t);
    s = &j->scopes[0]; /* the list may have moved */
    assert_int_equal(put_stretch(j, t, 0, 100, "", 5002, &e), 0);
    journal_distrust(j, s);
    journal_redo(j, s, 40, 70);
    assert_int_equal(put_stretch(j, s, 40, 70, "60a 61d", 5003, &e), 0);
    journal_drained(j, s, 0, 50);
    journal_expired(j, t, AT(7));
    s->requests = 31;
    s->retries = 2;
    journal_count(j, s);
    journal_end_scope(j, s, "complete", NULL, NULL, 0);
    journal_end_scope(j, t, "forbidden", "AuthorizationFailed", "\"No\"\n\xe2\x80\xae", 3);
    assert_int_equal(journal_commit(j, &e), 0);
}

/* Open DIR, which has to be there as told. */
static void reopen(struct journal *j, const char *dir, enum journal_found expected)
{
    enum journal_found found;
    struct err e = {0};

    if (journal_open(j, dir, 0, &found, &e) != 0)
        fail_msg("%s", e.msg);
    assert_int_equal(found, expected);
}

/* A new journal for 100 seconds in DIR. */
static void begin(struct journal *j, const char *dir)
{
    struct journal_query q;
    struct err e;

    reopen(j, dir, JOURNAL_NEW);
    query_make(&q, 100);
    q.clamped = q.role_assignments = 1;
    q.since_asked = AT(-5);
    q.tenant_id = slice_dup(slice_of("72f9c0de-0000-4000-8000-000000000001"));
    assert_int_equal(journal_begin(j, &q, 0, &e), 0);
    assert_null(q.endpoint);
}

/* DIR/.partial/journal. */
static char *journal_path(const char *dir)
{
    char *path = folder_join(dir, JOURNAL_FOLDER "/journal");

    assert_non_null(path);
    return path;
}

static void what_is_written_is_read(void **state)
{
    struct buf before = {0}, after = {0};
    char *path = journal_path(*state);
    struct journal j;
    struct err e;
    int64_t started;

    begin(&j, *state);
    fill(&j);
    put_state(&before, &j);
    started = j.started;
    journal_close(&j);
    /* Closed, nothing is left but the files; and reading changes nothing. */
    reopen(&j, *state, JOURNAL_UNFINISHED);
    assert_true(j.started == started);
    assert_int_equal(j.resumed, 1);
    put_state(&after, &j);
    assert_string_equal(before.data, after.data);
    /* More is written behind it. */
    assert_int_equal(put_stretch(&j, &j.scopes[0], 0, 20, "1z", 5005, &e), 0);
    assert_int_equal(journal_commit(&j, &e), 0);
    buf_clear(&before);
    put_state(&before, &j);
    journal_close(&j);
    reopen(&j, *state, JOURNAL_UNFINISHED);
    buf_clear(&after);
    put_state(&after, &j);
    assert_string_equal(before.data, after.data);
    journal_close(&j);
    buf_free(&before);
    buf_free(&after);
    free(path);
}

/* What was not committed does not exist, neither in the journal nor in the segment. */
static void what_is_not_committed_is_gone(void **state)
{
    struct buf before = {0}, after = {0};
    struct journal j;
    struct err e;

    begin(&j, *state);
    fill(&j);
    put_state(&before, &j);
    assert_int_equal(put_stretch(&j, &j.scopes[0], 0, 20, "1z 2y", 5005, &e), 0);
    journal_close(&j);
    reopen(&j, *state, JOURNAL_UNFINISHED);
    put_state(&after, &j);
    assert_string_equal(before.data, after.data);
    assert_int_equal(journal_open_segment(&j, &j.scopes[0], &e), 0);
    assert_int_equal(j.scopes[0].segment.size, j.scopes[0].segment_size);
    journal_close(&j);
    buf_free(&before);
    buf_free(&after);
}

/* The state after each whole line of the journal, the last of them of the whole text. */
struct prefixes {
    char *states[40];
    size_t ends[40]; /* bytes up to and with the line */
    size_t n;
};

/* Replay a text; the state in a new text, or NULL when it was refused. */
static char *replayed(struct slice text, size_t *whole)
{
    struct buf dump = {0};
    struct journal j;
    struct err e = {0};
    int ret;

    blank(&j);
    ret = journal_replay(&j, text, whole, &e);
    if (ret == 0)
        put_state(&dump, &j);
    else
        assert_int_equal(e.code, ERR_FOREIGN);
    journal_close(&j);
    return dump.data;
}

static void prefixes_make(struct prefixes *p, struct slice text)
{
    size_t at = 0, whole;

    p->n = 0;
    while (at < text.len) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        struct slice part = {text.data, (size_t)(end - text.data) + 1};

        assert_true(p->n < 40);
        at = part.len;
        p->ends[p->n] = at;
        p->states[p->n] = replayed(part, &whole);
        assert_non_null(p->states[p->n]);
        assert_int_equal(whole, at);
        p->n++;
    }
}

/* The text of a journal with every kind of record. */
static void every_record(const char *dir, struct buf *text)
{
    const struct journal_publish files[] = {{(char *)(uintptr_t) "tenant.ndjson.gz", DIGEST},
                                            {(char *)(uintptr_t) "SHA256SUMS", DIGEST},
                                            {(char *)(uintptr_t) "manifest.json", DIGEST}};
    char *path = journal_path(dir);
    struct journal j;
    struct err e;

    begin(&j, dir);
    fill(&j);
    journal_record_publish(&j, files, 3);
    assert_int_equal(journal_commit(&j, &e), 0);
    assert_int_equal(sys_read_file(path, 1 << 20, text, &e), 0);
    journal_close(&j);
    free(path);
}

/* Cut anywhere: what is left is the whole lines before the cut. */
static void a_torn_journal(void **state)
{
    struct buf text = {0};
    struct prefixes p;
    size_t cut, line = 0, whole;

    every_record(*state, &text);
    prefixes_make(&p, buf_slice(&text));
    assert_true(p.n > 14);
    for (cut = 0; cut < text.len; cut++) {
        struct slice part = {text.data, cut};
        char *left = replayed(part, &whole);

        while (p.ends[line] <= cut)
            line++;
        if (line == 0 ? left != NULL
                      : left == NULL || whole != p.ends[line - 1] ||
                            strcmp(left, p.states[line - 1]) != 0)
            fail_msg("cut at byte %zu: %s", cut, left == NULL ? "refused" : left);
        free(left);
    }
    for (line = 0; line < p.n; line++)
        free(p.states[line]);
    buf_free(&text);
}

/* Any one bit wrong is a damaged journal, unless it makes the last line one that was cut. */
static void a_flipped_bit(void **state)
{
    struct buf text = {0};
    struct prefixes p;
    size_t at, line = 0, whole;
    int bit;

    every_record(*state, &text);
    prefixes_make(&p, buf_slice(&text));
    for (at = 0; at < text.len; at++) {
        while (p.ends[line] <= at)
            line++;
        for (bit = 0; bit < 8; bit += 1 + (int)(at % 3)) {
            char *left;
            int cut;

            text.data[at] = (char)(text.data[at] ^ (1 << bit));
            cut = line + 1 == p.n && (at + 1 == text.len || text.data[at] == '\0');
            left = replayed(buf_slice(&text), &whole);
            text.data[at] = (char)(text.data[at] ^ (1 << bit));
            if (!cut ? left != NULL
                     : left == NULL || whole != p.ends[line - 1] ||
                           strcmp(left, p.states[line - 1]) != 0)
                fail_msg("bit %d of byte %zu: %s", bit, at, left == NULL ? "refused" : left);
            free(left);
        }
    }
    /* Blocks that were never written, with nothing whole behind them. */
    for (line = p.n; line-- > 1;) {
        char *left;

        memset(text.data + p.ends[line - 1], 0, text.len - p.ends[line - 1] - 1);
        left = replayed(buf_slice(&text), &whole);
        assert_non_null(left);
        assert_string_equal(left, p.states[line - 1]);
        free(left);
    }
    for (line = 0; line < p.n; line++)
        free(p.states[line]);
    buf_free(&text);
}

/* ---- a folder ---- */

/* Put a text in place of the journal. */
static void replace_journal(const char *dir, const char *text, size_t len)
{
    char *path = journal_path(dir);
    struct err e;
    int fd;

    fd = sys_open(path, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, text, len, path, &e), 0);
    assert_int_equal(sys_close(fd, path, &e), 0);
    free(path);
}

static void texts_that_are_no_journal(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"", "journal: empty"},
        {NULL, "journal: missing"},
        {"garbage", "its first record is incomplete"},
        {"0123", "its first record is incomplete"},
        {"garbage\n", "line 1 is damaged"},
        {"00000000 {}\n", "line 1 is damaged"},
        {"\n", "line 1 is damaged"},
        {"\n\n\n", "line 1 is damaged"},
        {"e3b0c442 \n", "line 1 is damaged"},
    };
    char *path = journal_path(*state), *segment = folder_join(*state, ".partial/tenant.segment");
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum journal_found found = JOURNAL_FINISHED;
        struct journal j;
        struct err e = {0};
        int ret;

        begin(&j, *state);
        fill(&j);
        journal_close(&j);
        if (rows[i].text == NULL)
            assert_int_equal(remove(path), 0);
        else
            replace_journal(*state, rows[i].text, strlen(rows[i].text));
        ret = journal_open(&j, *state, 0, &found, &e);
        if (ret != -1 || e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL ||
            strstr(e.hint, "--restart") == NULL)
            fail_msg("%s: %d, code %d, %s", rows[i].text, ret, e.code, e.msg);
        assert_int_equal(sys_kind(segment), SYS_FILE);
        assert_int_equal(journal_open(&j, *state, 1, &found, &e), 0);
        assert_int_equal(found, JOURNAL_NEW);
        journal_close(&j);
    }
    free(path);
    free(segment);
}

/* A run that died before it had fetched anything leaves a journal with nothing to lose. */
static void a_journal_with_nothing_to_lose(void **state)
{
    static const char *const texts[] = {"", "garbage", "0123"};
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct journal j;

        begin(&j, *state);
        j.opened = 0;
        journal_close(&j);
        replace_journal(*state, texts[i], strlen(texts[i]));
        reopen(&j, *state, JOURNAL_NEW);
        j.opened = 0;
        journal_close(&j);
    }
}

/* What no run makes is not deleted: neither silently nor with --restart. */
static void strange_things_in_partial(void **state)
{
    static const struct {
        const char *name;
        int folder;
    } rows[] = {
        {"notes.txt", 0},         {"evil.segment", 0},
        {"out/notes.txt", 0},     {"out/a.ndjson.gz", 1},
        {"tenant.segment", 1},    {"sub", 1},
        {"journal", 1},           {"out", 0},
        {"lock.old", 0},          {"out/a/manifest.txt", 0},
        {"out/manifest.json", 1}, {"managementGroups", 1},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *partial = folder_join(*state, ".partial"), *path = folder_join(partial, rows[i].name);
        enum journal_found found;
        struct journal j;
        struct err e = {0};
        int fd, restart;

        assert_int_equal(files_delete(partial), 0);
        begin(&j, *state);
        fill(&j);
        journal_close(&j);
        assert_int_equal(storing_make_above(*state, ".partial/x", &e), 0);
        assert_int_equal(storing_make_above(partial, rows[i].name, &e), 0);
        (void)remove(path);
        fd = rows[i].folder ? -1 : sys_open(path, SYS_CREATE, &e);
        assert_int_equal(rows[i].folder ? sys_mkdir_all(path, &e) : sys_close(fd, path, &e), 0);
        for (restart = 0; restart < 2; restart++) {
            if (journal_open(&j, *state, restart, &found, &e) != -1 || e.code != ERR_FOREIGN ||
                strstr(e.msg, rows[i].name) == NULL)
                fail_msg("%s: code %d, %s", rows[i].name, e.code, e.msg);
            assert_int_equal(sys_kind(path), rows[i].folder ? SYS_FOLDER : SYS_FILE);
        }
        free(path);
        free(partial);
    }
}

/* A journal above JOURNAL_MAX_BYTES is not read into memory; --restart leads out. */
static void a_journal_that_is_too_large(void **state)
{
    char *path = journal_path(*state);
    enum journal_found found;
    struct journal j;
    struct err e = {0};

    begin(&j, *state);
    fill(&j);
    journal_close(&j);
    assert_int_equal(truncate(path, ((off_t)256 << 20) + 1), 0);
    assert_int_equal(journal_open(&j, *state, 0, &found, &e), -1);
    assert_non_null(strstr(e.msg, "larger than 268435456 bytes"));
    assert_int_equal(journal_open(&j, *state, 1, &found, &e), 0);
    assert_int_equal(found, JOURNAL_NEW);
    journal_close(&j);
    free(path);
}

/* The second to open DIR is refused and touches nothing, --restart or not. */
static void one_at_a_time(void **state)
{
    struct buf before = {0}, after = {0};
    enum journal_found found;
    struct journal first, second;
    struct err e = {0};
    int restart;

    begin(&first, *state);
    fill(&first);
    put_state(&before, &first);
    for (restart = 0; restart < 2; restart++) {
        assert_int_equal(journal_open(&second, *state, restart, &found, &e), -1);
        assert_int_equal(e.code, ERR_LOCAL);
        assert_non_null(strstr(e.msg, "in use by another run"));
        journal_close(&second); /* closing what was never opened is fine */
    }
    journal_close(&first);
    reopen(&first, *state, JOURNAL_UNFINISHED);
    put_state(&after, &first);
    assert_string_equal(before.data, after.data);
    journal_close(&first);
    buf_free(&before);
    buf_free(&after);
}

/* A run that has fetched nothing leaves nothing, and binds nobody to its query. */
static void nothing_fetched_leaves_nothing(void **state)
{
    struct err e;
    char *dir = folder_join(*state, "new/export");
    struct journal j;

    begin(&j, dir);
    assert_non_null(journal_add_scope(&j, "tenant", "tenant", "scope=tenant"));
    assert_int_equal(journal_commit(&j, &e), 0);
    journal_close(&j);
    assert_int_equal(sys_kind(dir), SYS_MISSING);
    /* After a crash the same journal is found, and forgotten. */
    begin(&j, dir);
    assert_non_null(journal_add_scope(&j, "tenant", "tenant", "scope=tenant"));
    /* A list that named no scope has no file of its own. */
    assert_non_null(journal_add_scope(&j, "mg:*", "mg:*", "mg:*"));
    assert_int_equal(journal_commit(&j, &e), 0);
    j.opened = 0; /* as if the process had died: closing then removes nothing */
    journal_close(&j);
    assert_int_equal(sys_kind(dir), SYS_FOLDER);
    reopen(&j, dir, JOURNAL_NEW);
    assert_null(j.query.endpoint);
    journal_close(&j);
    assert_int_equal(sys_kind(dir), SYS_MISSING);
    free(dir);
}

static void somebody_elses_files(void **state)
{
    static const char *const names[] = {"notes.txt", "tenant.ndjson.gz", "a/notes.txt",
                                        "a/b/c/d/e/notes.txt", ".hidden"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int partial;

        for (partial = 0; partial < 2; partial++) {
            enum journal_found found;
            struct err e = {0};
            char *dir = folder_join(*state, "dir"), *file = folder_join(dir, names[i]);
            struct journal j;
            int fd;

            assert_int_equal(files_delete(dir), 0);
            if (partial) {
                begin(&j, dir);
                fill(&j);
                journal_close(&j);
            }
            assert_int_equal(sys_mkdir_all(dir, &e), 0);
            assert_int_equal(storing_make_above(dir, names[i], &e), 0);
            fd = sys_open(file, SYS_CREATE, &e);
            assert_int_equal(sys_close(fd, file, &e), 0);
            assert_int_equal(journal_open(&j, dir, 0, &found, &e), -1);
            if (e.code != ERR_FOREIGN || strstr(e.msg, "azdal did not write") == NULL)
                fail_msg("%s: code %d, %s", names[i], e.code, e.msg);
            assert_int_equal(journal_open(&j, dir, 1, &found, &e), -1);
            assert_int_equal(e.code, ERR_FOREIGN);
            assert_int_equal(sys_kind(file), SYS_FILE);
            free(file);
            free(dir);
        }
    }
}

/* folder_check_names of a path. */
static int check_names(const char *path, struct err *e)
{
    struct sys_dir *d = storing_dir(path);
    int ret = folder_check_names(d, NULL, e);

    sys_dir_close(d);
    return ret;
}

/* Folders below FOLDER_DEPTH_MAX are nobody's of ours, even when they are empty. */
static void folders_that_go_too_deep(void **state)
{
    static const struct {
        const char *path;
        int fine;
    } rows[] = {{"a/b/c/d", 1}, {"a/b/c/d/e", 0}, {"a/b/c/d/e/f", 0}};
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = {0};
        char *dir = folder_join(*state, "dir"), *deep = folder_join(dir, rows[i].path);

        assert_int_equal(sys_mkdir_all(deep, &e), 0);
        if ((check_names(dir, &e) == 0) != rows[i].fine)
            fail_msg("%s: code %d, %s", rows[i].path, e.code, e.msg);
        assert_int_equal(files_delete(dir), 0);
        free(deep);
        free(dir);
    }
}

/* Of thousands of scopes that end one after the other at most JOURNAL_OPEN_MAX are open. */
static void segments_that_are_open(void **state)
{
    struct journal j;
    struct err e;
    size_t i, k;

    begin(&j, *state);
    for (i = 0; i < 3 * JOURNAL_OPEN_MAX; i++) {
        struct journal_scope *s;
        char name[60], file[60];
        unsigned n = 0;

        (void)snprintf(name, sizeof(name), "sub:%zu", i);
        (void)snprintf(file, sizeof(file), "subscriptions/%zu", i);
        s = journal_add_scope(&j, name, file, file);
        assert_non_null(s);
        assert_int_equal(put_stretch(&j, s, 0, 100, "5a", 5000, &e), 0);
        journal_end_scope(&j, s, "complete", NULL, NULL, 0);
        for (k = 0; k < j.nscopes; k++)
            n += j.scopes[k].segment.path != NULL;
        assert_in_range(n, 1, JOURNAL_OPEN_MAX);
    }
    assert_int_equal(journal_commit(&j, &e), 0);
    for (k = 0; k < j.nscopes; k++) {
        assert_null(j.scopes[k].segment.path);
        assert_int_equal(journal_open_segment(&j, &j.scopes[k], &e), 0);
        segment_close(&j.scopes[k].segment);
    }
    journal_close(&j);
}

/* The same while none of them has ended and each is written to again and again: what was written
 * before a segment was closed is still there. */
static void segments_in_turn(void **state)
{
    struct buf before = {0}, after = {0};
    struct journal j;
    struct err e;
    int round;
    size_t i, k;

    begin(&j, *state);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < JOURNAL_OPEN_MAX + 5; i++) {
            struct journal_scope *s;
            char name[60], file[60];
            unsigned n = 0;

            (void)snprintf(name, sizeof(name), "sub:%zu", i);
            (void)snprintf(file, sizeof(file), "subscriptions/%zu", i);
            s = journal_add_scope(&j, name, file, file);
            assert_non_null(s);
            assert_int_equal(put_stretch(&j, s, round * 10, round * 10 + 10,
                                         round == 0 ? "5a 6b" : "15c 25d", 5000, &e),
                             0);
            for (k = 0; k < j.nscopes; k++)
                n += j.scopes[k].segment.path != NULL;
            assert_in_range(n, 1, JOURNAL_OPEN_MAX);
        }
    }
    assert_int_equal(journal_commit(&j, &e), 0);
    put_state(&before, &j);
    journal_close(&j);
    reopen(&j, *state, JOURNAL_UNFINISHED);
    put_state(&after, &j);
    assert_string_equal(before.data, after.data);
    for (i = 0; i < j.nscopes; i++) {
        struct journal_scope *s = &j.scopes[i];
        struct buf words = {0};

        assert_int_equal(journal_open_segment(&j, s, &e), 0);
        for (k = 0; k < s->nwindows; k++) {
            struct segment_source *source =
                segment_from_fragment(s->segment.fd, s->segment.path, &s->windows[k].w);
            struct line l;
            int more;

            while ((more = segment_source_next(source, &l, &e)) == 1)
                put_word(&words, &l);
            assert_int_equal(more, 0);
            segment_source_free(source);
        }
        assert_true(slice_equals(buf_slice(&words), "5a 6b 15c 25d"));
        segment_close(&s->segment);
        buf_free(&words);
    }
    journal_close(&j);
    buf_free(&before);
    buf_free(&after);
}

/* ---- the state, without files ---- */

static void what_is_to_be_fetched_again(void **state)
{
    static const struct {
        const char *before;
        long from, to;
        const char *after;
    } rows[] = {
        {"0-50", 0, 50, "0-50k"},
        {"0-50", 0, 100, "0-50k"},
        {"0-50", 50, 100, "0-50"},
        {"50-100", 0, 50, "50-100"},
        {"0-50 50-100", 50, 100, "0-50 50-100k"},
        {"0-100", 50, 100, "0-50 50-100k"},
        {"0-100", 0, 50, "0-50k 50-100"},
        {"0-100", 40, 60, "0-40 60-100 40-60k"},
        {"0-50 50-100", 40, 60, "0-40 50-60k 40-50k 60-100"},
        {"0-50k 50-100", 0, 100, "0-50k 50-100k"},
        {"0-50k", 10, 20, "0-50k"},
        {"0-100p", 40, 100, "0-40p 40-100kp"},
        {"", 0, 100, ""},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_scope s;
        struct buf after = {0};
        uint64_t duplicates = 0, before;

        windows_make(&s, rows[i].before);
        before = s.nwindows * 5;
        journal_state_redo(&s, AT(rows[i].from), AT(rows[i].to));
        put_windows(&after, &s);
        if (strcmp(after.data, rows[i].after) != 0)
            fail_msg("%s, again %ld-%ld: %s", rows[i].before, rows[i].from, rows[i].to, after.data);
        /* A window that is split is counted once. */
        for (k = 0; k < s.nwindows; k++)
            duplicates += s.windows[k].duplicates;
        assert_int_equal(duplicates, before);
        windows_free(&s);
        buf_free(&after);
    }
}

static void what_was_read_to_the_last_link(void **state)
{
    static const struct {
        const char *windows;
        long from, to;
        const char *drained; /* one digit a window */
    } rows[] = {
        {"0-50 50-100", 0, 100, "11"},  {"0-50 50-100", 0, 50, "10"},
        {"0-50 50-100", 10, 100, "01"}, {"0-50k 50-100p", 0, 100, "00"},
        {"0-50", 1, 100, "0"},          {"0-50", 0, 49, "0"},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_scope s;

        windows_make(&s, rows[i].windows);
        journal_state_drain(&s, AT(rows[i].from), AT(rows[i].to));
        for (k = 0; k < s.nwindows; k++) {
            if ((s.windows[k].w.closed == MANIFEST_DRAINED) != (rows[i].drained[k] == '1'))
                fail_msg("%s, %ld-%ld: window %zu", rows[i].windows, rows[i].from, rows[i].to, k);
        }
        windows_free(&s);
    }
}

/* A day is 86400 seconds. */
static void what_is_covered_and_what_is_settled(void **state)
{
    static const struct {
        const char *windows;
        long since, until, covered, settled;
    } rows[] = {
        {"", 0, 9000, 0, 0},
        {"0-9000:999999", 0, 9000, 9000, 9000},
        /* never beyond the query */
        {"0-9000:999999", 0, 8000, 9000, 8000},
        {"5000-9000:999999 0-5000:999999", 0, 9000, 9000, 9000},
        {"0-9000:999999", 10, 9000, 9000, 9000},
        {"10-9000:999999", 0, 9000, 0, 0},
        {"0-4000:999999 5000-9000:999999", 0, 9000, 4000, 4000},
        /* asked too early: up to a day before */
        {"0-9000:93600", 0, 9000, 9000, 7200},
        {"0-9000:95399", 0, 9000, 9000, 8999},
        {"0-9000:95400", 0, 9000, 9000, 9000},
        {"0-9000:1000", 0, 9000, 9000, 0},
        {"0-9000:0", 0, 9000, 9000, 0},
        {"0-5000:999999 5000-9000:93600", 0, 9000, 9000, 7200},
        {"0-5000:89600 5000-9000:999999", 0, 9000, 9000, 3200},
        {"0-5000:999999 5000-9000:87400", 0, 9000, 9000, 5000},
        /* kept lines hold no time */
        {"0-5000k:999999 5000-9000:999999", 0, 9000, 0, 0},
        {"0-5000:999999 5000-9000k:999999", 0, 9000, 5000, 5000},
        {"0-5000p:999999 5000-9000:999999", 0, 9000, 9000, 9000},
        {"0-6000:999999 5000-9000:999999", 0, 9000, 9000, 9000},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_scope s;
        long covered, settled;

        windows_make(&s, rows[i].windows);
        covered = second_of(journal_covered_until(&s, AT(rows[i].since)));
        settled = second_of(journal_settled_until(&s, AT(rows[i].since), AT(rows[i].until)));
        if (covered != rows[i].covered || settled != rows[i].settled)
            fail_msg("%s: covered until %ld, settled until %ld", rows[i].windows, covered, settled);
        windows_free(&s);
    }
}

/* A scope is found in any letter case, and stays one. */
static void scopes_are_one_in_any_case(void **state)
{
    struct journal_scope *s;
    struct journal j;

    (void)state;
    blank(&j);
    s = journal_add_scope(&j, "mg:Landing", "a", "b");
    assert_non_null(s);
    assert_ptr_equal(journal_add_scope(&j, "MG:landing", "c", "d"), s);
    assert_int_equal(j.nscopes, 1);
    assert_string_equal(s->file, "a");
    assert_null(journal_state_find_scope(&j, "mg:landing2"));
    journal_close(&j);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, storing_setup, storing_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_one_by_one),
        cmocka_unit_test(records_add_up),
        IN_FOLDER(what_is_written_is_read),
        IN_FOLDER(what_is_not_committed_is_gone),
        IN_FOLDER(a_torn_journal),
        IN_FOLDER(a_flipped_bit),
        IN_FOLDER(texts_that_are_no_journal),
        IN_FOLDER(a_journal_with_nothing_to_lose),
        IN_FOLDER(strange_things_in_partial),
        IN_FOLDER(a_journal_that_is_too_large),
        IN_FOLDER(one_at_a_time),
        IN_FOLDER(nothing_fetched_leaves_nothing),
        IN_FOLDER(somebody_elses_files),
        IN_FOLDER(folders_that_go_too_deep),
        IN_FOLDER(segments_that_are_open),
        IN_FOLDER(segments_in_turn),
        cmocka_unit_test(what_is_to_be_fetched_again),
        cmocka_unit_test(what_was_read_to_the_last_link),
        cmocka_unit_test(what_is_covered_and_what_is_settled),
        cmocka_unit_test(scopes_are_one_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
