#include "read/event_words.h"

#include <string.h>

/* Without blanks at both ends. */
static struct slice trim(const char *p, const char *end)
{
    while (p < end && strchr(" \t\r\n", *p) != NULL)
        p++;
    while (p < end && strchr(" \t\r\n", end[-1]) != NULL)
        end--;
    return (struct slice){p, (size_t)(end - p)};
}

/* Whether a byte may stand in a name: those of claims are URLs. */
static int is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_-.:/$@", c) != NULL);
}

/* Where the name at p ends, which has a '=' behind it; NULL when there is none. */
static const char *name_end(const char *p, const char *end)
{
    const char *start = p;

    while (p < end && is_name(*p))
        p++;
    return p > start && p < end && *p == '=' ? p : NULL;
}

/* Behind the value that begins with a bracket at p: brackets are balanced outside of texts. NULL
 * when they are not. */
static const char *bracket_end(const char *p, const char *end)
{
    int depth = 0, quoted = 0;

    for (; p < end; p++) {
        if (quoted && *p == '\\' && p + 1 < end) {
            p++;
        } else if (*p == '"') {
            quoted = !quoted;
        } else if (!quoted && (*p == '{' || *p == '[')) {
            depth++;
        } else if (!quoted && (*p == '}' || *p == ']') && --depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

/* Where the value at p ends: at a "; " with a name behind it, or at the end. */
static const char *value_end(const char *p, const char *end)
{
    const char *q = p;

    if (p < end && (*p == '{' || *p == '[' || (*p == '@' && p + 1 < end && p[1] == '{'))) {
        q = bracket_end(p, end);
        if (q != NULL && (q == end || *q == ';'))
            return q;
        q = p;
    }
    while (q < end && (q = memchr(q, ';', (size_t)(end - q))) != NULL) {
        const char *next = q + 1;

        while (next < end && *next == ' ')
            next++;
        if (name_end(next, end) != NULL)
            return q;
        q++;
    }
    return end;
}

/* "@{name=value; name=value}" without its brackets. */
static size_t hashtable(const char *p, const char *end,
                        void (*put)(struct slice, struct slice, void *), void *arg)
{
    size_t n = 0;

    while (p < end) {
        const char *equals, *stop;

        while (p < end && (*p == ' ' || *p == ';'))
            p++;
        equals = name_end(p, end);
        if (equals == NULL)
            break;
        stop = value_end(equals + 1, end);
        put((struct slice){p, (size_t)(equals - p)}, trim(equals + 1, stop), arg);
        n++;
        p = stop;
    }
    return n;
}

/* The colon between name and value of a line, with a blank in front or behind; or NULL. */
static const char *colon(const char *p, const char *end)
{
    const char *q = p;

    if (p == end || *p == ' ')
        return NULL;
    while ((q = memchr(q, ':', (size_t)(end - q))) != NULL) {
        if (q > p && (q[-1] == ' ' || q + 1 == end || q[1] == ' '))
            return q;
        q++;
    }
    return NULL;
}

/* "name : value" lines; a line without a name goes on with the value of the one before. */
static size_t lines(const char *p, const char *end, void (*put)(struct slice, struct slice, void *),
                    void *arg)
{
    size_t n = 0;

    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p)), *at, *value;

        if (stop == NULL)
            stop = end;
        at = colon(p, stop > p && stop[-1] == '\r' ? stop - 1 : stop);
        if (at == NULL) {
            p = stop < end ? stop + 1 : end;
            continue;
        }
        value = at + 1;
        while (stop < end) {
            const char *next = memchr(stop + 1, '\n', (size_t)(end - stop - 1));

            if (next == NULL)
                next = end;
            if (next == stop + 1 || colon(stop + 1, next) != NULL)
                break;
            stop = next;
        }
        put(trim(p, at), trim(value, stop), arg);
        n++;
        p = stop < end ? stop + 1 : end;
    }
    return n;
}

size_t event_words_each(struct slice text,
                        void (*put)(struct slice name, struct slice value, void *arg), void *arg)
{
    struct slice t = text.data == NULL ? text : trim(text.data, text.data + text.len);

    if (t.len == 0)
        return 0;
    if (t.len >= 3 && memcmp(t.data, "@{", 2) == 0)
        return hashtable(t.data + 2, t.data + t.len - (t.data[t.len - 1] == '}'), put, arg);
    return lines(t.data, t.data + t.len, put, arg);
}
