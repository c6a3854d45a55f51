/* The command line: what it takes, what it refuses, and whether help and manual say the same. */
#include "base/buf.h"
#include "base/sys.h"
#include "cli/options.h"
#include "cli/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 40

/* Parse a command line written with blanks; "_" stands for an empty word. `words` owns the text. */
static int parse(struct options *o, const char *line, char words[600], struct err *e)
{
    char *argv[WORDS_MAX + 1], *p = words;
    int argc = 0;

    (void)snprintf(words, 600, "azdal %s", line);
    while (*p != '\0' && argc < WORDS_MAX) {
        argv[argc++] = p;
        p += strcspn(p, " ");
        if (*p == ' ')
            *p++ = '\0';
        if (strcmp(argv[argc - 1], "_") == 0)
            *argv[argc - 1] = '\0';
    }
    argv[argc] = NULL;
    memset(e, 0, sizeof(*e));
    return options_parse(o, argc, argv, e);
}

static void every_option_of_acquire_is_stored(void **state)
{
    char words[600];
    struct options o;
    struct err e;

    (void)state;
    assert_int_equal(
        parse(&o,
              "acquire --since 7d --until=2026-11-22 --scope tenant --scope mg:* --endpoint "
              "https://x.example --token-file t --connections 64 --level 9 --split day "
              "--role-assignments --strict --progress json --cacert c --restart --verbose -- -dir",
              words, &e),
        0);
    assert_int_equal(o.command, COMMAND_ACQUIRE);
    assert_string_equal(o.since, "7d");
    assert_string_equal(o.until, "2026-11-22");
    assert_int_equal(o.nscopes, 2);
    assert_string_equal(o.scopes[1], "mg:*");
    assert_string_equal(o.endpoint, "https://x.example");
    assert_string_equal(o.token_file, "t");
    assert_int_equal(o.connections, 64);
    assert_int_equal(o.level, 9);
    assert_true(o.split_day && o.role_assignments && o.strict && o.restart && o.verbose);
    assert_true(!o.quiet && !o.to_stdout && !o.token_stdin && o.newest == 0);
    assert_int_equal(o.progress, PROGRESS_JSON);
    assert_string_equal(o.cacert, "c");
    assert_int_equal(o.npaths, 1);
    assert_string_equal(o.paths[0], "-dir");
    options_free(&o);
}

static void what_is_not_said_has_its_default(void **state)
{
    char words[600];
    struct options o;
    struct err e;

    (void)state;
    assert_int_equal(parse(&o, "acquire --token-stdin d", words, &e), 0);
    assert_int_equal(o.connections, 8);
    assert_int_equal(o.level, 6);
    assert_int_equal(o.nscopes, 0);
    assert_int_equal(o.progress, PROGRESS_AUTO);
    assert_null(o.since);
    assert_null(o.cloud);
    options_free(&o);
    assert_int_equal(parse(&o, "scan a - b", words, &e), 0);
    assert_string_equal(o.format->name, "table");
    assert_int_equal(o.npaths, 3);
    options_free(&o);
    assert_int_equal(parse(&o, "cat -", words, &e), 0);
    assert_string_equal(o.format->name, "ndjson");
    options_free(&o);
}

static void help_and_version_need_nothing_else(void **state)
{
    static const char *const lines[] = {
        "--help", "-h", "--version", "acquire --help", "acquire --since 7d -h", "verify --version"};
    char words[600];
    struct options o;
    struct err e;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(parse(&o, lines[i], words, &e), 0);
        assert_true(o.help || o.version);
        options_free(&o);
    }
}

