#include "detect/hierarchy.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Moves of one name that are looked through; what was before more of them is not known. */
#define MOVES_MAX 64

/* Number of a name, which is added when it is new. */
static size_t number_of(struct hierarchy *h, struct slice name)
{
    char *text = text_lower_dup(name);
    size_t i = hash_map_get(&h->by_name, slice_of(text));

    if (i != HASH_MAP_NONE) {
        free(text);
        return i;
    }
    h->nodes = mem_grow(h->nodes, h->n, &h->cap, sizeof(*h->nodes));
    h->nodes[h->n] = (struct hierarchy_node){text, HASH_MAP_NONE, HASH_MAP_NONE, NULL, 0};
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
            if (h->nodes[here].above == HASH_MAP_NONE && here != above)
                h->nodes[here].above = above;
            else if (above != HASH_MAP_NONE && h->nodes[here].above != above)
                h->nodes[here].disputed = 1;
            above = here;
            levels++;
        }
        start = i + 1;
    }
    if (above != HASH_MAP_NONE && h->nodes[above].path == NULL)
        h->nodes[above].path = slice_dup(path);
}

const char *hierarchy_path(const struct hierarchy *h, struct slice name)
{
    size_t i = hash_map_get(&h->by_name, name);

    if (i == HASH_MAP_NONE || h->nodes[i].above == HASH_MAP_NONE)
        return NULL;
    return h->nodes[i].disputed ? "" : h->nodes[i].path;
}

void hierarchy_move(struct hierarchy *h, struct slice name, struct slice above, int64_t time)
{
    size_t to = above.data == NULL ? HASH_MAP_NONE : number_of(h, above), at = number_of(h, name);

    h->moves = mem_grow(h->moves, h->nmoves, &h->cap_moves, sizeof(*h->moves));
    h->moves[h->nmoves] = (struct hierarchy_move){time, to, h->nodes[at].moved};
    h->nodes[at].moved = h->nmoves++;
}

const char *hierarchy_above(const struct hierarchy *h, struct slice name, int64_t time)
{
    size_t i = hash_map_get(&h->by_name, name), m, steps;

    if (i == HASH_MAP_NONE)
        return NULL;
    m = h->nodes[i].moved;
    if (m == HASH_MAP_NONE) {
        i = h->nodes[i].disputed ? HASH_MAP_NONE : h->nodes[i].above;
    } else {
        for (steps = 0; m != HASH_MAP_NONE && h->moves[m].time > time; steps++)
            m = steps < MOVES_MAX ? h->moves[m].before : HASH_MAP_NONE;
        i = m == HASH_MAP_NONE ? HASH_MAP_NONE : h->moves[m].above;
    }
    return i == HASH_MAP_NONE ? NULL : h->nodes[i].name;
}

void hierarchy_free(struct hierarchy *h)
{
    size_t i;

    for (i = 0; i < h->n; i++) {
        free(h->nodes[i].name);
        free(h->nodes[i].path);
    }
    free(h->nodes);
    free(h->moves);
    hash_map_free(&h->by_name);
    memset(h, 0, sizeof(*h));
}
