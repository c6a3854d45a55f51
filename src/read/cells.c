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

/* Find the quote that closes the text at p, and whether doubled ones come before it. Returns it;
 * NULL when it was not seen. */
static const char *closing_quote(const char *p, const char *end, int ended, int *doubled)
{
    for (*doubled = 0;; p += 2, *doubled = 1) {
        p = memchr(p, '"', (size_t)(end - p));
        if (p == NULL || (p + 1 == end && !ended))
            return NULL;
        if (p + 1 == end || p[1] != '"')
            return p;
        if (p + 2 > end)
            return NULL;
    }
}

enum cell_found cell_find(const char *row, const char *p, const char *end, char separator,
                          int ended, struct cell *c)
{
    const char *q = skip_blanks(p, end, separator);

    c->quoted = q < end && *q == '"';
    c->doubled = 0;
    if (c->quoted) {
        p = q + 1;
        q = closing_quote(p, end, ended, &c->doubled);
        if (q == NULL)
            return ended ? CELL_OPEN : CELL_CUT;
        c->text = (struct slice){p, (size_t)(q - p)};
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

struct slice cell_text(const struct cell *c, struct buf *hold)
{
    const char *p = c->text.data, *end = p + c->text.len, *q;
    char *to;
    size_t n;

    if (!c->doubled)
        return text_trim(c->text);
    buf_clear(hold);
    buf_reserve(hold, c->text.len);
    to = hold->data;
    while (p < end) {
        q = memchr(p, '"', (size_t)(end - p));
        n = (size_t)((q == NULL ? end : q + 1) - p);
        memcpy(to, p, n);
        to += n;
        p += n + (q != NULL);
    }
    hold->len = (size_t)(to - hold->data);
    return text_trim(buf_slice(hold));
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
