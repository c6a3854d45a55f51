#include "net/retry_after.h"

#include "base/text.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a value: a date has 29. */
#define VALUE_MAX 63
/* Two-digit years below this are of this century, as RFC 9110 has it for a while yet. */
#define YEAR_PIVOT 70

/* ---- dates ---- */

/* Number of the month that text begins with, 1 to 12, or 0. */
static int month_of(const char *text)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char name[4] = "";
    const char *at;
    int i;

    for (i = 0; i < 3 && text[i] != '\0'; i++)
        name[i] = text_lower(text[i]);
    at = i == 3 ? strstr(names, name) : NULL;
    return at != NULL && (at - names) % 3 == 0 ? (int)(at - names) / 3 + 1 : 0;
}

/* The numbers and the month in a text such as "Sun, 06 Nov 1994" or "Sun Nov  6": numbers[0] is the
 * day, numbers[1] the year; -1 for what is missing. */
static void read_day(const char *text, int numbers[2], int *month)
{
    int n = 0;

    numbers[0] = numbers[1] = -1;
    while (*text != '\0') {
        if (*text >= '0' && *text <= '9') {
            char *end;
            long number = strtol(text, &end, 10);

            if (n < 2)
                numbers[n++] = number > 9999 ? -1 : (int)number;
            text = end;
        } else if (*month == 0 && month_of(text) != 0) {
            *month = month_of(text);
            text += 3;
        } else {
            text++;
        }
    }
}

/* The numbers of "h:m:s" at text. Returns what stands behind, or NULL when it is none. */
static const char *read_parts(const char *text, int parts[3])
{
    int i;

    for (i = 0; i < 3; i++) {
        char *end;
        long number = strtol(text, &end, 10);

        if (*text < '0' || *text > '9' || number > 9999 || (i < 2 && *end != ':'))
            return NULL;
        parts[i] = (int)number;
        text = end + (i < 2);
    }
    return text;
}

int retry_after_date(struct slice text, int64_t *ticks)
{
    char value[VALUE_MAX + 1], iso[64], *clock;
    const char *behind;
    int day[2], month = 0, parts[3];

    if (timestamp_parse(text, ticks) == 0)
        return 0;
    if (text.len > VALUE_MAX)
        return -1;
    memcpy(value, text.data, text.len);
    value[text.len] = '\0';
    clock = strchr(value, ':');
    while (clock != NULL && clock > value && clock[-1] >= '0' && clock[-1] <= '9')
        clock--;
    if (clock == NULL || clock == value || (behind = read_parts(clock, parts)) == NULL)
        return -1;
    clock[-1] = '\0';
    read_day(value, day, &month);
    if (day[1] < 0) /* asctime: the year comes last */
        day[1] = (int)strtol(behind, NULL, 10);
    if (day[0] < 1 || month == 0 || day[1] < 0 || day[1] > 9999)
        return -1;
    if (day[1] < 100)
        day[1] += day[1] < YEAR_PIVOT ? 2000 : 1900;
    (void)snprintf(iso, sizeof(iso), "%04d-%02d-%02dT%02d:%02d:%02dZ", day[1], month, day[0],
                   parts[0], parts[1], parts[2]);
    return timestamp_parse(slice_of(iso), ticks);
}

/* ---- numbers ---- */

/* The longest of the numbers in a text such as "1", "1.5", "-1" or "1, 2", each `unit_ms`
 * milliseconds; negative ones say nothing. -1 when there is none, or something else. */
static int64_t read_numbers(const char *text, double unit_ms)
{
    const double limit = (double)(RETRY_AFTER_LONGEST_S * 1000);
    int64_t longest = -1;

    for (text += strspn(text, " \t,"); *text != '\0'; text += strspn(text, " \t,")) {
        size_t len = strspn(text, "+-.0123456789");
        char *end;
        double ms = strtod(text, &end) * unit_ms;

        if (len == 0 || end != text + len || strchr(" \t,", *end) == NULL)
            return -1;
        ms = ms > limit ? limit : ms;
        if (ms >= 0 && (int64_t)(ms + 0.999) > longest)
            longest = (int64_t)(ms + 0.999);
        text = end;
    }
    return longest;
}

/* Milliseconds of hh:mm:ss, or -1. */
static int64_t read_clock(const char *text)
{
    int parts[3];
    const char *behind = read_parts(text, parts);

    if (behind == NULL || *behind != '\0')
        return -1;
    return (((int64_t)parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000;
}

/* ---- fields ---- */

void retry_after_take(struct retry_after *r, struct slice name, struct slice value)
{
    int in_ms = slice_equals_nocase(name, "x-ms-retry-after-ms") ||
                slice_equals_nocase(name, "retry-after-ms");
    char text[VALUE_MAX + 1];
    int64_t wait_ms, until;

    if ((!in_ms && !slice_equals_nocase(name, "retry-after")) || value.len > VALUE_MAX)
        return;
    memcpy(text, value.data, value.len);
    text[value.len] = '\0';
    wait_ms = read_numbers(text, in_ms ? 1.0 : 1000.0);
    if (wait_ms < 0)
        wait_ms = read_clock(text);
    if (wait_ms > r->wait_ms)
        r->wait_ms = wait_ms;
    if (wait_ms < 0 && retry_after_date(value, &until) == 0 && until > r->until)
        r->until = until;
}

int64_t retry_after_ms(const struct retry_after *r, int64_t now)
{
    int64_t wait_ms;

    if (r->until == 0)
        return r->wait_ms;
    wait_ms = (r->until - now) / (TICKS_PER_SECOND / 1000);
    if (wait_ms < 0)
        wait_ms = 0;
    if (wait_ms > RETRY_AFTER_LONGEST_S * 1000)
        wait_ms = RETRY_AFTER_LONGEST_S * 1000;
    return wait_ms > r->wait_ms ? wait_ms : r->wait_ms;
}
