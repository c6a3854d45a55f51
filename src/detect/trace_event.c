#include "detect/trace_event.h"

#include "base/text.h"
#include "detect/event_facts.h"
#include "detect/scope.h"

#include <string.h>

#define CLAIM "http://schemas.microsoft.com/identity/claims/"
#define USER_CLAIM "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

/* Keep a text unless there is one. */
static void keep(struct trace_event *x, enum trace_text which, struct slice text)
{
    if (x->text[which].len == 0 && text.data != NULL)
        buf_append(&x->text[which], text.data, text.len);
}

/* Keep the text of a JSON value unless there is one. */
static void keep_value(struct trace_event *x, enum trace_text which, struct slice value)
{
    struct slice text;

    if (x->text[which].len == 0 && event_value_text(value, &x->hold, &text) == 1)
        keep(x, which, text);
}

/* Keep the text of a JSON value in lower case unless there is one. */
static void keep_lower(struct trace_event *x, enum trace_text which, struct slice value)
{
    struct slice text;

    if (x->text[which].len == 0 && event_value_text(value, &x->hold, &text) == 1)
        text_put_lower(&x->text[which], text);
}

/* Who called, from where, with which token. */
static void read_caller(struct trace_event *x, const struct event *ev,
                        const struct event_objects *o)
{
    struct slice text;

    keep_value(x, TRACE_CALLER, ev->field[EVENT_CALLER]);
    keep_lower(x, TRACE_OBJECT_ID, json_get_nocase(o->claims, CLAIM "objectidentifier"));
    keep_lower(x, TRACE_OBJECT_ID, json_get_nocase(o->claims, "oid"));
    keep_lower(x, TRACE_APP_ID, json_get_nocase(o->claims, "appid"));
    keep_lower(x, TRACE_APP_ID, json_get_nocase(o->claims, "azp"));
    keep_value(x, TRACE_TOKEN_ID, json_get_nocase(o->claims, "uti"));
    keep_value(x, TRACE_ADDRESS, json_get_nocase(o->http_request, "clientIpAddress"));
    keep_value(x, TRACE_ADDRESS, ev->field[EVENT_CALLER_IP]);
    keep_value(x, TRACE_ADDRESS, json_get_nocase(o->claims, "ipaddr"));
    x->has_user =
        event_value_text(json_get_nocase(o->claims, USER_CLAIM "upn"), &x->hold, &text) == 1 ||
        event_value_text(json_get_nocase(o->claims, USER_CLAIM "emailaddress"), &x->hold, &text) ==
            1;
}

/* What was it about, and where is that. */
static void read_resource(struct trace_event *x, const struct event *ev,
                          const struct event_objects *o)
{
    struct buf *id = &x->text[TRACE_RESOURCE];
    struct slice whole, inside;

    keep_value(x, TRACE_RESOURCE, ev->field[EVENT_RESOURCE_ID]);
    keep_value(x, TRACE_RESOURCE, json_get_nocase(o->authorization, "scope"));
    keep_value(x, TRACE_RESOURCE, json_get_nocase(o->properties, "entity"));
    if (id->len > 0) {
        whole = scope_trim(buf_slice(id));
        id->len = whole.len;
        text_put_lower(&x->text[TRACE_RESOURCE_LOWER], whole);
        inside = scope_container(buf_slice(&x->text[TRACE_RESOURCE_LOWER]));
        if (inside.data != NULL && text_starts_nocase(whole, "/subscriptions/"))
            keep(x, TRACE_SUBSCRIPTION, inside);
    }
    keep_lower(x, TRACE_SUBSCRIPTION, ev->field[EVENT_SUBSCRIPTION_ID]);
    keep_lower(x, TRACE_HIERARCHY, json_get_nocase(o->properties, "hierarchy"));
    keep_lower(x, TRACE_HIERARCHY, ev->field[EVENT_HIERARCHY]);
    /* Of what has no id, its subscription still says where it was. */
    if (id->len == 0 && x->text[TRACE_SUBSCRIPTION].len > 0)
        buf_printf(&x->text[TRACE_RESOURCE_LOWER], "/subscriptions/%.*s",
                   (int)x->text[TRACE_SUBSCRIPTION].len, x->text[TRACE_SUBSCRIPTION].data);
}

void trace_event_read(struct trace_event *x, const struct event *ev)
{
    struct event_objects o = {0};
    struct slice name, title;
    size_t i;

    for (i = 0; i < TRACE_TEXTS; i++)
        buf_clear(&x->text[i]);
    event_objects_open(&o, ev);
    x->time = event_time(ev);
    x->outcome = event_facts_outcome(ev, &o, &x->hold);
    read_caller(x, ev, &o);
    read_resource(x, ev, &o);
    if (event_facts_operation_name(ev, &x->hold, &name))
        keep(x, TRACE_OPERATION, name);
    title = ev->field[EVENT_OPERATION];
    if (json_kind(title) == JSON_OBJECT)
        keep_value(x, TRACE_TITLE, json_get_nocase(title, "localizedValue"));
    if (event_tenant(ev, &o, &x->hold, &name) == 1)
        keep(x, TRACE_TENANT, name);
    keep_value(x, TRACE_DATA_ID, ev->field[EVENT_DATA_ID]);
    keep_value(x, TRACE_CORRELATION_ID, ev->field[EVENT_CORRELATION_ID]);
    keep_value(x, TRACE_OPERATION_ID, ev->field[EVENT_OPERATION_ID]);
    event_objects_free(&o);
}

void trace_event_free(struct trace_event *x)
{
    size_t i;

    for (i = 0; i < TRACE_TEXTS; i++)
        buf_free(&x->text[i]);
    buf_free(&x->hold);
}
