/* verify against exports that are built here: sound ones, damaged ones, and ones that lie. */
#define _GNU_SOURCE /* mkdtemp */

#include "files.h"

#include "base/sys.h"
#include "base/timestamp.h"
#include "export/fragment.h"
#include "export/manifest.h"
#include "export/verify.h"
#include "export/verify_names.h"
#include "export/verify_report.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

/* 2025-11-01T00:00:00Z */
#define SINCE (TICKS_UNIX_EPOCH + INT64_C(1761955200) * TICKS_PER_SECOND)
#define HOUR (INT64_C(3600) * TICKS_PER_SECOND)

/* What to build. */
struct shape {
    unsigned scopes, windows; /* windows of each scope, four hours each; every fifth is empty */
    unsigned events;          /* in each other window */
    size_t filler;            /* bytes in each event */
    int split_day, assignments;
};

/* An export under test. */
struct export
{
    char folder[64];
    struct manifest m;
    /* lies that the builder tells */
    int swap_events, repeat_event, event_outside, no_flush, header_time, two_members, no_newline;
    int wrong_trailer;
    int empty_file; /* no lie: a scope without events has a file without fragments */
};

static char *text_dup(const char *text)
{
    char *copy = slice_dup(slice_of(text));

    assert_non_null(copy);
    return copy;
}

static void path_of(const struct export *x, const char *name, char path[600])
{
    (void)snprintf(path, 600, "%s/%s", x->folder, name);
}

/* Write a file and the folders above it. */
static void write_file(const struct export *x, const char *name, const void *data, size_t len)
{
    char path[600], folder[600];
    struct err e = {0};
    int fd;

    path_of(x, name, path);
    memcpy(folder, path, sizeof(folder));
    *strrchr(folder, '/') = '\0';
    assert_int_equal(sys_mkdir_all(folder, &e), 0);
    fd = sys_open(path, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, data, len, path, &e), 0);
    assert_int_equal(sys_close(fd, path, &e), 0);
}

static void read_file(const struct export *x, const char *name, struct buf *out)
{
    char path[600];
    struct err e = {0};

    path_of(x, name, path);
    assert_int_equal(sys_read_file(path, (size_t)1 << 30, out, &e), 0);
}

/* A gzip member that grows window by window. */
struct member {
    struct buf bytes, content;
    z_stream z;
};

static void member_begin(struct member *g, int mtime)
{
    unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};

    memset(g, 0, sizeof(*g));
    head[4] = (unsigned char)mtime;
    buf_append(&g->bytes, head, sizeof(head));
    assert_int_equal(deflateInit2(&g->z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
}

/* Append one fragment. */
static void member_add(struct member *g, const struct buf *text, int flush)
{
    assert_int_equal(deflateReset(&g->z), Z_OK);
    buf_append(&g->content, text->data, text->len);
    buf_reserve(&g->bytes, deflateBound(&g->z, text->len) + 64);
    g->z.next_in = (unsigned char *)text->data;
    g->z.avail_in = (unsigned)text->len;
    g->z.next_out = (unsigned char *)g->bytes.data + g->bytes.len;
    g->z.avail_out = (unsigned)(g->bytes.cap - g->bytes.len);
    assert_int_equal(deflate(&g->z, flush), Z_OK);
    assert_int_equal(g->z.avail_in, 0);
    g->bytes.len = (size_t)((char *)g->z.next_out - g->bytes.data);
}

static void member_end(struct member *g)
{
    uint32_t crc = (uint32_t)crc32_z(0, (unsigned char *)g->content.data, g->content.len);
    uint32_t len = (uint32_t)g->content.len;
    unsigned char tail[10] = {3, 0};
    int i;

    for (i = 0; i < 4; i++) {
        tail[2 + i] = (unsigned char)(crc >> (8 * i));
        tail[6 + i] = (unsigned char)(len >> (8 * i));
    }
    buf_append(&g->bytes, tail, sizeof(tail));
    (void)deflateEnd(&g->z);
}

static void member_free(struct member *g)
{
    buf_free(&g->bytes);
    buf_free(&g->content);
}

/* Append event number n of a window, with filler that does not compress to nothing. */
static void put_event(struct buf *out, const struct manifest_window *w, unsigned n, size_t filler)
{
    int64_t at = w->from + (int64_t)n * TICKS_PER_SECOND / 3;
    uint64_t random = (uint64_t)at + n;
    char time[TIMESTAMP_TEXT_MAX];

    buf_printf(out, "{\"eventDataId\":\"%08x\",\"eventTimestamp\":\"%s\",\"x\":\"", n * 2654435761U,
               timestamp_format(at, time));
    buf_reserve(out, filler);
    for (; filler > 0; filler--) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        out->data[out->len++] = "0123456789abcdef"[random >> 60];
    }
    buf_puts(out, "\"}\n");
}

/* The text of one window, with the lies asked for in the second one. */
static void fill_window(const struct export *x, const struct manifest_window *w, size_t index,
                        const struct shape *shape, struct buf *text)
{
    struct manifest_window other = *w;
    int lie = index == 1;
    unsigned n;

    buf_clear(text);
    for (n = 0; n < w->events; n++) {
        unsigned which = n;

        if (lie && x->swap_events && n < 2)
            which = 1 - n;
        if (lie && x->repeat_event && n == 1)
            which = 0;
        other.from = lie && x->event_outside && n + 1 == w->events ? w->to : w->from;
        put_event(text, &other, which, shape->filler);
    }
    if (lie && x->no_newline)
        text->len--;
}

/* Finish a file: write it and enter it into the scope. */
static void close_file(struct export *x, struct manifest_scope *s, struct member *g)
{
    struct manifest_file *f = &s->files[s->nfiles - 1];
    size_t i;

    member_end(g);
    if (x->wrong_trailer)
        g->bytes.data[g->bytes.len - 1] ^= 1;
    if (x->two_members) {
        static const unsigned char empty[20] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0};

        buf_append(&g->bytes, empty, sizeof(empty));
    }
    f->bytes = g->bytes.len;
    hash_bytes(g->bytes.data, g->bytes.len, f->sha256);
    f->content_bytes = g->content.len;
    hash_bytes(g->content.data, g->content.len, f->content_sha256);
    f->content_lines = 0;
    for (i = 0; i < s->nwindows; i++)
        f->content_lines += s->windows[i].file + 1 == (int)s->nfiles ? s->windows[i].events : 0;
    write_file(x, f->path, g->bytes.data, g->bytes.len);
    member_free(g);
}

