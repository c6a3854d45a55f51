#include "cli/cmd.h"
#include "cli/inputs.h"
#include "cli/rows.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "detect/event_facts.h"

#include <stdio.h>
#include <string.h>

#define CLAIM "http://schemas.microsoft.com/identity/claims/"
#define WS_CLAIM "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
#define AUTHN "http://schemas.microsoft.com/claims/"

/* Where a column of the CSV comes from. */
enum origin {
    FROM_FIELD,
    FROM_TIME, /* a field, as ISO 8601 in UTC */
    FROM_AUTHORIZATION,
    FROM_CLAIM,
    FROM_HTTP,
    FROM_PROPERTY,
    FROM_SCOPE, /* of the log */
    FROM_PATH,
    FROM_LINE,
    FROM_RAW
};

struct column {
    const char *name;
    enum origin origin;
    enum event_field field;
    const char *key; /* in the object */
};

/* The columns, the same for every input. The manual and README describe them. */
static const struct column columns[] = {
    {"EventTimestamp", FROM_TIME, EVENT_TIME, NULL},
    {"OperationName", FROM_FIELD, EVENT_OPERATION, NULL},
    {"Status", FROM_FIELD, EVENT_STATUS, NULL},
    {"SubStatus", FROM_FIELD, EVENT_SUB_STATUS, NULL},
    {"EventName", FROM_FIELD, EVENT_NAME, NULL},
    {"Category", FROM_FIELD, EVENT_CATEGORY, NULL},
    {"Level", FROM_FIELD, EVENT_LEVEL, NULL},
    {"Caller", FROM_FIELD, EVENT_CALLER, NULL},
    {"CallerIpAddress", FROM_FIELD, EVENT_CALLER_IP, NULL},
    {"ResourceId", FROM_FIELD, EVENT_RESOURCE_ID, NULL},
    {"ResourceGroupName", FROM_FIELD, EVENT_RESOURCE_GROUP, NULL},
    {"ResourceProviderName", FROM_FIELD, EVENT_PROVIDER, NULL},
    {"ResourceType", FROM_FIELD, EVENT_RESOURCE_TYPE, NULL},
    {"SubscriptionId", FROM_FIELD, EVENT_SUBSCRIPTION_ID, NULL},
    {"TenantId", FROM_FIELD, EVENT_TENANT_ID, NULL},
    {"CorrelationId", FROM_FIELD, EVENT_CORRELATION_ID, NULL},
    {"OperationId", FROM_FIELD, EVENT_OPERATION_ID, NULL},
    {"EventDataId", FROM_FIELD, EVENT_DATA_ID, NULL},
    {"SubmissionTimestamp", FROM_TIME, EVENT_SUBMISSION, NULL},
    {"Description", FROM_FIELD, EVENT_DESCRIPTION, NULL},
    {"Channels", FROM_FIELD, EVENT_CHANNELS, NULL},
    {"Id", FROM_FIELD, EVENT_ID, NULL},
    {"Authorization.Action", FROM_AUTHORIZATION, 0, "action"},
    {"Authorization.Role", FROM_AUTHORIZATION, 0, "role"},
    {"Authorization.Scope", FROM_AUTHORIZATION, 0, "scope"},
    {"Claims.ObjectId", FROM_CLAIM, 0, CLAIM "objectidentifier"},
    {"Claims.Upn", FROM_CLAIM, 0, WS_CLAIM "upn"},
    {"Claims.UniqueName", FROM_CLAIM, 0, WS_CLAIM "name"},
    {"Claims.EmailAddress", FROM_CLAIM, 0, WS_CLAIM "emailaddress"},
    {"Claims.Name", FROM_CLAIM, 0, "name"},
    {"Claims.IpAddress", FROM_CLAIM, 0, "ipaddr"},
    {"Claims.AppId", FROM_CLAIM, 0, "appid"},
    {"Claims.AppIdAcr", FROM_CLAIM, 0, "appidacr"},
    {"Claims.IdType", FROM_CLAIM, 0, "idtyp"},
    {"Claims.TenantId", FROM_CLAIM, 0, CLAIM "tenantid"},
    {"Claims.IdentityProvider", FROM_CLAIM, 0, CLAIM "identityprovider"},
    {"Claims.AuthnMethods", FROM_CLAIM, 0, AUTHN "authnmethodsreferences"},
    {"Claims.AuthnClass", FROM_CLAIM, 0, AUTHN "authnclassreference"},
    {"Claims.Scope", FROM_CLAIM, 0, CLAIM "scope"},
    {"Claims.Groups", FROM_CLAIM, 0, "groups"},
    {"Claims.Wids", FROM_CLAIM, 0, "wids"},
    {"Claims.Issuer", FROM_CLAIM, 0, "iss"},
    {"Claims.Audience", FROM_CLAIM, 0, "aud"},
    {"Claims.IssuedAt", FROM_CLAIM, 0, "iat"},
    {"Claims.Uti", FROM_CLAIM, 0, "uti"},
    {"HttpRequest.ClientIpAddress", FROM_HTTP, 0, "clientIpAddress"},
    {"HttpRequest.ClientRequestId", FROM_HTTP, 0, "clientRequestId"},
    {"HttpRequest.Method", FROM_HTTP, 0, "method"},
    {"HttpRequest.Uri", FROM_HTTP, 0, "uri"},
    {"Properties.StatusCode", FROM_PROPERTY, 0, "statusCode"},
    {"Properties.StatusMessage", FROM_PROPERTY, 0, "statusMessage"},
    {"Properties.ServiceRequestId", FROM_PROPERTY, 0, "serviceRequestId"},
    {"Properties.EventCategory", FROM_PROPERTY, 0, "eventCategory"},
    {"Properties.Entity", FROM_PROPERTY, 0, "entity"},
    {"Properties.Message", FROM_PROPERTY, 0, "message"},
    {"Properties.Hierarchy", FROM_PROPERTY, 0, "hierarchy"},
    {"Properties.RequestBody", FROM_PROPERTY, 0, "requestbody"},
    {"Properties.ResponseBody", FROM_PROPERTY, 0, "responseBody"},
    {"LogScope", FROM_SCOPE, 0, NULL},
    {"SourcePath", FROM_PATH, 0, NULL},
    {"SourceLine", FROM_LINE, 0, NULL},
    {"Raw", FROM_RAW, 0, NULL},
};

