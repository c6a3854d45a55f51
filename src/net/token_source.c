/*
 * What threads share is a struct shared with two owners, the source and the thread; the last one
 * frees it. A reader that is blocked in standard input when the source closes keeps it: that memory
 * is left to the end of the process on purpose, since nothing portable ends such a read.
 */
#include "net/token_source.h"

#include "base/mem.h"
#include "base/sys.h"
#include "net/secret.h"
#include "net/token_text.h"

#include <stdlib.h>
#include <string.h>

/* Bytes around a token in a line: a byte order mark, a line end, and the rest of JSON. */
#define TOKEN_EXTRA_BYTES 512
/* Bytes that base/sys.c may ask room for behind what was read. */
#define TOKEN_READ_AHEAD (64U << 10)

struct shared {
    struct sys_mutex *lock;
    struct sys_cond *changed; /* a text was taken, or the source closes */
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
    struct buf text;                   /* of command or file */
    struct buf texts[TOKEN_TEXTS_MAX]; /* of standard input */
    unsigned first, count;             /* of the texts, a ring */
};

struct token_source {
    struct shared *shared;
    struct sys_thread *thread;
    int from_stdin;
};

static void shared_free(struct shared *s)
{
    unsigned i;

    if (s == NULL)
        return;
    for (i = 0; i < TOKEN_TEXTS_MAX; i++)
        secret_free(&s->texts[i]);
    secret_free(&s->text);
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
    size_t max = TOKEN_TEXT_MAX_BYTES;
    struct buf text = {0};
    struct err e = {0};
    int ret;

    /* Room for all of it from the start: no copy of a token stays behind when the buffer grows. */
    buf_reserve(&text, max + 2 * (size_t)TOKEN_READ_AHEAD);
    if (s->command != NULL)
        ret = sys_run_command(s->command, TOKEN_COMMAND_TIMEOUT_MS, max, &text, &e);
    else
        ret = sys_read_file(s->file, max, &text, &e);
    if (ret != 0) {
        /* A file that is too large is no token; a command is not named by sys_run_command. */
        if (e.code == ERR_UNTRUSTED)
            e.code = ERR_AUTH;
        if (s->command != NULL)
            (void)err_wrap(&e, "--token-command");
        secret_wipe(&text);
    }
    sys_mutex_lock(s->lock);
    secret_free(&s->text);
    s->text = text;
    s->error = e;
    s->failed = ret != 0;
    s->done = 1;
    wake(s);
    shared_release(s);
}

/* What the thread that reads standard input has of it. */
struct input {
    struct shared *shared;
    struct buf line; /* without its end so far */
    struct buf text; /* lines that belong together */
};

/* Reading standard input has failed. The lock is held. Returns 0: reading has to end. */
static int fail(struct shared *s, const char *what, size_t bytes)
{
    s->failed = 1;
    (void)err_set(&s->error, ERR_AUTH, "--token-stdin: %s of more than %zu bytes", what, bytes);
    return 0;
}

/* Put the text where token_source_take finds it. The lock is held. Returns 0 when reading has to
 * end. */
static int put_text(struct input *in)
{
    struct shared *s = in->shared;

    while (s->count == TOKEN_TEXTS_MAX && !s->closed)
        sys_cond_wait(s->changed, s->lock);
    if (s->closed)
        return 0;
    s->texts[(s->first + s->count) % TOKEN_TEXTS_MAX] = in->text;
    memset(&in->text, 0, sizeof(in->text));
    s->count++;
    wake(s);
    return 1;
}

/* Take a whole line. The lock is held. Returns 0 when reading has to end. */
static int put_line(struct input *in)
{
    struct slice line = buf_slice(&in->line);

    while (line.len > 0 && (line.data[line.len - 1] == '\r' || line.data[line.len - 1] == ' '))
        line.len--;
    line = slice_without_bom(line);
    if (slice_equals(line, "cancel")) {
        in->shared->cancelled = 1;
        sys_interrupt_raise();
        wake(in->shared);
        return 0;
    }
    if (line.len == 0 && in->text.len == 0)
        return 1;
    if (in->text.len + line.len >= TOKEN_TEXT_MAX_BYTES)
        return fail(in->shared, "a text", TOKEN_TEXT_MAX_BYTES);
    if (in->text.data == NULL)
        buf_reserve(&in->text, TOKEN_TEXT_MAX_BYTES);
    buf_append(&in->text, line.data, line.len);
    buf_putc(&in->text, '\n');
    return token_text_goes_on(buf_slice(&in->text)) || put_text(in);
}

