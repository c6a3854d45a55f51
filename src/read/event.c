#include "read/event.h"

#include "base/timestamp.h"

#include <string.h>

/* One name of a field. Where several names mean one field, the lower rank wins. */
struct name {
    const char *text;
    unsigned char field, rank;
};

static const struct name names[] = {
    {"eventTimestamp", EVENT_TIME, 0},
    {"time", EVENT_TIME, 1},
    {"timeGenerated", EVENT_TIME, 2},
    {"operationNameValue", EVENT_OPERATION, 0},
    {"operationName", EVENT_OPERATION, 1},
    {"authorization", EVENT_AUTHORIZATION, 0},
    {"authorization_d", EVENT_AUTHORIZATION, 1},
    {"caller", EVENT_CALLER, 0},
    {"channels", EVENT_CHANNELS, 0},
    {"claims", EVENT_CLAIMS, 0},
    {"claims_d", EVENT_CLAIMS, 1},
    {"correlationId", EVENT_CORRELATION_ID, 0},
    {"description", EVENT_DESCRIPTION, 0},
    {"resultDescription", EVENT_DESCRIPTION, 1},
    {"eventDataId", EVENT_DATA_ID, 0},
    {"eventName", EVENT_NAME, 0},
    {"categoryValue", EVENT_CATEGORY, 0},
    {"category", EVENT_CATEGORY, 1},
    {"httpRequest", EVENT_HTTP_REQUEST, 0},
    {"id", EVENT_ID, 0},
    {"level", EVENT_LEVEL, 0},
    {"resourceGroupName", EVENT_RESOURCE_GROUP, 0},
    {"resourceGroup", EVENT_RESOURCE_GROUP, 1},
    {"resourceProviderName", EVENT_PROVIDER, 0},
    {"resourceProviderValue", EVENT_PROVIDER, 1},
    {"eventSource", EVENT_PROVIDER, 2},
    {"resourceId", EVENT_RESOURCE_ID, 0},
    {"resourceUri", EVENT_RESOURCE_ID, 1},
    {"_ResourceId", EVENT_RESOURCE_ID, 2},
    {"resourceType", EVENT_RESOURCE_TYPE, 0},
    {"operationId", EVENT_OPERATION_ID, 0},
    {"properties", EVENT_PROPERTIES, 0},
    {"properties_d", EVENT_PROPERTIES, 1},
    {"status", EVENT_STATUS, 0},
    {"activityStatusValue", EVENT_STATUS, 1},
    {"resultType", EVENT_STATUS, 2},
    {"activityStatus", EVENT_STATUS, 3},
    {"subStatus", EVENT_SUB_STATUS, 0},
    {"activitySubstatusValue", EVENT_SUB_STATUS, 1},
    {"resultSignature", EVENT_SUB_STATUS, 2},
    {"submissionTimestamp", EVENT_SUBMISSION, 0},
    {"eventSubmissionTimestamp", EVENT_SUBMISSION, 1},
    {"subscriptionId", EVENT_SUBSCRIPTION_ID, 0},
    {"tenantId", EVENT_TENANT_ID, 0},
    {"identity", EVENT_IDENTITY, 0},
    {"callerIpAddress", EVENT_CALLER_IP, 0},
    {"hierarchy", EVENT_HIERARCHY, 0},
};

#define NNAMES (sizeof(names) / sizeof(names[0]))

/* Added to the rank of an empty value: AzureActivity has both names of a field, and one is empty.
 */
#define RANK_EMPTY 16

/* The row of a member's name, or NULL. */
static const struct name *find_name(struct slice key)
{
    size_t i;

    if (key.len == 0)
        return NULL;
    for (i = 0; i < NNAMES; i++) {
        /* The first letter decides nearly always; | 0x20 makes it lower case. */
        if ((names[i].text[0] | 0x20) == (key.data[0] | 0x20) &&
            slice_equals_nocase(key, names[i].text))
            return &names[i];
    }
    return NULL;
}

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
        const struct name *n;
        unsigned char rank;

        if (is_list(key, &inner)) {
            json_leave(it, &inner);
            return EVENT_WALK_LIST;
        }
        if (json_value(&inner, &value, e) != 0)
            break;
        n = find_name(key);
        if (n == NULL || json_kind(value) == JSON_NULL)
            continue;
        rank = (unsigned char)(n->rank + (is_empty(value) ? RANK_EMPTY : 0));
        if (ev->field[n->field].data == NULL)
            ev->known++;
        else if (rank > ev->rank[n->field])
            continue;
        ev->field[n->field] = value;
        ev->rank[n->field] = rank;
    }
    json_leave(it, &inner);
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