static void wrong_command_lines_are_refused_by_name(void **state)
{
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"", "no command"},
        {"fetch", "fetch: no such command"},
        {"verify", "verify: DIR is missing"},
        {"verify a b", "verify: b: one argument too many"},
        {"verify --since 7d a", "option --since: not for this command"},
        {"scan", "scan: PATH is missing"},
        {"scan --format json x", "option --format: json: not one of table, ndjson, csv, records"},
        {"cat --format table x", "option --format: table: not one of ndjson, json, columns, csv"},
        {"cat --min-severity high x", "option --min-severity: not for this command"},
        {"rules x", "rules: x: one argument too many"},
        {"trace", "trace: PATH is missing"},
        {"trace --events --format csv x", "--events: prints NDJSON, not --format csv"},
        {"trace --operation x y", "option --operation: not for this command"},
        {"acquire --token-stdin", "acquire: DIR is missing"},
        {"acquire d", "no source of tokens: give exactly one of --token-command, --token-file, "
                      "--token-stdin"},
        {"acquire --token-stdin --token-file f d",
         "several sources of tokens: give exactly one of --token-command, --token-file, "
         "--token-stdin"},
        {"acquire --token-stdin --what d", "option --what: unknown"},
        {"acquire --token-stdin -x d", "option -x: unknown"},
        {"acquire --token-stdin --stdin d", "option --stdin: unknown"},
        {"acquire --token-stdin --sinc 7d d", "option --sinc: unknown"},
        {"acquire --token-stdin d --since", "option --since: its value is missing"},
        {"acquire --token-stdin --since= d", "option --since: its value is empty"},
        {"acquire --token-stdin --since 7d --since 8d d", "option --since: given twice"},
        {"acquire --token-stdin=yes d", "option --token-stdin: takes no value"},
        {"acquire --token-stdin --connections 0 d",
         "option --connections: 0: not a whole number from 1 to 64"},
        {"acquire --token-stdin --connections 65 d",
         "option --connections: 65: not a whole number from 1 to 64"},
        {"acquire --token-stdin --connections 99999999999999999999 d",
         "option --connections: 99999999999999999999: not a whole number from 1 to 64"},
        {"acquire --token-stdin --level 10 d",
         "option --level: 10: not a whole number from 1 to 9"},
        {"acquire --token-stdin --level +1 d",
         "option --level: +1: not a whole number from 1 to 9"},
        {"acquire --token-stdin --newest 1x --stdout",
         "option --newest: 1x: not a whole number from 1 to 1000000000"},
        {"acquire --token-stdin --newest 1000000001 --stdout",
         "option --newest: 1000000001: not a whole number from 1 to 1000000000"},
        {"acquire --token-stdin --split week d", "option --split: week: not one of none, day"},
        {"acquire --token-stdin --cloud mars d",
         "option --cloud: mars: not one of public, usgov, china, bleu, delos"},
        {"acquire --token-stdin --audience https://x d", "--audience needs --endpoint"},
        {"acquire --token-stdin --cloud usgov --endpoint https://x d",
         "--cloud and --endpoint cannot be used together"},
        {"acquire --token-stdin --newest 5 d", "--newest needs --stdout"},
        {"acquire --token-stdin --stdout d", "--stdout and DIR cannot be used together"},
        {"acquire --token-stdin --stdout --split day",
         "--stdout cannot be used with --split day, --role-assignments or --restart"},
        {"acquire --token-stdin --stdout --restart",
         "--stdout cannot be used with --split day, --role-assignments or --restart"},
        {"acquire --token-stdin --stdout --scope tenant --scope mg:a",
         "--stdout takes one scope only"},
        {"acquire --token-stdin --quiet --verbose d",
         "--quiet and --verbose cannot be used together"},
        {"acquire --token-stdin a b", "acquire: b: one argument too many"},
        {"acquire --token-stdin _", "an argument is empty"},
    };
    char words[600];
    struct options o;
    struct err e;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (parse(&o, cases[i].line, words, &e) != -1)
            fail_msg("accepted: %s", cases[i].line);
        assert_int_equal(e.code, ERR_USAGE);
        assert_string_equal(e.msg, cases[i].message);
        assert_non_null(strstr(e.hint, "--help"));
    }
}

static void a_secret_is_in_no_message(void **state)
{
    static const char *const lines[] = {
        "acquire --token-command canary --token-command canary d",
        "acquire --token-command=canary --token-stdin d",
        "acquire --token-command canary",
        "acquire --token-command canary --what d",
    };
    char words[600];
    struct options o;
    struct err e;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(parse(&o, lines[i], words, &e), -1);
        assert_null(strstr(e.msg, "canary"));
        assert_null(strstr(e.hint, "canary"));
    }
}

static void json_errors_are_asked_for_before_parsing(void **state)
{
    char a[] = "azdal", b[] = "acquire", c[] = "--progress", d[] = "json", f[] = "--progress=json";
    char *two[] = {a, b, c, d, NULL}, *one[] = {a, b, f, NULL}, *cut[] = {a, b, c, NULL};

    (void)state;
    assert_int_equal(options_want_json(4, two), 1);
    assert_int_equal(options_want_json(3, one), 1);
    assert_int_equal(options_want_json(3, cut), 0);
}

/* ---- help and manual ---- */

static const struct {
    enum command command;
    const char *name;
} commands[] = {{COMMAND_ACQUIRE, "acquire"}, {COMMAND_SCAN, "scan"},     {COMMAND_TRACE, "trace"},
                {COMMAND_CAT, "cat"},         {COMMAND_VERIFY, "verify"}, {COMMAND_RULES, "rules"}};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Append "--since T" and so on, in order, one a line, without --help and --version. */
