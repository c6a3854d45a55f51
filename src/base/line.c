#include "base/line.h"

#include "base/json.h"
#include "base/timestamp.h"

#include <string.h>

/* What stands between the quotes of a JSON string. */
static struct slice unquote(struct slice s)
{
    struct slice inner = {s.data + 1, s.len - 2};

    return inner;
}

/* Whether a name is `exact`, or is it in other letter case while nothing exact was seen. */
static int names(struct slice key, const char *exact, int *have_exact)
{
    if (key.len != strlen(exact))
        return 0;
    if (memcmp(key.data, exact, key.len) == 0) {
        *have_exact = 1;
        return 1;
    }
    return !*have_exact && slice_equals_nocase(key, exact);
}

int line_means_time(struct slice key)
{
    static const char meant[] = "eventTimestamp";
    struct slice quoted = {key.data - 1, key.len + 2};
    struct buf name = {0};
    int is;

    if (key.len == sizeof(meant) - 1)
        return memcmp(key.data, meant, key.len) == 0 || slice_equals_nocase(key, meant);
    /* A letter is one byte, or six. */
    if (key.len < sizeof(meant) + 4 || memchr(key.data, '\\', key.len) == NULL)
        return 0;
    is = json_string_decode(quoted, &name) == 0 && slice_equals_nocase(buf_slice(&name), meant);
    buf_free(&name);
    return is;
}

int line_read(struct line *l, struct json_iter *it, struct err *e)
{
    struct slice key, value, time = {NULL, 0};
    const char *start = it->p;
    int exact_time = 0, exact_id = 0, times = 0, more;
    struct json_iter in;

    memset(l, 0, sizeof(*l));
    l->id = slice_of("");
    if (json_enter_object(it, &in, e) != 0)
        return -1;
    while ((more = json_object_next(&in, &key, &value, e)) == 1) {
        times += line_means_time(key);
        if (json_kind(value) != JSON_STRING)
            continue;
        if (names(key, "eventTimestamp", &exact_time))
            time = unquote(value);
        else if (names(key, "eventDataId", &exact_id))
            l->id = unquote(value);
    }
    if (more < 0)
        return -1;
    json_leave(it, &in);
    l->bytes.data = start;
    l->bytes.len = (size_t)(it->p - start);
    if (time.data == NULL)
        return err_set(e, ERR_UNTRUSTED, "event without an eventTimestamp at byte %llu",
                       (unsigned long long)(start - it->start));
    if (times > 1)
        return err_set(e, ERR_UNTRUSTED, "event with two members eventTimestamp at byte %llu",
                       (unsigned long long)(start - it->start));
    if (timestamp_parse(time, &l->ticks) != 0) {
        char shown[64];

        err_clean_text(shown, sizeof(shown), time.data, time.len);
        return err_set(e, ERR_UNTRUSTED, "eventTimestamp %s cannot be read at byte %llu", shown,
                       (unsigned long long)(start - it->start));
    }
    return 0;
}

int line_parse(struct line *l, struct slice text, struct err *e)
{
    struct json_iter it;

    memset(&it, 0, sizeof(it));
    it.start = text.data;
    it.p = text.data;
    it.end = text.data + text.len;
    if (line_read(l, &it, e) != 0)
        return -1;
    return it.p == it.end ? 0 : err_set(e, ERR_UNTRUSTED, "text after the event");
}

int line_compare(const struct line *a, const struct line *b)
{
    int order;

    if (a->ticks != b->ticks)
        return a->ticks < b->ticks ? -1 : 1;
    order = slice_compare(a->id, b->id);
    return order != 0 ? order : slice_compare(a->bytes, b->bytes);
}
