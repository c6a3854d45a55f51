#include "export/gzip_file.h"

#include "base/sys.h"

#include <string.h>
#include <zlib.h>

/* Bytes by which a CRC-32 is moved on at a time. */
#define CRC_STEP (1 << 30)

const unsigned char gzip_file_header[GZIP_FILE_HEADER] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};

void gzip_file_trailer(uint32_t crc, uint64_t plain, unsigned char trailer[GZIP_FILE_TRAILER])
{
    int i;

    trailer[0] = 3;
    trailer[1] = 0;
    for (i = 0; i < 4; i++) {
        trailer[2 + i] = (unsigned char)(crc >> 8 * i);
        trailer[6 + i] = (unsigned char)(plain >> 8 * i);
    }
}

uint32_t gzip_file_crc_append(uint32_t crc, uint32_t next, uint64_t plain)
{
    /* z_off_t has 32 bits on some systems: zero bits first, a step at a time. */
    for (; plain > CRC_STEP; plain -= CRC_STEP)
        crc = (uint32_t)crc32_combine(crc, 0, CRC_STEP);
    return (uint32_t)crc32_combine(crc, next, (z_off_t)plain);
}

int gzip_file_ends(int fd, const char *path, uint64_t size, struct gzip_file_ends *ends,
                   struct err *e)
{
    uint64_t tail = size < GZIP_FILE_TRAILER ? 0 : size - GZIP_FILE_TRAILER;

    memset(ends, 0, sizeof(*ends));
    return sys_read_at(fd, 0, ends->header, GZIP_FILE_HEADER, path, e) < 0 ||
                   sys_read_at(fd, tail, ends->trailer, GZIP_FILE_TRAILER, path, e) < 0
               ? -1
               : 0;
}

const char *gzip_file_header_wrong(const struct gzip_file_ends *ends)
{
    return memcmp(ends->header, gzip_file_header, GZIP_FILE_HEADER) == 0
               ? NULL
               : "its gzip header is not the one azdal writes";
}

const char *gzip_file_end_wrong(const struct gzip_file_ends *ends)
{
    return ends->trailer[0] == 3 && ends->trailer[1] == 0
               ? NULL
               : "its gzip stream does not end as it must";
}

const char *gzip_file_trailer_wrong(const struct gzip_file_ends *ends, uint32_t crc, uint64_t plain)
{
    unsigned char right[GZIP_FILE_TRAILER];
    const char *why = gzip_file_end_wrong(ends);

    gzip_file_trailer(crc, plain, right);
    if (why != NULL)
        return why;
    return memcmp(ends->trailer, right, sizeof(right)) == 0 ? NULL
                                                            : "its gzip CRC-32 or length is wrong";
}