#define NCOLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Warnings about odd names in events: who has more has them everywhere. */
#define ODD_WARNINGS_MAX 5

/* What the calls of the reader need. */
struct cat {
    struct inputs inputs; /* first: inputs_* get the same pointer */
    struct rows rows;
    uint64_t odd; /* events with odd names */
    struct buf hold;
    struct event_objects objects;
    size_t key_len[NCOLUMNS];
    struct slice value[NCOLUMNS]; /* of one event, those that come from its objects */
};

/* Whether the caller of an event, or one of the caller's ids, is the one asked for. */
static int caller_passes(const struct inputs *x, const struct event *ev)
{
    static const char *const ids[] = {CLAIM "objectidentifier", "appid"};
    struct event_objects o = {0};
    struct buf hold = {0};
    struct slice text;
    int yes = 0;
    size_t i;

    if (event_text(ev, EVENT_CALLER, &hold, &text) == 1)
        yes = inputs_caller_passes(x, text);
    if (!yes) {
        event_objects_open(&o, ev);
        if (event_caller(ev, &o, &hold, &text) == 1)
            yes = inputs_caller_passes(x, text);
        for (i = 0; !yes && i < 2; i++)
            yes = event_value_text(json_get_nocase(o.claims, ids[i]), &hold, &text) == 1 &&
                  inputs_caller_passes(x, text);
    }
    event_objects_free(&o);
    buf_free(&hold);
    return yes;
}

/* Whether the operation of an event is the one asked for, as it stands or as Azure names it where
 * it stands translated. */
static int operation_passes(const struct inputs *x, const struct event *ev)
{
    struct slice name = {NULL, 0};
    struct buf hold = {0};
    int yes;

    yes =
        (event_text(ev, EVENT_OPERATION, &hold, &name) == 1 && inputs_operation_passes(x, name)) ||
        (event_facts_operation_name(ev, &hold, &name) == 1 && inputs_operation_passes(x, name));
    buf_free(&hold);
    return yes;
}

