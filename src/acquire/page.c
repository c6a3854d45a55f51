#include "acquire/page.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a next link: the service's have 500; a URL above 16 KiB is no paging position. */
#define PAGE_LINK_MAX (16U << 10)

/* Keep the decoded nextLink; null and "" mean that there is none. */
static int take_link(char **link, struct slice value, struct err *e)
{
    if (json_kind(value) == JSON_NULL)
        return 0;
    if (json_kind(value) != JSON_STRING)
        return err_set(e, ERR_UNTRUSTED, "nextLink is not a string");
    if (value.len > PAGE_LINK_MAX)
        return err_set(e, ERR_UNTRUSTED, "nextLink is longer than %u bytes", PAGE_LINK_MAX);
    free(*link);
    *link = json_string_dup(value);
    if (*link == NULL)
        return err_memory(e, "nextLink");
    if (**link == '\0') {
        free(*link);
        *link = NULL;
    }
    return 0;
}

/* What a walk over an answer needs and finds. */
struct walk {
    /* Called with in->p at each element of `value`; moves it over the element. */
    int (*element)(struct json_iter *in, void *arg, struct err *e);
    void *arg;
    char **link;
    int whitespace; /* there was some outside strings */
};

/* Walk over `value`. */
static int walk_value(struct walk *w, struct json_iter *it, struct err *e)
{
    struct json_iter in;
    int more;

    if (json_enter_array(it, &in, e) != 0)
        return err_wrap(e, "value");
    while ((more = json_array_element(&in, e)) == 1) {
        if (w->element(&in, w->arg, e) != 0)
            return -1;
    }
    json_leave(it, &in);
    return more;
}

/* Walk over a whole answer. */
static int walk_answer(struct walk *w, struct slice body, struct err *e)
{
    int more, have_value = 0;
    struct slice key, value;
    struct json_iter it;

    if (json_object_begin(&it, body, e) != 0)
        return -1;
    while ((more = json_object_key(&it, &key, e)) == 1) {
        if (slice_equals(key, "value")) {
            if (have_value++)
                return err_set(e, ERR_UNTRUSTED, "two members named value");
            if (walk_value(w, &it, e) != 0)
                return -1;
        } else {
            if (json_value(&it, &value, e) != 0)
                return -1;
            if (slice_equals(key, "nextLink") && take_link(w->link, value, e) != 0)
                return -1;
        }
    }
    if (more < 0)
        return -1;
    w->whitespace = it.whitespace;
    while (it.p < it.end && (*it.p == ' ' || *it.p == '\n' || *it.p == '\r' || *it.p == '\t'))
        it.p++;
    if (it.p != it.end)
        return err_set(e, ERR_UNTRUSTED, "text after the answer");
    return have_value ? 0 : err_set(e, ERR_UNTRUSTED, "the answer has no member named value");
}

/* A page that grows. */
struct growing {
    struct page *p;
    size_t cap;
};

/* Append one event. */
static int add_event(struct json_iter *in, void *arg, struct err *e)
{
    struct growing *g = arg;

    if (g->p->nlines == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 256;
        struct line *lines = realloc(g->p->lines, cap * sizeof(*lines));

        if (lines == NULL)
            return err_memory(e, "page");
        g->p->lines = lines;
        g->cap = cap;
    }
    if (line_read(&g->p->lines[g->p->nlines], in, e) != 0)
        return -1;
    g->p->nlines++;
    return 0;
}

/* Remove whitespace outside strings from the whole answer. */
static int minify(struct page *p, struct err *e)
{
    struct buf compact = {0};

    if (json_minify(buf_slice(&p->body), &compact) != 0)
        return err_memory(e, "page");
    buf_free(&p->body);
    p->body = compact;
    p->nlines = 0;
    return 0;
}

int page_parse(struct page *p, struct buf *body, struct err *e)
{
    struct growing g = {p, 0};
    struct walk w = {add_event, &g, &p->next_link, 0};

    memset(p, 0, sizeof(*p));
    p->body = *body;
    memset(body, 0, sizeof(*body));
    if (walk_answer(&w, buf_slice(&p->body), e) != 0)
        goto fail;
    if (w.whitespace && (minify(p, e) != 0 || walk_answer(&w, buf_slice(&p->body), e) != 0))
        goto fail;
    return 0;
fail:
    page_free(p);
    return -1;
}

void page_free(struct page *p)
{
    buf_free(&p->body);
    free(p->lines);
    free(p->next_link);
    memset(p, 0, sizeof(*p));
}

/* A caller's function and its argument. */
struct listing {
    int (*fn)(struct slice element, void *arg, struct err *e);
    void *arg;
};

/* Hand one element of a list to the caller. */
static int pass_element(struct json_iter *in, void *arg, struct err *e)
{
    struct listing *l = arg;
    struct slice value;

    return json_value(in, &value, e) != 0 ? -1 : l->fn(value, l->arg, e);
}

int page_list(struct slice body, int (*fn)(struct slice element, void *arg, struct err *e),
              void *arg, char **next_link, struct err *e)
{
    struct listing l = {fn, arg};
    struct walk w = {pass_element, &l, next_link, 0};

    *next_link = NULL;
    if (walk_answer(&w, body, e) != 0) {
        free(*next_link);
        *next_link = NULL;
        return -1;
    }
    return 0;
}
