/*
 * text: bytes as people read them: ASCII letter case, UTF-8, and what must not reach a terminal.
 * Pure.
 */
#ifndef AZDAL_BASE_TEXT_H
#define AZDAL_BASE_TEXT_H

#include "base/buf.h"

#include <stddef.h>

/* Bytes that one code point takes at most. */
#define TEXT_UTF8_MAX 4
/* U+FFFD, which stands for what is not UTF-8. */
#define TEXT_REPLACEMENT 0xfffdU

/* ASCII lower case of one byte; other bytes stay. */
char text_lower(char c);
/* The same for a whole terminated text, in place. */
void text_to_lower(char *text);
/* Append a text in lower case. */
void text_put_lower(struct buf *b, struct slice text);
/* A terminated copy in lower case that the caller frees. */
char *text_lower_dup(struct slice text);
/* Whether s begins with prefix, ignoring the case of ASCII letters. */
int text_starts_nocase(struct slice s, const char *prefix);

/* Whether two texts are equal, ignoring the case of ASCII letters. */
int text_same(struct slice a, struct slice b);
/* Whether text matches a pattern in which '*' stands for any text, ignoring the case of letters. */
int text_matches(struct slice pattern, struct slice text);
/* Whether s is 8-4-4-4-12 hexadecimal digits. */
int text_is_guid(struct slice s);
/* Whether s is n lower-case hexadecimal digits, as in digests. */
int text_is_hex(struct slice s, size_t n);
/* s without the blanks, tabs, line breaks and no-break spaces (UTF-8) at both ends. */
struct slice text_trim(struct slice s);

/* Decode the UTF-8 sequence at the start of s, which is not empty. Returns its bytes and sets
 * *code, or 0 when it is none (overlong forms and surrogates are none). */
size_t text_utf8_decode(struct slice s, unsigned *code);
/* Write a code point (at most 0x10ffff) as UTF-8. Returns its bytes. */
size_t text_utf8_encode(unsigned code, char dst[TEXT_UTF8_MAX]);

/* Whether a code point moves, hides or reorders what a terminal or a reader sees: controls,
 * soft hyphen, zero width and bidirectional characters, tags. */
int text_is_hidden(unsigned code);

/*
 * Write text of foreign origin into dst (cap bytes, cap > 0) fit for one line: line breaks and tabs
 * become blanks, other hidden characters are left out, invalid UTF-8 becomes '?'. dst is always
 * terminated; what does not fit is cut between characters. text may be dst itself. Returns -1 where
 * it was cut, else 0.
 */
int text_clean(char *dst, size_t cap, struct slice text);

/* Whether a byte is an ASCII letter or a digit. */
int text_is_alnum(char c);
/* Whether a byte does not count in a name: '_', '-', ' '. */
int text_is_gap(char c);
/* Whether two names are the same but for the case of ASCII letters and such bytes: "principalId",
 * "principal_id". */
int text_same_name(struct slice a, const char *b);

#endif
