#include "detect/story.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "detect/roles.h"

#include <stdlib.h>
#include <string.h>

/* Hexadecimal digits of a StoryId: 48 bits tell the stories of any case apart. */
#define STORY_DIGITS 12

/* A request to PIM that nobody has to approve is done by then. */
#define STEPS_TICKS (60 * TICKS_PER_SECOND)

/* 100 ns: an identity of a policy assignment gets its roles within this time after it. */
#define POLICY_NEAR (INT64_C(600) * TICKS_PER_SECOND)

/* One story under way. */
struct story {
    size_t leader; /* place of its first finding in s->reported */
    size_t members;
    int64_t until; /* the elevation stands until then */
    int elevated;
};

/* What is open while the findings are passed in order of time. */
struct stories {
    struct story *all;
    size_t n;
    size_t *of; /* for each reported finding: its story, or HASH_MAP_NONE */
    struct hash_map by_caller,
        by_assigned; /* caller: story; "caller|assignment": reported finding */
};

/* Who a finding's caller is, or an empty key. */
static void caller_key(const struct finding *f, struct buf *key)
{
    const char *who = f->text[FINDING_CALLER_OBJECT_ID];

    buf_clear(key);
    if (who == NULL)
        who = f->text[FINDING_CALLER];
    if (who != NULL)
        text_put_lower(key, slice_of(who));
}

/* "<caller>|<assignment id>". key holds the caller. */
static void assigned_key(const struct finding *f, struct buf *key)
{
    const char *id = f->text[FINDING_ASSIGNMENT_ID];

    buf_putc(key, '|');
    if (id != NULL)
        text_put_lower(key, slice_of(id));
}

/* Begin a story with the finding at place i. */
static size_t begin(struct stories *x, size_t i)
{
    struct story *s = &x->all[x->n];

    s->leader = i;
    s->members = 1;
    s->until = 0;
    s->elevated = 0;
    x->of[i] = x->n;
    return x->n++;
}

/* Let place i be part of a story. */
static void join(struct stories *x, size_t i, size_t story)
{
    x->of[i] = story;
    x->all[story].members++;
}

/* An elevation: the start of a story, or more of one that is open. */
static void elevated(struct stories *x, size_t i, const struct finding *f, struct buf *key)
{
    size_t open = hash_map_get(&x->by_caller, buf_slice(key));
    int64_t until = f->ended_time == 0 ? INT64_MAX : f->ended_time;

    if (open != HASH_MAP_NONE && x->all[open].elevated && f->time <= x->all[open].until) {
        join(x, i, open);
    } else {
        open = begin(x, i);
        hash_map_put(&x->by_caller, buf_slice(key), open);
    }
    x->all[open].elevated = 1;
    if (until > x->all[open].until)
        x->all[open].until = until;
}

/* An assignment or a removal: part of the caller's elevation, or of what the caller assigned. */
static void assigned(struct stories *x, size_t i, const struct finding *f, struct buf *key)
{
    size_t open = hash_map_get(&x->by_caller, buf_slice(key)), earlier;

    if (open != HASH_MAP_NONE && f->time <= x->all[open].until)
        join(x, i, open);
    if (f->text[FINDING_ASSIGNMENT_ID] == NULL || f->outcome != OUTCOME_SUCCEEDED || f->nothing)
        return;
    assigned_key(f, key);
    if (f->operation->kind == OPERATION_ASSIGN) {
        hash_map_put(&x->by_assigned, buf_slice(key), i);
        return;
    }
    earlier = hash_map_get(&x->by_assigned, buf_slice(key));
    if (earlier == HASH_MAP_NONE || x->of[i] != HASH_MAP_NONE)
        return;
    if (x->of[earlier] == HASH_MAP_NONE)
        (void)begin(x, earlier);
    join(x, i, x->of[earlier]);
}

