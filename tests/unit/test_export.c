/* export, pieces, publish: which bytes become which file, and how they come into place. */
#define _GNU_SOURCE /* truncate */

#include "journaling.h"

#include "export/verify.h"
#include "store/coverage.h"
#include "store/export.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define DAY 86400L
#define LATER (100 * DAY) /* when everything is settled */

/* ---- pieces ---- */

/* Windows are numbered from 0; "20-50:1+0" is a piece of window 1 into which 0 is merged. */
static void windows_in_force(void **state)
{
    static const struct {
        const char *name, *windows;
        long since, until;
        const char *pieces; /* NULL: ERR_FOREIGN */
    } rows[] = {
        {"nothing", "", 0, 100, ""},
        {"in the order of time", "50-100 0-50", 0, 100, "0-50:1 50-100:0"},
        {"a gap stays a gap", "0-20 60-100", 0, 100, "0-20:0 60-100:1"},
        {"clipped to the query", "0-100", 10, 90, "10-90:0"},
        {"outside the query", "0-100 200-300", 100, 200, ""},
        {"overlap", "0-60 50-100", 0, 100, NULL},
        {"the same twice", "0-50 0-50", 0, 100, NULL},
        {"overlap beyond the query", "0-60 50-100", 60, 100, "60-100:1"},
        {"kept lines are merged", "0-50k 0-50", 0, 100, "0-50:1+0"},
        {"kept lines without events are not", "0-50ke 0-50", 0, 100, "0-50:1"},
        {"into both that they reach over", "20-80k 0-50 50-100", 0, 100, "0-50:1+0 50-100:2+0"},
        {"not into those they end at", "50-80k 0-50 80-100", 0, 100, "0-50:1 50-80:0 80-100:2"},
        {"kept and not fetched again", "0-50 50-100k", 0, 100, "0-50:0 50-100:1"},
        {"kept, half of it fetched again", "0-100k 50-100", 0, 100, "0-50:0 50-100:1+0"},
        {"a hole in what was fetched again", "0-100k 0-20 60-100", 0, 100,
         "0-20:1+0 20-60:0 60-100:2+0"},
        {"the later of two kept goes first", "0-100k 0-100k", 0, 100, "0-100:1+0"},
        {"the earlier fills what is left", "0-100k 40-60k", 0, 100, "0-40:0 40-60:1+0 60-100:0"},
        {"kept twice and fetched again", "0-100k 40-60k 0-100", 0, 100, "0-100:2+0+1"},
        {"kept, clipped to the query", "0-100k", 30, 40, "30-40:0"},
        {"published and fetched", "0-50p 50-100", 0, 100, "0-50:0 50-100:1"},
    };
    size_t i, k, n;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct coverage_piece *pieces = NULL;
        struct journal_scope s;
        struct buf out = {0};
        struct err e = {0};
        int ret;

        windows_make(&s, rows[i].windows);
        n = 0;
        ret = coverage_find(&s, AT(rows[i].since), AT(rows[i].until), &pieces, &n, &e);
        for (k = 0; ret == 0 && k < n; k++) {
            size_t m;

            buf_printf(&out, "%s%ld-%ld:%td", k > 0 ? " " : "", second_of(pieces[k].from),
                       second_of(pieces[k].to), pieces[k].w - s.windows);
            for (m = 0; m < pieces[k].nkept; m++)
                buf_printf(&out, "+%td", pieces[k].kept[m] - s.windows);
        }
        (void)buf_text(&out);
        if (rows[i].pieces == NULL
                ? ret != -1 || e.code != ERR_FOREIGN || strstr(e.msg, "the same time") == NULL
                : ret != 0 || strcmp(out.data, rows[i].pieces) != 0)
            fail_msg("%s: %s%s", rows[i].name, out.data, e.msg);
        if (ret == 0)
            coverage_free(pieces, n);
        windows_free(&s);
        buf_free(&out);
    }
}

/* ---- whole exports ---- */

/* One step of a story about an export. */
struct step {
    char what; /* Begin until `to`, Window, Redo, eXpired up to `to`, Publish; 0 ends */
    long from, to, asked;
    const char *events;
};

