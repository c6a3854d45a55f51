#include "export/verify_report.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the reason in one line. */
#define REASON_MAX 600

/* One line and where it belongs. */
struct entry {
    size_t file;
    int64_t from; /* of the window, or 0 */
    size_t serial;
    int note;
    char *text;
};

struct verify_report {
    struct sys_mutex *lock; /* guards everything below */
    struct entry entries[VERIFY_LINES_MAX];
    size_t n, problems, dropped;
};

struct verify_report *verify_report_new(void)
{
    struct verify_report *r = mem_zalloc(1, sizeof(*r));

    r->lock = sys_mutex_new();
    return r;
}

void verify_report_free(struct verify_report *r)
{
    size_t i;

    if (r == NULL)
        return;
    for (i = 0; i < r->n; i++)
        free(r->entries[i].text);
    sys_mutex_free(r->lock);
    free(r);
}

/* "problem: FILE: SCOPE: FROM..TO: why"; names from a damaged export are cleaned. */
static char *compose(const struct verify_place *at, int note, const char *why)
{
    char name[304], from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX];
    struct buf b = {0};

    err_clean_text(name, sizeof(name), at->name, strlen(at->name));
    buf_printf(&b, "%s: %s: ", note ? "note" : "problem", name);
    if (at->scope != NULL) {
        err_clean_text(name, sizeof(name), at->scope, strlen(at->scope));
        buf_printf(&b, "%s: ", name);
    }
    if (at->window != NULL)
        buf_printf(&b, "%s..%s: ", timestamp_format(at->window->from, from),
                   timestamp_format(at->window->to, to));
    buf_puts(&b, why);
    return buf_text(&b);
}

/* Keep one line, or count it when there are too many. */
static void add(struct verify_report *r, const struct verify_place *at, int note, const char *why)
{
    struct entry *entry;

    sys_mutex_lock(r->lock);
    r->problems += !note;
    if (r->n == VERIFY_LINES_MAX) {
        r->dropped++;
    } else {
        entry = &r->entries[r->n];
        entry->file = at->file;
        entry->from = at->window == NULL ? 0 : at->window->from;
        entry->serial = r->n;
        entry->note = note;
        entry->text = compose(at, note, why);
        r->n++;
    }
    sys_mutex_unlock(r->lock);
}

void verify_report_problem(struct verify_report *r, const struct verify_place *at, const char *fmt,
                           ...)
{
    char why[REASON_MAX];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    add(r, at, 0, why);
}

void verify_report_note(struct verify_report *r, const struct verify_place *at, const char *fmt,
                        ...)
{
    char why[REASON_MAX];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    add(r, at, 1, why);
}

/* Problems before notes; by file, window and time of finding. */
static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->note != y->note)
        return x->note - y->note;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->serial < y->serial ? -1 : 1;
}

int verify_report_judge(const struct verify_report *r, const char *folder, struct err *e)
{
    const char *text = "problem: it cannot be verified";
    size_t i, best = r->n;

    if (r->problems == 0)
        return 0;
    for (i = 0; i < r->n; i++) {
        const struct entry *x = &r->entries[i], *y = best == r->n ? NULL : &r->entries[best];

        if (!x->note && (y == NULL || (x->from != 0 && y->from == 0) ||
                         ((x->from != 0) == (y->from != 0) && compare(x, y) < 0)))
            best = i;
    }
    if (best < r->n)
        text = r->entries[best].text;
    text += strlen("problem: ");
    return folder == NULL ? err_set(e, ERR_FOREIGN, "%s", text)
                          : err_set(e, ERR_FOREIGN, "%s/%s", folder, text);
}

void verify_report_finish(struct verify_report *r, struct verify_result *out)
{
    size_t i;

    out->lines = mem_zalloc(r->n + 1, sizeof(*out->lines));
    qsort(r->entries, r->n, sizeof(r->entries[0]), compare);
    for (i = 0; i < r->n; i++)
        out->lines[i] = r->entries[i].text;
    out->nlines = r->n;
    out->problems = r->problems;
    r->n = 0;
    if (r->dropped > 0) {
        struct buf more = {0};

        buf_printf(&more, "note: %zu more lines are not shown", r->dropped);
        out->lines[out->nlines++] = more.data;
    }
}
