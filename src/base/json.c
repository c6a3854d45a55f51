#include "base/json.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* Fail at the cursor. */
static int fail(const struct json_iter *it, const char *why, struct err *e)
{
    return err_set(e, ERR_UNTRUSTED, "%s at byte %llu", why,
                   (unsigned long long)(it->p - it->start));
}

/* Step over JSON whitespace and note that there was some. */
static void skip_space(struct json_iter *it)
{
    while (it->p < it->end &&
           (*it->p == ' ' || *it->p == '\n' || *it->p == '\r' || *it->p == '\t')) {
        it->p++;
        it->whitespace = 1;
    }
}

/* How many bytes stand in front of the first one whose top bit is set, or fewer: where the first
 * byte is the highest, a bit may have been carried to a byte in front. */
static inline size_t bytes_before(uint64_t tops)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(tops) / 8;
#else
    return 0 * (size_t)tops;
#endif
}

/* Eight bytes at a time; inline, so that each of the two kinds is a loop of its own. */
static inline const char *plain_end(const char *p, const char *end, int ascii)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    const uint64_t wide = ascii ? tops : 0;

    while (end - p >= 8) {
        uint64_t w, quote, slash, stops;

        memcpy(&w, p, 8);
        quote = w ^ (ones * '"');
        slash = w ^ (ones * '\\');
        stops = (((w - ones * 0x20) | (quote - ones) | (slash - ones)) & tops & ~w) | (w & wide);
        if (stops != 0) {
            p += bytes_before(stops);
            break;
        }
        p += 8;
    }
    while (p < end && (unsigned char)*p >= 0x20 && !(ascii && (unsigned char)*p >= 0x80) &&
           *p != '"' && *p != '\\')
        p++;
    return p;
}

const char *json_plain_end(const char *p, const char *end)
{
    return plain_end(p, end, 0);
}

static int is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Step over an escape; it->p is at the backslash. */
static int skip_escape(struct json_iter *it, struct err *e)
{
    int i;

    if (it->end - it->p < 2)
        return fail(it, "string cut short", e);
    if (it->p[1] != 'u') {
        switch (it->p[1]) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            it->p += 2;
            return 0;
        default:
            return fail(it, "unknown escape in a string", e);
        }
    }
    if (it->end - it->p < 6)
        return fail(it, "string cut short", e);
    for (i = 2; i < 6; i++) {
        if (!is_hex(it->p[i]))
            return fail(it, "bad \\u escape in a string", e);
    }
    it->p += 6;
    return 0;
}

/* Step over a string; it->p is at its opening quote. */
static int skip_string(struct json_iter *it, struct err *e)
{
    it->p++;
    for (;;) {
        it->p = plain_end(it->p, it->end, 1);
        if (it->p == it->end)
            return fail(it, "string cut short", e);
        if (*it->p == '"') {
            it->p++;
            return 0;
        }
        if (*it->p == '\\') {
            if (skip_escape(it, e) != 0)
                return -1;
        } else if ((unsigned char)*it->p < 0x20) {
            return fail(it, "raw control character in a string", e);
        } else {
            struct slice rest = {it->p, (size_t)(it->end - it->p)};
            unsigned code;
            size_t n = text_utf8_decode(rest, &code);

            if (n == 0)
                return fail(it, JSON_BAD_UTF8, e);
            it->p += n;
        }
    }
}

/* Step over a run of digits, at least one. */
static int skip_digits(struct json_iter *it, struct err *e)
{
    if (it->p == it->end || *it->p < '0' || *it->p > '9')
        return fail(it, "bad number", e);
    while (it->p < it->end && *it->p >= '0' && *it->p <= '9')
        it->p++;
    return 0;
}

static int skip_number(struct json_iter *it, struct err *e)
{
    if (*it->p == '-')
        it->p++;
    if (it->p < it->end && *it->p == '0')
        it->p++;
    else if (skip_digits(it, e) != 0)
        return -1;
    if (it->p < it->end && *it->p == '.') {
        it->p++;
        if (skip_digits(it, e) != 0)
            return -1;
    }
    if (it->p < it->end && (*it->p == 'e' || *it->p == 'E')) {
        it->p++;
        if (it->p < it->end && (*it->p == '+' || *it->p == '-'))
            it->p++;
        return skip_digits(it, e);
    }
    return 0;
}