/* A file of the export, inflated, behind *out. */
static void gunzip(const char *dir, const char *name, struct buf *out)
{
    struct buf file = {0};
    struct err e;
    char *path = folder_join(dir, name);
    z_stream z = {0};
    int ret;

    assert_int_equal(sys_read_file(path, 1 << 24, &file, &e), 0);
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)file.data;
    z.avail_in = (uInt)file.len;
    do {
        buf_reserve(out, 65536);
        z.next_out = (Bytef *)out->data + out->len;
        z.avail_out = 65536;
        ret = inflate(&z, Z_NO_FLUSH);
        assert_true(ret == Z_OK || ret == Z_STREAM_END);
        out->len += 65536 - z.avail_out;
    } while (ret != Z_STREAM_END);
    assert_int_equal(z.avail_in, 0); /* one member */
    (void)inflateEnd(&z);
    buf_free(&file);
    free(path);
}

/* What the caller of export_publish fills in. */
static void describe(struct manifest *m, const struct journal *j)
{
    memset(m, 0, sizeof(*m));
    m->schema = MANIFEST_SCHEMA;
    m->complete = 1;
    m->started = m->finished = AT(LATER);
    m->since = j->query.since;
    m->until = j->query.until;
    m->tool = slice_dup(slice_of("azdal 0.1.0"));
    m->endpoint = slice_dup(slice_of(j->query.endpoint));
    m->scopes_asked = calloc(1, sizeof(*m->scopes_asked));
    assert_non_null(m->scopes_asked);
    m->scopes_asked[0] = slice_dup(slice_of("tenant"));
    m->nscopes_asked = 1;
}

/* Publish what the journal holds. */
static int publish(struct journal *j, struct err *e)
{
    const struct export_params p = {.level = 6, .threads = 2, .target_plain = 1 << 20};
    char hex[HASH_HEX_MAX];
    struct manifest m;
    int ret;

    describe(&m, j);
    ret = export_publish(j, &m, &p, hex, e);
    manifest_free(&m);
    return ret;
}

/* Open DIR and begin a journal, on top of the export that is there. */
static struct journal_scope *begin(struct journal *j, const char *dir, long until, int split_day)
{
    enum journal_found found;
    struct journal_scope *s;
    struct journal_query q;
    struct err e = {0};

    if (journal_open(j, dir, 0, &found, &e) != 0)
        fail_msg("%s", e.msg);
    query_make(&q, until);
    q.split_day = split_day;
    assert_int_equal(journal_begin(j, &q, found == JOURNAL_FINISHED, &e), 0);
    s = journal_add_scope(j, "tenant", "tenant", "scope=tenant");
    assert_non_null(s);
    return s;
}

/* Take the steps; those behind a publish are another run. */
static void tell(const char *dir, const struct step *steps, int split_day)
{
    struct journal_scope *s = NULL;
    struct journal j = {0};
    struct err e = {0};
    int ret = 0;

    for (; steps->what != 0 && ret == 0; steps++) {
        switch (steps->what) {
        case 'B':
            s = begin(&j, dir, steps->to, split_day);
            break;
        case 'W':
            ret = put_stretch(&j, s, steps->from, steps->to, steps->events,
                              steps->asked == 0 ? LATER : steps->asked, &e);
            break;
        case 'R':
            journal_redo(&j, s, AT(steps->from), AT(steps->to));
            break;
        case 'X':
            journal_expired(&j, s, AT(steps->to));
            break;
        case 'P':
            journal_end_scope(&j, s, s->expired ? "expired" : "complete", NULL, NULL, 0);
            ret = ret == 0 ? journal_commit(&j, &e) : ret;
            ret = ret == 0 ? publish(&j, &e) : ret;
            ret = ret == 0 ? journal_remove(&j, &e) : ret;
            journal_close(&j);
            break;
        default:
            fail();
        }
    }
    if (ret != 0)
        fail_msg("%s", e.msg);
}

/* Whether verify finds the export whole. */
static void verified(const char *dir, const char *name)
{
    struct verify_result r;
    struct err e;

    if (verify_export(dir, &r, &e) != 0)
        fail_msg("%s: %s", name, e.msg);
    if (r.problems > 0)
        fail_msg("%s: %s", name, r.lines[0]);
    verify_result_free(&r);
}

static int load_manifest(struct manifest *m, const char *path, struct err *e)
{
    struct sys_dir *d = storing_dir(path);
    char sha256[HASH_HEX_MAX];
    int ret = manifest_load(m, d, sha256, e);

    sys_dir_close(d);
    return ret;
}

