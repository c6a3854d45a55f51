/*
 * request_queue: requests that wait to be sent, in the order in which they were started, and the
 * limits of the service that they count against. For fetch.c. Pure: the caller supplies the time.
 */
#ifndef AZDAL_ACQUIRE_REQUEST_QUEUE_H
#define AZDAL_ACQUIRE_REQUEST_QUEUE_H

#include "acquire/fetch.h"

#include <stdint.h>

/* A limit of the service: tenant with management groups, or one subscription. */
struct request_queue_bucket {
    int64_t not_before_ms; /* nothing is sent earlier */
    int paced;             /* few reads are left */
    unsigned refused;      /* answers 401 since one that was let through */
    unsigned under_way;    /* requests sent and not answered */
    double most;           /* of them at a time; 0: no limit but the connections */
    int64_t slowed_ms;     /* when that was lowered last */
};

/* Zeroed it is empty. The requests are their owners'. */
struct request_queue {
    struct fetch_request *first;
    struct request_queue_bucket *buckets; /* owned; by number */
    unsigned nbuckets;
};

void request_queue_free(struct request_queue *q);
/* Put a request where its turn is. */
void request_queue_put(struct request_queue *q, struct fetch_request *r);
/* Take it out. Returns whether it was there. */
int request_queue_take_out(struct request_queue *q, struct fetch_request *r);
/* Whether one that was refused with 401 waits. */
int request_queue_has_refused(const struct request_queue *q);

/* The bucket of that number; never NULL. Valid until the next call. */
struct request_queue_bucket *request_queue_bucket(struct request_queue *q, unsigned number);
/* Whether requests of that bucket may be sent at that time. */
int request_queue_is_open(const struct request_queue *q, unsigned bucket, int64_t now_ms);

/*
 * The pace of a bucket, by additive increase and multiplicative decrease: request_queue_sent counts
 * a request; request_queue_answered, with what its answer says, lets one request more go at a time
 * for every round of good answers, up to `connections`, and a quarter less after trouble, once for
 * all requests that were under way together.
 */
enum request_queue_news { QUEUE_GOOD, QUEUE_TROUBLE, QUEUE_NEITHER };
void request_queue_sent(struct request_queue *q, struct fetch_request *r, int64_t now_ms);
void request_queue_answered(struct request_queue *q, const struct fetch_request *r,
                            enum request_queue_news news, unsigned connections, int64_t now_ms);

/* The service says how many reads a bucket has left: with few, its requests keep a distance. */
void request_queue_note_reads(struct request_queue *q, unsigned bucket, long reads);
/*
 * The request to send at now_ms, still in the queue, or NULL; *until_ms becomes earlier if one is
 * due later. Without refusals it is the first that is due. After a 401 it is one of a bucket that
 * was refused least, while no token is `proven`; and one of those that were refused most, once the
 * token in use was let through.
 */
struct fetch_request *request_queue_choose(const struct request_queue *q, int64_t now_ms,
                                           int proven, int64_t *until_ms);

#endif
