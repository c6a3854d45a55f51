#include "acquire/acquire.h"

#include "acquire/lists.h"
#include "acquire/stream.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "base/version.h"
#include "store/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A start nearer to the end of retention than this would expire while it is asked for. */
#define ACQUIRE_RETENTION_MARGIN (INT64_C(3600) * TICKS_PER_SECOND)
/* Seconds by which the clocks may differ before it is worth a warning. */
#define ACQUIRE_SKEW_MAX_S 60
/* More threads than this find no work: connections deliver less than they compress. */
#define ACQUIRE_THREADS_MAX 8

/* One run. */
struct run {
    const struct acquire_wish *w;
    struct acquire_outcome *out;
    const struct arm_cloud *cloud; /* NULL with --endpoint */
    char *endpoint;                /* without a slash at the end; owned */
    int64_t now, since, until;     /* what the command line says now */
    int since_relative, until_relative;
    int64_t since_asked; /* before clamping */
    struct arm_wish *wishes;
    size_t nwishes;
    struct token *token;
    struct fetch *fetch;
    struct journal journal;
    int journal_is_open;
    struct lists_scopes scopes; /* in the journal's order */
    struct manifest manifest;
    struct err first_failure; /* of a scope or a list; ERR_NONE if there was none */
};

/* ---- what was asked for ---- */

/* Which server, and which audiences its tokens may have. */
static int read_endpoint(struct run *r, struct err *e)
{
    const char *text = r->w->endpoint;
    size_t n;

    if (text == NULL) {
        r->cloud = arm_cloud_find(r->w->cloud);
        if (r->cloud == NULL)
            return err_set(e, ERR_USAGE, "--cloud: %s: unknown", r->w->cloud);
        text = r->cloud->endpoint;
    }
    n = strlen(text);
    while (n > 0 && text[n - 1] == '/')
        n--;
    r->endpoint = malloc(n + 1);
    if (r->endpoint == NULL)
        return err_memory(e, "endpoint");
    memcpy(r->endpoint, text, n);
    r->endpoint[n] = '\0';
    if (r->cloud == NULL)
        r->cloud = arm_cloud_of(r->endpoint);
    return 0;
}

static int read_times(struct run *r, struct err *e)
{
    int64_t limit = timestamp_ceil_second(r->now - ARM_RETENTION_DAYS * TICKS_PER_DAY +
                                          ACQUIRE_RETENTION_MARGIN);
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    r->until = timestamp_floor_second(r->now);
    r->until_relative = r->since_relative = 1;
    if (r->w->until != NULL &&
        timestamp_parse_when(r->w->until, r->now, &r->until, &r->until_relative, e) != 0)
        return err_wrap(e, "--until");
    if (r->until_relative)
        r->until = timestamp_floor_second(r->until);
    r->since = timestamp_floor_second(r->now) - ARM_DEFAULT_DAYS * TICKS_PER_DAY;
    if (r->w->since != NULL &&
        timestamp_parse_when(r->w->since, r->now, &r->since, &r->since_relative, e) != 0)
        return err_wrap(e, "--since");
    if (r->since_relative)
        r->since = timestamp_floor_second(r->since);
    r->since_asked = r->since;
    if (r->since >= r->until)
        return err_set(e, ERR_USAGE, "--since: %s: not before --until, %s",
                       timestamp_format(r->since, a), timestamp_format(r->until, b));
    if (r->since < limit)
        r->since = limit;
    return 0;
}

static int read_scopes(struct run *r, struct err *e)
{
    static const char *const tenant[] = {"tenant"};
    const char *const *texts = r->w->nscopes > 0 ? r->w->scopes : tenant;
    size_t n = r->w->nscopes > 0 ? r->w->nscopes : 1, i;

    r->wishes = calloc(n, sizeof(*r->wishes));
    if (r->wishes == NULL)
        return err_memory(e, "scopes");
    for (i = 0; i < n; i++) {
        if (arm_wish_parse(&r->wishes[i], texts[i], e) != 0)
            return err_wrap(e, "--scope");
        r->nwishes++;
    }
    return 0;
}

