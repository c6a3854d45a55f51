#include "fault.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What stands behind the colon. */
enum argument { ARG_NONE, ARG_SELECTOR, ARG_NUMBER, ARG_SCOPE, ARG_EXPIRED, ARG_LATE, ARG_WORD };

struct row {
    const char *name;
    enum fault_id id;
    enum argument argument;
    const char *standard; /* the argument when none is given; NULL: it must be given */
    const char *help;
};

static const struct row rows[] = {
    {"cut", FAULT_CUT, ARG_SELECTOR, "2", "the body ends half-way, the length was right"},
    {"slow", FAULT_SLOW, ARG_SELECTOR, "always", "the body takes over a second"},
    {"stall", FAULT_STALL, ARG_SELECTOR, "2", "half of the body, then silence"},
    {"empty-first", FAULT_EMPTY_FIRST, ARG_NONE, "", "an empty page with a next link first"},
    {"empty-many", FAULT_EMPTY_MANY, ARG_NUMBER, NULL, "that many empty pages first"},
    {"endless", FAULT_ENDLESS, ARG_NONE, "",
     "behind the last event, or item of a list, new links without end"},
    {"strangers", FAULT_STRANGERS, ARG_NONE, "",
     "the same, each to a page with an event outside the range"},
    {"loop", FAULT_LOOP, ARG_NONE, "", "every next link, always another, leads to the first page"},
    {"two-times", FAULT_TWO_TIMES, ARG_SELECTOR, "always", "an event with two times"},
    {"error-beside", FAULT_ERROR_BESIDE, ARG_SELECTOR, "always",
     "a page with an Error beside value"},
    {"repeat-link", FAULT_REPEAT_LINK, ARG_NONE, "", "a next link leads to its own page"},
    {"repeat-page", FAULT_REPEAT_PAGE, ARG_NUMBER, "1000000000",
     "each page comes that many times more, under new links (without end)"},
    {"unordered", FAULT_UNORDERED, ARG_WORD, "both", "pages, events or both out of order"},
    {"duplicates", FAULT_DUPLICATES, ARG_NONE, "", "some events come twice"},
    {"conflict", FAULT_CONFLICT, ARG_NONE, "", "some ids come twice with different bytes"},
    {"outside", FAULT_OUTSIDE, ARG_NONE, "", "events outside the range asked for"},
    {"off-origin", FAULT_OFF_ORIGIN, ARG_NONE, "", "next links lead to another origin"},
    {"path-link", FAULT_PATH_LINK, ARG_NONE, "", "next links are paths, without an origin"},
    {"redirect", FAULT_REDIRECT, ARG_SELECTOR, "2", "a redirect within the origin"},
    {"redirect-loop", FAULT_REDIRECT_LOOP, ARG_SELECTOR, "2+", "redirects without end"},
    {"redirect-off", FAULT_REDIRECT_OFF, ARG_SELECTOR, "2", "a redirect to another origin"},
    {"expired", FAULT_EXPIRED, ARG_EXPIRED, NULL,
     "the first token is refused after N requests; with N:repeat every one"},
    {"forbidden", FAULT_FORBIDDEN, ARG_SCOPE, "", "403 for that scope"},
    {"no-right", FAULT_NO_RIGHT, ARG_SCOPE, "",
     "that scope is empty, and so is the list of permissions there"},
    {"lost-right", FAULT_LOST_RIGHT, ARG_SELECTOR, "3+",
     "from then on the scope is empty; its list of permissions is so at once"},
    {"untold-right", FAULT_UNTOLD_RIGHT, ARG_SCOPE, "", "403 for the permissions of that scope"},
    {"empty-answer", FAULT_EMPTY_ANSWER, ARG_SELECTOR, "1", "an answer without events or link"},
    {"refuses", FAULT_REFUSES, ARG_NUMBER, NULL,
     "the scope is not served: 409 MissingSubscriptionRegistration or else"},
    {"dead-day", FAULT_DEAD_DAY, ARG_NUMBER, NULL,
     "500 for every page that begins in the N-th day before the newest event"},
    {"wide", FAULT_WIDE, ARG_NUMBER, NULL, "504 for ranges of more than so many days"},
    {"notfound", FAULT_NOTFOUND, ARG_SCOPE, "", "404 for that scope"},
    {"not-json", FAULT_NOT_JSON, ARG_SELECTOR, "always", "200 with a text"},
    {"html", FAULT_HTML, ARG_SELECTOR, "always", "200 with a page of a captive portal"},
    {"huge", FAULT_HUGE, ARG_SELECTOR, "always", "200 with JSON of over 32 MiB"},
    {"fat", FAULT_FAT, ARG_NUMBER, NULL, "elements of lists with that many MiB of text"},
    {"long-id", FAULT_LONG_ID, ARG_NUMBER, "91",
     "one element more in lists of scopes, its id of so many letters"},
    {"truncated-json", FAULT_TRUNCATED_JSON, ARG_SELECTOR, "always", "JSON that ends too early"},
    {"bad-time", FAULT_BAD_TIME, ARG_SELECTOR, "always", "an event with an unreadable time"},
    {"bad-utf8", FAULT_BAD_UTF8, ARG_SELECTOR, "always", "an event that is not UTF-8"},
    {"control-char", FAULT_CONTROL_CHAR, ARG_SELECTOR, "always", "a raw control character"},
    {"deep", FAULT_DEEP, ARG_SELECTOR, "always", "an event nested 200 levels deep"},
    {"link-400", FAULT_LINK_400, ARG_WORD, "once",
     "400 for the first next link (or twice, two apart; or always)"},
    {"link-404", FAULT_LINK_404, ARG_WORD, "once",
     "404 for the first next link (or twice, two apart; or always)"},
    {"link-410", FAULT_LINK_410, ARG_WORD, "once",
     "410 for the first next link (or twice, two apart; or always)"},
    {"late", FAULT_LATE, ARG_LATE, NULL,
     "N of the newest events show after M requests (N:M), S seconds (N:Ss) or /.sim/release (N)"},
    {"retry-after", FAULT_RETRY_AFTER, ARG_NUMBER, NULL,
     "Retry-After with 429 and 5xx; alone, with one 503"},
    {"retry-after-date", FAULT_RETRY_AFTER_DATE, ARG_NUMBER, "2", "the same as a date"},
    {"retry-after-huge", FAULT_RETRY_AFTER_HUGE, ARG_NUMBER, "3600", "an hour of it"},
    {"date-skew", FAULT_DATE_SKEW, ARG_NUMBER, NULL, "the server's clock is S seconds ahead"},
    {"no-date", FAULT_NO_DATE, ARG_NONE, "", "answers without Date"},
    {"bad-date", FAULT_BAD_DATE, ARG_NONE, "", "answers with a Date that is none"},
    {"link-header", FAULT_LINK_HEADER, ARG_NONE, "",
     "pages on with a Link header in place of nextLink"},
    {"pretty", FAULT_PRETTY, ARG_NONE, "", "pages with whitespace"},
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* A whole number up to the end of text or to `stop`; *end is where it stopped. */
static int number(const char *text, long *value, const char **end)
{
    char *p;

    *value = strtol(text, &p, 10);
    *end = p;
    return p == text ? -1 : 0;
}

/* "3", "3+", "2-5", "every 3" (also every-3, every=3), "always". */
static int parse_selector(struct fault_selector *s, const char *text)
{
    const char *end;
    long a = 0, b = 0;

    *s = (struct fault_selector){1, UINT_MAX, 1};
    if (strcmp(text, "always") == 0)
        return 0;
    if (strncmp(text, "every", 5) == 0) {
        text += 5;
        text += strspn(text, " -=");
        if (number(text, &a, &end) != 0 || *end != '\0' || a < 1)
            return -1;
        s->every = (unsigned)a;
        return 0;
    }
    if (number(text, &a, &end) != 0 || a < 1)
        return -1;
    s->first = (unsigned)a;
    s->last = (unsigned)a;
    if (strcmp(end, "+") == 0) {
        s->last = UINT_MAX;
    } else if (*end == '-') {
        if (number(end + 1, &b, &end) != 0 || *end != '\0' || b < a)
            return -1;
        s->last = (unsigned)b;
    } else if (*end != '\0') {
        return -1;
    }
    return 0;
}

/* "N", "N:M" or "N:Ss". */
static int parse_late(struct fault *f, const char *text)
{
    const char *end;
    long m;

    f->after_ms = -1;
    f->after_count = -1;
    if (number(text, &f->number, &end) != 0 || f->number < 1)
        return -1;
    if (*end == '\0')
        return 0;
    if (*end != ':' || number(end + 1, &m, &end) != 0 || m < 0)
        return -1;
    if (strcmp(end, "s") == 0)
        f->after_ms = m * 1000;
    else if (*end == '\0')
        f->after_count = m;
    else
        return -1;
    return 0;
}

/* The words that some faults take. */
static int parse_word(struct fault *f, const char *text)
{
    if (f->id == FAULT_UNORDERED) {
        f->number = strcmp(text, "pages") == 0    ? 1
                    : strcmp(text, "events") == 0 ? 2
                    : strcmp(text, "both") == 0   ? 3
                                                  : 0;
        return f->number == 0 ? -1 : 0;
    }
    f->number = strcmp(text, "once") == 0     ? 1
                : strcmp(text, "twice") == 0  ? 2
                : strcmp(text, "always") == 0 ? LONG_MAX
                                              : 0;
    return f->number == 0 ? -1 : 0;
}

/* Read the argument in text, which belongs to `row`. */
static int parse_argument(struct fault *f, const struct row *row, const char *text)
{
    const char *end;

    switch (row->argument) {
    case ARG_NONE:
        return *text == '\0' ? 0 : -1;
    case ARG_SELECTOR:
        return parse_selector(&f->selector, text);
    case ARG_NUMBER:
        return number(text, &f->number, &end) != 0 || *end != '\0' ? -1 : 0;
    case ARG_SCOPE:
        return 0;
    case ARG_EXPIRED:
        if (number(text, &f->number, &end) != 0 || f->number < 0)
            return -1;
        f->once_each = strcmp(end, ":repeat") == 0;
        return f->once_each || *end == '\0' ? 0 : -1;
    case ARG_LATE:
        return parse_late(f, text);
    case ARG_WORD:
        return parse_word(f, text);
    }
    return -1;
}

/* A name of three digits: a status code. */
static int parse_status(struct fault *f, const char *name, size_t len, const char *argument)
{
    if (len != 3 || strspn(name, "0123456789") < 3)
        return -1;
    f->id = FAULT_STATUS;
    f->number = (name[0] - '0') * 100L + (name[1] - '0') * 10L + (name[2] - '0');
    if (f->number < 300)
        return -1;
    if (argument != NULL && strcmp(argument, "storm") == 0) {
        f->id = FAULT_STORM;
        return 0;
    }
    return parse_selector(&f->selector,
                          argument != NULL ? argument : (f->number == 429 ? "every 3" : "2"));
}

int fault_add(struct fault_set *set, const char *text, struct err *e)
{
    struct fault f = {.selector = {1, UINT_MAX, 1}};
    char word[256];
    const char *at = strrchr(text, '@');
    size_t len = at == NULL ? strlen(text) : (size_t)(at - text), i;
    char *argument;

    if (set->n == FAULTS_MAX || len >= sizeof(word))
        return err_set(e, ERR_USAGE, "--fault %.100s: too many or too long", text);
    memcpy(word, text, len);
    word[len] = '\0';
    f.scope = at == NULL ? NULL : at + 1;
    argument = strchr(word, ':');
    if (argument != NULL)
        *argument++ = '\0';
    if (parse_status(&f, word, strlen(word), argument) == 0) {
        set->list[set->n++] = f;
        return 0;
    }
    for (i = 0; i < NROWS; i++) {
        const char *value = argument != NULL ? argument : rows[i].standard;

        if (strcmp(rows[i].name, word) != 0)
            continue;
        f.id = rows[i].id;
        if (value == NULL || parse_argument(&f, &rows[i], value) != 0)
            break;
        if (rows[i].argument == ARG_SCOPE && argument != NULL)
            f.scope = text + (argument - word);
        set->list[set->n++] = f;
        return 0;
    }
    return err_set(e, ERR_USAGE, "--fault %.100s: no such fault or argument", text);
}

/* Whether a fault's scope covers the scope of a request. */
static int covers(const char *wanted, const char *scope)
{
    size_t n;

    if (wanted == NULL || *wanted == '\0')
        return strcmp(scope, "subs") != 0 && strcmp(scope, "groups") != 0 &&
               strcmp(scope, "assignments") != 0 && strcmp(scope, "permissions") != 0;
    n = strlen(wanted);
    if (wanted[n - 1] == '*')
        return strncasecmp(wanted, scope, n - 1) == 0;
    return strcasecmp(wanted, scope) == 0;
}

const struct fault *fault_on(const struct fault_set *set, enum fault_id id, const char *scope)
{
    size_t i;

    for (i = 0; i < set->n; i++) {
        if (set->list[i].id == id && covers(set->list[i].scope, scope))
            return &set->list[i];
    }
    return NULL;
}

const struct fault *fault_hit(const struct fault_set *set, enum fault_id id, const char *scope,
                              unsigned n)
{
    size_t i;

    for (i = 0; i < set->n; i++) {
        const struct fault *f = &set->list[i];

        if (f->id == id && covers(f->scope, scope) && n >= f->selector.first &&
            n <= f->selector.last && n % f->selector.every == 0)
            return f;
    }
    return NULL;
}

void fault_help(struct buf *out)
{
    size_t i;

    buf_puts(out, "  429, 500, 503 ...   that status [N, N+, N-M, every N, always]\n"
                  "  429:storm           a bucket of 3 requests, 3 more a second\n");
    for (i = 0; i < NROWS; i++) {
        const char *standard = rows[i].standard;

        buf_printf(out, "  %-19s %s%s%s%s\n", rows[i].name, rows[i].help,
                   standard != NULL && *standard != '\0' ? " [" : "",
                   standard != NULL ? standard : "",
                   standard != NULL && *standard != '\0' ? "]" : "");
    }
}
