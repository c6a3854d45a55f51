/* Messages, the texts of others inside them, and the one table of exit statuses. */
#include "base/buf.h"
#include "base/err.h"
#include "base/sys.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void names_are_put_in_front(void **state)
{
    struct err e = {0};

    (void)state;
    assert_int_equal(err_set(&e, ERR_NETWORK, "HTTP %d", 503), -1);
    assert_int_equal(err_hint(&e, "wait %d minutes", 5), -1);
    assert_int_equal(err_wrap(&e, "scope %s", "tenant"), -1);
    assert_int_equal(err_wrap(&e, "acquire"), -1);
    assert_int_equal(e.code, ERR_NETWORK);
    assert_string_equal(e.msg, "acquire: scope tenant: HTTP 503");
    assert_string_equal(e.hint, "wait 5 minutes");
}

static void a_new_message_forgets_the_old_one(void **state)
{
    struct err e = {0};

    (void)state;
    (void)err_set_os(&e, ERR_LOCAL, ENOENT, "open %s", "x");
    (void)err_hint(&e, "look there");
    assert_int_equal(e.os, ENOENT);
    assert_string_equal(e.msg, "open x: No such file or directory");
    e.http = 500;
    (void)err_set(&e, ERR_USAGE, "no");
    assert_int_equal(e.os, 0);
    assert_int_equal(e.http, 0);
    assert_string_equal(e.hint, "");
}

static void messages_longer_than_their_room_are_cut(void **state)
{
    char text[2 * ERR_MSG_MAX];
    struct err e = {0};

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    (void)err_set_os(&e, ERR_LOCAL, ENOENT, "%s", text);
    assert_int_equal(strlen(e.msg), ERR_MSG_MAX - 1);
    (void)err_wrap(&e, "%s", text);
    assert_int_equal(strlen(e.msg), ERR_MSG_MAX - 1);
    (void)err_hint(&e, "%s", text);
    assert_int_equal(strlen(e.hint), ERR_HINT_MAX - 1);
}

static void foreign_text_is_made_fit_for_one_line(void **state)
{
    static const struct {
        const char *text, *clean;
    } cases[] = {
        {"plain", "plain"},
        {"two\r\nlines\tand a tab", "two  lines and a tab"},
        {"\033[31mred\a", "[31mred"},
        {"caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x94\x91", "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x94\x91"},
        {"bad \xff\xc3 end", "bad ?? end"},
        {"over\xc0\xaflong \xed\xa0\x80", "over??long ???"},
        {"a\xe2\x80\xae"
         "b\xe2\x81\xa6"
         "c\xd8\x9c"
         "d",
         "abcd"},
        {"\xc2\x9b"
         "31m",
         "31m"},
    };
    char out[400];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        err_clean_text(out, sizeof(out), cases[i].text, strlen(cases[i].text));
        assert_string_equal(out, cases[i].clean);
    }
    err_clean_text(out, sizeof(out), "a\0b", 3);
    assert_string_equal(out, "ab");
}

static void foreign_text_is_cut_between_characters(void **state)
{
    char text[1000], out[500];

    (void)state;
    memset(text, 'x', sizeof(text));
    err_clean_text(out, sizeof(out), text, sizeof(text));
    assert_int_equal(strlen(out), 400);
    assert_string_equal(out + 396, "x...");
    err_clean_text(out, sizeof(out), text, 400);
    assert_string_equal(out + 396, "xxxx");
    text[396] = (char)0xc3;
    text[397] = (char)0xa9;
    err_clean_text(out, sizeof(out), text, sizeof(text));
    assert_int_equal(strlen(out), 399);
    assert_string_equal(out + 395, "x...");
    err_clean_text(out, 3, text, sizeof(text));
    assert_string_equal(out, "xx");
    err_clean_text(out, 1, text, sizeof(text));
    assert_string_equal(out, "");
}

/* ---- documents that tell the exit statuses ---- */

