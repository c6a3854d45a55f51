#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* Days from 0001-01-01 to the first of March of year 0 make the usual civil-day arithmetic start.
 */
#define DAYS_CIVIL_TO_YEAR_ONE 306

/* Days since 0001-01-01 of a date of the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - DAYS_CIVIL_TO_YEAR_ONE;
}

/* The reverse. */
static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + DAYS_CIVIL_TO_YEAR_ONE;
    int64_t era = z / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* Exactly n digits at *p; moves *p. Returns -1 when they are not there. */
static int digits(const char **p, const char *end, int n, int *value)
{
    int v = 0;

    if (end - *p < n)
        return -1;
    for (; n > 0; n--, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        v = v * 10 + (**p - '0');
    }
    *value = v;
    return 0;
}

/* One given character at *p; moves *p. */
static int literal(const char **p, const char *end, char c)
{
    if (*p >= end || **p != c)
        return -1;
    (*p)++;
    return 0;
}

/* "Z", "+hh:mm", "+hhmm" or nothing, up to the end; *offset_s is what to subtract. */
static int zone(const char *p, const char *end, int64_t *offset_s)
{
    int sign, hours, minutes;

    *offset_s = 0;
    if (p == end)
        return 0;
    if (*p == 'Z' || *p == 'z')
        return p + 1 == end ? 0 : -1;
    if (*p != '+' && *p != '-')
        return -1;
    sign = *p++ == '-' ? -1 : 1;
    if (digits(&p, end, 2, &hours) != 0)
        return -1;
    (void)literal(&p, end, ':');
    if (digits(&p, end, 2, &minutes) != 0 || p != end || hours > 14 || minutes > 59)
        return -1;
    *offset_s = sign * (hours * INT64_C(3600) + minutes * 60);
    return 0;
}

/* ".digits" at *p if there is any, as ticks. */
static int fraction(const char **p, const char *end, int64_t *ticks)
{
    int64_t unit = TICKS_PER_SECOND / 10;

    *ticks = 0;
    if (*p >= end || **p != '.')
        return 0;
    (*p)++;
    if (*p >= end || **p < '0' || **p > '9')
        return -1;
    for (; *p < end && **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
        *ticks += unit * (**p - '0');
    return 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        return 29;
    return days[month - 1];
}

int timestamp_parse(struct slice text, int64_t *ticks)
{
    const char *p = text.data, *end = text.data == NULL ? NULL : text.data + text.len;
    int year, month, day, hour = 0, minute = 0, second = 0;
    int64_t sub = 0, offset_s = 0;

    if (text.data == NULL || digits(&p, end, 4, &year) != 0 || literal(&p, end, '-') != 0 ||
        digits(&p, end, 2, &month) != 0 || literal(&p, end, '-') != 0 ||
        digits(&p, end, 2, &day) != 0)
        return -1;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return -1;
    if (p < end) {
        if (*p != 'T' && *p != 't' && *p != ' ')
            return -1;
        p++;
        if (digits(&p, end, 2, &hour) != 0 || literal(&p, end, ':') != 0 ||
            digits(&p, end, 2, &minute) != 0)
            return -1;
        if (literal(&p, end, ':') == 0 &&
            (digits(&p, end, 2, &second) != 0 || fraction(&p, end, &sub) != 0))
            return -1;
        if (hour > 23 || minute > 59 || second > 59 || zone(p, end, &offset_s) != 0)
            return -1;
    }
    *ticks = days_from_civil(year, month, day) * TICKS_PER_DAY +
             (hour * INT64_C(3600) + minute * 60 + second - offset_s) * TICKS_PER_SECOND + sub;
    return *ticks < 0 || *ticks > TICKS_LAST ? -1 : 0;
}

/* "7d", "12h" or "30m" as ticks; -1 when the text is something else, 1 when it is too large. */
static int parse_ago(const char *text, int64_t *ago)
{
    const char *p = text;
    int64_t n = 0, unit;

    for (; *p >= '0' && *p <= '9'; p++) {
        if (n < 10000000)
            n = n * 10 + (*p - '0');
    }
    if (p == text || p[0] == '\0' || p[1] != '\0')
        return -1;
    if (*p == 'd')
        unit = TICKS_PER_DAY;
    else if (*p == 'h')
        unit = 3600 * TICKS_PER_SECOND;
    else if (*p == 'm')
        unit = 60 * TICKS_PER_SECOND;
    else
        return -1;
    if (n >= 10000000)
        return 1;
    *ago = n * unit;
    return 0;
}

int timestamp_parse_when(const char *text, int64_t now, int64_t *ticks, int *relative,
                         struct err *e)
{
    int64_t ago = 0;
    int kind = parse_ago(text, &ago);

    if (relative != NULL)
        *relative = kind == 0;
    if (kind > 0 || (kind == 0 && ago > now))
        return err_set(e, ERR_USAGE, "%s: too long ago", text);
    if (kind == 0) {
        *ticks = now - ago;
        return 0;
    }
    if (timestamp_parse(slice_of(text), ticks) != 0)
        return err_set(e, ERR_USAGE,
                       "%s: not a time; use ISO 8601 such as 2026-11-01 or 2026-11-01T10:00:00Z, "
                       "or an age such as 7d, 12h, 30m",
                       text);
    return 0;
}

const char *timestamp_format_date(int64_t ticks, char out[TIMESTAMP_TEXT_MAX])
{
    int year, month, day;

    civil_from_days(ticks / TICKS_PER_DAY, &year, &month, &day);
    (void)snprintf(out, TIMESTAMP_TEXT_MAX, "%04d-%02d-%02d", year, month, day);
    return out;
}

const char *timestamp_format(int64_t ticks, char out[TIMESTAMP_TEXT_MAX])
{
    int64_t in_day = ticks % TICKS_PER_DAY;
    int seconds = (int)(in_day / TICKS_PER_SECOND);
    int sub = (int)(in_day % TICKS_PER_SECOND);
    size_t n;

    (void)timestamp_format_date(ticks, out);
    n = strlen(out);
    (void)snprintf(out + n, TIMESTAMP_TEXT_MAX - n, "T%02d:%02d:%02d", seconds / 3600,
                   seconds / 60 % 60, seconds % 60);
    n = strlen(out);
    if (sub != 0) {
        (void)snprintf(out + n, TIMESTAMP_TEXT_MAX - n, ".%07d", sub);
        n = strlen(out);
        while (out[n - 1] == '0')
            n--;
    }
    out[n] = 'Z';
    out[n + 1] = '\0';
    return out;
}

int64_t timestamp_floor_second(int64_t ticks)
{
    return ticks - ticks % TICKS_PER_SECOND;
}

int64_t timestamp_ceil_second(int64_t ticks)
{
    return timestamp_floor_second(ticks + TICKS_PER_SECOND - 1);
}

int64_t timestamp_floor_day(int64_t ticks)
{
    return ticks - ticks % TICKS_PER_DAY;
}

int64_t timestamp_from_unix(int64_t seconds)
{
    return seconds * TICKS_PER_SECOND + TICKS_UNIX_EPOCH;
}

void timestamp_widen(int64_t *first, int64_t *last, int64_t time)
{
    if (time != 0 && (*first == 0 || time < *first))
        *first = time;
    if (time > *last)
        *last = time;
}
