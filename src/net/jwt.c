#include "net/jwt.h"

#include "base/text.h"
#include "net/words.h"

#include <string.h>

/* What a JWT is made of, and what may stand in front of one without being a part of it. */
#define JWT_CHARACTERS WORDS_ALNUM "-_."
#define BEARER_CHARACTERS WORDS_ALNUM "-._~+/="
/* Every JWT begins so: it is "{" and a quote in base64. */
#define JWT_START "eyJ"

/* Append the part of a token that s begins with. Returns its length. */
static size_t put_part(struct buf *out, struct slice s, struct jwt *j)
{
    size_t n;

    for (n = 0; n < s.len && words_one_of(s.data[n], JWT_CHARACTERS); n++) {
        j->dots += s.data[n] == '.';
        j->cut |= s.data[n] == '.' && n > 0 && s.data[n - 1] == '.';
    }
    buf_append(out, s.data, n);
    return n;
}

/* Append the token at byte `at` of the first line of j->rest, with the lines that it was wrapped
 * into: all as long as the first one, but for the last. One with two dots in its first line was not
 * wrapped: payloads are longer than any line. */
static void read_jwt(struct buf *out, size_t at, struct jwt *j)
{
    struct slice text = j->rest, line, part, behind;
    size_t width, n;

    (void)words_next_line(&text, &line);
    width = line.len;
    part = (struct slice){line.data + at, line.len - at};
    n = put_part(out, part, j);
    j->rest.len -= (size_t)(part.data + n - j->rest.data);
    j->rest.data = part.data + n;
    if (n < part.len || j->dots >= 2)
        return;
    j->open = 1;
    for (behind = text; words_next_line(&text, &line); behind = text) {
        j->open = line.len == width;
        if (line.len > width || !words_made_of(text_trim(line), JWT_CHARACTERS)) {
            j->open = 0;
            j->rest = behind;
            return;
        }
        (void)put_part(out, text_trim(line), j);
        j->rest = text;
        if (line.len < width)
            return;
    }
}

int jwt_find(struct buf *out, struct jwt *j)
{
    struct slice text = j->rest, line;
    size_t i, n = strlen(JWT_START);

    for (;; j->rest = text) {
        if (!words_next_line(&text, &line))
            return 0;
        for (i = 0; i + n <= line.len; i++) {
            if (memcmp(line.data + i, JWT_START, n) != 0 ||
                (i > 0 && words_one_of(line.data[i - 1], BEARER_CHARACTERS) &&
                 line.data[i - 1] != '='))
                continue;
            j->dots = 0;
            j->open = j->cut = 0;
            read_jwt(out, i, j);
            return 1;
        }
    }
}
