#include "acquire/fetch.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* One request, and what came of it. */
struct waiting {
    struct fetch_request r; /* first: what fetch hands back is this struct */
    struct fetch_result result;
    struct http_answer answer;
    int ended;
    char url[];
};

/* The callback of fetch: keep the end of it. */
static void on_end(struct fetch_request *r, struct fetch_result *result)
{
    struct waiting *w = (struct waiting *)(void *)r;

    w->result = *result;
    w->ended = 1;
    if (result->answer != NULL && !r->unwanted) {
        w->answer = *result->answer;
        memset(&result->answer->body, 0, sizeof(result->answer->body));
    }
}

/* Leave a request whose end is of no interest any more. */
static void leave(struct fetch *f, struct waiting *w)
{
    if (w->ended || fetch_give_up(f, &w->r)) {
        buf_free(&w->answer.body);
        free(w);
    } else {
        fetch_adopt(f, w);
    }
}

int fetch_wait(struct fetch *f, const char *url, int wide, struct fetch_result *r,
               struct http_answer *answer, struct err *e)
{
    size_t len = strlen(url) + 1;
    struct waiting *w = mem_zalloc(1, sizeof(*w) + len);

    memset(r, 0, sizeof(*r));
    memcpy(w->url, url, len);
    w->r.url = w->url;
    w->r.wide = wide;
    w->r.done = on_end;
    fetch_start(f, &w->r);
    while (!w->ended) {
        if (fetch_run(f, 200, e) != 0) {
            leave(f, w);
            return -1;
        }
    }
    *r = w->result;
    if (r->answer != NULL) {
        *answer = w->answer;
        r->answer = answer;
    } else {
        *e = r->err;
    }
    free(w);
    return r->answer != NULL ? 0 : -1;
}
