#include "read/table_header.h"

#include "base/text.h"
#include "read/cells.h"
#include "read/columns.h"
#include "read/event_names.h"
#include "read/splitter_part.h"

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
    struct cell c = {{NULL, 0}, 0, 0, 0};

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

int table_header_may_begin(struct slice line, char separator)
{
    struct cell c = {{NULL, 0}, 0, 0, 0};
    struct event_name name;

    if (line.len == 0 || (line.data[0] >= '0' && line.data[0] <= '9'))
        return 0;
    return cell_find(line.data, line.data, line.data + line.len, separator, 1, &c) == CELL_WHOLE &&
           event_names_find(slice_without_bom(text_trim(c.text)), &name);
}

/* Whether a column holds the whole event, beside what a tool made of it. */
static int names_whole(struct slice line, char separator)
{
    const char *end = line.data + line.len;
    struct cell c = {{NULL, 0}, 0, 0, 0};
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

int delimited_begins(struct slice text, char *separator)
{
    static const char separators[] = ",;\t|";
    struct slice line = slice_without_bom(text);
    const char *stop;
    size_t i, n, best = 0, columns = 0;

    for (;;) {
        stop = line.len == 0 ? NULL : memchr(line.data, '\n', line.len);
        if (stop == NULL ||
            !table_header_is_prelude((struct slice){line.data, (size_t)(stop - line.data)}))
            break;
        line.len -= (size_t)(stop + 1 - line.data);
        line.data = stop + 1;
    }
    if (stop != NULL)
        line.len = (size_t)(stop - line.data);
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    for (i = 0; line.len > 0 && separators[i] != '\0'; i++) {
        size_t known = table_header_known(line, separators[i], &n);

        if (known > best || (known == best && known > 0 && n > columns)) {
            best = known;
            columns = n;
            *separator = separators[i];
        }
    }
    return best >= 2 || (best == 1 && (columns == 1 || (memchr(line.data, '{', line.len) == NULL &&
                                                        names_whole(line, *separator))));
}