int event_is_likely(const struct event *ev)
{
    /* Where fields were selected, the operation may stand in the authorization alone. */
    int what = ev->field[EVENT_OPERATION].data != NULL || ev->field[EVENT_NAME].data != NULL ||
               ev->field[EVENT_AUTHORIZATION].data != NULL;
    int when = ev->field[EVENT_TIME].data != NULL || ev->field[EVENT_SUBMISSION].data != NULL;
    int which = ev->field[EVENT_DATA_ID].data != NULL ||
                ev->field[EVENT_CORRELATION_ID].data != NULL ||
                ev->field[EVENT_OPERATION_ID].data != NULL;

    return what + when + which >= 2;
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

int event_value_text(struct slice value, struct buf *hold, struct slice *text)
{
    enum json_kind kind = json_kind(value);

    text->data = NULL;
    text->len = 0;
    if (kind == JSON_OBJECT) {
        value = json_get_nocase(value, "value");
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
            return -1;
        *text = buf_slice(hold);
    }
    strip_hashtable(text);
    if (text->len == 0)
        text->data = NULL;
    return text->len > 0;
}

int event_text(const struct event *ev, enum event_field f, struct buf *hold, struct slice *text)
{
    return event_value_text(ev->field[f], hold, text);
}

/* Milliseconds from 1970 to the year 10000, which no time of an event reaches. */
#define DATE_CALL_END_MS INT64_C(253402300800000)

/* "/Date(1717660845456)/" or "/Date(1717660845456+0200)/": milliseconds since 1970 in UTC. */
static int parse_date_call(struct slice text, int64_t *ticks)
{
    static const char start[] = "/Date(";
    const char *p = text.data, *end = text.data + text.len;
    int64_t ms = 0;

    if (text.len < sizeof(start) || memcmp(p, start, sizeof(start) - 1) != 0)
        return -1;
    p += sizeof(start) - 1;
    if (p == end || *p < '0' || *p > '9')
        return -1;
    for (; p < end && *p >= '0' && *p <= '9' && ms < DATE_CALL_END_MS; p++)
        ms = ms * 10 + (*p - '0');
    if (ms >= DATE_CALL_END_MS || end - p < 2 || (*p != ')' && *p != '+' && *p != '-'))
        return -1;
    *ticks = TICKS_UNIX_EPOCH + ms * (TICKS_PER_SECOND / 1000);
    return 0;
}

int64_t event_value_time(struct slice value)
{
    struct buf hold = {0};
    struct slice text;
    int64_t ticks = 0;

    if (event_value_text(value, &hold, &text) == 1 && timestamp_parse(text, &ticks) != 0 &&
        parse_date_call(text, &ticks) != 0)
        ticks = 0;
    buf_free(&hold);
    return ticks;
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
        return -1;
    }
    buf_free(hold);
    *hold = text;
    inside = slice_without_bom(buf_slice(hold));
    return inside.len > 0 && json_check(inside, value, NULL, &ignored) == 0;
}

int event_object(struct slice value, struct buf *hold, struct slice *object)
{
    struct slice content;
    int texts;

    object->data = NULL;
    object->len = 0;
    for (texts = 0; texts < OBJECT_TEXTS_MAX && json_kind(value) == JSON_STRING; texts++) {
        int got = open_text(&value, hold);

        if (got <= 0)
            return got;
    }
    if (json_kind(value) != JSON_OBJECT)
        return 0;
    content = json_get_nocase(value, "Content");
    *object = json_kind(content) == JSON_OBJECT ? content : value;
    return 1;
}

int event_objects_open(struct event_objects *o, const struct event *ev)
{
    struct slice identity = {NULL, 0}, inside;

    if (event_object(ev->field[EVENT_AUTHORIZATION], &o->hold[0], &o->authorization) < 0 ||
        event_object(ev->field[EVENT_CLAIMS], &o->hold[1], &o->claims) < 0 ||
        event_object(ev->field[EVENT_HTTP_REQUEST], &o->hold[2], &o->http_request) < 0 ||
        event_object(ev->field[EVENT_PROPERTIES], &o->hold[3], &o->properties) < 0 ||
        event_object(ev->field[EVENT_IDENTITY], &o->hold[4], &identity) < 0)
        return -1;
    if (identity.data == NULL)
        return 0;
    inside = json_get_nocase(identity, "authorization");
    if (o->authorization.data == NULL && event_object(inside, &o->hold[0], &o->authorization) < 0)
        return -1;
    inside = json_get_nocase(identity, "claims");
    if (o->claims.data == NULL && event_object(inside, &o->hold[1], &o->claims) < 0)
        return -1;
    return 0;
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
