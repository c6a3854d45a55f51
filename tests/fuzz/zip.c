/* A zip archive: its directory is listed and its members unpacked; they come to an end. */
#include "target.h"

#include "base/sys.h"
#include "read/zip.h"

/* Members that are unpacked, and bytes of each. */
#define MEMBERS 8
#define BYTES ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char out[4096];
    struct err e = {0};
    int fd = sys_open_temporary(NULL, &e);
    struct zip_member *members;
    size_t n, i, total;

    if (fd < 0 || sys_write(fd, data, size, "archive", &e) != 0)
        abort();
    (void)zip_begins(data, size);
    (void)zip_list(fd, "archive", &members, &n, &e);
    for (i = 0; i < n && i < MEMBERS; i++) {
        struct zip_reader *r = zip_reader_new(fd, "archive", &members[i], &e);
        long got = 1;

        for (total = 0; r != NULL && got > 0 && total < BYTES; total += (size_t)got)
            got = zip_reader_read(r, out, sizeof(out), &e);
        zip_reader_free(r);
    }
    zip_free(members, n);
    (void)sys_close(fd, "archive", &e);
    return 0;
}
