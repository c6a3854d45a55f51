/* source, splitter, input, reader: every packing and layout, damage, exports, folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "export/gzip_file.h"
#include "read/event_splitter.h"
#include "scanning.h"

/* An event that is one, and little else. */
#define E(n)                                                                                       \
    "{\"eventDataId\":\"" n "\",\"operationName\":{\"value\":\"Microsoft.X/y/write\"},"            \
    "\"eventTimestamp\":\"2026-11-01T00:00:0" n "Z\"}"

/* Events read, as "line text\n". */
static struct buf got;

static int any(const struct event *ev, void *arg)
{
    (void)ev;
    (void)arg;
    return 1;
}

static int take(const struct reader_event *r, void *arg, struct err *e)
{
    (void)arg;
    (void)e;
    assert_int_equal(r->line.data[r->line.len], '\n');
    buf_printf(&got, "%llu %.*s\n", (unsigned long long)r->line_number, (int)r->line.len,
               r->line.data);
    return 0;
}

/* Read paths; what comes is in `got`, what is told in s->told. */
static void read_paths(struct scanning *s, const char *const *paths, size_t n, int64_t since,
                       int64_t until)
{
    struct reader_calls calls = {any, take, scanning_damage, scanning_warning, scanning_file_end,
                                 s};
    struct err e = {0};

    scanning_clear(s);
    buf_clear(&got);
    assert_int_equal(input_open(&s->input, paths, n, since, until, &e), 0);
    assert_int_equal(reader_run(&s->input, &calls, &e), 0);
    (void)buf_text(&got);
    (void)buf_text(&s->told);
}

/* Read a file or folder of the test. */
static void read_name(struct scanning *s, const char *name)
{
    char *path = scanning_path(s, name);

    read_paths(s, (const char *const *)&path, 1, 0, 0);
    free(path);
}

/* Read bytes as a file. */
static void read_bytes(struct scanning *s, const void *data, size_t len)
{
    scanning_write(s, "log.json", data, len);
    read_name(s, "log.json");
}

static void read_text(struct scanning *s, const char *text)
{
    read_bytes(s, text, strlen(text));
}

static const char three[] = "1 " E("1") "\n2 " E("2") "\n3 " E("3") "\n";

static void every_layout_gives_the_same_events(void **state)
{
    static const struct {
        const char *text, *lines; /* numbers of the lines where events begin */
    } rows[] = {
        {E("1") "\n" E("2") "\n" E("3") "\n", "123"},
        {E("1") "\n" E("2") "\n" E("3"), "123"},
        {E("1") "\r\n" E("2") "\r\n" E("3") "\r\n", "123"},
        {"\xef\xbb\xbf" E("1") "\n" E("2") "\n\n\n" E("3"), "125"},
        {E("1") ",\n" E("2") ",\n" E("3") "\n", "123"},
        {E("1") E("2") E("3"), "111"},
        {E("1") "\n\xef\xbb\xbf" E("2") "\n" E("3") "\n", "123"},
        {"[" E("1") "," E("2") "," E("3") "]", "111"},
        {"[\n" E("1") ",\n" E("2") ",\n" E("3") "\n]\n", "234"},
        {"  [ " E("1") " ,null, " E("2") " , " E("3") " ] ", "111"},
        {"{\"value\":[" E("1") "," E("2") "," E("3") "]}", "111"},
        {"{\"nextLink\":null,\"value\":[" E("1") "," E("2") "," E("3") "]}", "111"},
        {"{\"nextLink\":\"x\",\"value\":[" E("1") "]}\n{\"value\":[" E("2") "," E("3") "]}", "122"},
        {"{\"value\":[" E("1") "," E("2") "," E("3") "],\"nextLink\":{\"a\":[1]}}\n", "111"},
        {"{\"value\":[" E("1") "]}\n{\"value\":[" E("2") "]}\n{\"value\":[]}{\"value\":[" E(
             "3") "]}",
         "123"},
        {"{\"records\":[" E("1") "," E("2") "]}\n{\"records\":[" E("3") "]}", "112"},
        {"{\"Records\":[" E("1") "," E("2") "," E("3") "]}", "111"},
        {"[{\"value\":[" E("1") "]},{\"value\":[" E("2") "," E("3") "]}]", "111"},
        {"[[" E("1") "],[" E("2") "," E("3") "]]", "111"},
        {"{\"records\":[{\"records\":[" E("1") "," E("2") "]}," E("3") "]}", "111"},
        {"{\"a\":1,\"value\":[" E("1") "],\"b\":2,\"records\":[" E("2") "," E("3") "],\"c\":3}",
         "111"},
    };
    struct scanning *s = *state;
    size_t i, k;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char want[sizeof(three)];

        memcpy(want, three, sizeof(three));
        for (k = 0; k < 3; k++)
            want[k * (sizeof(three) / 3)] = rows[i].lines[k];
        read_text(s, rows[i].text);
        assert_string_equal(got.data, want);
        assert_string_equal(s->told.data, "");
    }
}

