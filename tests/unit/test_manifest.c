/* The manifest as text and in memory. */
#define _GNU_SOURCE /* mkdtemp */

#include "base/json.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "export/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* One of everything, in the order of the design. */
static const char full[] =
    "{\"schema\":1,\n"
    " \"tool\":\"azdal 0.1.0\",\n"
    " \"started\":\"2026-11-22T10:00:00Z\",\n"
    " \"finished\":\"2026-11-22T10:00:09.1234567Z\",\n"
    " \"endpoint\":\"https://management.azure.com\",\n"
    " \"identity\":{\"tenantId\":\"11111111-2222-3333-4444-555555555555\",\"objectId\":null,"
    "\"name\":\"ana@contoso.example\",\"appId\":null},\n"
    " \"query\":{\"since\":\"2026-08-25T10:00:00Z\",\"until\":\"2026-11-22T10:00:00Z\","
    "\"scopes\":[\"tenant\",\"mg:*\"],\"clamped\":true,\"strict\":false},\n"
    " \"clockSkewSeconds\":-3,\n"
    " \"verdict\":\"INCOMPLETE\",\n"
    " \"roleAssignments\":{\"file\":\"roleAssignments.ndjson.gz\",\"readAt\":\"2026-11-22T10:00:"
    "08Z\","
    "\"scopes\":[\n"
    "  {\"scope\":\"/\",\"status\":\"complete\",\"error\":null},\n"
    "  {\"scope\":\"/providers/Microsoft.Management/managementGroups/a\",\"status\":\"forbidden\","
    "\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no \\\"right\\\"\"}}]},\n"
    " \"scopes\":[\n"
    "  {\"scope\":\"tenant\",\"status\":\"complete\",\"error\":null,"
    "\"settledUntil\":\"2026-11-22T09:30:00Z\",\"events\":2,"
    "\"firstEvent\":\"2026-11-01T00:00:00.0000001Z\",\"lastEvent\":\"2026-11-02T00:00:00Z\","
    "\"duplicatesDropped\":1,\"conflictingIds\":0,\"outsideRange\":4,\"requests\":3,\"retries\":2,"
    "\"rightShown\":true,"
    "\n"
    "   \"files\":[\n"
    "    {\"path\":\"scope=tenant/date=2026-11-01/events.ndjson.gz\",\"bytes\":81225,"
    "\"sha256\":\"" DIGEST "\",\"content\":{\"bytes\":934000,\"sha256\":\"" DIGEST
    "\",\"lines\":1}},\n"
    "    {\"path\":\"scope=tenant/date=2026-11-02/events.ndjson.gz\",\"bytes\":9007199254740992,"
    "\"sha256\":\"" DIGEST "\",\"content\":{\"bytes\":1,\"sha256\":\"" DIGEST "\",\"lines\":1}}],\n"
    "   \"windows\":[\n"
    "    {\"from\":\"2026-08-25T10:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\",\"events\":0,"
    "\"file\":null,\"offset\":0,\"deflated\":0,\"plain\":0,\"crc32\":\"00000000\","
    "\"askedAt\":\"2026-11-22T10:00:01Z\",\"closed\":\"drained\",\"requestIds\":[]},\n"
    "    {\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-02T00:00:00Z\",\"events\":1,"
    "\"file\":\"scope=tenant/date=2026-11-01/events.ndjson.gz\",\"offset\":10,\"deflated\":81205,"
    "\"plain\":934000,\"crc32\":\"0a1b2c3d\",\"askedAt\":\"2026-11-22T10:00:01Z\","
    "\"closed\":\"ordered\",\"requestIds\":[\"r1\",\"r2\"]},\n"
    "    {\"from\":\"2026-11-02T00:00:00Z\",\"to\":\"2026-11-22T10:00:00Z\",\"events\":1,"
    "\"file\":\"scope=tenant/date=2026-11-02/events.ndjson.gz\",\"offset\":10,\"deflated\":5,"
    "\"plain\":1,\"crc32\":\"ffffffff\",\"askedAt\":null,\"closed\":\"drained\","
    "\"requestIds\":[\"r3\"]}]},\n"
    "  {\"scope\":\"mg:a\",\"status\":\"forbidden\","
    "\"error\":{\"code\":\"AuthorizationFailed\",\"message\":null},"
    "\"settledUntil\":null,\"events\":0,\"firstEvent\":null,\"lastEvent\":null,"
    "\"duplicatesDropped\":0,\"conflictingIds\":0,\"outsideRange\":0,\"requests\":1,\"retries\":0,"
    "\"rightShown\":false,"
    "\n"
    "   \"files\":[],\n"
    "   \"windows\":[]}]}\n";

