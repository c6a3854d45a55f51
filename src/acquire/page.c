#include "acquire/page.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/arm.h"
#include "net/html.h"
#include "net/mask.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a next link: the service's have 500; a URL above 16 KiB is no paging position. */
#define PAGE_LINK_MAX (16U << 10)

/* Whether a member has this name, in any letter case, also behind a namespace and a dot or behind
 * an at sign: "odata.nextLink", and the "@nextLink" of the list of management groups. */
static int is_named(struct slice name, const char *wanted)
{
    size_t len = strlen(wanted);
    struct slice tail = {name.data, len};

    if (name.len < len)
        return 0;
    tail.data += name.len - len;
    return slice_equals_nocase(tail, wanted) &&
           (name.len == len || tail.data[-1] == '.' || tail.data[-1] == '@');
}

/* Keep the decoded next link; null and "" mean that there is none. Links under several names must
 * be the same: missing one would lose events. */
static int take_link(char **link, struct slice value, struct err *e)
{
    struct buf text = {0};

    if (json_kind(value) == JSON_NULL)
        return 0;
    if (json_kind(value) != JSON_STRING)
        return err_set(e, ERR_UNTRUSTED, "nextLink is not a string");
    if (value.len > PAGE_LINK_MAX)
        return err_set(e, ERR_UNTRUSTED, "nextLink is longer than %u bytes", PAGE_LINK_MAX);
    (void)json_string_decode(value, &text);
    (void)buf_text(&text);
    if (text.len == 0) {
        buf_free(&text);
        return 0;
    }
    if (strlen(text.data) < text.len || text.data[strspn(text.data, " \t\r\n")] == '\0') {
        buf_free(&text);
        return err_set(e, ERR_UNTRUSTED, "nextLink is blank or holds a NUL");
    }
    if (*link != NULL && strcmp(*link, text.data) != 0) {
        buf_free(&text);
        return err_set(e, ERR_UNTRUSTED, "two next links that differ");
    }
    free(*link);
    *link = text.data;
    return 0;
}

/* A web page is told from JSON that is damaged. */
static int refuse_page(struct slice text, struct err *e)
{
    char title[HTML_TITLE_MAX];

    if (!html_is_page(text))
        return 0;
    html_title(title, text);
    return arm_explain_page(e, 200, title);
}

/* Bytes of a name that is_among knows; a longer one is another. */
#define PAGE_NAME_MAX 32

/* The part of a name behind the last dot or at sign: without its namespace. */
static struct slice local_part(struct slice name)
{
    size_t n = name.len;

    while (n > 0 && name.data[n - 1] != '.' && name.data[n - 1] != '@')
        n--;
    return (struct slice){name.data + n, name.len - n};
}

/* Whether a name, with or without its namespace, is one of a list, NULL last: without the marks in
 * it and in any letter case. */
static int is_among(struct slice name, const char *const *names)
{
    struct slice local = local_part(name);
    char bare[PAGE_NAME_MAX];
    size_t i, n = 0;

    for (i = 0; i < name.len && n < sizeof(bare); i++) {
        if (name.data[i] == '\0' || strchr("_-@.$:", name.data[i]) == NULL)
            bare[n++] = text_lower(name.data[i]);
    }
    for (i = 0; n < sizeof(bare) && names[i] != NULL; i++) {
        bare[n] = '\0';
        if (strcmp(bare, names[i]) == 0)
            return 1;
    }
    return local.len < name.len && is_among(local, names);
}

/* Whether a member pages on in a way that nobody here follows. */
static int is_paging(struct slice name)
{
    static const char *const names[] = {
        "next",           "nextlink",          "nextpage",          "nextpagelink",
        "nexturl",        "nexturi",           "nexthref",          "nexttoken",
        "nextpagetoken",  "nextmarker",        "nextcursor",        "cursor",
        "marker",         "continuation",      "continuationtoken", "continuationlink",
        "continuationid", "continuationuri",   "skiptoken",         "pagetoken",
        "pagingtoken",    "paginationtoken",   "odatanextlink",     "odatanext",
        "odataskiptoken", "odatacontinuation", "hasmore",           "hasmoreitems",
        "hasmoreresults", "hasnext",           "hasnextpage",       "more",
        "moreresults",    "truncated",         "istruncated",       NULL};

    return is_among(name, names);
}