/* The filters of the command line. Runs in the reader's threads. */
static int pick(const struct event *ev, void *arg)
{
    const struct inputs *x = arg;
    int yes = 1;

    if (x->since != 0 || x->until != 0)
        yes = inputs_time_passes(x, event_time(ev));
    if (yes && x->operation != NULL)
        yes = operation_passes(x, ev);
    return yes && (x->caller == NULL || caller_passes(x, ev));
}

/* Note the members of one object that are columns. A name that comes twice counts the first time.
 */
static void find_members(struct cat *x, struct slice object, enum origin origin)
{
    struct slice key, value;
    struct json_iter it;
    struct err ignored;
    size_t i;

    if (json_kind(object) != JSON_OBJECT || json_object_begin(&it, object, &ignored) != 0)
        return;
    while (json_object_next(&it, &key, &value, &ignored) == 1) {
        for (i = 0; i < NCOLUMNS; i++) {
            if (columns[i].origin == origin && x->key_len[i] == key.len &&
                slice_equals_nocase(key, columns[i].key))
                x->value[i] = value;
        }
    }
}

/* Text of a field that an event need not have under its own name. Returns whether that is all there
 * is to say. */
static int field_text(struct cat *x, enum event_field f, const struct event *ev, struct slice *text)
{
    switch (f) {
    case EVENT_CALLER:
        return event_caller(ev, &x->objects, &x->hold, text) == 1;
    case EVENT_SUBSCRIPTION_ID:
        return event_subscription(ev, &x->hold, text);
    case EVENT_TENANT_ID:
        (void)event_tenant(ev, &x->objects, &x->hold, text);
        return 1;
    default:
        return 0;
    }
}

/* An event as a row. */
struct cat_row {
    struct cat *cat;
    const struct reader_event *event;
    struct event fields;
};

/* Text of one cell. Objects and lists stand as the JSON that they are. */
static void cell_text(const struct cat_row *row, const struct column *c, struct slice *text)
{
    const struct event *ev = &row->fields;
    const struct reader_event *r = row->event;
    struct cat *x = row->cat;
    struct slice value = {NULL, 0};

    switch (c->origin) {
    case FROM_SCOPE:
        if (event_text(ev, EVENT_LOG_SCOPE, &x->hold, text) != 1)
            *text = r->file->scope == NULL ? value : slice_of(r->file->scope);
        return;
    case FROM_PATH:
        *text = slice_of(r->file->path);
        return;
    case FROM_LINE:
        buf_clear(&x->hold);
        buf_printf(&x->hold, "%llu", (unsigned long long)r->line_number);
        *text = buf_slice(&x->hold);
        return;
    case FROM_RAW:
        /* In the service's shape, so that who reads the column knows one shape only. */
        *text = r->line;
        return;
    case FROM_AUTHORIZATION:
    case FROM_CLAIM:
    case FROM_HTTP:
    case FROM_PROPERTY:
        value = x->value[c - columns];
        break;
    default:
        if (field_text(x, c->field, ev, text))
            return;
        value = ev->field[c->field];
        break;
    }
    /* {"value":"","localizedValue":""} is an empty text, not an object. */
    if (event_value_text(value, &x->hold, text) == 0 &&
        (json_kind(value) == JSON_ARRAY ||
         (json_kind(value) == JSON_OBJECT && json_get_nocase(value, "value").data == NULL)))
        *text = value;
}

/* Members of one object whose names are compared; events have up to 40. */
#define NAMES_MAX 256

/*
 * Whether a value that json_check has accepted has an object with an empty name, or with names that
 * differ by letter case alone: ConvertFrom-Json of PowerShell refuses both, others lose a member.
 */
