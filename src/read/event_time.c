#include "read/event_time.h"

#include "base/text.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* What was found so far; -1 is nothing yet. */
struct parts {
    int year, month, day, hour, minute, second;
    int64_t fraction; /* ticks */
    int afternoon;    /* 1 PM, 0 AM */
    int64_t offset_s; /* of the zone */
    int zoned;        /* a zone was read */
    int either;
    enum event_time_order shows;
};

/* Longest text that is a time. */
#define TEXT_MAX 96

/* Up to `max` digits at *p; moves *p. Returns their number. */
static int take_digits(const char **p, const char *end, int max, int64_t *value)
{
    int n = 0;

    *value = 0;
    for (; *p < end && **p >= '0' && **p <= '9' && n < max; (*p)++, n++)
        *value = *value * 10 + (**p - '0');
    return n;
}

/* A whole number of some unit since some day, by how many digits it has. */
static int read_count(int64_t n, int digits, int64_t sub, int64_t *ticks)
{
    if (digits >= 9 && digits <= 10)
        *ticks = TICKS_UNIX_EPOCH + n * TICKS_PER_SECOND + sub;
    else if (digits >= 12 && digits <= 13)
        *ticks = TICKS_UNIX_EPOCH + n * (TICKS_PER_SECOND / 1000);
    else if (digits >= 15 && digits <= 16)
        *ticks = TICKS_UNIX_EPOCH + n * 10;
    else if (digits == 19)
        *ticks = TICKS_UNIX_EPOCH + n / 100;
    else if (digits == 18 && n > INT64_C(600000000000000000))
        *ticks = n; /* of .NET */
    else if (digits == 18)
        *ticks = n + INT64_C(504911232000000000); /* of Windows, since 1601 */
    else if (digits == 5 && sub > 0)
        /* a spreadsheet's days since 1899-12-30 */
        *ticks = INT64_C(599264352000000000) + n * TICKS_PER_DAY + sub * 86400;
    else
        return -1;
    return 0;
}

/* Nothing but digits, and a fraction perhaps. */
static int read_number(const char *p, const char *end, int64_t *ticks)
{
    int64_t n, sub = 0, unit = TICKS_PER_SECOND / 10;
    int digits = take_digits(&p, end, 19, &n);

    if (digits == 0)
        return -1;
    if (p < end && *p == '.') {
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, unit /= 10)
            sub += unit * (*p - '0');
    }
    if (p != end)
        return -1;
    if (digits == 14) {
        char iso[32];

        (void)snprintf(iso, sizeof(iso), "%04d-%02d-%02dT%02d:%02d:%02d",
                       (int)(n / INT64_C(10000000000)), (int)(n / 100000000 % 100),
                       (int)(n / 1000000 % 100), (int)(n / 10000 % 100), (int)(n / 100 % 100),
                       (int)(n % 100));
        return timestamp_parse(slice_of(iso), ticks);
    }
    return read_count(n, digits, sub, ticks);
}

/* "/Date(1717660845456)/", "/Date(1717660845456+0200)/", "Date(1717660845456)": milliseconds since
 * 1970 in UTC. */
static int read_date_call(const char *p, const char *end, int64_t *ticks)
{
    static const char start[] = "Date(";
    int64_t ms;

    p += p < end && *p == '\\';
    p += p < end && *p == '/';
    if ((size_t)(end - p) < sizeof(start) || memcmp(p, start, sizeof(start) - 1) != 0)
        return -1;
    p += sizeof(start) - 1;
    /* fifteen digits reach beyond the year 9999 */
    if (take_digits(&p, end, 15, &ms) == 0 || ms >= INT64_C(253402300800000) || p == end ||
        (*p != ')' && *p != '+' && *p != '-'))
        return -1;
    *ticks = TICKS_UNIX_EPOCH + ms * (TICKS_PER_SECOND / 1000);
    return 0;
}