static void options_in_help(enum command command, struct buf *out)
{
    struct buf help = {0};
    char *line, *next;

    options_help(command, &help);
    (void)buf_text(&help);
    for (line = help.data; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (strncmp(line, "  --", 4) == 0 && strncmp(line, "  --version", 11) != 0) {
            char *end = strstr(line + 2, "  ");

            if (end != NULL)
                *end = '\0';
            buf_printf(out, "%s\n", line + 2);
        }
    }
    buf_free(&help);
}

/* The same from one section of the manual: `.BI "\-\-since " T` and `.B \-\-strict`. */
static void options_in_manual(const char *text, const char *name, struct buf *out)
{
    char head[40], line[200];
    const char *p, *end;

    (void)snprintf(head, sizeof(head), "\n.SS %s\n", name);
    p = strstr(text, head);
    if (p == NULL)
        fail_msg("the manual lacks %s", name);
    end = strstr(p + 1, "\n.S");
    while ((p = strstr(p, "\n.TP\n")) != NULL && p < end) {
        char *from = line, *to = line;
        size_t n;

        p += 5;
        n = strcspn(p, "\n");
        assert_true(n < sizeof(line));
        memcpy(line, p, n);
        line[n] = '\0';
        assert_int_equal(strncmp(line, ".B", 2), 0);
        for (from += strcspn(line, " ") + 1; *from != '\0'; from++) {
            if (*from != '\\' && *from != '"' && !(*from == ' ' && to > line && to[-1] == ' '))
                *to++ = *from;
        }
        *to = '\0';
        buf_printf(out, "%s\n", line);
    }
}

static void help_and_manual_name_the_same_options(void **state)
{
    struct buf text = {0};
    struct err e;
    size_t i;

    (void)state;
    assert_int_equal(sys_read_file("src/azdal.1", 1 << 20, &text, &e), 0);
    (void)buf_text(&text);
    for (i = 0; i < NCOMMANDS; i++) {
        struct buf a = {0}, b = {0};

        options_in_help(commands[i].command, &a);
        options_in_manual(text.data, commands[i].name, &b);
        assert_string_equal(buf_text(&a), buf_text(&b));
        buf_free(&a);
        buf_free(&b);
    }
    buf_free(&text);
}

/* The section of an option in a command's part of the manual. */
static struct slice manual_of(const char *text, const char *command, const char *option)
{
    char head[64];
    struct slice part = {NULL, 0};
    struct buf name = {0};
    const char *p, *end;

    (void)snprintf(head, sizeof(head), "\n.SS %s\n", command);
    part.data = strstr(text, head);
    if (part.data == NULL)
        fail_msg("the manual lacks %s", command);
    buf_puts(&name, "\n.BI \"\\-\\-");
    for (p = option; *p != '\0'; p++) {
        buf_puts(&name, *p == '-' ? "\\" : "");
        buf_putc(&name, *p);
    }
    buf_putc(&name, ' ');
    part.data = strstr(part.data, buf_text(&name));
    buf_free(&name);
    if (part.data == NULL)
        fail_msg("the manual lacks --%s of %s", option, command);
    end = strstr(part.data, "\n.TP\n");
    part.len = end == NULL ? strlen(part.data) : (size_t)(end - part.data);
    return part;
}

/* The values that completion offers behind an option, with ", " between them. */
static void completed(const char *text, const char *command, const char *option, struct buf *out)
{
    char head[64];
    const char *p;

    (void)snprintf(head, sizeof(head), " %s--%s) values='", command, option);
    p = strstr(text, head);
    if (p == NULL) {
        (void)snprintf(head, sizeof(head), " *--%s) values='", option);
        p = strstr(text, head);
    }
    if (p == NULL)
        fail_msg("completion lacks --%s of %s", option, command);
    for (p += strlen(head); *p != '\''; p++) {
        if (*p == ' ')
            buf_putc(out, ',');
        buf_putc(out, *p);
    }
}