/* ---- the state that is there ---- */

/* Two texts are equal, or both absent. */
static int same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The state belongs to another query. */
static int another_query(const struct run *r, const char *what, const char *was, const char *is,
                         struct err *e)
{
    (void)err_set(e, ERR_FOREIGN, "%s: holds another query: %s was %s, is now %s", r->w->dir, what,
                  was, is);
    return err_hint(e, "use another DIR, or --restart to fetch anew");
}

/* Compare one time. */
static int check_time(const struct run *r, const char *what, int64_t was, int64_t is, struct err *e)
{
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    return was == is ? 0
                     : another_query(r, what, timestamp_format(was, a), timestamp_format(is, b), e);
}

/* "a, b" of a list of scopes. */
static int join_scopes(struct buf *b, const char *const *scopes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (buf_printf(b, "%s%s", i == 0 ? "" : ", ", scopes[i]) != 0)
            return -1;
    }
    return buf_terminate(b);
}

/* Whether every scope of one list is in the other; ids that differ only in case are one. */
static int is_within(const char *const *a, size_t na, const char *const *b, size_t nb)
{
    size_t i, k;

    for (i = 0; i < na; i++) {
        for (k = 0; k < nb && !slice_equals_nocase(slice_of(a[i]), b[k]); k++)
            ;
        if (k == nb)
            return 0;
    }
    return 1;
}

/* Compare the scopes as written, in any order. */
static int check_scopes(const struct run *r, char *const *was, size_t n, struct err *e)
{
    static const char *const tenant[] = {"tenant"};
    const char *const *now = r->w->nscopes > 0 ? r->w->scopes : tenant;
    size_t nnow = r->w->nscopes > 0 ? r->w->nscopes : 1;
    const char *const *before = (const char *const *)was;
    struct buf a = {0}, b = {0};
    int ret;

    if (is_within(now, nnow, before, n) && is_within(before, n, now, nnow))
        return 0;
    if (join_scopes(&a, before, n) != 0 || join_scopes(&b, now, nnow) != 0)
        ret = err_memory(e, "scopes");
    else
        ret = another_query(r, "--scope", a.data, b.data, e);
    buf_free(&a);
    buf_free(&b);
    return ret;
}

/* The parts of the query that hold for unfinished and finished states alike. */
static int check_query(const struct run *r, const char *endpoint, int64_t since,
                       int64_t since_asked, const char *tenant_id, char *const *scopes,
                       size_t nscopes, int strict, struct err *e)
{
    const struct token_claims *claims = token_identity(r->token);

    if (strcmp(endpoint, r->endpoint) != 0)
        return another_query(r, "the endpoint", endpoint, r->endpoint, e);
    if (check_scopes(r, scopes, nscopes, e) != 0)
        return -1;
    if (strict != r->w->strict)
        return another_query(r, "--strict", strict ? "given" : "not given",
                             r->w->strict ? "given" : "not given", e);
    if (!r->since_relative && r->since_asked != since && r->since_asked != since_asked)
        return check_time(r, "--since", since_asked, r->since_asked, e);
    if (tenant_id != NULL && claims->tenant_id != NULL && !same_text(tenant_id, claims->tenant_id))
        return another_query(r, "the tenant", tenant_id, claims->tenant_id, e);
    return 0;
}

/* Continue what a run before has not finished. */
static int match_unfinished(struct run *r, struct err *e)
{
    const struct journal_query *q = &r->journal.query;

    if (check_query(r, q->endpoint, q->since, q->since_asked, q->tenant_id, q->scopes, q->nscopes,
                    q->strict, e) != 0)
        return -1;
    if (!r->until_relative && check_time(r, "--until", q->until, r->until, e) != 0)
        return -1;
    if (q->split_day != r->w->split_day)
        return another_query(r, "--split", q->split_day ? "day" : "none",
                             r->w->split_day ? "day" : "none", e);
    return 0;
}

/* Whether the published files are split by day: 1, 0, or -1 where there are none to tell. */
static int is_split(const struct manifest *m)
{
    size_t i;

    for (i = 0; i < m->nscopes; i++) {
        if (m->scopes[i].nfiles > 0)
            return strncmp(m->scopes[i].files[0].path, "scope=", 6) == 0;
    }
    return -1;
}