static void an_answer_that_is_not_the_last_one_is_told(void **state)
{
    static const char *const texts[] = {
        "{\"nextLink\":\"x\",\"value\":[" E("1") "]}",
        "{\"value\":[],\"nextLink\":\"x\"}\n",
        "{\"value\":[" E("1") "]}\n{\"@odata.nextLink\":\"x\",\"value\":[" E("2") "]}",
        ("{\"StatusCode\":200,\"Content\":\"{\\\"value\\\":[],\\\"nextLink\\\":\\\"https://"
         "management.azure.com/providers/Microsoft.Insights/x\\\"}\"}"),
    };
    struct scanning *s = *state;
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        read_text(s, texts[i]);
        assert_true(scanning_told(s, "ends with a link to a next page"));
        assert_int_equal(s->damage, 0);
    }
}

static void every_layout_is_read_from_gzip_in_any_number_of_members(void **state)
{
    static const char text[] = E("1") "\n" E("2") "\n" E("3") "\n";
    struct scanning *s = *state;
    size_t cut;

    for (cut = 0; cut <= sizeof(text) - 1; cut += 17) {
        struct buf packed = {0};

        scanning_pack(&packed, text, cut, 31);
        scanning_pack(&packed, text + cut, sizeof(text) - 1 - cut, 31);
        scanning_pack(&packed, "", 0, 31);
        if (cut % 2)
            buf_append(&packed, "\0\0\0\0\0", 5);
        read_bytes(s, packed.data, packed.len);
        assert_string_equal(got.data, three);
        assert_string_equal(s->told.data, "");
        buf_free(&packed);
    }
}

/* Write text as UTF-16, with a byte order mark or without. */
static void widen(struct buf *wide, const char *text, size_t big, size_t mark)
{
    size_t i;

    buf_clear(wide);
    if (mark)
        buf_append(wide, big ? "\xfe\xff" : "\xff\xfe", 2);
    for (i = 0; text[i] != '\0'; i++) {
        char pair[2] = {big ? '\0' : text[i], big ? text[i] : '\0'};

        buf_append(wide, pair, 2);
    }
}

static void utf16_is_read(void **state)
{
    static const char text[] = E("1") "\r\n" E("2") "\r\n" E("3") "\r\n";
    struct scanning *s = *state;
    struct buf wide = {0};
    size_t i;

    for (i = 0; i < 4; i++) {
        widen(&wide, text, i & 1, i & 2);
        read_bytes(s, wide.data, wide.len);
        assert_string_equal(got.data, three);
        assert_string_equal(s->told.data, "");
        read_bytes(s, wide.data, wide.len - 1);
        assert_non_null(strstr(s->told.data, "UTF-16 text cut short"));
    }
    /* U+1F600 as a pair, and half a pair. */
    read_bytes(s, "\xff\xfe\"\0=\xd8\0\xde=\xd8\"\0", 12);
    assert_int_equal(s->damage, 1);
    buf_free(&wide);
}

static void utf16_is_read_from_gzip(void **state)
{
    static const char text[] = E("1") "\r\n" E("2") "\r\n" E("3") "\r\n";
    struct scanning *s = *state;
    struct buf wide = {0}, packed = {0};
    size_t i, cut;

    for (i = 0; i < 4; i++) {
        widen(&wide, text, i & 1, i & 2);
        /* Members may end in the middle of a unit. */
        for (cut = 0; cut < wide.len; cut += 37) {
            buf_clear(&packed);
            scanning_pack(&packed, wide.data, cut, 31);
            scanning_pack(&packed, wide.data + cut, wide.len - cut, 31);
            read_bytes(s, packed.data, packed.len);
            assert_string_equal(got.data, three);
            assert_string_equal(s->told.data, "");
        }
        buf_clear(&packed);
        scanning_pack(&packed, wide.data, wide.len - 1, 31);
        read_bytes(s, packed.data, packed.len);
        assert_int_equal(s->events, 3);
        assert_non_null(strstr(s->told.data, "UTF-16 text cut short"));
    }
    buf_free(&wide);
    buf_free(&packed);
}

static void pretty_printed_events_come_on_one_line(void **state)
{
    struct scanning *s = *state;

    read_text(s,
              "[\r\n    {\r\n        \"eventDataId\":  \"1\",\r\n        \"operationName\":  {\r\n"
              "            \"value\":  \"Microsoft.X/y/write\"\r\n        },\r\n"
              "        \"eventTimestamp\":  \"2026-11-01T00:00:01Z\"\r\n    },\r\n" E(
                  "2") ",\r\n  " E("3") "\r\n]\r\n");
    assert_string_equal(got.data, "2 " E("1") "\n9 " E("2") "\n10 " E("3") "\n");
    assert_string_equal(s->told.data, "");
}

