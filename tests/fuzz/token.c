/* The token in a text, its claims, and what a 401 demands. */
#include "target.h"

#include "net/challenge.h"
#include "net/token_claims.h"
#include "net/token_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s;
    char *copy = fuzz_copy(data, size, &s);
    struct token_claims c = {0};
    struct challenge challenge;
    struct buf token = {0};
    struct err e = {0};

    if (token_claims_parse(&c, s) == 0)
        token_claims_free(&c);
    (void)token_text_goes_on(s);
    if (token_text_find(&token, s, "source", &e) == 0 &&
        token_claims_parse(&c, buf_slice(&token)) == 0)
        token_claims_free(&c);
    challenge_parse(&challenge, s);
    buf_free(&token);
    free(copy);
    return 0;
}
