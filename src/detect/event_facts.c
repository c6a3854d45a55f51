#include "detect/event_facts.h"

#include "base/text.h"
#include "detect/event_facts_foreign.h"
#include "detect/event_facts_reading.h"
#include "detect/scope.h"
#include "read/operation_titles.h"

#include <stdlib.h>
#include <string.h>

#define CLAIM "http://schemas.microsoft.com/identity/claims/"
/* In place of U+0000, which JSON allows in a text: another control character. */
#define NUL_STANDS_IN '\x7f'

void facts_keep(char **to, struct slice text)
{
    size_t i;

    if (*to != NULL || text.data == NULL || text.len == 0)
        return;
    *to = slice_dup(text);
    /* A text of a finding ends at a NUL; what stands behind one must not be lost. */
    for (i = 0; i < text.len; i++) {
        if ((*to)[i] == '\0')
            (*to)[i] = NUL_STANDS_IN;
    }
}

void facts_keep_value(struct facts_reading *x, char **to, struct slice value)
{
    struct slice text;

    if (*to == NULL && event_value_text(value, &x->hold, &text) == 1)
        facts_keep(to, text);
}

void facts_keep_field(struct facts_reading *x, char **to, enum event_field f)
{
    facts_keep_value(x, to, x->ev->field[f]);
}

void facts_keep_guid(struct facts_reading *x, char **to, struct slice value)
{
    char guid[SCOPE_GUID_MAX];
    struct slice text;

    if (*to != NULL || event_value_text(value, &x->hold, &text) != 1)
        return;
    text = scope_last(text);
    if (scope_guid(text, guid))
        text = slice_of(guid);
    facts_keep(to, text);
}

/* A member of an object that PowerShell printed as "@{name=value; name=value}". A value that is
 * JSON ends with its last bracket, another one with "; ". Returns 1 or 0. */
static int powershell_member(struct slice text, const char *name, struct slice *value)
{
    const size_t n = strlen(name);
    const char *p = text.data, *end;
    struct json_iter it = {0};
    struct err ignored;

    if (p == NULL || text.len < 3 || memcmp(p, "@{", 2) != 0)
        return 0;
    end = p + text.len;
    for (p += 2; (size_t)(end - p) > n; p++) {
        const char *close;

        if ((p[-1] != '{' && p[-1] != ' ' && p[-1] != ';') || p[n] != '=' ||
            !slice_equals_nocase((struct slice){p, n}, name))
            continue;
        value->data = p + n + 1;
        value->len = (size_t)(end - value->data);
        if (value->len > 0 && *value->data == '{') {
            it.start = it.p = value->data;
            it.end = end;
            return json_value(&it, value, &ignored) == 0;
        }
        for (close = value->data; close < end && *close != ';' && *close != '}'; close++)
            ;
        value->len = (size_t)(close - value->data);
        return value->len > 0;
    }
    return 0;
}

/* The decoded text of a field, kept in *hold; absent unless it is PowerShell's for an object. */
static struct slice powershell_text(struct slice value, struct buf *hold)
{
    struct slice none = {NULL, 0};

    buf_clear(hold);
    if (json_kind(value) != JSON_STRING || json_string_decode(value, hold) != 0 || hold->len < 3 ||
        memcmp(hold->data, "@{", 2) != 0)
        return none;
    return buf_slice(hold);
}

int facts_authorization(struct facts_reading *x, const char *name, struct slice *text)
{
    if (x->objects.authorization.data != NULL)
        return event_value_text(json_get_nocase(x->objects.authorization, name), &x->hold, text) ==
               1;
    return powershell_member(powershell_text(x->ev->field[EVENT_AUTHORIZATION], &x->hold_text[0]),
                             name, text);
}

/* A body of the call, printed as JSON in a text of the properties. */
static void open_body(struct facts_reading *x, const char *name, struct buf *hold,
                      struct slice *body)
{
    struct slice text;

