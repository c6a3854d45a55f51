#include "export/manifest_members.h"

#include "base/json.h"

#include <string.h>

/* Levels inside each other: ours have 6. */
#define DEPTH_MAX 16
/* Members of one object, and bytes of a name: the widest of ours, a scope, has 15. */
#define MEMBERS_MAX 64
#define NAME_MAX_BYTES 64

static int check_members(struct slice value, unsigned depth, size_t *members, struct err *e);

/* A name that is one of the n before it to some reader: they differ in nothing but letter case, or
 * in how they are escaped. None of ours has an escape. */
static int check_name(struct slice name, const struct slice *names, size_t n, struct err *e)
{
    size_t i;

    if (memchr(name.data, '\\', name.len) != NULL)
        return err_set(e, ERR_FOREIGN, "%.*s: a member's name with an escape",
                       name.len > 64 ? 64 : (int)name.len, name.data);
    for (i = 0; i < n; i++) {
        char other[64];

        if (names[i].len != name.len || name.len >= sizeof(other))
            continue;
        memcpy(other, names[i].data, name.len);
        other[name.len] = '\0';
        if (slice_equals_nocase(name, other))
            return err_set(e, ERR_FOREIGN, "%s: given twice", other);
    }
    return 0;
}

/* The members of one object. */
static int check_object(struct slice object, unsigned depth, size_t *members, struct err *e)
{
    struct slice names[MEMBERS_MAX], value;
    struct json_iter it;
    size_t n = 0;
    int more;

    if (json_object_begin(&it, object, e) != 0)
        return -1;
    while (n < MEMBERS_MAX && (more = json_object_next(&it, &names[n], &value, e)) > 0) {
        if (names[n].len >= NAME_MAX_BYTES)
            return err_set(e, ERR_FOREIGN, "a member's name that is too long");
        if (check_name(names[n], names, n, e) != 0 || check_members(value, depth, members, e) != 0)
            return -1;
        n++;
        ++*members;
    }
    if (n == MEMBERS_MAX)
        return err_set(e, ERR_FOREIGN, "an object with more than %d members", MEMBERS_MAX - 1);
    return more;
}

/* Readers differ in which of two equal names they take: a manifest that has some would be read in
 * two ways. All objects are looked at, those too that no table names. */
static int check_members(struct slice value, unsigned depth, size_t *members, struct err *e)
{
    struct json_iter it;
    struct slice element;
    int more;

    if (json_kind(value) != JSON_OBJECT && json_kind(value) != JSON_ARRAY)
        return 0;
    if (depth == DEPTH_MAX)
        return err_set(e, ERR_FOREIGN, "nested deeper than %d levels", DEPTH_MAX);
    if (json_kind(value) == JSON_OBJECT)
        return check_object(value, depth + 1, members, e);
    if (json_array_begin(&it, value, e) != 0)
        return -1;
    while ((more = json_array_next(&it, &element, e)) > 0) {
        if (check_members(element, depth + 1, members, e) != 0)
            return -1;
    }
    return more;
}

int manifest_check_members(struct slice text, size_t *members, struct err *e)
{
    return check_members(text, 0, members, e);
}
