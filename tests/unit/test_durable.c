/* What is made durable, and before what: the system's calls are recorded. */
#define _GNU_SOURCE
#include "storing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/sys.h"
#include "store/folder.h"
#include "store/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* "sync PATH", "rename TO", "remove PATH", in order, relative to the export. */
#define EVENTS_MAX 64
static char events[EVENTS_MAX][256];
static size_t nevents;
static char base[64];

static void note(const char *verb, const char *path)
{
    size_t n = strlen(base);

    if (strncmp(path, base, n) == 0)
        path += path[n] == '/' ? n + 1 : n;
    if (nevents < EVENTS_MAX)
        (void)snprintf(events[nevents++], sizeof(events[0]), "%s %s", verb, *path ? path : ".");
}

static void note_fd(int fd)
{
    char link[64], path[512];
    ssize_t n;

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);
    path[n < 0 ? 0 : n] = '\0';
    note("sync", path);
}

/* These stand in front of the system's own. */
int fsync(int fd)
{
    note_fd(fd);
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    note_fd(fd);
    return (int)syscall(SYS_fdatasync, fd);
}

/* The path of a name in an open folder. */
static const char *path_at(int folder, const char *name, char path[512])
{
    char link[64];
    ssize_t n;

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", folder);
    n = readlink(link, path, 511);
    path[n < 0 ? 0 : n] = '\0';
    (void)snprintf(path + strlen(path), 512 - strlen(path), "/%s", name);
    return path;
}

/* What somebody does beside the run once the file of this name was renamed to its place. */
static struct {
    const char *name; /* NULL: nothing */
    void (*fn)(void);
} meanwhile;

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    char path[512];
    int ret;

    note("rename", path_at(to_folder, to, path));
    ret = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    if (meanwhile.name != NULL && strcmp(to, meanwhile.name) == 0)
        meanwhile.fn();
    return ret;
}

int unlinkat(int folder, const char *name, int flags)
{
    char path[512];

    if (flags == 0)
        note("remove", path_at(folder, name, path));
    return (int)syscall(SYS_unlinkat, folder, name, flags);
}

/* How often an event is in [from, to). */
static int count(const char *event, size_t from, size_t to)
{
    int n = 0;
    size_t i;

    for (i = from; i < to; i++)
        n += strcmp(events[i], event) == 0;
    return n;
}

/* Where it is for the first time. */
static size_t find(const char *event)
{
    size_t i;

    for (i = 0; i < nevents; i++) {
        if (strcmp(events[i], event) == 0)
            return i;
    }
    fail_msg("not done: %s", event);
    return 0;
}

/* Every sync in [from, to) is one of these, and each of these is there once. */
static void assert_synced(const char *const *paths, size_t n, size_t from, size_t to)
{
    size_t i, all = 0;

    for (i = from; i < to; i++)
        all += strncmp(events[i], "sync ", 5) == 0;
    for (i = 0; i < n; i++) {
        char event[256];

        (void)snprintf(event, sizeof(event), "sync %s", paths[i]);
        if (count(event, from, to) != 1)
            fail_msg("%s: %d times", event, count(event, from, to));
    }
    assert_int_equal(all, n);
}

static void begin(struct journal *j)
{
    struct journal_query q = {.since = 10000000, .until = 20000000};
    enum journal_found found;
    struct err e;

    (void)snprintf(base, sizeof(base), "/tmp/azdal-durable-XXXXXX");
    assert_non_null(mkdtemp(base));
    q.endpoint = strdup("https://management.azure.com");
    q.scopes = calloc(1, sizeof(char *));
    q.scopes[q.nscopes++] = strdup("tenant");
    assert_int_equal(journal_open(j, base, 0, &found, &e), 0);
    assert_int_equal(journal_begin(j, &q, 0, &e), 0);
}

/* Leave nothing behind. */
static void end(struct journal *j)
{

    journal_close(j);
    assert_int_equal(files_delete(base), 0);
}

/* A file that is ready to be published, as export_publish leaves it. */
static struct journal_publish ready(const struct journal *j, const char *path)
{
    struct journal_publish p = {.path = (char *)(uintptr_t)path};
    char out[128], *full;
    struct err e;
    int fd;

