/* A journal. Each line of the input gets its checksum, so that the records behind it are reached.
 */
#include "target.h"

#include "base/hash.h"
#include "store/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text = {0};
    struct journal j;
    size_t whole = 0;
    struct err e;

    while (size > 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t n = end == NULL ? size : (size_t)(end - data);
        char hex[HASH_HEX_MAX];

        hash_bytes(data, n, hex);
        buf_append(&text, hex, 8);
        buf_putc(&text, ' ');
        buf_append(&text, data, n);
        buf_putc(&text, '\n');
        n = end == NULL ? size : n + 1;
        data += n;
        size -= n;
    }
    journal_open_temporary(&j, "https://x", 1, 2);
    free(j.query.endpoint);
    j.query.endpoint = NULL; /* as before the first record */
    if (text.len > 0 && journal_replay(&j, buf_slice(&text), &whole, &e) == 0 && whole > text.len)
        abort();
    journal_close(&j);
    buf_free(&text);
    return 0;
}
