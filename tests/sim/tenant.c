#include "tenant.h"

#include "event.h"
#include "noise.h"
#include "story.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One of the cast. */
struct role_card {
    enum who_kind kind;
    const char *given, *surname, *name;
};

static const struct role_card cast[WHO_NOISE] = {
    {WHO_USER, "Dana", "Whitfield", "Dana Whitfield"},
    {WHO_USER, "Ines", "Kowal", "Ines Kowal"},
    {WHO_USER, "Milan", "Horvat", "Milan Horvat"},
    {WHO_USER, "Tomas", "Berg", "Tomas Berg"},
    {WHO_USER, "Jonas", "Petrov", "Jonas Petrov"},
    {WHO_SERVICE, "", "", "sp-landingzone-automation"},
    {WHO_SERVICE, "", "", "sp-sandbox-pipeline"},
    {WHO_USER, "Emergency", "Access", "Emergency Access 1"},
    {WHO_GROUP, "", "", "Security Auditors"},
    {WHO_GROUP, "", "", "Platform Operators"},
};

static const char *const given_names[] = {
    "Ada",   "Bram", "Carla", "Deniz", "Elin", "Farid",  "Greta", "Hugo",
    "Iris",  "Jaro", "Kemal", "Lotte", "Mira", "Nils",   "Oona",  "Pavel",
    "Quinn", "Rosa", "Sven",  "Talia", "Ulla", "Viktor", "Wanda", "Zo\xc3\xab"};
static const char *const surnames[] = {"Abel",   "Brandt", "Castel", "Dorn",   "Engel", "Fabre",
                                       "Grimm",  "Holt",   "Ibsen",  "Jansen", "Krall", "Lind",
                                       "Moreau", "Novak",  "Orsini", "Pires",  "Roth",  "Sand",
                                       "Thorne", "Ullman", "Voss",   "Weiss",  "Young", "Zeman"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The name before the @: ASCII letters in lower case. */
static void mailbox(const char *given, const char *surname, char *out, size_t cap)
{
    size_t n = 0;

    for (; *given != '\0' && n + 2 < cap; given++) {
        if (((unsigned char)*given & 0x80U) == 0)
            out[n++] = (char)(*given | ' ');
    }
    out[n++] = '.';
    for (; *surname != '\0' && n + 1 < cap; surname++)
        out[n++] = (char)(*surname | ' ');
    out[n] = '\0';
}

/* Invent principal i. */
static void make_principal(struct tenant *t, size_t i)
{
    struct principal *p = &t->who[i];
    struct rng r = {rng_hash(t->options->seed, 0x1000 + i)};
    const char *given, *surname;
    char box[72];

    p->seed = r.state;
    if (i < WHO_NOISE) {
        p->kind = cast[i].kind;
        given = cast[i].given;
        surname = cast[i].surname;
        (void)snprintf(p->name, sizeof(p->name), "%s", cast[i].name);
    } else {
        p->kind = i % 5 == 4 ? WHO_SERVICE : WHO_USER;
        given = given_names[i % COUNT(given_names)];
        surname = surnames[rng_below(&r, COUNT(surnames))];
        (void)snprintf(p->name, sizeof(p->name), "%s %s", given, surname);
        if (p->kind == WHO_SERVICE)
            (void)snprintf(p->name, sizeof(p->name), "sp-workload-%02zu", i);
    }
    if (p->kind == WHO_USER) {
        (void)snprintf(p->given, sizeof(p->given), "%s", given);
        (void)snprintf(p->surname, sizeof(p->surname), "%s", surname);
        mailbox(given, surname, box, sizeof(box));
        (void)snprintf(p->upn, sizeof(p->upn), "%s@contoso.example", box);
    }
    (void)rng_guid(&r, p->oid);
    (void)rng_guid(&r, p->app_id);
    if (p->kind == WHO_USER)
        (void)snprintf(p->app_id, sizeof(p->app_id), "c44b4083-3bb0-49c1-b47d-974e53cbdf3c");
    (void)snprintf(p->ip, sizeof(p->ip), "%s.%u", i % 3 == 0 ? "198.51.100" : "203.0.113",
                   1 + rng_below(&r, 253));
    event_prepare_claims(p, t->options->tenant);
}

/* Fill the texts of a scope from its kind and id. */
static void finish_scope(struct tenant *t, struct log_scope *s)
{
    static const char groups[] = "/providers/Microsoft.Management/managementGroups/";

    if (s->kind == SCOPE_TENANT) {
        (void)snprintf(s->text, sizeof(s->text), "tenant");
        (void)snprintf(s->path, sizeof(s->path), "/");
    } else if (s->kind == SCOPE_GROUP) {
        (void)snprintf(s->text, sizeof(s->text), "mg:%s", s->id);
        (void)snprintf(s->path, sizeof(s->path), "%s%s", groups, s->id);
    } else {
        (void)snprintf(s->text, sizeof(s->text), "sub:%s", s->id);
        (void)snprintf(s->path, sizeof(s->path), "/subscriptions/%s", s->id);
    }
    s->seed = rng_hash(t->options->seed, 0x2000 + (uint64_t)(s - t->scopes));
}

/* The tenant, its groups and its subscriptions. */
static void make_scopes(struct tenant *t)
{
    static const char *const names[] = {"contoso-platform", "contoso-landing.zones_(eu)",
                                        "contoso-sandbox"};
    size_t i;

    t->ngroups = (size_t)t->options->groups;
    t->nsubs = (size_t)t->options->subscriptions;
    t->nscopes = 1 + t->ngroups + t->nsubs;
    t->scopes = mem_zalloc(t->nscopes, sizeof(*t->scopes));
    for (i = 0; i < t->nscopes; i++) {
        struct log_scope *s = &t->scopes[i];
        size_t n = i == 0 ? 0 : i <= t->ngroups ? i - 1 : i - 1 - t->ngroups;
        struct rng r = {rng_hash(t->options->seed, 0x3000 + i)};

        s->kind = i == 0 ? SCOPE_TENANT : i <= t->ngroups ? SCOPE_GROUP : SCOPE_SUBSCRIPTION;
        if (s->kind == SCOPE_SUBSCRIPTION) {
            (void)rng_guid(&r, s->id);
            (void)snprintf(s->title, sizeof(s->title), "Contoso Workload %zu", n + 1);
            s->parent = t->ngroups > 1 ? 2 : t->ngroups;
        } else if (s->kind == SCOPE_GROUP && n == 0) {
            (void)snprintf(s->id, sizeof(s->id), "%s", t->options->tenant);
            (void)snprintf(s->title, sizeof(s->title), "Tenant Root Group");
        } else if (s->kind == SCOPE_GROUP) {
            s->parent = 1;
            if (n <= COUNT(names))
                (void)snprintf(s->id, sizeof(s->id), "%s", names[n - 1]);
            else
                (void)snprintf(s->id, sizeof(s->id), "contoso-team-%03zu", n);
            (void)snprintf(s->title, sizeof(s->title), "Contoso group %zu", n);
        }
        finish_scope(t, s);
    }
}

/* Order of two entries: time, then id. */
static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->ticks != y->ticks)
        return x->ticks < y->ticks ? -1 : 1;
    return x->id8 < y->id8 ? -1 : x->id8 > y->id8;
}

