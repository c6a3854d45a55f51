#include "read/event.h"

#include "base/line.h"
#include "base/text.h"
#include "read/event_names.h"
#include "read/event_operation.h"

#include <string.h>

/* A shorter text holds no event: a time, a name and an id need more. */
#define TEXT_OF_EVENT_MIN 60

/* A text of JSON that is longer may be the event that a tool made the members beside it of. */
#define TEXT_OF_WHOLE_MIN 200

/* Whether a member holds the list of events of a saved answer. */
static int is_list(struct slice key, const struct json_iter *it)
{
    return it->p < it->end && *it->p == '[' &&
           (slice_equals_nocase(key, "value") || slice_equals_nocase(key, "records"));
}

/* Whether a value is an empty text or object. */
static int is_empty(struct slice value)
{
    return value.len == 2 && (value.data[0] == '"' || value.data[0] == '{');
}

/* Whether a part of the event stands in words: PowerShell's "@{...}", or "name : value" lines. */
static int is_worded(enum event_field f, struct slice value)
{
    if (value.data[0] != '"' || value.len < 5 ||
        (f != EVENT_AUTHORIZATION && f != EVENT_CLAIMS && f != EVENT_HTTP_REQUEST &&
         f != EVENT_PROPERTIES))
        return 0;
    return value.data[1] == '@' || (value.data[1] == '\\' && value.data[2] != '"') ||
           (value.data[1] != '{' && value.data[1] != '\\' && memchr(value.data, ':', value.len));
}

/* Whether a part of the event is a text of JSON that does not end: a spreadsheet keeps 32,767
 * characters of a cell. */
static int is_cut(enum event_field f, struct slice value)
{
    static const char object[] = "\"{\\\"";
    const char *p = value.data + value.len - 2;

    if (!event_names_has_parts(f) || value.len < sizeof(object) ||
        memcmp(value.data, object, sizeof(object) - 1) != 0)
        return 0;
    while (*p == ' ' || ((*p == 'n' || *p == 'r') && p[-1] == '\\'))
        p -= *p == ' ' ? 1 : 2;
    return *p != '}';
}

/* Whether an object is what Elasticsearch's bulk files have between the documents. */
static int is_bulk_action(struct slice value)
{
    return value.len == 2 || json_get(value, "_index").data != NULL ||
           json_get(value, "_id").data != NULL;
}

/* Whether a text of JSON may be an event: an object, but not a saved answer with a list of them. */
static int may_hold_event(struct slice value)
{
    static const char object[] = "\"{\\\"", answer[] = "\"{\\\"value\\\":";

    return value.len > TEXT_OF_WHOLE_MIN && memcmp(value.data, object, sizeof(object) - 1) == 0 &&
           memcmp(value.data, answer, sizeof(answer) - 1) != 0;
}

/* What a member is by its name, and by its value where that has to say so. */
static int find_name(struct slice key, struct slice value, struct event_name *n)
{
    if (!event_names_find(key, n)) {
        *n = (struct event_name){EVENT_WHOLE, 10, {NULL, 0}, 0};
        if (may_hold_event(value))
            return 1;
        *n = (struct event_name){EVENT_OPERATION, EVENT_NAMES_TOLD, {NULL, 0}, 1};
        return event_operation_is_told(key, value);
    }
    if (!event_names_fits(n, value))
        return 0;
    return (n->field != EVENT_FRAME && n->rank < EVENT_NAMES_CHOSEN) || value.data[0] == '"' ||
           (n->field == EVENT_FRAME && value.data[0] == '{' && is_bulk_action(value));
}

struct slice event_value_alone(struct slice value)
{
    struct json_iter it;
    struct slice first, more;
    struct err ignored;

    if (json_kind(value) != JSON_ARRAY || json_array_begin(&it, value, &ignored) != 0 ||
        json_array_next(&it, &first, &ignored) != 1 || first.data[0] == '{' || first.data[0] == '[')
        return value;
    while (json_array_next(&it, &more, &ignored) == 1) {
        if (slice_compare(more, first) != 0)
            return value;
    }
    return first;
}

