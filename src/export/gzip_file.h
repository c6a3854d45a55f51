/*
 * gzip_file: what stands around the fragments of a published file. Fragments put one behind the
 * other, with a header before them and a trailer behind, are one gzip member.
 */
#ifndef AZDAL_EXPORT_GZIP_FILE_H
#define AZDAL_EXPORT_GZIP_FILE_H

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
/* What is wrong with the GZIP_FILE_HEADER bytes before the first fragment, or NULL. */
const char *gzip_file_header_wrong(const unsigned char *header);
/* What is wrong with the GZIP_FILE_TRAILER bytes behind the last one, or NULL. */
const char *gzip_file_trailer_wrong(const unsigned char *trailer, uint32_t crc, uint64_t plain);

#endif
