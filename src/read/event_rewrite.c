#include "read/event_rewrite.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "read/entra.h"
#include "read/event_names.h"
#include "read/event_operation.h"
#include "read/event_words.h"

#include <string.h>

#define SUBMITTED_NOTE                                                                             \
    "Its time is when the log had it, up to some minutes later: no other time was saved."

/* The objects of an event that are put together anew. */
enum part { PART_AUTHORIZATION, PART_CLAIMS, PART_HTTP_REQUEST, PART_PROPERTIES, PARTS };

static const enum event_field part_field[PARTS] = {EVENT_AUTHORIZATION, EVENT_CLAIMS,
                                                   EVENT_HTTP_REQUEST, EVENT_PROPERTIES};

/* One part while its members are collected. */
struct member_list {
    enum part part;
    struct buf text; /* "name":value,"name":value */
};

#define MICROSOFT "http://schemas.microsoft.com/identity/claims/"
#define XMLSOAP "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

/* Names inside the parts, as the service spells them. */
static const char *const inside[PARTS][12] = {
    [PART_AUTHORIZATION] = {"action", "role", "scope", "condition", "evidence", NULL},
    [PART_CLAIMS] = {MICROSOFT "objectidentifier", MICROSOFT "tenantid", MICROSOFT "scope",
                     XMLSOAP "upn", XMLSOAP "name", XMLSOAP "emailaddress", XMLSOAP "givenname",
                     XMLSOAP "surname", XMLSOAP "nameidentifier", NULL},
    [PART_HTTP_REQUEST] = {"clientRequestId", "clientIpAddress", "method", "uri", NULL},
    [PART_PROPERTIES] = {"requestbody", "responseBody", "statusCode", "statusMessage",
                         "serviceRequestId", "eventCategory", "entity", "message", "hierarchy",
                         NULL},
};

/* Whether a claim's URL has the letters and digits of another: Elastic keeps it without dots, a
 * custom table without any of its marks. */
static int same_letters(struct slice a, const char *b)
{
    const char *p = a.data, *end = p + a.len;

    for (;;) {
        while (p < end && !text_is_alnum(*p))
            p++;
        while (*b != '\0' && !text_is_alnum(*b))
            b++;
        if (p == end || *b == '\0')
            return p == end && *b == '\0';
        if (text_lower(*p++) != text_lower(*b++))
            return 0;
    }
}

/* Begin a member of a part. */
static void put_name(struct member_list *m, struct slice name)
{
    size_t i;

    if (m->text.len > 0)
        buf_putc(&m->text, ',');
    for (i = 0; inside[m->part][i] != NULL; i++) {
        if (text_same_name(name, inside[m->part][i]) ||
            (m->part == PART_CLAIMS && same_letters(name, inside[m->part][i]))) {
            buf_printf(&m->text, "\"%s\":", inside[m->part][i]);
            return;
        }
    }
    json_put_slice(&m->text, name);
    buf_putc(&m->text, ':');
}

/* For event_words_each. */
static void put_words(struct slice name, struct slice value, void *arg)
{
    struct member_list *m = arg;

    if (value.len == 0)
        return;
    put_name(m, name);
    json_put_slice(&m->text, value);
}

/* A member that stands as JSON; its name is between quotes in some text of JSON. */
static void put_member(struct member_list *m, struct slice name, struct slice value)
{
    struct buf decoded = {0};
    struct slice quoted = {name.data - 1, name.len + 2};

    if (json_string_decode(quoted, &decoded) == 0)
        put_name(m, buf_slice(&decoded));
    else
        put_name(m, name);
    json_minify(value, &m->text);
    buf_free(&decoded);
}

/* The members of an object, or of a text that is one. */
static void put_object(struct member_list *m, struct slice value)
{
    struct buf hold = {0};
    struct slice object, key, v, text;
    struct json_iter it;
    struct err ignored;

    if (event_object(value, &hold, &object) == 1) {
        if (json_object_begin(&it, object, &ignored) == 0) {
            while (json_object_next(&it, &key, &v, &ignored) == 1)
                put_member(m, key, v);
        }
    } else if (json_kind(value) == JSON_STRING) {
        buf_clear(&hold);
        if (json_string_decode(value, &hold) == 0) {
            text = buf_slice(&hold);
            (void)event_words_each(text, put_words, m);
        }
    }
    buf_free(&hold);
}

/* The part that a field is, or PARTS. */
static enum part part_of(enum event_field f)
{
    size_t i;

    for (i = 0; i < PARTS; i++) {
        if (part_field[i] == f)
            return (enum part)i;
    }
    return PARTS;
}

/* Begin a member of the event itself. */
static void put_event_name(struct buf *out, struct slice name)
{
    if (out->data[out->len - 1] != '{')
        buf_putc(out, ',');
    buf_putc(out, '"');
    buf_append(out, name.data, name.len);
    buf_puts(out, "\":");
}