static int has_odd_names(struct slice value)
{
    struct slice names[NAMES_MAX], key, inner;
    struct json_iter it;
    struct err e = {0};
    size_t n = 0, i;

    if (json_kind(value) == JSON_ARRAY) {
        if (json_array_begin(&it, value, &e) != 0)
            return 0;
        while (json_array_next(&it, &inner, &e) == 1) {
            if (has_odd_names(inner))
                return 1;
        }
        return 0;
    }
    if (json_kind(value) != JSON_OBJECT || json_object_begin(&it, value, &e) != 0)
        return 0;
    while (json_object_next(&it, &key, &inner, &e) == 1) {
        if (key.len == 0)
            return 1;
        for (i = 0; i < n; i++) {
            if (text_same(names[i], key) && slice_compare(names[i], key) != 0)
                return 1;
        }
        if (n < NAMES_MAX)
            names[n++] = key;
        if (has_odd_names(inner))
            return 1;
    }
    return 0;
}

/* Tell of the first events that have odd names; the raw event in the last column is whole. */
static void warn_odd(struct cat *x, const struct reader_event *r)
{
    char text[160];

    if (x->odd++ >= ODD_WARNINGS_MAX)
        return;
    (void)snprintf(text, sizeof(text),
                   "line %llu: an event with names that are empty or differ by letter case alone: "
                   "some JSON readers reject it",
                   (unsigned long long)r->line_number);
    inputs_warning(r->file, text, x);
}

static size_t count_columns(void)
{
    return NCOLUMNS;
}

static const char *name_of(size_t i)
{
    return columns[i].name;
}

static void value_of(const void *set, const void *row, size_t i, struct finding_value *v)
{
    const struct cat_row *r = row;
    int64_t ticks = 0;

    (void)set;
    cell_text(r, &columns[i], &v->text);
    if (columns[i].origin == FROM_TIME && v->text.data != NULL)
        ticks = event_value_time(r->fields.field[columns[i].field]);
    /* An empty text says no more than none, and not every input tells them apart. */
    if (v->text.len == 0)
        v->text.data = NULL;
    if (ticks != 0)
        v->text = slice_of(timestamp_format(ticks, v->hold));
    v->kind = columns[i].origin == FROM_RAW ? FINDING_JSON : FINDING_STRING;
}

static struct slice whole_of(const void *row)
{
    return ((const struct cat_row *)row)->event->raw;
}

/* One event. */
static int take(const struct reader_event *r, void *arg, struct err *e)
{
    struct cat *x = arg;
    struct cat_row row = {.cat = x, .event = r};

    if (!x->rows.format->whole) {
        if (event_parse(&row.fields, r->line, e) != 0)
            return -1;
        if (has_odd_names(r->line))
            warn_odd(x, r);
        event_objects_open(&x->objects, &row.fields);
        memset(x->value, 0, sizeof(x->value));
        find_members(x, x->objects.authorization, FROM_AUTHORIZATION);
        find_members(x, x->objects.claims, FROM_CLAIM);
        find_members(x, x->objects.http_request, FROM_HTTP);
        find_members(x, x->objects.properties, FROM_PROPERTY);
    }
    return rows_put(&x->rows, &row, e);
}

int cmd_cat(const struct options *o, struct err *e)
{
    static const struct rows_kind kind = {count_columns, name_of, value_of, NULL, whole_of};
    struct cat x = {0};
    struct input in = {0};
    struct reader_calls calls = {pick, take, inputs_damage, inputs_warning, inputs_file_end, &x};
    int ret = -1;
    size_t i;

    if (inputs_begin(&x.inputs, o, e) != 0)
        goto out;
    for (i = 0; i < NCOLUMNS; i++)
        x.key_len[i] = columns[i].key == NULL ? 0 : strlen(columns[i].key);
    if (input_open(&in, o->paths, o->npaths, x.inputs.since, x.inputs.until, e) != 0)
        goto out;
    rows_begin(&x.rows, o->format, &kind, NULL);
    if (reader_run(&in, &calls, e) != 0 || rows_end(&x.rows, e) != 0)
        goto out;
    inputs_tell_unclear(&x.inputs);
    ret = inputs_result(&x.inputs, e);
out:
    event_objects_free(&x.objects);
    rows_free(&x.rows);
    buf_free(&x.hold);
    input_close(&in);
    inputs_end(&x.inputs);
    return ret;
}
