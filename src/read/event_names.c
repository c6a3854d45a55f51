#include "read/event_names.h"

#include "base/text.h"

#include <string.h>

/* One name in its shortest form: lower case, without '_', '-' and blanks. */
struct row {
    const char *text;
    unsigned char len, field, rank;
};

#define ROW(text, field, rank)                                                                     \
    {                                                                                              \
        text, sizeof(text) - 1, field, rank                                                        \
    }

/* In the order of their bytes. */
static const struct row rows[] = {
    ROW("@timestamp", EVENT_TIME, 12),
    ROW("activitydatetime", EVENT_TIME, 6),
    ROW("activitydisplayname", EVENT_ENTRA_ACTIVITY, 0),
    ROW("activitystatus", EVENT_STATUS, 6),
    ROW("activitystatusvalue", EVENT_STATUS, 2),
    ROW("activitysubstatus", EVENT_SUB_STATUS, 6),
    ROW("activitysubstatusvalue", EVENT_SUB_STATUS, 2),
    ROW("actor", EVENT_CALLER, EVENT_NAMES_CHOSEN),
    ROW("authorization", EVENT_AUTHORIZATION, 0),
    ROW("authorizationaction", EVENT_OPERATION, 12),
    ROW("authorizationscope", EVENT_RESOURCE_ID, 6),
    ROW("azdalnote", EVENT_NOTE, 0),
    ROW("azure", EVENT_ECS, 0),
    ROW("caller", EVENT_CALLER, 0),
    ROW("calleripaddress", EVENT_CALLER_IP, 0),
    ROW("category", EVENT_CATEGORY, 2),
    ROW("categoryvalue", EVENT_CATEGORY, 0),
    ROW("channels", EVENT_CHANNELS, 0),
    ROW("claim", EVENT_CLAIMS, 2),
    ROW("claims", EVENT_CLAIMS, 0),
    ROW("clientip", EVENT_CALLER_IP, 8),
    ROW("clientipaddress", EVENT_CALLER_IP, 4),
    ROW("columns", EVENT_COLUMNS, 0),
    ROW("correlationid", EVENT_CORRELATION_ID, 0),
    ROW("create", EVENT_FRAME, 0),
    ROW("date", EVENT_TIME, 14),
    ROW("date(utc)", EVENT_TIME, 14),
    ROW("datetime", EVENT_TIME, 10),
    ROW("description", EVENT_DESCRIPTION, 0),
    ROW("error", EVENT_ERROR, 0),
    ROW("eventcategory", EVENT_CATEGORY, 6),
    ROW("eventdataid", EVENT_DATA_ID, 0),
    ROW("eventinitiatedby", EVENT_CALLER, 4),
    ROW("eventname", EVENT_NAME, 0),
    ROW("eventnamevalue", EVENT_NAME, 2),
    ROW("eventsource", EVENT_PROVIDER, 4),
    ROW("eventsubmissiontimestamp", EVENT_SUBMISSION, 2),
    ROW("eventtime", EVENT_TIME, 6),
    ROW("eventtimestamp", EVENT_TIME, 0),
    ROW("fields", EVENT_COLUMNS, 2),
    ROW("frametype", EVENT_FRAME, 0),
    ROW("fullmessage", EVENT_WHOLE, 4),
    ROW("hierarchy", EVENT_HIERARCHY, 0),
    ROW("httprequest", EVENT_HTTP_REQUEST, 0),
    ROW("httprequestclientipaddress", EVENT_CALLER_IP, 6),
    ROW("id", EVENT_ID, 0),
    ROW("identity", EVENT_IDENTITY, 0),
    ROW("index", EVENT_FRAME, 0),
    ROW("initiatedby", EVENT_CALLER, EVENT_NAMES_CHOSEN),
    ROW("initiator", EVENT_CALLER, EVENT_NAMES_CHOSEN),
    ROW("level", EVENT_LEVEL, 0),
    ROW("loggedbyservice", EVENT_ENTRA_SERVICE, 0),
    ROW("logscope", EVENT_LOG_SCOPE, 0),
    ROW("message", EVENT_WHOLE, 6),
    ROW("operationid", EVENT_OPERATION_ID, 0),
    ROW("operationname", EVENT_OPERATION, 2),
    ROW("operationnamevalue", EVENT_OPERATION, 0),
    ROW("original", EVENT_WHOLE, 4),
    ROW("payload", EVENT_WHOLE, 6),
    ROW("principalid", EVENT_PROPERTIES, EVENT_NAMES_PART),
    ROW("principaltype", EVENT_PROPERTIES, EVENT_NAMES_PART),
    ROW("properties", EVENT_PROPERTIES, 0),
    ROW("property", EVENT_PROPERTIES, 2),
    ROW("raw", EVENT_WHOLE, 0),
    ROW("rawdata", EVENT_WHOLE, 2),
    ROW("rawevent", EVENT_WHOLE, 2),
    ROW("raweventdata", EVENT_WHOLE, 2),
    ROW("requestbody", EVENT_PROPERTIES, EVENT_NAMES_PART),
    ROW("resource", EVENT_RESOURCE_ID, 8),
    ROW("resourcegroup", EVENT_RESOURCE_GROUP, 2),
    ROW("resourcegroupname", EVENT_RESOURCE_GROUP, 0),
    ROW("resourceid", EVENT_RESOURCE_ID, 0),
    ROW("resourceprovider", EVENT_PROVIDER, 6),
    ROW("resourceprovidername", EVENT_PROVIDER, 0),
    ROW("resourceprovidervalue", EVENT_PROVIDER, 2),
    ROW("resourcetype", EVENT_RESOURCE_TYPE, 0),
    ROW("resourceuri", EVENT_RESOURCE_ID, 2),
    ROW("responsebody", EVENT_PROPERTIES, EVENT_NAMES_PART),
    ROW("resultdescription", EVENT_DESCRIPTION, 2),
    ROW("resultsignature", EVENT_SUB_STATUS, 4),
    ROW("resulttype", EVENT_STATUS, 4),
    ROW("roledefinitionid", EVENT_PROPERTIES, EVENT_NAMES_PART),
    ROW("scope", EVENT_PROPERTIES, EVENT_NAMES_PART),
    ROW("sourceline", EVENT_FOUND, 0),
    ROW("status", EVENT_STATUS, 0),
    ROW("submissiontimestamp", EVENT_SUBMISSION, 0),
    ROW("subscription", EVENT_SUBSCRIPTION_ID, 2),
    ROW("subscriptionid", EVENT_SUBSCRIPTION_ID, 0),
    ROW("substatus", EVENT_SUB_STATUS, 0),
    ROW("tenantid", EVENT_TENANT_ID, 0),
    ROW("time", EVENT_TIME, 2),
    ROW("timegenerated", EVENT_TIME, EVENT_NAMES_TABLE_RANK),
    ROW("timestamp", EVENT_TIME, 8),
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* Dotted names of the Elastic Common Schema that say what a field of the event says, in order, too.
 */
static const struct row ecs[] = {
    ROW("azure.activitylogs.identity.claimsinitiatedbyuser.name", EVENT_CALLER, 4),
    ROW("azure.activitylogs.identityname", EVENT_CALLER, 2),
    ROW("azure.resource.group", EVENT_RESOURCE_GROUP, 4),
    ROW("azure.resource.id", EVENT_RESOURCE_ID, 4),
    ROW("azure.resource.provider", EVENT_PROVIDER, 4),
    ROW("event.action", EVENT_OPERATION, 8),
    ROW("event.original", EVENT_WHOLE, 0),
    ROW("event.outcome", EVENT_STATUS, 8),
    ROW("source.ip", EVENT_CALLER_IP, 2),
};

#define NECS (sizeof(ecs) / sizeof(ecs[0]))

/* The service's own spelling. */
static const char *const spelled[EVENT_FIELDS] = {
    [EVENT_TIME] = "eventTimestamp",
    [EVENT_OPERATION] = "operationName",
    [EVENT_AUTHORIZATION] = "authorization",
    [EVENT_CALLER] = "caller",
    [EVENT_CHANNELS] = "channels",
    [EVENT_CLAIMS] = "claims",
    [EVENT_CORRELATION_ID] = "correlationId",
    [EVENT_DESCRIPTION] = "description",
    [EVENT_DATA_ID] = "eventDataId",
    [EVENT_NAME] = "eventName",
    [EVENT_CATEGORY] = "category",
    [EVENT_HTTP_REQUEST] = "httpRequest",
    [EVENT_ID] = "id",
    [EVENT_LEVEL] = "level",
    [EVENT_RESOURCE_GROUP] = "resourceGroupName",
    [EVENT_PROVIDER] = "resourceProviderName",
    [EVENT_RESOURCE_ID] = "resourceId",
    [EVENT_RESOURCE_TYPE] = "resourceType",
    [EVENT_OPERATION_ID] = "operationId",
    [EVENT_PROPERTIES] = "properties",
    [EVENT_STATUS] = "status",
    [EVENT_SUB_STATUS] = "subStatus",
    [EVENT_SUBMISSION] = "submissionTimestamp",
    [EVENT_SUBSCRIPTION_ID] = "subscriptionId",
    [EVENT_TENANT_ID] = "tenantId",
    [EVENT_IDENTITY] = "identity",
    [EVENT_CALLER_IP] = "callerIpAddress",
    [EVENT_HIERARCHY] = "hierarchy",
    [EVENT_NOTE] = "azdalNote",
    [EVENT_LOG_SCOPE] = "logScope",
};

const char *event_names_of(enum event_field f)
{
    return spelled[f];
}

/* Copy a name in its shortest form, "identifier" at its end as "id"; returns its length, 0 when it
 * is too long. */
static size_t shorten(struct slice key, char *to, size_t cap, int *gaps)
{
    static const char long_id[] = "identifier";
    size_t n = 0, i;

    *gaps = 0;
    for (i = 0; i < key.len; i++) {
        char c = key.data[i];

        if (text_is_gap(c)) {
            *gaps = 1;
            continue;
        }
        if (n == cap)
            return 0;
        to[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    if (n > sizeof(long_id) - 1 &&
        memcmp(to + n + 1 - sizeof(long_id), long_id, sizeof(long_id) - 1) == 0)
        n -= sizeof(long_id) - 1 - 2;
    return n;
}

/* The row of a name in its shortest form, or NULL. */
static const struct row *find(const struct row *table, size_t n, const char *name, size_t len)
{
    const struct row *end = table + n;

    while (table < end) {
        const struct row *r = table + (end - table) / 2;
        int order = memcmp(name, r->text, len < r->len ? len : r->len);

        if (order == 0 && len == r->len)
            return r;
        if (order < 0 || (order == 0 && len < r->len))
            end = r;
        else
            table = r + 1;
    }
    return NULL;
}

/* Longest plain name. */
#define PLAIN_MAX 26

/* Look a plain name up. */
static int find_plain(struct slice key, struct event_name *n)
{
    char name[PLAIN_MAX];
    int gaps = 0;
    size_t len = shorten(key, name, sizeof(name), &gaps);
    const struct row *r = len == 0 ? NULL : find(rows, NROWS, name, len);

    if (r == NULL)
        return 0;
    n->field = (enum event_field)r->field;
    n->rank = (unsigned char)(r->rank + gaps);
    n->nested = r->rank == EVENT_NAMES_PART;
    n->rest = n->nested ? key : (struct slice){NULL, 0};
    return 1;
}

/* Without what some tables put behind a name: "_s" for the type of a text and the like, "[UTC]". */
static int without_suffix(struct slice *key)
{
    if (key->len > 2 && key->data[key->len - 2] == '_' &&
        strchr("sgdtbSGDTB", key->data[key->len - 1]) != NULL) {
        key->len -= 2;
        return 1;
    }
    if (key->len > 2 && key->data[key->len - 1] == ']') {
        const char *open = memchr(key->data, '[', key->len);

        if (open == NULL || open == key->data)
            return 0;
        key->len = (size_t)(open - key->data);
        while (key->len > 0 && key->data[key->len - 1] == ' ')
            key->len--;
        return key->len > 0;
    }
    return 0;
}

int event_names_fits(const struct event_name *n, struct slice value)
{
    static const char id[] = "\"0123456789abcdef0123456789abcdef\"";

    return (n->rank & ~1) != EVENT_NAMES_PART || value.len != sizeof(id) - 1;
}

int event_names_has_parts(enum event_field f)
{
    return f == EVENT_AUTHORIZATION || f == EVENT_CLAIMS || f == EVENT_HTTP_REQUEST ||
           f == EVENT_PROPERTIES || f == EVENT_IDENTITY;
}

/* Fields that the service gives as a value and its translation. */
static int is_localizable(enum event_field f)
{
    return f == EVENT_OPERATION || f == EVENT_NAME || f == EVENT_CATEGORY || f == EVENT_PROVIDER ||
           f == EVENT_RESOURCE_TYPE || f == EVENT_STATUS || f == EVENT_SUB_STATUS;
}

/* What a head ("properties") and the rest behind it ("requestbody") mean together. */
static int join(struct slice head, struct slice rest, struct event_name *n)
{
    if (rest.len == 0 || !find_plain(head, n) || n->nested)
        return 0;
    if (n->field == EVENT_IDENTITY) {
        struct slice first = rest;
        const char *cut;
        size_t i;

        for (i = 0; i < rest.len && rest.data[i] != '.' && rest.data[i] != '_'; i++)
            ;
        first.len = i;
        cut = i < rest.len ? rest.data + i + 1 : NULL;
        if (cut == NULL || !find_plain(first, n) || !event_names_has_parts(n->field))
            return 0;
        rest = (struct slice){cut, rest.len - i - 1};
    }
    if (event_names_has_parts(n->field)) {
        n->rest = rest;
        n->nested = 1;
        return rest.len > 0;
    }
    if (is_localizable(n->field) && text_same_name(rest, "value")) {
        n->nested = 1;
        return 1;
    }
    if (is_localizable(n->field) && text_same_name(rest, "localizedvalue")) {
        n->rank = (unsigned char)(n->rank + 10);
        n->nested = 1;
        return 1;
    }
    return 0;
}

/* Names of the parts in front that say nothing: where a tool keeps what it was given. */
static int is_wrapper(struct slice part)
{
    static const char *const names[] = {"_source", "result", "data",   "azure",      "activitylogs",
                                        "records", "record", "fields", "event",      "attributes",
                                        "content", "json",   "log",    "activitylog"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (text_same_name(part, names[i]))
            return 1;
    }
    return 0;
}

/* Look a name with dots or underscores up by its parts. */
static int find_parts(struct slice key, struct event_name *n)
{
    char name[EVENT_NAMES_MAX];
    int gaps;

    for (;;) {
        size_t len = shorten(key, name, sizeof(name), &gaps), i;
        const struct row *r = len == 0 ? NULL : find(ecs, NECS, name, len);
        const char *dot = memchr(key.data, '.', key.len);

        if (r != NULL) {
            *n = (struct event_name){(enum event_field)r->field, r->rank, {NULL, 0}, 1};
            return 1;
        }
        for (i = 1; i + 1 < key.len && i <= PLAIN_MAX; i++) {
            if ((key.data[i] == '.' || key.data[i] == '_') &&
                join((struct slice){key.data, i}, (struct slice){key.data + i + 1, key.len - i - 1},
                     n))
                return 1;
            if (key.data[i] == '.')
                break;
        }
        if (dot == NULL || !is_wrapper((struct slice){key.data, (size_t)(dot - key.data)}))
            return 0;
        key.len -= (size_t)(dot + 1 - key.data);
        key.data = dot + 1;
        if (find_plain(key, n)) {
            n->nested = 1;
            return n->field != EVENT_ID;
        }
    }
}

int event_names_find(struct slice key, struct event_name *n)
{
    size_t i;

    if (key.len == 0)
        return 0;
    if (find_plain(key, n))
        return 1;
    if (key.data[0] == '@' && key.len > 1) { /* what Datadog adds to a log's own names */
        key.data++;
        key.len--;
        if (find_plain(key, n))
            return 1;
    }
    if (key.len > EVENT_NAMES_MAX)
        return 0;
    if (without_suffix(&key)) {
        if (find_plain(key, n)) {
            n->rank = (unsigned char)(n->rank | 1);
            n->nested = 1;
            return 1;
        }
    }
    for (i = 0; i < key.len; i++) {
        if (key.data[i] == '.' || key.data[i] == '_')
            return find_parts(key, n);
    }
    return 0;
}

int event_is_next_link(struct slice key, struct slice value)
{
    static const char name[] = "nextLink";
    const size_t n = sizeof(name) - 1;

    return key.len >= n && value.data[0] == '"' && value.len > 2 &&
           slice_equals_nocase((struct slice){key.data + key.len - n, n}, name);
}