/* Begin the file that the window starting at `from` belongs to. */
static void open_file(struct export *x, struct manifest_scope *s, const struct shape *shape,
                      int64_t from, struct member *g)
{
    char path[200], day[TIMESTAMP_TEXT_MAX];

    if (shape->split_day)
        (void)snprintf(path, sizeof(path), "scope=%s%s/date=%s/events.ndjson.gz",
                       strcmp(s->scope, "tenant") == 0 ? "" : "sub-",
                       strcmp(s->scope, "tenant") == 0 ? "tenant" : s->scope + 4,
                       timestamp_format_date(from, day));
    else
        (void)snprintf(path, sizeof(path), "%s%s.ndjson.gz",
                       strcmp(s->scope, "tenant") == 0 ? "" : "subscriptions/",
                       strcmp(s->scope, "tenant") == 0 ? "tenant" : s->scope + 4);
    s->files = realloc(s->files, (s->nfiles + 1) * sizeof(*s->files));
    assert_non_null(s->files);
    memset(&s->files[s->nfiles], 0, sizeof(s->files[0]));
    s->files[s->nfiles++].path = text_dup(path);
    member_begin(g, x->header_time);
}

/* Write the files of one scope and fill in its ledger. */
static void build_scope(struct export *x, struct manifest_scope *s, const struct shape *shape)
{
    struct member g;
    struct buf text = {0};
    int open = 0;
    size_t i;

    s->windows = calloc(shape->windows, sizeof(*s->windows));
    assert_non_null(s->windows);
    for (i = 0; i < shape->windows; i++) {
        struct manifest_window *w = &s->windows[i];

        w->from = SINCE + (int64_t)i * 4 * HOUR;
        w->to = w->from + 4 * HOUR;
        w->asked_at = SINCE + 300 * TICKS_PER_DAY;
        w->events = i % 5 == 4 ? 0 : shape->events;
        w->file = -1;
        if (open && shape->split_day && w->from == timestamp_floor_day(w->from)) {
            close_file(x, s, &g);
            open = 0;
        }
        if (w->events == 0)
            continue;
        if (!open)
            open_file(x, s, shape, w->from, &g);
        open = 1;
        s->nwindows = i + 1;
        w->file = (int)s->nfiles - 1;
        fill_window(x, w, i, shape, &text);
        w->offset = g.bytes.len;
        member_add(&g, &text, x->no_flush ? Z_PARTIAL_FLUSH : Z_FULL_FLUSH);
        w->deflated = g.bytes.len - w->offset;
        w->plain = text.len;
        w->crc = (uint32_t)crc32_z(0, (unsigned char *)text.data, text.len);
        s->events += w->events;
        if (s->first_event == 0)
            s->first_event = w->from;
        s->last_event = w->from + (int64_t)(w->events - 1) * TICKS_PER_SECOND / 3;
    }
    s->nwindows = shape->windows;
    if (!open && x->empty_file) {
        open_file(x, s, shape, SINCE, &g);
        open = 1;
    }
    s->settled_until = s->windows[shape->windows - 1].to;
    if (open)
        close_file(x, s, &g);
    buf_free(&text);
}

/* One line of SHA256SUMS for a file that is there. */
static void put_sum(const struct export *x, struct buf *sums, const char *name)
{
    char path[600], hex[HASH_HEX_MAX];
    struct err e = {0};

    path_of(x, name, path);
    assert_int_equal(files_hash(path, hex, &e), 0);
    buf_printf(sums, "%s  %s\n", hex, name);
}

/* Write manifest.json and SHA256SUMS as *x says. */
static void seal(struct export *x)
{
    struct buf text = {0}, sums = {0};
    size_t i, n;

    manifest_print(&x->m, &text);
    write_file(x, "manifest.json", text.data, text.len);
    for (n = 0; n < x->m.nscopes; n++) {
        for (i = 0; i < x->m.scopes[n].nfiles; i++)
            put_sum(x, &sums, x->m.scopes[n].files[i].path);
    }
    if (x->m.assignments_file != NULL)
        put_sum(x, &sums, x->m.assignments_file);
    put_sum(x, &sums, "manifest.json");
    write_file(x, "SHA256SUMS", sums.data, sums.len);
    buf_free(&text);
    buf_free(&sums);
}

/* What the manifest says of the role assignments. */
static void describe_assignments(const struct export *x, const struct member *g, uint64_t lines)
{
    struct manifest_file *f = x->m.assignments_data;

    f->bytes = g->bytes.len;
    hash_bytes(g->bytes.data, g->bytes.len, f->sha256);
    f->content_bytes = g->content.len;
    hash_bytes(g->content.data, g->content.len, f->content_sha256);
    f->content_lines = lines;
}

/* The role assignments, which have no ledger. */
static void build_assignments(struct export *x)
{
    struct manifest *m = &x->m;
    struct member g;
    struct buf text = {0};
    int i;

    member_begin(&g, 0);
    for (i = 0; i < 20; i++)
        buf_printf(&text, "{\"id\":\"/providers/x/%d\"}\n", i);
    member_add(&g, &text, Z_FULL_FLUSH);
    member_end(&g);
    m->has_assignments = 1;
    m->assignments_file = text_dup("roleAssignments.ndjson.gz");
    m->assignments_data = calloc(1, sizeof(*m->assignments_data));
    assert_non_null(m->assignments_data);
    describe_assignments(x, &g, 20);
    m->assignments_read_at = m->started;
    m->assignment_scopes = calloc(1, sizeof(*m->assignment_scopes));
    assert_non_null(m->assignment_scopes);
    m->nassignment_scopes = 1;
    m->assignment_scopes[0].scope = text_dup("/");
    m->assignment_scopes[0].status = text_dup("complete");
    write_file(x, m->assignments_file, g.bytes.data, g.bytes.len);
    buf_free(&text);
    member_free(&g);
}