static struct slice text_of(const struct buf *b)
{
    return buf_slice(b);
}

static void every_field_is_read(void **state)
{
    struct manifest m;
    struct err e = {0};
    const struct manifest_scope *s;

    (void)state;
    assert_int_equal(manifest_parse(&m, slice_of(full), &e), 0);
    assert_int_equal(m.schema, 1);
    assert_string_equal(m.tool, "azdal 0.1.0");
    assert_true(m.finished - m.started == 91234567);
    assert_string_equal(m.endpoint, "https://management.azure.com");
    assert_string_equal(m.tenant_id, "11111111-2222-3333-4444-555555555555");
    assert_null(m.object_id);
    assert_string_equal(m.name, "ana@contoso.example");
    assert_true(m.until - m.since == 89 * TICKS_PER_DAY);
    assert_int_equal(m.nscopes_asked, 2);
    assert_string_equal(m.scopes_asked[1], "mg:*");
    assert_int_equal(m.clamped, 1);
    assert_int_equal(m.strict, 0);
    assert_int_equal(m.clock_skew_s, -3);
    assert_int_equal(m.complete, 0);
    assert_int_equal(m.has_assignments, 1);
    assert_int_equal(m.nassignment_scopes, 2);
    assert_string_equal(m.assignment_scopes[1].error_message, "no \"right\"");
    assert_int_equal(m.nscopes, 2);
    s = &m.scopes[0];
    assert_int_equal(s->nfiles, 2);
    assert_int_equal(s->nwindows, 3);
    assert_true(s->files[1].bytes == UINT64_C(1) << 53);
    assert_int_equal(s->windows[0].file, -1);
    assert_int_equal(s->windows[1].file, 0);
    assert_int_equal(s->windows[2].file, 1);
    assert_int_equal(s->windows[1].closed, MANIFEST_ORDERED);
    assert_true(s->windows[1].crc == 0x0a1b2c3d);
    assert_int_equal(s->windows[1].nrequest_ids, 2);
    assert_string_equal(s->windows[1].request_ids[1], "r2");
    assert_true(s->windows[2].asked_at == 0);
    assert_int_equal(s->outside_range, 4);
    assert_true(m.scopes[1].settled_until == 0);
    assert_string_equal(m.scopes[1].error_code, "AuthorizationFailed");
    assert_null(m.scopes[1].error_message);
    manifest_free(&m);
}

static void printing_what_was_read_gives_the_same_bytes(void **state)
{
    struct manifest m;
    struct buf once = {0}, twice = {0};
    struct err e = {0};

    (void)state;
    assert_int_equal(manifest_parse(&m, slice_of(full), &e), 0);
    manifest_print(&m, &once);
    manifest_free(&m);
    assert_int_equal(once.len, strlen(full));
    assert_memory_equal(once.data, full, once.len);
    assert_int_equal(manifest_parse(&m, text_of(&once), &e), 0);
    manifest_print(&m, &twice);
    manifest_free(&m);
    assert_int_equal(twice.len, once.len);
    assert_memory_equal(twice.data, once.data, once.len);
    buf_free(&once);
    buf_free(&twice);
}

static void null_stands_where_nothing_is_known(void **state)
{
    char tool[] = "azdal 0.1.0", endpoint[] = "https://management.azure.com";
    struct manifest m = {.schema = 1, .tool = tool, .endpoint = endpoint, .complete = 1};
    struct buf out = {0};
    struct err e = {0};

    (void)state;
    m.started = m.finished = m.since = m.until = TICKS_UNIX_EPOCH;
    manifest_print(&m, &out);
    (void)buf_text(&out);
    assert_non_null(strstr(out.data, "\"identity\":null"));
    assert_non_null(strstr(out.data, "\"roleAssignments\":null"));
    assert_non_null(strstr(out.data, "\"scopes\":[]}\n"));
    assert_int_equal(manifest_parse(&m, text_of(&out), &e), 0);
    assert_int_equal(m.complete, 1);
    assert_null(m.tenant_id);
    manifest_free(&m);
    buf_free(&out);
}

/* `full` with the first `old` replaced; the caller frees it. */
static char *changed(const char *old, const char *new)
{
    const char *at = strstr(full, old);
    char *text = malloc(sizeof(full) + strlen(new));

    assert_non_null(at);
    assert_non_null(text);
    (void)snprintf(text, sizeof(full) + strlen(new), "%.*s%s%s", (int)(at - full), full, new,
                   at + strlen(old));
    return text;
}