/* Names under which services report a failure beside the elements of an answer: as an object
 * (Azure Resource Manager), flat (Microsoft.Insights), or as ASP.NET and OAuth do. */
static int is_error(struct slice name)
{
    static const char *const names[] = {"error",
                                        "errors",
                                        "fault",
                                        "faults",
                                        "code",
                                        "message",
                                        "exception",
                                        "exceptions",
                                        "innererror",
                                        "innererrors",
                                        "errorcode",
                                        "errormessage",
                                        "innerexception",
                                        "errordescription",
                                        "exceptionmessage",
                                        "exceptiontype",
                                        "stacktrace",
                                        "errordetail",
                                        "errordetails",
                                        "errorinfo",
                                        "failure",
                                        "failures",
                                        "failed",
                                        "detail",
                                        "details",
                                        "title",
                                        "problem",
                                        "partial",
                                        "ispartial",
                                        "partialresult",
                                        "partialresults",
                                        "partialcontent",
                                        "incomplete",
                                        "isincomplete",
                                        "timedout",
                                        NULL};

    return is_among(name, names);
}

/* Whether a member gives the status of an answer, and that is one of failure: 400 and above. */
static int is_bad_status(struct slice name, struct slice value)
{
    static const char *const names[] = {"status", "statuscode", "httpstatus", "httpstatuscode",
                                        NULL};
    size_t quoted = json_kind(value) == JSON_STRING;

    if (!is_among(name, names))
        return 0;
    if (value.len != 3 + 2 * quoted || strchr("45", value.data[quoted]) == NULL)
        return 0;
    /* The value ends in the member's end or in its quote. */
    return strspn(value.data + quoted + 1, "0123456789") >= 2;
}

/* Whether a member says nothing: null, false, 0, "", [] or {}. */
static int is_blank(struct slice value)
{
    size_t i;

    if (json_kind(value) == JSON_NULL || slice_equals(value, "false") || slice_equals(value, "0"))
        return 1;
    if (json_kind(value) == JSON_STRING)
        return value.len == 2;
    if (value.data[0] != '[' && value.data[0] != '{')
        return 0;
    for (i = 1; i + 1 < value.len; i++) {
        if (strchr(" \t\r\n", value.data[i]) == NULL)
            return 0;
    }
    return 1;
}

/* An answer that says that something has failed is not one, whatever its status and its events. */
static int refuse_error(struct slice name, struct slice value, struct err *e)
{
    struct arm_error words;
    char shown[64];

    if (is_blank(value))
        return 0;
    arm_error_parse(&words, value);
    if (words.code[0] != '\0')
        return err_set(e, ERR_UNTRUSTED, "an error instead of an answer: %s", words.code);
    text_clean(shown, sizeof(shown), name);
    return err_set(e, ERR_UNTRUSTED, "an error instead of an answer: it has a member \"%s\"",
                   shown);
}

/* Note a member that pages on, itself or (as "paging":{"next":...}) by one of its own. */
static void note_paging(struct slice *paging, struct slice name, struct slice value)
{
    struct slice inner, its_value;
    struct json_iter it;
    struct err ignored;

    if (is_blank(value))
        return;
    if (is_paging(name)) {
        *paging = name;
        return;
    }
    if (json_kind(value) != JSON_OBJECT || json_object_begin(&it, value, &ignored) != 0)
        return;
    while (json_object_next(&it, &inner, &its_value, &ignored) == 1) {
        if (is_paging(inner) && !is_blank(its_value))
            *paging = inner;
    }
}

/* What a walk over an answer needs and finds. */
struct walk {
    /* Called with in->p at each element of `value`; moves it over the element. */
    int (*element)(struct json_iter *in, void *arg, struct err *e);
    void *arg;
    char **link;
    struct slice paging; /* name of a member that pages on in another way, or data NULL */
    int whitespace;      /* there was some outside strings */
    uint64_t count;      /* of all elements, as the answer gives it; 0 where it does not */
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

/* A number of elements; of anything else 0. */
static uint64_t read_count(struct slice value)
{
    uint64_t n = 0;
    size_t i;

    for (i = 0; i < value.len && i < 19; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return 0;
        n = n * 10 + (uint64_t)(value.data[i] - '0');
    }
    return n;
}

/* Take one member of an answer; *values counts those of that name. */
static int walk_member(struct walk *w, struct json_iter *it, struct slice name, int *values,
                       struct err *e)
{
    struct slice value;

