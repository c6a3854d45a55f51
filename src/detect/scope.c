#include "detect/scope.h"

#include "base/text.h"

#include <string.h>

struct slice scope_trim(struct slice id)
{
    while (id.len > 1 && id.data[id.len - 1] == '/')
        id.len--;
    if (id.len == 0)
        id.data = NULL;
    return id;
}

struct slice scope_last(struct slice id)
{
    size_t i;

    id = scope_trim(id);
    for (i = id.len; i > 0 && id.data[i - 1] != '/'; i--)
        ;
    id.data += i;
    id.len -= i;
    return id;
}

int scope_split(struct slice id, const char *type, struct slice *scope, struct slice *name)
{
    static const char providers[] = "/providers/";
    const size_t n = sizeof(providers) - 1, t = strlen(type);
    size_t i;

    id = scope_trim(id);
    if (id.len < n + t)
        return 0;
    for (i = id.len - n - t + 1; i-- > 0;) {
        struct slice rest = {id.data + i, id.len - i};

        if (!text_starts_nocase(rest, providers))
            continue;
        rest.data += n;
        rest.len -= n;
        if (!text_starts_nocase(rest, type) || (rest.len > t && rest.data[t] != '/'))
            continue;
        scope->data = i == 0 ? "/" : id.data;
        scope->len = i == 0 ? 1 : i;
        *name = scope_last(rest);
        if (rest.len <= t + 1)
            name->len = 0;
        return 1;
    }
    return 0;
}

/* Parts of a path, at most n of them; returns how many there are, n + 1 standing for more. */
static size_t parts_of(struct slice path, struct slice *part, size_t n)
{
    size_t count = 0, i = 0;

    while (i < path.len) {
        size_t start;

        while (i < path.len && path.data[i] == '/')
            i++;
        start = i;
        while (i < path.len && path.data[i] != '/')
            i++;
        if (i == start)
            break;
        if (count == n)
            return n + 1;
        part[count].data = path.data + start;
        part[count].len = i - start;
        count++;
    }
    return count;
}

enum scope_kind scope_kind(struct slice scope, struct slice tenant)
{
    struct slice part[4];
    size_t n;

    if (scope.data == NULL || scope.len == 0 || scope.data[0] != '/')
        return SCOPE_UNKNOWN;
    n = parts_of(scope, part, 4);
    if (n == 0)
        return SCOPE_ROOT;
    if (slice_equals_nocase(part[0], "subscriptions")) {
        if (n == 2)
            return SCOPE_SUBSCRIPTION;
        if (n == 4 && slice_equals_nocase(part[2], "resourceGroups"))
            return SCOPE_RESOURCE_GROUP;
        return n > 2 ? SCOPE_RESOURCE : SCOPE_UNKNOWN;
    }
    if (!slice_equals_nocase(part[0], "providers") || n < 2)
        return SCOPE_UNKNOWN;
    if (n < 4 || !slice_equals_nocase(part[1], "Microsoft.Management") ||
        !slice_equals_nocase(part[2], "managementGroups"))
        return SCOPE_TENANT_PROVIDER;
    if (n > 4)
        return SCOPE_RESOURCE;
    return tenant.data != NULL && scope_same(part[3], tenant) ? SCOPE_TENANT_ROOT_GROUP
                                                              : SCOPE_MANAGEMENT_GROUP;
}

struct slice scope_container(struct slice id)
{
    struct slice part[4] = {{NULL, 0}}, none = {NULL, 0};
    size_t n = parts_of(id, part, 4);

    if (n >= 2 && slice_equals_nocase(part[0], "subscriptions"))
        return part[1];
    if (n >= 4 && slice_equals_nocase(part[0], "providers") &&
        slice_equals_nocase(part[1], "Microsoft.Management") &&
        slice_equals_nocase(part[2], "managementGroups"))
        return part[3];
    return none;
}

int scope_guid(struct slice text, char out[SCOPE_GUID_MAX])
{
    size_t i, n = 0;

    /* {...}, as .NET and the registry write it. */
    if (text.len == 38 && text.data[0] == '{' && text.data[37] == '}') {
        text.data++;
        text.len = 36;
    }
    if (text.len != 32 && text.len != 36)
        return 0;
    for (i = 0; i < text.len; i++) {
        char c = text_lower(text.data[i]);

        if (text.len == 36 && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (c != '-')
                return 0;
            continue;
        }
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return 0;
        if (n == 8 || n == 13 || n == 18 || n == 23)
            out[n++] = '-';
        out[n++] = c;
    }
    out[n] = '\0';
    return 1;
}

int scope_same(struct slice a, struct slice b)
{
    return text_same(scope_trim(a), scope_trim(b));
}
