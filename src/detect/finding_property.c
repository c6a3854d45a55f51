/* The properties of a finding as one table: name, and where its value is. */
#include "detect/finding.h"

#include <string.h>

enum origin {
    FROM_TEXT,
    FROM_TIME,
    FROM_RULE,
    FROM_SEVERITY,
    FROM_TITLE,
    FROM_OUTCOME,
    FROM_SCOPE_KIND,
    FROM_SELF,
    FROM_ENDED,
    FROM_STATE,
    FROM_EVENTS,
    FROM_TECHNIQUES,
    FROM_NOTES,
    FROM_LOG_SCOPE,
    FROM_PATH,
    FROM_LINE
};

static const struct property {
    const char *name;
    enum origin origin;
    enum finding_text text;
} properties[] = {
    {"Time", FROM_TIME, 0},
    {"Rule", FROM_RULE, 0},
    {"Severity", FROM_SEVERITY, 0},
    {"Title", FROM_TITLE, 0},
    {"Outcome", FROM_OUTCOME, 0},
    {"Operation", FROM_TEXT, FINDING_OPERATION},
    {"Caller", FROM_TEXT, FINDING_CALLER},
    {"CallerObjectId", FROM_TEXT, FINDING_CALLER_OBJECT_ID},
    {"CallerAppId", FROM_TEXT, FINDING_CALLER_APP_ID},
    {"CallerIpAddress", FROM_TEXT, FINDING_CALLER_IP},
    {"TenantId", FROM_TEXT, FINDING_TENANT_ID},
    {"Scope", FROM_TEXT, FINDING_SCOPE},
    {"ScopeKind", FROM_SCOPE_KIND, 0},
    {"ResourceId", FROM_TEXT, FINDING_RESOURCE_ID},
    {"RoleAssignmentName", FROM_TEXT, FINDING_ASSIGNMENT_NAME},
    {"RoleAssignmentId", FROM_TEXT, FINDING_ASSIGNMENT_ID},
    {"PrincipalId", FROM_TEXT, FINDING_PRINCIPAL_ID},
    {"PrincipalType", FROM_TEXT, FINDING_PRINCIPAL_TYPE},
    {"RoleDefinitionId", FROM_TEXT, FINDING_ROLE_ID},
    {"RoleDefinitionName", FROM_TEXT, FINDING_ROLE_NAME},
    {"SelfAssigned", FROM_SELF, 0},
    {"EndedTime", FROM_ENDED, 0},
    {"EndedBy", FROM_TEXT, FINDING_ENDED_BY},
    {"StateAtExport", FROM_STATE, 0},
    {"StoryId", FROM_TEXT, FINDING_STORY_ID},
    {"CorrelationId", FROM_TEXT, FINDING_CORRELATION_ID},
    {"OperationId", FROM_TEXT, FINDING_OPERATION_ID},
    {"EventDataIds", FROM_EVENTS, 0},
    {"Techniques", FROM_TECHNIQUES, 0},
    {"Notes", FROM_NOTES, 0},
    {"LogScope", FROM_LOG_SCOPE, 0},
    {"SourcePath", FROM_PATH, 0},
    {"SourceLine", FROM_LINE, 0},
};

size_t finding_properties(void)
{
    return sizeof(properties) / sizeof(properties[0]);
}

const char *finding_property_name(size_t i)
{
    return properties[i].name;
}

void finding_value_text(struct finding_value *v, const char *text)
{
    if (text == NULL)
        return;
    v->kind = FINDING_STRING;
    v->text = slice_of(text);
}

void finding_value_time(struct finding_value *v, int64_t time)
{
    if (time != 0)
        finding_value_text(v, timestamp_format(time, v->hold));
}

void finding_value_list(struct finding_value *v, size_t n)
{
    v->kind = FINDING_LIST;
    v->n = n;
}

void finding_value_number(struct finding_value *v, uint64_t number)
{
    v->kind = FINDING_NUMBER;
    v->number = number;
}

static size_t count_techniques(const struct finding *f)
{
    size_t n = 0;

    while (f->rule != NULL && f->rule->techniques[n] != NULL)
        n++;
    return n;
}

void finding_property(const struct finding_set *s, const struct finding *f, size_t i,
                      struct finding_value *v)
{
    const struct property *p = &properties[i];

    memset(v, 0, sizeof(*v));
    switch (p->origin) {
    case FROM_TEXT:
        finding_value_text(v, f->text[p->text]);
        break;
    case FROM_TIME:
        finding_value_time(v, f->time);
        break;
    case FROM_RULE:
        finding_value_text(v, f->rule == NULL ? NULL : f->rule->id);
        break;
    case FROM_SEVERITY:
        finding_value_text(v, f->rule == NULL ? NULL : rules_severity_name(f->severity));
        break;
    case FROM_TITLE:
        finding_value_text(v, f->rule == NULL ? NULL : f->rule->title);
        break;
    case FROM_OUTCOME:
        finding_value_text(v, rules_outcome_name(f->outcome));
        break;
    case FROM_SCOPE_KIND:
        finding_value_text(v, rules_scope_name(f->scope_kind));
        break;
    case FROM_SELF:
        v->kind = f->self < 0 ? FINDING_NULL : FINDING_BOOL;
        v->number = f->self > 0;
        break;
    case FROM_ENDED:
        finding_value_time(v, f->ended_time);
        break;
    case FROM_STATE:
        finding_value_text(v, f->state);
        break;
    case FROM_EVENTS:
        finding_value_list(v, f->nids);
        break;
    case FROM_TECHNIQUES:
        finding_value_list(v, count_techniques(f));
        break;
    case FROM_NOTES:
        finding_value_list(v, f->nnotes);
        break;
    case FROM_LOG_SCOPE:
        finding_value_text(v, f->entra ? "entra" : s->input->files[f->records[0].file].scope);
        break;
    case FROM_PATH:
        finding_value_text(v, s->input->files[f->records[0].file].path);
        break;
    case FROM_LINE:
        finding_value_number(v, f->records[0].line);
        break;
    }
}

struct slice finding_list_item(const struct finding *f, size_t i, size_t k)
{
    if (properties[i].origin == FROM_TECHNIQUES)
        return slice_of(f->rule->techniques[k]);
    return slice_of(properties[i].origin == FROM_NOTES ? f->notes[k] : f->ids[k]);
}
