#include "options.h"

#include "page.h"

#include "base/timestamp.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_NUMBER, KIND_TEXT, KIND_TIME, KIND_WORD, KIND_FLAG, KIND_FAULT };

struct row {
    const char *name, *value;
    enum kind kind;
    size_t at;
    long min, max;
    const char *words; /* for KIND_WORD: blank-separated; the value is the index */
    const char *help;
};

#define AT(member) offsetof(struct sim_options, member)

static const struct row rows[] = {
    {"seed", "N", KIND_NUMBER, AT(seed), 0, LONG_MAX, NULL, "which tenant (1)"},
    {"tenant", "GUID", KIND_TEXT, AT(tenant), 0, 0, NULL, "the tenant's id"},
    {"events", "N", KIND_NUMBER, AT(events), 0, 100000000, NULL, "in the tenant's log (2000)"},
    {"days", "N", KIND_NUMBER, AT(days), 1, 3650, NULL, "that they are spread over (89)"},
    {"now", "TIME", KIND_TIME, AT(now), 0, 0, NULL, "the clock stands still there"},
    {"day", "TIME", KIND_TIME, AT(day), 0, 0, NULL,
     "the events end with the midnight before it (today's, or that of --now)"},
    {"distribution", "HOW", KIND_WORD, AT(distribution), 0, 0, "even bursty front instant empty",
     "even (default), bursty, front, instant or empty"},
    {"groups", "N", KIND_NUMBER, AT(groups), 0, 10000, NULL,
     "management groups, the tenant root group the first of them (3)"},
    {"subscriptions", "N", KIND_NUMBER, AT(subscriptions), 0, 10000, NULL, "(2)"},
    {"events-per-scope", "N", KIND_NUMBER, AT(events_per_scope), 0, 100000000, NULL,
     "in the log of each group and subscription (100)"},
    {"event-bytes", "N", KIND_NUMBER, AT(event_bytes), 0, 1000000, NULL, "pad events to this size"},
    {"fault", "NAME", KIND_FAULT, 0, 0, 0, NULL, "NAME[:ARG][@SCOPE], repeatable, see below"},
    {"tls", "FOLDER", KIND_TEXT, AT(tls), 0, 0, NULL,
     "serve https with server.pem and server.key of FOLDER (made by make-ca)"},
    {"port", "N", KIND_NUMBER, AT(port), 0, 65535, NULL, "listen there; 0 is any free one (0)"},
    {"latency-ms", "N", KIND_NUMBER, AT(latency_ms), 0, 600000, NULL, "before every answer"},
    {"prebuilt", NULL, KIND_FLAG, AT(prebuilt), 0, 0, NULL, "render all events before listening"},
    {"gzip", "yes|no", KIND_WORD, AT(gzip), 0, 0, "no yes", "compress when asked to (yes)"},
    {"page", "N", KIND_NUMBER, AT(page), 1, PAGE_EVENTS, NULL, "events a page, at most (200)"},
    {"list-page", "N", KIND_NUMBER, AT(list_page), 1, 1000, NULL, "items a page of lists (10)"},
    {"throttle-capacity", "N", KIND_NUMBER, AT(throttle_capacity), 0, 1000000, NULL,
     "size of the bucket of requests; 0 is no throttling (0)"},
    {"throttle-rate", "N", KIND_NUMBER, AT(throttle_rate), 1, 1000000, NULL,
     "requests a second that flow into it (25)"},
    {"log", "FILE", KIND_TEXT, AT(log), 0, 0, NULL, "one line of JSON for each request"},
    {"expires-in", "S", KIND_NUMBER, AT(expires_in), -1000000, 100000000, NULL,
     "token: seconds it lives (3600)"},
    {"aud", "URL", KIND_TEXT, AT(audience), 0, 0, NULL, "token: audience"},
    {"tid", "GUID", KIND_TEXT, AT(tenant_claim), 0, 0, NULL, "token: tenant"},
    {"name", "UPN", KIND_TEXT, AT(name), 0, 0, NULL, "token: user"},
    {"oid", "GUID", KIND_TEXT, AT(object_id), 0, 0, NULL, "token: object id of the user"},
    {"serial", "N", KIND_NUMBER, AT(serial), 0, LONG_MAX, NULL,
     "token: another number makes another token"},
    {"scope", "S", KIND_TEXT, AT(scope), 0, 0, NULL,
     "expected, findings: tenant (default), mg:ID, sub:ID; assignments: / or a path"},
    {"since", "T", KIND_TEXT, AT(since), 0, 0, NULL, "expected: from then on"},
    {"until", "T", KIND_TEXT, AT(until), 0, 0, NULL, "expected: before then"},
    {"format", "F", KIND_WORD, AT(az), 0, 0, "arm az", "assignments: arm (default) or az"},
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

static void set_defaults(struct sim_options *o)
{
    memset(o, 0, sizeof(*o));
    o->seed = 1;
    o->tenant = TENANT_DEFAULT;
    o->events = 2000;
    o->days = 89;
    o->groups = 3;
    o->subscriptions = 2;
    o->events_per_scope = 100;
    o->gzip = 1;
    o->list_page = 10;
    o->page = PAGE_EVENTS;
    o->throttle_rate = 25;
    o->expires_in = 3600;
    o->audience = "https://management.core.windows.net/";
    o->name = "responder@contoso.example";
    o->object_id = "5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6";
}

/* Index of a word in a blank-separated list, or -1. */
static int word_index(const char *words, const char *text)
{
    size_t len = strlen(text);
    int i;

    for (i = 0; *words != '\0'; i++) {
        size_t n = strcspn(words, " ");

        if (n == len && memcmp(words, text, n) == 0)
            return i;
        words += n;
        words += strspn(words, " ");
    }
    return -1;
}

/* Store the value of one option. */
static int set_value(struct sim_options *o, const struct row *r, const char *value, struct err *e)
{
    char *at = (char *)o + r->at;
    char *end;
    long n;

    switch (r->kind) {
    case KIND_FLAG:
        *(int *)(void *)at = 1;
        return 0;
    case KIND_TEXT:
        *(const char **)(void *)at = value;
        return 0;
    case KIND_FAULT:
        return fault_add(&o->faults, value, e);
    case KIND_TIME:
        if (timestamp_parse(slice_of(value), (int64_t *)(void *)at) == 0)
            return 0;
        break;
    case KIND_WORD:
        n = word_index(r->words, value);
        *(int *)(void *)at = (int)n;
        if (n >= 0)
            return 0;
        break;
    case KIND_NUMBER:
        n = strtol(value, &end, 10);
        *(long *)(void *)at = n;
        if (end != value && *end == '\0' && n >= r->min && n <= r->max)
            return 0;
        break;
    }
    return err_set(e, ERR_USAGE, "--%s %s: not a value it takes", r->name, value);
}

/* Read the option at argv[*i]; moves *i over its value. */
static int parse_option(struct sim_options *o, int argc, char **argv, int *i, struct err *e)
{
    const char *text = argv[*i], *equal, *value = NULL;
    size_t n, len;

    if (strncmp(text, "--", 2) != 0)
        return err_set(e, ERR_USAGE, "%s: not an option", text);
    text += 2;
    equal = strchr(text, '=');
    len = equal == NULL ? strlen(text) : (size_t)(equal - text);
    for (n = 0; n < NROWS; n++) {
        if (strlen(rows[n].name) == len && memcmp(rows[n].name, text, len) == 0)
            break;
    }
    if (n == NROWS)
        return err_set(e, ERR_USAGE, "--%s: no such option", text);
    if (equal != NULL)
        value = equal + 1;
    else if (rows[n].kind != KIND_FLAG && *i + 1 < argc)
        value = argv[++*i];
    if (value == NULL && rows[n].kind != KIND_FLAG)
        return err_set(e, ERR_USAGE, "--%s: its value is missing", text);
    return set_value(o, &rows[n], value, e);
}

int options_parse(struct sim_options *o, int argc, char **argv, struct err *e)
{
    static const char commands[] = "serve token expected assignments findings traced scopes";
    int i = 1, c;

    set_defaults(o);
    if (argc > 1 && argv[1][0] != '-') {
        c = word_index(commands, argv[1]);
        if (c < 0)
            return err_set(e, ERR_USAGE, "%s: not one of %s", argv[1], commands);
        o->command = (enum sim_command)c;
        i = 2;
    }
    for (; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            o->command = SIM_HELP;
            return 0;
        }
        if (parse_option(o, argc, argv, &i, e) != 0)
            return -1;
    }
    if (strlen(o->tenant) != GUID_TEXT_MAX - 1)
        return err_set(e, ERR_USAGE, "--tenant %s: not a GUID", o->tenant);
    if (o->tenant_claim == NULL)
        o->tenant_claim = o->tenant;
    return 0;
}

void options_help(struct buf *out)
{
    size_t i;

    buf_puts(out, "Usage: sim [serve|token|expected|assignments|findings|traced|scopes] "
                  "[options]\n\n"
                  "Serves until its standard input ends or SIGTERM comes, and prints "
                  "{\"url\":...} once it listens.\n\n");
    for (i = 0; i < NROWS; i++) {
        char left[40];

        (void)snprintf(left, sizeof(left), "--%s %s", rows[i].name,
                       rows[i].value == NULL ? "" : rows[i].value);
        buf_printf(out, "  %-24s %s\n", left, rows[i].help);
    }
    buf_puts(out, "\nFaults:\n");
    fault_help(out);
}
