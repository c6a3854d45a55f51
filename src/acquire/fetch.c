#include "acquire/fetch.h"

#include "acquire/request_queue.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Answers in time that a wide request misses before it is given back, to be asked in parts. */
#define FETCH_SLOW_MAX 2

/* Answers 401 to one request, each with another token, before it has failed. */
#define FETCH_REFUSED_MAX 4

struct fetch {
    struct fetch_config c;
    struct http *http;
    struct token *token;
    void **adopted; /* owned, until the end */
    size_t nadopted;
    struct request_queue queue; /* not sent, or waiting to be sent again */
    uint64_t orders;
    uint64_t receiving;               /* bytes of bodies that have arrived so far */
    int64_t held;                     /* bytes that the caller holds */
    struct fetch_request **under_way; /* sent: at most c.connections */
    unsigned nunder_way;
    int64_t waited_ms;
    int held_back; /* since the last fetch_run a request was not begun, as its bucket is closed */
    int64_t skew;  /* server's time less ours, ticks */
    int undated;   /* an answer did not tell the server's time */
    int paused;    /* a transfer was paused */
    unsigned (*jobs)(void *arg); /* of threads, on what came */
    void *jobs_arg;
    unsigned most_jobs;
};

/* ---- bytes ---- */

/* Whether r is the oldest request under way. */
static int is_oldest(const struct fetch *f, const struct fetch_request *r)
{
    unsigned i;

    for (i = 0; i < f->nunder_way; i++) {
        if (f->under_way[i]->order < r->order)
            return 0;
    }
    return 1;
}

/* The callback of http: may so many more bytes be kept? */
static int may_receive(void *arg, void *user, size_t bytes)
{
    struct fetch *f = arg;
    struct fetch_request *r = user;

    if ((uint64_t)f->held + f->receiving + bytes > f->c.max_bytes && !is_oldest(f, r)) {
        f->paused = 1;
        return 0;
    }
    f->receiving += bytes;
    r->received += bytes;
    return 1;
}

/* Let paused transfers ask again once there is room. */
static void resume(struct fetch *f)
{
    if (f->paused) {
        f->paused = 0;
        http_resume(f->http);
    }
}

void fetch_hold(struct fetch *f, int64_t bytes)
{
    f->held += bytes;
    if (bytes < 0)
        resume(f);
}

void fetch_watch_work(struct fetch *f, unsigned (*jobs)(void *arg), void *arg, unsigned most)
{
    f->jobs = jobs;
    f->jobs_arg = arg;
    f->most_jobs = most;
}

/* Jobs of threads on what came: other requests may follow from them. */
static unsigned count_jobs(const struct fetch *f)
{
    return f->jobs == NULL ? 0 : f->jobs(f->jobs_arg);
}

/* Whether one more request has to wait until threads catch up, or until bytes are released: what is
 * under way, or threads, will do that. With neither it is sent whatever is held, or nothing would
 * ever move. */
static int must_hold_back(const struct fetch *f)
{
    unsigned jobs = count_jobs(f);

    if (jobs > f->most_jobs)
        return 1;
    if ((uint64_t)f->held + f->receiving <= f->c.max_bytes)
        return 0;
    return f->nunder_way > 0 || jobs > 0;
}

/* ---- the queue ---- */

void fetch_start(struct fetch *f, struct fetch_request *r)
{
    r->order = ++f->orders;
    r->attempts = 0;
    r->not_before_ms = 0;
    r->received = 0;
    r->unwanted = r->plain = 0;
    r->slow = 0;
    memset(&r->retry, 0, sizeof(r->retry));
    request_queue_put(&f->queue, r);
}

int fetch_give_up(struct fetch *f, struct fetch_request *r)
{
    r->unwanted = 1;
    return request_queue_take_out(&f->queue, r);
}

int fetch_may_start(struct fetch *f, unsigned bucket)
{
    if (f->held > 0 && (uint64_t)f->held + f->receiving > f->c.max_bytes)
        return 0;
    if (request_queue_is_open(&f->queue, bucket, sys_monotonic_ms()))
        return 1;
    f->held_back = 1;
    return 0;
}

/* ---- ends ---- */

/* Take a request off the list of those under way. */
static void leave(struct fetch *f, struct fetch_request *r)
{
    unsigned i;

    for (i = 0; i < f->nunder_way; i++) {
        if (f->under_way[i] == r) {
            f->under_way[i] = f->under_way[--f->nunder_way];
            break;
        }
    }
    f->receiving -= r->received;
    r->received = 0;
    resume(f);
}

/* Note what every answer tells: the server's clock and what is left of its limits. */
static void note_answer(struct fetch *f, const struct fetch_request *r, const struct http_answer *a)
{
    if (http_answer_date(a) != 0)
        f->skew = http_answer_date(a) - sys_now();
    if (a->remaining_reads >= 0)
        request_queue_note_reads(&f->queue, r->bucket, a->remaining_reads);
}

