#include "acquire/acquire.h"

#include "acquire/closing.h"
#include "acquire/context.h"
#include "acquire/lists.h"
#include "acquire/resume.h"
#include "acquire/rights.h"
#include "acquire/scope_request.h"
#include "acquire/to_stdout.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/version.h"
#include "store/export.h"
#include "store/kept_assignments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More threads than this find no work: connections deliver less than they compress. */
#define ACQUIRE_THREADS_MAX 8

/* A request is sent: worth a line for --verbose. The token is in no URL. */
static void on_sent(void *arg, const char *url)
{
    const struct context *r = arg;
    char shown[320], text[sizeof("GET ") + sizeof(shown)];

    err_clean_text(shown, sizeof(shown), url, strlen(url));
    (void)snprintf(text, sizeof(text), "GET %s", shown);
    r->w->note(r->w->arg, text);
}

/* A request is sent again: worth a line for --verbose. */
static void on_again(void *arg, const char *why, int64_t wait_ms)
{
    const struct context *r = arg;
    char text[512];

    (void)snprintf(text, sizeof(text), "%.400s; again in %lld ms", why, (long long)wait_ms);
    r->w->note(r->w->arg, text);
}

/* From a thread of the token: there is something for token_poll. */
static void on_token_wake(void *arg)
{
    const struct context *r = arg;

    fetch_wake(r->fetch);
}

static void on_token_needed(void *arg, const char *reason)
{
    const struct context *r = arg;

    r->w->token_needed(r->w->arg, reason);
}

static void on_token_warning(void *arg, const char *text)
{
    const struct context *r = arg;

    r->w->warning(r->w->arg, text);
}

