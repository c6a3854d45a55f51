#include "detect/record.h"

#include "detect/record_part.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

#define CLAIM "http://schemas.microsoft.com/identity/claims/"
#define ASSIGNMENT_TYPE "Microsoft.Authorization/roleAssignments"
#define GROUP_PATH "/providers/Microsoft.Management/managementGroups/"
/* In place of U+0000, which JSON allows in a text: another control character. */
#define NUL_STANDS_IN '\x7f'

/* Copy a text into *to unless something is there. Returns -1 without memory. */
int record_keep(char **to, struct slice text)
{
    size_t i;

    if (*to != NULL || text.data == NULL || text.len == 0)
        return 0;
    *to = slice_dup(text);
    if (*to == NULL)
        return -1;
    /* A text of a finding ends at a NUL; what stands behind one must not be lost. */
    for (i = 0; i < text.len; i++) {
        if ((*to)[i] == '\0')
            (*to)[i] = NUL_STANDS_IN;
    }
    return 0;
}

int record_keep_value(struct record_reading *x, char **to, struct slice value)
{
    struct slice text;
    int got = *to != NULL ? 0 : event_value_text(value, &x->hold, &text);

    return got > 0 ? record_keep(to, text) : got;
}

int record_keep_field(struct record_reading *x, char **to, enum event_field f)
{
    return record_keep_value(x, to, x->ev->field[f]);
}

int record_keep_guid(struct record_reading *x, char **to, struct slice value)
{
    char guid[SCOPE_GUID_MAX];
    struct slice text;
    int got = *to != NULL ? 0 : event_value_text(value, &x->hold, &text);

    if (got <= 0)
        return got;
    text = scope_last(text);
    if (scope_guid(text, guid))
        text = slice_of(guid);
    return record_keep(to, text);
}

/* Whether a text is an operation's name: a translated one ("Create role assignment") has words. */
static int is_operation_name(struct slice text)
{
    return text.data != NULL && memchr(text.data, '/', text.len) != NULL &&
           memchr(text.data, ' ', text.len) == NULL;
}

/* The action that was authorised is another operation where Azure did something in the course of
 * it: a policy looks at a write, an assignment goes with its scope. So the message comes first. */
static int untranslated(const struct event *ev, const struct event_objects *o, struct buf *hold,
                        struct slice *name)
{
    int got = event_value_text(json_get_nocase(o->properties, "message"), hold, name);

    if (got < 0 || (got == 1 && is_operation_name(*name)))
        return got;
    got = event_text(ev, EVENT_CATEGORY, hold, name);
    if (got < 0 || (got == 1 && slice_equals_nocase(*name, "Policy")))
        return got < 0 ? got : 0;
    return event_value_text(json_get_nocase(o->authorization, "action"), hold, name);
}

int record_operation_name(const struct event *ev, struct buf *hold, struct slice *name)
{
    struct event_objects objects = {0};
    struct buf inside = {0};
    struct slice text = {NULL, 0};
    int got = event_text(ev, EVENT_OPERATION, hold, name);

    if (got < 0 || (got == 1 && is_operation_name(*name)))
        return got;
    got = event_objects_open(&objects, ev);
    if (got == 0)
        got = untranslated(ev, &objects, &inside, &text);
    buf_clear(hold);
    if (got == 1 && buf_append(hold, text.data, text.len) != 0)
        got = -1;
    *name = buf_slice(hold);
    event_objects_free(&objects);
    buf_free(&inside);
    return got;
}

const struct rules_operation *record_operation(const struct event *ev)
{
    const struct rules_operation *op = NULL;
    struct buf hold = {0};
    struct slice name;

    if (record_operation_name(ev, &hold, &name) == 1)
        op = rules_operation(name);
    buf_free(&hold);
    return op;
}

/* Who did it, from where. */
static int read_caller(struct record *r, struct record_reading *x)
{
    struct slice claims = x->objects.claims, text;
    char guid[SCOPE_GUID_MAX];
    int got = event_caller(x->ev, &x->objects, &x->hold, &text);

    if (got < 0 || (got == 1 && record_keep(&r->text[FINDING_CALLER], text) != 0))
        return -1;
    if (record_keep_value(x, &r->text[FINDING_CALLER_OBJECT_ID],
                          json_get_nocase(claims, CLAIM "objectidentifier")) != 0 ||
        record_keep_value(x, &r->text[FINDING_CALLER_OBJECT_ID], json_get_nocase(claims, "oid")) !=
            0 ||
        record_keep_value(x, &r->text[FINDING_CALLER_APP_ID], json_get_nocase(claims, "appid")) !=
            0 ||
        record_keep_value(x, &r->text[FINDING_CALLER_APP_ID], json_get_nocase(claims, "azp")) !=
            0 ||
        record_keep_value(x, &r->text[FINDING_CALLER_IP],
                          json_get_nocase(x->objects.http_request, "clientIpAddress")) != 0 ||
        record_keep_value(x, &r->text[FINDING_CALLER_IP], json_get_nocase(claims, "ipaddr")) != 0 ||
        record_keep_field(x, &r->text[FINDING_CALLER_IP], EVENT_CALLER_IP) != 0 ||
        record_keep_value(x, &r->claim_tenant, json_get_nocase(claims, CLAIM "tenantid")) != 0)
        return -1;
    /* Since 2018 the caller of a service principal is its object id. */
    if (r->text[FINDING_CALLER_OBJECT_ID] == NULL && r->text[FINDING_CALLER] != NULL &&
        scope_guid(slice_of(r->text[FINDING_CALLER]), guid) &&
        (r->text[FINDING_CALLER_APP_ID] == NULL ||
         !slice_equals_nocase(slice_of(r->text[FINDING_CALLER_APP_ID]), r->text[FINDING_CALLER])))
        return record_keep(&r->text[FINDING_CALLER_OBJECT_ID], slice_of(guid));
    return 0;
}

