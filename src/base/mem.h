/*
 * mem: memory that is always there. Running out of it ends the process, with one line and exit
 * status 1; what an acquisition had committed by then is resumed by the next run, as after any
 * crash. So no caller checks, and no failed allocation can be mistaken for an empty answer.
 */
#ifndef AZDAL_BASE_MEM_H
#define AZDAL_BASE_MEM_H

#include <stddef.h>

/* Bytes that were not set. Never NULL, not for 0 either; to be freed with free(). */
void *mem_alloc(size_t size);
/* n items of `size` bytes each, all zero. */
void *mem_zalloc(size_t n, size_t size);
/* `items` (NULL: none yet) with room for n items of `size` bytes. */
void *mem_realloc(void *items, size_t n, size_t size);
/* A copy of a terminated text. */
char *mem_strdup(const char *text);
/*
 * `items`, which holds n of at most *cap items, with room for one more; doubles *cap when it is
 * full. To be used as `v->items = mem_grow(v->items, v->n, &v->cap, sizeof(*v->items))`.
 */
void *mem_grow(void *items, size_t n, size_t *cap, size_t size);
/* Overwrite a secret, which the compiler may not leave out. NULL is accepted with 0. */
void mem_wipe(void *secret, size_t len);

/* Called in place of the plain line when memory has run out; it must not return. */
void mem_on_failure(void (*fn)(void));
/* Memory has run out in a library of somebody else, too: ends the process. */
_Noreturn void mem_fail(void);

/* The structure of type `type` whose member `member` is at ptr. */
#define container_of(ptr, type, member)                                                            \
    ((type *)(void *)((char *)(1 ? (ptr) : &((type *)NULL)->member) - offsetof(type, member)))

#endif
