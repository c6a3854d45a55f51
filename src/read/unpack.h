/*
 * unpack: the plain bytes of one input, whatever way they are packed: plain, gzip of any number of
 * members, one fragment of an export's file, UTF-16 as Windows PowerShell writes it, and UTF-32 (in
 * gzip as well); from a file or standard input. Of the readers this one, zip.c and spool.c know
 * zlib.
 *
 * Damage does not end a source where something behind it can still be read: it is told once through
 * unpack_damage, and a newline stands in the bytes where something is missing, so that no line is
 * put together from two halves.
 */
#ifndef AZDAL_READ_UNPACK_H
#define AZDAL_READ_UNPACK_H

#include "base/err.h"

#include <stdint.h>

/*
 * Ceiling on expansion. Deflate can pack 1,032 bytes into one. Activity logs reach 10 to 60; one
 * whose events differ in nothing but ids and times stays under 150, since those cannot be packed.
 * Past the first 64 MiB, anything that grows more than 250-fold is made to fill memory or time.
 */
#define UNPACK_RATIO_MAX 250
#define UNPACK_RATIO_FREE_BYTES (UINT64_C(64) << 20)

struct manifest_window;
struct zip_member;
struct unpack; /* one input being read */

/*
 * Open a file, standard input (path "-"), a file that is open (which becomes the source's) or the
 * fragment of a window (which must stay) in it. inside: a link in the last part of path is refused.
 * Return NULL with ERR_LOCAL. path is copied.
 */
struct unpack *unpack_open(const char *path, int inside, struct err *e);
struct unpack *unpack_open_fd(int fd, const char *path);
struct unpack *unpack_open_fragment(int fd, const char *path, const struct manifest_window *w);
/* One member of the zip archive at path. */
struct unpack *unpack_open_member(const char *path, int inside, const struct zip_member *m,
                                  struct err *e);
void unpack_close(struct unpack *s);

/* Read up to cap plain bytes (cap at least 16). Returns their number or 0 at the end; never fails:
 * what goes wrong is damage. */
size_t unpack_read(struct unpack *s, char *dst, size_t cap);

/* What was found damaged since the last call, or NULL; the text belongs to the source and stands
 * until the next unpack_read. Ask after every unpack_read. */
const char *unpack_damage(struct unpack *s);

#endif