/* The event's id ends with "/events/<eventDataId>/ticks/<time>"; an answer to $select may have no
 * other. */
static int keep_id_part(struct record *r, struct record_reading *x)
{
    static const char start[] = "/events/", end[] = "/ticks/";
    struct slice id;
    size_t from, to;
    int got = event_text(x->ev, EVENT_ID, &x->hold, &id);

    if (got <= 0)
        return got;
    for (from = 0; from + sizeof(start) <= id.len; from++) {
        if (memcmp(id.data + from, start, sizeof(start) - 1) != 0)
            continue;
        from += sizeof(start) - 1;
        for (to = from; to + sizeof(end) <= id.len; to++) {
            if (memcmp(id.data + to, end, sizeof(end) - 1) == 0)
                return record_keep(&r->data_id, (struct slice){id.data + from, to - from});
        }
    }
    return 0;
}

/* Ids that tie records together, and the tenant. */
static int read_ids(struct record *r, struct record_reading *x)
{
    struct slice text;
    int got;

    /* The table AzureActivity (known by TimeGenerated) has its workspace's id as tenant. */
    if (x->ev->rank[EVENT_TIME] < 2 &&
        record_keep_field(x, &r->text[FINDING_TENANT_ID], EVENT_TENANT_ID) != 0)
        return -1;
    if (record_keep_field(x, &r->text[FINDING_CORRELATION_ID], EVENT_CORRELATION_ID) != 0 ||
        record_keep_field(x, &r->text[FINDING_OPERATION_ID], EVENT_OPERATION_ID) != 0 ||
        record_keep_field(x, &r->data_id, EVENT_DATA_ID) != 0)
        return -1;
    if (r->data_id == NULL && keep_id_part(r, x) != 0)
        return -1;
    got = event_value_text(json_get_nocase(x->objects.properties, "hierarchy"), &x->hold, &text);
    if (got == 0)
        got = event_text(x->ev, EVENT_HIERARCHY, &x->hold, &text);
    if (got == 1) {
        const char *slash = memchr(text.data, '/', text.len);

        if (slash != NULL)
            text.len = (size_t)(slash - text.data);
        got = record_keep(&r->hierarchy_tenant, text);
    }
    return got < 0 ? -1 : 0;
}

/*
 * The id of what was changed: resourceId, else the event's id up to "/events/", else the scope of
 * the authorization, else the entity. A better spelling (the stream prints in capitals) replaces
 * it.
 */
static int read_resource(struct record *r, struct record_reading *x)
{
    char **id = &r->text[FINDING_RESOURCE_ID];
    struct slice other[2], text;
    size_t i;

    if (record_keep_field(x, id, EVENT_RESOURCE_ID) != 0)
        return -1;
    if (*id == NULL && record_keep_field(x, id, EVENT_ID) != 0)
        return -1;
    if (*id != NULL && x->ev->field[EVENT_RESOURCE_ID].data == NULL) {
        char *events = strstr(*id, "/events/");

        if (events != NULL)
            *events = '\0';
        if (**id == '\0') {
            free(*id);
            *id = NULL;
        }
    }
    other[0] = json_get_nocase(x->objects.authorization, "scope");
    other[1] = json_get_nocase(x->objects.properties, "entity");
    for (i = 0; i < 2; i++) {
        int got = event_value_text(other[i], &x->hold, &text);

        if (got < 0)
            return -1;
        if (got == 0)
            continue;
        if (*id != NULL &&
            (!scope_same(slice_of(*id), text) || strpbrk(*id, "abcdefghijklmnopqrstuvwxyz")))
            continue;
        free(*id);
        *id = NULL;
        if (record_keep(id, text) != 0)
            return -1;
    }
    if (*id != NULL)
        (*id)[scope_trim(slice_of(*id)).len] = '\0';
    return 0;
}

/* The scope that an id without extension stands for: its management group or subscription. */
static struct slice plain_scope(struct slice id)
{
    size_t parts = 0, i, want = 0;

    if (id.len >= sizeof(GROUP_PATH) - 1) {
        struct slice head = {id.data, sizeof(GROUP_PATH) - 1};

        if (slice_equals_nocase(head, GROUP_PATH))
            want = 4;
    }
    if (id.len > 15 && slice_equals_nocase((struct slice){id.data, 15}, "/subscriptions/"))
        want = 2;
    for (i = 1; want > 0 && i < id.len; i++) {
        if (id.data[i] == '/' && ++parts == want) {
            id.len = i;
            break;
        }
    }
    return id;
}

