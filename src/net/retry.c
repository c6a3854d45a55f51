#include "net/retry.h"

/* Whether an answer of that status may be followed by a better one. */
static int is_passing(int status)
{
    return status == 0 || status == 408 || status == 429 || (status >= 500 && status <= 599);
}

/* Exponential backoff with full jitter after the count-th failure: 0 up to the ceiling. */
static int64_t backoff(unsigned count, uint64_t random)
{
    uint64_t ceiling = RETRY_BACKOFF_FIRST_MS;

    while (count > 1 && ceiling < RETRY_BACKOFF_MAX_MS) {
        ceiling *= 2;
        count--;
    }
    if (ceiling > RETRY_BACKOFF_MAX_MS)
        ceiling = RETRY_BACKOFF_MAX_MS;
    return (int64_t)(random % (ceiling + 1));
}

/* A status that no repetition mends. */
static void refuse(int status, struct err *e)
{
    int code = ERR_NETWORK;

    if (status == 401 || status == 403)
        code = ERR_AUTH;
    else if (status >= 400 && status <= 499)
        code = ERR_REFUSED;
    else if (status < 400)
        code = ERR_UNTRUSTED;
    (void)err_set(e, code, "HTTP %d%s", status,
                  code == ERR_UNTRUSTED ? " where 200 is expected" : "");
    e->http = status;
}

/* The last of too many failures. */
static void give_up(int status, unsigned tries, struct err *e)
{
    if (status == 0)
        (void)err_set(e, ERR_NETWORK, "no answer after %u tries", tries);
    else
        (void)err_set(e, ERR_NETWORK, "HTTP %d after %u tries", status, tries);
    e->http = status;
}

enum retry_action retry_decide(struct retry_state *s, const struct retry_input *in,
                               int64_t *wait_ms, struct err *e)
{
    unsigned count, limit;

    /* No other status of success comes with a whole answer: 202 has none yet, 204 has none at all,
     * 203 is another's version of it, 206 a part. */
    if (in->status == 200)
        return RETRY_ACCEPT;
    if (in->status == 401)
        return RETRY_NEW_TOKEN;
    if (!is_passing(in->status)) {
        refuse(in->status, e);
        return RETRY_GIVE_UP;
    }
    count = in->status == 429 ? ++s->throttled : ++s->tries;
    limit = in->status == 429   ? RETRY_THROTTLED_MAX
            : in->tries_max > 0 ? in->tries_max
                                : RETRY_TRIES_MAX;
    if (in->retry_after_ms > RETRY_AFTER_MAX_MS) {
        (void)err_set(e, ERR_NETWORK, "HTTP %d: the server asks to wait %lld s, more than %lld s",
                      in->status, (long long)((in->retry_after_ms + 999) / 1000),
                      (long long)(RETRY_AFTER_MAX_MS / 1000));
        (void)err_hint(e, "run the same command again after that time; it continues from here");
        e->http = in->status;
        return RETRY_GIVE_UP;
    }
    if (count >= limit) {
        give_up(in->status, count, e);
        return RETRY_GIVE_UP;
    }
    /* Retry-After 0 says nothing about when the server has recovered. */
    *wait_ms = in->retry_after_ms > 0 ? in->retry_after_ms : backoff(count, in->random);
    return RETRY_AGAIN;
}
