/*
 * window: the plain bytes of an input, a stretch at a time: what was read and not used yet, with
 * the number of its first line. For the files that cut these bytes into records.
 */
#ifndef AZDAL_READ_WINDOW_H
#define AZDAL_READ_WINDOW_H

#include "base/buf.h"
#include "base/err.h"
#include "read/unpack.h"

#include <stdint.h>

/* Bytes that the window may hold: the service's largest page is 32 MiB, so no event is larger. */
#define WINDOW_MAX ((size_t)32 << 20)

struct window {
    struct unpack *source; /* NULL: all there is stands in buf */
    struct buf buf;
    size_t at;           /* next byte in buf */
    uint64_t line;       /* its line */
    uint64_t base;       /* bytes in front of buf */
    uint64_t line_start; /* where its line begins, counted from the first byte */
    int ended;           /* there is nothing more to read */
    char damage[ERR_MSG_MAX];
    int is_damaged;
    uint64_t damaged_at;      /* behind this many bytes */
    int not_utf8;             /* bytes were read as Windows-1252 */
    int escaped;              /* one level of escapes is taken off what is read */
    char cut[6];              /* an escape that goes on behind what was read */
    size_t cut_len;           /* of it */
    int cr;                   /* lines end with CR alone: it is read as LF */
    int strict;               /* an export's own file: those bytes are damage there */
    void (*moves)(void *arg); /* or NULL: called before bytes that were used move or go */
    void *moves_arg;
};

/* Read at least one more byte behind those in buf; sets ended when there are none. What was used is
 * forgotten: pointers into buf do not stay. */
void window_more(struct window *w);

/* From here on CR is read as LF, in what stands in buf, too. */
void window_end_lines_with_cr(struct window *w);

/* From here on the bytes are those inside of a text of JSON: its escapes are read as what they
 * stand for (a line break as a blank), in what stands in buf, too. */
void window_take_escapes(struct window *w);

/* Move over the bytes up to `to` in buf, counting lines. */
void window_advance(struct window *w, size_t to);

/* Whether more may still be read behind buf, and there is room for it. */
int window_can_grow(const struct window *w);

/* Column of a place in the line that is at hand, from 1. */
uint64_t window_column(const struct window *w, const char *p);

/*
 * Bytes from `at` to the end of the line there that are no UTF-8 are read as Windows-1252. Returns
 * whether anything was changed; pointers into buf do not stay.
 */
int window_from_ansi(struct window *w, size_t at);

#endif
