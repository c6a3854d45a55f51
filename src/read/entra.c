#include "read/entra.h"

#include "read/event.h"

#include <string.h>

#define CATEGORY "AzureRBACRoleManagementElevateAccess"
#define SERVICE "Azure RBAC (Elevated Access)"
#define ELEVATED                                                                                   \
    "User has elevated their access to User Access Administrator for their Azure Resources"
#define REMOVED "The role assignment of User Access Administrator has been removed from the user"
#define OBJECT_ID "http://schemas.microsoft.com/identity/claims/objectidentifier"

/* An entry opened: its members stand in the record itself or under its "properties". */
struct entry {
    struct slice record, entry;
    struct buf hold, hold_by;
    struct slice by;     /* who did it */
    const char *columns; /* what that is, where it was put together from columns, or NULL */
};

/* Whether a value's text is one of two. */
static int is_text(struct slice value, const char *a, const char *b)
{
    struct buf hold = {0};
    struct slice text;
    int yes = event_value_text(value, &hold, &text) == 1 &&
              (slice_equals_nocase(text, a) || (b != NULL && slice_equals_nocase(text, b)));

    buf_free(&hold);
    return yes;
}

int entra_is_title(struct slice text)
{
    return slice_equals_nocase(text, ELEVATED) || slice_equals_nocase(text, REMOVED);
}

int entra_is_elevation(const struct event *ev)
{
    struct buf hold = {0};
    struct slice inside = {NULL, 0};
    int yes = is_text(ev->field[EVENT_CATEGORY], CATEGORY, NULL) ||
              is_text(ev->field[EVENT_ENTRA_SERVICE], SERVICE, NULL) ||
              is_text(ev->field[EVENT_ENTRA_ACTIVITY], ELEVATED, REMOVED) ||
              is_text(ev->field[EVENT_OPERATION], ELEVATED, REMOVED);

    if (!yes && event_object(ev->field[EVENT_PROPERTIES], &hold, &inside) == 1)
        yes = is_text(json_get_nocase(inside, "category"), CATEGORY, NULL) ||
              is_text(json_get_nocase(inside, "loggedByService"), SERVICE, NULL);
    buf_free(&hold);
    return yes;
}

/* The first of some members that has a text: of the entry, else of the record. */
static struct slice member(const struct entry *x, const char *a, const char *b)
{
    const char *const names[] = {a, b};
    size_t i;

    for (i = 0; i < 2 && names[i] != NULL; i++) {
        struct slice v = json_get_nocase(x->entry, names[i]);

        if (v.data == NULL || json_kind(v) == JSON_NULL)
            v = json_get_nocase(x->record, names[i]);
        if (v.data != NULL && json_kind(v) != JSON_NULL)
            return v;
    }
    return (struct slice){NULL, 0};
}

/* `,"name":value`; nothing when there is no value. */
static void put(struct buf *out, const char *name, struct slice value)
{
    if (value.data == NULL || json_kind(value) == JSON_NULL)
        return;
    buf_printf(out, ",\"%s\":", name);
    json_minify(value, out);
}

/* Who did it and to whom, where that stands in columns: a table saved in Entra ID's portal, or one
 * of a query, under the names that Sentinel's rules and most others give what they take out. */
static void open_columns(struct entry *x)
{
    static const struct {
        const char *column, *name;
    } rows[] = {
        {"ActorObjectId", "id"},
        {"ActorServicePrincipalId", "servicePrincipalId"},
        {"ActorId", "id"},
        {"InitiatingAadUserId", "id"},
        {"ActorUserPrincipalName", "userPrincipalName"},
        {"ActorUPN", "userPrincipalName"},
        {"InitiatingUserPrincipalName", "userPrincipalName"},
        {"ActorDisplayName", "displayName"},
        {"ActorServicePrincipalName", "displayName"},
        {"InitiatedBy", "displayName"},
        {"Initiator", "displayName"},
        {"Actor", "displayName"},
        {"IPAddress", "ipAddress"},
        {"IP", "ipAddress"},
        {"InitiatingIpAddress", "ipAddress"},
    };
    size_t i, n = 0;
    int app = 0;

    buf_clear(&x->hold_by);
    buf_puts(&x->hold_by, "{\"type\":null");
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice v = json_get_nocase(x->record, rows[i].column);

        if (v.len <= 2 || json_kind(v) != JSON_STRING || v.data[1] == '{')
            continue;
        app |= n++ == 0 && i == 1;
        put(&x->hold_by, rows[i].name, v);
    }
    buf_putc(&x->hold_by, '}');
    if (n == 0)
        return;
    x->by = buf_slice(&x->hold_by);
    x->columns = app ? "app" : "user";
}

