#include "acquire/scope_request.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Add one scope to the journal, if it is not there. */
static void add_scope(struct context *r, const struct arm_scope *s)
{
    struct buf name = {0}, file = {0}, folder = {0};

    arm_scope_print(s, &name);
    arm_scope_file(s, &file);
    arm_scope_partition(s, &folder);
    (void)journal_add_scope(&r->journal, buf_text(&name), buf_text(&file), buf_text(&folder));
    buf_free(&name);
    buf_free(&file);
    buf_free(&folder);
}

/* A list of scopes could not be read: it becomes a scope "mg:*" or "sub:*" that has failed. */
static void note_failed_list(struct context *r, const char *name, const struct arm_error *words,
                             const struct err *failure)
{
    struct journal_scope *s;

    r->w->warning(r->w->arg, failure->msg);
    s = journal_add_scope(&r->journal, name, name, name);
    s->absent = 0;
    if (r->first_failure.code == ERR_NONE)
        r->first_failure = *failure;
    journal_end_scope(&r->journal, s, failure->http == 403 ? "forbidden" : "failed",
                      words->code[0] != '\0' ? words->code : err_name(failure->code),
                      words->whole[0] != '\0' ? words->whole : failure->msg, failure->code);
}

/* A list of scopes is empty, as it also is for an account that may not read them. */
static void note_empty_list(struct context *r, const char *name, int groups)
{
    const char *why = groups ? "no management group is visible to this account"
                             : "no subscription is visible to this account";
    struct journal_scope *s = journal_add_scope(&r->journal, name, name, name);

    context_warn(r, "%s: %s", name, why);
    s->absent = 0;
    journal_end_scope(&r->journal, s, "forbidden", MANIFEST_EMPTY_LIST, why, ERR_AUTH);
}

/* Remember the state that a list gives for a scope. */
static void note_state(struct context *r, const struct arm_scope *s, const char *state)
{
    struct buf name = {0};
    char *key;

    if (state == NULL)
        return;
    arm_scope_print(s, &name);
    key = text_lower_dup(slice_of(buf_text(&name)));
    hash_map_put(&r->state_names, slice_of(key), r->nstates);
    r->states = mem_grow(r->states, r->nstates, &r->states_cap, sizeof(*r->states));
    r->states[r->nstates++] = mem_strdup(state);
    free(key);
    buf_free(&name);
}

/* Read one list of scopes and add what it names. */
static int add_listed(struct context *r, enum arm_scope_kind kind, struct err *e)
{
    const char *name = kind == ARM_MANAGEMENT_GROUP ? "mg:*" : "sub:*";
    struct lists_scopes l = {0};
    struct lists_failure why;
    struct err failure;
    int ret = lists_scopes(r->fetch, r->endpoint, kind, &l, &why, &failure);
    size_t i;

    if (ret != 0 && !why.own) {
        *e = failure;
    } else if (ret != 0) {
        note_failed_list(r, name, &why.words, &failure);
        ret = 0;
    } else if (l.n == 0) {
        note_empty_list(r, name, kind == ARM_MANAGEMENT_GROUP);
    }
    for (i = 0; i < l.n && ret == 0; i++) {
        if (i % 256 == 0 && sys_interrupted()) {
            ret = err_set(e, ERR_INTERRUPTED, "interrupted");
        } else {
            add_scope(r, &l.scopes[i]);
            note_state(r, &l.scopes[i], l.states[i]);
        }
    }
    lists_scopes_free(&l);
    return ret;
}

int scope_request_add_wished(struct context *r, struct err *e)
{
    const struct arm_scope tenant = {ARM_TENANT, NULL};
    size_t i;

    /* Lists that failed before are only part of this run if they fail again. */
    for (i = 0; i < r->journal.nscopes; i++)
        r->journal.scopes[i].absent = manifest_is_list(r->journal.scopes[i].scope);
    for (i = 0; i < r->nwishes; i++) {
        enum arm_wish_kind kind = r->wishes[i].kind;

        if (kind == ARM_WISH_ONE)
            add_scope(r, &r->wishes[i].scope);
        if (kind == ARM_WISH_ALL)
            add_scope(r, &tenant);
        if ((kind == ARM_WISH_ALL_GROUPS || kind == ARM_WISH_ALL) &&
            add_listed(r, ARM_MANAGEMENT_GROUP, e) != 0)
            return -1;
        if ((kind == ARM_WISH_ALL_SUBSCRIPTIONS || kind == ARM_WISH_ALL) &&
            add_listed(r, ARM_SUBSCRIPTION, e) != 0)
            return -1;
    }
    return 0;
}

int scope_request_add_published(struct context *r, struct err *e)
{
    const struct manifest *m = &r->journal.base;
    size_t i;

    for (i = 0; r->journal.updating && i < m->nscopes; i++) {
        struct arm_wish w = {0};

        if (manifest_is_list(m->scopes[i].scope))
            continue;
        if (arm_wish_parse(&w, m->scopes[i].scope, e) != 0) {
            e->code = e->code == ERR_USAGE ? ERR_FOREIGN : e->code;
            e->hint[0] = '\0';
            return err_wrap(e, "%s: manifest", r->w->dir);
        }
        add_scope(r, &w.scope);
        arm_scope_free(&w.scope);
    }
    return 0;
}

int scope_request_order(struct context *r, struct err *e)
{
    struct journal *j = &r->journal;
    size_t i;

    r->scopes.scopes = mem_zalloc(j->nscopes + 1, sizeof(*r->scopes.scopes));
    r->scopes.states = mem_zalloc(j->nscopes + 1, sizeof(*r->scopes.states));
    for (i = 0; i < j->nscopes; i++) {
        struct arm_wish w = {0};
        char *key = text_lower_dup(slice_of(j->scopes[i].scope));
        size_t at = hash_map_get(&r->state_names, slice_of(key));

        free(key);
        r->scopes.n++;
        r->scopes.states[i] = at == HASH_MAP_NONE ? NULL : mem_strdup(r->states[at]);
        if (manifest_is_list(j->scopes[i].scope)) {
            r->scopes.scopes[i].kind = ARM_SUBSCRIPTION; /* and no id: nothing to be read */
            continue;
        }
        if (arm_wish_parse(&w, j->scopes[i].scope, e) != 0 || w.kind != ARM_WISH_ONE)
            return err_set(e, ERR_FOREIGN, "%s: journal: %s: bad scope", r->w->dir,
                           j->scopes[i].scope);
        r->scopes.scopes[i] = w.scope;
    }
    return 0;
}
