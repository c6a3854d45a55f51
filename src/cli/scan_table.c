#include "cli/scan_table.h"

#include "cli/finding_sentence.h"

#include "base/sys.h"
#include "base/text.h"
#include "out/table.h"

#include <stdint.h>
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

/* How a sentence becomes shorter, step by step: its `brief`, and the columns that names keep at
 * least. The address goes only after names above 32 columns were cut: who has a long name does not
 * hide it. */
static const struct {
    int brief;
    size_t least;
} steps[] = {{0, SIZE_MAX}, {1, SIZE_MAX}, {1, 32}, {2, 16}, {3, 10}};

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

/* Bytes of text for a line of `room` characters: up to the last blank that fits, or as much as fits
 * when there is none. */
static size_t line_of(const char *text, size_t room)
{
    size_t n = table_fitting(text, room), i;

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
    return table_fitting(text, width - INDENT) == strlen(text);
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
    if (table_fitting(text, width - INDENT) == strlen(text)) {
        buf_puts(out, text);
    } else {
        buf_append(out, text, table_fitting(text, width - INDENT - strlen(TABLE_CUT)));
        buf_puts(out, TABLE_CUT);
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

/* Make a sentence that fits, or the shortest one. */
static void make_sentence(const struct finding *f, size_t width, struct buf *sentence)
{
    size_t i, room;

    for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        for (room = steps[i].least > width ? steps[i].least : width;;) {
            buf_clear(sentence);
            finding_sentence(f, steps[i].brief, room, sentence);
            if (fits(sentence->data, width))
                return;
            if (room == steps[i].least)
                break;
            room -= room / 8 + 1;
            if (room < steps[i].least)
                room = steps[i].least;
        }
    }
}

void scan_table_row(const struct scan_table *t, const struct finding *f, struct buf *out)
{
    char time[TIMESTAMP_TEXT_MAX];
    struct buf sentence = {0};

    if (f->time == 0) {
        buf_printf(out, "%-21s", "unknown time");
    } else {
        (void)timestamp_format(timestamp_floor_second(f->time), time);
        time[10] = ' ';
        buf_printf(out, "%s ", time);
    }
    put_severity(t, f->severity, out);
    make_sentence(f, t->width, &sentence);
    put_sentence(sentence.data, t->width, out);
    buf_free(&sentence);
}
