/*
 * words: looking at text that was not made for a program: lines, blanks, sets of characters. Pure.
 */
#ifndef AZDAL_NET_WORDS_H
#define AZDAL_NET_WORDS_H

#include "base/buf.h"

#define WORDS_ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Whether c is one of `set`, which '\0' never is. */
int words_one_of(char c, const char *set);
/* Whether s is not empty and made of `set` alone. */
int words_made_of(struct slice s, const char *set);
/* Take the first line off *text, without its end and the blanks in front of that. Returns 0 when
 * there is none left. */
int words_next_line(struct slice *text, struct slice *line);
/* Whether `wanted` is in s. */
int words_hold(struct slice s, const char *wanted);

#endif
