#include "net/mask.h"

#include <string.h>

/* How many bytes at the start of the text stand in the token one behind the other; 0 below least.
 */
static size_t match(const char *text, size_t len, const char *token, size_t token_len, size_t least)
{
    size_t k, n, longest = 0;

    for (k = 0; k + least <= token_len; k++) {
        if (token[k] != *text)
            continue;
        for (n = 1; n < len && k + n < token_len && text[n] == token[k + n]; n++)
            ;
        if (n >= least && n > longest)
            longest = n;
    }
    return longest;
}

void mask_token(char *text, size_t len, const char *token)
{
    size_t token_len = strlen(token), least = token_len < MASK_PIECE ? token_len : MASK_PIECE;
    size_t i = 0;

    if (token_len == 0)
        return;
    while (i + least <= len) {
        size_t n = match(text + i, len - i, token, token_len, least);

        memset(text + i, '*', n);
        i += n == 0 ? 1 : n;
    }
}