/* A time, in ISO 8601 where it can be read. */
static void put_time(struct buf *out, struct slice value, enum event_time_order order)
{
    char text[TIMESTAMP_TEXT_MAX];
    struct event_time t;

    if (event_value_time_read(value, order, &t) == 0)
        buf_printf(out, "\"%s\"", timestamp_format(t.ticks, text));
    else
        json_minify(value, out);
}

/* The fields that are no parts, each once and under the service's name. */
static void put_fields(const struct event *ev, enum event_time_order order, struct buf *out)
{
    int f;

    for (f = 0; f < EVENT_FIELDS; f++) {
        struct slice value = ev->field[f];
        const char *name = event_names_of((enum event_field)f);

        if (value.data == NULL || name == NULL || part_of((enum event_field)f) != PARTS ||
            ev->rank[f] == 255)
            continue;
        if (f == EVENT_TENANT_ID && event_is_table_row(ev))
            name = "workspaceTenantId";
        if (f == EVENT_RESOURCE_ID && ev->rank[f] >= 8 && value.len > 1 && value.data[1] != '/')
            name = "resource";
        put_event_name(out, slice_of(name));
        if (f == EVENT_TIME || f == EVENT_SUBMISSION)
            put_time(out, value, order);
        else if (f == EVENT_OPERATION && ev->rank[f] == EVENT_NAMES_TOLD &&
                 event_operation_of_change(value) != NULL)
            json_put_string(out, event_operation_of_change(value));
        else
            json_minify(value, out);
    }
}

/* What a row of Log Analytics' table says only in its Properties, where somebody left its columns
 * out. */
static void put_left_out(const struct event *ev, struct buf *out)
{
    static const struct {
        enum event_field field;
        const char *name;
    } rows[] = {
        {EVENT_CALLER, "caller"},
        {EVENT_HTTP_REQUEST, "httpRequest"},
        {EVENT_STATUS, "activityStatusValue"},
        {EVENT_SUB_STATUS, "activitySubstatusValue"},
        {EVENT_DATA_ID, "eventDataId"},
    };
    struct buf hold = {0};
    struct slice properties, value;
    size_t i;

    if (!event_is_table_row(ev) ||
        event_object(ev->field[EVENT_PROPERTIES], &hold, &properties) != 1) {
        buf_free(&hold);
        return;
    }
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        value = json_get_nocase(properties, rows[i].name);
        if (ev->field[rows[i].field].data != NULL || json_kind(value) <= JSON_NULL)
            continue;
        put_event_name(out, slice_of(event_names_of(rows[i].field)));
        json_minify(value, out);
    }
    buf_free(&hold);
}

/* Members that are no field of an event, and the parts under names of their own. */
static void put_rest(const struct event *ev, struct member_list parts[PARTS], struct buf *out)
{
    struct json_iter it;
    struct slice key, value;
    struct err ignored;

    if (json_object_begin(&it, ev->raw, &ignored) != 0)
        return;
    while (json_object_next(&it, &key, &value, &ignored) == 1) {
        struct event_name n;
        int known = event_names_find(key, &n) && event_names_fits(&n, value);
        enum part p = known ? part_of(n.field) : PARTS;

        if (known && p != PARTS && n.rest.data != NULL) {
            if (json_kind(value) != JSON_NULL)
                put_member(&parts[p], n.rest, event_value_alone(value));
        } else if (!known || event_names_of(n.field) == NULL) {
            put_event_name(out, key);
            json_minify(value, out);
        }
    }
}

void event_rewrite(const struct event *ev, enum event_time_order order, const char *note,
                   struct buf *out)
{
    struct member_list parts[PARTS] = {0};
    size_t i;

    if (entra_is_elevation(ev) && event_classify(ev) == EVENT_LIKELY) {
        entra_write(ev, out);
        return;
    }
    buf_putc(out, '{');
    put_fields(ev, order, out);
    put_left_out(ev, out);
    for (i = 0; i < PARTS; i++) {
        parts[i].part = (enum part)i;
        if (ev->field[part_field[i]].data != NULL && ev->rank[part_field[i]] != 255)
            put_object(&parts[i], ev->field[part_field[i]]);
    }
    put_rest(ev, parts, out);
    for (i = 0; i < PARTS; i++) {
        if (parts[i].text.len > 0) {
            put_event_name(out, slice_of(event_names_of(part_field[i])));
            buf_putc(out, '{');
            buf_append(out, parts[i].text.data, parts[i].text.len);
            buf_putc(out, '}');
        }
        buf_free(&parts[i].text);
    }
    if (note == NULL && ev->rank[EVENT_TIME] % EVENT_NAMES_EMPTY == EVENT_NAMES_SUBMITTED)
        note = SUBMITTED_NOTE;
    if (note != NULL) {
        put_event_name(out, slice_of("azdalNote"));
        json_put_string(out, note);
    }
    buf_putc(out, '}');
}