static int skip_word(struct json_iter *it, const char *word, struct err *e)
{
    size_t n = strlen(word);

    if ((size_t)(it->end - it->p) < n || memcmp(it->p, word, n) != 0)
        return fail(it, "not JSON", e);
    it->p += n;
    return 0;
}

/* Step over a string, number or word at it->p. */
static int skip_scalar(struct json_iter *it, struct err *e)
{
    switch (*it->p) {
    case '"':
        return skip_string(it, e);
    case 't':
        return skip_word(it, "true", e);
    case 'f':
        return skip_word(it, "false", e);
    case 'n':
        return skip_word(it, "null", e);
    default:
        if (*it->p == '-' || (*it->p >= '0' && *it->p <= '9'))
            return skip_number(it, e);
        return fail(it, "not JSON", e);
    }
}

/* Step over `"name" :` with the whitespace around it; it->p ends at the value. */
static int skip_name(struct json_iter *it, struct slice *key, struct err *e)
{
    const char *start = it->p;

    if (it->p == it->end || *it->p != '"')
        return fail(it, it->p == it->end ? "object cut short" : "member name expected", e);
    if (skip_string(it, e) != 0)
        return -1;
    key->data = start + 1;
    key->len = (size_t)(it->p - start) - 2;
    skip_space(it);
    if (it->p == it->end || *it->p != ':')
        return fail(it, "':' expected", e);
    it->p++;
    skip_space(it);
    return it->p == it->end ? fail(it, "object cut short", e) : 0;
}

/*
 * Step over the container at it->p. One bit for each open level says whether it is an object, so
 * that no stack of the machine grows with the depth of the input.
 */
static int skip_container(struct json_iter *it, struct err *e)
{
    unsigned char is_object[JSON_DEPTH_MAX + 1];
    struct slice key;
    int level = 0;

    for (;;) {
        int open = *it->p == '{' || *it->p == '[';

        if (open) {
            if (it->depth + ++level > JSON_DEPTH_MAX)
                return fail(it, "nested deeper than 128 levels", e);
            is_object[level] = *it->p++ == '{';
            skip_space(it);
            if (it->p == it->end)
                return fail(it, "cut short", e);
            if (*it->p != (is_object[level] ? '}' : ']')) {
                if (is_object[level] && skip_name(it, &key, e) != 0)
                    return -1;
                continue;
            }
            it->p++;
            level--;
        } else if (skip_scalar(it, e) != 0) {
            return -1;
        }
        while (level > 0) {
            skip_space(it);
            if (it->p == it->end)
                return fail(it, "cut short", e);
            if (*it->p == ',') {
                it->p++;
                skip_space(it);
                if (it->p == it->end)
                    return fail(it, "cut short", e);
                if (is_object[level] && skip_name(it, &key, e) != 0)
                    return -1;
                break;
            }
            if (*it->p != (is_object[level] ? '}' : ']'))
                return fail(it, "',' or closing bracket expected", e);
            it->p++;
            level--;
        }
        if (level == 0)
            return 0;
    }
}

int json_value(struct json_iter *it, struct slice *value, struct err *e)
{
    const char *start = it->p;

    if (it->p == it->end)
        return fail(it, "cut short", e);
    if (*it->p == '{' || *it->p == '[') {
        if (skip_container(it, e) != 0)
            return -1;
    } else if (skip_scalar(it, e) != 0) {
        return -1;
    }
    if (value != NULL) {
        value->data = start;
        value->len = (size_t)(it->p - start);
    }
    return 0;
}

/* Begin a walk over a whole text: it->p is at the first byte that is not whitespace. */
static int begin(struct json_iter *it, struct slice text, struct err *e)
{
    memset(it, 0, sizeof(*it));
    it->start = text.data;
    it->p = text.data;
    it->end = text.data == NULL ? NULL : text.data + text.len;
    skip_space(it);
    it->whitespace = 0;
    return it->p == it->end ? fail(it, "empty", e) : 0;
}

