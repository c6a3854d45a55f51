#include "rng.h"

/* Spread the bits of x over all 64 (the finalizer of splitmix64). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t rng_hash(uint64_t a, uint64_t b)
{
    return mix(mix(a + UINT64_C(0x9e3779b97f4a7c15)) ^ (b + UINT64_C(0xd1b54a32d192ed03)));
}

uint64_t rng_next(struct rng *r)
{
    r->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(r->state);
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
    return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

double rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1.0p-53;
}

const char *rng_guid(struct rng *r, char out[GUID_TEXT_MAX])
{
    static const char hex[] = "0123456789abcdef";
    uint64_t bits[2];
    int i, n = 0;

    bits[0] = rng_next(r);
    bits[1] = rng_next(r);
    for (i = 0; i < 32; i++) {
        unsigned digit = (unsigned)(bits[i / 16] >> (4 * (i % 16))) & 15U;

        if (i == 8 || i == 12 || i == 16 || i == 20)
            out[n++] = '-';
        if (i == 12)
            digit = 4;
        if (i == 16)
            digit = 8U | (digit & 3U);
        out[n++] = hex[digit];
    }
    out[n] = '\0';
    return out;
}

uint32_t rng_permute(uint32_t x, uint64_t key)
{
    x ^= (uint32_t)key;
    x *= UINT32_C(0x85ebca6b);
    x ^= x >> 15;
    x *= UINT32_C(0xc2b2ae35);
    x ^= x >> 16;
    return x ^ (uint32_t)(key >> 32);
}
