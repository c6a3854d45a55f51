#include "acquire/to_stdout.h"

#include "acquire/page.h"
#include "acquire/paging.h"
#include "acquire/rights.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of lines handed to write at a time. */
#define TO_STDOUT_WRITE_BYTES (256U << 10)

/* ---- oldest first ---- */

/* What is on its way from windows to the output. */
struct output {
    const struct to_stdout_config *c;
    struct journal journal;
    int64_t emitted;                   /* every event before it was written */
    int64_t ends[TO_STDOUT_AHEAD_MAX]; /* of ranges begun and not written yet */
    unsigned nends;
    struct buf lines;
};

/* Write the lines of one window. */
static int write_window(struct output *o, const struct journal_scope *s,
                        const struct journal_window *w, struct err *e)
{
    struct segment_source *source;
    struct line l;
    int more;

    if (w->w.events == 0)
        return 0;
    source = segment_from_fragment(s->segment.fd, s->segment.path, &w->w);
    while ((more = segment_source_next(source, &l, e)) == 1) {
        buf_append(&o->lines, l.bytes.data, l.bytes.len);
        buf_putc(&o->lines, '\n');
        if (o->lines.len >= TO_STDOUT_WRITE_BYTES) {
            if (o->c->write(o->c->arg, o->lines.data, o->lines.len, e) != 0) {
                more = -1;
                break;
            }
            buf_clear(&o->lines);
        }
    }
    segment_source_free(source);
    if (more == 0 && o->lines.len > 0)
        more = o->c->write(o->c->arg, o->lines.data, o->lines.len, e);
    buf_clear(&o->lines);
    return more;
}

/* The window in force that begins at `from`. */
static const struct journal_window *window_at(const struct journal_scope *s, int64_t from)
{
    size_t i;

    for (i = s->nwindows; i-- > 0;) {
        if (!s->windows[i].kept && s->windows[i].from == from)
            return &s->windows[i];
    }
    return NULL;
}

/* The callback of the engine: windows have come. Write what follows on what was written. */
static int on_windows(void *arg, struct err *e)
{
    struct output *o = arg;
    const struct journal_scope *s = &o->journal.scopes[0];
    const struct journal_window *w;

    if (s->expired > o->emitted)
        o->emitted = s->expired;
    while ((w = window_at(s, o->emitted)) != NULL) {
        if (write_window(o, s, w, e) != 0)
            return -1;
        o->emitted = w->to;
    }
    return 0;
}

/* The callback of the engine: may one more range be begun? */
static int may_begin(void *arg)
{
    struct output *o = arg;
    unsigned i, n = 0;

    for (i = 0; i < o->nends; i++) {
        if (o->ends[i] > o->emitted)
            o->ends[n++] = o->ends[i];
    }
    o->nends = n;
    return n < TO_STDOUT_AHEAD_MAX;
}

/* The callback of the engine: a range that ends at `to` was begun. */
static void on_begin(void *arg, int64_t to)
{
    struct output *o = arg;

    if (o->nends < TO_STDOUT_AHEAD_MAX)
        o->ends[o->nends++] = to;
}

/* The callback of the engine: it was given up. */
static void on_give_up(void *arg, int64_t to)
{
    struct output *o = arg;
    unsigned i, n = 0;

    for (i = 0; i < o->nends; i++) {
        if (o->ends[i] != to)
            o->ends[n++] = o->ends[i];
    }
    o->nends = n;
}

/* Nothing came, or `partly` nothing, and nothing shows that something could have come. */
static void warn_right(const struct to_stdout_config *c, int partly, int lacking)
{
    struct buf text = {0};

    rights_print_unknown(&text, partly, lacking);
    c->warning(c->arg, buf_text(&text));
    buf_free(&text);
}

/* The events written last, of one time: only those can come again. */
struct recent {
    int64_t ticks;
    struct buf *lines;
    size_t n;
};

/* Pages as they are read, newest first, and what of them was written. */
struct newest {
    const struct to_stdout_config *c;
    struct engine_counts *counts;
    char *url;    /* owned: of the next page; NULL: the range is read */
    int64_t from; /* where the range begins that its filter asks for */
    int64_t oldest, position;
    int idle;
    int empty; /* an answer without events or link came last */
    struct recent recent;
    uint64_t left; /* events still to be written */
};

/* Fetch and read one page; one without events or link is asked for again before it is believed.
 * Returns 1 when the service is too slow for it and `wide`. */
