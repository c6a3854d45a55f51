#include "cli/inputs.h"

#include "base/sys.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "detect/rules.h"

#include <stdio.h>
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
    return 0;
}

void inputs_end(struct inputs *x)
{
    progress_free(x->progress);
    x->progress = NULL;
}

/* Which log a category belongs to. */
static const char *log_of(const char *category)
{
    static const char *const entra[] = {"AuditLogs",
                                        "SignInLogs",
                                        "Provisioning",
                                        "NonInteractive",
                                        "ServicePrincipal",
                                        "ManagedIdentity",
                                        "ADFSSignIn",
                                        "Risky",
                                        "UserRisk",
                                        "MicrosoftGraph",
                                        "RoleManagement",
                                        "UserManagement",
                                        "GroupManagement",
                                        "ApplicationManagement",
                                        "DirectoryManagement",
                                        "AzureRBACRole"};
    size_t i;

    for (i = 0; i < sizeof(entra) / sizeof(entra[0]); i++) {
        if (text_starts_nocase(slice_of(category), entra[i]))
            return "an Entra ID log";
    }
    return "another Azure log";
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

void inputs_damaged_list(const char *path, const char *why, void *arg)
{
    struct inputs *x = arg;
    struct input_file f = {.path = (char *)(uintptr_t)path, .export_index = -1, .found = 1};

    inputs_damage(&f, 0, why, x);
    x->last = NULL;
}

/* "1 record", "2 records". */
static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* Tell of records that come from another log. */
static void tell_foreign(const struct reader_file *r, struct inputs *x)
{
    struct buf b = {0};
    size_t i;

    for (i = 0; r->foreign != NULL && r->foreign[i].n > 0; i++) {
        const struct reader_foreign *f = &r->foreign[i];

        buf_printf(&b, "%s%llu record%s of category %s", i == 0 ? "" : ", ",
                   (unsigned long long)f->n, plural(f->n), f->category);
    }
    if (b.len == 0)
        return;
    buf_printf(&b, ": %s, not an activity log", log_of(r->foreign[0].category));
    (void)buf_text(&b);
    /* Beside events they are what a feed of several logs has, or the rest of an audit log. */
    if (r->events > 0)
        inputs_warning(r->file, b.data, x);
    else
        inputs_damage(r->file, 0, b.data, x);
    buf_free(&b);
}

/* Tell of objects that are no events. */
static void tell_others(const struct reader_file *r, const char *path, struct inputs *x)
{
    struct buf b = {0};

    if (r->events == 0 && r->file->found && r->file->export_index < 0) {
        progress_warning(x->progress, "%s: holds no events: skipped", path);
    } else if (r->events == 0) {
        inputs_damage(r->file, r->first_other, "not an activity log: its objects are not events",
                      x);
    } else if (r->others == 1) {
        inputs_damage(r->file, r->first_other, "an object that is not an event", x);
    } else {
        buf_printf(&b, "%llu objects are not events, the first of them here",
                   (unsigned long long)r->others);
        inputs_damage(r->file, r->first_other, b.data, x);
    }
    buf_free(&b);
}

void inputs_file_end(const struct reader_file *r, void *arg)
{
    struct inputs *x = arg;
    char path[512];

    x->events += r->events;
    x->no_operation += r->no_operation;
    x->no_time += r->no_time;
    x->unread += r->unread;
    (void)clean(r->file->path, path, sizeof(path));
    tell_foreign(r, x);
    if (r->others > 0)
        tell_others(r, path, x);
    else if (r->events == 0 && r->damage == 0 && r->foreign == NULL && r->file->export_index < 0)
        progress_warning(x->progress, "%s: holds no events", path);
    if (x->last == r->file && x->told > INPUTS_WARNINGS_MAX)
        progress_warning(x->progress, "%s: %llu more damaged places", path,
                         (unsigned long long)(x->told - INPUTS_WARNINGS_MAX));
}

const char *inputs_unclear(const struct inputs *x, char *out, size_t cap)
{
    size_t n = 0;

    out[0] = '\0';
    if (x->no_operation > 0)
        n = (size_t)snprintf(out, cap, "; %llu event%s without an operation that can be read",
                             (unsigned long long)x->no_operation, plural(x->no_operation));
    if (x->no_time > 0 && n < cap)
        (void)snprintf(out + n, cap - n, "; %llu event%s without a time that can be read%s",
                       (unsigned long long)x->no_time, plural(x->no_time),
                       x->since != 0 || x->until != 0 ? ", kept whatever --since and --until say"
                                                      : "");
    return out;
}

int inputs_time_passes(const struct inputs *x, int64_t time)
{
    if (x->since == 0 && x->until == 0)
        return 1;
    /* an event without a time is kept: a window must not drop one without a word */
    return time == 0 || ((x->since == 0 || time >= x->since) && (x->until == 0 || time < x->until));
}

int inputs_operation_passes(const struct inputs *x, struct slice operation)
{
    return x->operation == NULL || (operation.data != NULL && rules_match(x->operation, operation));
}

int inputs_caller_passes(const struct inputs *x, struct slice caller)
{
    return x->caller == NULL || (caller.data != NULL && slice_equals_nocase(caller, x->caller));
}

void inputs_tell_unclear(const struct inputs *x)
{
    char text[256];

    if (inputs_unclear(x, text, sizeof(text))[0] != '\0')
        progress_warning(x->progress, "%s", text + 2);
}

/* Whether anything at all was read. */
static const char *rest(const struct inputs *x)
{
    return x->events > 0 ? "; the rest was read" : "; nothing was read";
}

int inputs_result(const struct inputs *x, struct err *e)
{
    if (x->damage == 0)
        return 0;
    if (x->damage == x->unread)
        return err_set(e, ERR_LOCAL, "%llu input%s cannot be read%s", (unsigned long long)x->unread,
                       plural(x->unread), rest(x));
    return err_set(e, ERR_UNTRUSTED, "damaged input: %llu place%s in %llu file%s%s",
                   (unsigned long long)x->damage, plural(x->damage), (unsigned long long)x->files,
                   plural(x->files), rest(x));
}