/* Send it again after a wait; 429 holds its whole bucket back. */
static void send_again(struct fetch *f, struct fetch_request *r, const struct http_answer *a,
                       int64_t wait_ms)
{
    struct request_queue_bucket *b = request_queue_bucket(&f->queue, r->bucket);
    char why[ERR_MSG_MAX];

    r->not_before_ms = sys_monotonic_ms() + wait_ms;
    if (a->status == 429 && b->not_before_ms < r->not_before_ms)
        b->not_before_ms = r->not_before_ms;
    if (a->error.code != ERR_NONE)
        (void)snprintf(why, sizeof(why), "%s", a->error.msg);
    else
        (void)snprintf(why, sizeof(why), "HTTP %d", a->status);
    if (f->c.again != NULL)
        f->c.again(f->c.arg, why, wait_ms);
    request_queue_put(&f->queue, r);
}

/* Count answers 401. One to a token that was replaced meanwhile says nothing. */
static void note_refusal(struct fetch *f, struct fetch_request *r, int refused)
{
    struct request_queue_bucket *b = request_queue_bucket(&f->queue, r->bucket);

    if (refused && r->token_serial != token_serial(f->token))
        return;
    r->retry.refused += (unsigned)refused;
    b->refused = refused ? b->refused + 1 : 0;
}

/* Whether an answer says that the service was too slow for what was asked. */
static int is_slow(const struct http_answer *a, int status)
{
    return status == 504 || status == 408 || (status == 0 && a->timed_out);
}

/* What an answer means for the pace. */
static enum request_queue_news news_of(const struct http_answer *a, int status)
{
    if (status == 429 || status == 502 || status == 503 || is_slow(a, status))
        return QUEUE_TROUBLE;
    return status == 200 ? QUEUE_GOOD : QUEUE_NEITHER;
}

/* A wide request to which the service was too slow again: its owner asks for less. Returns whether
 * it has ended. */
static int end_slow(struct fetch_request *r, const struct http_answer *a, int status,
                    struct fetch_result *result)
{
    if (!r->wide || !is_slow(a, status) || ++r->slow < FETCH_SLOW_MAX)
        return 0;
    if (status == 0)
        result->err = a->error;
    else
        (void)err_set(&result->err, ERR_NETWORK, "HTTP %d after %u tries", status, r->attempts);
    result->err.http = status;
    result->slow = 1;
    r->done(r, result);
    return 1;
}

/* Say more about a request that has failed for good. */
static void explain_end(const struct fetch_request *r, const struct http_answer *a, int status,
                        struct fetch_result *result)
{
    if (result->words.is_page) {
        /* Not the service has answered: its status means nothing about the scope. */
        (void)arm_explain_page(&result->err, status, result->words.message);
        memset(&result->words, 0, sizeof(result->words));
        result->status = 0;
    }
    if (status == 0)
        (void)err_set(&result->err, ERR_NETWORK, "%.1000s (after %u tries)", a->error.msg,
                      r->attempts);
}

/* The callback of http: an answer, or none. */
static void on_done(void *arg, void *user, struct http_answer *a)
{
    struct fetch *f = arg;
    struct fetch_request *r = user;
    /* An answer with an error was not whole, whatever its status. */
    int status = a->error.code != ERR_NONE ? 0 : a->status;
    struct fetch_result result = {.status = status};
    const struct retry_input in = {status, a->retry_after_ms, sys_random(), r->tries_max};
    int64_t wait_ms = 0;

    leave(f, r);
    request_queue_answered(&f->queue, r, news_of(a, status), f->c.connections, sys_monotonic_ms());
    note_answer(f, r, a);
    r->plain = a->cut_inside;
    if (a->error.code != ERR_NONE && (a->error.code != ERR_NETWORK || a->final)) {
        result.err = a->error;
        r->done(r, &result);
        return;
    }
    if (status == 0 && end_slow(r, a, status, &result))
        return;
    if (status >= 300)
        arm_error_parse(&result.words, buf_slice(&a->body));
    if (status != 0 && end_slow(r, a, status, &result))
        return;
    switch (retry_decide(&r->retry, &in, &wait_ms, &result.err)) {
    case RETRY_ACCEPT:
        token_accepted(f->token, r->token_serial);
        note_refusal(f, r, 0);
        f->undated |= http_answer_date(a) == 0;
        result.answer = a;
        break;
    case RETRY_AGAIN:
        if (r->unwanted)
            break;
        r->retry.refused = 0; /* it is no longer the token that it waits for */
        send_again(f, r, a, wait_ms);
        return;
    case RETRY_NEW_TOKEN:
        token_rejected(f->token, r->token_serial, result.words.code, &a->challenge);
        note_refusal(f, r, 1);
        /* Where other requests are let through, it is not the token that is refused. */
        if (r->unwanted)
            break;
        if (r->retry.refused > FETCH_REFUSED_MAX) {
            (void)err_set(&result.err, ERR_AUTH, "HTTP 401 with %u tokens", r->retry.refused);
            break;
        }
        request_queue_put(&f->queue, r);
        return;
    case RETRY_GIVE_UP:
        explain_end(r, a, status, &result);
        break;
    }
    r->done(r, &result);
}

