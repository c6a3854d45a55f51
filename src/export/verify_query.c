/* The manifest as a whole: what was asked for, when, and what came of it. */
#include "base/hash_map.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "export/verify_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int verify_is_complete(const struct manifest_scope *s)
{
    return strcmp(s->status, "complete") == 0;
}

int verify_is_status(const char *status)
{
    static const char *const known[] = {"complete", "forbidden", "failed", "expired",
                                        "unavailable"};
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(status, known[i]) == 0)
            return 1;
    }
    return 0;
}

int verify_is_unserved(const char *code)
{
    const char *const others[] = {"AuthorizationFailed", "LinkedAuthorizationFailed",
                                  err_name(ERR_AUTH), err_name(ERR_NETWORK),
                                  err_name(ERR_UNTRUSTED)};
    size_t i;

    for (i = 0; code != NULL && i < sizeof(others) / sizeof(others[0]); i++) {
        if (slice_equals_nocase(slice_of(code), others[i]))
            return 0;
    }
    return 1;
}

/* Whether a scope's name stands for a list. */
static int is_list(const char *scope)
{
    size_t len = strlen(scope);

    return len > 2 && strcmp(scope + len - 2, ":*") == 0;
}

/* Whether a name is there, in any letter case. */
static int has_name(const struct hash_map *names, const char *name)
{
    char *lower = text_lower_dup(slice_of(name));
    int there = hash_map_get(names, slice_of(lower)) != HASH_MAP_NONE;
    free(lower);
    return there;
}

/* Store a name in any letter case. Returns whether it was there. */
static int add_name(struct hash_map *names, const char *name)
{
    char *lower = text_lower_dup(slice_of(name));
    int there = hash_map_get(names, slice_of(lower)) != HASH_MAP_NONE;

    hash_map_put(names, slice_of(lower), 0);
    free(lower);
    return there;
}

/* Ids that differ only in case are one scope, and file names that do are one file on some systems.
 * *scopes gets the names of the scopes. */
static void check_twice(const struct manifest *m, struct hash_map *scopes, struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_NAME};
    struct hash_map files = {0}, assignments = {0};
    size_t i, k;

    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        if (add_name(scopes, s->scope))
            verify_report_problem(r, &at, "scope %s occurs twice", s->scope);
        for (k = 0; k < s->nfiles; k++) {
            if (add_name(&files, s->files[k].path))
                verify_report_problem(r, &at, "file %s occurs twice", s->files[k].path);
        }
    }
    for (i = 0; i < m->nassignment_scopes; i++) {
        if (add_name(&assignments, m->assignment_scopes[i].scope))
            verify_report_problem(r, &at, "roleAssignments: scope %s occurs twice",
                                  m->assignment_scopes[i].scope);
    }
    hash_map_free(&files);
    hash_map_free(&assignments);
}

/* Nothing was asked for after the end, which is not before the beginning. A manifest that is not
 * finished yet has no end. */
static void check_times(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_NAME};
    int64_t latest = manifest_latest(m);
    size_t i, k;

    if (m->finished == 0)
        return;
    /* A clock that was ahead is known by the server's. */
    if (m->finished + (m->clock_skew_s < 0 ? manifest_skew(m) : 0) >
        sys_now() + MANIFEST_CLOCK_SLACK_TICKS)
        verify_report_problem(r, &at, "finished is in the future");
    if (m->started > m->finished)
        verify_report_problem(r, &at, "started is after finished");
    /* A clock that was set back meanwhile has its end before what it was at first. */
    if (m->until <= m->finished && m->until > m->started + MANIFEST_CLOCK_SLACK_TICKS)
        verify_report_problem(r, &at, "query.until is after started");
    if (m->assignments_read_at > latest)
        verify_report_problem(r, &at, "roleAssignments: readAt is after finished");
    if (m->assignments_read_at != 0 &&
        m->assignments_read_at + MANIFEST_CLOCK_SLACK_TICKS <
            m->started + (m->clock_skew_s < 0 ? manifest_skew(m) : 0))
        verify_report_problem(r, &at, "roleAssignments: readAt is before started");
    if (m->clock_skew_s > MANIFEST_SKEW_MAX_S || m->clock_skew_s < -MANIFEST_SKEW_MAX_S)
        verify_report_problem(r, &at, "clockSkewSeconds is more than 90 days");
    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        for (k = 0; k < s->nwindows; k++) {
            struct verify_place window = {0, MANIFEST_NAME, &s->windows[k], s->scope};

            /* A server's clock that is further ahead is not believed: its answers have no time. */
            if (s->windows[k].asked_at > m->finished + MANIFEST_CLOCK_SLACK_TICKS)
                verify_report_problem(r, &window, "askedAt is after finished");
            if (s->windows[k].resumed_from > m->finished)
                verify_report_problem(r, &window, "resumedFrom is after finished");
            /* What was to be asked for again and was not has its start for askedAt. */
            if (s->windows[k].asked_at > s->windows[k].from &&
                s->windows[k].resumed_from > s->windows[k].asked_at + MANIFEST_CLOCK_SLACK_TICKS)
                verify_report_problem(r, &window, "resumedFrom is after askedAt");
        }
    }
}

