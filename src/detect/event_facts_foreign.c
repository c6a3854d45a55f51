#include "detect/event_facts_foreign.h"

#include "base/text.h"
#include "detect/event_facts_reading.h"
#include "detect/roles.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

#define ELEVATION_CATEGORY "AzureRBACRoleManagementElevateAccess"
#define AUTHORIZATION "Microsoft.Authorization/"

/* Whether a text holds a word, ignoring the case of ASCII letters. */
static int holds(struct slice text, const char *word)
{
    const size_t n = strlen(word);

    for (; text.len >= n; text.data++, text.len--) {
        if (text_starts_nocase(text, word))
            return 1;
    }
    return 0;
}

/* The audit entry that an event is (Microsoft Graph) or holds (diagnostic setting), or absent. */
static struct slice entra_entry(const struct event_objects *o, const struct event *ev)
{
    struct slice tries[2] = {o->properties, ev->raw}, category, none = {NULL, 0};
    struct buf hold = {0};
    size_t i;

    for (i = 0; i < 2; i++) {
        if (tries[i].data != NULL &&
            event_value_text(json_get_nocase(tries[i], "category"), &hold, &category) == 1 &&
            slice_equals_nocase(category, ELEVATION_CATEGORY))
            break;
    }
    buf_free(&hold);
    return i < 2 ? tries[i] : none;
}

/* Whether an event names no provider, but has a title of Privileged Identity Management, as in the
 * portal's download: "Add member to role completed (PIM activation)", "Add eligible member to role
 * in PIM completed (timebound)". */
static int has_pim_title(const struct event *ev)
{
    struct slice title;
    struct buf hold = {0};
    int yes = ev->field[EVENT_PROVIDER].data == NULL &&
              event_text(ev, EVENT_OPERATION, &hold, &title) == 1 &&
              (holds(title, "(PIM ") || holds(title, " in PIM "));

    buf_free(&hold);
    return yes;
}

/* Whether an event is Privileged Identity Management's own record about a role of Azure. */
static int is_pim(const struct event_objects *o, const struct event *ev)
{
    struct slice provider;
    struct buf hold = {0};
    int yes = (event_value_text(json_get_nocase(o->properties, "ResourceProviderName"), &hold,
                                &provider) == 1 &&
               slice_equals_nocase(provider, "azurerbac")) ||
              (event_text(ev, EVENT_PROVIDER, &hold, &provider) == 1 &&
               slice_equals_nocase(provider, "azurerbac")) ||
              has_pim_title(ev);

    buf_free(&hold);
    return yes;
}

/* What a title of PIM is about: the first word that it holds decides. Others are about alerts, and
 * about what PIM manages. */
