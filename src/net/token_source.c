/*
 * What threads share is a struct shared with two owners, the source and the thread; the last one
 * frees it. A reader that is blocked in standard input when the source closes keeps it: that memory
 * is left to the end of the process on purpose, since nothing portable ends such a read.
 */
#include "net/token_source.h"

#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

/* Bytes around a token: a byte order mark and a line end. */
#define TOKEN_EXTRA_BYTES 16
/* Bytes that base/sys.c may ask room for behind what was read. */
#define TOKEN_READ_AHEAD (64U << 10)

struct shared {
    struct sys_mutex *lock;
    struct sys_cond *changed; /* a line was taken, or the source closes */
    unsigned owners;
    char *command, *file;
    void (*wake)(void *arg);
    void *arg;
    int closed;    /* the source is gone: no more calls of wake */
    int done;      /* the thread has nothing left to do */
    int failed;    /* error says why; with standard input: a line was too long */
    int end;       /* of standard input */
    int cancelled; /* the line was seen */
    struct err error;
    struct buf text; /* of command or file */
    struct buf lines[TOKEN_LINES_MAX];
    unsigned first, count; /* of the lines, a ring */
};

struct token_source {
    struct shared *shared;
    struct sys_thread *thread;
    int from_stdin;
};

void token_source_wipe(struct buf *b)
{
    volatile char *p = b->data;
    size_t i;

    for (i = 0; i < b->cap; i++)
        p[i] = '\0';
    b->len = 0;
}

/* Wipe, then free. */
static void wipe_free(struct buf *b)
{
    token_source_wipe(b);
    buf_free(b);
}

static void shared_free(struct shared *s)
{
    unsigned i;

    if (s == NULL)
        return;
    for (i = 0; i < TOKEN_LINES_MAX; i++)
        wipe_free(&s->lines[i]);
    wipe_free(&s->text);
    sys_mutex_free(s->lock);
    sys_cond_free(s->changed);
    free(s->command);
    free(s->file);
    free(s);
}

/* Give up one owner's part. The lock is held, and released here. */
static void shared_release(struct shared *s)
{
    int last = --s->owners == 0;

    sys_mutex_unlock(s->lock);
    if (last)
        shared_free(s);
}

/* Tell the caller's thread that something has changed. The lock is held, so that closing waits. */
static void wake(struct shared *s)
{
    if (!s->closed && s->wake != NULL)
        s->wake(s->arg);
}

/* Thread: run the command or read the file, once. */
static void fetch(void *arg)
{
    struct shared *s = arg;
    size_t max = TOKEN_MAX_BYTES + TOKEN_EXTRA_BYTES;
    struct buf text = {0};
    struct err e = {0};
    int ret;

    /* Room for all of it from the start: no copy of a token stays behind when the buffer grows. */
    if (buf_reserve(&text, max + 2 * (size_t)TOKEN_READ_AHEAD) != 0)
        ret = err_memory(&e, "output");
    else if (s->command != NULL)
        ret = sys_run_command(s->command, TOKEN_COMMAND_TIMEOUT_MS, max, &text, &e);
    else
        ret = sys_read_file(s->file, max, &text, &e);
    if (ret != 0) {
        /* A file that is too large is no token; a command is not named by sys_run_command. */
        if (e.code == ERR_UNTRUSTED)
            e.code = ERR_AUTH;
        if (s->command != NULL)
            (void)err_wrap(&e, "--token-command");
        token_source_wipe(&text);
    }
    sys_mutex_lock(s->lock);
    wipe_free(&s->text);
    s->text = text;
    s->error = e;
    s->failed = ret != 0;
    s->done = 1;
    wake(s);
    shared_release(s);
}

/* Put a line of standard input where token_source_take finds it. The lock is held. Returns 0 when
 * reading has to end. */
static int put_line(struct shared *s, struct buf *line)
{
    struct slice text = buf_slice(line);
    struct buf *place;

    while (text.len > 0 && (text.data[text.len - 1] == '\r' || text.data[text.len - 1] == ' '))
        text.len--;
    text = slice_without_bom(text);
    if (text.len == 0)
        return 1;
    if (slice_equals(text, "cancel")) {
        s->cancelled = 1;
        sys_interrupt_raise();
        wake(s);
        return 0;
    }
    while (s->count == TOKEN_LINES_MAX && !s->closed)
        sys_cond_wait(s->changed, s->lock);
    if (s->closed)
        return 0;
    place = &s->lines[(s->first + s->count) % TOKEN_LINES_MAX];
    token_source_wipe(place);
    if (buf_append(place, text.data, text.len) != 0) {
        s->failed = 1;
        (void)err_memory(&s->error, "standard input");
        return 0;
    }
    s->count++;
    wake(s);
    return 1;
}

/* Cut bytes into lines. The lock is held. Returns 0 when reading has to end. */
static int put_bytes(struct shared *s, struct buf *line, const char *data, size_t len)
{
    int go_on = !s->closed;

    while (go_on && len > 0) {
        const char *end = memchr(data, '\n', len);
        size_t part = end != NULL ? (size_t)(end - data) : len;

        if (line->len + part > TOKEN_MAX_BYTES + TOKEN_EXTRA_BYTES) {
            s->failed = 1;
            (void)err_set(&s->error, ERR_AUTH, "--token-stdin: a line of more than %u bytes",
                          TOKEN_MAX_BYTES);
            return 0;
        }
        if (buf_append(line, data, part) != 0) {
            s->failed = 1;
            (void)err_memory(&s->error, "standard input");
            return 0;
        }
        data += part;
        len -= part;
        if (end != NULL) {
            data++;
            len--;
            go_on = put_line(s, line);
            token_source_wipe(line);
        }
    }
    return go_on;
}