    (void)snprintf(out, sizeof(out), "%s/.partial/out", j->dir);
    assert_int_equal(sys_mkdir_all(out, &e), 0);
    assert_int_equal(storing_make_above(out, path, &e), 0);
    full = folder_join(out, path);
    fd = sys_open(full, SYS_REPLACE, &e);
    assert_true(fd >= 0);
    assert_int_equal(sys_write(fd, path, strlen(path), full, &e), 0);
    assert_int_equal(sys_close(fd, full, &e), 0);
    assert_int_equal(files_hash(full, p.sha256, &e), 0);
    free(full);
    return p;
}

static void every_folder_of_a_file_is_synced_before_the_manifest(void **state)
{
    static const char *const paths[] = {"scope=tenant/date=2026-11-01/events.ndjson.gz",
                                        "scope=tenant/date=2026-11-02/events.ndjson.gz",
                                        "scope=mg-contoso/date=2026-11-02/events.ndjson.gz",
                                        "roleAssignments.ndjson.gz",
                                        "SHA256SUMS",
                                        "manifest.json"};
    static const char *const folders[] = {
        "scope=tenant",     "scope=tenant/date=2026-11-01",     "scope=tenant/date=2026-11-02",
        "scope=mg-contoso", "scope=mg-contoso/date=2026-11-02", "."};
    enum { N = sizeof(paths) / sizeof(paths[0]) };
    struct journal_publish files[N];
    size_t i, noted, last, manifest;
    struct journal j;
    struct err e;

    (void)state;
    begin(&j);
    for (i = 0; i < N; i++)
        files[i] = ready(&j, paths[i]);
    nevents = 0;
    assert_int_equal(journal_publish(&j, files, N, &e), 0);
    noted = find("sync .partial/journal");
    for (i = 0; i < 6; i++) {
        char event[256];

        (void)snprintf(event, sizeof(event), "sync .partial/out%s%s", i == 5 ? "" : "/",
                       i == 5 ? "" : folders[i]);
        if (count(event, 0, noted) != 1)
            fail_msg("%s: %d times before the record", event, count(event, 0, noted));
    }
    last = find("rename SHA256SUMS");
    manifest = find("rename manifest.json");
    assert_true(noted < find("rename scope=tenant/date=2026-11-01/events.ndjson.gz"));
    assert_true(last < manifest);
    assert_synced(folders, sizeof(folders) / sizeof(folders[0]), last, manifest);
    assert_synced(&folders[5], 1, manifest, nevents);
    end(&j);
}

static void folders_of_files_that_go_are_synced(void **state)
{
    static const char *const left[] = {".", "scope=tenant", "subscriptions"};
    struct manifest_file gone[] = {{.path = "scope=tenant/date=2026-11-01/events.ndjson.gz"},
                                   {.path = "scope=mg-contoso/date=2026-11-01/events.ndjson.gz"},
                                   {.path = "subscriptions/b.ndjson.gz"}};
    struct manifest_scope scope = {.files = gone, .nfiles = 3};
    struct journal_publish files[2];
    struct journal j;
    struct err e;
    size_t i;

    (void)state;
    begin(&j);
    for (i = 0; i < 3; i++) {
        char *full = folder_join(j.dir, gone[i].path);
        int fd;

        assert_int_equal(storing_make_above(j.dir, gone[i].path, &e), 0);
        fd = sys_open(full, SYS_REPLACE, &e);
        assert_true(fd >= 0);
        assert_int_equal(sys_close(fd, full, &e), 0);
        assert_int_equal(files_hash(full, gone[i].sha256, &e), 0);
        free(full);
    }
    files[0] = ready(&j, "subscriptions/a.ndjson.gz");
    files[1] = ready(&j, "manifest.json");
    j.base.scopes = &scope;
    j.base.nscopes = 1;
    /* Something else stays in one of the folders. */
    assert_int_equal(storing_make_above(j.dir, "scope=tenant/date=2026-11-02/x", &e), 0);
    nevents = 0;
    assert_int_equal(journal_publish(&j, files, 2, &e), 0);
    assert_synced(left, 3, find("remove subscriptions/b.ndjson.gz"), nevents);
    memset(&j.base, 0, sizeof(j.base));
    end(&j);
}

