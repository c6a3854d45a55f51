/* Give each file named on the command line to the target: a plain program without libFuzzer. */
#include "target.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    static uint8_t data[1U << 20];
    int i;

    for (i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        size_t n;

        if (f == NULL) {
            (void)fprintf(stderr, "%s: cannot be opened\n", argv[i]);
            return 1;
        }
        n = fread(data, 1, sizeof(data), f);
        (void)fclose(f);
        (void)LLVMFuzzerTestOneInput(data, n);
    }
    return 0;
}
