#include "net/mask.h"

#include "base/mem.h"
#include "base/sys.h"
#include "net/secret.h"

#include <stdlib.h>
#include <string.h>

/* ---- one token ---- */

/* A text without its %XX: each byte, and where it begins in the text. */
struct plain {
    char *bytes;
    size_t *at; /* n + 1 of them: the last is the text's end */
    size_t n;
};

/* Value of a hexadecimal digit, or -1. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Read one byte at text, which may stand as %XX, %25XX and so on. Returns its length. */
static size_t read_byte(const char *text, size_t len, char *byte)
{
    size_t n = 1;

    *byte = *text;
    if (*text != '%')
        return 1;
    while (n + 4 <= len && text[n] == '2' && text[n + 1] == '5' && hex_value(text[n + 2]) >= 0 &&
           hex_value(text[n + 3]) >= 0)
        n += 2;
    if (n + 2 > len || hex_value(text[n]) < 0 || hex_value(text[n + 1]) < 0)
        return 1;
    *byte = (char)(hex_value(text[n]) << 4 | hex_value(text[n + 1]));
    return n + 2;
}

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
    struct plain p = {0};
    size_t i;

    if (token_len == 0 || len < least)
        return;
    p.bytes = mem_alloc(len);
    p.at = mem_alloc((len + 1) * sizeof(*p.at));
    for (i = 0; i < len; p.n++) {
        p.at[p.n] = i;
        i += read_byte(text + i, len - i, &p.bytes[p.n]);
    }
    p.at[p.n] = len;
    for (i = 0; i + least <= p.n;) {
        size_t n = match(p.bytes + i, p.n - i, token, token_len, least);

        memset(text + p.at[i], '*', p.at[i + n] - p.at[i]);
        i += n == 0 ? 1 : n;
    }
    mem_wipe(p.bytes, len);
    free(p.bytes);
    free(p.at);
}

/* ---- those in use ---- */

static struct {
    struct sys_mutex *lock; /* NULL: nothing was ever remembered */
    char *tokens[MASK_TOKENS_MAX];
    unsigned next;
} known;

void mask_remember(const char *token)
{
    if (known.lock == NULL)
        known.lock = sys_mutex_new();
    sys_mutex_lock(known.lock);
    secret_text_free(known.tokens[known.next]);
    known.tokens[known.next] = mem_strdup(token);
    known.next = (known.next + 1) % MASK_TOKENS_MAX;
    sys_mutex_unlock(known.lock);
}

void mask_text(char *text)
{
    unsigned i;

    if (known.lock == NULL)
        return;
    sys_mutex_lock(known.lock);
    for (i = 0; i < MASK_TOKENS_MAX && known.tokens[i] != NULL; i++)
        mask_token(text, strlen(text), known.tokens[i]);
    sys_mutex_unlock(known.lock);
}

void mask_forget(void)
{
    unsigned i;

    for (i = 0; i < MASK_TOKENS_MAX; i++)
        secret_text_free(known.tokens[i]);
    sys_mutex_free(known.lock);
    memset(&known, 0, sizeof(known));
}
