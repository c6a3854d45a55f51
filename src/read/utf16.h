/*
 * utf16: UTF-16 text, as Windows PowerShell writes it, turned into UTF-8 piece by piece.
 */
#ifndef AZDAL_READ_UTF16_H
#define AZDAL_READ_UTF16_H

#include <stddef.h>

/* Bytes that one unit may become: a pair, or U+FFFD for half of one and the unit behind it. */
#define UTF16_ROOM 8

/* Where a text stands. Zeroed is its beginning, little-endian. */
struct utf16 {
    int big;       /* big-endian */
    unsigned high; /* first half of a pair that waits for the second, or 0 */
};

/* Turn one unit (two bytes) into at most UTF16_ROOM bytes at dst. Returns their number; half a pair
 * becomes U+FFFD. */
size_t utf16_unit(struct utf16 *u, const unsigned char *unit, char *dst);

/*
 * Whether text begins in UTF-16: with a byte order mark, or (some editors leave it out) with a
 * bracket, a quote or a letter in two bytes. Returns 1 and sets *u and *skip (bytes of the mark),
 * or 0.
 */
int utf16_begins(struct utf16 *u, const unsigned char *p, size_t n, size_t *skip);

/* Turn what is whole of n bytes into UTF-8 at dst, as far as cap reaches; *used tells how many
 * bytes were taken. Returns the bytes written. */
size_t utf16_text(struct utf16 *u, const unsigned char *p, size_t n, size_t *used, char *dst,
                  size_t cap);

#endif
