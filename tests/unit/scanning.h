/* What the tests of source, event and finding share: temporary files, and running a scan. */
#ifndef AZDAL_TESTS_UNIT_SCANNING_H
#define AZDAL_TESTS_UNIT_SCANNING_H

#include "files.h"

#include "detect/finding.h"
#include "read/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A folder of one test, and what a run told. */
struct scanning {
    char folder[64];
    struct input input;
    struct finding_set set;
    struct buf told; /* "file:line: why\n" and "file: text\n", without the folder */
    unsigned damage, warnings, files;
    uint64_t events;
};

/* For cmocka's setup and teardown. */
static inline int scanning_setup(void **state)
{
    struct scanning *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return -1;
    (void)snprintf(s->folder, sizeof(s->folder), "/tmp/azdal-test-%016llx",
                   (unsigned long long)sys_random());
    *state = s;
    return sys_mkdir_all(s->folder, &(struct err){0});
}

/* Forget a run, keep the folder. */
static inline void scanning_clear(struct scanning *s)
{
    finding_set_free(&s->set);
    input_close(&s->input);
    buf_free(&s->told);
    s->damage = s->warnings = s->files = 0;
    s->events = 0;
}

static inline int scanning_teardown(void **state)
{
    struct scanning *s = *state;

    scanning_clear(s);
    (void)files_delete(s->folder);
    free(s);
    return 0;
}

/* Path of a name in the folder; the caller frees it. */
static inline char *scanning_path(const struct scanning *s, const char *name)
{
    struct buf b = {0};

    buf_printf(&b, "%s/%s", s->folder, name);
    return b.data;
}

/* Write a file of the folder, with the folders above it. */
static inline void scanning_write(const struct scanning *s, const char *name, const void *data,
                                  size_t len)
{
    char *path = scanning_path(s, name), *slash = strrchr(path, '/');
    struct err e = {0};
    int fd;

    *slash = '\0';
    assert_int_equal(sys_mkdir_all(path, &e), 0);
    *slash = '/';
    fd = sys_open(path, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, data, len, path, &e), 0);
    assert_int_equal(sys_close(fd, path, &e), 0);
    free(path);
}

/* A path without the folder in front. */
static inline const char *scanning_short(const struct scanning *s, const char *path)
{
    size_t n = strlen(s->folder);

    return strncmp(path, s->folder, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static inline void scanning_damage(const struct input_file *f, uint64_t line, const char *why,
                                   void *arg)
{
    struct scanning *s = arg;

    s->damage++;
    if (line == 0)
        buf_printf(&s->told, "%s: %s\n", scanning_short(s, f->path), why);
    else
        buf_printf(&s->told, "%s:%llu: %s\n", scanning_short(s, f->path), (unsigned long long)line,
                   why);
}

static inline void scanning_warning(const struct input_file *f, const char *text, void *arg)
{
    struct scanning *s = arg;

    s->warnings++;
    buf_printf(&s->told, "%s: %s\n", scanning_short(s, f->path), text);
}

static inline void scanning_file_end(const struct reader_file *r, void *arg)
{
    struct scanning *s = arg;

    s->files++;
    s->events += r->events;
    finding_set_add_file(&s->set, r);
}

static inline int scanning_pick(const struct event *ev, void *arg)
{
    (void)arg;
    return finding_wants(ev);
}

static inline int scanning_take(const struct reader_event *r, void *arg, struct err *e)
{
    struct scanning *s = arg;

    return finding_set_add(&s->set, r, e);
}

/* Scan files. */
static inline void scanning_run(struct scanning *s, const char *const *paths, size_t n)
{
    struct reader_calls calls = {scanning_pick,    scanning_take,     scanning_damage,
                                 scanning_warning, scanning_file_end, s};
    struct err e = {0};

    scanning_clear(s);
    assert_int_equal(input_open(&s->input, paths, n, 0, 0, &e), 0);
    finding_set_init(&s->set, &s->input);
    assert_int_equal(reader_run(&s->input, &calls, &e), 0);
    finding_set_finish(&s->set, NULL, NULL);
}

/* Scan text as a file. */
static inline void scanning_run_text(struct scanning *s, const char *text)
{
    char *path = scanning_path(s, "text.ndjson");

    scanning_write(s, "text.ndjson", text, strlen(text));
    scanning_run(s, (const char *const *)&path, 1);
    free(path);
}

/* Append one gzip member (window 31) or fragment of raw deflate with a full flush (-15). */
static inline void scanning_pack(struct buf *out, const void *data, size_t len, int window)
{
    z_stream z = {0};
    int flush = window < 0 ? Z_FULL_FLUSH : Z_FINISH;

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)len;
    do {
        buf_reserve(out, 65536);
        z.next_out = (Bytef *)out->data + out->len;
        z.avail_out = 65536;
        assert_int_not_equal(deflate(&z, flush), Z_STREAM_ERROR);
        out->len += 65536 - z.avail_out;
    } while (z.avail_out == 0);
    assert_int_equal(deflateEnd(&z) == Z_STREAM_ERROR, 0);
}

/* Whether what was told holds a text. */
static inline int scanning_told(struct scanning *s, const char *text)
{
    return strstr(buf_text(&s->told), text) != NULL;
}

/* Write a manifest in the form that azdal gives it; a text that is none stays as it is. */
static inline void scanning_manifest(const struct scanning *s, const char *name, struct buf *text)
{
    struct manifest m;
    struct err ignored;

    if (manifest_parse(&m, buf_slice(text), &ignored) == 0) {
        buf_clear(text);
        manifest_print(&m, text);
        manifest_free(&m);
    }
    scanning_write(s, name, text->data, text->len);
}

/* Write SHA256SUMS of an export with the manifest and these files, separated by blanks. */
static inline void scanning_seal(struct scanning *s, const char *folder, const char *files)
{
    struct buf sums = {0}, name = {0};
    const char *p = files;

    while (p != NULL) {
        size_t n = strcspn(p, " ");
        struct buf path = {0};
        char hex[HASH_HEX_MAX], *full;
        struct err e = {0};

        buf_printf(&path, "%s/%.*s", folder, (int)n, p);
        full = scanning_path(s, path.data);
        if (files_hash(full, hex, &e) == 0)
            buf_printf(&sums, "%s  %.*s\n", hex, (int)n, p);
        free(full);
        buf_free(&path);
        p = p[n] == ' ' ? p + n + 1 : strncmp(p, "manifest", 8) == 0 ? NULL : "manifest.json";
    }
    buf_printf(&name, "%s/SHA256SUMS", folder);
    scanning_write(s, name.data, sums.data, sums.len);
    buf_free(&name);
    buf_free(&sums);
}

#endif
