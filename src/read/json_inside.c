/* Events inside other things: texts of JSON, documents of Elastic, what tools keep of the original.
 */
#include "read/splitter_part.h"

#include "base/base64.h"
#include "base/mem.h"
#include "base/text.h"
#include "read/event_words.h"

#include <stdio.h>
#include <string.h>

/* Decode base64 in place, when the text is nothing else. */
static void decode_base64(struct buf *b)
{
    struct buf plain = {0};

    if (base64_decode(text_trim(buf_slice(b)), &plain) != 0) {
        buf_free(&plain);
        return;
    }
    buf_free(b);
    *b = plain;
}

/* Where JSON begins in a text: at its start, or behind a prefix such as that of syslog. text.len
 * when there is none. */
static size_t json_start(struct slice text)
{
    size_t i = 0;

    while (i < text.len && strchr(" \t\r\n", text.data[i]) != NULL)
        i++;
    if (text.len - i >= 3 && memcmp(text.data + i, "\xef\xbb\xbf", 3) == 0)
        i += 3;
    if (i < text.len && (text.data[i] == '{' || text.data[i] == '[' || text.data[i] == '"'))
        return i;
    for (; i + 1 < text.len; i++) {
        const char *p = memchr(text.data + i, '{', text.len - i);

        if (p == NULL)
            break;
        i = (size_t)(p - text.data);
        if (i + 1 < text.len && text.data[i + 1] == '"')
            return i;
    }
    return text.len;
}

/* For event_words_each: one member of an object that is put together. */
static void put_word(struct slice name, struct slice value, void *arg)
{
    struct buf *object = arg;

    if (object->len > 1)
        buf_putc(object, ',');
    json_put_slice(object, name);
    buf_putc(object, ':');
    json_put_slice(object, value);
}

/* Turn what PowerShell prints for an object, "@{name=value; ...}", into one of JSON. */
static void decode_words(struct buf *b)
{
    struct buf object = {0};

    buf_putc(&object, '{');
    (void)event_words_each(buf_slice(b), put_word, &object);
    buf_putc(&object, '}');
    buf_free(b);
    *b = object;
}

/* Decode a JSON string for what it holds as JSON. Returns where that begins, -1 when nothing. */
static long open_value(struct slice value, struct buf *to)
{
    size_t at;

    buf_clear(to);
    if (json_kind(value) != JSON_STRING || json_string_decode(value, to) != 0)
        return -1;
    if (to->len > 2 && memcmp(to->data, "@{", 2) == 0)
        decode_words(to);
    if (to->len > 16 && (memcmp(to->data, "ey", 2) == 0 || memcmp(to->data, "W3", 2) == 0))
        decode_base64(to);
    at = json_start(buf_slice(to));
    return at + 1 < to->len ? (long)at : -1;
}