/* INCOMPLETE has a reason, and COMPLETE none against it. */
static void check_verdict(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_NAME};
    size_t i, complete = 0, served = 0, unread = 0;

    for (i = 0; i < m->nscopes; i++) {
        complete += verify_is_complete(&m->scopes[i]) ? 1 : 0;
        served += strcmp(m->scopes[i].status, "unavailable") != 0 ? 1 : 0;
    }
    for (i = 0; i < m->nassignment_scopes; i++)
        unread += strcmp(m->assignment_scopes[i].status, "complete") != 0;
    if (!m->complete && complete == m->nscopes && unread == 0)
        verify_report_problem(r, &at, "the verdict is INCOMPLETE, yet everything is complete");
    if (m->complete && complete == 0 && served == 0)
        verify_report_problem(r, &at, "no scope was read, yet the verdict is COMPLETE");
    if (m->complete && unread > 0)
        verify_report_problem(r, &at,
                              "role assignments were not all read, yet the verdict is COMPLETE");
}

/* What was asked for by name has an entry, whether it could be read or not. */
static void check_asked(const struct manifest *m, const struct hash_map *scopes,
                        struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_NAME};
    size_t i;

    if (m->nscopes_asked == 0)
        verify_report_problem(r, &at, "query.scopes is empty");
    for (i = 0; i < m->nscopes_asked; i++) {
        const char *asked = m->scopes_asked[i];

        if (is_list(asked))
            continue;
        if (strcmp(asked, "all") == 0)
            asked = "tenant";
        if (!has_name(scopes, asked))
            verify_report_problem(r, &at, "%s of query.scopes is not among the scopes", asked);
    }
}

/* Where the events of a scope are: one file, or one for each day below a folder. */
static const struct kind {
    const char *scope, *list, *file, *folder;
} kinds[] = {
    {"tenant", "", "tenant", "scope=tenant"},
    {"mg:", "mg:*", "managementGroups/", "scope=mg-"},
    {"sub:", "sub:*", "subscriptions/", "scope=sub-"},
};

static int begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* What follows an id at the beginning of a name, which has %XX for what no name can hold; or NULL.
 */
static const char *skip_id(const char *name, const char *id)
{
    for (; *id != '\0'; id++) {
        char hex[4];

        (void)snprintf(hex, sizeof(hex), "%%%02X", (unsigned char)*id);
        if (begins(name, hex))
            name += 3;
        else if (text_lower(*name) == text_lower(*id))
            name++;
        else
            return NULL;
    }
    return name;
}

/* The day in the name of a file of the scope, "" where it holds all days, NULL where the name is
 * not that of a file of it. */
static const char *day_in(const char *path, const struct kind *k, const char *id)
{
    const char *rest = begins(path, k->file) ? skip_id(path + strlen(k->file), id) : NULL;

    if (rest != NULL && strcmp(rest, ".ndjson.gz") == 0)
        return "";
    rest = begins(path, k->folder) ? skip_id(path + strlen(k->folder), id) : NULL;
    return rest != NULL && begins(rest, "/date=") && strlen(rest) > 16 &&
                   strcmp(rest + 16, "/events.ndjson.gz") == 0
               ? rest + 6
               : NULL;
}

/* Each file is named like the scope, and like the day that it holds. */
static void check_names(const struct manifest_scope *s, const struct kind *k,
                        struct verify_report *r)
{
    const char *id = s->scope + strlen(k->scope);
    struct verify_place at = {0, MANIFEST_NAME, NULL, s->scope};
    char day[TIMESTAMP_TEXT_MAX];
    size_t i;

    for (i = 0; i < s->nfiles; i++) {
        if (day_in(s->files[i].path, k, id) == NULL)
            verify_report_problem(r, &at, "%s is not the name of a file of it", s->files[i].path);
    }
    for (i = 0; i < s->nwindows; i++) {
        const struct manifest_window *w = &s->windows[i];
        const char *named = w->file < 0 ? NULL : day_in(s->files[w->file].path, k, id);

        at.window = w;
        if (named != NULL && *named != '\0' && !begins(named, timestamp_format_date(w->from, day)))
            verify_report_problem(r, &at, "its file is that of another day");
    }
}