/* What an option takes is what its error, help, the manual and completion say. */
static void values_are_named_everywhere(void **state)
{
    static const char *const options[][2] = {
        {"acquire", "cloud"}, {"acquire", "split"}, {"acquire", "progress"}, {"scan", "format"},
        {"cat", "format"},    {"trace", "format"},  {"scan", "min-severity"}};
    struct buf manual = {0}, bash = {0};
    struct err e;
    size_t i, k;

    (void)state;
    assert_int_equal(sys_read_file("src/azdal.1", 1 << 20, &manual, &e), 0);
    assert_int_equal(sys_read_file("src/azdal.bash", 1 << 20, &bash, &e), 0);
    (void)buf_text(&manual);
    (void)buf_text(&bash);
    for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const char *command = options[i][0], *option = options[i][1], *values, *word;
        char line[100], words[600], wanted[40];
        struct slice part = manual_of(manual.data, command, option);
        struct buf offered = {0}, help = {0}, section = {0};
        struct options o;

        (void)snprintf(line, sizeof(line), "%s --%s mars x", command, option);
        assert_int_equal(parse(&o, line, words, &e), -1);
        values = strstr(e.msg, "mars: not one of ");
        assert_non_null(values);
        values += strlen("mars: not one of ");
        completed(bash.data, command, option, &offered);
        assert_string_equal(buf_text(&offered), values);
        for (k = 0; k < NCOMMANDS; k++) {
            if (strcmp(commands[k].name, command) == 0)
                options_help(commands[k].command, &help);
        }
        buf_append(&section, part.data, part.len);
        for (word = values; *word != '\0'; word += strspn(word, ", ")) {
            size_t n = strcspn(word, ",");

            (void)snprintf(wanted, sizeof(wanted), "%.*s", (int)n, word);
            if (strstr(buf_text(&section), wanted) == NULL)
                fail_msg("the manual lacks %s of --%s of %s", wanted, option, command);
            if (strstr(buf_text(&help), wanted) == NULL)
                fail_msg("help lacks %s of --%s of %s", wanted, option, command);
            word += n;
        }
        buf_free(&offered);
        buf_free(&help);
        buf_free(&section);
    }
    buf_free(&manual);
    buf_free(&bash);
}

static void help_names_every_command_and_fits_a_terminal(void **state)
{
    struct buf help = {0};
    char *line, *next, name[20];
    size_t i;

    (void)state;
    options_help(COMMAND_NONE, &help);
    (void)buf_text(&help);
    for (i = 0; i < NCOMMANDS; i++) {
        (void)snprintf(name, sizeof(name), "\n  %s ", commands[i].name);
        assert_non_null(strstr(help.data, name));
        options_help(commands[i].command, &help);
    }
    (void)buf_text(&help);
    for (line = help.data; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (strlen(line) > 79)
            fail_msg("longer than 79 columns: %s", line);
    }
    buf_free(&help);
}

/* Every `azdal COMMAND --option` in the text is one that the command takes. */
static void check_commands(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
    const char *p = text, *q;

    while ((p = strstr(p, "azdal ")) != NULL) {
        size_t n, i;

        p += 6;
        n = strspn(p, letters);
        for (i = 0; i < NCOMMANDS &&
                    (strlen(commands[i].name) != n || strncmp(p, commands[i].name, n) != 0);
             i++)
            ;
        if (i == NCOMMANDS)
            continue;
        for (q = p + n; *q != '\0' && *q != '\n' && *q != '`' && *q != '|'; q++) {
            struct buf known = {0};
            char option[60];

            if (strncmp(q, " --", 3) != 0)
                continue;
            (void)snprintf(option, sizeof(option), "%.*s", (int)strspn(q + 1, letters), q + 1);
            /* An option inside quotes belongs to another program. */
            if (memchr(p, '\'', (size_t)(q - p)) != NULL)
                break;
            options_in_help(commands[i].command, &known);
            buf_puts(&known, "--help\n");
            if (strstr(buf_text(&known), option) == NULL)
                fail_msg("azdal %s has no %s", commands[i].name, option);
            buf_free(&known);
        }
    }
}

static void the_readme_uses_options_that_exist(void **state)
{
    struct buf text = {0};
    struct err e;

    (void)state;
    assert_int_equal(sys_read_file("README.md", 1 << 20, &text, &e), 0);
    check_commands(buf_text(&text));
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_of_acquire_is_stored),
        cmocka_unit_test(what_is_not_said_has_its_default),
        cmocka_unit_test(help_and_version_need_nothing_else),
        cmocka_unit_test(wrong_command_lines_are_refused_by_name),
        cmocka_unit_test(a_secret_is_in_no_message),
        cmocka_unit_test(json_errors_are_asked_for_before_parsing),
        cmocka_unit_test(help_and_manual_name_the_same_options),
        cmocka_unit_test(values_are_named_everywhere),
        cmocka_unit_test(help_names_every_command_and_fits_a_terminal),
        cmocka_unit_test(the_readme_uses_options_that_exist),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
