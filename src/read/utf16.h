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

#endif