    if (memchr(name.data, '\\', name.len) != NULL)
        return err_set(e, ERR_UNTRUSTED, "a member whose name is written with escapes");
    if (slice_equals(name, "value")) {
        if ((*values)++)
            return err_set(e, ERR_UNTRUSTED, "two members named value");
        return walk_value(w, it, e);
    }
    if (slice_equals_nocase(name, "value"))
        return err_set(e, ERR_UNTRUSTED, "a member named value in another letter case");
    if (json_value(it, &value, e) != 0)
        return -1;
    if (is_error(name) || is_bad_status(name, value))
        return refuse_error(name, value, e);
    if (is_named(name, "nextLink"))
        return take_link(w->link, value, e);
    note_paging(&w->paging, name, value);
    if (is_named(name, "count") || is_named(name, "totalCount"))
        w->count = read_count(value);
    return 0;
}

/* An answer that goes on where nobody can follow is not taken for the last one. */
static int refuse_paging(struct slice name, struct err *e)
{
    char shown[64];

    text_clean(shown, sizeof(shown), name);
    return err_set(e, ERR_UNTRUSTED,
                   "an answer that goes on, but without a nextLink: it has a member \"%s\"", shown);
}

/* Walk over a whole answer. */
static int walk_answer(struct walk *w, struct slice body, struct err *e)
{
    int more, values = 0;
    struct slice name;
    struct json_iter it;

    /* RFC 8259 lets a reader pass over a byte order mark. */
    body = slice_without_bom(body);
    w->paging.data = NULL;
    if (refuse_page(body, e) != 0 || json_object_begin(&it, body, e) != 0)
        return -1;
    while ((more = json_object_key(&it, &name, e)) == 1) {
        if (walk_member(w, &it, name, &values, e) != 0)
            return -1;
    }
    if (more < 0)
        return -1;
    w->whitespace = it.whitespace;
    while (it.p < it.end && (*it.p == ' ' || *it.p == '\n' || *it.p == '\r' || *it.p == '\t'))
        it.p++;
    if (it.p != it.end)
        return err_set(e, ERR_UNTRUSTED, "text after the answer");
    if (*w->link == NULL && w->paging.data != NULL)
        return refuse_paging(w->paging, e);
    return values ? 0 : err_set(e, ERR_UNTRUSTED, "the answer has no member named value");
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

    g->p->lines = mem_grow(g->p->lines, g->p->nlines, &g->cap, sizeof(*g->p->lines));
    if (line_read(&g->p->lines[g->p->nlines], in, e) != 0)
        return -1;
    g->p->nlines++;
    return 0;
}

/* Remove whitespace outside strings from the whole answer. */
static void minify(struct page *p)
{
    struct buf compact = {0};

    json_minify(buf_slice(&p->body), &compact);
    buf_free(&p->body);
    p->body = compact;
    p->nlines = 0;
}

int page_parse(struct page *p, struct buf *body, struct err *e)
{
    struct growing g = {p, 0};
    struct walk w = {.element = add_event, .arg = &g, .link = &p->next_link};

    memset(p, 0, sizeof(*p));
    p->body = *body;
    memset(body, 0, sizeof(*body));
    if (walk_answer(&w, buf_slice(&p->body), e) != 0)
        goto fail;
    if (w.whitespace) {
        minify(p);
        if (walk_answer(&w, buf_slice(&p->body), e) != 0)
            goto fail;
    }
    p->count = w.count;
    return 0;
fail:
    mask_text(e->msg);
    page_free(p);
    return -1;
}

int page_check_header(int pages_on, const char *next_link, struct err *e)
{
    return !pages_on || next_link != NULL
               ? 0
               : err_set(e, ERR_UNTRUSTED,
                         "an answer that goes on, but without a nextLink: it has a header Link "
                         "with rel=next");
}

int page_check_count(const struct page *p, struct err *e)
{
    return p->next_link != NULL || p->count <= p->nlines
               ? 0
               : err_set(e, ERR_UNTRUSTED, "an answer of %zu events that says it has %llu",
                         p->nlines, (unsigned long long)p->count);
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
    struct walk w = {.element = pass_element, .arg = &l, .link = next_link};

    *next_link = NULL;
    if (walk_answer(&w, body, e) != 0) {
        mask_text(e->msg);
        free(*next_link);
        *next_link = NULL;
        return -1;
    }
    return 0;
}