static void open_entry(struct entry *x, const struct event *ev)
{
    struct slice inside = {NULL, 0}, by = {NULL, 0};

    memset(x, 0, sizeof(*x));
    x->record = ev->raw;
    x->entry = ev->raw;
    if (json_get_nocase(ev->raw, "initiatedBy").data == NULL &&
        event_object(ev->field[EVENT_PROPERTIES], &x->hold, &inside) == 1)
        x->entry = inside;
    if (event_object(json_get_nocase(x->entry, "initiatedBy"), &x->hold_by, &by) == 1) {
        x->by = json_get_nocase(by, "user");
        if (json_kind(json_get_nocase(x->by, "id")) != JSON_STRING &&
            json_kind(json_get_nocase(x->by, "userPrincipalName")) != JSON_STRING)
            x->by = json_get_nocase(by, "app");
    } else {
        open_columns(x);
    }
}

/* The members of an entry that was put together from columns. */
static void put_columns(const struct entry *x, struct buf *out)
{
    buf_printf(out, ",\"initiatedBy\":{\"%s\":", x->columns);
    buf_append(out, x->by.data, x->by.len);
    buf_puts(out, "},\"targetResources\":[{\"displayName\":null");
    put(out, "type", json_get_nocase(x->record, "Target1Type"));
    put(out, "id", json_get_nocase(x->record, "Target1ObjectId"));
    buf_puts(out, "}]");
}

void entra_write(const struct event *ev, struct buf *out)
{
    struct entry x;
    struct slice time, what, who;
    struct json_iter it;
    struct slice key, value;
    struct err ignored;

    open_entry(&x, ev);
    time = member(&x, "activityDateTime", NULL);
    if (time.data == NULL)
        time = ev->field[EVENT_TIME];
    buf_puts(out, "{\"logScope\":\"entra\"");
    put(out, "time", time);
    what = member(&x, "activityDisplayName", "operationName");
    if (what.data == NULL)
        what = member(&x, "activity", NULL);
    put(out, "operationName", what.data != NULL ? what : ev->field[EVENT_OPERATION]);
    put(out, "category", slice_of("\"AuditLogs\""));
    put(out, "resultType", member(&x, "result", "resultType"));
    put(out, "correlationId", member(&x, "correlationId", NULL));
    put(out, "eventDataId", member(&x, "id", NULL));
    who = json_get_nocase(x.by, "userPrincipalName");
    who = who.len > 2 ? who : json_get_nocase(x.by, "displayName");
    /* a table without the column InitiatedBy */
    put(out, "caller", who.len > 2 ? who : json_get_nocase(x.record, "Identity"));
    who = json_get_nocase(x.by, "ipAddress");
    put(out, "callerIpAddress",
        who.data != NULL ? who : json_get_nocase(x.record, "callerIpAddress"));
    /* Log Analytics' TenantId is the workspace's. */
    if (json_get_nocase(x.record, "AADTenantId").data != NULL)
        put(out, "tenantId", json_get_nocase(x.record, "AADTenantId"));
    else if (!event_is_table_row(ev))
        put(out, "tenantId", json_get_nocase(x.record, "tenantId"));
    buf_puts(out, ",\"claims\":{\"idtyp\":\"\"");
    put(out, OBJECT_ID, json_get_nocase(x.by, "id"));
    put(out, OBJECT_ID, json_get_nocase(x.by, "servicePrincipalId"));
    put(out, "appid", json_get_nocase(x.by, "appId"));
    buf_puts(out, "},\"properties\":{\"category\":\"" CATEGORY "\"");
    if (json_object_begin(&it, x.entry, &ignored) == 0) {
        while (json_object_next(&it, &key, &value, &ignored) == 1) {
            /* what a PowerShell object has beside them hides them from who reads it */
            if (slice_equals_nocase(key, "category") || slice_equals_nocase(key, "Content") ||
                slice_equals_nocase(key, "AdditionalProperties"))
                continue;
            buf_puts(out, ",\"");
            buf_append(out, key.data, key.len);
            buf_puts(out, "\":");
            json_minify(value, out);
        }
    }
    if (x.columns != NULL)
        put_columns(&x, out);
    buf_puts(out, "}}");
    buf_free(&x.hold);
    buf_free(&x.hold_by);
}
