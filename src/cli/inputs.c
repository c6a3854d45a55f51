#include "cli/inputs.h"

#include "base/sys.h"
#include "base/timestamp.h"
#include "detect/rules.h"

#include <string.h>

/* Read one bound. */
static int read_time(const char *name, const char *text, int64_t now, int64_t *ticks, struct err *e)
{
    *ticks = 0;
    if (text == NULL || timestamp_parse_when(text, now, ticks, NULL, e) == 0)
        return 0;
    return err_wrap(e, "option --%s", name);
}

int inputs_begin(struct inputs *x, const struct options *o, struct err *e)
{
    int64_t now = sys_now();

    memset(x, 0, sizeof(*x));
    x->operation = o->operation;
    x->caller = o->caller;
    if (read_time("since", o->since, now, &x->since, e) != 0 ||
        read_time("until", o->until, now, &x->until, e) != 0)
        return -1;
    if (o->since != NULL && o->until != NULL && x->since >= x->until)
        return err_set(e, ERR_USAGE, "--since %s: not before --until %s", o->since, o->until);
    x->progress = progress_new(PROGRESS_TEXT, 0, 0);
    return x->progress == NULL ? err_memory(e, "warnings") : 0;
}

void inputs_end(struct inputs *x)
{
    progress_free(x->progress);
    x->progress = NULL;
}

/* A path fit for a message. */
static const char *clean(const char *path, char *out, size_t cap)
{
    err_clean_text(out, cap, path, strlen(path));
    return out;
}

void inputs_damage(const struct input_file *f, uint64_t line, const char *why, void *arg)
{
    struct inputs *x = arg;
    char path[512];

    if (f != x->last) {
        x->last = f;
        x->told = 0;
        x->files++;
    }
    x->damage++;
    if (x->told++ >= INPUTS_WARNINGS_MAX)
        return;
    (void)clean(f->path, path, sizeof(path));
    if (line == 0)
        progress_warning(x->progress, "%s: %s", path, why);
    else
        progress_warning(x->progress, "%s:%llu: %s", path, (unsigned long long)line, why);
}

void inputs_warning(const struct input_file *f, const char *text, void *arg)
{
    struct inputs *x = arg;
    char path[512];

    progress_warning(x->progress, "%s: %s", clean(f->path, path, sizeof(path)), text);
}

void inputs_file_end(const struct reader_file *r, void *arg)
{
    struct inputs *x = arg;
    char path[512];

    x->events += r->events;
    x->unread += r->unread;
    (void)clean(r->file->path, path, sizeof(path));
    if (r->others > 0 && r->events == 0 && r->file->found && r->file->export_index < 0) {
        progress_warning(x->progress, "%s: holds no events: passed over", path);
    } else if (r->others > 0 && r->events == 0) {
        inputs_damage(r->file, r->first_other, "not an activity log: its objects are no events",
                      arg);
    } else if (r->others == 1) {
        inputs_damage(r->file, r->first_other, "an object that is no event", arg);
    } else if (r->others > 0) {
        struct buf b = {0};

        if (buf_printf(&b, "%llu objects are no events, the first of them here",
                       (unsigned long long)r->others) == 0)
            inputs_damage(r->file, r->first_other, b.data, arg);
        buf_free(&b);
    } else if (r->events == 0 && r->damage == 0 && r->file->export_index < 0) {
        progress_warning(x->progress, "%s: holds no events", path);
    }
    if (x->last == r->file && x->told > INPUTS_WARNINGS_MAX)
        progress_warning(x->progress, "%s: %llu more damaged places", path,
                         (unsigned long long)(x->told - INPUTS_WARNINGS_MAX));
}

int inputs_time_passes(const struct inputs *x, int64_t time)
{
    if (x->since == 0 && x->until == 0)
        return 1;
    return time != 0 && (x->since == 0 || time >= x->since) && (x->until == 0 || time < x->until);
}

int inputs_operation_passes(const struct inputs *x, struct slice operation)
{
    return x->operation == NULL || (operation.data != NULL && rules_match(x->operation, operation));
}

int inputs_caller_passes(const struct inputs *x, struct slice caller)
{
    return x->caller == NULL || (caller.data != NULL && slice_equals_nocase(caller, x->caller));
}

int inputs_result(const struct inputs *x, struct err *e)
{
    if (x->damage == 0)
        return 0;
    if (x->damage == x->unread)
        return err_set(e, ERR_LOCAL, "%llu input%s cannot be read; the rest was read",
                       (unsigned long long)x->unread, x->unread == 1 ? "" : "s");
    return err_set(e, ERR_UNTRUSTED,
                   "damaged input: %llu place%s in %llu file%s; the rest was read",
                   (unsigned long long)x->damage, x->damage == 1 ? "" : "s",
                   (unsigned long long)x->files, x->files == 1 ? "" : "s");
}