    if (event_object(json_get_nocase(x->objects.properties, name), hold, body) == 1 ||
        x->objects.properties.data != NULL)
        return;
    text = powershell_text(x->ev->field[EVENT_PROPERTIES], &x->hold_text[1]);
    if (powershell_member(text, name, body) && *body->data == '{') {
        /* The next body needs the same room. */
        buf_clear(hold);
        buf_append(hold, body->data, body->len);
        *body = buf_slice(hold);
    } else {
        *body = (struct slice){NULL, 0};
    }
}

/* Open an event's objects and the bodies of its call; PowerShell's texts for objects are read too.
 */
static void open_reading(struct facts_reading *x, const struct event *ev)
{
    x->ev = ev;
    event_objects_open(&x->objects, ev);
    open_body(x, "requestbody", &x->hold_request, &x->request);
    open_body(x, "responseBody", &x->hold_response, &x->response);
}

static void close_reading(struct facts_reading *x)
{
    event_objects_free(&x->objects);
    buf_free(&x->hold_request);
    buf_free(&x->hold_response);
    buf_free(&x->hold);
    buf_free(&x->hold_text[0]);
    buf_free(&x->hold_text[1]);
}

/* The action that was authorised is another operation where Azure did something in the course of
 * it: a policy looks at a write, an assignment goes with its scope. So the message comes first. */
static int untranslated(struct facts_reading *x, struct slice *name)
{
    if (event_value_text(json_get_nocase(x->objects.properties, "message"), &x->hold, name) == 1 &&
        event_is_operation_name(*name))
        return 1;
    if (event_text(x->ev, EVENT_CATEGORY, &x->hold, name) == 1 &&
        slice_equals_nocase(*name, "Policy"))
        return 0;
    return facts_authorization(x, "action", name);
}

int event_facts_operation_name(const struct event *ev, struct buf *hold, struct slice *name)
{
    struct facts_reading x = {0};
    struct slice text = {NULL, 0};
    const char *known;
    int got = event_text(ev, EVENT_OPERATION, hold, name) == 1;

    if (got && event_is_operation_name(*name))
        return 1;
    x.ev = ev;
    event_objects_open(&x.objects, ev);
    known = facts_foreign_operation(&x.objects, ev, got ? *name : text);
    if (known == NULL && got)
        known = operation_titles_find(*name);
    if (known != NULL)
        text = slice_of(known);
    else
        (void)untranslated(&x, &text);
    buf_clear(hold);
    if (text.data != NULL)
        buf_append(hold, text.data, text.len);
    *name = buf_slice(hold);
    close_reading(&x);
    return text.data != NULL;
}

const struct rules_operation *event_facts_operation(const struct event *ev)
{
    const struct rules_operation *op = NULL;
    struct buf hold = {0};
    struct slice name;

    if (event_facts_operation_name(ev, &hold, &name))
        op = rules_operation(name);
    buf_free(&hold);
    return op;
}

/* Who did it, from where. */
static void read_caller(struct event_facts *r, struct facts_reading *x)
{
    struct slice claims = x->objects.claims, text;
    char **oid = &r->text[FINDING_CALLER_OBJECT_ID], **app = &r->text[FINDING_CALLER_APP_ID];
    char **ip = &r->text[FINDING_CALLER_IP];
    char guid[SCOPE_GUID_MAX];

    if (event_caller(x->ev, &x->objects, &x->hold, &text) == 1)
        facts_keep(&r->text[FINDING_CALLER], text);
    facts_keep_value(x, oid, json_get_nocase(claims, CLAIM "objectidentifier"));
    facts_keep_value(x, oid, json_get_nocase(claims, "oid"));
    facts_keep_value(x, app, json_get_nocase(claims, "appid"));
    facts_keep_value(x, app, json_get_nocase(claims, "azp"));
    facts_keep_value(x, ip, json_get_nocase(x->objects.http_request, "clientIpAddress"));
    facts_keep_field(x, ip, EVENT_CALLER_IP);
    r->of_call = *ip != NULL;
    /* where the token was asked for, which may be elsewhere */
    facts_keep_value(x, ip, json_get_nocase(claims, "ipaddr"));
    facts_keep_value(x, &r->claim_tenant, json_get_nocase(claims, CLAIM "tenantid"));
    /* Since 2018 the caller of a service principal is its object id. */
    if (*oid == NULL && r->text[FINDING_CALLER] != NULL &&
        scope_guid(slice_of(r->text[FINDING_CALLER]), guid) &&
        (*app == NULL || !slice_equals_nocase(slice_of(*app), r->text[FINDING_CALLER])))
        facts_keep(oid, slice_of(guid));
}