static int fetch_page(struct newest *s, const char *url, int wide, struct page *p, struct err *e)
{
    struct http_answer answer = {0};
    struct fetch_result r;
    int tries, twice = 0;

    for (tries = 1;; tries++) {
        s->counts->requests++;
        if (fetch_wait(s->c->fetch, url, wide, &r, &answer, e) != 0) {
            if (r.slow)
                return 1;
            if (r.status >= 400 && e->code != ERR_NETWORK)
                (void)arm_explain(e, s->c->scope, r.status, &r.words);
            return -1;
        }
        if (page_parse(p, &answer.body, e) == 0) {
            int ret = page_check_header(answer.pages_on, p->next_link, e);

            if (ret == 0 && (p->nlines > 0 || p->next_link != NULL || twice))
                return 0;
            page_free(p);
            if (ret == 0) {
                twice = 1;
                tries = 0;
                continue;
            }
        }
        if (e->code != ERR_UNTRUSTED || tries == ENGINE_PAGE_TRIES)
            return -1;
    }
}

/* Fetch the first page of [s->from, to), with s->from later where the service is too slow for all
 * of it. s->url gets its URL. */
static int first_page(struct newest *s, int64_t to, struct page *p, struct err *e)
{
    int ret;

    do {
        struct buf text = {0};
        int64_t span = to - s->from;

        arm_events_url(&text, s->c->endpoint, s->c->scope, timestamp_floor_second(s->from),
                       timestamp_ceil_second(to));
        (void)buf_text(&text);
        ret = fetch_page(s, text.data, span > ENGINE_NARROWEST_TICKS, p, e);
        if (ret == 0) {
            s->url = text.data;
            return page_check_count(p, e);
        }
        buf_free(&text);
        s->from = timestamp_floor_second(to - span / 2);
    } while (ret == 1);
    return -1;
}

/* How dense events are, from the newest page: ranges of a few pages are cut by that. */
static int probe(const struct to_stdout_config *c, uint64_t *events, int64_t *ticks,
                 struct engine_counts *counts, struct err *e)
{
    struct newest s = {.c = c, .counts = counts, .from = c->since};
    struct page p;
    int64_t oldest = c->until;
    size_t i;

    *events = 0;
    *ticks = 0;
    if (first_page(&s, c->until, &p, e) != 0)
        return -1;
    free(s.url);
    for (i = 0; i < p.nlines; i++) {
        if (p.lines[i].ticks >= c->since && p.lines[i].ticks < oldest)
            oldest = p.lines[i].ticks;
    }
    if (p.next_link != NULL && p.nlines > 0 && oldest < c->until) {
        *events = p.nlines;
        *ticks = c->until - oldest;
    }
    page_free(&p);
    return 0;
}

int to_stdout_oldest_first(const struct to_stdout_config *c, struct engine_counts *counts,
                           struct err *e)
{
    struct output o = {.c = c, .emitted = c->since};
    struct engine_config k = {.journal = &o.journal,
                              .scopes = c->scope,
                              .nscopes = 1,
                              .fetch = c->fetch,
                              .connections = c->connections,
                              .threads = c->threads,
                              .level = c->level,
                              .arg = c->arg,
                              .progress = c->progress,
                              .warning = c->warning,
                              .stream = &o,
                              .on_windows = on_windows,
                              .may_begin = may_begin,
                              .on_begin = on_begin,
                              .on_give_up = on_give_up};
    struct err failure = {0};
    int ret;

    memset(counts, 0, sizeof(*counts));
    if (probe(c, &k.probe_events, &k.probe_ticks, counts, e) != 0)
        return -1;
    journal_open_temporary(&o.journal, c->endpoint, c->since, c->until);
    (void)journal_add_scope(&o.journal, "standard output", "", "");
    ret = engine_run(&k, counts, &failure, e);
    if (ret == 0 && failure.code != ERR_NONE) {
        *e = failure;
        ret = -1;
    }
    if (ret == 0 && o.journal.scopes[0].right == MANIFEST_RIGHT_UNKNOWN)
        warn_right(c, counts->events > 0, k.tenant_lacking);
    if (ret == 0 && o.journal.scopes[0].expired > c->since) {
        char text[TIMESTAMP_TEXT_MAX];

        ret = err_set(e, ERR_INCOMPLETE,
                      "standard output: INCOMPLETE: what is older than %s is beyond retention",
                      timestamp_format(o.journal.scopes[0].expired, text));
    }
    if (ret == 0 && o.emitted < c->until)
        ret = err_set(e, ERR_INTERNAL, "standard output: the stream ended early");
    buf_free(&o.lines);
    journal_close(&o.journal);
    return ret;
}

/* ---- newest first ---- */

/* Whether the line was written already. */
static int was_written(const struct recent *r, const struct line *l)
{
    size_t i;

    if (r->n == 0 || l->ticks != r->ticks)
        return 0;
    for (i = 0; i < r->n; i++) {
        if (slice_compare(buf_slice(&r->lines[i]), l->bytes) == 0)
            return 1;
    }
    return 0;
}

static void forget_recent(struct recent *r)
{
    size_t i;

    for (i = 0; i < r->n; i++)
        buf_free(&r->lines[i]);
    free(r->lines);
    r->lines = NULL;
    r->n = 0;
}

