/* segment: sources of lines, what is made of them, and the file. */
#define _GNU_SOURCE /* pread */

#include "storing.h"

#include "export/gzip_file.h"
#include "export/manifest.h"
#include "store/segment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define DAY 86400L
#define MIB ((size_t)1 << 20)

/* ---- helpers ---- */

/* The folder of a test, open; one stays open until the next. */
static const struct sys_dir *here(void **state)
{
    static struct sys_dir *open_one;

    sys_dir_close(open_one);
    open_one = storing_dir(*state);
    return open_one;
}

/* segment_open of a path. */
static int open_below(struct segment *s, const char *path, uint64_t size, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *folder = slice_dup((struct slice){path, (size_t)(slash - path)});
    struct sys_dir *d = storing_dir(folder);
    int ret = segment_open(s, d, slash + 1, size, e);

    sys_dir_close(d);
    free(folder);
    return ret;
}

/* Inflate one fragment with nothing before it. */
static void inflate_alone(const char *data, size_t len, struct buf *out)
{
    z_stream z = {0};
    int ret;

    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)len;
    do {
        buf_reserve(out, MIB);
        z.next_out = (Bytef *)out->data + out->len;
        z.avail_out = MIB;
        ret = inflate(&z, Z_SYNC_FLUSH);
        assert_true(ret == Z_OK || ret == Z_BUF_ERROR);
        out->len += MIB - z.avail_out;
    } while (z.avail_out == 0);
    assert_int_equal(z.avail_in, 0);
    (void)inflateEnd(&z);
}

/* All fragments of a result, wherever they are. */
static void result_bytes(const struct segment_result *r, struct buf *out)
{
    uint64_t in_file = r->bytes - r->memory.len;

    buf_reserve(out, r->bytes + 1);
    if (r->fd >= 0)
        assert_int_equal(pread(r->fd, out->data, in_file, 0), (ssize_t)in_file);
    else
        assert_int_equal(in_file, 0);
    out->len = in_file;
    buf_append(out, r->memory.data, r->memory.len);
}

/* What holds of every result: windows without gap, each a fragment that inflates by itself to the
 * lines, length and CRC-32 that it claims. The lines are appended to *all. */
static void check_result(const struct segment_result *r, const struct segment_params *p,
                         struct buf *all)
{
    struct buf bytes = {0};
    uint64_t offset = 0;
    size_t i;

    result_bytes(r, &bytes);
    assert_true(r->nwindows > 0);
    assert_true(r->windows[0].w.from == p->from && r->windows[r->nwindows - 1].w.to == p->to);
    for (i = 0; i < r->nwindows; i++) {
        const struct segment_window *w = &r->windows[i];
        size_t begin = all->len, lines = 0, k;

        assert_true(w->w.from < w->w.to && (i == 0 || w->w.from == w[-1].w.to));
        assert_int_equal(w->w.offset, offset);
        offset += w->w.deflated;
        assert_true((w->w.events == 0) == (w->w.deflated == 0));
        if (w->w.deflated > 0)
            inflate_alone(bytes.data + w->w.offset, w->w.deflated, all);
        assert_int_equal(all->len - begin, w->w.plain);
        if (all->len > begin)
            assert_int_equal(crc32_z(0, (Bytef *)all->data + begin, all->len - begin), w->w.crc);
        for (k = begin; k < all->len; k++)
            lines += all->data[k] == '\n';
        assert_int_equal(lines, w->w.events);
    }
    assert_int_equal(offset, r->bytes);
    buf_free(&bytes);
}

/* The windows in short, "0-50:3 50-100:1d2": seconds, events, duplicates. */
static void print_windows(const struct segment_result *r, struct buf *out)
{
    size_t i;

    for (i = 0; i < r->nwindows; i++) {
        const struct segment_window *w = &r->windows[i];

        buf_printf(out, "%s%lld-%lld:%llu", i > 0 ? " " : "",
                   (long long)((w->w.from - START) / TICKS_PER_SECOND),
                   (long long)((w->w.to - START) / TICKS_PER_SECOND),
                   (unsigned long long)w->w.events);
        if (w->duplicates > 0)
            buf_printf(out, "d%llu", (unsigned long long)w->duplicates);
    }
    (void)buf_text(out);
}

