/*
 * What the tests of line, segment, journal and export share: a folder, and events in short.
 *
 * An event is written as its second after START, a letter that is its id ('-' for none), and digits
 * that tell events of one id apart: "10a 10a2 20b" are three events, two of them with one id.
 */
#ifndef AZDAL_TESTS_UNIT_STORING_H
#define AZDAL_TESTS_UNIT_STORING_H

#include "files.h"

#include "base/line.h"
#include "base/timestamp.h"
#include "store/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2025-11-01T00:00:00Z */
#define START (TICKS_UNIX_EPOCH + INT64_C(1761955200) * TICKS_PER_SECOND)
#define AT(second) (START + (int64_t)(second)*TICKS_PER_SECOND)

/* Events of one list, kept together with their bytes. */
struct events {
    struct buf text;    /* one a line */
    struct line *lines; /* pointing into text; owned */
    size_t n;
};

/* Append the text of one event; `word` as above. Its fields stand in an order that tells a reader
 * which looks for the wrong one. */
static inline const char *put_event(struct buf *out, const char *word)
{
    char time[TIMESTAMP_TEXT_MAX], *end;
    long second = strtol(word, &end, 10);
    char id = *end++;

    buf_printf(out, "{\"eventTimestamp\":\"%s\"", timestamp_format(AT(second), time));
    if (id != '-')
        buf_printf(out, ",\"eventDataId\":\"%c\"", id);
    buf_puts(out, ",\"v\":\"");
    while (*end >= '0' && *end <= '9')
        buf_putc(out, *end++);
    buf_puts(out, "\"}");
    return end;
}

/* Read a list of events. */
static inline void events_make(struct events *x, const char *words)
{
    struct err e;
    size_t at = 0;

    memset(x, 0, sizeof(*x));
    for (words += strspn(words, " "); *words != '\0'; words += strspn(words, " ")) {
        words = put_event(&x->text, words);
        buf_putc(&x->text, '\n');
        x->n++;
    }
    x->lines = calloc(x->n + 1, sizeof(*x->lines));
    if (x->lines == NULL)
        abort();
    for (x->n = 0; at < x->text.len; x->n++) {
        const char *end = memchr(x->text.data + at, '\n', x->text.len - at);
        struct slice one = {x->text.data + at, (size_t)(end - (x->text.data + at))};

        if (line_parse(&x->lines[x->n], one, &e) != 0)
            abort();
        at += one.len + 1;
    }
}

static inline void events_free(struct events *x)
{
    buf_free(&x->text);
    free(x->lines);
    memset(x, 0, sizeof(*x));
}

/* Append one event in short. */
static inline void put_word(struct buf *out, const struct line *l)
{
    const char *v = NULL;
    size_t i;

    for (i = 0; i + 5 < l->bytes.len; i++) {
        if (memcmp(l->bytes.data + i, "\"v\":\"", 5) == 0)
            v = l->bytes.data + i + 5;
    }
    if (v == NULL)
        abort();
    buf_printf(out, "%s%lld%.*s%.*s", out->len > 0 ? " " : "",
               (long long)((l->ticks - START) / TICKS_PER_SECOND),
               l->id.len > 0 ? (int)l->id.len : 1, l->id.len > 0 ? l->id.data : "-",
               (int)strcspn(v, "\""), v);
}

/* Append the events of a text of lines in short. */
static inline void put_words(struct buf *out, struct slice text)
{
    size_t at = 0;

    while (at < text.len) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        struct slice one = {text.data + at, 0};
        struct line l;
        struct err e;

        one.len = end == NULL ? text.len - at : (size_t)(end - one.data);
        if (end == NULL || line_parse(&l, one, &e) != 0) {
            buf_puts(out, " ?");
            return;
        }
        put_word(out, &l);
        at += one.len + 1;
    }
    (void)buf_text(out);
}

/* A folder, which has to be there; the caller closes it. */
static inline struct sys_dir *storing_dir(const char *path)
{
    struct err e;
    struct sys_dir *d = sys_dir_open(path, 0, &e);

    if (d == NULL) {
        (void)fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    return d;
}

/* Create the folders above folder/name. */
static inline int storing_make_above(const char *folder, const char *name, struct err *e)
{
    struct sys_dir *d = storing_dir(folder);
    int ret = folder_make_above(d, name, e);

    sys_dir_close(d);
    return ret;
}

/* A folder of one test; for cmocka's setup and teardown. */
static inline int storing_setup(void **state)
{
    const char *temporary = getenv("TMPDIR");
    struct err e;
    char *folder = malloc(200);

    if (folder == NULL)
        return -1;
    (void)snprintf(folder, 200, "%.150s/azdal-test-%016llx", temporary ? temporary : "/tmp",
                   (unsigned long long)sys_random());
    *state = folder;
    return sys_mkdir_all(folder, &e);
}

static inline int storing_teardown(void **state)
{
    int ret = files_delete(*state);

    free(*state);
    return ret;
}

#endif