/* Day and month out of the two numbers that are not the year. */
static int set_day(struct parts *x, int a, int b, char separator, enum event_time_order order)
{
    if (a > 12 && b > 12)
        return -1;
    if (a > 12) {
        x->shows = EVENT_TIME_DAY_FIRST;
    } else if (b > 12) {
        x->shows = EVENT_TIME_MONTH_FIRST;
    } else if (separator == '.') {
        order = EVENT_TIME_DAY_FIRST; /* nobody puts the month first between dots */
    } else {
        x->either = a != b;
    }
    if (x->shows != EVENT_TIME_UNKNOWN)
        order = x->shows;
    x->month = order == EVENT_TIME_DAY_FIRST ? b : a;
    x->day = order == EVENT_TIME_DAY_FIRST ? a : b;
    /* dots prove nothing about slashes */
    if (separator == '.')
        x->shows = EVENT_TIME_UNKNOWN;
    return 0;
}

/* Step over what separates two numbers of a date; Hungarian, Czech and Korean ones have a blank
 * behind the dot. */
static void skip_separator(const char **p, const char *end)
{
    int dot = **p == '.';

    (*p)++;
    if (dot && *p < end && **p == ' ')
        (*p)++;
}

/* "11/14/2025", "14.11.2025", "2025/11/14", "2025-11-14", "2025. 11. 14."; *p is behind the first
 * number. */
static int read_date(const char **p, const char *end, int64_t first, int digits, struct parts *x,
                     enum event_time_order order)
{
    char separator = **p;
    int64_t second, third;
    int n;

    skip_separator(p, end);
    if (take_digits(p, end, 2, &second) == 0 || *p == end || **p != separator)
        return -1;
    skip_separator(p, end);
    n = take_digits(p, end, 4, &third);
    if (n == 0 || x->year >= 0)
        return -1;
    if (digits == 4) {
        x->year = (int)first;
        x->month = (int)second;
        x->day = (int)third;
        if (separator == '.' && *p < end && **p == '.')
            (*p)++;
        return 0;
    }
    if (digits > 2 || (n != 4 && n != 2))
        return -1;
    x->year = (int)third + (n == 2 ? 2000 : 0);
    return set_day(x, (int)first, (int)second, separator, order);
}