/* A number for a text that hardly any other has. */
static uint64_t hash_of(struct slice s)
{
    uint64_t h = s.len + UINT64_C(14695981039346656037), word = 0;
    size_t i;

    for (i = 0; i < s.len; i += sizeof(word)) {
        memcpy(&word, s.data + i, s.len - i < sizeof(word) ? s.len - i : sizeof(word));
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return h | 1;
}

/* The time that an event in the text gets when it has none. */
static struct slice time_around(const struct splitter *z)
{
    int i;

    for (i = z->json.depth; i-- > 0;) {
        const struct level *l = &z->json.level[i];

        if (l->time_len > 0)
            return (struct slice){z->json.times.data + l->time_at, l->time_len};
    }
    return z->json.given_time;
}

/* The splitter of the text that is looked into, empty. */
static struct splitter *begin_text(struct splitter *z)
{
    struct splitter *t = z->json.text;

    if (t == NULL) {
        t = mem_zalloc(1, sizeof(*t));
        t->next = json_records_next;
        t->texts = z->texts + 1;
        z->json.text = t;
    }
    splitter_restart(t, 1);
    return t;
}

int json_inside_text(struct splitter *z, struct slice value)
{
    struct splitter *t;
    uint64_t hash;
    long at;

    if (z->texts >= SPLITTER_TEXTS_MAX || value.len < 12)
        return 0;
    if (memchr(value.data, '{', value.len) == NULL && memcmp(value.data, "\"ey", 3) != 0 &&
        memcmp(value.data, "\"W3", 3) != 0)
        return 0;
    t = begin_text(z);
    at = open_value(value, &t->w.buf);
    if (at < 0)
        return 0;
    hash = hash_of(buf_slice(&t->w.buf));
    if (hash == z->json.text_hash)
        return 1;
    z->json.text_hash = hash;
    t->w.at = (size_t)at;
    t->w.ended = 1;
    t->json.given_time = time_around(z);
    z->json.in_text = 1;
    return 1;
}

enum splitter_found json_inside_next(struct splitter *z, struct event *ev,
                                     struct splitter_damage *d)
{
    struct splitter *t = z->json.text;
    uint64_t refused = t->json.refused;
    enum splitter_found got;

    do {
        got = json_records_next(t, ev, d);
        t->json.holds |= got == SPLITTER_EVENT;
    } while (got == SPLITTER_OTHER ||
             (got == SPLITTER_DAMAGE && t->json.refused == refused && !t->json.holds));
    z->json.in_text = got != SPLITTER_END;
    if (got == SPLITTER_DAMAGE) {
        d->line = z->event_line;
        if (t->json.refused == refused)
            (void)snprintf(d->why, sizeof(d->why),
                           "a text that may hold events is cut short or damaged");
        z->json.refused = t->json.refused;
        z->json.holds = 1;
        t->json.holds = 0; /* once for the damage and what follows from it */
    }
    if (got == SPLITTER_END && t->json.linked >= 0)
        z->json.linked = t->json.linked;
    return got;
}

enum splitter_found json_inside_row(struct splitter *z, struct event *ev, struct splitter_damage *d)
{
    struct json_iter it = {z->row.data, z->row.data, z->row.data + z->row.len, 0, 0, 0};
    struct event inner;
    struct err e = {0};
    struct splitter *t;
    enum splitter_found got;

    if (event_walk(ev, &it, &e) != EVENT_WALK_WHOLE)
        return splitter_tell(z, d, e.msg);
    if (event_classify(ev) == EVENT_FOREIGN)
        return SPLITTER_OTHER;
    if ((ev->field[EVENT_WHOLE].data != NULL && json_inside_whole(z, ev)) ||
        event_classify(ev) == EVENT_LIKELY)
        return SPLITTER_EVENT;
    if (!ev->deep)
        return SPLITTER_OTHER;
    t = begin_text(z);
    buf_append(&t->w.buf, z->row.data, z->row.len);
    t->w.ended = 1;
    t->json.given_time = ev->field[EVENT_TIME];
    got = json_inside_next(z, &inner, d);
    if (got == SPLITTER_EVENT)
        *ev = inner;
    return got == SPLITTER_END ? SPLITTER_OTHER : got;
}

/* Read the event that b holds, alone. */
static int read_held(const struct buf *b, size_t at, struct event *ev)
{
    struct json_iter it = {b->data + at, b->data + at, b->data + b->len, 0, 0, 0};
    struct event found;
    struct err ignored;

    if (b->data[at] != '{' || event_walk(&found, &it, &ignored) != EVENT_WALK_WHOLE ||
        event_classify(&found) != EVENT_LIKELY)
        return 0;
    *ev = found;
    return 1;
}

int json_inside_whole(struct splitter *z, struct event *ev)
{
    struct slice value = ev->field[EVENT_WHOLE];
    struct json_iter it = {value.data, value.data, value.data + value.len, 0, 0, 0};
    struct event found;
    struct err ignored;
    long at;

    if (json_kind(value) == JSON_OBJECT) {
        if (event_walk(&found, &it, &ignored) != EVENT_WALK_WHOLE ||
            event_classify(&found) != EVENT_LIKELY)
            return 0;
        *ev = found;
        return 1;
    }
    if (value.len < 12 ||
        (memchr(value.data, '{', value.len) == NULL && memcmp(value.data, "\"ey", 3) != 0))
        return 0;
    at = open_value(value, &z->json.whole);
    return at >= 0 && read_held(&z->json.whole, (size_t)at, ev);
}

/* Levels of an Elastic document that are flattened. */
#define ECS_DEPTH 6

/* Append the members of an object under dotted names. */
static void flatten(struct slice object, const char *prefix, int depth, struct buf *out)
{
    struct json_iter it;
    struct slice key, value;
    struct err ignored;

    if (json_kind(object) != JSON_OBJECT || json_object_begin(&it, object, &ignored) != 0)
        return;
    while (json_object_next(&it, &key, &value, &ignored) == 1) {
        struct buf name = {0};

        buf_printf(&name, "%s.%.*s", prefix, (int)(key.len < 128 ? key.len : 128), key.data);
        if (json_kind(value) == JSON_OBJECT && depth < ECS_DEPTH) {
            flatten(value, name.data, depth + 1, out);
        } else {
            buf_printf(out, ",\"%s\":", name.data);
            buf_append(out, value.data, value.len);
        }
        buf_free(&name);
    }
}

int json_inside_ecs(struct splitter *z, struct event *ev)
{
    struct slice azure = json_get(ev->raw, "azure"), inside, original, time;
    struct buf *b = &z->json.hold;
    long at;

    if (json_kind(azure) != JSON_OBJECT)
        return 0;
    inside = json_get(azure, "activitylogs");
    if (json_kind(inside) != JSON_OBJECT)
        return 0;
    original = json_get(json_get(ev->raw, "event"), "original");
    at = open_value(original, &z->json.whole);
    if (at >= 0 && read_held(&z->json.whole, (size_t)at, ev))
        return 1;
    time = json_get(ev->raw, "@timestamp");
    buf_clear(b);
    buf_puts(b, "{\"@timestamp\":");
    buf_append(b, time.data == NULL ? "null" : time.data, time.data == NULL ? 4 : time.len);
    flatten(azure, "azure", 0, b);
    flatten(json_get(ev->raw, "event"), "event", 0, b);
    flatten(json_get(ev->raw, "source"), "source", 0, b);
    buf_putc(b, '}');
    return read_held(b, 0, ev);
}

void json_inside_time(struct splitter *z, struct event *ev)
{
    struct slice time;
    struct event with;
    struct json_iter it = {0};
    struct err ignored;
    struct buf b = {0};

    if (ev->field[EVENT_TIME].data != NULL || ev->field[EVENT_SUBMISSION].data != NULL)
        return;
    time = time_around(z);
    if (time.data == NULL)
        return;
    buf_puts(&b, "{\"eventTimestamp\":");
    buf_append(&b, time.data, time.len);
    if (ev->raw.len > 2)
        buf_putc(&b, ',');
    buf_append(&b, ev->raw.data + 1, ev->raw.len - 1);
    it.start = it.p = b.data;
    it.end = b.data + b.len;
    if (event_walk(&with, &it, &ignored) != EVENT_WALK_WHOLE) {
        buf_free(&b);
        return;
    }
    *ev = with;
    buf_free(&z->json.hold);
    z->json.hold = b;
}
