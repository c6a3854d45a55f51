#include "read/file_kind.h"

#include "base/json.h"
#include "base/text.h"
#include "read/event_operation.h"
#include "read/table_header.h"

#include <string.h>

/* Bytes at the start of a kind of file. */
struct kind {
    size_t at, len;
    const char *bytes, *what;
};

#define KIND(at, bytes, what)                                                                      \
    {                                                                                              \
        at, sizeof(bytes) - 1, bytes, what                                                         \
    }

static const struct kind kinds[] = {
    KIND(0, "BZh", "a bzip2 file: unpack it first (bunzip2)"),
    KIND(0,
         "\xfd"
         "7zXZ",
         "an xz file: unpack it first (unxz)"),
    KIND(0, "\x28\xb5\x2f\xfd", "a zstd file: unpack it first (unzstd)"),
    KIND(0, "\x04\x22\x4d\x18", "an lz4 file: unpack it first (unlz4)"),
    KIND(0, "\x1f\x9d", "a compress (.Z) file: unpack it first (uncompress)"),
    KIND(0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first (7z x)"),
    KIND(0, "Rar!\x1a\x07", "a RAR archive: unpack it first (unrar x)"),
    KIND(257, "ustar", "a tar archive: unpack it first (tar -xf)"),
    KIND(0, "\x1f\x8b", "gzip inside gzip: unpack it once (gunzip)"),
    KIND(0, "PK\x03\x04", "a zip archive: save it to a file and name that, or unpack it first"),
    KIND(0, "PK\x05\x06", "an empty zip archive"),
    KIND(0, "PAR1", "a Parquet file: save it as JSON (duckdb -json -c \"FROM 'FILE'\")"),
    KIND(0, "Obj\x01", "an Avro file (Event Hubs Capture): save the bodies of its records as JSON"),
    KIND(0, "ORC", "an ORC file: save it as JSON"),
    KIND(0, "ARROW1", "an Arrow file: save it as JSON"),
    KIND(0, "SQLite format 3", "an SQLite database: save the table as JSON (sqlite3 -json)"),
    KIND(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
         "an Office document, perhaps with a password: save the sheet as CSV UTF-8"),
    KIND(0, "%PDF-", "a PDF: save the log as JSON or CSV instead"),
    KIND(0, "{\\rtf", "a text document (RTF): save the log as JSON or CSV instead"),
    KIND(0, "ElfFile\0", "a Windows event log: the activity log is not kept there"),
    KIND(0,
         "\x7f"
         "ELF",
         "a program, not a log"),
    KIND(0, "MZ", "a program, not a log"),
    KIND(0, "\x89PNG", "a picture, not a log"),
    KIND(0, "\xff\xd8\xff", "a picture, not a log"),
    KIND(0, "#< CLIXML",
         "PowerShell's Clixml: Import-Clixml FILE | ConvertTo-Json -Depth 100 saves it as JSON"),
    KIND(0, "<Objs",
         "PowerShell's Clixml: Import-Clixml FILE | ConvertTo-Json -Depth 100 saves it as JSON"),
    KIND(0, "<!DOCTYPE html",
         "a web page, such as a sign-in page saved in place of the log: save the log again"),
    KIND(0, "<html",
         "a web page, such as a sign-in page saved in place of the log: save the log again"),
    KIND(0, "<?xml", "XML: save the log as JSON or CSV instead"),
};

/* Whether two stretches of bytes are equal; letters of markup in any case. */
static int same(const char *a, const char *b, size_t n, int markup)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (markup ? text_lower(a[i]) != text_lower(b[i]) : a[i] != b[i])
            return 0;
    }
    return 1;
}

const char *file_kind_of_bytes(struct slice start)
{
    struct slice text = slice_without_bom(start);
    size_t i;

    while (text.len > 0 && strchr(" \t\r\n", text.data[0]) != NULL) {
        text.data++;
        text.len--;
    }
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct kind *k = &kinds[i];
        int markup = k->bytes[0] == '<' || k->bytes[0] == '#';
        struct slice s = markup ? text : start;

        if (s.len >= k->at + k->len && same(s.data + k->at, k->bytes, k->len, markup) &&
            /* letters that may begin a text of another kind */
            (k->len > 3 || s.len < 4 || (unsigned char)s.data[3] < 0x20 || k->bytes[0] == 'B' ||
             (unsigned char)k->bytes[0] >= 0x80 || k->bytes[0] == '\x1f'))
            return k->what;
    }
    return NULL;
}

/* One line of a text, without its end; *rest moves behind it. */
static struct slice take_line(struct slice *rest)
{
    const char *stop = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);
    size_t n = stop == NULL ? rest->len : (size_t)(stop - rest->data);
    struct slice line = {rest->data, n};

    rest->data += stop == NULL ? n : n + 1;
    rest->len -= stop == NULL ? n : n + 1;
    while (line.len > 0 && strchr(" \t\r", line.data[line.len - 1]) != NULL)
        line.len--;
    return line;
}

/* Whether a line is a name, then (blanks and) a colon, then a blank or nothing. *blanks tells
 * whether blanks stand in front of the colon. */
static int is_name_colon(struct slice line, int *blanks)
{
    size_t i = 0, name;

    while (i < line.len && strchr("- ", line.data[i]) != NULL)
        i++;
    name = i;
    while (i < line.len && (line.data[i] == '_' || line.data[i] == '.' ||
                            (line.data[i] >= '0' && line.data[i] <= '9') ||
                            ((line.data[i] | 0x20) >= 'a' && (line.data[i] | 0x20) <= 'z')))
        i++;
    if (i == name)
        return 0;
    name = i;
    while (i < line.len && line.data[i] == ' ')
        i++;
    *blanks = i > name;
    return i < line.len && line.data[i] == ':' && (i + 1 == line.len || line.data[i + 1] == ' ');
}