/* The event's id ends with "/events/<eventDataId>/ticks/<time>"; an answer to $select may have no
 * other. */
static void keep_id_part(struct event_facts *r, struct facts_reading *x)
{
    static const char start[] = "/events/", end[] = "/ticks/";
    struct slice id;
    size_t from, to;

    if (event_text(x->ev, EVENT_ID, &x->hold, &id) != 1)
        return;
    for (from = 0; from + sizeof(start) <= id.len; from++) {
        if (memcmp(id.data + from, start, sizeof(start) - 1) != 0)
            continue;
        from += sizeof(start) - 1;
        for (to = from; to + sizeof(end) <= id.len; to++) {
            if (memcmp(id.data + to, end, sizeof(end) - 1) == 0) {
                facts_keep(&r->data_id, (struct slice){id.data + from, to - from});
                return;
            }
        }
    }
}

/* Whether an id is none: what tools print where there is no value. */
static int is_placeholder(struct slice id)
{
    static const char *const none[] = {"-",      "n/a",     "na",
                                       "null",   "none",    "undefined",
                                       "(null)", "unknown", "00000000-0000-0000-0000-000000000000"};
    size_t i;

    for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        if (slice_equals_nocase(id, none[i]))
            return 1;
    }
    return text_starts_nocase(id, "System.");
}

static void keep_id(struct facts_reading *x, char **to, enum event_field f)
{
    struct slice text;

    if (event_text(x->ev, f, &x->hold, &text) == 1 && !is_placeholder(text))
        facts_keep(to, text);
}

/* Ids that tie records together, and the tenant. */
static void read_ids(struct event_facts *r, struct facts_reading *x)
{
    struct slice text;

    /* The table AzureActivity (known by TimeGenerated) has its workspace's id as tenant. */
    if (!event_is_table_row(x->ev))
        facts_keep_field(x, &r->text[FINDING_TENANT_ID], EVENT_TENANT_ID);
    keep_id(x, &r->text[FINDING_CORRELATION_ID], EVENT_CORRELATION_ID);
    keep_id(x, &r->text[FINDING_OPERATION_ID], EVENT_OPERATION_ID);
    keep_id(x, &r->data_id, EVENT_DATA_ID);
    if (r->data_id == NULL)
        keep_id_part(r, x);
    if (event_value_text(json_get_nocase(x->objects.properties, "hierarchy"), &x->hold, &text) ==
            1 ||
        event_text(x->ev, EVENT_HIERARCHY, &x->hold, &text) == 1) {
        const char *slash = memchr(text.data, '/', text.len);

        if (slash != NULL)
            text.len = (size_t)(slash - text.data);
        facts_keep(&r->hierarchy_tenant, text);
    }
}

/* Replace the id of what was changed by a better spelling of it (the stream prints in capitals), or
 * by the only one there is. */
static void better_resource(char **id, struct slice text)
{
    if (text.data == NULL || text.len == 0)
        return;
    if (*id != NULL &&
        (!scope_same(slice_of(*id), text) || strpbrk(*id, "abcdefghijklmnopqrstuvwxyz") != NULL))
        return;
    free(*id);
    *id = NULL;
    facts_keep(id, text);
}

