/* decode: bodies as servers and proxies pack them; retry_after: the waits they ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "net/decode.h"
#include "net/retry_after.h"

#include <string.h>
#include <zlib.h>

#define TEXT "{\"value\":[1,2,3,1,2,3,1,2,3,1,2,3]}"

/* Append data packed with that window: 31 gzip, 15 zlib, -15 bare. */
static void pack(struct buf *out, const char *data, size_t len, int window)
{
    unsigned char packed[4096];
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (unsigned)len;
    z.next_out = packed;
    z.avail_out = sizeof(packed);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_append(out, packed, sizeof(packed) - z.avail_out);
    (void)deflateEnd(&z);
}

/* Decode in pieces of `step` bytes. */
static enum decode_result decode(struct decode *d, const char *encoding, struct slice s,
                                 size_t step, struct buf *out)
{
    enum decode_result result = DECODE_OK;
    size_t i;

    decode_begin(d, slice_of(encoding));
    for (i = 0; i < s.len && result == DECODE_OK; i += step) {
        size_t n = s.len - i < step ? s.len - i : step;

        result = decode_add(d, (struct slice){s.data + i, n}, out, 1000);
    }
    decode_end(d, out);
    return result;
}

static void every_form_of_packing_is_read(void **state)
{
    static const struct {
        const char *encoding;
        int window;     /* 0: as it is */
        size_t members; /* the text is cut into so many */
        size_t zeros;   /* behind it */
    } rows[] = {
        {"", 0, 1, 0},          {"identity", 0, 1, 0}, {"IDENTITY", 0, 1, 0},  {"gzip", 31, 1, 0},
        {"GZip", 31, 1, 0},     {"x-gzip", 31, 1, 0},  {"gzip", 31, 2, 0},     {"gzip", 31, 9, 0},
        {"gzip", 31, 2, 512},   {"deflate", 15, 1, 0}, {"Deflate", -15, 1, 0}, {"", 31, 1, 0},
        {"identity", 31, 2, 0},
    };
    static const size_t steps[] = {1, 2, 3, 7, 10000};
    struct decode *d = decode_new();
    size_t i, j, m;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf packed = {0};
        size_t len = strlen(TEXT), part = len / rows[i].members + 1;

        for (m = 0; m < rows[i].members && rows[i].window != 0; m++)
            pack(&packed, &TEXT[m * part], m * part + part > len ? len - m * part : part,
                 rows[i].window);
        if (rows[i].window == 0)
            buf_puts(&packed, TEXT);
        for (m = 0; m < rows[i].zeros; m++)
            buf_putc(&packed, '\0');
        for (j = 0; j < sizeof(steps) / sizeof(steps[0]); j++) {
            struct buf out = {0};

            assert_int_equal(decode(d, rows[i].encoding, buf_slice(&packed), steps[j], &out),
                             DECODE_OK);
            assert_true(slice_equals(buf_slice(&out), TEXT));
            if (decode_is_encoded(d))
                assert_true(decode_is_whole(d));
            buf_free(&out);
        }
        buf_free(&packed);
    }
    decode_free(d);
}

static void one_byte_is_kept(void **state)
{
    struct decode *d = decode_new();
    struct buf out = {0};

    (void)state;
    assert_int_equal(decode(d, "", slice_of("{"), 1, &out), DECODE_OK);
    assert_true(slice_equals(buf_slice(&out), "{"));
    buf_free(&out);
    decode_free(d);
}

static void what_is_cut_is_not_whole(void **state)
{
    struct decode *d = decode_new();
    struct buf packed = {0};
    size_t n;

    (void)state;
    pack(&packed, TEXT, 10, 31);
    pack(&packed, &TEXT[10], strlen(TEXT) - 10, 31);
    for (n = 0; n < packed.len; n++) {
        struct buf out = {0};
        struct slice part = {packed.data, n};

        assert_int_equal(decode(d, "gzip", part, 7, &out), DECODE_OK);
        /* Between two members it may have ended. */
        if (decode_is_whole(d))
            assert_int_equal(out.len, 10);
        buf_free(&out);
    }
    buf_free(&packed);
    decode_free(d);
}

