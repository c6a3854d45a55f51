/*
 * json: finding pieces of JSON text without building a tree and without changing a byte.
 *
 * The slicer walks a text once, strictly by RFC 8259: UTF-8 must be valid, raw control characters
 * in strings, depth over JSON_DEPTH_MAX and anything after the value are errors. What it hands out
 * are slices of the caller's bytes. Errors: ERR_UNTRUSTED with "<why> at byte N".
 *
 * json.c is the slicer, json_text.c reads and writes strings. The fields of an error body are read
 * with cJSON, those of the manifest by json_table.h.
 */
#ifndef AZDAL_BASE_JSON_H
#define AZDAL_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

/* Nesting levels: the service's own answers have 6; deeper ones are an attack on the stack. */
#define JSON_DEPTH_MAX 128

/* What a value is, by its first byte. */
enum json_kind {
    JSON_NONE, /* an absent slice */
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A walk over the members of an object or the elements of an array. */
struct json_iter {
    const char *start; /* of the text, for the byte number in messages */
    const char *p;     /* next byte to read */
    const char *end;
    int first;      /* nothing was handed out yet */
    int depth;      /* nesting of the container */
    int whitespace; /* set when JSON whitespace was seen outside strings */
};

/* Kind of the value in s, which must not begin with whitespace. */
enum json_kind json_kind(struct slice s);

/*
 * Check one whole JSON text (whitespace around it is allowed). *value (may be NULL) is the value
 * without that whitespace; *whitespace (may be NULL) tells whether json_minify would change it.
 */
int json_check(struct slice text, struct slice *value, int *whitespace, struct err *e);

/* Begin to walk the object or array that text holds (whitespace around it is allowed). */
int json_object_begin(struct json_iter *it, struct slice text, struct err *e);
int json_array_begin(struct json_iter *it, struct slice text, struct err *e);

/*
 * Hand out the next member: *key between its quotes as it stands (escapes are not decoded), *value
 * whole, checked in depth. Returns 1, or 0 at the end of the container (it->p is then just behind
 * the closing bracket), or -1.
 */
int json_object_next(struct json_iter *it, struct slice *key, struct slice *value, struct err *e);
/* The same for an array. */
int json_array_next(struct json_iter *it, struct slice *value, struct err *e);

/*
 * Step over one value at it->p without handing it out, or enter it: for walking a nested container
 * in the same pass. json_enter_* moves into the container at it->p and fills *inner; when the walk
 * over *inner has returned 0, json_leave continues the outer one behind it.
 */
int json_object_key(struct json_iter *it, struct slice *key, struct err *e);
int json_value(struct json_iter *it, struct slice *value, struct err *e);
int json_enter_object(struct json_iter *it, struct json_iter *inner, struct err *e);
int json_enter_array(struct json_iter *it, struct json_iter *inner, struct err *e);
/* Move to the next element: 1 when there is one at it->p, 0 at the end, -1 on error. */
int json_array_element(struct json_iter *it, struct err *e);
void json_leave(struct json_iter *it, const struct json_iter *inner);

/*
 * Value of a member of an object that json_check has accepted; a slice with data NULL if there is
 * none. The last of several equal names wins, as it does in most readers. Names are compared as
 * they stand; _nocase ignores the case of ASCII letters, and where no name is equal then, also '_',
 * '-' and blanks.
 */
struct slice json_get(struct slice object, const char *name);
struct slice json_get_nocase(struct slice object, const char *name);

/*
 * Append the decoded text of a JSON string (its quotes included in s) as UTF-8 to *out; a lone
 * surrogate becomes U+FFFD. Returns 0, or -1 when s is not a string.
 */
int json_string_decode(struct slice s, struct buf *out);

/* A terminated, decoded copy that the caller frees; NULL when s is no string. */
char *json_string_dup(struct slice s);
/* The value of a whole number of 64 bits without fraction or exponent; -1 when s is anything else.
 */
int json_whole(struct slice s, int64_t *value);

/* Where the bytes end that stand in a JSON string as they are: at a quote, a backslash or a control
 * character. */
const char *json_plain_end(const char *p, const char *end);

/* How the message of these functions begins about bytes that are not UTF-8, and whether one does.
 */
#define JSON_BAD_UTF8 "invalid UTF-8"
int json_is_bad_utf8(const char *why);

/* Whether a line has an object of JSON in it, as far as a brace and a quote tell. */
int json_has_object(struct slice line);

/* Append s without the whitespace outside strings. s must have passed json_check. */
void json_minify(struct slice s, struct buf *out);

/* Whether two texts, both as json_minify takes them, are equal but for such whitespace. */
int json_same(struct slice a, struct slice b);

/* Append text as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. NULL becomes null. */
void json_put_string(struct buf *out, const char *text);
void json_put_slice(struct buf *out, struct slice text);

#endif
