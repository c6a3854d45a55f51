#include "detect/log_coverage.h"

#include "base/mem.h"
#include "base/text.h"
#include "detect/scope.h"

#include <stdlib.h>
#include <string.h>

/* A scope of a manifest in lower case, in *key. */
static struct slice scope_key(const char *scope, struct buf *key)
{
    buf_clear(key);
    text_put_lower(key, slice_of(scope));
    return buf_slice(key);
}

static int is_subscription(const char *scope)
{
    return text_starts_nocase(slice_of(scope), "sub:");
}

static int is_group(const char *scope)
{
    return text_starts_nocase(slice_of(scope), "mg:");
}

/* Note one scope of an export. One that is whole in any export is whole. */
static void read_scope(struct log_coverage *c, const struct manifest_scope *s, struct buf *key)
{
    struct slice k = scope_key(s->scope, key);
    int known = hash_map_get(&c->complete, k) != HASH_MAP_NONE;

    if (known)
        return;
    if (strcmp(s->status, "complete") == 0) {
        hash_map_put(&c->complete, k, 0);
        c->subscriptions += (size_t)is_subscription(s->scope);
        c->groups += (size_t)is_group(s->scope);
        c->tenant |= strcmp(s->scope, "tenant") == 0;
    } else if (hash_map_get(&c->status, k) == HASH_MAP_NONE) {
        c->bad = mem_grow(c->bad, c->nbad, &c->cap_bad, sizeof(*c->bad));
        hash_map_put(&c->status, k, c->nbad);
        c->bad[c->nbad++] = s;
    }
}

/* Note what an export asked for. */
static void read_query(struct log_coverage *c, const struct manifest *m)
{
    size_t i;

    for (i = 0; i < m->nscopes_asked; i++) {
        int all = strcmp(m->scopes_asked[i], "all") == 0;

        c->all_subscriptions |= all || strcmp(m->scopes_asked[i], "sub:*") == 0;
        c->all_groups |= all || strcmp(m->scopes_asked[i], "mg:*") == 0;
    }
}

/* Note the place of one power whose log is not there whole. */
static void need(struct log_coverage *c, struct log_coverage_reach *r, const char *kind,
                 struct slice id)
{
    struct buf name = {0}, key = {0};
    int group = kind[0] == 'm';
    char **to = group ? &r->group : &r->subscription;

    buf_printf(&name, "%s:%.*s", kind, (int)id.len, id.data);
    if (hash_map_get(&c->complete, scope_key(name.data, &key)) == HASH_MAP_NONE) {
        r->unlogged_group |= group;
        r->unlogged_subscription |= !group;
        if (*to == NULL)
            *to = mem_strdup(name.data);
    }
    buf_free(&name);
    buf_free(&key);
}

/* Where the powers of all stories reach. */
static void read_powers(struct log_coverage *c, const struct holders *h)
{
    size_t i;

    c->nstories = h->nstories;
    c->reach = mem_zalloc(h->nstories + 1, sizeof(*c->reach));
    for (i = 0; i < h->npowers; i++) {
        const struct finding *f = h->powers[i].finding;
        struct log_coverage_reach *r = &c->reach[h->all[h->powers[i].holder].story];
        struct slice inside = scope_container(slice_of(f->text[FINDING_SCOPE]));

        if (f->scope_kind == SCOPE_ROOT || f->scope_kind == SCOPE_TENANT_ROOT_GROUP)
            r->everywhere = 1;
        else if (f->scope_kind == SCOPE_MANAGEMENT_GROUP)
            r->groups = 1;
        if (inside.data != NULL)
            need(c, r,
                 text_starts_nocase(slice_of(f->text[FINDING_SCOPE]), "/subscriptions/") ? "sub"
                                                                                         : "mg",
                 inside);
    }
}

void log_coverage_read(struct log_coverage *c, const struct input *in, const struct holders *h)
{
    struct buf key = {0};
    size_t x, i;

    for (x = 0; x < in->nexports; x++) {
        const struct manifest *m = &in->exports[x].manifest;

        if (in->exports[x].in_part)
            continue;
        read_query(c, m);
        for (i = 0; i < m->nscopes; i++)
            read_scope(c, &m->scopes[i], &key);
    }
    for (i = 0; i < c->nbad; i++) {
        int whole = hash_map_get(&c->complete, scope_key(c->bad[i]->scope, &key)) != HASH_MAP_NONE;

        c->bad_subscriptions += (size_t)(!whole && is_subscription(c->bad[i]->scope));
        c->bad_groups += (size_t)(!whole && is_group(c->bad[i]->scope));
    }
    for (i = 0; i < in->nfiles; i++)
        c->plain |= in->files[i].export_index < 0 || in->exports[in->files[i].export_index].in_part;
    read_powers(c, h);
    buf_free(&key);
}

/* What is missing of the logs of one kind of scope below a power. */
static void tell_kind(const char *what, const char *option, size_t whole, size_t bad, int all,
                      struct buf *b)
{
    if (whole == 0 && bad == 0)
        buf_printf(b,
                   "No log of a %s is among the inputs (acquire --scope %s): what was done "
                   "there is not known.",
                   what, option);
    else if (bad > 0)
        buf_printf(b,
                   "The logs of %zu %s%s could not be read whole: what was done there is not "
                   "known in full.",
                   bad, what, bad == 1 ? "" : "s");
    else if (!all)
        buf_printf(b,
                   "The logs of %zu %s%s are among the inputs, and not all were asked for "
                   "(acquire --scope %s): what was done in others is not known.",
                   whole, what, whole == 1 ? "" : "s", option);
}

/* Hand out a sentence that may be empty. */
static void give(struct buf *b, void (*note)(const char *text, void *arg), void *arg)
{
    if (b->len > 0) {
        note(buf_text(b), arg);
    }
    buf_clear(b);
}

void log_coverage_tell(const struct log_coverage *c, size_t story,
                       void (*note)(const char *text, void *arg), void *arg)
{
    const struct log_coverage_reach *r = &c->reach[story];
    int wide = r->everywhere || r->groups,
        exports = c->tenant || c->nbad > 0 || c->groups > 0 || c->subscriptions > 0;
    struct buf b = {0};

    if (c->plain)
        buf_puts(&b, "Some inputs are single files: what they do not hold is not "
                     "known.");
    give(&b, note, arg);
    if (r->everywhere && exports && !c->tenant)
        buf_puts(&b, "The tenant's own log is not among the inputs, or could not be read "
                     "whole.");
    give(&b, note, arg);
    if (wide)
        tell_kind("subscription", "all", c->subscriptions, c->bad_subscriptions,
                  c->all_subscriptions, &b);
    give(&b, note, arg);
    if (wide)
        tell_kind("management group", "all", c->groups, c->bad_groups, c->all_groups, &b);
    give(&b, note, arg);
    if (!wide && r->subscription != NULL)
        buf_printf(&b,
                   "The log of %s is not among the inputs, or could not be read whole: what "
                   "was done there is not known in full.",
                   r->subscription);
    give(&b, note, arg);
    buf_free(&b);
}

void log_coverage_free(struct log_coverage *c)
{
    size_t i;

    for (i = 0; i < c->nstories; i++) {
        free(c->reach[i].group);
        free(c->reach[i].subscription);
    }
    free(c->reach);
    free(c->bad);
    hash_map_free(&c->complete);
    hash_map_free(&c->status);
    memset(c, 0, sizeof(*c));
}
