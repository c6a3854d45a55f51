#include "read/table_header.h"

#include "base/text.h"
#include "read/cells.h"
#include "read/columns.h"
#include "read/event_names.h"
#include "read/event_operation.h"
#include "read/event_time.h"

#include <string.h>

int table_header_is_prelude(struct slice line)
{
    line = slice_without_bom(line);
    return text_starts_nocase(line, "sep=") || text_starts_nocase(line, "\"sep=") ||
           text_starts_nocase(line, "#TYPE");
}

size_t table_header_known(struct slice line, char separator, size_t *n)
{
    const char *end = line.data + line.len;
    size_t known = 0, at = 0;
    struct cell c = {0};

    *n = 0;
    do {
        struct event_name name;
        struct columns one = {0};

        if (cell_find(line.data, line.data + at, end, separator, 1, &c) != CELL_WHOLE)
            break;
        columns_add(&one, slice_without_bom(text_trim(c.text)));
        known += one.n == 1 && event_names_find(columns_name(&one, 0), &name);
        columns_free(&one);
        (*n)++;
        at = c.next;
    } while (!c.last && at < line.len);
    return known;
}

/* Whether a line has no digit: hardly a row is without one. */
static int is_without_digits(struct slice line)
{
    size_t i = 0;

    while (i < line.len && (line.data[i] < '0' || line.data[i] > '9'))
        i++;
    return i == line.len;
}

int table_header_may_begin(struct slice line, char separator)
{
    struct cell c = {0};
    struct event_name name;

    if (line.len == 0 || (line.data[0] >= '0' && line.data[0] <= '9'))
        return 0;
    return is_without_digits(line) ||
           (cell_find(line.data, line.data, line.data + line.len, separator, 1, &c) == CELL_WHOLE &&
            event_names_find(slice_without_bom(text_trim(c.text)), &name));
}

/* Whether a column holds the whole event, beside what a tool made of it. */
static int names_whole(struct slice line, char separator)
{
    const char *end = line.data + line.len;
    struct cell c = {0};
    struct event_name name;
    size_t at = 0;

    while (!c.last && cell_find(line.data, line.data + at, end, separator, 1, &c) == CELL_WHOLE) {
        if (event_names_find(slice_without_bom(text_trim(c.text)), &name) &&
            name.field == EVENT_WHOLE)
            return 1;
        at = c.next;
    }
    return 0;
}

/* Lines above a header that spreadsheets put there: what it is, from when, of whom. */
#define TITLE_LINES_MAX 8

/* The columns of the portal's download, which stand in this order in every language. */
static const char *const portal_columns[] = {
    "Correlation id", "Operation name",     "Status",        "Event category", "Level",   "Time",
    "Subscription",   "Event initiated by", "Resource type", "Resource group", "Resource"};

#define PORTAL_COLUMNS (sizeof(portal_columns) / sizeof(portal_columns[0]))

/* Whether the row under a header of eleven columns is one of the portal's: it begins with an id,
 * and has a time where the portal has it. */
static int is_portal_row(struct slice rest, char separator)
{
    struct cell c = {0};
    struct event_time time;
    size_t at = 0, i;
    int fits = 1;

    for (i = 0; !c.last && i <= PORTAL_COLUMNS; i++) {
        if (cell_find(rest.data, rest.data + at, rest.data + rest.len, separator, 0, &c) !=
            CELL_WHOLE)
            return 0;
        if (i == 0)
            fits = text_is_guid(text_trim(c.text));
        if (i == 5)
            fits &= event_time_read(text_trim(c.text), EVENT_TIME_UNKNOWN, &time) == 0;
        at = c.next;
    }
    return fits && i == PORTAL_COLUMNS;
}