/* ---- running ---- */

/* Whether a request that was refused with 401 waits or is under way. */
static int is_refused_one_left(const struct fetch *f)
{
    unsigned i;

    for (i = 0; i < f->nunder_way; i++) {
        if (f->under_way[i]->retry.refused > 0)
            return 1;
    }
    return request_queue_has_refused(&f->queue);
}

/*
 * Send the requests whose time has come. Returns how long until the next one, or the limit.
 *
 * After a 401 they go one at a time until none that was refused is left: first one that was refused
 * least, to tell whether the new token is good at all, and then those that were refused most. So a
 * token that lasts for a few requests only, and answers that overtake one another, are not taken
 * for a refusal of every token, nor for one of the request.
 */
static int send_due(struct fetch *f, int limit_ms, struct err *e)
{
    int64_t now_ms = sys_monotonic_ms(), until_ms = now_ms + limit_ms;
    struct fetch_request *r;

    while (f->nunder_way < (is_refused_one_left(f) ? 1 : f->c.connections) && !must_hold_back(f) &&
           (r = request_queue_choose(&f->queue, now_ms, token_is_proven(f->token), &until_ms)) !=
               NULL) {
        if (r->retry.refused > 0 && !token_is_proven(f->token) && count_jobs(f) > 0)
            break;
        if ((r->plain ? http_send_plain : http_send)(f->http, r->url, token_value(f->token), r,
                                                     e) != 0) {
            struct fetch_result result = {.err = *e};

            (void)request_queue_take_out(&f->queue, r);
            if (e->code == ERR_INTERNAL)
                return -1;
            r->done(r, &result);
            return 0; /* done may have changed the queue */
        }
        (void)request_queue_take_out(&f->queue, r);
        request_queue_sent(&f->queue, r, now_ms);
        r->token_serial = token_serial(f->token);
        r->attempts++;
        if (f->c.sent != NULL)
            f->c.sent(f->c.arg, r->url);
        f->under_way[f->nunder_way++] = r;
    }
    return (int)(until_ms - now_ms);
}

int fetch_run(struct fetch *f, int timeout_ms, struct err *e)
{
    int64_t began_ms = sys_monotonic_ms();
    int ready, ret, idle;

    if (sys_interrupted())
        return err_set(e, ERR_INTERRUPTED, "interrupted");
    ready = token_poll(f->token, sys_now(), e);
    if (ready < 0)
        return -1;
    if (ready) {
        timeout_ms = send_due(f, timeout_ms, e);
        if (timeout_ms < 0)
            return -1;
    }
    idle = ready && f->nunder_way == 0 && (f->queue.first != NULL || f->held_back) &&
           count_jobs(f) == 0;
    f->held_back = 0;
    ret = http_run(f->http, timeout_ms, e);
    if (idle)
        f->waited_ms += sys_monotonic_ms() - began_ms;
    return ret;
}

/* ---- the rest ---- */

struct fetch *fetch_new(const struct fetch_config *c, struct err *e)
{
    struct fetch *f = mem_zalloc(1, sizeof(*f));
    struct http_config h = {.endpoint = c->endpoint,
                            .cacert = c->cacert,
                            .connections = c->connections,
                            .arg = f,
                            .done = on_done,
                            .may_receive = may_receive};

    f->c = *c;
    f->under_way = mem_zalloc(c->connections, sizeof(struct fetch_request *));
    f->http = http_new(&h, e);
    if (f->http != NULL)
        return f;
    fetch_free(f);
    return NULL;
}

void fetch_use_token(struct fetch *f, struct token *token)
{
    f->token = token;
}

void fetch_free(struct fetch *f)
{
    if (f == NULL)
        return;
    if (f->http != NULL)
        http_free(f->http);
    while (f->nadopted > 0)
        free(f->adopted[--f->nadopted]);
    free(f->adopted);
    free(f->under_way);
    request_queue_free(&f->queue);
    free(f);
}

void fetch_adopt(struct fetch *f, void *memory)
{
    f->adopted = mem_realloc(f->adopted, f->nadopted + 1, sizeof(*f->adopted));
    f->adopted[f->nadopted++] = memory;
}

void fetch_wake(void *f)
{
    http_wake(((struct fetch *)f)->http);
}

int64_t fetch_server_now(const struct fetch *f)
{
    return sys_now() + f->skew;
}

int fetch_is_undated(const struct fetch *f)
{
    return f->undated;
}

int64_t fetch_waited_ms(const struct fetch *f)
{
    return f->waited_ms;
}

int64_t fetch_skew_s(const struct fetch *f)
{
    /* Date has whole seconds, so the server's clock is up to one second further than it says. */
    return f->skew / TICKS_PER_SECOND + (f->skew % TICKS_PER_SECOND > 0);
}