/* Build an export; *x may carry lies. */
static void build(struct export *x, const struct shape *shape)
{
    const char *temporary = getenv("TMPDIR");
    struct manifest *m = &x->m;
    unsigned n;

    (void)snprintf(x->folder, sizeof(x->folder), "%.40s/azdal-verify.XXXXXX",
                   temporary == NULL ? "/tmp" : temporary);
    assert_non_null(mkdtemp(x->folder));
    m->schema = MANIFEST_SCHEMA;
    m->tool = text_dup("azdal 0.1.0");
    m->endpoint = text_dup("https://management.azure.com");
    m->started = m->finished = SINCE + 300 * TICKS_PER_DAY;
    m->since = SINCE;
    m->until = SINCE + (int64_t)shape->windows * 4 * HOUR;
    m->complete = 1;
    m->scopes_asked = calloc(2, sizeof(*m->scopes_asked));
    assert_non_null(m->scopes_asked);
    m->scopes_asked[m->nscopes_asked++] = text_dup("tenant");
    m->scopes_asked[m->nscopes_asked++] = text_dup("sub:*");
    m->scopes = calloc(shape->scopes, sizeof(*m->scopes));
    assert_non_null(m->scopes);
    m->nscopes = shape->scopes;
    for (n = 0; n < shape->scopes; n++) {
        char name[60] = "tenant";

        if (n > 0)
            (void)snprintf(name, sizeof(name), "sub:00000000-0000-0000-0000-%012u", n);
        m->scopes[n].scope = text_dup(name);
        m->scopes[n].status = text_dup("complete");
        build_scope(x, &m->scopes[n], shape);
    }
    if (shape->assignments)
        build_assignments(x);
    seal(x);
}

static void discard(struct export *x)
{
    manifest_free(&x->m);
    (void)files_delete(x->folder);
}

static const struct shape small = {.scopes = 2, .windows = 7, .events = 3, .filler = 40};
static const struct shape days = {.scopes = 2, .windows = 20, .events = 2, .split_day = 1};
static const struct shape whole = {
    .scopes = 1, .windows = 3, .events = 4, .filler = 100, .assignments = 1};

/* Whether one line of the result contains all of the texts. */
static int says(const struct verify_result *r, const char *a, const char *b, const char *c)
{
    size_t i;

    for (i = 0; i < r->nlines; i++) {
        if (strstr(r->lines[i], a) && (b == NULL || strstr(r->lines[i], b)) &&
            (c == NULL || strstr(r->lines[i], c)))
            return 1;
    }
    return 0;
}

/* Verify, print what was found when it is not what was expected, and compare. */
static void expect(const struct export *x, size_t problems, const char *text)
{
    struct verify_result r;
    struct err e;
    size_t i;
    int ok;

    if (verify_export(x->folder, &r, &e) != 0)
        fail_msg("verify failed: %s", e.msg);
    ok = problems == 0 ? r.problems == 0 : r.problems > 0;
    ok = ok && (text == NULL || says(&r, text, NULL, NULL));
    for (i = 0; i < r.nlines && !ok; i++)
        print_message("%s\n", r.lines[i]);
    if (!ok)
        fail_msg("expected %s", text == NULL ? "another number of problems" : text);
    verify_result_free(&r);
}

/* The window in whose bytes the offset lies, or NULL. */
static const struct manifest_window *window_at(const struct manifest_scope *s, size_t file,
                                               size_t offset)
{
    size_t i;

    for (i = 0; i < s->nwindows; i++) {
        const struct manifest_window *w = &s->windows[i];

        if (w->file == (int)file && offset >= w->offset && offset < w->offset + w->deflated)
            return w;
    }
    return NULL;
}

/* Flip bits at `offset` of a file; the file and the window (if any) must be named. Bits that fill
 * the last byte before a flush are in no window: there the file's digest tells. */
static void flip(struct export *x, const char *name, size_t offset, int mask,
                 const struct manifest_window *w)
{
    char range[2 * TIMESTAMP_TEXT_MAX + 4] = "", from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX];
    struct buf bytes = {0};
    struct verify_result r;
    struct err e;
    size_t i;
    int ok;

    read_file(x, name, &bytes);
    bytes.data[offset] = (char)(bytes.data[offset] ^ mask);
    write_file(x, name, bytes.data, bytes.len);
    if (w != NULL)
        (void)snprintf(range, sizeof(range), ": %s..%s: ", timestamp_format(w->from, from),
                       timestamp_format(w->to, to));
    if (verify_export(x->folder, &r, &e) != 0)
        fail_msg("%s, byte %zu: %s", name, offset, e.msg);
    ok = r.problems > 0 && (says(&r, "problem: ", name, range) ||
                            (r.problems == 2 && w != NULL && offset + 7 > w->offset + w->deflated &&
                             says(&r, "problem: ", name, "its SHA-256 is not")));
    for (i = 0; i < r.nlines && !ok; i++)
        print_message("%s\n", r.lines[i]);
    if (!ok)
        fail_msg("%s, byte %zu ^ %d: not named with%s", name, offset, mask, range);
    verify_result_free(&r);
    bytes.data[offset] = (char)(bytes.data[offset] ^ mask);
    write_file(x, name, bytes.data, bytes.len);
    buf_free(&bytes);
}

/* Flip bytes all over one file. */
static void flip_all(struct export *x, const char *name, const struct manifest_scope *s,
                     size_t file, size_t step)
{
    struct buf bytes = {0};
    size_t i;

    read_file(x, name, &bytes);
    for (i = 0; i < bytes.len; i += step)
        flip(x, name, i, i % 2 ? 0xff : 1 << (i / step % 8),
             s == NULL ? NULL : window_at(s, file, i));
    buf_free(&bytes);
}

/* ---- sound exports ---- */

static void a_sound_export_passes(void **state)
{
    const struct shape *shapes[] = {&small, &days, &whole};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct export x = {.folder = ""};

        build(&x, shapes[i]);
        expect(&x, 0, NULL);
        discard(&x);
    }
}