static void damage_and_bombs_are_refused(void **state)
{
    struct decode *d = decode_new();
    struct buf packed = {0}, out = {0};
    char zeros[2000] = "";

    (void)state;
    assert_int_equal(decode(d, "gzip", slice_of(TEXT), 99, &out), DECODE_DAMAGED);
    assert_int_equal(decode(d, "br", slice_of(TEXT), 99, &out), DECODE_DAMAGED);
    assert_int_equal(decode(d, "gzip, gzip", slice_of(TEXT), 99, &out), DECODE_DAMAGED);
    pack(&packed, TEXT, strlen(TEXT), 31);
    buf_puts(&packed, "junk");
    assert_int_equal(decode(d, "gzip", buf_slice(&packed), 99, &out), DECODE_DAMAGED);
    buf_clear(&packed);
    buf_clear(&out);
    pack(&packed, zeros, sizeof(zeros), 31);
    assert_int_equal(decode(d, "gzip", buf_slice(&packed), 99, &out), DECODE_LARGE);
    buf_clear(&out);
    assert_int_equal(decode(d, "", (struct slice){zeros, sizeof(zeros)}, 99, &out), DECODE_LARGE);
    buf_free(&packed);
    buf_free(&out);
    decode_free(d);
}

/* ---- waits ---- */

static void waits_are_read_in_every_form(void **state)
{
    static const struct {
        const char *name, *value, *name2, *value2;
        int64_t ms;
    } rows[] = {
        {"Retry-After", "120", NULL, NULL, 120000},
        {"retry-after", " 1 ", NULL, NULL, 1000},
        {"Retry-After", "0", NULL, NULL, 0},
        {"Retry-After", "1.5", NULL, NULL, 1500},
        {"Retry-After", "0.0001", NULL, NULL, 1},
        {"Retry-After", "-1", NULL, NULL, -1},
        {"Retry-After", "1, 3", NULL, NULL, 3000},
        {"Retry-After", "00:00:02", NULL, NULL, 2000},
        {"Retry-After", "soon", NULL, NULL, -1},
        {"Retry-After", "1e3", NULL, NULL, -1},
        {"Retry-After", "nan", NULL, NULL, -1},
        {"Retry-After", "1 apple", NULL, NULL, -1},
        {"Retry-After", "", NULL, NULL, -1},
        {"Retry-After", "99999999999999999999999999", NULL, NULL, INT64_C(315360000000)},
        {"x-ms-retry-after-ms", "1500", NULL, NULL, 1500},
        {"Retry-After-MS", "250.5", NULL, NULL, 251},
        {"Retry-After", "1", "x-ms-retry-after-ms", "700", 1000},
        {"Retry-After", "1", "Retry-After", "5", 5000},
        {"Retry-After", "5", "Retry-After", "soon", 5000},
        {"Retry-After", "Sun, 22 Nov 2026 10:01:30 GMT", NULL, NULL, 90000},
        {"Retry-After", "Sunday, 22-Nov-26 10:01:30 GMT", NULL, NULL, 90000},
        {"Retry-After", "Sun Nov 22 10:01:30 2026", NULL, NULL, 90000},
        {"Retry-After", "Sun, 22 Nov 2026 10:01:30", NULL, NULL, 90000},
        {"Retry-After", "22 nov 2026 10:01:30 +0000", NULL, NULL, 90000},
        {"Retry-After", "2026-11-22T10:01:30Z", NULL, NULL, 90000},
        {"Retry-After", "Sun, 22 Nov 2026 09:00:00 GMT", NULL, NULL, 0},
        {"Retry-After", "Sun, 22 Nov 2026 09:00:00 GMT", "Retry-After", "2", 2000},
        {"Retry-After", "Sun, 99 Nov 2026 09:00:00 GMT", NULL, NULL, -1},
        {"Retry-After", "10:01:30", NULL, NULL, 36090000},
        {"Retry-After", "Sun, Nov 10:01:30", NULL, NULL, -1},
        {"X-Retry-After", "5", NULL, NULL, -1},
    };
    int64_t now;
    size_t i;

    (void)state;
    assert_int_equal(timestamp_parse(slice_of("2026-11-22T10:00:00Z"), &now), 0);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct retry_after r = {-1, 0};

        retry_after_take(&r, slice_of(rows[i].name), slice_of(rows[i].value));
        if (rows[i].name2 != NULL)
            retry_after_take(&r, slice_of(rows[i].name2), slice_of(rows[i].value2));
        if (retry_after_ms(&r, now) != rows[i].ms)
            fail_msg("%s: %lld", rows[i].value, (long long)retry_after_ms(&r, now));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_packing_is_read),
        cmocka_unit_test(one_byte_is_kept),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(damage_and_bombs_are_refused),
        cmocka_unit_test(waits_are_read_in_every_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
