#include "export/manifest.h"

#include "base/json.h"
#include "base/timestamp.h"

#include <inttypes.h>

/* A point in time, or null. */
static int put_time(struct buf *out, const char *before, int64_t ticks)
{
    char text[TIMESTAMP_TEXT_MAX];

    if (ticks == 0)
        return buf_printf(out, "%snull", before);
    return buf_printf(out, "%s\"%s\"", before, timestamp_format(ticks, text));
}

static int put_text(struct buf *out, const char *before, const char *text)
{
    return buf_puts(out, before) != 0 ? -1 : json_put_string(out, text);
}

static int put_count(struct buf *out, const char *before, uint64_t n)
{
    return buf_printf(out, "%s%" PRIu64, before, n);
}

static int put_bool(struct buf *out, const char *before, int value)
{
    return buf_printf(out, "%s%s", before, value ? "true" : "false");
}

/* An array of texts on one line. */
static int put_texts(struct buf *out, const char *before, char **texts, size_t n)
{
    size_t i;

    if (buf_printf(out, "%s[", before) != 0)
        return -1;
    for (i = 0; i < n; i++) {
        if (put_text(out, i == 0 ? "" : ",", texts[i]) != 0)
            return -1;
    }
    return buf_putc(out, ']');
}

/* The server's own words, or null when there are none. */
static int put_error(struct buf *out, const char *before, const char *code, const char *message)
{
    if (code == NULL && message == NULL)
        return buf_printf(out, "%snull", before);
    return buf_puts(out, before) != 0 || put_text(out, "{\"code\":", code) != 0 ||
                   put_text(out, ",\"message\":", message) != 0 || buf_putc(out, '}') != 0
               ? -1
               : 0;
}

/* Size and digests of a file. */
static int put_data(struct buf *out, const struct manifest_file *f)
{
    return put_count(out, ",\"bytes\":", f->bytes) != 0 ||
                   put_text(out, ",\"sha256\":", f->sha256) != 0 ||
                   put_count(out, ",\"content\":{\"bytes\":", f->content_bytes) != 0 ||
                   put_text(out, ",\"sha256\":", f->content_sha256) != 0 ||
                   put_count(out, ",\"lines\":", f->content_lines) != 0 || buf_putc(out, '}') != 0
               ? -1
               : 0;
}

static int put_file(struct buf *out, const struct manifest_file *f)
{
    return put_text(out, "{\"path\":", f->path) != 0 || put_data(out, f) != 0 ||
                   buf_putc(out, '}') != 0
               ? -1
               : 0;
}

static int put_window(struct buf *out, const struct manifest_scope *s,
                      const struct manifest_window *w)
{
    const char *file = w->file < 0 ? NULL : s->files[w->file].path;
    const char *closed = w->closed == MANIFEST_ORDERED ? "ordered" : "drained";

    return put_time(out, "{\"from\":", w->from) != 0 || put_time(out, ",\"to\":", w->to) != 0 ||
                   put_count(out, ",\"events\":", w->events) != 0 ||
                   put_text(out, ",\"file\":", file) != 0 ||
                   put_count(out, ",\"offset\":", w->offset) != 0 ||
                   put_count(out, ",\"deflated\":", w->deflated) != 0 ||
                   put_count(out, ",\"plain\":", w->plain) != 0 ||
                   buf_printf(out, ",\"crc32\":\"%08" PRIx32 "\"", w->crc) != 0 ||
                   put_time(out, ",\"askedAt\":", w->asked_at) != 0 ||
                   put_text(out, ",\"closed\":", closed) != 0 ||
                   (w->resumed_from != 0 &&
                    put_time(out, ",\"resumedFrom\":", w->resumed_from) != 0) ||
                   put_texts(out, ",\"requestIds\":", w->request_ids, w->nrequest_ids) != 0 ||
                   buf_putc(out, '}') != 0
               ? -1
               : 0;
}

/* The counts of a scope. */
static int put_counts(struct buf *out, const struct manifest_scope *s)
{
    return put_time(out, ",\"settledUntil\":", s->settled_until) != 0 ||
                   put_count(out, ",\"events\":", s->events) != 0 ||
                   put_time(out, ",\"firstEvent\":", s->first_event) != 0 ||
                   put_time(out, ",\"lastEvent\":", s->last_event) != 0 ||
                   put_count(out, ",\"duplicatesDropped\":", s->duplicates_dropped) != 0 ||
                   put_count(out, ",\"conflictingIds\":", s->conflicting_ids) != 0 ||
                   put_count(out, ",\"outsideRange\":", s->outside_range) != 0 ||
                   put_count(out, ",\"requests\":", s->requests) != 0 ||
                   put_count(out, ",\"retries\":", s->retries) != 0 ||
                   buf_printf(out, ",\"rightShown\":%s",
                              s->right == MANIFEST_RIGHT_UNKNOWN ? "null"
                              : s->right == MANIFEST_RIGHT_SHOWN ? "true"
                                                                 : "false") != 0
               ? -1
               : 0;
}

