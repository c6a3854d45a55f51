/*
 * gzip_file: what stands around the fragments of a published file. Fragments put one behind the
 * other, with a header before them and a trailer behind, are one gzip member.
 */
#ifndef AZDAL_EXPORT_GZIP_FILE_H
#define AZDAL_EXPORT_GZIP_FILE_H

#include "base/err.h"

#include <stdint.h>

/* Bytes before the first fragment (mtime 0, OS 255), and behind the last: `03 00`, CRC-32, length.
 */
#define GZIP_FILE_HEADER 10
#define GZIP_FILE_TRAILER 10

extern const unsigned char gzip_file_header[GZIP_FILE_HEADER];
/* The trailer of a file whose content is `plain` bytes with the CRC-32 `crc`. */
void gzip_file_trailer(uint32_t crc, uint64_t plain, unsigned char trailer[GZIP_FILE_TRAILER]);
/* The CRC-32 of bytes that have `crc`, and behind them `plain` bytes that have `next`. */
uint32_t gzip_file_crc_append(uint32_t crc, uint32_t next, uint64_t plain);

/* What stands at both ends of a file. */
struct gzip_file_ends {
    unsigned char header[GZIP_FILE_HEADER], trailer[GZIP_FILE_TRAILER];
};
/* Read them from an open file of `size` bytes; zeros stand for what a file that is too short does
 * not have. Errors: ERR_LOCAL. */
int gzip_file_ends(int fd, const char *path, uint64_t size, struct gzip_file_ends *ends,
                   struct err *e);
/* What is wrong with the header; with the two bytes that end the stream; with the whole trailer of
 * a content of `plain` bytes with the CRC-32 `crc`. NULL: nothing. */
const char *gzip_file_header_wrong(const struct gzip_file_ends *ends);
const char *gzip_file_end_wrong(const struct gzip_file_ends *ends);
const char *gzip_file_trailer_wrong(const struct gzip_file_ends *ends, uint32_t crc,
                                    uint64_t plain);

#endif
