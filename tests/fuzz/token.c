/* The claims of a token. */
#include "target.h"

#include "net/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s;
    char *copy = fuzz_copy(data, size, &s);
    struct token_claims c = {0};

    if (token_claims_parse(&c, s) == 0)
        token_claims_free(&c);
    free(copy);
    return 0;
}