static void nothing_at_all_is_told(void **state)
{
    static const char *const rows[] = {
        "",        "\n\n", "\xef\xbb\xbf", "[]", "{\"value\":[]}", "{\"records\":[]}\n",
        "[[],[]]", "null"};
    struct scanning *s = *state;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        read_text(s, rows[i]);
        assert_int_equal(got.len, 0);
        assert_int_equal(s->damage, 0);
        assert_int_equal(s->files, 1);
        assert_int_equal(s->events, 0);
    }
}

/* Damage of lines: what comes, and where it is told. */
static void damage_costs_what_it_touches(void **state)
{
    static const struct {
        const char *text, *events, *told;
    } rows[] = {
        /* a line cut short, of garbage, with a lost quote, with a raw control character */
        {E("1") "\n{\"eventDataId\":\"x\n" E("3") "\n", "13", "log.json:2: raw control"},
        {E("1") "\nrubbish\n" E("3") "\n", "13", "log.json:2: not JSON"},
        {E("1") "\n{\"eventDataId:\"x\",\"a\":\"b\"}\n" E("3") "\n", "13",
         "log.json:2: ':' expected"},
        {"{\"a\":\n" E("2") "\n" E("3") "\n", "23", "log.json:1: "},
        {E("1") "\n{\"a\":1,\n" E("3"), "13", "log.json:2: member name expected"},
        {E("1") "\n{{\"a\":1}}\n" E("3"), "13", "log.json:2: member name expected"},
        {E("1") "\n" E("2") "\n{\"a\":\"cut", "12", "log.json:3: string cut short"},
        {E("1") "\n" E("2") "}\n" E("3") "\n", "123", "log.json:2: not JSON"},
        {E("1") "\n\"text\"\n17\n" E("3"), "13", "log.json:2: not an event"},
        {"\xff\xff\xff\n" E("2") "\n" E("3"), "23", "log.json:1: not JSON"},
        /* inside lists */
        {"[" E("1") ",{\"a\":tru}," E("3") "]", "13", "log.json:1: not JSON"},
        {"[" E("1") ",{\"a\":\"b,{\"c\":1}," E("3") "]", "13", "log.json:1: "},
        {"[\n" E("1") ",\n{\"a\":[1,2},\n" E("3") "\n]", "13", "log.json:3: "},
        {"[" E("1") E("2") "," E("3") "]", "123", "log.json:1: ',' or closing bracket"},
        {"[" E("1") "," E("2"), "12", "log.json:1: the list of events is cut short"},
        {"[" E("1") "," E("2") ",{\"event", "12", "log.json:1: "},
        {"{\"value\":[" E("1") "," E("2") "],\"nextLink\":\"cut", "12", "log.json:1: string cut"},
        {"{\"value\":[" E("1") "],}{\"value\":[" E("2") "]}", "12", ""},
        {"{\"records\":[" E("1") ",{\"x\n{\"records\":[" E("2") "," E("3") "]}", "123",
         "log.json:1: raw control"},
        {"[[[[[[[[[[[[[[[[[" E("1") "]]]]]]]]]]]]]]]]]\n" E("2"), "12", "nested deeper than 16"},
    };
    struct scanning *s = *state;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *p;
        char ids[8] = "";
        size_t n = 0;

        read_text(s, rows[i].text);
        for (p = strstr(got.data, "DataId\":\""); p != NULL && n < sizeof(ids) - 1;
             p = strstr(p + 1, "DataId\":\""))
            ids[n++] = p[9];
        ids[n] = '\0';
        if (strcmp(ids, rows[i].events) != 0 || strstr(s->told.data, rows[i].told) == NULL)
            fail_msg("row %zu: events %s, told %s", i, ids, s->told.data);
        if (rows[i].told[0] != '\0')
            assert_true(s->damage > 0);
    }
}

static void each_damaged_line_is_told(void **state)
{
    struct scanning *s = *state;

    read_text(s, E("1") "\n{\"a\":\n{\"b\":\n" E("2") "\n{\"c\" 1}\n" E("3") "\n");
    assert_int_equal(s->damage, 3);
    assert_non_null(strstr(s->told.data, "log.json:2: "));
    assert_non_null(strstr(s->told.data, "log.json:3: "));
    assert_non_null(strstr(s->told.data, "log.json:5: "));
}

static void objects_that_are_no_events_are_counted(void **state)
{
    struct scanning *s = *state;

    read_text(s, "{\"a\":1}\n{\"caller\":\"x\"}\n");
    assert_int_equal(got.len, 0);
    assert_int_equal(s->events, 0);
    assert_int_equal(s->damage, 0);
}