/* The published export in short: windows "0-50:2", files, and the numbers of the scope. */
static void read_export(const char *dir, struct buf *ledger, struct buf *lines, struct buf *facts)
{
    struct buf plain = {0};
    struct manifest m;
    struct err e = {0};
    size_t i;

    if (load_manifest(&m, dir, &e) != 0)
        fail_msg("%s", e.msg);
    assert_int_equal(m.nscopes, 1);
    for (i = 0; i < m.scopes[0].nwindows; i++) {
        const struct manifest_window *w = &m.scopes[0].windows[i];

        buf_printf(ledger, "%s%ld-%ld:%llu", i > 0 ? " " : "", second_of(w->from), second_of(w->to),
                   (unsigned long long)w->events);
    }
    for (i = 0; i < m.scopes[0].nfiles; i++)
        gunzip(dir, m.scopes[0].files[i].path, &plain);
    put_words(lines, buf_slice(&plain));
    buf_printf(facts, "settled %ld, %ld-%ld, d%llu c%llu, %zu files",
               second_of(m.scopes[0].settled_until), second_of(m.scopes[0].first_event),
               second_of(m.scopes[0].last_event),
               (unsigned long long)m.scopes[0].duplicates_dropped,
               (unsigned long long)m.scopes[0].conflicting_ids, m.scopes[0].nfiles);
    (void)buf_text(ledger);
    manifest_free(&m);
    buf_free(&plain);
}