static void the_result_counts_files_events_and_windows(void **state)
{
    struct export x = {.folder = ""};
    struct verify_result r;
    char path[600], hex[HASH_HEX_MAX];
    struct err e;

    (void)state;
    build(&x, &small);
    assert_int_equal(verify_export(x.folder, &r, &e), 0);
    assert_int_equal(r.complete, 1);
    assert_int_equal(r.files, 4);
    assert_int_equal(r.events, 2 * 6 * 3);
    assert_int_equal(r.windows, 2 * 7);
    path_of(&x, "manifest.json", path);
    assert_int_equal(files_hash(path, hex, &e), 0);
    assert_string_equal(r.manifest_sha256, hex);
    assert_int_equal(r.nlines, 0);
    verify_result_free(&r);
    discard(&x);
}

static void windows_larger_than_what_is_held_pass(void **state)
{
    const struct shape large = {.scopes = 1, .windows = 3, .events = 9, .filler = 1 << 20};
    struct export x = {.folder = ""};

    (void)state;
    build(&x, &large);
    assert_true(x.m.scopes[0].windows[0].plain > 2 * VERIFY_HOLD_BYTES);
    expect(&x, 0, NULL);
    discard(&x);
}

static void a_scope_without_events_needs_no_file(void **state)
{
    const struct shape quiet = {.scopes = 1, .windows = 2, .events = 0};
    struct export x = {.folder = ""};

    (void)state;
    build(&x, &quiet);
    assert_int_equal(x.m.scopes[0].nfiles, 0);
    expect(&x, 0, NULL);
    discard(&x);
    memset(&x, 0, sizeof(x));
    x.empty_file = 1;
    build(&x, &quiet);
    assert_int_equal(x.m.scopes[0].files[0].bytes, 20);
    expect(&x, 0, NULL);
    flip_all(&x, "tenant.ndjson.gz", NULL, 0, 1);
    discard(&x);
}

static void an_incomplete_export_is_sound_too(void **state)
{
    struct export x = {.folder = ""};
    struct manifest_scope *s;
    struct verify_result r;
    struct err e;

    (void)state;
    build(&x, &small);
    s = &x.m.scopes[1];
    free(s->status);
    s->status = text_dup("expired");
    s->windows[4].from += HOUR; /* the empty one: a gap before it */
    x.m.complete = 0;
    seal(&x);
    assert_int_equal(verify_export(x.folder, &r, &e), 0);
    assert_int_equal(r.problems, 0);
    assert_int_equal(r.complete, 0);
    verify_result_free(&r);
    discard(&x);
}

static void files_of_others_are_a_note(void **state)
{
    struct export x = {.folder = ""};
    struct verify_result r;
    struct err e;

    (void)state;
    build(&x, &small);
    write_file(&x, "case notes.txt", "x", 1);
    write_file(&x, "subscriptions/readme", "x", 1);
    write_file(&x, "work/tenant.ndjson.gz", "x", 1);
    write_file(&x, ".partial/journal", "x", 1);
    assert_int_equal(verify_export(x.folder, &r, &e), 0);
    assert_int_equal(r.problems, 0);
    assert_int_equal(r.nlines, 4);
    assert_true(says(&r, "note: case notes.txt: not written by azdal, not checked", NULL, NULL));
    assert_true(says(&r, "note: subscriptions/readme: ", NULL, NULL));
    assert_true(says(&r, "note: work: ", NULL, NULL));
    assert_true(says(&r, "note: .partial: an unfinished run, not checked", NULL, NULL));
    verify_result_free(&r);
    discard(&x);
}

/* ---- damage ---- */

static void a_flipped_byte_is_found_and_its_window_named(void **state)
{
    struct export x = {.folder = ""};
    size_t step = getenv("AZDAL_TEST_EVERY_BYTE") != NULL ? 1 : 11;

    (void)state;
    build(&x, &whole);
    flip_all(&x, "tenant.ndjson.gz", &x.m.scopes[0], 0, step);
    flip_all(&x, "manifest.json", NULL, 0, step);
    flip_all(&x, "roleAssignments.ndjson.gz", NULL, 0, step);
    discard(&x);
    memset(&x, 0, sizeof(x));
    build(&x, &days);
    flip_all(&x, x.m.scopes[1].files[1].path, &x.m.scopes[1], 1, 3);
    discard(&x);
}

static void a_flipped_byte_in_the_sums_is_found(void **state)
{
    struct export x = {.folder = ""};
    struct buf bytes = {0};
    size_t i;

    (void)state;
    build(&x, &whole);
    read_file(&x, "SHA256SUMS", &bytes);
    for (i = 0; i < bytes.len; i++) {
        bytes.data[i] ^= 1;
        write_file(&x, "SHA256SUMS", bytes.data, bytes.len);
        expect(&x, 1, NULL);
        bytes.data[i] ^= 1;
    }
    buf_free(&bytes);
    discard(&x);
}

static void a_file_cut_anywhere_is_found(void **state)
{
    struct export x = {.folder = ""};
    struct buf bytes = {0};
    size_t n;

    (void)state;
    build(&x, &whole);
    read_file(&x, "tenant.ndjson.gz", &bytes);
    for (n = 0; n < bytes.len; n += 13) {
        write_file(&x, "tenant.ndjson.gz", bytes.data, n);
        expect(&x, 1, "problem: tenant.ndjson.gz: ");
    }
    buf_putc(&bytes, 'x');
    write_file(&x, "tenant.ndjson.gz", bytes.data, bytes.len);
    expect(&x, 1, "problem: tenant.ndjson.gz: it has ");
    buf_free(&bytes);
    discard(&x);
}

static void a_missing_file_is_named(void **state)
{
    static const char *const names[] = {"tenant.ndjson.gz", "roleAssignments.ndjson.gz",
                                        "SHA256SUMS", "manifest.json"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct export x = {.folder = ""};
        char path[600], text[100];

        build(&x, &whole);
        path_of(&x, names[i], path);
        assert_int_equal(unlink(path), 0);
        (void)snprintf(text, sizeof(text), "problem: %s: missing", names[i]);
        expect(&x, 1, text);
        discard(&x);
    }
}

