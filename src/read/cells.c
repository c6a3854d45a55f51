#include "read/cells.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* Step over blanks and no-break spaces. */
static const char *skip_blanks(const char *p, const char *end, char separator)
{
    while (p < end) {
        if (*p == ' ' || (*p == '\t' && separator != '\t'))
            p++;
        else if (end - p >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
            p += 2;
        else
            break;
    }
    return p;
}

/* Find the quote that closes the text at p, and the text in front of it. Returns it; NULL when it
 * was not seen. */
static const char *closing_quote(const char *p, const char *end, int ended, struct cell *c)
{
    const char *start = p, *from = p; /* what is not in c->hold yet */

    for (;; p += 2) {
        p = memchr(p, '"', (size_t)(end - p));
        if (p == NULL || (p + 1 == end && !ended))
            return NULL;
        if (p + 1 == end || p[1] != '"')
            break;
        if (c->hold == NULL)
            continue;
        if (from == start)
            buf_clear(c->hold);
        buf_append(c->hold, from, (size_t)(p + 1 - from));
        from = p + 2;
    }
    c->text = (struct slice){start, (size_t)(p - start)};
    if (from != start) {
        buf_append(c->hold, from, (size_t)(p - from));
        c->text = buf_slice(c->hold);
    }
    return p;
}

enum cell_found cell_find(const char *row, const char *p, const char *end, char separator,
                          int ended, struct cell *c)
{
    const char *q = skip_blanks(p, end, separator);

    if (q < end && *q == '"') {
        q = closing_quote(q + 1, end, ended, c);
        if (q == NULL)
            return ended ? CELL_OPEN : CELL_CUT;
        q = skip_blanks(q + 1, end, separator);
        if (end - q == 1 && *q == '\xc2' && !ended)
            return CELL_CUT;
        if (q < end && *q != separator && *q != '\n' && *q != '\r')
            return CELL_BEHIND;
    } else {
        while (q < end && *q != separator && *q != '\n')
            q++;
        c->text = (struct slice){p, (size_t)(q - p)};
        if (q < end && *q == '\n' && c->text.len > 0 && q[-1] == '\r')
            c->text.len--;
    }
    if (q == end && !ended)
        return CELL_CUT;
    if (q < end && *q == '\r') {
        if (q + 1 == end && !ended)
            return CELL_CUT;
        if (q + 1 < end && q[1] == '\n')
            q++;
    }
    c->last = q == end || *q == '\n' || *q == '\r';
    c->next = (size_t)(q - row) + (q < end);
    return CELL_WHOLE;
}

void cell_put(struct buf *out, struct slice text, struct slice tail)
{
    const char *p = text.data, *end = p + text.len;

    buf_putc(out, '"');
    while (p < end) {
        const char *q = json_plain_end(p, end);

        buf_append(out, p, (size_t)(q - p));
        if (q == end)
            break;
        if (*q == '"' || *q == '\\') {
            const char escape[2] = {'\\', *q};

            buf_append(out, escape, 2);
        } else if (*q == '\n') {
            buf_append(out, "\\n", 2);
        } else {
            buf_printf(out, "\\u%04x", (unsigned char)*q);
        }
        p = q + 1;
    }
    buf_append(out, tail.data, tail.len);
    buf_putc(out, '"');
}
