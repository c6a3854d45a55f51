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
        {"{\"dataActions\":[\"*\"]}", MANIFEST_RIGHT_MISSING},
        {"{\"dataActions\":null,\"condition\":7,\"actions\":[\"\\u002A\"]}", MANIFEST_RIGHT_SHOWN},
        {"{\"actions\":[\"*\\u0000\"]}", MANIFEST_RIGHT_MISSING},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf body = {0};
        char *link = NULL;

        buf_printf(&body, "{\"value\":[%s],\"nextLink\":\"n\"}", rows[i].entries);
        if (rights_read(buf_slice(&body), &link) != rows[i].right)
            fail_msg("%s", rows[i].entries);
        assert_string_equal(link, "n");
        free(link);
        buf_free(&body);
    }
}

/* Even where another entry has the right. */
static void entries_of_another_shape_say_nothing(void **state)
{
    static const char *const entries[] = {
        "7",
        "null",
        "[]",
        "{\"actions\":null}",
        "{\"actions\":\"*\"}",
        "{\"actions\":{\"0\":\"*\"}}",
        "{\"actions\":[\"*\",null]}",
        "{\"actions\":[\"*\",7]}",
        "{\"actions\":[[\"*\"]]}",
        "{\"actions\":[\"*\"],\"notActions\":null}",
        "{\"actions\":[\"*\"],\"notActions\":\"*\"}",
        "{\"actions\":[\"*\"],\"notActions\":[null]}",
        "{\"actions\":[\"*\"],\"notActions\":[{\"a\":\"*\"}]}",
        "{\"actions\":[],\"actions\":[\"*\"]}",
        "{\"actions\":[\"*\"],\"Actions\":[]}",
        "{\"actions\":[\"*\"],\"notActions\":[\"*\"],\"NotActions\":[]}",
        "{\"actions\":[\"*\"],\"not\\u0041ctions\":[\"*\"]}",
        "{\"\\u0061ctions\":[\"*\"]}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        struct buf body = {0};
        char *link = NULL;

        buf_printf(&body, "{\"value\":[%s,%s],\"nextLink\":\"n\"}", ENTRY("\"*\"", ""), entries[i]);
        if (rights_read(buf_slice(&body), &link) != MANIFEST_RIGHT_UNKNOWN)
            fail_msg("%s", entries[i]);
        assert_null(link);
        buf_free(&body);
    }
}

static void only_the_tenants_right_stays_open(void **state)
{
    const struct arm_scope tenant = {ARM_TENANT, NULL}, group = {ARM_MANAGEMENT_GROUP, NULL};
    struct buf lacking = {0}, unread = {0};

    (void)state;
    assert_true(rights_is_open(&tenant, MANIFEST_RIGHT_MISSING));
    assert_true(rights_is_open(&tenant, MANIFEST_RIGHT_UNKNOWN));
    assert_true(rights_is_open(&group, MANIFEST_RIGHT_UNKNOWN));
    assert_false(rights_is_open(&group, MANIFEST_RIGHT_MISSING));
    assert_false(rights_is_open(&tenant, MANIFEST_RIGHT_SHOWN));
    rights_print_unknown(&lacking, 1, 1);
    rights_print_unknown(&unread, 0, 0);
    (void)buf_text(&lacking);
    (void)buf_text(&unread);
    assert_null(strstr(lacking.data, "looked up"));
    assert_non_null(
        strstr(lacking.data, "do not include Microsoft.Insights/eventtypes/values/read"));
    assert_non_null(strstr(unread.data, "could not be determined"));
    buf_free(&lacking);
    buf_free(&unread);
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
        cmocka_unit_test(entries_of_another_shape_say_nothing),
        cmocka_unit_test(only_the_tenants_right_stays_open),
        cmocka_unit_test(what_is_no_list_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
