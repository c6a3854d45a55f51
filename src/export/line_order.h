/*
 * line_order: the events of one window as they come: each inside the window and behind the one
 * before. For verify, and for whoever reads a window.
 */
#ifndef AZDAL_EXPORT_LINE_ORDER_H
#define AZDAL_EXPORT_LINE_ORDER_H

#include "base/buf.h"
#include "export/manifest.h"

#include <stdint.h>

struct line_order {
    const struct manifest_window *w;
    int64_t first, last; /* times of the first and last event so far; 0: none */
    uint64_t conflicts;  /* ids that stand at one time with different bytes */
    int conflicting;     /* the last event's id is counted already */
    struct slice text;   /* of the last event: the caller's bytes, or those in `kept` */
    struct buf kept;
    const char *subscription;  /* whose events they are; NULL: any may be here */
    int names_it, names_other; /* some event names it; one that does not names another */
};

/* Begin with the window w of a scope, which must stay. line_order_end releases what it holds. */
void line_order_begin(struct line_order *o, const struct manifest_window *w, const char *scope);
void line_order_end(struct line_order *o);
/* The next event: its time as line_parse reads it, and its text, which must stay until the next
 * call or line_order_keep. Returns what is wrong, or NULL. */
const char *line_order_next(struct line_order *o, int64_t ticks, struct slice text);
/* What is wrong with all events of the window together, or NULL. */
const char *line_order_wrong(const struct line_order *o);
/* The bytes of the last event are about to move or go: keep them. */
void line_order_keep(struct line_order *o);

#endif
