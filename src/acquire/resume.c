#include "acquire/resume.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <string.h>

/* A start nearer to the end of retention than this would expire while it is asked for. */
#define RESUME_RETENTION_MARGIN (INT64_C(3600) * TICKS_PER_SECOND)
/* An end that is no further ahead means now, of a clock that has fractions or is a little fast. */
#define RESUME_AHEAD_IS_NOW (INT64_C(60) * TICKS_PER_SECOND)

/* ---- what was asked for ---- */

/* Which server, and which audiences its tokens may have. */
static void read_endpoint(struct context *r)
{
    const char *text = r->w->endpoint;
    size_t n;

    if (text == NULL) {
        r->cloud = arm_cloud_find(r->w->cloud);
        text = r->cloud->endpoint;
    }
    r->audience[0] = r->w->audience;
    n = strlen(text);
    while (n > 0 && text[n - 1] == '/')
        n--;
    r->endpoint = slice_dup((struct slice){text, n});
    if (r->cloud == NULL)
        r->cloud = arm_cloud_of(r->endpoint);
}

static int read_times(struct context *r, struct err *e)
{
    int64_t limit = timestamp_ceil_second(r->now - ARM_RETENTION_DAYS * TICKS_PER_DAY +
                                          RESUME_RETENTION_MARGIN);
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    r->until = timestamp_floor_second(r->now);
    r->until_relative = r->since_relative = 1;
    if (r->w->until != NULL &&
        timestamp_parse_when(r->w->until, r->now, &r->until, &r->until_relative, e) != 0)
        return err_wrap(e, "--until");
    if (r->until_relative)
        r->until = timestamp_floor_second(r->until);
    r->until_asked = r->until;
    if (r->until > timestamp_floor_second(r->now)) {
        r->until = timestamp_floor_second(r->now);
        r->until_relative = 1; /* it ends now, whenever that is */
    }
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

static int read_scopes(struct context *r, struct err *e)
{
    static const char *const tenant[] = {"tenant"};

    r->scopes_asked = r->w->nscopes > 0 ? r->w->scopes : tenant;
    r->nscopes_asked = r->w->nscopes > 0 ? r->w->nscopes : 1;
    r->wishes = mem_zalloc(r->nscopes_asked, sizeof(*r->wishes));
    while (r->nwishes < r->nscopes_asked) {
        if (arm_wish_parse(&r->wishes[r->nwishes], r->scopes_asked[r->nwishes], e) != 0)
            return -1;
        r->nwishes++;
    }
    return 0;
}

int resume_read(struct context *r, struct err *e)
{
    read_endpoint(r);
    return read_times(r, e) != 0 || read_scopes(r, e) != 0 ? -1 : 0;
}

/* ---- the state that is there ---- */

/* The state belongs to another query. */
static int another_query(const struct context *r, const char *what, const char *was, const char *is,
                         struct err *e)
{
    (void)err_set(e, ERR_FOREIGN,
                  "%s: holds another query: it was started with %s %s; you asked for %s", r->w->dir,
                  what, was, is);
    return err_hint(e, "use another DIR; --restart replaces what this one holds");
}

/* Compare one time. */
static int check_time(const struct context *r, const char *what, int64_t was, int64_t is,
                      struct err *e)
{
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    return was == is ? 0
                     : another_query(r, what, timestamp_format(was, a), timestamp_format(is, b), e);
}

/* "a, b" of a list of scopes. */
static void join_scopes(struct buf *b, const char *const *scopes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        buf_printf(b, "%s%s", i == 0 ? "" : ", ", scopes[i]);
    (void)buf_text(b);
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
static int check_scopes(const struct context *r, char *const *was, size_t n, struct err *e)
{
    const char *const *now = r->scopes_asked, *const *before = (const char *const *)was;
    struct buf a = {0}, b = {0};
    int ret;

    if (is_within(now, r->nscopes_asked, before, n) && is_within(before, n, now, r->nscopes_asked))
        return 0;
    join_scopes(&a, before, n);
    join_scopes(&b, now, r->nscopes_asked);
    ret = another_query(r, "--scope", a.data, b.data, e);
    buf_free(&a);
    buf_free(&b);
    return ret;
}

/* The parts of the query that hold for unfinished and finished states alike. */
static int check_query(const struct context *r, const struct journal_query *was, struct err *e)
{
    const struct token_claims *claims = token_identity(r->token);

    if (strcmp(was->endpoint, r->endpoint) != 0)
        return another_query(r, "the endpoint", was->endpoint, r->endpoint, e);
    if (check_scopes(r, was->scopes, was->nscopes, e) != 0)
        return -1;
    if (was->strict != r->w->strict)
        return another_query(r, "--strict", was->strict ? "given" : "not given",
                             r->w->strict ? "given" : "not given", e);
    if (was->tenant_id != NULL && claims->tenant_id != NULL &&
        strcmp(was->tenant_id, claims->tenant_id) != 0)
        return another_query(r, "the tenant", was->tenant_id, claims->tenant_id, e);
    return 0;
}

/* Tell that a time of the command line gives way to the one that the state was begun with. */
static void tell_stored(const struct context *r, const char *option, int64_t asked, int64_t stored,
                        const char *why)
{
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    context_warn(r, "%s %s: %s %s, %s", option, timestamp_format(asked, a),
                 strcmp(option, "--since") == 0 ? "this export begins at" : "this run ends at",
                 timestamp_format(stored, b), why);
}

/* A start at or after the end of what is stored would drop all of it. */
static int check_since(const struct context *r, int64_t since, int64_t until, struct err *e)
{
    if (!r->since_relative && r->since_asked >= until && r->since_asked != since)
        return check_time(r, "--since", since, r->since_asked, e);
    return 0;
}

/* Continue what a run before has not finished. */
static int match_unfinished(struct context *r, struct err *e)
{
    const struct journal_query *q = &r->journal.query;

    if (check_query(r, q, e) != 0 || check_since(r, q->since, q->until, e) != 0)
        return -1;
    if (!r->until_relative && r->until < q->until &&
        check_time(r, "--until", q->until, r->until, e) != 0)
        return -1;
    if (q->split_day != r->w->split_day)
        return another_query(r, "--split", q->split_day ? "day" : "none",
                             r->w->split_day ? "day" : "none", e);
    if (!r->since_relative && r->since_asked != q->since && r->since_asked != q->since_asked)
        tell_stored(r, "--since", r->since_asked, q->since,
                    r->since < q->since
                        ? "and an unfinished run keeps its start; run again for more"
                        : "and keeps what it has");
    if (!r->until_relative && r->until != q->until)
        tell_stored(r, "--until", r->until, q->until,
                    "as the unfinished run began it; run again for more");
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
static int match_finished(struct context *r, struct journal_query *q, struct err *e)
{
    const struct manifest *m = &r->journal.base;
    const struct journal_query was = {.endpoint = m->endpoint,
                                      .tenant_id = m->tenant_id,
                                      .scopes = m->scopes_asked,
                                      .nscopes = m->nscopes_asked,
                                      .strict = m->strict};
    int split = is_split(m);

    if (check_query(r, &was, e) != 0 || check_since(r, m->since, m->until, e) != 0)
        return -1;
    if (split >= 0 && split != r->w->split_day)
        return another_query(r, "--split", split ? "day" : "none", r->w->split_day ? "day" : "none",
                             e);
    if (r->until < m->until && !r->until_relative)
        return check_time(r, "--until", m->until, r->until, e);
    q->until = r->until > m->until ? r->until : m->until;
    /* What an export holds it keeps. */
    q->role_assignments |= m->has_assignments;
    /* An earlier start is fetched as far back as the service still has it. */
    if (!r->since_relative && r->since < m->since)
        return 0;
    /* What was clamped then began as early as it could. */
    if (!r->since_relative && r->since_asked != m->since && r->since_asked > m->since)
        tell_stored(r, "--since", r->since_asked, m->since, "and keeps what it has");
    q->since = m->since;
    q->since_asked = m->since;
    q->clamped = m->clamped;
    return 0;
}

/* The query of the command line, in memory of its own. */
static void make_query(const struct context *r, struct journal_query *q)
{
    const char *tenant_id = token_identity(r->token)->tenant_id;

    memset(q, 0, sizeof(*q));
    q->endpoint = mem_strdup(r->endpoint);
    q->scopes = mem_zalloc(r->nscopes_asked, sizeof(char *));
    q->tenant_id = tenant_id == NULL ? NULL : mem_strdup(tenant_id);
    for (; q->nscopes < r->nscopes_asked; q->nscopes++)
        q->scopes[q->nscopes] = mem_strdup(r->scopes_asked[q->nscopes]);
    q->since = r->since;
    q->since_asked = r->since_asked;
    q->until = r->until;
    q->clamped = r->since != r->since_asked;
    q->strict = r->w->strict;
    q->split_day = r->w->split_day;
    q->role_assignments = r->w->role_assignments;
}

void resume_warn_clamped(const struct context *r, const struct journal_query *q)
{
    char a[TIMESTAMP_TEXT_MAX], b[TIMESTAMP_TEXT_MAX];

    if (r->until_asked - r->until > RESUME_AHEAD_IS_NOW)
        context_warn(r, "--until: %s has not come yet; ending at %s",
                     timestamp_format(r->until_asked, a), timestamp_format(r->until, b));
    if (!q->clamped || q->since == q->since_asked)
        return;
    context_warn(r, "--since: %s is beyond the service's retention of %d days; starting at %s",
                 timestamp_format(q->since_asked, a), ARM_RETENTION_DAYS,
                 timestamp_format(q->since, b));
}

int resume_open_state(struct context *r, struct err *e)
{
    struct journal_query q = {0};
    enum journal_found found;
    int ret = -1;

    if (journal_open(&r->journal, r->w->dir, r->w->restart, &found, e) != 0)
        return -1;
    r->journal_is_open = 1;
    if (r->journal.ownerless)
        context_warn(r, "the file system of this folder keeps no owners or access rights: azdal "
                        "cannot keep others out of it");
    if (found == JOURNAL_UNFINISHED) {
        if (match_unfinished(r, e) != 0)
            return -1;
        r->journal.query.role_assignments |= r->w->role_assignments;
        resume_warn_clamped(r, &r->journal.query);
        r->w->note(r->w->arg, "continuing an unfinished run");
        return 0;
    }
    make_query(r, &q);
    if (found == JOURNAL_FINISHED && match_finished(r, &q, e) != 0)
        goto out;
    if (q.since >= q.until) {
        (void)err_set(e, ERR_USAGE, "--until: the whole range is beyond the service's retention");
        goto out;
    }
    resume_warn_clamped(r, &q);
    ret = journal_begin(&r->journal, &q, found == JOURNAL_FINISHED, e);
out:
    journal_query_free(&q);
    return ret;
}