static void a_link_in_place_of_a_file_or_folder_is_refused(void **state)
{
    struct export x = {.folder = ""};
    char path[600], other[600];

    (void)state;
    build(&x, &small);
    path_of(&x, "tenant.ndjson.gz", path);
    path_of(&x, "elsewhere", other);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    expect(&x, 1, "problem: tenant.ndjson.gz: not a plain file of the export");
    assert_int_equal(rename(other, path), 0);
    expect(&x, 0, NULL);
    path_of(&x, "subscriptions", path);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    expect(&x, 1, "not a plain file of the export");
    discard(&x);
}

static void a_published_name_outside_the_sums_is_a_problem(void **state)
{
    struct export x = {.folder = ""};

    (void)state;
    build(&x, &whole);
    write_file(&x, "subscriptions/1.ndjson.gz", "x", 1);
    expect(&x, 1, "problem: subscriptions/1.ndjson.gz: not in SHA256SUMS");
    discard(&x);
}

static void a_line_of_the_sums_without_manifest_entry_is_a_problem(void **state)
{
    struct export x = {.folder = ""};
    struct buf sums = {0};

    (void)state;
    build(&x, &whole);
    write_file(&x, "extra", "x", 1);
    read_file(&x, "SHA256SUMS", &sums);
    put_sum(&x, &sums, "extra");
    write_file(&x, "SHA256SUMS", sums.data, sums.len);
    expect(&x, 1, "problem: extra: not in manifest.json");
    buf_free(&sums);
    discard(&x);
}

static void names_that_leave_the_export_are_refused(void **state)
{
    struct export x = {.folder = ""};
    char path[600];

    (void)state;
    build(&x, &whole);
    free(x.m.scopes[0].files[0].path);
    x.m.scopes[0].files[0].path = text_dup("../tenant.ndjson.gz");
    write_file(&x, "../tenant.ndjson.gz", "x", 1);
    seal(&x);
    expect(&x, 1, "problem: ../tenant.ndjson.gz: not a plain file of the export");
    path_of(&x, "../tenant.ndjson.gz", path);
    assert_int_equal(unlink(path), 0);
    discard(&x);
}

/* ---- exports whose digests are right, but not what they say ---- */

/* One lie: what it changes in the first scope, and what must be said. */
struct lie {
    const char *text;
    size_t at; /* offset of a uint64_t or int64_t in the window, file or scope */
    int64_t change;
};

/* Change one number of a structure, seal, look, change it back. */
static void try_lie(struct export *x, void *base, const struct lie *lie)
{
    int64_t *number = (int64_t *)(void *)((char *)base + lie->at);

    *number += lie->change;
    seal(x);
    expect(x, 1, lie->text);
    *number -= lie->change;
}

