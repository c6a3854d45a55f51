#include "net/header.h"

#include "base/err.h"
#include "base/text.h"
#include "net/words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define REMAINING_PREFIX "x-ms-ratelimit-remaining-"
#define REMAINING_SUFFIX "-reads"
/* A count of remaining reads has at most this many digits; the service's largest has five. */
#define REMAINING_DIGITS 9

void header_clear(struct header *h)
{
    free(h->location);
    memset(h, 0, sizeof(*h));
    h->remaining_reads = -1;
    h->retry_after.wait_ms = -1;
}

/* Whether name is x-ms-ratelimit-remaining-<something>-reads. */
static int is_remaining_reads(struct slice name)
{
    size_t before = strlen(REMAINING_PREFIX), behind = strlen(REMAINING_SUFFIX);
    struct slice head = {name.data, before}, tail = {name.data + name.len - behind, behind};

    return name.len > before + behind && slice_equals_nocase(head, REMAINING_PREFIX) &&
           slice_equals_nocase(tail, REMAINING_SUFFIX);
}

/* Keep the least of the counts seen; anything but a plain number is no count. */
static void take_remaining(struct header *h, struct slice value)
{
    long count = 0;
    size_t i;

    if (value.len == 0 || value.len > REMAINING_DIGITS)
        return;
    for (i = 0; i < value.len; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return;
        count = count * 10 + (value.data[i] - '0');
    }
    if (h->remaining_reads < 0 || count < h->remaining_reads)
        h->remaining_reads = count;
}

/* Whether a relation type is "next", alone or among others between quotes. */
static int is_next(struct slice text)
{
    const char *end = text.data + text.len, *p = text.data;
    int quoted = p < end && *p == '"';

    p += quoted;
    while (p < end && !words_one_of(*p, quoted ? "\"" : ",; \t")) {
        struct slice word = {p, 0};

        while (p < end && !words_one_of(*p, "\",; \t"))
            p++;
        word.len = (size_t)(p - word.data);
        if (slice_equals_nocase(word, "next"))
            return 1;
        p += word.len == 0; /* a blank between two of them */
    }
    return 0;
}

/* Whether a Link field (RFC 8288) has a target with rel=next. */
static int links_next(struct slice value)
{
    const char *p = value.data, *end = value.data + value.len;
    char before = ';';

    for (; p < end; before = *p++) {
        struct slice rest = {p, (size_t)(end - p)};

        if (*p == '<') {
            const char *close = memchr(p, '>', rest.len);

            p = close == NULL ? p : close;
            continue;
        }
        if (!words_one_of(before, "; \t") || !text_starts_nocase(rest, "rel"))
            continue;
        rest.data += 3;
        rest.len -= 3;
        rest = text_trim(rest);
        if (rest.len == 0 || *rest.data != '=')
            continue;
        rest.data++;
        rest.len--;
        if (is_next(text_trim(rest)))
            return 1;
    }
    return 0;
}

static void take_field(struct header *h, struct slice name, struct slice value)
{
    static const struct {
        const char *name;
        size_t at, cap;
    } texts[] = {
        {"date", offsetof(struct header, date), sizeof(h->date)},
        {"x-ms-request-id", offsetof(struct header, request_id), sizeof(h->request_id)},
        {"content-type", offsetof(struct header, content_type), sizeof(h->content_type)},
        {"content-encoding", offsetof(struct header, encoding), sizeof(h->encoding)},
    };
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (slice_equals_nocase(name, texts[i].name))
            err_clean_text((char *)h + texts[i].at, texts[i].cap, value.data, value.len);
    }
    if (slice_equals_nocase(name, "content-length") ||
        slice_equals_nocase(name, "transfer-encoding"))
        h->framed = 1;
    else if (is_remaining_reads(name))
        take_remaining(h, value);
    else if (slice_equals_nocase(name, "www-authenticate") && h->challenge.claims[0] == '\0')
        challenge_parse(&h->challenge, value);
    else if (slice_equals_nocase(name, "link"))
        h->pages_on |= links_next(value);
    else if (slice_equals_nocase(name, "location") && h->location == NULL)
        h->location = slice_dup(value);
    else
        retry_after_take(&h->retry_after, name, value);
}

void header_line(struct header *h, struct slice line)
{
    const char *colon;
    struct slice name, value;

    if (line.len >= 5 && memcmp(line.data, "HTTP/", 5) == 0) {
        header_clear(h);
        return;
    }
    if (h->complete)
        return;
    line = text_trim(line);
    if (line.len == 0) {
        h->complete = 1;
        return;
    }
    colon = memchr(line.data, ':', line.len);
    if (colon == NULL)
        return;
    name.data = line.data;
    name.len = (size_t)(colon - line.data);
    value.data = colon + 1;
    value.len = line.len - name.len - 1;
    take_field(h, text_trim(name), text_trim(value));
}

int header_is_json(const struct header *h)
{
    struct slice type = {h->content_type, strcspn(h->content_type, "; ")};

    return slice_equals_nocase(type, "application/json") || slice_equals_nocase(type, "text/json");
}
