#include "detect/story.h"

#include "base/hash.h"
#include "detect/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hexadecimal digits of a StoryId: 48 bits tell the stories of any case apart. */
#define STORY_DIGITS 12

/* The application behind Privileged Identity Management (MS-PIM). */
#define PIM_APP_ID "01fc33a7-78ba-4d2f-a4b7-768e336e890e"

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
    size_t *of;                        /* for each reported finding: its story, or MAP_NONE */
    struct map by_caller, by_assigned; /* caller: story; "caller|assignment": reported finding */
};

/* Who a finding's caller is, or an empty key. */
static int caller_key(const struct finding *f, struct buf *key)
{
    const char *who = f->text[FINDING_CALLER_OBJECT_ID];

    buf_clear(key);
    if (who == NULL)
        who = f->text[FINDING_CALLER];
    for (; who != NULL && *who != '\0'; who++) {
        if (buf_putc(key, *who >= 'A' && *who <= 'Z' ? (char)(*who + ('a' - 'A')) : *who) != 0)
            return -1;
    }
    return 0;
}

/* "<caller>|<assignment id>". key holds the caller. */
static int assigned_key(const struct finding *f, struct buf *key)
{
    const char *id = f->text[FINDING_ASSIGNMENT_ID];

    if (buf_putc(key, '|') != 0)
        return -1;
    for (; id != NULL && *id != '\0'; id++) {
        if (buf_putc(key, *id >= 'A' && *id <= 'Z' ? (char)(*id + ('a' - 'A')) : *id) != 0)
            return -1;
    }
    return 0;
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
static int elevated(struct stories *x, size_t i, const struct finding *f, struct buf *key)
{
    size_t open = map_get(&x->by_caller, buf_slice(key));
    int64_t until = f->ended_time == 0 ? INT64_MAX : f->ended_time;

    if (open != MAP_NONE && x->all[open].elevated && f->time <= x->all[open].until) {
        join(x, i, open);
    } else {
        open = begin(x, i);
        if (map_put(&x->by_caller, buf_slice(key), open) != 0)
            return -1;
    }
    x->all[open].elevated = 1;
    if (until > x->all[open].until)
        x->all[open].until = until;
    return 0;
}

/* An assignment or a removal: part of the caller's elevation, or of what the caller assigned. */
static int assigned(struct stories *x, size_t i, const struct finding *f, struct buf *key)
{
    size_t open = map_get(&x->by_caller, buf_slice(key)), earlier;

    if (open != MAP_NONE && f->time <= x->all[open].until)
        join(x, i, open);
    if (f->text[FINDING_ASSIGNMENT_ID] == NULL || f->outcome != OUTCOME_SUCCEEDED || f->nothing)
        return 0;
    if (assigned_key(f, key) != 0)
        return -1;
    if (f->operation->kind == OPERATION_ASSIGN)
        return map_put(&x->by_assigned, buf_slice(key), i);
    earlier = map_get(&x->by_assigned, buf_slice(key));
    if (earlier == MAP_NONE || x->of[i] != MAP_NONE)
        return 0;
    if (x->of[earlier] == MAP_NONE)
        (void)begin(x, earlier);
    join(x, i, x->of[earlier]);
    return 0;
}

/* Pass all findings in order of time. */
static int pass(const struct finding_set *s, struct stories *x)
{
    struct buf key = {0};
    size_t i;
    int ret = 0;

    for (i = 0; ret == 0 && i < s->nreported; i++) {
        const struct finding *f = &s->all[s->reported[i]];
        enum operation_kind kind = f->operation->kind;

        x->of[i] = MAP_NONE;
        if (kind != OPERATION_ELEVATE && kind != OPERATION_ASSIGN && kind != OPERATION_UNASSIGN)
            continue;
        ret = caller_key(f, &key);
        if (ret != 0 || key.len == 0)
            continue;
        if (kind != OPERATION_ELEVATE)
            ret = assigned(x, i, f, &key);
        else if (f->outcome == OUTCOME_SUCCEEDED)
            ret = elevated(x, i, f, &key);
    }
    buf_free(&key);
    return ret;
}

/* The id of a story: the same for the same log, whatever else is read with it. */
static int name_story(const struct finding_set *s, const struct story *story, char *out, size_t cap)
{
    const struct finding *f = &s->all[s->reported[story->leader]];
    char hex[HASH_HEX_MAX];
    struct buf b = {0};
    int ret = -1;

    if (caller_key(f, &b) == 0 &&
        buf_printf(
            &b, "|%lld|%s|%s", (long long)f->time, f->operation->name,
            f->text[FINDING_CORRELATION_ID] == NULL ? "" : f->text[FINDING_CORRELATION_ID]) == 0 &&
        hash_bytes(b.data, b.len, hex) == 0) {
        (void)snprintf(out, cap, "story-%.*s", STORY_DIGITS, hex);
        ret = 0;
    }
    buf_free(&b);
    return ret;
}

int story_link(struct finding_set *s)
{
    struct stories x = {0};
    char name[32];
    size_t i;
    int ret = -1;

    x.all = calloc(s->nreported + 1, sizeof(*x.all));
    x.of = calloc(s->nreported + 1, sizeof(*x.of));
    if (x.all == NULL || x.of == NULL || pass(s, &x) != 0)
        goto out;
    for (i = 0; i < s->nreported; i++) {
        const struct story *story = x.of[i] == MAP_NONE ? NULL : &x.all[x.of[i]];
        struct finding *f = &s->all[s->reported[i]];

        if (story == NULL || story->members < 2)
            continue;
        if (name_story(s, story, name, sizeof(name)) != 0)
            goto out;
        f->text[FINDING_STORY_ID] = slice_dup(slice_of(name));
        if (f->text[FINDING_STORY_ID] == NULL)
            goto out;
    }
    ret = 0;
out:
    free(x.all);
    free(x.of);
    map_free(&x.by_caller);
    map_free(&x.by_assigned);
    return ret;
}

/* Whether a service principal got a role right after the same caller assigned a policy there. */
static int follows_policy(const struct finding_set *s, size_t i)
{
    const struct finding *f = &s->all[s->reported[i]];
    const char *type = f->text[FINDING_PRINCIPAL_TYPE], *caller = f->text[FINDING_CALLER];

    if (type == NULL || caller == NULL || !slice_equals_nocase(slice_of(type), "ServicePrincipal"))
        return 0;
    while (i-- > 0) {
        const struct finding *p = &s->all[s->reported[i]];

        if (f->time - p->time > POLICY_NEAR)
            return 0;
        if (p->operation->kind == OPERATION_POLICY_ASSIGNMENT && p->text[FINDING_CALLER] != NULL &&
            slice_equals_nocase(slice_of(p->text[FINDING_CALLER]), caller))
            return 1;
    }
    return 0;
}

/* Benign causes of one finding; never a reason to hide it. */
static int note_causes(struct finding_set *s, size_t i)
{
    struct finding *f = &s->all[s->reported[i]];
    const char *role = f->text[FINDING_ROLE_ID], *app = f->text[FINDING_CALLER_APP_ID];
    enum operation_kind kind = f->operation->kind;
    int ret = 0;

    if (kind == OPERATION_ELEVATE)
        ret |= finding_note(f, "Global Administrators elevate to read this log or to recover lost "
                               "access; it should be undone soon after.");
    if (kind == OPERATION_ASSIGN && role != NULL &&
        (f->scope_kind & (SCOPE_ROOT | SCOPE_TENANT_ROOT_GROUP)) &&
        (strcmp(role, ROLES_SECURITY_ADMIN) == 0 || strcmp(role, ROLES_SECURITY_READER) == 0))
        ret |= finding_note(f, "Microsoft Defender for Cloud asks for this role here when "
                               "tenant-wide visibility is turned on.");
    if (app != NULL && strcmp(app, PIM_APP_ID) == 0)
        ret |= finding_note(f, "Done by Privileged Identity Management itself: look for the "
                               "request of the person behind it.");
    if (kind == OPERATION_ASSIGN && follows_policy(s, i))
        ret |= finding_note(f, "May be the identity of a policy assignment that the same caller "
                               "made just before, which remediates what the policy finds.");
    if (kind == OPERATION_DELEGATE)
        ret |= finding_note(f, "Expected while a service provider is taken on through Azure "
                               "Lighthouse.");
    return ret;
}

/* What is unusual about the records of one finding. */
static int note_records(struct finding *f)
{
    enum operation_kind kind = f->operation->kind;
    struct buf b = {0};
    int ret = 0;

    if (f->exists && f->outcome == OUTCOME_FAILED)
        ret |= finding_note(f, "The same assignment stood already (RoleAssignmentExists).");
    if (f->nothing)
        ret |= finding_note(f, "There was nothing to delete.");
    if (f->cascade)
        ret |= finding_note(f, "Deleted along with the scope it applied to.");
    if (kind == OPERATION_ASSIGN && f->text[FINDING_ROLE_ID] == NULL)
        ret |= finding_note(f, "The log does not say which role was given to whom: look the "
                               "assignment up by its name.");
    if (f->outcome == OUTCOME_STARTED)
        ret |= finding_note(f, "No record says how it ended.");
    if (f->time == 0)
        ret |= finding_note(f, "No record has a time that can be read.");
    if (f->repeats > FINDING_PLACES_MAX) {
        ret |= buf_printf(&b, "Also seen in %zu more places", f->repeats - FINDING_PLACES_MAX);
        if (ret == 0)
            ret |= finding_note(f, b.data);
        buf_free(&b);
    }
    return ret;
}

int story_notes(struct finding_set *s)
{
    size_t i;

    for (i = 0; i < s->nreported; i++) {
        if (note_causes(s, i) != 0 || note_records(&s->all[s->reported[i]]) != 0)
            return -1;
    }
    return 0;
}
