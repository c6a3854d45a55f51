#include "base/fingerprints.h"

#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Slots of a first table; it doubles when three quarters are taken. */
#define FIRST 256
/* Slots that stay for the next use: to clear a large table over and over would cost more. */
#define KEEP 1024

/* The slot where a print stands or would be put. */
static size_t slot_of(const uint64_t *slots, size_t cap, uint64_t print)
{
    size_t i = (size_t)(print >> 2) & (cap - 1);

    while (slots[i] != 0 && (slots[i] & ~UINT64_C(3)) != print)
        i = (i + 1) & (cap - 1);
    return i;
}

/* Move everything into a table twice as large. */
static void widen(struct fingerprints *f)
{
    size_t cap = f->cap == 0 ? FIRST : f->cap * 2, i;
    uint64_t *slots = mem_zalloc(cap, sizeof(*slots));
    uint32_t *values = f->valued ? mem_zalloc(cap, sizeof(*values)) : NULL;

    for (i = 0; i < f->cap; i++) {
        size_t at = f->slots[i] == 0 ? 0 : slot_of(slots, cap, f->slots[i] & ~UINT64_C(3));

        if (f->slots[i] == 0)
            continue;
        slots[at] = f->slots[i];
        if (values != NULL)
            values[at] = f->values[i];
    }
    free(f->slots);
    free(f->values);
    f->slots = slots;
    f->values = values;
    f->cap = cap;
}

/* FNV-1a from a secret start, mixed twice; never 0, the lowest two bits clear. */
uint64_t fingerprints_with(struct fingerprints *f, struct slice text, uint64_t number)
{
    uint64_t h;
    size_t i;

    if (f->seed == 0)
        f->seed = sys_random() | 1;
    h = f->seed ^ UINT64_C(0xcbf29ce484222325) ^ number;
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

uint64_t fingerprints_of(struct fingerprints *f, struct slice text)
{
    return fingerprints_with(f, text, 0);
}

size_t fingerprints_find(const struct fingerprints *f, uint64_t print)
{
    size_t i = f->cap == 0 ? 0 : slot_of(f->slots, f->cap, print);

    return f->cap == 0 || f->slots[i] == 0 ? SIZE_MAX : i;
}

size_t fingerprints_add(struct fingerprints *f, uint64_t print, int *added)
{
    size_t i;

    if (f->n >= f->cap - f->cap / 4)
        widen(f);
    i = slot_of(f->slots, f->cap, print);
    *added = f->slots[i] == 0;
    if (*added) {
        f->slots[i] = print;
        f->n++;
    }
    return i;
}

unsigned fingerprints_mark(const struct fingerprints *f, size_t at)
{
    return (unsigned)(f->slots[at] & 3);
}

void fingerprints_set(struct fingerprints *f, size_t at, unsigned mark)
{
    f->slots[at] = (f->slots[at] & ~UINT64_C(3)) | mark;
}

void fingerprints_forget(struct fingerprints *f)
{
    if (f->cap > KEEP) {
        fingerprints_free(f);
    } else if (f->n > 0) {
        memset(f->slots, 0, f->cap * sizeof(*f->slots));
        f->n = 0;
    }
}

void fingerprints_free(struct fingerprints *f)
{
    free(f->slots);
    free(f->values);
    memset(f, 0, sizeof(*f));
}