static void what_is_published(void **state)
{
    static const struct {
        const char *name;
        int split_day;
        struct step steps[14];
        const char *ledger, *lines, *facts;
    } rows[] = {
        {"one window",
         0,
         {{'B', 0, 100, 0, ""}, {'W', 0, 100, 0, "20b 10a"}, {'P', 0, 0, 0, ""}},
         "0-100:2",
         "10a 20b",
         "settled 100, 10-20, d0 c0, 1 files"},
        {"no event at all",
         0,
         {{'B', 0, 100, 0, ""}, {'W', 0, 100, 0, ""}, {'P', 0, 0, 0, ""}},
         "0-100:0",
         "",
         "settled 100, 0-0, d0 c0, 1 files"},
        {"windows as they came",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 60, 100, 0, "99c 60b"},
          {'W', 0, 20, 0, ""},
          {'W', 20, 60, 0, "59a"},
          {'P', 0, 0, 0, ""}},
         "0-20:0 20-60:1 60-100:2",
         "59a 60b 99c",
         "settled 100, 59-99, d0 c0, 1 files"},
        {"repeats and conflicts",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 50, 0, "9a1 9a2 9a1"},
          {'W', 50, 100, 0, "50b 50b"},
          {'P', 0, 0, 0, ""}},
         "0-50:2 50-100:1",
         "9a1 9a2 50b",
         "settled 100, 9-50, d2 c1, 1 files"},
        {"fetched again: late ones are added",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a 60b"},
          {'R', 50, 100, 0, ""},
          {'W', 50, 100, 0, "60b 70c"},
          {'P', 0, 0, 0, ""}},
         "0-50:1 50-100:2",
         "10a 60b 70c",
         "settled 100, 10-70, d0 c0, 1 files"},
        {"fetched again: what is no longer there is kept",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a 60b"},
          {'R', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a"},
          {'P', 0, 0, 0, ""}},
         "0-100:2",
         "10a 60b",
         "settled 100, 10-60, d0 c0, 1 files"},
        {"fetched again with other bytes: a conflict",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a1"},
          {'R', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a2"},
          {'P', 0, 0, 0, ""}},
         "0-100:2",
         "10a1 10a2",
         "settled 100, 10-10, d0 c1, 1 files"},
        /* What was not fetched again after all is asked for next time. */
        {"to be fetched again, and was not",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a 60b"},
          {'R', 50, 100, 0, ""},
          {'P', 0, 0, 0, ""}},
         "0-50:1 50-100:1",
         "10a 60b",
         "settled 50, 10-60, d0 c0, 1 files"},
        {"asked for too early",
         0,
         {{'B', 0, 5000, 0, ""}, {'W', 0, 5000, 89600, "10a 4000b"}, {'P', 0, 0, 0, ""}},
         "0-5000:2",
         "10a 4000b",
         "settled 3200, 10-4000, d0 c0, 1 files"},
        {"the part before it is beyond retention",
         0,
         {{'B', 0, 100, 0, ""}, {'X', 0, 40, 0, ""}, {'W', 40, 100, 0, "50a"}, {'P', 0, 0, 0, ""}},
         "40-100:1",
         "50a",
         "settled 100, 50-50, d0 c0, 1 files"},
        {"by day",
         1,
         {{'B', 0, 3 * DAY, 0, ""},
          {'W', 0, 3 * DAY, 0, "10a 86399b 172800c 172801d"},
          {'P', 0, 0, 0, ""}},
         "0-86400:2 86400-172800:0 172800-259200:2",
         "10a 86399b 172800c 172801d",
         "settled 259200, 10-172801, d0 c0, 2 files"},
        {"by day: fetched again over midnight",
         1,
         {{'B', 0, 2 * DAY, 0, ""},
          {'W', 0, 2 * DAY, 0, "86399b 86400c"},
          {'R', 86000, 87000, 0, ""},
          {'W', 86000, 87000, 0, "86398a 86399b 86400c 86401d"},
          {'P', 0, 0, 0, ""}},
         "0-86000:0 86000-86400:2 86400-87000:2 87000-172800:0",
         "86398a 86399b 86400c 86401d",
         "settled 172800, 86398-86401, d0 c0, 2 files"},
        /* on top of an export */
        {"more behind it",
         0,
         {{'B', 0, 50, 0, ""},
          {'W', 0, 50, 0, "10a"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 100, 0, ""},
          {'W', 50, 100, 0, "60b"},
          {'P', 0, 0, 0, ""}},
         "0-50:1 50-100:1",
         "10a 60b",
         "settled 100, 10-60, d0 c0, 1 files"},
        {"a window across the border is split",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a 60b 70d"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 200, 0, ""},
          {'R', 55, 100, 0, ""},
          {'W', 55, 200, 0, "60b 65c 150e"},
          {'P', 0, 0, 0, ""}},
         "0-55:1 55-200:4",
         "10a 60b 65c 70d 150e",
         "settled 200, 10-150, d0 c0, 1 files"},
        {"nothing new",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a 10a 20b1 20b2"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 100, 0, ""},
          {'R', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a 20b1 20b2"},
          {'P', 0, 0, 0, ""}},
         "0-100:3",
         "10a 20b1 20b2",
         "settled 100, 10-20, d1 c1, 1 files"},
        {"a conflict with what was published",
         0,
         {{'B', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a1 20b1 20b2"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 100, 0, ""},
          {'R', 0, 100, 0, ""},
          {'W', 0, 100, 0, "10a2 20b1 20b2"},
          {'P', 0, 0, 0, ""}},
         "0-100:4",
         "10a1 10a2 20b1 20b2",
         "settled 100, 10-20, d0 c2, 1 files"},
        {"three times",
         0,
         {{'B', 0, 50, 0, ""},
          {'W', 0, 50, 0, "10a"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 100, 0, ""},
          {'R', 40, 50, 0, ""},
          {'W', 40, 100, 0, "45b"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 150, 0, ""},
          {'R', 90, 100, 0, ""},
          {'W', 90, 150, 0, "95c 140d"},
          {'P', 0, 0, 0, ""}},
         "0-40:1 40-90:1 90-150:2",
         "10a 45b 95c 140d",
         "settled 150, 10-140, d0 c0, 1 files"},
        {"by day: on top of an export",
         1,
         {{'B', 0, DAY, 0, ""},
          {'W', 0, DAY, 0, "10a 86399b"},
          {'P', 0, 0, 0, ""},
          {'B', 0, 2 * DAY, 0, ""},
          {'R', 86000, DAY, 0, ""},
          {'W', 86000, 2 * DAY, 0, "86399b 86399c 90000d"},
          {'P', 0, 0, 0, ""}},
         "0-86000:1 86000-86400:2 86400-172800:1",
         "10a 86399b 86399c 90000d",
         "settled 172800, 10-90000, d0 c0, 2 files"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf ledger = {0}, lines = {0}, facts = {0};
        char *dir = folder_join(*state, "dir");

        assert_int_equal(files_delete(dir), 0);
        tell(dir, rows[i].steps, rows[i].split_day);
        verified(dir, rows[i].name);
        read_export(dir, &ledger, &lines, &facts);
        if (strcmp(ledger.data, rows[i].ledger) != 0 || strcmp(lines.data, rows[i].lines) != 0 ||
            strcmp(facts.data, rows[i].facts) != 0)
            fail_msg("%s: ledger %s, lines %s, %s", rows[i].name, ledger.data, lines.data,
                     facts.data);
        buf_free(&ledger);
        buf_free(&lines);
        buf_free(&facts);
        free(dir);
    }
}