/*
 * The id of what was changed: resourceId, else the event's id up to "/events/", else the scope of
 * the authorization, else the entity.
 */
static void read_resource(struct event_facts *r, struct facts_reading *x)
{
    char **id = &r->text[FINDING_RESOURCE_ID];
    struct slice text;

    facts_keep_field(x, id, EVENT_RESOURCE_ID);
    if (*id == NULL) {
        char *events;

        facts_keep_field(x, id, EVENT_ID);
        events = *id == NULL ? NULL : strstr(*id, "/events/");

        if (events != NULL)
            *events = '\0';
        if (*id != NULL && **id != '/') {
            free(*id);
            *id = NULL;
        }
    }
    if (facts_authorization(x, "scope", &text))
        better_resource(id, text);
    if (event_value_text(json_get_nocase(x->objects.properties, "entity"), &x->hold, &text) == 1)
        better_resource(id, text);
    if (*id != NULL)
        (*id)[scope_trim(slice_of(*id)).len] = '\0';
}

/* The operation's name as Azure documents it; of those known by a pattern, as it stands. */
static void read_operation(struct event_facts *r, struct facts_reading *x)
{
    struct slice name;

    if (strchr(r->operation->name, '*') == NULL)
        facts_keep(&r->text[FINDING_OPERATION], slice_of(r->operation->name));
    else if (event_facts_operation_name(x->ev, &x->hold, &name))
        facts_keep(&r->text[FINDING_OPERATION], name);
}

/* Whether the record says of itself that it is of a call's begin. */
static int is_begin(struct facts_reading *x)
{
    struct slice text;

    return event_text(x->ev, EVENT_NAME, &x->hold, &text) == 1 &&
           slice_equals_nocase(text, "BeginRequest");
}

/* Ids that are GUIDs are compared and shown in one form. */
static void tidy(struct event_facts *r)
{
    static const enum finding_text ids[] = {FINDING_CALLER_OBJECT_ID, FINDING_CALLER_APP_ID,
                                            FINDING_TENANT_ID,        FINDING_ASSIGNMENT_NAME,
                                            FINDING_PRINCIPAL_ID,     FINDING_ROLE_ID};
    char guid[SCOPE_GUID_MAX];
    size_t i;

    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        char *s = r->text[ids[i]];

        if (s != NULL && strlen(s) == SCOPE_GUID_MAX - 1 && scope_guid(slice_of(s), guid))
            memcpy(s, guid, SCOPE_GUID_MAX);
    }
}

void event_facts_read(struct event_facts *r, const struct event *ev,
                      const struct rules_operation *op)
{
    struct facts_reading x = {0};

    memset(r, 0, sizeof(*r));
    r->operation = op;
    r->time = event_time(ev);
    if (r->time == 0)
        hash_bytes(ev->raw.data, ev->raw.len, r->digest);
    open_reading(&x, ev);
    read_operation(r, &x);
    if (!facts_foreign(r, &x)) {
        read_caller(r, &x);
        read_ids(r, &x);
        read_resource(r, &x);
        facts_scope(r, &x);
        facts_outcome(r, &x);
        if (r->outcome == OUTCOME_UNKNOWN && is_begin(&x))
            r->outcome = OUTCOME_STARTED;
        facts_details(r, &x);
    }
    facts_keep_field(&x, &r->assumed, EVENT_NOTE);
    tidy(r);
    close_reading(&x);
}

void event_facts_free(struct event_facts *r)
{
    size_t i;

    for (i = 0; i < FINDING_TEXTS; i++)
        free(r->text[i]);
    free(r->data_id);
    free(r->hierarchy_tenant);
    free(r->claim_tenant);
    free(r->note);
    free(r->assumed);
    free(r->status_word);
    memset(r, 0, sizeof(*r));
}
