#include "out/progress.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "net/mask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds between two drawings: five a second look steady and cost nothing. */
#define PROGRESS_EVERY_MS 200

/* Over how many milliseconds the rate of events is smoothed. */
#define PROGRESS_RATE_MS 10000.0
/* The pace that the time left goes by is that of so many requests, in these bounds: a service that
 * slows down in the middle of a run is noticed soon, and one late answer counts little. */
#define PROGRESS_PACE_REQUESTS 50
#define PROGRESS_PACE_LEAST_MS 4000.0
#define PROGRESS_PACE_MOST_MS 60000.0
/* Milliseconds and share of the work before a time left is worth saying. */
#define PROGRESS_ESTIMATE_MS 5000
#define PROGRESS_ESTIMATE_SHARE 0.02
/* What a new estimate of the end moves the old one by, so that the time left does not jump. */
#define PROGRESS_ESTIMATE_WEIGHT 0.05

struct progress {
    enum progress_style style;
    int quiet, verbose;
    int drawn;        /* a bar stands on the current line */
    int64_t drawn_ms; /* when it was drawn */
    /* what the rate and the time left are worked out from; times of the monotonic clock */
    int64_t began_ms, rated_ms;
    uint64_t began_requests, rated_events, rated_requests;
    double rate;    /* events a second, of about the last PROGRESS_RATE_MS */
    double pace;    /* requests a second, of about the last PROGRESS_PACE_REQUESTS */
    double ends_ms; /* when the run is likely to end; 0: too early to say */
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

/* Let n more in the last `ms` count in a rate a second that is smoothed over `over_ms`; at first,
 * `age_ms` from the start, it is the mean. */
static void smooth(double *rate, uint64_t n, double ms, double age_ms, double over_ms)
{
    double weight = age_ms < over_ms ? ms / age_ms : ms >= over_ms ? 1 : ms / over_ms;

    *rate += ((double)n * 1000 / ms - *rate) * weight;
}

/* Over how many milliseconds the pace is smoothed. */
static double pace_ms(const struct progress *p)
{
    double ms = p->pace > 0 ? PROGRESS_PACE_REQUESTS * 1000 / p->pace : PROGRESS_PACE_MOST_MS;

    return ms < PROGRESS_PACE_LEAST_MS  ? PROGRESS_PACE_LEAST_MS
           : ms > PROGRESS_PACE_MOST_MS ? PROGRESS_PACE_MOST_MS
                                        : ms;
}

/* Work out the rates and the time left from one more state. */
static void estimate(struct progress *p, const struct progress_state *s, int64_t now_ms)
{
    double ms = (double)(now_ms - p->rated_ms), age_ms = (double)(now_ms - p->began_ms), ends;

    if (p->began_ms == 0) {
        p->began_ms = p->rated_ms = now_ms;
        p->rated_events = s->events;
        p->began_requests = p->rated_requests = s->requests;
        return;
    }
    if (ms < 1)
        return;
    if (s->events >= p->rated_events)
        smooth(&p->rate, s->events - p->rated_events, ms, age_ms, PROGRESS_RATE_MS);
    if (s->requests >= p->rated_requests)
        smooth(&p->pace, s->requests - p->rated_requests, ms, age_ms, pace_ms(p));
    p->rated_ms = now_ms;
    p->rated_events = s->events;
    p->rated_requests = s->requests;
    if (age_ms < PROGRESS_ESTIMATE_MS || s->work < PROGRESS_ESTIMATE_SHARE || p->pace <= 0)
        return;
    ends = (double)now_ms +
           (double)(s->requests - p->began_requests) * (1 / s->work - 1) * 1000 / p->pace;
    p->ends_ms =
        p->ends_ms == 0 ? ends : p->ends_ms + (ends - p->ends_ms) * PROGRESS_ESTIMATE_WEIGHT;
}

/* Seconds left, or -1 while it is too early to say. */
static long seconds_left(const struct progress *p)
{
    double left = (p->ends_ms - (double)p->rated_ms) / 1000;

    return p->ends_ms == 0 ? -1 : left < 0 ? 0 : (long)(left + 0.5);
}

/* What goes with the numbers while a run is under way, as JSON members. */
static void put_pace(struct buf *b, const struct progress *p, const struct progress_state *s)
{
    char text[TIMESTAMP_TEXT_MAX];

    buf_printf(b, ",\"eventsPerSecond\":%.0f,\"waitedSeconds\":%lld", p->rate,
               (long long)(s->waited_ms / 1000));
    if (s->reached != 0)
        buf_printf(b, ",\"reached\":\"%s\"", timestamp_format(s->reached, text));
    if (seconds_left(p) >= 0)
        buf_printf(b, ",\"secondsLeft\":%ld", seconds_left(p));
}

/* The numbers of a state as JSON members. */
static void put_state(struct buf *b, const struct progress_state *s)
{
    buf_printf(b,
               "\"events\":%llu,\"bytes\":%llu,\"requests\":%llu,\"retries\":%llu,"
               "\"share\":%.4f,\"scopesDone\":%u,\"scopes\":%u",
               (unsigned long long)s->events, (unsigned long long)s->bytes,
               (unsigned long long)s->requests, (unsigned long long)s->retries, s->share,
               s->scopes_done, s->scopes);
}

/* Draw "[####    ]  42 %  3/9 scopes  1234 events  56/s  1:23 left ..." over the last drawing; what
 * matters least comes last, where a narrow terminal cuts. */
static void draw(struct progress *p, const struct progress_state *s)
{
    char bar[32], line[200], time[TIMESTAMP_TEXT_MAX];
    int width = sys_terminal_width(), filled = (int)(s->share * 20 + 0.5), i;
    long left = seconds_left(p);
    struct buf b = {0};

    for (i = 0; i < 20; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[20] = '\0';
    buf_printf(&b, "[%s] %3d %%", bar, (int)(s->share * 100));
    if (s->scopes > 1)
        buf_printf(&b, "  %u/%u scopes", s->scopes_done, s->scopes);
    buf_printf(&b, "  %llu events  %.0f/s", (unsigned long long)s->events, p->rate);
    if (left >= 0)
        buf_printf(&b, left >= 3600 ? "  %ld:%02ld h left" : "  %ld:%02ld left",
                   left >= 3600 ? left / 3600 : left / 60,
                   left >= 3600 ? left % 3600 / 60 : left % 60);
    if (s->reached != 0)
        buf_printf(&b, "  at %.10s", timestamp_format(s->reached, time));
    if (s->waited_ms >= 1000)
        buf_printf(&b, "  waited %lld s", (long long)(s->waited_ms / 1000));
    buf_printf(&b, "  %.1f MiB", (double)s->bytes / (1024 * 1024));
    (void)snprintf(line, sizeof(line), "%.*s", (int)b.len, b.data);
    buf_free(&b);
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
    estimate(p, s, now_ms);
    if (p->style == PROGRESS_DRAWN) {
        draw(p, s);
    } else {
        struct buf b = {0};

        buf_puts(&b, "{\"event\":\"progress\",");
        put_state(&b, s);
        put_pace(&b, p, s);
        buf_putc(&b, '}');
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

    (void)vsnprintf(text, sizeof(text), fmt, ap);
    text_clean(text, sizeof(text), slice_of(text));
    mask_text(text);
    if (p->style == PROGRESS_OBJECTS) {
        buf_printf(&b, "{\"event\":\"%s\",\"message\":", kind);
        json_put_string(&b, text);
        buf_putc(&b, '}');
    } else {
        buf_printf(&b, "azdal: %s: %s", kind, text);
    }
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

    buf_puts(&b, "{\"event\":\"token-needed\",\"reason\":");
    json_put_string(&b, reason);
    buf_putc(&b, '}');
    put_line(p, &b);
    buf_free(&b);
}

void progress_done(struct progress *p, const char *verdict, const struct progress_state *s,
                   const char *manifest_path, const char *manifest_sha256)
{
    const char *also = s->also == NULL ? "" : s->also;
    struct buf b = {0}, path = {0};

    if (p->quiet) {
        clear_bar(p);
        return;
    }
    buf_reserve(&path, strlen(manifest_path) + 1);
    text_clean(path.data, path.cap, slice_of(manifest_path));
    if (p->style == PROGRESS_OBJECTS) {
        buf_printf(&b, "{\"event\":\"done\",\"verdict\":\"%s\",", verdict);
        put_state(&b, s);
        if (also[0] != '\0') {
            buf_puts(&b, ",\"also\":");
            json_put_string(&b, also);
        }
        buf_puts(&b, ",\"manifest\":");
        json_put_string(&b, manifest_path);
        buf_printf(&b, ",\"sha256\":\"%s\"}", manifest_sha256);
    } else {
        buf_printf(&b, "azdal: %s: %llu events in %llu requests%s%s; SHA-256 of %s: %s", verdict,
                   (unsigned long long)s->events, (unsigned long long)s->requests,
                   also[0] == '\0' ? "" : ", ", also, path.data, manifest_sha256);
    }
    put_line(p, &b);
    buf_free(&path);
    buf_free(&b);
}

void progress_error(struct progress *p, int as_object, const struct err *e)
{
    char msg[ERR_MSG_MAX], hint[ERR_HINT_MAX];
    struct buf b = {0};

    text_clean(msg, sizeof(msg), slice_of(e->msg));
    text_clean(hint, sizeof(hint), slice_of(e->hint));
    mask_text(msg);
    mask_text(hint);
    if (as_object) {
        buf_printf(&b, "{\"event\":\"error\",\"code\":%d,\"message\":", e->code);
        json_put_string(&b, msg);
        buf_puts(&b, ",\"hint\":");
        json_put_string(&b, hint[0] == '\0' ? NULL : hint);
        buf_putc(&b, '}');
    } else {
        buf_printf(&b, "azdal: %s%s%s", msg, hint[0] == '\0' ? "" : "\nazdal: hint: ", hint);
    }
    put_line(p, &b);
    buf_free(&b);
}