/* Whether a line is made of dashes and blanks, as under the names of a printed table. */
static int is_rule(struct slice line)
{
    size_t i;

    for (i = 0; i < line.len; i++) {
        if (line.data[i] != '-' && line.data[i] != ' ')
            return 0;
    }
    return line.len >= 3 && memchr(line.data, '-', line.len) != NULL;
}

/* Put what a kind of file is and how it begins into *hold. Returns its text. */
static const char *with_start(struct buf *hold, const char *what, struct slice line)
{
    buf_clear(hold);
    buf_puts(hold, what);
    buf_append(hold, line.data, line.len < 300 ? line.len : 300);
    return buf_text(hold);
}

/* How often a byte stands in a line. */
static size_t count(struct slice line, char c)
{
    size_t n = 0, i;

    for (i = 0; i < line.len; i++)
        n += line.data[i] == c;
    return n;
}

/* Told of a text that begins so, and of JSON whose names do: brackets have no colour (jsonc). */
static const char coloured[] =
    "text with a terminal's colours: save it without them (az ... -o json)";

const char *file_kind_of_literal(struct slice start)
{
    const char *p = start.data, *end = p + start.len;

    while (p < end && strchr("{[ \t\r\n", *p) != NULL)
        p++;
    if (p < end && *p == '\x1b')
        return coloured;
    if (p < end && *p == '\'')
        return "an object as Python prints it: save it with json.dumps";
    if (end - p >= 3 && memcmp(p, "\xe2\x80\x9c", 3) == 0)
        return "JSON whose quotes a word processor has changed: save the log again";
    while (p < end && (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z')
        p++;
    if (p < end && *p == '=')
        return "objects as Java prints them (toString): save them as JSON";
    if (p == end || *p++ != '"')
        return NULL;
    while (p < end && *p != '"' && *p != '\n')
        p++;
    for (p += p < end; p < end && *p == ' ';)
        p++;
    return end - p >= 2 && memcmp(p, "=>", 2) == 0
               ? "objects as Ruby prints them (Logstash's rubydebug): save them with the codec "
                 "json_lines"
               : NULL;
}

/* Whether a cell of a line is an operation's name: then the line is a row, not names of columns. */
static int is_row(struct slice line, char separator)
{
    while (line.len > 0) {
        const char *stop = memchr(line.data, separator, line.len);
        size_t n = stop == NULL ? line.len : (size_t)(stop - line.data);
        struct slice cell = {line.data, n};

        if (cell.len > 2 && cell.data[0] == '"')
            cell = (struct slice){cell.data + 1, cell.len - 2};
        if (event_operation_is_full(cell))
            return 1;
        line.data += stop == NULL ? n : n + 1;
        line.len -= stop == NULL ? n : n + 1;
    }
    return 0;
}

/* Whether a line is empty, or one that stands in front of YAML. */
static int is_yaml_prelude(struct slice line)
{
    return line.len == 0 || slice_equals(line, "---") || text_starts_nocase(line, "# ") ||
           text_starts_nocase(line, "%YAML");
}

/* Whether two lines of "name : value" have different names: the first of them may hold JSON, as the
 * lines of a log may that begin with one name. */
static int are_members(struct slice first, struct slice second)
{
    int blanks_first = 0, blanks_second = 0;
    size_t n = first.len < second.len ? first.len : second.len;
    const char *colon = n == 0 ? NULL : memchr(first.data, ':', n);

    return colon != NULL && is_name_colon(first, &blanks_first) && blanks_first &&
           is_name_colon(second, &blanks_second) &&
           memcmp(first.data, second.data, (size_t)(colon - first.data)) != 0;
}

const char *file_kind_of_text(struct slice start, int has_json, struct buf *hold)
{
    static const char separators[] = TABLE_SEPARATORS;
    struct slice rest = slice_without_bom(start), first = {NULL, 0}, second;
    int blanks = 0;
    size_t i;

    if (rest.len > 0 && rest.data[0] == '\x1b')
        return coloured;
    while (rest.len > 0 && is_yaml_prelude(first))
        first = take_line(&rest);
    second = take_line(&rest);
    if (text_starts_nocase(first, "ERROR:"))
        return with_start(hold, "a message of error, saved in place of a log: ", first);
    if (first.len == 0 || (json_has_object(first) && !are_members(first, second)) ||
        (second.len > 0 && strchr("{[", second.data[0]) != NULL))
        return NULL;
    if (is_rule(second))
        return "a table printed for people, which lacks most of the data: save JSON instead (az "
               "... -o "
               "json, ConvertTo-Json -Depth 100)";
    if (is_name_colon(first, &blanks) && (is_name_colon(second, &blanks) || second.len == 0))
        return blanks ? "a list printed for people (Format-List): save JSON instead "
                        "(ConvertTo-Json -Depth 100)"
                      : "YAML or a list printed for people: save JSON instead (az ... -o json)";
    if (has_json || memchr(first.data, '{', first.len) != NULL)
        return NULL;
    if (count(first, '=') > 2 && count(second.len > 0 ? second : first, '=') > 2)
        return "lines of name=value, as logfmt has them: save the log as JSON or CSV instead";
    for (i = 0; separators[i] != '\0'; i++) {
        size_t n = count(first, separators[i]);

        if (n < 1 || second.len == 0 || (count(second, separators[i]) < n && first.data[0] != '"'))
            continue;
        if (is_row(first, separators[i]))
            return "a table without the names of its columns: save it with them, or as JSON (az "
                   "... -o json)";
        return with_start(hold,
                          "a table without the columns of an activity log, such as a time and an "
                          "operation: ",
                          first);
    }
    return NULL;
}
