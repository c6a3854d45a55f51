#include "base/err.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a server's own words that a message repeats: enough for ARM's longest known sentence. */
#define ERR_FOREIGN_TEXT_MAX 400

const struct err_exit err_exits[] = {
    {ERR_NONE, "", "complete; findings do not change it", ""},
    {ERR_INTERNAL, "Internal", "internal error or out of memory", "resumes"},
    {ERR_USAGE, "Usage", "usage", ""},
    {ERR_AUTH, "NotAuthorised",
     "not authenticated or not authorised (401, 403, wrong audience, no more tokens)", "resumes"},
    {ERR_REFUSED, "Refused", "the server refused the request for good (other 4xx)", "no"},
    {ERR_NETWORK, "Network", "network or server failure after all retries", "resumes"},
    {ERR_LOCAL, "LocalIO",
     "local input or output: disk full, permission, closed stdout, DIR in use by another run",
     "resumes"},
    {ERR_UNTRUSTED, "Untrusted",
     "data that cannot be trusted: a malformed, oversized or foreign answer, paging without end, "
     "a damaged input (the rest was read), a failed verify",
     "no"},
    {ERR_FOREIGN, "ForeignState",
     "DIR holds something else: another query, a damaged or foreign state, files that azdal did "
     "not write",
     "see --restart"},
    {ERR_INCOMPLETE, "Incomplete",
     "published but INCOMPLETE: some scopes could not be read, or part of the range is beyond "
     "retention; the manifest says which and why",
     "resumes"},
    {ERR_INTERRUPTED, "Interrupted", "interrupted, state saved", "resumes"},
    {0, NULL, NULL, NULL},
};

const char *err_name(int code)
{
    const struct err_exit *x;

    for (x = err_exits; x->meaning != NULL; x++) {
        if (x->code == code)
            return x->name;
    }
    return "";
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
    va_list ap;

    e->code = code;
    e->http = 0;
    e->os = 0;
    e->hint[0] = '\0';
    va_start(ap, fmt);
    (void)vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    return -1;
}

int err_set_os(struct err *e, int code, int os, const char *fmt, ...)
{
    va_list ap;
    size_t n;

    e->code = code;
    e->http = 0;
    e->os = os;
    e->hint[0] = '\0';
    va_start(ap, fmt);
    (void)vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    n = strlen(e->msg);
    (void)snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", strerror(os));
    return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
    char old[ERR_MSG_MAX];
    va_list ap;
    size_t n;

    memcpy(old, e->msg, sizeof(old));
    va_start(ap, fmt);
    (void)vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    n = strlen(e->msg);
    (void)snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", old);
    return -1;
}

int err_hint(struct err *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(e->hint, sizeof(e->hint), fmt, ap);
    va_end(ap);
    return -1;
}

/* End a text that was cut to its room with "...", between characters. */
static void mark_cut(char *dst, size_t room)
{
    static const char mark[] = "...";
    size_t used = strlen(dst);

    if (room < sizeof(mark))
        return;
    while (used > 0 && (used + sizeof(mark) > room || ((unsigned char)dst[used] & 0xc0U) == 0x80))
        used--;
    memcpy(dst + used, mark, sizeof(mark));
}

void err_clean_text(char *dst, size_t cap, const char *text, size_t n)
{
    struct slice s = {text, n};
    size_t room = cap > ERR_FOREIGN_TEXT_MAX ? ERR_FOREIGN_TEXT_MAX + 1 : cap;

    if (text_clean(dst, room, s) != 0)
        mark_cut(dst, room);
}

void err_clean_whole(char *dst, size_t cap, const char *text, size_t n)
{
    struct slice s = {text, n};

    (void)text_clean(dst, cap, s);
}