/* Many events through many chunks: no byte is lost at a border. */
static void long_inputs_are_cut_right(void **state)
{
    struct scanning *s = *state;
    struct buf text = {0}, list = {0}, packed = {0}, want = {0};
    size_t i, pass;

    buf_puts(&list, "{\"records\":[");
    for (i = 0; i < 3000; i++) {
        size_t at = text.len;

        buf_printf(
            &text,
            "{\"eventDataId\":\"%zu\",\"eventTimestamp\":\"2026-11-01T00:00:00Z\",\"x\":\"%0*d"
            "\\\\\\u00e4\xe2\x82\xac\",\"operationName\":{\"value\":\"a\"}}",
            i, (int)(i * 7 % 900) + 1, 0);
        buf_printf(&want, "%zu %.*s\n", i + 1, (int)(text.len - at), text.data + at);
        buf_printf(&list, "%s%.*s", i > 0 ? ",\n" : "", (int)(text.len - at), text.data + at);
        buf_putc(&text, '\n');
    }
    buf_puts(&list, "]}");
    scanning_pack(&packed, text.data, text.len, 31);
    for (pass = 0; pass < 3; pass++) {
        struct buf *b = pass == 0 ? &text : pass == 1 ? &packed : &list;

        read_bytes(s, b->data, b->len);
        assert_string_equal(s->told.data, "");
        assert_int_equal(got.len, want.len);
        assert_memory_equal(got.data, want.data, want.len);
    }
    buf_free(&text);
    buf_free(&list);
    buf_free(&packed);
    buf_free(&want);
}

static void an_event_over_the_limit_is_damage(void **state)
{
    struct scanning *s = *state;
    struct buf text = {0};

    buf_puts(&text, E("1") "\n{\"eventDataId\":\"");
    buf_reserve(&text, SPLITTER_EVENT_MAX + 1000);
    memset(text.data + text.len, 'x', SPLITTER_EVENT_MAX);
    text.len += SPLITTER_EVENT_MAX;
    buf_puts(&text, "\"}\n" E("3") "\n");
    read_bytes(s, text.data, text.len);
    assert_string_equal(got.data, "1 " E("1") "\n3 " E("3") "\n");
    assert_string_equal(s->told.data, "log.json:2: event larger than 32 MiB\n");
    buf_free(&text);
}

static void depth_over_the_limit_is_damage(void **state)
{
    struct scanning *s = *state;
    struct buf text = {0};

    buf_puts(&text, "{\"a\":");
    buf_reserve(&text, 200000);
    memset(text.data + text.len, '[', 100000);
    text.len += 100000;
    buf_puts(&text, "\n" E("2") "\n");
    read_bytes(s, text.data, text.len);
    assert_string_equal(got.data, "2 " E("2") "\n");
    assert_non_null(strstr(s->told.data, "log.json:1: nested deeper than 128 levels"));
    buf_free(&text);
}

/* Lists in lists up to SPLITTER_NEST_MAX are read; deeper ones are damage, and reading goes on. */
static void lists_nested_over_the_limit_are_damage(void **state)
{
    struct scanning *s = *state;
    int depth;

    for (depth = 15; depth <= 18; depth++) {
        struct buf text = {0};
        int i;

        for (i = 0; i < depth; i++)
            buf_putc(&text, '[');
        buf_puts(&text, E("1"));
        for (i = 0; i < depth; i++)
            buf_putc(&text, ']');
        buf_puts(&text, "\n" E("2") "\n");
        read_bytes(s, text.data, text.len);
        if (depth <= 16) {
            assert_string_equal(s->told.data == NULL ? "" : s->told.data, "");
            assert_string_equal(got.data, "1 " E("1") "\n2 " E("2") "\n");
        } else {
            assert_non_null(strstr(s->told.data, "log.json:1: lists nested deeper than 16 levels"));
            assert_non_null(strstr(got.data, "2 " E("2") "\n"));
        }
        buf_free(&text);
    }
}

/* Folders below INPUT_DEPTH_MAX are not entered, and that is told. */
static void folders_nested_over_the_limit_are_damage(void **state)
{
    struct scanning *s = *state;
    int depth;

    for (depth = 31; depth <= 34; depth++) {
        struct buf name = {0};
        char top[20];
        int i;

        (void)snprintf(top, sizeof(top), "d%d", depth);
        buf_puts(&name, top);
        for (i = 0; i < depth; i++)
            buf_puts(&name, "/f");
        buf_puts(&name, "/x.json");
        scanning_write(s, buf_text(&name), E("1") "\n", sizeof(E("1")));
        buf_clear(&name);
        buf_printf(&name, "%s/y.json", top);
        scanning_write(s, name.data, E("2") "\n", sizeof(E("2")));
        read_name(s, top);
        assert_int_equal(s->events, depth <= 32 ? 2 : 1);
        assert_int_equal(s->damage, depth <= 32 ? 0 : 1);
        assert_int_equal(scanning_told(s, "/f: folders nested deeper than 32 levels: not read"),
                         depth > 32);
        buf_free(&name);
    }
}

