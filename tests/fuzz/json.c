/* JSON: what is accepted is stable under minify, and strings decode. */
#include "target.h"

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s, value = {NULL, 0}, again = {NULL, 0};
    char *copy = fuzz_copy(data, size, &s);
    struct buf small = {0}, twice = {0};
    int space = 0;
    struct err e;

    if (json_check(s, &value, &space, &e) == 0) {
        json_minify(value, &small);
        if (json_check(buf_slice(&small), &again, &space, &e) != 0 || space ||
            again.len != small.len)
            abort();
        json_minify(again, &twice);
        if (slice_compare(buf_slice(&small), buf_slice(&twice)) != 0)
            abort();
        free(json_string_dup(value));
        (void)json_get_nocase(value, "a");
    }
    buf_free(&small);
    buf_free(&twice);
    free(copy);
    return 0;
}
