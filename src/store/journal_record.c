/* The lines of a journal as they are written. See journal.c for what they mean together. */
#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/version.h"
#include "store/journal_impl.h"

#include <string.h>

/* Begin a record of kind k; returns where. */
static size_t begin_record(struct journal *j, const char *k)
{
    size_t start = j->pending.len;

    buf_printf(&j->pending, "%*s {\"k\":\"%s\"", JOURNAL_SUM_DIGITS, "", k);
    return start;
}

/* Finish the record that begins at `start` of j->pending: its checksum goes in front. */
static void end_record(struct journal *j, size_t start)
{
    char hex[HASH_HEX_MAX];

    buf_puts(&j->pending, "}\n");
    hash_bytes(j->pending.data + start + JOURNAL_SUM_DIGITS + 1,
               j->pending.len - start - JOURNAL_SUM_DIGITS - 2, hex);
    memcpy(j->pending.data + start, hex, JOURNAL_SUM_DIGITS);
}

/* A member that is a number, and one that is a text. */
static void put_number(struct journal *j, const char *name, int64_t value)
{
    buf_printf(&j->pending, ",\"%s\":%lld", name, (long long)value);
}

static void put_text(struct journal *j, const char *name, const char *text)
{
    buf_printf(&j->pending, ",\"%s\":", name);
    json_put_string(&j->pending, text);
}

/* A member that is a list of texts. */
static void put_texts(struct journal *j, const char *name, char *const *texts, size_t n)
{
    size_t i;

    buf_printf(&j->pending, ",\"%s\":[", name);
    for (i = 0; i < n; i++) {
        if (i > 0)
            buf_putc(&j->pending, ',');
        json_put_string(&j->pending, texts[i]);
    }
    buf_putc(&j->pending, ']');
}

void journal_record_range(struct journal *j, const char *k, const struct journal_scope *s,
                          int64_t from, int64_t to)
{
    size_t start = begin_record(j, k);

    put_number(j, "s", s - j->scopes); /* its number in the journal */
    put_number(j, "from", from);
    put_number(j, "to", to);
    end_record(j, start);
}

void journal_record_open(struct journal *j)
{
    const struct journal_query *q = &j->query;
    size_t start = begin_record(j, "open");

    put_number(j, "schema", JOURNAL_SCHEMA);
    put_text(j, "tool", "azdal " AZDAL_VERSION);
    put_number(j, "started", j->started);
    put_text(j, "endpoint", q->endpoint);
    put_number(j, "since", q->since);
    put_number(j, "until", q->until);
    put_number(j, "sinceAsked", q->since_asked);
    put_number(j, "clamped", q->clamped);
    put_number(j, "strict", q->strict);
    put_number(j, "splitDay", q->split_day);
    put_number(j, "roleAssignments", q->role_assignments);
    put_text(j, "base", j->updating ? j->base_sha256 : "");
    put_texts(j, "scopes", q->scopes, q->nscopes);
    put_text(j, "tenantId", q->tenant_id);
    end_record(j, start);
}

void journal_record_run(struct journal *j)
{
    size_t start = begin_record(j, "run");

    put_number(j, "started", sys_now());
    end_record(j, start);
}

void journal_record_asked_again(struct journal *j)
{
    size_t start = begin_record(j, "again");

    put_number(j, "at", j->asked_again);
    end_record(j, start);
}

void journal_record_scope(struct journal *j, const struct journal_scope *s)
{
    size_t start = begin_record(j, "scope");

    put_text(j, "scope", s->scope);
    put_text(j, "file", s->file);
    put_text(j, "folder", s->folder);
    end_record(j, start);
}

void journal_record_window(struct journal *j, const struct journal_scope *s,
                           const struct journal_window *w)
{
    size_t start = begin_record(j, "w");

    put_number(j, "s", s - j->scopes); /* its number in the journal */
    put_number(j, "from", w->w.from);
    put_number(j, "to", w->w.to);
    put_number(j, "n", (int64_t)w->w.events);
    put_number(j, "offset", (int64_t)w->w.offset);
    put_number(j, "deflated", (int64_t)w->w.deflated);
    put_number(j, "plain", (int64_t)w->w.plain);
    put_number(j, "crc", w->w.crc);
    put_text(j, "sha256", w->sha256);
    put_number(j, "asked", w->w.asked_at);
    put_number(j, "closed", w->w.closed);
    put_number(j, "dup", (int64_t)w->duplicates);
    put_number(j, "outside", (int64_t)w->outside);
    put_texts(j, "ids", w->w.request_ids, w->w.nrequest_ids);
    end_record(j, start);
}

void journal_record_end(struct journal *j, const struct journal_scope *s)
{
    size_t start = begin_record(j, "end");

    put_number(j, "s", s - j->scopes); /* its number in the journal */
    put_number(j, "failed", s->failed);
    put_text(j, "status", s->status);
    put_text(j, "code", s->error_code);
    put_text(j, "message", s->error_message);
    end_record(j, start);
}

/* A member that is a list of files with their digests. */
static void put_files(struct journal *j, const char *name, const struct journal_publish *files,
                      size_t n)
{
    size_t i;

    buf_printf(&j->pending, ",\"%s\":[", name);
    for (i = 0; i < n; i++) {
        buf_printf(&j->pending, "%s{\"path\":", i == 0 ? "" : ",");
        json_put_string(&j->pending, files[i].path);
        buf_printf(&j->pending, ",\"sha256\":\"%s\"}", files[i].sha256);
    }
    buf_putc(&j->pending, ']');
}

void journal_record_publish(struct journal *j, const struct journal_publish *files, size_t n)
{
    size_t start = begin_record(j, "publish");

    put_files(j, "files", files, n);
    put_files(j, "stale", j->stale, j->nstale);
    end_record(j, start);
}