static void cut_gzip_gives_what_is_there_and_is_told(void **state)
{
    struct scanning *s = *state;
    struct buf text = {0}, packed = {0};
    size_t i;

    for (i = 0; i < 500; i++)
        buf_printf(&text,
                   "{\"eventDataId\":\"%zu-%llx\",\"operationName\":\"a\","
                   "\"eventTimestamp\":\"2026-11-01T00:00:00Z\"}\n",
                   i, (unsigned long long)sys_random());
    scanning_pack(&packed, text.data, text.len, 31);
    read_bytes(s, packed.data, packed.len / 2);
    assert_true(s->events > 100 && s->events < 400);
    assert_true(scanning_told(s, "gzip data cut short"));
    read_bytes(s, packed.data, packed.len - 1);
    assert_int_equal(s->events, 500);
    assert_string_equal(s->told.data, "log.json:501: gzip data cut short\n");
    /* The content is whole, its checksum is not. */
    packed.data[packed.len - 6] ^= 1;
    read_bytes(s, packed.data, packed.len);
    assert_int_equal(s->events, 500);
    assert_true(scanning_told(s, "damaged gzip data (incorrect data check)"));
    packed.data[packed.len - 6] ^= 1;
    buf_puts(&packed, "rubbish");
    read_bytes(s, packed.data, packed.len);
    assert_int_equal(s->events, 500);
    assert_true(scanning_told(s, "other data after the end"));
    read_bytes(s, packed.data, 5);
    assert_int_equal(s->events, 0);
    assert_int_equal(s->damage, 1);
    buf_free(&text);
    buf_free(&packed);
}

