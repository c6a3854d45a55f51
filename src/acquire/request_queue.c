#include "acquire/request_queue.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* What is left of the requests at a time after trouble: halving, which a network's routers need,
 * would leave half of the service's rate unused where every twentieth answer is a 503. */
#define QUEUE_SLOWER 0.75

/* Reads that a bucket must have left: below, requests of it keep the distance at which the service
 * refills it (25 a second), so that it is not run into 429. */
#define QUEUE_RESERVE_READS 10
#define QUEUE_PACE_MS 40

void request_queue_free(struct request_queue *q)
{
    free(q->buckets);
    memset(q, 0, sizeof(*q));
}

void request_queue_put(struct request_queue *q, struct fetch_request *r)
{
    struct fetch_request **at = &q->first;

    while (*at != NULL && (*at)->order < r->order)
        at = &(*at)->next;
    r->next = *at;
    *at = r;
}

int request_queue_take_out(struct request_queue *q, struct fetch_request *r)
{
    struct fetch_request **at;

    for (at = &q->first; *at != NULL; at = &(*at)->next) {
        if (*at == r) {
            *at = r->next;
            r->next = NULL;
            return 1;
        }
    }
    return 0;
}

int request_queue_has_refused(const struct request_queue *q)
{
    const struct fetch_request *r;

    for (r = q->first; r != NULL; r = r->next) {
        if (r->retry.refused > 0)
            return 1;
    }
    return 0;
}

struct request_queue_bucket *request_queue_bucket(struct request_queue *q, unsigned number)
{
    if (number >= q->nbuckets) {
        unsigned n = number < q->nbuckets * 2 ? q->nbuckets * 2 : number + 32;

        q->buckets = mem_realloc(q->buckets, n, sizeof(*q->buckets));
        memset(q->buckets + q->nbuckets, 0, (n - q->nbuckets) * sizeof(*q->buckets));
        q->nbuckets = n;
    }
    return &q->buckets[number];
}

/* Whether as many requests of a bucket are under way as its pace allows. */
static int is_full(const struct request_queue_bucket *b)
{
    return b->most > 0 && b->under_way >= (unsigned)b->most;
}

int request_queue_is_open(const struct request_queue *q, unsigned bucket, int64_t now_ms)
{
    return bucket >= q->nbuckets ||
           (q->buckets[bucket].not_before_ms <= now_ms && !is_full(&q->buckets[bucket]));
}

void request_queue_sent(struct request_queue *q, struct fetch_request *r, int64_t now_ms)
{
    struct request_queue_bucket *b = request_queue_bucket(q, r->bucket);

    r->sent_ms = now_ms;
    b->under_way++;
    if (b->paced)
        b->not_before_ms = now_ms + QUEUE_PACE_MS;
}

void request_queue_answered(struct request_queue *q, const struct fetch_request *r,
                            enum request_queue_news news, unsigned connections, int64_t now_ms)
{
    struct request_queue_bucket *b = request_queue_bucket(q, r->bucket);

    b->under_way--;
    if (news == QUEUE_TROUBLE && r->sent_ms >= b->slowed_ms) {
        b->most = (b->most > 0 ? b->most : connections) * QUEUE_SLOWER;
        b->most = b->most < 1 ? 1 : b->most;
        b->slowed_ms = now_ms;
    } else if (news == QUEUE_GOOD && b->most > 0) {
        b->most += 1 / b->most;
        b->most = b->most >= connections ? 0 : b->most;
    }
}

void request_queue_note_reads(struct request_queue *q, unsigned bucket, long reads)
{
    request_queue_bucket(q, bucket)->paced = reads < QUEUE_RESERVE_READS;
}

/* Answers 401 to requests of a bucket since one that was let through. */
static unsigned refusals(const struct request_queue *q, unsigned bucket)
{
    return bucket < q->nbuckets ? q->buckets[bucket].refused : 0;
}

/* Compare how often requests of their buckets, or else they themselves, were refused. */
static int compare_refused(const struct request_queue *q, const struct fetch_request *a,
                           const struct fetch_request *b)
{
    unsigned m = refusals(q, a->bucket), n = refusals(q, b->bucket);

    if (m == n) {
        m = a->retry.refused;
        n = b->retry.refused;
    }
    return m < n ? -1 : m > n;
}

struct fetch_request *request_queue_choose(const struct request_queue *q, int64_t now_ms,
                                           int proven, int64_t *until_ms)
{
    struct fetch_request *r, *best = NULL;

    for (r = q->first; r != NULL; r = r->next) {
        int64_t due_ms = r->not_before_ms;

        if (r->bucket < q->nbuckets && is_full(&q->buckets[r->bucket]))
            continue;
        if (r->bucket < q->nbuckets && q->buckets[r->bucket].not_before_ms > due_ms)
            due_ms = q->buckets[r->bucket].not_before_ms;
        if (due_ms > now_ms) {
            if (due_ms < *until_ms)
                *until_ms = due_ms;
        } else if (best == NULL || compare_refused(q, r, best) == (proven ? 1 : -1)) {
            best = r;
        }
    }
    return best;
}
