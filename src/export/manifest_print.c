#include "export/manifest.h"

#include "base/json.h"
#include "base/timestamp.h"

#include <inttypes.h>

/* A point in time, or null. */
static void put_time(struct buf *out, const char *before, int64_t ticks)
{
    char text[TIMESTAMP_TEXT_MAX];

    if (ticks == 0)
        buf_printf(out, "%snull", before);
    else
        buf_printf(out, "%s\"%s\"", before, timestamp_format(ticks, text));
}

static void put_text(struct buf *out, const char *before, const char *text)
{
    buf_puts(out, before);
    json_put_string(out, text);
}

static void put_count(struct buf *out, const char *before, uint64_t n)
{
    buf_printf(out, "%s%" PRIu64, before, n);
}

static void put_bool(struct buf *out, const char *before, int value)
{
    buf_printf(out, "%s%s", before, value ? "true" : "false");
}

/* An array of texts on one line. */
static void put_texts(struct buf *out, const char *before, char **texts, size_t n)
{
    size_t i;

    buf_printf(out, "%s[", before);
    for (i = 0; i < n; i++)
        put_text(out, i == 0 ? "" : ",", texts[i]);
    buf_putc(out, ']');
}

/* The server's own words, or null when there are none. */
static void put_error(struct buf *out, const char *before, const char *code, const char *message)
{
    if (code == NULL && message == NULL) {
        buf_printf(out, "%snull", before);
        return;
    }
    buf_puts(out, before);
    put_text(out, "{\"code\":", code);
    put_text(out, ",\"message\":", message);
    buf_putc(out, '}');
}

/* Size and digests of a file. */
static void put_data(struct buf *out, const struct manifest_file *f)
{
    put_count(out, ",\"bytes\":", f->bytes);
    put_text(out, ",\"sha256\":", f->sha256);
    put_count(out, ",\"content\":{\"bytes\":", f->content_bytes);
    put_text(out, ",\"sha256\":", f->content_sha256);
    put_count(out, ",\"lines\":", f->content_lines);
    buf_putc(out, '}');
}

static void put_file(struct buf *out, const struct manifest_file *f)
{
    put_text(out, "{\"path\":", f->path);
    put_data(out, f);
    buf_putc(out, '}');
}

static void put_window(struct buf *out, const struct manifest_scope *s,
                       const struct manifest_window *w)
{
    const char *file = w->file < 0 ? NULL : s->files[w->file].path;
    const char *closed = w->closed == MANIFEST_ORDERED ? "ordered" : "drained";

    put_time(out, "{\"from\":", w->from);
    put_time(out, ",\"to\":", w->to);
    put_count(out, ",\"events\":", w->events);
    put_text(out, ",\"file\":", file);
    put_count(out, ",\"offset\":", w->offset);
    put_count(out, ",\"deflated\":", w->deflated);
    put_count(out, ",\"plain\":", w->plain);
    buf_printf(out, ",\"crc32\":\"%08" PRIx32 "\"", w->crc);
    put_time(out, ",\"askedAt\":", w->asked_at);
    put_text(out, ",\"closed\":", closed);
    if (w->resumed_from != 0)
        put_time(out, ",\"resumedFrom\":", w->resumed_from);
    put_texts(out, ",\"requestIds\":", w->request_ids, w->nrequest_ids);
    buf_putc(out, '}');
}

static void put_counts(struct buf *out, const struct manifest_scope *s)
{
    put_time(out, ",\"settledUntil\":", s->settled_until);
    put_count(out, ",\"events\":", s->events);
    put_time(out, ",\"firstEvent\":", s->first_event);
    put_time(out, ",\"lastEvent\":", s->last_event);
    put_count(out, ",\"duplicatesDropped\":", s->duplicates_dropped);
    put_count(out, ",\"conflictingIds\":", s->conflicting_ids);
    put_count(out, ",\"outsideRange\":", s->outside_range);
    put_count(out, ",\"requests\":", s->requests);
    put_count(out, ",\"retries\":", s->retries);
    if (!s->right_unsaid)
        buf_printf(out, ",\"rightShown\":%s",
                   s->right == MANIFEST_RIGHT_UNKNOWN ? "null"
                   : s->right == MANIFEST_RIGHT_SHOWN ? "true"
                                                      : "false");
}

