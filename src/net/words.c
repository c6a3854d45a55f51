#include "net/words.h"

#include <string.h>

int words_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

int words_made_of(struct slice s, const char *set)
{
    size_t i;

    for (i = 0; i < s.len && words_one_of(s.data[i], set); i++)
        ;
    return s.len > 0 && i == s.len;
}

int words_next_line(struct slice *text, struct slice *line)
{
    const char *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    size_t n = end != NULL ? (size_t)(end - text->data) : text->len;

    *line = (struct slice){text->data, n};
    n += end != NULL;
    if (n > 0)
        text->data += n;
    text->len -= n;
    while (line->len > 0 && words_one_of(line->data[line->len - 1], " \t\r"))
        line->len--;
    return n > 0;
}

int words_hold(struct slice s, const char *wanted)
{
    size_t n = strlen(wanted), i;

    for (i = 0; i + n <= s.len; i++) {
        if (memcmp(s.data + i, wanted, n) == 0)
            return 1;
    }
    return 0;
}