static void reading_goes_on_behind_damaged_deflate(void **state)
{
    struct scanning *s = *state;
    struct buf file = {0}, plain = {0};
    size_t i, k, second = 0, third = 0;

    /* Three fragments as our own files have them, in one member; the second is hit. */
    buf_append(&file, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    for (k = 0; k < 3; k++) {
        size_t from = plain.len;

        if (k == 1)
            second = file.len;
        if (k == 2)
            third = file.len;
        for (i = 0; i < 200; i++)
            buf_printf(&plain,
                       "{\"eventDataId\":\"%zu-%zu-%llx\",\"operationName\":\"a\","
                       "\"eventTimestamp\":\"2026-11-01T00:00:00Z\"}\n",
                       k, i, (unsigned long long)sys_random());
        scanning_pack(&file, plain.data + from, plain.len - from, -15);
    }
    buf_append(&file, "\x03\0", 2);
    for (i = 0; i < 8; i++)
        buf_putc(&file,
                 (char)((i < 4 ? crc32(0, (Bytef *)plain.data, (uInt)plain.len) : plain.len) >>
                        (i % 4 * 8)));
    read_bytes(s, file.data, file.len);
    assert_int_equal(s->events, 600);
    assert_string_equal(s->told.data, "");
    for (i = second + 40; i < second + 60 && i < third; i++)
        file.data[i] = (char)0xff;
    read_bytes(s, file.data, file.len);
    assert_true(s->events >= 400 && s->events < 600);
    assert_true(s->damage > 0);
    assert_non_null(strstr(got.data, "\"0-199-"));
    assert_non_null(strstr(got.data, "\"2-0-"));
    assert_non_null(strstr(got.data, "\"2-199-"));
    buf_free(&file);
    buf_free(&plain);
}

static void a_bomb_is_left_alone(void **state)
{
    struct scanning *s = *state;
    struct buf packed = {0};
    char *blanks = malloc(1 << 20);
    z_stream z = {0};
    int i;

    assert_non_null(blanks);
    memset(blanks, ' ', 1 << 20);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    for (i = 0; i < 200; i++) {
        z.next_in = (Bytef *)blanks;
        z.avail_in = 1 << 20;
        buf_reserve(&packed, 65536);
        z.next_out = (Bytef *)packed.data + packed.len;
        z.avail_out = 65536;
        assert_int_equal(deflate(&z, i == 199 ? Z_FINISH : Z_NO_FLUSH) < 0, 0);
        packed.len += 65536 - z.avail_out;
    }
    assert_int_equal(deflateEnd(&z), Z_OK);
    read_bytes(s, packed.data, packed.len);
    assert_string_equal(s->told.data,
                        "log.json:1: expands more than 250-fold: not read any further\n");
    free(blanks);
    buf_free(&packed);
}

/* Text of a manifest around the scopes that a test gives. */
static void write_manifest(struct scanning *s, const char *folder, const char *scopes)
{
    struct buf b = {0}, name = {0};

    buf_printf(&b,
               "{\"schema\":1,\"tool\":\"azdal 0.1.0\",\"started\":\"2026-11-22T10:00:00Z\","
               "\"finished\":\"2026-11-22T10:00:09Z\",\"endpoint\":\"https://"
               "management.azure.com\",\"identity\":null,\"query\":{\"since\":"
               "\"2026-11-01T00:00:00Z\",\"until\":\"2026-11-04T00:00:00Z\",\"scopes\":"
               "[\"tenant\"],\"clamped\":false,\"strict\":false},\"clockSkewSeconds\":0,"
               "\"verdict\":\"COMPLETE\",\"roleAssignments\":null,\"scopes\":[%s]}",
               scopes);
    buf_printf(&name, "%s/manifest.json", folder);
    scanning_manifest(s, name.data, &b);
    buf_free(&b);
    buf_free(&name);
}

/* An export of three days in one file. hit: this window's bytes are damaged, -1 none; edit changes
 * the manifest's text of the windows. */
struct export_plan {
    int hit;
    int wrong_crc, wrong_events, gap, longer, shorter;
};

static void write_export(struct scanning *s, const struct export_plan *plan)
{
    struct buf file = {0}, windows = {0}, scope = {0};
    size_t offsets[3], day, bytes, written, plain = 0;
    unsigned char trailer[GZIP_FILE_TRAILER];
    char hex[HASH_HEX_MAX];
    uint32_t crc = 0;

    buf_append(&file, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    for (day = 0; day < 3; day++) {
        struct buf lines = {0};
        size_t i;

        for (i = 0; i < 100; i++)
            buf_printf(&lines,
                       "{\"eventDataId\":\"%zu-%zu\",\"operationName\":\"a\","
                       "\"eventTimestamp\":\"2026-11-0%zuT%02zu:%02zu:00Z\",\"r\":"
                       "\"%llx\"}\n",
                       day, i, day + 1, i / 5, i % 5, (unsigned long long)sys_random());
        offsets[day] = file.len;
        plain += lines.len;
        scanning_pack(&file, lines.data, lines.len, -15);
        crc = gzip_file_crc_append(crc,
                                   (uint32_t)crc32(0, (Bytef *)lines.data, (uInt)lines.len) ^
                                       (uint32_t)(plan->wrong_crc && day == 1),
                                   lines.len);
        buf_printf(&windows,
                   "%s{\"from\":\"2026-11-0%zuT00:00:00Z\",\"to\":\"2026-11-0%zuT00:00:00Z\","
                   "\"events\":%d,\"file\":\"tenant.ndjson.gz\",\"offset\":%zu,\"deflated\":"
                   "%zu,\"plain\":%zu,\"crc32\":\"%08lx\",\"askedAt\":"
                   "\"2026-11-22T10:00:00Z\",\"closed\":\"drained\",\"requestIds\":[]}",
                   day > 0 ? "," : "", day + 1, day + 2, plan->wrong_events && day == 1 ? 99 : 100,
                   offsets[day] + (plan->gap && day == 1),
                   file.len - offsets[day] - (plan->gap && day == 1), lines.len,
                   crc32(0, (Bytef *)lines.data, (uInt)lines.len) ^
                       (unsigned long)(plan->wrong_crc && day == 1));
        buf_free(&lines);
    }
    bytes = file.len + 10;
    gzip_file_trailer(crc, plain, trailer);
    buf_append(&file, trailer, sizeof(trailer));
    if (plan->hit >= 0)
        memset(file.data + offsets[plan->hit] + 20, 0xff, 30);
    if (plan->longer)
        buf_puts(&file, "more");
    written = file.len - (plan->shorter ? file.len - offsets[2] - 30 : 0);
    hash_bytes(file.data, written, hex);
    buf_printf(&scope,
               "{\"scope\":\"tenant\",\"status\":\"complete\",\"error\":null,\"settledUntil\":"
               "\"2026-11-04T00:00:00Z\",\"events\":300,\"firstEvent\":"
               "\"2026-11-01T00:00:00Z\",\"lastEvent\":\"2026-11-03T19:04:00Z\","
               "\"duplicatesDropped\":0,\"conflictingIds\":0,\"outsideRange\":0,\"requests\":1,"
               "\"retries\":0,\"files\":[{\"path\":\"tenant.ndjson.gz\",\"bytes\":%zu,"
               "\"sha256\":\"%s\",\"content\":{\"bytes\":%zu,\"sha256\":\"%064d\",\"lines\":"
               "300}}],\"windows\":[%s]}",
               bytes, hex, plain, 0, windows.data);
    scanning_write(s, "export/tenant.ndjson.gz", file.data, written);
    write_manifest(s, "export", scope.data);
    scanning_seal(s, "export", "tenant.ndjson.gz");
    buf_free(&file);
    buf_free(&windows);
    buf_free(&scope);
}

static void an_export_is_read_by_its_ledger(void **state)
{
    const struct export_plan plan = {.hit = -1};
    struct scanning *s = *state;
    char *path = scanning_path(s, "export");
    int64_t since, until;
    size_t i;

    write_export(s, &plan);
    read_name(s, "export");
    assert_string_equal(s->told.data, "");
    assert_int_equal(s->events, 300);
    assert_string_equal(s->input.files[0].scope, "tenant");
    for (i = 0; i < 300; i++) {
        char head[48];

        (void)snprintf(head, sizeof(head), "%zu {\"eventDataId\":\"%zu-%zu\"", i + 1, i / 100,
                       i % 100);
        assert_non_null(strstr(got.data, head));
    }
    /* Windows that lie outside the time asked for are not even opened. */
    assert_int_equal(timestamp_parse(slice_of("2026-11-02T05:00:00Z"), &since), 0);
    assert_int_equal(timestamp_parse(slice_of("2026-11-03T00:00:00Z"), &until), 0);
    read_paths(s, (const char *const *)&path, 1, since, until);
    assert_int_equal(s->events, 100);
    assert_memory_equal(got.data, "101 {", 5);
    free(path);
}

static void damage_of_one_window_costs_that_window(void **state)
{
    static const struct {
        struct export_plan plan;
        uint64_t at_least, at_most;
        const char *told;
    } rows[] = {
        {{.hit = 1}, 200, 299, "export/tenant.ndjson.gz:1"},
        {{.hit = -1, .wrong_crc = 1}, 300, 300, "CRC-32 is not the one in the ledger"},
        {{.hit = -1, .wrong_events = 1}, 300, 300, "holds 100 events, the ledger says 99"},
        {{.hit = -1, .gap = 1}, 300, 300, "does not account for the whole file"},
        {{.hit = -1, .longer = 1}, 300, 300, "is longer than the manifest says"},
        {{.hit = -1, .shorter = 1}, 200, 299, "is shorter than the manifest says"},
    };
    struct scanning *s = *state;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        write_export(s, &rows[i].plan);
        read_name(s, "export");
        assert_true(s->damage > 0);
        if (s->events < rows[i].at_least || s->events > rows[i].at_most ||
            !scanning_told(s, rows[i].told))
            fail_msg("row %zu: %llu events, told %s", i, (unsigned long long)s->events,
                     s->told.data);
    }
}

static void a_manifest_cannot_lead_outside_or_hide_a_missing_file(void **state)
{
    static const char *const paths[] = {
        "../log.json", "/etc/passwd", "a/../../log.json", "", "a//b",
        "./x",         "c:x",         "..\\\\log.json"};
    struct scanning *s = *state;
    size_t i;

    scanning_write(s, "log.json", E("1"), sizeof(E("1")) - 1);
    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct buf scope = {0};

        buf_printf(&scope,
                   "{\"scope\":\"tenant\",\"status\":\"complete\",\"error\":null,"
                   "\"settledUntil\":null,\"events\":0,\"firstEvent\":null,\"lastEvent\":null,"
                   "\"duplicatesDropped\":0,\"conflictingIds\":0,\"outsideRange\":0,"
                   "\"requests\":1,\"retries\":0,\"files\":[{\"path\":\"%s\",\"bytes\":20,"
                   "\"sha256\":\"%064d\",\"content\":{\"bytes\":0,\"sha256\":\"%064d\","
                   "\"lines\":0}}],\"windows\":[]}",
                   paths[i], 0, 0);
        write_manifest(s, "export", scope.data);
        read_name(s, "export");
        assert_int_equal(got.len, 0);
        assert_true(s->damage > 0);
        buf_free(&scope);
    }
}