/* "1:48", "1:48:53.123"; *p is at the first colon. */
static int read_clock(const char **p, const char *end, int64_t hour, struct parts *x)
{
    int64_t minute, second = 0, unit = TICKS_PER_SECOND / 10;

    (*p)++;
    if (x->hour >= 0 || take_digits(p, end, 2, &minute) != 2)
        return -1;
    if (*p < end && **p == ':') {
        (*p)++;
        if (take_digits(p, end, 2, &second) != 2)
            return -1;
        if (end - *p > 1 && (**p == '.' || **p == ',') && (*p)[1] >= '0' && (*p)[1] <= '9') {
            for ((*p)++; *p < end && **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
                x->fraction += unit * (**p - '0');
        }
    }
    x->hour = (int)hour;
    x->minute = (int)minute;
    x->second = (int)second;
    return 0;
}

/* "+02:00", "-0700". */
static int read_zone(const char **p, const char *end, struct parts *x)
{
    int sign = **p == '-' ? -1 : 1;
    int64_t hours, minutes = 0;

    (*p)++;
    if (take_digits(p, end, 2, &hours) == 0)
        return -1;
    if (*p < end && **p == ':')
        (*p)++;
    (void)take_digits(p, end, 2, &minutes);
    if (hours > 14 || minutes > 59)
        return -1;
    x->zoned = 1;
    x->offset_s = sign * (hours * 3600 + minutes * 60);
    return 0;
}

/* The halves of the day as Windows and browsers write them, the first half first. */
static const char *const halves[][2] = {
    {"am", "pm"},                                             /* "a.m.", too */
    {"a", "p"},                                               /* Spanish "a. m." */
    {"sa", "ch"},                                             /* Vietnamese */
    {"\xe4\xb8\x8a\xe5\x8d\x88", "\xe4\xb8\x8b\xe5\x8d\x88"}, /* Chinese */
    {"\xe5\x8d\x88\xe5\x89\x8d", "\xe5\x8d\x88\xe5\xbe\x8c"}, /* Japanese */
    {"\xec\x98\xa4\xec\xa0\x84", "\xec\x98\xa4\xed\x9b\x84"}, /* Korean */
    {"\xd8\xb5", "\xd9\x85"},                                 /* Arabic */
    {"\xcf\x80\xce\xbc", "\xce\xbc\xce\xbc"},                 /* Greek */
    {"\xc3\xb6\xc3\xb6", "\xc3\xb6s"},                        /* Turkish */
    {"\xc3\x96\xc3\x96", "\xc3\x96s"},
};

/* Whether a word is half of the day. */
static int read_half(const char *word, struct parts *x)
{
    size_t i;

    for (i = 0; i < 2 * sizeof(halves) / sizeof(halves[0]); i++) {
        if (x->afternoon < 0 && strcmp(word, halves[i / 2][i % 2]) == 0) {
            x->afternoon = (int)(i % 2);
            return 1;
        }
    }
    return 0;
}

/* A word: half of the day, zone, month, day of the week. */
static int read_word(struct slice word, struct parts *x)
{
    static const char *const months = "janfebmaraprmayjunjulaugsepoctnovdec";
    static const char *const days = "sunmontuewedthufrisat";
    static const char *const zones[] = {"utc", "gmt", "z", "t", "ut"};
    char w[16];
    size_t i, n = 0;

    for (i = 0; i < word.len; i++) {
        if (word.data[i] != '.' && n < sizeof(w) - 1)
            w[n++] = text_lower(word.data[i]);
    }
    w[n] = '\0';
    if (read_half(w, x))
        return 0;
    if (n == 1 && w[0] == 'm' && x->afternoon >= 0)
        return 0; /* of "a. m." */
    for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        if (strcmp(w, zones[i]) == 0) {
            x->zoned |= w[0] != 't';
            return 0;
        }
    }
    for (i = 0; n >= 3 && i < 12; i++) {
        if (memcmp(w, months + 3 * i, 3) == 0 && x->month < 0) {
            x->month = (int)i + 1;
            return 0;
        }
    }
    for (i = 0; n >= 3 && i < 7; i++) {
        if (memcmp(w, days + 3 * i, 3) == 0)
            return 0;
    }
    return -1;
}

/* A number and what stands behind it. */
static int read_numbers(const char **p, const char *end, struct parts *x,
                        enum event_time_order order)
{
    int64_t n;
    int digits = take_digits(p, end, 5, &n), dated = 0;

    if (*p < end && **p == ':')
        return read_clock(p, end, n, x);
    if (end - *p > 1 && strchr("/-.", **p) != NULL) {
        const char *next = *p;

        skip_separator(&next, end);
        dated = next < end && *next >= '0' && *next <= '9';
    }
    if (dated)
        return read_date(p, end, n, digits, x, order);
    if (digits == 4 && x->year < 0)
        x->year = (int)n;
    else if (digits <= 2 && x->day < 0)
        x->day = (int)n;
    else
        return -1;
    return 0;
}