static void a_wrong_member_is_named_with_its_place(void **state)
{
    static const struct {
        const char *old, *new, *message;
    } cases[] = {
        {"\"schema\":1", "\"schema\":2", "schema: of another version of azdal"},
        {"\"schema\":1,", "", "schema: missing"},
        {"\"schema\":1", "\"schema\":\"1\"", "schema: not a whole number up to 2^53"},
        {"\"tool\":\"azdal 0.1.0\",", "", "tool: missing"},
        {"\"tool\":\"azdal 0.1.0\"", "\"tool\":7", "tool: not a text"},
        {"\"tool\":\"azdal 0.1.0\"", "\"tool\":\"a\\u0000b\"", "tool: not a text"},
        {"\"verdict\":\"INCOMPLETE\"", "\"verdict\":\"FINE\"",
         "verdict: neither COMPLETE nor INCOMPLETE"},
        {"\"clamped\":true", "\"clamped\":1", "query.clamped: neither true nor false"},
        {"\"clamped\":true", "\"clamped\":true,\"clamped\":true", "query.clamped: given twice"},
        {"[\"tenant\",\"mg:*\"]", "[\"tenant\",3]", "query.scopes[1]: not a text"},
        {"[\"tenant\",\"mg:*\"]", "{}", "query.scopes: not an array"},
        {"\"clockSkewSeconds\":-3", "\"clockSkewSeconds\":1.5",
         "clockSkewSeconds: not a whole number up to 2^53"},
        {"\"readAt\":", "\"bytes\":7,\"readAt\":", "roleAssignments.sha256: missing"},
        {"\"readAt\":", "\"content\":null,\"readAt\":", "roleAssignments.content: not an object"},
        {"\"readAt\":\"2026-11-22T10:00:08Z\"", "\"readAt\":\"soon\"",
         "roleAssignments.readAt: not a time"},
        {"\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no \\\"right\\\"\"}",
         "\"error\":\"no\"", "roleAssignments.scopes[1].error: not an object"},
        {"9007199254740992", "9007199254740993",
         "scopes[0].files[1].bytes: not a whole number from 0 to 2^53"},
        {"9007199254740992", "99999999999999999999999999999",
         "scopes[0].files[1].bytes: not a whole number from 0 to 2^53"},
        {"\"bytes\":81225", "\"bytes\":-1",
         "scopes[0].files[0].bytes: not a whole number from 0 to 2^53"},
        {"\"bytes\":81225", "\"bytes\":1e3",
         "scopes[0].files[0].bytes: not a whole number from 0 to 2^53"},
        {"\"sha256\":\"0123", "\"sha256\":\"012",
         "scopes[0].files[0].sha256: not a SHA-256 of 64 hexadecimal digits"},
        {"\"sha256\":\"0123456789ab", "\"sha256\":\"0123456789AB",
         "scopes[0].files[0].sha256: not a SHA-256 of 64 hexadecimal digits"},
        {"\"lines\":1}}", "\"lines\":null}}",
         "scopes[0].files[0].content.lines: not a whole number from 0 to 2^53"},
        {"date=2026-11-01/", "date=2026-11-02/", "scopes[0].files: one path twice"},
        {"\"crc32\":\"0a1b2c3d\"", "\"crc32\":\"0a1b2c3g\"",
         "scopes[0].windows[1].crc32: not a CRC-32 of 8 hexadecimal digits"},
        {"\"crc32\":\"0a1b2c3d\"", "\"crc32\":\"0x1b2c3d\"",
         "scopes[0].windows[1].crc32: not a CRC-32 of 8 hexadecimal digits"},
        {"\"closed\":\"ordered\"", "\"closed\":\"open\"",
         "scopes[0].windows[1].closed: neither drained nor ordered"},
        {"\"file\":\"scope=tenant/date=2026-11-01/", "\"file\":\"scope=tenant/date=2026-11-03/",
         "scopes[0].windows[1].file: not a file of this scope"},
        {"[\"r1\",\"r2\"]", "[\"r1\",null]", "scopes[0].windows[1].requestIds[1]: not a text"},
        {"{\"scope\":\"mg:a\",", "3,{\"scope\":\"mg:a\",", "scopes[1]: not an object"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = changed(cases[i].old, cases[i].new);
        struct manifest m;
        struct err e = {0};

        assert_int_equal(manifest_parse(&m, slice_of(text), &e), -1);
        assert_int_equal(e.code, ERR_FOREIGN);
        assert_string_equal(e.msg, cases[i].message);
        assert_null(m.scopes);
        free(text);
    }
}

static void unknown_members_are_ignored(void **state)
{
    char *text = changed("\"strict\":false", "\"future\":{\"a\":[1,2.5e3]},\"strict\":false");
    struct manifest m;
    struct err e = {0};

    (void)state;
    assert_int_equal(manifest_parse(&m, slice_of(text), &e), 0);
    manifest_free(&m);
    free(text);
}

static void a_manifest_cut_anywhere_is_refused(void **state)
{
    size_t n;

    (void)state;
    for (n = 0; n + 1 < strlen(full); n++) {
        struct slice part = {full, n};
        struct manifest m;
        struct err e = {0};

        assert_int_equal(manifest_parse(&m, part, &e), -1);
        assert_int_equal(e.code, ERR_FOREIGN);
    }
}

static void nesting_without_end_is_refused(void **state)
{
    size_t n = 1000000;
    char *text = malloc(n);
    struct slice s = {text, n};
    struct manifest m;
    struct err e = {0};

    (void)state;
    assert_non_null(text);
    memset(text, '[', n);
    assert_int_equal(manifest_parse(&m, s, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    free(text);
}

/* The time of parsing must grow with the size, not with its square: 400 files and 40,000 windows
 * would otherwise be felt. */
static void a_large_ledger_is_read_in_linear_time(void **state)
{
    enum { FILES = 400, WINDOWS = 40000 };
    struct manifest m, copy;
    struct manifest_scope *s;
    struct buf out = {0};
    struct err e = {0};
    clock_t start; /* of the processor: a busy machine has its own time */
    size_t i;

    (void)state;
    assert_int_equal(manifest_parse(&m, slice_of(full), &e), 0);
    s = &m.scopes[0];
    s->files = realloc(s->files, FILES * sizeof(*s->files));
    s->windows = realloc(s->windows, WINDOWS * sizeof(*s->windows));
    assert_non_null(s->files);
    assert_non_null(s->windows);
    for (i = 2; i < FILES; i++) {
        char path[40];

        s->files[i] = s->files[0];
        (void)snprintf(path, sizeof(path), "day-%zu.ndjson.gz", i * 7919 % 10007);
        s->files[i].path = slice_dup(slice_of(path));
        assert_non_null(s->files[i].path);
    }
    s->nfiles = FILES;
    for (i = 3; i < WINDOWS; i++) {
        s->windows[i] = s->windows[1];
        s->windows[i].file = (int)(i % FILES);
        s->windows[i].request_ids = NULL;
        s->windows[i].nrequest_ids = 0;
    }
    s->nwindows = WINDOWS;
    manifest_print(&m, &out);
    start = clock();
    assert_int_equal(manifest_parse(&copy, text_of(&out), &e), 0);
    assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
    for (i = 3; i < WINDOWS; i++)
        assert_int_equal(copy.scopes[0].windows[i].file, (int)(i % FILES));
    manifest_free(&copy);
    manifest_free(&m);
    buf_free(&out);
}

static int load(struct manifest *m, const char *folder, struct err *e)
{
    struct sys_dir *d = sys_dir_open(folder, 1, e);
    char sha256[HASH_HEX_MAX];
    int ret = d == NULL ? -1 : manifest_load(m, d, sha256, e);

    sys_dir_close(d);
    return ret;
}

static void a_folder_without_manifest_is_no_export(void **state)
{
    struct manifest m;
    struct err e = {0};

    (void)state;
    assert_int_equal(load(&m, "tests/unit", &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_string_equal(e.msg, "tests/unit: no manifest.json: not an export");
}

static void a_manifest_of_hostile_size_is_refused(void **state)
{
    char folder[] = "/tmp/azdal-manifest.XXXXXX", path[60];
    struct manifest m;
    struct err e = {0};
    int fd;

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/%s", folder, MANIFEST_NAME);
    fd = sys_open(path, SYS_CREATE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_truncate(fd, (uint64_t)MANIFEST_MAX_BYTES + 1, path, &e), 0);
    assert_int_equal(sys_close(fd, path, &e), 0);
    assert_int_equal(load(&m, folder, &e), -1);
    assert_int_equal(e.code, ERR_UNTRUSTED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_int_equal(load(&m, folder, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(printing_what_was_read_gives_the_same_bytes),
        cmocka_unit_test(null_stands_where_nothing_is_known),
        cmocka_unit_test(a_wrong_member_is_named_with_its_place),
        cmocka_unit_test(unknown_members_are_ignored),
        cmocka_unit_test(a_manifest_cut_anywhere_is_refused),
        cmocka_unit_test(nesting_without_end_is_refused),
        cmocka_unit_test(a_large_ledger_is_read_in_linear_time),
        cmocka_unit_test(a_folder_without_manifest_is_no_export),
        cmocka_unit_test(a_manifest_of_hostile_size_is_refused),
    };

    return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