/* The full path of a name in the export. */
static const char *in_base(const char *name)
{
    static char path[512];

    (void)snprintf(path, sizeof(path), "%s/%s", base, name);
    return path;
}

static void nothing_happens(void)
{
}

static void take_sums_away(void)
{
    assert_int_equal(unlink(in_base(".partial/out/SHA256SUMS")), 0);
}

static void change_data(void)
{
    assert_int_equal(truncate(in_base("subscriptions/a.ndjson.gz"), 3), 0);
}

static void move_folder_away(void)
{
    char from[512];

    (void)snprintf(from, sizeof(from), "%s", in_base("subscriptions"));
    assert_int_equal(rename(from, in_base("away")), 0);
}

static void change_manifest(void)
{
    assert_int_equal(truncate(in_base("manifest.json"), 3), 0);
}

/* It is never said to be published when not all that the manifest names is there. */
static void what_changes_meanwhile_is_not_published(void **state)
{
    static const struct {
        const char *after;
        void (*fn)(void);
        int code;
        int manifest; /* it is in its place */
    } rows[] = {
        {"b.ndjson.gz", nothing_happens, ERR_NONE, 1},
        {"b.ndjson.gz", take_sums_away, ERR_LOCAL, 0},
        {"b.ndjson.gz", change_data, ERR_FOREIGN, 0},
        {"b.ndjson.gz", move_folder_away, ERR_LOCAL, 0},
        {"manifest.json", change_manifest, ERR_FOREIGN, 1},
    };
    static const char *const paths[] = {"subscriptions/a.ndjson.gz", "subscriptions/b.ndjson.gz",
                                        "SHA256SUMS", "manifest.json"};
    struct journal_publish files[4];
    struct journal j;
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = {0};

        begin(&j);
        for (k = 0; k < 4; k++)
            files[k] = ready(&j, paths[k]);
        meanwhile.name = rows[i].after;
        meanwhile.fn = rows[i].fn;
        (void)journal_publish(&j, files, 4, &e);
        meanwhile.name = NULL;
        if (e.code != rows[i].code)
            fail_msg("row %zu: code %d, %s", i, e.code, e.msg);
        assert_int_equal(sys_kind(in_base("manifest.json")),
                         rows[i].manifest ? SYS_FILE : SYS_MISSING);
        end(&j);
    }
}

static void a_new_segment_is_in_its_folder_before_the_journal_names_it(void **state)
{
    struct segment_window w = {.w = {.from = 10000000, .to = 20000000, .file = -1}};
    struct segment_result r = {.windows = &w, .nwindows = 1, .fd = -1};
    struct journal_scope *s;
    struct journal j;
    struct err e;
    size_t first;

    (void)state;
    begin(&j);
    s = journal_add_scope(&j, "tenant", "tenant", "scope=tenant");
    assert_non_null(s);
    buf_puts(&r.memory, "fragment");
    r.bytes = r.memory.len;
    nevents = 0;
    assert_int_equal(journal_add_windows(&j, s, &r, &(struct journal_answer){.asked_at = 1}, &e),
                     0);
    assert_int_equal(journal_commit(&j, &e), 0);
    assert_true(find("sync .partial/tenant.segment") < find("sync .partial/journal"));
    assert_true(find("sync .partial") < find("sync .partial/journal"));
    /* Once is enough. */
    first = nevents;
    assert_int_equal(journal_add_windows(&j, s, &r, &(struct journal_answer){.asked_at = 1}, &e),
                     0);
    assert_int_equal(journal_commit(&j, &e), 0);
    assert_int_equal(count("sync .partial/journal", first, nevents), 1);
    assert_int_equal(count("sync .partial", first, nevents), 0);
    buf_free(&r.memory);
    end(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_folder_of_a_file_is_synced_before_the_manifest),
        cmocka_unit_test(folders_of_files_that_go_are_synced),
        cmocka_unit_test(what_changes_meanwhile_is_not_published),
        cmocka_unit_test(a_new_segment_is_in_its_folder_before_the_journal_names_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