/* Bring a published export up to date. *q already holds the query of the command line. */
static int match_finished(struct run *r, struct journal_query *q, struct err *e)
{
    const struct manifest *m = &r->journal.base;
    int split = is_split(m);

    /* A start that was clamped is known as it was clamped; any earlier one means the same. */
    if (check_query(r, m->endpoint, m->since,
                    m->clamped && r->since_asked < m->since ? r->since_asked : m->since,
                    m->tenant_id, m->scopes_asked, m->nscopes_asked, m->strict, e) != 0)
        return -1;
    if (split >= 0 && split != r->w->split_day)
        return another_query(r, "--split", split ? "day" : "none", r->w->split_day ? "day" : "none",
                             e);
    if (r->until < m->until && !r->until_relative)
        return check_time(r, "--until", m->until, r->until, e);
    q->since = m->since;
    q->since_asked = m->since;
    q->clamped = m->clamped;
    q->until = r->until > m->until ? r->until : m->until;
    return 0;
}

/* The query of the command line, in memory of its own. */
static int make_query(const struct run *r, struct journal_query *q, struct err *e)
{
    static const char *const tenant[] = {"tenant"};
    const char *const *scopes = r->w->nscopes > 0 ? r->w->scopes : tenant;
    const char *tenant_id = token_identity(r->token)->tenant_id;
    size_t n = r->w->nscopes > 0 ? r->w->nscopes : 1, i;

    memset(q, 0, sizeof(*q));
    q->endpoint = slice_dup(slice_of(r->endpoint));
    q->scopes = calloc(n, sizeof(char *));
    q->tenant_id = tenant_id == NULL ? NULL : slice_dup(slice_of(tenant_id));
    if (q->endpoint == NULL || q->scopes == NULL || (tenant_id != NULL && q->tenant_id == NULL))
        return err_memory(e, "query");
    for (i = 0; i < n; i++) {
        q->scopes[i] = slice_dup(slice_of(scopes[i]));
        if (q->scopes[i] == NULL)
            return err_memory(e, "query");
        q->nscopes++;
    }
    q->since = r->since;
    q->since_asked = r->since_asked;
    q->until = r->until;
    q->clamped = r->since != r->since_asked;
    q->strict = r->w->strict;
    q->split_day = r->w->split_day;
    q->role_assignments = r->w->role_assignments;
    return 0;
}

/* Tell that the start was moved. */
static void warn_clamped(const struct run *r, const struct journal_query *q)
{
    char text[256], a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    if (!q->clamped || q->since == q->since_asked)
        return;
    (void)snprintf(text, sizeof(text),
                   "--since: %s is beyond the service's retention of %d days; starting at %s",
                   timestamp_format(q->since_asked, a), ARM_RETENTION_DAYS,
                   timestamp_format(q->since, b));
    r->w->warning(r->w->arg, text);
}

/* Open DIR and decide whether to begin, to go on, or to bring up to date. */
static int open_state(struct run *r, struct err *e)
{
    struct journal_query q = {0};
    int ret = -1;

    enum journal_found found;

    if (journal_open(&r->journal, r->w->dir, r->w->restart, &found, e) != 0)
        return -1;
    r->journal_is_open = 1;
    if (found == JOURNAL_UNFINISHED) {
        if (match_unfinished(r, e) != 0)
            return -1;
        r->journal.query.role_assignments = r->w->role_assignments;
        warn_clamped(r, &r->journal.query);
        r->w->note(r->w->arg, "continuing what an earlier run has not finished");
        return 0;
    }
    if (make_query(r, &q, e) != 0 || (found == JOURNAL_FINISHED && match_finished(r, &q, e) != 0))
        goto out;
    if (q.since >= q.until) {
        (void)err_set(e, ERR_USAGE, "--until: the whole range is beyond the service's retention");
        goto out;
    }
    warn_clamped(r, &q);
    ret = journal_begin(&r->journal, &q, found == JOURNAL_FINISHED, e);
out:
    journal_query_free(&q);
    return ret;
}

