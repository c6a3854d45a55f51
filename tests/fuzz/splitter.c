/* An input of any shape, cut into events; each is put into the service's shape and read again. */
#include "target.h"

#include "read/event_operation.h"
#include "read/event_rewrite.h"
#include "read/event_splitter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s;
    char *copy = fuzz_copy(data, size, &s);
    struct splitter_damage d;
    struct event ev, again;
    struct err e;
    struct unpack *source = unpack_open_memory(s);
    struct splitter *z;
    uint64_t line;
    enum splitter_found found;

    if (source == NULL)
        abort();
    z = splitter_new(source, 1, 0);
    while ((found = splitter_next(z, &ev, &line, &d)) != SPLITTER_END) {
        struct buf out = {0};

        if (found == SPLITTER_DAMAGE)
            continue;
        (void)event_category(&ev);
        (void)event_operation_is_known(&ev);
        (void)event_is_odd(&ev);
        event_rewrite(&ev, EVENT_TIME_DAY_FIRST, "note", &out);
        if (found == SPLITTER_EVENT && event_parse(&again, buf_slice(&out), &e) != 0)
            abort();
        buf_free(&out);
    }
    (void)splitter_note(z, 0);
    splitter_free(z);
    unpack_close(source);
    free(copy);
    return 0;
}