static const char *pim_operation(struct slice title)
{
    static const struct {
        const char *word, *operation;
    } rows[] = {
        {"role setting", AUTHORIZATION "roleManagementPolicies/write"},
        {"eligible", AUTHORIZATION "roleEligibilityScheduleRequests/write"},
        {"member", AUTHORIZATION "roleAssignmentScheduleRequests/write"},
        {"direct role assignment", AUTHORIZATION "roleAssignmentScheduleRequests/write"},
        {"activation request", AUTHORIZATION "roleAssignmentScheduleRequests/write"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (holds(title, rows[i].word))
            return rows[i].operation;
    }
    return NULL;
}

const char *facts_foreign_operation(const struct event_objects *o, const struct event *ev,
                                    struct slice title)
{
    if (entra_entry(o, ev).data != NULL)
        return holds(title, "removed") ? AUTHORIZATION "roleAssignments/delete"
                                       : AUTHORIZATION "elevateAccess/action";
    if (!is_pim(o, ev))
        return NULL;
    return pim_operation(title);
}

/* Elevation as Entra ID tells it. */
static void read_entra(struct event_facts *r, struct facts_reading *x, struct slice entry)
{
    struct slice by = json_get_nocase(entry, "initiatedBy"), user = json_get_nocase(by, "user"),
                 app = json_get_nocase(by, "app"), text;
    struct buf hold_by = {0};

    r->entra = 1;
    if (event_object(by, &hold_by, &by) == 1) {
        user = json_get_nocase(by, "user");
        app = json_get_nocase(by, "app");
    }
    facts_keep_value(x, &r->text[FINDING_CALLER], json_get_nocase(user, "userPrincipalName"));
    facts_keep_value(x, &r->text[FINDING_CALLER], json_get_nocase(user, "displayName"));
    facts_keep_value(x, &r->text[FINDING_CALLER], json_get_nocase(app, "displayName"));
    facts_keep_field(x, &r->text[FINDING_CALLER], EVENT_CALLER);
    facts_keep_value(x, &r->text[FINDING_CALLER_OBJECT_ID], json_get_nocase(user, "id"));
    facts_keep_value(x, &r->text[FINDING_CALLER_OBJECT_ID],
                     json_get_nocase(app, "servicePrincipalId"));
    facts_keep_value(x, &r->text[FINDING_CALLER_APP_ID], json_get_nocase(app, "appId"));
    facts_keep_value(x, &r->text[FINDING_CALLER_IP], json_get_nocase(user, "ipAddress"));
    facts_keep_field(x, &r->text[FINDING_CALLER_IP], EVENT_CALLER_IP);
    facts_keep_field(x, &r->text[FINDING_CORRELATION_ID], EVENT_CORRELATION_ID);
    facts_keep_field(x, &r->text[FINDING_TENANT_ID], EVENT_TENANT_ID);
    facts_keep_value(x, &r->data_id, json_get_nocase(entry, "id"));
    facts_keep(&r->text[FINDING_SCOPE], slice_of("/"));
    facts_keep(&r->text[FINDING_RESOURCE_ID], slice_of("/providers/Microsoft.Authorization"));
    facts_keep(&r->text[FINDING_ROLE_ID], slice_of(ROLES_USER_ACCESS_ADMINISTRATOR));
    r->outcome = OUTCOME_UNKNOWN;
    if (event_value_text(json_get_nocase(entry, "result"), &x->hold, &text) == 1) {
        r->outcome = facts_outcome_of(text);
        if (r->outcome == OUTCOME_UNKNOWN)
            facts_keep(&r->status_word, text);
    }
    if (r->operation->kind == OPERATION_ELEVATE && r->text[FINDING_CALLER_OBJECT_ID] != NULL)
        facts_keep(&r->text[FINDING_PRINCIPAL_ID], slice_of(r->text[FINDING_CALLER_OBJECT_ID]));
    buf_free(&hold_by);
}

/* Whose role Entra ID says was removed: the first user or application among the targets. */
static void read_targets(struct event_facts *r, struct facts_reading *x, struct slice entry)
{
    struct slice list = json_get_nocase(entry, "targetResources"), target, type;
    struct json_iter it;
    struct buf hold = {0};
    struct err ignored;

    if (json_kind(list) == JSON_STRING && json_string_decode(list, &hold) == 0 &&
        json_check(buf_slice(&hold), &list, NULL, &ignored) != 0)
        list = (struct slice){NULL, 0};
    if (json_kind(list) == JSON_ARRAY && json_array_begin(&it, list, &ignored) == 0) {
        while (r->text[FINDING_PRINCIPAL_ID] == NULL &&
               json_array_next(&it, &target, &ignored) == 1) {
            if (json_kind(target) == JSON_OBJECT &&
                event_value_text(json_get_nocase(target, "type"), &x->hold, &type) == 1 &&
                (slice_equals_nocase(type, "User") ||
                 slice_equals_nocase(type, "ServicePrincipal")))
                facts_keep_guid(x, &r->text[FINDING_PRINCIPAL_ID], json_get_nocase(target, "id"));
        }
    }
    buf_free(&hold);
}

/* The caller of a PIM record: a list of identities, printed as JSON in a text. *name is the one for
 * people, owned by the caller. */
static void read_pim_caller(struct event_facts *r, struct facts_reading *x, char **name)
{
    struct slice list = json_get_nocase(x->objects.properties, "CallerInfo"), item, type;
    struct json_iter it;
    struct buf hold = {0};
    struct err ignored;

    if (json_kind(list) == JSON_STRING &&
        (json_string_decode(list, &hold) != 0 ||
         json_check(buf_slice(&hold), &list, NULL, &ignored) != 0))
        list = (struct slice){NULL, 0};
    if (json_kind(list) == JSON_ARRAY && json_array_begin(&it, list, &ignored) == 0) {
        while (json_array_next(&it, &item, &ignored) == 1) {
            struct slice value;

            if (json_kind(item) != JSON_OBJECT)
                continue;
            value = json_get_nocase(item, "CallerIdentityValue");
            if (event_value_text(json_get_nocase(item, "CallerIdentityType"), &x->hold, &type) != 1)
                continue;
            if (slice_equals_nocase(type, "UPN"))
                facts_keep_value(x, &r->text[FINDING_CALLER], value);
            else if (slice_equals_nocase(type, "ObjectID"))
                facts_keep_guid(x, &r->text[FINDING_CALLER_OBJECT_ID], value);
            else if (slice_equals_nocase(type, "Username") || slice_equals_nocase(type, "Name"))
                facts_keep_value(x, name, value);
        }
    }
    buf_free(&hold);
}

/* What a title tells beside what it is about: the first word that it holds decides. */
static const struct title_word {
    const char *word;
    enum pim_kind kind;
    enum outcome outcome;  /* of the request, where the record itself says "Succeeded" */
    const char *by_others; /* what its caller did with the request of somebody else */
} title_words[] = {
    {"request expired", PIM_ACTIVE, OUTCOME_FAILED, NULL},
    {"denied", PIM_ACTIVE, OUTCOME_FAILED, "Denied"},
    {"approved", PIM_ACTIVE, OUTCOME_STARTED, "Approved"},
    {"canceled", PIM_OTHER, OUTCOME_SUCCEEDED, NULL},
    {"cancelled", PIM_OTHER, OUTCOME_SUCCEEDED, NULL},
    {"requested", PIM_ACTIVE, OUTCOME_STARTED, NULL},
    {"", PIM_ACTIVE, OUTCOME_SUCCEEDED, NULL},
};

/* Read the title of a PIM record: "Add member to role completed (PIM activation)" and its like.
 * Whoever decided about a request is not the one who made it, and is noted. */
static void read_pim_title(struct event_facts *r, struct facts_reading *x, struct buf *note)
{
    const struct title_word *w = title_words;
    struct slice title = {NULL, 0};
    enum finding_text by[2] = {FINDING_CALLER, FINDING_CALLER_OBJECT_ID};
    size_t i;

    if (event_text(x->ev, EVENT_OPERATION, &x->hold, &title) != 1)
        return;
    while (!holds(title, w->word))
        w++;
    r->pim = w->kind;
    r->typed = 1;
    if (w->kind == PIM_ACTIVE && (holds(title, "remove") || holds(title, "deactivat") ||
                                  (w->outcome != OUTCOME_FAILED && holds(title, "expired"))))
        r->pim = PIM_END;
    else if (w->kind == PIM_ACTIVE && holds(title, "eligible"))
        r->pim = PIM_ELIGIBLE;
    if (r->outcome == OUTCOME_SUCCEEDED)
        r->outcome = w->outcome;
    if (w->by_others == NULL)
        return;
    for (i = 0; i < 2; i++) {
        char **text = &r->text[by[i]];

        if (*text != NULL && note->len == 0)
            buf_printf(note, "%s by %s.", w->by_others, *text);
        free(*text);
        *text = NULL;
    }
    free(r->text[FINDING_CALLER_IP]);
    r->text[FINDING_CALLER_IP] = NULL;
}

/* A record of PIM about a role of Azure. Its other ids are read as those of any event. */
static void read_pim(struct event_facts *r, struct facts_reading *x)
{
    struct slice p = x->objects.properties, text;
    struct buf note = {0};
    char *why = NULL, *person = NULL;

    r->by_scope = 1;
    read_pim_caller(r, x, &person);
    facts_keep_guid(x, &r->text[FINDING_ROLE_ID], json_get_nocase(p, "RoleDefinitionOriginId"));
    facts_keep_value(x, &r->text[FINDING_ROLE_NAME], json_get_nocase(p, "RoleDefinition"));
    facts_keep_guid(x, &r->text[FINDING_PRINCIPAL_ID], json_get_nocase(p, "SubjectID"));
    facts_keep_value(x, &r->text[FINDING_PRINCIPAL_TYPE], json_get_nocase(p, "SubjectType"));
    facts_keep_value(x, &r->text[FINDING_TENANT_ID], json_get_nocase(p, "TenantID"));
    facts_keep_field(x, &r->text[FINDING_TENANT_ID], EVENT_TENANT_ID);
    facts_keep_value(x, &r->text[FINDING_RESOURCE_ID],
                     json_get_nocase(p, "OriginRoleAssignmentId"));
    if (r->text[FINDING_RESOURCE_ID] != NULL) {
        struct slice scope, name;

        if (scope_split(slice_of(r->text[FINDING_RESOURCE_ID]),
                        "Microsoft.Authorization/roleAssignments", &scope, &name))
            facts_keep(&r->text[FINDING_SCOPE], scope);
    }
    if (event_text(x->ev, EVENT_RESOURCE_ID, &x->hold, &text) == 1) {
        facts_keep(&r->text[FINDING_RESOURCE_ID], text);
        facts_keep(&r->text[FINDING_SCOPE], scope_trim(text));
    }
    facts_keep_field(x, &r->text[FINDING_CALLER], EVENT_CALLER);
    facts_keep(&r->text[FINDING_CALLER], slice_of(person == NULL ? "" : person));
    facts_keep_field(x, &r->text[FINDING_CALLER_IP], EVENT_CALLER_IP);
    facts_keep_field(x, &r->text[FINDING_CORRELATION_ID], EVENT_CORRELATION_ID);
    facts_keep_field(x, &r->text[FINDING_OPERATION_ID], EVENT_OPERATION_ID);
    facts_keep_field(x, &r->data_id, EVENT_DATA_ID);
    r->outcome = OUTCOME_UNKNOWN;
    facts_outcome(r, x);
    read_pim_title(r, x, &note);
    if (event_value_text(json_get_nocase(p, "ExpirationTime"), &x->hold, &text) == 1)
        r->expires = event_value_time(json_get_nocase(p, "ExpirationTime"));
    facts_keep_value(x, &why, json_get_nocase(p, "Justification"));
    if (why != NULL)
        buf_printf(&note, "%sJustification given: %s", note.len > 0 ? " " : "", why);
    else if (note.len == 0 && x->ev->field[EVENT_CATEGORY].data == NULL &&
             x->ev->field[EVENT_PROVIDER].data == NULL && p.data == NULL)
        buf_puts(&note, "The record has little more than its title: it may be about a role of "
                        "Entra ID.");
    if (note.len > 0)
        facts_keep(&r->note, buf_slice(&note));
    buf_free(&note);
    free(why);
    free(person);
}

int facts_foreign(struct event_facts *r, struct facts_reading *x)
{
    struct slice entry, text;

    /* What has a name of Azure's own is not another service's. */
    if (event_text(x->ev, EVENT_OPERATION, &x->hold, &text) == 1 && event_is_operation_name(text))
        return 0;
    entry = entra_entry(&x->objects, x->ev);
    if (entry.data != NULL) {
        read_entra(r, x, entry);
        if (r->operation->kind != OPERATION_ELEVATE)
            read_targets(r, x, entry);
        return 1;
    }
    if (!is_pim(&x->objects, x->ev))
        return 0;
    read_pim(r, x);
    return 1;
}