/* ---- scopes ---- */

/* Add one scope to the journal, if it is not there. */
static int add_scope(struct run *r, const struct arm_scope *s, struct err *e)
{
    struct buf name = {0}, file = {0}, folder = {0};
    int ret = -1;

    if (arm_scope_print(s, &name) != 0 || arm_scope_file(s, &file) != 0 ||
        arm_scope_partition(s, &folder) != 0 || buf_terminate(&name) != 0 ||
        buf_terminate(&file) != 0 || buf_terminate(&folder) != 0)
        (void)err_memory(e, "scopes");
    else
        ret = journal_add_scope(&r->journal, name.data, file.data, folder.data, e) == NULL ? -1 : 0;
    buf_free(&name);
    buf_free(&file);
    buf_free(&folder);
    return ret;
}

/* A list of scopes could not be read: it becomes a scope "mg:*" or "sub:*" that has failed. */
static int note_failed_list(struct run *r, const char *name, const struct arm_error *words,
                            const struct err *failure, struct err *e)
{
    struct journal_scope *s;

    r->w->warning(r->w->arg, failure->msg);
    s = journal_add_scope(&r->journal, name, name, name, e);
    if (s == NULL)
        return -1;
    s->absent = 0;
    if (r->first_failure.code == ERR_NONE)
        r->first_failure = *failure;
    return journal_end_scope(&r->journal, s, failure->http == 403 ? "forbidden" : "failed",
                             words->code[0] != '\0' ? words->code : err_name(failure->code),
                             words->message[0] != '\0' ? words->message : failure->msg,
                             failure->code, e);
}

/* Read one list of scopes and add what it names. */
static int add_listed(struct run *r, int groups, struct err *e)
{
    struct lists_scopes l = {0};
    struct lists_failure why;
    struct err failure;
    int ret = groups ? lists_groups(r->fetch, r->endpoint, &l, &why, &failure)
                     : lists_subscriptions(r->fetch, r->endpoint, &l, &why, &failure);
    size_t i;

    if (ret != 0 && !why.own) {
        *e = failure;
    } else if (ret != 0) {
        ret = note_failed_list(r, groups ? "mg:*" : "sub:*", &why.words, &failure, e);
    } else if (l.n == 0) {
        r->w->warning(r->w->arg, groups ? "mg:*: no management group is visible to this account"
                                        : "sub:*: no subscription is visible to this account");
    }
    for (i = 0; i < l.n && ret == 0; i++)
        ret = add_scope(r, &l.scopes[i], e);
    lists_scopes_free(&l);
    return ret;
}

/* Whether a scope's name stands for a list. */
static int is_list(const char *scope)
{
    return strcmp(scope, "mg:*") == 0 || strcmp(scope, "sub:*") == 0;
}

/* What every wish stands for. */
static int add_wished(struct run *r, struct err *e)
{
    const struct arm_scope tenant = {ARM_TENANT, NULL};
    size_t i;

    /* Lists that failed before are only part of this run if they fail again. */
    for (i = 0; i < r->journal.nscopes; i++)
        r->journal.scopes[i].absent = is_list(r->journal.scopes[i].scope);
    for (i = 0; i < r->nwishes; i++) {
        enum arm_wish_kind kind = r->wishes[i].kind;

        if (kind == ARM_WISH_ONE && add_scope(r, &r->wishes[i].scope, e) != 0)
            return -1;
        if (kind == ARM_WISH_ALL && add_scope(r, &tenant, e) != 0)
            return -1;
        if ((kind == ARM_WISH_ALL_GROUPS || kind == ARM_WISH_ALL) && add_listed(r, 1, e) != 0)
            return -1;
        if ((kind == ARM_WISH_ALL_SUBSCRIPTIONS || kind == ARM_WISH_ALL) &&
            add_listed(r, 0, e) != 0)
            return -1;
    }
    return 0;
}

