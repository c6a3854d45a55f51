#include "base/json_table.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Largest whole number that every JSON reader keeps exactly: 2^53. */
#define NUMBER_MAX (INT64_C(1) << 53)

/* Append "scopes[0].windows[17]" and, if given, a member of it. */
static void print_place(struct buf *b, const struct json_table_place *at, const char *member)
{
    if (at != NULL)
        print_place(b, at->up, at->name);
    if (at != NULL && at->name == NULL)
        buf_printf(b, "[%zu]", at->index);
    if (member != NULL)
        buf_printf(b, "%s%s", b->len > 0 ? "." : "", member);
}

int json_table_fail(const struct json_table_place *at, const char *member, const char *why,
                    struct err *e)
{
    struct buf b = {0};

    print_place(&b, at, member);
    (void)err_set(e, ERR_FOREIGN, "%s%s%s", buf_text(&b), b.len > 0 ? ": " : "", why);
    buf_free(&b);
    return -1;
}

/* What the JSON reader finds wrong is a damaged manifest, not an answer that cannot be trusted. */
static int fail_json(struct err *e)
{
    if (e->code == ERR_UNTRUSTED)
        e->code = ERR_FOREIGN;
    return -1;
}

/* A decoded copy; a NUL inside is refused, as the rest would be lost. */
static char *read_text(struct slice s)
{
    struct buf b = {0};

    if (json_string_decode(s, &b) == 0 && (b.len == 0 || memchr(b.data, '\0', b.len) == NULL)) {
        return buf_text(&b);
    }
    buf_free(&b);
    return NULL;
}

/* A point in time after the first tick, which stands for null. */
static int read_time(struct slice s, int64_t *ticks)
{
    struct slice inside = {s.data + 1, s.len - 2};

    return json_kind(s) == JSON_STRING && timestamp_parse(inside, ticks) == 0 && *ticks > 0 ? 0
                                                                                            : -1;
}

/* Store one value; returns what is wrong with it, or NULL. */
static const char *set_field(enum json_table_kind kind, struct slice s, void *to)
{
    const struct slice inside = {s.data + 1, s.len - 2}; /* of a text */
    enum json_kind is = json_kind(s);
    int64_t number;

    switch (kind) {
    case JSON_TABLE_TEXT_NULL:
        if (is == JSON_NULL)
            return NULL;
        /* fall through */
    case JSON_TABLE_TEXT:
        *(char **)to = read_text(s);
        return *(char **)to == NULL ? "not a text" : NULL;
    case JSON_TABLE_COUNT:
        if (json_whole(s, &number) != 0 || number < 0 || number > NUMBER_MAX)
            return "not a whole number from 0 to 2^53";
        *(uint64_t *)to = (uint64_t)number;
        return NULL;
    case JSON_TABLE_INTEGER:
        if (json_whole(s, &number) != 0 || number < -NUMBER_MAX || number > NUMBER_MAX)
            return "not a whole number up to 2^53";
        *(int64_t *)to = number;
        return NULL;
    case JSON_TABLE_TIME_NULL:
        if (is == JSON_NULL)
            return NULL;
        /* fall through */
    case JSON_TABLE_TIME:
    case JSON_TABLE_TIME_IF_THERE:
        return read_time(s, to) != 0 ? "not a time" : NULL;
    case JSON_TABLE_BOOL:
        *(int *)to = s.data[0] == 't';
        return is == JSON_BOOL ? NULL : "neither true nor false";
    case JSON_TABLE_BOOL_IF_THERE:
        *(int *)to = is == JSON_NULL ? 0 : s.data[0] == 't' ? 1 : 2;
        return is == JSON_BOOL || is == JSON_NULL ? NULL : "neither true nor false";
    case JSON_TABLE_SHA256:
        if (is != JSON_STRING || !text_is_hex(inside, 64))
            return "not a SHA-256 of 64 hexadecimal digits";
        memcpy(to, inside.data, 64);
        return NULL;
    case JSON_TABLE_CRC32:
        if (is != JSON_STRING || !text_is_hex(inside, 8))
            return "not a CRC-32 of 8 hexadecimal digits";
        *(uint32_t *)to = (uint32_t)strtoul(inside.data, NULL, 16);
        return NULL;
    case JSON_TABLE_OBJECT_NULL:
    case JSON_TABLE_OBJECT:
        *(struct slice *)to = s;
        return is == JSON_OBJECT || (is == JSON_NULL && kind == JSON_TABLE_OBJECT_NULL)
                   ? NULL
                   : "not an object";
    case JSON_TABLE_ARRAY:
        *(struct slice *)to = s;
        return is == JSON_ARRAY ? NULL : "not an array";
    }
    return "of unknown kind";
}

int json_table_object(struct slice text, const struct json_table_row *table, void *base,
                      const struct json_table_place *at, struct err *e)
{
    unsigned char seen[JSON_TABLE_MAX] = {0};
    struct json_iter it;
    struct slice key, value;
    int more;
    size_t i;

    if (json_kind(text) != JSON_OBJECT)
        return json_table_fail(at, NULL, "not an object", e);
    if (json_object_begin(&it, text, e) != 0)
        return fail_json(e);
    while ((more = json_object_next(&it, &key, &value, e)) > 0) {
        const char *why;

        for (i = 0; table[i].name != NULL && !slice_equals(key, table[i].name); i++)
            ;
        if (table[i].name == NULL)
            continue;
        why = seen[i] ? "given twice" : set_field(table[i].kind, value, (char *)base + table[i].at);
        if (why != NULL)
            return json_table_fail(at, table[i].name, why, e);
        seen[i] = 1;
    }
    if (more < 0)
        return fail_json(e);
    for (i = 0; table[i].name != NULL; i++) {
        if (!seen[i] && table[i].kind != JSON_TABLE_TIME_IF_THERE &&
            table[i].kind != JSON_TABLE_BOOL_IF_THERE)
            return json_table_fail(at, table[i].name, "missing", e);
    }
    return 0;
}

int json_table_array(struct slice text, void **items, size_t *n,
                     const struct json_table_reader *reader, const struct json_table_place *up,
                     struct err *e)
{
    struct json_table_place list = {up, reader->name, 0}, at = {&list, NULL, 0};
    size_t cap = 0, size = reader->size;
    struct json_iter it;
    struct slice value;
    int more;

    *items = NULL;
    *n = 0;
    if (json_array_begin(&it, text, e) != 0)
        return fail_json(e);
    while ((more = json_array_next(&it, &value, e)) > 0) {
        *items = mem_grow(*items, *n, &cap, size);
        memset((char *)*items + *n * size, 0, size);
        at.index = (*n)++;
        if (reader->read((char *)*items + at.index * size, value, &at, reader->arg, e) != 0)
            return -1;
    }
    return more < 0 ? fail_json(e) : 0;
}

/* An element that is a text. */
static int read_text_item(void *item, struct slice text, const struct json_table_place *at,
                          void *arg, struct err *e)
{
    (void)arg;
    *(char **)item = read_text(text);
    return *(char **)item == NULL ? json_table_fail(at, NULL, "not a text", e) : 0;
}

int json_table_texts(struct slice text, const char *name, char ***items, size_t *n,
                     const struct json_table_place *up, struct err *e)
{
    const struct json_table_reader reader = {read_text_item, name, sizeof(char *), NULL};
    void *list = NULL;
    int ret = json_table_array(text, &list, n, &reader, up, e);

    *items = list;
    return ret;
}