static void put_scope(struct buf *out, const struct manifest_scope *s)
{
    size_t i;

    put_text(out, "\n  {\"scope\":", s->scope);
    put_text(out, ",\"status\":", s->status);
    put_error(out, ",\"error\":", s->error_code, s->error_message);
    put_counts(out, s);
    buf_puts(out, ",\n   \"files\":[");
    for (i = 0; i < s->nfiles; i++) {
        buf_puts(out, i == 0 ? "\n    " : ",\n    ");
        put_file(out, &s->files[i]);
    }
    buf_puts(out, "],\n   \"windows\":[");
    for (i = 0; i < s->nwindows; i++) {
        buf_puts(out, i == 0 ? "\n    " : ",\n    ");
        put_window(out, s, &s->windows[i]);
    }
    buf_puts(out, "]}");
}

static void put_identity(struct buf *out, const struct manifest *m)
{
    const char *before = ",\n \"identity\":";

    if (m->tenant_id == NULL && m->object_id == NULL && m->name == NULL && m->app_id == NULL) {
        buf_printf(out, "%snull", before);
        return;
    }
    buf_puts(out, before);
    put_text(out, "{\"tenantId\":", m->tenant_id);
    put_text(out, ",\"objectId\":", m->object_id);
    put_text(out, ",\"name\":", m->name);
    put_text(out, ",\"appId\":", m->app_id);
    buf_putc(out, '}');
}

static void put_query(struct buf *out, const struct manifest *m)
{
    put_time(out, ",\n \"query\":{\"since\":", m->since);
    put_time(out, ",\"until\":", m->until);
    put_texts(out, ",\"scopes\":", m->scopes_asked, m->nscopes_asked);
    put_bool(out, ",\"clamped\":", m->clamped);
    put_bool(out, ",\"strict\":", m->strict);
    buf_putc(out, '}');
}

static void put_assignments(struct buf *out, const struct manifest *m)
{
    const char *before = ",\n \"roleAssignments\":";
    size_t i;

    if (!m->has_assignments) {
        buf_printf(out, "%snull", before);
        return;
    }
    buf_puts(out, before);
    put_text(out, "{\"file\":", m->assignments_file);
    if (m->assignments_data != NULL)
        put_data(out, m->assignments_data);
    put_time(out, ",\"readAt\":", m->assignments_read_at);
    buf_puts(out, ",\"scopes\":[");
    for (i = 0; i < m->nassignment_scopes; i++) {
        const struct manifest_assignment_scope *s = &m->assignment_scopes[i];

        put_text(out, i == 0 ? "\n  {\"scope\":" : ",\n  {\"scope\":", s->scope);
        put_text(out, ",\"status\":", s->status);
        put_error(out, ",\"error\":", s->error_code, s->error_message);
        if (s->kept_from != 0)
            put_time(out, ",\"keptFrom\":", s->kept_from);
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}

/* Everything up to the scopes. */
static void put_head(struct buf *out, const struct manifest *m)
{
    buf_printf(out, "{\"schema\":%d", m->schema);
    put_text(out, ",\n \"tool\":", m->tool);
    put_time(out, ",\n \"started\":", m->started);
    put_time(out, ",\n \"finished\":", m->finished);
    put_text(out, ",\n \"endpoint\":", m->endpoint);
    put_identity(out, m);
    put_query(out, m);
    buf_printf(out, ",\n \"clockSkewSeconds\":%" PRId64, m->clock_skew_s);
    put_text(out, ",\n \"verdict\":", m->complete ? "COMPLETE" : "INCOMPLETE");
    put_assignments(out, m);
}

void manifest_print(const struct manifest *m, struct buf *out)
{
    size_t i;

    put_head(out, m);
    buf_puts(out, ",\n \"scopes\":[");
    for (i = 0; i < m->nscopes; i++) {
        if (i > 0)
            buf_putc(out, ',');
        put_scope(out, &m->scopes[i]);
    }
    buf_puts(out, "]}\n");
}
