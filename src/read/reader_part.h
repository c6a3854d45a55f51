/*
 * reader_part: reading one part of the inputs, for reader.c alone.
 */
#ifndef AZDAL_READ_READER_PART_H
#define AZDAL_READ_READER_PART_H

#include "read/batch.h"
#include "read/reader.h"

/* Bytes in a batch. */
#define READER_BATCH ((size_t)256 << 10)

/* Where batches go. push takes *b and sets it to NULL; *b may be NULL. -1: all stops. */
struct reader_sink {
    int (*push)(void *arg, struct batch **b);
    void *arg;
    /* Told each event, as in reader_parts; may be NULL. */
    void (*note)(const struct event *ev, size_t part, void *arg);
    size_t part; /* the number of the part that is being read */
};

/* Read a part, counting into *counts; those that are no part to read are passed over. */
void reader_part_read(const struct input *in, const struct input_part *p,
                      const struct reader_calls *calls, struct reader_file *counts,
                      const struct reader_sink *sink);

#endif
