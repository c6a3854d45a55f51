#include "net/proxy.h"

#include "base/text.h"

#include <string.h>

/* What stands between the entries of Windows' lists. */
#define SEPARATORS "; \t\r\n"

void proxy_name(char name[PROXY_NAME_MAX], const char *url)
{
    const char *host = strstr(url, "://"), *end, *at;

    host = host != NULL ? host + 3 : url;
    end = host + strcspn(host, "/?#");
    /* A password may hold slashes that should have been %2F: what is behind the last '@' is the
     * host in any case. */
    at = strrchr(host, '@');
    if (at != NULL) {
        host = at + 1;
        end = host + strcspn(host, "/?#");
    }
    text_clean(name, PROXY_NAME_MAX, (struct slice){host, (size_t)(end - host)});
}

/* Take the next entry off *list. Returns 0 at the end. */
static int next_entry(const char **list, struct slice *entry)
{
    *list += strspn(*list, SEPARATORS);
    entry->data = *list;
    entry->len = strcspn(*list, SEPARATORS);
    *list += entry->len;
    return entry->len > 0;
}

void proxy_from_list(struct buf *out, const char *list, int https)
{
    const char *const wanted = https ? "https=" : "http=";
    struct slice entry, any = {NULL, 0}, own = {NULL, 0};

    while (next_entry(&list, &entry)) {
        if (own.data == NULL && text_starts_nocase(entry, wanted))
            own = (struct slice){entry.data + strlen(wanted), entry.len - strlen(wanted)};
        else if (any.data == NULL && memchr(entry.data, '=', entry.len) == NULL)
            any = entry;
    }
    if (own.data == NULL)
        own = any;
    if (own.len > 0)
        buf_append(out, own.data, own.len);
}

int proxy_is_bypassed(const char *bypass, struct slice host)
{
    int is_local = host.len == 0 || memchr(host.data, '.', host.len) == NULL;
    struct slice entry;

    while (bypass != NULL && next_entry(&bypass, &entry)) {
        if (slice_equals_nocase(entry, "<local>") ? is_local : text_matches(entry, host))
            return 1;
    }
    return 0;
}
