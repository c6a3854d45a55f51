/* One event of any shape. */
#include "target.h"

#include "base/json.h"
#include "read/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s, text;
    char *copy = fuzz_copy(data, size, &s);
    struct buf hold = {0};
    struct event ev;
    struct err e;
    int i;

    if (event_parse(&ev, s, &e) == 0) {
        struct event_objects o = {0};

        (void)(event_classify(&ev) == EVENT_LIKELY);
        (void)event_time(&ev);
        for (i = 0; i < EVENT_FIELDS; i++) {
            buf_clear(&hold);
            (void)event_text(&ev, (enum event_field)i, &hold, &text);
        }
        event_objects_open(&o, &ev);
        buf_clear(&hold);
        (void)event_caller(&ev, &o, &hold, &text);
        event_objects_free(&o);
    }
    buf_free(&hold);
    free(copy);
    return 0;
}