/* ---- encoding ---- */

/* A target that any one event of the tables reaches: a window is closed at each change of time. */
#define EACH 1
#define NEVER MIB

static void windows_and_lines(void **state)
{
    static const struct {
        const char *name, *events;
        long from, to;
        size_t target;
        int split_day, count;
        const char *windows, *lines;
    } rows[] = {
        {"nothing", "", 0, 100, NEVER, 0, 1, "0-100:0", ""},
        {"newest first, as they come", "30c 20b 10a", 0, 100, NEVER, 0, 1, "0-100:3",
         "10a 20b 30c"},
        {"in any order", "20b 30c 10a", 0, 100, NEVER, 0, 1, "0-100:3", "10a 20b 30c"},
        {"same time: by id", "10c 10a 10b", 0, 100, NEVER, 0, 1, "0-100:3", "10a 10b 10c"},
        {"closed at each change of time", "30c 20b 10a", 0, 100, EACH, 0, 1,
         "0-20:1 20-30:1 30-100:1", "10a 20b 30c"},
        {"never within one time", "10d 10c 10b 10a", 0, 100, EACH, 0, 1, "0-100:4",
         "10a 10b 10c 10d"},
        {"only when the time changes", "20d 20c 10b 10a", 0, 100, EACH, 0, 1, "0-20:2 20-100:2",
         "10a 10b 20c 20d"},
        /* One event is 67 bytes: two reach a target of 100. */
        {"closed above the target", "50e 40d 30c 20b 10a", 0, 100, 100, 0, 1,
         "0-30:2 30-50:2 50-100:1", "10a 20b 30c 40d 50e"},
        {"repeats are dropped and counted", "20b 10a 10a 10a", 0, 100, NEVER, 0, 1, "0-100:2d2",
         "10a 20b"},
        {"repeats of known lines are not counted", "20b 10a 10a", 0, 100, NEVER, 0, 0, "0-100:2",
         "10a 20b"},
        {"a repeat does not open a window", "10a 10a 5b", 0, 100, EACH, 0, 1, "0-10:1 10-100:1d1",
         "5b 10a"},
        {"one id, other bytes, one time", "10a1 10a2", 0, 100, NEVER, 0, 1, "0-100:2", "10a1 10a2"},
        {"three of them are one id", "10a3 10a1 10a2", 0, 100, NEVER, 0, 1, "0-100:3",
         "10a1 10a2 10a3"},
        {"two ids in conflict", "10a1 10a2 10b1 10b2", 0, 100, NEVER, 0, 1, "0-100:4",
         "10a1 10a2 10b1 10b2"},
        {"one id at two times is no conflict", "10a1 20a2", 0, 100, NEVER, 0, 1, "0-100:2",
         "10a1 20a2"},
        {"no id is no conflict", "10-1 10-2", 0, 100, NEVER, 0, 1, "0-100:2", "10-1 10-2"},
        {"a conflict with repeats", "10a1 10a2 10a1 10a2", 0, 100, NEVER, 0, 1, "0-100:2d2",
         "10a1 10a2"},
        {"outside the stretch", "9a 10b 19c 20d", 10, 20, NEVER, 0, 1, "10-20:2", "10b 19c"},
        {"all outside", "9a 20d", 10, 20, EACH, 0, 1, "10-20:0", ""},
        {"repeats outside are not counted", "9a 9a 10b", 10, 20, NEVER, 0, 1, "10-20:1", "10b"},
        {"split at midnight", "86400b 86399a", 0, 2 * DAY, NEVER, 1, 1, "0-86400:1 86400-172800:1",
         "86399a 86400b"},
        {"not split without being asked", "86400b 86399a", 0, 2 * DAY, NEVER, 0, 1, "0-172800:2",
         "86399a 86400b"},
        {"days without events", "260000b 5a", 0, 4 * DAY, NEVER, 1, 1,
         "0-86400:1 86400-172800:0 172800-259200:0 259200-345600:1", "5a 260000b"},
        {"split without any event", "", 43200, 3 * DAY, NEVER, 1, 1,
         "43200-86400:0 86400-172800:0 172800-259200:0", ""},
        {"from within a day into another", "86400b", 80000, 90000, NEVER, 1, 1,
         "80000-86400:0 86400-90000:1", "86400b"},
        {"midnight and the target", "86401d 86400c 86399b 86398a", 86000, 87000, EACH, 1, 1,
         "86000-86399:1 86399-86400:1 86400-86401:1 86401-87000:1", "86398a 86399b 86400c 86401d"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct segment_params p = {.from = AT(rows[i].from),
                                         .to = AT(rows[i].to),
                                         .level = 6,
                                         .target_plain = rows[i].target,
                                         .split_day = rows[i].split_day};
        struct buf windows = {0}, all = {0}, lines = {0};
        struct segment_source *source;
        struct segment_result r;
        struct events x;
        struct err e = {0};

        events_make(&x, rows[i].events);
        source = segment_from_memory(x.lines, x.n);
        assert_non_null(source);
        assert_int_equal(segment_encode(&r, &p, &source, 1, rows[i].count, &e), 0);
        check_result(&r, &p, &all);
        print_windows(&r, &windows);
        put_words(&lines, buf_slice(&all));
        if (strcmp(windows.data, rows[i].windows) != 0 || strcmp(lines.data, rows[i].lines) != 0)
            fail_msg("%s: windows %s, lines %s", rows[i].name, windows.data, lines.data);
        segment_result_free(&r);
        segment_source_free(source);
        events_free(&x);
        buf_free(&windows);
        buf_free(&all);
        buf_free(&lines);
    }
}

static void no_source_at_all(void **state)
{
    const struct segment_params p = {.from = AT(0), .to = AT(9), .level = 1, .target_plain = 1};
    struct segment_result r;
    struct buf all = {0};
    struct err e;

    (void)state;
    assert_int_equal(segment_encode(&r, &p, NULL, 0, 1, &e), 0);
    check_result(&r, &p, &all);
    assert_int_equal(r.nwindows, 1);
    segment_result_free(&r);
    segment_result_free(&r);
    buf_free(&all);
}

/* ---- sources ---- */

/* Write a result as a file and return it open. */
static int file_of(const char *folder, const char *name, const struct segment_result *r,
                   char **path)
{
    struct buf bytes = {0};
    struct err e;
    int fd;

    *path = folder_join(folder, name);
    assert_non_null(*path);
    fd = sys_open(*path, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    result_bytes(r, &bytes);
    assert_int_equal(sys_write(fd, bytes.data, bytes.len, *path, &e), 0);
    buf_free(&bytes);
    return fd;
}

/* Every source of the same lines gives the same fragments, also several at a time. */
static void sources_are_alike(void **state)
{
    const struct segment_params p = {
        .from = AT(0), .to = AT(1000), .level = 6, .target_plain = 2000};
    struct buf words[4] = {{0}}, all = {0};
    struct events x, part[4];
    struct segment_source *in_memory[4], *last[4];
    struct segment_result whole, r;
    char *path;
    int run, both, file, i;
    struct err e;

    for (i = 0; i < 600; i++) {
        int id = 'a' + i * 7 % 26;

        buf_printf(&words[i % 4], " %d%c%d", i * 611 % 800, id, i % 5);
        buf_printf(&all, " %d%c%d", i * 611 % 800, id, i % 5);
    }
    events_make(&x, all.data);
    last[0] = segment_from_memory(x.lines, x.n);
    assert_int_equal(segment_encode(&whole, &p, last, 1, 0, &e), 0);
    segment_source_free(last[0]);
    assert_true(whole.nwindows > 5);

    /* In memory, in a run, in a run made of a run and of memory, and in a fragment of many windows
     * that is read window by window below. */
    for (i = 0; i < 4; i++) {
        events_make(&part[i], words[i].data);
        in_memory[i] = segment_from_memory(part[i].lines, part[i].n);
        assert_non_null(in_memory[i]);
    }
    assert_int_equal(segment_write_run(&in_memory[1], 1, here(state), &run, &e), 0);
    last[0] = segment_from_run(run);
    last[1] = in_memory[2];
    assert_int_equal(segment_write_run(last, 2, here(state), &both, &e), 0);
    segment_source_free(last[0]);
    {
        const struct segment_params one = {
            .from = AT(0), .to = AT(1000), .level = 1, .target_plain = MIB};

        assert_int_equal(segment_encode(&r, &one, &in_memory[3], 1, 0, &e), 0);
        assert_int_equal(r.nwindows, 1);
        file = file_of(*state, "one", &r, &path);
    }
    last[0] = in_memory[0];
    last[1] = segment_from_run(both);
    last[2] = segment_from_fragment(file, path, &r.windows[0].w);
    assert_non_null(last[1]);
    assert_non_null(last[2]);
    segment_result_free(&r);
    assert_int_equal(segment_encode(&r, &p, last, 3, 0, &e), 0);
    assert_int_equal(r.nwindows, whole.nwindows);
    assert_int_equal(r.memory.len, whole.memory.len);
    assert_memory_equal(r.memory.data, whole.memory.data, whole.memory.len);
    for (i = 1; i < 3; i++)
        segment_source_free(last[i]);
    for (i = 0; i < 4; i++) {
        segment_source_free(in_memory[i]);
        events_free(&part[i]);
        buf_free(&words[i]);
    }
    segment_result_free(&r);
    segment_result_free(&whole);
    events_free(&x);
    buf_free(&all);
    free(path);
    assert_int_equal(close(run) | close(both) | close(file), 0);
}

/* A source hands out line by line, and ends for good. */
static void lines_one_by_one(void **state)
{
    struct segment_source *source;
    struct buf words = {0};
    struct events x;
    struct line l;
    struct err e;
    int run, more;

    events_make(&x, "30c 10-1 20b2 10a");
    source = segment_from_memory(x.lines, x.n);
    assert_int_equal(segment_write_run(&source, 1, here(state), &run, &e), 0);
    segment_source_free(source);
    source = segment_from_run(run);
    while ((more = segment_source_next(source, &l, &e)) == 1)
        put_word(&words, &l);
    assert_int_equal(more, 0);
    assert_int_equal(segment_source_next(source, &l, &e), 0);
    assert_true(slice_equals(buf_slice(&words), "10-1 10a 20b2 30c"));
    segment_source_free(source);
    segment_source_free(NULL);
    events_free(&x);
    buf_free(&words);
    assert_int_equal(close(run), 0);
}

/* A run that was cut, or says that a line is longer than any page. */
static void damaged_runs(void **state)
{
    static const struct {
        const char *name;
        long cut;        /* bytes at the end that are missing */
        uint32_t length; /* put in place of the first line's, or 0 */
        int lines;       /* handed out before it fails */
    } rows[] = {
        {"cut in the last line", 1, 0, 1},
        {"cut behind the last head", 66, 0, 1},
        {"cut in the last head", 70, 0, 1},
        {"a line above SEGMENT_LINE_MAX", 0, (64U << 20) + 1, 0},
        {"a line longer than the file", 0, 64U << 20, 0},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct segment_source *source;
        struct err e = {0};
        struct events x;
        struct line l;
        int run, n = 0, more;
        off_t size;

        events_make(&x, "10a 20b");
        source = segment_from_memory(x.lines, x.n);
        assert_int_equal(segment_write_run(&source, 1, here(state), &run, &e), 0);
        segment_source_free(source);
        size = lseek(run, 0, SEEK_END);
        assert_int_equal(ftruncate(run, size - rows[i].cut), 0);
        if (rows[i].length > 0) /* behind the ticks */
            assert_int_equal(pwrite(run, &rows[i].length, 4, 8), 4);
        source = segment_from_run(run);
        while ((more = segment_source_next(source, &l, &e)) == 1)
            n++;
        if (more != -1 || n != rows[i].lines || e.code != ERR_LOCAL ||
            strstr(e.msg, "cut short") == NULL)
            fail_msg("%s: %d after %d lines, code %d, %s", rows[i].name, more, n, e.code, e.msg);
        segment_source_free(source);
        events_free(&x);
        assert_int_equal(close(run), 0);
    }
}

/* ---- fragments that are not what the ledger says ---- */

/* Deflate a text as a fragment into a new file; *w describes it. */
static int fragment_of(const char *path, struct slice text, struct manifest_window *w)
{
    struct buf packed = {0};
    z_stream z = {0};
    struct err e;
    int fd;

    memset(w, 0, sizeof(*w));
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    buf_append(&packed, "0123456789", 10);
    buf_reserve(&packed, deflateBound(&z, text.len) + 64);
    z.next_in = (Bytef *)(uintptr_t)text.data;
    z.avail_in = (uInt)text.len;
    z.next_out = (Bytef *)packed.data + 10;
    z.avail_out = (uInt)(packed.cap - 10);
    assert_int_equal(deflate(&z, Z_FULL_FLUSH), Z_OK);
    packed.len = packed.cap - z.avail_out;
    (void)deflateEnd(&z);
    w->offset = 10;
    w->deflated = packed.len - 10;
    w->plain = text.len;
    w->crc = (uint32_t)crc32_z(0, (const Bytef *)text.data, text.len);
    fd = sys_open(path, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, packed.data, packed.len, path, &e), 0);
    assert_int_equal(sys_write(fd, "behind", 6, path, &e), 0);
    buf_free(&packed);
    return fd;
}

/* Read a fragment to its end or failure. Returns the lines handed out. */
static int drain(int fd, const char *path, const struct manifest_window *w, struct err *e)
{
    struct segment_source *source = segment_from_fragment(fd, path, w);
    struct line l;
    int n = 0, more;

    assert_non_null(source);
    memset(e, 0, sizeof(*e));
    while ((more = segment_source_next(source, &l, e)) == 1)
        n++;
    assert_true((more == -1) == (e->code != 0));
    segment_source_free(source);
    return n;
}

/* What is done to a fragment of two lines. */
enum damage { SOUND, FLIP, CUT, CRC, LONGER, SHORTER, FEWER_BYTES, MORE_BYTES, TEXT };

static void damaged_fragments(void **state)
{
    static const char two[] = "{\"eventTimestamp\":\"2025-11-01T00:00:01Z\"}\n"
                              "{\"eventTimestamp\":\"2025-11-01T00:00:02Z\"}\n";
    static const struct {
        const char *name;
        enum damage damage;
        const char *text; /* in place of the two lines, for TEXT */
        const char *why;
    } rows[] = {
        {"sound", SOUND, NULL, NULL},
        {"a byte is flipped", FLIP, NULL, "t.segment: fragment up to byte"},
        {"the file is cut", CUT, NULL, "the file ends inside the window"},
        {"another CRC", CRC, NULL, "its CRC-32 is not the one in the ledger"},
        {"the ledger says more", LONGER, NULL, "fewer bytes than the ledger says"},
        {"the ledger says less", SHORTER, NULL, "more bytes than the ledger says"},
        {"the ledger knows fewer packed bytes", FEWER_BYTES, NULL, "fewer bytes"},
        {"the ledger knows more packed bytes", MORE_BYTES, NULL, ""},
        {"no newline at the end", TEXT, "{\"eventTimestamp\":\"2025-11-01T00:00:01Z\"}\n{}",
         "its last line has no newline"},
        {"a line that is not an event", TEXT, "{}\n", "a line that is not an event"},
        {"a line that is no JSON", TEXT, "events\n", "a line that is not an event"},
        {"an empty line", TEXT, "\n", "a line that is not an event"},
    };
    struct err e;
    char *path = folder_join(*state, "t.segment");
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum damage d = rows[i].damage;
        struct manifest_window w;
        int fd = fragment_of(path, slice_of(d == TEXT ? rows[i].text : two), &w);
        int n;

        if (d == FLIP)
            assert_int_equal(pwrite(fd, "\xff\xff\xff", 3, 20), 3);
        else if (d == CUT)
            assert_int_equal(ftruncate(fd, 30), 0);
        w.crc ^= d == CRC ? 1 : 0;
        w.plain += d == LONGER ? 1 : d == SHORTER ? (uint64_t)-1 : 0;
        w.deflated += d == MORE_BYTES ? 6 : d == FEWER_BYTES ? (uint64_t)-20 : 0;
        n = drain(fd, path, &w, &e);
        if (rows[i].why == NULL ? e.code != 0 || n != 2
                                : e.code != ERR_FOREIGN || strstr(e.msg, rows[i].why) == NULL ||
                                      strstr(e.msg, path) == NULL)
            fail_msg("%s: %d lines, code %d, %s", rows[i].name, n, e.code, e.msg);
        assert_int_equal(close(fd), 0);
    }
    free(path);
}

