#include "cli/scan_table.h"

#include "cli/finding_sentence.h"

#include "base/sys.h"
#include "base/text.h"
#include "out/table.h"

#include <stdlib.h>
#include <string.h>

/* Characters of a line that does not go to a terminal, and the limits for one that does. */
#define WIDTH_PLAIN 120
#define WIDTH_MIN 80
#define WIDTH_MAX 160
/* Where the sentence starts: behind "2026-10-09 08:12:33Z critical ". */
#define SENTENCE_COLUMN 30
/* Where its second line starts. */
#define INDENT 6
/* What stands for the end of a text that is too long. */
#define CUT "..."

void scan_table_init(struct scan_table *t)
{
    const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");

    t->width = WIDTH_PLAIN;
    t->colours = 0;
    if (!sys_is_terminal(1))
        return;
    t->width = (size_t)sys_terminal_width();
    t->width = t->width < WIDTH_MIN ? WIDTH_MIN : t->width > WIDTH_MAX ? WIDTH_MAX : t->width;
    t->colours =
        (no_colour == NULL || *no_colour == '\0') && (kind == NULL || strcmp(kind, "dumb") != 0);
}

/* Bytes of text that fit in `room` characters. */
static size_t fitting(const char *text, size_t room)
{
    size_t n = 0, used = 0;

    while (text[n] != '\0') {
        unsigned code;
        size_t bytes = text_utf8_decode(slice_of(text + n), &code);
        size_t wide;

        if (bytes == 0)
            bytes = 1;
        wide = table_width((struct slice){text + n, bytes});
        if (used + wide > room)
            break;
        used += wide;
        n += bytes;
    }
    return n;
}

/* Bytes of text for a line of `room` characters: up to the last blank that fits, or as much as fits
 * when there is none. */
static size_t line_of(const char *text, size_t room)
{
    size_t n = fitting(text, room), i;

    if (text[n] == '\0')
        return n;
    for (i = n + 1; i > 0; i--) {
        if (text[i - 1] == ' ')
            return i - 1;
    }
    return n;
}

/* Whether a sentence needs no more than its two lines. */
static int fits(const char *text, size_t width)
{
    size_t n = line_of(text, width - SENTENCE_COLUMN);

    text += n + strspn(text + n, " ");
    return fitting(text, width - INDENT) == strlen(text);
}

/* Append the sentence on two lines at most. */
static void put_sentence(const char *text, size_t width, struct buf *out)
{
    size_t n = line_of(text, width - SENTENCE_COLUMN);

    buf_append(out, text, n);
    buf_putc(out, '\n');
    text += n + strspn(text + n, " ");
    if (*text == '\0')
        return;
    buf_printf(out, "%*s", INDENT, "");
    if (fitting(text, width - INDENT) == strlen(text)) {
        buf_puts(out, text);
    } else {
        buf_append(out, text, fitting(text, width - INDENT - strlen(CUT)));
        buf_puts(out, CUT);
    }
    buf_putc(out, '\n');
}

/* Append the severity in eight columns, coloured on a terminal. */
static void put_severity(const struct scan_table *t, enum severity s, struct buf *out)
{
    static const char *const colours[] = {"2", "36", "33", "31", "1;31"};
    static const char *const names[] = {"info", "low", "medium", "high", "critical"};

    if (t->colours)
        buf_printf(out, "\033[%sm%-8s\033[0m ", colours[s], names[s]);
    else
        buf_printf(out, "%-8s ", names[s]);
}

void scan_table_row(const struct scan_table *t, const struct finding *f, struct buf *out)
{
    char time[TIMESTAMP_TEXT_MAX];
    struct buf sentence = {0};
    int brief;

    if (f->time == 0) {
        buf_printf(out, "%-21s", "unknown time");
    } else {
        (void)timestamp_format(timestamp_floor_second(f->time), time);
        time[10] = ' ';
        buf_printf(out, "%s ", time);
    }
    put_severity(t, f->severity, out);
    for (brief = 0; brief <= 2; brief++) {
        buf_clear(&sentence);
        finding_sentence(f, brief, &sentence);
        if (fits(sentence.data, t->width))
            break;
    }
    put_sentence(sentence.data, t->width, out);
    buf_free(&sentence);
}
