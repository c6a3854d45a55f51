/*
 * What every target has: one function that takes any bytes. libFuzzer calls it with new ones, and
 * replay.c with those of the corpus. A target aborts when a promise of the code is broken.
 */
#ifndef AZDAL_TESTS_FUZZ_TARGET_H
#define AZDAL_TESTS_FUZZ_TARGET_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input in memory of exactly its size, so that a read behind its end is seen. */
static inline char *fuzz_copy(const uint8_t *data, size_t size, struct slice *s)
{
    char *copy = malloc(size == 0 ? 1 : size);

    if (copy == NULL)
        abort();
    if (size > 0)
        memcpy(copy, data, size);
    s->data = copy;
    s->len = size;
    return copy;
}

#ifdef _GNU_SOURCE
/* The input as an open file. */
static inline int fuzz_file(const uint8_t *data, size_t size)
{
    int fd = memfd_create("input", 0);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    return fd;
}
#endif

#endif
