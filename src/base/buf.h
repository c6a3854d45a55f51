/*
 * buf: growing byte buffers, and slices that point into somebody else's bytes.
 *
 * A zeroed struct buf is empty and valid. Functions that grow it cannot fail: running out of memory
 * ends the process (mem.h).
 */
#ifndef AZDAL_BASE_BUF_H
#define AZDAL_BASE_BUF_H

#include <stddef.h>

/* Bytes owned by somebody else; not terminated. data NULL means "absent". */
struct slice {
    const char *data;
    size_t len;
};

struct buf {
    char *data; /* owned; NULL while cap is 0 */
    size_t len; /* bytes in use */
    size_t cap; /* bytes allocated */
};

/* Make room for `extra` more bytes. */
void buf_reserve(struct buf *b, size_t extra);
void buf_append(struct buf *b, const void *data, size_t len);
void buf_putc(struct buf *b, char c);
void buf_puts(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(__printf__, 2, 3)));
/* The contents as a text: a '\0' follows them (not counted in len). Never NULL. */
char *buf_text(struct buf *b);
/* Keep the memory, forget the contents. */
void buf_clear(struct buf *b);
/* Release the memory; *b is empty and valid again. */
void buf_free(struct buf *b);
struct slice buf_slice(const struct buf *b);

struct slice slice_of(const char *text);
int slice_equals(struct slice s, const char *text);
/* The same, ignoring the case of ASCII letters. */
int slice_equals_nocase(struct slice s, const char *text);
/* Order of two slices as unsigned bytes: negative, 0 or positive. */
int slice_compare(struct slice a, struct slice b);
/* Without the byte order mark of UTF-8 in front, which some tools write. */
struct slice slice_without_bom(struct slice s);
/* A terminated copy that the caller frees; never NULL. */
char *slice_dup(struct slice s);

#endif