/* Bytes of what separates the parts at p, or 0. Newer tools put a narrow space before AM. */
static size_t gap_at(const char *p, const char *end)
{
    if (*p == ' ' || *p == ',' || *p == '@')
        return 1;
    if (end - p >= 3 && memcmp(p, "\xe2\x80\xaf", 3) == 0)
        return 3;
    return end - p >= 2 && memcmp(p, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

/* All parts of a text, in any order. */
static int read_parts(const char *p, const char *end, struct parts *x, enum event_time_order order)
{
    while (p < end) {
        size_t gap = gap_at(p, end);
        int bad;

        if (gap > 0 || (x->hour < 0 && (*p == '-' || *p == '/'))) {
            p += gap > 0 ? gap : 1;
            continue;
        }
        if (*p >= '0' && *p <= '9') {
            bad = read_numbers(&p, end, x, order);
        } else if ((*p == '+' || *p == '-') && x->hour >= 0) {
            bad = read_zone(&p, end, x);
        } else if (*p == '(') {
            return x->hour >= 0 ? 0 : -1; /* the zone's long name */
        } else if (*p == '[') {
            return x->zoned ? 0 : -1; /* the same, as Java prints it */
        } else {
            const char *start = p;

            while (p < end && gap_at(p, end) == 0 &&
                   (((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') || *p == '.' ||
                    (unsigned char)*p >= 0x80))
                p++;
            bad = p == start || read_word((struct slice){start, (size_t)(p - start)}, x) != 0;
        }
        if (bad)
            return -1;
    }
    return x->year >= 0 && x->month >= 0 && x->day >= 0 ? 0 : -1;
}

/* Copy a text without the marks of the direction of writing that newer tools put into a time. */
static size_t without_marks(const char *p, const char *end, char to[TEXT_MAX + 8])
{
    size_t n = 0;

    while (p < end) {
        if (end - p >= 3 && memcmp(p, "\xe2\x80", 2) == 0 && (p[2] == '\x8e' || p[2] == '\x8f'))
            p += 3;
        else
            to[n++] = *p++;
    }
    return n;
}

/* "20251114T014853Z" with the marks between its numbers. Returns its length in `to`, 0 when the
 * text is another. */
static size_t expand_compact(const char *p, const char *end, char to[TEXT_MAX + 8])
{
    int i;

    if (end - p < 15 || p[8] != 'T')
        return 0;
    for (i = 0; i < 15; i++) {
        if (i != 8 && (p[i] < '0' || p[i] > '9'))
            return 0;
    }
    return (size_t)snprintf(to, TEXT_MAX + 8, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.*s", p, p + 4, p + 6,
                            p + 9, p + 11, p + 13, (int)(end - p - 15), p + 15);
}

int event_time_read(struct slice text, enum event_time_order order, struct event_time *t)
{
    struct parts x = {-1, -1, -1, -1, 0, 0, 0, -1, 0, 0, 0, EVENT_TIME_UNKNOWN};
    const char *p = text.data, *end = p == NULL ? NULL : p + text.len;
    char iso[64], expanded[TEXT_MAX + 8], plain[TEXT_MAX + 8];
    size_t n;

    memset(t, 0, sizeof(*t));
    /* what has no time is given the first day of all by some tools */
    if (timestamp_parse(text, &t->ticks) == 0)
        return t->ticks >= TICKS_PER_DAY ? 0 : -1;
    while (p < end && *p == ' ')
        p++;
    while (p < end && end[-1] == ' ')
        end--;
    if (p == end || end - p > TEXT_MAX)
        return -1;
    if (memchr(p, 0xe2, (size_t)(end - p)) != NULL) {
        n = without_marks(p, end, plain);
        p = plain;
        end = p + n;
        if (n == 0)
            return -1;
    }
    if (read_number(p, end, &t->ticks) == 0 || read_date_call(p, end, &t->ticks) == 0)
        return 0;
    n = expand_compact(p, end, expanded);
    if (n > 0) {
        p = expanded;
        end = p + n;
    }
    if (read_parts(p, end, &x, order) != 0)
        return -1;
    if (x.hour > 12 && x.afternoon == 0)
        return -1;
    if (x.afternoon >= 0 && x.hour == 12)
        x.hour = 0;
    if (x.afternoon > 0 && x.hour >= 0 && x.hour < 12)
        x.hour += 12;
    if (x.hour < 0)
        x.hour = 0;
    if (x.hour == 24 && x.afternoon < 0 && x.minute == 0 && x.second == 0 && x.fraction == 0) {
        x.hour = 0; /* the end of a day */
        x.offset_s -= 86400;
    }
    if (x.second == 60)
        x.second = 59; /* a leap second */
    (void)snprintf(iso, sizeof(iso), "%04d-%02d-%02dT%02d:%02d:%02d", x.year, x.month, x.day,
                   x.hour, x.minute, x.second);
    if (timestamp_parse(slice_of(iso), &t->ticks) != 0)
        return -1;
    t->ticks += x.fraction - x.offset_s * TICKS_PER_SECOND;
    t->either = x.either;
    t->shows = x.shows;
    return t->ticks >= TICKS_PER_DAY && t->ticks <= TICKS_LAST ? 0 : -1;
}
