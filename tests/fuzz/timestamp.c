/* Times: what is read and printed is read as the same. */
#include "target.h"

#include "base/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s;
    char *copy = fuzz_copy(data, size, &s), text[TIMESTAMP_TEXT_MAX];
    int64_t ticks, again;
    struct err e;

    if (timestamp_parse(s, &ticks) == 0 &&
        (timestamp_parse(slice_of(timestamp_format(ticks, text)), &again) != 0 || again != ticks))
        abort();
    {
        char *terminated = slice_dup(s);

        if (terminated == NULL)
            abort();
        (void)timestamp_parse_when(terminated, INT64_C(639000000000000000), &ticks, NULL, &e);
        free(terminated);
    }
    free(copy);
    return 0;
}
