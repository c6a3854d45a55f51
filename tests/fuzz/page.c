/* An answer of the service: whatever it is, it is refused or sliced. */
#include "target.h"

#include "acquire/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct page p;
    struct err e;
    struct buf body = {0};
    size_t i;

    if (size > 0)
        buf_append(&body, data, size);
    if (page_parse(&p, &body, &e) == 0) {
        /* Every line is a whole event without whitespace around it. */
        for (i = 0; i < p.nlines; i++) {
            struct line l;

            if (line_parse(&l, p.lines[i].bytes, &e) != 0 || l.ticks != p.lines[i].ticks ||
                memchr(l.bytes.data, '\n', l.bytes.len) != NULL)
                abort();
        }
        page_free(&p);
    } else if (e.code != ERR_UNTRUSTED) {
        abort();
    }
    buf_free(&body);
    return 0;
}
