#include "export/manifest.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

const char *const manifest_views[] = {"DirectoryActivityLogs.csv", "DirectoryActivityLogs.json",
                                      "DirectoryActivityLogs.jsonl", NULL};

int manifest_is_list(const char *scope)
{
    return strcmp(scope, "mg:*") == 0 || strcmp(scope, "sub:*") == 0;
}

int manifest_is_view(const char *name)
{
    size_t i;

    for (i = 0; manifest_views[i] != NULL; i++) {
        if (strcmp(name, manifest_views[i]) == 0)
            return 1;
    }
    return 0;
}

int64_t manifest_skew(const struct manifest *m)
{
    const int64_t most = MANIFEST_SKEW_MAX_S, skew_s = m->clock_skew_s;

    return (skew_s > most ? most : skew_s < -most ? -most : skew_s) * TICKS_PER_SECOND;
}

int64_t manifest_latest(const struct manifest *m)
{
    return m->finished + (m->clock_skew_s > 0 ? manifest_skew(m) : 0) + MANIFEST_CLOCK_SLACK_TICKS;
}

int manifest_load(struct manifest *m, const struct sys_dir *dir, char sha256[HASH_HEX_MAX],
                  struct err *e)
{
    const char *folder = sys_dir_path(dir);
    enum sys_kind kind = sys_dir_kind(dir, MANIFEST_NAME);
    struct buf text = {0};
    int ret = -1;

    memset(m, 0, sizeof(*m));
    sha256[0] = '\0';
    if (kind == SYS_MISSING)
        return err_set(e, ERR_FOREIGN, "%s: no %s: not an export", folder, MANIFEST_NAME);
    if (kind != SYS_FILE)
        return err_set(e, ERR_FOREIGN, "%s/%s: not a plain file", folder, MANIFEST_NAME);
    if (sys_dir_read(dir, MANIFEST_NAME, MANIFEST_MAX_BYTES, &text, e) != 0)
        goto out;
    hash_bytes(text.data, text.len, sha256);
    ret = manifest_parse(m, buf_slice(&text), e);
    if (ret != 0)
        (void)err_wrap(e, "%s/%s", folder, MANIFEST_NAME);
out:
    buf_free(&text);
    return ret;
}

int manifest_is_whole(const struct manifest *m, const char *scope, const char *status)
{
    size_t i;

    if (strcmp(status, "complete") == 0)
        return 1;
    for (i = 0; i < m->nscopes_asked; i++) {
        if (slice_equals_nocase(slice_of(m->scopes_asked[i]), scope))
            return 0;
    }
    return strcmp(status, "unavailable") == 0;
}

void manifest_window_free(struct manifest_window *w)
{
    size_t i;

    for (i = 0; i < w->nrequest_ids; i++)
        free(w->request_ids[i]);
    free(w->request_ids);
    memset(w, 0, sizeof(*w));
}

static void scope_free(struct manifest_scope *s)
{
    size_t i;

    for (i = 0; i < s->nfiles; i++)
        free(s->files[i].path);
    free(s->files);
    for (i = 0; i < s->nwindows; i++)
        manifest_window_free(&s->windows[i]);
    free(s->windows);
    free(s->scope);
    free(s->status);
    free(s->error_code);
    free(s->error_message);
    memset(s, 0, sizeof(*s));
}

void manifest_free(struct manifest *m)
{
    size_t i;

    for (i = 0; i < m->nscopes; i++)
        scope_free(&m->scopes[i]);
    free(m->scopes);
    for (i = 0; i < m->nassignment_scopes; i++) {
        free(m->assignment_scopes[i].scope);
        free(m->assignment_scopes[i].status);
        free(m->assignment_scopes[i].error_code);
        free(m->assignment_scopes[i].error_message);
    }
    free(m->assignment_scopes);
    for (i = 0; i < m->nscopes_asked; i++)
        free(m->scopes_asked[i]);
    free(m->scopes_asked);
    free(m->assignments_file);
    free(m->assignments_data);
    free(m->tool);
    free(m->endpoint);
    free(m->tenant_id);
    free(m->object_id);
    free(m->name);
    free(m->app_id);
    memset(m, 0, sizeof(*m));
}

int manifest_next_name(const struct manifest *m, struct manifest_names *at)
{
    for (; at->scope < m->nscopes; at->scope++, at->file = 0) {
        const struct manifest_scope *s = &m->scopes[at->scope];

        if (at->file < s->nfiles) {
            at->path = s->files[at->file].path;
            at->sha256 = s->files[at->file++].sha256;
            return 1;
        }
    }
    if (at->ended || m->assignments_file == NULL)
        return 0;
    at->ended = 1;
    at->path = m->assignments_file;
    at->sha256 = m->assignments_data == NULL ? NULL : m->assignments_data->sha256;
    return 1;
}
