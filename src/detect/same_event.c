#include "detect/same_event.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "detect/scope.h"

#include <string.h>

/* Records without any id, and those of an elevation, belong together up to this distance: a call
 * that changes a role takes seconds, and nobody makes the same change again within a minute. */
#define UNTIED_TICKS (60 * TICKS_PER_SECOND)

/* Times in keys of events: Windows PowerShell keeps no more of them than milliseconds. */
#define KEY_TICKS (TICKS_PER_SECOND / 1000)

void same_event_put_part(struct buf *key, const char *text)
{
    if (text != NULL)
        text_put_lower(key, slice_of(text));
    buf_putc(key, '|');
}

/* What an event is about. Assignments that go with their scope may all have its id as theirs; an
 * elevation is about one place alone, whether its record says so or not. */
static void put_resource(const struct event_facts *r, struct buf *key)
{
    if (r->operation->kind == OPERATION_ELEVATE)
        return;
    same_event_put_part(key, r->text[r->by_scope ? FINDING_SCOPE : FINDING_RESOURCE_ID]);
    same_event_put_part(key, r->cascade ? r->text[FINDING_ASSIGNMENT_NAME] : NULL);
}

/* Start a key of an event with its kind and time, or with the digest of what has no time. */
static void start_key(const struct event_facts *r, const char *kind, struct buf *key)
{
    buf_clear(key);
    buf_printf(key, "%s|%lld|%s|", kind, (long long)(r->time / KEY_TICKS), r->digest);
}

void same_event_id_key(const struct event_facts *r, struct buf *key)
{
    start_key(r, "id", key);
    same_event_put_part(key, r->data_id);
}

void same_event_bare_key(const struct event_facts *r, const char *kind, struct buf *key)
{
    start_key(r, kind, key);
    same_event_put_part(key, r->operation->name);
    same_event_put_part(key, r->text[FINDING_CORRELATION_ID]);
    put_resource(r, key);
    same_event_put_part(key, rules_outcome_name(r->outcome));
}

int same_event_untied_key(const struct event_facts *r, struct buf *key)
{
    if (r->time == 0 || r->text[FINDING_RESOURCE_ID] == NULL)
        return 0;
    start_key(r, "untied", key);
    same_event_put_part(key, r->operation->name);
    put_resource(r, key);
    same_event_put_part(key, rules_outcome_name(r->outcome));
    return 1;
}

int same_event_nameless_key(const struct event_facts *r, struct buf *key)
{
    if (r->time == 0 || r->text[FINDING_CORRELATION_ID] == NULL)
        return 0;
    start_key(r, "nameless", key);
    same_event_put_part(key, r->operation->name);
    same_event_put_part(key, r->text[FINDING_CORRELATION_ID]);
    same_event_put_part(key, rules_outcome_name(r->outcome));
    return 1;
}

const char *same_event_tie(const struct event_facts *r)
{
    if (r->text[FINDING_CORRELATION_ID] != NULL)
        return r->text[FINDING_CORRELATION_ID];
    return r->text[FINDING_OPERATION_ID];
}

const char *same_event_operation_id(const struct event_facts *r)
{
    const char *id = r->text[FINDING_OPERATION_ID];

    return id == NULL || slice_equals_nocase(slice_of(id), same_event_tie(r)) ? NULL : id;
}

void same_event_operation_key(const struct event_facts *r, struct buf *key)
{
    const char *id = same_event_tie(r);

    buf_clear(key);
    same_event_put_part(key, id);
    put_resource(r, key);
    same_event_put_part(key, r->text[FINDING_OPERATION]);
    same_event_put_part(key, id == NULL ? r->text[FINDING_CALLER] : NULL);
    if (r->entra)
        same_event_put_part(key, "entra");
}

/* Whether both know a text, and not the same. */
static int differ(const struct finding *f, const struct event_facts *r, enum finding_text which)
{
    const char *a = f->text[which], *b = r->text[which];

    return a != NULL && b != NULL && !slice_equals_nocase(slice_of(a), b);
}

