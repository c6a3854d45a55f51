/* An input of any shape, cut into events; each is put into the service's shape and read again. */
#define _GNU_SOURCE /* memfd_create */
#include "target.h"

#include "read/event_operation.h"
#include "read/event_rewrite.h"
#include "read/event_splitter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct splitter_damage d;
    struct event ev, again;
    struct err e;
    struct unpack *source = unpack_open_fd(fuzz_file(data, size), "input");
    struct splitter *z;
    uint64_t line;
    enum splitter_found found;

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
    return 0;
}