/* Each scope was asked for, by name or with a list, and has files that are named like it. */
static void check_scope(const struct manifest_scope *s, const struct hash_map *asked,
                        struct verify_report *r)
{
    struct verify_place at = {0, MANIFEST_NAME, NULL, s->scope};
    const struct kind *k = kinds, *end = kinds + sizeof(kinds) / sizeof(kinds[0]);

    while (k < end && !begins(s->scope, k->scope))
        k++;
    /* Only the tenant has no id, and that of a subscription is a GUID. */
    if (k == end || (k == kinds) != (s->scope[strlen(k->scope)] == '\0') ||
        (k == end - 1 && !is_list(s->scope) &&
         !text_is_guid(slice_of(s->scope + strlen(k->scope))))) {
        verify_report_problem(r, &at, "not a scope");
        return;
    }
    if (!has_name(asked, s->scope) && !has_name(asked, k->list) && !has_name(asked, "all"))
        verify_report_problem(r, &at, "not among query.scopes");
    if (is_list(s->scope) && (verify_is_complete(s) || s->nwindows > 0 || s->nfiles > 0))
        verify_report_problem(r, &at, "a list of scopes, yet with events or complete");
    check_names(s, k, r);
}

/* What was asked for, and what there is of it. */
static void check_scopes(const struct manifest *m, struct verify_report *r)
{
    struct hash_map scopes = {0}, asked = {0};
    size_t i;

    for (i = 0; i < m->nscopes_asked; i++)
        (void)add_name(&asked, m->scopes_asked[i]);
    check_twice(m, &scopes, r);
    check_asked(m, &scopes, r);
    for (i = 0; i < m->nscopes && m->nscopes_asked > 0; i++)
        check_scope(&m->scopes[i], &asked, r);
    hash_map_free(&scopes);
    hash_map_free(&asked);
}

/* The role assignments of each place were read, or there are words that say why not. */
static void check_assignments(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_NAME};
    int empty = m->assignments_data != NULL && m->assignments_data->content_lines == 0;
    size_t i, read = 0;

    if (m->has_assignments &&
        (m->nassignment_scopes == 0 || strcmp(m->assignment_scopes[0].scope, "/") != 0))
        verify_report_problem(r, &at, "roleAssignments: `/` is not the first of its scopes");
    if (m->assignments_file == NULL && m->assignments_data != NULL)
        verify_report_problem(r, &at, "roleAssignments: digests, yet there is no file");

    for (i = 0; i < m->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *s = &m->assignment_scopes[i];
        int complete = strcmp(s->status, "complete") == 0;

        read += complete || s->kept_from != 0 ? 1 : 0;
        if (s->kept_from != 0 && (complete || s->kept_from > m->assignments_read_at))
            verify_report_problem(r, &at, "roleAssignments: %s: keptFrom, yet %s", s->scope,
                                  complete ? "complete" : "later than readAt");
        /* no other is written for them */
        if (!complete && strcmp(s->status, "forbidden") != 0 && strcmp(s->status, "failed") != 0)
            verify_report_problem(r, &at, "roleAssignments: %s: unknown status", s->scope);
        else if (complete && s->error_code != NULL &&
                 strcmp(s->error_code, MANIFEST_EMPTY_LIST) != 0)
            verify_report_problem(r, &at, "roleAssignments: %s: complete, yet with an error",
                                  s->scope);
        else if (complete && s->error_code == NULL && empty)
            verify_report_problem(r, &at, "roleAssignments: %s: complete, yet the file is empty",
                                  s->scope);
        else if (!complete && s->error_code == NULL)
            verify_report_problem(r, &at, "roleAssignments: %s: not complete, yet without an error",
                                  s->scope);
    }
    if (m->has_assignments && (read > 0) != (m->assignments_file != NULL))
        verify_report_problem(r, &at, "roleAssignments: %s",
                              read > 0 ? "read, yet there is no file"
                                       : "there is a file, yet no scope was read");
    if (m->assignments_file != NULL && strcmp(m->assignments_file, MANIFEST_ASSIGNMENTS_NAME) != 0)
        verify_report_problem(r, &at, "roleAssignments: %s is not the name of the file",
                              m->assignments_file);
    if (m->assignments_file != NULL && m->assignments_read_at == 0)
        verify_report_problem(r, &at, "roleAssignments: readAt is null, yet there is a file");
}

void verify_query(const struct manifest *m, struct verify_report *r)
{
    struct verify_place at = {.name = MANIFEST_NAME};

    if (m->since >= m->until)
        verify_report_problem(r, &at, "query.since is not before query.until");
    if (m->nscopes == 0)
        verify_report_problem(r, &at, "there is no scope");
    check_scopes(m, r);
    check_times(m, r);
    check_verdict(m, r);
    check_assignments(m, r);
}