static void note_member(struct event *ev, struct slice key, struct slice value)
{
    struct event_name n;
    unsigned char rank;

    if (json_kind(value) == JSON_NULL)
        return;
    if (!find_name(key, value, &n)) {
        ev->holds |= value.data[0] == '{' || value.data[0] == '[';
        return;
    }
    if (n.field != EVENT_COLUMNS)
        value = event_value_alone(value);
    if (n.nested || ((n.rank & 1) && value.data[0] == '{'))
        ev->odd = 1;
    if (n.rest.data != NULL) {
        if (n.rank == EVENT_NAMES_PART && may_hold_event(value) &&
            ev->field[EVENT_WHOLE].data == NULL) {
            ev->field[EVENT_WHOLE] = value; /* a log of requests may have an event for a body */
            ev->rank[EVENT_WHOLE] = 10;
        }
        /* a part: that the whole is there is all that counts here */
        if (ev->field[n.field].data == NULL) {
            ev->field[n.field] = value;
            ev->rank[n.field] = 255;
        }
        return;
    }
    rank = (unsigned char)(n.rank + (is_empty(value) ? EVENT_NAMES_EMPTY : 0));
    if (ev->field[n.field].data != NULL && rank > ev->rank[n.field])
        return;
    if (is_worded(n.field, value))
        ev->odd = 1;
    ev->cut |= is_cut(n.field, value);
    ev->field[n.field] = value;
    ev->rank[n.field] = rank;
}

enum event_walked event_walk(struct event *ev, struct json_iter *it, struct err *e)
{
    struct json_iter inner;
    struct slice key, value;
    int more;

    memset(ev, 0, sizeof(*ev));
    ev->raw.data = it->p;
    if (json_enter_object(it, &inner, e) != 0)
        return EVENT_WALK_BAD;
    while ((more = json_object_key(&inner, &key, e)) == 1) {
        if (is_list(key, &inner)) {
            json_leave(it, &inner);
            return EVENT_WALK_LIST;
        }
        ev->member = inner.p;
        if (json_value(&inner, &value, e) != 0)
            break;
        ev->member = NULL;
        ev->deep |= value.data[0] == '{' || value.data[0] == '[' || value.len > TEXT_OF_EVENT_MIN;
        ev->linked |= event_is_next_link(key, value);
        ev->times += line_means_time(key);
        note_member(ev, key, value);
    }
    json_leave(it, &inner);
    event_time_of_submission(ev);
    ev->whitespace = inner.whitespace;
    ev->raw.len = (size_t)(it->p - ev->raw.data);
    return more == 0 ? EVENT_WALK_WHOLE : EVENT_WALK_BAD;
}

int event_parse(struct event *ev, struct slice text, struct err *e)
{
    struct json_iter it = {text.data, text.data, text.data + text.len, 0, 0, 0};

    switch (event_walk(ev, &it, e)) {
    case EVENT_WALK_WHOLE:
        break;
    case EVENT_WALK_LIST:
        return err_set(e, ERR_UNTRUSTED, "a list of events, not an event");
    default:
        return -1;
    }
    return it.p == it.end ? 0 : err_set(e, ERR_UNTRUSTED, "text after the event");
}

/* What PowerShell prints for an object that is nested too deep: "@{value=X; localizedValue=Y}", in
 * any order and letter case. */
static void strip_hashtable(struct slice *text)
{
    static const char name[] = "value=";
    const char *p, *end, *behind;

    if (text->len < 3 || memcmp(text->data, "@{", 2) != 0 || text->data[text->len - 1] != '}')
        return;
    p = text->data + 2;
    end = text->data + text->len - 1;
    while ((size_t)(end - p) >= sizeof(name) - 1 &&
           !slice_equals_nocase((struct slice){p, sizeof(name) - 1}, name)) {
        p = memchr(p, ';', (size_t)(end - p));
        if (p == NULL)
            return;
        p += p + 1 < end && p[1] == ' ' ? 2 : 1;
    }
    if ((size_t)(end - p) < sizeof(name) - 1)
        return;
    text->data = p + sizeof(name) - 1;
    behind = memchr(text->data, ';', (size_t)(end - text->data));
    text->len = (size_t)((behind == NULL ? end : behind) - text->data);
}

