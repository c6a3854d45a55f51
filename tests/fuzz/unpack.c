/* The bytes of an input, packed any way: they come to an end, damage or not. */
#define _GNU_SOURCE /* memfd_create */
#include "target.h"

#include "read/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct unpack *source = unpack_open_fd(fuzz_file(data, size), "input");
    char out[4096];

    while (unpack_read(source, out, sizeof(out)) > 0)
        (void)unpack_damage(source);
    unpack_close(source);
    return 0;
}
