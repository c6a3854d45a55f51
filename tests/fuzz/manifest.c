/* A manifest: what is read and printed is read as the same. */
#include "target.h"

#include "export/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s;
    char *copy = fuzz_copy(data, size, &s);
    struct buf one = {0}, two = {0};
    struct manifest m;
    struct err e;

    if (manifest_parse(&m, s, &e) == 0) {
        manifest_print(&m, &one);
        manifest_free(&m);
        if (manifest_parse(&m, buf_slice(&one), &e) != 0)
            abort();
        manifest_print(&m, &two);
        if (slice_compare(buf_slice(&one), buf_slice(&two)) != 0)
            abort();
        manifest_free(&m);
    } else if (e.code != ERR_FOREIGN) {
        abort();
    }
    buf_free(&one);
    buf_free(&two);
    free(copy);
    return 0;
}