static int put_scope(struct buf *out, const struct manifest_scope *s)
{
    size_t i;

    if (put_text(out, "\n  {\"scope\":", s->scope) != 0 ||
        put_text(out, ",\"status\":", s->status) != 0 ||
        put_error(out, ",\"error\":", s->error_code, s->error_message) != 0 ||
        put_counts(out, s) != 0 || buf_puts(out, ",\n   \"files\":[") != 0)
        return -1;
    for (i = 0; i < s->nfiles; i++) {
        if (buf_puts(out, i == 0 ? "\n    " : ",\n    ") != 0 || put_file(out, &s->files[i]) != 0)
            return -1;
    }
    if (buf_puts(out, "],\n   \"windows\":[") != 0)
        return -1;
    for (i = 0; i < s->nwindows; i++) {
        if (buf_puts(out, i == 0 ? "\n    " : ",\n    ") != 0 ||
            put_window(out, s, &s->windows[i]) != 0)
            return -1;
    }
    return buf_puts(out, "]}");
}

static int put_identity(struct buf *out, const struct manifest *m)
{
    const char *before = ",\n \"identity\":";

    if (m->tenant_id == NULL && m->object_id == NULL && m->name == NULL && m->app_id == NULL)
        return buf_printf(out, "%snull", before);
    return buf_puts(out, before) != 0 || put_text(out, "{\"tenantId\":", m->tenant_id) != 0 ||
                   put_text(out, ",\"objectId\":", m->object_id) != 0 ||
                   put_text(out, ",\"name\":", m->name) != 0 ||
                   put_text(out, ",\"appId\":", m->app_id) != 0 || buf_putc(out, '}') != 0
               ? -1
               : 0;
}

static int put_query(struct buf *out, const struct manifest *m)
{
    return put_time(out, ",\n \"query\":{\"since\":", m->since) != 0 ||
                   put_time(out, ",\"until\":", m->until) != 0 ||
                   put_texts(out, ",\"scopes\":", m->scopes_asked, m->nscopes_asked) != 0 ||
                   put_bool(out, ",\"clamped\":", m->clamped) != 0 ||
                   put_bool(out, ",\"strict\":", m->strict) != 0 || buf_putc(out, '}') != 0
               ? -1
               : 0;
}

static int put_assignments(struct buf *out, const struct manifest *m)
{
    const char *before = ",\n \"roleAssignments\":";
    size_t i;

    if (!m->has_assignments)
        return buf_printf(out, "%snull", before);
    if (buf_puts(out, before) != 0 || put_text(out, "{\"file\":", m->assignments_file) != 0 ||
        (m->assignments_data != NULL && put_data(out, m->assignments_data) != 0) ||
        put_time(out, ",\"readAt\":", m->assignments_read_at) != 0 ||
        buf_puts(out, ",\"scopes\":[") != 0)
        return -1;
    for (i = 0; i < m->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *s = &m->assignment_scopes[i];

        if (put_text(out, i == 0 ? "\n  {\"scope\":" : ",\n  {\"scope\":", s->scope) != 0 ||
            put_text(out, ",\"status\":", s->status) != 0 ||
            put_error(out, ",\"error\":", s->error_code, s->error_message) != 0 ||
            buf_putc(out, '}') != 0)
            return -1;
    }
    return buf_puts(out, "]}");
}

/* Everything up to the scopes. */
static int put_head(struct buf *out, const struct manifest *m)
{
    return buf_printf(out, "{\"schema\":%d", m->schema) != 0 ||
                   put_text(out, ",\n \"tool\":", m->tool) != 0 ||
                   put_time(out, ",\n \"started\":", m->started) != 0 ||
                   put_time(out, ",\n \"finished\":", m->finished) != 0 ||
                   put_text(out, ",\n \"endpoint\":", m->endpoint) != 0 ||
                   put_identity(out, m) != 0 || put_query(out, m) != 0 ||
                   buf_printf(out, ",\n \"clockSkewSeconds\":%" PRId64, m->clock_skew_s) != 0 ||
                   put_text(out, ",\n \"verdict\":", m->complete ? "COMPLETE" : "INCOMPLETE") !=
                       0 ||
                   put_assignments(out, m) != 0
               ? -1
               : 0;
}

int manifest_print(const struct manifest *m, struct buf *out, struct err *e)
{
    size_t i;

    if (put_head(out, m) != 0 || buf_puts(out, ",\n \"scopes\":[") != 0)
        return err_memory(e, MANIFEST_NAME);
    for (i = 0; i < m->nscopes; i++) {
        if ((i > 0 && buf_putc(out, ',') != 0) || put_scope(out, &m->scopes[i]) != 0)
            return err_memory(e, MANIFEST_NAME);
    }
    return buf_puts(out, "]}\n") != 0 ? err_memory(e, MANIFEST_NAME) : 0;
}