/* ---- what is damaged is not published ---- */

/* Change a file: XOR three bytes at a place (negative: from the end), or cut it there. */
static void damage(const char *dir, const char *name, long at, int cut)
{
    struct buf text = {0};
    struct err e;
    char *path = folder_join(dir, name);
    int fd, i;

    assert_int_equal(sys_read_file(path, 1 << 20, &text, &e), 0);
    at += at < 0 ? (long)text.len : 0;
    assert_in_range(at, 0, text.len - 3);
    for (i = 0; i < 3; i++)
        text.data[at + i] ^= 0x55;
    fd = sys_open(path, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, text.data, cut ? (size_t)at : text.len, path, &e), 0);
    assert_int_equal(sys_close(fd, path, &e), 0);
    buf_free(&text);
    free(path);
}

static void damaged_segments(void **state)
{
    static const struct {
        const char *name;
        int redo; /* the window is decoded and merged, not copied */
        long at;
        int cut;
        const char *why;
    } rows[] = {
        {"copied", 0, 10, 0, ".partial/out/tenant.ndjson.gz"},
        {"merged", 1, 10, 0, "tenant.segment: fragment up to byte"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_scope *s;
        struct journal j;
        struct err e = {0};
        char *dir = folder_join(*state, "dir");

        assert_int_equal(files_delete(dir), 0);
        s = begin(&j, dir, 100, 0);
        assert_int_equal(put_stretch(&j, s, 0, 100, "10a 20b 30c 40d", LATER, &e), 0);
        if (rows[i].redo)
            journal_redo(&j, s, AT(25), AT(100));
        journal_end_scope(&j, s, "complete", NULL, NULL, 0);
        assert_int_equal(journal_commit(&j, &e), 0);
        damage(dir, ".partial/tenant.segment", rows[i].at, rows[i].cut);
        if (publish(&j, &e) != -1 || e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL)
            fail_msg("%s: code %d, %s", rows[i].name, e.code, e.msg);
        journal_close(&j);
        damage(dir, ".partial/journal", 0, 0); /* it is there: the state was not published */
        {
            char *manifest = folder_join(dir, MANIFEST_NAME);

            assert_int_equal(sys_kind(manifest), SYS_MISSING);
            free(manifest);
        }
        free(dir);
    }
}

/* A published file that is changed while a run is on is found when its bytes are copied or merged,
 * one that was changed before when the run begins; what was published stays as it is. */
static void a_damaged_export_is_not_carried_on(void **state)
{
    static const struct step first[] = {{'B', 0, 100, 0, ""},
                                        {'W', 0, 50, 0, "10a 20b 30c 40d"},
                                        {'W', 50, 100, 0, "60e 70f 80g 90h"},
                                        {'P', 0, 0, 0, ""},
                                        {0, 0, 0, 0, ""}};
    static const struct {
        const char *name;
        long at;
        int cut;
        const char *why;
    } rows[] = {
        {"in a window that is copied", 20, 0, ".partial/out/tenant.ndjson.gz"},
        {"in the window that is merged", -25, 0, "dir/tenant.ndjson.gz: fragment up to byte"},
        {"cut short", -30, 1, "the file ends inside the window"},
        {"cut in a window that is copied", 30, 1, "shorter than the ledger says"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_scope *s;
        enum journal_found found;
        struct journal j;
        struct err e = {0};
        char *dir = folder_join(*state, "dir"), before[HASH_HEX_MAX], after[HASH_HEX_MAX];
        char *manifest = folder_join(dir, MANIFEST_NAME);

        assert_int_equal(files_delete(dir), 0);
        tell(dir, first, 0);
        assert_int_equal(files_hash(manifest, before, &e), 0);
        s = begin(&j, dir, 200, 0);
        damage(dir, "tenant.ndjson.gz", rows[i].at, rows[i].cut);
        journal_redo(&j, s, AT(75), AT(100));
        assert_int_equal(put_stretch(&j, s, 75, 200, "80g 150i", LATER, &e), 0);
        journal_end_scope(&j, s, "complete", NULL, NULL, 0);
        if (publish(&j, &e) != -1 || e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL)
            fail_msg("%s: code %d, %s", rows[i].name, e.code, e.msg);
        journal_close(&j);
        memset(&e, 0, sizeof(e));
        if (journal_open(&j, dir, 0, &found, &e) != -1 || e.code != ERR_FOREIGN ||
            strstr(e.msg, "dir/tenant.ndjson.gz: 2025-11-01T00:") == NULL)
            fail_msg("%s: found late: code %d, %s", rows[i].name, e.code, e.msg);
        assert_int_equal(files_hash(manifest, after, &e), 0);
        assert_string_equal(before, after);
        free(manifest);
        free(dir);
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

/* verify_written of a path. */
static int read_back(const char *path, struct manifest *m, unsigned threads, struct err *e)
{
    char *folder = slice_dup((struct slice){path, (size_t)(strrchr(path, '/') - path)});
    struct sys_dir *d = storing_dir(folder);
    int ret = verify_written(d, strrchr(path, '/') + 1, m, threads, e);

    sys_dir_close(d);
    free(folder);
    return ret;
}

/* What is read back is compared with the ledger, byte by byte. */
static void files_that_do_not_read_back(void **state)
{
    static const struct step steps[] = {{'B', 0, 100, 0, ""},
                                        {'W', 0, 50, 0, "10a 20b 30c 40d"},
                                        {'W', 50, 100, 0, "60e"},
                                        {'P', 0, 0, 0, ""},
                                        {0, 0, 0, 0, ""}};
    struct err e = {0};
    char *dir = folder_join(*state, "dir"), *path = folder_join(dir, "tenant.ndjson.gz");
    char sha256[HASH_HEX_MAX], content[HASH_HEX_MAX];
    struct manifest m;
    struct buf whole = {0};
    size_t at;
    int fd, fillers = 0;

    tell(dir, steps, 0);
    assert_int_equal(sys_read_file(path, 1 << 20, &whole, &e), 0);
    assert_int_equal(load_manifest(&m, dir, &e), 0);
    memcpy(sha256, m.scopes[0].files[0].sha256, sizeof(sha256));
    memcpy(content, m.scopes[0].files[0].content_sha256, sizeof(content));
    memset(m.scopes[0].files[0].sha256, 0, HASH_HEX_MAX);
    memset(m.scopes[0].files[0].content_sha256, 0, HASH_HEX_MAX);
    m.scopes[0].files[0].content_lines = 0;
    assert_int_equal(read_back(dir, &m, 3, &e), 0);
    assert_string_equal(m.scopes[0].files[0].sha256, sha256);
    assert_string_equal(m.scopes[0].files[0].content_sha256, content);
    assert_int_equal(m.scopes[0].files[0].content_lines, 5);

    /* Every byte of it counts, but for the bits that fill the last byte before a flush: those no
     * reader looks at. Then the digest is that of the file as it is. */
    for (at = 0; at <= whole.len; at++) {
        struct buf changed = {0};

        buf_append(&changed, whole.data, whole.len);
        if (at < whole.len)
            changed.data[at] ^= 0x20;
        else
            changed.len--; /* and its last one is there */
        fd = sys_open(path, SYS_REPLACE, &e);
        assert_int_equal(sys_write(fd, changed.data, changed.len, path, &e), 0);
        assert_int_equal(sys_close(fd, path, &e), 0);
        memset(&e, 0, sizeof(e));
        if (read_back(dir, &m, 2, &e) == 0) {
            assert_true(at < whole.len);
            assert_int_equal(files_hash(path, sha256, &e), 0);
            assert_string_equal(m.scopes[0].files[0].sha256, sha256);
            assert_string_equal(m.scopes[0].files[0].content_sha256, content);
            fillers++;
        } else if (e.code != ERR_FOREIGN) {
            fail_msg("byte %zu: code %d, %s", at, e.code, e.msg);
        }
        buf_free(&changed);
    }
    assert_in_range(fillers, 0, 4);
    manifest_free(&m);
    buf_free(&whole);
    free(path);
    free(dir);
}

/* A window above VERIFY_HOLD_BYTES, between two that are not: one instant of 6 MiB. */
static void a_window_larger_than_what_is_held(void **state)
{
    struct err e = {0};
    char *dir = folder_join(*state, "dir");
    struct buf words = {0}, plain = {0};
    struct journal_scope *s;
    struct journal j;
    int i, k;

    s = begin(&j, dir, 100, 0);
    for (i = 0; i < 100; i++) {
        buf_printf(&words, "50%c", 'a' + i % 26);
        buf_reserve(&words, 60000);
        for (k = 0; k < 60000; k++)
            words.data[words.len++] = (char)('0' + i * (k + 7) / 13 % 10);
        buf_putc(&words, ' ');
    }
    assert_int_equal(put_stretch(&j, s, 0, 40, "10a", LATER, &e), 0);
    assert_int_equal(put_stretch(&j, s, 40, 60, buf_text(&words), LATER, &e), 0);
    assert_int_equal(put_stretch(&j, s, 60, 100, "99z", LATER, &e), 0);
    assert_true(s->windows[1].w.plain > VERIFY_HOLD_BYTES);
    journal_end_scope(&j, s, "complete", NULL, NULL, 0);
    assert_int_equal(publish(&j, &e), 0);
    assert_int_equal(journal_remove(&j, &e), 0);
    journal_close(&j);
    verified(dir, "large window");
    gunzip(dir, "tenant.ndjson.gz", &plain);
    assert_true(plain.len > VERIFY_HOLD_BYTES);
    buf_free(&words);
    buf_free(&plain);
    free(dir);
}

/* ---- a publish that was cut ---- */

/* Where each file of the cut publish is. */
enum place {
    READY = 'r',         /* under .partial/out */
    PLACED = 'p',        /* in place */
    OVER = 'o',          /* under .partial/out, an older one in place */
    CHANGED = 'c',       /* in place, with other bytes */
    LOST = 'l',          /* nowhere */
    STALE_CHANGED = 's', /* at the end: stale files have other bytes than the record says */
    FORGED = 'f'         /* at the end: SHA256SUMS is no list of sums, as the record names it */
};

static const char *const published[] = {"tenant.ndjson.gz", MANIFEST_SUMS_NAME, MANIFEST_NAME};

/* Copy a file and create the folder above. */
static void copy(const char *from_dir, const char *to_dir, const char *name, int change)
{
    struct buf text = {0};
    struct err e;
    char *from = folder_join(from_dir, name), *to = folder_join(to_dir, name);
    int fd;

    assert_int_equal(sys_mkdir_all(to_dir, &e), 0);
    assert_int_equal(storing_make_above(to_dir, name, &e), 0);
    assert_int_equal(sys_read_file(from, 1 << 20, &text, &e), 0);
    if (change)
        buf_putc(&text, '\n');
    fd = sys_open(to, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, text.data, text.len, to, &e), 0);
    assert_int_equal(sys_close(fd, to, &e), 0);
    buf_free(&text);
    free(from);
    free(to);
}

/* Leave DIR as a publish does that was cut: files where `places` says, stale ones still there. */
static void cut_publish(const char *model, const char *dir, const char *places)
{
    struct journal_publish stale[] = {{(char *)(uintptr_t) "subscriptions/a.ndjson.gz", ""},
                                      {(char *)(uintptr_t) "roleAssignments.ndjson.gz", ""}};
    struct journal_publish files[3];
    struct journal_scope *s;
    struct journal j;
    struct err e;
    char *out;
    size_t i;

    s = begin(&j, dir, 100, 0);
    assert_int_equal(put_stretch(&j, s, 0, 100, "10a", LATER, &e), 0);
    out = folder_join(dir, JOURNAL_FOLDER "/out");
    for (i = 0; i < 3; i++) {
        char *path = folder_join(model, published[i]);

        files[i].path = (char *)(uintptr_t)published[i];
        assert_int_equal(files_hash(path, files[i].sha256, &e), 0);
        free(path);
        if (places[i] == READY || places[i] == OVER)
            copy(model, out, published[i], places[3] == FORGED && i == 1);
        if (places[3] == FORGED && i == 1) {
            char *forged = folder_join(out, published[i]);

            assert_int_equal(files_hash(forged, files[i].sha256, &e), 0);
            free(forged);
        }
        if (places[i] == PLACED || places[i] == OVER || places[i] == CHANGED)
            copy(model, dir, published[i], places[i] != PLACED);
    }
    for (i = 0; i < 2; i++) /* bytes of the stale files below */
        memcpy(stale[i].sha256, places[3] == STALE_CHANGED ? files[1].sha256 : files[0].sha256,
               HASH_HEX_MAX);
    j.stale = stale;
    j.nstale = 2;
    journal_record_publish(&j, files, 3);
    j.stale = NULL;
    j.nstale = 0;
    assert_int_equal(journal_commit(&j, &e), 0);
    for (i = 0; i < 2; i++) {
        char *from = folder_join(dir, "tenant.ndjson.gz"), *to = folder_join(dir, stale[i].path);

        copy(model, dir, "tenant.ndjson.gz", 0);
        assert_int_equal(storing_make_above(dir, stale[i].path, &e), 0);
        assert_int_equal(rename(from, to), 0);
        free(from);
        free(to);
    }
    if (places[0] == PLACED || places[0] == OVER || places[0] == CHANGED)
        copy(model, dir, published[0], places[0] != PLACED);
    journal_close(&j);
    free(out);
}

static void a_cut_publish_is_carried_out(void **state)
{
    static const struct step steps[] = {
        {'B', 0, 100, 0, ""}, {'W', 0, 100, 0, "10a 20b"}, {'P', 0, 0, 0, ""}, {0, 0, 0, 0, ""}};
    static const struct {
        const char *places; /* of the three files */
        const char *why;    /* NULL: it is carried out */
    } rows[] = {
        {"rrr", NULL},
        {"prr", NULL},
        {"ppr", NULL},
        {"ppp", NULL},
        {"orr", "tenant.ndjson.gz: a file that azdal did not write is in the place"},
        {"por", "SHA256SUMS: a file that azdal did not write is in the place"},
        {"ooo", "tenant.ndjson.gz: a file that azdal did not write is in the place"},
        {"crr", "tenant.ndjson.gz: changed while it was published"},
        {"pcr", "SHA256SUMS: changed while it was published"},
        {"lrr", "tenant.ndjson.gz: lost while it was published"},
        {"plr", "SHA256SUMS: lost while it was published"},
        {"ppl", "manifest.json: lost while it was published"},
        {"rrrf", "SHA256SUMS: line 3 is not a digest and a name"},
        {"rrrs", "subscriptions/a.ndjson.gz: to be removed, but it is not the file"},
    };
    struct err e = {0};
    char *model = folder_join(*state, "model");
    size_t i, k;

    tell(model, steps, 0);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *dir = folder_join(*state, "dir"), *partial = folder_join(dir, JOURNAL_FOLDER);
        enum journal_found found = JOURNAL_NEW;
        struct journal j;
        int ret;

        assert_int_equal(files_delete(dir), 0);
        cut_publish(model, dir, rows[i].places);
        ret = journal_open(&j, dir, 0, &found, &e);
        if (rows[i].why != NULL) {
            if (ret != -1 || e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL)
                fail_msg("%s: %d, code %d, %s", rows[i].places, ret, e.code, e.msg);
            if (rows[i].places[0] == READY) {
                char *placed = folder_join(dir, published[0]);

                assert_int_equal(sys_kind(placed), SYS_MISSING);
                free(placed);
            }
        } else {
            if (ret != 0)
                fail_msg("%s: %s", rows[i].places, e.msg);
            assert_int_equal(found, JOURNAL_FINISHED);
            journal_close(&j);
            assert_int_equal(sys_kind(partial), SYS_MISSING);
            assert_int_equal(check_names(dir, &e), -1); /* without the manifest all is foreign */
            assert_non_null(strstr(e.msg, "which azdal did not write"));
            verified(dir, rows[i].places); /* which also finds files that do not belong there */
            for (k = 0; k < 3; k++) {
                char *a = folder_join(model, published[k]), *b = folder_join(dir, published[k]);
                char x[HASH_HEX_MAX], y[HASH_HEX_MAX];

                assert_int_equal(files_hash(a, x, &e) | files_hash(b, y, &e), 0);
                assert_string_equal(x, y);
                free(a);
                free(b);
            }
        }
        free(dir);
        free(partial);
    }
    free(model);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, storing_setup, storing_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_in_force),
        IN_FOLDER(what_is_published),
        IN_FOLDER(damaged_segments),
        IN_FOLDER(a_damaged_export_is_not_carried_on),
        IN_FOLDER(files_that_do_not_read_back),
        IN_FOLDER(a_window_larger_than_what_is_held),
        IN_FOLDER(a_cut_publish_is_carried_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
