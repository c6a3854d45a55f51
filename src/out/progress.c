#include "out/progress.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "net/mask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds between two drawings: five a second look steady and cost nothing. */
#define PROGRESS_EVERY_MS 200

struct progress {
    enum progress_style style;
    int quiet, verbose;
    int drawn;        /* a bar stands on the current line */
    int64_t drawn_ms; /* when it was drawn */
};

struct progress *progress_new(enum progress_style style, int quiet, int verbose)
{
    struct progress *p = mem_zalloc(1, sizeof(*p));

    p->style = style;
    p->quiet = quiet;
    p->verbose = verbose;
    return p;
}

/* Take the bar off the line, so that text can stand there. */
static void clear_bar(struct progress *p)
{
    if (p == NULL || !p->drawn)
        return;
    (void)fputs("\r\033[K", stderr);
    p->drawn = 0;
}

void progress_free(struct progress *p)
{
    clear_bar(p);
    free(p);
}

/* Print one finished line; what cannot be told on stderr cannot be told at all. */
static void put_line(struct progress *p, const struct buf *line)
{
    clear_bar(p);
    (void)fwrite(line->data, 1, line->len, stderr);
    (void)fputc('\n', stderr);
    (void)fflush(stderr);
}

/* The numbers of a state as JSON members. */
static int put_state(struct buf *b, const struct progress_state *s)
{
    return buf_printf(b,
                      "\"events\":%llu,\"bytes\":%llu,\"requests\":%llu,\"retries\":%llu,"
                      "\"share\":%.4f,\"scopesDone\":%u,\"scopes\":%u",
                      (unsigned long long)s->events, (unsigned long long)s->bytes,
                      (unsigned long long)s->requests, (unsigned long long)s->retries, s->share,
                      s->scopes_done, s->scopes);
}

/* Draw "[####    ]  42 %  1,234 events ..." over the last drawing. */
static void draw(struct progress *p, const struct progress_state *s)
{
    char bar[32], line[160];
    int width = sys_terminal_width(), filled = (int)(s->share * 20 + 0.5), i, n;

    for (i = 0; i < 20; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[20] = '\0';
    n = snprintf(line, sizeof(line), "[%s] %3d %%  %llu events  %.1f MiB  %llu requests", bar,
                 (int)(s->share * 100), (unsigned long long)s->events,
                 (double)s->bytes / (1024 * 1024), (unsigned long long)s->requests);
    if (s->scopes > 1 && n > 0 && (size_t)n < sizeof(line))
        (void)snprintf(line + n, sizeof(line) - (size_t)n, "  %u/%u scopes", s->scopes_done,
                       s->scopes);
    if (width > 0 && (size_t)width < sizeof(line))
        line[width - 1] = '\0';
    (void)fprintf(stderr, "\r\033[K%s", line);
    (void)fflush(stderr);
    p->drawn = 1;
}

void progress_update(struct progress *p, const struct progress_state *s)
{
    int64_t now_ms = sys_monotonic_ms();

    if (p->quiet || p->style == PROGRESS_TEXT || now_ms - p->drawn_ms < PROGRESS_EVERY_MS)
        return;
    p->drawn_ms = now_ms;
    if (p->style == PROGRESS_DRAWN) {
        draw(p, s);
    } else {
        struct buf b = {0};

        if (buf_puts(&b, "{\"event\":\"progress\",") == 0 && put_state(&b, s) == 0 &&
            buf_putc(&b, '}') == 0)
            put_line(p, &b);
        buf_free(&b);
    }
}

/* One line of text of some kind. */
__attribute__((format(__printf__, 3, 0))) static void say(struct progress *p, const char *kind,
                                                          const char *fmt, va_list ap)
{
    char text[ERR_MSG_MAX];
    struct buf b = {0};
    int ok;

    (void)vsnprintf(text, sizeof(text), fmt, ap);
    text_clean(text, sizeof(text), slice_of(text));
    mask_text(text);
    if (p->style == PROGRESS_OBJECTS)
        ok = buf_printf(&b, "{\"event\":\"%s\",\"message\":", kind) == 0 &&
             json_put_string(&b, text) == 0 && buf_putc(&b, '}') == 0;
    else
        ok = buf_printf(&b, "azdal: %s: %s", kind, text) == 0;
    if (ok)
        put_line(p, &b);
    buf_free(&b);
}

void progress_warning(struct progress *p, const char *fmt, ...)
{
    va_list ap;

    if (p->quiet)
        return;
    va_start(ap, fmt);
    say(p, "warning", fmt, ap);
    va_end(ap);
}

void progress_note(struct progress *p, const char *fmt, ...)
{
    va_list ap;

    if (!p->verbose)
        return;
    va_start(ap, fmt);
    say(p, "note", fmt, ap);
    va_end(ap);
}

void progress_token_needed(struct progress *p, const char *reason)
{
    struct buf b = {0};

    if (buf_puts(&b, "{\"event\":\"token-needed\",\"reason\":") == 0 &&
        json_put_string(&b, reason) == 0 && buf_putc(&b, '}') == 0)
        put_line(p, &b);
    buf_free(&b);
}

void progress_done(struct progress *p, const char *verdict, const struct progress_state *s,
                   const char *manifest_path, const char *manifest_sha256)
{
    struct buf b = {0}, path = {0};
    int ok;

    if (p->quiet) {
        clear_bar(p);
        return;
    }
    (void)buf_reserve(&path, strlen(manifest_path) + 1);
    text_clean(path.data, path.cap, slice_of(manifest_path));
    if (p->style == PROGRESS_OBJECTS)
        ok = buf_printf(&b, "{\"event\":\"done\",\"verdict\":\"%s\",", verdict) == 0 &&
             put_state(&b, s) == 0 &&
             (s->also == NULL || s->also[0] == '\0' ||
              (buf_puts(&b, ",\"also\":") == 0 && json_put_string(&b, s->also) == 0)) &&
             buf_puts(&b, ",\"manifest\":") == 0 && json_put_string(&b, manifest_path) == 0 &&
             buf_printf(&b, ",\"sha256\":\"%s\"}", manifest_sha256) == 0;
    else
        ok = buf_printf(&b, "azdal: %s: %llu events in %llu requests%s%s; SHA-256 of %s: %s",
                        verdict, (unsigned long long)s->events, (unsigned long long)s->requests,
                        s->also == NULL || s->also[0] == '\0' ? "" : ", ",
                        s->also == NULL ? "" : s->also, path.data, manifest_sha256) == 0;
    if (ok)
        put_line(p, &b);
    buf_free(&path);
    buf_free(&b);
}

void progress_error(struct progress *p, int as_object, const struct err *e)
{
    char msg[ERR_MSG_MAX], hint[ERR_HINT_MAX];
    struct buf b = {0};
    int ok;

    text_clean(msg, sizeof(msg), slice_of(e->msg));
    text_clean(hint, sizeof(hint), slice_of(e->hint));
    mask_text(msg);
    mask_text(hint);
    if (as_object) {
        ok = buf_printf(&b, "{\"event\":\"error\",\"code\":%d,\"message\":", e->code) == 0 &&
             json_put_string(&b, msg) == 0 && buf_puts(&b, ",\"hint\":") == 0 &&
             json_put_string(&b, hint[0] == '\0' ? NULL : hint) == 0 && buf_putc(&b, '}') == 0;
    } else {
        ok = buf_printf(&b, "azdal: %s", msg) == 0;
        if (ok && hint[0] != '\0')
            ok = buf_printf(&b, "\nazdal: hint: %s", hint) == 0;
    }
    if (ok)
        put_line(p, &b);
    buf_free(&b);
}