/* Pass all findings in order of time. */
static void pass(const struct finding_set *s, struct stories *x)
{
    struct buf key = {0};
    size_t i;

    for (i = 0; i < s->nreported; i++) {
        const struct finding *f = &s->all[s->reported[i]];
        enum operation_kind kind = f->operation->kind;

        x->of[i] = HASH_MAP_NONE;
        if (kind != OPERATION_ELEVATE && kind != OPERATION_ASSIGN && kind != OPERATION_UNASSIGN)
            continue;
        caller_key(f, &key);
        if (key.len == 0)
            continue;
        if (s->tenants && f->text[FINDING_TENANT_ID] != NULL) {
            buf_putc(&key, '|');
            text_put_lower(&key, slice_of(f->text[FINDING_TENANT_ID]));
        }
        if (kind != OPERATION_ELEVATE)
            assigned(x, i, f, &key);
        else if (f->outcome == OUTCOME_SUCCEEDED || f->outcome == OUTCOME_UNKNOWN)
            elevated(x, i, f, &key);
    }
    buf_free(&key);
}

char *story_name(const struct finding *leader)
{
    const char *correlation = leader->text[FINDING_CORRELATION_ID];
    char hex[HASH_HEX_MAX];
    struct buf b = {0}, name = {0};

    caller_key(leader, &b);
    buf_printf(&b, "|%lld|%s|%s", (long long)leader->time, leader->operation->name,
               correlation == NULL ? "" : correlation);
    hash_bytes(b.data, b.len, hex);
    buf_printf(&name, "story-%.*s", STORY_DIGITS, hex);
    buf_free(&b);
    return name.data;
}

void story_link(struct finding_set *s)
{
    struct stories x = {0};
    size_t i;

    x.all = mem_zalloc(s->nreported + 1, sizeof(*x.all));
    x.of = mem_zalloc(s->nreported + 1, sizeof(*x.of));
    pass(s, &x);
    for (i = 0; i < s->nreported; i++) {
        const struct story *story = x.of[i] == HASH_MAP_NONE ? NULL : &x.all[x.of[i]];

        if (story != NULL && story->members >= 2)
            s->all[s->reported[i]].text[FINDING_STORY_ID] =
                story_name(&s->all[s->reported[story->leader]]);
    }
    free(x.all);
    free(x.of);
    hash_map_free(&x.by_caller);
    hash_map_free(&x.by_assigned);
}

/* A caller as a key of the map of policy assignments. */
static struct slice policy_key(const char *caller, struct buf *key)
{
    buf_clear(key);
    text_put_lower(key, slice_of(caller));
    return buf_slice(key);
}

/* Whether a service principal got a role right after the same caller assigned a policy. policies
 * has each caller's latest policy assignment so far. */
static int follows_policy(const struct finding_set *s, const struct finding *f,
                          const struct hash_map *policies, struct buf *key)
{
    const char *type = f->text[FINDING_PRINCIPAL_TYPE], *caller = f->text[FINDING_CALLER];
    size_t at;

    if (type == NULL || caller == NULL || !slice_equals_nocase(slice_of(type), "ServicePrincipal"))
        return 0;
    at = hash_map_get(policies, policy_key(caller, key));
    return at != HASH_MAP_NONE && f->time - s->all[at].time <= POLICY_NEAR;
}

/* Benign causes of one finding; never a reason to hide it. */
static void note_causes(struct finding *f)
{
    const char *role = f->text[FINDING_ROLE_ID], *app = f->text[FINDING_CALLER_APP_ID];
    enum operation_kind kind = f->operation->kind;

    if (kind == OPERATION_ELEVATE)
        finding_note(f, "Global Administrators elevate to read this log or to recover lost access; "
                        "it should be undone soon after.");
    if (kind == OPERATION_ASSIGN && role != NULL &&
        (f->scope_kind & (SCOPE_ROOT | SCOPE_TENANT_ROOT_GROUP)) &&
        (strcmp(role, ROLES_SECURITY_ADMIN) == 0 || strcmp(role, ROLES_SECURITY_READER) == 0))
        finding_note(f, "Microsoft Defender for Cloud asks for this role here when tenant-wide "
                        "visibility is turned on.");
    if (app != NULL && strcmp(app, STORY_PIM_APP_ID) == 0)
        finding_note(f, "Done by Privileged Identity Management itself: look for the request of "
                        "the person behind it.");
    if (kind == OPERATION_DELEGATE)
        finding_note(f, "Expected when a service provider is onboarded through Azure Lighthouse.");
}

