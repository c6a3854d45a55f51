#include "detect/fingerprints.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Slots of a first table; it doubles when three quarters are taken. */
#define FIRST 1024

/* FNV-1a from a secret start, mixed twice; never 0, the lowest two bits clear. */
static uint64_t hash_of(const struct fingerprints *f, struct slice text)
{
    uint64_t h = f->seed ^ UINT64_C(0xcbf29ce484222325);
    size_t i;

    for (i = 0; i < text.len; i++) {
        h ^= (unsigned char)text.data[i];
        h *= UINT64_C(0x100000001b3);
        h ^= h >> 29;
    }
    h ^= h >> 32;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    h ^= h >> 29;
    h &= ~UINT64_C(3);
    return h == 0 ? 4 : h;
}

/* The slot where a hash stands or would be put. */
static uint64_t *find(uint64_t *slots, size_t cap, uint64_t hash)
{
    size_t i = (size_t)(hash >> 2) & (cap - 1);

    while (slots[i] != 0 && (slots[i] & ~UINT64_C(3)) != hash)
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

/* Move everything into a table twice as large. */
static void widen(struct fingerprints *f)
{
    size_t cap = f->cap == 0 ? FIRST : f->cap * 2, i;
    uint64_t *slots = mem_zalloc(cap, sizeof(*slots));

    if (f->cap == 0)
        f->seed = sys_random();
    for (i = 0; i < f->cap; i++) {
        if (f->slots[i] != 0)
            *find(slots, cap, f->slots[i] & ~UINT64_C(3)) = f->slots[i];
    }
    free(f->slots);
    f->slots = slots;
    f->cap = cap;
}

uint64_t *fingerprints_add(struct fingerprints *f, struct slice text, int *added)
{
    uint64_t hash, *slot;

    if (f->n >= f->cap - f->cap / 4)
        widen(f);
    hash = hash_of(f, text);
    slot = find(f->slots, f->cap, hash);
    *added = *slot == 0;
    if (*added) {
        *slot = hash;
        f->n++;
    }
    return slot;
}

unsigned fingerprints_mark(const uint64_t *slot)
{
    return (unsigned)(*slot & 3);
}

void fingerprints_set(uint64_t *slot, unsigned mark)
{
    *slot = (*slot & ~UINT64_C(3)) | mark;
}

void fingerprints_free(struct fingerprints *f)
{
    free(f->slots);
    memset(f, 0, sizeof(*f));
}