/* Whether the callers are two. Their object ids decide; a name and an id may be one caller's. */
static int callers_differ(const struct finding *f, const struct event_facts *r)
{
    const char *a = f->text[FINDING_CALLER], *b = r->text[FINDING_CALLER];
    char guid[SCOPE_GUID_MAX];

    if (f->text[FINDING_CALLER_OBJECT_ID] != NULL && r->text[FINDING_CALLER_OBJECT_ID] != NULL)
        return differ(f, r, FINDING_CALLER_OBJECT_ID);
    return differ(f, r, FINDING_CALLER) &&
           scope_guid(slice_of(a), guid) == scope_guid(slice_of(b), guid);
}

/* Whether they give different roles, or to different principals. */
static int bodies_differ(const struct finding *f, const struct event_facts *r)
{
    return differ(f, r, FINDING_PRINCIPAL_ID) || differ(f, r, FINDING_ROLE_ID);
}

int same_event_has_resource(char *const *text)
{
    return text[FINDING_RESOURCE_ID] != NULL && text[FINDING_RESOURCE_ID][0] == '/';
}

/* Whether neither resource is the other one or inside it. */
static int resources_differ(const struct finding *f, const struct event_facts *r)
{
    const char *a = f->text[FINDING_RESOURCE_ID], *b = r->text[FINDING_RESOURCE_ID];

    if (a != NULL && b != NULL &&
        same_event_has_resource(f->text) != same_event_has_resource(r->text))
        return !text_same(scope_last(slice_of(a)), scope_last(slice_of(b)));
    return a != NULL && b != NULL && !text_starts_nocase(slice_of(a), b) &&
           !text_starts_nocase(slice_of(b), a);
}

int same_event_contradicts(const struct finding *f, const struct event_facts *r)
{
    return f->operation != r->operation || callers_differ(f, r) || bodies_differ(f, r) ||
           resources_differ(f, r) || differ(f, r, FINDING_CORRELATION_ID) ||
           differ(f, r, FINDING_OPERATION_ID);
}

/* Whether an entry of Entra ID's is the one of a finding: each is an act of its own, whatever
 * correlation it shares. Its portal's table has no ids, and may have whole seconds. */
static int same_entry(const struct finding *f, const struct event_facts *r)
{
    int64_t second = TICKS_PER_SECOND;
    size_t i;

    for (i = 0; i < f->nrecords && r->data_id != NULL; i++) {
        if (f->records[i].data_id != NULL)
            return slice_equals_nocase(slice_of(f->records[i].data_id), r->data_id);
    }
    return f->outcome == r->outcome && !callers_differ(f, r) && !bodies_differ(f, r) &&
           (f->time == r->time || ((f->time % second == 0 || r->time % second == 0) &&
                                   f->time / second == r->time / second));
}

/* Whether a record is of another time than a finding: an elevation takes seconds, and names nothing
 * that would tell it from the next one of a correlation that its caller chose. */
static int is_another_elevation(const struct finding *f, const struct event_facts *r)
{
    return r->operation->kind == OPERATION_ELEVATE && f->time != 0 && r->time != 0 &&
           (r->time - f->end_time > UNTIED_TICKS || f->time - r->time > UNTIED_TICKS);
}

int same_event_operation(const struct finding *f, const struct event_facts *r)
{
    /* A request to PIM may be approved by somebody else. */
    int differs = bodies_differ(f, r) ||
                  (r->operation->kind != OPERATION_PIM_REQUEST && callers_differ(f, r)) ||
                  (r->by_scope && (f->pim == PIM_END) != (r->pim == PIM_END));

    if (r->entra)
        return same_entry(f, r);
    if (is_another_elevation(f, r))
        return 0;
    if (same_event_tie(r) == NULL) {
        /* What says no outcome is of the call's begin, as far as pairing goes. */
        int began = r->outcome <= OUTCOME_STARTED;
        int64_t later = began ? f->time - r->time : r->time - f->time;

        return f->nrecords == 1 && !differs && f->time != 0 && r->time != 0 &&
               began != (f->outcome <= OUTCOME_STARTED) && later >= 0 && later <= UNTIED_TICKS;
    }
    if (f->text[FINDING_OPERATION_ID] == NULL || same_event_operation_id(r) == NULL)
        return !differs && !differ(f, r, FINDING_OPERATION_ID);
    return !differ(f, r, FINDING_OPERATION_ID);
}