/* What stands around fragments makes them one member of gzip, whatever their lengths. */
static void a_member_around_fragments(void **state)
{
    static const char *const parts[] = {"", "a", "", "bc", "", "0123456789abcdef"};
    uint32_t crc = 0;
    unsigned char trailer[GZIP_FILE_TRAILER];
    struct buf file = {0}, plain = {0}, out = {0};
    char *path = folder_join(*state, "t.segment");
    z_stream z = {0};
    size_t i;

    buf_append(&file, gzip_file_header, GZIP_FILE_HEADER);
    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct buf bytes = {0};
        struct manifest_window w;
        int fd = fragment_of(path, slice_of(parts[i]), &w);

        buf_reserve(&bytes, w.deflated);
        assert_int_equal(pread(fd, bytes.data, w.deflated, (off_t)w.offset), (ssize_t)w.deflated);
        buf_append(&file, bytes.data, w.deflated);
        buf_puts(&plain, parts[i]);
        crc = gzip_file_crc_append(crc, w.crc, w.plain);
        assert_int_equal(close(fd), 0);
        buf_free(&bytes);
    }
    assert_int_equal(crc, crc32_z(0, (Bytef *)plain.data, plain.len));
    gzip_file_trailer(crc, plain.len, trailer);
    buf_append(&file, trailer, GZIP_FILE_TRAILER);
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    buf_reserve(&out, 1000);
    z.next_in = (Bytef *)file.data;
    z.avail_in = (uInt)file.len;
    z.next_out = (Bytef *)out.data;
    z.avail_out = 1000;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END); /* zlib checks CRC-32 and length */
    assert_int_equal(z.avail_in, 0);
    assert_int_equal(1000 - z.avail_out, plain.len);
    assert_memory_equal(out.data, plain.data, plain.len);
    (void)inflateEnd(&z);
    free(path);
    buf_free(&file);
    buf_free(&plain);
    buf_free(&out);
}