static char *read_text(const char *path)
{
    struct buf b = {0};
    struct err e = {0};

    if (sys_read_file(path, 1 << 20, &b, &e) != 0)
        fail_msg("%s", e.msg);
    return buf_text(&b);
}

/* How many times `text` stands in `in`. */
static int count(const char *in, const char *text)
{
    int n = 0;

    for (; (in = strstr(in, text)) != NULL; in += strlen(text))
        n++;
    return n;
}

static void exit_statuses_ascend_and_have_one_name_each(void **state)
{
    const struct err_exit *x, *y;

    (void)state;
    for (x = err_exits; x->meaning != NULL; x++) {
        if (x > err_exits)
            assert_true(x->code > x[-1].code);
        for (y = err_exits; y < x; y++)
            assert_string_not_equal(x->name, y->name);
    }
    assert_int_equal(x - err_exits, 11);
}

static void the_readme_tells_every_exit_status(void **state)
{
    char *text = read_text("README.md"), *table, *end, row[600];
    const struct err_exit *x;
    int n = 0;

    (void)state;
    for (x = err_exits; x->meaning != NULL; x++, n++) {
        (void)snprintf(row, sizeof(row), "\n| %d | %s |%s%s |\n", x->code, x->meaning,
                       x->again[0] == '\0' ? "" : " ", x->again);
        if (count(text, row) != 1)
            fail_msg("README.md lacks %s", row);
    }
    table = strstr(text, "## Exit status");
    assert_non_null(table);
    end = strstr(table + 1, "\n## ");
    if (end != NULL)
        *end = '\0';
    assert_int_equal(count(table, "\n| "), n + 2);
    free(text);
}

static void the_manual_tells_every_exit_status(void **state)
{
    char *text = read_text("src/azdal.1"), *p, entry[600];
    const struct err_exit *x;
    int n = 0;

    (void)state;
    p = strstr(text, ".SH EXIT STATUS");
    assert_non_null(p);
    *strstr(p, "\n.PP") = '\0';
    for (n = 0; err_exits[n].meaning != NULL; n++)
        ;
    assert_int_equal(count(p, ".TP\n"), n);
    /* Lines are broken as they fall. */
    for (n = 0; p[n] != '\0'; n++) {
        if (p[n] == '\n' && p[n + 1] != '.' && n > 0)
            p[n] = ' ';
    }
    for (x = err_exits; x->meaning != NULL; x++) {
        (void)snprintf(entry, sizeof(entry), ".B %d %s", x->code, x->meaning);
        if (strstr(p, entry) == NULL)
            fail_msg("azdal.1 lacks %s", entry);
    }
    free(text);
}

static void the_module_has_an_error_for_every_exit_status(void **state)
{
    char *text = read_text("ps/AzDirectoryActivityLog/Tables.ps1"), *p, row[80];
    const struct err_exit *x;
    int n = 0;

    (void)state;
    p = strstr(text, "$script:ExitStatus = @{\n");
    assert_non_null(p);
    *strstr(p, "\n}") = '\0';
    for (x = err_exits; x->meaning != NULL; x++) {
        if (x->code == 0)
            continue;
        (void)snprintf(row, sizeof(row), "\n    %-3d = @{ Id = '%s'; ", x->code, x->name);
        if (count(p, row) != 1)
            fail_msg("Tables.ps1 lacks %s", row);
        n++;
    }
    assert_int_equal(count(p, " = @{ Id = "), n);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_put_in_front),
        cmocka_unit_test(a_new_message_forgets_the_old_one),
        cmocka_unit_test(messages_longer_than_their_room_are_cut),
        cmocka_unit_test(foreign_text_is_made_fit_for_one_line),
        cmocka_unit_test(foreign_text_is_cut_between_characters),
        cmocka_unit_test(exit_statuses_ascend_and_have_one_name_each),
        cmocka_unit_test(the_readme_tells_every_exit_status),
        cmocka_unit_test(the_manual_tells_every_exit_status),
        cmocka_unit_test(the_module_has_an_error_for_every_exit_status),
    };

    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