/* Whether a cell of the first of some rows is an object of JSON, as CSV quotes it. */
static int has_json_cell(struct slice rows)
{
    static const char cell[] = "\"{\"\"";
    const char *p = rows.data, *end = p == NULL ? NULL : p + rows.len;

    for (; p != NULL && end - p >= (long)sizeof(cell) && *p != '\n'; p++) {
        if (memcmp(p, cell, sizeof(cell) - 1) == 0)
            return 1;
    }
    return 0;
}

/* Rows that are looked at: the first may be the rule under the header. */
#define ROWS_TO_LOOK_AT 2

/* Whether a cell of the first of some rows is an operation's name: then a time is enough. */
static int names_operation(struct slice rows, char separator)
{
    struct cell c = {0};
    size_t at = 0;
    int row = 0;

    while (row < ROWS_TO_LOOK_AT && at < rows.len &&
           cell_find(rows.data, rows.data + at, rows.data + rows.len, separator, 1, &c) ==
               CELL_WHOLE) {
        if (event_operation_is_full(text_trim(c.text)))
            return 1;
        row += c.last;
        at = c.next;
    }
    return 0;
}

const char *table_header_portal(const struct table_header *h, size_t i)
{
    return h->portal && i < PORTAL_COLUMNS ? portal_columns[i] : NULL;
}

/* What is left behind the lines in front of a header. */
static struct slice behind_prelude(struct slice text)
{
    const char *stop;

    while (text.len > 0 && (stop = memchr(text.data, '\n', text.len)) != NULL &&
           table_header_is_prelude((struct slice){text.data, (size_t)(stop - text.data)})) {
        text.len -= (size_t)(stop + 1 - text.data);
        text.data = stop + 1;
    }
    return text;
}

/* Whether the text begins with a header; *known is how many of its names are known. */
static int begins(struct slice text, struct table_header *h, size_t *best)
{
    static const char separators[] = TABLE_SEPARATORS;
    struct slice line = behind_prelude(text), rest = {NULL, 0};
    const char *stop = line.len == 0 ? NULL : memchr(line.data, '\n', line.len);
    size_t i, n, columns = 0;

    *best = 0;
    memset(h, 0, sizeof(*h));
    if (stop != NULL) {
        rest = (struct slice){stop + 1, line.len - (size_t)(stop + 1 - line.data)};
        line.len = (size_t)(stop - line.data);
    }
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    for (i = 0; line.len > 0 && separators[i] != '\0'; i++) {
        size_t known = table_header_known(line, separators[i], &n);

        if (n == PORTAL_COLUMNS && known < 4 && rest.len > 0 &&
            is_portal_row(rest, separators[i])) {
            h->portal = 1;
            h->separator = separators[i];
            return 1;
        }
        if (known > *best || (known == *best && n > columns)) {
            *best = known;
            columns = n;
            h->separator = separators[i];
        }
    }
    h->columns = columns;
    h->headless = *best == 0 && line.len > 0 && line.data[0] == '"' && has_json_cell(line);
    if (line.len == 0 || memchr(line.data, '{', line.len) != NULL)
        return *best >= 2 || h->headless;
    return *best >= 2 || (*best == 1 && (columns == 1 || names_whole(line, h->separator))) ||
           has_json_cell(rest) ||
           (*best == 1 && names_operation(rest, h->separator) &&
            !names_operation(line, h->separator));
}

int table_header_find(struct slice text, struct table_header *h)
{
    struct slice rest = slice_without_bom(text);
    size_t known;
    int i;

    if (begins(rest, h, &known))
        return 1;
    for (i = 0; i < TITLE_LINES_MAX; i++) {
        const char *stop = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);

        if (stop == NULL || memchr(rest.data, '{', (size_t)(stop - rest.data)) != NULL)
            return 0;
        rest.len -= (size_t)(stop + 1 - rest.data);
        rest.data = stop + 1;
        if (begins(rest, h, &known) && known >= 3) {
            h->above = (size_t)(rest.data - text.data);
            return 1;
        }
    }
    return 0;
}