/* One of the lines of a text that are the same: Splunk prints a field that it found twice so. */
static void strip_repeated(struct slice *text)
{
    size_t half = text->len / 2;

    if (text->len % 2 == 1 && half > 0 && text->data[half] == '\n' &&
        memcmp(text->data, text->data + half + 1, half) == 0)
        text->len = half;
}

int event_value_text(struct slice value, struct buf *hold, struct slice *text)
{
    enum json_kind kind = json_kind(value);

    text->data = NULL;
    text->len = 0;
    if (kind == JSON_OBJECT) {
        struct slice plain = json_get_nocase(value, "value");

        value = json_kind(plain) <= JSON_NULL || is_empty(plain)
                    ? json_get_nocase(value, "localizedValue")
                    : plain;
        kind = json_kind(value);
    }
    if (kind == JSON_NUMBER || kind == JSON_BOOL) {
        *text = value;
        return 1;
    }
    if (kind != JSON_STRING)
        return 0;
    if (memchr(value.data, '\\', value.len) == NULL) {
        text->data = value.data + 1;
        text->len = value.len - 2;
    } else {
        buf_clear(hold);
        if (json_string_decode(value, hold) != 0)
            return 0;
        *text = buf_slice(hold);
        strip_repeated(text);
    }
    strip_hashtable(text);
    *text = text_trim(*text);
    if (text->len == 0)
        text->data = NULL;
    return text->len > 0;
}

int event_text(const struct event *ev, enum event_field f, struct buf *hold, struct slice *text)
{
    int got = event_value_text(ev->field[f], hold, text);

    if (got == 1 && f == EVENT_OPERATION)
        *text = event_operation_plain(*text);
    return got;
}

int event_value_time_read(struct slice value, enum event_time_order order, struct event_time *t)
{
    struct buf hold = {0};
    struct slice text;
    int got;

    if (json_kind(value) == JSON_OBJECT) {
        struct slice date = json_get(value, "$date");

        if (json_kind(date) == JSON_OBJECT)
            date = json_get(date, "$numberLong");
        if (date.data != NULL)
            value = date;
    }
    got = event_value_text(value, &hold, &text) == 1 ? event_time_read(text, order, t) : -1;
    buf_free(&hold);
    return got;
}

int64_t event_value_time(struct slice value)
{
    struct event_time t;

    return event_value_time_read(value, EVENT_TIME_UNKNOWN, &t) == 0 ? t.ticks : 0;
}

int64_t event_time(const struct event *ev)
{
    return event_value_time(ev->field[EVENT_TIME]);
}

/* Texts of JSON inside texts of JSON that are opened: some tools print what was printed before. */
#define OBJECT_TEXTS_MAX 2

/* Decode a text of JSON into *hold, for the value that it holds. Returns as event_object. */
static int open_text(struct slice *value, struct buf *hold)
{
    struct slice inside;
    struct buf text = {0};
    struct err ignored;

    if (json_string_decode(*value, &text) != 0) {
        buf_free(&text);
        return 0;
    }
    buf_free(hold);
    *hold = text;
    inside = slice_without_bom(buf_slice(hold));
    strip_repeated(&inside);
    return inside.len > 0 && json_check(inside, value, NULL, &ignored) == 0;
}

/* Whether a value is an object with a member. */
static int is_filled(struct slice value)
{
    struct json_iter it;
    struct slice key, member;
    struct err ignored;

    return json_kind(value) == JSON_OBJECT && json_object_begin(&it, value, &ignored) == 0 &&
           json_object_next(&it, &key, &member, &ignored) == 1;
}