/* Thread: read standard input line by line to its end. */
static void read_lines(void *arg)
{
    struct shared *s = arg;
    struct buf line = {0}, chunk = {0};
    struct err ignored;
    int go_on = buf_reserve(&line, TOKEN_MAX_BYTES + 2 * TOKEN_EXTRA_BYTES) == 0 &&
                buf_reserve(&chunk, TOKEN_READ_AHEAD) == 0;

    while (go_on) {
        long n = sys_read(0, chunk.data, chunk.cap, "standard input", &ignored);

        if (n <= 0)
            break;
        sys_mutex_lock(s->lock);
        go_on = put_bytes(s, &line, chunk.data, (size_t)n);
        sys_mutex_unlock(s->lock);
        token_source_wipe(&chunk);
    }
    sys_mutex_lock(s->lock);
    /* The last line may lack its end. */
    if (go_on && !s->closed && line.len > 0)
        (void)put_line(s, &line);
    wipe_free(&line);
    wipe_free(&chunk);
    s->end = 1;
    s->done = 1;
    wake(s);
    shared_release(s);
}

/* Start the thread on what is shared. */
static int start(struct token_source *s, void (*fn)(void *arg), struct err *e)
{
    s->shared->owners++;
    s->shared->done = 0;
    s->shared->failed = 0;
    s->thread = sys_thread_start(fn, s->shared);
    if (s->thread != NULL)
        return 0;
    s->shared->owners--;
    return err_set(e, ERR_INTERNAL, "a thread cannot be started");
}

struct token_source *token_source_open(const struct token_config *c, struct err *e)
{
    struct token_source *s = calloc(1, sizeof(*s));
    struct shared *shared = calloc(1, sizeof(*shared));

    if (s == NULL || shared == NULL) {
        free(s);
        free(shared);
        (void)err_memory(e, "source");
        return NULL;
    }
    s->shared = shared;
    s->from_stdin = c->from_stdin;
    shared->owners = 1;
    shared->wake = c->wake;
    shared->arg = c->arg;
    shared->lock = sys_mutex_new();
    shared->changed = sys_cond_new();
    if (c->command != NULL)
        shared->command = slice_dup(slice_of(c->command));
    if (c->file != NULL)
        shared->file = slice_dup(slice_of(c->file));
    if (shared->lock == NULL || shared->changed == NULL ||
        (c->command != NULL && shared->command == NULL) ||
        (c->file != NULL && shared->file == NULL)) {
        (void)err_memory(e, "source");
        goto fail;
    }
    if (s->from_stdin && start(s, read_lines, e) != 0)
        goto fail;
    return s;
fail:
    shared_free(shared);
    free(s);
    return NULL;
}

void token_source_close(struct token_source *s)
{
    struct shared *shared;
    int join;

    if (s == NULL)
        return;
    shared = s->shared;
    sys_mutex_lock(shared->lock);
    shared->closed = 1;
    sys_cond_broadcast(shared->changed);
    join = shared->done || shared->command != NULL;
    sys_mutex_unlock(shared->lock);
    if (s->thread != NULL) {
        if (join)
            sys_thread_join(s->thread);
        else
            sys_thread_detach(s->thread);
    }
    sys_mutex_lock(shared->lock);
    shared_release(shared);
    free(s);
}

int token_source_ask(struct token_source *s, struct err *e)
{
    return s->from_stdin || s->thread != NULL ? 0 : start(s, fetch, e);
}

/* Take the oldest line of standard input. The lock is held. */
static int take_line(struct shared *s, struct buf *out, struct err *e)
{
    struct buf *line = &s->lines[s->first];

    if (s->count == 0 && s->failed) {
        *e = s->error;
        return -1;
    }
    if (s->count == 0 && s->end) {
        (void)err_set(e, ERR_AUTH, "--token-stdin: no more tokens");
        return err_hint(e, "keep standard input open and write a token whenever one is needed, or "
                           "use --token-command");
    }
    if (s->count == 0)
        return 0;
    wipe_free(out);
    *out = *line;
    memset(line, 0, sizeof(*line));
    s->first = (s->first + 1) % TOKEN_LINES_MAX;
    s->count--;
    sys_cond_broadcast(s->changed);
    return 1;
}

/* Take what the command or file gave. The lock is held. */
static int take_text(struct shared *s, struct buf *out, struct err *e)
{
    if (!s->done)
        return 0;
    if (s->failed) {
        *e = s->error;
        return -1;
    }
    wipe_free(out);
    *out = s->text;
    memset(&s->text, 0, sizeof(s->text));
    return 1;
}

int token_source_take(struct token_source *s, struct buf *out, struct err *e)
{
    int ret;

    sys_mutex_lock(s->shared->lock);
    ret = s->from_stdin ? take_line(s->shared, out, e) : take_text(s->shared, out, e);
    sys_mutex_unlock(s->shared->lock);
    if (ret != 0 && !s->from_stdin && s->thread != NULL) {
        sys_thread_join(s->thread);
        s->thread = NULL;
    }
    return ret;
}

int token_source_waiting(struct token_source *s)
{
    int ret;

    sys_mutex_lock(s->shared->lock);
    ret = s->shared->count > 0;
    sys_mutex_unlock(s->shared->lock);
    return ret;
}

int token_source_cancelled(struct token_source *s)
{
    int ret;

    sys_mutex_lock(s->shared->lock);
    ret = s->shared->cancelled;
    sys_mutex_unlock(s->shared->lock);
    return ret;
}