/* Open what speaks to the server, and wait for the first token. */
static int open_network(struct context *r, struct err *e)
{
    struct token_config t = {.command = r->w->token_command,
                             .file = r->w->token_file,
                             .from_stdin = r->w->token_stdin,
                             .audiences = r->w->audience != NULL ? r->audience
                                          : r->cloud != NULL     ? r->cloud->audiences
                                                                 : arm_audiences(),
                             .endpoint = r->endpoint,
                             .arg = r,
                             .needed = on_token_needed,
                             .warning = on_token_warning,
                             .wake = on_token_wake};
    struct fetch_config f = {.endpoint = r->endpoint,
                             .cacert = r->w->cacert,
                             .connections = r->w->connections,
                             .max_bytes = ENGINE_BUDGET_BYTES,
                             .arg = r,
                             .sent = on_sent,
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
static int collect(struct context *r, struct err *e)
{
    struct engine_config c = {.journal = &r->journal,
                              .scopes = r->scopes.scopes,
                              .states = r->scopes.states,
                              .nscopes = r->scopes.n,
                              .fetch = r->fetch,
                              .connections = r->w->connections,
                              .threads = thread_count(),
                              .level = r->w->level,
                              .arg = r->w->arg,
                              .progress = r->w->progress,
                              .warning = r->w->warning};
    struct err failure = {0};
    int ret = engine_run(&c, &r->out->counts, &failure, e);

    (void)snprintf(r->unavailable_hint, sizeof(r->unavailable_hint), "%s", c.unavailable_hint);
    r->tenant_lacking = c.tenant_lacking;

    if (r->first_failure.code == ERR_NONE)
        r->first_failure = failure;
    return ret;
}

/* Copy a text; NULL stays NULL. */
static void copy_text(char **to, const char *text)
{
    if (text != NULL)
        *to = mem_strdup(text);
}

/* What the manifest says of the run as a whole. */
static void describe_run(struct context *r)
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
    m->scopes_asked = mem_zalloc(q->nscopes + 1, sizeof(char *));
    copy_text(&m->tool, "azdal " AZDAL_VERSION);
    copy_text(&m->endpoint, q->endpoint);
    if (id->tenant_id != NULL && text_is_guid(slice_of(id->tenant_id)))
        copy_text(&m->tenant_id, id->tenant_id);
    copy_text(&m->object_id, id->object_id);
    copy_text(&m->name, id->name);
    copy_text(&m->app_id, id->app_id);
    for (i = 0; i < q->nscopes; i++) {
        copy_text(&m->scopes_asked[i], q->scopes[i]);
        m->nscopes_asked++;
    }
}

/* Scopes that were read, at least in part. */
static size_t count_readable(const struct context *r)
{
    size_t n = 0, i;

    for (i = 0; i < r->journal.nscopes; i++) {
        const struct journal_scope *s = &r->journal.scopes[i];

        if (!s->absent &&
            (strcmp(s->status, "complete") == 0 || strcmp(s->status, "expired") == 0 ||
             s->base.scope != NULL || s->partly ||
             (s->error_code != NULL && strcmp(s->error_code, MANIFEST_NO_RIGHT) == 0)))
            n++;
    }
    return n;
}

/* What is published, in place of what was read on the way: that has some events twice. */
static void count_published(struct engine_counts *counts, const struct manifest *m)
{
    size_t i, k;

    counts->events = 0;
    counts->bytes = 0;
    for (i = 0; i < m->nscopes; i++) {
        counts->events += m->scopes[i].events;
        for (k = 0; k < m->scopes[i].nfiles; k++)
            counts->bytes += m->scopes[i].files[k].content_bytes;
    }
}

/* A view that lies beside the data shows what was there before: that it went with the files of that
 * export is said, or that it stays because it is not known to be one. */
static void warn_views(struct context *r)
{
    const struct journal *j = &r->journal;
    size_t i, k;

    for (i = 0; manifest_views[i] != NULL; i++) {
        for (k = 0; k < j->nstale && strcmp(j->stale[k].path, manifest_views[i]) != 0; k++)
            ;
        if (k == j->nstale && sys_dir_kind(j->root, manifest_views[i]) == SYS_MISSING)
            continue;
        context_warn(r, "%s: %s", manifest_views[i],
                     k < j->nstale
                         ? "removed, because it showed the export as it was before this update"
                         : "kept, although it does not show this update: SHA256SUMS did not have "
                           "its digest");
    }
}

/* Keep the role assignments of the export before where they could not be read again, and say so. */
static int keep_assignments(struct context *r, struct buf *lines, struct err *e)
{
    const struct manifest_assignment_scope *s;
    int n = kept_assignments_add(&r->journal, &r->manifest, lines, e);
    char name[128], time[TIMESTAMP_TEXT_MAX];

    if (n >= 0)
        closing_warn_assignments(r);
    if (n <= 0)
        return n;
    for (s = r->manifest.assignment_scopes; s->kept_from == 0; s++)
        ;
    err_clean_text(name, sizeof(name), s->scope, strlen(s->scope));
    context_warn(r,
                 "role assignments at %s%s could not be read again: the list from %s is kept "
                 "(keptFrom in the manifest)",
                 name, n > 1 ? " and other scopes" : "", timestamp_format(s->kept_from, time));
    return 0;
}

/* The manifest that was published is the one that DIR has: another folder may have taken its name
 * since. */
static int check_in_place(const struct context *r, struct err *e)
{
    int fd = sys_dir_file(r->journal.root, MANIFEST_NAME, SYS_READ, e), same;
    struct buf path = {0};
    struct err ignored;

    if (fd < 0)
        return -1;
    buf_printf(&path, "%s/" MANIFEST_NAME, r->w->dir);
    same = sys_same_file(fd, buf_text(&path));
    (void)sys_close(fd, MANIFEST_NAME, &ignored);
    buf_free(&path);
    if (same)
        return 0;
    (void)err_set(e, ERR_LOCAL, "%s: another folder took its name while the export was written",
                  r->w->dir);
    return err_hint(e, "the export is where the folder was moved to");
}

/* Publish what was fetched. */
static int publish(struct context *r, struct err *e)
{
    struct buf assignments = {0};
    struct export_params p = {
        .level = r->w->level, .threads = thread_count(), .target_plain = ENGINE_COMMIT_BYTES};
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
    describe_run(r);
    if (r->journal.query.role_assignments) {
        if (lists_assignments(r->fetch, r->endpoint, &assignments, &r->manifest, e) != 0)
            goto out;
        if (keep_assignments(r, &assignments, e) != 0)
            goto out;
        for (i = 0; i < r->manifest.nassignment_scopes && p.assignments == NULL; i++) {
            const struct manifest_assignment_scope *s = &r->manifest.assignment_scopes[i];

            if (s->kept_from != 0 || strcmp(s->status, "complete") == 0)
                p.assignments = &assignments;
        }
        if (p.assignments != NULL)
            copy_text(&r->manifest.assignments_file, MANIFEST_ASSIGNMENTS_NAME);
    }
    if (export_publish(&r->journal, &r->manifest, &p, r->out->manifest_sha256, e) != 0)
        goto out;
    count_published(&r->out->counts, &r->manifest);
    closing_sum_unavailable(r);
    closing_warn_rights(r);
    r->out->complete = r->manifest.complete;
    warn_views(r);
    if (journal_remove(&r->journal, e) != 0) {
        (void)err_wrap(e, "the export is published, but not all that it was made from is removed");
        (void)err_hint(e, "once that is mended, the same command again goes on from there");
        goto out;
    }
    if (check_in_place(r, e) != 0)
        goto out;
    r->out->published = 1;
    ret = r->manifest.complete ? 0 : closing_explain_incomplete(r, e);
out:
    buf_free(&assignments);
    return ret;
}

/* Into a folder. */
static int run_export(struct context *r, struct err *e)
{
    if (open_network(r, e) != 0 || resume_open_state(r, e) != 0 ||
        scope_request_add_published(r, e) != 0 || scope_request_add_wished(r, e) != 0 ||
        scope_request_order(r, e) != 0 || collect(r, e) != 0)
        return -1;
    closing_warn_clock(r);
    return publish(r, e);
}

/* The same; where what is on disk was damaged, the way out is named. */
static int run_into_folder(struct context *r, struct err *e)
{
    if (run_export(r, e) == 0)
        return 0;
    if (e->code == ERR_FOREIGN && e->hint[0] == '\0')
        (void)err_hint(e, "azdal acquire --restart fetches all of it again");
    return -1;
}

/* To standard output. */
static int run_stream(struct context *r, struct err *e)
{
    struct to_stdout_config c = {.endpoint = r->endpoint,
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
    resume_warn_clamped(r, &q);
    if (open_network(r, e) != 0)
        return -1;
    c.fetch = r->fetch;
    c.scope = &r->wishes[0].scope;
    return r->w->newest > 0 ? to_stdout_newest(&c, r->w->newest, &r->out->counts, e)
                            : to_stdout_oldest_first(&c, &r->out->counts, e);
}

int acquire_run(const struct acquire_wish *w, struct acquire_outcome *out, struct err *e)
{
    struct context r = {.w = w, .out = out, .now = sys_now()};
    int ret = -1;
    size_t i;

    memset(out, 0, sizeof(*out));
    if (resume_read(&r, e) == 0)
        ret = w->dir == NULL ? run_stream(&r, e) : run_into_folder(&r, e);
    /* No thread of the token wakes the fetch once the token is closed. */
    if (r.token != NULL)
        token_close(r.token);
    fetch_free(r.fetch);
    if (r.journal_is_open)
        journal_close(&r.journal);
    lists_scopes_free(&r.scopes);
    for (i = 0; i < r.nstates; i++)
        free(r.states[i]);
    free(r.states);
    hash_map_free(&r.state_names);
    manifest_free(&r.manifest);
    for (i = 0; i < r.nwishes; i++)
        arm_scope_free(&r.wishes[i].scope);
    free(r.wishes);
    free(r.endpoint);
    return ret;
}
