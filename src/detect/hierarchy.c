#include "detect/hierarchy.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Number of a name, which is added when it is new. */
static size_t number_of(struct hierarchy *h, struct slice name)
{
    char *text = slice_dup(name);
    size_t i;

    text_to_lower(text);
    i = hash_map_get(&h->by_name, slice_of(text));
    if (i != HASH_MAP_NONE) {
        free(text);
        return i;
    }
    h->names = mem_grow(h->names, h->n, &h->cap_names, sizeof(*h->names));
    h->above = mem_grow(h->above, h->n, &h->cap_above, sizeof(*h->above));
    h->names[h->n] = text;
    h->above[h->n] = HASH_MAP_NONE;
    hash_map_put(&h->by_name, slice_of(text), h->n);
    return h->n++;
}

void hierarchy_learn(struct hierarchy *h, struct slice path)
{
    size_t start = 0, i, above = HASH_MAP_NONE, levels = 0;

    for (i = 0; i <= path.len && levels < HIERARCHY_LEVELS_MAX; i++) {
        size_t here;

        if (i < path.len && path.data[i] != '/')
            continue;
        if (i > start) {
            here = number_of(h, (struct slice){path.data + start, i - start});
            if (h->above[here] == HASH_MAP_NONE && here != above)
                h->above[here] = above;
            above = here;
            levels++;
        }
        start = i + 1;
    }
}

int hierarchy_knows(const struct hierarchy *h, struct slice name)
{
    size_t i = hash_map_get(&h->by_name, name);

    return i != HASH_MAP_NONE && h->above[i] != HASH_MAP_NONE;
}

const char *hierarchy_above(const struct hierarchy *h, struct slice name, size_t level)
{
    size_t i = hash_map_get(&h->by_name, name);

    for (; i != HASH_MAP_NONE && level > 0; level--)
        i = h->above[i];
    return i == HASH_MAP_NONE ? NULL : h->names[i];
}

void hierarchy_free(struct hierarchy *h)
{
    size_t i;

    for (i = 0; i < h->n; i++)
        free(h->names[i]);
    free(h->names);
    free(h->above);
    hash_map_free(&h->by_name);
    memset(h, 0, sizeof(*h));
}