static void wrong_numbers_in_the_ledger_are_found(void **state)
{
#define W(member) offsetof(struct manifest_window, member)
#define F(member) offsetof(struct manifest_file, member)
#define S(member) offsetof(struct manifest_scope, member)
    static const struct lie windows[] = {
        {"there is a gap before the window", W(from), HOUR},
        {"the window overlaps the one before", W(from), -HOUR},
        {"its time is outside the window", W(from), HOUR},
        {"the window overlaps the one before", W(to), HOUR},
        {"the window ends before it begins", W(to), -5 * HOUR},
        {"a different number of events than the ledger", W(events), 1},
        {"events is 9, but the windows have 10", W(events), 1},
        {"its windows do not add up to content.lines", W(events), -1},
        {"offset is ", W(offset), 1},
        {"fewer bytes than the ledger says", W(plain), 1},
        {"more bytes than the ledger says", W(plain), -1},
        {"its windows do not add up to content.bytes", W(plain), 1},
        {"offset is ", W(deflated), 1},
        {"the fragment does not end in a full flush", W(deflated), -1},
        {"settledUntil is later than the windows prove", W(asked_at), -1000 * TICKS_PER_DAY},
    };
    static const struct lie files[] = {
        {"it has", F(bytes), 1},
        {"its windows do not fill its bytes", F(bytes), 1},
        {"its content has", F(content_bytes), 1},
        {"events is 9, but the files have 10", F(content_lines), 1},
    };
    static const struct lie scopes[] = {
        {"problem: manifest.json: tenant: firstEvent is not the time of its first event",
         S(first_event), 1},
        {"problem: manifest.json: tenant: lastEvent is not the time of its last event",
         S(last_event), 1},
        {"firstEvent and lastEvent do not match the events", S(first_event), TICKS_PER_DAY},
        {"settledUntil is later than the windows prove", S(settled_until), 1},
        {"events is 10, but the windows have 9", S(events), 1},
    };
    static const struct shape shape = {.scopes = 1, .windows = 3, .events = 3, .filler = 10};
    struct export x = {.folder = ""};
    size_t i;

    (void)state;
    build(&x, &shape);
    for (i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
        try_lie(&x, &x.m.scopes[0].windows[1], &windows[i]);
    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        try_lie(&x, &x.m.scopes[0].files[0], &files[i]);
    for (i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
        try_lie(&x, &x.m.scopes[0], &scopes[i]);
    x.m.scopes[0].windows[1].crc ^= 1;
    seal(&x);
    expect(&x, 1, "its CRC-32 is not the one in the ledger");
    x.m.scopes[0].windows[1].crc ^= 1;
    x.m.since -= HOUR;
    seal(&x);
    expect(&x, 1, "there is a gap between since and the first window");
    x.m.since += HOUR;
    x.m.until += HOUR;
    seal(&x);
    expect(&x, 1, "there is a gap between the last window and until");
    x.m.until -= 2 * HOUR;
    seal(&x);
    expect(&x, 1, "the window is outside the range asked for");
    x.m.until += HOUR;
    x.m.scopes[0].files[0].content_sha256[0] ^= 1;
    seal(&x);
    expect(&x, 1, "problem: tenant.ndjson.gz: the SHA-256 of its content is not the one");
    discard(&x);
}

static void wrong_states_in_the_ledger_are_found(void **state)
{
    struct export x = {.folder = ""};
    struct manifest_scope *s;

    (void)state;
    build(&x, &small);
    s = &x.m.scopes[1];
    free(s->status);
    s->status = text_dup("forbidden");
    seal(&x);
    expect(&x, 1, "not complete, yet the verdict is COMPLETE");
    free(s->status);
    s->status = text_dup("fine");
    seal(&x);
    expect(&x, 1, "unknown status");
    free(s->status);
    s->status = text_dup("complete");
    s->error_code = text_dup("AuthorizationFailed");
    s->error_message = text_dup("no");
    seal(&x);
    expect(&x, 1, "complete, yet with an error");
    free(s->error_code);
    free(s->error_message);
    s->error_code = s->error_message = NULL;
    s->windows[4].plain = 1;
    seal(&x);
    expect(&x, 1, "the window has no file, yet it is not empty");
    s->windows[4].plain = 0;
    s->windows[3].events = 0;
    seal(&x);
    expect(&x, 1, "the window is empty, yet it has a file");
    s->windows[3].events = small.events;
    free(s->files[0].path);
    s->files[0].path = text_dup("tenant.ndjson.gz");
    seal(&x);
    expect(&x, 1, "problem: tenant.ndjson.gz: named twice in manifest.json");
    discard(&x);
}

static void scopes_that_are_not_told_of_are_found(void **state)
{
    static const struct {
        const char *asked, *why;
    } rows[] = {
        {"all", NULL},
        {"Sub:00000000-0000-0000-0000-000000000001", NULL},
        {"sub:*", NULL},
        {"mg:*", "problem: manifest.json: sub:00000000-0000-0000-0000-000000000001: not among "
                 "query.scopes"},
        {"mg:gone", "problem: manifest.json: mg:gone of query.scopes is not among the scopes"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct export x = {.folder = ""};

        build(&x, &small);
        free(x.m.scopes_asked[1]);
        x.m.scopes_asked[1] = text_dup(rows[i].asked);
        seal(&x);
        if (rows[i].why == NULL)
            expect(&x, 0, NULL);
        else
            expect(&x, 1, rows[i].why);
        discard(&x);
    }
}

/* ---- manifests that contradict themselves ---- */

static void set(char **text, const char *to)
{
    free(*text);
    *text = to == NULL ? NULL : text_dup(to);
}

/* The second scope could not be read. */
static void refuse(struct manifest *m, const char *status, const char *code)
{
    m->complete = strcmp(status, "unavailable") == 0;
    set(&m->scopes[1].status, status);
    set(&m->scopes[1].error_code, code);
}

static void right_missing(struct manifest *m)
{
    m->scopes[1].right = MANIFEST_RIGHT_MISSING;
}

static void forbidden_with_everything(struct manifest *m)
{
    refuse(m, "forbidden", "AuthorizationFailed");
}

static void unavailable_with_everything(struct manifest *m)
{
    refuse(m, "unavailable", "SubscriptionNotFound");
}

static void failed_without_words(struct manifest *m)
{
    refuse(m, "failed", NULL);
    m->scopes[1].windows[6].asked_at = m->scopes[1].windows[6].from;
    m->scopes[1].settled_until = 0;
}

static void empty_with_right(struct manifest *m)
{
    refuse(m, "forbidden", "EmptyWithoutRight");
    m->scopes[1].windows[6].asked_at = m->scopes[1].windows[6].from;
    m->scopes[1].settled_until = 0;
}

static void words_without_failure(struct manifest *m)
{
    set(&m->scopes[1].error_message, "no");
}

static void strict_by_order(struct manifest *m)
{
    m->strict = 1;
    m->scopes[0].windows[2].closed = MANIFEST_ORDERED;
}

static void in_the_future(struct manifest *m)
{
    m->finished = sys_now() + TICKS_PER_DAY;
}

static void nothing_asked(struct manifest *m)
{
    free(m->scopes_asked[0]);
    free(m->scopes_asked[1]);
    m->nscopes_asked = 0;
}

static void another_conflict(struct manifest *m)
{
    m->scopes[0].conflicting_ids = 1;
}

static void more_retries_than_requests(struct manifest *m)
{
    m->scopes[0].requests = 3;
    m->scopes[0].retries = 4;
}

static void files_of_another_scope(struct manifest *m)
{
    set(&m->scopes[1].scope, "mg:contoso");
    set(&m->scopes_asked[1], "mg:*");
}

static void file_of_another_id(struct manifest *m)
{
    set(&m->scopes[1].scope, "sub:00000000-0000-0000-0000-000000000002");
}

static void asked_for_by_name_and_unavailable(struct manifest *m)
{
    refuse(m, "unavailable", "SubscriptionNotFound");
    set(&m->scopes_asked[1], m->scopes[1].scope);
    m->scopes[1].windows[6].asked_at = m->scopes[1].windows[6].from;
    m->scopes[1].settled_until = 0;
}

static void asked_later_by_a_clock_a_year_ahead(struct manifest *m)
{
    m->clock_skew_s = INT64_C(365) * 86400;
    m->scopes[0].windows[1].asked_at = m->finished + 200 * TICKS_PER_DAY;
}

static void no_scope_at_all(struct manifest *m)
{
    set(&m->scopes[1].scope, "subscription");
    set(&m->scopes_asked[1], "subscription");
}

static void assignments_without_file(struct manifest *m)
{
    m->has_assignments = 1;
    m->assignment_scopes = calloc(1, sizeof(*m->assignment_scopes));
    m->nassignment_scopes = 1;
    m->assignment_scopes[0].scope = text_dup("/");
    m->assignment_scopes[0].status = text_dup("complete");
}

static void manifests_that_contradict_themselves_are_found(void **state)
{
    static const struct {
        void (*change)(struct manifest *m);
        const char *text;
    } rows[] = {
        {right_missing, "rightShown is false, yet it is not a forbidden scope"},
        {forbidden_with_everything, "forbidden, yet it has the whole range asked for"},
        {unavailable_with_everything, "unavailable, yet it has the whole range asked for"},
        {failed_without_words, "not complete, yet without an error"},
        {empty_with_right, "EmptyWithoutRight, yet rightShown is not false"},
        {words_without_failure, "complete, yet with an error"},
        {strict_by_order, "closed by order, yet query.strict forbids that"},
        {in_the_future, "finished is in the future"},
        {nothing_asked, "query.scopes is empty"},
        {another_conflict, "conflictingIds is 1, but the events have 0"},
        {more_retries_than_requests, "more retries than requests"},
        {files_of_another_scope, "is not the name of a file of it"},
        {file_of_another_id, "is not the name of a file of it"},
        {asked_for_by_name_and_unavailable, "not complete, yet the verdict is COMPLETE"},
        {asked_later_by_a_clock_a_year_ahead, "askedAt is after finished"},
        {no_scope_at_all, "not a scope"},
        {assignments_without_file, "roleAssignments: read, yet there is no file"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct export x = {.folder = ""};

        build(&x, &small);
        rows[i].change(&x.m);
        seal(&x);
        expect(&x, 1, rows[i].text);
        discard(&x);
    }
}

static void files_of_another_day_are_found(void **state)
{
    struct export x = {.folder = ""};
    struct manifest_scope *s;
    char *path, a[600], b[600];

    (void)state;
    build(&x, &days);
    s = &x.m.scopes[0];
    path_of(&x, s->files[0].path, a);
    path = s->files[0].path;
    s->files[0].path = text_dup("scope=tenant/date=2020-02-02/events.ndjson.gz");
    write_file(&x, s->files[0].path, "", 0);
    path_of(&x, s->files[0].path, b);
    assert_int_equal(rename(a, b), 0);
    seal(&x);
    expect(&x, 1, "its file is that of another day");
    free(path);
    discard(&x);
}

/* Build an export with one of the builder's lies, all digests right, and look. */
static void build_and_expect(struct export *x, const char *text)
{
    static const struct shape shape = {.scopes = 1, .windows = 3, .events = 3, .filler = 10};

    build(x, &shape);
    expect(x, 1, text);
    discard(x);
}

static void a_writer_that_breaks_the_format_is_found(void **state)
{
    struct export swap = {.swap_events = 1}, repeat = {.repeat_event = 1};
    struct export outside = {.event_outside = 1}, no_flush = {.no_flush = 1};
    struct export mtime = {.header_time = 1}, two = {.two_members = 1};
    struct export no_newline = {.no_newline = 1}, trailer = {.wrong_trailer = 1};
    const char *second = "2025-11-01T04:00:00Z..2025-11-01T08:00:00Z: ";
    char text[100];

    (void)state;
    (void)snprintf(text, sizeof(text), "%sevent 2: out of order", second);
    build_and_expect(&swap, text);
    (void)snprintf(text, sizeof(text), "%sevent 2: the same as the one before", second);
    build_and_expect(&repeat, text);
    (void)snprintf(text, sizeof(text), "%sevent 3: its time is outside the window", second);
    build_and_expect(&outside, text);
    build_and_expect(&no_flush, "the fragment does not end in a full flush");
    build_and_expect(&mtime, "its gzip header is not the one azdal writes");
    build_and_expect(&two, "its windows do not fill its bytes");
    (void)snprintf(text, sizeof(text), "%sits last event has no newline", second);
    build_and_expect(&no_newline, text);
    build_and_expect(&trailer, "its gzip CRC-32 or length is wrong");
}

static void role_assignments_are_lines_of_objects(void **state)
{
    static const char *const texts[] = {"{\"a\":1}\n[]\n", "{\"a\":1}\n{\"a\":}\n",
                                        "{\"a\":1}\n{\"a\":2}"};
    static const char *const said[] = {"line 2: not a JSON object", "line 2: not JSON at byte 5",
                                       "its last line has no newline"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct export x = {.folder = ""};
        struct buf text = {0};
        struct member g;

        build(&x, &whole);
        member_begin(&g, 0);
        buf_puts(&text, texts[i]);
        member_add(&g, &text, Z_FULL_FLUSH);
        member_end(&g);
        write_file(&x, "roleAssignments.ndjson.gz", g.bytes.data, g.bytes.len);
        describe_assignments(&x, &g, 2);
        seal(&x);
        expect(&x, 1, said[i]);
        member_free(&g);
        buf_free(&text);
        discard(&x);
    }
}

/* SHA256SUMS fits in each case. */
static void role_assignments_are_those_of_the_manifest(void **state)
{
    struct export x = {.folder = ""};
    struct buf text = {0};
    struct manifest_file *f, right;
    struct member g;

    (void)state;
    build(&x, &whole);
    f = x.m.assignments_data;
    expect(&x, 0, NULL);
    right = *f;
    f->bytes++;
    seal(&x);
    expect(&x, 1, "bytes in place of");
    *f = right;
    f->content_bytes++;
    seal(&x);
    expect(&x, 1, "its content has");
    *f = right;
    f->content_lines++;
    seal(&x);
    expect(&x, 1, "it has 20 lines in place of 21");
    *f = right;
    memcpy(f->content_sha256, f->sha256, sizeof(f->sha256));
    seal(&x);
    expect(&x, 1, "the SHA-256 of its content is not the one in manifest.json");
    *f = right;
    member_begin(&g, 0);
    buf_puts(&text, "{\"id\":\"/other\"}\n");
    member_add(&g, &text, Z_FULL_FLUSH);
    member_end(&g);
    write_file(&x, "roleAssignments.ndjson.gz", g.bytes.data, g.bytes.len);
    seal(&x);
    expect(&x, 1, "its SHA-256 is not the one in manifest.json");
    /* An older manifest does not say what it holds. */
    free(f);
    x.m.assignments_data = NULL;
    seal(&x);
    expect(&x, 0, NULL);
    member_free(&g);
    buf_free(&text);
    discard(&x);
}

/* What an update asks for is all that verify looks at. */
static void an_update_refuses_what_verify_refuses(void **state)
{
    struct export x = {.folder = ""};
    char sha256[HASH_HEX_MAX];
    struct sys_dir *dir;
    struct manifest m;
    struct err e = {0};
    int i;

    (void)state;
    for (i = 0; i < 4; i++) {
        memset(&x, 0, sizeof(x));
        build(&x, &small);
        if (i == 1)
            x.m.scopes[0].first_event++;
        if (i == 2)
            memcpy(x.m.scopes[1].files[0].content_sha256, x.m.scopes[1].files[0].sha256,
                   HASH_HEX_MAX);
        if (i == 3)
            x.m.scopes[0].windows[0].events++, x.m.scopes[0].windows[1].events--;
        seal(&x);
        dir = sys_dir_open(x.folder, 1, &e);
        assert_non_null(dir);
        assert_int_equal(manifest_load(&m, dir, sha256, &e), 0);
        assert_int_equal(verify_published(dir, &m, sha256, &e), i == 0 ? 0 : -1);
        if (i > 0)
            assert_int_equal(e.code, ERR_FOREIGN);
        memset(&e, 0, sizeof(e));
        manifest_free(&m);
        sys_dir_close(dir);
        discard(&x);
    }
}

/* ---- limits ---- */

static void a_line_longer_than_any_event_is_refused(void **state)
{
    const struct shape large = {
        .scopes = 1, .windows = 1, .events = 1, .filler = FRAGMENT_LINE_MAX + (8U << 20)};
    struct export x = {.folder = ""};

    (void)state;
    build(&x, &large);
    expect(&x, 1, "a line is longer than an event can be");
    discard(&x);
}

static void more_findings_than_are_kept_are_counted(void **state)
{
    const struct shape many = {
        .scopes = 1, .windows = VERIFY_LINES_MAX + 500, .events = 0, .filler = 0};
    struct export x = {.folder = ""};
    struct verify_result r;
    struct err e;
    size_t i;

    (void)state;
    build(&x, &many);
    for (i = 0; i < x.m.scopes[0].nwindows; i++)
        x.m.scopes[0].windows[i].plain = 1;
    seal(&x);
    assert_int_equal(verify_export(x.folder, &r, &e), 0);
    assert_int_equal(r.problems, VERIFY_LINES_MAX + 500);
    assert_int_equal(r.nlines, VERIFY_LINES_MAX + 1);
    assert_string_equal(r.lines[VERIFY_LINES_MAX], "note: 500 more lines are not shown");
    verify_result_free(&r);
    discard(&x);
}

static void sums_of_hostile_size_are_refused(void **state)
{
    struct export x = {.folder = ""};
    char path[600];
    struct err e;
    int fd;

    (void)state;
    build(&x, &whole);
    path_of(&x, "SHA256SUMS", path);
    fd = sys_open(path, SYS_APPEND_OPEN, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_truncate(fd, VERIFY_SUMS_MAX + 1, path, &e), 0);
    assert_int_equal(sys_close(fd, path, &e), 0);
    expect(&x, 1, "problem: SHA256SUMS: too large");
    discard(&x);
}

/* ---- what is no export ---- */

static void other_folders_are_foreign(void **state)
{
    struct export x = {.folder = ""};
    struct verify_result r;
    char path[600];
    struct err e;

    (void)state;
    build(&x, &whole);
    path_of(&x, "tenant.ndjson.gz", path);
    assert_int_equal(verify_export(path, &r, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    path_of(&x, "nothing", path);
    assert_int_equal(verify_export(path, &r, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    write_file(&x, "other/notes", "x", 1);
    path_of(&x, "other", path);
    assert_int_equal(verify_export(path, &r, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    write_file(&x, "other/manifest.json", "{\"name\":\"a web page\"}", 21);
    assert_int_equal(verify_export(path, &r, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_null(r.lines);
    discard(&x);
}

/* A reason longer than a line is cut; what it is about stays. */
static void a_long_reason_is_cut(void **state)
{
    struct verify_place at = {.name = "tenant.ndjson.gz"};
    struct verify_report *report = verify_report_new();
    struct verify_result r = {0};
    char why[4096];

    (void)state;
    memset(why, 'y', sizeof(why) - 1);
    why[sizeof(why) - 1] = '\0';
    assert_non_null(report);
    verify_report_problem(report, &at, "%s", why);
    verify_report_note(report, &at, "%s", why);
    verify_report_finish(report, &r);
    verify_report_free(report);
    assert_int_equal(r.problems, 1);
    assert_int_equal(r.nlines, 2);
    assert_ptr_equal(strstr(r.lines[0], "problem: tenant.ndjson.gz: yyy"), r.lines[0]);
    assert_int_equal(strlen(r.lines[0]), strlen("problem: tenant.ndjson.gz: ") + 599);
    assert_int_equal(strlen(r.lines[1]), strlen("note: tenant.ndjson.gz: ") + 599);
    verify_result_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_export_passes),
        cmocka_unit_test(the_result_counts_files_events_and_windows),
        cmocka_unit_test(windows_larger_than_what_is_held_pass),
        cmocka_unit_test(a_scope_without_events_needs_no_file),
        cmocka_unit_test(an_incomplete_export_is_sound_too),
        cmocka_unit_test(files_of_others_are_a_note),
        cmocka_unit_test(a_flipped_byte_is_found_and_its_window_named),
        cmocka_unit_test(a_flipped_byte_in_the_sums_is_found),
        cmocka_unit_test(a_file_cut_anywhere_is_found),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(a_link_in_place_of_a_file_or_folder_is_refused),
        cmocka_unit_test(a_published_name_outside_the_sums_is_a_problem),
        cmocka_unit_test(a_line_of_the_sums_without_manifest_entry_is_a_problem),
        cmocka_unit_test(names_that_leave_the_export_are_refused),
        cmocka_unit_test(wrong_numbers_in_the_ledger_are_found),
        cmocka_unit_test(wrong_states_in_the_ledger_are_found),
        cmocka_unit_test(scopes_that_are_not_told_of_are_found),
        cmocka_unit_test(manifests_that_contradict_themselves_are_found),
        cmocka_unit_test(files_of_another_day_are_found),
        cmocka_unit_test(a_writer_that_breaks_the_format_is_found),
        cmocka_unit_test(role_assignments_are_lines_of_objects),
        cmocka_unit_test(role_assignments_are_those_of_the_manifest),
        cmocka_unit_test(an_update_refuses_what_verify_refuses),
        cmocka_unit_test(a_line_longer_than_any_event_is_refused),
        cmocka_unit_test(more_findings_than_are_kept_are_counted),
        cmocka_unit_test(sums_of_hostile_size_are_refused),
        cmocka_unit_test(other_folders_are_foreign),
        cmocka_unit_test(a_long_reason_is_cut),
    };

    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
