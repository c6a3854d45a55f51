/* What one file stands for: itself, the members of an archive, or no log at all. */
#include "base/mem.h"
#include "base/sys.h"
#include "export/manifest.h"
#include "read/bytes.h"
#include "read/event_splitter.h"
#include "read/file_kind.h"
#include "read/input_list.h"
#include "read/spool.h"
#include "read/unpack.h"
#include "read/wide.h"

#include <stdlib.h>
#include <string.h>

/* The first bytes of a plain file. Returns their number, or -1. */
static long first_bytes(const char *path, int inside, char *dst, size_t cap)
{
    struct err ignored;
    int fd = inside ? sys_open_inside(path, &ignored) : sys_open(path, SYS_READ, &ignored);
    long n = fd < 0 ? -1 : sys_read(fd, dst, cap, path, &ignored);

    if (fd >= 0)
        (void)sys_close(fd, path, &ignored);
    return n;
}

int input_is_passed_over(const char *name)
{
    static const char *const names[] = {"roleAssignments.ndjson.gz",
                                        MANIFEST_NAME,
                                        "SHA256SUMS",
                                        "desktop.ini",
                                        "Thumbs.db",
                                        ".DS_Store"};
    const char *slash = strrchr(name, '/'), *whole = name;
    size_t i;

    if (slash != NULL)
        name = slash + 1;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equals_nocase(slice_of(name), names[i]))
            return 1;
    }
    return strncmp(name, "._", 2) == 0 || strstr(whole, "__MACOSX/") == whole;
}

/* Whether the first bytes, unpacked where they were packed, may be those of a log. */
static int may_be_log(struct slice start, const char **what)
{
    struct wide ignored;
    size_t skip;

    *what = file_kind_of_bytes(start);
    return *what == NULL &&
           (wide_begins(&ignored, (const unsigned char *)start.data, start.len, &skip) ||
            splitter_may_read(start));
}

int input_is_log(const char *path, const char **what)
{
    char bytes[FILE_KIND_BYTES];
    long n = first_bytes(path, 1, bytes, sizeof(bytes));

    *what = NULL;
    if (n < 0)
        return 1; /* opening it again tells why it cannot be read */
    if (n >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0)
        return 1;
    if (zip_begins((const unsigned char *)bytes, (size_t)n))
        return 1;
    return may_be_log((struct slice){bytes, (size_t)n}, what);
}

/* Why a member of an archive cannot be read, or NULL. */
static const char *member_refused(const struct zip_member *m)
{
    if (m->encrypted)
        return "is encrypted: unpack the archive with its password first";
    if (m->method != 0 && m->method != 8)
        return "uses a compression method that is not supported (neither stored nor deflated): "
               "unpack the "
               "archive first";
    return NULL;
}

/* An archive whose members are added. */
struct archive {
    struct input *in;
    const char *path;
    int found;
    size_t wanted, unread; /* members that may be logs by their names; those that are none */
    struct buf names;      /* of those */
};

/* Whether a member is told as no log by its first bytes. One that is alone is always read. */
static int is_no_log(struct archive *a, const struct zip_member *m)
{
    char bytes[FILE_KIND_BYTES];
    struct err ignored = {0};
    struct unpack *u;
    const char *what;
    size_t n = 0, more = 1;
    int yes;

    if (a->wanted == 1)
        return 0;
    u = unpack_open_member(a->path, a->found, m, &ignored);
    while (u != NULL && more > 0 && sizeof(bytes) - n >= 16) {
        more = unpack_read(u, bytes + n, sizeof(bytes) - n);
        n += more;
    }
    unpack_close(u);
    yes = u != NULL && !may_be_log((struct slice){bytes, n}, &what) && what == NULL;
    if (yes && a->unread++ < INPUT_NAMES_MAX)
        buf_printf(&a->names, "%s%s", a->unread == 1 ? "" : ", ", m->name);
    return yes;
}

static void add_member(struct archive *a, const struct zip_member *m)
{
    const char *why = member_refused(m);
    struct input_file *f;
    size_t file;

    if (why == NULL && is_no_log(a, m))
        return;
    file = input_add_file(a->in, input_join(a->path, m->name), a->wanted > 1);
    f = &a->in->files[file];
    f->archive = mem_strdup(a->path);
    f->archive_found = a->found;
    f->member = mem_zalloc(1, sizeof(*f->member));
    *f->member = *m;
    f->member->name = NULL;
    (void)input_add_part(a->in, why != NULL ? INPUT_DAMAGE : INPUT_WHOLE, file, why);
}

/* What the members say about the archive as a whole, or NULL. */
static const char *refused(struct archive *a, const struct zip_member *members, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (strcmp(members[i].name, "[Content_Types].xml") == 0)
            return "an Excel workbook or another Office document: save the sheet as CSV UTF-8";
        a->wanted += !input_is_passed_over(members[i].name);
    }
    return a->wanted == 0 ? "a zip archive that holds no log" : NULL;
}

/* Add what a zip archive holds. */
static void add_archive(struct input *in, char *path, int found)
{
    struct archive a = {in, path, found, 0, 0, {0}};
    struct zip_member *members = NULL;
    struct err why = {0};
    int fd = bytes_spool();
    size_t n = 0, i;
    const char *text;

    if (strcmp(path, "-") != 0)
        fd = found ? sys_open_inside(path, &why) : sys_open(path, SYS_READ, &why);
    text =
        fd < 0 || zip_list(fd, path, &members, &n, &why) != 0 ? why.msg : refused(&a, members, n);
    if (strcmp(path, "-") != 0)
        (void)sys_close(fd, path, &(struct err){0});
    for (i = 0; text == NULL && i < n; i++) {
        if (!input_is_passed_over(members[i].name))
            add_member(&a, &members[i]);
    }
    zip_free(members, n);
    if (text == NULL && a.unread == a.wanted)
        text = "a zip archive that holds no log";
    if (text == NULL && a.unread > 0)
        text = input_unread_text(a.unread, &a.names);
    if (text != NULL)
        (void)input_add_part(in, a.unread > 0 && a.unread < a.wanted ? INPUT_WARNING : INPUT_DAMAGE,
                             input_add_file(in, path, found), text);
    else
        free(path);
    buf_free(&a.names);
}

/* The first bytes of what is named: standard input is kept where it is an archive. */
static long look_at(struct input *in, const char *path, int found, char start[BYTES_HEAD],
                    struct err *e)
{
    if (strcmp(path, "-") != 0)
        return sys_kind(path) == SYS_FILE ? first_bytes(path, found, start, BYTES_HEAD) : 0;
    if (bytes_spool() < 0 && spool_open(1, &in->spooled, e) != 0)
        return -1;
    return bytes_spool() < 0 ? 0 : sys_read_at(bytes_spool(), 0, start, BYTES_HEAD, path, e);
}

int input_add_log(struct input *in, char *path, int found, struct err *e)
{
    char start[BYTES_HEAD];
    long n = look_at(in, path, found, start, e);

    if (n < 0 && strcmp(path, "-") == 0) {
        free(path);
        return -1;
    }
    if (n > 0 && zip_begins((const unsigned char *)start, (size_t)n))
        add_archive(in, path, found);
    else
        (void)input_add_part(in, INPUT_WHOLE, input_add_file(in, path, found), NULL);
    return 0;
}
