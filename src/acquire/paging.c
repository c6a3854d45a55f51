#include "acquire/paging.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

/* Digits of a time in a token: 18 today, written with a zero in front. */
#define PAGING_DIGITS_LEAST 18
#define PAGING_DIGITS_MOST 19

/* The value of a hexadecimal digit, or -1. */
static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, text_lower(c));

    return at == NULL ? -1 : (int)(at - digits);
}

/* The next byte of a query's text, with %XX decoded; *p moves on. */
static char next_byte(const char **p)
{
    const char *at = *p;

    if (at[0] == '%' && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
        *p += 3;
        return (char)(hex(at[1]) * 16 + hex(at[2]));
    }
    *p += 1;
    return at[0];
}

/* What stands behind "skiptoken=" in a link, or NULL. */
static const char *find_token(const char *link)
{
    const char *p;

    for (p = link; *p != '\0'; p++) {
        if (text_starts_nocase(slice_of(p), "skiptoken="))
            return p + strlen("skiptoken=");
    }
    return NULL;
}

int64_t paging_position(const char *link)
{
    const char *p = find_token(link);
    int64_t most = PAGING_UNKNOWN, value = 0;
    int digits = 0, last = 0;

    while (p != NULL && !last) {
        char c = *p == '\0' || *p == '&' ? '\0' : next_byte(&p);

        last = c == '\0';
        if (c >= '0' && c <= '9') {
            if (++digits <= PAGING_DIGITS_MOST && value <= (INT64_MAX - 9) / 10)
                value = value * 10 + (c - '0');
            continue;
        }
        if (digits >= PAGING_DIGITS_LEAST && digits <= PAGING_DIGITS_MOST && value > most)
            most = value;
        value = 0;
        digits = 0;
    }
    return most;
}