/* Lengths that a 32-bit offset does not hold, and the length modulo 2^32 in the trailer. */
static void lengths_above_four_gigabytes(void **state)
{
    static const uint64_t lengths[] = {((uint64_t)1 << 30) - 1, (uint64_t)1 << 30,
                                       ((uint64_t)1 << 31) + 5, ((uint64_t)5 << 30) + 7};
    unsigned char trailer[GZIP_FILE_TRAILER];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        uint32_t expected = 0x12345678, half = 0x9abcdef0;
        uint64_t left;

        /* The same in many small steps: bytes whose CRC-32 is that of nothing, then the rest. */
        for (left = lengths[i]; left > 1000; left -= left / 2)
            expected = (uint32_t)crc32_combine(expected, 0, (z_off_t)(left / 2));
        expected = (uint32_t)crc32_combine(expected, half, (z_off_t)left);
        assert_int_equal(gzip_file_crc_append(0x12345678, half, lengths[i]), expected);
    }
    gzip_file_trailer(0x01020304, ((uint64_t)5 << 32) + 0x0a0b0c0d, trailer);
    assert_memory_equal(trailer, "\x03\x00\x04\x03\x02\x01\x0d\x0c\x0b\x0a", 10);
}

/* What goes wrong in a source is what goes wrong in the encoding, and leaves no result. */
static void a_damaged_source_leaves_nothing(void **state)
{
    const struct segment_params p = {.from = AT(0), .to = AT(9), .level = 1, .target_plain = 1};
    struct err e;
    char *path = folder_join(*state, "t.segment");
    struct segment_source *source;
    struct manifest_window w;
    struct segment_result r;
    int run, fd;

    fd = fragment_of(path, slice_of("{\"eventTimestamp\":\"2025-11-01T00:00:01Z\"}\n{}\n"), &w);
    source = segment_from_fragment(fd, path, &w);
    assert_int_equal(segment_encode(&r, &p, &source, 1, 1, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_null(r.windows);
    assert_int_equal(r.fd, -1);
    segment_source_free(source);
    source = segment_from_fragment(fd, path, &w);
    assert_int_equal(segment_write_run(&source, 1, here(state), &run, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    segment_source_free(source);
    assert_int_equal(close(fd), 0);
    free(path);
}

/* A line above SEGMENT_LINE_MAX: 64 MiB deflate to 64 KiB. */
static void a_line_without_end(void **state)
{
    static const char head[] = "{\"eventTimestamp\":\"2025-11-01T00:00:01Z\",\"v\":\"";
    struct buf text = {0};
    struct err e;
    char *path = folder_join(*state, "t.segment");
    struct manifest_window w;
    int fd;

    buf_append(&text, head, sizeof(head) - 1);
    buf_reserve(&text, 66 * MIB);
    memset(text.data + text.len, 'a', 66 * MIB);
    text.len += 65 * MIB;
    memcpy(text.data + text.len, "\"}\n", 3);
    text.len += 3;
    fd = fragment_of(path, buf_slice(&text), &w);
    assert_int_equal(drain(fd, path, &w, &e), 0);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_non_null(strstr(e.msg, "a line that does not end"));
    assert_int_equal(close(fd), 0);
    free(path);
    buf_free(&text);
}

/* ---- more than memory holds ---- */

/* A line at a second with so many bytes that do not deflate to less than half. */
static void put_large(struct buf *out, int second, int n, size_t bytes)
{
    uint64_t random = (uint64_t)n * 977 + 1;
    char time[TIMESTAMP_TEXT_MAX];

    buf_printf(out, "{\"eventTimestamp\":\"%s\",\"eventDataId\":\"%04d\",\"v\":\"",
               timestamp_format(AT(second), time), n);
    buf_reserve(out, bytes);
    for (; bytes > 0; bytes--) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        out->data[out->len++] = "0123456789abcdef"[random >> 60];
    }
    buf_puts(out, "\"}\n");
}

/* One instant above SEGMENT_MEMORY_MAX goes to a file, between two small windows; and what is
 * appended to a segment is the same. */
static void one_instant_larger_than_memory(void **state)
{
    struct segment_params p = {
        .from = AT(0), .to = AT(100), .level = 1, .target_plain = MIB, .dir = here(state)};
    struct buf text = {0}, all = {0}, bytes = {0};
    struct line lines[502] = {{0}};
    struct segment_source *source;
    struct segment_result r;
    struct segment file;
    struct err e;
    char *path = folder_join(*state, "tenant.segment"), *copy;
    size_t at = 0, n;
    uint64_t offset;

    put_large(&text, 5, 0, 2 * MIB);
    for (n = 1; n < 501; n++)
        put_large(&text, 50, (int)n, 40000);
    put_large(&text, 99, 501, 100);
    for (n = 0; at < text.len; n++) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        struct slice one = {text.data + at, (size_t)(end - (text.data + at))};

        assert_int_equal(line_parse(&lines[n], one, &e), 0);
        at += one.len + 1;
    }
    source = segment_from_memory(lines, n);
    assert_int_equal(segment_encode(&r, &p, &source, 1, 1, &e), 0);
    assert_true(r.fd >= 0);
    assert_int_equal(r.nwindows, 3);
    assert_int_equal(r.windows[1].w.events, 500);
    assert_true(r.windows[1].w.deflated > 8 * MIB);
    assert_true(r.memory.len <= 9 * MIB);
    check_result(&r, &p, &all);
    assert_int_equal(all.len, text.len);
    assert_memory_equal(all.data, text.data, text.len);

    assert_int_equal(open_below(&file, path, 0, &e), 0);
    assert_int_equal(segment_append(&file, &r, &offset, &e), 0);
    assert_int_equal(offset, 0);
    assert_int_equal(file.size, r.bytes);
    result_bytes(&r, &bytes);
    copy = malloc(r.bytes);
    assert_int_equal(pread(file.fd, copy, r.bytes, 0), (ssize_t)r.bytes);
    assert_memory_equal(copy, bytes.data, r.bytes);
    free(copy);
    segment_close(&file);
    segment_result_free(&r);
    segment_source_free(source);
    buf_free(&text);
    buf_free(&all);
    buf_free(&bytes);
    free(path);
}

/* ---- the file ---- */

/* A result whose fragments are this text; nothing looks into them. */
static void fake(struct segment_result *r, const char *text)
{
    memset(r, 0, sizeof(*r));
    r->fd = -1;
    buf_puts(&r->memory, text);
    r->bytes = r->memory.len;
}

static void a_segment_is_cut_to_the_journal(void **state)
{
    static const struct {
        const char *there; /* NULL: no file */
        uint64_t size;     /* what the journal names */
        const char *after; /* once "new" was appended; NULL: ERR_FOREIGN */
    } rows[] = {
        {NULL, 0, "new"},       {"", 0, "new"},         {"abcdef", 6, "abcdefnew"},
        {"abcdef", 2, "abnew"}, {"abcdef", 0, "new"},   {"abcdef", 7, NULL},
        {NULL, 1, NULL},        {"", UINT64_MAX, NULL},
    };
    struct err e;
    char *path = folder_join(*state, "tenant.segment");
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct segment_result r;
        struct buf text = {0};
        struct segment s;
        uint64_t offset = 0;
        int fd, ret;

        (void)remove(path);
        if (rows[i].there != NULL) {
            fd = sys_open(path, SYS_CREATE, &e);
            assert_int_equal(sys_write(fd, rows[i].there, strlen(rows[i].there), path, &e), 0);
            assert_int_equal(sys_close(fd, path, &e), 0);
        }
        ret = open_below(&s, path, rows[i].size, &e);
        if (rows[i].after == NULL) {
            if (ret != -1 || e.code != ERR_FOREIGN || strstr(e.msg, "the journal names") == NULL ||
                s.path != NULL || s.fd != -1)
                fail_msg("row %zu: %d, code %d, %s", i, ret, e.code, e.msg);
            continue;
        }
        assert_int_equal(ret, 0);
        assert_int_equal(s.dirty, 0);
        fake(&r, "new");
        assert_int_equal(segment_append(&s, &r, &offset, &e), 0);
        assert_int_equal(offset, rows[i].size);
        assert_int_equal(s.dirty, 1);
        assert_int_equal(segment_sync(&s, &e), 0);
        assert_int_equal(s.dirty, 0);
        assert_int_equal(s.size, rows[i].size + 3);
        segment_close(&s);
        segment_close(&s);
        segment_result_free(&r);
        assert_int_equal(sys_read_file(path, 100, &text, &e), 0);
        if (!slice_equals(buf_slice(&text), rows[i].after))
            fail_msg("row %zu: %.*s", i, (int)text.len, text.data);
        buf_free(&text);
    }
    free(path);
}

/* Nothing was fetched in a window without events: nothing has to be synced. */
static void an_empty_result_is_not_dirty(void **state)
{
    struct segment_result r;
    struct segment s;
    uint64_t offset;
    struct err e;

    (void)state;
    assert_int_equal(segment_open_temporary(&s, &e), 0);
    fake(&r, "");
    assert_int_equal(segment_append(&s, &r, &offset, &e), 0);
    assert_int_equal(s.dirty, 0);
    assert_int_equal(s.size, 0);
    segment_result_free(&r);
    segment_close(&s);
}

static void a_link_is_not_followed(void **state)
{
    struct err e;
    char *path = folder_join(*state, "tenant.segment");
    char *other = folder_join(*state, "other");
    struct segment s;

    assert_int_equal(symlink(other, path), 0);
    assert_int_equal(open_below(&s, path, 0, &e), -1);
    assert_int_equal(e.code, ERR_FOREIGN);
    assert_int_equal(sys_kind(other), SYS_MISSING);
    free(path);
    free(other);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, storing_setup, storing_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_and_lines),
        cmocka_unit_test(no_source_at_all),
        IN_FOLDER(sources_are_alike),
        IN_FOLDER(lines_one_by_one),
        IN_FOLDER(damaged_runs),
        IN_FOLDER(damaged_fragments),
        IN_FOLDER(a_member_around_fragments),
        cmocka_unit_test(lengths_above_four_gigabytes),
        IN_FOLDER(a_damaged_source_leaves_nothing),
        IN_FOLDER(a_line_without_end),
        IN_FOLDER(one_instant_larger_than_memory),
        IN_FOLDER(a_segment_is_cut_to_the_journal),
        cmocka_unit_test(an_empty_result_is_not_dirty),
        IN_FOLDER(a_link_is_not_followed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
