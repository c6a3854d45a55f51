#include "read/columns.h"

#include "base/json.h"
#include "base/text.h"
#include "read/event_names.h"
#include "read/event_operation.h"

#include <stdio.h>
#include <string.h>

void columns_clear(struct columns *c)
{
    buf_clear(&c->names);
    c->n = 0;
    c->useful = 0;
    c->local = 0;
    memset(c->zoned, 0, sizeof(c->zoned));
}

void columns_free(struct columns *c)
{
    buf_free(&c->names);
}

/* The offset in "[UTC+08:00]", as " +08:00". Returns whether there is one. */
static int zone_of(struct slice bracket, char zone[8])
{
    const char *p = bracket.data + 4, *end = bracket.data + bracket.len;
    char digits[4] = {'0', '0', '0', '0'}, sign;
    int n = 0;

    if (!text_starts_nocase(bracket, "[UTC") || p == end || (*p != '+' && *p != '-'))
        return 0;
    for (sign = *p++; p < end && n < 4 && (*p == ':' || (*p >= '0' && *p <= '9')); p++) {
        if (*p == ':' && n == 1) {
            digits[1] = digits[0];
            digits[0] = '0';
            n = 2;
        } else if (*p != ':') {
            digits[n++] = *p;
        }
    }
    if (n == 1) {
        digits[1] = digits[0];
        digits[0] = '0';
    }
    if (n == 0 || p == end || *p != ']')
        return 0;
    (void)snprintf(zone, 8, " %c%c%c:%c%c", sign, digits[0], digits[1], digits[2], digits[3]);
    return 1;
}

/* Without the zone that Log Analytics' export puts behind a time's name; notes another than UTC. */
static struct slice without_zone(struct columns *c, struct slice name)
{
    const char *open = name.len == 0 ? NULL : memchr(name.data, '[', name.len);
    struct slice bracket;

    if (open == NULL || open == name.data || name.data[name.len - 1] != ']')
        return name;
    bracket = (struct slice){open, name.len - (size_t)(open - name.data)};
    if (zone_of(bracket, c->zone))
        c->zoned[c->n] = 1;
    else if (!slice_equals_nocase(bracket, "[UTC]"))
        c->local = 1;
    name.len = (size_t)(open - name.data);
    while (name.len > 0 && name.data[name.len - 1] == ' ')
        name.len--;
    return name;
}

struct slice columns_zone(const struct columns *c, size_t i, struct slice text)
{
    const char *p, *end = text.data + text.len;

    if (i >= c->n || !c->zoned[i] || text.len == 0)
        return slice_of("");
    p = memchr(text.data, ':', text.len);
    if (p == NULL)
        return slice_of("");
    for (; p < end; p++) {
        if (*p != '\0' && strchr("+-ZzUuGg", *p) != NULL)
            return slice_of(""); /* it has its own */
    }
    return slice_of(c->zone);
}

void columns_add(struct columns *c, struct slice name)
{
    struct event_name n;

    if (c->n == COLUMNS_MAX)
        return;
    if (event_names_find(name, &n) && (n.field == EVENT_TIME || n.field == EVENT_SUBMISSION))
        name = without_zone(c, name);
    if (event_names_find(name, &n))
        c->useful |= n.field == EVENT_OPERATION || n.field == EVENT_DATA_ID ||
                     n.field == EVENT_WHOLE || n.field == EVENT_AUTHORIZATION ||
                     n.field == EVENT_NAME || n.field == EVENT_ENTRA_ACTIVITY;
    else
        c->useful |= event_operation_is_own_name(name);
    json_put_slice(&c->names, name.data == NULL ? slice_of("") : name);
    c->end[c->n++] = c->names.len;
}

size_t columns_read(struct columns *c, struct slice list)
{
    struct json_iter it;
    struct slice value;
    struct err ignored;
    struct buf hold = {0};
    size_t before = c->n;

    if (json_kind(list) != JSON_ARRAY || json_array_begin(&it, list, &ignored) != 0)
        return 0;
    while (json_array_next(&it, &value, &ignored) == 1) {
        if (json_kind(value) == JSON_OBJECT) {
            struct slice name = json_get_nocase(value, "ColumnName");

            value = name.data != NULL ? name : json_get_nocase(value, "name");
        }
        buf_clear(&hold);
        (void)json_string_decode(value, &hold);
        columns_add(c, buf_slice(&hold));
    }
    buf_free(&hold);
    return c->n - before;
}

/* JSON of a name. */
static struct slice name_of(const struct columns *c, size_t i)
{
    size_t from = i == 0 ? 0 : c->end[i - 1];

    return (struct slice){c->names.data + from, c->end[i] - from};
}

struct slice columns_name(const struct columns *c, size_t i)
{
    struct slice s = name_of(c, i);

    return (struct slice){s.data + 1, s.len - 2};
}

void columns_begin_row(struct buf *row)
{
    buf_clear(row);
    buf_putc(row, '{');
}

void columns_put(const struct columns *c, size_t i, struct slice json, struct buf *row)
{
    struct slice name;

    if (i >= c->n)
        return;
    name = name_of(c, i);
    if (row->len > 1)
        buf_putc(row, ',');
    buf_append(row, name.data, name.len);
    buf_putc(row, ':');
    if (json.data == NULL)
        buf_append(row, "null", 4);
    else
        buf_append(row, json.data, json.len);
    if (json_kind(json) == JSON_STRING && c->zoned[i]) {
        struct slice zone = columns_zone(c, i, json);

        row->len--;
        buf_append(row, zone.data, zone.len);
        buf_putc(row, '"');
    }
}

void columns_end_row(struct buf *row)
{
    buf_putc(row, '}');
}
