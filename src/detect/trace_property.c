/* The properties of a trace's row as one table: name, and where its value is. */
#include "detect/trace.h"

#include <string.h>

enum origin {
    FROM_STORY,
    FROM_DEPTH,
    FROM_HOLDER,
    FROM_HOLDER_NAME,
    FROM_HOLDER_TYPE,
    FROM_GRANTED_BY,
    FROM_VIA,
    FROM_ROLE,
    FROM_SCOPE,
    FROM_SCOPE_KIND,
    FROM_GRANT_TIME,
    FROM_END_TIME,
    FROM_OPERATION,
    FROM_TITLE,
    FROM_TACTIC,
    FROM_TECHNIQUES,
    FROM_COUNT,
    FROM_SUCCEEDED,
    FROM_FAILED,
    FROM_FIRST,
    FROM_LAST,
    FROM_RESOURCE_COUNT,
    FROM_RESOURCES,
    FROM_SUBSCRIPTIONS,
    FROM_ADDRESSES,
    FROM_APPS,
    FROM_IDS,
    FROM_NOTES,
    FROM_BINS
};

static const char *const names[] = {
    [FROM_STORY] = "StoryId",
    [FROM_DEPTH] = "Depth",
    [FROM_HOLDER] = "Holder",
    [FROM_HOLDER_NAME] = "HolderName",
    [FROM_HOLDER_TYPE] = "HolderType",
    [FROM_GRANTED_BY] = "GrantedBy",
    [FROM_VIA] = "Via",
    [FROM_ROLE] = "Role",
    [FROM_SCOPE] = "Scope",
    [FROM_SCOPE_KIND] = "ScopeKind",
    [FROM_GRANT_TIME] = "GrantTime",
    [FROM_END_TIME] = "EndTime",
    [FROM_OPERATION] = "Operation",
    [FROM_TITLE] = "Title",
    [FROM_TACTIC] = "Tactic",
    [FROM_TECHNIQUES] = "Techniques",
    [FROM_COUNT] = "Count",
    [FROM_SUCCEEDED] = "Succeeded",
    [FROM_FAILED] = "Failed",
    [FROM_FIRST] = "FirstTime",
    [FROM_LAST] = "LastTime",
    [FROM_RESOURCE_COUNT] = "ResourceCount",
    [FROM_RESOURCES] = "Resources",
    [FROM_SUBSCRIPTIONS] = "Subscriptions",
    [FROM_ADDRESSES] = "IpAddresses",
    [FROM_APPS] = "AppIds",
    [FROM_IDS] = "EventDataIds",
    [FROM_NOTES] = "Notes",
    [FROM_BINS] = "TimeBins",
};

size_t trace_properties(void)
{
    return sizeof(names) / sizeof(names[0]);
}

const char *trace_property_name(size_t i)
{
    return names[i];
}

/* Whether a property is one of the lists of a row. */
static int is_list(size_t i)
{
    return i == FROM_RESOURCES || i == FROM_SUBSCRIPTIONS || i == FROM_ADDRESSES ||
           i == FROM_APPS || i == FROM_IDS || i == FROM_BINS;
}

/* The list behind a property that is one. */
static const struct trace_list *list_of(const struct trace_row *r, size_t i)
{
    switch ((enum origin)i) {
    case FROM_RESOURCES:
        return &r->resources;
    case FROM_SUBSCRIPTIONS:
        return &r->subscriptions;
    case FROM_ADDRESSES:
        return &r->addresses;
    case FROM_APPS:
        return &r->apps;
    case FROM_BINS:
        return &r->bin_texts;
    default:
        return &r->ids;
    }
}

/* Techniques of a row's tactic. */
static size_t count_techniques(const struct trace_row *r)
{
    size_t n = 0;

    while (r->tactic != NULL && n < 3 && r->tactic->techniques[n] != NULL)
        n++;
    return n;
}

/* A property of the power that a row is about. */
static void power_property(const struct trace *t, const struct trace_row *r, enum origin from,
                           struct finding_value *v)
{
    const struct holder *h = &t->holders.all[r->holder];
    const struct power *w = &t->holders.powers[r->power];
    const struct principal *p = &t->holders.principals[h->principal];
    const char *role = w->finding->text[FINDING_ROLE_NAME];

    if (from == FROM_STORY)
        finding_value_text(v, t->holders.stories[h->story].id);
    else if (from == FROM_DEPTH)
        finding_value_number(v, (uint64_t)h->depth);
    else if (from == FROM_HOLDER)
        finding_value_text(v, p->id);
    else if (from == FROM_HOLDER_NAME)
        finding_value_text(v, p->name);
    else if (from == FROM_HOLDER_TYPE)
        finding_value_text(v, p->type);
    else if (from == FROM_GRANTED_BY)
        finding_value_text(v, w->finding->text[FINDING_CALLER]);
    else if (from == FROM_VIA)
        finding_value_text(v, holders_via_name(w->via));
    else if (from == FROM_ROLE)
        finding_value_text(v, role != NULL ? role : w->finding->text[FINDING_ROLE_ID]);
    else if (from == FROM_SCOPE)
        finding_value_text(v, w->finding->text[FINDING_SCOPE]);
    else if (from == FROM_SCOPE_KIND)
        finding_value_text(v, rules_scope_name(w->finding->scope_kind));
    else
        finding_value_time(v, from == FROM_GRANT_TIME ? holders_begin(w) : w->until);
}

/* A property of what was done. */
static void work_property(const struct trace_row *r, enum origin from, struct finding_value *v)
{
    if (from == FROM_OPERATION)
        finding_value_text(v, r->operation);
    else if (from == FROM_TITLE)
        finding_value_text(v, r->title);
    else if (from == FROM_TACTIC)
        finding_value_text(v, r->tactic == NULL ? NULL : tactics_name(r->tactic->tactic));
    else if (from == FROM_COUNT)
        finding_value_number(v, r->count);
    else if (from == FROM_SUCCEEDED)
        finding_value_number(v, r->succeeded);
    else if (from == FROM_FAILED)
        finding_value_number(v, r->failed);
    else if (from == FROM_RESOURCE_COUNT)
        finding_value_number(v, r->resource_count);
    else
        finding_value_time(v, from == FROM_FIRST ? r->first : r->last);
}

void trace_property(const struct trace *t, const struct trace_row *r, size_t i,
                    struct finding_value *v)
{
    memset(v, 0, sizeof(*v));
    if (is_list(i))
        finding_value_list(v, list_of(r, i)->n);
    else if (i == FROM_TECHNIQUES)
        finding_value_list(v, count_techniques(r));
    else if (i == FROM_NOTES)
        finding_value_list(v, r->nnotes);
    else if (i <= FROM_END_TIME)
        power_property(t, r, (enum origin)i, v);
    else
        work_property(r, (enum origin)i, v);
}

struct slice trace_list_item(const struct trace_row *r, size_t i, size_t k)
{
    if (is_list(i))
        return slice_of(list_of(r, i)->items[k]);
    return slice_of(i == FROM_NOTES ? r->notes[k] : r->tactic->techniques[k]);
}