/* Remember a line that was written. */
static void note_recent(struct recent *r, const struct line *l)
{
    if (l->ticks != r->ticks)
        forget_recent(r);
    r->ticks = l->ticks;
    r->lines = mem_realloc(r->lines, r->n + 1, sizeof(*r->lines));
    memset(&r->lines[r->n], 0, sizeof(*r->lines));
    buf_append(&r->lines[r->n++], l->bytes.data, l->bytes.len);
}

/* For qsort: newest first. */
static int compare_newest(const void *a, const void *b)
{
    return line_compare(b, a);
}

/* Write what a page adds. */
static int write_page(struct newest *s, struct page *p, struct err *e)
{
    const struct to_stdout_config *c = s->c;
    struct buf out = {0};
    size_t i;
    int ret = -1;

    if (p->nlines > 0)
        qsort(p->lines, p->nlines, sizeof(*p->lines), compare_newest);
    for (i = 0; i < p->nlines && s->left > 0; i++) {
        const struct line *l = &p->lines[i];

        if (l->ticks < c->since || l->ticks >= c->until || was_written(&s->recent, l))
            continue;
        if (l->ticks > s->oldest) {
            (void)err_set(e, ERR_UNTRUSTED, "pages out of order: the newest events are not known");
            goto out;
        }
        s->oldest = l->ticks;
        note_recent(&s->recent, l);
        buf_append(&out, l->bytes.data, l->bytes.len);
        buf_putc(&out, '\n');
        s->left--;
        s->counts->events++;
        s->counts->bytes += l->bytes.len + 1;
    }
    ret = out.len == 0 ? 0 : c->write(c->arg, out.data, out.len, e);
out:
    buf_free(&out);
    return ret;
}

/* No event has come, or `partly` none: whether the account may read any. */
static int check_right(const struct to_stdout_config *c, int partly, struct err *e)
{
    enum manifest_right right;
    struct arm_error words;

    if (rights_wait(c->fetch, c->endpoint, c->scope, &right, e) != 0)
        return -1;
    if (right == MANIFEST_RIGHT_SHOWN)
        return 0;
    if (rights_is_open(c->scope, right)) {
        warn_right(c, partly, right == MANIFEST_RIGHT_MISSING);
        return 0;
    }
    rights_explain(e, c->scope, partly, &words);
    return -1;
}

/* Write one page, and move on to the next one. */
static int take_newest(struct newest *s, struct page *p, struct err *e)
{
    uint64_t before = s->left;
    int empty = p->nlines == 0;
    char *next = p->next_link != NULL ? url_follow(s->url, p->next_link) : NULL;
    int64_t oldest = empty ? INT64_MIN : p->lines[p->nlines - 1].ticks;
    int ret = write_page(s, p, e);

    if (ret == 0)
        ret = paging_check(s->url, next, s->from, oldest, e);
    s->empty = empty && (next == NULL || s->empty);
    if (ret == 0 && next != NULL) {
        int64_t at = paging_position(next);
        int falls = at != PAGING_UNKNOWN && at < s->position;

        s->position = falls ? at : s->position;
        s->idle = s->left != before || falls ? 0 : s->idle + 1;
        if (s->idle >= (at == PAGING_UNKNOWN ? ENGINE_IDLE_UNKNOWN_MAX : ENGINE_IDLE_MAX) ||
            strcmp(next, s->url) == 0)
            ret = err_set(e, ERR_UNTRUSTED,
                          "paging without end: %d pages in a row without a new event", s->idle);
    }
    free(s->url);
    s->url = next;
    return ret;
}

int to_stdout_newest(const struct to_stdout_config *c, uint64_t n, struct engine_counts *counts,
                     struct err *e)
{
    struct newest s = {.c = c,
                       .counts = counts,
                       .from = c->until,
                       .oldest = c->until,
                       .position = INT64_MAX,
                       .left = n};
    int64_t span = c->until - c->since;
    int ret = 0;

    memset(counts, 0, sizeof(*counts));
    while (ret == 0 && s.left > 0 && (s.url != NULL || s.from > c->since)) {
        struct page p = {0};

        if (s.url != NULL) {
            ret = fetch_page(&s, s.url, 0, &p, e);
        } else {
            int64_t to = s.from;

            s.from = to - span > c->since ? to - span : c->since;
            s.position = INT64_MAX;
            ret = first_page(&s, to, &p, e);
            span = to - s.from;
        }
        if (ret == 0)
            ret = take_newest(&s, &p, e);
        page_free(&p);
        c->progress(c->arg, counts);
    }
    free(s.url);
    forget_recent(&s.recent);
    return ret == 0 && (s.empty || counts->events == 0) ? check_right(c, counts->events > 0, e)
                                                        : ret;
}
