#include "net/html.h"

#include "base/text.h"

#include <string.h>

/* Bytes of a page that are searched for its title: pages put it into their first lines. */
#define HTML_HEAD_MAX (16U << 10)

/* text behind a byte order mark and blanks. */
static struct slice skip_blanks(struct slice text)
{
    text = slice_without_bom(text);
    while (text.len > 0 && strchr(" \t\r\n", *text.data) != NULL && *text.data != '\0') {
        text.data++;
        text.len--;
    }
    return text;
}

int html_is_page(struct slice text)
{
    text = skip_blanks(text);
    return text.len >= 2 && *text.data == '<' &&
           (text.data[1] == '!' || text.data[1] == '?' ||
            (text_lower(text.data[1]) >= 'a' && text_lower(text.data[1]) <= 'z'));
}

/* The text between <name ...> and </name>, or an empty slice. */
static struct slice element(struct slice text, const char *name)
{
    struct slice inside = {NULL, 0};
    size_t n = strlen(name), i;

    for (i = 0; i + n + 1 < text.len && inside.data == NULL; i++) {
        struct slice at = {text.data + i + 1, text.len - i - 1};
        const char *end;

        if (text.data[i] != '<' || !text_starts_nocase(at, name) ||
            strchr("> \t\r\n", at.data[n]) == NULL)
            continue;
        end = memchr(at.data, '>', at.len);
        if (end != NULL)
            inside = (struct slice){end + 1, (size_t)(text.data + text.len - end - 1)};
    }
    for (i = 0; i < inside.len && inside.data[i] != '<'; i++)
        ;
    inside.len = i;
    return inside;
}

void html_title(char title[HTML_TITLE_MAX], struct slice text)
{
    static const char *const names[] = {"title", "h1", "h2"};
    size_t i, n = 0;

    if (text.len > HTML_HEAD_MAX)
        text.len = HTML_HEAD_MAX;
    title[0] = '\0';
    for (i = 0; i < sizeof(names) / sizeof(names[0]) && title[0] == '\0'; i++)
        text_clean(title, HTML_TITLE_MAX, skip_blanks(element(text, names[i])));
    /* Lines of a title are indented. */
    for (i = 0; title[i] != '\0'; i++) {
        if (title[i] != ' ' || (title[i + 1] != ' ' && title[i + 1] != '\0'))
            title[n++] = title[i];
    }
    title[n] = '\0';
}