int json_check(struct slice text, struct slice *value, int *whitespace, struct err *e)
{
    struct json_iter it;
    int inside;

    if (begin(&it, text, e) != 0 || json_value(&it, value, e) != 0)
        return -1;
    inside = it.whitespace;
    skip_space(&it);
    if (it.p != it.end)
        return fail(&it, "text after the value", e);
    if (whitespace != NULL)
        *whitespace = inside;
    return 0;
}

/* Enter a container that opens with `open`. */
static int enter(struct json_iter *it, struct json_iter *inner, char open, struct err *e)
{
    if (it->p == it->end || *it->p != open) {
        /* What is no JSON at all, such as a page of HTML, is named as that; the walk stays put. */
        struct json_iter probe = *it;

        if (it->p < it->end && json_value(&probe, NULL, e) != 0)
            return -1;
        return fail(it, open == '{' ? "object expected" : "array expected", e);
    }
    if (it->depth + 1 > JSON_DEPTH_MAX)
        return fail(it, "nested deeper than 128 levels", e);
    *inner = *it;
    inner->p++;
    inner->first = 1;
    inner->depth = it->depth + 1;
    inner->whitespace = 0;
    return 0;
}

int json_enter_object(struct json_iter *it, struct json_iter *inner, struct err *e)
{
    return enter(it, inner, '{', e);
}

int json_enter_array(struct json_iter *it, struct json_iter *inner, struct err *e)
{
    return enter(it, inner, '[', e);
}

void json_leave(struct json_iter *it, const struct json_iter *inner)
{
    it->p = inner->p;
    it->whitespace |= inner->whitespace;
}

int json_object_begin(struct json_iter *it, struct slice text, struct err *e)
{
    struct json_iter outer;

    return begin(&outer, text, e) != 0 ? -1 : enter(&outer, it, '{', e);
}

int json_array_begin(struct json_iter *it, struct slice text, struct err *e)
{
    struct json_iter outer;

    return begin(&outer, text, e) != 0 ? -1 : enter(&outer, it, '[', e);
}

/* Move to the next entry: 1 when it->p is at it, 0 behind the closing bracket, -1 on error. */
static int next_entry(struct json_iter *it, char close, struct err *e)
{
    skip_space(it);
    if (it->p == it->end)
        return fail(it, "cut short", e);
    if (*it->p == close) {
        it->p++;
        return 0;
    }
    if (!it->first) {
        if (*it->p != ',')
            return fail(it, "',' or closing bracket expected", e);
        it->p++;
        skip_space(it);
        if (it->p == it->end)
            return fail(it, "cut short", e);
    }
    it->first = 0;
    return 1;
}

int json_object_key(struct json_iter *it, struct slice *key, struct err *e)
{
    int more = next_entry(it, '}', e);

    if (more <= 0)
        return more;
    return skip_name(it, key, e) != 0 ? -1 : 1;
}

int json_object_next(struct json_iter *it, struct slice *key, struct slice *value, struct err *e)
{
    int more = json_object_key(it, key, e);

    if (more <= 0)
        return more;
    return json_value(it, value, e) != 0 ? -1 : 1;
}

int json_array_element(struct json_iter *it, struct err *e)
{
    return next_entry(it, ']', e);
}

int json_array_next(struct json_iter *it, struct slice *value, struct err *e)
{
    int more = next_entry(it, ']', e);

    if (more <= 0)
        return more;
    return json_value(it, value, e) != 0 ? -1 : 1;
}

/* json_get, by the name as it stands or, loosely, by one that is the same but for its writing. */
static struct slice get(struct slice object, const char *name, int loosely)
{
    struct slice found = {NULL, 0}, key = {NULL, 0}, value;
    int sure = 0;
    struct json_iter it = {0};
    struct err ignored;

    if (json_kind(object) != JSON_OBJECT || json_object_begin(&it, object, &ignored) != 0)
        return found;
    while (json_object_next(&it, &key, &value, &ignored) == 1) {
        if (loosely ? !text_same_name(key, name) : !slice_equals(key, name))
            continue;
        if (slice_equals_nocase(key, name))
            sure = 1;
        else if (sure)
            continue;
        found = value;
    }
    return found;
}

struct slice json_get(struct slice object, const char *name)
{
    return get(object, name, 0);
}

struct slice json_get_nocase(struct slice object, const char *name)
{
    return get(object, name, 1);
}
