/* What a list of permissions says of the right to read events. */
#include "acquire/rights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ENTRY(actions, not )                                                                       \
    "{\"actions\":[" actions "],\"notActions\":[" not "],\"dataActions\":[]}"

static void wildcards_and_what_is_taken_away_count(void **state)
{
    static const struct {
        const char *entries;
        enum manifest_right right;
    } rows[] = {
        {"", MANIFEST_RIGHT_MISSING},
        {ENTRY("", ""), MANIFEST_RIGHT_MISSING},
        {ENTRY("\"*\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"*/read\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"*/write\",\"*/action\"", ""), MANIFEST_RIGHT_MISSING},
        {ENTRY("\"microsoft.INSIGHTS/*\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"Microsoft.Insights/eventtypes/values/read\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"Microsoft.Insights/eventtypes/values/Read\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"Microsoft.Insights/eventtypes/*\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"Microsoft.Insights/*/read\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"Microsoft.Insights/*/values/*\"", ""), MANIFEST_RIGHT_SHOWN},
        {ENTRY("\"Microsoft.Insights/eventtypes/values/readx\"", ""), MANIFEST_RIGHT_MISSING},
        {ENTRY("\"Microsoft.Insights/eventtypes/values\"", ""), MANIFEST_RIGHT_MISSING},
        {ENTRY("\"Microsoft.Insights/alertRules/*\",\"Microsoft.Compute/*/read\"", ""),
         MANIFEST_RIGHT_MISSING},
        {ENTRY("\"*\"", "\"Microsoft.Insights/*\""), MANIFEST_RIGHT_MISSING},
        {ENTRY("\"*\"", "\"*/write\""), MANIFEST_RIGHT_SHOWN},
        /* What one role takes away another may give. */
        {ENTRY("\"*\"", "\"*/read\"") "," ENTRY("\"*/read\"", ""), MANIFEST_RIGHT_SHOWN},
        {"{\"Actions\":[\"*\"]}", MANIFEST_RIGHT_SHOWN},
        {"{\"actions\":null,\"notActions\":null}", MANIFEST_RIGHT_MISSING},
        {"{\"dataActions\":[\"*\"]}", MANIFEST_RIGHT_MISSING},
        {"7,null", MANIFEST_RIGHT_MISSING},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf body = {0};
        char *link = NULL;

        (void)buf_printf(&body, "{\"value\":[%s],\"nextLink\":\"n\"}", rows[i].entries);
        if (rights_read(buf_slice(&body), &link) != rows[i].right)
            fail_msg("%s", rows[i].entries);
        assert_string_equal(link, "n");
        free(link);
        buf_free(&body);
    }
}

static void what_is_no_list_says_nothing(void **state)
{
    static const char *const texts[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"value\":7}",
                                        "{\"error\":{}}",
                                        "{\"error\":{\"code\":\"x\"},\"value\":[]}",
                                        "<html>"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *link = NULL;

        assert_int_equal(rights_read(slice_of(texts[i]), &link), MANIFEST_RIGHT_UNKNOWN);
        assert_null(link);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_and_what_is_taken_away_count),
        cmocka_unit_test(what_is_no_list_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
