#include "acquire/acquire.h"
#include "base/sys.h"
#include "cli/cmd.h"
#include "out/progress.h"

#include <stdio.h>
#include <string.h>

/* Waits, milliseconds, that the last line tells of. */
#define WAITED_TOLD_MS 1000

/* A state for progress from the run's counts. */
static struct progress_state state_of(const struct engine_counts *c)
{
    const struct progress_state s = {.events = c->events,
                                     .bytes = c->bytes,
                                     .requests = c->requests,
                                     .retries = c->retries,
                                     .reached = c->reached,
                                     .waited_ms = c->waited_ms,
                                     .share = c->share,
                                     .work = c->work,
                                     .scopes_done = c->scopes_done,
                                     .scopes = c->scopes};

    return s;
}

static void on_progress(void *arg, const struct engine_counts *c)
{
    const struct progress_state s = state_of(c);

    progress_update(arg, &s);
}

static void on_warning(void *arg, const char *text)
{
    progress_warning(arg, "%s", text);
}

static void on_note(void *arg, const char *text)
{
    progress_note(arg, "%s", text);
}

static void on_token_needed(void *arg, const char *reason)
{
    progress_token_needed(arg, reason);
}

/* Whole lines for standard output. */
static int on_write(void *arg, const void *data, size_t len, struct err *e)
{
    (void)arg;
    if (fwrite(data, 1, len, stdout) != len || fflush(stdout) != 0)
        return err_set(e, ERR_LOCAL, "standard output cannot be written");
    return 0;
}

/* How to tell what happens. */
static enum progress_style style_of(const struct options *o)
{
    if (o->progress == PROGRESS_JSON)
        return PROGRESS_OBJECTS;
    if (o->progress == PROGRESS_BAR ||
        (o->progress == PROGRESS_AUTO && !o->quiet && sys_is_terminal(2)))
        return PROGRESS_DRAWN;
    return PROGRESS_TEXT;
}

int cmd_acquire(const struct options *o, struct err *e)
{
    struct progress *p = progress_new(style_of(o), o->quiet, o->verbose);
    const struct acquire_wish w = {.dir = o->to_stdout ? NULL : o->paths[0],
                                   .since = o->since,
                                   .until = o->until,
                                   .scopes = o->scopes,
                                   .nscopes = o->nscopes,
                                   .cloud = o->cloud,
                                   .endpoint = o->endpoint,
                                   .audience = o->audience,
                                   .token_command = o->token_command,
                                   .token_file = o->token_file,
                                   .token_stdin = o->token_stdin,
                                   .cacert = o->cacert,
                                   .connections = (unsigned)o->connections,
                                   .level = (int)o->level,
                                   .split_day = o->split_day,
                                   .role_assignments = o->role_assignments,
                                   .strict = o->strict,
                                   .restart = o->restart,
                                   .newest = (uint64_t)o->newest,
                                   .arg = p,
                                   .progress = on_progress,
                                   .warning = on_warning,
                                   .note = on_note,
                                   .token_needed = on_token_needed,
                                   .write = on_write};
    struct acquire_outcome out;
    int ret;

    sys_interrupt_watch();
    ret = acquire_run(&w, &out, e);
    if (out.published) {
        struct progress_state s = state_of(&out.counts);
        char also[sizeof(out.unavailable) + 64];
        struct buf path = {0};

        (void)snprintf(also, sizeof(also), "%s", out.unavailable);
        if (s.waited_ms >= WAITED_TOLD_MS)
            (void)snprintf(also + strlen(also), sizeof(also) - strlen(also),
                           "%s%lld s spent waiting for the service", also[0] == '\0' ? "" : ", ",
                           (long long)(s.waited_ms / 1000));
        s.also = also;
        buf_printf(&path, "%s/manifest.json", o->paths[0]);
        progress_done(p, out.complete ? "COMPLETE" : "INCOMPLETE", &s, path.data,
                      out.manifest_sha256);
        buf_free(&path);
    }
    progress_free(p);
    return ret;
}
