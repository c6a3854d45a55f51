/* The bytes of an input, packed any way: they come to an end, damage or not. */
#include "target.h"

#include "read/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s;
    char *copy = fuzz_copy(data, size, &s), out[4096];
    struct unpack *source = unpack_open_memory(s);

    while (unpack_read(source, out, sizeof(out)) > 0)
        (void)unpack_damage(source);
    unpack_close(source);
    free(copy);
    return 0;
}
