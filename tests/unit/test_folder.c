/* folder: which paths from a journal or a manifest stay below DIR. */
#include "store/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_paths_that_stay_inside(void **state)
{
    static const struct {
        const char *path;
        int inside;
    } rows[] = {
        {"tenant.ndjson.gz", 1},
        {"managementGroups/contoso-landing.zones_(eu).ndjson.gz", 1},
        {"scope=tenant/date=2026-11-01/events.ndjson.gz", 1},
        {"mg:*", 1},
        {"", 0},
        {"/tenant.ndjson.gz", 0},
        {"..", 0},
        {"../tenant.ndjson.gz", 0},
        {"managementGroups/../../x", 0},
        {"managementGroups//x", 0},
        {"managementGroups/", 0},
        {".partial/journal", 0},
        {"a/.hidden", 0},
        {"a\\..\\x", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (folder_is_inside(rows[i].path) != rows[i].inside)
            fail_msg("%s: is not %d", rows[i].path, rows[i].inside);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths_that_stay_inside)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