int event_object(struct slice value, struct buf *hold, struct slice *object)
{
    struct slice content;
    int texts;

    object->data = NULL;
    object->len = 0;
    for (texts = 0; texts < OBJECT_TEXTS_MAX && json_kind(value) == JSON_STRING; texts++) {
        if (!open_text(&value, hold))
            return 0;
    }
    if (json_kind(value) != JSON_OBJECT)
        return 0;
    content = json_get_nocase(value, "Content");
    if (!is_filled(content))
        content = json_get_nocase(value, "AdditionalProperties");
    *object = is_filled(content) ? content : value;
    return 1;
}

void event_objects_open(struct event_objects *o, const struct event *ev)
{
    struct slice identity = {NULL, 0};

    (void)event_object(ev->field[EVENT_AUTHORIZATION], &o->hold[0], &o->authorization);
    (void)event_object(ev->field[EVENT_CLAIMS], &o->hold[1], &o->claims);
    (void)event_object(ev->field[EVENT_HTTP_REQUEST], &o->hold[2], &o->http_request);
    (void)event_object(ev->field[EVENT_PROPERTIES], &o->hold[3], &o->properties);
    (void)event_object(ev->field[EVENT_IDENTITY], &o->hold[4], &identity);
    if (identity.data == NULL)
        return;
    if (o->authorization.data == NULL)
        (void)event_object(json_get_nocase(identity, "authorization"), &o->hold[0],
                           &o->authorization);
    if (o->claims.data == NULL)
        (void)event_object(json_get_nocase(identity, "claims"), &o->hold[1], &o->claims);
}

void event_objects_free(struct event_objects *o)
{
    size_t i;

    for (i = 0; i < sizeof(o->hold) / sizeof(o->hold[0]); i++)
        buf_free(&o->hold[i]);
    memset(o, 0, sizeof(*o));
}

int event_caller(const struct event *ev, const struct event_objects *o, struct buf *hold,
                 struct slice *text)
{
    static const char *const claims[] = {
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "http://schemas.microsoft.com/identity/claims/objectidentifier",
        "appid",
    };
    int found = event_text(ev, EVENT_CALLER, hold, text);
    size_t i;

    for (i = 0; found == 0 && o->claims.data != NULL && i < sizeof(claims) / sizeof(claims[0]); i++)
        found = event_value_text(json_get_nocase(o->claims, claims[i]), hold, text);
    return found;
}

int event_subscription(const struct event *ev, struct buf *hold, struct slice *text)
{
    static const char start[] = "/subscriptions/";
    static const enum event_field ids[] = {EVENT_RESOURCE_ID, EVENT_ID};
    struct buf lower = {0};
    size_t i;

    if (event_text(ev, EVENT_SUBSCRIPTION_ID, hold, text) == 1)
        return 1;
    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        const char *slash;

        if (event_text(ev, ids[i], hold, text) != 1 || !text_starts_nocase(*text, start))
            continue;
        text->data += sizeof(start) - 1;
        text->len -= sizeof(start) - 1;
        slash = memchr(text->data, '/', text->len);
        if (slash != NULL)
            text->len = (size_t)(slash - text->data);
        /* the stream prints ids in capitals */
        buf_append(&lower, text->data, text->len);
        text_to_lower(buf_text(&lower));
        buf_free(hold);
        *hold = lower;
        *text = buf_slice(hold);
        return text->len > 0;
    }
    *text = (struct slice){NULL, 0};
    return 0;
}

int event_tenant(const struct event *ev, const struct event_objects *o, struct buf *hold,
                 struct slice *text)
{
    const char *slash;
    int got = event_is_table_row(ev) ? 0 : event_text(ev, EVENT_TENANT_ID, hold, text);

    if (got == 1)
        return 1;
    got = event_text(ev, EVENT_HIERARCHY, hold, text);
    if (got != 1)
        got = event_value_text(json_get_nocase(o->properties, "hierarchy"), hold, text);
    slash = got != 1 ? NULL : memchr(text->data, '/', text->len);
    if (slash != NULL)
        text->len = (size_t)(slash - text->data);
    if (got != 1)
        *text = (struct slice){NULL, 0};
    return got == 1;
}