/* What the record of an assignment does not say. */
static void note_unknown(struct finding *f)
{
    int nowhere = f->text[FINDING_SCOPE] == NULL;

    if (f->operation->kind != OPERATION_ASSIGN)
        return;
    if (f->text[FINDING_ROLE_ID] == NULL)
        finding_note(f, nowhere ? "The record says neither which role nor where; it may be Owner."
                                : "The record does not say which role; it may be Owner. Look the "
                                  "assignment up by its name.");
    else if (nowhere)
        finding_note(f, "The record does not say where the role applies.");
}

/* How many operations the records may be of, and when the last of them was. */
static void note_steps(struct finding *f)
{
    enum operation_kind kind = f->operation->kind;
    char time[TIMESTAMP_TEXT_MAX];
    struct buf b = {0};

    if ((kind == OPERATION_ASSIGN || kind == OPERATION_UNASSIGN) && f->begun > 1 &&
        f->text[FINDING_ASSIGNMENT_NAME] == NULL && f->text[FINDING_OPERATION_ID] == NULL)
        buf_printf(&b,
                   "The records name no assignment, and %d of them are of a begin: they may be of "
                   "as many operations, which need not all have ended alike.",
                   f->begun);
    else if (kind == OPERATION_PIM_REQUEST && f->outcome == OUTCOME_SUCCEEDED &&
             f->end_time - f->time > STEPS_TICKS)
        buf_printf(&b, "What was requested then was completed at %s.",
                   timestamp_format(f->end_time, time));
    if (b.len > 0)
        finding_note(f, buf_text(&b));
    buf_free(&b);
}

/* What is unusual about the records of one finding. */
static void note_records(struct finding *f)
{
    struct buf b = {0};

    if (f->exists && f->outcome == OUTCOME_FAILED)
        finding_note(f, "The same assignment already existed (RoleAssignmentExists).");
    if (f->nothing)
        finding_note(f, "There was nothing to delete.");
    if (f->cascade)
        finding_note(f, "Deleted along with the scope it applied to.");
    note_unknown(f);
    note_steps(f);
    if (f->pim != PIM_NONE && !f->typed)
        finding_note(f, STORY_NOTE_PIM_UNKNOWN);
    if (f->pim == PIM_END)
        finding_note(f, STORY_NOTE_PIM_END);
    if (f->pim == PIM_OTHER)
        finding_note(f, STORY_NOTE_PIM_OTHER);
    if (f->maybe_ended != 0)
        finding_note(f, "Its removal was begun; no record says how that ended.");
    if (f->asks && f->outcome == OUTCOME_STARTED)
        finding_note(f, "It asks for more time, which an administrator has to approve.");
    if (f->outcome == OUTCOME_STARTED)
        finding_note(f, "No record says how it ended.");
    if (f->outcome == OUTCOME_SUCCEEDED && f->doubted > f->succeeded && f->succeeded != 0)
        finding_note(f, f->status_word == NULL
                            ? "A later record of it says that it failed."
                            : "A later record of it has a status that is not known here.");
    if (f->status_word != NULL && f->outcome <= OUTCOME_STARTED) {
        buf_printf(&b, "The status \"%s\" is not known here: whether it succeeded is not known.",
                   f->status_word);
        finding_note(f, b.data);
        buf_free(&b);
    } else if (f->outcome == OUTCOME_UNKNOWN)
        finding_note(f, "The record has no status: whether it succeeded is not known.");
    if (f->time == 0)
        finding_note(f, "No record has a readable time.");
    if (f->repeats > FINDING_PLACES_MAX) {
        buf_printf(&b, "Also seen in %zu more places", f->repeats - FINDING_PLACES_MAX);
        finding_note(f, b.data);
        buf_free(&b);
    }
}

void story_notes(struct finding_set *s)
{
    struct hash_map policies = {0};
    struct buf key = {0};
    size_t i;

    for (i = 0; i < s->nreported; i++) {
        struct finding *f = &s->all[s->reported[i]];

        note_causes(f);
        if (f->operation->kind == OPERATION_ASSIGN && follows_policy(s, f, &policies, &key))
            finding_note(f, "May be the identity of a policy assignment that the same caller made "
                            "just before, for remediation.");
        note_records(f);
        if (f->operation->kind == OPERATION_POLICY_ASSIGNMENT && f->text[FINDING_CALLER] != NULL)
            hash_map_put(&policies, policy_key(f->text[FINDING_CALLER], &key), s->reported[i]);
    }
    hash_map_free(&policies);
    buf_free(&key);
}