static void folders_are_searched_for_logs_and_exports(void **state)
{
    const struct export_plan plan = {.hit = -1};
    struct scanning *s = *state;
    char *outer = scanning_path(s, ".");
    struct err e = {0};
    const char *paths[1];

    write_export(s, &plan);
    scanning_write(s, "b/y=2026/m=11/d=01/PT1H.json", E("1") "\n", sizeof(E("1")));
    scanning_write(s, "b/UPPER.JSONL", E("2") "\n", sizeof(E("2")));
    scanning_write(s, "b/notes.txt", "hello", 5);
    scanning_write(s, "b/roleAssignments.ndjson.gz", "{\"id\":1}", 8);
    scanning_write(s, "b/.hidden.json", E("4") "\n", sizeof(E("4")));
    scanning_write(s, "b/.cache/log.json", E("5") "\n", sizeof(E("5")));
    scanning_write(s, "b/.DS_Store", "\0\0\0\1Bud1", 8);
    scanning_write(s, "b/._UPPER.JSONL", "\0\5\26\7", 4);
    scanning_write(s, "b/config.json", "{\"id\":1}", 8);
    paths[0] = outer;
    read_paths(s, paths, 1, 0, 0);
    assert_int_equal(s->events, 304);
    assert_int_equal(s->damage, 0);
    assert_int_equal(s->files, 6); /* the export's, four logs, config.json */
    assert_true(scanning_told(s, "b: 1 file not read, no log by its first bytes: notes.txt"));
    free(outer);
    /* What is no log at all is an error, and so is what is not there. */
    scanning_write(s, "empty/notes.txt", "hello", 5);
    outer = scanning_path(s, "empty");
    paths[0] = outer;
    scanning_clear(s);
    assert_int_equal(input_open(&s->input, paths, 1, 0, 0, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_non_null(strstr(e.msg, "neither an export nor a folder that holds log files"));
    free(outer);
    outer = scanning_path(s, "nowhere");
    paths[0] = outer;
    assert_int_equal(input_open(&s->input, paths, 1, 0, 0, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_non_null(strstr(e.msg, "no such file or folder"));
    free(outer);
}

static void unfinished_and_unreadable_exports_are_told(void **state)
{
    struct scanning *s = *state;

    char *path = scanning_path(s, "a");
    struct err e = {0};

    /* Alone it is no input: no events would look like a log that has none. */
    scanning_write(s, "a/.partial/journal", "x", 1);
    assert_int_equal(input_open(&s->input, (const char *const *)&path, 1, 0, 0, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_non_null(strstr(e.msg, "/a: an export that is not finished"));
    free(path);
    scanning_write(s, "a/other.json", E("1") "\n", sizeof(E("1")));
    read_name(s, "a");
    assert_true(scanning_told(s, "a: an export that is not finished"));
    assert_int_equal(s->warnings, 1);
    assert_int_equal(s->events, 1);
    scanning_write(s, "b/manifest.json", "{\"schema\":", 10);
    scanning_write(s, "b/tenant.ndjson.gz", E("1") "\n", sizeof(E("1")));
    read_name(s, "b");
    assert_int_equal(s->events, 1);
    assert_int_equal(s->damage, 1);
    assert_true(scanning_told(s, "b/manifest.json: "));
}

static int refuse(const struct reader_event *r, void *arg, struct err *e)
{
    (void)r;
    (void)arg;
    return err_set(e, ERR_LOCAL, "no more");
}

static void a_run_ends_when_a_taker_fails(void **state)
{
    const struct export_plan plan = {.hit = -1};
    struct scanning *s = *state;
    struct reader_calls calls = {any, refuse, scanning_damage, scanning_warning, scanning_file_end,
                                 s};
    char *path = scanning_path(s, "export");
    struct err e = {0};

    write_export(s, &plan);
    assert_int_equal(input_open(&s->input, (const char *const *)&path, 1, 0, 0, &e), 0);
    assert_int_equal(reader_run(&s->input, &calls, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_string_equal(e.msg, "no more");
    free(path);
}

static int free_got(void **state)
{
    (void)state;
    buf_free(&got);
    return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scanning_setup, scanning_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_layout_gives_the_same_events),
        CASE(an_answer_that_is_not_the_last_one_is_told),
        CASE(every_layout_is_read_from_gzip_in_any_number_of_members),
        CASE(utf16_is_read),
        CASE(utf16_is_read_from_gzip),
        CASE(pretty_printed_events_come_on_one_line),
        CASE(nothing_at_all_is_told),
        CASE(damage_costs_what_it_touches),
        CASE(each_damaged_line_is_told),
        CASE(objects_that_are_no_events_are_counted),
        CASE(long_inputs_are_cut_right),
        CASE(an_event_over_the_limit_is_damage),
        CASE(depth_over_the_limit_is_damage),
        CASE(lists_nested_over_the_limit_are_damage),
        CASE(folders_nested_over_the_limit_are_damage),
        CASE(cut_gzip_gives_what_is_there_and_is_told),
        CASE(reading_goes_on_behind_damaged_deflate),
        CASE(a_bomb_is_left_alone),
        CASE(an_export_is_read_by_its_ledger),
        CASE(damage_of_one_window_costs_that_window),
        CASE(a_manifest_cannot_lead_outside_or_hide_a_missing_file),
        CASE(folders_are_searched_for_logs_and_exports),
        CASE(unfinished_and_unreadable_exports_are_told),
        CASE(a_run_ends_when_a_taker_fails),
    };

    return cmocka_run_group_tests_name("source", tests, NULL, free_got);
}