/* Lay out the index of one scope: its stories, and noise up to its number of events. */
static void make_index(const struct tenant *t, struct log_scope *s)
{
    const struct sim_options *o = t->options;
    size_t i, n = (size_t)(s->kind == SCOPE_TENANT ? o->events : o->events_per_scope);

    if (o->distribution == DIST_EMPTY)
        n = 0;
    s->nindex = n;
    s->index = mem_zalloc(n, sizeof(*s->index));
    for (i = 0; i < n; i++) {
        struct entry *en = &s->index[i];
        struct rng r;

        en->seq = (uint32_t)i;
        if (i < s->nstories) {
            r.state = s->stories[i]->id_seed;
            en->ticks = s->stories[i]->ticks;
            en->id8 = (uint32_t)rng_next(&r);
        } else {
            en->ticks = noise_ticks(t, s, (uint32_t)i, n);
            en->id8 = rng_permute((uint32_t)i, s->seed);
        }
    }
    qsort(s->index, n, sizeof(*s->index), compare_entries);
}

struct tenant *tenant_new(const struct sim_options *o, int64_t now)
{
    struct tenant *t = mem_zalloc(1, sizeof(*t));
    size_t i;

    t->options = o;
    t->end = timestamp_floor_day(now);
    t->start = t->end - o->days * TICKS_PER_DAY;
    if (o->distribution == DIST_INSTANT) {
        t->start += (t->end - t->start) / 2;
        t->start = timestamp_floor_day(t->start) + 12 * 3600 * TICKS_PER_SECOND;
        t->end = t->start + TICKS_PER_SECOND;
    }
    for (i = 0; i < WHO_COUNT; i++)
        make_principal(t, i);
    make_scopes(t);
    story_build(t);
    for (i = 0; i < t->nscopes; i++)
        make_index(t, &t->scopes[i]);
    return t;
}

void tenant_free(struct tenant *t)
{
    size_t i, k;

    if (t == NULL)
        return;
    for (i = 0; i < WHO_COUNT; i++) {
        for (k = 0; k < COUNT(t->who[i].claims); k++)
            buf_free(&t->who[i].claims[k]);
    }
    for (i = 0; t->scopes != NULL && i < t->nscopes; i++) {
        free(t->scopes[i].index);
        free(t->scopes[i].stories);
    }
    free(t->scopes);
    story_free(t->story);
    free(t);
}

const struct log_scope *tenant_find(const struct tenant *t, const char *text)
{
    size_t i;

    for (i = 0; i < t->nscopes; i++) {
        if (strcasecmp(t->scopes[i].text, text) == 0)
            return &t->scopes[i];
    }
    return NULL;
}

const struct log_scope *tenant_group(const struct tenant *t, size_t i)
{
    return i < t->ngroups ? &t->scopes[1 + i] : NULL;
}

const struct log_scope *tenant_subscription(const struct tenant *t, size_t i)
{
    return i < t->nsubs ? &t->scopes[1 + t->ngroups + i] : NULL;
}

size_t tenant_upper(const struct log_scope *s, int64_t ticks)
{
    return ticks == INT64_MAX ? s->nindex : tenant_lower(s, ticks + 1);
}

size_t tenant_lower(const struct log_scope *s, int64_t ticks)
{
    size_t lo = 0, hi = s->nindex;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (s->index[mid].ticks < ticks)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}
