/* export_path: which names from a journal, a manifest or SHA256SUMS are an export's. */
#include "export/export_path.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void paths_that_are_ours(void **state)
{
    static const struct {
        const char *path;
        int safe, file;
    } rows[] = {
        {"tenant.ndjson.gz", 1, 1},
        {"managementGroups/contoso-landing.zones_(eu).ndjson.gz", 1, 1},
        {"managementGroups/%43on.ndjson.gz", 1, 1},
        {"scope=tenant/date=2026-11-01/events.ndjson.gz", 1, 1},
        {"scope=mg-a(b)", 1, 0},
        {"manifest.json", 1, 1},
        {"SHA256SUMS", 1, 1},
        {"notes.txt", 1, 0},
        {"mg:*", 0, 0},
        {"", 0, 0},
        {"/tenant.ndjson.gz", 0, 0},
        {"..", 0, 0},
        {"../tenant.ndjson.gz", 0, 0},
        {"managementGroups/../../x", 0, 0},
        {"managementGroups//x", 0, 0},
        {"managementGroups/", 0, 0},
        {".partial/journal", 0, 0},
        {"a/.hidden", 0, 0},
        {"a\\..\\x", 0, 0},
        {"c:x", 0, 0},
        {"a b", 0, 0},
        {"\n", 0, 0},
        {"x.", 0, 0},
        {"a/b.", 0, 0},
        {"\xc3\xa4", 0, 0},
    };
    char longest[600];
    size_t i;

    (void)state;
    memset(longest, 'a', sizeof(longest));
    longest[512] = '\0';
    assert_true(export_path_is_safe(longest));
    longest[512] = 'a';
    longest[513] = '\0';
    assert_false(export_path_is_safe(longest));
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (export_path_is_safe(rows[i].path) != rows[i].safe ||
            export_path_is_file(rows[i].path) != rows[i].file)
            fail_msg("%s: is not %d, %d", rows[i].path, rows[i].safe, rows[i].file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths_that_are_ours)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