/* Cut bytes into lines. The lock is held. Returns 0 when reading has to end. */
static int put_bytes(struct input *in, struct slice bytes)
{
    int go_on = !in->shared->closed;

    while (go_on && bytes.len > 0) {
        const char *end = memchr(bytes.data, '\n', bytes.len);
        size_t part = end != NULL ? (size_t)(end - bytes.data) : bytes.len;

        if (in->line.len + part > TOKEN_MAX_BYTES + TOKEN_EXTRA_BYTES)
            return fail(in->shared, "a line", TOKEN_MAX_BYTES);
        buf_append(&in->line, bytes.data, part);
        part += end != NULL;
        bytes.data += part;
        bytes.len -= part;
        if (end != NULL) {
            go_on = put_line(in);
            secret_wipe(&in->line);
        }
    }
    return go_on;
}

/* Thread: read standard input line by line to its end. */
static void read_input(void *arg)
{
    struct input in = {.shared = arg};
    struct shared *s = arg;
    struct buf chunk = {0};
    struct err ignored;
    int go_on = 1;

    buf_reserve(&in.line, TOKEN_MAX_BYTES + 2 * TOKEN_EXTRA_BYTES);
    buf_reserve(&chunk, TOKEN_READ_AHEAD);
    while (go_on) {
        long n = sys_read(0, chunk.data, chunk.cap, "standard input", &ignored);

        if (n <= 0)
            break;
        chunk.len = token_text_narrow(chunk.data, (size_t)n);
        sys_mutex_lock(s->lock);
        go_on = put_bytes(&in, buf_slice(&chunk));
        sys_mutex_unlock(s->lock);
        secret_wipe(&chunk);
    }
    sys_mutex_lock(s->lock);
    /* The last line may lack its end, and a text its last lines. */
    if (go_on && !s->closed && in.line.len > 0)
        go_on = put_line(&in);
    if (go_on && !s->closed && in.text.len > 0)
        (void)put_text(&in);
    secret_free(&in.line);
    secret_free(&in.text);
    secret_free(&chunk);
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

struct token_source *token_source_open(const struct token_source_config *c, struct err *e)
{
    struct token_source *s = mem_zalloc(1, sizeof(*s));
    struct shared *shared = mem_zalloc(1, sizeof(*shared));

    s->shared = shared;
    s->from_stdin = c->from_stdin;
    shared->owners = 1;
    shared->wake = c->wake;
    shared->arg = c->arg;
    shared->lock = sys_mutex_new();
    shared->changed = sys_cond_new();
    if (c->command != NULL)
        shared->command = mem_strdup(c->command);
    if (c->file != NULL)
        shared->file = mem_strdup(c->file);
    if (s->from_stdin && start(s, read_input, e) != 0) {
        shared_free(shared);
        free(s);
        return NULL;
    }
    return s;
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

/* Take the oldest text of standard input. The lock is held. */
static int take_next(struct shared *s, struct buf *out, struct err *e)
{
    struct buf *line = &s->texts[s->first];

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
    secret_free(out);
    *out = *line;
    memset(line, 0, sizeof(*line));
    s->first = (s->first + 1) % TOKEN_TEXTS_MAX;
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
    secret_free(out);
    *out = s->text;
    memset(&s->text, 0, sizeof(s->text));
    return 1;
}

int token_source_take(struct token_source *s, struct buf *out, struct err *e)
{
    int ret;

    sys_mutex_lock(s->shared->lock);
    ret = s->from_stdin ? take_next(s->shared, out, e) : take_text(s->shared, out, e);
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