/* Keep name and id of an assignment. A name without dashes gets them, so that what becomes of an
 * assignment is found under the name that it was made with. */
static int keep_assignment(struct record *r, struct slice id, struct slice name)
{
    char guid[SCOPE_GUID_MAX];
    struct buf b = {0};
    int ret;

    if (!scope_guid(name, guid) || name.len == SCOPE_GUID_MAX - 1)
        return record_keep(&r->text[FINDING_ASSIGNMENT_NAME], name) != 0 ||
                       record_keep(&r->text[FINDING_ASSIGNMENT_ID], id) != 0
                   ? -1
                   : 0;
    ret = buf_append(&b, id.data, (size_t)(name.data - id.data)) != 0 || buf_puts(&b, guid) != 0 ||
                  record_keep(&r->text[FINDING_ASSIGNMENT_NAME], slice_of(guid)) != 0 ||
                  record_keep(&r->text[FINDING_ASSIGNMENT_ID], buf_slice(&b)) != 0
              ? -1
              : 0;
    buf_free(&b);
    return ret;
}

/* Where the change applies, and the name of an assignment. */
static int read_scope(struct record *r, struct record_reading *x)
{
    const char *extension = r->operation->extension;
    struct slice tries[3], scope = {NULL, 0}, name = {NULL, 0};
    size_t i;

    if (r->operation->kind == OPERATION_ELEVATE)
        return record_keep(&r->text[FINDING_SCOPE], slice_of("/"));
    if (extension == NULL) {
        if (r->text[FINDING_RESOURCE_ID] != NULL)
            scope = plain_scope(slice_of(r->text[FINDING_RESOURCE_ID]));
        return record_keep(&r->text[FINDING_SCOPE], scope);
    }
    tries[0] = (struct slice){NULL, 0};
    tries[1] = json_get_nocase(x->objects.authorization, "scope");
    tries[2] = json_get_nocase(x->objects.properties, "entity");
    for (i = 0; i < 3 && scope.data == NULL; i++) {
        struct slice text = {NULL, 0};
        int got = 0;

        if (i == 0 && r->text[FINDING_RESOURCE_ID] != NULL)
            text = slice_of(r->text[FINDING_RESOURCE_ID]);
        else if (i > 0)
            got = event_value_text(tries[i], &x->hold, &text);
        if (got < 0)
            return -1;
        if (text.data != NULL && scope_split(text, extension, &scope, &name)) {
            if (record_keep(&r->text[FINDING_SCOPE], scope) != 0)
                return -1;
            if (strcmp(extension, ASSIGNMENT_TYPE) == 0 && keep_assignment(r, text, name) != 0)
                return -1;
        }
    }
    if (scope.data == NULL && (strncmp(extension, "Microsoft.Resources", 19) == 0 ||
                               strncmp(extension, "Microsoft.Subscription", 22) == 0))
        return record_keep(&r->text[FINDING_SCOPE], slice_of("/"));
    return 0;
}

/* The operation's name as Azure documents it; of those known by a pattern, as it stands. */
static int read_operation(struct record *r, struct record_reading *x)
{
    struct slice name;
    int got;

    if (strchr(r->operation->name, '*') == NULL)
        return record_keep(&r->text[FINDING_OPERATION], slice_of(r->operation->name));
    got = record_operation_name(x->ev, &x->hold, &name);
    return got == 1 ? record_keep(&r->text[FINDING_OPERATION], name) : got;
}

/* Ids that are GUIDs are compared and shown in one form. */
static void tidy(struct record *r)
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

int record_read(struct record *r, const struct event *ev, const struct rules_operation *op)
{
    struct record_reading x = {0};
    int ret = -1;

    memset(r, 0, sizeof(*r));
    r->operation = op;
    r->time = event_time(ev);
    x.ev = ev;
    if (event_objects_open(&x.objects, ev) != 0 ||
        event_object(json_get_nocase(x.objects.properties, "requestbody"), &x.hold_request,
                     &x.request) < 0 ||
        event_object(json_get_nocase(x.objects.properties, "responseBody"), &x.hold_response,
                     &x.response) < 0)
        goto out;
    if (read_operation(r, &x) != 0 || read_caller(r, &x) != 0 || read_ids(r, &x) != 0 ||
        read_resource(r, &x) != 0 || read_scope(r, &x) != 0 || record_outcome(r, &x) != 0 ||
        record_details(r, &x) != 0)
        goto out;
    tidy(r);
    ret = 0;
out:
    event_objects_free(&x.objects);
    buf_free(&x.hold_request);
    buf_free(&x.hold_response);
    buf_free(&x.hold);
    return ret;
}

void record_free(struct record *r)
{
    size_t i;

    for (i = 0; i < FINDING_TEXTS; i++)
        free(r->text[i]);
    free(r->data_id);
    free(r->hierarchy_tenant);
    free(r->claim_tenant);
    free(r->note);
    memset(r, 0, sizeof(*r));
}
