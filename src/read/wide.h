/*
 * wide: UTF-16 text, as Windows PowerShell writes it, and UTF-32, turned into UTF-8 piece by piece.
 */
#ifndef AZDAL_READ_WIDE_H
#define AZDAL_READ_WIDE_H

#include <stddef.h>

/* Bytes that one unit may become: a pair, or U+FFFD for half of one and the unit behind it. */
#define WIDE_ROOM 8
/* Bytes at the start that tell. */
#define WIDE_LOOK 4

/* Where a text stands. */
struct wide {
    size_t unit;   /* bytes: 2, 4 */
    int big;       /* big-endian */
    unsigned high; /* first half of a pair that waits for the second, or 0 */
};

/*
 * Whether text begins in UTF-16 or UTF-32: with a byte order mark, or (some editors leave it out)
 * with a bracket, a quote or a letter in two or four bytes. Returns 1 and sets *u and *skip (bytes
 * of the mark), or 0.
 */
int wide_begins(struct wide *u, const unsigned char *p, size_t n, size_t *skip);

/* Turn what is whole of n bytes into UTF-8 at dst, as far as cap reaches; *used tells how many
 * bytes were taken. Returns the bytes written; half a pair becomes U+FFFD. */
size_t wide_text(struct wide *u, const unsigned char *p, size_t n, size_t *used, char *dst,
                 size_t cap);

#endif
