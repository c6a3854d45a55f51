#include "acquire/closing.h"

#include "acquire/rights.h"

#include <string.h>

/* Seconds by which the clocks may differ before it is worth a warning. */
#define CLOSING_SKEW_MAX_S 60

int closing_explain_incomplete(const struct context *r, struct err *e)
{
    const struct manifest *m = &r->manifest;
    size_t i, n = 0;
    const struct manifest_scope *first = NULL;
    char words[304] = "";

    for (i = 0; i < m->nscopes; i++) {
        if (!manifest_is_whole(m, m->scopes[i].scope, m->scopes[i].status)) {
            first = first == NULL ? &m->scopes[i] : first;
            n++;
        }
    }
    if (first == NULL)
        return err_set(e, ERR_INCOMPLETE, "%s: INCOMPLETE: role assignments could not all be read",
                       r->w->dir);
    if (first->error_message != NULL)
        err_clean_text(words, sizeof(words), first->error_message, strlen(first->error_message));
    (void)err_set(e, ERR_INCOMPLETE, "%s: INCOMPLETE: %zu of %zu scopes: %s: %s: %s: %s", r->w->dir,
                  n, m->nscopes, first->scope, first->status,
                  first->error_code == NULL ? "" : first->error_code, words);
    return err_hint(e, "%s",
                    strcmp(first->status, "unavailable") == 0 && r->unavailable_hint[0] != '\0'
                        ? r->unavailable_hint
                        : "the manifest names every one; the same command again tries them again");
}

/* One code of scopes that the service will not serve. */
struct code_count {
    const char *code;
    size_t n;
};

/* Codes that the closing line tells apart. */
#define CLOSING_CODES_MAX 8

void closing_sum_unavailable(struct context *r)
{
    struct code_count codes[CLOSING_CODES_MAX];
    const struct manifest_scope *first = NULL;
    size_t ncodes = 0, n = 0, i, k;
    struct buf text = {0};

    for (i = 0; i < r->manifest.nscopes; i++) {
        const struct manifest_scope *s = &r->manifest.scopes[i];

        if (strcmp(s->status, "unavailable") != 0)
            continue;
        first = first == NULL ? s : first;
        n++;
        for (k = 0; k < ncodes && strcmp(codes[k].code, s->error_code) != 0; k++)
            ;
        if (k == ncodes && ncodes < CLOSING_CODES_MAX)
            codes[ncodes++] = (struct code_count){s->error_code, 0};
        if (k < ncodes)
            codes[k].n++;
    }
    if (n == 0)
        return;
    buf_printf(&text, "%zu %s unavailable", n, n == 1 ? "scope" : "scopes");
    for (k = 0; k < ncodes; k++)
        buf_printf(&text, "%s%zu %s", k == 0 ? " (" : ", ", codes[k].n, codes[k].code);
    buf_printf(&text, ")");
    err_clean_text(r->out->unavailable, sizeof(r->out->unavailable), text.data, text.len);
    buf_free(&text);
    context_warn(r, "the service does not serve %s: %s: %s%s%s; the manifest names every one",
                 first->scope, first->error_code, first->error_message,
                 r->unavailable_hint[0] != '\0' ? "; hint: " : "", r->unavailable_hint);
}

/* Warn of n scopes, `first` among them, that came empty, and with a right that is not known. */
static void warn_unknown_right(const struct context *r, const struct manifest_scope *first,
                               size_t n, int lacking)
{
    struct buf text = {0};

    if (n == 0)
        return;
    if (n > 1)
        buf_printf(&text, " and %zu more", n - 1);
    buf_puts(&text, ": ");
    rights_print_unknown(&text, first->events > 0, lacking);
    context_warn(r, "%s%s (rightShown is null)", first->scope, buf_text(&text));
    buf_free(&text);
}

void closing_warn_rights(const struct context *r)
{
    const struct manifest_scope *first = NULL;
    size_t n = 0, i;

    for (i = 0; i < r->manifest.nscopes; i++) {
        const struct manifest_scope *s = &r->manifest.scopes[i];

        if (strcmp(s->status, "complete") != 0 || s->right != MANIFEST_RIGHT_UNKNOWN)
            continue;
        if (r->tenant_lacking && strcmp(s->scope, "tenant") == 0) {
            warn_unknown_right(r, s, 1, 1);
            continue;
        }
        first = first == NULL ? s : first;
        n++;
    }
    warn_unknown_right(r, first, n, 0);
}

void closing_warn_assignments(const struct context *r)
{
    size_t i;

    for (i = 0; i < r->manifest.nassignment_scopes; i++) {
        const struct manifest_assignment_scope *s = &r->manifest.assignment_scopes[i];
        char name[128];

        if (s->error_code == NULL || strcmp(s->error_code, MANIFEST_EMPTY_LIST) != 0 ||
            s->kept_from != 0)
            continue;
        err_clean_text(name, sizeof(name), s->scope, strlen(s->scope));
        context_warn(r, "role assignments at %s: %.300s", name, s->error_message);
        return; /* the manifest names every one */
    }
}

void closing_warn_clock(const struct context *r)
{
    int64_t skew = fetch_skew_s(r->fetch);

    if (fetch_is_undated(r->fetch))
        context_warn(r, "an answer came without a Date that can be read: what came with it is not "
                        "settled, and the next update asks for it again");
    if (skew >= -CLOSING_SKEW_MAX_S && skew <= CLOSING_SKEW_MAX_S)
        return;
    context_warn(r, "this machine's clock is %lld s %s the server's",
                 (long long)(skew < 0 ? -skew : skew), skew < 0 ? "ahead of" : "behind");
}