/* Scopes that the published export has stay in it, even if they are not listed any more. */
static int add_published(struct run *r, struct err *e)
{
    const struct manifest *m = &r->journal.base;
    size_t i;

    for (i = 0; r->journal.updating && i < m->nscopes; i++) {
        struct arm_wish w = {0};
        int ret;

        if (is_list(m->scopes[i].scope))
            continue;
        if (arm_wish_parse(&w, m->scopes[i].scope, e) != 0)
            return err_wrap(e, "%s: manifest", r->w->dir);
        ret = add_scope(r, &w.scope, e);
        arm_scope_free(&w.scope);
        if (ret != 0)
            return -1;
    }
    return 0;
}

/* Make r->scopes, one for each scope of the journal; lists that failed are left without a kind. */
static int order_scopes(struct run *r, struct err *e)
{
    struct journal *j = &r->journal;
    size_t i;

    r->scopes.scopes = calloc(j->nscopes + 1, sizeof(*r->scopes.scopes));
    if (r->scopes.scopes == NULL)
        return err_memory(e, "scopes");
    for (i = 0; i < j->nscopes; i++) {
        struct arm_wish w = {0};

        r->scopes.n++;
        if (is_list(j->scopes[i].scope)) {
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

/* ---- the run ---- */

/* A request is sent again: worth a line for --verbose. */
static void on_again(void *arg, const char *why, int64_t wait_ms)
{
    const struct run *r = arg;
    char text[512];

    (void)snprintf(text, sizeof(text), "%.400s; again in %lld ms", why, (long long)wait_ms);
    r->w->note(r->w->arg, text);
}

/* From a thread of the token: there is something for token_poll. */
static void on_token_wake(void *arg)
{
    const struct run *r = arg;

    fetch_wake(r->fetch);
}

static void on_token_needed(void *arg, const char *reason)
{
    const struct run *r = arg;

    r->w->token_needed(r->w->arg, reason);
}

static void on_token_warning(void *arg, const char *text)
{
    const struct run *r = arg;

    r->w->warning(r->w->arg, text);
}

/* Open what speaks to the server, and wait for the first token. */
static int open_network(struct run *r, struct err *e)
{
    struct token_config t = {.command = r->w->token_command,
                             .file = r->w->token_file,
                             .from_stdin = r->w->token_stdin,
                             .audiences = r->cloud != NULL ? r->cloud->audiences : arm_audiences,
                             .endpoint = r->endpoint,
                             .arg = r,
                             .needed = on_token_needed,
                             .warning = on_token_warning,
                             .wake = on_token_wake};
    struct fetch_config f = {.endpoint = r->endpoint,
                             .cacert = r->w->cacert,
                             .connections = r->w->connections,
                             .max_bytes = COLLECT_BUDGET_BYTES,
                             .arg = r,
                             .again = on_again};
    int ready;

    /* The token's threads wake the fetch, so it is there before them and goes after them. */
    r->fetch = fetch_new(&f, e);
    if (r->fetch == NULL)
        return -1;
    r->token = token_open(&t, e);
    if (r->token == NULL)
        return -1;
    fetch_use_token(r->fetch, r->token);
    while ((ready = token_poll(r->token, sys_now(), e)) == 0) {
        if (sys_interrupted())
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        sys_sleep_ms(5);
    }
    return ready < 0 ? -1 : 0;
}

/* Threads that read pages and make fragments. */
static unsigned thread_count(void)
{
    unsigned n = sys_cpu_count();

    return n > ACQUIRE_THREADS_MAX ? ACQUIRE_THREADS_MAX : n;
}

/* Walk every scope. */
static int collect(struct run *r, struct err *e)
{
    const struct collect_config c = {.journal = &r->journal,
                                     .scopes = r->scopes.scopes,
                                     .nscopes = r->scopes.n,
                                     .fetch = r->fetch,
                                     .connections = r->w->connections,
                                     .threads = thread_count(),
                                     .level = r->w->level,
                                     .arg = r->w->arg,
                                     .progress = r->w->progress,
                                     .warning = r->w->warning};
    struct err failure = {0};
    int ret = collect_run(&c, &r->out->counts, &failure, e);

    if (r->first_failure.code == ERR_NONE)
        r->first_failure = failure;
    return ret;
}

/* Copy a text; NULL stays NULL. */
static int copy_text(char **to, const char *text)
{
    if (text == NULL)
        return 0;
    *to = slice_dup(slice_of(text));
    return *to == NULL ? -1 : 0;
}

/* What the manifest says of the run as a whole. */
static int describe_run(struct run *r, struct err *e)
{
    const struct token_claims *id = token_identity(r->token);
    const struct journal_query *q = &r->journal.query;
    struct manifest *m = &r->manifest;
    size_t i;

    m->schema = MANIFEST_SCHEMA;
    m->started = timestamp_floor_second(r->journal.started);
    m->since = q->since;
    m->until = q->until;
    m->clamped = q->clamped;
    m->strict = q->strict;
    m->clock_skew_s = fetch_skew_s(r->fetch);
    m->complete = 1;
    m->scopes_asked = calloc(q->nscopes + 1, sizeof(char *));
    if (m->scopes_asked == NULL || copy_text(&m->tool, "azdal " AZDAL_VERSION) != 0 ||
        copy_text(&m->endpoint, q->endpoint) != 0 || copy_text(&m->tenant_id, id->tenant_id) != 0 ||
        copy_text(&m->object_id, id->object_id) != 0 || copy_text(&m->name, id->name) != 0 ||
        copy_text(&m->app_id, id->app_id) != 0)
        return err_memory(e, "manifest");
    for (i = 0; i < q->nscopes; i++) {
        if (copy_text(&m->scopes_asked[i], q->scopes[i]) != 0)
            return err_memory(e, "manifest");
        m->nscopes_asked++;
    }
    return 0;
}

/* Scopes that were read, at least in part. */
static size_t count_readable(const struct run *r)
{
    size_t n = 0, i;

    for (i = 0; i < r->journal.nscopes; i++) {
        const struct journal_scope *s = &r->journal.scopes[i];

        if (!s->absent && (strcmp(s->status, "complete") == 0 ||
                           strcmp(s->status, "expired") == 0 || s->base.scope != NULL))
            n++;
    }
    return n;
}

/* Say which scopes are not complete. */
static int explain_incomplete(const struct run *r, struct err *e)
{
    const struct manifest *m = &r->manifest;
    size_t i, n = 0;
    const struct manifest_scope *first = NULL;

    for (i = 0; i < m->nscopes; i++) {
        if (strcmp(m->scopes[i].status, "complete") != 0) {
            first = first == NULL ? &m->scopes[i] : first;
            n++;
        }
    }
    if (first == NULL)
        return err_set(e, ERR_INCOMPLETE, "%s: INCOMPLETE: role assignments could not all be read",
                       r->w->dir);
    (void)err_set(e, ERR_INCOMPLETE, "%s: INCOMPLETE: %zu of %zu scopes: %s: %s: %s: %s", r->w->dir,
                  n, m->nscopes, first->scope, first->status,
                  first->error_code == NULL ? "" : first->error_code,
                  first->error_message == NULL ? "" : first->error_message);
    return err_hint(e, "the manifest names every one; the same command again tries them again");
}

/* Publish what was fetched. */
static int publish(struct run *r, struct err *e)
{
    struct buf assignments = {0};
    struct export_params p = {
        .level = r->w->level, .threads = thread_count(), .target_plain = COLLECT_COMMIT_BYTES};
    int ret = -1;
    size_t i;

    if (count_readable(r) == 0) {
        if (r->first_failure.code == ERR_NONE) {
            (void)err_set(e, ERR_AUTH, "no scope is visible to this account");
            return err_hint(e, "give it Reader on a subscription or a management group");
        }
        *e = r->first_failure;
        return -1;
    }
    if (describe_run(r, e) != 0)
        return -1;
    if (r->w->role_assignments) {
        if (lists_assignments(r->fetch, r->endpoint, &assignments, &r->manifest, e) != 0)
            goto out;
        for (i = 0; i < r->manifest.nassignment_scopes && p.assignments == NULL; i++) {
            if (strcmp(r->manifest.assignment_scopes[i].status, "complete") == 0)
                p.assignments = &assignments;
        }
        if (p.assignments != NULL &&
            copy_text(&r->manifest.assignments_file, EXPORT_ASSIGNMENTS) != 0) {
            (void)err_memory(e, "manifest");
            goto out;
        }
    }
    if (export_publish(&r->journal, &r->manifest, &p, r->out->manifest_sha256, e) != 0)
        goto out;
    r->out->published = 1;
    r->out->complete = r->manifest.complete;
    ret = journal_remove(&r->journal, e);
    if (ret == 0 && !r->manifest.complete)
        ret = explain_incomplete(r, e);
out:
    buf_free(&assignments);
    return ret;
}

/* Warn where this machine's clock is wrong: relative times and the default end depend on it. */
static void warn_skew(const struct run *r)
{
    int64_t skew = fetch_skew_s(r->fetch);
    char text[128];

    if (skew >= -ACQUIRE_SKEW_MAX_S && skew <= ACQUIRE_SKEW_MAX_S)
        return;
    (void)snprintf(text, sizeof(text), "this machine's clock is %lld s %s the server's",
                   (long long)(skew < 0 ? -skew : skew), skew < 0 ? "ahead of" : "behind");
    r->w->warning(r->w->arg, text);
}

/* Into a folder. */
static int run_export(struct run *r, struct err *e)
{
    if (open_network(r, e) != 0 || open_state(r, e) != 0 || add_published(r, e) != 0 ||
        add_wished(r, e) != 0 || order_scopes(r, e) != 0 || collect(r, e) != 0)
        return -1;
    warn_skew(r);
    return publish(r, e);
}

/* The same; where what is on disk was damaged, the way out is named. */
static int run_into_folder(struct run *r, struct err *e)
{
    if (run_export(r, e) == 0)
        return 0;
    if (e->code == ERR_FOREIGN && e->hint[0] == '\0')
        (void)err_hint(e, "azdal acquire --restart fetches all of it anew");
    return -1;
}

/* To standard output. */
static int run_stream(struct run *r, struct err *e)
{
    struct stream_config c = {.endpoint = r->endpoint,
                              .since = r->since,
                              .until = r->until,
                              .connections = r->w->connections,
                              .threads = thread_count(),
                              .level = 1, /* what waits is read once and thrown away */
                              .arg = r->w->arg,
                              .progress = r->w->progress,
                              .warning = r->w->warning,
                              .write = r->w->write};
    struct journal_query q = {
        .since = r->since, .since_asked = r->since_asked, .clamped = r->since != r->since_asked};

    if (r->nwishes != 1 || r->wishes[0].kind != ARM_WISH_ONE)
        return err_set(e, ERR_USAGE, "--stdout: needs one scope, not a list of them");
    if (r->since >= r->until)
        return err_set(e, ERR_USAGE, "--until: the whole range is beyond the service's retention");
    warn_clamped(r, &q);
    if (open_network(r, e) != 0)
        return -1;
    c.fetch = r->fetch;
    c.scope = &r->wishes[0].scope;
    return r->w->newest > 0 ? stream_newest(&c, r->w->newest, &r->out->counts, e)
                            : stream_oldest_first(&c, &r->out->counts, e);
}

int acquire_run(const struct acquire_wish *w, struct acquire_outcome *out, struct err *e)
{
    struct run r = {.w = w, .out = out, .now = sys_now()};
    int ret = -1;
    size_t i;

    memset(out, 0, sizeof(*out));
    if (read_endpoint(&r, e) == 0 && read_times(&r, e) == 0 && read_scopes(&r, e) == 0)
        ret = w->dir == NULL ? run_stream(&r, e) : run_into_folder(&r, e);
    /* No thread of the token wakes the fetch once the token is closed. */
    if (r.token != NULL)
        token_close(r.token);
    fetch_free(r.fetch);
    if (r.journal_is_open)
        journal_close(&r.journal);
    lists_scopes_free(&r.scopes);
    manifest_free(&r.manifest);
    for (i = 0; i < r.nwishes; i++)
        arm_scope_free(&r.wishes[i].scope);
    free(r.wishes);
    free(r.endpoint);
    return ret;
}
