#include "base/mem.h"

#include "base/sys.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Items of a first allocation that grows: the windows and files of most of ten thousand scopes are
 * one each. */
#define MEM_FIRST 1

static void (*on_failure)(void);

void mem_on_failure(void (*fn)(void))
{
    on_failure = fn;
}

_Noreturn void mem_fail(void)
{
    if (on_failure != NULL)
        on_failure();
    (void)fputs("azdal: out of memory\n", stderr);
    sys_die();
    abort();
}

void *mem_alloc(size_t size)
{
    void *p = malloc(size == 0 ? 1 : size);

    if (p == NULL)
        mem_fail();
    return p;
}

void *mem_zalloc(size_t n, size_t size)
{
    void *p = calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);

    if (p == NULL)
        mem_fail();
    return p;
}

void *mem_realloc(void *items, size_t n, size_t size)
{
    void *p;

    if (size != 0 && n > SIZE_MAX / size)
        mem_fail();
    p = realloc(items, n * size == 0 ? 1 : n * size);
    if (p == NULL)
        mem_fail();
    return p;
}

char *mem_strdup(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(mem_alloc(size), text, size);
}

void *mem_grow(void *items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return items;
    if (*cap > SIZE_MAX / 2)
        mem_fail();
    *cap = *cap == 0 ? MEM_FIRST : *cap * 2;
    return mem_realloc(items, *cap, size);
}

void mem_wipe(void *secret, size_t len)
{
    volatile unsigned char *p = secret;

    while (len > 0)
        p[--len] = 0;
}
